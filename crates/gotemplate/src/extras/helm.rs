//! What Helm adds to sprig.

use crate::args::{at, bytes, text};
use crate::error::{ErrorKind, Fault};
use crate::exec::Call;
use crate::func::{Answer, Function, Functions, Type};
use crate::host::Door;
use crate::list::List;
use crate::map::Map;
use crate::value::Value;
use crate::{json, toml, yaml};
use Type::{Any, String as Text};
use std::rc::Rc;

/// `include`, `tpl`, `required`, `lookup`, and the conversions of Helm, to be added after sprig.
///
/// Helm also removes `env` and `expandenv`: use [`crate::Engine::remove`], and set
/// [`crate::MissingKey::Zero`] with [`crate::NoValue::Empty`].
#[must_use]
pub fn functions() -> Functions {
    let function = |name, params: &'static [Type], body: fn(&mut Call<'_>, &[Value]) -> Answer| {
        (name, Rc::new(Function::new(params, body)))
    };
    let mut functions = vec![
        function("include", &[Text, Any], |call, a| {
            Ok(call.include(bytes(a, 0), at(a, 1))?.into())
        }),
        function("tpl", &[Text, Any], |call, a| {
            let out = call.template(bytes(a, 0), at(a, 1))?;
            Ok(crate::sprig::without_no_value(call, &out)?.into())
        }),
        function("required", &[Text, Any], |_, a| match at(a, 1) {
            Value::None | Value::Nil => Err(text(a, 0).into_owned().into()),
            Value::Str(given) if given.is_empty() => Err(text(a, 0).into_owned().into()),
            given => Ok(given.clone()),
        }),
        // A cluster is never asked. A host that wants Helm's empty answer adds a `lookup` of its own.
        (
            "lookup",
            Rc::new(
                Function::new(&[Text, Text, Text, Text], |call, _| {
                    Err(call.refused(Door::Network))
                })
                .through(&[Door::Network]),
            ),
        ),
        function("toYaml", &[Any], |call, a| {
            lenient(trimmed_yaml(call, at(a, 0)))
        }),
        function("mustToYaml", &[Any], |call, a| {
            Ok(trimmed_yaml(call, at(a, 0))?.into())
        }),
        function("toYamlPretty", &[Any], |call, a| {
            lenient(trimmed_yaml(call, at(a, 0)))
        }),
        function("toToml", &[Any], |call, a| {
            match toml::encode(at(a, 0), call.max_bytes()) {
                Err(fault) if fault.kind == ErrorKind::Exec => Ok(fault.message.into()),
                other => Ok(other?.into()),
            }
        }),
        function("mustToToml", &[Any], |call, a| {
            Ok(toml::encode(at(a, 0), call.max_bytes())?.into())
        }),
        function("toJson", &[Any], |call, a| {
            lenient(json::encode(at(a, 0), json::Style::Html, call.max_bytes()))
        }),
        function("fromJson", &[Text], |_, a| {
            Ok(parsed(json::decode(bytes(a, 0))))
        }),
        function("fromJsonArray", &[Text], |_, a| {
            Ok(parsed_list(json::decode(bytes(a, 0))))
        }),
        function("fromYaml", &[Text], |_, a| {
            Ok(parsed(yaml_read(bytes(a, 0))))
        }),
        function("fromYamlArray", &[Text], |_, a| {
            Ok(parsed_list(yaml_read(bytes(a, 0))))
        }),
        function("fromToml", &[Text], |_, a| {
            Ok(parsed(crate::toml_read::decode(bytes(a, 0))))
        }),
    ];
    functions.extend(super::durations::functions());
    functions
}

/// What cannot be encoded becomes nothing; what is too large stays an error.
fn lenient(result: Result<Vec<u8>, Fault>) -> Answer {
    match result {
        Ok(text) => Ok(text.into()),
        Err(fault) if fault.kind == ErrorKind::Exec => Ok("".into()),
        Err(fault) => Err(fault),
    }
}

/// YAML by the way of JSON, as Helm makes it: times are texts, floats without fraction whole numbers.
fn trimmed_yaml(call: &Call<'_>, value: &Value) -> Result<Vec<u8>, Fault> {
    let json = json::encode(value, json::Style::Html, call.max_bytes())?;
    let value = Value::from_json(&json)?;
    let mut text = yaml::encode(&value, call.max_bytes())?;
    if text.last() == Some(&b'\n') {
        text.pop();
    }
    Ok(text)
}

fn yaml_read(text: &[u8]) -> Result<Value, String> {
    crate::yaml_read::decode(text)
}

/// A document that is a map; Helm puts an error under the key `Error`.
fn parsed(result: Result<Value, String>) -> Value {
    match result {
        Ok(value @ Value::Map(_)) => value,
        Ok(Value::None | Value::Nil) => Map::default().into(),
        Ok(other) => error_map(format!(
            "json: cannot unmarshal {} into Go value of type map[string]interface {{}}",
            word(&other)
        )),
        Err(message) => error_map(message),
    }
}

fn error_map(message: String) -> Value {
    [("Error", message)].into_iter().collect::<Map>().into()
}

/// A document that is a list; Helm makes an error its only item.
fn parsed_list(result: Result<Value, String>) -> Value {
    match result {
        Ok(value @ Value::List(_)) => value,
        Ok(Value::None | Value::Nil) => List::any(Vec::new()).into(),
        Ok(other) => {
            let message = format!(
                "json: cannot unmarshal {} into Go value of type []interface {{}}",
                word(&other)
            );
            List::any(vec![message.into()]).into()
        }
        Err(message) => List::any(vec![message.into()]).into(),
    }
}

fn word(value: &Value) -> &'static str {
    match value {
        Value::Str(_) => "string",
        Value::Bool(_) => "bool",
        Value::List(_) => "array",
        Value::Map(_) => "object",
        _ => "number",
    }
}
