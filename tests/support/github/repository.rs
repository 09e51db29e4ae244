//! Setting up a repository of the double.

use std::collections::BTreeMap;
use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use super::GitHub;
use super::asset::hexadecimal;
use super::state::{self, Asset, Commit, Release, State, Tag};
use crate::Scene;

/// The commits, branches and tags of a scene, for who pushes the same more than once.
#[derive(Clone, Debug)]
pub struct History {
    commits: Vec<Commit>,
    branches: BTreeMap<String, String>,
    tags: BTreeMap<String, Tag>,
}

impl History {
    /// Reads them.
    pub fn of(scene: &Scene) -> Self {
        let log = scene.git(["log", "--all", "--format=%H %ct %s"]);
        let workflows = scene.git(["log", "--all", "--format=%H", "--", ".github/workflows"]);
        let branches = scene.git([
            "for-each-ref",
            "--format=%(refname:short) %(objectname)",
            "refs/heads",
        ]);
        // a message has lines of its own: it ends with a NUL
        let format = "--format=%(refname:strip=2) %(objectname) %(objecttype) \
                      %(*objectname)%00%(contents)%00";
        let tags = scene.git(["for-each-ref", format, "refs/tags"]);
        let words: Vec<&str> = tags
            .split('\0')
            .map(|part| part.trim_start_matches('\n'))
            .collect();
        Self {
            commits: log
                .lines()
                .filter_map(|line| commit(line, &workflows))
                .collect(),
            branches: branches.lines().filter_map(pair).collect(),
            tags: words.chunks_exact(2).filter_map(tag).collect(),
        }
    }
}

/// A repository of the double, being set up. It is empty at first; its default branch is `main`.
#[derive(Clone, Copy)]
pub struct Repository<'github> {
    github: &'github GitHub,
    at: usize,
}

#[expect(
    clippy::return_self_not_must_use,
    reason = "what they return is the same repository, changed already"
)]
impl<'github> Repository<'github> {
    pub(super) fn named(github: &'github GitHub, full_name: &str) -> Self {
        let mut state = github.service.state();
        if let Some((at, _)) = state.find(full_name) {
            return Self { github, at };
        }
        let (owner, name) = full_name.split_once('/').expect("OWNER/REPOSITORY");
        let id = state.next_id();
        state.repositories.push(state::Repository {
            id,
            owner: owner.to_owned(),
            name: name.to_owned(),
            default_branch: "main".to_owned(),
            ..state::Repository::default()
        });
        let at = state.repositories.len() - 1;
        Self { github, at }
    }

    fn change<T>(self, change: impl FnOnce(&mut state::Repository) -> T) -> T {
        change(&mut self.github.service.state().repositories[self.at])
    }

    /// Takes all commits, branches and tags of the repository in `scene`, as a push of everything.
    pub fn push(self, scene: &Scene) -> Self {
        self.receive(&History::of(scene))
    }

    /// Takes what was read of a scene before, which costs nothing.
    pub fn receive(self, history: &History) -> Self {
        self.change(|repository| {
            repository.commits.clone_from(&history.commits);
            repository.branches.clone_from(&history.branches);
            repository.tags.clone_from(&history.tags);
        });
        self
    }

    /// Makes it read-only.
    pub fn archived(self) -> Self {
        self.change(|repository| repository.archived = true);
        self
    }

    /// Makes releases immutable from their publication on.
    pub fn immutable_releases(self) -> Self {
        self.change(|repository| repository.immutable = true);
        self
    }

    /// Says that an immutable release has used up the name of a tag.
    pub fn burned(self, tag: &str) -> Self {
        self.change(|repository| repository.burned.insert(tag.to_owned()));
        self
    }

    /// Says what it was called before.
    pub fn formerly(self, full_name: &str) -> Self {
        self.change(|repository| repository.former.push(full_name.to_owned()));
        self
    }

    /// Adds a published release with these assets and returns its number. The tag is made at the
    /// default branch if there is none.
    pub fn published(self, tag: &str, assets: &[(&str, &[u8])]) -> u64 {
        let id = self.draft(tag, assets);
        let now = self.github.service.state().tick();
        self.change(|repository| {
            let head = repository.branches.get("main").cloned().unwrap_or_default();
            let made = Tag {
                commit: head,
                annotation: None,
            };
            let commit = &repository.tags.entry(tag.to_owned()).or_insert(made).commit;
            let mut commits = repository.commits.iter();
            let instant = commits
                .find(|one| one.sha == *commit)
                .map(|one| one.instant);
            let immutable = repository.immutable;
            if let Some(release) = repository.release_mut(id) {
                release.draft = false;
                release.immutable = immutable;
                release.published = Some(now);
                release.created = instant.unwrap_or(now);
                release.prerelease = tag.contains('-');
                let is_prerelease = release.prerelease;
                if !is_prerelease {
                    repository.latest = Some(id);
                }
            }
        });
        id
    }

