//! Base 64, base 32 and JSON.

use super::Table;
use crate::args::{at, bytes};
use crate::error::{ErrorKind, Fault};
use crate::func::{Answer, Type};
use crate::value::Value;
use crate::{base, json};
use Type::{Any, String as Text};

pub(super) fn add(table: &mut Table) {
    table.plain("b64enc", &[Text], |_, a| {
        Ok(base::encode64(bytes(a, 0)).into())
    });
    table.plain("b32enc", &[Text], |_, a| {
        Ok(base::encode32(bytes(a, 0)).into())
    });
    // A failure to decode is the answer, as text.
    table.plain("b64dec", &[Text], |_, a| {
        Ok(base::decode64(bytes(a, 0)).map_or_else(Value::from, Value::from))
    });
    table.plain("b32dec", &[Text], |_, a| {
        Ok(base::decode32(bytes(a, 0)).map_or_else(Value::from, Value::from))
    });
    table.plain("fromJson", &[Text], |_, a| {
        Ok(json::decode(bytes(a, 0)).unwrap_or(Value::Nil))
    });
    table.plain("mustFromJson", &[Text], |_, a| {
        Ok(json::decode(bytes(a, 0))?)
    });
    table.plain("toJson", &[Any], |call, a| {
        lenient(json::encode(at(a, 0), json::Style::Html, call.max_bytes()))
    });
    table.plain("mustToJson", &[Any], |call, a| {
        Ok(json::encode(at(a, 0), json::Style::Html, call.max_bytes())?.into())
    });
    table.plain("toPrettyJson", &[Any], |call, a| {
        lenient(json::encode(
            at(a, 0),
            json::Style::Pretty,
            call.max_bytes(),
        ))
    });
    table.plain("mustToPrettyJson", &[Any], |call, a| {
        Ok(json::encode(at(a, 0), json::Style::Pretty, call.max_bytes())?.into())
    });
    for name in ["toRawJson", "mustToRawJson"] {
        table.plain(name, &[Any], |call, a| {
            Ok(json::encode(at(a, 0), json::Style::Raw, call.max_bytes())?.into())
        });
    }
}

/// What cannot be encoded becomes nothing; what is too large stays an error.
fn lenient(result: Result<Vec<u8>, Fault>) -> Answer {
    match result {
        Ok(text) => Ok(text.into()),
        Err(fault) if fault.kind == ErrorKind::Exec => Ok("".into()),
        Err(fault) => Err(fault),
    }
}
