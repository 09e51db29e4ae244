//! A text of somebody else as a person may be shown it: a terminal obeys control characters, and a
//! CI service what stands at the beginning of a line, so neither comes from a name.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Returns a text of one line, with line breaks and control characters as Rust writes them.
///
/// ```
/// use duat::shown;
///
/// assert_eq!(shown::line("feature/x"), "feature/x");
/// assert_eq!(shown::line("\u{1b}]0;title\u{7}\n::error::"), r"\u{1b}]0;title\u{7}\n::error::");
/// ```
pub fn line(text: &str) -> Cow<'_, str> {
    escape(text, |_| false)
}

/// Returns a text of several lines, with control characters as Rust writes them.
pub fn lines(text: &str) -> Cow<'_, str> {
    escape(text, |letter| letter == '\n')
}

fn escape(text: &str, is_fine: impl Fn(char) -> bool) -> Cow<'_, str> {
    let obeyed = |letter: char| is_obeyed(letter) && !is_fine(letter);
    if !text.contains(obeyed) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    for letter in text.chars() {
        // writing to a text cannot fail
        let _ = match letter {
            letter if !obeyed(letter) => shown.write_char(letter),
            '\n' | '\r' | '\0' => write!(shown, "{}", letter.escape_debug()),
            letter => write!(shown, "{}", letter.escape_unicode()),
        };
    }
    Cow::Owned(shown)
}

/// Tells whether a terminal does something else with a character than to show it: controls, what
/// turns the direction of writing, and separators of lines. A tab only moves on.
pub fn is_obeyed(letter: char) -> bool {
    letter.is_control() && letter != '\t'
        || matches!(
            letter,
            '\u{61c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_obey_is_escaped() {
        for (text, expected) in [
            (
                "plain \u{fc}ber \u{1f600}\ttab",
                "plain \u{fc}ber \u{1f600}\ttab",
            ),
            ("\u{1b}[31mred", r"\u{1b}[31mred"),
            ("a\u{7}\u{7f}\u{9b}31m", r"a\u{7}\u{7f}\u{9b}31m"),
            ("a\nb\r\0", r"a\nb\r\0"),
            ("\u{202e}drow", r"\u{202e}drow"),
            ("", ""),
        ] {
            assert_eq!(line(text), expected);
        }
        assert_eq!(lines("a\n\u{1b}b\r\n"), "a\n\\u{1b}b\\r\n");
    }

    #[test]
    fn what_is_harmless_is_not_copied() {
        assert!(matches!(line("a b"), Cow::Borrowed("a b")));
        assert!(matches!(lines("a\nb"), Cow::Borrowed("a\nb")));
    }
}
