//! Names of images: a registry, a repository in it, and a tag or a digest.
//!
//! The grammar is the one of the OCI distribution specification, with what Docker made customary: no
//! registry means `docker.io`, no slash there means `library/`.

mod registry;
mod repository;

use std::fmt;
use std::str::FromStr;

pub use registry::Registry;
pub use repository::{Repository, Tag};

use crate::digest::{Digest, DigestError};

/// Why a text names nothing that a registry could hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReferenceError {
    /// Nothing at all.
    #[error("an empty name")]
    Empty,
    /// A scheme, as a browser would want it.
    #[error("`{0}` starts with a scheme: a name has none")]
    Scheme(String),
    /// The registry is no host with an optional port.
    #[error("`{0}` is no registry: a host, and a port after `:` if need be")]
    Registry(String),
    /// The repository breaks the grammar.
    #[error(
        "`{0}` is no repository: lower-case letters and digits, separated by `.`, `_`, `-` and `/`"
    )]
    Repository(String),
    /// The tag breaks the grammar.
    #[error(
        "`{0}` is no tag: at most 128 letters, digits, `_`, `.`, `-`, and neither `.` nor `-` first"
    )]
    Tag(String),
    /// The part behind `@` is no digest.
    #[error(transparent)]
    Digest(#[from] DigestError),
    /// More than 255 characters before the tag.
    #[error("`{0}`… is too long: 255 characters is all that registries take")]
    Long(String),
    /// Neither tag nor digest where one is needed.
    #[error("`{0}` has neither tag nor digest")]
    Bare(String),
}

/// What the specification calls `<reference>`: one manifest of a repository, by tag or by digest.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Handle {
    /// What the tag points at, now.
    Tag(Tag),
    /// The manifest with this digest, always.
    Digest(Digest),
}

/// The name of an image: `registry/repository:tag@digest`, with tag, digest, or both.
///
/// With both, the digest says what is meant and the tag is for people.
///
/// ```
/// use duat_registry::reference::Reference;
///
/// let image: Reference = "alpine:3.20".parse()?;
/// assert_eq!(image.to_string(), "docker.io/library/alpine:3.20");
/// # Ok::<(), duat_registry::reference::ReferenceError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reference {
    repository: Repository,
    tag: Option<Tag>,
    digest: Option<Digest>,
}

impl Handle {
    /// Returns the digest, where it is one.
    pub fn digest(&self) -> Option<&Digest> {
        match self {
            Self::Tag(_) => None,
            Self::Digest(digest) => Some(digest),
        }
    }
}

impl From<Tag> for Handle {
    fn from(tag: Tag) -> Self {
        Self::Tag(tag)
    }
}

impl From<Digest> for Handle {
    fn from(digest: Digest) -> Self {
        Self::Digest(digest)
    }
}

impl From<&Digest> for Handle {
    fn from(digest: &Digest) -> Self {
        Self::Digest(digest.clone())
    }
}

/// As it stands in a URL: the tag or the digest.
impl fmt::Display for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tag(tag) => fmt::Display::fmt(tag, f),
            Self::Digest(digest) => fmt::Display::fmt(digest, f),
        }
    }
}

impl FromStr for Handle {
    type Err = ReferenceError;

    fn from_str(text: &str) -> Result<Self, ReferenceError> {
        if text.contains(':') {
            Ok(Self::Digest(text.parse()?))
        } else {
            Ok(Self::Tag(text.parse()?))
        }
    }
}

impl Reference {
    /// Returns the name of what this handle points at in this repository.
    pub fn new(repository: Repository, handle: Handle) -> Self {
        let (tag, digest) = match handle {
            Handle::Tag(tag) => (Some(tag), None),
            Handle::Digest(digest) => (None, Some(digest)),
        };
        Self {
            repository,
            tag,
            digest,
        }
    }

    /// Returns the same name, pinned to this digest.
    #[must_use]
    pub fn pinned(mut self, digest: Digest) -> Self {
        self.digest = Some(digest);
        self
    }

    /// Returns where the image is.
    pub fn repository(&self) -> &Repository {
        &self.repository
    }

    /// Returns the tag, where there is one.
    pub fn tag(&self) -> Option<&Tag> {
        self.tag.as_ref()
    }

    /// Returns the digest, where there is one.
    pub fn digest(&self) -> Option<&Digest> {
        self.digest.as_ref()
    }

    /// Returns what to ask the registry for: the digest, or else the tag.
    pub fn handle(&self) -> Handle {
        match (&self.digest, &self.tag) {
            (Some(digest), _) => Handle::Digest(digest.clone()),
            (None, Some(tag)) => Handle::Tag(tag.clone()),
            (None, None) => Handle::Tag(Tag::latest()),
        }
    }
}

impl FromStr for Reference {
    type Err = ReferenceError;

    /// Reads a name that has a tag or a digest: nothing here means `latest` by silence.
    fn from_str(text: &str) -> Result<Self, ReferenceError> {
        let (name, digest) = match text.split_once('@') {
            Some((name, digest)) => (name, Some(digest.parse()?)),
            None => (text, None),
        };
        let last = name.rfind('/').map_or(0, |slash| slash + 1);
        let (repository, tag) = match name[last..].rfind(':') {
            // `localhost:5000` alone: a registry, not a repository with a tag named 5000
            Some(colon) if last > 0 || !repository::is_registry(&name[..colon]) => {
                let tag = name[last + colon + 1..].parse()?;
                (&name[..last + colon], Some(tag))
            }
            _ => (name, None),
        };
        let repository: Repository = repository.parse()?;
        if tag.is_none() && digest.is_none() {
            return Err(ReferenceError::Bare(repository.to_string()));
        }
        Ok(Self {
            repository,
            tag,
            digest,
        })
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.repository, f)?;
        if let Some(tag) = &self.tag {
            write!(f, ":{tag}")?;
        }
        if let Some(digest) = &self.digest {
            write!(f, "@{digest}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
