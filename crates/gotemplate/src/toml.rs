//! TOML as Go's `BurntSushi/toml` writes it.

use crate::error::Fault;
use crate::fmt::float;
use crate::limits::{NESTING, deep};
use crate::list::List;
use crate::map::Map;
use crate::text::Str;
use crate::utf8;
use crate::value::Value;

/// Encodes a value in at most `room` bytes.
pub(crate) fn encode(value: &Value, room: usize) -> Result<Vec<u8>, Fault> {
    if value.is_nothing() {
        return Err("reflect: call of reflect.Value.Type on zero Value".into());
    }
    let mut writer = Writer {
        out: Vec::new(),
        room,
    };
    writer.value(&[], &resolved(value))?;
    Ok(writer.out)
}

/// What Go's encoder panics with; everything else it fails with becomes text.
pub(crate) fn is_panic(fault: &Fault) -> bool {
    fault.message.starts_with("reflect")
}

struct Writer {
    out: Vec<u8>,
    room: usize,
}

/// How a value is written.
#[derive(Clone, Copy, PartialEq)]
enum Shape {
    Nothing,
    Plain,
    Table,
    TableArray,
}

/// Objects stand for the maps or values they are encoded as.
fn resolved(value: &Value) -> Value {
    match value {
        Value::Object(object) if object.type_name() == "time.Time" => value.clone(),
        Value::Object(object) if object.integer().is_some() => {
            if object.type_name() == "time.Duration" {
                object.text().unwrap_or_default().into()
            } else {
                object.integer().unwrap_or_default().into()
            }
        }
        Value::Object(object) => object
            .encoded()
            .unwrap_or_else(|| Value::Map(object.fields().into_iter().collect::<Map>())),
        other => other.clone(),
    }
}

fn shape(value: &Value) -> Result<Shape, Fault> {
    Ok(match value {
        Value::None | Value::Nil => Shape::Nothing,
        Value::List(list) if list.is_nil() => Shape::Nothing,
        Value::Map(map) if map.is_nil() => Shape::Nothing,
        Value::Map(_) => Shape::Table,
        Value::List(list) => {
            let mut tables = !list.is_empty();
            for item in list.items() {
                match deep(|| shape(&resolved(item)))? {
                    Shape::Nothing => {
                        return Err("toml: cannot encode array with nil element".into());
                    }
                    Shape::Table => {}
                    _ => tables = false,
                }
            }
            if tables {
                Shape::TableArray
            } else {
                Shape::Plain
            }
        }
        Value::Complex(_) => return Err("unsupported type: complex128".into()),
        Value::Func(_) => return Err("unsupported type: func".into()),
        _ => Shape::Plain,
    })
}

impl Writer {
    fn check(&self, depth: usize) -> Result<(), Fault> {
        if self.out.len() > self.room {
            return Err(Fault::limit(format!(
                "exceeded the limit of {} bytes",
                self.room
            )));
        }
        if depth > NESTING.min(500) {
            return Err(Fault::limit("value nested too deeply for TOML"));
        }
        Ok(())
    }

    fn newline(&mut self) {
        if !self.out.is_empty() {
            self.out.push(b'\n');
        }
    }

    fn indent(&mut self, key: &[Str]) {
        self.out
            .resize(self.out.len() + 2 * key.len().saturating_sub(1), b' ');
    }

    fn header(&mut self, key: &[Str], brackets: usize) {
        self.indent(key);
        self.out.resize(self.out.len() + brackets, b'[');
        for (i, part) in key.iter().enumerate() {
            if i > 0 {
                self.out.push(b'.');
            }
            self.key(part);
        }
        self.out.resize(self.out.len() + brackets, b']');
        self.newline();
    }

    fn key(&mut self, key: &[u8]) {
        let bare = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-');
        if !key.is_empty() && key.iter().all(bare) {
            self.out.extend_from_slice(key);
        } else {
            self.quoted(key);
        }
    }

    fn quoted(&mut self, text: &[u8]) {
        self.out.push(b'"');
        for (at, c, width) in utf8::runes(text) {
            match c {
                '\t' => self.out.extend_from_slice(b"\\t"),
                '\n' => self.out.extend_from_slice(b"\\n"),
                '\r' => self.out.extend_from_slice(b"\\r"),
                '\u{8}' => self.out.extend_from_slice(b"\\b"),
                '\u{c}' => self.out.extend_from_slice(b"\\f"),
                '"' => self.out.extend_from_slice(b"\\\""),
                '\\' => self.out.extend_from_slice(b"\\\\"),
                c if c < ' ' || c == '\u{7f}' => {
                    self.out
                        .extend_from_slice(format!("\\u{:04x}", u32::from(c)).as_bytes());
                }
                _ => self
                    .out
                    .extend_from_slice(text.get(at..at + width).unwrap_or_default()),
            }
        }
        self.out.push(b'"');
    }

