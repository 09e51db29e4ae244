//! Reading values from text: JSON, YAML, TOML, CSV, INI and .env, each with where every value
//! stands.
//!
//! Whole numbers stay whole, a key that stands twice is an error, and depth and size are bounded.

use std::cell::Cell;
use std::ops::Range;
use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::node::{Node, Origin};
use crate::source::{Place, Source};

mod csv;
mod env;
mod ini;
mod json;
mod toml;
pub(crate) mod yaml;

/// How values are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Syntax {
    /// RFC 8259.
    Json,
    /// YAML 1.2, one document. Plain scalars follow its core schema: `yes` is a text.
    Yaml,
    /// TOML 1.1.
    Toml,
    /// A list of maps, one for each row, by the first line; all values are texts.
    Csv,
    /// Sections become maps; all values are texts.
    Ini,
    /// `NAME=value` lines as a shell and docker read them; all values are texts.
    Env,
}

/// Bytes that may be read.
pub const LARGEST: usize = 64 << 20;
/// Lists and maps that may stand in one another.
pub const DEEPEST: usize = 64;
/// Values that may be read, those that YAML aliases repeat counted each time.
pub const MOST: usize = 2_000_000;

impl Syntax {
    /// Returns the syntax of a file by its name; YAML, which reads JSON too, when it says nothing.
    pub fn of(name: &str) -> Self {
        let base = name
            .rsplit(['/', '\\'])
            .next()
            .unwrap_or_default()
            .to_lowercase();
        let extension = base
            .rsplit_once('.')
            .map(|(_, extension)| extension)
            .unwrap_or_default();
        match extension {
            "json" => Self::Json,
            "toml" => Self::Toml,
            "csv" => Self::Csv,
            "ini" | "cfg" | "properties" => Self::Ini,
            "env" => Self::Env,
            _ if base.starts_with(".env") => Self::Env,
            _ => Self::Yaml,
        }
    }
}

/// Reads the values of `source`.
///
/// # Errors
///
/// The first problem, at its place.
pub fn read(source: &Source, syntax: Syntax) -> Result<Node, Diagnostic> {
    if source.text().len() > LARGEST {
        let problem = format!("`{}` has more than {LARGEST} bytes", source.name());
        return Err(Diagnostic::error(problem));
    }
    let reader = Reader::new(source);
    match syntax {
        Syntax::Json => json::read(&reader),
        Syntax::Yaml => yaml::read(&reader),
        Syntax::Toml => toml::read(&reader),
        Syntax::Csv => csv::read(&reader),
        Syntax::Ini => ini::read(&reader),
        Syntax::Env => env::read(&reader),
    }
}

/// A source with what readers need to say where things stand.
struct Reader<'a> {
    source: &'a Source,
    name: Arc<str>,
    /// Where each line starts.
    lines: Vec<usize>,
    /// The line and the place in it that were asked for last.
    last: Cell<Last>,
}

/// A line, and a byte of it.
#[derive(Clone, Copy, Default)]
struct Last {
    /// Which line it is, counted from 1.
    line: usize,
    /// Where the line starts, and where the next one does.
    start: usize,
    end: usize,
    /// Whether each of its characters is one byte.
    ascii: bool,
    offset: usize,
    column: usize,
}

impl<'a> Reader<'a> {
    fn new(source: &'a Source) -> Self {
        let newlines = source.text().match_indices('\n').map(|(at, _)| at + 1);
        Self {
            source,
            name: source.name().into(),
            lines: std::iter::once(0).chain(newlines).collect(),
            last: Cell::default(),
        }
    }

    /// The text without a byte order mark, and how many bytes that took.
    fn text(&self) -> (&'a str, usize) {
        let text = self.source.text();
        match text.strip_prefix('\u{feff}') {
            Some(rest) => (rest, text.len() - rest.len()),
            None => (text, 0),
        }
    }

    fn origin(&self, offset: usize) -> Origin {
        // what is read next stands a little further on, most often in the same line
        let mut last = self.last.get();
        if !(last.start..last.end).contains(&offset) {
            last = self.line(offset);
        }
        last.column = if last.ascii {
            offset - last.start + 1
        } else {
            let (from, before) = match last.offset {
                known if known <= offset => (known, last.column),
                _ => (last.start, 1),
            };
            before + self.source.slice(&(from..offset)).chars().count()
        };
        last.offset = offset;
        self.last.set(last);
        Origin::File {
            name: Arc::clone(&self.name),
            place: Place::new(last.line, last.column),
        }
    }

    /// Returns the line that holds a byte, and its first place.
    fn line(&self, offset: usize) -> Last {
        let line = self.lines.partition_point(|start| *start <= offset);
        let first = |line: usize| self.lines.get(line).copied();
        let start = line.checked_sub(1).and_then(first).unwrap_or_default();
        let end = first(line).unwrap_or(usize::MAX);
        let text = self.source.text().get(start..).unwrap_or_default();
        let text = text.get(..end - start).unwrap_or(text);
        Last {
            line,
            start,
            end,
            ascii: text.is_ascii(),
            offset: start,
            column: 1,
        }
    }

    fn problem(&self, message: impl Into<String>, span: Range<usize>) -> Diagnostic {
        Diagnostic::error(message).at(self.source, span)
    }

    fn twice(&self, key: &str, first: &Origin, span: Range<usize>) -> Diagnostic {
        self.problem(format!("the key `{key}` stands twice"), span)
            .note(format!("first at {first}"))
    }
}

#[cfg(test)]
mod tests;
