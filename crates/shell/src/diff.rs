//! An edit as people review it.

use similar::TextDiff;

/// Returns the unified diff from `old` to `new`, three lines of context, under `name`; empty where
/// they are equal. Bytes that are not UTF-8 are shown as U+FFFD.
pub fn unified(name: &str, old: &[u8], new: &[u8]) -> String {
    if old == new {
        return String::new();
    }
    let diff = TextDiff::from_lines(old, new);
    let name = name.trim_start_matches('/');
    let mut text = Vec::new();
    let written = diff
        .unified_diff()
        .header(&format!("a/{name}"), &format!("b/{name}"))
        .to_writer(&mut text);
    match written {
        Ok(()) => String::from_utf8_lossy(&text).into_owned(),
        Err(_) => String::new(),
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
    fn no_edit_is_no_diff() {
        assert_eq!(unified("VERSION", b"same", b"same"), "");
    }
}
