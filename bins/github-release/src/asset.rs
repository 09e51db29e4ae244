//! An asset as it is to be.

use crate::body::{Content, Mark, Seal};
use crate::media::content_type;
use crate::model;
use crate::name;

/// The first size that GitHub does not take: 2 GiB.
pub(crate) const TOO_LARGE: u64 = 2 << 30;
/// How many assets a release can hold.
pub(crate) const MOST: usize = 1000;

/// An asset as it is to be.
#[derive(Clone, Debug)]
pub(crate) struct Asset {
    /// The name it has here.
    pub name: String,
    /// The name that GitHub is expected to give it.
    pub name_there: String,
    /// What is shown instead of the name.
    pub label: Option<String>,
    pub content: Content,
    /// Where it is, as it was said; nothing for a text of our own.
    pub path: Option<String>,
    pub size: u64,
    /// In hexadecimal digits; nothing before its bytes are read.
    pub sha256: Option<String>,
    /// What tells that nobody writes to its file; nothing where only its hash can tell.
    pub mark: Option<Mark>,
    /// It is sent when all others are there: checksums, signatures.
    pub is_last: bool,
}

impl Asset {
    /// Returns an asset that is not measured yet.
    pub(crate) fn new(name: String, label: Option<String>, content: Content) -> Self {
        Self {
            name_there: name::at_github(&name),
            name,
            label,
            content,
            path: None,
            size: 0,
            sha256: None,
            mark: None,
            is_last: false,
        }
    }

    /// Reads and hashes it.
    pub(crate) fn measure(&mut self) -> std::io::Result<()> {
        let (size, sha256) = self.content.measure()?;
        self.size = size;
        self.sha256 = Some(sha256);
        Ok(())
    }

    /// Returns by what it is known that it is sent as it was meant; nothing where it has to be
    /// measured first.
    pub(crate) fn seal(&self) -> Option<Seal> {
        let digest = self.sha256.clone().map(Seal::Digest);
        digest.or_else(|| self.mark.clone().map(Seal::Mark))
    }

    pub(crate) fn content_type(&self) -> &'static str {
        content_type(&self.name)
    }

    /// Returns what is shown for it at GitHub: the label, or the name where GitHub cannot keep it.
    pub(crate) fn label_there(&self) -> Option<&str> {
        match &self.label {
            Some(label) => Some(label),
            None => (self.name != self.name_there).then_some(&*self.name),
        }
    }

    /// Compares it with what GitHub has under its name.
    pub(crate) fn compare(&self, there: &model::Asset) -> Match {
        if !there.is_uploaded() {
            return Match::Broken;
        }
        if there.size != self.size {
            return Match::Differs;
        }
        match (there.sha256(), &self.sha256) {
            (Some(there), Some(here)) if there.eq_ignore_ascii_case(here) => Match::Digest,
            (Some(_), Some(_)) => Match::Differs,
            (Some(_), None) => Match::Unread,
            // an older server: nothing says otherwise
            (None, _) => Match::Size,
        }
    }
}

/// How an asset and what GitHub has agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Match {
    /// The bytes are proved to be the same.
    Digest,
    /// The sizes are the same, and GitHub tells no digest.
    Size,
    /// The sizes are the same, and the bytes here are not read yet.
    Unread,
    /// Other bytes.
    Differs,
    /// An upload that broke off.
    Broken,
}

impl Match {
    pub(crate) fn is_same(self) -> bool {
        matches!(self, Self::Digest | Self::Size)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_is_compared_by_state_size_and_digest() {
        let mut asset = Asset::new("a".into(), None, Content::Text(bytes::Bytes::new()));
        asset.size = 3;
        asset.sha256 = Some("abc".into());
        let there = |state: &str, size, digest: Option<&str>| model::Asset {
            state: state.into(),
            size,
            digest: digest.map(str::to_owned),
            ..model::Asset::default()
        };
        for (there, expected) in [
            (there("uploaded", 3, Some("sha256:ABC")), Match::Digest),
            (there("uploaded", 3, None), Match::Size),
            (there("uploaded", 3, Some("sha512:abc")), Match::Size),
            (there("uploaded", 3, Some("sha256:abd")), Match::Differs),
            (there("uploaded", 4, Some("sha256:abc")), Match::Differs),
            (there("starter", 3, None), Match::Broken),
            (there("new", 3, Some("sha256:abc")), Match::Broken),
        ] {
            assert_eq!(asset.compare(&there), expected, "{there:?}");
        }
        asset.sha256 = None;
        let same = there("uploaded", 3, Some("sha256:abc"));
        assert_eq!(asset.compare(&same), Match::Unread);
        assert!(!asset.compare(&same).is_same());
    }

    #[test]
    fn a_name_that_github_cannot_keep_is_shown_as_label() {
        let asset = |name: &str, label: Option<&str>| {
            Asset::new(
                name.into(),
                label.map(Into::into),
                Content::Text(bytes::Bytes::new()),
            )
        };
        assert_eq!(asset("a.gz", None).label_there(), None);
        assert_eq!(asset("a b.gz", None).label_there(), Some("a b.gz"));
        assert_eq!(asset("a b.gz", Some("A")).label_there(), Some("A"));
    }
}
