//! Where the tags of a Go template are, as far as one can tell without reading what they say.

use std::ops::Range;

/// `{{ ... }}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tag {
    /// With its delimiters.
    pub(crate) outer: Range<usize>,
    /// Between the delimiters and their trim markers.
    pub(crate) inner: Range<usize>,
    /// Whether it takes the white space before it away.
    pub(crate) trims_before: bool,
    /// Whether it takes the white space behind it away.
    pub(crate) trims_after: bool,
}

/// What is not plain text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    Tag(Tag),
    /// Brackets whose inside is text.
    Passthrough(Range<usize>),
}

/// The words that begin what prints nothing by itself.
const STATEMENTS: [&str; 10] = [
    "block", "break", "continue", "define", "else", "end", "if", "range", "template", "with",
];

/// Returns the first tag or passthrough from `from` on; nothing where none is left that ends.
pub(crate) fn next(
    text: &str,
    from: usize,
    left: &str,
    right: &str,
    passthrough: &[(String, String)],
) -> Option<Found> {
    let rest = text.get(from..)?;
    let tag = rest.find(left).map(|at| from + at);
    let passing = passthrough.iter().filter_map(|(open, close)| {
        let start = from + rest.find(open.as_str())?;
        let inside = start + open.len();
        let end = inside + text.get(inside..)?.find(close.as_str())? + close.len();
        Some(start..end)
    });
    let passing = passing.min_by_key(|range| range.start);
    match (tag, passing) {
        (Some(at), Some(range)) if range.start <= at => Some(Found::Passthrough(range)),
        (Some(at), _) => read(text, at, left, right).map(Found::Tag),
        (None, passing) => passing.map(Found::Passthrough),
    }
}

/// Reads the tag at `start`.
fn read(text: &str, start: usize, left: &str, right: &str) -> Option<Tag> {
    let mut at = start + left.len();
    let bytes = text.as_bytes();
    let blank = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_whitespace);
    let trims_before = bytes.get(at) == Some(&b'-') && blank(at + 1);
    at += usize::from(trims_before);
    let inside = at;
    let comment = text.get(at..)?.trim_start();
    if comment.starts_with("/*") {
        at += text.get(at..)?.find("*/")? + 2;
    }
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        if rest.starts_with(right) {
            let trims_after = at > inside + 1 && bytes.get(at - 1) == Some(&b'-') && blank(at - 2);
            let end = at - usize::from(trims_after);
            return Some(Tag {
                outer: start..at + right.len(),
                inner: inside..text.get(inside..end)?.trim_end().len() + inside,
                trims_before,
                trims_after,
            });
        }
        let first = rest.chars().next()?;
        at += match first {
            '"' | '\'' | '`' => quoted(rest, first)?,
            other => other.len_utf8(),
        };
    }
    None
}

/// Returns the length of the literal that `rest` begins with.
fn quoted(rest: &str, quote: char) -> Option<usize> {
    let mut escaped = false;
    for (at, each) in rest.char_indices().skip(1) {
        match each {
            '\n' if quote != '`' => return None,
            _ if escaped => escaped = false,
            '\\' if quote != '`' => escaped = true,
            _ if each == quote => return Some(at + 1),
            _ => {}
        }
    }
    None
}

impl Tag {
    /// Tells whether it prints no value: a keyword, a comment, or variables that are set.
    pub(crate) fn is_statement(&self, text: &str) -> bool {
        let inner = text
            .get(self.inner.clone())
            .unwrap_or_default()
            .trim_start();
        let end = inner.find(|each: char| !each.is_alphanumeric() && each != '_' && each != '$');
        let word = inner.get(..end.unwrap_or(inner.len())).unwrap_or_default();
        let rest = inner.get(word.len()..).unwrap_or_default().trim_start();
        inner.starts_with("/*")
            || STATEMENTS.contains(&word)
            || word.starts_with('$') && (rest.starts_with(":=") || rest.starts_with('='))
    }

    /// Tells whether `name` is one of its words.
    pub(crate) fn names(&self, text: &str, name: &str) -> bool {
        let inner = text.get(self.inner.clone()).unwrap_or_default();
        let mut at = 0;
        while let Some(rest) = inner.get(at..).filter(|rest| !rest.is_empty()) {
            let first = rest.chars().next().unwrap_or(' ');
            let length = match first {
                '"' | '\'' | '`' => quoted(rest, first).unwrap_or(rest.len()),
                _ if first.is_alphanumeric() || matches!(first, '_' | '.' | '$') => {
                    let part = |each: char| each.is_alphanumeric() || matches!(each, '_' | '.');
                    let rest = rest.get(first.len_utf8()..).unwrap_or_default();
                    let end = rest.find(|each| !part(each)).unwrap_or(rest.len());
                    first.len_utf8() + end
                }
                _ => first.len_utf8(),
            };
            if rest.get(..length) == Some(name) {
                return true;
            }
            at += length;
        }
        false
    }
}
