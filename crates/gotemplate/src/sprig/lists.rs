//! Lists.

use super::Table;
use super::cast::to_int;
use super::defaults::empty;
use crate::args::{at, from, int};
use crate::compare::deep_equal;
use crate::error::Fault;
use crate::exec::Call;
use crate::func::{Answer, Type};
use crate::list::{Elem, List};
use crate::value::Value;
use Type::{Any, Int};

/// What Go says when sprig asks nil for its type.
const NIL: &str = "runtime error: invalid memory address or nil pointer dereference";

pub(super) fn add(table: &mut Table) {
    const ANY: &[Type] = &[Any];
    const TWO: &[Type] = &[Any, Any];
    for name in ["list", "tuple"] {
        table.variadic(name, ANY, |_, a| Ok(List::any(a.to_vec()).into()));
    }
    for name in ["append", "push", "mustAppend", "mustPush"] {
        table.plain(name, TWO, |call, a| {
            let items = items(a, 0, "Cannot push on type")?;
            extended(call, items, std::slice::from_ref(at(a, 1)))
        });
    }
    for name in ["prepend", "mustPrepend"] {
        table.plain(name, TWO, |call, a| {
            let items = items(a, 0, "Cannot prepend on type")?;
            extended(call, std::slice::from_ref(at(a, 1)), items)
        });
    }
    for name in ["first", "mustFirst"] {
        table.plain(name, ANY, |_, a| {
            Ok(items(a, 0, "Cannot find first on type")?
                .first()
                .cloned()
                .unwrap_or(Value::Nil))
        });
    }
    for name in ["last", "mustLast"] {
        table.plain(name, ANY, |_, a| {
            Ok(items(a, 0, "Cannot find last on type")?
                .last()
                .cloned()
                .unwrap_or(Value::Nil))
        });
    }
    for name in ["rest", "mustRest"] {
        table.plain(name, ANY, |_, a| {
            Ok(part(items(a, 0, "Cannot find rest on type")?.get(1..)))
        });
    }
    for name in ["initial", "mustInitial"] {
        table.plain(name, ANY, |_, a| {
            Ok(part(
                items(a, 0, "Cannot find initial on type")?
                    .split_last()
                    .map(|(_, rest)| rest),
            ))
        });
    }
    for name in ["reverse", "mustReverse"] {
        table.plain(name, ANY, |_, a| {
            Ok(List::any(
                items(a, 0, "Cannot find reverse on type")?
                    .iter()
                    .rev()
                    .cloned()
                    .collect(),
            )
            .into())
        });
    }
    for name in ["compact", "mustCompact"] {
        table.plain(name, ANY, |_, a| {
            let items = items(a, 0, "Cannot compact on type")?;
            Ok(List::any(items.iter().filter(|item| !empty(item)).cloned().collect()).into())
        });
    }
    for name in ["uniq", "mustUniq"] {
        table.plain(name, ANY, |call, a| {
            uniq(call, items(a, 0, "Cannot find uniq on type")?)
        });
    }
    for name in ["without", "mustWithout"] {
        table.variadic(name, TWO, |call, a| {
            without(
                call,
                items(a, 0, "Cannot find without on type")?,
                from(a, 1),
            )
        });
    }
    for name in ["has", "mustHas"] {
        table.plain(name, TWO, |call, a| {
            if at(a, 1).is_nothing() {
                return Ok(false.into());
            }
            Ok(contains(call, items(a, 1, "Cannot find has on type")?, at(a, 0))?.into())
        });
    }
    for name in ["slice", "mustSlice"] {
        table.variadic(name, TWO, slice);
    }
    for name in ["chunk", "mustChunk"] {
        table.plain(name, &[Int, Any], chunk);
    }
    table.variadic("concat", ANY, concat);
}

/// The items of a list; whatever else stands there is an error that names its kind.
fn items<'a>(args: &'a [Value], index: usize, complaint: &str) -> Result<&'a [Value], Fault> {
    match at(args, index) {
        Value::List(list) => Ok(list.items()),
        Value::None | Value::Nil => Err(NIL.into()),
        other => Err(format!("{complaint} {}", other.kind().name()).into()),
    }
}

