//! Our values as Go would hold them.

use gotemplate::{Map as TheirMap, Str, Value as Theirs};

use crate::node::{Content, Node};
use crate::value::{Map, Value};

/// Returns a node as Go would have decoded it: maps from text to anything, whole numbers whole.
pub(crate) fn of_node(node: &Node) -> Theirs {
    Names::default().of_node(node, 0)
}

/// The names that the last map of each depth began with: most often those of the next are the same,
/// and then it shares them.
#[derive(Default)]
struct Names(Vec<Vec<Str>>);

/// How many names of a map are kept.
const KEPT: usize = 16;

impl Names {
    fn of_node(&mut self, node: &Node, depth: usize) -> Theirs {
        match &node.content {
            Content::Scalar(value) => of(value),
            Content::List(items) => {
                let items = items.iter().map(|item| self.of_node(item, depth));
                items.collect::<Vec<_>>().into()
            }
            Content::Map(entries) => {
                let entries = entries.iter().enumerate();
                let entries = entries.map(|(at, (name, node))| {
                    (self.name(depth, at, name), self.of_node(node, depth + 1))
                });
                entries.collect::<TheirMap>().into()
            }
        }
    }

    /// Returns a name that stands at some place of a map.
    fn name(&mut self, depth: usize, at: usize, name: &str) -> Str {
        if self.0.len() <= depth {
            self.0.resize_with(depth + 1, Vec::new);
        }
        let new = || Str::from(name);
        let Some(last) = self.0.get_mut(depth).filter(|_| at < KEPT) else {
            return new();
        };
        if let Some(known) = last.get_mut(at) {
            if **known != *name.as_bytes() {
                *known = new();
            }
            return known.clone();
        }
        let name = new();
        last.push(name.clone());
        name
    }
}

/// Returns a value as Go would have it.
pub(super) fn of(value: &Value) -> Theirs {
    match value {
        Value::Null => Theirs::Nil,
        Value::Bool(flag) => Theirs::Bool(*flag),
        Value::Integer(number) => match (i64::try_from(*number), u64::try_from(*number)) {
            (Ok(number), _) => Theirs::int(number),
            (_, Ok(number)) => Theirs::from(number),
            // Go reads what no integer type holds as a float
            _ => Theirs::Float(number.to_string().parse().unwrap_or_default()),
        },
        Value::Float(number) => Theirs::Float(*number),
        Value::Text(text) => Theirs::from(text.as_str()),
        Value::List(items) => items.iter().map(of).collect::<Vec<_>>().into(),
        Value::Map(map) => {
            let entries = map.iter().map(|(key, value)| (key.as_str(), of(value)));
            entries.collect::<TheirMap>().into()
        }
    }
}

/// Returns ours; nothing for what only Go has.
pub(super) fn to_ours(value: &Theirs) -> Option<Value> {
    Some(match value {
        Theirs::None | Theirs::Nil => Value::Null,
        Theirs::Bool(flag) => Value::Bool(*flag),
        Theirs::Int(_, number) => Value::from(*number),
        Theirs::Uint(_, number) => Value::from(*number),
        Theirs::Float(number) => Value::from(*number),
        Theirs::Str(text) => Value::from(text.to_str().into_owned()),
        Theirs::List(list) => {
            let items = list.items().iter();
            Value::List(items.map(to_ours).collect::<Option<_>>()?)
        }
        Theirs::Map(map) => {
            let entries = map.entries().ok()?.into_iter();
            let entries =
                entries.map(|(key, value)| Some((key.to_str().into_owned(), to_ours(&value)?)));
            Value::from(entries.collect::<Option<Map>>()?)
        }
        Theirs::Object(object) => Value::from(object.text()?),
        Theirs::Complex(_) | Theirs::Func(_) => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use gotemplate::Engine;

    #[test]
    fn values_have_the_types_of_go() {
        let map: Map = [("a".to_owned(), Value::from(1))].into_iter().collect();
        for (value, kind, printed) in [
            (Value::Null, "<nil>", "<nil>"),
            (Value::from(true), "bool", "true"),
            (Value::from(12_345_678_901_i64), "int", "12345678901"),
            (Value::from(u64::MAX), "uint64", "18446744073709551615"),
            (
                Value::Integer(i128::MAX),
                "float64",
                "1.7014118346046923e+38",
            ),
            (Value::from(1.0), "float64", "1"),
            (Value::from("x"), "string", "x"),
            (Value::List(vec![Value::from(1)]), "[]interface {}", "[1]"),
            (Value::from(map), "map[string]interface {}", "map[a:1]"),
        ] {
            let mut engine = Engine::new();
            engine.add(gotemplate::sprig::functions());
            let text = "{{ printf \"%T\" . }} {{ print . }}";
            let rendered = engine.render("t", text, &of(&value)).unwrap().text();
            assert_eq!(rendered, format!("{kind} {printed}"));
            if !matches!(value, Value::Integer(number) if number == i128::MAX) {
                assert_eq!(to_ours(&of(&value)), Some(value));
            }
        }
    }
}
