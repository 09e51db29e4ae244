//! Trimming, cutting, joining, quoting.

use super::Table;
use crate::args::{at, bytes, int};
use crate::error::Fault;
use crate::exec::Call;
use crate::fmt;
use crate::func::{Answer, Type};
use crate::list::{Elem, List};
use crate::map::Map;
use crate::value::Value;
use crate::{quote, unicode, utf8};

use Type::{Any, Int, String as Text};

pub(super) fn add(table: &mut Table) {
    table.plain("hello", &[], |_, _| Ok("Hello!".into()));
    table.plain("trim", &[Text], |_, a| {
        Ok(Value::str(unicode::trim(bytes(a, 0))))
    });
    table.plain("trimall", &[Text, Text], trim_all);
    table.plain("trimAll", &[Text, Text], trim_all);
    table.plain("trimPrefix", &[Text, Text], |_, a| {
        Ok(Value::str(
            bytes(a, 1).strip_prefix(bytes(a, 0)).unwrap_or(bytes(a, 1)),
        ))
    });
    table.plain("trimSuffix", &[Text, Text], |_, a| {
        Ok(Value::str(
            bytes(a, 1).strip_suffix(bytes(a, 0)).unwrap_or(bytes(a, 1)),
        ))
    });
    table.plain("contains", &[Text, Text], |_, a| {
        Ok(find(bytes(a, 1), bytes(a, 0)).is_some().into())
    });
    table.plain("hasPrefix", &[Text, Text], |_, a| {
        Ok(bytes(a, 1).starts_with(bytes(a, 0)).into())
    });
    table.plain("hasSuffix", &[Text, Text], |_, a| {
        Ok(bytes(a, 1).ends_with(bytes(a, 0)).into())
    });
    table.plain("repeat", &[Int, Text], repeat);
    table.plain("substr", &[Int, Int, Text], substr);
    table.plain("trunc", &[Int, Text], trunc);
    table.plain("abbrev", &[Int, Text], |_, a| {
        Ok(abbreviate(bytes(a, 1), 0, int(a, 0)))
    });
    table.plain("abbrevboth", &[Int, Int, Text], abbrevboth);
    table.plain("initials", &[Text], |_, a| Ok(initials(bytes(a, 0)).into()));
    table.plain("nospace", &[Text], |_, a| Ok(nospace(bytes(a, 0)).into()));
    table.plain("replace", &[Text, Text, Text], replace);
    table.plain("plural", &[Text, Text, Int], |_, a| {
        Ok(at(a, usize::from(int(a, 2) != 1)).clone())
    });
    table.variadic("quote", &[Any], |call, a| quoted(call, a));
    table.variadic("squote", &[Any], |call, a| squoted(call, a));
    table.variadic("cat", &[Any], cat);
    table.plain("indent", &[Int, Text], |call, a| {
        Ok(indent(call, int(a, 0), bytes(a, 1), b"")?.into())
    });
    table.plain("nindent", &[Int, Text], |call, a| {
        Ok(indent(call, int(a, 0), bytes(a, 1), b"\n")?.into())
    });
    table.plain("toString", &[Any], |call, a| {
        Ok(strval(call, at(a, 0))?.into())
    });
    table.plain("toStrings", &[Any], |call, a| {
        Ok(List::strings(strings(call, at(a, 0))?).into())
    });
    table.plain("join", &[Text, Any], |call, a| {
        Ok(join(call, &strings(call, at(a, 1))?, bytes(a, 0))?.into())
    });
    table.plain("sortAlpha", &[Any], sort_alpha);
    table.plain("split", &[Text, Text], |call, a| {
        Ok(numbered(split(call, bytes(a, 1), bytes(a, 0), -1)?))
    });
    table.plain("splitList", &[Text, Text], |call, a| {
        Ok(List::strings(split(call, bytes(a, 1), bytes(a, 0), -1)?).into())
    });
    table.plain("splitn", &[Text, Int, Text], |call, a| {
        Ok(numbered(split(call, bytes(a, 2), bytes(a, 0), int(a, 1))?))
    });
}

/// The position of a part.
pub(crate) fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    let Some(&first) = part.first() else {
        return Some(0);
    };
    let mut from = 0;
    loop {
        let offset = text.get(from..)?.iter().position(|&b| b == first)?;
        from += offset;
        if text.get(from..)?.starts_with(part) {
            return Some(from);
        }
        from += 1;
    }
}

/// A value as sprig turns it into text: strings as they are, everything else as `%v`.
pub(crate) fn strval(call: &Call<'_>, value: &Value) -> Result<Vec<u8>, Fault> {
    fmt::show(value, call.max_bytes())
}

/// A list as texts, nils left out; anything else as a list of one.
pub(crate) fn strings(call: &Call<'_>, value: &Value) -> Result<Vec<Vec<u8>>, Fault> {
    match value {
        Value::List(list) => {
            let mut out = Vec::with_capacity(list.len());
            let mut total = 0;
            for item in list.items().iter().filter(|item| !item.is_nothing()) {
                let text = strval(call, item)?;
                total += text.len();
                call.room(total)?;
                out.push(text);
            }
            Ok(out)
        }
        Value::None | Value::Nil => Ok(Vec::new()),
        value => Ok(vec![strval(call, value)?]),
    }
}

