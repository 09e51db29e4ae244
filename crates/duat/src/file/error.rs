//! Why a file could not be read or replaced.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

/// Why files could not be read, locked or replaced.
///
/// Whatever [`Locked::replace_all`](super::Locked::replace_all) reports, all files hold what they
/// held before, except after [`HalfDone`](FileError::HalfDone), which says what holds what.
#[derive(Debug, Error)]
pub enum FileError {
    /// No such file, or its directory is missing.
    #[error("`{}` does not exist", path.display())]
    NotFound {
        /// The file.
        path: PathBuf,
    },
    /// A file that was to be made is there already.
    #[error("`{}` exists already", path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// The file, its directory or its file system may not be written, or the file not be read.
    #[error("cannot {action} `{}`", path.display())]
    Permission {
        /// The file.
        path: PathBuf,
        /// What was being done to it.
        action: &'static str,
        /// What the system said.
        source: io::Error,
    },
    /// Someone who takes no lock changed the file after it was read.
    #[error("`{}` was changed by someone else since it was read", path.display())]
    Changed {
        /// The file.
        path: PathBuf,
    },
    /// The disk, a quota or a limit on the size of files leaves no room.
    #[error("no room to {action} `{}`", path.display())]
    NoSpace {
        /// The file.
        path: PathBuf,
        /// What was being done to it.
        action: &'static str,
        /// What the system said.
        source: io::Error,
    },
    /// A directory, pipe, socket or device.
    #[error("`{}` is {kind}, not a file", path.display())]
    NotRegular {
        /// The path.
        path: PathBuf,
        /// What it is.
        kind: &'static str,
    },
    /// Longer than any file that carries a version.
    #[error("`{}` is too large: {limit} bytes are the limit", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// The greatest length that is read.
        limit: u64,
    },
    /// Two edits that differ, of one file under two names.
    #[error("`{}` and `{}` are the same file, but are to hold different texts", first.display(), second.display())]
    SameFile {
        /// One name.
        first: PathBuf,
        /// The other.
        second: PathBuf,
    },
    /// An edit of a file that was not locked.
    #[error("`{}` is to be changed, but was not locked", path.display())]
    NotLocked {
        /// The file.
        path: PathBuf,
    },
    /// Something stands at a name that is needed beside the file, and no interrupted run leaves
    /// such a thing; or an interrupted run left it and the file was changed by someone else since.
    /// Look at it, then remove it.
    #[error("`{}` stands in the way of writing `{}`", obstacle.display(), path.display())]
    InTheWay {
        /// The file.
        path: PathBuf,
        /// What is in the way.
        obstacle: PathBuf,
    },
    /// Replacing failed, and so did undoing it.
    #[error("only a part was done, and it could not be undone: {}", Outcome { new, torn, old })]
    HalfDone {
        /// Files that hold the new content.
        new: Vec<Stranded>,
        /// Files written in place that may hold a part of either. The next
        /// [`lock`](super::lock) restores them.
        torn: Vec<Stranded>,
        /// Files that hold what they held before.
        old: Vec<PathBuf>,
        /// Why it was to be undone.
        #[source]
        cause: Box<FileError>,
    },
    /// Anything else the system has to say.
    #[error("cannot {action} `{}`", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What was being done to it.
        action: &'static str,
        /// What the system said.
        source: io::Error,
    },
}

/// A file that could not be given its old content back, and where that content lies until the next
/// [`lock`](super::lock).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stranded {
    /// The file.
    pub path: PathBuf,
    /// What keeps its old content.
    pub backup: PathBuf,
}

impl FileError {
    pub(super) fn new(action: &'static str, path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        match source.kind() {
            io::ErrorKind::NotFound => Self::NotFound { path },
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                Self::Permission {
                    path,
                    action,
                    source,
                }
            }
            io::ErrorKind::StorageFull
            | io::ErrorKind::QuotaExceeded
            | io::ErrorKind::FileTooLarge => Self::NoSpace {
                path,
                action,
                source,
            },
            _ => Self::Io {
                path,
                action,
                source,
            },
        }
    }
}

/// The words for what holds what.
struct Outcome<'a> {
    new: &'a [Stranded],
    torn: &'a [Stranded],
    old: &'a [PathBuf],
}

impl fmt::Display for Outcome<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        for (files, state) in [(self.new, "new"), (self.torn, "incomplete")] {
            for Stranded { path, backup } in files {
                let (path, backup) = (path.display(), backup.display());
                write!(
                    formatter,
                    "{separator}`{path}` is {state} (its old text is in `{backup}`)"
                )?;
                separator = ", ";
            }
        }
        for path in self.old {
            write!(formatter, "{separator}`{}` is unchanged", path.display())?;
            separator = ", ";
        }
        Ok(())
    }
}
