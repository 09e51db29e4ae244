//! One operand under one verb, with its flags.

use super::float;
use crate::error::Fault;
use crate::limits::{NESTING, deep};
use crate::list::List;
use crate::map::Map;
use crate::object::Object;
use crate::quote;
use crate::utf8;
use crate::value::{Kind, Value};
use std::fmt::Write as _;

/// The flags of a directive.
#[derive(Clone, Copy, Default)]
pub(super) struct Flags {
    pub(super) width: Option<usize>,
    pub(super) precision: Option<usize>,
    pub(super) minus: bool,
    pub(super) plus: bool,
    pub(super) sharp: bool,
    pub(super) space: bool,
    pub(super) zero: bool,
    /// `%+v`
    pub(super) plus_v: bool,
    /// `%#v`
    pub(super) sharp_v: bool,
}

pub(super) struct Printer<'a> {
    out: &'a mut Vec<u8>,
    end: usize,
    pub(super) flags: Flags,
    erroring: bool,
    depth: usize,
    fault: Option<Fault>,
}

impl<'a> Printer<'a> {
    pub(super) fn new(out: &'a mut Vec<u8>, room: usize) -> Self {
        let end = out.len().saturating_add(room);
        Self {
            out,
            end,
            flags: Flags::default(),
            erroring: false,
            depth: 0,
            fault: None,
        }
    }

    pub(super) fn finish(self) -> Result<(), Fault> {
        self.fault.map_or(Ok(()), Err)
    }

    pub(super) fn failed(&self) -> bool {
        self.fault.is_some()
    }

    pub(super) fn put(&mut self, bytes: &[u8]) {
        if self.fault.is_none() {
            if self.out.len() + bytes.len() > self.end {
                self.fault = Some(Fault::limit(
                    "exceeded the limit of bytes in formatting a value",
                ));
                return;
            }
            self.out.extend_from_slice(bytes);
        }
    }

    fn padding(&mut self, count: usize) {
        let byte = if self.flags.zero && !self.flags.minus {
            b'0'
        } else {
            b' '
        };
        self.put(&vec![byte; count]);
    }

    fn pad(&mut self, bytes: &[u8]) {
        let fill = self
            .flags
            .width
            .unwrap_or(0)
            .saturating_sub(utf8::count(bytes));
        if fill == 0 {
            self.put(bytes);
        } else if self.flags.minus {
            self.put(bytes);
            self.padding(fill);
        } else {
            self.padding(fill);
            self.put(bytes);
        }
    }

    /// Pads with spaces, whatever the zero flag says.
    fn pad_blank(&mut self, bytes: &[u8]) {
        let zero = std::mem::replace(&mut self.flags.zero, false);
        self.pad(bytes);
        self.flags.zero = zero;
    }

    fn bad_verb(&mut self, verb: char, value: &Value) {
        self.erroring = true;
        self.put(format!("%!{verb}(").as_bytes());
        if value.is_nothing() {
            self.put(b"<nil>");
        } else {
            let name = value.type_name().into_owned();
            self.put(name.as_bytes());
            self.put(b"=");
            let depth = std::mem::replace(&mut self.depth, 0);
            self.arg(value, 'v');
            self.depth = depth;
        }
        self.put(b")");
        self.erroring = false;
    }

    /// A top-level operand.
    pub(super) fn arg(&mut self, value: &Value, verb: char) {
        if value.is_nothing() {
            match verb {
                'v' | 'T' => self.pad(b"<nil>"),
                _ => self.bad_verb(verb, value),
            }
            return;
        }
        match verb {
            'T' => {
                let name = value.type_name().into_owned();
                self.string(name.as_bytes());
            }
            'p' => match value.kind() {
                Kind::Slice | Kind::Map | Kind::Func | Kind::Ptr => self.pad(b"0xc000000000"),
                _ => self.bad_verb(verb, value),
            },
            _ => self.value(value, verb),
        }
    }

