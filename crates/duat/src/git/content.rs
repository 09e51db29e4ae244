//! What a file was in a commit.

use super::{GitError, Hash, Repository};

impl Repository {
    /// Returns the content that a file had in a commit; nothing where there was none. `path` is
    /// relative to the root, `/` between its parts. A symbolic link is no file.
    pub fn content_at(&self, commit: &Hash, path: &str) -> Result<Option<Vec<u8>>, GitError> {
        let mut objects = self.objects()?;
        let tree = objects.commit(commit)?.tree;
        match objects.entry(&tree, path)? {
            Some((mode, hash)) if mode.starts_with(b"100") => objects.blob(&hash).map(Some),
            _ => Ok(None),
        }
    }
}
