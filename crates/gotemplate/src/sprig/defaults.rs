//! Values that stand in for missing ones.

use super::Table;
use crate::args::at;
use crate::func::Type;
use crate::value::{Kind, Value};
use Type::{Any, Bool};

pub(super) fn add(table: &mut Table) {
    table.variadic("default", &[Any, Any], |_, a| {
        Ok(match a.get(1) {
            Some(given) if !empty(given) => given.clone(),
            _ => at(a, 0).clone(),
        })
    });
    table.plain("empty", &[Any], |_, a| Ok(empty(at(a, 0)).into()));
    table.variadic("coalesce", &[Any], |_, a| {
        Ok(a.iter().find(|v| !empty(v)).cloned().unwrap_or(Value::Nil))
    });
    table.variadic("all", &[Any], |_, a| Ok((!a.iter().any(empty)).into()));
    table.variadic("any", &[Any], |_, a| Ok((!a.iter().all(empty)).into()));
    table.plain("ternary", &[Any, Any, Bool], |_, a| {
        Ok(at(a, usize::from(!at(a, 2).truth())).clone())
    });
    table.plain("fail", &[Type::String], |_, a| {
        Err(crate::args::text(a, 0).into_owned().into())
    });
}

/// Whether a value is the zero of its type. Structs never are.
pub(crate) fn empty(value: &Value) -> bool {
    match value {
        Value::Object(object) if object.kind() == Kind::Struct => false,
        value => !value.truth(),
    }
}