    fn value(&mut self, value: &Value, verb: char) {
        if self.fault.is_some() {
            return;
        }
        match value {
            Value::None | Value::Nil => {
                self.put(if self.flags.sharp_v {
                    b"interface {}(nil)"
                } else {
                    b"<nil>"
                });
            }
            Value::Bool(b) => match verb {
                't' | 'v' => self.pad(if *b { b"true" } else { b"false" }),
                _ => self.bad_verb(verb, value),
            },
            Value::Int(_, n) => {
                self.integer(value, n.unsigned_abs(), *n as u64, *n < 0, true, verb);
            }
            Value::Uint(_, n) => self.integer(value, *n, *n, false, false, verb),
            Value::Float(f) => self.float(value, *f, verb),
            Value::Complex(parts) => self.complex(value, **parts, verb),
            Value::Str(text) => self.text(value, text, verb),
            Value::List(list) => self.nested(|printer| printer.list(list, verb)),
            Value::Map(map) => self.nested(|printer| printer.map(map, verb)),
            Value::Object(object) => self.object(value, &**object, verb),
            Value::Func(_) => self.pad(b"0xc000000000"),
        }
    }

    fn nested(&mut self, write: impl FnOnce(&mut Self)) {
        if self.depth >= NESTING {
            self.fault = Some(Fault::limit(format!("value nested deeper than {NESTING}")));
            return;
        }
        self.depth += 1;
        deep(|| write(self));
        self.depth -= 1;
    }

    fn separator(&mut self, index: usize) {
        if index > 0 {
            self.put(if self.flags.sharp_v { b", " } else { b" " });
        }
    }

    fn list(&mut self, list: &List, verb: char) {
        let sharp = self.flags.sharp_v;
        if sharp {
            self.put(list.elem().slice_name().as_bytes());
            if list.is_nil() {
                self.put(b"(nil)");
                return;
            }
        }
        self.put(if sharp { b"{" } else { b"[" });
        for (i, item) in list.items().iter().enumerate() {
            self.separator(i);
            self.value(item, verb);
            if self.fault.is_some() {
                return;
            }
        }
        self.put(if sharp { b"}" } else { b"]" });
    }

    fn map(&mut self, map: &Map, verb: char) {
        let sharp = self.flags.sharp_v;
        if sharp {
            self.put(map.elem().map_name().as_bytes());
            if map.is_nil() {
                self.put(b"(nil)");
                return;
            }
        }
        self.put(if sharp { b"{" } else { b"map[" });
        let entries = match map.entries() {
            Ok(entries) => entries,
            Err(message) => {
                self.fault = Some(Fault::new(message));
                return;
            }
        };
        for (i, (key, item)) in entries.into_iter().enumerate() {
            self.separator(i);
            self.value(&Value::Str(key), verb);
            self.put(b":");
            self.value(&item, verb);
            if self.fault.is_some() {
                return;
            }
        }
        self.put(if sharp { b"}" } else { b"]" });
    }

    fn object(&mut self, value: &Value, object: &dyn Object, verb: char) {
        if !self.erroring
            && !self.flags.sharp_v
            && matches!(verb, 'v' | 's' | 'x' | 'X' | 'q')
            && let Some(text) = object.text()
        {
            self.text(value, text.as_bytes(), verb);
            return;
        }
        if let Some(n) = object.integer() {
            self.integer(value, n.unsigned_abs(), n as u64, n < 0, true, verb);
            return;
        }
        let (pointer, sharp) = (object.kind() == Kind::Ptr, self.flags.sharp_v);
        if pointer && self.depth > 0 {
            self.pad(b"0xc000000000");
            return;
        }
        if pointer {
            self.put(b"&");
        }
        if sharp {
            self.put(object.type_name().trim_start_matches('*').as_bytes());
        }
        self.put(b"{");
        for (i, (name, field)) in object.fields().iter().enumerate() {
            self.separator(i);
            if sharp || self.flags.plus_v {
                self.put(name.as_bytes());
                self.put(b":");
            }
            self.nested(|printer| printer.value(field, verb));
        }
        self.put(b"}");
    }

    // Text

    fn text(&mut self, value: &Value, text: &[u8], verb: char) {
        match verb {
            'v' if self.flags.sharp_v => self.quoted(text),
            'v' | 's' => self.string(text),
            'x' => self.hex(text, b"0123456789abcdefx"),
            'X' => self.hex(text, b"0123456789ABCDEFX"),
            'q' => self.quoted(text),
            _ => self.bad_verb(verb, value),
        }
    }

