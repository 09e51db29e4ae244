use std::array;
use std::borrow::Cow;
use std::sync::Arc;

use super::{DEEPEST, Reader};
use crate::diagnostic::Diagnostic;
use crate::node::{Content, Entries, Node};
use crate::value::Value;

pub(super) fn read(reader: &Reader<'_>) -> Result<Node, Diagnostic> {
    let (_, at) = reader.text();
    let mut parser = Parser {
        reader,
        bytes: reader.source.text().as_bytes(),
        at,
        depth: 0,
        shapes: array::from_fn(|_| Shape::default()),
    };
    parser.blanks();
    let node = parser.value()?;
    parser.blanks();
    if parser.at < parser.bytes.len() {
        return Err(parser.unexpected("the end"));
    }
    Ok(node)
}

/// RFC 8259, with places.
struct Parser<'a> {
    reader: &'a Reader<'a>,
    bytes: &'a [u8],
    at: usize,
    depth: usize,
    /// What the last list and the last map were like, by depth: most often the next is like them.
    shapes: [Shape; DEEPEST + 1],
}

#[derive(Default)]
struct Shape {
    /// How many items the list had.
    items: usize,
    /// How many names the map had.
    width: usize,
    /// The first names of the map, in order; the next one shares them.
    names: Vec<Arc<str>>,
}

/// The bytes that end a string, or do not stand for themselves in one.
const SPECIAL: [bool; 256] = {
    let mut special = [false; 256];
    let mut control = 0;
    while control < 0x20 {
        special[control] = true;
        control += 1;
    }
    special[b'"' as usize] = true;
    special[b'\\' as usize] = true;
    special
};

/// What is set apart for a list before it is read, and what is remembered of a map, at most.
const WIDEST: usize = 16;

impl<'a> Parser<'a> {
    fn shape(&mut self) -> &mut Shape {
        let last = self.shapes.len() - 1;
        &mut self.shapes[self.depth.min(last)]
    }

    fn value(&mut self) -> Result<Node, Diagnostic> {
        let origin = self.reader.origin(self.at);
        let content = match self.peek() {
            Some(b'{') => self.nested(Self::map)?,
            Some(b'[') => self.nested(Self::list)?,
            Some(b'"') => Content::Scalar(Value::Text(self.text()?.into_owned())),
            Some(b'-' | b'0'..=b'9') => Content::Scalar(self.number()?),
            _ => {
                let words = [
                    ("true", true.into()),
                    ("false", false.into()),
                    ("null", Value::Null),
                ];
                let rest = self.bytes.get(self.at..).unwrap_or_default();
                let word = words
                    .into_iter()
                    .find(|(word, _)| rest.starts_with(word.as_bytes()));
                let (word, value) = word.ok_or_else(|| self.unexpected("a value"))?;
                self.at += word.len();
                Content::Scalar(value)
            }
        };
        Ok(Node { content, origin })
    }

    fn nested(
        &mut self,
        inner: fn(&mut Self) -> Result<Content, Diagnostic>,
    ) -> Result<Content, Diagnostic> {
        self.depth += 1;
        if self.depth > DEEPEST {
            let message = format!("lists and maps stand in one another more than {DEEPEST} deep");
            return Err(self.reader.problem(message, self.at..self.at + 1));
        }
        let content = inner(self);
        self.depth -= 1;
        content
    }

    fn map(&mut self) -> Result<Content, Diagnostic> {
        let mut entries = Entries::with_capacity(self.shape().width);
        self.at += 1;
        self.blanks();
        while !self.skip(b'}') {
            if !entries.is_empty() {
                self.expect(b',', "`,` or `}`")?;
                self.blanks();
            }
            let start = self.at;
            if self.peek() != Some(b'"') {
                return Err(self.unexpected("a key in double quotes"));
            }
            let name = self.text()?;
            if let Some(first) = entries.get(&name) {
                return Err(self.reader.twice(&name, &first.origin, start..self.at));
            }
            let name = self.shared(&name, entries.len());
            self.blanks();
            self.expect(b':', "`:`")?;
            self.blanks();
            entries.push(name, self.value()?);
            self.blanks();
        }
        self.shape().width = entries.len();
        // most are small, and there are many: what they have not filled is most of what they take
        entries.shrink_to_fit();
        Ok(Content::Map(entries))
    }

