//! YAML as `go-yaml` version 2 writes it: its quoting, its folding at 80 columns, its order of keys.

use crate::base;
use crate::error::Fault;
use crate::fmt::float;
use crate::limits::{NESTING, deep};
use crate::map::Map;
use crate::number::{parse_float, parse_int, parse_uint};
use crate::text::Str;
use crate::time::{self, Zone};
use crate::unicode::{is_digit, is_letter};
use crate::utf8;
use crate::value::Value;
use std::cmp::Ordering;

/// Where a scalar is broken.
const WIDTH: usize = 80;
/// Keys longer than this get a `?` of their own.
const SIMPLE_KEY: usize = 128;

/// Encodes a value as one document in at most `room` bytes.
pub(crate) fn encode(value: &Value, room: usize) -> Result<Vec<u8>, Fault> {
    let mut writer = Writer {
        out: Vec::new(),
        room,
        column: 0,
        whitespace: true,
        indention: true,
    };
    writer.node(
        value,
        Place {
            indent: 0,
            mapping: false,
            root: true,
        },
        0,
    )?;
    if writer.column > 0 {
        writer.out.push(b'\n');
    }
    Ok(writer.out)
}

/// Where a node stands.
#[derive(Clone, Copy)]
struct Place {
    /// The indent of what surrounds it.
    indent: usize,
    /// Whether it is the value of a mapping.
    mapping: bool,
    root: bool,
}

/// How a scalar is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    Plain,
    Single,
    Double,
    Literal,
}

/// What a text allows.
#[derive(Default)]
struct Analysis {
    multiline: bool,
    plain: bool,
    single: bool,
    block: bool,
}

struct Writer {
    out: Vec<u8>,
    room: usize,
    column: usize,
    /// Whether white space was written last.
    whitespace: bool,
    /// Whether the line has only indention so far.
    indention: bool,
}

impl Writer {
    fn check(&self, depth: usize) -> Result<(), Fault> {
        if self.out.len() > self.room {
            return Err(Fault::limit(format!(
                "exceeded the limit of {} bytes",
                self.room
            )));
        }
        if depth > NESTING {
            return Err(Fault::limit(format!("value nested deeper than {NESTING}")));
        }
        Ok(())
    }

    fn put(&mut self, byte: u8) {
        self.out.push(byte);
        self.column += 1;
    }

    fn put_break(&mut self) {
        self.out.push(b'\n');
        self.column = 0;
    }

    fn write(&mut self, text: &[u8]) {
        self.out.extend_from_slice(text);
        self.column += utf8::count(text);
    }

    fn write_indent(&mut self, indent: usize) {
        if !self.indention || self.column > indent || self.column == indent && !self.whitespace {
            self.put_break();
        }
        while self.column < indent {
            self.put(b' ');
        }
        self.whitespace = true;
        self.indention = true;
    }

    fn indicator(&mut self, text: &[u8], need_space: bool, is_space: bool, is_indention: bool) {
        if need_space && !self.whitespace {
            self.put(b' ');
        }
        self.write(text);
        self.whitespace = is_space;
        self.indention = self.indention && is_indention;
    }