    fn truncated<'t>(&self, text: &'t [u8]) -> &'t [u8] {
        let Some(precision) = self.flags.precision else {
            return text;
        };
        match utf8::runes(text).nth(precision) {
            Some((at, _, _)) => text.get(..at).unwrap_or_default(),
            None => text,
        }
    }

    fn string(&mut self, text: &[u8]) {
        let text = self.truncated(text);
        self.pad(text);
    }

    fn quoted(&mut self, text: &[u8]) {
        let text = self.truncated(text);
        let mut out = Vec::with_capacity(text.len() + 2);
        if self.flags.sharp && quote::can_backquote(text) {
            out.push(b'`');
            out.extend_from_slice(text);
            out.push(b'`');
        } else {
            quote::append(&mut out, text, self.flags.plus);
        }
        self.pad(&out);
    }

    fn hex(&mut self, text: &[u8], digits: &[u8; 17]) {
        let text = text
            .get(..self.flags.precision.unwrap_or(text.len()).min(text.len()))
            .unwrap_or_default();
        let digit = |n: u8| digits.get(usize::from(n)).copied().unwrap_or(b'0');
        let mut out = Vec::new();
        for (i, &byte) in text.iter().enumerate() {
            if self.flags.space && i > 0 {
                out.push(b' ');
            }
            if self.flags.sharp && (i == 0 || self.flags.space) {
                out.extend_from_slice(&[b'0', digit(16)]);
            }
            out.extend_from_slice(&[digit(byte >> 4), digit(byte & 15)]);
        }
        self.pad(&out);
    }

    // Numbers

    fn integer(
        &mut self,
        value: &Value,
        magnitude: u64,
        bits: u64,
        negative: bool,
        signed: bool,
        verb: char,
    ) {
        match verb {
            'v' if self.flags.sharp_v && !signed => {
                let sharp = std::mem::replace(&mut self.flags.sharp, true);
                self.digits(magnitude, 16, negative, verb);
                self.flags.sharp = sharp;
            }
            'v' | 'd' => self.digits(magnitude, 10, negative, verb),
            'b' => self.digits(magnitude, 2, negative, verb),
            'o' | 'O' => self.digits(magnitude, 8, negative, verb),
            'x' | 'X' => self.digits(magnitude, 16, negative, verb),
            'c' => {
                let mut out = Vec::new();
                utf8::push(&mut out, character(bits));
                self.pad(&out);
            }
            'q' => {
                let mut out = Vec::new();
                quote::append_rune(&mut out, character(bits), self.flags.plus);
                self.pad(&out);
            }
            'U' => self.code_point(bits),
            _ => self.bad_verb(verb, value),
        }
    }

    fn digits(&mut self, magnitude: u64, base: u32, negative: bool, verb: char) {
        let flags = self.flags;
        let mut wanted = 0;
        if let Some(precision) = flags.precision {
            wanted = precision;
            if precision == 0 && magnitude == 0 {
                let width = flags.width.unwrap_or(0);
                self.put(&vec![b' '; width]);
                return;
            }
        } else if let (true, false, Some(width)) = (flags.zero, flags.minus, flags.width) {
            wanted = width;
            if negative || flags.plus || flags.space {
                wanted = wanted.saturating_sub(1);
            }
        }
        let mut text = match base {
            2 => format!("{magnitude:b}"),
            8 => format!("{magnitude:o}"),
            16 if verb == 'X' => format!("{magnitude:X}"),
            16 => format!("{magnitude:x}"),
            _ => magnitude.to_string(),
        };
        if text.len() < wanted {
            text.insert_str(0, &"0".repeat(wanted - text.len()));
        }
        if flags.sharp {
            match base {
                2 => text.insert_str(0, "0b"),
                8 if !text.starts_with('0') => text.insert(0, '0'),
                16 => text.insert_str(0, if verb == 'X' { "0X" } else { "0x" }),
                _ => {}
            }
        }
        if verb == 'O' {
            text.insert_str(0, "0o");
        }
        if negative {
            text.insert(0, '-');
        } else if flags.plus {
            text.insert(0, '+');
        } else if flags.space {
            text.insert(0, ' ');
        }
        self.pad_blank(text.as_bytes());
    }

    fn code_point(&mut self, bits: u64) {
        let digits = self.flags.precision.filter(|&p| p > 4).unwrap_or(4);
        let mut text = format!("U+{bits:0digits$X}");
        if let (true, Some(c)) = (
            self.flags.sharp,
            u32::try_from(bits).ok().and_then(char::from_u32),
        ) && crate::unicode::is_print(c)
        {
            let _ = write!(text, " '{c}'");
        }
        self.pad_blank(text.as_bytes());
    }

    fn float(&mut self, value: &Value, f: f64, verb: char) {
        let (shape, default) = match verb {
            'v' => ('g', None),
            'b' | 'g' | 'G' | 'x' | 'X' => (verb, None),
            'f' | 'e' | 'E' => (verb, Some(6)),
            'F' => ('f', Some(6)),
            _ => return self.bad_verb(verb, value),
        };
        let precision = self.flags.precision.or(default);
        let text = float::format(f, shape, precision);
        let (mut sign, mut body) = match text.strip_prefix(['-', '+']) {
            Some(rest) => (text.chars().next().unwrap_or('+'), rest.to_owned()),
            None => ('+', text),
        };
        if self.flags.space && sign == '+' && !self.flags.plus {
            sign = ' ';
        }
        if body.starts_with(['I', 'N']) {
            let bare = body.starts_with('N') && !self.flags.space && !self.flags.plus;
            if !bare && (self.flags.plus || sign != '+') || body.starts_with('I') && sign == '+' {
                // Infinities always show their sign.
                body.insert(0, sign);
            }
            self.pad_blank(body.as_bytes());
            return;
        }
        if self.flags.sharp && shape != 'b' {
            body = with_point(&body, shape, precision);
        }
        if !self.flags.plus && sign == '+' {
            self.pad(body.as_bytes());
            return;
        }
        let width = self.flags.width.unwrap_or(0);
        if self.flags.zero && !self.flags.minus && width > body.len() + 1 {
            self.put(sign.to_string().as_bytes());
            self.padding(width - body.len() - 1);
            self.put(body.as_bytes());
            return;
        }
        body.insert(0, sign);
        self.pad(body.as_bytes());
    }

    fn complex(&mut self, value: &Value, (re, im): (f64, f64), verb: char) {
        if !matches!(
            verb,
            'v' | 'b' | 'g' | 'G' | 'x' | 'X' | 'f' | 'F' | 'e' | 'E'
        ) {
            return self.bad_verb(verb, value);
        }
        let plus = self.flags.plus;
        self.put(b"(");
        self.float(value, re, verb);
        self.flags.plus = true;
        self.float(value, im, verb);
        self.put(b"i)");
        self.flags.plus = plus;
    }
}

/// The character of a code point; U+FFFD for what is none.
fn character(bits: u64) -> char {
    u32::try_from(bits)
        .ok()
        .and_then(char::from_u32)
        .unwrap_or(utf8::BAD)
}

/// What the sharp flag does to a float: a decimal point always, and the zeros kept.
fn with_point(body: &str, shape: char, precision: Option<usize>) -> String {
    let mut digits = match shape {
        'g' | 'G' | 'x' => precision.unwrap_or(6) as i64,
        _ => 0,
    };
    let hex = matches!(shape, 'x' | 'X');
    let cut = body
        .find(['p', 'P'])
        .or_else(|| if hex { None } else { body.find(['e', 'E']) })
        .unwrap_or(body.len());
    let (number, tail) = body.split_at(cut);
    let mut nonzero = false;
    for c in number.chars().filter(|&c| c != '.') {
        nonzero |= c != '0';
        digits -= i64::from(nonzero);
    }
    let mut out = number.to_owned();
    if !number.contains('.') {
        if number == "0" {
            digits -= 1;
        }
        out.push('.');
    }
    out.push_str(&"0".repeat(usize::try_from(digits).unwrap_or(0)));
    out.push_str(tail);
    out
}
