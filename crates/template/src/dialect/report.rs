//! From an error of Tera to a diagnostic at the place of the template.

mod undefined;

use std::collections::BTreeSet;
use std::ops::Range;

use tera::{Error, ErrorKind};

use crate::diagnostic::{Diagnostic, Location};
use crate::dialect::analysis::Path;
use crate::dialect::prepare::Prepared;
use crate::dialect::report::undefined::{before, first_missing, undefined};
use crate::dialect::runtime::{HOLLOW, NESTED, UNDEFINED};
use crate::dialect::scan::Piece;
use crate::dialect::scope::Scope;
use crate::dialect::unit::{GO_HINT, Unit};
use crate::engine::Request;
use crate::source::{Place, Source};

/// An error of Tera with its places moved to the templates.
#[derive(Debug)]
pub(crate) struct Report {
    message: String,
    syntax: bool,
    /// The template, by index, and the bytes in it.
    place: Option<(usize, Range<usize>)>,
    callers: Vec<(usize, Range<usize>)>,
}

impl Report {
    pub(crate) fn plain(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            syntax: false,
            place: None,
            callers: Vec::new(),
        }
    }

    /// Reads an error; `prepared` are the texts that Tera was given for `units`.
    pub(crate) fn of(error: &Error, units: &[Unit], prepared: &[Prepared]) -> Self {
        let (report, syntax) = match error.kind() {
            ErrorKind::SyntaxError(report) => (report, true),
            ErrorKind::RenderingError(report) => (report, false),
            ErrorKind::CircularInclude { include_chain, .. } => {
                return Self::circle("include", include_chain, units);
            }
            ErrorKind::CircularExtend {
                inheritance_chain, ..
            } => {
                return Self::circle("extend", inheritance_chain, units);
            }
            other => return Self::plain(first_line(&other.to_string())),
        };
        let index = units
            .iter()
            .position(|unit| unit.source.name() == report.filename());
        let place = index.and_then(|index| {
            let range = prepared.get(index)?.original(report.span().range.clone());
            Some((index, range))
        });
        let callers = callers(&error.to_string(), report.message(), units, prepared);
        Self {
            message: report.message().to_owned(),
            syntax,
            place,
            callers,
        }
    }

    fn circle(verb: &str, chain: &[String], units: &[Unit]) -> Self {
        let first = chain.first().map(String::as_str).unwrap_or_default();
        let next = chain.get(1).map_or(first, String::as_str);
        let index = units.iter().position(|unit| unit.source.name() == first);
        let place = index.and_then(|index| {
            let calls = units.get(index)?.analysis.calls.iter();
            let mut calls = calls.filter(|call| call.name == next);
            Some((index, calls.next()?.range.clone()))
        });
        Self {
            place,
            ..Self::plain(format!(
                "templates {verb} one another in a circle: {}",
                chain.join(" -> ")
            ))
        }
    }

    /// Tells whether it is about a template that `render_file` rendered, which has its own.
    pub(crate) fn is_nested(&self) -> bool {
        self.message == NESTED
    }

    /// Returns a problem of a template that `render_file` rendered as called from here.
    pub(crate) fn called(&self, mut problem: Diagnostic, units: &[Unit]) -> Diagnostic {
        let here = self.place.iter().chain(&self.callers);
        problem.callers.extend(here.filter_map(|(index, range)| {
            let source = &units.get(*index)?.source;
            Some(Location::new(source, trimmed(source, range.clone())))
        }));
        problem
    }

    /// Returns the template and the byte of the error.
    pub(crate) fn place(&self) -> Option<(usize, usize)> {
        self.place
            .as_ref()
            .map(|(index, range)| (*index, range.start))
    }

    /// Tells whether the error only follows from a name that got a stand-in after failing.
    pub(crate) fn is_consequence(&self, units: &[Unit], poisoned: &BTreeSet<String>) -> bool {
        let Some(unit) = self.place.as_ref().and_then(|(index, _)| units.get(*index)) else {
            return false;
        };
        self.paths(unit).any(|path| {
            path.segments
                .first()
                .is_some_and(|root| poisoned.contains(root))
        })
    }

    /// Returns the diagnostic for a run that hit a limit.
    pub(crate) fn stopped(self, units: &[Unit], reason: &str) -> Diagnostic {
        let report = Self {
            message: reason.to_owned(),
            ..self
        };
        let placed = report.place.is_some();
        let diagnostic = report.into_diagnostic(units, None);
        match units.first().filter(|_| !placed) {
            Some(unit) => diagnostic.note(format!("while rendering `{}`", unit.source.name())),
            None => diagnostic,
        }
    }

    pub(crate) fn into_diagnostic(
        self,
        units: &[Unit],
        scope: Option<(&Scope, &Request<'_>)>,
    ) -> Diagnostic {
        let unit = self.place.as_ref().and_then(|(index, _)| units.get(*index));
        let (Some(unit), Some((_, range))) = (unit, self.place.clone()) else {
            return Diagnostic::error(lower(&self.message));
        };
        let mut diagnostic = if self.is_undefined() {
            self.undefined(unit, &range, scope)
        } else {
            let message = if self.syntax {
                format!("the template cannot be read: {}", lower(&self.message))
            } else {
                lower(&strip_available(&self.message))
            };
            Diagnostic::error(message).at(&unit.source, trimmed(&unit.source, range))
        };
        if self.message == HOLLOW {
            diagnostic =
                diagnostic.hint("`| to_json` writes it as `null`, `| compact` leaves it out");
        }
        if self.syntax {
            diagnostic = match syntax_hint(unit, &self.message, &diagnostic) {
                Some(hint) => diagnostic.hint(hint),
                None => diagnostic,
            };
        }
        let callers = self.callers.iter().filter_map(|(index, range)| {
            let unit = units.get(*index)?;
            Some(Location::new(&unit.source, range.clone()))
        });
        diagnostic.callers.extend(callers);
        diagnostic
    }

    fn is_undefined(&self) -> bool {
        const STARTS: [&str; 3] = ["Variable `", "Field `", "Tried to render a variable"];
        const ENDS: [&str; 6] = [
            "but got `undefined`",
            "found `undefined`",
            "an undefined value",
            "is undefined",
            "and `undefined`",
            "on type `undefined`",
        ];
        self.message == UNDEFINED
            || STARTS.iter().any(|start| self.message.starts_with(start))
            || ENDS.iter().any(|end| self.message.ends_with(end))
            || self.message.contains("found `undefined` and")
            || self.message.starts_with("value of type undefined ")
            || self.message.starts_with("Value of type undefined ")
    }

    fn paths<'a>(&'a self, unit: &'a Unit) -> impl Iterator<Item = &'a Path> {
        let range = self
            .place
            .as_ref()
            .map(|(_, range)| range.clone())
            .unwrap_or_default();
        let paths = unit.analysis.paths.iter();
        paths.filter(move |path| path.range.start < range.end && range.start < path.range.end)
    }

    /// Names the variable that is not defined, and the part of it from which on it is not.
    fn undefined(
        &self,
        unit: &Unit,
        range: &Range<usize>,
        scope: Option<(&Scope, &Request<'_>)>,
    ) -> Diagnostic {
        let Some((scope, request)) = scope else {
            let text = unit.source.slice(&trimmed(&unit.source, range.clone()));
            return Diagnostic::error(format!("`{text}` is not defined"))
                .at(&unit.source, range.clone());
        };
        let Some((path, missing)) = self.lacking(unit, range, scope, request) else {
            let mut range = trimmed(&unit.source, range.clone());
            if let Some(path) = self.paths(unit).find(|path| path.local) {
                range.start = range.start.min(path.range.start);
            }
            let text = unit.source.slice(&range);
            let problem = Diagnostic::error(format!("`{text}` is not defined"));
            let problem = problem.at(&unit.source, range.clone());
            return if unit.looks_like_go() {
                problem.hint(GO_HINT)
            } else {
                problem
            };
        };
        undefined(unit, path, missing, scope, request)
    }

    /// Returns the variable that the error is about, and the first of its segments that is nowhere.
    fn lacking<'a>(
        &'a self,
        unit: &'a Unit,
        range: &Range<usize>,
        scope: &Scope,
        request: &Request<'_>,
    ) -> Option<(&'a Path, usize)> {
        let lacks = |path| Some((path, first_missing(path, scope, request)?));
        // a filter that was given it stands behind it
        self.paths(unit)
            .find_map(lacks)
            .or_else(|| before(unit, range).rev().find_map(lacks))
    }

    /// Returns what else is not defined in the tag of the error, where all of it would be reached.
    pub(crate) fn others(
        &self,
        units: &[Unit],
        scope: &Scope,
        request: &Request<'_>,
    ) -> Vec<Diagnostic> {
        const BRANCHES: [&str; 6] = ["if", "elif", "else", "and", "or", "for"];
        let Some((index, range)) = self.place.as_ref().filter(|_| self.is_undefined()) else {
            return Vec::new();
        };
        let Some(unit) = units.get(*index) else {
            return Vec::new();
        };
        let code = unit.pieces.iter().find_map(|piece| match piece {
            Piece::Expression(code) | Piece::Statement(code) => {
                code.outer.contains(&range.start).then_some(code)
            }
            Piece::Text(_) => None,
        });
        let Some(code) = code else {
            return Vec::new();
        };
        let mut words = code.tokens.iter().map(|token| &token.range);
        let first = words.clone().next().map_or(0, |range| range.start);
        if words.any(|range| BRANCHES.contains(&unit.source.slice(range))) {
            return Vec::new();
        }
        let told = self.lacking(unit, range, scope, request);
        let told = told.map_or(range.start, |(path, _)| path.range.start);
        let paths = unit.analysis.paths.iter().filter(|path| {
            let reached = path.certain.is_some() || path.range.start == first;
            code.outer.contains(&path.range.start)
                && reached
                && !path.optional
                && path.range.start != told
        });
        paths
            .filter_map(|path| {
                let missing = first_missing(path, scope, request)?;
                Some(undefined(unit, path, missing, scope, request))
            })
            .collect()
    }
}

