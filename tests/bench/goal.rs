//! What `semver` promises, and whether it is kept.

use std::fs;

use crate::field::{self, Event, Field};

/// A promise and what was measured.
pub(crate) struct Goal {
    pub(crate) promise: String,
    pub(crate) measured: String,
    pub(crate) kept: bool,
}

/// The stripped release binary stays under this.
const SIZE: u64 = 3_500_000;

/// Returns all promises that the events tell something about.
pub(crate) fn goals(field: &Field, events: &[Event]) -> Vec<Goal> {
    let mut goals = Vec::new();
    for event in events {
        let title = &event.title;
        match event.name {
            "extract" => {
                goals.extend(within(event, field::EXTRACT, field::READER, 1.5, title));
                let (ours, reader) = (field::fixed(field::EXTRACT), field::fixed(field::READER));
                goals.extend(within(event, &ours, &reader, 1.5, title));
                goals.extend(within(event, &ours, field::EMPTY, 1.0, title));
            }
            "pre" => {
                goals.extend(within(event, field::PRE, field::READER, 2.0, title));
                let (ours, reader) = (field::fixed(field::PRE), field::fixed(field::READER));
                goals.extend(within(event, &ours, &reader, 2.0, title));
            }
            // the promise is about large repositories
            "tags" if title.contains("100,000") => {
                goals.extend(within(event, field::HIGHEST, field::TAG_SORT, 0.2, title));
                goals.extend(within(event, field::RC, field::DESCRIBE, 1.0, title));
            }
            _ => {}
        }
    }
    for name in ["semver", "semver-static"] {
        if let Ok(file) = fs::metadata(field.directory.join("bin").join(name)) {
            goals.push(Goal {
                promise: format!("the stripped release binary (`{name}`) is smaller than 3.5 MB"),
                measured: format!("{:.2} MB", megabytes(file.len())),
                kept: file.len() < SIZE,
            });
        }
    }
    goals
}

fn within(event: &Event, name: &str, than: &str, times: f64, place: &str) -> Option<Goal> {
    let find = |name: &str| event.results.iter().find(|result| result.name == name);
    let (ours, theirs) = (find(name)?, find(than)?);
    let wall = ours.wall.median() / theirs.wall.median();
    let processor = ours.processor.median() / theirs.processor.median();
    Some(Goal {
        promise: format!("{place}: `{name}` takes at most {times} times what `{than}` takes"),
        measured: format!("{wall:.2} (processor {processor:.2})"),
        kept: wall <= times,
    })
}

#[expect(clippy::cast_precision_loss, reason = "a size of some megabytes")]
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1_000_000.0
}
