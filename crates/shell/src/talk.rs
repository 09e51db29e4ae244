//! What is said to a person, on stderr. Never needed to understand the answer on stdout.

use std::fmt::Display;
use std::io::Write;

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};

use crate::failure::Failure;

const ERROR: Style = AnsiColor::Red.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();
const HINT: Style = AnsiColor::Cyan.on_default().bold();
const ADDED: Style = AnsiColor::Green.on_default();
const REMOVED: Style = AnsiColor::Red.on_default();
const FAINT: Style = Style::new().dimmed();

/// The way to stderr: how much is said, and whether in colour.
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
            self.line(format_args!("{FAINT}{text}{FAINT:#}"));
        }
    }

    /// Shows a line of the wire (`-vv`), which never holds what is secret.
    pub fn wire(self, text: impl Display) {
        if self.verbosity > 1 && !self.quiet {
            self.line(format_args!("{FAINT}{text}{FAINT:#}"));
        }
    }

    /// Says what was done; silent when quiet.
    pub fn say(self, text: impl Display) {
        if !self.quiet {
            self.line(text);
        }
    }

    /// Says what was asked for by an option of its own: quiet does not hide it.
    pub fn tell(self, text: impl Display) {
        self.line(text);
    }

    /// Says what may not be what the user wants.
    pub fn warn(self, text: impl Display) {
        self.say(format_args!("{WARNING}warning:{WARNING:#} {text}"));
    }

    /// Says what to do next.
    pub fn hint(self, text: impl Display) {
        self.say(format_args!("{HINT}hint:{HINT:#} {text}"));
    }

    /// Says what went wrong: the sentence, one line for each cause, the hint.
    pub fn fail(self, failure: &Failure) {
        self.line(format_args!("{ERROR}error:{ERROR:#} {failure}"));
        for cause in failure.causes() {
            self.line(format_args!("caused by: {cause}"));
        }
        if let Some(hint) = failure.way_out() {
            self.line(format_args!("{HINT}hint:{HINT:#} {hint}"));
        }
    }

    /// Shows a unified diff, which was asked for: quiet does not hide it.
    pub fn diff(self, diff: &str) {
        for line in diff.lines() {
            let style = match line.as_bytes().first() {
                Some(b'+') => ADDED,
                Some(b'-') => REMOVED,
                _ => Style::new(),
            };
            self.line(format_args!("{style}{line}{style:#}"));
        }
    }

    fn line(self, text: impl Display) {
        let mut stderr = AutoStream::new(std::io::stderr().lock(), self.color);
        let _ = writeln!(stderr, "{text}");
    }
}
