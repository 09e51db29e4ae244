//! Arithmetic and sequences.

use super::Table;
use super::cast::{parse_lossy, to_float, to_int};
use super::decimal::Decimal;
use super::strings::strval;
use crate::args::{at, from, int, text};
use crate::error::Fault;
use crate::exec::Call;
use crate::func::{Answer, Type};
use crate::list::{Elem, List};
use crate::number::parse_int;
use crate::value::Value;
use Type::{Any, Float, Int, String as Text};

pub(super) fn add(table: &mut Table) {
    const ANY: &[Type] = &[Any];
    const TWO: &[Type] = &[Any, Any];
    table.plain("atoi", &[Text], |_, a| {
        Ok(Value::int(parse_lossy(&text(a, 0))))
    });
    table.plain("int", ANY, |_, a| Ok(Value::int(to_int(at(a, 0)))));
    table.plain("int64", ANY, |_, a| Ok(Value::int64(to_int(at(a, 0)))));
    table.plain("float64", ANY, |_, a| Ok(Value::Float(to_float(at(a, 0)))));
    table.plain("toDecimal", ANY, to_decimal);
    table.plain("add1", ANY, |_, a| {
        Ok(Value::int64(to_int(at(a, 0)).wrapping_add(1)))
    });
    table.variadic("add", ANY, |_, a| Ok(fold(a, 0, i64::wrapping_add)));
    table.plain("sub", TWO, |_, a| {
        Ok(Value::int64(
            to_int(at(a, 0)).wrapping_sub(to_int(at(a, 1))),
        ))
    });
    table.plain("div", TWO, |_, a| divide(a, i64::wrapping_div));
    table.plain("mod", TWO, |_, a| divide(a, i64::wrapping_rem));
    table.variadic("mul", TWO, |_, a| {
        Ok(fold(from(a, 1), to_int(at(a, 0)), i64::wrapping_mul))
    });
    table.variadic("max", TWO, |_, a| {
        Ok(fold(from(a, 1), to_int(at(a, 0)), i64::max))
    });
    table.variadic("biggest", TWO, |_, a| {
        Ok(fold(from(a, 1), to_int(at(a, 0)), i64::max))
    });
    table.variadic("min", TWO, |_, a| {
        Ok(fold(from(a, 1), to_int(at(a, 0)), i64::min))
    });
    table.variadic("maxf", TWO, |_, a| Ok(fold_float(a, max)));
    table.variadic("minf", TWO, |_, a| Ok(fold_float(a, min)));
    table.plain("add1f", ANY, |call, a| {
        decimals(call, to_float(at(a, 0)), &[Value::int(1)], |x, y| {
            Ok(x.add(y))
        })
    });
    table.variadic("addf", ANY, |call, a| {
        decimals(call, 0.0, a, |x, y| Ok(x.add(y)))
    });
    table.variadic("subf", TWO, |call, a| {
        decimals(call, to_float(at(a, 0)), from(a, 1), |x, y| Ok(x.sub(y)))
    });
    table.variadic("mulf", TWO, |call, a| {
        decimals(call, to_float(at(a, 0)), from(a, 1), |x, y| Ok(x.mul(y)))
    });
    table.variadic("divf", TWO, |call, a| {
        decimals(call, to_float(at(a, 0)), from(a, 1), |x, y| {
            x.div(y).ok_or("decimal division by 0")
        })
    });
    table.plain("ceil", ANY, |_, a| {
        Ok(Value::Float(to_float(at(a, 0)).ceil()))
    });
    table.plain("floor", ANY, |_, a| {
        Ok(Value::Float(to_float(at(a, 0)).floor()))
    });
    table.variadic("round", &[Any, Int, Float], |_, a| {
        Ok(Value::Float(round(a)))
    });
    table.plain("until", &[Int], |call, a| {
        let count = int(a, 0);
        ints(call, 0, count, if count < 0 { -1 } else { 1 })
    });
    table.plain("untilStep", &[Int, Int, Int], |call, a| {
        ints(call, int(a, 0), int(a, 1), int(a, 2))
    });
    table.variadic("seq", &[Int], seq);
}

fn fold(args: &[Value], start: i64, f: fn(i64, i64) -> i64) -> Value {
    Value::int64(args.iter().map(to_int).fold(start, f))
}

fn fold_float(args: &[Value], f: fn(f64, f64) -> f64) -> Value {
    Value::Float(
        from(args, 1)
            .iter()
            .map(to_float)
            .fold(to_float(at(args, 0)), f),
    )
}

