//! Gradle: the key `version` in `gradle.properties`, by the grammar of Java's `Properties.load`.

use memchr::memchr2;

use super::found::Found;
use super::{DocumentError, Position};

const KIND: &str = "`version`";

pub(super) fn find(source: &[u8]) -> Result<Vec<Found>, DocumentError> {
    let mut found = Vec::new();
    let mut lines = Lines { source, at: 0 };
    while lines.at < source.len() {
        lines.skip(is_blank);
        match lines.peek() {
            Some(b'#' | b'!') => lines.at = lines.natural_end(lines.at),
            Some(b'\n' | b'\r') | None => {}
            Some(_) => {
                let key = lines.key();
                lines.separator();
                let start = lines.at;
                let plain = lines.value();
                if key == b"version" {
                    if !plain {
                        let position = Position::of(source, start);
                        return Err(DocumentError::NotPlain {
                            kind: KIND,
                            position,
                        });
                    }
                    found.push(Found::read(source, start..lines.at, KIND)?);
                }
            }
        }
        lines.at += 1;
    }
    Ok(found)
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\x0c')
}

/// The lines of a file, each possibly continued on the next by a backslash at its end.
struct Lines<'a> {
    source: &'a [u8],
    at: usize,
}

impl Lines<'_> {
    fn peek(&self) -> Option<u8> {
        self.source.get(self.at).copied()
    }

    /// Returns where the line ends that a place is on.
    fn natural_end(&self, from: usize) -> usize {
        let rest = self.source.get(from..).unwrap_or_default();
        from + memchr2(b'\n', b'\r', rest).unwrap_or(rest.len())
    }

    fn skip(&mut self, wanted: impl Fn(u8) -> bool) {
        while self.peek().is_some_and(&wanted) {
            self.at += 1;
        }
    }

    /// Steps over a backslash, the line end behind it and the blanks behind that, if they are next.
    fn continuation(&mut self) -> bool {
        let rest = self.source.get(self.at..).unwrap_or_default();
        self.at += match rest {
            [b'\\', b'\r', b'\n', ..] => 3,
            [b'\\', b'\r' | b'\n', ..] => 2,
            _ => return false,
        };
        self.skip(is_blank);
        true
    }

    /// Returns the key, escapes resolved, and stops behind it.
    fn key(&mut self) -> Vec<u8> {
        let mut key = Vec::new();
        while let Some(byte) = self.peek() {
            if self.continuation() {
                continue;
            }
            match byte {
                b'=' | b':' | b'\n' | b'\r' => break,
                b'\\' => key.push(self.escaped()),
                _ if is_blank(byte) => break,
                _ => key.push(byte),
            }
            self.at += 1;
        }
        key
    }

    /// Returns what a backslash and what follows it stand for, and stops on the last byte of that.
    /// A character that no key of ours has reads as 0.
    fn escaped(&mut self) -> u8 {
        self.at += 1;
        match self.peek() {
            Some(b'u') => {
                let digits = self
                    .source
                    .get(self.at + 1..self.at + 5)
                    .unwrap_or_default();
                let digits = str::from_utf8(digits).unwrap_or_default();
                match u16::from_str_radix(digits, 16) {
                    Ok(code) => {
                        self.at += digits.len();
                        u8::try_from(code).unwrap_or(0)
                    }
                    Err(_) => 0,
                }
            }
            Some(b't' | b'n' | b'r' | b'f') | None => 0,
            Some(byte) => byte,
        }
    }

    /// Steps over the blanks, the one `=` or `:`, and the blanks that separate key and value.
    fn separator(&mut self) {
        self.blanks();
        if let Some(b'=' | b':') = self.peek() {
            self.at += 1;
            self.blanks();
        }
    }

    fn blanks(&mut self) {
        loop {
            self.skip(is_blank);
            if !self.continuation() {
                return;
            }
        }
    }

    /// Steps to the end of the value and tells whether no backslash is in it.
    fn value(&mut self) -> bool {
        let mut plain = true;
        loop {
            let end = self.natural_end(self.at);
            let line = self.source.get(self.at..end).unwrap_or_default();
            plain &= !line.contains(&b'\\');
            let backslashes = line.iter().rev().take_while(|byte| **byte == b'\\').count();
            self.at = end;
            if backslashes % 2 == 0 || end >= self.source.len() {
                return plain;
            }
            self.at = end - 1;
            self.continuation();
        }
    }
}
