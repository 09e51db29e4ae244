//! One form for everything that can be wrong: what, where, in which line, reached how, and what to
//! do about it.
//!
//! The text form follows rustc's; the caller colours it if it wants to.

use std::fmt;
use std::ops::Range;

use duat::shown;
use serde::Serialize;

use crate::source::{Place, Source};

/// How much it matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Nothing is written.
    Error,
    /// Worth saying.
    Warning,
}

/// A place in a file with the line that stands there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Location {
    /// The file, or whatever the text came from.
    pub name: String,
    /// The line and the column.
    #[serde(flatten)]
    pub place: Place,
    /// The bytes it is about, in that text.
    pub span: Range<usize>,
    /// The line, without its ending; shortened when very long.
    pub line: String,
    /// Characters before the caret in `line`.
    pub caret: usize,
    /// How many characters the caret underlines; at least 1.
    pub width: usize,
}

/// Something to be told about a template, a value or an output.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// How much it matters.
    pub severity: Severity,
    /// What is wrong: lower case, no full stop, literals in backticks.
    pub message: String,
    /// Where, when it has a place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<Box<Location>>,
    /// How the place was reached: the innermost caller first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub callers: Vec<Location>,
    /// Further facts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// What to type or to look at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

/// Characters of a source line that are shown; a longer one is cut around the caret.
const LINE_WIDTH: usize = 160;

impl Location {
    /// Returns the place of `span` in `source`.
    pub fn new(source: &Source, span: Range<usize>) -> Self {
        let (start, line) = source.line_at(span.start);
        let place = source.place(span.start);
        let caret = place.column.saturating_sub(1) as usize;
        let end = span
            .end
            .clamp(span.start, start + line.len().max(span.start - start));
        let width = source.slice(&(span.start..end)).chars().count().max(1);
        let (line, caret) = shorten(line, caret);
        let shown = line.chars().count().saturating_sub(caret).max(1);
        Self {
            name: source.name().to_owned(),
            place,
            span,
            line,
            caret,
            width: width.min(shown),
        }
    }

    fn draw(&self, formatter: &mut fmt::Formatter<'_>, gutter: usize) -> fmt::Result {
        let line: String = self
            .line
            .chars()
            .map(|each| {
                if each.is_control() && each != '\t' {
                    ' '
                } else {
                    each
                }
            })
            .collect();
        let blank: String = line
            .chars()
            .take(self.caret)
            .map(|each| if each == '\t' { '\t' } else { ' ' })
            .collect();
        let number = self.place.line;
        writeln!(formatter, "{:gutter$} |", "")?;
        writeln!(formatter, "{number:>gutter$} | {}", line.trim_end())?;
        write!(
            formatter,
            "{:gutter$} | {blank}{}",
            "",
            "^".repeat(self.width)
        )
    }
}

impl fmt::Display for Location {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{}:{}:{}",
            shown::line(&self.name),
            self.place.line,
            self.place.column
        )
    }
}

impl Diagnostic {
    /// Returns an error without a place.
    pub fn error(message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            message: message.into(),
            location: None,
            callers: Vec::new(),
            notes: Vec::new(),
            hint: None,
        }
    }

    /// Returns a warning without a place.
    pub fn warning(message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Warning,
            ..Self::error(message)
        }
    }

    /// Says where: at `span` of `source`.
    #[must_use]
    pub fn at(mut self, source: &Source, span: Range<usize>) -> Self {
        self.location = Some(Box::new(Location::new(source, span)));
        self
    }

    /// Adds a fact.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Returns the same diagnostic with every text passed through `change`: what hides secrets.
    #[must_use]
    pub fn map_text(mut self, change: impl Fn(&str) -> String) -> Self {
        let location = |location: &mut Location| {
            let line = change(&location.line);
            if line != location.line {
                location.caret = location.caret.min(line.chars().count());
                location.line = line;
            }
            location.name = change(&location.name);
        };
        self.message = change(&self.message);
        self.location.as_deref_mut().into_iter().for_each(location);
        self.callers.iter_mut().for_each(location);
        self.notes.iter_mut().for_each(|note| *note = change(note));
        self.hint.iter_mut().for_each(|hint| *hint = change(hint));
        self
    }
}

