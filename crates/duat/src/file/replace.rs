//! Replacing the contents of locked files: all, or none.

use std::collections::BTreeSet;
use std::io;
use std::path::Path;

use super::FileError;
use super::beside::{Beside, directory};
use super::contents::{self, leads_to};
use super::disk::{Disk, Readers};
use super::error::Stranded;
use super::held::Held;
use super::journal;
use super::platform;
use super::staged::Staged;

const STAGING: &str = "put the new text beside";
const BACKING_UP: &str = "keep a copy of";

/// One file on its way from its old content to a new one.
struct Change<'a> {
    held: &'a mut Held,
    bytes: &'a [u8],
    beside: Beside,
    route: Route,
    /// What stands at `beside.staged`.
    staged: Option<Staged>,
    /// What stands at `beside.backup`.
    backup: Backup,
    /// Whether `beside.journal` is there.
    journal: bool,
    /// Whether the file may hold anything but its old content.
    landed: bool,
}

/// How a new content gets to its place.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Route {
    /// A new file takes the old one's name.
    Rename,
    /// The old file is written to.
    InPlace,
}

enum Backup {
    None,
    /// Another name of the old file.
    Link,
    /// A new file with the old content.
    Copy(Staged),
}

/// Gives each file its new content, in this order. Files that hold it already must not be among
/// them.
pub(super) fn replace_all(
    disk: &mut Disk,
    edits: Vec<(&mut Held, &[u8])>,
) -> Result<(), FileError> {
    let mut changes: Vec<Change> = edits
        .into_iter()
        .map(|(held, bytes)| Change::new(held, bytes))
        .collect();
    match stage(disk, &mut changes).and_then(|()| land(disk, &mut changes)) {
        Ok(()) => {
            for change in changes {
                change.keep(disk);
            }
            Ok(())
        }
        Err(cause) => Err(undo(disk, changes, cause)),
    }
}

/// Fails if someone who takes no lock replaced or changed the file since it was read.
pub(super) fn check(held: &Held) -> Result<(), FileError> {
    let error = |source| FileError::new("check", &held.given, source);
    let same = leads_to(&held.path, &held.file).map_err(error)?
        && contents::read(&held.file, &held.given)? == held.bytes;
    if same {
        Ok(())
    } else {
        Err(FileError::Changed {
            path: held.given.clone(),
        })
    }
}

/// Puts every new content on the disk, and whatever is needed to go back.
fn stage(disk: &mut Disk, changes: &mut [Change]) -> Result<(), FileError> {
    for change in changes.iter_mut() {
        change.stage(disk)?;
    }
    // once the last file has its new content, nothing is left that could fail
    if let Some((_last, others)) = changes.split_last_mut() {
        for change in others {
            change.back_up(disk)?;
        }
    }
    // all at the end: the system can write them out together
    changes.iter().try_for_each(|change| change.sync(disk))
}

/// Lets the new contents take their places. All but the last are there for good, even if the power
/// fails, before the last is.
fn land(disk: &mut Disk, changes: &mut [Change]) -> Result<(), FileError> {
    let Some((last, others)) = changes.split_last_mut() else {
        return Ok(());
    };
    let mut directories = BTreeSet::new();
    for change in others {
        change.land(disk)?;
        if change.route == Route::Rename {
            directories.insert(directory(&change.held.path));
        }
    }
    for path in directories {
        disk.sync_directory(path)
            .map_err(|source| FileError::new("sync", path, source))?;
    }
    last.land(disk)
}

/// Gives every file its old content back, the last one first, and returns what to report.
///
/// Where one cannot go back, those before it stay as well: the last one is never new alone.
fn undo(disk: &mut Disk, changes: Vec<Change>, cause: FileError) -> FileError {
    let (mut new, mut torn, mut old) = (Vec::new(), Vec::new(), Vec::new());
    for change in changes.into_iter().rev() {
        let path = change.held.given.clone();
        let (route, backup) = (change.route, change.old_content().to_owned());
        let stuck = !(new.is_empty() && torn.is_empty());
        if stuck && change.landed {
            new.push(Stranded { path, backup });
        } else if change.revert(disk).is_ok() {
            old.push(path);
        } else if route == Route::Rename {
            new.push(Stranded { path, backup });
        } else {
            torn.push(Stranded { path, backup });
        }
    }
    if new.is_empty() && torn.is_empty() {
        return cause;
    }
    FileError::HalfDone {
        new,
        torn,
        old,
        cause: Box::new(cause),
    }
}

impl<'a> Change<'a> {
    fn new(held: &'a mut Held, bytes: &'a [u8]) -> Self {
        Self {
            beside: Beside::of(&held.path),
            held,
            bytes,
            route: Route::Rename,
            staged: None,
            backup: Backup::None,
            journal: false,
            landed: false,
        }
    }

    fn stage(&mut self, disk: &mut Disk) -> Result<(), FileError> {
        if let Some(kind) = self.held.denied {
            return Err(self.error("write")(kind.into()));
        }
        let metadata = self.held.file.metadata().map_err(self.error("look at"))?;
        if platform::links(&metadata) > 1 {
            return self.stage_journal(disk);
        }
        let path = &self.beside.staged;
        let error = self.error(STAGING);
        let staged = self.staged.insert(make(disk, path, STAGING, self.held)?);
        if disk.set_owner(&staged.file, path, &metadata).is_err() {
            self.unstage(disk);
            return self.stage_journal(disk);
        }
        disk.write(&staged.file, path, 0, self.bytes)
            .and_then(|()| disk.set_mode(&staged.file, path, metadata.permissions()))
            .map_err(error)
    }

