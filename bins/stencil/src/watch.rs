//! Rendering again whenever a file changes.

use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use duat::file::{self, Signature};

/// How often files are looked at.
const PAUSE: Duration = Duration::from_millis(200);

/// Waits until one of the files changes, appears or is gone.
pub(crate) fn wait(files: &[PathBuf]) {
    let before = signatures(files);
    while signatures(files) == before {
        thread::sleep(PAUSE);
    }
}

fn signatures(files: &[PathBuf]) -> Vec<Option<Signature>> {
    files.iter().map(file::signature).collect()
}