    fn node(&mut self, value: &Value, place: Place, depth: usize) -> Result<(), Fault> {
        self.check(depth)?;
        match value {
            Value::None | Value::Nil => self.plain_word(b"null", place),
            Value::Bool(b) => self.plain_word(if *b { b"true" } else { b"false" }, place),
            Value::Int(_, n) => self.plain_word(n.to_string().as_bytes(), place),
            Value::Uint(_, n) => self.plain_word(n.to_string().as_bytes(), place),
            Value::Float(f) => self.plain_word(float_word(*f).as_bytes(), place),
            Value::Str(text) => self.string(text, place, false),
            Value::List(list) => {
                if list.is_empty() {
                    self.indicator(b"[", true, true, false);
                    self.indicator(b"]", false, false, false);
                    return Ok(());
                }
                // A list that is the value of a key stands at the key's own indent.
                let flush = place.mapping && !self.indention;
                let indent = if place.root || flush {
                    place.indent
                } else {
                    place.indent + 2
                };
                for item in list.items() {
                    self.write_indent(indent);
                    self.indicator(b"-", true, false, true);
                    let inner = Place {
                        indent,
                        mapping: false,
                        root: false,
                    };
                    deep(|| self.node(item, inner, depth + 1))?;
                }
            }
            Value::Map(map) => return self.mapping(map, place, depth),
            Value::Object(object) => {
                if object.type_name() == "time.Duration" {
                    self.string(object.text().unwrap_or_default().as_bytes(), place, false);
                    return Ok(());
                }
                match object.encoded() {
                    Some(Value::Str(text)) if object.type_name() == "time.Time" => {
                        self.plain_word(&text, place);
                    }
                    Some(value) => return self.node(&value, place, depth),
                    None => {
                        let fields = object.fields().into_iter();
                        let map: Map = fields
                            .map(|(name, value)| (name.to_lowercase(), value))
                            .collect();
                        return self.mapping(&map, place, depth);
                    }
                }
            }
            Value::Complex(_) | Value::Func(_) => {
                return Err(format!("cannot marshal type: {}", value.type_name()).into());
            }
        }
        Ok(())
    }

    fn mapping(&mut self, map: &Map, place: Place, depth: usize) -> Result<(), Fault> {
        let mut entries = map.entries()?;
        if entries.is_empty() {
            self.indicator(b"{", true, true, false);
            self.indicator(b"}", false, false, false);
            return Ok(());
        }
        entries.sort_by(|(a, _), (b, _)| natural(a, b));
        let indent = if place.root { 0 } else { place.indent + 2 };
        for (key, value) in &entries {
            self.write_indent(indent);
            let place = Place {
                indent,
                mapping: true,
                root: false,
            };
            if key.len() <= SIMPLE_KEY && !analyse(key).multiline {
                self.string(key, place, true);
                self.indicator(b":", false, false, false);
            } else {
                self.indicator(b"?", true, false, true);
                self.string(key, place, false);
                self.write_indent(indent);
                self.indicator(b":", true, false, true);
            }
            deep(|| self.node(value, place, depth + 1))?;
        }
        Ok(())
    }

    fn plain_word(&mut self, word: &[u8], _: Place) {
        if !self.whitespace {
            self.put(b' ');
        }
        self.write(word);
        self.whitespace = false;
        self.indention = false;
    }

    fn string(&mut self, text: &[u8], place: Place, key: bool) {
        // Continuation lines stand deeper than what the scalar belongs to.
        let indent = if place.root { 2 } else { place.indent + 2 };
        if std::str::from_utf8(text).is_err() {
            // Not text at all: base 64 under a tag.
            self.indicator(b"!!binary", true, false, false);
            let encoded = broken_base64(text);
            let style = if encoded.contains(&b'\n') {
                Style::Literal
            } else {
                Style::Plain
            };
            self.scalar(&encoded, style, indent, key);
            return;
        }
        let wanted = if text.contains(&b'\n') {
            Style::Literal
        } else if stays_text(text) {
            Style::Plain
        } else {
            Style::Double
        };
        self.scalar(text, wanted, indent, key);
    }

    fn scalar(&mut self, text: &[u8], wanted: Style, indent: usize, key: bool) {
        let analysis = analyse(text);
        let mut style = wanted;
        if key && analysis.multiline {
            style = Style::Double;
        }
        if style == Style::Plain && (!analysis.plain || text.is_empty() && key) {
            style = Style::Single;
        }
        if style == Style::Single && !analysis.single
            || style == Style::Literal && (!analysis.block || key)
        {
            style = Style::Double;
        }
        match style {
            Style::Plain => self.plain(text, indent, !key),
            Style::Single => self.single(text, indent, !key),
            Style::Double => self.double(text, indent, !key),
            Style::Literal => self.literal(text, indent),
        }
    }

    /// Whether a blank at this place may become a line break.
    fn foldable(&self, allow: bool, spaces: bool) -> bool {
        allow && !spaces && self.column > WIDTH
    }

