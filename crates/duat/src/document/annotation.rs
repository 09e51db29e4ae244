//! Lines that say `x-release-please-version`: the marker for any text that has no grammar here.
//!
//! The first version on such a line is the marker. What follows its three numbers may be the tail
//! of a file name or an image tag (`app-1.2.3-linux.tar.gz`, `img:1.2.3-alpine`), so a pre-release
//! is taken only where it can be recognised as one, and build metadata never.

use std::ops::Range;

use memchr::{memchr2, memmem, memrchr2};

use super::found::Found;
use crate::Version;
use crate::stamp::{self, Stamp};

const ANNOTATION: &[u8] = b"x-release-please-version";
const KIND: &str = "the version on a line with `x-release-please-version`";

/// What pre-releases are called; digits may follow, directly or behind `.` or `-`.
const NAMES: [&str; 13] = [
    "a", "alpha", "b", "beta", "canary", "dev", "m", "next", "nightly", "pre", "preview", "rc",
    "snapshot",
];

/// Finds the first version of every annotated line. A line without one is text.
pub(super) fn find(source: &[u8]) -> Vec<Found> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(rest) = source.get(from..)
        && let Some(offset) = memmem::find(rest, ANNOTATION)
    {
        let at = from + offset;
        let before = source.get(from..at).unwrap_or_default();
        let after = source.get(at..).unwrap_or_default();
        let start = from + memrchr2(b'\n', b'\r', before).map_or(0, |end| end + 1);
        let end = at + memchr2(b'\n', b'\r', after).unwrap_or(after.len());
        found.extend(first_version(source, start..end));
        from = end;
    }
    found
}

fn first_version(source: &[u8], line: Range<usize>) -> Option<Found> {
    let text = source.get(line.clone())?;
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let digits = digits(rest);
        if digits == 0 {
            at += 1;
            continue;
        }
        if starts_word(text.get(..at)?)
            && let Some((length, version)) = version(rest)
        {
            let start = line.start + at;
            return Some(Found {
                span: start..start + length,
                version: Some(version),
                kind: KIND,
                lead: "",
            });
        }
        at += digits;
    }
    None
}

/// Tells whether a number may begin behind `before`: not inside a word or a number, but for a `v`
/// that is a word's first letter.
fn starts_word(before: &[u8]) -> bool {
    let before = match before {
        [rest @ .., b'v' | b'V'] => rest,
        _ => before,
    };
    before
        .last()
        .is_none_or(|byte| !is_word(*byte) && *byte != b'.')
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn digits(bytes: &[u8]) -> usize {
    bytes
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count()
}

/// Returns the length of a full version at the front, and the version.
fn version(bytes: &[u8]) -> Option<(usize, Version)> {
    let mut length = 0;
    for part in 0..3 {
        if part > 0 {
            length += bytes.get(length..)?.starts_with(b".").then_some(1)?;
        }
        let number = bytes.get(length..)?;
        let digits = digits(number);
        // a leading zero makes a date, not a version
        if digits == 0 || (digits > 1 && number.first() == Some(&b'0')) {
            return None;
        }
        length += digits;
    }
    let rest = bytes.get(length..)?;
    match rest {
        [b'.', b'0'..=b'9', ..] => return None,
        [next, ..] if is_word(*next) => return None,
        [b'-', tail @ ..] => {
            let pre = pre(tail);
            if pre > 0 {
                length += 1 + pre;
            }
        }
        _ => {}
    }
    let version = str::from_utf8(bytes.get(..length)?).ok()?.parse().ok()?;
    Some((length, version))
}

/// Returns the length of the pre-release at the front, or 0 where none is recognised.
fn pre(bytes: &[u8]) -> usize {
    let length = bytes
        .iter()
        .take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'-')
        .count();
    let identifier = bytes.get(..length).unwrap_or_default();
    match stamped(identifier) {
        0 => named(bytes),
        length => length,
    }
}

/// Recognises a pre-release of our own: `<slug>-<stamp>` up to the stamp, `<stamp>-<slug>` whole.
fn stamped(identifier: &[u8]) -> usize {
    let mut end = 0;
    for (index, word) in identifier.split(|byte| *byte == b'-').enumerate() {
        end += usize::from(index > 0) + word.len();
        if is_stamp(word) {
            return if index == 0 { identifier.len() } else { end };
        }
    }
    0
}

fn is_stamp(word: &[u8]) -> bool {
    let stamp = |text: &str| text.parse::<Stamp>().is_ok();
    word.len() == stamp::LENGTH
        && word.starts_with(b"aaaa")
        && str::from_utf8(word).is_ok_and(stamp)
}

/// Recognises `rc`, `rc1`, `rc.1`, `beta-2`, `SNAPSHOT`, `alpha.1.2`.
fn named(bytes: &[u8]) -> usize {
    let letters = bytes.iter().take_while(|byte| byte.is_ascii_alphabetic());
    let mut length = letters.count();
    let name = bytes.get(..length).unwrap_or_default();
    if !NAMES
        .iter()
        .any(|known| known.as_bytes().eq_ignore_ascii_case(name))
    {
        return 0;
    }
    let rest = |length: usize| bytes.get(length..).unwrap_or_default();
    length += digits(rest(length));
    while let [b'.' | b'-', number @ ..] = rest(length) {
        let digits = digits(number);
        if digits == 0 || number.get(digits).is_some_and(|next| is_word(*next)) {
            break;
        }
        length += 1 + digits;
    }
    match rest(length) {
        [next, ..] if is_word(*next) => 0,
        _ => length,
    }
}