    /// Returns the name that stands at `index` of a map: that of the last map if it is the same.
    fn shared(&mut self, name: &str, index: usize) -> Arc<str> {
        let names = &mut self.shape().names;
        match names.get_mut(index) {
            Some(last) if **last == *name => Arc::clone(last),
            Some(last) => {
                *last = name.into();
                Arc::clone(last)
            }
            None => {
                let name = Arc::from(name);
                if names.len() == index && index < WIDEST {
                    names.push(Arc::clone(&name));
                }
                name
            }
        }
    }

    fn list(&mut self) -> Result<Content, Diagnostic> {
        let mut items = Vec::with_capacity(self.shape().items.min(WIDEST));
        self.at += 1;
        self.blanks();
        while !self.skip(b']') {
            if !items.is_empty() {
                self.expect(b',', "`,` or `]`")?;
                self.blanks();
            }
            items.push(self.value()?);
            self.blanks();
        }
        self.shape().items = items.len();
        items.shrink_to_fit();
        Ok(Content::List(items))
    }

    fn text(&mut self) -> Result<Cow<'a, str>, Diagnostic> {
        let start = self.at;
        self.at += 1;
        let mut escaped = false;
        loop {
            let rest = self.bytes.get(self.at..).unwrap_or_default();
            let special = |byte: &u8| SPECIAL[usize::from(*byte)];
            let Some(plain) = rest.iter().position(special) else {
                return Err(self
                    .reader
                    .problem("the string is never closed", start..start + 1));
            };
            self.at += plain;
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => {
                    escaped = true;
                    self.at += 2;
                }
                _ => return Err(self.unexpected("the end of the string")),
            }
        }
        self.at += 1;
        let range = start..self.at.min(self.bytes.len());
        if !escaped {
            let inner = start + 1..range.end - 1;
            return Ok(Cow::Borrowed(self.reader.source.slice(&inner)));
        }
        let quoted = self.reader.source.slice(&range);
        serde_json::from_str(quoted).map(Cow::Owned).map_err(|_| {
            self.reader
                .problem("the string has an escape that JSON does not know", range)
        })
    }

    fn number(&mut self) -> Result<Value, Diagnostic> {
        let start = self.at;
        while matches!(
            self.peek(),
            Some(b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9')
        ) {
            self.at += 1;
        }
        let range = start..self.at;
        let text = self.reader.source.slice(&range);
        let wrong = || {
            self.reader
                .problem(format!("`{text}` is not a number"), range.clone())
        };
        let digits = text.trim_start_matches('-');
        if digits.len() > 1
            && digits.starts_with('0')
            && !digits.starts_with("0.")
            && !digits.starts_with(['e', 'E'])
        {
            return Err(wrong());
        }
        if digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return text.parse().map(Value::Integer).map_err(|_| wrong());
        }
        if serde_json::from_str::<serde_json::Number>(text).is_err() {
            return Err(wrong());
        }
        text.parse()
            .ok()
            .filter(|number: &f64| number.is_finite())
            .map(Value::Float)
            .ok_or_else(wrong)
    }

    fn blanks(&mut self) {
        while let Some(b' ' | b'\t' | b'\r' | b'\n') = self.peek() {
            self.at += 1;
        }
    }

    fn skip(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, byte: u8, what: &str) -> Result<(), Diagnostic> {
        if self.skip(byte) {
            Ok(())
        } else {
            Err(self.unexpected(what))
        }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn unexpected(&self, wanted: &str) -> Diagnostic {
        let rest = self.reader.source.text().get(self.at..).unwrap_or_default();
        let message = match rest.chars().next() {
            Some(found) => format!("expected {wanted}, found `{}`", found.escape_default()),
            None => format!("expected {wanted}, found the end of the text"),
        };
        self.reader.problem(message, self.at..self.at + 1)
    }
}
