//! Go string literals: writing them (`strconv.Quote`) and reading them (`strconv.Unquote`).

use crate::unicode::is_print;
use crate::utf8;

/// `strconv.Quote`
pub(crate) fn quote(bytes: &[u8]) -> String {
    let mut out = Vec::with_capacity(bytes.len() + 2);
    append(&mut out, bytes, false);
    String::from_utf8(out).unwrap_or_default()
}

/// Appends a quoted string; with `ascii`, everything beyond ASCII is escaped.
pub(crate) fn append(out: &mut Vec<u8>, bytes: &[u8], ascii: bool) {
    out.push(b'"');
    for (at, c, width) in utf8::runes(bytes) {
        if width == 1 && c == utf8::BAD {
            out.extend_from_slice(
                format!("\\x{:02x}", bytes.get(at).copied().unwrap_or_default()).as_bytes(),
            );
        } else {
            append_char(out, c, '"', ascii);
        }
    }
    out.push(b'"');
}

/// Appends a quoted character.
pub(crate) fn append_rune(out: &mut Vec<u8>, c: char, ascii: bool) {
    out.push(b'\'');
    append_char(out, c, '\'', ascii);
    out.push(b'\'');
}

fn append_char(out: &mut Vec<u8>, c: char, delimiter: char, ascii: bool) {
    if c == delimiter || c == '\\' {
        out.push(b'\\');
        utf8::push(out, c);
        return;
    }
    if (c.is_ascii() || !ascii) && is_print(c) {
        utf8::push(out, c);
        return;
    }
    let text = match c {
        '\u{7}' => "\\a".to_owned(),
        '\u{8}' => "\\b".to_owned(),
        '\u{c}' => "\\f".to_owned(),
        '\n' => "\\n".to_owned(),
        '\r' => "\\r".to_owned(),
        '\t' => "\\t".to_owned(),
        '\u{b}' => "\\v".to_owned(),
        c if c < ' ' || c == '\u{7f}' => format!("\\x{:02x}", u32::from(c)),
        c if u32::from(c) < 0x10000 => format!("\\u{:04x}", u32::from(c)),
        c => format!("\\U{:08x}", u32::from(c)),
    };
    out.extend_from_slice(text.as_bytes());
}

/// `strconv.CanBackquote`: whether the text can stand between back quotes unchanged.
pub(crate) fn can_backquote(bytes: &[u8]) -> bool {
    utf8::runes(bytes).all(|(_, c, width)| match c {
        '\u{FEFF}' | '`' | '\u{7f}' => false,
        utf8::BAD if width == 1 => false,
        c => c >= ' ' || c == '\t',
    })
}

/// `strconv.Unquote` for `"..."` and back-quoted literals.
pub(crate) fn unquote(literal: &[u8]) -> Option<Vec<u8>> {
    let (&mark, rest) = literal.split_first()?;
    let (&end, body) = rest.split_last()?;
    if mark != end {
        return None;
    }
    if mark == b'`' {
        return (!body.contains(&b'`'))
            .then(|| body.iter().copied().filter(|&b| b != b'\r').collect());
    }
    let mut out = Vec::with_capacity(body.len());
    let mut tail = body;
    while !tail.is_empty() {
        let (unit, width) = unescape(tail, mark)?;
        match unit {
            Unit::Byte(b) => out.push(b),
            Unit::Char(c) => utf8::push(&mut out, c),
        }
        tail = tail.get(width..)?;
    }
    Some(out)
}

/// What an escape stands for.
pub(crate) enum Unit {
    Byte(u8),
    Char(char),
}

/// `strconv.UnquoteChar`: the first character of a literal's inside, and the bytes it takes.
pub(crate) fn unescape(text: &[u8], mark: u8) -> Option<(Unit, usize)> {
    let first = *text.first()?;
    if first == mark || first == b'\n' {
        return None;
    }
    if first != b'\\' {
        let (c, width) = utf8::decode(text);
        // An invalid byte stays the byte it is within a string.
        let unit = if c == utf8::BAD && width == 1 {
            Unit::Byte(first)
        } else {
            Unit::Char(c)
        };
        return Some((unit, width));
    }
    let code = *text.get(1)?;
    let simple = |c: char| Some((Unit::Char(c), 2));
    match code {
        b'a' => simple('\u{7}'),
        b'b' => simple('\u{8}'),
        b'f' => simple('\u{c}'),
        b'n' => simple('\n'),
        b'r' => simple('\r'),
        b't' => simple('\t'),
        b'v' => simple('\u{b}'),
        b'\\' => simple('\\'),
        b'\'' | b'"' => (code == mark).then_some((Unit::Char(char::from(code)), 2)),
        b'x' => {
            let byte = digits(text.get(2..4)?, 16)?;
            Some((Unit::Byte(u8::try_from(byte).ok()?), 4))
        }
        b'u' => Some((Unit::Char(char::from_u32(digits(text.get(2..6)?, 16)?)?), 6)),
        b'U' => Some((
            Unit::Char(char::from_u32(digits(text.get(2..10)?, 16)?)?),
            10,
        )),
        b'0'..=b'7' => {
            let byte = digits(text.get(1..4)?, 8)?;
            Some((Unit::Byte(u8::try_from(byte).ok()?), 4))
        }
        _ => None,
    }
}

fn digits(text: &[u8], base: u32) -> Option<u32> {
    text.iter().try_fold(0u32, |sum, &b| {
        sum.checked_mul(base)?
            .checked_add(char::from(b).to_digit(base)?)
    })
}
