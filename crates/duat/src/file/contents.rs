//! Opening and reading: regular files only, and none without end.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Read, Seek};
use std::path::Path;

use super::FileError;
use super::platform;

/// The longest file that is read.
pub(super) const LIMIT: u64 = 1 << 30;

/// How a file is opened.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    Read,
    Write,
}

/// Opens the regular file `path`, reporting errors under the name `given`.
pub(super) fn open(path: &Path, given: &Path, access: Access) -> Result<File, FileError> {
    let error = |source| FileError::new("open", given, source);
    // before opening: a pipe would wait for its other end
    regular(&fs::metadata(path).map_err(error)?, given)?;
    OpenOptions::new()
        .read(true)
        .write(access == Access::Write)
        .open(path)
        .map_err(error)
}

/// Returns all of `file`.
pub(super) fn read(mut file: &File, given: &Path) -> Result<Vec<u8>, FileError> {
    let error = |source| FileError::new("read", given, source);
    let too_large = || FileError::TooLarge {
        path: given.to_owned(),
        limit: LIMIT,
    };
    let length = file.metadata().map_err(error)?.len();
    if length > LIMIT {
        return Err(too_large());
    }
    file.rewind().map_err(error)?;
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or_default());
    let read = file
        .take(LIMIT + 1)
        .read_to_end(&mut bytes)
        .map_err(error)?;
    if read as u64 > LIMIT {
        return Err(too_large());
    }
    Ok(bytes)
}

/// Tells whether `path` still leads to the open `file`.
pub(super) fn leads_to(path: &Path, file: &File) -> io::Result<bool> {
    match fs::metadata(path) {
        Ok(metadata) => Ok(platform::identity(&metadata) == platform::identity(&file.metadata()?)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

fn regular(metadata: &Metadata, given: &Path) -> Result<(), FileError> {
    if metadata.is_file() {
        return Ok(());
    }
    Err(FileError::NotRegular {
        path: given.to_owned(),
        kind: if metadata.is_dir() {
            "a directory"
        } else {
            "a pipe, socket or device"
        },
    })
}
