//! A repository of a registry, and the tags in it.

use std::fmt;
use std::str::FromStr;

use super::{ReferenceError, Registry};

/// What registries take of registry and repository together.
const LONGEST_NAME: usize = 255;

/// A repository: a registry and a path in it, checked against the grammar.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Repository {
    registry: Registry,
    path: String,
}

/// A tag, checked against the grammar.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tag(String);

impl Repository {
    /// Returns the repository at this path of the registry; nothing is added to it.
    ///
    /// # Errors
    /// The path breaks the grammar, or is too long.
    pub fn new(registry: Registry, path: &str) -> Result<Self, ReferenceError> {
        if path.is_empty() {
            return Err(ReferenceError::Empty);
        }
        if !is_path(path) {
            return Err(ReferenceError::Repository(path.chars().take(300).collect()));
        }
        let repository = Self {
            registry,
            path: path.to_owned(),
        };
        if repository.to_string().len() > LONGEST_NAME {
            return Err(ReferenceError::Long(path.chars().take(40).collect()));
        }
        Ok(repository)
    }

    /// Returns the registry it is in.
    pub fn registry(&self) -> &Registry {
        &self.registry
    }

    /// Returns its path in the registry, as it stands in a URL and in a token's scope.
    pub fn path(&self) -> &str {
        &self.path
    }
}

impl FromStr for Repository {
    type Err = ReferenceError;

    /// Reads `registry/path`; a first part that is no host is part of the path, in `docker.io`.
    fn from_str(text: &str) -> Result<Self, ReferenceError> {
        if text.is_empty() {
            return Err(ReferenceError::Empty);
        }
        if text.contains("://") {
            return Err(ReferenceError::Scheme(text.chars().take(300).collect()));
        }
        let (registry, path) = match text.split_once('/') {
            Some((first, rest)) if is_registry(first) => (first.parse()?, rest),
            _ => (Registry::docker_hub(), text),
        };
        if registry.is_docker_hub() && !path.contains('/') {
            // a host alone: `localhost:5000` has no repository
            return Self::new(registry, &format!("library/{path}"));
        }
        Self::new(registry, path)
    }
}

impl fmt::Display for Repository {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.registry, self.path)
    }
}

/// Tells whether the first part of a name is a host, as Docker tells: by a dot, a port, brackets,
/// or because it is `localhost`. Docker takes capitals for a sign, too: but hosts are printed in
/// lower case, where the sign is gone and the name would be one of Docker Hub.
pub(super) fn is_registry(first: &str) -> bool {
    first.eq_ignore_ascii_case("localhost") || first.contains(['.', ':', '['])
}

/// Tells whether a path is `part(/part)*`, each part `word(separator word)*`, where a word is made
/// of `[a-z0-9]` and a separator is `.`, `_`, `__` or any number of `-`.
fn is_path(path: &str) -> bool {
    path.split('/').all(is_part)
}

fn is_part(part: &str) -> bool {
    let is_word = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let bytes = part.as_bytes();
    let ends_in_words = bytes.first().is_some_and(|byte| is_word(*byte))
        && bytes.last().is_some_and(|byte| is_word(*byte));
    ends_in_words
        && bytes
            .split(|byte| is_word(*byte))
            .all(|between| match between {
                [] | [b'.' | b'_'] | [b'_', b'_'] => true,
                dashes => dashes.iter().all(|byte| *byte == b'-'),
            })
}

impl Tag {
    /// Returns `latest`.
    pub fn latest() -> Self {
        Self("latest".to_owned())
    }

    /// Returns the tag as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Tag {
    type Err = ReferenceError;

    fn from_str(text: &str) -> Result<Self, ReferenceError> {
        let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        let bytes = text.as_bytes();
        let fits = bytes.len() <= 128
            && bytes.first().is_some_and(|byte| is_letter(*byte))
            && bytes
                .iter()
                .all(|byte| is_letter(*byte) || matches!(byte, b'.' | b'-'));
        if fits {
            Ok(Self(text.to_owned()))
        } else {
            Err(ReferenceError::Tag(text.chars().take(200).collect()))
        }
    }
}

impl AsRef<str> for Tag {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
