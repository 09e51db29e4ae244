//! Between our value and Tera's.

use serde::{Serialize, Serializer};
use tera::Value as Theirs;
use tera::value::ValueKind;

use crate::node::{Content, Node};
use crate::value::{Map, Value};

/// Returns the value of a node.
pub(crate) fn from_node(node: &Node) -> Theirs {
    match &node.content {
        Content::Scalar(value) => to_theirs(value),
        // Tera's own way to make a map makes each but once
        _ => Theirs::try_from_serializable(&Given(node)).unwrap_or_else(|_| Theirs::none()),
    }
}

/// A node as serde sees it: without where it came from.
struct Given<'a>(&'a Node);

impl Serialize for Given<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0.content {
            Content::Scalar(value) => value.serialize(serializer),
            Content::List(items) => serializer.collect_seq(items.iter().map(Given)),
            Content::Map(entries) => {
                let entries = entries.iter().map(|(name, node)| (&**name, Given(node)));
                serializer.collect_map(entries)
            }
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
        Value::List(_) | Value::Map(_) => {
            Theirs::try_from_serializable(value).unwrap_or_else(|_| Theirs::none())
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
            Value::from(ours.collect::<Map>())
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