/// The message, the place with its line and a caret, who called, notes, and the hint.
impl fmt::Display for Diagnostic {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        write!(formatter, "{severity}: {}", self.message)?;
        let lines = self.location.as_deref().into_iter().chain(&self.callers);
        let gutter = lines.map(|each| each.place.line.to_string().len()).max();
        let gutter = gutter.unwrap_or(1);
        if let Some(location) = &self.location {
            write!(formatter, "\n{:gutter$}--> {location}\n", "")?;
            location.draw(formatter, gutter)?;
        }
        for caller in &self.callers {
            write!(formatter, "\n{:gutter$}::: called from {caller}\n", "")?;
            caller.draw(formatter, gutter)?;
        }
        for note in &self.notes {
            write!(formatter, "\n{:gutter$} = note: {note}", "")?;
        }
        if let Some(hint) = &self.hint {
            write!(formatter, "\nhint: {hint}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Diagnostic {}

/// Returns the name among `candidates` that `name` was most likely meant to be.
pub fn closest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    const LIKELY: f64 = 0.8;
    let lower = name.to_lowercase();
    let likeness = |candidate: &str| {
        let other = candidate.to_lowercase();
        let slips = strsim::osa_distance(&lower, &other);
        let few = slips <= 1 + lower.chars().count() / 5 && slips < lower.chars().count();
        let alike = strsim::jaro_winkler(&lower, &other);
        if few { alike.max(LIKELY) } else { alike }
    };
    candidates
        .into_iter()
        .filter(|candidate| *candidate != name)
        .map(|candidate| (likeness(candidate), candidate))
        .filter(|(likeness, _)| *likeness >= LIKELY)
        .max_by(|(left, _), (right, _)| left.total_cmp(right))
        .map(|(_, candidate)| candidate)
}

fn shorten(line: &str, caret: usize) -> (String, usize) {
    const BEFORE: usize = 60;
    if line.chars().nth(LINE_WIDTH).is_none() {
        return (line.to_owned(), caret);
    }
    let skip = caret.saturating_sub(BEFORE);
    let mut short = String::new();
    if skip > 0 {
        short.push('\u{2026}');
    }
    short.extend(line.chars().skip(skip).take(LINE_WIDTH));
    if line.chars().nth(skip + LINE_WIDTH).is_some() {
        short.push('\u{2026}');
    }
    (short, caret - skip + usize::from(skip > 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_diagnostic_reads_like_a_compiler_message() {
        let source = Source::new("deploy.yaml", "kind: x\nimage: {{ imge.tag }}\n");
        let caller = Location::new(
            &Source::new("main.yaml", "{% include \"deploy.yaml\" %}"),
            0..26,
        );
        let mut diagnostic = Diagnostic::error("`imge` is not defined")
            .at(&source, 18..22)
            .note("searched in base.yaml")
            .hint("did you mean `image`?");
        diagnostic.callers.push(caller);
        let expected = "\
error: `imge` is not defined
 --> deploy.yaml:2:11
  |
2 | image: {{ imge.tag }}
  |           ^^^^
 ::: called from main.yaml:1:1
  |
1 | {% include \"deploy.yaml\" %}
  | ^^^^^^^^^^^^^^^^^^^^^^^^^^
  = note: searched in base.yaml
hint: did you mean `image`?";
        assert_eq!(diagnostic.to_string(), expected);
    }

    #[test]
    fn a_long_line_is_cut_around_the_caret() {
        let text = format!("{}X{}", "a".repeat(1000), "b".repeat(1000));
        let location = Location::new(&Source::new("x", text), 1000..1001);
        assert_eq!(location.place.column, 1001);
        assert_eq!(location.line.chars().nth(location.caret), Some('X'));
        assert!(location.line.chars().count() < 200);
    }

    #[test]
    fn a_likely_name_is_proposed() {
        assert_eq!(closest("imge", ["image", "port"]), Some("image"));
        assert_eq!(closest("tga", ["name", "tag"]), Some("tag"));
        assert_eq!(closest("zzz", ["image", "port"]), None);
        assert_eq!(closest("x", ["y"]), None);
    }
}
