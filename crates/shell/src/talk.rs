//! What is said to a person, on stderr. Never needed to understand the answer on stdout.

use std::ffi::OsString;
use std::fmt::{self, Display};
use std::io::Write;

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};
use duat::shown;

use crate::failure::Failure;

const ERROR: Style = AnsiColor::Red.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();
const HINT: Style = AnsiColor::Cyan.on_default().bold();
const ADDED: Style = AnsiColor::Green.on_default();
const REMOVED: Style = AnsiColor::Red.on_default();
const FAINT: Style = Style::new().dimmed();
/// What an escape sequence begins with.
const ESCAPE: char = '\u{1b}';

/// The way to stderr: how much is said, and whether in colour.
///
/// What is said often holds names and texts of others. No control character of theirs reaches the
/// terminal, and where a sentence is said, it stays one line.
///
/// A stderr that cannot be written to is not worth failing for: nothing here returns an error.
#[derive(Clone, Copy, Debug)]
pub struct Talk {
    quiet: bool,
    verbosity: u8,
    color: ColorChoice,
}

impl Talk {
    /// Returns a talk that keeps silent but for errors (`quiet`), or explains (`verbosity` 1) and
    /// shows the wire (2).
    pub fn new(quiet: bool, verbosity: u8, color: ColorChoice) -> Self {
        Self {
            quiet,
            verbosity,
            color,
        }
    }

    /// Tells whether nothing but the answer and errors is said.
    pub fn is_quiet(self) -> bool {
        self.quiet
    }

    /// Tells whether decisions are explained, for text that is costly to make.
    pub fn explains(self) -> bool {
        self.verbosity > 0 && !self.quiet
    }

    /// Explains a decision (`-v`).
    pub fn explain(self, text: impl Display) {
        if self.explains() {
            self.line(format_args!("{FAINT}{}{FAINT:#}", Sentence(text)));
        }
    }

    /// Shows a line of the wire (`-vv`), which never holds what is secret.
    pub fn wire(self, text: impl Display) {
        if self.verbosity > 1 && !self.quiet {
            self.line(format_args!("{FAINT}{}{FAINT:#}", Sentence(text)));
        }
    }

    /// Says what was done; silent when quiet.
    pub fn say(self, text: impl Display) {
        if !self.quiet {
            self.line(Sentence(text));
        }
    }

    /// Says what was asked for by an option of its own, in lines: quiet does not hide it.
    pub fn tell(self, text: impl Display) {
        self.line(Lines(text));
    }

    /// Says what may not be what the user wants.
    pub fn warn(self, text: impl Display) {
        self.warning(Sentence(text));
    }

    /// Says what may not be what the user wants, and under it the lines that it is about.
    pub fn warn_of_lines(self, text: impl Display) {
        self.warning(Lines(text));
    }

    fn warning(self, text: impl Display) {
        if !self.quiet {
            self.line(format_args!("{WARNING}warning:{WARNING:#} {text}"));
        }
    }

    /// Says what to do next.
    pub fn hint(self, text: impl Display) {
        if !self.quiet {
            self.line(format_args!("{HINT}hint:{HINT:#} {}", Sentence(text)));
        }
    }

    /// Says what went wrong: the sentence, one line for each cause, the hint.
    pub fn fail(self, failure: &Failure) {
        if failure.has_lines() {
            self.line(format_args!("{ERROR}error:{ERROR:#} {}", Lines(failure)));
        } else {
            self.line(format_args!("{ERROR}error:{ERROR:#} {}", Sentence(failure)));
        }
        for cause in failure.causes() {
            self.line(format_args!("caused by: {}", Sentence(cause)));
        }
        if let Some(hint) = failure.way_out() {
            self.line(format_args!("{HINT}hint:{HINT:#} {}", Sentence(hint)));
        }
    }

    /// Says how the tool was called wrongly, in clap's words and colours.
    pub(crate) fn reject(self, error: &clap::Error, given: &[OsString]) {
        let mut text = error.render().ansi().to_string();
        // where a line breaks, only clap says
        for given in given.iter().filter_map(|given| given.to_str()) {
            let value = given.split_once('=').map_or(given, |(_, value)| value);
            for typed in [given, value]
                .into_iter()
                .filter(|typed| typed.contains('\n'))
            {
                text = text.replace(typed, &shown::line(typed));
            }
        }
        self.line(colours_alone(&text).trim_end());
    }

    /// Shows a unified diff, which was asked for: quiet does not hide it.
    pub fn diff(self, diff: &str) {
        for line in diff.lines() {
            let style = match line.as_bytes().first() {
                Some(b'+') => ADDED,
                Some(b'-') => REMOVED,
                _ => Style::new(),
            };
            self.line(format_args!("{style}{}{style:#}", Sentence(line)));
        }
    }

    /// Writes a line whose escape sequences are ours.
    fn line(self, text: impl Display) {
        let mut stderr = AutoStream::new(std::io::stderr().lock(), self.color);
        let _ = writeln!(stderr, "{text}");
    }
}

/// A text that is one line, whatever it holds.
struct Sentence<T>(T);

impl<T: Display> Display for Sentence<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&shown::line(&self.0.to_string()))
    }
}

/// A text of several lines.
struct Lines<T>(T);

impl<T: Display> Display for Lines<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&shown::lines(&self.0.to_string()))
    }
}

/// Returns a text whose escape sequences are colours, and whose other control characters are escaped.
fn colours_alone(text: &str) -> String {
    let mut parts = text.split(ESCAPE);
    let mut safe = shown::lines(parts.next().unwrap_or_default()).into_owned();
    for part in parts {
        let rest = part.strip_prefix('[').unwrap_or(part);
        let rest = rest.trim_start_matches(|letter: char| letter.is_ascii_digit() || letter == ';');
        match rest.strip_prefix('m') {
            Some(rest) if part.starts_with('[') => {
                safe.push(ESCAPE);
                safe.push_str(part.strip_suffix(rest).unwrap_or_default());
                safe.push_str(&shown::lines(rest));
            }
            _ => {
                safe.push_str(&shown::line("\u{1b}"));
                safe.push_str(&shown::lines(part));
            }
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_is_one_line_and_moves_no_cursor() {
        assert_eq!(
            Sentence("a\n::error::\u{1b}[2J").to_string(),
            r"a\n::error::\u{1b}[2J"
        );
        assert_eq!(Lines("a\nb\u{7}").to_string(), "a\nb\\u{7}");
    }

    #[test]
    fn of_escape_sequences_only_colours_are_kept() {
        for (text, expected) in [
            ("\u{1b}[1mbold\u{1b}[0m\n", "\u{1b}[1mbold\u{1b}[0m\n"),
            ("\u{1b}[38;5;1mx", "\u{1b}[38;5;1mx"),
            ("\u{1b}[2J\u{1b}]0;t\u{7}", r"\u{1b}[2J\u{1b}]0;t\u{7}"),
            ("\u{1b}", r"\u{1b}"),
            ("\u{1b}[1", r"\u{1b}[1"),
            ("1m", "1m"),
        ] {
            assert_eq!(colours_alone(text), expected);
        }
    }
}
