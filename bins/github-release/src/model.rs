//! What GitHub answers, as far as it is looked at.
//!
//! octocrab's own types ask for fields that GitHub Enterprise and drafts do not always have; an
//! answer must not be lost for a field that nobody reads.

use serde::Deserialize;

/// A repository.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Repository {
    /// `OWNER/NAME` as it is called now.
    pub full_name: String,
    #[serde(default)]
    pub archived: bool,
    /// What the token may do; not said of every kind of token.
    #[serde(default)]
    pub permissions: Option<Permissions>,
}

/// What a token may do.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub(crate) struct Permissions {
    #[serde(default)]
    pub push: bool,
}

/// A reference, or what an annotated tag stands on.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Reference {
    pub object: Object,
}

/// An object of git.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Object {
    pub sha: String,
    #[serde(rename = "type")]
    pub kind: String,
}

/// A release.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Release {
    pub id: u64,
    pub tag_name: String,
    #[serde(default)]
    pub name: Option<String>,
    #[serde(default)]
    pub body: Option<String>,
    #[serde(default)]
    pub draft: bool,
    #[serde(default)]
    pub prerelease: bool,
    #[serde(default)]
    pub immutable: Option<bool>,
    #[serde(default)]
    pub html_url: String,
    #[serde(default)]
    pub upload_url: String,
    /// Only those that are uploaded; the list of assets shows the others as well.
    #[serde(default)]
    pub assets: Vec<Asset>,
}

impl Release {
    /// Tells whether its tag and assets are frozen.
    pub(crate) fn is_immutable(&self) -> bool {
        self.immutable == Some(true)
    }
}

/// An asset of a release.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Asset {
    pub id: u64,
    pub name: String,
    #[serde(default)]
    pub state: String,
    #[serde(default)]
    pub size: u64,
    /// `sha256:` and hexadecimal digits; older servers have none.
    #[serde(default)]
    pub digest: Option<String>,
    #[serde(default)]
    pub browser_download_url: String,
}

impl Asset {
    /// Tells whether all its bytes arrived. Others are left by uploads that broke off.
    pub(crate) fn is_uploaded(&self) -> bool {
        self.state == "uploaded"
    }

    /// Returns the hexadecimal digits of its SHA-256, where GitHub tells them.
    pub(crate) fn sha256(&self) -> Option<&str> {
        self.digest.as_deref()?.strip_prefix("sha256:")
    }
}

/// Notes that GitHub wrote.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Notes {
    pub body: String,
}
