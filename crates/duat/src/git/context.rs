//! Everything about a repository that the tools tell their user, in one snapshot.

use std::path::PathBuf;

use super::{Branch, BranchHint, GitError, Hash, Remote, Repository, VersionTag};

/// A snapshot of a repository.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Context {
    /// The top directory of the work tree; none in a bare repository.
    #[serde(serialize_with = "shown")]
    pub root: Option<PathBuf>,
    /// The branch and how it was decided; none where nothing names one.
    pub branch: Option<Branch>,
    /// The commit at `HEAD`; none before the first one.
    pub head: Option<Hash>,
    /// The tags at `HEAD`, sorted.
    pub tags: Vec<String>,
    /// The tag of the highest version, pre-releases included, reachable or not.
    pub highest: Option<VersionTag>,
    /// The remote that the repository belongs to.
    pub remote: Option<Remote>,
    /// Whether the history was cut when it was cloned.
    pub shallow: bool,
}

/// Writes a path as it is shown: most formats have no place for bytes that are not UTF-8.
#[expect(clippy::ref_option, reason = "serde hands the field over so")]
fn shown<S: serde::Serializer>(path: &Option<PathBuf>, serializer: S) -> Result<S::Ok, S::Error> {
    let path = path.as_ref().map(|path| path.display().to_string());
    serde::Serialize::serialize(&path, serializer)
}

impl Repository {
    /// Reads the snapshot. `prefix` is what version tags begin with.
    pub fn context(&self, hint: Option<&BranchHint>, prefix: &str) -> Result<Context, GitError> {
        let head = self.head()?.hash;
        let branch = match self.branch(hint) {
            Ok(branch) => Some(branch),
            Err(GitError::NoBranch { .. }) => None,
            Err(error) => return Err(error),
        };
        let (tags, highest) = self.tag_overview(head.as_ref(), prefix)?;
        Ok(Context {
            root: self.root().map(PathBuf::from),
            branch,
            head,
            tags,
            highest,
            remote: self.remote()?,
            shallow: self.is_shallow(),
        })
    }
}
