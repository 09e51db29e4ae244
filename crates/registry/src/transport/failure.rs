//! Why there was no answer.

use std::error::Error as StdError;
use std::time::Duration;

use super::containment::Refused;
use crate::error::{Error, Kind, Operation, Place};

/// Why there was no answer, or not all of it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// Nobody there, a connection that broke, an answer that is no HTTP.
    #[error("{}", network(.0))]
    Network(#[source] reqwest::Error),
    /// Nothing moved for this long.
    #[error("nothing moved for {} s", .0.as_secs_f32())]
    Stalled(Duration),
    /// It led to a place where we do not go.
    #[error(transparent)]
    Contained(#[from] Refused),
    /// It led from one place to the next.
    #[error("the registry redirects more than {0} times")]
    Redirects(usize),
    /// The bytes to send could not be had.
    #[error(transparent)]
    Source(Error),
}

impl Failure {
    /// Returns what a client's error is, without the URL: it may be signed.
    pub(super) fn of(error: reqwest::Error) -> Self {
        let refused = causes(&error).find_map(|cause| cause.downcast_ref::<Refused>());
        if let Some(refused) = refused {
            return Self::Contained(refused.clone());
        }
        Self::Network(error.without_url())
    }

    /// Tells whether another try may fare better. A certificate that does not hold stays so.
    pub(super) fn is_passing(&self) -> bool {
        match self {
            Self::Network(error) => !error.is_builder() && !self.is_untrusted(),
            Self::Stalled(_) => true,
            Self::Contained(_) | Self::Redirects(_) | Self::Source(_) => false,
        }
    }

    /// Tells whether there was nobody to speak to.
    pub(super) fn is_nobody(&self) -> bool {
        matches!(self, Self::Network(error) if error.is_connect()) && !self.is_untrusted()
    }

    /// Tells whether somebody answered whose certificate does not hold.
    pub(super) fn is_untrusted(&self) -> bool {
        matches!(self, Self::Network(error) if has_bad_certificate(error))
    }

    /// Returns the failure of an operation that this is.
    pub(crate) fn during(self, operation: Operation, place: Place) -> Error {
        let (is_untrusted, is_nobody) = (self.is_untrusted(), self.is_nobody());
        let kind = match &self {
            Self::Network(_) if is_untrusted => Kind::Protocol,
            Self::Network(_) | Self::Stalled(_) => Kind::Unavailable,
            Self::Contained(_) => Kind::Contained,
            Self::Redirects(_) => Kind::Protocol,
            Self::Source(_) => Kind::Source,
        };
        match self {
            Self::Source(error) => error,
            Self::Network(error) => {
                let mut failed = Error::new(operation, place, kind, network(&error));
                if is_untrusted {
                    failed = failed.hinting(TRUST);
                } else if is_nobody {
                    failed = failed.hinting(NOBODY);
                }
                match deepest(&error) {
                    Some(cause) => failed.caused_by(cause),
                    None => failed,
                }
            }
            other => Error::new(operation, place, kind, other.to_string()),
        }
    }
}

/// What to do about a certificate that nobody known has signed.
const TRUST: &str = "name the authority that signed it, or the certificate itself if it signed itself, as PEM, with `--cacert`.";

/// What to do about a host that is not there.
const NOBODY: &str = "look at the name of the registry and at the network, then run this again: what has been copied is not copied twice.";

/// Says in words what a client's error is about.
fn network(error: &reqwest::Error) -> &'static str {
    if has_bad_certificate(error) {
        "its certificate cannot be trusted"
    } else if error.is_timeout() {
        "nobody answered in time"
    } else if error.is_connect() {
        "no connection"
    } else {
        "the connection broke"
    }
}

/// Looks for a bad certificate among the causes.
fn has_bad_certificate(error: &reqwest::Error) -> bool {
    let mut causes = causes(error);
    causes.any(|cause| {
        matches!(
            cause.downcast_ref(),
            Some(rustls::Error::InvalidCertificate(_))
        )
    })
}

/// Returns what the lowest of the causes says: `connection refused`.
fn deepest(error: &reqwest::Error) -> Option<String> {
    causes(error).last().map(ToString::to_string)
}

/// Goes down the causes. An `io::Error` keeps what it wraps from [`StdError::source`].
fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn StdError + 'static)> {
    let mut next = error.source();
    std::iter::from_fn(move || {
        let cause = next?;
        let wrapped = cause
            .downcast_ref::<std::io::Error>()
            .and_then(std::io::Error::get_ref);
        next = match wrapped {
            Some(wrapped) => Some(wrapped as _),
            None => cause.source(),
        };
        Some(cause)
    })
}
