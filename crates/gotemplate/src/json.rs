//! JSON as Go's `encoding/json` reads and writes it.

use crate::error::Fault;
use crate::fmt::float;
use crate::limits::{NESTING, deep};
use crate::list::List;
use crate::map::Map;
use crate::text::Str;
use crate::utf8;
use crate::value::Value;

/// How JSON is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    /// `json.Marshal`: on one line, `<`, `>` and `&` escaped.
    Html,
    /// `json.MarshalIndent` by two spaces.
    Pretty,
    /// On one line, without the escapes for HTML.
    Raw,
}

/// Encodes a value in at most `room` bytes.
pub(crate) fn encode(value: &Value, style: Style, room: usize) -> Result<Vec<u8>, Fault> {
    let mut writer = Writer {
        out: Vec::new(),
        style,
        room,
    };
    writer.value(value, 0)?;
    Ok(writer.out)
}

struct Writer {
    out: Vec<u8>,
    style: Style,
    room: usize,
}

impl Writer {
    fn value(&mut self, value: &Value, depth: usize) -> Result<(), Fault> {
        if self.out.len() > self.room {
            return Err(Fault::limit(format!(
                "exceeded the limit of {} bytes",
                self.room
            )));
        }
        if depth > NESTING {
            return Err(Fault::limit(format!("value nested deeper than {NESTING}")));
        }
        match value {
            Value::None | Value::Nil => self.out.extend_from_slice(b"null"),
            Value::Bool(b) => self
                .out
                .extend_from_slice(if *b { b"true" } else { b"false" }),
            Value::Int(_, n) => self.out.extend_from_slice(n.to_string().as_bytes()),
            Value::Uint(_, n) => self.out.extend_from_slice(n.to_string().as_bytes()),
            Value::Float(f) if f.is_finite() => {
                self.out.extend_from_slice(float::json(*f).as_bytes());
            }
            Value::Float(f) => {
                return Err(
                    format!("json: unsupported value: {}", float::format(*f, 'g', None)).into(),
                );
            }
            Value::Str(text) => self.string(text),
            Value::List(list) if list.is_nil() => self.out.extend_from_slice(b"null"),
            Value::Map(map) if map.is_nil() => self.out.extend_from_slice(b"null"),
            Value::List(list) => {
                let items = list.items();
                self.group(b'[', b']', items.len(), depth, |writer, i| {
                    writer.value(items.get(i).unwrap_or(&Value::Nil), depth + 1)
                })?;
            }
            Value::Map(map) => {
                let entries = map.entries()?;
                self.entries(&entries, depth)?;
            }
            Value::Object(object) => {
                if let Some(value) = object.encoded() {
                    self.value(&value, depth)?;
                } else {
                    let fields: Vec<(Str, Value)> = object
                        .fields()
                        .into_iter()
                        .map(|(name, value)| (Str::from(name), value))
                        .collect();
                    self.entries(&fields, depth)?;
                }
            }
            Value::Complex(_) | Value::Func(_) => {
                return Err(format!("json: unsupported type: {}", value.type_name()).into());
            }
        }
        Ok(())
    }

    fn entries(&mut self, entries: &[(Str, Value)], depth: usize) -> Result<(), Fault> {
        self.group(b'{', b'}', entries.len(), depth, |writer, i| {
            let Some((key, value)) = entries.get(i) else {
                return Ok(());
            };
            writer.string(key);
            writer.out.push(b':');
            if writer.style == Style::Pretty {
                writer.out.push(b' ');
            }
            writer.value(value, depth + 1)
        })
    }

    fn group(
        &mut self,
        open: u8,
        close: u8,
        count: usize,
        depth: usize,
        item: impl Fn(&mut Self, usize) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        self.out.push(open);
        deep(|| {
            for i in 0..count {
                if i > 0 {
                    self.out.push(b',');
                }
                self.line(depth + 1);
                item(self, i)?;
            }
            Ok::<(), Fault>(())
        })?;
        if count > 0 {
            self.line(depth);
        }
        self.out.push(close);
        Ok(())
    }

