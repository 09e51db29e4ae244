//! Reading files, and replacing several at once: all, or none. The only room that writes.
//!
//! [`lock`] takes an advisory lock on each file and reads it; [`Locked::replace_all`] gives files
//! new contents. Between the two no other run changes them, and no lock file is left behind.
//!
//! # What is promised
//!
//! * **An error** leaves every file as it was. If that cannot be had, [`FileError::HalfDone`] says
//!   what holds what.
//! * **A full disk** is an error like any other: all new contents are on the disk before the first
//!   file changes, and going back needs no room (only copy-on-write file systems may want some for
//!   files written in place).
//! * **A kill** at any point leaves every file whole, old or new, the last one new only if all are.
//!   What it leaves beside them (`.NAME.duat-new`, `.NAME.duat-old`, `.NAME.duat-journal`) the next
//!   [`lock`] of the same files removes. Nothing but a regular file is ever removed or opened under
//!   these names.
//! * **A power loss** does no more than a kill: contents are synced before they take their places,
//!   and all others are there before the last is. But a run that ended shortly before may be undone
//!   as a whole.
//! * **Readers** see the old or the new content, never a part (but see below).
//! * **Mode, owner, group and links** of a file stay: a symbolic link still leads to it, and other
//!   names still lead to the same content. Extended attributes and access control lists are *not*
//!   kept, except by files that are written in place.
//! * **A file that holds its new content already** is not written; its time stays.
//! * **A file that cannot be written to** is not replaced either, though its directory would allow
//!   it.
//!
//! # Files that are written in place
//!
//! A new file takes the old one's name, but not where that would break something: a file with
//! several hard links, one mounted by itself (as containers do), one whose owner is not ours to
//! give. These are written to, once both contents are in a journal beside them. After a kill in
//! the midst of that, [`read`] and [`lock`] go by the journal, and `lock` restores the old content.
//! Until then other programs may see a part of each, as may a reader by another hard link, or one
//! that reads in the very moment of writing.
//!
//! # Locks
//!
//! The lock is the system's (`flock`) on the file itself. It holds between runs of this library;
//! an editor does not ask for it, which is why contents are compared again before anything is
//! written. File systems without locks have only that comparison. Two [`Locked`] of the same file
//! in one thread wait for each other for ever.
//!
//! Windows has another kind of lock, and neither modes, owners nor hard links are looked at there.
//! That part has never been run.

mod beside;
mod contents;
mod disk;
mod error;
mod folders;
mod held;
mod journal;
#[cfg_attr(unix, path = "file/unix.rs")]
#[cfg_attr(not(unix), path = "file/windows.rs")]
mod platform;
mod replace;
mod staged;

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

pub use error::{FileError, Stranded};

use beside::Beside;
use contents::{Access, leads_to};
use disk::{Disk, Readers};
use held::Holding;
use staged::Staged;

/// A new content for a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The file, by a name it was locked by.
    pub path: PathBuf,
    /// All it is to hold.
    pub bytes: Vec<u8>,
}

/// Files that no other run changes until this value is dropped.
#[derive(Debug)]
pub struct Locked(Holding);

/// Returns what the file holds. Links are followed; the limit is 1 GiB.
pub fn read(path: impl AsRef<Path>) -> Result<Vec<u8>, FileError> {
    let path = path.as_ref();
    let bytes = contents::read(&contents::open(path, path, Access::Read)?, path)?;
    let linked = fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_symlink());
    let real = linked.then(|| fs::canonicalize(path).ok()).flatten();
    Ok(journal::settled(real.as_deref().unwrap_or(path), bytes))
}

/// Tells whether there is anything at `path`. A link that leads nowhere is nothing.
pub fn exists(path: impl AsRef<Path>) -> Result<bool, FileError> {
    let path = path.as_ref();
    path.try_exists()
        .map_err(|source| FileError::new("look for", path, source))
}

/// Tells whether `path`, seen from `root` and with all links followed, lies inside of `root`. The
/// empty path is the current directory.
pub fn within(root: impl AsRef<Path>, path: impl AsRef<Path>) -> Result<bool, FileError> {
    let canonical =
        |path: &Path| fs::canonicalize(path).map_err(|source| FileError::new("find", path, source));
    let root = Path::new(".").join(root);
    let path = canonical(&root.join(path))?;
    Ok(path.starts_with(canonical(&root)?))
}

