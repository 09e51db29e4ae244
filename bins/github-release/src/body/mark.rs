//! By what it is known that a file is sent as it was meant.

use std::fs::Metadata;
use std::path::Path;
use std::time::SystemTime;
use std::time::UNIX_EPOCH;

/// How many seconds the time of a file has to be past, before every other write shows in it: some
/// file systems count in steps of two.
const SETTLED: u64 = 3;

/// What tells that a file is still the one that was looked at, where its hash is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mark {
    size: u64,
    modified: SystemTime,
    /// The file itself, whatever its name: another may have taken its place.
    #[cfg(unix)]
    place: (u64, u64),
}

impl Mark {
    /// Returns the mark of a file; nothing for one that was written a moment ago, because a second
    /// write need not show in its time.
    pub(crate) fn of(file: &Metadata, now: u64) -> Option<Self> {
        let modified = file.modified().ok()?;
        let seconds = modified.duration_since(UNIX_EPOCH).ok()?.as_secs();
        (seconds + SETTLED < now).then(|| Self {
            size: file.len(),
            modified,
            #[cfg(unix)]
            place: {
                use std::os::unix::fs::MetadataExt as _;
                (file.dev(), file.ino())
            },
        })
    }

    pub(super) fn is_still(&self, path: &Path) -> bool {
        let now = std::fs::metadata(path).ok();
        now.and_then(|now| Self::of(&now, u64::MAX)).as_ref() == Some(self)
    }
}

/// By what it is known that bytes that are sent are those that were meant.
#[derive(Clone, Debug)]
pub(crate) enum Seal {
    /// Their SHA-256 is the one from before.
    Digest(String),
    /// Their file was not written to. Their SHA-256 is what the stream has.
    Mark(Mark),
}
