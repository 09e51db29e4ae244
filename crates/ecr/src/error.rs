//! What can go wrong with AWS, and what was being done.

use std::error::Error;
use std::fmt;

use aws_sdk_ecr::error::{ProvideErrorMetadata, SdkError};
use thiserror::Error;

/// What AWS was asked to do, by the name of its API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Credentials for a registry.
    GetAuthorizationToken,
    /// Whether a repository exists.
    DescribeRepositories,
    /// Whether a first push makes the repository.
    DescribeRepositoryCreationTemplates,
    /// A repository made.
    CreateRepository,
    /// Its lifecycle policy set.
    PutLifecyclePolicy,
    /// The tags of an image.
    DescribeImages,
    /// A tag deleted.
    BatchDeleteImage,
}

impl fmt::Display for Action {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, formatter)
    }
}

/// Why AWS did not do as asked.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum EcrError {
    /// No credentials were found, or they could not be had.
    #[error("no usable AWS credentials: {cause}")]
    Credentials {
        /// The SDK's words.
        cause: String,
    },
    /// Nothing says which region the account's registry is in.
    #[error("no AWS region is set")]
    Region,
    /// The credentials do not allow it.
    #[error("AWS does not allow `{permission}` on `{resource}`")]
    Denied {
        /// The missing permission, such as `ecr:CreateRepository`.
        permission: String,
        /// The resource it is missing for: an ARN, or `*`.
        resource: String,
        /// AWS's words.
        message: String,
    },
    /// The credentials are wrong or have expired.
    #[error("AWS refuses the credentials ({code}): {message}")]
    Refused {
        /// AWS's code.
        code: String,
        /// AWS's words.
        message: String,
    },
    /// Too many requests, or AWS has troubles of its own.
    #[error("AWS cannot answer `{action}` now: {cause}")]
    Unavailable {
        /// What was asked.
        action: Action,
        /// What happened.
        cause: String,
    },
    /// AWS says no for another reason.
    #[error("AWS refuses `{action}` ({code}): {message}")]
    Failed {
        /// What was asked.
        action: Action,
        /// AWS's code.
        code: String,
        /// AWS's words.
        message: String,
    },
    /// An answer without what every answer has.
    #[error("AWS's answer to `{action}` has no {what}")]
    Answer {
        /// What was asked.
        action: Action,
        /// What is missing.
        what: &'static str,
    },
    /// The authority given for private networks cannot be read.
    #[error("the certificates to trust cannot be used: {cause}")]
    Certificates {
        /// Why.
        cause: String,
    },
    /// The repository was made, but not as asked.
    #[error("the repository `{repository}` was made without its lifecycle policy: {cause}")]
    HalfMade {
        /// The repository.
        repository: String,
        /// Why the policy could not be set.
        cause: Box<EcrError>,
    },
}

/// Codes of credentials that are wrong or too old.
const REFUSED: [&str; 8] = [
    "ExpiredToken",
    "ExpiredTokenException",
    "InvalidClientTokenId",
    "InvalidSignatureException",
    "MissingAuthenticationToken",
    "SignatureDoesNotMatch",
    "UnrecognizedClientException",
    "IncompleteSignature",
];

/// Codes that pass with time.
const UNAVAILABLE: [&str; 6] = [
    "InternalFailure",
    "RequestLimitExceeded",
    "ServerException",
    "ServiceUnavailable",
    "Throttling",
    "ThrottlingException",
];

