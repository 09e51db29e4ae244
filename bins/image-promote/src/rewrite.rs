//! The release in the version file and in what moves with it.

use duat_shell::change::{self, Floor, Manner, Scope};
use duat_shell::project::read_version;
use duat_shell::{Code, Failure, Failures, Talk};

use crate::args;
use crate::job::Job;

/// The files that get the release, once it is published.
pub(crate) struct Rewrite<'a> {
    job: &'a Job,
    pub scope: Scope,
    /// Nothing is written: it was not wanted, or stands there.
    is_off: bool,
    talk: Talk,
}

/// Whether the version is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rehearsal {
    None,
    Shown,
    Silent,
}

impl<'a> Rewrite<'a> {
    /// Returns what is to be written. What cannot be written then is better known now.
    pub(crate) fn prepare(
        job: &'a Job,
        args: &args::Promote,
        talk: Talk,
    ) -> Result<Self, Failures> {
        let rewrite = Self {
            job,
            scope: Scope {
                source: Some(job.source.clone()),
                targets: job.project.targets(&args.target)?,
                source_moves: true,
                start: None,
            },
            is_off: args.no_write || !job.is_open(),
            talk,
        };
        rewrite.write(Rehearsal::Silent)?;
        Ok(rewrite)
    }

    /// Tells whether no file is to be touched.
    pub(crate) fn is_off(&self) -> bool {
        self.is_off
    }

    /// Shows what would be written. Returns the files that would differ.
    pub(crate) fn show(&self) -> Result<Vec<String>, Failures> {
        self.write(Rehearsal::Shown)
    }

    /// Writes the release. Returns the files that differ.
    pub(crate) fn carry_out(&self) -> Result<Vec<String>, Failures> {
        self.write(Rehearsal::None)
            .map_err(|failures| after_publishing(failures, self.job))
    }

    /// A version that somebody changed since is somebody else's decision.
    pub(crate) fn refuse_a_changed_version(&self) -> Result<(), Failure> {
        let job = self.job;
        let now = read_version(&job.source)?;
        if now == job.version {
            return Ok(());
        }
        Err(Failure::new(
            Code::Refused,
            format!(
                "refused to release `{}`: `{}` says `{now}` by now, not `{}`",
                job.release,
                job.source.display(),
                job.version
            ),
        )
        .hint("no tag has moved; look at it and run this again."))
    }

    fn write(&self, rehearsal: Rehearsal) -> Result<Vec<String>, Failures> {
        if self.is_off {
            return Ok(Vec::new());
        }
        let current = self.job.version.to_string();
        let manner = Manner {
            if_current: Some(&current),
            dry_run: rehearsal != Rehearsal::None,
            floor: Floor::Release,
            silent: rehearsal == Rehearsal::Silent,
        };
        let change = change::change(&self.job.project, &self.scope, manner, self.talk, |_| {
            Ok(self.job.release.clone())
        })?;
        let files = change.files.iter().map(|path| path.display().to_string());
        Ok(files.collect())
    }
}

/// Says that the release stands, though the version could not be written.
fn after_publishing(failures: Failures, job: &Job) -> Failures {
    let told = failures.into_iter().map(|failure| {
        failure.with_code(Code::Failed).hint(format!(
            "`{}` is published, only the version was not written: run this again, or `image-promote undo`.",
            job.release
        ))
    });
    match Failures::of(told.collect()) {
        Err(failures) => failures,
        Ok(()) => Failure::new(Code::Failed, "failed to write the version").into(),
    }
}
