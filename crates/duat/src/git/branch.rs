//! Which branch the work is on, and how that was decided.

use std::collections::BTreeMap;
use std::fmt;

use super::head::HeadTarget;
use super::references::Reference;
use super::{GitError, Hash, Repository, settings};

/// A branch's name: bytes, as git stores it. Displays with a replacement character for what is not
/// UTF-8.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BranchName(Vec<u8>);

impl BranchName {
    /// Returns the bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl From<Vec<u8>> for BranchName {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

impl From<&str> for BranchName {
    fn from(name: &str) -> Self {
        Self(name.as_bytes().to_vec())
    }
}

impl fmt::Display for BranchName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(&String::from_utf8_lossy(&self.0))
    }
}

impl fmt::Debug for BranchName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:?}", self.to_string())
    }
}

impl serde::Serialize for BranchName {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A branch that somebody outside the repository names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BranchHint {
    /// The name; an empty one is no hint.
    pub branch: BranchName,
    /// Who says so, as the user knows it: `--branch`, `GITHUB_HEAD_REF`.
    pub source: String,
    /// Against what it counts.
    pub rank: HintRank,
}

/// Against what a hint counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HintRank {
    /// It wins over `HEAD`: the user said so.
    OverHead,
    /// It counts when `HEAD` is detached: a CI service says so.
    WhenDetached,
}

/// A branch and how it was decided. Displays both.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Branch {
    /// Its name; never empty.
    pub name: BranchName,
    /// Who named it.
    pub source: BranchSource,
    /// The commit that `HEAD` is detached at, if it is.
    pub detached_at: Option<Hash>,
}

/// Who named the branch.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum BranchSource {
    /// `HEAD` is on it.
    Head,
    /// A [`BranchHint`] from this source.
    Hint(String),
    /// It is the only remote branch at `HEAD`: `origin/main`.
    Remote(String),
}

impl fmt::Display for Branch {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "`{}` (", self.name)?;
        match &self.source {
            BranchSource::Head => formatter.write_str("`HEAD` is on it")?,
            BranchSource::Hint(source) => write!(formatter, "from {source}")?,
            BranchSource::Remote(remote) => write!(formatter, "only `{remote}` stands here")?,
        }
        if let Some(hash) = &self.detached_at {
            write!(formatter, "; `HEAD` is detached at {}", hash.short())?;
        }
        formatter.write_str(")")
    }
}

impl Repository {
    /// Decides the branch: a hint that wins over `HEAD`, then `HEAD`, then the other hint, then the
    /// only remote branch that stands at `HEAD`. None of them is an error, never an empty name.
    ///
    /// On a branch this reads the one file `HEAD`; it need not have a commit yet.
    pub fn branch(&self, hint: Option<&BranchHint>) -> Result<Branch, GitError> {
        let hint = hint.filter(|hint| !hint.branch.as_bytes().is_empty());
        let target = self.head_target()?;
        let detached_at = match &target {
            HeadTarget::Commit(hash) => Some(*hash),
            HeadTarget::Reference(_) => None,
        };
        let on = target.branch().filter(|name| !name.as_bytes().is_empty());
        let (name, source) = match (hint, on) {
            (Some(hint), None) => (hint.branch.clone(), BranchSource::Hint(hint.source.clone())),
            (Some(hint), Some(_)) if hint.rank == HintRank::OverHead => {
                (hint.branch.clone(), BranchSource::Hint(hint.source.clone()))
            }
            (_, Some(name)) => (name, BranchSource::Head),
            (None, None) => self.remote_branch(&target)?,
        };
        Ok(Branch {
            name,
            source,
            detached_at,
        })
    }

    /// Returns the only branch name that remotes have at `HEAD`.
    fn remote_branch(&self, target: &HeadTarget) -> Result<(BranchName, BranchSource), GitError> {
        let head = match target {
            HeadTarget::Commit(hash) => Some(*hash),
            HeadTarget::Reference(name) => self.resolve(name)?,
        };
        let mut found = BTreeMap::new();
        if let Some(head) = &head {
            let references = self.references("refs/remotes/")?;
            // only what a remote fetched: CI services put pull requests below `refs/remotes/pull`
            for remote in settings::remotes(&self.common_dir)? {
                let prefix = format!("{}{}/", references.folder, remote.name);
                for reference in references.within(prefix.as_bytes()) {
                    let Some(branch) = reference.name().strip_prefix(prefix.as_bytes()) else {
                        continue;
                    };
                    if branch != b"HEAD" && self.points_at(&reference, head)? {
                        let name = BranchName(branch.to_vec());
                        let full = format!("{}/{name}", remote.name);
                        found.entry(name).or_insert(full);
                    }
                }
            }
        }
        let several = found.len() > 1;
        match found.pop_first() {
            Some((name, full)) if !several => Ok((name, BranchSource::Remote(full))),
            first => Err(GitError::NoBranch {
                head,
                candidates: first
                    .into_iter()
                    .map(|(_, full)| full)
                    .chain(found.into_values())
                    .collect(),
            }),
        }
    }

    fn points_at(&self, reference: &Reference<'_>, head: &Hash) -> Result<bool, GitError> {
        Ok(match reference {
            Reference::Packed(line) => Hash::from_hex(line.target).as_ref() == Some(head),
            Reference::Loose(name) => self.resolve(name)?.as_ref() == Some(head),
        })
    }
}
