//! Durations as Helm 4 reads them: texts such as `1h30m`, and numbers of seconds.

use crate::args::at;
use crate::func::{Answer, Function, Functions, Type};
use crate::number::parse_float;
use crate::time::{Duration, duration_value, parse_duration};
use crate::value::Value;
use Type::Any;
use std::rc::Rc;

const SECOND: i64 = 1_000_000_000;
/// What Go divides hours by, to count days and weeks.
const DAY: f64 = 24.0;
const WEEK: f64 = 7.0;

/// `mustToDuration`, `durationSeconds` and the like.
pub(super) fn functions() -> Functions {
    let function = |name, params: &'static [Type], body: fn(&[Value]) -> Answer| {
        (
            name,
            Rc::new(Function::new(params, move |_, args| body(args))),
        )
    };
    vec![
        function("mustToDuration", &[Any], |a| {
            Ok(duration_value(read(at(a, 0))?))
        }),
        function("durationSeconds", &[Any], |a| {
            Ok(Value::Float(parts(a, SECOND)))
        }),
        function("durationMinutes", &[Any], |a| {
            Ok(Value::Float(parts(a, 60 * SECOND)))
        }),
        function("durationHours", &[Any], |a| {
            Ok(Value::Float(parts(a, 3600 * SECOND)))
        }),
        function("durationDays", &[Any], |a| {
            Ok(Value::Float(parts(a, 3600 * SECOND) / DAY))
        }),
        function("durationWeeks", &[Any], |a| {
            Ok(Value::Float(parts(a, 3600 * SECOND) / DAY / WEEK))
        }),
        function("durationMilliseconds", &[Any], |a| {
            Ok(Value::int64(nanos(a) / 1_000_000))
        }),
        function("durationMicroseconds", &[Any], |a| {
            Ok(Value::int64(nanos(a) / 1_000))
        }),
        function("durationNanoseconds", &[Any], |a| {
            Ok(Value::int64(nanos(a)))
        }),
        function("durationRoundTo", &[Any, Any], |a| {
            Ok(duration_value(fitted(a, |nanos, unit| {
                Duration(nanos).round(unit).0
            })))
        }),
        function("durationTruncateTo", &[Any, Any], |a| {
            Ok(duration_value(fitted(a, |nanos, unit| {
                if unit <= 0 {
                    nanos
                } else {
                    nanos - nanos % unit
                }
            })))
        }),
    ]
}

/// The first argument; what is none counts as nothing.
fn nanos(args: &[Value]) -> i64 {
    read(at(args, 0)).unwrap_or_default()
}

/// The first argument in a unit, as Go's `Seconds`, `Minutes` and `Hours` compute it.
fn parts(args: &[Value], unit: i64) -> f64 {
    let nanos = nanos(args);
    (nanos / unit) as f64 + (nanos % unit) as f64 / unit as f64
}

/// The first argument fitted to multiples of the second, as it is where that is no duration.
fn fitted(args: &[Value], fit: impl Fn(i64, i64) -> i64) -> i64 {
    let Ok(nanos) = read(at(args, 0)) else {
        return 0;
    };
    read(at(args, 1)).map_or(nanos, |unit| fit(nanos, unit))
}

fn read(value: &Value) -> Result<i64, String> {
    let whole = |seconds: i64| {
        let nanos = seconds.checked_mul(SECOND);
        nanos.ok_or_else(|| format!("duration seconds overflow: {seconds}"))
    };
    match value {
        Value::None | Value::Nil => Err("invalid duration".to_owned()),
        Value::Str(text) => {
            let text = text.to_str();
            let trimmed = text.trim();
            if trimmed.is_empty() {
                return Err("empty duration".to_owned());
            }
            if let Ok(duration) = parse_duration(trimmed) {
                return Ok(duration.0);
            }
            let Some(seconds) = parse_float(trimmed) else {
                let quoted = crate::quote::quote(text.as_bytes());
                return Err(format!("could not parse duration {quoted}"));
            };
            fraction(seconds)
        }
        Value::Int(_, seconds) => whole(*seconds),
        Value::Uint(_, seconds) => match i64::try_from(*seconds) {
            Ok(seconds) => whole(seconds),
            Err(_) => Err(format!("duration seconds overflow: {seconds}")),
        },
        Value::Float(seconds) => fraction(*seconds),
        Value::Object(object) if object.type_name() == "time.Duration" => {
            Ok(object.integer().unwrap_or_default())
        }
        other => Err(format!("unsupported duration type {}", other.type_name())),
    }
}

fn fraction(seconds: f64) -> Result<i64, String> {
    if !seconds.is_finite() {
        return Err("invalid duration seconds".to_owned());
    }
    let nanos = seconds * SECOND as f64;
    if nanos.abs() > i64::MAX as f64 {
        return Err("duration seconds overflow".to_owned());
    }
    Ok(nanos as i64)
}
