//! `AsciiDoc`: the attribute `:Revision:` at the start of a line, outside blocks that are shown as
//! they are written.

use std::ops::Range;

use memchr::{memchr2, memmem};

use super::DocumentError;
use super::found::Found;
use super::position::characters;

const ATTRIBUTE: &[u8] = b":Revision:";
const KIND: &str = "`:Revision:`";

pub(super) fn find(source: &[u8]) -> Result<Vec<Found>, DocumentError> {
    let mut found = Vec::new();
    if memmem::find(source, ATTRIBUTE).is_none() {
        return Ok(found);
    }
    let mut block: Option<&[u8]> = None;
    let mut title: Option<&[u8]> = None;
    let mut in_paragraph = false;
    for span in lines(source) {
        let line = source.get(span.clone()).unwrap_or_default();
        let bare = line.trim_ascii_end();
        if let Some(opening) = block {
            if bare == opening {
                block = None;
            }
            continue;
        }
        if line.starts_with(ATTRIBUTE) {
            found.push(revision(source, span.start + ATTRIBUTE.len()..span.end)?);
        }
        let underlines = title.is_some_and(|title| is_underline(bare, title));
        block = delimiter(bare).filter(|_| !underlines);
        let is_text = is_text(bare) && block.is_none() && !underlines;
        title = Some(bare).filter(|_| is_text && !in_paragraph);
        in_paragraph = is_text;
    }
    Ok(found)
}

fn revision(source: &[u8], value: Range<usize>) -> Result<Found, DocumentError> {
    let mut found = Found::read(source, value.clone(), KIND)?;
    if found.version.is_none() {
        // one blank belongs between the colon and the value
        if let Some(b' ' | b'\t') = source.get(value.start) {
            found.span = value.start + 1..value.start + 1;
        } else {
            found.lead = " ";
        }
    }
    Ok(found)
}

/// Returns how the block ends that a line opens: listing, literal, comment, passthrough or fence.
fn delimiter(line: &[u8]) -> Option<&[u8]> {
    const FENCE: &[u8] = b"```";
    const SHORTEST: usize = 4;
    if line.starts_with(FENCE) && line.get(FENCE.len()) != Some(&b'`') {
        return line.get(..FENCE.len());
    }
    let first = line.first()?;
    let delimits = line.len() >= SHORTEST
        && matches!(first, b'-' | b'.' | b'/' | b'+')
        && line.iter().all(|byte| byte == first);
    delimits.then_some(line)
}

/// Tells whether a line is none of those that stand above a paragraph or a title: blank, attribute,
/// block title, block attributes, comment.
fn is_text(line: &[u8]) -> bool {
    line.first().is_some_and(|first| !b":.[/".contains(first))
}

/// Tells whether a row of `-` or `+` is not a delimiter but the underline of a title, which is as
/// long but for one character. The title is the only line of its paragraph.
fn is_underline(line: &[u8], title: &[u8]) -> bool {
    let has_word = |byte: &u8| byte.is_ascii_alphanumeric() || !byte.is_ascii();
    matches!(line.first(), Some(b'-' | b'+'))
        && title.iter().any(has_word)
        && characters(title).abs_diff(line.len()) <= 1
}

/// Returns the lines, without what ends them.
fn lines(source: &[u8]) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut from = 0;
    std::iter::from_fn(move || {
        let rest = source.get(from..).filter(|rest| !rest.is_empty())?;
        let length = memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
        let line = from..from + length;
        from = line.end + 1;
        Some(line)
    })
}
