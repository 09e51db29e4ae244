//! What can go wrong at this door, one variant for each cause that a caller treats differently.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

use super::Hash;

/// Why a repository could not be read.
#[derive(Debug, Error)]
pub enum GitError {
    /// No directory from `start` upwards holds a repository.
    #[error("`{}` is not inside a git repository", start.display())]
    NotARepository {
        /// Where the search began.
        start: PathBuf,
    },
    /// A directory was named as the git directory, and is not one.
    #[error("`{}` is not a git directory", path.display())]
    NotAGitDirectory {
        /// What was named, by an argument or by a `.git` file.
        path: PathBuf,
    },
    /// The system refused to read a file or directory.
    #[error("failed to read `{}`", path.display())]
    Unreadable {
        /// The file or directory.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file of the repository does not hold what git writes there.
    #[error("`{}` is malformed: {what}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
    /// The object database of libgit2 failed.
    #[error("failed to read the objects in `{}`", path.display())]
    Database {
        /// The `objects` directory.
        path: PathBuf,
        /// What libgit2 says.
        source: git2::Error,
    },
    /// An object that is needed is not there, as happens in partial clones.
    #[error("object `{hash}` is missing from the repository")]
    MissingObject {
        /// Its name.
        hash: Hash,
    },
    /// An object does not hold what its place asks for.
    #[error("object `{hash}` is malformed: {what}")]
    MalformedObject {
        /// Its name.
        hash: Hash,
        /// What is wrong with it.
        what: &'static str,
    },
    /// `HEAD` names no branch, nobody named one, and no single remote branch stands there.
    #[error("{}", no_branch(head.as_ref(), candidates))]
    NoBranch {
        /// The commit that `HEAD` is detached at.
        head: Option<Hash>,
        /// The remote branches that stand there, when there are several.
        candidates: Vec<String>,
    },
    /// The clone is shallow, and the answer lies behind the cut.
    #[error("the clone is shallow: {question} cannot be known from the commits it has")]
    Shallow {
        /// What was asked.
        question: &'static str,
    },
    /// A storage format that neither this library nor the `git` program is known to read.
    #[error("`{}` asks for {what}, which is not supported", path.display())]
    UnsupportedFormat {
        /// The configuration file that says so.
        path: PathBuf,
        /// The extension and its value.
        what: String,
    },
    /// The `git` program is needed, and cannot be started.
    #[error("the repository uses {need}: `{}` could not be started", program.display())]
    ProgramMissing {
        /// The program.
        program: PathBuf,
        /// What only the program reads.
        need: Need,
        /// Why it could not be started.
        source: io::Error,
    },
    /// The `git` program is needed, and refused.
    #[error("the repository uses {need}: `git {question}` failed: {detail}")]
    ProgramFailed {
        /// The program.
        program: PathBuf,
        /// What only the program reads.
        need: Need,
        /// The command that it was given.
        question: String,
        /// Its own words, or how it ended.
        detail: String,
    },
}

/// What makes the `git` program necessary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// References in the reftable format.
    Reftable,
    /// Objects named by SHA-256.
    Sha256,
    /// A path that libgit2 cannot be given because it is not UTF-8.
    Path,
}

impl std::fmt::Display for Need {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Reftable => {
                "reftable references, which only the `git` program (2.45 or newer) reads"
            }
            Self::Sha256 => "SHA-256 objects, which only the `git` program (2.29 or newer) reads",
            Self::Path => "a path that is not UTF-8, which only the `git` program reads",
        })
    }
}

fn no_branch(head: Option<&Hash>, candidates: &[String]) -> String {
    let place = head.map_or_else(
        || "`HEAD` is not on a branch".to_owned(),
        |hash| format!("`HEAD` is detached at `{}`", hash.short()),
    );
    if candidates.is_empty() {
        format!("there is no branch: {place}")
    } else {
        let names: Vec<_> = candidates.iter().map(|name| format!("`{name}`")).collect();
        format!(
            "there is no single branch: {place}, where {} stand",
            names.join(" and ")
        )
    }
}
