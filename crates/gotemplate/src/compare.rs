//! Comparing values: Go's template operators, and `reflect.DeepEqual`.

use crate::error::Fault;
use crate::fmt;
use crate::limits::{NESTING, deep};
use crate::value::{Kind, Value};
use std::cmp::Ordering;

/// The basic kinds that can be compared.
#[derive(Clone, Copy, PartialEq)]
enum Basic {
    None,
    Bool,
    Complex,
    Int,
    Float,
    String,
    Uint,
}

fn basic(value: &Value) -> Basic {
    match value.kind() {
        Kind::Bool => Basic::Bool,
        Kind::Complex128 => Basic::Complex,
        Kind::Int(_) => Basic::Int,
        Kind::Float64 => Basic::Float,
        Kind::String => Basic::String,
        Kind::Uint(_) => Basic::Uint,
        _ => Basic::None,
    }
}

fn int(value: &Value) -> i64 {
    value.signed().unwrap_or_default()
}

fn uint(value: &Value) -> u64 {
    if let Value::Uint(_, n) = value { *n } else { 0 }
}

fn float(value: &Value) -> f64 {
    if let Value::Float(f) = value { *f } else { 0.0 }
}

fn incompatible(a: &Value, b: &Value) -> Fault {
    Fault::new(format!(
        "incompatible types for comparison: {} and {}",
        a.type_name(),
        b.type_name()
    ))
}

/// `eq a b c...`: whether `a` equals any of the others.
pub(crate) fn eq(a: &Value, others: &[Value]) -> Result<bool, Fault> {
    if others.is_empty() {
        return Err("missing argument for comparison".into());
    }
    for b in others {
        if equal(a, b)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn equal(a: &Value, b: &Value) -> Result<bool, Fault> {
    let (kind, other) = (basic(a), basic(b));
    if kind != other {
        return match (kind, other) {
            (Basic::Int, Basic::Uint) => Ok(u64::try_from(int(a)) == Ok(uint(b))),
            (Basic::Uint, Basic::Int) => Ok(u64::try_from(int(b)) == Ok(uint(a))),
            _ if a.is_nothing() || b.is_nothing() => Ok(false),
            _ => Err(incompatible(a, b)),
        };
    }
    Ok(match (a, b) {
        (Value::Bool(a), Value::Bool(b)) => a == b,
        (Value::Complex(a), Value::Complex(b)) => a == b,
        (Value::Float(a), Value::Float(b)) => a == b,
        (Value::Str(a), Value::Str(b)) => a == b,
        (Value::Uint(_, a), Value::Uint(_, b)) => a == b,
        _ if kind == Basic::Int => int(a) == int(b),
        _ => return equal_other(a, b),
    })
}

fn equal_other(a: &Value, b: &Value) -> Result<bool, Fault> {
    let is_nil = |value: &Value| match value {
        Value::None | Value::Nil => true,
        Value::List(list) => list.is_nil(),
        Value::Map(map) => map.is_nil(),
        _ => false,
    };
    if a.kind() != b.kind() && !a.is_nothing() && !b.is_nothing() {
        let (left, right) = (shown(b"%s", a), shown(b"%v", b));
        return Err(format!(
            "non-comparable types {left}: {}, {}: {right}",
            a.type_name(),
            b.type_name()
        )
        .into());
    }
    if is_nil(a) || is_nil(b) {
        return Ok(is_nil(a) == is_nil(b));
    }
    match b {
        Value::List(_) | Value::Map(_) | Value::Func(_) => {
            let text = shown(b"%s", b);
            Err(format!("non-comparable type {text}: {}", b.type_name()).into())
        }
        Value::Object(right) => Ok(
            matches!(a, Value::Object(left) if left.kind() != Kind::Ptr && left.equal(&**right) || std::rc::Rc::ptr_eq(left, right)),
        ),
        _ => Ok(false),
    }
}

/// A value in a message, unless it is very large.
fn shown(format: &[u8], value: &Value) -> String {
    let text = fmt::sprintf(format, std::slice::from_ref(value), 65_536).unwrap_or_default();
    String::from_utf8_lossy(&text).into_owned()
}

/// `lt a b`
pub(crate) fn lt(a: &Value, b: &Value) -> Result<bool, Fault> {
    let (kind, other) = (basic(a), basic(b));
    if kind == Basic::None || other == Basic::None {
        return Err("invalid type for comparison".into());
    }
    if kind != other {
        return match (kind, other) {
            (Basic::Int, Basic::Uint) => Ok(u64::try_from(int(a)).map_or(true, |n| n < uint(b))),
            (Basic::Uint, Basic::Int) => Ok(u64::try_from(int(b)).is_ok_and(|n| uint(a) < n)),
            _ => Err(incompatible(a, b)),
        };
    }
    match kind {
        Basic::Bool | Basic::Complex | Basic::None => Err("invalid type for comparison".into()),
        Basic::Int => Ok(int(a) < int(b)),
        Basic::Uint => Ok(uint(a) < uint(b)),
        Basic::Float => Ok(float(a).partial_cmp(&float(b)) == Some(Ordering::Less)),
        Basic::String => Ok(a.bytes() < b.bytes()),
    }
}

/// `le a b`
pub(crate) fn le(a: &Value, b: &Value) -> Result<bool, Fault> {
    Ok(lt(a, b)? || equal(a, b)?)
}

/// `reflect.DeepEqual`: same types, same contents.
pub(crate) fn deep_equal(a: &Value, b: &Value) -> Result<bool, Fault> {
    let mut budget = 10_000_000;
    same(a, b, 0, &mut budget)
}

fn same(a: &Value, b: &Value, depth: usize, budget: &mut u64) -> Result<bool, Fault> {
    *budget = budget
        .checked_sub(1)
        .ok_or_else(|| Fault::limit("values too large to compare"))?;
    if depth > NESTING {
        return Err(Fault::limit(format!("value nested deeper than {NESTING}")));
    }
    Ok(match (a, b) {
        (Value::None | Value::Nil, Value::None | Value::Nil) => true,
        (Value::Bool(a), Value::Bool(b)) => a == b,
        (Value::Int(kind, a), Value::Int(other, b)) => kind == other && a == b,
        (Value::Uint(kind, a), Value::Uint(other, b)) => kind == other && a == b,
        (Value::Float(a), Value::Float(b)) => a == b,
        (Value::Complex(a), Value::Complex(b)) => a == b,
        (Value::Str(a), Value::Str(b)) => a == b,
        (Value::List(a), Value::List(b)) => {
            if a.elem() != b.elem() || a.is_nil() != b.is_nil() || a.len() != b.len() {
                return Ok(false);
            }
            if a.same(b) {
                return Ok(true);
            }
            for (a, b) in a.items().iter().zip(b.items()) {
                if !deep(|| same(a, b, depth + 1, budget))? {
                    return Ok(false);
                }
            }
            true
        }
        (Value::Map(a), Value::Map(b)) => {
            if a.elem() != b.elem() || a.is_nil() != b.is_nil() || a.len() != b.len() {
                return Ok(false);
            }
            if a.same(b) {
                return Ok(true);
            }
            for (key, value) in a.entries()? {
                let Some(other) = b.get(&key)? else {
                    return Ok(false);
                };
                if !deep(|| same(&value, &other, depth + 1, budget))? {
                    return Ok(false);
                }
            }
            true
        }
        (Value::Object(a), Value::Object(b)) => a.type_name() == b.type_name() && a.equal(&**b),
        _ => false,
    })
}
