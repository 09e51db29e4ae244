//! A manifest: the bytes it is, and a view of them that is never written back.

mod document;

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;

use crate::descriptor::Descriptor;
use crate::digest::Digest;
use crate::media::ManifestKind;

/// The largest manifest that is read: the specification asks registries to take 4 MiB.
pub const LARGEST: usize = 8 << 20;

/// A manifest as it came: raw bytes, their digest, and what they say.
#[derive(Clone, Debug)]
pub struct Manifest {
    bytes: Bytes,
    media_type: String,
    digest: Digest,
    view: View,
}

/// What a manifest says, as far as it matters to whoever copies it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// What it is made of.
    pub content: Content,
    /// The manifest it is about.
    pub subject: Option<Descriptor>,
    /// What kind of artifact it is: `artifactType`, or else the config's type.
    pub artifact_type: Option<String>,
    /// What was noted about it.
    pub annotations: BTreeMap<String, String>,
}

/// What a manifest is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::large_enum_variant,
    reason = "images are what most manifests are"
)]
pub enum Content {
    /// Config and layers.
    Image {
        /// The config; `{}` for an artifact without one.
        config: Descriptor,
        /// The layers, in order; foreign ones too.
        layers: Vec<Descriptor>,
    },
    /// Manifests, in order: for platforms, attestations, other indexes.
    Index {
        /// All of them, whatever their platform.
        manifests: Vec<Descriptor>,
    },
    /// The blobs of an artifact manifest.
    Artifact {
        /// All of them.
        blobs: Vec<Descriptor>,
    },
}

/// Why bytes are no manifest that can be copied.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ManifestError {
    /// Not the bytes that were asked for.
    #[error(transparent)]
    Digest(#[from] crate::digest::Mismatch),
    /// Docker's schema 1.
    #[error("it is a Docker schema 1 manifest, which cannot be copied without changing its digest")]
    Schema1,
    /// Too many bytes.
    #[error("it has more than {LARGEST} bytes")]
    Large,
    /// Not what it has to be.
    #[error("{0}")]
    Malformed(String),
}

impl Manifest {
    /// Reads a manifest as it came: `content_type` is what the registry called it, `expected` the
    /// digest that was asked for.
    ///
    /// # Errors
    /// The bytes are not what was asked for, or no manifest.
    pub fn read(
        bytes: Bytes,
        content_type: Option<&str>,
        expected: Option<&Digest>,
    ) -> Result<Self, ManifestError> {
        if bytes.len() > LARGEST {
            return Err(ManifestError::Large);
        }
        let digest = match expected {
            Some(expected) => {
                expected.verify(&bytes)?;
                expected.clone()
            }
            None => Digest::of(&bytes),
        };
        let (media_type, view) = document::read(&bytes, content_type)?;
        Ok(Self {
            bytes,
            media_type,
            digest,
            view,
        })
    }

    /// Returns the bytes, as they came and as they go.
    pub fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// Returns what to call it when it is put.
    pub fn media_type(&self) -> &str {
        &self.media_type
    }

    /// Returns the digest of the bytes.
    pub fn digest(&self) -> &Digest {
        &self.digest
    }

    /// Returns how many bytes there are.
    pub fn size(&self) -> u64 {
        self.bytes.len() as u64
    }

    /// Returns what it says.
    pub fn view(&self) -> &View {
        &self.view
    }

    /// Returns what kind it is.
    pub fn kind(&self) -> ManifestKind {
        match self.view.content {
            Content::Image { .. } => ManifestKind::Image,
            Content::Index { .. } => ManifestKind::Index,
            Content::Artifact { .. } => ManifestKind::Artifact,
        }
    }

    /// Returns the manifest's own descriptor, as an index or a referrers list would name it.
    pub fn descriptor(&self) -> Descriptor {
        Descriptor {
            artifact_type: self.view.artifact_type.clone(),
            annotations: self.view.annotations.clone(),
            ..Descriptor::new(self.media_type.clone(), self.digest.clone(), self.size())
        }
    }

    /// Returns the manifests it is made of, none unless it is an index.
    pub fn manifests(&self) -> &[Descriptor] {
        match &self.view.content {
            Content::Index { manifests } => manifests,
            Content::Image { .. } | Content::Artifact { .. } => &[],
        }
    }

    /// Returns the blobs it is made of, config first, each digest once; foreign layers are among
    /// them ([`Descriptor::is_foreign`]).
    pub fn blobs(&self) -> Vec<&Descriptor> {
        let (config, others): (_, &[Descriptor]) = match &self.view.content {
            Content::Image { config, layers } => (Some(config), layers),
            Content::Artifact { blobs } => (None, blobs),
            Content::Index { .. } => (None, &[]),
        };
        let mut seen = BTreeSet::new();
        let all = config.into_iter().chain(others);
        all.filter(|blob| seen.insert(&blob.digest)).collect()
    }

    /// Returns the manifest it is about.
    pub fn subject(&self) -> Option<&Descriptor> {
        self.view.subject.as_ref()
    }
}

#[cfg(test)]
mod tests;