    fn line(&mut self, depth: usize) {
        if self.style == Style::Pretty {
            self.out.push(b'\n');
            self.out.resize(self.out.len() + 2 * depth, b' ');
        }
    }

    fn string(&mut self, text: &[u8]) {
        self.out.push(b'"');
        for (at, c, width) in utf8::runes(text) {
            match c {
                '"' => self.out.extend_from_slice(b"\\\""),
                '\\' => self.out.extend_from_slice(b"\\\\"),
                '\u{8}' => self.out.extend_from_slice(b"\\b"),
                '\u{c}' => self.out.extend_from_slice(b"\\f"),
                '\n' => self.out.extend_from_slice(b"\\n"),
                '\r' => self.out.extend_from_slice(b"\\r"),
                '\t' => self.out.extend_from_slice(b"\\t"),
                '<' | '>' | '&' if self.style != Style::Raw => self.escape(c),
                '\u{2028}' | '\u{2029}' => self.escape(c),
                utf8::BAD if width == 1 => self.escape(c),
                c if c < ' ' => self.escape(c),
                _ => self
                    .out
                    .extend_from_slice(text.get(at..at + width).unwrap_or_default()),
            }
        }
        self.out.push(b'"');
    }

    fn escape(&mut self, c: char) {
        self.out
            .extend_from_slice(format!("\\u{:04x}", u32::from(c)).as_bytes());
    }
}

/// Decodes a value as into an `interface{}`: numbers are `float64`.
pub(crate) fn decode(text: &[u8]) -> Result<Value, String> {
    decode_as(text, false)
}

/// Decodes a value; with `ints`, numbers without point and exponent are `int`.
pub(crate) fn decode_as(text: &[u8], ints: bool) -> Result<Value, String> {
    let mut reader = Reader { text, at: 0, ints };
    let value = reader.value(0)?;
    reader.space();
    match reader.peek() {
        None => Ok(value),
        Some(_) => Err(reader.bad("after top-level value")),
    }
}

