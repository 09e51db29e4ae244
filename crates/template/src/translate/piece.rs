//! What the result is put together from.

/// A part of the result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// Text of the template as it stands there, and whether Go takes the white space at its ends
    /// away.
    Text {
        raw: String,
        lead: bool,
        trail: bool,
    },
    /// A tag.
    Code(Shape, String),
}

/// The brackets of a tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Expression,
    Statement,
    Comment,
}

impl Shape {
    pub(super) fn brackets(self) -> (&'static str, &'static str) {
        match self {
            Self::Expression => ("{{", "}}"),
            Self::Statement => ("{%", "%}"),
            Self::Comment => ("{#", "#}"),
        }
    }
}