    fn plain(&mut self, text: &[u8], indent: usize, allow: bool) {
        if !self.whitespace {
            self.put(b' ');
        }
        let mut spaces = false;
        for (at, c, width) in utf8::runes(text) {
            if c == ' ' {
                if self.foldable(allow, spaces) && text.get(at + 1) != Some(&b' ') {
                    self.write_indent(indent);
                } else {
                    self.put(b' ');
                }
                spaces = true;
            } else {
                self.write(text.get(at..at + width).unwrap_or_default());
                self.indention = false;
                spaces = false;
            }
        }
        self.whitespace = false;
        self.indention = false;
    }

    fn single(&mut self, text: &[u8], indent: usize, allow: bool) {
        self.indicator(b"'", true, false, false);
        let (mut spaces, mut breaks) = (false, false);
        for (at, c, width) in utf8::runes(text) {
            if c == ' ' {
                let inside = at > 0 && at + 1 < text.len() && text.get(at + 1) != Some(&b' ');
                if self.foldable(allow, spaces) && inside {
                    self.write_indent(indent);
                } else {
                    self.put(b' ');
                }
                spaces = true;
            } else if is_break(c) {
                if !breaks && c == '\n' {
                    self.put_break();
                }
                self.write_break(c);
                self.indention = true;
                breaks = true;
            } else {
                if breaks {
                    self.write_indent(indent);
                }
                if c == '\'' {
                    self.put(b'\'');
                }
                self.write(text.get(at..at + width).unwrap_or_default());
                self.indention = false;
                spaces = false;
                breaks = false;
            }
        }
        self.indicator(b"'", false, false, false);
    }

    fn double(&mut self, text: &[u8], indent: usize, allow: bool) {
        self.indicator(b"\"", true, false, false);
        let mut spaces = false;
        for (at, c, width) in utf8::runes(text) {
            if !is_printable(c) || c == '\u{FEFF}' || is_break(c) || c == '"' || c == '\\' {
                let escaped = escape(c);
                self.write(escaped.as_bytes());
                spaces = false;
            } else if c == ' ' {
                if self.foldable(allow, spaces) && at > 0 && at + 1 < text.len() {
                    self.write_indent(indent);
                    if text.get(at + 1) == Some(&b' ') {
                        self.put(b'\\');
                    }
                } else {
                    self.put(b' ');
                }
                spaces = true;
            } else {
                self.write(text.get(at..at + width).unwrap_or_default());
                spaces = false;
            }
        }
        self.indicator(b"\"", false, false, false);
    }

    fn literal(&mut self, text: &[u8], indent: usize) {
        self.indicator(b"|", true, false, false);
        if matches!(text.first(), Some(b' ' | b'\n')) {
            self.indicator(b"2", false, false, false);
        }
        let ends = text.iter().rev().take_while(|&&b| b == b'\n').count();
        if ends == 0 {
            self.indicator(b"-", false, false, false);
        } else if ends > 1 || ends == text.len() {
            self.indicator(b"+", false, false, false);
        }
        self.put_break();
        self.indention = true;
        self.whitespace = true;
        let mut breaks = true;
        for (at, c, width) in utf8::runes(text) {
            if is_break(c) {
                self.write_break(c);
                self.indention = true;
                breaks = true;
            } else {
                if breaks {
                    self.write_indent(indent);
                }
                self.write(text.get(at..at + width).unwrap_or_default());
                self.indention = false;
                breaks = false;
            }
        }
    }

    fn write_break(&mut self, c: char) {
        if c == '\n' {
            self.put_break();
        } else {
            utf8::push(&mut self.out, c);
            self.column = 0;
        }
    }
}

fn is_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

fn is_printable(c: char) -> bool {
    matches!(c, '\n' | ' '..='~' | '\u{A0}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}')
        && c != '\u{FEFF}'
}

