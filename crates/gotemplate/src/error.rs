//! What can go wrong, with its place.

use std::fmt;
use std::ops::Range;

/// What kind of failure an [`Error`] is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The text is not a template.
    Parse,
    /// Evaluation failed.
    Exec,
    /// A `<no value>` would have been printed ([`crate::NoValue::Collect`]).
    Missing,
    /// A function draws on something this run does not offer (clock, randomness, environment, network).
    Refused,
    /// One of [`crate::Limits`] was reached.
    Limit,
}

/// A failure with its place in the template source.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Error {
    /// What kind of failure.
    pub kind: ErrorKind,
    /// The name the source was parsed under: the file, so to say.
    pub name: String,
    /// The template being executed: `name`, or one defined inside of it.
    pub template: String,
    /// Line, from 1; 0 when there is no place.
    pub line: usize,
    /// Column in bytes, from 1. Go tells none for parse errors; ours is then that of the last token read.
    pub column: usize,
    /// Bytes of the source the failure is about.
    pub span: Range<usize>,
    /// The template text of the node, as Go prints it.
    pub context: String,
    /// What happened.
    pub message: String,
    /// Through which calls (`template`, `block`, `include`, `tpl`) this place was reached, outermost first.
    pub chain: Vec<Frame>,
    /// The failure inside of an `include` or `tpl` that this one reports.
    pub cause: Option<Box<Error>>,
    /// The column Go would print.
    pub(crate) go_column: usize,
}

/// One call on the way to a failure.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Frame {
    /// The template called.
    pub template: String,
    /// The source the call stands in.
    pub name: String,
    /// Line of the call, from 1.
    pub line: usize,
    /// Column of the call in bytes, from 1.
    pub column: usize,
}

impl Error {
    /// The error as Go words it, on one line: `template: NAME:LINE:COL: executing "T" at <...>: ...`.
    #[must_use]
    pub fn go(&self) -> GoError<'_> {
        GoError(self)
    }

    /// The innermost failure: what an `include` of an `include` really died of.
    #[must_use]
    pub fn root(&self) -> &Self {
        let mut error = self;
        while let Some(cause) = &error.cause {
            error = cause;
        }
        error
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line == 0 {
            return write!(f, "{}: {}", self.name, self.message);
        }
        write!(
            f,
            "{}:{}:{}: {}",
            self.name, self.line, self.column, self.message
        )
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.cause.as_deref().map(|cause| cause as _)
    }
}

/// Displays an [`Error`] in Go's own words. See [`Error::go`].
#[derive(Clone, Copy, Debug)]
pub struct GoError<'a>(&'a Error);

impl fmt::Display for GoError<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let error = self.0;
        match error.kind {
            ErrorKind::Parse => write!(
                f,
                "template: {}:{}: {}",
                error.name, error.line, error.message
            ),
            _ if error.line == 0 => write!(f, "template: {}: {}", error.name, error.message),
            _ => write!(
                f,
                "template: {}:{}:{}: executing {} at <{}>: {}",
                error.name,
                error.line,
                error.go_column,
                crate::quote::quote(error.template.as_bytes()),
                error.context,
                error.message
            ),
        }
    }
}

/// Why a function failed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    pub(crate) kind: ErrorKind,
    pub(crate) message: String,
    pub(crate) cause: Option<Box<Error>>,
}

impl Fault {
    /// A failure with its message.
    #[must_use]
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            kind: ErrorKind::Exec,
            message: message.into(),
            cause: None,
        }
    }

    pub(crate) fn limit(message: impl Into<String>) -> Self {
        Self {
            kind: ErrorKind::Limit,
            message: message.into(),
            cause: None,
        }
    }

    pub(crate) fn refused(message: impl Into<String>) -> Self {
        Self {
            kind: ErrorKind::Refused,
            message: message.into(),
            cause: None,
        }
    }

    /// The message.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl From<String> for Fault {
    fn from(message: String) -> Self {
        Self::new(message)
    }
}

impl From<&str> for Fault {
    fn from(message: &str) -> Self {
        Self::new(message)
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        // A text that does not parse is, to the template that rendered it, a function that failed.
        let kind = if error.kind == ErrorKind::Parse {
            ErrorKind::Exec
        } else {
            error.kind
        };
        Self {
            kind,
            message: error.go().to_string(),
            cause: Some(Box::new(error)),
        }
    }
}
