//! Which part of which template made each byte of an output.

use crate::engine::Span;
use crate::source::{Place, Source};

/// The way back from an output to the templates.
#[derive(Clone, Debug, Default)]
pub struct SourceMap {
    /// Where a part of the output starts, what made it, and whether it was copied; ascending.
    parts: Vec<(usize, Span, bool)>,
}

impl SourceMap {
    /// Adds a part of the output that starts at `offset`, behind all others. `copied` says that it
    /// is text of the template and not what a tag printed.
    pub fn push(&mut self, offset: usize, span: Span, copied: bool) {
        self.parts.push((offset, span, copied));
    }

    /// Returns what made the byte `offset` of the output: the place itself where text was copied,
    /// the whole tag where a value was printed.
    pub fn at(&self, offset: usize) -> Option<Span> {
        let index = self.parts.partition_point(|(start, _, _)| *start <= offset);
        let (start, span, copied) = self.parts.get(index.checked_sub(1)?)?;
        let mut span = span.clone();
        let within = offset - start;
        if *copied && within < span.range.len() {
            span.range.start += within;
        }
        Some(span)
    }

    /// Returns what made a line of `output`, counted from 1: each part once, in order; what a tag
    /// printed in several turns of a loop once for each.
    pub fn line(&self, output: &str, line: usize) -> Vec<Span> {
        let source = Source::new("", output);
        let start = source.offset(Place::new(line, 1));
        let end = start + source.line_at(start).1.len().max(1);
        let rest = self
            .parts
            .iter()
            .filter(|(at, _, _)| *at > start && *at < end);
        let mut spans: Vec<Span> = self.at(start).into_iter().collect();
        for (_, span, copied) in rest {
            let known = spans.iter().any(|seen| {
                let same = seen.source == span.source && seen.range == span.range;
                same && (*copied || seen.turns == span.turns)
            });
            if !known {
                spans.push(span.clone());
            }
        }
        spans
    }
}