struct Reader<'t> {
    text: &'t [u8],
    at: usize,
    ints: bool,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    /// What is wrong with the next byte.
    fn bad(&self, place: &str) -> String {
        match self.peek() {
            None => "unexpected end of JSON input".to_owned(),
            Some(b'\'') => format!("invalid character '\\'' {place}"),
            Some(b'"') => format!("invalid character '\"' {place}"),
            Some(byte) => {
                let mut shown = Vec::new();
                crate::quote::append_rune(&mut shown, char::from(byte), false);
                format!(
                    "invalid character {} {place}",
                    String::from_utf8_lossy(&shown)
                )
            }
        }
    }

    fn value(&mut self, depth: usize) -> Result<Value, String> {
        if depth > NESTING {
            return Err("exceeded max depth".to_owned());
        }
        self.space();
        match self.peek() {
            Some(b'{') => deep(|| self.object(depth)),
            Some(b'[') => deep(|| self.array(depth)),
            Some(b'"') => Ok(Value::from(self.string()?)),
            Some(b't') => self.literal("true", Value::Bool(true)),
            Some(b'f') => self.literal("false", Value::Bool(false)),
            Some(b'n') => self.literal("null", Value::Nil),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => Err(self.bad("looking for beginning of value")),
        }
    }

    fn literal(&mut self, word: &str, value: Value) -> Result<Value, String> {
        for expected in word.bytes() {
            if self.peek().is_none() {
                // Go reads a blank where the text ends.
                let expected = char::from(expected);
                return Err(format!(
                    "invalid character ' ' in literal {word} (expecting '{expected}')"
                ));
            }
            if self.peek() != Some(expected) {
                return Err(self.bad(&format!(
                    "in literal {word} (expecting '{}')",
                    char::from(expected)
                )));
            }
            self.at += 1;
        }
        Ok(value)
    }

    fn digits(&mut self, place: &str) -> Result<(), String> {
        if !self.peek().is_some_and(|b| b.is_ascii_digit()) {
            return Err(self.bad(place));
        }
        while self.peek().is_some_and(|b| b.is_ascii_digit()) {
            self.at += 1;
        }
        Ok(())
    }

    fn number(&mut self) -> Result<Value, String> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        if self.peek() == Some(b'0') {
            self.at += 1;
        } else {
            self.digits("in numeric literal")?;
        }
        let mut whole = true;
        if self.peek() == Some(b'.') {
            self.at += 1;
            whole = false;
            self.digits("after decimal point in numeric literal")?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            whole = false;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits("in exponent of numeric literal")?;
        }
        let text = String::from_utf8_lossy(self.text.get(start..self.at).unwrap_or_default());
        if let (true, true, Ok(n)) = (self.ints, whole, text.parse()) {
            return Ok(Value::int(n));
        }
        match text.parse::<f64>() {
            Ok(f) if f.is_finite() => Ok(Value::Float(f)),
            _ => Err(format!(
                "json: cannot unmarshal number {text} into Go value of type float64"
            )),
        }
    }

    fn string(&mut self) -> Result<Vec<u8>, String> {
        self.at += 1;
        let mut out = Vec::new();
        loop {
            let rest = self.text.get(self.at..).unwrap_or_default();
            let (c, width) = utf8::decode(rest);
            match (c, width) {
                (_, 0) => return Err(self.bad("in string literal")),
                ('"', _) => {
                    self.at += 1;
                    return Ok(out);
                }
                ('\\', _) => {
                    self.at += 1;
                    self.escape(&mut out)?;
                }
                (c, _) if c < ' ' => return Err(self.bad("in string literal")),
                (c, width) => {
                    utf8::push(&mut out, c);
                    self.at += width;
                }
            }
        }
    }

    fn escape(&mut self, out: &mut Vec<u8>) -> Result<(), String> {
        let plain = match self.peek() {
            Some(b @ (b'"' | b'\\' | b'/')) => b,
            Some(b'b') => 8,
            Some(b'f') => 12,
            Some(b'n') => b'\n',
            Some(b'r') => b'\r',
            Some(b't') => b'\t',
            Some(b'u') => {
                self.at += 1;
                let first = self.hex()?;
                let mut c = char::from_u32(first);
                if (0xD800..0xDC00).contains(&first)
                    && self
                        .text
                        .get(self.at..)
                        .is_some_and(|t| t.starts_with(b"\\u"))
                {
                    let back = self.at;
                    self.at += 2;
                    let second = self.hex()?;
                    if (0xDC00..0xE000).contains(&second) {
                        c = char::from_u32(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00));
                    } else {
                        self.at = back;
                    }
                }
                utf8::push(out, c.unwrap_or(utf8::BAD));
                return Ok(());
            }
            _ => return Err(self.bad("in string escape code")),
        };
        self.at += 1;
        out.push(plain);
        Ok(())
    }

    fn hex(&mut self) -> Result<u32, String> {
        let mut value = 0;
        for _ in 0..4 {
            let digit = self.peek().and_then(|b| char::from(b).to_digit(16));
            value = value * 16
                + digit.ok_or_else(|| self.bad("in \\u hexadecimal character escape"))?;
            self.at += 1;
        }
        Ok(value)
    }

    fn array(&mut self, depth: usize) -> Result<Value, String> {
        self.at += 1;
        let mut items = Vec::new();
        self.space();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(List::any(items).into());
        }
        loop {
            items.push(self.value(depth + 1)?);
            self.space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b']') => {
                    self.at += 1;
                    return Ok(List::any(items).into());
                }
                _ => return Err(self.bad("after array element")),
            }
        }
    }

    fn object(&mut self, depth: usize) -> Result<Value, String> {
        self.at += 1;
        let map = Map::default();
        self.space();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(map.into());
        }
        loop {
            self.space();
            if self.peek() != Some(b'"') {
                return Err(self.bad("looking for beginning of object key string"));
            }
            let key = self.string()?;
            self.space();
            if self.peek() != Some(b':') {
                return Err(self.bad("after object key"));
            }
            self.at += 1;
            map.set(key, self.value(depth + 1)?);
            self.space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b'}') => {
                    self.at += 1;
                    return Ok(map.into());
                }
                _ => return Err(self.bad("after object key:value pair")),
            }
        }
    }
}
