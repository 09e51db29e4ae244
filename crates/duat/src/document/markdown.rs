//! Markdown: `<repo-version>` outside fenced code, code spans and HTML comments.
//!
//! Where those are is for the `CommonMark` grammar to say, so its parser is asked, but only when the
//! text before the last marker has anything that could hide it.

use std::borrow::Cow;

use memchr::{memchr, memchr_iter, memchr2_iter, memmem};
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag};

use super::found::Found;
use super::tag::{self, Hidden};
use super::{DocumentError, html};

pub(super) fn find(source: &[u8]) -> Result<Vec<Found>, DocumentError> {
    let Some(last) = memmem::find_iter(source, tag::OPENING).last() else {
        return Ok(Vec::new());
    };
    let mut hidden = if can_hide(source.get(..last).unwrap_or_default()) {
        let length = paragraph_end(source, last);
        hidden(&shadow(source.get(..length).unwrap_or(source)))
    } else {
        Hidden::default()
    };
    hidden.backslash = true;
    tag::find(source, &hidden)
}

fn can_hide(before: &[u8]) -> bool {
    memchr(b'`', before).is_some()
        || memmem::find(before, b"~~~").is_some()
        || memmem::find(before, b"<!--").is_some()
}

/// Returns what is text by `CommonMark`'s rules. Indented code is not hidden: the predecessor reads
/// markers there.
fn hidden(text: &str) -> Hidden {
    let mut hidden = Hidden::default();
    for (event, range) in Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter() {
        match event {
            Event::Code(_) | Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(_))) => {
                hidden.push(range);
            }
            Event::InlineHtml(markup) if markup.starts_with("<!--") => hidden.push(range),
            Event::Start(Tag::HtmlBlock) => {
                for comment in html::comments(text.as_bytes(), range) {
                    hidden.push(comment);
                }
            }
            _ => {}
        }
    }
    hidden
}

/// Returns the first blank line after a place: what comes behind it cannot change what is before.
fn paragraph_end(source: &[u8], from: usize) -> usize {
    let rest = source.get(from..).unwrap_or_default();
    memchr2_iter(b'\n', b'\r', rest)
        .map(|end| end + 1)
        .find(|start| {
            let line = rest.get(*start..).unwrap_or_default();
            let is_half = rest.get(start - 1..=*start) == Some(b"\r\n");
            let mut text = line.iter().skip_while(|byte| matches!(byte, b' ' | b'\t'));
            !is_half && matches!(text.next(), Some(b'\n' | b'\r'))
        })
        .map_or(source.len(), |start| from + start)
}

/// Returns a text of the same length, with the same meaning to `CommonMark`, in which every byte that
/// is not UTF-8 is a letter and every lone CR is a LF.
fn shadow(source: &[u8]) -> Cow<'_, str> {
    let alone = |at: &usize| source.get(at + 1) != Some(&b'\n');
    let mut returns = memchr_iter(b'\r', source).filter(alone).peekable();
    if returns.peek().is_none()
        && let Ok(text) = str::from_utf8(source)
    {
        return Cow::Borrowed(text);
    }
    let mut shadow = Vec::with_capacity(source.len());
    for chunk in source.utf8_chunks() {
        shadow.extend_from_slice(chunk.valid().as_bytes());
        shadow.resize(shadow.len() + chunk.invalid().len(), b'x');
    }
    for at in returns {
        if let Some(byte) = shadow.get_mut(at) {
            *byte = b'\n';
        }
    }
    Cow::Owned(String::from_utf8(shadow).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paragraph_ends_where_the_next_line_is_blank() {
        for (text, from, end) in [
            ("a\nb\n\nc", 0, 4),
            ("a\r\nb\r\n\r\nc", 0, 6),
            ("a\r\rb", 0, 2),
            ("a\n \t\nb", 0, 2),
            ("a\n \tb\n", 0, 6),
            ("a\nb", 0, 3),
            ("a\n\nb\n\nc", 3, 5),
            ("", 0, 0),
        ] {
            assert_eq!(paragraph_end(text.as_bytes(), from), end, "{text:?}");
        }
    }
}
