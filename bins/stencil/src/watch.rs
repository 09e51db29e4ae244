//! Rendering again whenever a file changes.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use duat::file::{self, Signature};

/// How often files are looked at.
const PAUSE: Duration = Duration::from_millis(200);

/// What files look like.
pub(crate) type Signatures = BTreeMap<PathBuf, Option<Signature>>;

/// Waits until one of the files changes, appears or is gone. What was `before` rendering counts: a
/// change meanwhile is a change.
pub(crate) fn wait(files: &[PathBuf], before: &Signatures) {
    let mut known = signatures(files);
    for (file, signature) in before {
        if let Some(known) = known.get_mut(file) {
            known.clone_from(signature);
        }
    }
    while signatures(files) == known {
        thread::sleep(PAUSE);
    }
}

/// Returns what files look like now.
pub(crate) fn signatures(files: &[PathBuf]) -> Signatures {
    files
        .iter()
        .map(|path| (path.clone(), file::signature(path)))
        .collect()
}