    /// Adds a draft with these assets and returns its number.
    pub fn draft(self, tag: &str, assets: &[(&str, &[u8])]) -> u64 {
        let state = &mut *self.github.service.state();
        let (id, now) = (state.next_id(), state.tick());
        let assets = assets
            .iter()
            .map(|(name, bytes)| asset(state, name, bytes))
            .collect();
        state.repositories[self.at].releases.push(Release {
            id,
            tag: tag.to_owned(),
            target: "main".to_owned(),
            name: Some(tag.to_owned()),
            body: None,
            draft: true,
            prerelease: false,
            immutable: false,
            discussion: None,
            assets,
            created: now,
            published: None,
            updated: now,
            may_be_latest: true,
            hidden: 0,
        });
        id
    }

    /// Changes a release directly, as its owner might in the browser.
    pub fn edit(self, id: u64, edit: impl FnOnce(&mut Release)) {
        self.change(|repository| edit(repository.release_mut(id).expect("the release exists")));
    }

    /// Puts an asset into a release, in the place of one that has its name.
    pub fn put(self, id: u64, name: &str, bytes: &[u8]) {
        let asset = asset(&mut self.github.service.state(), name, bytes);
        self.edit(id, |release| {
            release.assets.retain(|one| one.name != name);
            release.assets.push(asset);
        });
    }

    /// Adds an asset of which nothing has arrived.
    pub fn starter(self, id: u64, name: &str) {
        let mut asset = asset(&mut self.github.service.state(), name, b"");
        asset.uploaded = false;
        self.edit(id, |release| release.assets.push(asset));
    }

    /// Returns its releases in the order they were made.
    pub fn releases(self) -> Vec<Release> {
        self.change(|repository| repository.releases.clone())
    }

    /// Returns the only release there is.
    ///
    /// # Panics
    ///
    /// When there are none, or several.
    #[track_caller]
    pub fn release(self) -> Release {
        let mut releases = self.releases();
        let release = releases.pop().expect("there is a release");
        assert!(releases.is_empty(), "there are more: {releases:#?}");
        release
    }

    /// Returns the releases that were deleted.
    pub fn deleted(self) -> Vec<Release> {
        self.change(|repository| repository.deleted.clone())
    }

    /// Returns the tag of the latest release.
    pub fn latest(self) -> Option<String> {
        self.change(|repository| repository.latest().map(|release| release.tag.clone()))
    }

    /// Returns the commit a tag leads to.
    pub fn tag(self, name: &str) -> Option<String> {
        self.change(|repository| repository.tags.get(name).map(|tag| tag.commit.clone()))
    }
}

fn asset(state: &mut State, name: &str, bytes: &[u8]) -> Asset {
    Asset {
        id: state.next_id(),
        name: name.to_owned(),
        label: None,
        content_type: "application/octet-stream".to_owned(),
        uploaded: true,
        size: bytes.len() as u64,
        sha256: hexadecimal(&Sha256::digest(bytes)),
        bytes: Arc::from(bytes),
        created: state.tick(),
        updated: state.tick(),
    }
}

fn commit(line: &str, workflows: &str) -> Option<Commit> {
    let (sha, rest) = line.split_once(' ')?;
    let (instant, message) = rest.split_once(' ')?;
    Some(Commit {
        sha: sha.to_owned(),
        message: message.to_owned(),
        instant: instant.parse().ok()?,
        workflows: workflows.lines().any(|line| line == sha),
    })
}

fn pair(line: &str) -> Option<(String, String)> {
    let (name, sha) = line.split_once(' ')?;
    Some((name.to_owned(), sha.to_owned()))
}

/// Reads a tag: what it is, and its message.
fn tag(parts: &[&str]) -> Option<(String, Tag)> {
    let [line, message] = parts else { return None };
    let mut words = line.split(' ');
    let (name, sha, kind) = (words.next()?, words.next()?, words.next()?);
    let tag = if kind == "tag" {
        Tag {
            commit: words.next()?.to_owned(),
            annotation: Some((sha.to_owned(), (*message).to_owned())),
        }
    } else {
        Tag {
            commit: sha.to_owned(),
            annotation: None,
        }
    };
    Some((name.to_owned(), tag))
}
