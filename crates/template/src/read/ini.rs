use super::Reader;
use crate::diagnostic::Diagnostic;
use crate::node::{Content, Entries, Node};

/// `[section]`, `key = value` or `key: value`, comments behind `;` and `#` at the start of a line.
/// A section `[a.b]` stands in the map `a`.
pub(super) fn read(reader: &Reader<'_>) -> Result<Node, Diagnostic> {
    let (text, skipped) = reader.text();
    let mut root = Node::empty(reader.origin(0));
    let mut section: Vec<String> = Vec::new();
    let mut start = skipped;
    for line in text.split_inclusive('\n') {
        let from = start;
        start += line.len();
        let content = line.trim();
        let at = from + (line.len() - line.trim_start().len());
        let span = at..at + content.len();
        if content.is_empty() || content.starts_with([';', '#', '!']) {
            continue;
        }
        if let Some(inner) = content.strip_prefix('[') {
            let Some(name) = inner.strip_suffix(']') else {
                return Err(reader.problem("the section's `[` is never closed", span));
            };
            section = name.split('.').map(|part| part.trim().to_owned()).collect();
            if section.len() > super::DEEPEST {
                return Err(reader.problem("the section goes too deep", span));
            }
            enter(reader, &mut root, &section, at)?;
            continue;
        }
        let Some(sign) = content.find(['=', ':']) else {
            return Err(reader.problem("expected `key = value` or `[section]`", span));
        };
        let key = content.get(..sign).unwrap_or_default().trim();
        let value = content.get(sign + 1..).unwrap_or_default().trim();
        if key.is_empty() {
            return Err(reader.problem("the key is missing", span));
        }
        let entries = enter(reader, &mut root, &section, at)?;
        if let Some(first) = entries.get(key) {
            return Err(reader.twice(key, &first.origin, at..at + key.len()));
        }
        entries.push(key.into(), Node::scalar(unquote(value), reader.origin(at)));
    }
    Ok(root)
}

fn enter<'n>(
    reader: &Reader<'_>,
    root: &'n mut Node,
    section: &[String],
    at: usize,
) -> Result<&'n mut Entries, Diagnostic> {
    let taken = || reader.problem("the section has the name of a value", at..at + 1);
    let mut node = root;
    for name in section {
        let Content::Map(entries) = &mut node.content else {
            return Err(taken());
        };
        node = entries
            .get_or_insert_with(name, || Node::empty(reader.origin(at)))
            .ok_or_else(taken)?;
    }
    match &mut node.content {
        Content::Map(entries) => Ok(entries),
        _ => Err(taken()),
    }
}

fn unquote(value: &str) -> &str {
    let pairs = ['"', '\''].into_iter();
    let mut inner = pairs.filter_map(|quote| value.strip_prefix(quote)?.strip_suffix(quote));
    inner.next().unwrap_or(value)
}
