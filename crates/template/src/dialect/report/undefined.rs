//! A variable that is not defined: where it stands, what was meant, what to do.

use std::ops::Range;

use crate::diagnostic::{Diagnostic, closest};
use crate::dialect::analysis::Path;
use crate::dialect::scan::Piece;
use crate::dialect::scope::Scope;
use crate::dialect::unit::{GO_HINT, Unit};
use crate::engine::Request;

/// Says that `path` is not defined from its segment `missing` on.
pub(super) fn undefined(
    unit: &Unit,
    path: &Path,
    missing: usize,
    scope: &Scope,
    request: &Request<'_>,
) -> Diagnostic {
    let whole = path.segments.join(".");
    let at = path
        .spans
        .get(missing)
        .cloned()
        .unwrap_or_else(|| path.range.clone());
    let parent = path.segments.get(..missing).unwrap_or_default();
    let name = path
        .segments
        .get(missing)
        .map(String::as_str)
        .unwrap_or_default();
    let place = path.range.start..at.end;
    let mut problem =
        Diagnostic::error(format!("`{whole}` is not defined")).at(&unit.source, place);
    let failed = scope
        .failed
        .iter()
        .find(|(key, _)| whole.starts_with(key.as_str()));
    if let Some((key, reason)) = failed {
        problem.message = format!("`{key}` could not be looked up: {reason}");
        return problem;
    }
    let root = path
        .segments
        .first()
        .map(String::as_str)
        .unwrap_or_default();
    if missing > 0 && path.segments.len() > missing {
        problem = problem.note(format!("`{}` has no `{name}`", parent.join(".")));
    }
    if root == "Env" {
        return problem.hint(format!(
            "set `{name}`, or write `{whole} | default(value=...)`"
        ));
    }
    let close = match (scope.provided.get(root), missing) {
        (Some(names), 1) => closest(name, names.iter().map(String::as_str)).map(str::to_owned),
        (_, 0) => {
            let names = scope.names.iter().chain(scope.provided.keys());
            let local = unit.analysis.locals.iter();
            closest(name, names.chain(local).map(String::as_str)).map(str::to_owned)
        }
        _ => request
            .values
            .at(parent)
            .and_then(|node| closest(name, node.entries()?.names()).map(str::to_owned)),
    };
    if let Some(node) = request.values.at(parent).filter(|_| missing > 0) {
        problem = problem.note(format!("`{}` comes from {}", parent.join("."), node.origin));
    }
    match close {
        Some(close) => {
            let meant: Vec<&str> = parent
                .iter()
                .map(String::as_str)
                .chain([close.as_str()])
                .collect();
            problem.hint(format!("did you mean `{}`?", meant.join(".")))
        }
        None if unit.looks_like_go() => problem.hint(GO_HINT),
        None => problem.hint(way_out(path, missing)),
    }
}

/// Returns how to give a value that is missing from its segment `missing` on, or to do without:
/// `default` forgives the last name only, `?.` those before it.
fn way_out(path: &Path, missing: usize) -> String {
    let whole = path.segments.join(".");
    let certain = path.segments.get(..=missing).unwrap_or_default().join(".");
    let rest = path.segments.get(missing + 1..).unwrap_or_default();
    let careful: String = rest.iter().map(|name| format!("?.{name}")).collect();
    format!("give it with `--set {whole}=...`, or write `{certain}{careful} | default(value=...)`")
}

/// Returns the variables that stand before `range` in its tag.
pub(super) fn before<'a>(
    unit: &'a Unit,
    range: &Range<usize>,
) -> impl DoubleEndedIterator<Item = &'a Path> {
    let start = range.start;
    let tag = unit.pieces.iter().find_map(|piece| match piece {
        Piece::Expression(code) | Piece::Statement(code) if code.outer.contains(&start) => {
            Some(code.outer.start)
        }
        _ => None,
    });
    let from = tag.unwrap_or(start);
    let paths = unit.analysis.paths.iter();
    paths.filter(move |path| from <= path.range.start && path.range.end <= start)
}

/// Returns the index of the first segment that is nowhere; nothing when the path leads to a value
/// or begins with a name of the template.
pub(super) fn first_missing(path: &Path, scope: &Scope, request: &Request<'_>) -> Option<usize> {
    let root = path.segments.first()?;
    if path.local && request.values.child(root).is_none() {
        return None;
    }
    if scope.provided.contains_key(root) {
        let Some(name) = path.segments.get(1) else {
            return scope.failed.contains_key(root).then_some(0);
        };
        let known = scope.found.get(root).and_then(|found| found.get(name));
        return match known {
            None => Some(1),
            Some(value) => {
                let rest = path.segments.get(2..).unwrap_or_default();
                let lengths = 1..=rest.len();
                lengths.into_iter().find_map(|length| {
                    value
                        .at(rest.get(..length)?)
                        .is_none()
                        .then_some(length + 1)
                })
            }
        };
    }
    (0..path.segments.len()).find(|length| {
        let upto = path.segments.get(..=*length).unwrap_or_default();
        request.values.at(upto).is_none()
    })
}