/// Tells whether what is written to `path`, seen from `root`, would land outside of `root`, because a
/// link on the way leads there. What is not there yet does not lead anywhere.
pub fn leads_out(root: impl AsRef<Path>, path: impl AsRef<Path>) -> Result<bool, FileError> {
    let (root, path) = (root.as_ref(), path.as_ref());
    for part in path.ancestors() {
        let is_there = fs::symlink_metadata(Path::new(".").join(root).join(part)).is_ok();
        if is_there && exists(root.join(part))? {
            return Ok(!within(root, part)?);
        }
    }
    Ok(false)
}

/// Makes a file that holds `bytes`: it is whole, or not there. What is there already, be it a link
/// that leads nowhere, is refused.
///
/// On file systems without hard links a kill may leave an empty file.
pub fn create(path: impl AsRef<Path>, bytes: &[u8]) -> Result<(), FileError> {
    create_on(&mut Disk::real(), path.as_ref(), bytes)
}

/// Adds `bytes` to the end of a file, which is made if it is not there: the way to files that
/// several writers share, such as the one `$GITHUB_OUTPUT` names.
pub fn append(path: impl AsRef<Path>, bytes: &[u8]) -> Result<(), FileError> {
    let path = path.as_ref();
    let mut options = fs::OpenOptions::new();
    let file = options.append(true).create(true).open(path);
    file.and_then(|mut file| file.write_all(bytes))
        .map_err(|source| FileError::new("append to", path, source))
}

/// Returns the folders that `patterns` name, seen from `root`, sorted and each once.
///
/// In a pattern `*`, `?` and `[…]` stand for parts of one name, as in Cargo's `members`; a malformed
/// one names nothing.
pub fn directories(root: impl AsRef<Path>, patterns: &[String]) -> Result<Vec<PathBuf>, FileError> {
    folders::named(root.as_ref(), patterns)
}

/// Returns the files below a folder, seen from it and sorted. Links to files count, links to folders
/// are not followed.
pub fn tree(root: impl AsRef<Path>) -> Result<Vec<PathBuf>, FileError> {
    folders::files_below(root.as_ref())
}

/// Makes a folder and those it lies in, where they are not there yet.
pub fn make_folders(path: impl AsRef<Path>) -> Result<(), FileError> {
    let path = path.as_ref();
    fs::create_dir_all(path).map_err(|source| FileError::new("make the folder", path, source))
}

/// Gives a file a mode such as `0o755`; one that has it already is left alone. Elsewhere than on
/// Unix there are no modes, and nothing is done.
pub fn set_mode(path: impl AsRef<Path>, mode: u32) -> Result<(), FileError> {
    let path = path.as_ref();
    platform::give_mode(path, mode)
        .map_err(|source| FileError::new("set the mode of", path, source))
}

/// Gives a new file the mode of another one, as far as whoever may read the new one goes: it gets
/// executable, or more private, never more open. Its owner can write it.
pub fn take_mode(path: impl AsRef<Path>, from: impl AsRef<Path>) -> Result<(), FileError> {
    let (path, from) = (path.as_ref(), from.as_ref());
    platform::take_mode(path, from)
        .map_err(|source| FileError::new("set the mode of", path, source))
}

/// What tells that a file has changed, without reading it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    modified: Option<SystemTime>,
    length: u64,
}

/// Returns a file's signature; nothing where it cannot be looked at.
pub fn signature(path: impl AsRef<Path>) -> Option<Signature> {
    let metadata = fs::metadata(path).ok()?;
    Some(Signature {
        modified: metadata.modified().ok(),
        length: metadata.len(),
    })
}

/// Locks files and reads them, waiting for other runs to finish with them. Puts in order what a
/// killed run left.
///
/// A file that may be read but not written can be locked; an error comes when it is to be changed.
///
/// ```
/// # let directory = tempfile::tempdir()?;
/// # let path = directory.path().join("VERSION");
/// # duat::file::create(&path, b"0.0.1\n")?;
/// use duat::file::{self, Edit};
///
/// let mut locked = file::lock([&path])?;
/// assert_eq!(locked.bytes(&path)?, b"0.0.1\n");
/// locked.replace_all(&[Edit { path: path.clone(), bytes: b"0.0.2\n".to_vec() }])?;
/// assert_eq!(file::read(&path)?, b"0.0.2\n");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn lock<P: AsRef<Path>>(paths: impl IntoIterator<Item = P>) -> Result<Locked, FileError> {
    lock_on(&mut Disk::real(), paths)
}

impl Locked {
    /// Returns what the file held when it was locked, or what it was given since.
    pub fn bytes(&self, path: impl AsRef<Path>) -> Result<&[u8], FileError> {
        let path = path.as_ref();
        let held = self.0.files.get(self.index(path)?);
        held.map(|held| held.bytes.as_slice())
            .ok_or_else(|| not_locked(path))
    }

