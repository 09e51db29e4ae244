//! What a tool promises, and whether it is kept.

use std::fs;

use crate::field::{Event, Field};

/// A promise and what was measured.
pub(crate) struct Goal {
    pub(crate) promise: String,
    pub(crate) measured: String,
    pub(crate) kept: bool,
}

/// Promises that one program takes at most so many times what another takes, if both ran.
pub(crate) fn within(event: &Event, name: &str, than: &str, times: f64) -> Option<Goal> {
    let find = |name: &str| event.results.iter().find(|result| result.name == name);
    let (ours, theirs) = (find(name)?, find(than)?);
    let wall = ours.wall.median() / theirs.wall.median();
    let processor = ours.processor.median() / theirs.processor.median();
    let place = &event.title;
    Some(Goal {
        promise: format!("{place}: `{name}` takes at most {times} times what `{than}` takes"),
        measured: format!("{wall:.2} (processor {processor:.2})"),
        kept: wall <= times,
    })
}

/// Promises that one program makes fewer requests than another, if both ran.
pub(crate) fn fewer(event: &Event, name: &str, than: &str) -> Option<Goal> {
    let find = |name: &str| {
        let result = event.results.iter().find(|result| result.name == name)?;
        result.requests
    };
    let (ours, theirs) = (find(name)?, find(than)?);
    let place = &event.title;
    Some(Goal {
        promise: format!("{place}: `{name}` makes fewer requests than `{than}`"),
        measured: format!("{ours} of {theirs}"),
        kept: ours < theirs,
    })
}

/// Promises that the stripped release binaries of a tool are smaller than so many bytes.
pub(crate) fn small(field: &Field, tool: &str, bytes: u64) -> Vec<Goal> {
    let mut goals = Vec::new();
    for name in [tool.to_owned(), format!("{tool}-static")] {
        if let Ok(file) = fs::metadata(field.directory.join("bin").join(&name)) {
            let limit = megabytes(bytes);
            goals.push(Goal {
                promise: format!(
                    "the stripped release binary (`{name}`) is smaller than {limit} MB"
                ),
                measured: format!("{:.2} MB", megabytes(file.len())),
                kept: file.len() < bytes,
            });
        }
    }
    goals
}

#[expect(clippy::cast_precision_loss, reason = "a size of some megabytes")]
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1_000_000.0
}
