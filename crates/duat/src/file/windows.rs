//! Windows, and whatever else there may be. Its authors have run it under Wine alone.

use std::ffi::OsString;
use std::fs::{File, Metadata, OpenOptions};
use std::io;
use std::path::Path;
use std::time::Duration;

use super::disk::Readers;

/// An open file beside the locked one, which goes when it is closed.
#[derive(Debug)]
pub(super) struct Guard {
    _beside: File,
}

/// Waits until nobody has the file beside `path` open. A lock on the file itself would keep
/// others from reading it.
pub(super) fn acquire(_file: &File, path: &Path) -> io::Result<Guard> {
    const PAUSE: Duration = Duration::from_millis(5);
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(".duat-lock");
    let path = path.with_file_name(name);
    loop {
        match open_alone(&path) {
            Ok(beside) => return Ok(Guard { _beside: beside }),
            Err(error) if in_use(&error) => std::thread::sleep(PAUSE),
            Err(error) => return Err(error),
        }
    }
}

#[cfg(windows)]
fn open_alone(path: &Path) -> io::Result<File> {
    use std::os::windows::fs::OpenOptionsExt;
    const DELETE_ON_CLOSE: u32 = 0x0400_0000;
    const READ_WRITE_DELETE: u32 = 0x8000_0000 | 0x4000_0000 | 0x0001_0000;
    OpenOptions::new()
        .create(true)
        .write(true)
        .access_mode(READ_WRITE_DELETE)
        .share_mode(0)
        .custom_flags(DELETE_ON_CLOSE)
        .open(path)
}

#[cfg(not(windows))]
fn open_alone(_path: &Path) -> io::Result<File> {
    Err(io::ErrorKind::Unsupported.into())
}

/// A sharing violation, or a file whose last handle is just being closed.
fn in_use(error: &io::Error) -> bool {
    const SHARING_VIOLATION: i32 = 32;
    const DELETE_PENDING: i32 = 303;
    matches!(
        error.raw_os_error(),
        Some(SHARING_VIOLATION | DELETE_PENDING)
    )
}

/// Tells whether a file that could not be replaced may be written all the same. One that is open, as
/// it is here, can be replaced on some file systems and not on others.
pub(super) fn keeps_its_place(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::PermissionDenied | io::ErrorKind::CrossesDevices
    ) || in_use(error)
}

pub(super) fn identity(_metadata: &Metadata) -> Option<(u64, u64)> {
    None
}

pub(super) fn links(_metadata: &Metadata) -> u64 {
    1
}

pub(super) fn set_readers(_options: &mut OpenOptions, _readers: Readers) {}

#[expect(clippy::unnecessary_wraps, reason = "it can fail elsewhere")]
pub(super) fn set_owner(_file: &File, _like: &Metadata) -> io::Result<()> {
    Ok(())
}

#[expect(clippy::unnecessary_wraps, reason = "it can fail elsewhere")]
pub(super) fn sync_directory(_path: &Path) -> io::Result<()> {
    Ok(())
}

/// There are no modes.
#[expect(clippy::unnecessary_wraps, reason = "it may fail elsewhere")]
pub(super) fn take_mode(_path: &Path, _from: &Path) -> io::Result<()> {
    Ok(())
}

/// There are no modes.
#[expect(clippy::unnecessary_wraps, reason = "it may fail elsewhere")]
pub(super) fn give_mode(_path: &Path, _mode: u32) -> io::Result<()> {
    Ok(())
}
