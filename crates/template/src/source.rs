//! A text with a name, and places in it.

use std::ops::Range;
use std::sync::Arc;

/// A text and the name that messages give it. Cloning shares the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    name: Arc<str>,
    text: Arc<str>,
}

/// A line and a column, both counted from 1; columns in characters. Small: every value has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
pub struct Place {
    /// The line.
    pub line: u32,
    /// The column, in characters.
    pub column: u32,
}

impl Place {
    /// Returns a place; what is too large to be told is the largest that can be.
    pub fn new(line: usize, column: usize) -> Self {
        let small = |number| u32::try_from(number).unwrap_or(u32::MAX);
        Self {
            line: small(line),
            column: small(column),
        }
    }
}

impl Source {
    /// Returns the source called `name` that holds `text`.
    pub fn new(name: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> Self {
        Self {
            name: name.into(),
            text: text.into(),
        }
    }

    /// Returns the name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns where the byte `offset` stands; past the end is the end.
    pub fn place(&self, offset: usize) -> Place {
        let (start, line) = self.line_start(offset);
        let before = self.text.get(start..self.floor(offset)).unwrap_or_default();
        Place::new(line, before.chars().count() + 1)
    }

    /// Returns the byte offset of a place; a column past the end of its line is that end.
    pub fn offset(&self, place: Place) -> usize {
        let start = match place.line.checked_sub(2) {
            Some(newline) => match self.text.match_indices('\n').nth(newline as usize) {
                Some((at, _)) => at + 1,
                None => return self.text.len(),
            },
            None => 0,
        };
        let line = self.text.get(start..).unwrap_or_default();
        let line = line.split('\n').next().unwrap_or_default();
        let within = line
            .char_indices()
            .nth(place.column.saturating_sub(1) as usize);
        start + within.map_or(line.len(), |(at, _)| at)
    }

    /// Returns the line that holds the byte `offset`, without its line ending, and where it starts.
    pub fn line_at(&self, offset: usize) -> (usize, &str) {
        let (start, _) = self.line_start(offset);
        let rest = self.text.get(start..).unwrap_or_default();
        let line = rest.split('\n').next().unwrap_or_default();
        (start, line.strip_suffix('\r').unwrap_or(line))
    }

    /// Returns the text of `range`, or nothing when it is not within the text.
    pub fn slice(&self, range: &Range<usize>) -> &str {
        self.text.get(range.clone()).unwrap_or_default()
    }

    fn line_start(&self, offset: usize) -> (usize, usize) {
        let before = self.text.get(..self.floor(offset)).unwrap_or_default();
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        let newlines = before.bytes().filter(|byte| *byte == b'\n').count();
        (start, newlines + 1)
    }

    fn floor(&self, offset: usize) -> usize {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        offset
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_counts_lines_and_characters_from_one() {
        let source = Source::new("x", "ab\n\u{e4}\u{f6}c\r\nlast");
        for (offset, line, column) in [(0, 1, 1), (2, 1, 3), (3, 2, 1), (7, 2, 3), (99, 3, 5)] {
            let place = Place { line, column };
            assert_eq!(source.place(offset), place, "{offset}");
            assert_eq!(source.offset(place), offset.min(source.text().len()));
        }
        assert_eq!(source.line_at(4), (3, "\u{e4}\u{f6}c"));
        assert_eq!(
            source.offset(Place { line: 9, column: 1 }),
            source.text().len()
        );
    }
}
