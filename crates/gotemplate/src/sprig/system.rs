//! Environment and network, as far as the caller lets them be seen.

use super::Table;
use crate::args::{bytes, text};
use crate::exec::Call;
use crate::func::{Answer, Type};
use crate::host::Door;
use crate::value::Value;

pub(super) fn add(table: &mut Table) {
    table.through(&[Door::Environment], "env", &[Type::String], |call, a| {
        let environ = call
            .engine()
            .host
            .environ
            .as_ref()
            .ok_or_else(|| call.refused(Door::Environment))?;
        Ok(environ(&text(a, 0)).unwrap_or_default().into())
    });
    table.through(
        &[Door::Environment],
        "expandenv",
        &[Type::String],
        expandenv,
    );
    table.through(
        &[Door::Network],
        "getHostByName",
        &[Type::String],
        |call, a| {
            let resolve = call
                .engine()
                .host
                .resolve
                .as_ref()
                .ok_or_else(|| call.refused(Door::Network))?;
            // Go picks one at random; the first is as good.
            match resolve(&text(a, 0)).into_iter().next() {
                Some(address) => Ok(address.into()),
                None => Err("invalid argument to Intn".into()),
            }
        },
    );
}

/// `os.ExpandEnv`
fn expandenv(call: &mut Call<'_>, args: &[Value]) -> Answer {
    let environ = call
        .engine()
        .host
        .environ
        .as_ref()
        .ok_or_else(|| call.refused(Door::Environment))?;
    let mut out = Vec::new();
    let mut rest = bytes(args, 0);
    while let Some(at) = rest
        .iter()
        .position(|&b| b == b'$')
        .filter(|at| at + 1 < rest.len())
    {
        out.extend_from_slice(rest.get(..at).unwrap_or_default());
        let after = rest.get(at + 1..).unwrap_or_default();
        let (name, width) = shell_name(after);
        match name {
            Some(name) => {
                let value = environ(&String::from_utf8_lossy(name)).unwrap_or_default();
                out.extend_from_slice(value.as_bytes());
            }
            // Bad syntax is eaten, but a dollar sign before something else stays.
            None if width > 0 => {}
            None => out.push(b'$'),
        }
        call.room(out.len())?;
        rest = after.get(width..).unwrap_or_default();
    }
    out.extend_from_slice(rest);
    Ok(out.into())
}

/// The name after a dollar sign, and the bytes it takes.
fn shell_name(text: &[u8]) -> (Option<&[u8]>, usize) {
    let special = |b: u8| b"*#$@!?-".contains(&b) || b.is_ascii_digit();
    let word = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_';
    match text {
        [b'{', b, b'}', ..] if special(*b) => (text.get(1..2), 3),
        [b'{', ..] => match text.iter().position(|&b| b == b'}') {
            Some(1) => (None, 2),
            Some(end) => (text.get(1..end), end + 1),
            None => (None, 1),
        },
        [b, ..] if special(*b) => (text.get(..1), 1),
        _ => {
            let width = text.iter().take_while(|b| word(b)).count();
            (text.get(..width).filter(|name| !name.is_empty()), width)
        }
    }
}
