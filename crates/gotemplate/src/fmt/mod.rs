//! Go's `fmt`: how values print.

pub(crate) mod float;
mod printer;
mod printf;

use crate::error::Fault;
use crate::value::Value;
use printer::Printer;
pub(crate) use printf::sprintf;

/// Appends a value as `%v` prints it, at most `room` bytes.
pub(crate) fn append(out: &mut Vec<u8>, value: &Value, room: usize) -> Result<(), Fault> {
    match value {
        Value::Str(text) if text.len() <= room => {
            out.extend_from_slice(text);
            Ok(())
        }
        Value::Bool(b) => {
            out.extend_from_slice(if *b { b"true" } else { b"false" });
            Ok(())
        }
        Value::Int(_, n) => {
            append_int(out, *n < 0, n.unsigned_abs());
            Ok(())
        }
        Value::Uint(_, n) => {
            append_int(out, false, *n);
            Ok(())
        }
        Value::Float(f) if is_plain(*f) => {
            append_int(out, *f < 0.0, f.abs() as u64);
            Ok(())
        }
        value => {
            let mut printer = Printer::new(out, room);
            printer.arg(value, 'v');
            printer.finish()
        }
    }
}

/// Whether a float prints as an integer does: it is one, it needs no exponent, and it is no negative zero.
fn is_plain(f: f64) -> bool {
    let n = f as i32;
    n.unsigned_abs() < 1_000_000 && f64::from(n).to_bits() == f.to_bits()
}

fn append_int(out: &mut Vec<u8>, negative: bool, mut n: u64) {
    let mut digits = [0u8; 20];
    let mut count = 0;
    for digit in digits.iter_mut().rev() {
        *digit = b'0' + (n % 10) as u8;
        n /= 10;
        count += 1;
        if n == 0 {
            break;
        }
    }
    if negative {
        out.push(b'-');
    }
    out.extend_from_slice(digits.get(digits.len() - count..).unwrap_or_default());
}

/// A value as `%v` prints it.
pub(crate) fn show(value: &Value, room: usize) -> Result<Vec<u8>, Fault> {
    let mut out = Vec::new();
    append(&mut out, value, room)?;
    Ok(out)
}

/// `fmt.Sprint`: spaces only between operands neither of which is a string.
pub(crate) fn sprint(args: &[Value], room: usize) -> Result<Vec<u8>, Fault> {
    let mut out = Vec::new();
    let mut was_string = true;
    for (i, arg) in args.iter().enumerate() {
        let is_string = matches!(arg, Value::Str(_));
        if i > 0 && !is_string && !was_string {
            out.push(b' ');
        }
        let left = room.saturating_sub(out.len());
        append(&mut out, arg, left)?;
        was_string = is_string;
    }
    Ok(out)
}

/// `fmt.Sprintln`: spaces between all operands, and a newline.
pub(crate) fn sprintln(args: &[Value], room: usize) -> Result<Vec<u8>, Fault> {
    let mut out = Vec::new();
    for (i, arg) in args.iter().enumerate() {
        if i > 0 {
            out.push(b' ');
        }
        let left = room.saturating_sub(out.len());
        append(&mut out, arg, left)?;
    }
    out.push(b'\n');
    Ok(out)
}
