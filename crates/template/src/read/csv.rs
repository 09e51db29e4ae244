use std::sync::Arc;

use super::{MOST, Reader};
use crate::diagnostic::Diagnostic;
use crate::node::{Content, Node, Origin};
use crate::source::Place;
use crate::value::Value;

pub(super) fn read(reader: &Reader<'_>) -> Result<Node, Diagnostic> {
    let (text, skipped) = reader.text();
    let mut rows = csv::ReaderBuilder::new()
        .flexible(true)
        .from_reader(text.as_bytes());
    let headers = rows
        .headers()
        .map_err(|error| problem(reader, &error, skipped))?
        .clone();
    let mut seen = std::collections::HashSet::new();
    for header in &headers {
        if !seen.insert(header.to_owned()) {
            return Err(reader.problem(
                format!("the column `{header}` stands twice"),
                skipped..skipped + 1,
            ));
        }
    }
    // each row has the same names
    let names: Vec<Arc<str>> = headers.iter().map(Arc::from).collect();
    let mut items = Vec::new();
    let mut count = 0;
    for row in rows.records() {
        let row = row.map_err(|error| problem(reader, &error, skipped))?;
        let start = row.position().map_or(0, csv::Position::byte);
        let start = usize::try_from(start).unwrap_or_default() + skipped;
        let line = row.position().map_or(1, csv::Position::line);
        if row.len() != headers.len() {
            let message = format!(
                "the row has {} columns, the first line {}",
                row.len(),
                headers.len()
            );
            return Err(reader.problem(message, start..start + 1));
        }
        count += row.len();
        if count > MOST {
            return Err(reader.problem(
                format!("there are more than {MOST} values"),
                start..start + 1,
            ));
        }
        let origin = Origin::File {
            name: reader.name.clone(),
            place: Place {
                line: u32::try_from(line).unwrap_or(u32::MAX),
                column: 1,
            },
        };
        let entries = names.iter().zip(&row).map(|(header, cell)| {
            (
                Arc::clone(header),
                Node::scalar(Value::from(cell), origin.clone()),
            )
        });
        let content = Content::Map(entries.collect());
        items.push(Node { content, origin });
    }
    Ok(Node {
        content: Content::List(items),
        origin: reader.origin(0),
    })
}

fn problem(reader: &Reader<'_>, error: &csv::Error, skipped: usize) -> Diagnostic {
    let at = error.position().map_or(0, csv::Position::byte);
    let at = usize::try_from(at).unwrap_or_default() + skipped;
    reader.problem(format!("it is not CSV: {error}"), at..at + 1)
}
