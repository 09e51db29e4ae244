//! Where an error of the library becomes one for a person: each gets its exit code and its hint
//! here, and a new one does not compile before somebody has decided about it.

use std::path::Path;

use duat::config::{self, ConfigError, Problem};
use duat::document::{DocumentError, Format};
use duat::file::FileError;
use duat::git::{GitError, Need};
use duat::name::ImageNameError;
use duat::prerelease::PrereleaseError;
use duat::stamp::StampError;
use duat::version::Overflow;

use crate::exit::Code;
use crate::failure::{Failure, Failures};
use crate::place::Place;

impl Failure {
    /// Returns the failure of a text that should carry a version.
    pub fn in_document(path: &Path, error: &DocumentError) -> Self {
        let message = match error.position() {
            Some(position) => format!("{}: {error}", Place(path, position)),
            None => format!("{}: {error}", path.display()),
        };
        match error {
            DocumentError::NoMarker { .. } => {
                Self::new(Code::NotFound, message).hint(first_marker(path))
            }
            DocumentError::Dynamic { .. } => {
                Self::new(Code::NotFound, message).hint("name the file that its build tool reads the version from.")
            }
            DocumentError::Empty { .. } => {
                Self::new(Code::NotFound, message).hint("`semver set VERSION` fills it.")
            }
            DocumentError::Disagree { .. } => Self::new(Code::Failed, message)
                .hint("correct the wrong one by hand; `semver check` lists them all."),
            DocumentError::Unclosed { .. } => Self::new(Code::Failed, message)
                .hint("close it with `</repo-version>`, or put it in backticks where it is only mentioned."),
            DocumentError::Unreadable { .. } => Self::new(Code::Refused, message)
                .hint("beside `x-release-please-version` only the pre-releases of `semver pre` and `semver rc`, and the usual words such as alpha and beta, can be told from a suffix."),
            DocumentError::Requirement { .. } => Self::new(Code::Refused, message).hint("write the requirement out in full, as X.Y.Z."),
            DocumentError::Property { .. } => Self::new(Code::Failed, message).hint("name the file that defines it."),
            DocumentError::Encoding { .. }
            | DocumentError::NotUtf8 { .. }
            | DocumentError::Syntax { .. }
            | DocumentError::NotAVersion { .. }
            | DocumentError::Split { .. }
            | DocumentError::NotPlain { .. }
            | DocumentError::NotText { .. }
            | DocumentError::Duplicate { .. } => Self::new(Code::Failed, message),
        }
    }

    /// Returns the failure of a configuration file.
    pub fn in_config(path: &Path, error: &ConfigError) -> Self {
        let failure = Self::new(
            Code::Failed,
            format!("{}: {error}", Place(path, error.position)),
        );
        match &error.problem {
            Problem::UnknownKey {
                suggestion: Some(suggestion),
                ..
            } => failure.hint(format!("did you mean `{suggestion}`?")),
            Problem::Escape { .. } => failure.hint(format!(
                "paths in {} are relative to it and stay below it; others can be given on the command line.",
                config::FILE
            )),
            Problem::Syntax(_) | Problem::UnknownKey { .. } | Problem::Type { .. } => failure,
        }
    }

    /// Returns a failure that says all an error says, its sources as causes.
    fn of(code: Code, error: &dyn std::error::Error) -> Self {
        let failure = Self::new(code, error.to_string());
        match error.source() {
            Some(source) => failure.caused_by(source),
            None => failure,
        }
    }
}

/// Says how a file that has no marker gets its first.
fn first_marker(path: &Path) -> &'static str {
    match Format::of(path) {
        Format::Markdown | Format::AsciiDoc => {
            "`semver init` writes a first one; `--file` names another file."
        }
        _ => "write the version where this kind of file has it; `--file` names another file.",
    }
}

