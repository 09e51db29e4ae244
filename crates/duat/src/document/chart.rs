//! Helm: `version` and `appVersion` at the top of `Chart.yaml`.

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span};

use super::found::{Found, utf8};
use super::{DocumentError, Position};

const GRAMMAR: &str = "YAML";

pub(super) fn find(source: &[u8]) -> Result<Vec<Found>, DocumentError> {
    let text = utf8(source, GRAMMAR)?;
    if let Some(nul) = memchr::memchr(0, source) {
        return Err(DocumentError::Syntax {
            grammar: GRAMMAR,
            message: "unexpected NUL".to_owned(),
            position: Position::of(source, nul),
        });
    }
    let mut chart = Chart {
        text,
        found: Vec::new(),
    };
    chart.walk()?;
    Ok(chart.found)
}

struct Chart<'a> {
    text: &'a str,
    found: Vec<Found>,
}

impl Chart<'_> {
    /// Follows the events of the first document; the keys of its mapping are at depth 1.
    fn walk(&mut self) -> Result<(), DocumentError> {
        let (mut depth, mut roots) = (0_usize, 0_usize);
        let mut in_chart = false;
        let mut key = None;
        let mut is_key = true;
        for event in Parser::new_from_str(self.text) {
            let (event, span) = event.map_err(|error| self.syntax(&error))?;
            let opens = match event {
                Event::MappingStart(..) | Event::SequenceStart(..) => true,
                Event::Scalar(..) | Event::Alias(_) => false,
                Event::MappingEnd | Event::SequenceEnd => {
                    depth = depth.saturating_sub(1);
                    continue;
                }
                _ => continue,
            };
            if depth == 0 {
                roots += 1;
                in_chart = roots == 1 && matches!(event, Event::MappingStart(..));
            } else if depth == 1 && in_chart {
                match key {
                    _ if is_key => key = kind(&event),
                    Some(kind) => self.value(kind, &event, span)?,
                    None => {}
                }
                is_key = !is_key;
            }
            depth += usize::from(opens);
        }
        Ok(())
    }

    fn value(
        &mut self,
        kind: &'static str,
        event: &Event<'_>,
        span: Span,
    ) -> Result<(), DocumentError> {
        let source = self.text.as_bytes();
        let at = self.byte(span.start.index());
        let position = || Position::of(source, at);
        if self.found.iter().any(|found| found.kind == kind) {
            let position = position();
            return Err(DocumentError::Duplicate { kind, position });
        }
        match event {
            Event::Scalar(value, style, anchor, _) => {
                let quoted = match style {
                    ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => 1,
                    _ => 0,
                };
                let span = at + quoted..at + quoted + value.len();
                let plain = source.get(span.clone()) == Some(value.as_bytes());
                if *anchor > 0 || !plain {
                    let position = position();
                    return Err(DocumentError::NotPlain { kind, position });
                }
                let mut found = Found::read(source, span, kind)?;
                if found.version.is_none() && quoted == 0 {
                    // nothing at all is said to stand at the colon
                    let behind = at + usize::from(source.get(at) == Some(&b':'));
                    found.span = behind..behind;
                    found.lead = " ";
                }
                self.found.push(found);
                Ok(())
            }
            Event::Alias(_) => Err(DocumentError::NotPlain {
                kind,
                position: position(),
            }),
            _ => Err(DocumentError::NotText {
                kind,
                position: position(),
            }),
        }
    }

    fn syntax(&self, error: &ScanError) -> DocumentError {
        DocumentError::Syntax {
            grammar: GRAMMAR,
            message: error.info().to_owned(),
            position: Position::of(self.text.as_bytes(), self.byte(error.marker().index())),
        }
    }

    /// Returns the place of the character of a number: the parser counts characters.
    fn byte(&self, character: usize) -> usize {
        let mut characters = self.text.char_indices();
        characters
            .nth(character)
            .map_or(self.text.len(), |(at, _)| at)
    }
}

fn kind(key: &Event<'_>) -> Option<&'static str> {
    match key {
        Event::Scalar(name, ..) if name == "version" => Some("`version`"),
        Event::Scalar(name, ..) if name == "appVersion" => Some("`appVersion`"),
        _ => None,
    }
}
