//! Merging dictionaries the way mergo does: into the first one, in place.

use crate::args::map;
use crate::error::{ErrorKind, Fault};
use crate::exec::Call;
use crate::func::Answer;
use crate::limits::{NESTING, deep};
use crate::list::{Elem, List};
use crate::map::Map;
use crate::value::{Kind, Value};

/// `merge` and `mergeOverwrite`: errors are swallowed, and the answer is empty then.
pub(super) fn merge(call: &Call<'_>, args: &[Value], overwrite: bool) -> Answer {
    match must_merge(call, args, overwrite) {
        Err(fault) if fault.kind == ErrorKind::Exec => Ok("".into()),
        other => other,
    }
}

/// `mustMerge` and `mustMergeOverwrite`
pub(super) fn must_merge(call: &Call<'_>, args: &[Value], overwrite: bool) -> Answer {
    let mut target = map(args, 0);
    for index in 1..args.len() {
        let source = map(args, index);
        if target.is_nil() && !source.is_nil() {
            target = Map::default();
        }
        merge_maps(call, &target, &source, overwrite, 0)?;
    }
    Ok(target.into())
}

/// A value mergo counts as not set.
fn is_empty(value: &Value) -> bool {
    match value {
        Value::Object(object) => object.integer() == Some(0),
        Value::Complex(_) => false,
        value => !value.truth(),
    }
}

fn merge_maps(
    call: &Call<'_>,
    target: &Map,
    source: &Map,
    overwrite: bool,
    depth: usize,
) -> Result<(), Fault> {
    if depth > NESTING {
        return Err(Fault::limit(format!("value nested deeper than {NESTING}")));
    }
    if target.is_nil() || target.same(source) && !overwrite {
        return Ok(());
    }
    for (key, value) in source.entries()? {
        call.charge(1)?;
        let old = target.get(&key)?;
        if value.is_nothing() {
            if overwrite {
                target.set(key, Value::Nil);
            }
            continue;
        }
        if target.elem() != Elem::Any && target.elem() != source.elem() {
            return Err(
                "reflect.Value.SetMapIndex: value of type interface {} is not assignable".into(),
            );
        }
        let is_list = value.kind() == Kind::Slice;
        match (&value, &old) {
            (Value::Map(inner), Some(Value::Map(kept))) => {
                deep(|| merge_maps(call, kept, inner, overwrite, depth + 1))?;
            }
            (Value::List(_), _) => {
                // Whether the target as a whole is empty decides here, as it does in mergo.
                let kept = match &old {
                    _ if overwrite || target.is_empty() => value.clone(),
                    Some(kept) if !kept.is_nothing() => kept.clone(),
                    _ => List::any(Vec::new()).into(),
                };
                target.set(key.clone(), kept);
            }
            _ => {}
        }
        let set = match &old {
            Some(old) if !is_empty(old) => {
                let both_maps = matches!((&value, old), (Value::Map(_), Value::Map(_)));
                overwrite && !is_list && !both_maps
            }
            _ => true,
        };
        if set {
            target.set(key, value);
        }
    }
    Ok(())
}
