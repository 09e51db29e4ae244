//! `HEAD`: where the work tree stands.

use std::fs;

use super::{BranchName, GitError, Hash, Repository, layout};
use crate::shown;

pub(super) const NEITHER: &str = "it holds neither a reference nor a hash";

/// Where the work tree stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The branch that is checked out; none when `HEAD` is detached.
    pub branch: Option<BranchName>,
    /// The commit; none before the first one.
    pub hash: Option<Hash>,
}

/// What `HEAD` itself says, before any reference is looked up.
pub(super) enum HeadTarget {
    /// The full name of a reference.
    Reference(Vec<u8>),
    Commit(Hash),
}

impl HeadTarget {
    /// Returns the branch that is checked out.
    pub(super) fn branch(&self) -> Option<BranchName> {
        match self {
            Self::Reference(name) => name
                .strip_prefix(b"refs/heads/")
                .map(|branch| BranchName::from(branch.to_vec())),
            Self::Commit(_) => None,
        }
    }
}

impl Repository {
    /// Reads `HEAD` and the branch it names.
    pub fn head(&self) -> Result<Head, GitError> {
        let target = self.head_target()?;
        let branch = target.branch();
        let hash = match target {
            HeadTarget::Commit(hash) => Some(hash),
            HeadTarget::Reference(name) => self.resolve(&name)?,
        };
        Ok(Head { branch, hash })
    }

    /// Reads the one file `HEAD`. A name that git would not give is none.
    pub(super) fn head_target(&self) -> Result<HeadTarget, GitError> {
        let target = self.read_head()?;
        match target {
            HeadTarget::Reference(name) if name.iter().any(u8::is_ascii_control) => {
                Err(GitError::Malformed {
                    path: self.git_dir.join("HEAD"),
                    what: format!(
                        "`{}` is not the name of a reference",
                        shown::line(&String::from_utf8_lossy(&name))
                    ),
                })
            }
            target => Ok(target),
        }
    }

    fn read_head(&self) -> Result<HeadTarget, GitError> {
        if let Some(program) = self.reference_program() {
            if let Some(name) = program.ask_whether(&["symbolic-ref", "--quiet", "HEAD"])? {
                return Ok(HeadTarget::Reference(name.trim_ascii().to_vec()));
            }
            let hash = program.ask(&["rev-parse", "--verify", "HEAD"])?;
            return self.detached(&hash);
        }
        let path = self.git_dir.join("HEAD");
        // the oldest form: a symbolic link to the branch's file
        if let Ok(target) = fs::read_link(&path)
            && let Some(name) = target.to_str().filter(|name| name.starts_with("refs/"))
        {
            return Ok(HeadTarget::Reference(name.as_bytes().to_vec()));
        }
        let text = layout::read(&path)?.unwrap_or_default();
        let text = text.trim_ascii();
        match text.strip_prefix(b"ref:") {
            Some(name) => Ok(HeadTarget::Reference(name.trim_ascii().to_vec())),
            None => self.detached(text),
        }
    }

    fn detached(&self, hex: &[u8]) -> Result<HeadTarget, GitError> {
        Hash::from_hex(hex.trim_ascii())
            .map(HeadTarget::Commit)
            .ok_or_else(|| GitError::Malformed {
                path: self.git_dir.join("HEAD"),
                what: NEITHER.to_owned(),
            })
    }
}
