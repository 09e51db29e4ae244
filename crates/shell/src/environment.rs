//! The one room that reads the environment.

use std::ffi::OsString;
use std::path::{Component, Path, PathBuf};

use duat::git::{BranchHint, HintRank, Location};
use duat::order;

use crate::ci::{self, Build};
use crate::exit::Code;
use crate::failure::Failure;

/// Returns a variable's text; nothing where it is unset, empty or not UTF-8.
pub fn text(name: &str) -> Option<String> {
    raw(name).and_then(|value| value.into_string().ok())
}

/// Tells whether there is a variable whose name begins so.
#[expect(clippy::disallowed_methods, reason = "this is the room the rule names")]
pub(crate) fn has_any(prefix: &str) -> bool {
    let prefix = prefix.as_bytes();
    std::env::vars_os().any(|(name, _)| name.as_encoded_bytes().starts_with(prefix))
}

/// Returns a variable as a path; nothing where it is unset or empty.
pub fn path(name: &str) -> Option<PathBuf> {
    raw(name).map(PathBuf::from)
}

/// Returns a variable as a list of paths, separated as `PATH` is.
pub fn paths(name: &str) -> Vec<PathBuf> {
    raw(name).map_or_else(Vec::new, |value| std::env::split_paths(&value).collect())
}

/// Tells whether a variable is set, but to nothing.
pub(crate) fn is_empty(name: &str) -> bool {
    #[expect(clippy::disallowed_methods, reason = "this is the room the rule names")]
    std::env::var_os(name).is_some_and(|value| value.is_empty())
}

/// Returns where to look for the repository: from `directory`, or from the current one.
///
/// `GIT_DIR`, `GIT_WORK_TREE` and `GIT_CEILING_DIRECTORIES` count as they do for git, but not where
/// a directory was named.
pub fn location(directory: Option<&Path>) -> Result<Location, Failure> {
    let current = current_directory()?;
    Ok(match directory {
        Some(directory) => Location::new(current.join(directory)),
        None => Location {
            git_dir: path("GIT_DIR"),
            work_tree: path("GIT_WORK_TREE"),
            ceilings: paths("GIT_CEILING_DIRECTORIES"),
            ..Location::new(current)
        },
    })
}

/// Returns a variable's text as it is, empty or not; nothing where it is unset or not UTF-8.
#[expect(clippy::disallowed_methods, reason = "this is the room the rule names")]
pub fn given(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// Returns all variables that are UTF-8, sorted.
#[expect(clippy::disallowed_methods, reason = "this is the room the rule names")]
pub fn all() -> Vec<(String, String)> {
    let text = |(name, value): (OsString, OsString)| {
        Some((name.into_string().ok()?, value.into_string().ok()?))
    };
    let mut variables: Vec<_> = std::env::vars_os().filter_map(text).collect();
    order::sort(&mut variables);
    variables
}

/// Who runs this.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// The number of the user; 0 where there are none.
    pub id: u32,
    /// The number of the user's group.
    pub group: u32,
    /// The name, as the system's list of users has it, or the environment.
    pub name: String,
}

/// Returns who runs this.
pub fn user() -> User {
    let (id, group) = user_numbers();
    let listed = duat::file::read("/etc/passwd").ok().and_then(|users| {
        let users = String::from_utf8_lossy(&users).into_owned();
        users.lines().find_map(|line| {
            let mut fields = line.split(':');
            let name = fields.next()?;
            (fields.nth(1)?.parse() == Ok(id)).then(|| name.to_owned())
        })
    });
    let name = listed.or_else(|| ["USER", "LOGNAME", "USERNAME"].into_iter().find_map(text));
    User {
        id,
        group,
        name: name.unwrap_or_default(),
    }
}

#[cfg(unix)]
fn user_numbers() -> (u32, u32) {
    (
        rustix::process::getuid().as_raw(),
        rustix::process::getgid().as_raw(),
    )
}

#[cfg(not(unix))]
fn user_numbers() -> (u32, u32) {
    (0, 0)
}

/// Fills `bytes` with random ones of the system.
pub fn random(bytes: &mut [u8]) -> Result<(), Failure> {
    getrandom::fill(bytes).map_err(|error| {
        Failure::new(Code::Failed, "failed to draw random bytes").caused_by(&error)
    })
}

/// Fails where too few files can be open at once to speak to the network. What does that would not
/// fail but end this process, where it cannot open what it waits with.
pub fn expect_descriptors() -> Result<(), Failure> {
    const PIPES: usize = 8;
    let pipes: Result<Vec<_>, _> = (0..PIPES).map(|_| std::io::pipe()).collect();
    pipes.map(drop).map_err(|error| {
        Failure::new(Code::Failed, "failed to prepare for the network")
            .caused_by(&error)
            .hint("`ulimit -n 256` allows more open files.")
    })
}

/// Returns what the CI service says of this job; nothing outside of one that is known.
pub fn build() -> Option<Build> {
    ci::detect(text)
}

/// Returns the branch that the user, or else the CI service, names.
pub fn branch_hint(named: Option<&str>) -> Option<BranchHint> {
    if let Some(branch) = named {
        return Some(BranchHint {
            branch: branch.into(),
            source: "`--branch`".to_owned(),
            rank: HintRank::OverHead,
        });
    }
    let branch = build()?.branch?;
    Some(BranchHint {
        branch: branch.value.as_str().into(),
        source: format!("`{}`", branch.variable),
        rank: HintRank::WhenDetached,
    })
}

/// Returns `path` as it is said shortest: seen from the current directory where it lies below or
/// not far above, else as it is.
pub fn shortest(path: &Path) -> PathBuf {
    let Ok(current) = current_directory() else {
        return path.to_owned();
    };
    let mut up = PathBuf::new();
    for ancestor in current.ancestors() {
        if let Ok(below) = path.strip_prefix(ancestor)
            && ancestor.parent().is_some()
        {
            return if below.as_os_str().is_empty() && up.as_os_str().is_empty() {
                PathBuf::from(".")
            } else {
                up.join(below)
            };
        }
        up.push(Component::ParentDir);
    }
    path.to_owned()
}

/// Returns `path` seen from the current directory, not looking at links.
pub fn absolute(path: &Path) -> Result<PathBuf, Failure> {
    Ok(current_directory()?.join(path).components().collect())
}

/// Returns the directory that relative paths are seen from.
fn current_directory() -> Result<PathBuf, Failure> {
    std::env::current_dir().map_err(|error| {
        Failure::new(Code::NotFound, "failed to find the current directory").caused_by(&error)
    })
}

#[expect(clippy::disallowed_methods, reason = "this is the room the rule names")]
fn raw(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}
