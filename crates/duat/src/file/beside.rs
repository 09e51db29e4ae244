//! The names of what stands beside a file while it is being replaced.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

/// Longer names of files are not repeated in the names beside them: file systems end at 255 bytes,
/// encrypting ones at 143.
const LONGEST: usize = 120;

/// Three hidden places in a file's own directory. Their names are fixed, so that a run finds what a
/// killed one left.
#[derive(Clone, Debug)]
pub(super) struct Beside {
    /// The next content, before it takes the file's place.
    pub(super) staged: PathBuf,
    /// The content before, as long as it may be needed again.
    pub(super) backup: PathBuf,
    /// Both contents of a file that is written in place.
    pub(super) journal: PathBuf,
}

impl Beside {
    pub(super) fn of(path: &Path) -> Self {
        let name = path.file_name().unwrap_or_default();
        let place = |suffix| path.with_file_name(hidden(name, suffix));
        Self {
            staged: place(".duat-new"),
            backup: place(".duat-old"),
            journal: place(".duat-journal"),
        }
    }
}

/// Returns the directory of `path`; the current one is `.`, not an empty text.
pub(super) fn directory(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        Some(_) => Path::new("."),
        None => path,
    }
}

fn hidden(name: &OsStr, suffix: &str) -> OsString {
    let mut hidden = OsString::from(".");
    if name.len() > LONGEST {
        hidden.push(format!("{:016x}", hash(name.as_encoded_bytes())));
    } else {
        hidden.push(name);
    }
    hidden.push(suffix);
    hidden
}

/// FNV-1a: the same in every build, unlike the standard library's hasher.
fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}
