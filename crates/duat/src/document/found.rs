//! A place that a reader of one format has found, and how its text becomes a version.

use std::ops::Range;

use super::{DocumentError, Position};
use crate::Version;
use crate::version::ParseError;

/// A marker before lines are counted. Its span is that of the version alone.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) span: Range<usize>,
    pub(super) version: Option<Version>,
    pub(super) kind: &'static str,
    /// What must stand before a version that is put into an empty marker.
    pub(super) lead: &'static str,
}

/// What is asked of a package of our own, and is not one full version: left as it is, but it must
/// admit the version to be written.
#[derive(Debug)]
pub(super) struct Requirement {
    pub(super) position: Position,
    pub(super) text: String,
    pub(super) asked: semver::VersionReq,
}

impl Found {
    /// Returns a marker to be filled.
    pub(super) fn empty(at: usize, kind: &'static str) -> Self {
        Self {
            span: at..at,
            version: None,
            kind,
            lead: "",
        }
    }

    /// Reads the text of a marker. Blanks around the version and a `v` before it stay outside the
    /// span; nothing but blanks is an empty marker at the front of `span`.
    pub(super) fn read(
        source: &[u8],
        span: Range<usize>,
        kind: &'static str,
    ) -> Result<Self, DocumentError> {
        let mut text = trim(source, span.clone());
        if text.is_empty() {
            return Ok(Self::empty(span.start, kind));
        }
        let bytes = source.get(text.clone()).unwrap_or_default();
        if let [b'v' | b'V', b'0'..=b'9', ..] = bytes {
            text.start += 1;
        }
        let version = String::from_utf8_lossy(bytes)
            .parse()
            .map_err(|cause| not_a_version(source, text.start, bytes, cause))?;
        Ok(Self {
            span: text,
            version: Some(version),
            kind,
            lead: "",
        })
    }
}

/// Says that what stands `at` is no version. A long text is cut.
pub(super) fn not_a_version(
    source: &[u8],
    at: usize,
    text: &[u8],
    cause: ParseError,
) -> DocumentError {
    DocumentError::NotAVersion {
        text: shown(text),
        cause,
        position: Position::of(source, at),
    }
}

/// Returns a text fit for one line of a message.
pub(super) fn shown(text: &[u8]) -> String {
    const LONGEST: usize = 40;
    let cut = text.get(..4 * LONGEST).unwrap_or(text);
    let readable = String::from_utf8_lossy(cut);
    let mut shown: String = readable.chars().take(LONGEST).collect();
    if shown.len() < readable.len() || cut.len() < text.len() {
        shown.push('…');
    }
    shown.replace(char::is_control, " ")
}

/// Returns the source as text.
pub(super) fn utf8<'a>(source: &'a [u8], grammar: &'static str) -> Result<&'a str, DocumentError> {
    str::from_utf8(source).map_err(|error| DocumentError::NotUtf8 {
        grammar,
        position: Position::of(source, error.valid_up_to()),
    })
}

fn trim(source: &[u8], span: Range<usize>) -> Range<usize> {
    let bytes = source.get(span.clone()).unwrap_or_default();
    let (leading, length) = if let Ok(text) = str::from_utf8(bytes) {
        (text.len() - text.trim_start().len(), text.trim().len())
    } else {
        let leading = bytes.len() - bytes.trim_ascii_start().len();
        (leading, bytes.trim_ascii().len())
    };
    let start = span.start + leading;
    start..start + length
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_shows_forty_characters_and_says_that_there_are_more() {
        for character in ["a", "\u{e4}", "\u{1f600}"] {
            let whole = character.repeat(40);
            assert_eq!(shown(whole.as_bytes()), whole);
            for more in [41, 100, 1000] {
                let text = character.repeat(more);
                assert_eq!(shown(text.as_bytes()), format!("{whole}…"), "{more}");
            }
        }
        assert_eq!(shown(b"a\x1b\nb"), "a  b");
    }
}
