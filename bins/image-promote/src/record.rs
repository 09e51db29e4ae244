//! What the last promotion moved, kept in the git directory, so that it can be taken back.

use std::path::{Path, PathBuf};

use duat::file::{self, Edit};
use duat_shell::{Code, Failure, environment};
use serde::{Deserialize, Serialize};

use crate::job::Job;
use crate::plan::{Plan, Step};
use crate::rewrite::Rewrite;

/// Where it is, seen from the git directory.
const PLACE: &str = "duat/promotion.json";

/// A promotion: written before the first tag moves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Record {
    /// The pre-release that was promoted.
    pub version: String,
    /// What it became.
    pub release: String,
    /// The file that carries the version, absolute, and those that move with it.
    pub source: PathBuf,
    pub targets: Vec<PathBuf>,
    /// The images whose tags move.
    pub images: Vec<Moved>,
    /// It has been taken back.
    pub undone: bool,
}

/// An image and its tags.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Moved {
    pub module: String,
    /// Where the tags are.
    pub place: String,
    /// What they point at now.
    pub digest: String,
    pub tags: Vec<MovedTag>,
}

impl Moved {
    fn of(step: &Step) -> Result<Self, Failure> {
        let tags = step.moves.iter().map(|each| MovedTag {
            tag: each.tag.to_string(),
            before: each.before.as_ref().map(ToString::to_string),
        });
        Ok(Self {
            module: step.image.module.clone(),
            place: step.to.absolute()?.to_string(),
            digest: step.digest.to_string(),
            tags: tags.collect(),
        })
    }
}

/// A tag and what it pointed at before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct MovedTag {
    pub tag: String,
    pub before: Option<String>,
}

impl Record {
    /// Returns what is to be remembered of a promotion.
    pub(crate) fn of(job: &Job, rewrite: &Rewrite<'_>, plan: &Plan) -> Result<Self, Failure> {
        let targets = rewrite.scope.targets.iter();
        let targets = targets.filter(|_| !rewrite.is_off());
        let moved = plan.steps.iter().filter(|step| !step.moves.is_empty());
        Ok(Self {
            version: job.version.to_string(),
            release: job.release.to_string(),
            source: environment::absolute(&job.source)?,
            targets: targets
                .map(|target| environment::absolute(target))
                .collect::<Result<_, _>>()?,
            images: moved.map(Moved::of).collect::<Result<_, _>>()?,
            undone: false,
        })
    }

    /// Reads the record of the last promotion; nothing where there is none.
    pub(crate) fn read(git_dir: &Path) -> Result<Option<Self>, Failure> {
        let path = git_dir.join(PLACE);
        if !file::exists(&path)? {
            return Ok(None);
        }
        let bytes = file::read(&path)?;
        serde_json::from_slice(&bytes).map(Some).map_err(|error| {
            Failure::new(
                Code::Failed,
                format!(
                    "failed to read the record of the last promotion in `{}`",
                    path.display()
                ),
            )
            .caused_by(&error)
            .hint("without it nothing can be taken back; remove it to go on.")
        })
    }

    /// Writes the record, in place of the one before.
    pub(crate) fn write(&self, git_dir: &Path) -> Result<(), Failure> {
        let path = git_dir.join(PLACE);
        let mut bytes = serde_json::to_vec_pretty(self).map_err(|error| {
            Failure::new(Code::Failed, "failed to write down the promotion").caused_by(&error)
        })?;
        bytes.push(b'\n');
        if let Some(folder) = path.parent() {
            file::make_folders(folder)?;
        }
        if file::exists(&path)? {
            let mut locked = file::lock([&path])?;
            locked.replace_all(&[Edit { path, bytes }])?;
        } else {
            file::create(&path, &bytes)?;
        }
        Ok(())
    }

    /// Returns this promotion with what an unfinished one before it had moved already: a run that
    /// completes another one is the same promotion.
    pub(crate) fn continuing(mut self, before: Option<Self>) -> Self {
        // what begins with the release itself comes after its promotion, and belongs to it
        let comes_after = self.version == self.release;
        let Some(before) = before.filter(|before| {
            let is_same = before.version == self.version || comes_after;
            !before.undone && is_same && before.release == self.release
        }) else {
            return self;
        };
        if comes_after {
            self.version = before.version;
            self.source = before.source;
            self.targets = before.targets;
        }
        for old in before.images {
            let known = self
                .images
                .iter_mut()
                .find(|moved| moved.place == old.place && moved.digest == old.digest);
            let Some(known) = known else {
                self.images.push(old);
                continue;
            };
            for tag in old.tags {
                if known.tags.iter().all(|moved| moved.tag != tag.tag) {
                    known.tags.push(tag);
                }
            }
        }
        self
    }
}
