use toml::Spanned;
use toml::de::{DeTable, DeValue};

use duat::order;

use super::{DEEPEST, Reader};
use crate::diagnostic::Diagnostic;
use crate::node::{Content, Node};
use crate::value::Value;

pub(super) fn read(reader: &Reader<'_>) -> Result<Node, Diagnostic> {
    let (text, skipped) = reader.text();
    let table = DeTable::parse(text).map_err(|error| {
        let span = error.span().unwrap_or_default();
        let message = error.message().lines().next().unwrap_or_default();
        reader.problem(
            format!("it is not TOML: {message}"),
            span.start + skipped..span.end + skipped,
        )
    })?;
    let content = map(reader, skipped, table.get_ref(), 0)?;
    Ok(Node {
        content,
        origin: reader.origin(0),
    })
}

fn map(
    reader: &Reader<'_>,
    skipped: usize,
    table: &DeTable<'_>,
    depth: usize,
) -> Result<Content, Diagnostic> {
    let mut entries: Vec<(usize, String, Node)> = Vec::new();
    for (key, value) in table {
        let at = key.span().start;
        entries.push((
            at,
            key.get_ref().to_string(),
            node(reader, skipped, value, depth + 1)?,
        ));
    }
    // the parser sorts by name; people wrote in an order
    order::sort_by_key(&mut entries, |(at, _, _)| *at);
    let entries = entries.into_iter().map(|(_, key, node)| (key, node));
    Ok(Content::Map(entries.collect()))
}

fn node(
    reader: &Reader<'_>,
    skipped: usize,
    value: &Spanned<DeValue<'_>>,
    depth: usize,
) -> Result<Node, Diagnostic> {
    let range = value.span().start + skipped..value.span().end + skipped;
    if depth > DEEPEST {
        let message = format!("lists and maps stand in one another more than {DEEPEST} deep");
        return Err(reader.problem(message, range));
    }
    let scalar = |value: Value| Ok(Content::Scalar(value));
    let content = match value.get_ref() {
        DeValue::String(text) => scalar(Value::Text(text.to_string())),
        DeValue::Integer(number) => {
            let parsed = i128::from_str_radix(number.as_str(), number.radix());
            let parsed = parsed.map(Value::Integer);
            scalar(parsed.map_err(|_| reader.problem("the number is too large", range.clone()))?)
        }
        DeValue::Float(number) => {
            let parsed: Result<f64, _> = number.as_str().parse();
            scalar(Value::Float(parsed.map_err(|_| {
                reader.problem("it is not a number", range.clone())
            })?))
        }
        DeValue::Boolean(flag) => scalar((*flag).into()),
        DeValue::Datetime(time) => scalar(time.to_string().into()),
        DeValue::Array(items) => {
            let items = items
                .iter()
                .map(|item| node(reader, skipped, item, depth + 1));
            items.collect::<Result<Vec<_>, _>>().map(Content::List)
        }
        DeValue::Table(table) => map(reader, skipped, table, depth),
    }?;
    Ok(Node {
        content,
        origin: reader.origin(range.start),
    })
}
