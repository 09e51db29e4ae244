use std::cmp::Ordering;

use duat::order;

use super::{Arguments, Context, Failure, Function};
use crate::value::Value;

pub(super) const TABLE: &[Function] = &[
    built_in!(
        ["length"],
        "value: any -> integer",
        "how many characters, items or entries",
        (r"{{ [1, 2] | length }}", "2"),
    ),
    row!(
        ["len", "count"],
        "value: any -> integer",
        "how many characters, items or entries",
        (r"{{ [1, 2] | len }}", "2"),
        length,
    ),
    built_in!(
        ["first"],
        "value: list -> any",
        "the first item",
        (r"{{ [1, 2] | first }}", "1"),
    ),
    built_in!(
        ["last"],
        "value: list -> any",
        "the last item",
        (r"{{ [1, 2] | last }}", "2"),
    ),
    built_in!(
        ["nth"],
        "value: list, n: integer -> any",
        "the item at `n`, from 0",
        (r"{{ [1, 2] | nth(n=1) }}", "2"),
    ),
    row!(
        ["rest", "tail"],
        "value: list -> list",
        "all but the first",
        (r"{{ [1, 2, 3] | rest }}", "[2, 3]"),
        |a, _| Ok(Value::List(a.list(0)?.iter().skip(1).cloned().collect())),
    ),
    row!(
        ["initial"],
        "value: list -> list",
        "all but the last",
        (r"{{ [1, 2, 3] | initial }}", "[1, 2]"),
        initial,
    ),
    row!(
        ["append", "push"],
        "value: list, item: any -> list",
        "with `item` behind",
        (r"{{ [1] | append(item=2) }}", "[1, 2]"),
        append,
    ),
    row!(
        ["prepend"],
        "value: list, item: any -> list",
        "with `item` before",
        (r"{{ [1] | prepend(item=0) }}", "[0, 1]"),
        prepend,
    ),
    row!(
        ["concat"],
        "value: list, with: any -> list",
        "with the items of `with` behind",
        (r"{{ [1] | concat(with=[2, 3]) }}", "[1, 2, 3]"),
        concat,
    ),
    built_in!(
        ["reverse"],
        "value: any -> any",
        "back to front",
        (r"{{ [1, 2] | reverse }}", "[2, 1]"),
    ),
    row!(
        ["unique", "uniq"],
        "value: list, attribute?: string, case_sensitive: boolean = true -> list",
        "every item once",
        (r"{{ [1, 2, 1] | unique }}", "[1, 2]"),
        unique,
    ),
    row!(
        ["compact"],
        "value: list -> list",
        "without empty items",
        (r#"{{ ["a", "", "b"] | compact }}"#, r#"["a", "b"]"#),
        |a, _| keep(a, |item| !item.is_empty()),
    ),
    row!(
        ["without"],
        "value: list, items: list -> list",
        "without those of `items`",
        (r"{{ [1, 2, 3] | without(items=[2]) }}", "[1, 3]"),
        without,
    ),
    row!(
        ["has"],
        "value: list, item: any -> boolean",
        "whether it holds `item`",
        (r"{{ [1, 2] | has(item=2) }}", "true"),
        |a, _| Ok(a.list(0)?.contains(&a.any(1)).into()),
    ),
    row!(
        ["slice"],
        "value: list, start: integer = 0, end?: integer -> list",
        "the items from `start` to before `end`; negative ones count from the end",
        (r"{{ [1, 2, 3, 4] | slice(start=1, end=-1) }}", "[2, 3]"),
        slice,
    ),
    row!(
        ["chunk", "batch"],
        "value: list, size: integer -> list",
        "lists of `size` items",
        (r"{{ [1, 2, 3] | chunk(size=2) }}", "[[1, 2], [3]]"),
        chunk,
    ),
    row!(
        ["flatten"],
        "value: list -> list",
        "the items of the lists in it",
        (r"{{ [[1, 2], [3]] | flatten }}", "[1, 2, 3]"),
        flatten,
    ),
    row!(
        ["join"],
        "value: list, sep: string = \"\" -> string",
        "the items as text with `sep` between them",
        (r#"{{ [1, 2] | join(sep=", ") }}"#, "1, 2"),
        join,
    ),
    row!(
        ["sort"],
        "value: list, attribute?: string -> list",
        "in order, or by what stands at `attribute`",
        (r"{{ [3, 1, 2] | sort }}", "[1, 2, 3]"),
        sort,
    ),
    row!(
        ["sortAlpha", "sort_alpha"],
        "value: list -> list",
        "in the order of the items as text",
        (r#"{{ ["b", 1, "a"] | sortAlpha }}"#, r#"["1", "a", "b"]"#),
        sort_alpha,
    ),
    row!(
        ["sort_natural", "sort_versions"],
        "value: list -> list",
        "in order, numbers in texts by their size",
        (r#"{{ ["v10", "v9"] | sort_natural }}"#, r#"["v9", "v10"]"#),
        sort_natural,
    ),
    row!(
        ["map", "pluck"],
        "value: list, attribute: string -> list",
        "what stands at `attribute` of each item",
        (
            r#"{{ [{"a": 1}, {"a": 2}] | map(attribute="a") }}"#,
            "[1, 2]",
        ),
        pluck,
    ),
    row!(
        ["where", "filter"],
        "items: list, attribute: string, value?: any -> list",
        "the items with this value at `attribute`, or with any but null",
        (
            r#"{{ [{"a": 1}, {"a": 2}] | where(attribute="a", value=2) | map(attribute="a") }}"#,
            "[2]",
        ),
        |a, _| filter(a, 2),
    ),
    built_in!(
        ["group_by"],
        "value: list, attribute: string -> map",
        "the items by what stands at `attribute`",
        (
            r#"{{ [{"a": "x"}] | group_by(attribute="a") | keys }}"#,
            r#"["x"]"#,
        ),
    ),
    row!(
        ["list", "tuple"],
        "value: any -> list",
        "a list: of one item, of the characters of a text, or of the values of a map",
        (r"{{ 1 | list }}", "[1]"),
        list,
    ),
    row!(
        ["any_of", "any"],
        "value: list -> boolean",
        "whether one item is not empty",
        (r"{{ [0, 1] | any }}", "true"),
        |a, _| Ok(a.list(0)?.iter().any(|item| !item.is_empty()).into()),
    ),
    row!(
        ["all_of", "all"],
        "value: list -> boolean",
        "whether no item is empty",
        (r"{{ [0, 1] | all }}", "false"),
        |a, _| Ok(a.list(0)?.iter().all(|item| !item.is_empty()).into()),
    ),
    row!(
        ["index_of"],
        "value: list, item: any -> integer",
        "where `item` stands first; -1 if nowhere",
        (r#"{{ ["a", "b"] | index_of(item="b") }}"#, "1"),
        index_of,
    ),
    row!(
        ["zip"],
        "value: list, with: list -> list",
        "pairs of the items of two lists",
        (r"{{ [1, 2] | zip(with=[3, 4]) }}", "[[1, 3], [2, 4]]"),
        zip,
    ),
    row!(
        ["shuffle"],
        "value: list -> list",
        "in a random order",
        (r"{{ [1] | shuffle }}", "[1]"),
        shuffle,
    )
    .needs(crate::engine::Need::Random),
];

type Outcome = Result<Value, Failure>;

fn keep(arguments: &Arguments, kept: impl Fn(&Value) -> bool) -> Outcome {
    let items = arguments.list(0)?.iter();
    Ok(Value::List(
        items.filter(|item| kept(item)).cloned().collect(),
    ))
}

fn length(arguments: &Arguments, _: &Context) -> Outcome {
    Ok(match arguments.any(0) {
        Value::List(items) => items.len().into(),
        Value::Map(map) => map.len().into(),
        _ => arguments.text(0)?.chars().count().into(),
    })
}

fn initial(arguments: &Arguments, _: &Context) -> Outcome {
    let items = arguments.list(0)?;
    Ok(Value::List(
        items
            .iter()
            .take(items.len().saturating_sub(1))
            .cloned()
            .collect(),
    ))
}

fn append(arguments: &Arguments, _: &Context) -> Outcome {
    let mut items = arguments.list(0)?.to_vec();
    items.push(arguments.any(1));
    Ok(Value::List(items))
}

fn prepend(arguments: &Arguments, _: &Context) -> Outcome {
    let mut items = vec![arguments.any(1)];
    items.extend_from_slice(arguments.list(0)?);
    Ok(Value::List(items))
}

fn concat(arguments: &Arguments, context: &Context) -> Outcome {
    let mut items = arguments.list(0)?.to_vec();
    match arguments.any(1) {
        Value::List(more) => items.extend(more),
        one => items.push(one),
    }
    context.room(items.len().saturating_mul(size_of::<Value>()))?;
    Ok(Value::List(items))
}

/// Returns what stands at `attribute`, names separated by dots.
fn attribute<'a>(item: &'a Value, path: &str) -> Option<&'a Value> {
    item.at(&path.split('.').collect::<Vec<_>>())
}

fn key_of(item: &Value, path: Option<&str>) -> Value {
    match path {
        Some(path) => attribute(item, path).cloned().unwrap_or_default(),
        None => item.clone(),
    }
}

fn path_of(arguments: &Arguments, at: usize) -> Result<Option<String>, Failure> {
    if arguments.has(at) {
        arguments.text(at).map(Some)
    } else {
        Ok(None)
    }
}

fn unique(arguments: &Arguments, _: &Context) -> Outcome {
    let path = path_of(arguments, 1)?;
    let exact = !arguments.has(2) || arguments.flag(2)?;
    let mut seen = std::collections::HashSet::new();
    let mut kept = Vec::new();
    for item in arguments.list(0)? {
        let key = key_of(item, path.as_deref()).to_string();
        if seen.insert(if exact { key } else { key.to_lowercase() }) {
            kept.push(item.clone());
        }
    }
    Ok(Value::List(kept))
}

fn without(arguments: &Arguments, _: &Context) -> Outcome {
    let unwanted = arguments.list(1)?;
    keep(arguments, |item| !unwanted.contains(item))
}

fn slice(arguments: &Arguments, _: &Context) -> Outcome {
    let items = arguments.list(0)?;
    let length = i128::try_from(items.len()).unwrap_or(i128::MAX);
    let place = |number: i128| {
        let from_start = if number < 0 {
            number.saturating_add(length)
        } else {
            number
        };
        usize::try_from(from_start.clamp(0, length)).unwrap_or_default()
    };
    let start = place(arguments.integer(1)?);
    let end = if arguments.has(2) {
        place(arguments.integer(2)?)
    } else {
        items.len()
    };
    Ok(Value::List(
        items.get(start..end).unwrap_or_default().to_vec(),
    ))
}

fn chunk(arguments: &Arguments, _: &Context) -> Outcome {
    let size = arguments.count(1)?;
    if size == 0 {
        return Err("a size of 0 never ends".into());
    }
    let chunks = arguments.list(0)?.chunks(size);
    Ok(Value::List(
        chunks.map(|chunk| Value::List(chunk.to_vec())).collect(),
    ))
}

fn flatten(arguments: &Arguments, _: &Context) -> Outcome {
    let mut flat = Vec::new();
    for item in arguments.list(0)? {
        match item {
            Value::List(items) => flat.extend_from_slice(items),
            other => flat.push(other.clone()),
        }
    }
    Ok(Value::List(flat))
}

fn join(arguments: &Arguments, context: &Context) -> Outcome {
    let separator = arguments.text(1)?;
    let parts: Vec<String> = arguments.list(0)?.iter().map(Value::printed).collect();
    let bytes = parts
        .iter()
        .map(|part| part.len().saturating_add(separator.len()));
    context.room(bytes.fold(0, usize::saturating_add))?;
    Ok(parts.join(&separator).into())
}

/// Orders numbers by size and texts by their characters; nothing else has an order.
fn compare(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Integer(left), Value::Integer(right)) => Some(left.cmp(right)),
        (Value::Float(left), Value::Float(right)) => Some(left.total_cmp(right)),
        (Value::Integer(left), Value::Float(right)) => Some(beside(*left, *right)),
        (Value::Float(left), Value::Integer(right)) => Some(beside(*right, *left).reverse()),
        (Value::Text(left), Value::Text(right)) => Some(left.cmp(right)),
        (Value::Bool(left), Value::Bool(right)) => Some(left.cmp(right)),
        (Value::Null, Value::Null) => Some(Ordering::Equal),
        _ => None,
    }
}

/// Orders an integer and a float, exactly: rounded, two integers could each equal one float and not
/// each other, and what is sorted so has no order.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "what rounding makes equal is compared again as integers"
)]
fn beside(integer: i128, float: f64) -> Ordering {
    let rounded = (integer as f64).total_cmp(&float);
    rounded.then_with(|| integer.cmp(&(float as i128)))
}

