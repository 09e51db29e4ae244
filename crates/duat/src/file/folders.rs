//! Which folders a pattern names.

use std::path::{Path, PathBuf};

use glob::{MatchOptions, Pattern};

use super::FileError;

/// Returns the folders that `patterns` name, seen from `root`, sorted and each once. A pattern is a
/// path in which `*`, `?` and `[…]` stand for parts of one name, as Cargo's `members` are; one that
/// is malformed names nothing.
pub(super) fn named(root: &Path, patterns: &[String]) -> Result<Vec<PathBuf>, FileError> {
    let literal = Pattern::escape(&root.to_string_lossy());
    let options = MatchOptions {
        require_literal_separator: true,
        ..MatchOptions::new()
    };
    let mut folders = Vec::new();
    for pattern in patterns {
        let below = Path::new(&literal).join(pattern);
        let Ok(found) = glob::glob_with(&below.to_string_lossy(), options) else {
            continue;
        };
        for path in found {
            let path = path.map_err(|error| {
                let path = error.path().to_owned();
                FileError::new("look into", &path, error.into())
            })?;
            if path.is_dir()
                && let Ok(folder) = path.strip_prefix(root)
            {
                folders.push(folder.to_owned());
            }
        }
    }
    folders.sort();
    folders.dedup();
    Ok(folders)
}
