//! A user name and a password for a registry, good for some hours.

use std::fmt;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use crate::error::{Action, EcrError};

/// What opens a registry.
#[derive(Clone, PartialEq, Eq)]
pub struct Authorization {
    /// The registry AWS names beside it, such as
    /// `https://123456789012.dkr.ecr.eu-west-1.amazonaws.com`; nothing for ECR Public.
    pub endpoint: Option<String>,
    /// The user's name: `AWS`.
    pub user: String,
    /// The password.
    pub password: String,
    /// When it expires, in seconds since 1970; nothing where AWS does not say. An instant in the
    /// past means: use it once.
    pub expires: Option<i64>,
}

impl Authorization {
    /// Reads the token of an answer: base64 of `user:password`.
    pub(crate) fn read(
        token: Option<&str>,
        endpoint: Option<&str>,
        expires: Option<i64>,
    ) -> Result<Self, EcrError> {
        let missing = |what| EcrError::Answer {
            action: Action::GetAuthorizationToken,
            what,
        };
        let token = token.ok_or_else(|| missing("token"))?;
        let text = BASE64_STANDARD
            .decode(token)
            .ok()
            .and_then(|bytes| String::from_utf8(bytes).ok())
            .ok_or_else(|| missing("readable token"))?;
        let (user, password) = text
            .split_once(':')
            .ok_or_else(|| missing("user name in its token"))?;
        Ok(Self {
            endpoint: endpoint.map(str::to_owned),
            user: user.to_owned(),
            password: password.to_owned(),
            expires,
        })
    }

    /// Returns the host of [`Authorization::endpoint`], with its port where it has one.
    pub fn registry(&self) -> Option<&str> {
        let endpoint = self.endpoint.as_deref()?;
        let rest = endpoint
            .split_once("://")
            .map_or(endpoint, |(_, rest)| rest);
        rest.split('/').next().filter(|host| !host.is_empty())
    }
}

/// Without the password.
impl fmt::Debug for Authorization {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Authorization")
            .field("endpoint", &self.endpoint)
            .field("user", &self.user)
            .field("expires", &self.expires)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_a_user_and_a_password() {
        let token = BASE64_STANDARD.encode("AWS:a:b");
        let read = Authorization::read(Some(&token), Some("https://host:5000/x"), None).unwrap();
        assert_eq!((read.user.as_str(), read.password.as_str()), ("AWS", "a:b"));
        assert_eq!(read.registry(), Some("host:5000"));
        assert!(!format!("{read:?}").contains("a:b"));
    }

    #[test]
    fn what_is_no_token_is_refused() {
        for token in [None, Some("%%%"), Some("QVdT")] {
            assert!(matches!(
                Authorization::read(token, None, None),
                Err(EcrError::Answer { .. })
            ));
        }
    }
}
