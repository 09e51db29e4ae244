//! What went wrong, on what, why, and what to type next.

use std::error::Error;
use std::fmt;

use duat::shown;

use crate::exit::Code;

/// One error as a user meets it: a sentence, its causes, a hint, and the exit code.
///
/// The sentence is lower case, names the thing it is about, and puts literals in backticks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    code: Code,
    message: String,
    causes: Vec<String>,
    hint: Option<String>,
    has_lines: bool,
}

impl Failure {
    /// Returns a failure without causes and hint.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            causes: Vec::new(),
            hint: None,
            has_lines: false,
        }
    }

    /// Returns a failure whose sentence is followed by the lines that it is about.
    pub fn of_lines(code: Code, message: impl Into<String>) -> Self {
        Self {
            has_lines: true,
            ..Self::new(code, message)
        }
    }

    /// Adds an error and all that lies under it, a line each.
    #[must_use]
    pub fn caused_by(mut self, error: &dyn Error) -> Self {
        let mut next = Some(error);
        while let Some(cause) = next {
            self.causes.push(cause.to_string());
            next = cause.source();
        }
        self
    }

    /// Adds the way out: a sentence that says what to type.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Adds the way out where the causes are those of a machine without certificates, such as an
    /// image with nothing but one program in it.
    #[must_use]
    pub fn hint_at_certificates(self) -> Self {
        let is_cause = |cause: &String| cause.contains("No CA certificates");
        if self.causes.iter().any(is_cause) {
            self.with_code(Code::Failed).hint(
                "`SSL_CERT_FILE` names a file of certificates to trust; into an image from scratch, mount or copy one.",
            )
        } else {
            self
        }
    }

    /// Changes the exit code.
    #[must_use]
    pub fn with_code(mut self, code: Code) -> Self {
        self.code = code;
        self
    }

    /// Returns the sentence and its causes, for where a line is all there is.
    pub fn in_one_line(&self) -> String {
        let causes = self.causes.iter().map(String::as_str);
        let parts: Vec<&str> = std::iter::once(self.message.as_str())
            .chain(causes)
            .collect();
        shown::line(&parts.join(": ")).into_owned()
    }

    /// Returns the exit code.
    pub fn code(&self) -> Code {
        self.code
    }

    /// Returns the sentence.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Tells whether there are lines below the sentence.
    pub fn has_lines(&self) -> bool {
        self.has_lines
    }

    /// Returns the causes, the nearest first.
    pub fn causes(&self) -> &[String] {
        &self.causes
    }

    /// Returns the way out.
    pub fn way_out(&self) -> Option<&str> {
        self.hint.as_deref()
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

/// All that went wrong in one run, at least one thing; the first decides the exit code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failures {
    first: Failure,
    rest: Vec<Failure>,
}

impl Failures {
    /// Returns nothing where nothing went wrong.
    pub fn of(failures: Vec<Failure>) -> Result<(), Self> {
        let mut failures = failures.into_iter();
        match failures.next() {
            None => Ok(()),
            Some(first) => Err(Self {
                first,
                rest: failures.collect(),
            }),
        }
    }

    /// Adds what else went wrong.
    #[must_use]
    pub fn and(mut self, more: impl IntoIterator<Item = Failure>) -> Self {
        self.rest.extend(more);
        self
    }

    /// Returns the exit code of the first.
    pub fn code(&self) -> Code {
        self.first.code
    }

    /// Returns the first, for where there is room for one.
    pub fn into_first(self) -> Failure {
        self.first
    }

    /// Returns them in the order they were found.
    pub fn iter(&self) -> impl Iterator<Item = &Failure> {
        std::iter::once(&self.first).chain(&self.rest)
    }
}

impl IntoIterator for Failures {
    type Item = Failure;
    type IntoIter = std::iter::Chain<std::iter::Once<Failure>, std::vec::IntoIter<Failure>>;

    fn into_iter(self) -> Self::IntoIter {
        std::iter::once(self.first).chain(self.rest)
    }
}

impl From<Failure> for Failures {
    fn from(failure: Failure) -> Self {
        Self {
            first: failure,
            rest: Vec::new(),
        }
    }
}
