//! A place in a file, as editors and compilers write it.

use std::fmt;
use std::path::Path;

use duat::document::Position;

/// Displays as `file:line:column`.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a>(pub &'a Path, pub Position);

impl fmt::Display for Place<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(path, position) = self;
        write!(
            formatter,
            "{}:{}:{}",
            path.display(),
            position.line,
            position.column
        )
    }
}
