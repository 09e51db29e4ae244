use std::collections::HashMap;

use saphyr_parser::{Event, Parser, ScalarStyle, Span};

use super::{DEEPEST, MOST, Reader};
use crate::diagnostic::Diagnostic;
use crate::node::{Content, Entries, Node};
use crate::value::Value;

pub(super) fn read(reader: &Reader<'_>) -> Result<Node, Diagnostic> {
    let mut documents = documents(reader)?;
    let first = documents.next_document()?;
    let Some(first) = first else {
        return Ok(Node::scalar(Value::Null, reader.origin(0)));
    };
    if let Some(at) = documents.start_of_next()? {
        let problem = reader.problem("there is a second document; values are one", at..at + 3);
        return Err(problem.hint("put each document in a file of its own"));
    }
    Ok(first)
}

/// Returns every document: what checks an output of several.
pub(crate) fn read_all(source: &crate::source::Source) -> Result<Vec<Node>, Diagnostic> {
    let reader = Reader::new(source);
    let mut documents = documents(&reader)?;
    let mut all = Vec::new();
    while let Some(node) = documents.next_document()? {
        all.push(node);
    }
    Ok(all)
}

fn documents<'a>(reader: &'a Reader<'a>) -> Result<Documents<'a>, Diagnostic> {
    let (text, skipped) = reader.text();
    if let Some(at) = too_deep(text) {
        let message = format!("lists and maps stand in one another more than {DEEPEST} deep");
        return Err(reader.problem(message, at..at + 1));
    }
    let mut offsets: Vec<usize> = Vec::new();
    if !text.is_ascii() {
        offsets.extend(text.char_indices().map(|(at, _)| at));
        offsets.push(text.len());
    }
    Ok(Documents {
        reader,
        parser: Parser::new_from_str(text),
        skipped,
        offsets,
        anchors: HashMap::new(),
        count: 0,
    })
}

/// Finds where flow brackets nest deeper than any value may, before the parser sees them: its own
/// recursion is bounded by nothing else.
fn too_deep(text: &str) -> Option<usize> {
    const BRACKETS: usize = 512;
    let mut depth = 0_usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            b'\n' if depth < BRACKETS / 2 => {}
            _ => {}
        }
        if depth > BRACKETS {
            return Some(at);
        }
    }
    None
}

struct Documents<'a> {
    reader: &'a Reader<'a>,
    parser: Parser<'a, saphyr_parser::StrInput<'a>>,
    /// Bytes of the byte order mark.
    skipped: usize,
    /// Byte offsets of the characters, when some have more than one byte.
    offsets: Vec<usize>,
    /// What anchors stand for, and how many values that is.
    anchors: HashMap<usize, (Node, usize)>,
    count: usize,
}

type Next<'a> = (Event<'a>, Span);

