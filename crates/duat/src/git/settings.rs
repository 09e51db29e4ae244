//! A repository's own configuration. The user's and the system's are not read.

use std::path::{Path, PathBuf};

use super::layout;
use super::{GitError, Need};

/// What the configuration says about how the repository is stored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Settings {
    pub(super) reftable: bool,
    pub(super) sha256: bool,
}

/// A configured remote.
pub(super) struct ConfiguredRemote {
    pub(super) name: String,
    pub(super) url: String,
}

impl Settings {
    /// Reads the storage formats. A file that says nothing of extensions is not parsed.
    pub(super) fn read(common_dir: &Path) -> Result<Self, GitError> {
        let path = common_dir.join("config");
        let text = layout::read(&path)?.unwrap_or_default();
        if memchr::memmem::find(&text.to_ascii_lowercase(), b"extensions").is_none() {
            return Ok(Self::default());
        }
        let Some(config) = open(&path)? else {
            return Ok(Self::default());
        };
        let value = |key: &str| {
            let text = config.get_string(&format!("extensions.{key}")).ok()?;
            Some(text.to_ascii_lowercase())
        };
        let unsupported = |key: &str, value: &str| GitError::UnsupportedFormat {
            path: path.clone(),
            what: format!("`extensions.{key} = {value}`"),
        };
        let sha256 = match value("objectformat").as_deref() {
            None | Some("sha1") => false,
            Some("sha256") => true,
            Some(other) => return Err(unsupported("objectformat", other)),
        };
        // newer git also writes it as `reftable://PATH`
        let storage = value("refstorage");
        let kind = storage.as_deref().and_then(|kind| kind.split(':').next());
        let reftable = match kind {
            None | Some("files") => false,
            Some("reftable") => true,
            Some(other) => return Err(unsupported("refstorage", other)),
        };
        Ok(Self { reftable, sha256 })
    }

    /// Returns what makes the `git` program necessary for references.
    pub(super) fn need_for_references(&self) -> Option<Need> {
        self.reftable.then_some(Need::Reftable)
    }
}

/// Returns the work tree of a git directory that was named: what the configuration says, none if it
/// says bare, else `start`.
pub(super) fn work_tree(
    git_dir: &Path,
    common_dir: &Path,
    start: PathBuf,
) -> Result<Option<PathBuf>, GitError> {
    let Some(config) = open(&common_dir.join("config"))? else {
        return Ok(Some(start));
    };
    if let Ok(configured) = config.get_path("core.worktree") {
        return layout::absolute(&git_dir.join(configured)).map(Some);
    }
    let bare = config.get_bool("core.bare").unwrap_or(false);
    Ok((!bare).then_some(start))
}

/// Returns the remotes that have a URL, each with its first, in the order of the file.
pub(super) fn remotes(common_dir: &Path) -> Result<Vec<ConfiguredRemote>, GitError> {
    let path = common_dir.join("config");
    let Some(config) = open(&path)? else {
        return Ok(Vec::new());
    };
    let malformed = |error: git2::Error| malformed(&path, &error);
    let mut entries = config
        .entries(Some(r"^remote\..*\.url$"))
        .map_err(malformed)?;
    let mut remotes: Vec<ConfiguredRemote> = Vec::new();
    while let Some(entry) = entries.next() {
        let entry = entry.map_err(malformed)?;
        let key = String::from_utf8_lossy(entry.name_bytes());
        let url = String::from_utf8_lossy(entry.value_bytes());
        let name = key
            .strip_prefix("remote.")
            .and_then(|rest| rest.strip_suffix(".url"));
        if let Some(name) = name
            && !url.is_empty()
            && !remotes.iter().any(|known| known.name == name)
        {
            remotes.push(ConfiguredRemote {
                name: name.to_owned(),
                url: url.into_owned(),
            });
        }
    }
    Ok(remotes)
}

/// Opens the file; one that is not there is no configuration.
fn open(path: &Path) -> Result<Option<git2::Config>, GitError> {
    if !path.is_file() {
        return Ok(None);
    }
    git2::Config::open(path)
        .map(Some)
        .map_err(|error| malformed(path, &error))
}

fn malformed(path: &Path, error: &git2::Error) -> GitError {
    GitError::Malformed {
        path: path.to_owned(),
        what: error.message().to_owned(),
    }
}