    /// A value under its key, in the form its shape asks for.
    fn value(&mut self, key: &[Str], value: &Value) -> Result<(), Fault> {
        self.check(key.len())?;
        match (shape(value)?, value) {
            (Shape::Nothing, _) => Ok(()),
            (Shape::Table, Value::Map(map)) => {
                if key.len() == 1 {
                    self.newline();
                }
                if !key.is_empty() {
                    self.header(key, 1);
                }
                self.table(key, map)
            }
            (Shape::TableArray, Value::List(list)) => self.tables(key, list),
            _ => self.pair(key, value),
        }
    }

    fn pair(&mut self, key: &[Str], value: &Value) -> Result<(), Fault> {
        let Some(name) = key.last() else {
            return self.element(value, 0);
        };
        self.indent(key);
        self.key(name);
        self.out.extend_from_slice(b" = ");
        self.element(value, 0)?;
        self.newline();
        Ok(())
    }

    fn tables(&mut self, key: &[Str], list: &List) -> Result<(), Fault> {
        if key.is_empty() {
            return Err("toml: top-level values must be Go maps or structs".into());
        }
        for item in list.items() {
            if let Value::Map(map) = resolved(item) {
                self.newline();
                self.header(key, 2);
                self.table(key, &map)?;
            }
        }
        Ok(())
    }

    /// Plain values first, then what has a header of its own.
    fn table(&mut self, key: &[Str], map: &Map) -> Result<(), Fault> {
        let (plain, sub) = parted(map)?;
        for (name, value) in plain.into_iter().chain(sub) {
            let inner = [key, &[name]].concat();
            deep(|| self.value(&inner, &value))?;
        }
        Ok(())
    }

    fn element(&mut self, value: &Value, depth: usize) -> Result<(), Fault> {
        self.check(depth)?;
        match value {
            Value::Bool(b) => self
                .out
                .extend_from_slice(if *b { b"true" } else { b"false" }),
            Value::Int(_, n) => self.out.extend_from_slice(n.to_string().as_bytes()),
            Value::Uint(_, n) => self.out.extend_from_slice(n.to_string().as_bytes()),
            Value::Float(f) => self.out.extend_from_slice(number(*f).as_bytes()),
            Value::Str(text) => self.quoted(text),
            Value::List(list) => {
                self.out.push(b'[');
                for (i, item) in list.items().iter().enumerate() {
                    if i > 0 {
                        self.out.extend_from_slice(b", ");
                    }
                    deep(|| self.element(&resolved(item), depth + 1))?;
                }
                self.out.push(b']');
            }
            Value::Map(map) => {
                self.out.push(b'{');
                let (plain, sub) = parted(map)?;
                let all: Vec<_> = plain
                    .into_iter()
                    .chain(sub)
                    .filter(|(_, value)| !value.is_nothing())
                    .collect();
                for (i, (name, value)) in all.iter().enumerate() {
                    if i > 0 {
                        self.out.extend_from_slice(b", ");
                    }
                    self.key(name);
                    self.out.extend_from_slice(b" = ");
                    deep(|| self.element(value, depth + 1))?;
                }
                self.out.push(b'}');
            }
            Value::Object(object) => match object.encoded() {
                // Dates stand without quotes.
                Some(Value::Str(text)) => self.out.extend_from_slice(&text),
                _ => return Err("unexpected type".into()),
            },
            other => return Err(format!("unexpected type: {}", other.type_name()).into()),
        }
        Ok(())
    }
}

type Entries = Vec<(Str, Value)>;

/// The entries without and with a header of their own.
fn parted(map: &Map) -> Result<(Entries, Entries), Fault> {
    let (mut plain, mut sub) = (Vec::new(), Vec::new());
    for (key, value) in map.entries()? {
        let value = resolved(&value);
        match shape(&value)? {
            Shape::Table | Shape::TableArray => sub.push((key, value)),
            _ => plain.push((key, value)),
        }
    }
    Ok((plain, sub))
}

fn number(f: f64) -> String {
    if f.is_nan() {
        return if f.is_sign_negative() { "-nan" } else { "nan" }.to_owned();
    }
    if f.is_infinite() {
        return if f < 0.0 { "-inf" } else { "inf" }.to_owned();
    }
    let text = float::format(f, 'g', None);
    if text.contains(['.', 'e']) {
        text
    } else {
        text + ".0"
    }
}
