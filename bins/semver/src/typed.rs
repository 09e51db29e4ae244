//! Versions on the command line.

use duat::Version;
use duat_shell::{Code, Failure};

/// Reads a version that was typed.
pub(crate) fn parse(text: &str) -> Result<Version, Failure> {
    text.parse().map_err(|error| {
        Failure::new(Code::Usage, format!("failed to read `{text}` as a version")).caused_by(&error)
    })
}
