//! Dictionaries: maps that `set` and `unset` change in place.

use super::Table;
use super::merge::{merge, must_merge};
use super::strings::strval;
use crate::args::{at, bytes, from, map};
use crate::error::Fault;
use crate::exec::Call;
use crate::func::{Answer, Type};
use crate::limits::{NESTING, deep};
use crate::list::{Elem, List};
use crate::map::Map;
use crate::text::Str;
use crate::value::Value;
use Type::{Any, Map as Dict, String as Text};

pub(super) fn add(table: &mut Table) {
    table.variadic("dict", &[Any], dict);
    table.plain("get", &[Dict, Text], |_, a| {
        Ok(map(a, 0).get(bytes(a, 1))?.unwrap_or_else(|| "".into()))
    });
    table.plain("set", &[Dict, Text, Any], |_, a| {
        let map = map(a, 0);
        if map.is_nil() {
            return Err("assignment to entry in nil map".into());
        }
        map.set(bytes(a, 1), at(a, 2).clone());
        Ok(map.into())
    });
    table.plain("unset", &[Dict, Text], |_, a| {
        let map = map(a, 0);
        map.remove(bytes(a, 1));
        Ok(map.into())
    });
    table.plain("hasKey", &[Dict, Text], |_, a| {
        Ok(map(a, 0).has(bytes(a, 1)).into())
    });
    table.variadic("pluck", &[Text, Dict], |_, a| {
        let mut found = Vec::new();
        for index in 1..a.len() {
            found.extend(map(a, index).get(bytes(a, 0))?);
        }
        Ok(List::any(found).into())
    });
    table.variadic("keys", &[Dict], |call, a| {
        let mut keys = Vec::new();
        for index in 0..a.len() {
            keys.extend(map(a, index).keys());
            call.room(keys.len() * size_of::<Value>())?;
        }
        Ok(List::strings(keys).into())
    });
    table.plain("values", &[Dict], |_, a| {
        Ok(List::any(
            map(a, 0)
                .entries()?
                .into_iter()
                .map(|(_, value)| value)
                .collect(),
        )
        .into())
    });
    table.variadic("pick", &[Dict, Text], |_, a| {
        let (source, picked) = (map(a, 0), Map::default());
        for index in 1..a.len() {
            let key = bytes(a, index);
            if let Some(value) = source.get(key)? {
                picked.set(key, value);
            }
        }
        Ok(picked.into())
    });
    table.variadic("omit", &[Dict, Text], |_, a| {
        let kept = Map::default();
        for (key, value) in map(a, 0).entries()? {
            if !from(a, 1)
                .iter()
                .any(|omitted| omitted.bytes() == Some(&key))
            {
                kept.set(key, value);
            }
        }
        Ok(kept.into())
    });
    table.variadic("merge", &[Dict, Dict], |call, a| merge(call, a, false));
    table.variadic("mustMerge", &[Dict, Dict], |call, a| {
        must_merge(call, a, false)
    });
    table.variadic("mergeOverwrite", &[Dict, Dict], |call, a| {
        merge(call, a, true)
    });
    table.variadic("mustMergeOverwrite", &[Dict, Dict], |call, a| {
        must_merge(call, a, true)
    });
    table.variadic("dig", &[Any], dig);
    for name in ["deepCopy", "mustDeepCopy"] {
        table.plain(name, &[Any], |call, a| {
            if at(a, 0).is_nothing() {
                return Err("reflect: call of reflect.Value.Type on zero Value".into());
            }
            copy(call, at(a, 0), 0)
        });
    }
}

fn dict(call: &mut Call<'_>, args: &[Value]) -> Answer {
    let map = Map::default();
    for pair in args.chunks(2) {
        let key = Str::from(strval(call, at(pair, 0))?);
        map.set(key, pair.get(1).cloned().unwrap_or_else(|| "".into()));
    }
    Ok(map.into())
}

fn conversion(value: &Value, wanted: &str) -> Fault {
    let name = if value.is_nothing() {
        "nil".into()
    } else {
        value.type_name()
    };
    format!("interface conversion: interface {{}} is {name}, not {wanted}").into()
}

fn as_dict(value: &Value) -> Result<&Map, Fault> {
    match value {
        Value::Map(map) if map.elem() == Elem::Any => Ok(map),
        other => Err(conversion(other, "map[string]interface {}")),
    }
}

fn dig(_: &mut Call<'_>, args: &[Value]) -> Answer {
    let [keys @ .., default, dict] = args else {
        return Err("dig needs at least three arguments".into());
    };
    if keys.is_empty() {
        return Err("dig needs at least three arguments".into());
    }
    let mut current = as_dict(dict)?.clone();
    let mut names = Vec::with_capacity(keys.len());
    for key in keys {
        names.push(key.bytes().ok_or_else(|| conversion(key, "string"))?);
    }
    for (index, name) in names.iter().enumerate() {
        let Some(step) = current.get(name)? else {
            return Ok(default.clone());
        };
        if index + 1 == names.len() {
            return Ok(step);
        }
        current = as_dict(&step)?.clone();
    }
    Ok(default.clone())
}

fn copy(call: &Call<'_>, value: &Value, depth: usize) -> Answer {
    call.charge(1)?;
    if depth > NESTING {
        return Err(Fault::limit(format!("value nested deeper than {NESTING}")));
    }
    Ok(match value {
        Value::List(list) if !list.is_nil() => {
            let items: Result<Vec<Value>, Fault> = list
                .items()
                .iter()
                .map(|item| deep(|| copy(call, item, depth + 1)))
                .collect();
            List::new(list.elem(), items?).into()
        }
        Value::Map(map) if !map.is_nil() => {
            let copied = Map::new(map.elem());
            for (key, item) in map.entries()? {
                copied.set(key, deep(|| copy(call, &item, depth + 1))?);
            }
            copied.into()
        }
        Value::Object(object) => object.copied().unwrap_or_else(|| value.clone()),
        other => other.clone(),
    })
}
