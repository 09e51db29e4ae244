//! A new file that nobody else works with yet.

use std::fs::File;
use std::io;
use std::path::Path;

use super::contents::leads_to;
use super::disk::{Disk, Readers};
use super::platform::{self, Guard};

/// A file under one of the names beside another, made and locked by us.
///
/// It is locked before it takes the other's place: whoever opens it there waits until all files of
/// the run are in place.
#[derive(Debug)]
pub(super) struct Staged {
    pub(super) file: File,
    _guard: Guard,
}

impl Staged {
    /// Makes the file. Fails with [`io::ErrorKind::AlreadyExists`] if something stands there.
    pub(super) fn create(disk: &mut Disk, path: &Path, readers: Readers) -> io::Result<Self> {
        loop {
            let file = disk.create(path, readers)?;
            let locked = platform::acquire(&file, path)
                .and_then(|guard| Ok((guard, leads_to(path, &file)?)));
            match locked {
                Ok((guard, true)) => {
                    return Ok(Self {
                        file,
                        _guard: guard,
                    });
                }
                // swept away by a `create` that took it for a leftover before it was locked
                Ok((_, false)) => {}
                Err(error) => {
                    let _ = disk.remove(path);
                    return Err(error);
                }
            }
        }
    }
}