    fn stage_journal(&mut self, disk: &mut Disk) -> Result<(), FileError> {
        self.route = Route::InPlace;
        let path = &self.beside.staged;
        let error = self.error(STAGING);
        let staged = self.staged.insert(make(disk, path, STAGING, self.held)?);
        let record = journal::record(&self.held.bytes, self.bytes);
        disk.write(&staged.file, path, 0, &record).map_err(error)
    }

    fn sync(&self, disk: &mut Disk) -> Result<(), FileError> {
        let Some(staged) = &self.staged else {
            return Ok(());
        };
        disk.sync(&staged.file, &self.beside.staged)
            .map_err(self.error(STAGING))
    }

    fn unstage(&mut self, disk: &mut Disk) {
        if self.staged.take().is_some() {
            let _ = disk.remove(&self.beside.staged);
        }
    }

    fn back_up(&mut self, disk: &mut Disk) -> Result<(), FileError> {
        let path = &self.beside.backup;
        if self.route == Route::InPlace {
            return Ok(());
        }
        if disk.link(&self.held.path, path).is_ok() {
            self.backup = Backup::Link;
            return Ok(());
        }
        let error = self.error(BACKING_UP);
        let metadata = self.held.file.metadata().map_err(&error)?;
        let copy = make(disk, path, BACKING_UP, self.held)?;
        let done = disk
            .set_owner(&copy.file, path, &metadata)
            .and_then(|()| disk.write(&copy.file, path, 0, &self.held.bytes))
            .and_then(|()| disk.set_mode(&copy.file, path, metadata.permissions()));
        self.backup = Backup::Copy(copy);
        done.map_err(error)
    }

    fn land(&mut self, disk: &mut Disk) -> Result<(), FileError> {
        if self.route == Route::Rename {
            match disk.rename(&self.beside.staged, &self.held.path) {
                Ok(()) => {
                    self.landed = true;
                    return Ok(());
                }
                Err(error) if platform::keeps_its_place(&error) => {
                    self.unstage(disk);
                    self.stage_journal(disk)?;
                    self.sync(disk)?;
                }
                Err(error) => return Err(self.error("replace")(error)),
            }
        }
        self.write_in_place(disk)
    }

    fn write_in_place(&mut self, disk: &mut Disk) -> Result<(), FileError> {
        let error = self.error("write");
        let (path, journal) = (&self.held.path, &self.beside.journal);
        disk.rename(&self.beside.staged, journal).map_err(&error)?;
        self.staged = None;
        self.journal = true;
        disk.sync_directory(directory(path)).map_err(&error)?;
        self.landed = true;
        journal::overwrite(disk, &self.held.file, path, self.bytes, &self.held.bytes).map_err(error)
    }

    /// Makes the new content the one that is held, and removes what is no longer needed. What cannot
    /// be removed is left to the next run.
    fn keep(mut self, disk: &mut Disk) {
        self.clean(disk);
        if let Some(staged) = self.staged.take() {
            self.held.file = staged.file;
        }
        self.held.bytes = self.bytes.to_vec();
    }

    /// Returns where the old content of a file that has landed lies.
    fn old_content(&self) -> &Path {
        match self.route {
            Route::Rename => &self.beside.backup,
            Route::InPlace => &self.beside.journal,
        }
    }

    /// Gives the file its old content back.
    fn revert(mut self, disk: &mut Disk) -> io::Result<()> {
        let Held {
            path, file, bytes, ..
        } = &mut *self.held;
        if self.landed {
            match self.route {
                Route::Rename => {
                    disk.rename(&self.beside.backup, path)?;
                    self.staged = None;
                    if let Backup::Copy(copy) = std::mem::replace(&mut self.backup, Backup::None) {
                        *file = copy.file;
                    }
                }
                Route::InPlace => journal::overwrite(disk, file, path, bytes, self.bytes)?,
            }
        }
        self.unstage(disk);
        self.clean(disk);
        Ok(())
    }

    fn clean(&mut self, disk: &mut Disk) {
        if !matches!(self.backup, Backup::None) {
            let _ = disk.remove(&self.beside.backup);
        }
        if self.journal {
            let _ = disk.remove(&self.beside.journal);
        }
    }

    /// Returns what makes an error of this file out of what the system said.
    fn error(&self, action: &'static str) -> impl Fn(io::Error) -> FileError + use<> {
        let path = self.held.given.clone();
        move |source| FileError::new(action, &path, source)
    }
}

/// Makes a file beside `held`, under a name that was free when it was locked.
fn make(
    disk: &mut Disk,
    place: &Path,
    action: &'static str,
    held: &Held,
) -> Result<Staged, FileError> {
    Staged::create(disk, place, Readers::Owner).map_err(|source| match source.kind() {
        io::ErrorKind::AlreadyExists => FileError::InTheWay {
            path: held.given.clone(),
            obstacle: place.to_owned(),
        },
        _ => FileError::new(action, &held.given, source),
    })
}
