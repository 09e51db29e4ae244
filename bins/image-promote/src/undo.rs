//! The last promotion is taken back, as its record says: tags first, then the version.

use std::path::PathBuf;

use duat::{Version, file};
use duat_registry::Digest;
use duat_registry::place::Place;
use duat_registry::reference::{Handle, Tag};
use duat_shell::change::{self, Floor, Manner, Scope};
use duat_shell::project::read_version;
use duat_shell::{Code, Failure, Failures, Project, Talk, environment};
use serde::Serialize;

use crate::args;
use crate::border;
use crate::home::Address;
use crate::ledger::{Ledger, Stand};
use crate::record::Record;
use crate::report::Traffic;
use crate::tags;
use crate::world::World;

/// What was taken back, or would be.
#[derive(Default, Serialize)]
pub(crate) struct Report {
    /// `undone`, `planned` or `none`.
    pub action: &'static str,
    /// The version that is tested again; null where there was nothing to take back.
    pub version: Option<String>,
    /// The release that is none any more.
    pub release: Option<String>,
    pub tags: Vec<TagReport>,
    /// The files that were given the version again.
    pub changed: Vec<String>,
    #[serde(flatten)]
    pub traffic: Traffic,
}

/// A tag that goes back.
#[derive(Serialize)]
pub(crate) struct TagReport {
    pub reference: String,
    /// `deleted`, `restored`, or `gone` where it does not point at the release any more.
    pub action: &'static str,
    /// What it points at again; null where it is deleted.
    pub digest: Option<String>,
}

impl Report {
    pub(crate) fn nothing() -> Self {
        Self {
            action: "none",
            ..Self::default()
        }
    }
}

/// A promotion about to be taken back.
pub(crate) struct Undoing {
    record: Record,
    git_dir: PathBuf,
}

/// A tag to go back.
struct Back {
    place: Place,
    address: Address,
    tag: Tag,
    reference: String,
    now: Digest,
    before: Option<Digest>,
}

impl Undoing {
    /// Returns the last promotion, unless it has been taken back or there was none.
    pub(crate) fn open(project: &Project) -> Result<Option<Self>, Failure> {
        let git_dir = project.repository()?.git_dir().to_owned();
        let record = Record::read(&git_dir)?.filter(|record| !record.undone);
        Ok(record.map(|record| Self { record, git_dir }))
    }

    pub(crate) async fn carry_out(
        mut self,
        project: &Project,
        args: &args::Undo,
        world: &World,
        ledger: &Ledger,
        talk: Talk,
    ) -> Result<Report, Failures> {
        let mut report = Report {
            action: if args.dry_run { "planned" } else { "undone" },
            version: Some(self.record.version.clone()),
            release: Some(self.record.release.clone()),
            ..Report::default()
        };
        let backs = self.backs(world)?;
        let going = self.look(&backs, &mut report).await?;
        let writes = !args.no_write && self.release_is_written()?;
        if writes {
            // what could not be written then is better known before a tag moves
            self.write(project, args.dry_run, !args.dry_run, talk)?;
        }
        if args.dry_run {
            for tag in &report.tags {
                talk.tell(format_args!("{}: {}", tag.reference, tag.action));
            }
            report.traffic = world.counts().into();
            return Ok(report);
        }
        let mut returned = Vec::new();
        for back in going {
            ledger.note(&back.reference, Stand::Asked);
            let before = back.before.as_ref();
            let restored = tags::restore(world, &back.place, &back.address, &back.tag, before);
            let restored = restored.await;
            restored.map_err(|failure| not_returned(failure, &back.reference, &returned))?;
            ledger.note(&back.reference, Stand::Moved);
            returned.push(format!("`{}`", back.reference));
        }
        if writes {
            let written = self.write(project, false, false, talk);
            report.changed = written.map_err(|failures| after_returning(failures, &returned))?;
        }
        self.record.undone = true;
        let noted = self.record.write(&self.git_dir);
        noted.map_err(|failure| {
            tags::changed(failure).hint("all went back, only that was not noted: run this again.")
        })?;
        for tag in &report.tags {
            talk.say(format_args!("{}: {}", tag.reference, tag.action));
        }
        report.traffic = world.counts().into();
        Ok(report)
    }