fn escape(c: char) -> String {
    let simple = match c {
        '\0' => '0',
        '\u{7}' => 'a',
        '\u{8}' => 'b',
        '\t' => 't',
        '\n' => 'n',
        '\u{b}' => 'v',
        '\u{c}' => 'f',
        '\r' => 'r',
        '\u{1b}' => 'e',
        '"' => '"',
        '\\' => '\\',
        '\u{85}' => 'N',
        '\u{A0}' => '_',
        '\u{2028}' => 'L',
        '\u{2029}' => 'P',
        c => {
            let code = u32::from(c);
            return match code {
                0..=0xFF => format!("\\x{code:02X}"),
                0x100..=0xFFFF => format!("\\u{code:04X}"),
                _ => format!("\\U{code:08X}"),
            };
        }
    };
    format!("\\{simple}")
}

/// Which styles a text could be written in.
fn analyse(text: &[u8]) -> Analysis {
    let mut indicators = text.starts_with(b"---") || text.starts_with(b"...");
    let (mut line_breaks, mut special) = (false, false);
    let (mut break_space, mut space_break) = (false, false);
    let (mut after_space, mut after_break) = (false, false);
    let mut after_blank = true;
    for (at, c, width) in utf8::runes(text) {
        let next = utf8::decode(text.get(at + width..).unwrap_or_default());
        let before_blank = next.1 == 0 || matches!(next.0, ' ' | '\t');
        indicators |= match c {
            '#' | ',' | '[' | ']' | '{' | '}' | '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%'
            | '@' | '`'
                if at == 0 =>
            {
                true
            }
            '?' | '-' if at == 0 => before_blank,
            ':' => before_blank,
            '#' => after_blank,
            _ => false,
        };
        special |= !is_printable(c);
        if c == ' ' {
            break_space |= after_break;
            (after_space, after_break) = (true, false);
        } else if is_break(c) {
            line_breaks = true;
            space_break |= after_space;
            (after_space, after_break) = (false, true);
        } else {
            (after_space, after_break) = (false, false);
        }
        after_blank = matches!(c, ' ' | '\t' | '\0') || is_break(c);
    }
    let (first, last) = (utf8::decode(text).0, utf8::decode_last(text).0);
    let (leading_space, trailing_space) = (text.starts_with(b" "), text.ends_with(b" "));
    let edges =
        !text.is_empty() && (leading_space || trailing_space || is_break(first) || is_break(last));
    let broken = space_break || special;
    Analysis {
        multiline: line_breaks,
        plain: !edges && !break_space && !broken && !line_breaks && !indicators,
        single: !break_space && !broken,
        block: !text.is_empty() && !trailing_space && !broken,
    }
}

fn float_word(f: f64) -> String {
    match float::format(f, 'g', None).as_str() {
        "+Inf" => ".inf".to_owned(),
        "-Inf" => "-.inf".to_owned(),
        "NaN" => ".nan".to_owned(),
        text => text.to_owned(),
    }
}

fn broken_base64(data: &[u8]) -> Vec<u8> {
    const LINE: usize = 70;
    let encoded = base::encode64(data).into_bytes();
    if encoded.len() < LINE {
        return encoded;
    }
    let mut out = Vec::new();
    for line in encoded.chunks(LINE) {
        out.extend_from_slice(line);
        out.push(b'\n');
    }
    out
}

/// Whether a text, unquoted, would still be read as text.
fn stays_text(text: &[u8]) -> bool {
    const WORDS: [&str; 39] = [
        "y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON", "n", "N", "no",
        "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF", "", "~", "null", "Null",
        "NULL", ".nan", ".NaN", ".NAN", ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF", "-.inf",
        "-.Inf", "-.INF",
    ];
    let Ok(text) = std::str::from_utf8(text) else {
        return false;
    };
    if WORDS.contains(&text) {
        return false;
    }
    match text.as_bytes().first() {
        Some(b'.') => parse_float(text).is_none(),
        Some(b'+' | b'-' | b'0'..=b'9') => {
            !is_timestamp(text) && !is_number(text) && !is_base60(text)
        }
        _ => true,
    }
}

