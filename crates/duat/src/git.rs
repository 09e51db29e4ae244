//! Door 1: a repository is read, and the answers are plain data.
//!
//! The layout, `HEAD`, references and `packed-refs` are read as files, which costs no more than the
//! bytes that are looked at and works whoever owns them. Objects come from libgit2's object
//! database. What neither can read, references in the reftable format and SHA-256 objects, is asked
//! of the `git` program. Nothing is ever written, no hook, filter or transport runs, and no
//! environment is read: `GIT_DIR` and its like are fields of [`Location`].
//!
//! Replacement references (`git replace`) and grafts are not followed, and neither `insteadOf` nor
//! the user's configuration is applied.

mod branch;
mod content;
mod context;
mod error;
mod hash;
mod head;
mod history;
mod layout;
mod objects;
mod packed;
mod program;
mod references;
mod remote;
mod settings;
mod tags;
mod walk;

use std::path::{Path, PathBuf};

pub use branch::{Branch, BranchHint, BranchName, BranchSource, HintRank};
pub use context::Context;
pub use error::{GitError, Need};
pub use hash::Hash;
pub use head::Head;
pub use history::{Commit, History};
pub use remote::Remote;
pub use tags::{Candidates, Scope, TagFilter, VersionTag};

use layout::Layout;
use objects::Objects;
use program::Program;
use settings::Settings;

/// Where to look for a repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// The directory the search begins in, going upwards.
    pub start: PathBuf,
    /// The git directory, instead of a search (`GIT_DIR`); relative to `start`.
    pub git_dir: Option<PathBuf>,
    /// The root of the work tree (`GIT_WORK_TREE`); relative to `start`.
    pub work_tree: Option<PathBuf>,
    /// Directories that the search does not go up into (`GIT_CEILING_DIRECTORIES`).
    pub ceilings: Vec<PathBuf>,
    /// The `git` program, started only for what cannot be read directly.
    pub program: PathBuf,
}

impl Location {
    /// Returns the location of a search from `start`, with no other wishes.
    pub fn new(start: impl Into<PathBuf>) -> Self {
        Self {
            start: start.into(),
            git_dir: None,
            work_tree: None,
            ceilings: Vec::new(),
            program: PathBuf::from("git"),
        }
    }
}

/// Returns the root of the work tree that a location belongs to, if it belongs to one.
///
/// Nothing of the repository is read but where its parts are, so that a broken or unknown one has a
/// root, too.
pub fn root(location: &Location) -> Option<PathBuf> {
    Layout::find(location).ok()?.root
}

/// A repository: where its parts are and how they are stored. Holds no open file.
#[derive(Clone, Debug)]
pub struct Repository {
    root: Option<PathBuf>,
    git_dir: PathBuf,
    common_dir: PathBuf,
    program: PathBuf,
    settings: Settings,
}

impl Repository {
    /// Finds the repository of a location: an ordinary one, a linked work tree, a submodule, or one
    /// without a work tree.
    pub fn discover(location: &Location) -> Result<Self, GitError> {
        let layout = Layout::find(location)?;
        Ok(Self {
            settings: Settings::read(&layout.common_dir)?,
            root: layout.root,
            git_dir: layout.git_dir,
            common_dir: layout.common_dir,
            program: location.program.clone(),
        })
    }

    /// Returns the top directory of the work tree; a bare repository has none.
    pub fn root(&self) -> Option<&Path> {
        self.root.as_deref()
    }

    /// Returns the directory that holds this work tree's `HEAD`.
    pub fn git_dir(&self) -> &Path {
        &self.git_dir
    }

    /// Returns the directory that holds references and objects; for a linked work tree that of the
    /// main one, otherwise [`git_dir`](Self::git_dir).
    pub fn common_dir(&self) -> &Path {
        &self.common_dir
    }

    /// Tells whether the history was cut when the repository was cloned (`--depth`).
    pub fn is_shallow(&self) -> bool {
        std::fs::metadata(self.common_dir.join("shallow")).is_ok_and(|file| file.len() > 0)
    }

    /// Returns the commits whose parents were cut off.
    fn shallow_commits(&self) -> Result<Vec<Hash>, GitError> {
        let text = layout::read(&self.common_dir.join("shallow"))?.unwrap_or_default();
        Ok(text
            .split(|byte| *byte == b'\n')
            .filter_map(|line| Hash::from_hex(line.trim_ascii()))
            .collect())
    }

    /// Returns the program that reads the references, where files cannot.
    fn reference_program(&self) -> Option<Program> {
        let need = self.settings.need_for_references()?;
        Some(self.program_for(need))
    }

    fn program_for(&self, need: Need) -> Program {
        Program {
            path: self.program.clone(),
            git_dir: self.git_dir.clone(),
            need,
        }
    }

    fn objects(&self) -> Result<Objects, GitError> {
        if self.settings.sha256 {
            return Objects::open_program(&self.program_for(Need::Sha256));
        }
        let objects = self.common_dir.join("objects");
        match objects.to_str() {
            Some(name) => Objects::open_database(&objects, name),
            None => Objects::open_program(&self.program_for(Need::Path)),
        }
    }
}

#[cfg(test)]
mod tests;
