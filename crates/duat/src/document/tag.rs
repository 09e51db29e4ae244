//! `<repo-version>…</repo-version>`, the marker of Markdown and HTML.

use std::ops::Range;

use memchr::{memchr, memmem};

use super::found::{Found, not_a_version};
use super::{DocumentError, Position, entity};

pub(super) const OPENING: &[u8] = b"<repo-version>";
const CLOSING: &[u8] = b"</repo-version>";
const KIND: &str = "`<repo-version>`";

/// Where tags are text, because the language around them says so.
#[derive(Default)]
pub(super) struct Hidden {
    /// In rising order, apart from each other.
    ranges: Vec<Range<usize>>,
    /// Whether a backslash takes a tag's meaning away.
    pub(super) backslash: bool,
}

impl Hidden {
    /// Adds a range that begins no earlier than the one before it.
    pub(super) fn push(&mut self, range: Range<usize>) {
        match self.ranges.last_mut() {
            Some(last) if range.start < last.end => last.end = last.end.max(range.end),
            _ => self.ranges.push(range),
        }
    }

    fn hides(&self, source: &[u8], at: usize) -> bool {
        let after = self.ranges.partition_point(|range| range.end <= at);
        let inside = |range: &Range<usize>| range.start <= at;
        self.ranges.get(after).is_some_and(inside) || self.backslash && is_escaped(source, at)
    }

    /// Returns where `tag` next stands for itself.
    fn next(&self, source: &[u8], tag: &[u8], from: usize) -> Option<usize> {
        memmem::find_iter(source.get(from..)?, tag)
            .map(|offset| from + offset)
            .find(|at| !self.hides(source, *at))
    }
}

/// Finds every marker that is not hidden.
pub(super) fn find(source: &[u8], hidden: &Hidden) -> Result<Vec<Found>, DocumentError> {
    let mut found = Vec::new();
    let mut opening = hidden.next(source, OPENING, 0);
    while let Some(at) = opening {
        let start = at + OPENING.len();
        opening = hidden.next(source, OPENING, start);
        match hidden.next(source, CLOSING, start) {
            Some(end) if opening.is_none_or(|next| end < next) => {
                found.push(read(source, start..end)?);
            }
            _ => {
                let position = Position::of(source, at);
                return Err(DocumentError::Unclosed { position });
            }
        }
    }
    Ok(found)
}

/// An odd number of backslashes before a byte takes its meaning away; an even number are backslashes
/// themselves.
fn is_escaped(source: &[u8], at: usize) -> bool {
    let before = source.get(..at).unwrap_or_default();
    let backslashes = before.iter().rev().take_while(|byte| **byte == b'\\');
    backslashes.count() % 2 == 1
}

fn read(source: &[u8], content: Range<usize>) -> Result<Found, DocumentError> {
    let mut found: Option<Found> = None;
    let mut at = content.start;
    while let Some(rest) = source.get(at..content.end)
        && !rest.is_empty()
    {
        let length = markup(rest);
        if length > 0 {
            at += length;
            continue;
        }
        let end = text(rest);
        if let Some(next) = version(source, at..at + end)? {
            if found.is_some() {
                let position = Position::of(source, next.span.start);
                return Err(DocumentError::Split { position });
            }
            found = Some(next);
        }
        at += end;
    }
    Ok(found.unwrap_or_else(|| Found::empty(content.start, KIND)))
}

/// Returns the length of the HTML tag or comment at the front, or 0.
fn markup(bytes: &[u8]) -> usize {
    let end = match bytes {
        [b'<', b'!', b'-', b'-', rest @ ..] => memmem::find(rest, b"-->").map(|end| end + 7),
        [b'<', b'/' | b'a'..=b'z' | b'A'..=b'Z', ..] => memchr(b'>', bytes).map(|end| end + 1),
        _ => None,
    };
    end.unwrap_or(0)
}

/// Returns the length of the text at the front: up to the next `<`, or all, where the `<` at the
/// front is no markup.
fn text(bytes: &[u8]) -> usize {
    memchr(b'<', bytes)
        .filter(|end| *end > 0)
        .unwrap_or(bytes.len())
}

/// Reads a run of text, character references understood. Returns nothing for blanks.
fn version(source: &[u8], run: Range<usize>) -> Result<Option<Found>, DocumentError> {
    let mut decoded = String::new();
    let (mut first, mut second, mut end) = (run.start, run.end, run.start);
    let mut at = run.start;
    while let Some((character, length)) = source.get(at..run.end).and_then(entity::character) {
        if decoded.is_empty() && character.is_whitespace() {
            at += length;
            continue;
        }
        match decoded.len() {
            0 => first = at,
            1 => second = at,
            _ => {}
        }
        decoded.push(character);
        at += length;
        if !character.is_whitespace() {
            end = at;
        }
    }
    let trimmed = decoded.trim_end();
    if trimmed.is_empty() {
        return Ok(None);
    }
    let start = match trimmed.as_bytes() {
        [b'v' | b'V', b'0'..=b'9', ..] => second,
        _ => first,
    };
    match trimmed.parse() {
        Ok(version) => Ok(Some(Found {
            span: start..end,
            version: Some(version),
            kind: KIND,
            lead: "",
        })),
        Err(cause) => Err(not_a_version(source, start, trimmed.as_bytes(), cause)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_hidden_is_all_that_some_range_holds() {
        let mut hidden = Hidden::default();
        let ranges = [0..8, 3..5, 6..10, 12..14, 14..15];
        for range in ranges.clone() {
            hidden.push(range);
        }
        for at in 0..20 {
            let expected = ranges.iter().any(|range| range.contains(&at));
            assert_eq!(hidden.hides(&[b' '; 20], at), expected, "{at}");
        }
    }
}
