//! Where a repository's parts are, found by looking at files as
//! [gitrepository-layout](https://git-scm.com/docs/gitrepository-layout) describes them.

use std::fs::{self, FileType};
use std::io;
use std::path::{Path, PathBuf};

use super::{GitError, Location, settings};

/// The directories of one repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Layout {
    pub(super) root: Option<PathBuf>,
    /// `HEAD` and what else belongs to one work tree.
    pub(super) git_dir: PathBuf,
    /// References, objects and configuration; the git directory of the main work tree.
    pub(super) common_dir: PathBuf,
}

impl Layout {
    pub(super) fn find(location: &Location) -> Result<Self, GitError> {
        let start = absolute(&location.start)?;
        let mut layout = match &location.git_dir {
            Some(named) => Self::named(&start.join(named))?,
            None => Self::search(&start, &location.ceilings)?,
        };
        if let Some(work_tree) = &location.work_tree {
            layout.root = Some(absolute(&start.join(work_tree))?);
        } else if location.git_dir.is_some() {
            layout.root = settings::work_tree(&layout.git_dir, &layout.common_dir, start)?;
        }
        Ok(layout)
    }

    fn named(path: &Path) -> Result<Self, GitError> {
        let git_dir = if path.is_file() {
            follow(path)?
        } else {
            path.to_owned()
        };
        let common_dir = common_dir(&git_dir)?.ok_or(GitError::NotAGitDirectory {
            path: path.to_owned(),
        })?;
        Ok(Self {
            root: None,
            git_dir,
            common_dir,
        })
    }

    fn search(start: &Path, ceilings: &[PathBuf]) -> Result<Self, GitError> {
        let ceilings: Vec<_> = ceilings
            .iter()
            .filter(|ceiling| !ceiling.as_os_str().is_empty())
            .filter_map(|ceiling| absolute(ceiling).ok())
            .collect();
        for directory in start.ancestors() {
            // as with git, a ceiling hides itself and what is above, but never the start
            if directory != start && ceilings.iter().any(|ceiling| ceiling == directory) {
                break;
            }
            if let Some(layout) = Self::at(directory)? {
                return Ok(layout);
            }
        }
        Err(GitError::NotARepository {
            start: start.to_owned(),
        })
    }

    fn at(directory: &Path) -> Result<Option<Self>, GitError> {
        let dot_git = directory.join(".git");
        let kind = fs::metadata(&dot_git).map(|metadata| metadata.file_type());
        let root = Some(directory.to_owned());
        if kind.as_ref().is_ok_and(FileType::is_file) {
            return Self::of(root, follow(&dot_git)?);
        }
        if kind.as_ref().is_ok_and(FileType::is_dir)
            && let Some(layout) = Self::of(root, dot_git)?
        {
            return Ok(Some(layout));
        }
        Self::of(None, directory.to_owned())
    }

    /// Returns the layout with this git directory, or nothing if it is none.
    fn of(root: Option<PathBuf>, git_dir: PathBuf) -> Result<Option<Self>, GitError> {
        Ok(common_dir(&git_dir)?.map(|common_dir| Self {
            root,
            git_dir,
            common_dir,
        }))
    }
}

/// Returns the directory that a `.git` file names.
fn follow(file: &Path) -> Result<PathBuf, GitError> {
    let malformed = |what: &str| GitError::Malformed {
        path: file.to_owned(),
        what: what.to_owned(),
    };
    let text = read(file)?.unwrap_or_default();
    let named = text
        .strip_prefix(b"gitdir:")
        .ok_or_else(|| malformed("it does not begin with `gitdir:`"))?;
    let named =
        path_from_bytes(named.trim_ascii()).ok_or_else(|| malformed("the path is not text"))?;
    let path = file.parent().unwrap_or(file).join(named);
    if common_dir(&path)?.is_some() {
        absolute(&path)
    } else {
        Err(GitError::NotAGitDirectory { path })
    }
}

/// Returns where references and objects of this git directory are, or nothing if it is none.
fn common_dir(git_dir: &Path) -> Result<Option<PathBuf>, GitError> {
    // a symbolic link is how `HEAD` named a branch at first, and the branch may not exist yet
    if fs::symlink_metadata(git_dir.join("HEAD")).is_err() {
        return Ok(None);
    }
    let common_dir = match read(&git_dir.join("commondir"))? {
        Some(text) => match path_from_bytes(text.trim_ascii()) {
            Some(named) => absolute(&git_dir.join(named))?,
            None => return Ok(None),
        },
        None => git_dir.to_owned(),
    };
    let whole = common_dir.join("objects").is_dir() && common_dir.join("refs").is_dir();
    Ok(whole.then_some(common_dir))
}

/// Returns the path from the file system's root, without symbolic links and `..`.
pub(super) fn absolute(path: &Path) -> Result<PathBuf, GitError> {
    // a canonical path on Windows has a prefix that other programs do not read
    if cfg!(windows) {
        std::path::absolute(path)
    } else {
        fs::canonicalize(path)
    }
    .map_err(|source| GitError::Unreadable {
        path: path.to_owned(),
        source,
    })
}

/// Returns the file's bytes, or nothing if there is no such file. What is no file, and could keep a
/// reader waiting or give bytes without end, is not opened.
pub(super) fn read(path: &Path) -> Result<Option<Vec<u8>>, GitError> {
    let bytes = fs::metadata(path).and_then(|metadata| {
        if metadata.is_file() {
            fs::read(path)
        } else if metadata.is_dir() {
            Err(io::ErrorKind::IsADirectory.into())
        } else {
            Err(io::Error::other(
                "it is a pipe, socket or device, not a file",
            ))
        }
    });
    match bytes {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if is_absent(&error) => Ok(None),
        Err(source) => Err(GitError::Unreadable {
            path: path.to_owned(),
            source,
        }),
    }
}

/// Tells whether the error means that nothing of the wanted kind is there.
pub(super) fn is_absent(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory | io::ErrorKind::IsADirectory
    )
}

#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere bytes may be no path")]
pub(super) fn path_from_bytes(bytes: &[u8]) -> Option<PathBuf> {
    use std::os::unix::ffi::OsStrExt;
    Some(PathBuf::from(std::ffi::OsStr::from_bytes(bytes)))
}

#[cfg(not(unix))]
pub(super) fn path_from_bytes(bytes: &[u8]) -> Option<PathBuf> {
    str::from_utf8(bytes).ok().map(PathBuf::from)
}

#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere bytes may be no path")]
pub(super) fn bytes_from_name(name: &std::ffi::OsStr) -> Option<&[u8]> {
    use std::os::unix::ffi::OsStrExt;
    Some(name.as_bytes())
}

#[cfg(not(unix))]
pub(super) fn bytes_from_name(name: &std::ffi::OsStr) -> Option<&[u8]> {
    name.to_str().map(str::as_bytes)
}
