//! What the double knows: repositories, their commits and tags, their releases and assets.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::exchange::Exchange;
use super::fault::Planned;
use super::route::Route;

/// The first second of the double's clock: 2026-01-01T00:00:00Z.
const FIRST_INSTANT: u64 = 1_767_225_600;

/// The most requests of one hour.
pub(super) const HOURLY_REQUESTS: u64 = 5_000;

/// A release.
#[derive(Clone, Debug)]
pub struct Release {
    /// Its number.
    pub id: u64,
    /// The tag it is of, or will be of once published.
    pub tag: String,
    /// The branch or commit the tag is made at if it does not exist.
    pub target: String,
    /// Its title.
    pub name: Option<String>,
    /// Its notes.
    pub body: Option<String>,
    /// It is not published.
    pub draft: bool,
    /// It is a pre-release.
    pub prerelease: bool,
    /// Its tag and assets cannot be changed any more.
    pub immutable: bool,
    /// The category of the discussion it was announced in.
    pub discussion: Option<String>,
    /// Its assets, in the order of their numbers.
    pub assets: Vec<Asset>,
    pub(super) created: u64,
    pub(super) published: Option<u64>,
    pub(super) updated: u64,
    /// It may be the latest by its date.
    pub(super) may_be_latest: bool,
    /// Lists that do not show it yet.
    pub(super) hidden: u32,
}

impl Release {
    /// Returns the asset called `name`.
    pub fn asset(&self, name: &str) -> Option<&Asset> {
        self.assets.iter().find(|asset| asset.name == name)
    }

    /// Returns the names of its assets, sorted.
    pub fn asset_names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.assets.iter().map(|one| one.name.as_str()).collect();
        names.sort_unstable();
        names
    }
}

/// A file of a release.
#[derive(Clone, Debug)]
pub struct Asset {
    /// Its number.
    pub id: u64,
    /// Its name, as GitHub made it.
    pub name: String,
    /// What is shown instead of the name.
    pub label: Option<String>,
    /// Its media type.
    pub content_type: String,
    /// All of it has arrived; one that has not is a `starter`.
    pub uploaded: bool,
    /// How many bytes it has.
    pub size: u64,
    /// SHA-256 of the bytes, in hexadecimal.
    pub sha256: String,
    /// The bytes, unless there were too many to keep.
    pub bytes: Arc<[u8]>,
    pub(super) created: u64,
    pub(super) updated: u64,
}

/// What a token may do.
#[derive(Clone, Copy, Debug)]
pub struct Rights {
    /// Write to repositories, and see drafts.
    pub push: bool,
    /// Tag commits that change workflows.
    pub workflow: bool,
    /// Read settings such as immutability.
    pub admin: bool,
}

#[derive(Clone, Debug)]
pub(super) struct Commit {
    pub(super) sha: String,
    pub(super) message: String,
    pub(super) instant: u64,
    /// It changes files below `.github/workflows`.
    pub(super) workflows: bool,
}

#[derive(Clone, Debug)]
pub(super) struct Tag {
    pub(super) commit: String,
    /// Hash and message of the tag object, if it is annotated.
    pub(super) annotation: Option<(String, String)>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Repository {
    pub(super) id: u64,
    pub(super) owner: String,
    pub(super) name: String,
    /// Full names it had before.
    pub(super) former: Vec<String>,
    pub(super) default_branch: String,
    pub(super) branches: BTreeMap<String, String>,
    pub(super) commits: Vec<Commit>,
    pub(super) tags: BTreeMap<String, Tag>,
    pub(super) releases: Vec<Release>,
    /// Releases that were deleted.
    pub(super) deleted: Vec<Release>,
    pub(super) archived: bool,
    /// Releases become immutable when published.
    pub(super) immutable: bool,
    /// Tag names that an immutable release has used up.
    pub(super) burned: BTreeSet<String>,
    pub(super) latest: Option<u64>,
}

impl Repository {
    pub(super) fn full_name(&self) -> String {
        format!("{}/{}", self.owner, self.name)
    }

