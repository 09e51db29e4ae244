//! What a commit's message says about the next version: the header, the `!` and the footers of
//! [Conventional Commits 1.0.0](https://www.conventionalcommits.org/en/v1.0.0/).

use serde::Serialize;

use crate::version::{Overflow, Version};

/// How far a change moves the version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// A fix.
    Patch,
    /// A feature.
    Minor,
    /// A change that breaks those who rely on it.
    Major,
}

/// What a breaking change moves while the major version is 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum InitialDevelopment {
    /// The minor version, so that a project leaves 0 only on purpose. A feature moves it, too.
    #[default]
    StaysZero,
    /// The major version, as everywhere else.
    Ends,
}

/// What one line of a message announces: `type(scope)!: description`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The type, in lower case: types are compared without case.
    pub kind: String,
    /// What is in the parentheses.
    pub scope: Option<String>,
    /// Whether a `!` or a footer says that it breaks something.
    pub breaking: bool,
    /// What follows the colon, up to the end of the line.
    pub description: String,
}

/// A commit that moves the version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Its place in the list that was given.
    pub index: usize,
    /// How far.
    pub level: Level,
    /// The first line of its message.
    pub subject: String,
}

impl Level {
    /// Returns the version that this level leads to from `version`.
    pub fn apply(
        self,
        version: &Version,
        initial: InitialDevelopment,
    ) -> Result<Version, Overflow> {
        match self {
            Self::Major if version.major() == 0 && initial == InitialDevelopment::StaysZero => {
                version.bump_minor()
            }
            Self::Major => version.bump_major(),
            Self::Minor => version.bump_minor(),
            Self::Patch => version.bump_patch(),
        }
    }
}

impl Change {
    /// Reads a line. One that is not of the form is no change.
    ///
    /// The type is one word, the scope is not empty, and a colon and a blank stand before the
    /// description: `defeat: x` has another type than `feat: x`, and `revert: feat: x` the type
    /// `revert`.
    pub fn parse(line: &str) -> Option<Self> {
        let (head, description) = line.split_once(':')?;
        if !description.starts_with([' ', '\t']) || description.trim().is_empty() {
            return None;
        }
        let (head, breaking) = match head.strip_suffix('!') {
            Some(head) => (head, true),
            None => (head, false),
        };
        let (kind, scope) = match head.strip_suffix(')') {
            Some(head) => {
                let (kind, scope) = head.split_once('(')?;
                (kind, Some(scope))
            }
            None => (head, None),
        };
        let word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        if kind.is_empty() || !kind.bytes().all(word) {
            return None;
        }
        if scope.is_some_and(|scope| scope.trim().is_empty() || scope.contains(['(', ')'])) {
            return None;
        }
        Some(Self {
            kind: kind.to_ascii_lowercase(),
            scope: scope.map(|scope| scope.trim().to_owned()),
            breaking,
            description: description.trim().to_owned(),
        })
    }

    /// Returns how far this moves the version: breaking changes of any type, `feat`, then `fix` and
    /// `perf`. Other types do not move it.
    pub fn level(&self) -> Option<Level> {
        match self.kind.as_str() {
            _ if self.breaking => Some(Level::Major),
            "feat" => Some(Level::Minor),
            "fix" | "perf" => Some(Level::Patch),
            _ => None,
        }
    }
}

/// Returns how far one message moves the version.
///
/// Counted are its subject, the lines of its body that begin with `* ` (GitHub lists the commits of
/// a squashed pull request so), and a `BREAKING CHANGE:` or `BREAKING-CHANGE:` at the beginning of
/// a line, whatever the subject looks like. The subject of a merge (`Merge branch …`) and the
/// message of a revert are not: what they bring or take away is in other commits.
pub fn level(message: &str) -> Option<Level> {
    let mut lines = message.lines();
    let subject = lines.next().unwrap_or_default();
    if is_revert(subject) || subject.starts_with("Merge ") {
        return None;
    }
    let listed = message
        .lines()
        .skip(1)
        .filter_map(|line| line.strip_prefix("* "));
    let announced = std::iter::once(subject)
        .chain(listed)
        .filter_map(|line| Change::parse(line)?.level());
    announced.chain(lines.filter_map(breaking_footer)).max()
}

/// Returns the commits that move the version, of messages given newest first with their hashes.
///
/// A revert as git writes it (`This reverts commit HASH`) takes the commit it names out, if that is
/// among those given, and counts for nothing itself; a revert that is reverted in turn takes
/// nothing out. A revert of a commit that is not among those given moves the version like a fix:
/// what it takes back was released.
pub fn findings<'a>(commits: impl IntoIterator<Item = (&'a str, &'a str)>) -> Vec<Finding> {
    let commits: Vec<_> = commits.into_iter().collect();
    let mut reverted: Vec<&str> = Vec::new();
    let mut findings = Vec::new();
    for (index, (hash, message)) in commits.iter().enumerate() {
        if reverted.iter().any(|prefix| hash.starts_with(prefix)) {
            continue;
        }
        let subject = message.lines().next().unwrap_or_default();
        let named = reverted_hashes(message);
        let level = if named.is_empty() {
            level(message)
        } else {
            let released = named
                .iter()
                .any(|named| !commits.iter().any(|(hash, _)| hash.starts_with(named)));
            reverted.extend(named);
            released.then_some(Level::Patch)
        };
        if let Some(level) = level {
            findings.push(Finding {
                index,
                level,
                subject: subject.to_owned(),
            });
        }
    }
    findings
}

/// Tells whether the subject is git's own (`Revert "…"`, `Reapply "…"`) or of the type `revert`.
fn is_revert(subject: &str) -> bool {
    subject.starts_with("Revert \"")
        || subject.starts_with("Reapply \"")
        || Change::parse(subject).is_some_and(|change| change.kind == "revert")
}

/// Returns the hashes, whole or cut, that a revert's message names.
fn reverted_hashes(message: &str) -> Vec<&str> {
    const SHORTEST: usize = 7;
    if !is_revert(message.lines().next().unwrap_or_default()) {
        return Vec::new();
    }
    message
        .split("This reverts commit ")
        .skip(1)
        .filter_map(|rest| {
            let end = rest
                .find(|next: char| !next.is_ascii_hexdigit())
                .unwrap_or(rest.len());
            rest.get(..end).filter(|hash| hash.len() >= SHORTEST)
        })
        .collect()
}

/// Reads a footer that announces a breaking change; upper case only, as clause 15 asks.
fn breaking_footer(line: &str) -> Option<Level> {
    let rest = line
        .strip_prefix("BREAKING CHANGE")
        .or_else(|| line.strip_prefix("BREAKING-CHANGE"))?;
    (rest.starts_with(": ") || rest.starts_with(" #") || rest == ":").then_some(Level::Major)
}

#[cfg(test)]
mod tests;