fn extended(call: &Call<'_>, head: &[Value], tail: &[Value]) -> Answer {
    call.room((head.len() + tail.len()) * size_of::<Value>())?;
    Ok(List::any([head, tail].concat()).into())
}

/// Part of a list; of an empty list that is a nil slice.
fn part(items: Option<&[Value]>) -> Value {
    items
        .map_or_else(List::nil, |items| List::any(items.to_vec()))
        .into()
}

fn contains(call: &Call<'_>, items: &[Value], wanted: &Value) -> Result<bool, Fault> {
    call.charge(items.len() / 4)?;
    for item in items {
        if deep_equal(wanted, item)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn uniq(call: &Call<'_>, items: &[Value]) -> Answer {
    let mut kept: Vec<Value> = Vec::new();
    for item in items {
        if !contains(call, &kept, item)? {
            kept.push(item.clone());
        }
    }
    Ok(List::any(kept).into())
}

fn without(call: &Call<'_>, items: &[Value], omitted: &[Value]) -> Answer {
    let mut kept = Vec::new();
    for item in items {
        if !contains(call, omitted, item)? {
            kept.push(item.clone());
        }
    }
    Ok(List::any(kept).into())
}

fn slice(_: &mut Call<'_>, args: &[Value]) -> Answer {
    let all = items(args, 0, "list should be type of slice or array but")?;
    let Value::List(list) = at(args, 0) else {
        return Ok(Value::Nil);
    };
    if all.is_empty() {
        return Ok(Value::Nil);
    }
    let start = args.get(1).map_or(0, to_int);
    let end = args.get(2).map_or(all.len() as i64, to_int);
    let range = usize::try_from(start).ok().zip(usize::try_from(end).ok());
    let part = range.and_then(|(start, end)| all.get(start..end));
    let part = part.ok_or("reflect.Value.Slice: slice index out of bounds")?;
    Ok(List::new(list.elem(), part.to_vec()).into())
}

fn chunk(call: &mut Call<'_>, args: &[Value]) -> Answer {
    let size = int(args, 0);
    let all = items(args, 1, "Cannot chunk type")?;
    // The count is computed in floating point, so odd sizes give odd counts.
    let count = ((all.len() as f64 - 1.0) / size as f64).floor() + 1.0;
    if !(0.0..1e15).contains(&count) {
        return Err("runtime error: makeslice: len out of range".into());
    }
    let count = count as usize;
    let mut chunks = Vec::with_capacity(count.min(all.len() + 1));
    call.charge(count)?;
    for i in 0..count {
        let mut length = size;
        if i + 1 == count {
            length = (all.len() as f64 % size as f64).floor() as i64;
            if length == 0 {
                length = size;
            }
        }
        let length =
            usize::try_from(length).map_err(|_| "runtime error: makeslice: len out of range")?;
        let start = i as i64 * size;
        let piece = usize::try_from(start)
            .ok()
            .and_then(|start| all.get(start..start.checked_add(length)?));
        let piece = piece.ok_or("reflect: slice index out of range")?;
        chunks.push(List::any(piece.to_vec()).into());
    }
    Ok(List::new(Elem::Slice, chunks).into())
}

fn concat(call: &mut Call<'_>, args: &[Value]) -> Answer {
    let mut all = Vec::new();
    let mut any = false;
    for index in 0..args.len() {
        let items = match at(args, index) {
            Value::List(list) => list.items(),
            Value::None | Value::Nil => return Err(NIL.into()),
            other => {
                return Err(format!("Cannot concat type {} as list", other.kind().name()).into());
            }
        };
        any |= !items.is_empty();
        all.extend_from_slice(items);
        call.room(all.len() * size_of::<Value>())?;
    }
    Ok(if any { List::any(all) } else { List::nil() }.into())
}
