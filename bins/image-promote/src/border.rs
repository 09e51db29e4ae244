//! Where an error of the registry's client, or of AWS, becomes one for a person: each gets its exit
//! code and its hint here, and a new one does not compile before somebody has decided about it.

use std::error::Error as _;

use duat_ecr::EcrError;
use duat_registry::{Error, Kind};
use duat_shell::{Code, Failure};

/// Returns the failure for a person.
pub(crate) fn failure(error: &Error) -> Failure {
    let code = match error.kind() {
        Kind::NotFound | Kind::NoRepository => Code::NotFound,
        Kind::Unauthorized | Kind::Denied | Kind::Credentials => Code::Denied,
        Kind::Immutable => Code::Refused,
        Kind::RateLimited | Kind::Unavailable => Code::TryAgain,
        Kind::Verification => Code::Unverified,
        Kind::Unsupported | Kind::Refused | Kind::Protocol | Kind::Contained | Kind::Source => {
            Code::Failed
        }
    };
    let failure = Failure::new(code, error.to_string());
    let failure = match error.source() {
        Some(source) => failure.caused_by(source),
        None => failure,
    };
    let failure = match error.hint().or_else(|| hint(error.kind())) {
        Some(hint) => failure.hint(hint),
        None => failure,
    };
    failure.hint_at_certificates()
}

fn hint(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::NoRepository => Some("make the repository, or correct the name of the registry."),
        Kind::Unauthorized => Some(
            "`docker login REGISTRY` stores credentials, `--authfile` names a file of them; -v tells where they were looked for.",
        ),
        Kind::Denied => Some("ask for the permission, or log in as somebody who has it."),
        Kind::Immutable => Some("the registry lets nobody move this tag; nothing was changed."),
        Kind::RateLimited | Kind::Unavailable => {
            Some("run this again: what has been copied is not copied twice.")
        }
        Kind::Verification => Some(
            "run this again; if it stays so, the registry is not to be trusted with this image.",
        ),
        Kind::Contained => Some("a host that is meant can be trusted with `--trust-host HOST`."),
        Kind::NotFound
        | Kind::Unsupported
        | Kind::Refused
        | Kind::Protocol
        | Kind::Credentials
        | Kind::Source => None,
    }
}

/// Returns what AWS said, for a person.
pub(crate) fn aws_failure(error: &EcrError) -> Failure {
    let failure = Failure::new(aws_code(error), error.to_string());
    match error.hint() {
        Some(hint) => failure.hint(hint),
        None => failure,
    }
}

fn aws_code(error: &EcrError) -> Code {
    match error {
        EcrError::Credentials { .. } | EcrError::Denied { .. } | EcrError::Refused { .. } => {
            Code::Denied
        }
        EcrError::Region | EcrError::Certificates { .. } => Code::Usage,
        EcrError::Unavailable { .. } => Code::TryAgain,
        EcrError::HalfMade { cause, .. } => aws_code(cause),
        EcrError::Failed { .. } | EcrError::Answer { .. } => Code::Failed,
    }
}
