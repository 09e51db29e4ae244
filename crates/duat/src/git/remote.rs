//! The remote that a repository belongs to.

use super::{GitError, Repository, settings};
use crate::name::remote::RemoteUrl;

/// A configured remote.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Remote {
    /// Its name in the configuration.
    pub name: String,
    /// Its first URL, without credentials; none when that names no repository.
    pub url: Option<RemoteUrl>,
}

impl Repository {
    /// Returns the remote: `origin`, else the only one, else the first by name. A remote without a
    /// URL does not count.
    pub fn remote(&self) -> Result<Option<Remote>, GitError> {
        let remotes = settings::remotes(&self.common_dir)?;
        // `false` sorts first: `origin` comes before the others
        let chosen = remotes
            .into_iter()
            .min_by_key(|remote| (remote.name != "origin", remote.name.clone()));
        Ok(chosen.map(read))
    }

    /// Returns the remote of this name, if it has a URL.
    pub fn remote_named(&self, name: &str) -> Result<Option<Remote>, GitError> {
        let remotes = settings::remotes(&self.common_dir)?;
        let named = remotes.into_iter().find(|remote| remote.name == name);
        Ok(named.map(read))
    }
}

fn read(remote: settings::ConfiguredRemote) -> Remote {
    Remote {
        url: remote.url.parse().ok(),
        name: remote.name,
    }
}
