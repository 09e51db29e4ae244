//! TOML to values.

use crate::list::List;
use crate::map::Map;
use crate::value::Value;
use toml::de::{DeTable, DeValue};

/// How deep tables and arrays may nest.
const DEPTH: usize = 200;

/// Reads a document; numbers are `int64` and `float64`, as Go's reader has them.
pub(crate) fn decode(text: &[u8]) -> Result<Value, String> {
    let text = std::str::from_utf8(text).map_err(|_| "toml: invalid UTF-8".to_owned())?;
    let table = DeTable::parse(text).map_err(|error| format!("toml: {}", error.message()))?;
    map(table.get_ref(), 0)
}

fn map(table: &DeTable<'_>, depth: usize) -> Result<Value, String> {
    let entries = table.iter().map(|(key, item)| {
        let item = value(item.get_ref(), depth + 1)?;
        Ok((key.get_ref().to_string(), item))
    });
    let entries: Result<Vec<(String, Value)>, String> = entries.collect();
    Ok(entries?.into_iter().collect::<Map>().into())
}

fn value(item: &DeValue<'_>, depth: usize) -> Result<Value, String> {
    if depth > DEPTH {
        return Err("toml: nested too deep".to_owned());
    }
    Ok(match item {
        DeValue::String(text) => Value::str(text.as_bytes()),
        DeValue::Integer(number) => {
            let read = i64::from_str_radix(&number.as_str().replace('_', ""), number.radix());
            Value::int64(read.map_err(|_| "toml: the number does not fit".to_owned())?)
        }
        DeValue::Float(number) => {
            let text = number.as_str().replace('_', "");
            Value::Float(text.parse().map_err(|_| "toml: no number".to_owned())?)
        }
        DeValue::Boolean(flag) => Value::Bool(*flag),
        DeValue::Datetime(time) => Value::from(time.to_string()),
        DeValue::Array(items) => {
            let items = items.iter().map(|item| value(item.get_ref(), depth + 1));
            List::any(items.collect::<Result<Vec<_>, String>>()?).into()
        }
        DeValue::Table(table) => map(table, depth)?,
    })
}