    /// Returns the commit a branch name or a whole hash stands for.
    pub(super) fn resolve(&self, commitish: &str) -> Option<&Commit> {
        let sha = self.branches.get(commitish).map_or(commitish, |sha| sha);
        self.commits.iter().find(|commit| commit.sha == sha)
    }

    pub(super) fn release(&self, id: u64) -> Option<&Release> {
        self.releases.iter().find(|release| release.id == id)
    }

    pub(super) fn release_mut(&mut self, id: u64) -> Option<&mut Release> {
        self.releases.iter_mut().find(|release| release.id == id)
    }

    /// Returns the asset with this number and the release it is of.
    pub(super) fn asset(&self, id: u64) -> Option<(&Release, &Asset)> {
        self.releases.iter().find_map(|release| {
            let asset = release.assets.iter().find(|asset| asset.id == id)?;
            Some((release, asset))
        })
    }

    /// Returns the published release of `tag`.
    pub(super) fn published(&self, tag: &str) -> Option<&Release> {
        let mut published = self.releases.iter().filter(|release| !release.draft);
        published.find(|release| release.tag == tag)
    }

    /// Returns the release that is shown as the latest: the one it was said of, else the one of the
    /// newest commit.
    pub(super) fn latest(&self) -> Option<&Release> {
        let eligible = |release: &&Release| !release.draft && !release.prerelease;
        let said = self.latest.and_then(|id| self.release(id));
        said.filter(eligible).or_else(|| {
            let releases = self.releases.iter().filter(eligible);
            releases
                .filter(|release| release.may_be_latest)
                .max_by_key(|release| (release.created, release.id))
        })
    }
}

/// How this GitHub differs from others.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Habits {
    /// Assets have no digest, as on older servers.
    pub(super) no_digests: bool,
    /// A publication moves the latest release, whatever `make_latest` says.
    pub(super) latest_always_moves: bool,
    /// How many lists do not yet show what was made.
    pub(super) list_lag: u32,
    /// The most bytes of an upload that are kept.
    pub(super) kept: usize,
}

#[derive(Debug)]
pub(super) struct State {
    pub(super) repositories: Vec<Repository>,
    pub(super) tokens: BTreeMap<String, Rights>,
    pub(super) habits: Habits,
    pub(super) faults: Vec<Planned>,
    pub(super) calls: BTreeMap<Route, usize>,
    pub(super) exchanges: Vec<Exchange>,
    pub(super) violations: Vec<String>,
    instant: u64,
    last_id: u64,
}

impl State {
    pub(super) fn new() -> Self {
        Self {
            repositories: Vec::new(),
            tokens: BTreeMap::new(),
            habits: Habits {
                kept: 1 << 20,
                ..Habits::default()
            },
            faults: Vec::new(),
            calls: BTreeMap::new(),
            exchanges: Vec::new(),
            violations: Vec::new(),
            instant: FIRST_INSTANT,
            last_id: 1_000,
        }
    }

    /// Returns the next instant: every event has its own.
    pub(super) fn tick(&mut self) -> u64 {
        self.instant += 1;
        self.instant
    }

    pub(super) fn next_id(&mut self) -> u64 {
        self.last_id += 1;
        self.last_id
    }

    /// Returns the place of the repository with this number or full name, and whether that is the
    /// name it has now. Case does not count.
    pub(super) fn find(&self, name: &str) -> Option<(usize, bool)> {
        let same = |other: &str| other.eq_ignore_ascii_case(name);
        self.repositories
            .iter()
            .enumerate()
            .find_map(|(at, repository)| {
                if same(&repository.full_name()) || same(&repository.id.to_string()) {
                    Some((at, true))
                } else {
                    let former = repository.former.iter().any(|former| same(former));
                    former.then_some((at, false))
                }
            })
    }
}
