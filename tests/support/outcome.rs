//! What came of a command.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;
use std::process::ExitStatus;

use crate::text;

/// What a command printed and how it ended.
///
/// The assertions return the outcome again, so that they can follow each other. One that fails shows
/// the command, its directory and the files there, the status and both streams.
#[derive(Clone, Debug)]
#[must_use = "assert something about it, or at least that it `succeeds`"]
pub struct Outcome {
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: Vec<u8>,
    pub(crate) status: ExitStatus,
    pub(crate) invocation: String,
    pub(crate) directory: PathBuf,
    pub(crate) names: Vec<(String, &'static str)>,
}

impl Outcome {
    /// Returns the exit code; nothing when a signal ended the command.
    pub fn code(&self) -> Option<i32> {
        self.status.code()
    }

    /// Returns how the command ended.
    pub fn status(&self) -> ExitStatus {
        self.status
    }

    /// Returns what it wrote to standard output.
    ///
    /// # Panics
    ///
    /// When that is not UTF-8.
    #[track_caller]
    pub fn stdout(&self) -> &str {
        self.utf8(&self.stdout, "standard output")
    }

    /// Returns what it wrote to standard error.
    ///
    /// # Panics
    ///
    /// When that is not UTF-8.
    #[track_caller]
    pub fn stderr(&self) -> &str {
        self.utf8(&self.stderr, "standard error")
    }

    /// Returns the bytes it wrote to standard output.
    pub fn stdout_bytes(&self) -> &[u8] {
        &self.stdout
    }

    /// Returns the bytes it wrote to standard error.
    pub fn stderr_bytes(&self) -> &[u8] {
        &self.stderr
    }

    /// Asserts that it ended with status 0.
    #[track_caller]
    pub fn succeeds(&self) -> &Self {
        self.check(self.status.success(), "it succeeds");
        self
    }

    /// Asserts that it ended with this status, which is not 0.
    #[track_caller]
    pub fn fails(&self, code: i32) -> &Self {
        assert_ne!(code, 0, "status 0 is no failure: use `succeeds`");
        self.check(
            self.code() == Some(code),
            &format!("it fails with status {code}"),
        );
        self
    }

    /// Asserts that it succeeded and wrote exactly `text` to standard output.
    #[track_caller]
    pub fn prints(&self, text: &str) -> &Self {
        self.succeeds();
        self.check(
            self.stdout == text.as_bytes(),
            &format!(
                "it prints exactly\n{}",
                text::indented(&text::whole_lines(text))
            ),
        );
        self
    }

    /// Asserts that it wrote nothing to standard output.
    #[track_caller]
    pub fn prints_nothing(&self) -> &Self {
        self.check(self.stdout.is_empty(), "it prints nothing");
        self
    }

    /// Asserts that `fragment` is somewhere in what it wrote to standard error.
    #[track_caller]
    pub fn says(&self, fragment: &str) -> &Self {
        let found = text::portable(self.stderr(), &self.names).contains(fragment)
            || self.stderr().contains(fragment);
        self.check(
            found,
            &format!("it says on standard error\n{}", text::indented(fragment)),
        );
        self
    }

    /// Asserts that `fragment` is nowhere in what it wrote, to either stream.
    #[track_caller]
    pub fn conceals(&self, fragment: &str) -> &Self {
        let streams = [&self.stdout, &self.stderr];
        let found = streams
            .iter()
            .any(|stream| String::from_utf8_lossy(stream).contains(fragment));
        self.check(!found, &format!("it never shows `{fragment}`"));
        self
    }

    /// Asserts that it wrote nothing to standard error.
    #[track_caller]
    pub fn says_nothing(&self) -> &Self {
        self.check(self.stderr.is_empty(), "it says nothing");
        self
    }

    /// Asserts that its [`transcript`](Self::transcript) is `expected`, which may be indented and
    /// begin on a line of its own.
    #[track_caller]
    pub fn shows(&self, expected: &str) -> &Self {
        let expected = text::dedented(expected);
        self.check(
            self.transcript() == expected,
            &format!("its transcript is\n{}", text::indented(&expected)),
        );
        self
    }

    /// Returns all that a user saw: standard output; standard error under a line `--- stderr ---`
    /// if there is any; `[exit status: N]` unless that is 0.
    ///
    /// The paths of the scene are replaced by `$SCENE`, `$HOME` and `$TMPDIR`, so that it is the
    /// same in every run. A missing last newline is shown as `[no newline]`.
    ///
    /// # Panics
    ///
    /// When a stream is not UTF-8.
    #[track_caller]
    pub fn transcript(&self) -> String {
        let mut transcript = text::whole_lines(self.stdout());
        if !self.stderr.is_empty() {
            transcript.push_str("--- stderr ---\n");
            transcript.push_str(&text::whole_lines(self.stderr()));
        }
        if !self.status.success() {
            // `exit status: N` or `signal: N (NAME)`
            let _ = writeln!(transcript, "[{}]", self.status);
        }
        text::portable(&transcript, &self.names)
    }

    #[track_caller]
    fn utf8<'a>(&self, bytes: &'a [u8], stream: &str) -> &'a str {
        str::from_utf8(bytes).unwrap_or_else(|error| {
            panic!("{}", self.report(&format!("{stream} is UTF-8 ({error})")))
        })
    }

    #[track_caller]
    fn check(&self, holds: bool, expectation: &str) {
        assert!(holds, "{}", self.report(expectation));
    }

    fn report(&self, expectation: &str) -> String {
        let sections = [
            ("expected", expectation.to_owned()),
            ("command", self.invocation.clone()),
            ("directory", self.directory.display().to_string()),
            ("files", self.listing()),
            ("status", self.status.to_string()),
            (
                "stdout",
                text::whole_lines(&String::from_utf8_lossy(&self.stdout)),
            ),
            (
                "stderr",
                text::whole_lines(&String::from_utf8_lossy(&self.stderr)),
            ),
        ];
        sections
            .iter()
            .fold(String::new(), |mut report, (title, body)| {
                let _ = write!(report, "\n{title}:\n{}", text::indented(body));
                report
            })
    }

    fn listing(&self) -> String {
        let entries = match fs::read_dir(&self.directory) {
            Ok(entries) => entries,
            Err(error) => return format!("({error})"),
        };
        let mut names: Vec<String> = entries
            .flatten()
            .map(|entry| {
                let name = entry.file_name().to_string_lossy().into_owned();
                match entry.metadata() {
                    Ok(metadata) if metadata.is_dir() => format!("{name}/"),
                    Ok(metadata) => format!("{name} ({} bytes)", metadata.len()),
                    Err(error) => format!("{name} ({error})"),
                }
            })
            .collect();
        names.sort_unstable();
        names.join("\n")
    }
}