fn is_number(text: &str) -> bool {
    let plain = text.replace('_', "");
    if parse_int(&plain, 0).is_ok() || parse_uint(&plain, 0).is_ok() {
        return true;
    }
    if is_yaml_float(&plain) && parse_float(&plain).is_some() {
        return true;
    }
    let binary = plain
        .strip_prefix("0b")
        .or_else(|| plain.strip_prefix("-0b"));
    binary.is_some_and(|digits| parse_int(digits, 2).is_ok())
}

/// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`
fn is_yaml_float(text: &str) -> bool {
    let body = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = match body.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (
            mantissa,
            Some(exponent.strip_prefix(['+', '-']).unwrap_or(exponent)),
        ),
        None => (body, None),
    };
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let (whole, places) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let some = !whole.is_empty() || !places.is_empty();
    some && digits(whole)
        && digits(places)
        && exponent.is_none_or(|text| !text.is_empty() && digits(text))
}

/// Numbers with colons, which older YAML reads in base 60.
fn is_base60(text: &str) -> bool {
    let body = text.strip_prefix(['+', '-']).unwrap_or(text);
    let mut parts = body.split(':');
    let head = parts.next().unwrap_or_default();
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit() || b == b'_');
    if !head.starts_with(|c: char| c.is_ascii_digit()) || !digits(head) {
        return false;
    }
    let rest: Vec<&str> = parts.collect();
    let count = rest.len();
    count > 0
        && rest.iter().enumerate().all(|(i, part)| {
            let (minutes, places) = match part.split_once('.') {
                Some((minutes, places)) if i + 1 == count => (minutes, places),
                Some(_) => return false,
                None => (*part, ""),
            };
            let short = match minutes.as_bytes() {
                [b] => b.is_ascii_digit(),
                [a, b] => (b'0'..=b'5').contains(a) && b.is_ascii_digit(),
                _ => false,
            };
            short && digits(places)
        })
}

fn is_timestamp(text: &str) -> bool {
    const LAYOUTS: [&str; 4] = [
        "2006-1-2T15:4:5.999999999Z07:00",
        "2006-1-2t15:4:5.999999999Z07:00",
        "2006-1-2 15:4:5.999999999",
        "2006-1-2",
    ];
    let year = text.bytes().take_while(u8::is_ascii_digit).count();
    year == 4
        && text.as_bytes().get(4) == Some(&b'-')
        && LAYOUTS
            .iter()
            .any(|layout| time::parse(layout.as_bytes(), text.as_bytes(), &Zone::Utc).is_ok())
}

/// The order of keys: digits by value, letters after everything else.
fn natural(a: &Str, b: &Str) -> Ordering {
    let left: Vec<char> = utf8::runes(a).map(|(_, c, _)| c).collect();
    let right: Vec<char> = utf8::runes(b).map(|(_, c, _)| c).collect();
    let Some(at) = left.iter().zip(&right).position(|(a, b)| a != b) else {
        return left.len().cmp(&right.len());
    };
    let (Some(&x), Some(&y)) = (left.get(at), right.get(at)) else {
        return Ordering::Equal;
    };
    match (is_letter(x), is_letter(y)) {
        (true, true) => return x.cmp(&y),
        (true, false) => return Ordering::Greater,
        (false, true) => return Ordering::Less,
        (false, false) => {}
    }
    let mut start = 0;
    if x == '0' || y == '0' {
        let before = left.get(..at).unwrap_or_default();
        if before
            .iter()
            .rev()
            .take_while(|c| is_digit(**c))
            .any(|c| *c != '0')
        {
            start = 1;
        }
    }
    let number = |chars: &[char]| {
        let mut value: i64 = start;
        let mut count = 0;
        for c in chars.iter().skip(at).take_while(|c| is_digit(**c)) {
            value = value
                .wrapping_mul(10)
                .wrapping_add(i64::from(u32::from(*c)) - 48);
            count += 1;
        }
        (value, count)
    };
    number(&left).cmp(&number(&right)).then(x.cmp(&y))
}
