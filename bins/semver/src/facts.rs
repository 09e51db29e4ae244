//! What `--json` says of a version.

use std::path::Path;

use duat::Version;
use serde::Serialize;

use duat_shell::change::Change;

/// Returns a path as it is shown: JSON has no bytes that are not UTF-8.
pub(crate) fn shown(path: &Path) -> String {
    path.display().to_string()
}

/// A version, where it stands and what was done to get there.
#[derive(Debug, Serialize)]
pub(crate) struct VersionFacts {
    /// The version, strictly written.
    pub version: Version,
    /// What is printed without `--json`.
    pub text: String,
    pub major: u64,
    pub minor: u64,
    pub patch: u64,
    /// The pre-release identifiers; null for a release.
    pub prerelease: Option<String>,
    /// The build metadata; null without.
    pub build: Option<String>,
    /// The version before, where one was changed.
    pub previous: Option<Version>,
    /// The file that carries it; null where a tag does.
    pub source: Option<String>,
    /// The tag it was read from.
    pub tag: Option<String>,
    /// The files whose text was changed, or with `--dry-run` would be.
    pub changed: Vec<String>,
    /// Nothing was written.
    pub dry_run: bool,
}

impl VersionFacts {
    /// Returns the facts of a version that is printed as `text`.
    pub(crate) fn new(version: &Version, text: String) -> Self {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Self {
            text,
            major: version.major(),
            minor: version.minor(),
            patch: version.patch(),
            prerelease: some(version.pre()),
            build: some(version.build()),
            version: version.clone(),
            previous: None,
            source: None,
            tag: None,
            changed: Vec::new(),
            dry_run: false,
        }
    }

    /// Adds what was changed.
    pub(crate) fn with_change(mut self, change: &Change) -> Self {
        self.previous.clone_from(&change.previous);
        self.changed = change.files.iter().map(|path| shown(path)).collect();
        self.dry_run = change.rehearsed;
        self
    }
}
