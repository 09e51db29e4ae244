//! The answer: the one thing that goes to stdout.

use std::fmt::{Display, Write as _};
use std::io::{self, ErrorKind, Write};
use std::path::PathBuf;

use clap::Args;
use duat::shown;
use serde::Serialize;
use serde_json::Value;

use crate::environment;
use crate::exit::Code;
use crate::failure::Failure;

/// The file that GitHub Actions reads a step's outputs from.
const GITHUB_OUTPUT: &str = "GITHUB_OUTPUT";

/// How the answer is given.
#[derive(Clone, Copy, Debug, Default, Args)]
#[command(next_help_heading = "Output")]
pub struct Output {
    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,

    /// Also append the facts to the file that `$GITHUB_OUTPUT` names
    #[arg(long)]
    github_output: bool,
}

impl Output {
    /// Fails where the answer could not be given, for a tool to ask before it changes anything.
    pub fn check(self) -> Result<(), Failure> {
        if self.github_output {
            github_output_file()?;
        }
        Ok(())
    }

    /// Gives the answer: `text` (newlines included), or with `--json` the `facts` it was made of.
    ///
    /// `done` says what the run had changed by then, for the error where the answer is lost.
    pub fn give(
        self,
        text: &str,
        facts: &impl Serialize,
        done: Option<&str>,
    ) -> Result<(), Failure> {
        if self.github_output {
            append_github_output(facts).map_err(|failure| told(failure, done))?;
        }
        if self.json {
            let mut json = to_json(facts).map_err(|failure| told(failure, done))?;
            json.push('\n');
            give(json.as_bytes(), done)
        } else {
            give(text.as_bytes(), done)
        }
    }
}

/// Returns a text of one line for each item.
pub fn lines<T: Display>(items: impl IntoIterator<Item = T>) -> String {
    let mut text = String::new();
    for item in items {
        // writing to a text cannot fail
        let _ = writeln!(text, "{item}");
    }
    text
}

/// Writes `answer` to stdout, whole and at once.
///
/// A closed pipe is a reader that has seen enough, not a failure. Anything else is one; `done` says
/// what the run had already changed by then, so that nobody runs it again unawares.
pub fn give(answer: &[u8], done: Option<&str>) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(answer).and_then(|()| stdout.flush()) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        Err(error) => {
            let failure = Failure::new(Code::Failed, "failed to write the answer to stdout")
                .caused_by(&error);
            Err(told(failure, done))
        }
    }
}

/// Returns the failure with what was changed all the same.
fn told(failure: Failure, done: Option<&str>) -> Failure {
    match done {
        // every other code promises that nothing was changed
        Some(done) => failure
            .with_code(Code::Failed)
            .hint(format!("{done}; only the answer was lost.")),
        None => failure,
    }
}

fn to_json(facts: &impl Serialize) -> Result<String, Failure> {
    let json = serde_json::to_string(facts).map_err(|error| {
        Failure::new(Code::Failed, "failed to write the answer as JSON").caused_by(&error)
    })?;
    Ok(safe_json(json))
}

/// Returns JSON in which what a terminal obeys is escaped: JSON itself asks that of a part only.
fn safe_json(json: String) -> String {
    if !json.contains(shown::is_obeyed) {
        return json;
    }
    let mut safe = String::with_capacity(json.len());
    for letter in json.chars() {
        if shown::is_obeyed(letter) {
            // it stands in a text, since there is no blank of this kind between tokens; none of
            // them takes two units
            let _ = write!(safe, "\\u{:04x}", u32::from(letter));
        } else {
            safe.push(letter);
        }
    }
    safe
}

/// Appends one `name=value` for every fact: text as it is, everything else as JSON.
fn append_github_output(facts: &impl Serialize) -> Result<(), Failure> {
    let path = github_output_file()?;
    let facts: Value = serde_json::from_str(&to_json(facts)?).map_err(|error| {
        Failure::new(Code::Failed, "failed to write the answer as JSON").caused_by(&error)
    })?;
    duat::file::append(&path, github_output(&facts).as_bytes())?;
    Ok(())
}

fn github_output_file() -> Result<PathBuf, Failure> {
    environment::path(GITHUB_OUTPUT).ok_or_else(|| {
        Failure::new(
            Code::Usage,
            format!("failed to give the facts to GitHub Actions: `{GITHUB_OUTPUT}` is not set"),
        )
        .hint("leave out `--github-output` outside GitHub Actions.")
    })
}

/// Values never hold a newline: text is JSON where it has one.
fn github_output(facts: &Value) -> String {
    let facts = facts.as_object().into_iter().flatten();
    lines(facts.map(|(name, value)| match value {
        Value::Null => format!("{name}="),
        Value::String(value) if !value.contains(['\n', '\r']) => format!("{name}={value}"),
        other => format!("{name}={other}"),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lost_answer_tells_what_was_done() {
        let missing = || Failure::new(Code::NotFound, "`/nope` does not exist");
        assert_eq!(told(missing(), None), missing());
        let lost = told(missing(), Some("`VERSION` now holds `0.0.2`"));
        assert_eq!(lost.code(), Code::Failed);
        assert_eq!(
            lost.way_out(),
            Some("`VERSION` now holds `0.0.2`; only the answer was lost.")
        );
    }

    #[test]
    fn no_json_moves_a_cursor() {
        let facts = serde_json::json!({"a": "\u{9b}2J\u{1b}\u{7f}\u{202e}\u{2028}\u{1f600}\n"});
        let json = to_json(&facts).unwrap();
        assert_eq!(
            json,
            "{\"a\":\"\\u009b2J\\u001b\\u007f\\u202e\\u2028\u{1f600}\\n\"}"
        );
        assert_eq!(serde_json::from_str::<Value>(&json).unwrap(), facts);
    }

    #[test]
    fn facts_become_lines() {
        let facts = serde_json::json!({"version": "0.0.2", "changed": ["a"], "previous": null, "note": "a\nb"});
        assert_eq!(
            github_output(&facts),
            "changed=[\"a\"]\nnote=\"a\\nb\"\nprevious=\nversion=0.0.2\n"
        );
    }
}