    /// Gives files new contents, in the order of `edits`: the source of truth comes last.
    ///
    /// # Errors
    /// All files hold what they held before, unless it is [`FileError::HalfDone`]. A file that
    /// someone else changed since it was locked is [`FileError::Changed`], even if its edit changes
    /// nothing.
    pub fn replace_all(&mut self, edits: &[Edit]) -> Result<(), FileError> {
        self.replace_all_on(&mut Disk::real(), edits)
    }

    fn replace_all_on(&mut self, disk: &mut Disk, edits: &[Edit]) -> Result<(), FileError> {
        let mut wanted: Vec<(usize, &Edit)> = Vec::new();
        for edit in edits {
            let index = self.index(&edit.path)?;
            if let Some(at) = wanted.iter().position(|(known, _)| *known == index) {
                // two names of one file: its place is the later one
                let (_, known) = wanted.remove(at);
                if known.bytes != edit.bytes {
                    return Err(FileError::SameFile {
                        first: known.path.clone(),
                        second: edit.path.clone(),
                    });
                }
            }
            wanted.push((index, edit));
        }
        let mut files: Vec<_> = self.0.files.iter_mut().map(Some).collect();
        let mut changes = Vec::new();
        for (index, edit) in wanted {
            let held = files.get_mut(index).and_then(Option::take);
            let held = held.ok_or_else(|| not_locked(&edit.path))?;
            replace::check(held)?;
            if held.bytes != edit.bytes {
                changes.push((held, edit.bytes.as_slice()));
            }
        }
        replace::replace_all(disk, changes)
    }

    fn index(&self, path: &Path) -> Result<usize, FileError> {
        let named = self.0.names.iter().find(|(name, _)| name == path);
        named
            .map(|(_, index)| *index)
            .ok_or_else(|| not_locked(path))
    }
}

fn not_locked(path: &Path) -> FileError {
    FileError::NotLocked {
        path: path.to_owned(),
    }
}

fn lock_on<P: AsRef<Path>>(
    disk: &mut Disk,
    paths: impl IntoIterator<Item = P>,
) -> Result<Locked, FileError> {
    let paths: Vec<PathBuf> = paths
        .into_iter()
        .map(|path| path.as_ref().to_owned())
        .collect();
    held::lock(disk, &paths).map(Locked)
}

fn create_on(disk: &mut Disk, path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    let error = |source| FileError::new("make", path, source);
    let staged_path = Beside::of(path).staged;
    let staged = loop {
        if fs::symlink_metadata(path).is_ok() {
            return Err(FileError::Exists {
                path: path.to_owned(),
            });
        }
        match Staged::create(disk, &staged_path, Readers::Default) {
            Ok(staged) => break staged,
            Err(source) if source.kind() == io::ErrorKind::AlreadyExists => {
                sweep(disk, &staged_path, path)?;
            }
            Err(source) => return Err(error(source)),
        }
    };
    let done = disk
        .write(&staged.file, &staged_path, 0, bytes)
        .and_then(|()| disk.sync(&staged.file, &staged_path))
        .and_then(|()| place(disk, &staged_path, path));
    let _ = disk.remove(&staged_path);
    done.map_err(|source| match source.kind() {
        io::ErrorKind::AlreadyExists => FileError::Exists {
            path: path.to_owned(),
        },
        _ => error(source),
    })
}

/// Lets the file `staged` be found as `path` if nothing is there yet.
fn place(disk: &mut Disk, staged: &Path, path: &Path) -> io::Result<()> {
    match disk.link(staged, path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
            // no hard links here: an empty file of ours keeps the name until it is replaced
            disk.create(path, Readers::Default)?;
            disk.rename(staged, path).inspect_err(|_| {
                let _ = disk.remove(path);
            })
        }
        done => done,
    }
}

/// Waits until nobody works with the file `staged`, then removes it.
fn sweep(disk: &mut Disk, staged: &Path, path: &Path) -> Result<(), FileError> {
    let error = |source| FileError::new("tidy up beside", path, source);
    if !held::is_leftover(staged, path)? {
        return Ok(());
    }
    let file = match contents::open(staged, path, Access::Write) {
        Err(FileError::NotFound { .. }) => return Ok(()),
        file => file?,
    };
    let _guard = platform::acquire(&file, staged).map_err(error)?;
    if leads_to(staged, &file).map_err(error)? {
        disk.remove(staged).map_err(error)?;
    }
    Ok(())
}

#[cfg(test)]
#[cfg(unix)]
mod tests;
