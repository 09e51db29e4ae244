//! The text of a `packed-refs` file, as
//! [gitrepository-layout](https://git-scm.com/docs/gitrepository-layout) and git's
//! `refs/packed-backend.c` define it: `HASH NAME` lines, each followed by `^HASH` where NAME is an
//! annotated tag. Scanned in place; nothing is allocated for a line.

use std::cmp::Ordering;

use memchr::{memchr, memrchr};

/// The references of one file.
#[derive(Default)]
pub(super) struct Packed {
    text: Vec<u8>,
    order: Order,
    /// Whether a tag without a `^` line is known to be no annotated one.
    pub(super) peeled: bool,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Order {
    #[default]
    Unknown,
    ByName,
}

/// One reference: its full name and, in hex, what it points at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Line<'a> {
    pub(super) name: &'a [u8],
    pub(super) target: &'a [u8],
    /// The commit behind an annotated tag.
    pub(super) peeled: Option<&'a [u8]>,
}

impl Packed {
    pub(super) fn new(text: Vec<u8>) -> Self {
        let header = text
            .strip_prefix(b"# pack-refs with:")
            .and_then(|rest| rest.split(|byte| *byte == b'\n').next())
            .unwrap_or_default();
        let says = |word: &[u8]| header.split(|byte| *byte == b' ').any(|said| said == word);
        Self {
            order: if says(b"sorted") {
                Order::ByName
            } else {
                Order::Unknown
            },
            // `peeled` speaks of tags, `fully-peeled` of all references
            peeled: says(b"peeled") || says(b"fully-peeled"),
            text,
        }
    }

    /// Returns the references whose full names begin with `prefix`.
    pub(super) fn within<'a>(&'a self, prefix: &'a [u8]) -> Lines<'a> {
        let start = match self.order {
            Order::ByName => self.lower_bound(prefix),
            Order::Unknown => 0,
        };
        Lines {
            text: self.text.get(start..).unwrap_or_default(),
            prefix,
            order: self.order,
        }
    }

    /// Returns the reference of this full name.
    pub(super) fn find<'a>(&'a self, name: &'a [u8]) -> Option<Line<'a>> {
        self.within(name).find(|line| line.name == name)
    }

    /// Returns where the first line starts whose name is not before `name`.
    fn lower_bound(&self, name: &[u8]) -> usize {
        let text = self.text.as_slice();
        let (mut low, mut high) = (0, text.len());
        while low < high {
            let middle = low + (high - low) / 2;
            let line_start = |before: usize| {
                text.get(low..before)
                    .and_then(|bytes| memrchr(b'\n', bytes))
                    .map_or(low, |newline| low + newline + 1)
            };
            let mut start = line_start(middle);
            if text.get(start) == Some(&b'^') && start > low {
                start = line_start(start - 1);
            }
            let rest = text.get(start..high).unwrap_or_default();
            let (line, _) = cut_line(rest);
            match split_line(line) {
                Some((_, found)) if found >= name => high = start,
                // the header and `^` lines have no name: what is looked for follows them
                _ => low = start + line.len() + 1,
            }
        }
        low
    }
}

/// The references below one prefix.
pub(super) struct Lines<'a> {
    text: &'a [u8],
    prefix: &'a [u8],
    order: Order,
}

impl<'a> Iterator for Lines<'a> {
    type Item = Line<'a>;

    fn next(&mut self) -> Option<Line<'a>> {
        while !self.text.is_empty() {
            let (line, rest) = cut_line(self.text);
            self.text = rest;
            let Some((target, name)) = split_line(line) else {
                continue;
            };
            if !name.starts_with(self.prefix) {
                if self.order == Order::ByName && name.cmp(self.prefix) == Ordering::Greater {
                    self.text = &[];
                }
                continue;
            }
            let peeled = if rest.first() == Some(&b'^') {
                let (line, rest) = cut_line(rest);
                self.text = rest;
                line.strip_prefix(b"^").filter(|hash| !hash.is_empty())
            } else {
                None
            };
            return Some(Line {
                name,
                target,
                peeled,
            });
        }
        None
    }
}

fn cut_line(text: &[u8]) -> (&[u8], &[u8]) {
    match memchr(b'\n', text).and_then(|end| text.split_at_checked(end)) {
        Some((line, rest)) => (line, rest.get(1..).unwrap_or_default()),
        None => (text, &[]),
    }
}

/// Splits `HASH NAME`; a header or `^` line gives nothing.
fn split_line(line: &[u8]) -> Option<(&[u8], &[u8])> {
    if matches!(line.first(), None | Some(b'#' | b'^')) {
        return None;
    }
    let (hash, name) = line.split_at_checked(memchr(b' ', line)?)?;
    let name = name.get(1..)?;
    Some((hash, name.strip_suffix(b"\r").unwrap_or(name)))
}

#[cfg(test)]
mod tests {
    use std::iter;

    use super::*;

    #[test]
    fn a_sorted_list_is_entered_where_the_prefix_begins() {
        let hash = "a".repeat(40);
        let lines = |number: u32| {
            let name = format!("refs/tags/{number}");
            format!("{hash} {name}\n{hash} {name}.1\n^{hash}\n")
        };
        let header = "# pack-refs with: peeled fully-peeled sorted \n".to_owned();
        let text: String = iter::once(header).chain((100..200).map(lines)).collect();
        let packed = Packed::new(text.into_bytes());
        for number in 100..200 {
            let prefix = format!("refs/tags/{number}");
            let rest = packed.within(prefix.as_bytes()).text;
            let (line, _) = cut_line(rest);
            assert_eq!(split_line(line).unwrap().1, prefix.as_bytes());
        }
        assert!(packed.within(b"refs/tags/2").text.is_empty());
    }
}
