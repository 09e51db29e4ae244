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
    let mut above: &[u8] = b"";
    for span in lines(source) {
        let line = source.get(span.clone()).unwrap_or_default();
        let bare = line.trim_ascii_end();
        if let Some(opening) = block {
            if bare == opening {
                block = None;
            }
        } else if line.starts_with(ATTRIBUTE) {
            found.push(revision(source, span.start + ATTRIBUTE.len()..span.end)?);
        } else if !is_underline(bare, above) {
            block = delimiter(bare);
        }
        above = bare;
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

/// Tells whether a row of `-` or `+` is not a delimiter but the underline of the title above it,
/// which is as long but for one character.
fn is_underline(line: &[u8], above: &[u8]) -> bool {
    matches!(line.first(), Some(b'-' | b'+'))
        && above.first().is_some_and(|first| !b":.[/".contains(first))
        && above
            .iter()
            .any(|byte| byte.is_ascii_alphanumeric() || *byte >= 0x80)
        && characters(above).abs_diff(line.len()) <= 1
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
