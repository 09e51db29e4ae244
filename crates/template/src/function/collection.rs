use duat::order;

use super::{Arguments, Context, Failure, Function};
use crate::value::{Map, Value};

pub(super) const TABLE: &[Function] = &[
    row!(
        ["get"],
        "value: any, key: any, default?: any -> any",
        "what stands at `key`, whatever characters it has; `default` if nothing",
        (
            r#"{{ {"a.b": 1} | get(key="a.b") }} {{ {} | get(key="x", default=2) }}"#,
            "1 2",
        ),
        get,
    ),
    row!(
        ["dig"],
        "value: any, path: string, default?: any -> any",
        "what stands at a path of names with dots",
        (r#"{{ {"a": {"b": 1}} | dig(path="a.b") }}"#, "1"),
        dig,
    ),
    row!(
        ["hasKey", "has_key"],
        "value: map, key: string -> boolean",
        "whether there is such a key",
        (r#"{{ {"a": 1} | hasKey(key="a") }}"#, "true"),
        |a, _| Ok(a.map(0)?.contains_key(&a.text(1)?).into()),
    ),
    row!(
        ["keys"],
        "value: map -> list",
        "the keys",
        (r#"{{ {"a": 1, "b": 2} | keys }}"#, r#"["a", "b"]"#),
        |a, _| {
            Ok(Value::List(
                a.map(0)?.keys().map(|key| key.as_str().into()).collect(),
            ))
        },
    ),
    row!(
        ["values"],
        "value: map -> list",
        "the values",
        (r#"{{ {"a": 1, "b": 2} | values }}"#, "[1, 2]"),
        |a, _| Ok(Value::List(a.map(0)?.values().cloned().collect())),
    ),
    row!(
        ["pairs", "items", "dictsort"],
        "value: map -> list",
        "lists of key and value, in the order of the keys",
        (
            r#"{{ {"b": 1, "a": 2} | pairs }}"#,
            r#"[["a", 2], ["b", 1]]"#,
        ),
        pairs,
    ),
    row!(
        ["sort_keys"],
        "value?: any -> any",
        "with the keys of every map in order, all the way down",
        (
            r#"{{ {"b": 1, "a": 2} | sort_keys }}"#,
            r#"{"a": 2, "b": 1}"#,
        ),
        |a, _| Ok(sorted(a.any(0))),
    ),
    row!(
        ["each"],
        "value?: any -> list",
        "what `range` of Go goes through: items of a list, values of a map in the order of its keys, numbers from 0; nothing if it is not defined",
        (
            r#"{{ {"b": 1, "a": 2} | each }} {{ 2 | each }}"#,
            "[2, 1] [0, 1]",
        ),
        each,
    ),
    row!(
        ["pick"],
        "value: map, keys: list -> map",
        "just these keys",
        (
            r#"{{ {"a": 1, "b": 2} | pick(keys=["a"]) }}"#,
            r#"{"a": 1}"#,
        ),
        |a, _| chosen(a, true),
    ),
    row!(
        ["omit"],
        "value: map, keys: list -> map",
        "all but these keys",
        (
            r#"{{ {"a": 1, "b": 2} | omit(keys=["a"]) }}"#,
            r#"{"b": 2}"#,
        ),
        |a, _| chosen(a, false),
    ),
    row!(
        ["set_key", "with_key"],
        "value: map, key: string, to: any -> map",
        "with `key` set",
        (
            r#"{{ {"a": 1} | set_key(key="b", to=2) }}"#,
            r#"{"a": 1, "b": 2}"#,
        ),
        set,
    ),
    row!(
        ["unset"],
        "value: map, key: string -> map",
        "without `key`",
        (r#"{{ {"a": 1, "b": 2} | unset(key="a") }}"#, r#"{"b": 2}"#),
        unset,
    ),
    row!(
        ["merge"],
        "value: map, with: map -> map",
        "with what `with` has more, deep; what is there already stays, be it `false` or 0",
        (
            r#"{{ {"a": 0} | merge(with={"a": 1, "b": 2}) }}"#,
            r#"{"a": 0, "b": 2}"#,
        ),
        |a, c| merged(a, c, false),
    ),
    row!(
        ["mergeOverwrite", "merge_overwrite", "overlay"],
        "value: map, with: map -> map",
        "with what `with` has, deep; `with` wins",
        (
            r#"{{ {"a": 0, "b": 1} | overlay(with={"a": 1}) }}"#,
            r#"{"a": 1, "b": 1}"#,
        ),
        |a, c| merged(a, c, true),
    ),
    row!(
        ["dict"],
        "... -> map",
        "a map of the arguments",
        (r#"{{ dict(a=1, b="x") }}"#, r#"{"a": 1, "b": "x"}"#),
        |a, _| Ok(Value::from(a.rest.clone())),
    ),
    row!(
        ["from_pairs"],
        "value: list -> map",
        "a map of lists of key and value",
        (r#"{{ [["a", 1]] | from_pairs }}"#, r#"{"a": 1}"#),
        from_pairs,
    ),
    row!(
        ["invert"],
        "value: map -> map",
        "values become keys",
        (r#"{{ {"a": "x"} | invert }}"#, r#"{"x": "a"}"#),
        invert,
    ),
    row!(
        ["index_by"],
        "value: list, attribute: string -> map",
        "the items by what stands at `attribute`",
        (
            r#"{{ [{"n": "a"}] | index_by(attribute="n") }}"#,
            r#"{"a": {"n": "a"}}"#,
        ),
        index_by,
    ),
];

type Outcome = Result<Value, Failure>;

fn get(arguments: &Arguments, _: &Context) -> Outcome {
    let key = arguments.any(1).printed();
    found(arguments, arguments.any(0).at(&[&key]), &key)
}

fn dig(arguments: &Arguments, _: &Context) -> Outcome {
    let path = arguments.text(1)?;
    found(
        arguments,
        arguments.any(0).at(&path.split('.').collect::<Vec<_>>()),
        &path,
    )
}

fn found(arguments: &Arguments, value: Option<&Value>, key: &str) -> Outcome {
    let default = || arguments.given(2).cloned();
    value
        .cloned()
        .or_else(default)
        .ok_or_else(|| format!("there is no `{key}`; give a `default` if there need not be").into())
}

fn pairs(arguments: &Arguments, _: &Context) -> Outcome {
    let mut entries: Vec<(&String, &Value)> = arguments.map(0)?.iter().collect();
    order::sort_by_key(&mut entries, |(key, _)| *key);
    let pair =
        |(key, value): (&String, &Value)| Value::List(vec![key.as_str().into(), value.clone()]);
    Ok(Value::List(entries.into_iter().map(pair).collect()))
}

fn sorted(value: Value) -> Value {
    match value {
        Value::Map(mut map) => {
            map.sort_keys();
            let entries = map.into_iter().map(|(key, value)| (key, sorted(value)));
            Value::from(entries.collect::<Map>())
        }
        Value::List(items) => Value::List(items.into_iter().map(sorted).collect()),
        other => other,
    }
}

fn each(arguments: &Arguments, context: &Context) -> Outcome {
    match arguments.any(0) {
        Value::Null => Ok(Value::List(Vec::new())),
        Value::List(items) => Ok(Value::List(items)),
        Value::Map(mut map) => {
            map.sort_keys();
            Ok(Value::List(map.into_values().collect()))
        }
        Value::Integer(count) => {
            let bytes = usize::try_from(count.max(0)).unwrap_or(usize::MAX);
            context.room(bytes.saturating_mul(size_of::<Value>()))?;
            Ok(Value::List((0..count).map(Value::Integer).collect()))
        }
        other => Err(format!(
            "`each` goes through lists, maps and whole numbers, not a {}",
            other.kind()
        )
        .into()),
    }
}

fn chosen(arguments: &Arguments, inside: bool) -> Outcome {
    let keys: Vec<String> = arguments.list(1)?.iter().map(Value::printed).collect();
    let entries = arguments
        .map(0)?
        .iter()
        .filter(|(key, _)| keys.contains(key) == inside);
    let entries = entries.map(|(key, value)| (key.clone(), value.clone()));
    Ok(entries.collect::<Map>().into())
}

fn set(arguments: &Arguments, _: &Context) -> Outcome {
    let mut map = arguments.map(0)?.clone();
    map.insert(arguments.text(1)?, arguments.any(2));
    Ok(map.into())
}

fn unset(arguments: &Arguments, _: &Context) -> Outcome {
    let mut map = arguments.map(0)?.clone();
    map.shift_remove(&arguments.text(1)?);
    Ok(map.into())
}

fn merged(arguments: &Arguments, _: &Context, over: bool) -> Outcome {
    let mut map = arguments.map(0)?.clone();
    merge(&mut map, arguments.map(1)?, over);
    Ok(map.into())
}

fn merge(into: &mut Map, from: &Map, over: bool) {
    for (key, value) in from {
        match (into.get_mut(key), value) {
            (Some(Value::Map(inner)), Value::Map(more)) => merge(inner, more, over),
            (Some(_), _) if !over => {}
            _ => {
                into.insert(key.clone(), value.clone());
            }
        }
    }
}

fn from_pairs(arguments: &Arguments, _: &Context) -> Outcome {
    let mut map = Map::new();
    for item in arguments.list(0)? {
        let Some([key, value]) = item.as_list() else {
            return Err("an item is not a list of a key and a value".into());
        };
        map.insert(key.printed(), value.clone());
    }
    Ok(map.into())
}

fn invert(arguments: &Arguments, _: &Context) -> Outcome {
    let entries = arguments.map(0)?.iter();
    let entries = entries.map(|(key, value)| (value.printed(), key.as_str().into()));
    Ok(entries.collect::<Map>().into())
}

fn index_by(arguments: &Arguments, _: &Context) -> Outcome {
    let path = arguments.text(1)?;
    let path: Vec<&str> = path.split('.').collect();
    let mut map = Map::new();
    for item in arguments.list(0)? {
        if let Some(key) = item.at(&path) {
            map.insert(key.printed(), item.clone());
        }
    }
    Ok(map.into())
}
