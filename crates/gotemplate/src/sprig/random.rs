//! Random text and numbers, from the caller's source.

use super::Table;
use crate::args::{bytes, int};
use crate::error::Fault;
use crate::exec::Call;
use crate::func::{Answer, Type};
use crate::host::Door;
use crate::utf8;
use crate::value::Value;
use Type::{Int, String as Text};

const RANDOM: &[Door] = &[Door::Random];
const LETTERS: &[u8] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
const ALPHANUMERIC: &[u8] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
const DIGITS: &[u8] = b"0123456789";

pub(super) fn add(table: &mut Table) {
    table.through(RANDOM, "randAlpha", &[Int], |call, a| {
        pick(call, a, LETTERS)
    });
    table.through(RANDOM, "randAlphaNum", &[Int], |call, a| {
        pick(call, a, ALPHANUMERIC)
    });
    table.through(RANDOM, "randNumeric", &[Int], |call, a| {
        pick(call, a, DIGITS)
    });
    table.through(RANDOM, "randAscii", &[Int], |call, a| {
        let printable: Vec<u8> = (b' '..=b'~').collect();
        pick(call, a, &printable)
    });
    table.through(RANDOM, "randBytes", &[Int], |call, a| {
        let count =
            usize::try_from(int(a, 0)).map_err(|_| "runtime error: makeslice: len out of range")?;
        call.room(count)?;
        Ok(crate::base::encode64(&random(call, count)?).into())
    });
    table.through(RANDOM, "randInt", &[Int, Int], |call, a| {
        let (low, high) = (int(a, 0), int(a, 1));
        let span = high.wrapping_sub(low);
        if span <= 0 {
            return Err("invalid argument to Intn".into());
        }
        Ok(Value::int(
            low.wrapping_add(below(call, span.unsigned_abs())? as i64),
        ))
    });
    table.through(RANDOM, "shuffle", &[Text], shuffle);
    table.through(RANDOM, "uuidv4", &[], uuid);
}

/// So many random bytes.
pub(super) fn random(call: &Call<'_>, count: usize) -> Result<Vec<u8>, Fault> {
    let source = call
        .engine()
        .host
        .random
        .as_ref()
        .ok_or_else(|| call.refused(Door::Random))?;
    let mut buffer = vec![0; count];
    source(&mut buffer);
    Ok(buffer)
}

/// A random number below `limit`, all equally likely.
fn below(call: &Call<'_>, limit: u64) -> Result<u64, Fault> {
    let limit = limit.max(1);
    let fair = u64::MAX - u64::MAX % limit;
    for _ in 0..1000 {
        let bytes = random(call, 8)?;
        let value = bytes.iter().fold(0u64, |n, &b| n << 8 | u64::from(b));
        if value < fair {
            return Ok(value % limit);
        }
    }
    // A source that only ever says one thing.
    Ok(0)
}

fn pick(call: &Call<'_>, args: &[Value], from: &[u8]) -> Answer {
    // A count below one yields nothing, as sprig drops the error.
    let count = usize::try_from(int(args, 0)).unwrap_or(0);
    call.room(count)?;
    call.charge(count)?;
    let mut out: Vec<u8> = Vec::with_capacity(count);
    for _ in 0..count {
        let index = below(call, from.len() as u64)?;
        out.extend(
            usize::try_from(index)
                .ok()
                .and_then(|index| from.get(index)),
        );
    }
    Ok(out.into())
}

fn shuffle(call: &mut Call<'_>, args: &[Value]) -> Answer {
    let mut chars: Vec<char> = utf8::runes(bytes(args, 0)).map(|(_, c, _)| c).collect();
    for i in (1..chars.len()).rev() {
        let other = below(call, i as u64 + 1)?;
        chars.swap(i, usize::try_from(other).unwrap_or(i));
    }
    Ok(chars.into_iter().collect::<String>().into())
}

fn uuid(call: &mut Call<'_>, _: &[Value]) -> Answer {
    let bytes = random(call, 16)?;
    let mut n = bytes.iter().fold(0u128, |n, &b| n << 8 | u128::from(b));
    // Version 4, variant 10.
    n = n & !(0xF << 76) | 4 << 76;
    n = n & !(0b11 << 62) | 0b10 << 62;
    let hex = format!("{n:032x}");
    let part = |from, to| hex.get(from..to).unwrap_or_default();
    Ok(format!(
        "{}-{}-{}-{}-{}",
        part(0, 8),
        part(8, 12),
        part(12, 16),
        part(16, 20),
        part(20, 32)
    )
    .into())
}
