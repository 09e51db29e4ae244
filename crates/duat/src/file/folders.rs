//! Which folders a pattern names, and which files a folder holds.

use std::fs;
use std::path::{Path, PathBuf};

use glob::{MatchOptions, Pattern};

use super::FileError;
use crate::order;

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
    order::sort(&mut folders);
    folders.dedup();
    Ok(folders)
}

/// Returns the files below `root`, seen from it and sorted. Links to files count, links to folders
/// are not followed.
pub(super) fn files_below(root: &Path) -> Result<Vec<PathBuf>, FileError> {
    let mut files = Vec::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(folder) = folders.pop() {
        let path = if folder.as_os_str().is_empty() {
            root.to_owned()
        } else {
            root.join(&folder)
        };
        let failed = |source| FileError::new("look into", &path, source);
        for entry in fs::read_dir(&path).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let name = folder.join(entry.file_name());
            if entry.file_type().map_err(failed)?.is_dir() {
                folders.push(name);
            } else if entry.path().is_file() {
                files.push(name);
            }
        }
    }
    order::sort(&mut files);
    Ok(files)
}
