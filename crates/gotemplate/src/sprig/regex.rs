//! Regular expressions with Go's syntax and Go's meanings.

use super::Table;
use crate::args::{bytes, int, text};
use crate::error::Fault;
use crate::exec::Call;
use crate::func::{Answer, Type};
use crate::list::{Elem, List};
use crate::pattern;
use crate::value::Value;
use Type::{Int, String as Text};
use regex::bytes::Regex;
use std::collections::HashMap;
use std::rc::Rc;

/// Patterns compiled in a rendering, so that a loop compiles each of them once.
#[derive(Default)]
pub(crate) struct Patterns(HashMap<String, Rc<Regex>>);

/// How many compiled patterns are kept.
const KEPT: usize = 256;

pub(super) fn add(table: &mut Table) {
    const TWO: &[Type] = &[Text, Text];
    const COUNTED: &[Type] = &[Text, Text, Int];
    const THREE: &[Type] = &[Text, Text, Text];
    table.plain("regexMatch", TWO, |call, a| {
        // Alone among its kin, this one swallows bad patterns.
        Ok(compile(call, a)
            .is_ok_and(|regex| regex.is_match(bytes(a, 1)))
            .into())
    });
    table.plain("mustRegexMatch", TWO, |call, a| {
        Ok(compile(call, a)?.is_match(bytes(a, 1)).into())
    });
    for (name, must) in [("regexFind", false), ("mustRegexFind", true)] {
        table.plain(name, TWO, if must { find } else { panicking_find });
    }
    table.plain("regexFindAll", COUNTED, |call, a| {
        find_all(call, a).map_err(|f| panicked(f, a))
    });
    table.plain("mustRegexFindAll", COUNTED, find_all);
    table.plain("regexReplaceAll", THREE, |call, a| {
        replace(call, a, true).map_err(|f| panicked(f, a))
    });
    table.plain("mustRegexReplaceAll", THREE, |call, a| {
        replace(call, a, true)
    });
    table.plain("regexReplaceAllLiteral", THREE, |call, a| {
        replace(call, a, false).map_err(|f| panicked(f, a))
    });
    table.plain("mustRegexReplaceAllLiteral", THREE, |call, a| {
        replace(call, a, false)
    });
    table.plain("regexSplit", COUNTED, |call, a| {
        split(call, a).map_err(|f| panicked(f, a))
    });
    table.plain("mustRegexSplit", COUNTED, split);
    table.plain("regexQuoteMeta", &[Text], |_, a| {
        Ok(quote_meta(bytes(a, 0)).into())
    });
}

/// The message of `regexp.MustCompile` for a bad pattern.
fn panicked(mut fault: Fault, args: &[Value]) -> Fault {
    if fault.message.starts_with("error parsing regexp") {
        let shown = if crate::quote::can_backquote(bytes(args, 0)) {
            format!("`{}`", text(args, 0))
        } else {
            crate::quote::quote(bytes(args, 0))
        };
        fault.message = format!("regexp: Compile({shown}): {}", fault.message);
    }
    fault
}

fn compile(call: &Call<'_>, args: &[Value]) -> Result<Rc<Regex>, Fault> {
    let source = text(args, 0);
    if let Some(known) = call.patterns().borrow().0.get(&*source) {
        return Ok(Rc::clone(known));
    }
    call.charge(100 + source.len())?;
    let regex = Rc::new(pattern::compile(&source)?);
    let mut patterns = call.patterns().borrow_mut();
    if patterns.0.len() >= KEPT {
        patterns.0.clear();
    }
    patterns.0.insert(source.into_owned(), Rc::clone(&regex));
    Ok(regex)
}

fn find(call: &mut Call<'_>, args: &[Value]) -> Answer {
    let found = compile(call, args)?
        .find(bytes(args, 1))
        .map(|found| Value::str(found.as_bytes()));
    Ok(found.unwrap_or_else(|| "".into()))
}

fn panicking_find(call: &mut Call<'_>, args: &[Value]) -> Answer {
    find(call, args).map_err(|fault| panicked(fault, args))
}

/// Matches as byte ranges, at most `limit` of them if that is not negative.
fn matches(
    call: &Call<'_>,
    regex: &Regex,
    subject: &[u8],
    limit: i64,
) -> Result<Vec<(usize, usize)>, Fault> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let found = regex.find_iter(subject).map(|m| (m.start(), m.end()));
    let found: Vec<_> = found
        .filter(|&(start, end)| on_boundary(subject, start, end))
        .take(limit)
        .collect();
    call.charge(found.len())?;
    Ok(found)
}

/// Nothing cannot be found in the middle of a character.
fn on_boundary(subject: &[u8], start: usize, end: usize) -> bool {
    start != end || subject.get(start).is_none_or(|&b| b & 0xC0 != 0x80)
}

fn find_all(call: &mut Call<'_>, args: &[Value]) -> Answer {
    let (regex, subject) = (compile(call, args)?, bytes(args, 1));
    let found = matches(call, &regex, subject, int(args, 2))?;
    if found.is_empty() {
        return Ok(List::nil_of(Elem::String).into());
    }
    Ok(List::strings(
        found
            .into_iter()
            .map(|(start, end)| subject.get(start..end).unwrap_or_default()),
    )
    .into())
}

fn replace(call: &mut Call<'_>, args: &[Value], expand: bool) -> Answer {
    let (regex, subject, template) = (compile(call, args)?, bytes(args, 1), bytes(args, 2));
    let mut out = Vec::with_capacity(subject.len());
    let mut last = 0;
    for captures in regex.captures_iter(subject) {
        let Some(whole) = captures.get(0) else {
            continue;
        };
        if !on_boundary(subject, whole.start(), whole.end()) {
            continue;
        }
        out.extend_from_slice(subject.get(last..whole.start()).unwrap_or_default());
        if expand {
            pattern::expand(&mut out, template, &captures);
        } else {
            out.extend_from_slice(template);
        }
        last = whole.end();
        call.room(out.len())?;
        call.charge(1)?;
    }
    out.extend_from_slice(subject.get(last..).unwrap_or_default());
    Ok(out.into())
}

fn split(call: &mut Call<'_>, args: &[Value]) -> Answer {
    let (regex, subject, limit) = (compile(call, args)?, bytes(args, 1), int(args, 2));
    if limit == 0 {
        return Ok(List::nil_of(Elem::String).into());
    }
    if !bytes(args, 0).is_empty() && subject.is_empty() {
        return Ok(List::strings([""]).into());
    }
    let mut parts: Vec<&[u8]> = Vec::new();
    let (mut begin, mut end) = (0, 0);
    for (start, stop) in matches(call, &regex, subject, limit)? {
        if limit > 0 && parts.len() as i64 == limit - 1 {
            break;
        }
        end = start;
        if stop != 0 {
            parts.push(subject.get(begin..end).unwrap_or_default());
        }
        begin = stop;
    }
    if end != subject.len() {
        parts.push(subject.get(begin..).unwrap_or_default());
    }
    Ok(List::strings(parts).into())
}

/// `regexp.QuoteMeta`
fn quote_meta(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for &byte in text {
        if br"\.+*?()|[]{}^$".contains(&byte) {
            out.push(b'\\');
        }
        out.push(byte);
    }
    out
}