fn join(call: &Call<'_>, parts: &[Vec<u8>], separator: &[u8]) -> Result<Vec<u8>, Fault> {
    let total: usize = parts.iter().map(Vec::len).sum();
    call.room(
        total.saturating_add(
            separator
                .len()
                .saturating_mul(parts.len().saturating_sub(1)),
        ),
    )?;
    Ok(parts.join(separator))
}

fn trim_all(_: &mut Call<'_>, args: &[Value]) -> Answer {
    let set: Vec<char> = utf8::runes(bytes(args, 0)).map(|(_, c, _)| c).collect();
    let mut text = bytes(args, 1);
    loop {
        let (c, width) = utf8::decode(text);
        if width == 0 || !set.contains(&c) {
            break;
        }
        text = text.get(width..).unwrap_or_default();
    }
    loop {
        let (c, width) = utf8::decode_last(text);
        if width == 0 || !set.contains(&c) {
            break;
        }
        text = text.get(..text.len() - width).unwrap_or_default();
    }
    Ok(Value::str(text))
}

fn repeat(call: &mut Call<'_>, args: &[Value]) -> Answer {
    let count = usize::try_from(int(args, 0)).map_err(|_| "strings: negative Repeat count")?;
    let text = bytes(args, 1);
    call.room(text.len().saturating_mul(count))?;
    Ok(if text.is_empty() {
        Value::str("")
    } else {
        text.repeat(count).into()
    })
}

fn bounds(start: i64, end: i64, length: usize) -> Fault {
    if start > end {
        return format!("runtime error: slice bounds out of range [{start}:{end}]").into();
    }
    format!("runtime error: slice bounds out of range [:{end}] with length {length}").into()
}

fn cut(text: &[u8], start: i64, end: i64) -> Answer {
    let range = usize::try_from(start).ok().zip(usize::try_from(end).ok());
    let part = range.and_then(|(start, end)| text.get(start..end));
    part.map(Value::str)
        .ok_or_else(|| bounds(start, end, text.len()))
}

fn substr(_: &mut Call<'_>, args: &[Value]) -> Answer {
    let (start, end, text) = (int(args, 0), int(args, 1), bytes(args, 2));
    let length = text.len() as i64;
    if start < 0 {
        return cut(text, 0, end);
    }
    if end < 0 || end > length {
        return cut(text, start, length);
    }
    cut(text, start, end)
}

fn trunc(_: &mut Call<'_>, args: &[Value]) -> Answer {
    let (count, text) = (int(args, 0), bytes(args, 1));
    let length = text.len() as i64;
    if count < 0 && length.saturating_add(count) > 0 {
        return cut(text, length + count, length);
    }
    if count >= 0 && length > count {
        return cut(text, 0, count);
    }
    Ok(at(args, 1).clone())
}

/// `goutils.AbbreviateFull`; widths too small to hold anything leave the text alone.
fn abbreviate(text: &[u8], offset: i64, width: i64) -> Value {
    if width < 4 {
        return Value::str(text);
    }
    let length = text.len() as i64;
    if length <= width {
        return Value::str(text);
    }
    let room = width - 3;
    let mut offset = offset.min(length);
    if length - offset < room {
        offset = length - room;
    }
    let part = |start: i64, end: i64| -> &[u8] {
        let (start, end) = (
            usize::try_from(start).unwrap_or(0),
            usize::try_from(end).unwrap_or(0),
        );
        text.get(start..end.min(text.len())).unwrap_or_default()
    };
    if offset <= 4 {
        return [part(0, room), b"..."].concat().into();
    }
    if width < 7 {
        return Value::str("");
    }
    if offset + room < length {
        let rest = abbreviate(part(offset, length), 0, room);
        return [b"...", rest.bytes().unwrap_or_default()].concat().into();
    }
    [b"...", part(length - room, length)].concat().into()
}

fn abbrevboth(_: &mut Call<'_>, args: &[Value]) -> Answer {
    let (left, right) = (int(args, 0), int(args, 1));
    if right < 4 || left > 0 && right < 7 {
        return Ok(at(args, 2).clone());
    }
    Ok(abbreviate(bytes(args, 2), left, right))
}

/// Goes by bytes, each taken for a character, as `goutils` does.
fn initials(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut gap = true;
    for c in text.iter().map(|&b| char::from(b)) {
        if unicode::is_space(c) {
            gap = true;
        } else if gap {
            utf8::push(&mut out, c);
            gap = false;
        }
    }
    out
}

/// Goes by bytes, each taken for a character, as `goutils` does.
fn nospace(text: &[u8]) -> Vec<u8> {
    if !text.iter().any(|&b| unicode::is_space(char::from(b))) {
        return text.to_vec();
    }
    let mut out = Vec::with_capacity(text.len());
    for c in text
        .iter()
        .map(|&b| char::from(b))
        .filter(|&c| !unicode::is_space(c))
    {
        utf8::push(&mut out, c);
    }
    out
}