impl<'a> Documents<'a> {
    fn next(&mut self) -> Result<Option<Next<'a>>, Diagnostic> {
        match self.parser.next_event() {
            None => Ok(None),
            Some(Ok(next)) => Ok(Some(next)),
            Some(Err(error)) => {
                let at = self.byte(error.marker().index());
                Err(self
                    .reader
                    .problem(format!("it is not YAML: {}", error.info()), at..at + 1))
            }
        }
    }

    fn next_document(&mut self) -> Result<Option<Node>, Diagnostic> {
        while let Some((event, _)) = self.next()? {
            if let Event::DocumentStart(_) = event {
                self.anchors.clear();
                let Some(first) = self.next()? else {
                    return Ok(None);
                };
                return self.node(first, 0).map(Some);
            }
        }
        Ok(None)
    }

    fn start_of_next(&mut self) -> Result<Option<usize>, Diagnostic> {
        while let Some((event, span)) = self.next()? {
            if let Event::DocumentStart(_) = event {
                return Ok(Some(self.byte(span.start.index())));
            }
        }
        Ok(None)
    }

    fn node(&mut self, (event, span): Next<'a>, depth: usize) -> Result<Node, Diagnostic> {
        let start = self.byte(span.start.index());
        let range = start..self.byte(span.end.index()).max(start + 1);
        let origin = self.reader.origin(start);
        self.count += 1;
        if depth > DEEPEST {
            let message = format!("lists and maps stand in one another more than {DEEPEST} deep");
            return Err(self.reader.problem(message, range));
        }
        let before = self.count;
        let (content, anchor) = match event {
            Event::Scalar(text, style, anchor, tag) => {
                let tag = tag.as_deref().filter(|tag| tag.is_yaml_core_schema());
                let value = scalar(&text, style, tag.map(|tag| tag.suffix.as_str()));
                let value = value.map_err(|message| self.reader.problem(message, range))?;
                (Content::Scalar(value), anchor)
            }
            Event::SequenceStart(anchor, _) => {
                let mut items = Vec::new();
                loop {
                    match self.next()? {
                        None | Some((Event::SequenceEnd, _)) => break,
                        Some(next) => items.push(self.node(next, depth + 1)?),
                    }
                }
                (Content::List(items), anchor)
            }
            Event::MappingStart(anchor, _) => (self.map(depth)?, anchor),
            Event::Alias(anchor) => {
                let Some((node, size)) = self.anchors.get(&anchor) else {
                    return Err(self
                        .reader
                        .problem("the alias stands for nothing yet", range));
                };
                let node = node.clone();
                self.count = self.count.saturating_add(*size);
                if self.count > MOST {
                    return Err(self
                        .reader
                        .problem(format!("the aliases make more than {MOST} values"), range));
                }
                if depth + node.value().depth() > DEEPEST {
                    return Err(self.reader.problem("the aliases go too deep", range));
                }
                return Ok(node);
            }
            _ => (Content::Scalar(Value::Null), 0),
        };
        if self.count > MOST {
            return Err(self.reader.problem(
                format!("there are more than {MOST} values"),
                start..start + 1,
            ));
        }
        let node = Node { content, origin };
        if anchor > 0 {
            self.anchors
                .insert(anchor, (node.clone(), self.count - before + 1));
        }
        Ok(node)
    }

    fn map(&mut self, depth: usize) -> Result<Content, Diagnostic> {
        let mut entries = Entries::default();
        let mut merged: Vec<Node> = Vec::new();
        loop {
            let (event, span) = match self.next()? {
                None | Some((Event::MappingEnd, _)) => break,
                Some(next) => next,
            };
            let start = self.byte(span.start.index());
            let range = start..self.byte(span.end.index()).max(start + 1);
            let merge =
                matches!(&event, Event::Scalar(text, ScalarStyle::Plain, _, _) if text == "<<");
            let key = match &event {
                Event::Scalar(text, _, anchor, _) => {
                    let text = text.to_string();
                    if *anchor > 0 {
                        let node = Node::scalar(text.clone(), self.reader.origin(start));
                        self.anchors.insert(*anchor, (node, 1));
                    }
                    text
                }
                Event::Alias(anchor) => {
                    match self.anchors.get(anchor).map(|(node, _)| node.value()) {
                        Some(Value::Text(text)) => text,
                        _ => return Err(self.reader.problem("a key must be a scalar", range)),
                    }
                }
                _ => return Err(self.reader.problem("a key must be a scalar", range)),
            };
            let Some(next) = self.next()? else { break };
            let mut value = self.node(next, depth + 1)?;
            if merge {
                match value.content {
                    Content::List(items) => merged.extend(items),
                    _ => merged.push(value),
                }
                continue;
            }
            if let Some(first) = entries.get(&key) {
                return Err(self.reader.twice(&key, &first.origin, range));
            }
            if matches!(value.content, Content::Scalar(Value::Null)) {
                value.origin = self.reader.origin(start);
            }
            entries.push(key.into(), value);
        }
        for source in merged {
            if let Content::Map(more) = source.content {
                for (key, value) in more.iter() {
                    entries.get_or_insert_with(key, || value.clone());
                }
            }
        }
        Ok(Content::Map(entries))
    }

    fn byte(&self, character: usize) -> usize {
        let at = if self.offsets.is_empty() {
            character
        } else {
            let last = self.offsets.last().copied().unwrap_or_default();
            self.offsets.get(character).copied().unwrap_or(last)
        };
        (self.skipped + at).min(self.reader.source.text().len())
    }
}

/// The core schema of YAML 1.2.2, section 10.3.2, with Go's `0b` and `_` left out.
fn scalar(text: &str, style: ScalarStyle, tag: Option<&str>) -> Result<Value, String> {
    if tag == Some("str") || tag.is_none() && style != ScalarStyle::Plain {
        return Ok(text.into());
    }
    let wrong = |kind: &str| format!("`{text}` is not {kind}, as its tag says");
    match tag {
        Some("int") => {
            return integer(text)
                .map(Value::Integer)
                .ok_or_else(|| wrong("an integer"));
        }
        Some("float") => {
            let whole = || text.parse().ok().map(Value::Float);
            return float(text).or_else(whole).ok_or_else(|| wrong("a float"));
        }
        Some("bool") if !matches!(text, "true" | "false") => return Err(wrong("a boolean")),
        _ => {}
    }
    Ok(match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => true.into(),
        "false" | "False" | "FALSE" => false.into(),
        _ => integer(text)
            .map(Value::Integer)
            .or_else(|| float(text))
            .unwrap_or_else(|| text.into()),
    })
}

fn integer(text: &str) -> Option<i128> {
    let radix = |prefix: &str, radix| {
        let digits = text.strip_prefix(prefix)?;
        i128::from_str_radix(digits, radix)
            .ok()
            .filter(|_| !digits.starts_with(['-', '+']))
    };
    if let Some(number) = radix("0x", 16).or_else(|| radix("0o", 8)) {
        return Some(number);
    }
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let decimal = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    decimal.then(|| text.parse().ok()).flatten()
}

fn float(text: &str) -> Option<Value> {
    match text {
        ".inf" | ".Inf" | ".INF" | "+.inf" => return Some(f64::INFINITY.into()),
        "-.inf" | "-.Inf" | "-.INF" => return Some(f64::NEG_INFINITY.into()),
        ".nan" | ".NaN" | ".NAN" => return Some(f64::NAN.into()),
        _ => {}
    }
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let legal = |byte: u8| byte.is_ascii_digit() || b".eE+-".contains(&byte);
    let starts = digits
        .bytes()
        .next()
        .is_some_and(|byte| byte.is_ascii_digit() || byte == b'.');
    let has_digit = digits.bytes().any(|byte| byte.is_ascii_digit());
    (starts && has_digit && digits.bytes().all(legal))
        .then(|| text.parse().ok().map(Value::Float))
        .flatten()
}
