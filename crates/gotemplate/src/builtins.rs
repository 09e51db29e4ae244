//! The functions `text/template` brings along.

use crate::error::Fault;
use crate::exec::Call;
use crate::fmt;
use crate::func::{Answer, Function, Functions, Type};
use crate::list::List;
use crate::value::{Kind, UintKind, Value};
use crate::{compare, escape};
use std::rc::Rc;

/// All of Go's builtins.
pub(crate) fn functions() -> Functions {
    use Type::{Any, Reflect, String};
    let two: &'static [Type] = &[Reflect, Reflect];
    let mut all: Functions = Vec::new();
    let mut add = |name: &'static str, function: Function| all.push((name, Rc::new(function)));
    // The evaluator itself short-circuits these two.
    add(
        "and",
        Function::variadic(two, |_, args| Ok(args.last().cloned().unwrap_or_default())),
    );
    add(
        "or",
        Function::variadic(two, |_, args| Ok(args.last().cloned().unwrap_or_default())),
    );
    add(
        "not",
        Function::new(&[Reflect], |_, args| Ok(Value::Bool(!first(args).truth()))),
    );
    add("call", Function::variadic(two, call));
    add(
        "eq",
        Function::variadic(two, |_, args| {
            Ok(compare::eq(first(args), rest(args))?.into())
        }),
    );
    add(
        "ne",
        Function::new(two, |_, args| {
            Ok((!compare::eq(first(args), rest(args))?).into())
        }),
    );
    add(
        "lt",
        Function::new(two, |_, args| {
            Ok(compare::lt(first(args), second(args))?.into())
        }),
    );
    add(
        "le",
        Function::new(two, |_, args| {
            Ok(compare::le(first(args), second(args))?.into())
        }),
    );
    add(
        "gt",
        Function::new(two, |_, args| {
            Ok((!compare::le(first(args), second(args))?).into())
        }),
    );
    add(
        "ge",
        Function::new(two, |_, args| {
            Ok((!compare::lt(first(args), second(args))?).into())
        }),
    );
    add(
        "index",
        Function::variadic(two, |_, args| index(first(args), rest(args))),
    );
    add(
        "slice",
        Function::variadic(two, |_, args| slice(first(args), rest(args))),
    );
    add("len", Function::new(&[Reflect], |_, args| len(first(args))));
    add(
        "print",
        Function::variadic(&[Any], |call, args| {
            Ok(fmt::sprint(args, call.max_bytes())?.into())
        }),
    );
    add(
        "println",
        Function::variadic(&[Any], |call, args| {
            Ok(fmt::sprintln(args, call.max_bytes())?.into())
        }),
    );
    add("printf", Function::variadic(&[String, Any], printf));
    add(
        "html",
        Function::variadic(&[Any], |call, args| {
            Ok(escape::html(&plain(call, args)?).into())
        }),
    );
    add(
        "js",
        Function::variadic(&[Any], |call, args| Ok(js(plain(call, args)?).into())),
    );
    add(
        "urlquery",
        Function::variadic(&[Any], |call, args| {
            Ok(escape::query(&plain(call, args)?).into())
        }),
    );
    all
}

fn first(args: &[Value]) -> &Value {
    args.first().unwrap_or(&Value::None)
}

fn second(args: &[Value]) -> &Value {
    args.get(1).unwrap_or(&Value::None)
}

fn rest(args: &[Value]) -> &[Value] {
    args.get(1..).unwrap_or_default()
}

fn printf(call: &mut Call<'_>, args: &[Value]) -> Answer {
    Ok(fmt::sprintf(
        first(args).bytes().unwrap_or_default(),
        rest(args),
        call.max_bytes(),
    )?
    .into())
}

/// The text of operands to be escaped.
fn plain(call: &Call<'_>, args: &[Value]) -> Result<Vec<u8>, Fault> {
    // A nil handed over has no value to print.
    let args: Vec<Value> = args
        .iter()
        .map(|arg| {
            if arg.is_nothing() {
                Value::str("<no value>")
            } else {
                arg.clone()
            }
        })
        .collect();
    fmt::sprint(&args, call.max_bytes())
}

fn js(text: Vec<u8>) -> Vec<u8> {
    let special = |b: &u8| {
        matches!(b, b'\\' | b'\'' | b'"' | b'<' | b'>' | b'&' | b'=') || *b < b' ' || *b >= 0x80
    };
    if text.iter().any(special) {
        escape::js(&text)
    } else {
        text
    }
}

fn call(call: &mut Call<'_>, args: &[Value]) -> Answer {
    let name = first(args)
        .bytes()
        .map(String::from_utf8_lossy)
        .unwrap_or_default();
    let target = second(args);
    let function = match target {
        Value::None | Value::Nil => return Err("call of nil".into()),
        Value::Func(function) => Rc::clone(function),
        other => return Err(format!("non-function {name} of type {}", other.type_name()).into()),
    };
    let given = args.get(2..).unwrap_or_default();
    let (got, fixed) = (given.len(), function.fixed());
    if function.is_variadic() && got < fixed {
        return Err(
            format!("wrong number of args for {name}: got {got} want at least {fixed}").into(),
        );
    }
    if !function.is_variadic() && got != function.params().len() {
        let want = function.params().len();
        return Err(format!("wrong number of args for {name}: got {got} want {want}").into());
    }
    let mut converted = Vec::with_capacity(got);
    for (i, arg) in given.iter().enumerate() {
        let value =
            prepare(arg, function.param(i)).map_err(|message| format!("arg {i}: {message}"))?;
        converted.push(value);
    }
    call.invoke(&function, &converted)
}

