//! Lists in pages.

use serde_json::Value;

use super::answer::Answer;
use super::service::Ask;

const USUAL: usize = 30;
const MOST: usize = 100;

/// Returns the page that is asked for, with links to the others.
pub(super) fn of(views: Vec<Value>, ask: &Ask<'_>) -> Answer {
    let number = |name: &str| ask.request.parameter(name)?.parse::<usize>().ok();
    let size = number("per_page").map_or(USUAL, |size| size.clamp(1, MOST));
    let page = number("page").unwrap_or(1).max(1);
    let last = views.len().div_ceil(size).max(1);
    let shown: Vec<Value> = views
        .into_iter()
        .skip((page - 1) * size)
        .take(size)
        .collect();
    let answer = Answer::json(200, Value::Array(shown));
    let path = ask.request.path();
    let path = path.strip_prefix("/api/v3").unwrap_or(path);
    let link = |to: usize, relation: &str| {
        let base = &ask.links.api;
        format!("<{base}{path}?per_page={size}&page={to}>; rel=\"{relation}\"")
    };
    let mut links = Vec::new();
    if page > 1 {
        links.extend([link(page - 1, "prev"), link(1, "first")]);
    }
    if page < last {
        links.extend([link(page + 1, "next"), link(last, "last")]);
    }
    if links.is_empty() {
        answer
    } else {
        answer.header("link", links.join(", "))
    }
}