/// `math.Max`: NaN wins.
fn max(a: f64, b: f64) -> f64 {
    match () {
        () if a == f64::INFINITY || b == f64::INFINITY => f64::INFINITY,
        () if a.is_nan() || b.is_nan() => f64::NAN,
        () if a == 0.0 && b == 0.0 => {
            if a.is_sign_negative() {
                b
            } else {
                a
            }
        }
        () => a.max(b),
    }
}

/// `math.Min`: NaN wins.
fn min(a: f64, b: f64) -> f64 {
    -max(-a, -b)
}

fn divide(args: &[Value], f: fn(i64, i64) -> i64) -> Answer {
    match to_int(at(args, 1)) {
        0 => Err("runtime error: integer divide by zero".into()),
        divisor => Ok(Value::int64(f(to_int(at(args, 0)), divisor))),
    }
}

/// The numbers are read as decimals, in the digits they print with.
fn decimals(
    call: &Call<'_>,
    start: f64,
    args: &[Value],
    f: fn(&Decimal, &Decimal) -> Result<Decimal, &'static str>,
) -> Answer {
    let decimal = |f: f64| {
        let shown = if f.is_nan() {
            "NaN"
        } else if f > 0.0 {
            "+Inf"
        } else {
            "-Inf"
        };
        Decimal::from_float(f)
            .ok_or_else(|| Fault::new(format!("Cannot create a Decimal from {shown}")))
    };
    let mut total = decimal(start)?;
    for arg in args {
        total = f(&total, &decimal(to_float(arg))?)?;
        call.charge(1 + (total.bits() / 512) as usize)?;
    }
    Ok(Value::Float(total.to_float()))
}

/// Rounds to so many places; what is half, and which way, follows sprig's own formula.
fn round(args: &[Value]) -> f64 {
    let value = to_float(at(args, 0));
    let places = int(args, 1).clamp(-400, 400) as i32;
    let threshold = match at(args, 2) {
        Value::Float(f) => *f,
        _ => 0.5,
    };
    let power = if places < 0 {
        1.0 / 10f64.powi(-places)
    } else {
        10f64.powi(places)
    };
    let digit = power * value;
    let rounded = if digit.fract() >= threshold {
        digit.ceil()
    } else {
        digit.floor()
    };
    rounded / power
}

/// Reads the digits a value prints as an octal number.
fn to_decimal(call: &mut Call<'_>, args: &[Value]) -> Answer {
    let shown = strval(call, at(args, 0))?;
    Ok(Value::int64(
        parse_int(&String::from_utf8_lossy(&shown), 8).unwrap_or(0),
    ))
}

/// `untilStep` as numbers; a step in the wrong direction gives none.
fn sequence(call: &Call<'_>, start: i64, end: i64, step: i64) -> Result<Vec<i64>, Fault> {
    let forward = end >= start;
    if forward && step <= 0 || !forward && step >= 0 {
        return Ok(Vec::new());
    }
    let count = start.abs_diff(end).div_ceil(step.unsigned_abs());
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    call.room(count.saturating_mul(size_of::<Value>()))?;
    call.charge(count)?;
    Ok((0..count as i64)
        .map(|i| start.wrapping_add(i.wrapping_mul(step)))
        .collect())
}

fn ints(call: &Call<'_>, start: i64, end: i64, step: i64) -> Answer {
    let items = sequence(call, start, end, step)?
        .into_iter()
        .map(Value::int)
        .collect();
    Ok(List::new(Elem::Int, items).into())
}

fn seq(call: &mut Call<'_>, args: &[Value]) -> Answer {
    let n = |i| int(args, i);
    let (start, end, step) = match args.len() {
        1 => (1, n(0), if n(0) < 1 { -1 } else { 1 }),
        2 => (n(0), n(1), if n(1) < n(0) { -1 } else { 1 }),
        3 if n(2) < n(0) && n(1) > 0 => return Ok("".into()),
        3 => (n(0), n(2), n(1)),
        _ => return Ok("".into()),
    };
    let past = if end < start {
        end.wrapping_sub(1)
    } else {
        end.wrapping_add(1)
    };
    let shown: Vec<String> = sequence(call, start, past, step)?
        .iter()
        .map(ToString::to_string)
        .collect();
    Ok(shown.join(" ").into())
}