fn sort(arguments: &Arguments, _: &Context) -> Outcome {
    let path = path_of(arguments, 1)?;
    let mut keyed: Vec<(Value, Value)> = arguments
        .list(0)?
        .iter()
        .map(|item| (key_of(item, path.as_deref()), item.clone()))
        .collect();
    let mut unlike = None;
    keyed.sort_by(|(left, _), (right, _)| {
        compare(left, right).unwrap_or_else(|| {
            unlike = Some((left.kind(), right.kind()));
            left.kind().cmp(right.kind())
        })
    });
    if let Some((left, right)) = unlike {
        return Err(format!("a {left} and a {right} have no order").into());
    }
    Ok(Value::List(
        keyed.into_iter().map(|(_, item)| item).collect(),
    ))
}

fn sort_alpha(arguments: &Arguments, _: &Context) -> Outcome {
    let mut texts: Vec<String> = arguments.list(0)?.iter().map(Value::printed).collect();
    order::sort(&mut texts);
    Ok(Value::List(texts.into_iter().map(Value::Text).collect()))
}

fn sort_natural(arguments: &Arguments, _: &Context) -> Outcome {
    let keyed = arguments.list(0)?.iter();
    let mut keyed: Vec<_> = keyed.map(|item| (natural(&item.printed()), item)).collect();
    order::sort_by(&mut keyed, |(left, _), (right, _)| left.cmp(right));
    Ok(Value::List(
        keyed.into_iter().map(|(_, item)| item.clone()).collect(),
    ))
}

