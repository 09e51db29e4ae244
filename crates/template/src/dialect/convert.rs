//! Between our value and Tera's.

use tera::Value as Theirs;
use tera::value::{Key, Map as TheirMap, ValueKind};

use crate::node::{Content, Node};
use crate::value::{Map, Value};

pub(crate) fn from_node(node: &Node) -> Theirs {
    match &node.content {
        Content::Scalar(value) => to_theirs(value),
        Content::List(items) => Theirs::from(items.iter().map(from_node).collect::<Vec<_>>()),
        Content::Map(entries) => {
            let pairs = entries
                .iter()
                .map(|(key, node)| (Key::String(key.as_str().into()), from_node(node)));
            Theirs::from(pairs.collect::<TheirMap>())
        }
    }
}

pub(crate) fn to_theirs(value: &Value) -> Theirs {
    match value {
        Value::Null => Theirs::none(),
        Value::Bool(flag) => Theirs::from(*flag),
        Value::Integer(number) => match (i64::try_from(*number), u64::try_from(*number)) {
            (Ok(number), _) => Theirs::from(number),
            (_, Ok(number)) => Theirs::from(number),
            _ => Theirs::from(*number),
        },
        Value::Float(number) => Theirs::from(*number),
        Value::Text(text) => Theirs::normal_string(text),
        Value::List(items) => Theirs::from(items.iter().map(to_theirs).collect::<Vec<_>>()),
        Value::Map(map) => {
            let pairs = map
                .iter()
                .map(|(key, value)| (Key::String(key.as_str().into()), to_theirs(value)));
            Theirs::from(pairs.collect::<TheirMap>())
        }
    }
}

/// Returns our value; nothing for what is undefined, within lists and maps null.
pub(crate) fn to_ours(value: &Theirs) -> Option<Value> {
    Some(match value.kind() {
        ValueKind::Undefined => return None,
        ValueKind::None => Value::Null,
        ValueKind::Bool => Value::Bool(value.as_bool().unwrap_or_default()),
        ValueKind::String => Value::Text(value.as_str().unwrap_or_default().to_owned()),
        ValueKind::Array => {
            let items = value.as_array().unwrap_or_default().iter();
            Value::List(
                items
                    .map(|item| to_ours(item).unwrap_or_default())
                    .collect(),
            )
        }
        ValueKind::Map => {
            let pairs = value.as_map().into_iter().flatten();
            let ours = pairs.map(|(key, item)| {
                (
                    key.as_value().to_string(),
                    to_ours(item).unwrap_or_default(),
                )
            });
            Value::Map(ours.collect::<Map>())
        }
        _ => match (value.as_i128(), value.is_f64(), value.as_f64()) {
            (Some(number), false, _) => Value::Integer(number),
            (_, _, Some(number)) => Value::Float(number),
            _ => Value::Text(value.to_string()),
        },
    })
}

/// Returns the bytes that a value takes and how deep it goes, as far as `depth` allows.
pub(crate) fn measure(value: &Theirs, depth: usize) -> Result<usize, ()> {
    let inner = |item: &Theirs| measure(item, depth.checked_sub(1).ok_or(())?);
    if let Some(text) = value.as_str() {
        return Ok(text.len());
    }
    if let Some(items) = value.as_array() {
        return items.iter().try_fold(0_usize, |sum, item| {
            Ok(sum
                .saturating_add(inner(item)?)
                .saturating_add(size_of::<Theirs>()))
        });
    }
    if let Some(map) = value.as_map() {
        return map.iter().try_fold(0_usize, |sum, (key, item)| {
            let key = key.as_str().map_or(16, str::len);
            Ok(sum
                .saturating_add(inner(item)?)
                .saturating_add(key + size_of::<Theirs>()))
        });
    }
    Ok(size_of::<Theirs>())
}
