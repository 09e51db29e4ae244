//! Where a byte stands for a person: its line and column.

use std::fmt;

use memchr::memchr2_iter;

/// A line and a column, both from 1.
///
/// Lines end at LF, CRLF or a lone CR. Columns count characters; each byte that is not UTF-8 counts
/// as one. A byte order mark is not counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

impl Position {
    /// Returns where the byte `at` of `source` stands.
    pub(crate) fn of(source: &[u8], at: usize) -> Self {
        Counter::new(source).advance(at)
    }
}

/// Displays as `line:column`.
impl fmt::Display for Position {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", self.line, self.column)
    }
}

/// Counts on from one place to the next, so that many places cost one pass.
pub(super) struct Counter<'a> {
    source: &'a [u8],
    at: usize,
    position: Position,
}

impl<'a> Counter<'a> {
    pub(super) fn new(source: &'a [u8]) -> Self {
        let position = Position { line: 1, column: 1 };
        Self {
            source,
            at: 0,
            position,
        }
    }

    /// Returns the position of the byte `to`, which is not before the last one asked for.
    pub(super) fn advance(&mut self, to: usize) -> Position {
        let passed = self.source.get(self.at..to).unwrap_or_default();
        let mut line_start = 0;
        for end in memchr2_iter(b'\n', b'\r', passed) {
            let after = self.source.get(self.at + end + 1);
            if passed.get(end) == Some(&b'\r') && after == Some(&b'\n') {
                continue;
            }
            line_start = end + 1;
            self.position.line += 1;
            self.position.column = 1;
        }
        self.position.column += characters(passed.get(line_start..).unwrap_or_default());
        self.at = to;
        self.position
    }
}

/// Returns the number of characters; each byte that is not UTF-8 is one.
pub(super) fn characters(bytes: &[u8]) -> usize {
    bytes
        .utf8_chunks()
        .map(|chunk| chunk.valid().chars().count() + chunk.invalid().len())
        .sum()
}