/// Returns the places that the notes of a report name: `note: called from NAME:LINE:COLUMN`.
fn callers(
    shown: &str,
    message: &str,
    units: &[Unit],
    prepared: &[Prepared],
) -> Vec<(usize, Range<usize>)> {
    let after = shown
        .get("error: ".len() + message.len()..)
        .unwrap_or_default();
    let notes = after.split("\n\nnote: called from ").skip(1);
    notes
        .filter_map(|note| {
            let mut parts = note.lines().next()?.rsplitn(3, ':');
            let column = parts.next()?.parse().ok()?;
            let line = parts.next()?.parse().ok()?;
            let name = parts.next()?;
            let index = units.iter().position(|unit| unit.source.name() == name)?;
            let (unit, prepared) = (units.get(index)?, prepared.get(index)?);
            let text = Source::new(name, prepared.text.as_str());
            let offset = text.offset(Place { line, column });
            let range = prepared.original(offset..offset + 1);
            let tag = unit.pieces.iter().find_map(|piece| match piece {
                crate::dialect::scan::Piece::Text(_) => None,
                crate::dialect::scan::Piece::Expression(code)
                | crate::dialect::scan::Piece::Statement(code) => code
                    .outer
                    .contains(&range.start)
                    .then(|| code.outer.clone()),
            });
            Some((index, tag.unwrap_or(range)))
        })
        .collect()
}

