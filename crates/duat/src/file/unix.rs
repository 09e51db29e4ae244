//! What is particular to Unix.

use std::fs::{self, File, Metadata, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt, fchown};
use std::path::Path;

use super::disk::Readers;

/// The lock is on the open file itself; nothing else is held.
#[derive(Debug)]
pub(super) struct Guard;

/// Waits for the lock on `file`. Where the file system has no locks there is nothing to wait for.
pub(super) fn acquire(file: &File, _path: &Path) -> io::Result<Guard> {
    loop {
        match file.lock() {
            Ok(()) => return Ok(Guard),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) if error.kind() == io::ErrorKind::Unsupported => return Ok(Guard),
            Err(error) => return Err(error),
        }
    }
}

/// Tells whether a file that could not be replaced may be written all the same: something is mounted
/// on it.
pub(super) fn keeps_its_place(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ResourceBusy | io::ErrorKind::CrossesDevices
    )
}

/// Returns what only names of the same file have in common.
#[expect(clippy::unnecessary_wraps, reason = "not every system tells")]
pub(super) fn identity(metadata: &Metadata) -> Option<(u64, u64)> {
    Some((metadata.dev(), metadata.ino()))
}

/// Returns how many names the file has.
pub(super) fn links(metadata: &Metadata) -> u64 {
    metadata.nlink()
}

pub(super) fn set_readers(options: &mut OpenOptions, readers: Readers) {
    options.mode(match readers {
        Readers::Owner => 0o600,
        Readers::Default => 0o666,
    });
}

pub(super) fn set_owner(file: &File, like: &Metadata) -> io::Result<()> {
    let now = file.metadata()?;
    if (now.uid(), now.gid()) == (like.uid(), like.gid()) {
        return Ok(());
    }
    fchown(file, Some(like.uid()), Some(like.gid()))
}

/// Syncs a directory, where that can be done: one may write to it but not read it, and some
/// file systems know no such thing.
pub(super) fn sync_directory(path: &Path) -> io::Result<()> {
    let Ok(directory) = File::open(path) else {
        return Ok(());
    };
    match directory.sync_all() {
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported
            ) =>
        {
            Ok(())
        }
        done => done,
    }
}

/// Gives a new file the mode of another one, never a more open one than it has.
pub(super) fn take_mode(path: &Path, from: &Path) -> io::Result<()> {
    const READ: u32 = 0o444;
    const OWNER_WRITES: u32 = 0o200;
    let own = fs::metadata(path)?.mode();
    // who may read it may run it; what the umask took away stays away
    let most = own | ((own & READ) >> 2);
    give_mode(
        path,
        fs::metadata(from)?.mode() & most & 0o777 | OWNER_WRITES,
    )
}

/// Gives a file a mode, unless it has it.
pub(super) fn give_mode(path: &Path, mode: u32) -> io::Result<()> {
    const MODE_BITS: u32 = 0o7777;
    if fs::metadata(path)?.mode() & MODE_BITS == mode {
        return Ok(());
    }
    fs::set_permissions(path, Permissions::from_mode(mode))
}
