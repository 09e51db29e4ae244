//! The system calls that change something, one method each.
//!
//! Each is announced before it is made, so that a test can let it fail, or die there.

#![expect(
    clippy::disallowed_methods,
    reason = "this is the room where files are renamed and removed"
)]

use std::fs::{self, File, Metadata, OpenOptions, Permissions};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::Path;

use super::platform;

/// Bytes handed to the system at once.
const CHUNK: usize = 1 << 16;

/// A kind of system call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Create,
    Write,
    Shrink,
    Owner,
    Mode,
    Sync,
    SyncDirectory,
    Link,
    Rename,
    Remove,
}

/// Who may read a file that is being made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Readers {
    /// Its owner.
    Owner,
    /// Whoever the process's file mode creation mask lets.
    Default,
}

/// The disk, and who is told before it is changed.
pub(super) struct Disk<'a> {
    before: Box<Before<'a>>,
}

type Before<'a> = dyn FnMut(Step, &Path) -> io::Result<()> + 'a;

impl<'a> Disk<'a> {
    pub(super) fn real() -> Self {
        Self::announcing(|_, _| Ok(()))
    }

    /// Returns a disk on which `before` decides what each step comes to.
    pub(super) fn announcing(before: impl FnMut(Step, &Path) -> io::Result<()> + 'a) -> Self {
        Self {
            before: Box::new(before),
        }
    }

    /// Makes a file where there is nothing yet, not even a link that leads nowhere.
    pub(super) fn create(&mut self, path: &Path, readers: Readers) -> io::Result<File> {
        (self.before)(Step::Create, path)?;
        let mut options = OpenOptions::new();
        options.read(true).write(true).create_new(true);
        platform::set_readers(&mut options, readers);
        options.open(path)
    }

    pub(super) fn write(
        &mut self,
        mut file: &File,
        path: &Path,
        at: usize,
        bytes: &[u8],
    ) -> io::Result<()> {
        file.seek(SeekFrom::Start(at as u64))?;
        for chunk in bytes.chunks(CHUNK) {
            (self.before)(Step::Write, path)?;
            file.write_all(chunk)?;
        }
        Ok(())
    }

    pub(super) fn shrink(&mut self, file: &File, path: &Path, length: usize) -> io::Result<()> {
        (self.before)(Step::Shrink, path)?;
        file.set_len(length as u64)
    }

    /// Gives `file` the owner and group in `like`.
    pub(super) fn set_owner(
        &mut self,
        file: &File,
        path: &Path,
        like: &Metadata,
    ) -> io::Result<()> {
        (self.before)(Step::Owner, path)?;
        platform::set_owner(file, like)
    }

    pub(super) fn set_mode(
        &mut self,
        file: &File,
        path: &Path,
        mode: Permissions,
    ) -> io::Result<()> {
        (self.before)(Step::Mode, path)?;
        file.set_permissions(mode)
    }

    pub(super) fn sync(&mut self, file: &File, path: &Path) -> io::Result<()> {
        (self.before)(Step::Sync, path)?;
        file.sync_all()
    }

    pub(super) fn sync_directory(&mut self, path: &Path) -> io::Result<()> {
        (self.before)(Step::SyncDirectory, path)?;
        platform::sync_directory(path)
    }

    pub(super) fn link(&mut self, from: &Path, to: &Path) -> io::Result<()> {
        (self.before)(Step::Link, to)?;
        fs::hard_link(from, to)
    }

    pub(super) fn rename(&mut self, from: &Path, to: &Path) -> io::Result<()> {
        (self.before)(Step::Rename, to)?;
        fs::rename(from, to)
    }

    pub(super) fn remove(&mut self, path: &Path) -> io::Result<()> {
        (self.before)(Step::Remove, path)?;
        fs::remove_file(path)
    }
}