    /// Returns every tag of the record.
    fn backs(&self, world: &World) -> Result<Vec<Back>, Failures> {
        let mut backs = Vec::new();
        for moved in &self.record.images {
            let address: Address = moved.place.parse().map_err(|error| unreadable(&error))?;
            let place = world.deletable(&address);
            let now: Digest = moved.digest.parse().map_err(|error| unreadable(&error))?;
            for each in &moved.tags {
                let tag: Tag = each.tag.parse().map_err(|error| unreadable(&error))?;
                let before = each.before.as_deref().map(str::parse).transpose();
                backs.push(Back {
                    place: place.clone(),
                    address: address.clone(),
                    reference: address.tagged(&tag),
                    tag,
                    now: now.clone(),
                    before: before.map_err(|error| unreadable(&error))?,
                });
            }
        }
        Ok(backs)
    }

    /// Finds out which tags still are where the promotion left them; one that somebody else has
    /// moved since is not ours to move.
    async fn look<'b>(
        &self,
        backs: &'b [Back],
        report: &mut Report,
    ) -> Result<Vec<&'b Back>, Failures> {
        let mut going = Vec::new();
        let mut failures = Vec::new();
        for back in backs {
            let found = back
                .place
                .find_manifest(&Handle::Tag(back.tag.clone()))
                .await;
            let found = found
                .map_err(|error| border::failure(&error))?
                .map(|found| found.digest);
            let action = if found == back.before {
                "gone"
            } else if found.as_ref() == Some(&back.now) {
                going.push(back);
                if back.before.is_some() {
                    "restored"
                } else {
                    "deleted"
                }
            } else {
                let found = found.map_or_else(|| "nothing".to_owned(), |found| found.to_string());
                failures.push(
                    Failure::new(
                        Code::Refused,
                        format!(
                            "refused to move `{}` back: it points at {found} by now, not at {}",
                            back.reference, back.now
                        ),
                    )
                    .hint("somebody has moved it since; nothing was changed."),
                );
                continue;
            };
            report.tags.push(TagReport {
                reference: back.reference.clone(),
                action,
                digest: back.before.as_ref().map(ToString::to_string),
            });
        }
        Failures::of(failures)?;
        Ok(going)
    }

    /// Tells whether the version file holds the release that is taken back.
    fn release_is_written(&self) -> Result<bool, Failure> {
        if !file::exists(&self.record.source)? {
            return Ok(false);
        }
        Ok(read_version(&self.record.source)?.to_string() == self.record.release)
    }

    /// Writes the pre-release where the release stands.
    fn write(
        &self,
        project: &Project,
        dry_run: bool,
        silent: bool,
        talk: Talk,
    ) -> Result<Vec<String>, Failures> {
        let version: Version = self
            .record
            .version
            .parse()
            .map_err(|error: duat::version::ParseError| unreadable(&error))?;
        let scope = Scope {
            source: Some(environment::shortest(&self.record.source)),
            targets: self
                .record
                .targets
                .iter()
                .map(|path| environment::shortest(path))
                .collect(),
            source_moves: true,
            start: None,
        };
        let manner = Manner {
            if_current: Some(&self.record.release),
            dry_run: dry_run || silent,
            floor: Floor::None,
            silent,
        };
        let change = change::change(project, &scope, manner, talk, |_| Ok(version))?;
        let files = change.files.iter().map(|path| path.display().to_string());
        Ok(files.collect())
    }
}

/// Says what has gone back already where a tag does not.
fn not_returned(failure: Failure, reference: &str, returned: &[String]) -> Failure {
    let way = failure.way_out().unwrap_or("run this again to go on.");
    let state = if returned.is_empty() {
        // it alone may have gone back where the answer was lost
        match failure.code() {
            Code::TryAgain => format!("the version was not changed: {way}"),
            _ => format!("neither `{reference}` nor the version was changed: {way}"),
        }
    } else {
        let returned = returned.join(", ");
        format!("{returned} went back, the version was not changed: {way}")
    };
    let failure = if returned.is_empty() {
        failure
    } else {
        tags::changed(failure)
    };
    failure.hint(state)
}

/// Says that tags went back, though the version could not be written.
fn after_returning(failures: Failures, returned: &[String]) -> Failures {
    if returned.is_empty() {
        return failures;
    }
    let state = format!(
        "{} went back; run this again to go on.",
        returned.join(", ")
    );
    let told = failures
        .into_iter()
        .map(|failure| tags::changed(failure).hint(state.clone()));
    match Failures::of(told.collect()) {
        Err(failures) => failures,
        Ok(()) => Failure::new(Code::Failed, "failed to write the version").into(),
    }
}

fn unreadable(error: &dyn std::error::Error) -> Failure {
    Failure::new(
        Code::Failed,
        "failed to read the record of the last promotion",
    )
    .caused_by(error)
}
