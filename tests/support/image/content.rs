//! Bytes with the digest that names them.

use std::sync::Arc;

use sha2::{Digest, Sha256};

/// A blob or a manifest.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Content {
    /// What it is said to be.
    pub media_type: String,
    /// What it is.
    pub bytes: Arc<[u8]>,
    /// `sha256:` and 64 digits.
    pub digest: String,
}

impl Content {
    /// Returns content of a type.
    pub fn new(media_type: impl Into<String>, bytes: impl Into<Arc<[u8]>>) -> Self {
        let bytes = bytes.into();
        Self {
            media_type: media_type.into(),
            digest: digest(&bytes),
            bytes,
        }
    }

    /// Returns the descriptor of this content, with further members such as `,"platform":{…}`.
    pub(super) fn descriptor(&self, more: &str) -> String {
        format!(
            r#"{{"mediaType": "{}", "size": {}, "digest": "{}"{more}}}"#,
            self.media_type,
            self.bytes.len(),
            self.digest
        )
    }

    /// Returns its text; nothing when it is not UTF-8.
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.bytes).unwrap_or_default()
    }
}

/// Returns the digest of `bytes`: `sha256:` and 64 digits.
pub fn digest(bytes: &[u8]) -> String {
    use std::fmt::Write as _;

    let mut text = "sha256:".to_owned();
    for byte in Sha256::digest(bytes) {
        // a text takes whatever is written
        let _ = write!(text, "{byte:02x}");
    }
    text
}