/// Replaces all occurrences, as `strings.ReplaceAll`; an empty old text matches before every character.
pub(crate) fn replace_all(
    call: &Call<'_>,
    text: &[u8],
    old: &[u8],
    new: &[u8],
) -> Result<Vec<u8>, Fault> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    if old.is_empty() {
        out.extend_from_slice(new);
        for (at, _, width) in utf8::runes(text) {
            out.extend_from_slice(text.get(at..at + width).unwrap_or_default());
            out.extend_from_slice(new);
            call.room(out.len())?;
        }
        return Ok(out);
    }
    while let Some(at) = find(rest, old) {
        out.extend_from_slice(rest.get(..at).unwrap_or_default());
        out.extend_from_slice(new);
        call.room(out.len())?;
        rest = rest.get(at + old.len()..).unwrap_or_default();
    }
    out.extend_from_slice(rest);
    Ok(out)
}

fn replace(call: &mut Call<'_>, args: &[Value]) -> Answer {
    Ok(replace_all(call, bytes(args, 2), bytes(args, 0), bytes(args, 1))?.into())
}

fn quoted(call: &Call<'_>, args: &[Value]) -> Answer {
    let mut out = Vec::new();
    for arg in args.iter().filter(|arg| !arg.is_nothing()) {
        if !out.is_empty() {
            out.push(b' ');
        }
        quote::append(&mut out, &strval(call, arg)?, false);
        call.room(out.len())?;
    }
    Ok(out.into())
}

fn squoted(call: &Call<'_>, args: &[Value]) -> Answer {
    let mut out = Vec::new();
    for arg in args.iter().filter(|arg| !arg.is_nothing()) {
        if !out.is_empty() {
            out.push(b' ');
        }
        out.push(b'\'');
        out.extend_from_slice(&strval(call, arg)?);
        out.push(b'\'');
        call.room(out.len())?;
    }
    Ok(out.into())
}

fn cat(call: &mut Call<'_>, args: &[Value]) -> Answer {
    let mut out = Vec::new();
    for (i, arg) in args.iter().filter(|arg| !arg.is_nothing()).enumerate() {
        if i > 0 {
            out.push(b' ');
        }
        out.extend_from_slice(&strval(call, arg)?);
        call.room(out.len())?;
    }
    Ok(out.into())
}

fn indent(call: &Call<'_>, spaces: i64, text: &[u8], before: &[u8]) -> Result<Vec<u8>, Fault> {
    let spaces = usize::try_from(spaces).map_err(|_| "strings: negative Repeat count")?;
    let lines = text.split(|&b| b == b'\n').count();
    call.room(spaces.saturating_mul(lines).saturating_add(text.len()))?;
    let mut out = Vec::with_capacity(before.len() + text.len() + spaces * lines);
    out.extend_from_slice(before);
    for (i, line) in text.split(|&b| b == b'\n').enumerate() {
        if i > 0 {
            out.push(b'\n');
        }
        out.resize(out.len() + spaces, b' ');
        out.extend_from_slice(line);
    }
    Ok(out)
}

fn sort_alpha(call: &mut Call<'_>, args: &[Value]) -> Answer {
    let value = at(args, 0);
    if !matches!(value, Value::List(_)) {
        return Ok(List::strings([strval(call, value)?]).into());
    }
    let mut all = strings(call, value)?;
    all.sort_unstable();
    Ok(List::strings(all).into())
}

/// `strings.SplitN`; an empty separator splits after every character.
fn split<'t>(
    call: &Call<'_>,
    text: &'t [u8],
    separator: &[u8],
    limit: i64,
) -> Result<Vec<&'t [u8]>, Fault> {
    let limit = match usize::try_from(limit) {
        Ok(0) => return Ok(Vec::new()),
        Ok(limit) => limit,
        Err(_) => usize::MAX,
    };
    call.charge(text.len() / 16)?;
    let mut parts = Vec::new();
    let mut rest = text;
    while parts.len() + 1 < limit {
        let step = if separator.is_empty() {
            let (_, width) = utf8::decode(rest);
            (width > 0 && width < rest.len()).then_some((width, width))
        } else {
            find(rest, separator).map(|at| (at, at + separator.len()))
        };
        let Some((end, next)) = step else { break };
        parts.push(rest.get(..end).unwrap_or_default());
        rest = rest.get(next..).unwrap_or_default();
    }
    if !(separator.is_empty() && text.is_empty()) {
        parts.push(rest);
    }
    call.room(parts.len() * size_of::<Value>())?;
    Ok(parts)
}

/// `map[string]string` with the keys `_0`, `_1`, ...
fn numbered(parts: Vec<&[u8]>) -> Value {
    let map = Map::new(Elem::String);
    for (i, part) in parts.into_iter().enumerate() {
        map.set(format!("_{i}"), Value::str(part));
    }
    map.into()
}
