//! Who we are to a registry, and who knows it.

mod authfile;
mod program;

use std::error::Error as StdError;
use std::fmt;

use base64::Engine as _;
use futures_util::future::BoxFuture;
use http::HeaderValue;

pub use authfile::AuthFiles;

use crate::reference::{Registry, Repository};

/// A text that is never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Keeps this text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Gives it away: to a request, and to nothing else.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// What a registry is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Credential {
    /// A name and a password.
    Basic {
        /// The name.
        username: String,
        /// The password, or a token in its place.
        password: Secret,
        /// Show it with the first request, without being asked: right for registries of which it is
        /// known that they take it so (ECR), wrong for others.
        at_once: bool,
    },
    /// A refresh token, which a token server exchanges for access (`identitytoken`).
    Identity(Secret),
    /// A bearer token, shown as it is (`registrytoken`).
    Bearer(Secret),
}

/// What is asked of a keychain.
#[derive(Clone, Copy, Debug)]
pub struct Ask<'a> {
    /// For which registry, and which repository in it. A ping asks for none in particular.
    pub registry: &'a Registry,
    /// The repository, where there is one.
    pub repository: Option<&'a Repository>,
    /// What was given before has been refused or has expired: look again.
    pub again: bool,
}

/// What a keychain found, and where: `-v` says it.
#[derive(Clone, Debug)]
pub struct Found {
    /// What to show.
    pub credential: Credential,
    /// Where it came from, in words: the file, the helper, the profile.
    pub origin: String,
}

/// Why a keychain that should have known does not.
#[derive(Debug, thiserror::Error)]
#[error("{reason}")]
pub struct KeychainError {
    /// One line, lower case, without secrets.
    pub reason: String,
    /// What to type, where that is known.
    pub hint: Option<String>,
    /// What is below it.
    #[source]
    pub source: Option<Box<dyn StdError + Send + Sync>>,
}

impl Credential {
    /// Returns the `Authorization` that shows it, where it is shown as it is.
    pub(crate) fn authorization(&self) -> Option<HeaderValue> {
        let text = match self {
            Self::Basic {
                username, password, ..
            } => {
                let both = format!("{username}:{}", password.reveal());
                let both = base64::engine::general_purpose::STANDARD.encode(both);
                format!("Basic {both}")
            }
            Self::Bearer(token) => format!("Bearer {}", token.reveal()),
            Self::Identity(_) => return None,
        };
        HeaderValue::from_str(&text).ok()
    }
}

/// Who knows credentials.
pub trait Keychain: Send + Sync {
    /// Returns what is known for this registry; `None` leaves it to the next, or to nobody.
    fn find<'a>(&'a self, ask: Ask<'a>) -> BoxFuture<'a, Result<Option<Found>, KeychainError>>;
}

/// Knows nothing: anonymous everywhere.
#[derive(Clone, Copy, Debug, Default)]
pub struct Anonymous;

impl Keychain for Anonymous {
    fn find<'a>(&'a self, _: Ask<'a>) -> BoxFuture<'a, Result<Option<Found>, KeychainError>> {
        Box::pin(async { Ok(None) })
    }
}

/// Asks one keychain after another: the first that knows is heard.
#[derive(Default)]
pub struct Chain(Vec<Box<dyn Keychain>>);

impl Chain {
    /// Asks these, in this order.
    pub fn new(keychains: Vec<Box<dyn Keychain>>) -> Self {
        Self(keychains)
    }
}

impl Keychain for Chain {
    fn find<'a>(&'a self, ask: Ask<'a>) -> BoxFuture<'a, Result<Option<Found>, KeychainError>> {
        Box::pin(async move {
            for keychain in &self.0 {
                if let Some(found) = keychain.find(ask).await? {
                    return Ok(Some(found));
                }
            }
            Ok(None)
        })
    }
}

/// Knows one credential for one registry, whatever the repository.
#[derive(Clone, Debug)]
pub struct Fixed {
    registry: Registry,
    found: Found,
}

impl Fixed {
    /// Shows this credential to this registry; `origin` says where it came from.
    pub fn new(registry: Registry, credential: Credential, origin: impl Into<String>) -> Self {
        let origin = origin.into();
        Self {
            registry,
            found: Found { credential, origin },
        }
    }
}

impl Keychain for Fixed {
    fn find<'a>(&'a self, ask: Ask<'a>) -> BoxFuture<'a, Result<Option<Found>, KeychainError>> {
        let found = (*ask.registry == self.registry).then(|| self.found.clone());
        Box::pin(async { Ok(found) })
    }
}

#[cfg(test)]
mod tests;
