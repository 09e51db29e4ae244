//! What can be wrong with a text that should carry a version.

use thiserror::Error;

use super::Position;
use crate::Version;
use crate::version::ParseError;

/// Why a version cannot be read from a text, or written into it.
///
/// The text of an error names no file and no place, but for the other one of two; the caller puts
/// `file:line:column: ` before it, from [`DocumentError::position`].
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum DocumentError {
    /// The text is not in an encoding that contains ASCII.
    #[error("the text is {encoding}; convert it to UTF-8")]
    Encoding {
        /// The encoding that its byte order mark names.
        encoding: &'static str,
    },
    /// The grammar of the file asks for UTF-8, and a byte is not.
    #[error("a byte that is not UTF-8, which {grammar} asks for")]
    NotUtf8 {
        /// The language of the file.
        grammar: &'static str,
        /// The first such byte.
        position: Position,
    },
    /// The file does not follow its own grammar.
    #[error("this is not {grammar}: {message}")]
    Syntax {
        /// The language of the file.
        grammar: &'static str,
        /// What the reader of that language says.
        message: String,
        /// Where it stopped.
        position: Position,
    },
    /// There is no place for a version at all.
    #[error(
        "no version here: expected {expected}, or a line with a version and `x-release-please-version`"
    )]
    NoMarker {
        /// The place that was looked for.
        expected: &'static str,
    },
    /// `pyproject.toml` leaves the version to its build tool.
    #[error("no version here: `project.dynamic` leaves it to the build tool")]
    Dynamic {
        /// The list that says so.
        position: Position,
    },
    /// There is a place for a version, but only empty ones: nothing can be read.
    #[error("{kind} is empty, and no other place here holds a version")]
    Empty {
        /// The place.
        kind: &'static str,
        /// The first one.
        position: Position,
    },
    /// Two places hold different versions.
    #[error("{kind} is `{version}`, but `{first}` stands at {first_position}")]
    Disagree {
        /// The place that differs.
        kind: &'static str,
        /// Its version.
        version: Box<Version>,
        /// Where it stands.
        position: Position,
        /// The first version of the text.
        first: Box<Version>,
        /// Where that one stands.
        first_position: Position,
    },
    /// The place for a version holds something else.
    #[error("`{text}` is not a version: {cause}")]
    NotAVersion {
        /// What stands there; its beginning, when it is long.
        text: String,
        /// Why it is not a version.
        #[source]
        cause: ParseError,
        /// Where it begins.
        position: Position,
    },
    /// `<repo-version>` without `</repo-version>` before the next one or the end of the file.
    #[error("`<repo-version>` is not closed")]
    Unclosed {
        /// The opening tag.
        position: Position,
    },
    /// The text of a marker is broken up by HTML tags.
    #[error("the version in `<repo-version>` is broken up by HTML tags")]
    Split {
        /// The second piece.
        position: Position,
    },
    /// A version written with escapes, which cannot be replaced byte for byte.
    #[error("{kind} is not written plainly, without escapes, folds, tags, anchors or comments")]
    NotPlain {
        /// The place.
        kind: &'static str,
        /// Where it begins.
        position: Position,
    },
    /// A version that is a number, a list or a table.
    #[error("{kind} is not a string")]
    NotText {
        /// The place.
        kind: &'static str,
        /// Where it begins.
        position: Position,
    },
    /// The same key twice.
    #[error("{kind} is given twice")]
    Duplicate {
        /// The key.
        kind: &'static str,
        /// The second one.
        position: Position,
    },
    /// The version is a reference to something the file does not define.
    #[error("the version is `{text}`, and `/project/properties` here does not define that")]
    Property {
        /// The reference.
        text: String,
        /// Where it stands.
        position: Position,
    },
    /// What is asked of a dependency of our own is not one full version, and the version to be
    /// written does not satisfy it.
    #[error("`{requirement}`, asked of a package that becomes `{version}`, does not admit it")]
    Requirement {
        /// What is asked.
        requirement: String,
        /// The version to be written.
        version: Version,
        /// Where it is asked.
        position: Position,
    },
    /// The version was written, read again, and was not there: the line or the grammar around it
    /// has no room for such a version.
    #[error("{kind} cannot hold `{version}`: it would not be read back the same")]
    Unreadable {
        /// The place.
        kind: &'static str,
        /// The version.
        version: Version,
        /// Where it was to be written.
        position: Position,
    },
}

impl DocumentError {
    /// Returns where in the text the error lies, when it lies at one place.
    pub fn position(&self) -> Option<Position> {
        match self {
            Self::Encoding { .. } | Self::NoMarker { .. } => None,
            Self::NotUtf8 { position, .. }
            | Self::Syntax { position, .. }
            | Self::Dynamic { position }
            | Self::Empty { position, .. }
            | Self::Disagree { position, .. }
            | Self::NotAVersion { position, .. }
            | Self::Unclosed { position }
            | Self::Split { position }
            | Self::NotPlain { position, .. }
            | Self::NotText { position, .. }
            | Self::Duplicate { position, .. }
            | Self::Property { position, .. }
            | Self::Requirement { position, .. }
            | Self::Unreadable { position, .. } => Some(*position),
        }
    }
}