/// Fits an argument to the type of a parameter.
fn prepare(value: &Value, wanted: Type) -> Result<Value, String> {
    let name = wanted.name();
    match (value, wanted) {
        (_, Type::Any) => Ok(value.clone().or_nil()),
        (Value::None | Value::Nil, wanted) if wanted != Type::Reflect => {
            Err(format!("value is nil; should be of type {name}"))
        }
        (_, Type::Reflect)
        | (Value::Str(_), Type::String)
        | (Value::Bool(_), Type::Bool)
        | (Value::Float(_), Type::Float)
        | (Value::Map(_), Type::Map)
        | (Value::List(_), Type::List) => Ok(value.clone()),
        (Value::Int(_, n), Type::Int) => Ok(Value::int(*n)),
        (Value::Int(_, n), Type::Int64) => Ok(Value::int64(*n)),
        (Value::Uint(_, n), Type::Int) => Ok(Value::int(*n as i64)),
        (Value::Uint(_, n), Type::Int64) => Ok(Value::int64(*n as i64)),
        (Value::Int(_, n), Type::Uint32) => Ok(Value::Uint(UintKind::Uint32, u64::from(*n as u32))),
        (Value::Object(object), Type::Object(name)) if object.type_name() == name => {
            Ok(value.clone())
        }
        _ => Err(format!(
            "value has type {}; should be {name}",
            value.type_name()
        )),
    }
}

/// An index into something of this length.
fn position(index: &Value, length: usize) -> Result<usize, Fault> {
    let n = match index {
        Value::None | Value::Nil => return Err("cannot index slice/array with nil".into()),
        Value::Uint(_, n) => *n as i64,
        value => match value.signed() {
            Some(n) => n,
            None => {
                return Err(
                    format!("cannot index slice/array with type {}", value.type_name()).into(),
                );
            }
        },
    };
    match usize::try_from(n) {
        Ok(at) if at <= length => Ok(at),
        _ => Err(format!("index out of range: {n}").into()),
    }
}

fn index(item: &Value, indexes: &[Value]) -> Answer {
    if item.is_nothing() {
        return Err("index of untyped nil".into());
    }
    let mut item = item.clone();
    for index in indexes {
        item = match &item {
            Value::None | Value::Nil => return Err("index of nil pointer".into()),
            Value::List(list) => {
                let at = position(index, list.len())?;
                match list.items().get(at) {
                    Some(value) => value.clone(),
                    // An index equal to the length passes Go's own check and is refused by reflect.
                    None => return Err("reflect: slice index out of range".into()),
                }
            }
            Value::Str(text) => {
                let at = position(index, text.len())?;
                match text.get(at) {
                    Some(&byte) => Value::Uint(UintKind::Uint8, u64::from(byte)),
                    None => return Err("reflect: string index out of range".into()),
                }
            }
            Value::Map(map) => match index {
                Value::Str(key) => map.get(key)?.unwrap_or_else(|| map.elem().zero()),
                Value::None | Value::Nil => {
                    return Err("value is nil; should be of type string".into());
                }
                other => {
                    return Err(
                        format!("value has type {}; should be string", other.type_name()).into(),
                    );
                }
            },
            other => return Err(format!("can't index item of type {}", other.type_name()).into()),
        };
    }
    Ok(item)
}

fn slice(item: &Value, indexes: &[Value]) -> Answer {
    let length = match item {
        Value::None | Value::Nil => return Err("slice of untyped nil".into()),
        _ if indexes.len() > 3 => {
            return Err(format!("too many slice indexes: {}", indexes.len()).into());
        }
        Value::Str(_) if indexes.len() == 3 => return Err("cannot 3-index slice a string".into()),
        Value::Str(text) => text.len(),
        Value::List(list) => list.len(),
        other => return Err(format!("can't slice item of type {}", other.type_name()).into()),
    };
    let mut bounds = [0, length, length];
    for (bound, index) in bounds.iter_mut().zip(indexes) {
        *bound = position(index, length)?;
    }
    let [low, high, max] = bounds;
    if low > high {
        return Err(format!("invalid slice index: {low} > {high}").into());
    }
    if high > max {
        return Err(format!("invalid slice index: {high} > {max}").into());
    }
    Ok(match item {
        Value::Str(text) => Value::str(text.get(low..high).unwrap_or_default()),
        Value::List(list) => Value::List(List::new(
            list.elem(),
            list.items().get(low..high).unwrap_or_default().to_vec(),
        )),
        _ => Value::None,
    })
}

fn len(item: &Value) -> Answer {
    let length = match item {
        Value::Str(text) => text.len(),
        Value::List(list) => list.len(),
        Value::Map(map) => map.len(),
        Value::Nil => return Err("len of nil pointer".into()),
        Value::None => return Err("reflect: call of reflect.Value.Type on zero Value".into()),
        other if other.kind() == Kind::Ptr => {
            let name = other.type_name().trim_start_matches('*').to_owned();
            return Err(format!("len of type {name}").into());
        }
        other => return Err(format!("len of type {}", other.type_name()).into()),
    };
    Ok(Value::int(length as i64))
}