impl From<FileError> for Failure {
    fn from(error: FileError) -> Self {
        match &error {
            FileError::NotFound { .. } => Self::of(Code::NotFound, &error),
            FileError::Exists { .. } | FileError::SameFile { .. } => {
                Self::of(Code::Refused, &error)
            }
            FileError::Permission {
                action: "open" | "read" | "look for" | "find",
                ..
            } => Self::of(Code::Denied, &error).hint("make it readable and run this again."),
            FileError::Permission { .. } => Self::of(Code::Denied, &error)
                .hint("nothing was changed; make it writable and run this again."),
            FileError::Changed { .. } => Self::of(Code::Refused, &error)
                .hint("nothing was changed; look at it and run this again."),
            FileError::NoSpace { .. } => Self::of(Code::Failed, &error)
                .hint("nothing was changed; make room and run this again."),
            FileError::InTheWay { .. } => Self::of(Code::Refused, &error)
                .hint("look at it, then remove it; nothing was changed."),
            FileError::HalfDone { .. } => Self::of(Code::Failed, &error)
                .hint("run this again once the cause is mended: it completes the rest."),
            FileError::NotRegular { .. }
            | FileError::TooLarge { .. }
            | FileError::NotLocked { .. }
            | FileError::Io { .. } => Self::of(Code::Failed, &error),
        }
    }
}

impl From<GitError> for Failure {
    fn from(error: GitError) -> Self {
        match &error {
            GitError::NotARepository { .. } => {
                Self::of(Code::NotFound, &error).hint("run this in a repository, or name one with `--git`.")
            }
            GitError::NotAGitDirectory { .. } => {
                Self::of(Code::NotFound, &error).hint("name the repository with `--git`, or unset `GIT_DIR`.")
            }
            GitError::NoBranch { .. } => {
                Self::of(Code::NotFound, &error).hint("name the branch with `--branch`: neither `HEAD` nor a CI service tells it.")
            }
            GitError::Shallow { .. } => Self::of(Code::NotFound, &error).hint(
                "`git fetch --unshallow --tags` fetches the rest; in GitHub Actions set `fetch-depth: 0` on the checkout.",
            ),
            GitError::MissingObject { .. } => Self::of(Code::Failed, &error)
                .hint("`git fsck` tells what is wrong; in a partial clone, `git fetch --refetch` fetches the rest."),
            GitError::ProgramMissing { need, .. } => Self::of(Code::Failed, &error).hint(install(*need)),
            GitError::ProgramFailed { need, detail, .. } => {
                if detail.contains("dubious ownership") {
                    Self::of(Code::Denied, &error)
                        .hint("the repository is somebody else's: `git config --global --add safe.directory DIR` trusts it.")
                } else {
                    Self::of(Code::Failed, &error).hint(install(*need))
                }
            }
            GitError::UnsupportedFormat { .. } => {
                Self::of(Code::Failed, &error).hint("a newer version of this tool may know it.")
            }
            GitError::Unreadable { source, .. } if source.kind() == std::io::ErrorKind::PermissionDenied => {
                Self::of(Code::Denied, &error)
            }
            GitError::Unreadable { .. }
            | GitError::Malformed { .. }
            | GitError::Database { .. }
            | GitError::MalformedObject { .. } => Self::of(Code::Failed, &error),
        }
    }
}

fn install(need: Need) -> &'static str {
    match need {
        Need::Reftable => {
            "install git 2.45 or newer, or migrate: `git refs migrate --ref-format=files`."
        }
        Need::Sha256 => "install git 2.29 or newer.",
        Need::Path => "install git, or move the repository to a path that is UTF-8.",
    }
}

impl From<Overflow> for Failure {
    fn from(error: Overflow) -> Self {
        Self::of(Code::Failed, &error)
    }
}

impl From<PrereleaseError> for Failure {
    fn from(error: PrereleaseError) -> Self {
        match &error {
            PrereleaseError::TooLong { needed, .. } => {
                Self::of(Code::Usage, &error).hint(format!("allow more: `--max-length {needed}`."))
            }
            PrereleaseError::Slug(_) => {
                Self::of(Code::Usage, &error).hint("name the branch with `--branch`.")
            }
            PrereleaseError::Stamp(_) | PrereleaseError::Version(_) => {
                Self::of(Code::Failed, &error)
            }
        }
    }
}

impl From<StampError> for Failure {
    fn from(error: StampError) -> Self {
        Self::of(Code::Failed, &error)
    }
}

impl From<ImageNameError> for Failure {
    fn from(error: ImageNameError) -> Self {
        Self::of(Code::Failed, &error)
    }
}

/// What `?` does in a function that may report several problems.
macro_rules! alone {
    ($($error:ty),+) => {$(
        impl From<$error> for Failures {
            fn from(error: $error) -> Self {
                Failure::from(error).into()
            }
        }
    )+};
}

alone!(
    FileError,
    GitError,
    ImageNameError,
    Overflow,
    PrereleaseError,
    StampError
);