impl EcrError {
    /// Returns what to type or change, where that is known.
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::Credentials { .. } => {
                "set AWS_PROFILE or the AWS_… variables, or run `aws sso login`.".to_owned()
            }
            Self::Region => "set AWS_REGION, or name the registry.".to_owned(),
            Self::Denied {
                permission,
                resource,
                ..
            } => format!("allow `{permission}` on `{resource}` in an IAM policy of this principal."),
            Self::Refused { .. } => {
                "the credentials are wrong or have expired: renew them, with `aws sso login` for instance."
                    .to_owned()
            }
            Self::Unavailable { .. } => "run this again; nothing is done twice.".to_owned(),
            Self::HalfMade { repository, .. } => format!(
                "set it with `aws ecr put-lifecycle-policy --repository-name {repository}`; it is not set again by itself."
            ),
            Self::Failed { .. } | Self::Answer { .. } | Self::Certificates { .. } => return None,
        };
        Some(hint)
    }

    /// Returns the error for what AWS refuses within an answer.
    pub(crate) fn refused(action: Action, code: &str, message: &str) -> Self {
        Self::Failed {
            action,
            code: clean(code),
            message: clean(message),
        }
    }

    /// Returns what an error of the SDK means.
    pub(crate) fn of<E, R>(action: Action, error: &SdkError<E, R>) -> Self
    where
        E: ProvideErrorMetadata + Error + 'static,
        R: fmt::Debug + 'static,
    {
        let code = error.code().unwrap_or_default();
        let message = clean(error.message().unwrap_or_default());
        match error {
            SdkError::ServiceError(_) if code.starts_with("AccessDenied") => {
                denied(action, message)
            }
            SdkError::ServiceError(_) if REFUSED.contains(&code) => Self::Refused {
                code: code.to_owned(),
                message,
            },
            SdkError::ServiceError(_) if !UNAVAILABLE.contains(&code) => Self::Failed {
                action,
                code: clean(code),
                message,
            },
            SdkError::ServiceError(_) => Self::Unavailable {
                action,
                cause: format!("{code}: {message}"),
            },
            other => {
                let cause = chain(other);
                if is_about_credentials(&cause) {
                    Self::Credentials { cause }
                } else {
                    Self::Unavailable { action, cause }
                }
            }
        }
    }
}

/// Reads the permission and the resource out of
/// `User: … is not authorized to perform: ecr:X on resource: arn:… because …`.
fn denied(action: Action, message: String) -> EcrError {
    let word_after = |mark: &str| {
        let (_, rest) = message.split_once(mark)?;
        rest.split_whitespace().next().map(str::to_owned)
    };
    EcrError::Denied {
        permission: word_after("to perform: ").unwrap_or_else(|| format!("ecr:{action}")),
        resource: word_after("on resource: ").unwrap_or_else(|| "*".to_owned()),
        message,
    }
}

/// Tells whether the SDK failed before it asked, for want of credentials.
fn is_about_credentials(cause: &str) -> bool {
    let cause = cause.to_ascii_lowercase();
    ["credential", "identity", "token provider", "sso"]
        .iter()
        .any(|word| cause.contains(word))
}

/// Returns an error and its causes in one line.
fn chain(error: &(dyn Error + 'static)) -> String {
    let mut texts: Vec<String> = Vec::new();
    let mut next = Some(error);
    while let Some(error) = next {
        let text = clean(&error.to_string());
        if !texts.iter().any(|known| known.contains(&text)) {
            texts.push(text);
        }
        next = error.source();
    }
    texts.join(": ")
}

/// Returns a text of one line and of no excessive length, whatever a server sent.
fn clean(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let printable = line.chars().filter(|character| !character.is_control());
    printable.take(1000).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_missing_permission_is_named() {
        let message = "User: arn:aws:iam::1:user/ci is not authorized to perform: \
                       ecr:CreateRepository on resource: arn:aws:ecr:eu-west-1:1:repository/a/b \
                       because no identity-based policy allows it";
        let EcrError::Denied {
            permission,
            resource,
            ..
        } = denied(Action::CreateRepository, message.to_owned())
        else {
            panic!("not denied");
        };
        assert_eq!(permission, "ecr:CreateRepository");
        assert_eq!(resource, "arn:aws:ecr:eu-west-1:1:repository/a/b");
    }

    #[test]
    fn a_refusal_without_details_names_what_was_asked() {
        let error = denied(Action::GetAuthorizationToken, String::new());
        assert_eq!(
            error.to_string(),
            "AWS does not allow `ecr:GetAuthorizationToken` on `*`"
        );
    }

    #[test]
    fn what_a_server_says_stays_one_line() {
        assert_eq!(clean("a\n\u{1b}[31mb\tc"), "a [31mb c");
        assert_eq!(clean(&"x".repeat(5000)).len(), 1000);
    }
}
