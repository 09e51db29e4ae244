//! Reading the arguments of a call. The evaluator has already fitted them to the parameter types, so the
//! defaults given here are never seen.

use crate::map::Map;
use crate::value::Value;
use std::borrow::Cow;

/// The argument at a position.
pub(crate) fn at(args: &[Value], index: usize) -> &Value {
    args.get(index).unwrap_or(&Value::None)
}

/// The arguments from a position on.
pub(crate) fn from(args: &[Value], index: usize) -> &[Value] {
    args.get(index..).unwrap_or_default()
}

/// A `string`.
pub(crate) fn bytes(args: &[Value], index: usize) -> &[u8] {
    at(args, index).bytes().unwrap_or_default()
}

/// A `string` as text, invalid sequences replaced.
pub(crate) fn text(args: &[Value], index: usize) -> Cow<'_, str> {
    String::from_utf8_lossy(bytes(args, index))
}

/// An `int` or `int64`.
pub(crate) fn int(args: &[Value], index: usize) -> i64 {
    at(args, index).signed().unwrap_or_default()
}

/// A `map[string]interface{}`.
pub(crate) fn map(args: &[Value], index: usize) -> Map {
    match at(args, index) {
        Value::Map(map) => map.clone(),
        _ => Map::nil(),
    }
}
