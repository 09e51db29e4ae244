//! Turning anything into a number, as `spf13/cast` does for sprig: what cannot be one is zero.

use crate::number::{IntError, parse_float, parse_int};
use crate::value::Value;

/// `cast.ToInt64`
pub(crate) fn to_int(value: &Value) -> i64 {
    match value {
        Value::Int(_, n) => *n,
        Value::Uint(_, n) => *n as i64,
        Value::Float(f) => truncate(*f),
        Value::Bool(b) => i64::from(*b),
        Value::Str(text) => parse_int(without_zero_places(&text.to_str()), 0).unwrap_or(0),
        Value::Object(object) if matches!(object.type_name(), "time.Month" | "time.Weekday") => {
            object.integer().unwrap_or(0)
        }
        _ => 0,
    }
}

/// `cast.ToFloat64`
pub(crate) fn to_float(value: &Value) -> f64 {
    match value {
        Value::Float(f) => *f,
        Value::Uint(_, n) => *n as f64,
        Value::Str(text) => parse_float(&text.to_str()).unwrap_or(0.0),
        value => to_int(value) as f64,
    }
}

/// Go's conversion on a 64-bit machine: what does not fit is the smallest integer.
pub(crate) fn truncate(f: f64) -> i64 {
    let limit = 9_223_372_036_854_775_808.0;
    if (-limit..limit).contains(&f) {
        f as i64
    } else {
        i64::MIN
    }
}

/// `1.00` reads as `1`.
fn without_zero_places(text: &str) -> &str {
    let zeros = text.trim_end_matches('0');
    match zeros.strip_suffix('.') {
        Some(whole) if zeros.len() < text.len() => whole,
        _ => text,
    }
}

/// `strconv.ParseInt` with its error dropped: what is out of range is held to the nearest.
pub(crate) fn parse_lossy(text: &str) -> i64 {
    match parse_int(text, 10) {
        Ok(n) => n,
        Err(IntError::Syntax) => 0,
        Err(IntError::Range) if text.starts_with('-') => i64::MIN,
        Err(IntError::Range) => i64::MAX,
    }
}
