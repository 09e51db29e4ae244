//! Writing into a file that cannot be replaced, and mending what a killed run left of it.
//!
//! A file with several names (hard links), one that is a mount point of its own, or one whose owner
//! cannot be given to a new file, is written in place. First both contents are put beside it, in a
//! journal. From that the old content is restored if the write is cut off.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use super::FileError;
use super::beside::Beside;
use super::contents::{self, Access};
use super::disk::Disk;

const HEAD: &str = "duat journal 1";

/// The two contents of a file that is written in place.
#[derive(Debug, PartialEq, Eq)]
struct Journal<'a> {
    old: &'a [u8],
    new: &'a [u8],
}

/// What a file holds, seen from its journal.
#[derive(Debug, PartialEq, Eq)]
enum State {
    /// One of the two contents, complete.
    Whole,
    /// Parts of both.
    Torn,
    /// Something else: it was changed since.
    Foreign,
}

impl<'a> Journal<'a> {
    fn parse(record: &'a [u8]) -> Option<Self> {
        let end = record.iter().position(|byte| *byte == b'\n')?;
        let (head, contents) = record.split_at_checked(end + 1)?;
        let lengths = std::str::from_utf8(head).ok()?.trim_end();
        let (old, new) = lengths.strip_prefix(HEAD)?.trim_start().split_once(' ')?;
        let (old, new) = (old.parse::<usize>().ok()?, new.parse::<usize>().ok()?);
        let (old, rest) = contents.split_at_checked(old)?;
        (rest.len() == new).then_some(Self { old, new: rest })
    }

    fn state(&self, current: &[u8]) -> State {
        if current == self.old || current == self.new {
            return State::Whole;
        }
        let (shorter, longer) = (
            self.old.len().min(self.new.len()),
            self.old.len().max(self.new.len()),
        );
        let torn = (shorter..=longer).contains(&current.len())
            && current.iter().enumerate().all(|(at, byte)| {
                // a power loss may leave zeros where the file grew
                self.old.get(at).is_none_or(|old| old == byte)
                    && (at < self.old.len() || *byte == 0)
                    || self.new.get(at) == Some(byte)
            });
        if torn { State::Torn } else { State::Foreign }
    }
}

/// Returns the text of a journal.
pub(super) fn record(old: &[u8], new: &[u8]) -> Vec<u8> {
    let mut record = format!("{HEAD} {} {}\n", old.len(), new.len()).into_bytes();
    record.extend_from_slice(old);
    record.extend_from_slice(new);
    record
}

/// Makes `file` hold `wanted`, if it holds that, `other`, or parts of both. What they begin with in
/// common is not touched.
pub(super) fn overwrite(
    disk: &mut Disk,
    file: &File,
    path: &Path,
    wanted: &[u8],
    other: &[u8],
) -> io::Result<()> {
    let same = wanted.iter().zip(other).take_while(|(a, b)| a == b).count();
    disk.write(file, path, same, wanted.get(same..).unwrap_or_default())?;
    if file.metadata()?.len() > wanted.len() as u64 {
        disk.shrink(file, path, wanted.len())?;
    }
    disk.sync(file, path)
}

/// Gives the locked `file` its old content back, if a write in place was cut off, and removes the
/// journal.
pub(super) fn mend(
    disk: &mut Disk,
    file: &File,
    path: &Path,
    given: &Path,
) -> Result<(), FileError> {
    let place = Beside::of(path).journal;
    let error = |source| FileError::new("restore", given, source);
    let record = contents::read(&contents::open(&place, &place, Access::Read)?, &place)?;
    let in_the_way = || FileError::InTheWay {
        path: given.to_owned(),
        obstacle: place.clone(),
    };
    let journal = Journal::parse(&record).ok_or_else(in_the_way)?;
    match journal.state(&contents::read(file, given)?) {
        State::Whole => {}
        State::Torn => overwrite(disk, file, path, journal.old, journal.new).map_err(error)?,
        State::Foreign => return Err(in_the_way()),
    }
    disk.remove(&place).map_err(error)
}

/// Returns what the file `path`, found to hold `current`, held before a write in place that is
/// under way or was cut off; `current` if there is none.
pub(super) fn settled(path: &Path, current: Vec<u8>) -> Vec<u8> {
    let place = Beside::of(path).journal;
    let regular = fs::symlink_metadata(&place).is_ok_and(|metadata| metadata.is_file());
    if !regular {
        return current;
    }
    let record = contents::open(&place, &place, Access::Read)
        .and_then(|file| contents::read(&file, &place))
        .unwrap_or_default();
    match Journal::parse(&record) {
        Some(journal) if journal.state(&current) == State::Torn => journal.old.to_vec(),
        _ => current,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reading_undoes_recording() {
        for (old, new) in [("", ""), ("a", ""), ("", "b\n"), ("1\n2\n", "1\n3\n4")] {
            let record = record(old.as_bytes(), new.as_bytes());
            let journal = Journal {
                old: old.as_bytes(),
                new: new.as_bytes(),
            };
            assert_eq!(Journal::parse(&record), Some(journal));
            assert_eq!(Journal::parse(&record[..record.len() - 1]), None);
            assert_eq!(Journal::parse(&[&record[..], b"x"].concat()), None);
        }
        for text in [
            "",
            "\n",
            "duat journal 1 3\nabc",
            "duat journal 1 a b\n",
            "x",
        ] {
            assert_eq!(Journal::parse(text.as_bytes()), None, "{text:?}");
        }
    }

    #[test]
    fn only_what_a_cut_off_write_leaves_is_torn() {
        for (old, new, current, state) in [
            ("0.0.9\n", "0.0.10\n", "0.0.9\n", State::Whole),
            ("0.0.9\n", "0.0.10\n", "0.0.10\n", State::Whole),
            ("0.0.9\n", "0.0.10\n", "0.0.1\n", State::Torn),
            ("0.0.9\n", "0.0.10\n", "0.0.10\0", State::Torn),
            ("0.0.9\n", "0.0.10\n", "0.0.8\n", State::Foreign),
            ("0.0.9\n", "0.0.10\n", "", State::Foreign),
            ("0.0.9\n", "0.0.9\n10\n", "0.0.9\n\0", State::Torn),
            ("0.0.9\n", "0.0.9\n10\n", "0.0.9\nx", State::Foreign),
            ("0.0.10\n", "0.0.9\n", "0.0.9\n\n", State::Torn),
            ("0.0.10\n", "0.0.9\n", "0.0.9\n\0", State::Foreign),
            ("aaaa", "bbbb", "abab", State::Torn),
            ("aaaa", "bbbb", "abab\0", State::Foreign),
        ] {
            let journal = Journal {
                old: old.as_bytes(),
                new: new.as_bytes(),
            };
            assert_eq!(journal.state(current.as_bytes()), state, "{current:?}");
        }
    }

    proptest! {
        #[test]
        fn wherever_a_write_is_cut_off_the_old_content_is_known(
            old in "[ab]{0,9}",
            new in "[ab]{0,9}",
            cut in 0_usize..20,
        ) {
            let journal = Journal { old: old.as_bytes(), new: new.as_bytes() };
            let mut current = old.clone().into_bytes();
            let written = cut.min(new.len());
            current.resize(old.len().max(written), 0);
            current[..written].copy_from_slice(&new.as_bytes()[..written]);
            prop_assert_ne!(journal.state(&current), State::Foreign);
        }
    }
}
