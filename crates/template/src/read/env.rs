use super::Reader;
use crate::diagnostic::Diagnostic;
use crate::node::{Content, Entries, Node};

/// `NAME=value` and `export NAME=value`; in single quotes everything is itself, in double quotes
/// `\n`, `\t`, `\r`, `\"`, `\\` and `\$` are known, both may go over lines; without quotes a ` #`
/// begins a comment. Nothing is expanded.
pub(super) fn read(reader: &Reader<'_>) -> Result<Node, Diagnostic> {
    let (text, skipped) = reader.text();
    let mut entries = Entries::default();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let line = rest.split('\n').next().unwrap_or_default();
        let indent = line.len() - line.trim_start().len();
        let start = at + indent;
        let span = start + skipped..start + skipped + line.trim().len().max(1);
        let content = line.trim();
        if content.is_empty() || content.starts_with('#') {
            at += line.len() + 1;
            continue;
        }
        let assignment = match content.strip_prefix("export ") {
            Some(assignment) => assignment.trim_start(),
            None => content,
        };
        let Some((name, _)) = assignment.split_once('=') else {
            return Err(reader.problem("expected `NAME=value`", span));
        };
        let name = name.trim();
        let legal = |each: char| each.is_ascii_alphanumeric() || matches!(each, '_' | '.' | '-');
        if name.is_empty() || !name.chars().all(legal) {
            return Err(reader.problem(format!("`{name}` is not a name"), span));
        }
        if let Some(first) = entries.get(name) {
            return Err(reader.twice(name, &first.origin, span));
        }
        let equals = rest.find('=').unwrap_or_default();
        let value_at = at + equals + 1;
        let after = text.get(value_at..).unwrap_or_default();
        let blanks = after.len() - after.trim_start_matches([' ', '\t']).len();
        let (value, length) = value(after.get(blanks..).unwrap_or_default()).ok_or_else(|| {
            reader.problem(
                "the quote is never closed",
                value_at + blanks + skipped..value_at + blanks + skipped + 1,
            )
        })?;
        entries.push(
            name.into(),
            Node::scalar(value, reader.origin(start + skipped)),
        );
        let end = value_at + blanks + length;
        let tail = text.get(end..).unwrap_or_default();
        let tail_line = tail.split('\n').next().unwrap_or_default();
        if !tail_line.trim().is_empty() && !tail_line.trim().starts_with('#') {
            return Err(reader.problem(
                "there is text behind the closing quote",
                end + skipped..end + skipped + 1,
            ));
        }
        at = end + tail_line.len() + 1;
    }
    Ok(Node {
        content: Content::Map(entries),
        origin: reader.origin(0),
    })
}

/// Returns a value and how many bytes it takes; nothing when its quote is never closed.
fn value(text: &str) -> Option<(String, usize)> {
    match text.chars().next() {
        Some('\'') => {
            let inner = text.get(1..)?;
            let end = inner.find('\'')?;
            Some((inner.get(..end)?.to_owned(), end + 2))
        }
        Some('"') => {
            let mut value = String::new();
            let mut characters = text.char_indices().skip(1);
            while let Some((at, each)) = characters.next() {
                match each {
                    '"' => return Some((value, at + 1)),
                    '\\' => match characters.next()?.1 {
                        'n' => value.push('\n'),
                        't' => value.push('\t'),
                        'r' => value.push('\r'),
                        known @ ('"' | '\\' | '$') => value.push(known),
                        other => value.extend(['\\', other]),
                    },
                    other => value.push(other),
                }
            }
            None
        }
        _ => {
            let line = text.split('\n').next().unwrap_or_default();
            let end = line.find(" #").unwrap_or(line.len());
            let bare = line.get(..end)?.trim();
            Some((bare.to_owned(), line.len()))
        }
    }
}
