//! What `stencil`, the predecessor, added to sprig.

use crate::args::{at, text};
use crate::error::{ErrorKind, Fault};
use crate::func::{Answer, Function, Functions, Type};
use crate::value::Value;
use crate::{json, toml, yaml};
use std::rc::Rc;

/// `toJson`, `toYaml`, `toToml` and `RaiseError`, to be added after sprig.
///
/// As in the original, what cannot be encoded becomes nothing (JSON), or the error as text (TOML).
#[must_use]
pub fn functions() -> Functions {
    let plain = |name, body: fn(&Value, usize) -> Answer| {
        (
            name,
            Rc::new(Function::new(&[Type::Any], move |call, args| {
                body(at(args, 0), call.max_bytes())
            })),
        )
    };
    vec![
        plain("toJson", |value, room| {
            lenient(json::encode(value, json::Style::Html, room))
        }),
        plain("toYaml", |value, room| {
            if matches!(value, Value::Complex(_) | Value::Func(_)) {
                return Ok(yaml::encode(value, room)?.into());
            }
            lenient(yaml::encode(value, room))
        }),
        plain("toToml", |value, room| match toml::encode(value, room) {
            Err(fault) if fault.kind == ErrorKind::Exec && !toml::is_panic(&fault) => {
                Ok(fault.message.into())
            }
            other => Ok(other?.into()),
        }),
        (
            "RaiseError",
            Rc::new(Function::new(&[Type::String], |_, args| {
                Err(text(args, 0).into_owned().into())
            })),
        ),
    ]
}

fn lenient(result: Result<Vec<u8>, Fault>) -> Answer {
    match result {
        Ok(text) => Ok(text.into()),
        Err(fault) if fault.kind == ErrorKind::Exec => Ok("".into()),
        Err(fault) => Err(fault),
    }
}