fn syntax_hint(unit: &Unit, message: &str, diagnostic: &Diagnostic) -> Option<String> {
    if unit.looks_like_go() {
        return Some(GO_HINT.to_owned());
    }
    let line = diagnostic
        .location
        .as_ref()
        .map(|location| location.line.as_str())
        .unwrap_or_default();
    if line.contains("macro") || line.contains("import") {
        return Some("Tera 2 has components in place of macros: `{% component name(a) %}` and `{{<name a=1 />}}`".to_owned());
    }
    let message = lower(message);
    if message.starts_with("found `.`") && line.contains(").") {
        return Some("a field of a result is `... | get(key=\"name\")`".to_owned());
    }
    if message.contains("found string") || message.contains("found `string`") {
        return Some("arguments are given by name: `replace(from=\"a\", to=\"b\")`".to_owned());
    }
    None
}

fn trimmed(source: &Source, range: Range<usize>) -> Range<usize> {
    let text = source.slice(&range);
    let start = range.start + (text.len() - text.trim_start().len());
    let end = range.start + text.trim_end().len();
    if start < end { start..end } else { range }
}

fn strip_available(message: &str) -> String {
    let end = message.find(" Available ").unwrap_or(message.len());
    message
        .get(..end)
        .unwrap_or_default()
        .trim_end_matches('.')
        .to_owned()
}

fn first_line(text: &str) -> String {
    text.lines()
        .next()
        .unwrap_or_default()
        .trim_start_matches("error: ")
        .to_owned()
}

/// Our messages begin in lower case; a name in backticks stays.
fn lower(message: &str) -> String {
    let mut characters = message.chars();
    let second_lower = message
        .chars()
        .nth(1)
        .is_some_and(|each| !each.is_uppercase());
    match characters.next() {
        Some(first) if second_lower => first.to_lowercase().chain(characters).collect(),
        _ => message.to_owned(),
    }
}
