//! What went wrong at a registry: what was being done, where, and what the registry said.

mod answer;

use std::error::Error as StdError;
use std::fmt;

pub(crate) use answer::{LONGEST_REFUSAL, Refusal};

use crate::reference::{Registry, Repository};

/// How much of somebody else's text is shown.
const LONGEST_TEXT: usize = 400;

/// What was being done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Operation {
    /// Asking whether anybody is there.
    Ping,
    /// Asking for a manifest's digest.
    FindManifest,
    /// Fetching a manifest.
    ReadManifest,
    /// Putting a manifest, by digest or under a tag.
    WriteManifest,
    /// Deleting a manifest or a tag.
    DeleteManifest,
    /// Asking whether a blob is there.
    FindBlob,
    /// Fetching a blob.
    ReadBlob,
    /// Putting a blob, by mount or by upload.
    WriteBlob,
    /// Giving an upload up.
    CancelUpload,
    /// Listing tags.
    ListTags,
    /// Listing who refers to a manifest.
    ListReferrers,
    /// Getting in.
    Authenticate,
}

/// What a caller may want to tell apart: exit codes and hints hang on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// No such tag, manifest or blob.
    NotFound,
    /// The registry says that the repository itself is missing.
    NoRepository,
    /// Nobody, or somebody unknown: credentials are missing, wrong or expired.
    Unauthorized,
    /// Known, and not allowed.
    Denied,
    /// The tag is there and must not be moved.
    Immutable,
    /// Too many requests, past what was worth waiting for.
    RateLimited,
    /// Nobody answered, the connection broke, or the server failed, past what was worth retrying.
    Unavailable,
    /// Content is not what its digest or size says.
    Verification,
    /// The registry does not do that.
    Unsupported,
    /// The registry refused the request as it is.
    Refused,
    /// The registry answered what no registry should.
    Protocol,
    /// The registry pointed at a place where we do not go: a private address, or plain HTTP.
    Contained,
    /// The credentials could not be had: a file, a helper.
    Credentials,
    /// The content to send could not be read.
    Source,
}

/// Where it went wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A registry as a whole.
    Registry(Registry),
    /// A repository.
    Repository(Repository),
    /// A manifest or blob of a repository: the tag or the digest.
    Content(Repository, String),
    /// A place that is no registry: a layout, an archive.
    Other(String),
}

/// A failure at a registry.
///
/// It prints as one line: what failed, on what, and why. Its source, if any, is the cause below.
#[derive(Debug)]
pub struct Error(Box<Inner>);

#[derive(Debug)]
struct Inner {
    operation: Operation,
    place: Place,
    kind: Kind,
    reason: String,
    status: Option<u16>,
    code: Option<String>,
    message: Option<String>,
    hint: Option<String>,
    may_pass: bool,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl Error {
    /// Returns a failure of this kind; `reason` is one line, lower case, without a full stop.
    pub fn new(operation: Operation, place: Place, kind: Kind, reason: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            operation,
            place,
            kind,
            reason: reason.into(),
            status: None,
            code: None,
            message: None,
            hint: None,
            may_pass: false,
            source: None,
        }))
    }

    /// Returns a failure because the registry refused.
    pub(crate) fn refused(operation: Operation, place: Place, refusal: Refusal) -> Self {
        let mut error = Self::new(operation, place, refusal.kind(), refusal.line());
        error.0.status = Some(refusal.status);
        error.0.code = refusal.code;
        error.0.message = refusal.message;
        error
    }

    /// Returns the same failure, made of another kind: where more is known than the answer says.
    #[must_use]
    pub(crate) fn of_kind(mut self, kind: Kind) -> Self {
        self.0.kind = kind;
        self
    }

    /// Returns the same failure, of a request that cannot be sent again as it is, though it would
    /// fare better now: there is something new to show.
    #[must_use]
    pub(crate) fn passing(mut self) -> Self {
        self.0.may_pass = true;
        self
    }

    /// Tells whether the same is worth doing again from the start.
    pub(crate) fn may_pass(&self) -> bool {
        self.0.may_pass || self.0.kind == Kind::Unavailable
    }

    /// Returns the same failure with what to type.
    #[must_use]
    pub fn hinting(mut self, hint: impl Into<String>) -> Self {
        self.0.hint = Some(hint.into());
        self
    }

    /// Returns what to type, where whoever failed knew.
    pub fn hint(&self) -> Option<&str> {
        self.0.hint.as_deref()
    }

    /// Returns the same failure with what caused it.
    #[must_use]
    pub fn caused_by(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// Returns what was being done.
    pub fn operation(&self) -> Operation {
        self.0.operation
    }

    /// Returns where.
    pub fn place(&self) -> &Place {
        &self.0.place
    }

    /// Returns what to make of it.
    pub fn kind(&self) -> Kind {
        self.0.kind
    }

    /// Returns the HTTP status, where there was an answer.
    pub fn status(&self) -> Option<u16> {
        self.0.status
    }

    /// Returns the registry's own code, `MANIFEST_UNKNOWN` or so, where it gave one.
    pub fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// Returns what the registry had to say: bounded, and without control characters.
    pub fn message(&self) -> Option<&str> {
        self.0.message.as_deref()
    }
}

impl Operation {
    /// Says what was to be done, as it stands behind `failed to`.
    fn words(self) -> &'static str {
        match self {
            Self::Ping => "reach",
            Self::FindManifest => "look up",
            Self::ReadManifest => "read manifest",
            Self::WriteManifest => "write manifest",
            Self::DeleteManifest => "delete",
            Self::FindBlob => "look up blob",
            Self::ReadBlob => "read blob",
            Self::WriteBlob => "write blob",
            Self::CancelUpload => "give up an upload to",
            Self::ListTags => "list the tags of",
            Self::ListReferrers => "list who refers to",
            Self::Authenticate => "get access to",
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Registry(registry) => write!(f, "`{registry}`"),
            Self::Repository(repository) => write!(f, "`{repository}`"),
            Self::Content(repository, handle) => {
                let separator = if handle.contains(':') { '@' } else { ':' };
                write!(f, "`{repository}{separator}{handle}`")
            }
            Self::Other(place) => f.write_str(place),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner {
            operation,
            place,
            reason,
            ..
        } = &*self.0;
        write!(f, "failed to {} {place}: {reason}", operation.words())
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}

/// Returns somebody else's text fit to be shown: bounded, control characters escaped.
pub(crate) fn printable(text: &str) -> String {
    let mut shown = String::new();
    for (count, letter) in text.chars().enumerate() {
        if count == LONGEST_TEXT {
            shown.push('…');
            break;
        }
        // the marks that turn the direction of what follows are no control characters, and as bad
        if letter.is_control()
            || matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        {
            shown.extend(letter.escape_default());
        } else {
            shown.push(letter);
        }
    }
    shown
}

#[cfg(test)]
mod tests;
