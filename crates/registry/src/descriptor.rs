//! A descriptor: what a manifest says about content that lies elsewhere.

use std::collections::BTreeMap;
use std::fmt;

use crate::digest::Digest;

/// Media type, digest and size of content, and what else was said about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Descriptor {
    /// What it is; empty where nobody said.
    pub media_type: String,
    /// Its name, which it proves.
    pub digest: Digest,
    /// How many bytes it has.
    pub size: u64,
    /// What kind of artifact a manifest is, where it is one.
    pub artifact_type: Option<String>,
    /// For whom it is, in an index.
    pub platform: Option<Platform>,
    /// What was noted about it.
    pub annotations: BTreeMap<String, String>,
    /// Where else it can be had. Foreign layers have such places.
    pub urls: Vec<String>,
    /// The content itself, where it travels with the descriptor: decoded and verified.
    pub data: Option<Vec<u8>>,
}

/// For which machine a manifest is.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Platform {
    /// `linux`, `windows`, `unknown`, …
    pub os: String,
    /// `amd64`, `arm64`, `unknown`, …
    pub architecture: String,
    /// `v8`, …
    pub variant: Option<String>,
    /// `10.0.20348.2227`, …
    pub os_version: Option<String>,
}

impl Descriptor {
    /// Returns a descriptor of which nothing more is known.
    pub fn new(media_type: impl Into<String>, digest: Digest, size: u64) -> Self {
        Self {
            media_type: media_type.into(),
            digest,
            size,
            artifact_type: None,
            platform: None,
            annotations: BTreeMap::new(),
            urls: Vec::new(),
            data: None,
        }
    }

    /// Tells whether the content is to be had elsewhere and is not to be pushed unless asked.
    pub fn is_foreign(&self) -> bool {
        crate::media::is_foreign_layer(&self.media_type)
    }
}

/// As people write it: `linux/arm64/v8`.
impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.os, self.architecture)?;
        if let Some(variant) = &self.variant {
            write!(f, "/{variant}")?;
        }
        Ok(())
    }
}