/// Splits a text into what is not digits and numbers, the latter comparable by size.
fn natural(text: &str) -> Vec<(String, usize, String)> {
    let mut parts = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let digits = rest
            .find(|each: char| each.is_ascii_digit())
            .unwrap_or(rest.len());
        let (word, after) = rest.split_at(digits);
        let end = after
            .find(|each: char| !each.is_ascii_digit())
            .unwrap_or(after.len());
        let (number, behind) = after.split_at(end);
        let number = number.trim_start_matches('0');
        parts.push((word.to_owned(), number.len(), number.to_owned()));
        rest = behind;
    }
    parts
}

fn pluck(arguments: &Arguments, _: &Context) -> Outcome {
    let path = arguments.text(1)?;
    let items = arguments.list(0)?.iter();
    Ok(Value::List(
        items
            .filter_map(|item| attribute(item, &path).cloned())
            .collect(),
    ))
}

fn filter(arguments: &Arguments, at: usize) -> Outcome {
    let path = arguments.text(1)?;
    let wanted = arguments.given(at);
    keep(arguments, |item| {
        let found = attribute(item, &path);
        match wanted {
            Some(wanted) => found == Some(wanted),
            None => found.is_some_and(|value| *value != Value::Null),
        }
    })
}

fn list(arguments: &Arguments, _: &Context) -> Outcome {
    Ok(Value::List(match arguments.any(0) {
        Value::List(items) => items,
        Value::Text(text) => text.chars().map(|each| each.to_string().into()).collect(),
        Value::Map(map) => map.into_iter().map(|(_, value)| value).collect(),
        other => vec![other],
    }))
}

fn index_of(arguments: &Arguments, _: &Context) -> Outcome {
    let wanted = arguments.any(1);
    let found = arguments.list(0)?.iter().position(|item| *item == wanted);
    Ok(found.map_or(Value::Integer(-1), Value::from))
}

fn zip(arguments: &Arguments, _: &Context) -> Outcome {
    let pairs = arguments.list(0)?.iter().zip(arguments.list(1)?);
    Ok(Value::List(
        pairs
            .map(|(left, right)| Value::List(vec![left.clone(), right.clone()]))
            .collect(),
    ))
}

fn shuffle(arguments: &Arguments, context: &Context) -> Outcome {
    let items = arguments.list(0)?;
    let mut keyed = Vec::with_capacity(items.len());
    for item in items {
        let mut bytes = [0; 8];
        context.host.random(&mut bytes)?;
        keyed.push((u64::from_le_bytes(bytes), item.clone()));
    }
    order::sort_by_key(&mut keyed, |(key, _)| *key);
    Ok(Value::List(
        keyed.into_iter().map(|(_, item)| item).collect(),
    ))
}
