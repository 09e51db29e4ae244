//! An edit as people review it.

use std::fmt::Write;

use duat::shown;
use similar::algorithms::{Capture, Compact, Replace, myers};
use similar::udiff::UnifiedHunkHeader;
use similar::{DiffTag, group_diff_ops};

/// Lines shown before and after a change.
const CONTEXT: usize = 3;

/// Returns the unified diff from `old` to `new`, three lines of context, under `name`; empty where
/// they are equal. Bytes that are not UTF-8 are shown as U+FFFD.
///
/// This asks the diff library for its algorithm alone: with its reading and writing of texts, which
/// brings all of its algorithms, every tool would be half a megabyte larger.
pub fn unified(name: &str, old: &[u8], new: &[u8]) -> String {
    if old == new {
        return String::new();
    }
    let (old, new) = (lines(old), lines(new));
    let name = shown::line(name.trim_start_matches('/'));
    let mut text = format!("--- a/{name}\n+++ b/{name}\n");
    for hunk in group_diff_ops(operations(&old, &new), CONTEXT) {
        // writing to a text cannot fail
        let _ = writeln!(text, "{}", UnifiedHunkHeader::new(&hunk));
        for operation in hunk {
            let (tag, before, after) = operation.as_tag_tuple();
            if tag == DiffTag::Equal {
                add(&mut text, ' ', &old[before]);
            } else {
                add(&mut text, '-', &old[before]);
                add(&mut text, '+', &new[after]);
            }
        }
    }
    text
}

fn operations(old: &[&[u8]], new: &[&[u8]]) -> Vec<similar::DiffOp> {
    let mut found = Compact::new(Replace::new(Capture::new()), old, new);
    // capturing cannot fail
    let _ = myers::diff(&mut found, old, 0..old.len(), new, 0..new.len());
    found.into_inner().into_inner().into_ops()
}

fn lines(bytes: &[u8]) -> Vec<&[u8]> {
    bytes.split_inclusive(|byte| *byte == b'\n').collect()
}

fn add(text: &mut String, sign: char, lines: &[&[u8]]) {
    for line in lines {
        text.push(sign);
        text.push_str(&String::from_utf8_lossy(line));
        if !line.ends_with(b"\n") {
            text.push_str("\n\\ No newline at end of file\n");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edit_is_shown_in_its_lines() {
        let diff = unified("VERSION", b"a\n0.0.1\n", b"a\n0.0.2\n");
        assert_eq!(
            diff,
            "--- a/VERSION\n+++ b/VERSION\n@@ -1,2 +1,2 @@\n a\n-0.0.1\n+0.0.2\n"
        );
    }

    #[test]
    fn a_missing_last_newline_is_shown() {
        assert_eq!(
            unified("a", b"1\n2\n3\n4\n5\r\n\xff", b"1\n2\n3\n4\n5\r\n6\n"),
            "--- a/a\n+++ b/a\n@@ -3,4 +3,4 @@\n 3\n 4\n 5\r\n-\u{fffd}\n\\ No newline at end of file\n+6\n"
        );
        assert_eq!(
            unified("a", b"", b"1\n"),
            "--- a/a\n+++ b/a\n@@ -0,0 +1 @@\n+1\n"
        );
    }

    #[test]
    fn no_edit_is_no_diff() {
        assert_eq!(unified("VERSION", b"same", b"same"), "");
    }
}
