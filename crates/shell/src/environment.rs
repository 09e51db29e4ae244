//! The one room that reads the environment.

use std::ffi::OsString;
use std::path::PathBuf;

/// Returns a variable's text; nothing where it is unset, empty or not UTF-8.
pub fn text(name: &str) -> Option<String> {
    raw(name).and_then(|value| value.into_string().ok())
}

/// Returns a variable as a path; nothing where it is unset or empty.
pub fn path(name: &str) -> Option<PathBuf> {
    raw(name).map(PathBuf::from)
}

/// Returns a variable as a list of paths, separated as `PATH` is.
pub fn paths(name: &str) -> Vec<PathBuf> {
    raw(name).map_or_else(Vec::new, |value| std::env::split_paths(&value).collect())
}

#[expect(clippy::disallowed_methods, reason = "this is the room the rule names")]
fn raw(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}
