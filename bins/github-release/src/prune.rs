//! Old pre-releases, deleted.

use duat::Version;
use duat_shell::{Code, Failures, Talk, answer};
use serde::Serialize;

use crate::args;
use crate::draft::delete;
use crate::life::{block_on, prepare};
use crate::local::TagFormat;
use crate::model::Release;
use crate::observe::all_releases;
use crate::session::Session;

/// What `prune` says.
#[derive(Serialize)]
struct Report {
    repository: String,
    /// The tags of the releases that are deleted, the newest first; the tags themselves stay.
    deleted: Vec<String>,
    /// The tags of the pre-releases that stay.
    kept: Vec<String>,
    dry_run: bool,
}

/// What is deleted, and what stays.
#[derive(Debug, Default, PartialEq, Eq)]
struct Plan {
    deleted: Vec<(u64, String)>,
    kept: Vec<String>,
}

pub(crate) fn run(args: &args::Prune, talk: Talk) -> Result<Code, Failures> {
    let (format, prepared) = prepare(
        args.output.check(),
        &args.source,
        &args.place,
        talk,
        |local| Ok(local.format.clone()),
        |_| Vec::new(),
    )?;
    let open = || Session::open(prepared, &args.place.waits, 1, talk);
    let keep = usize::try_from(args.keep).unwrap_or(usize::MAX);
    let report = block_on(open, async |session| {
        prune(session, &format, keep, args.rehearsal.dry_run).await
    })?;
    let done = (!args.rehearsal.dry_run && !report.deleted.is_empty())
        .then(|| format!("{} pre-releases are deleted", report.deleted.len()));
    let text = answer::lines(&report.deleted);
    args.output.give(&text, &report, done.as_deref())?;
    let differs = args.rehearsal.exit_code && report.dry_run && !report.deleted.is_empty();
    Ok(if differs { Code::Differs } else { Code::Done })
}

async fn prune(
    session: &mut Session,
    format: &TagFormat,
    keep: usize,
    dry_run: bool,
) -> Result<Report, Failures> {
    // its name now, where it was renamed
    let repository = session.repository().await?;
    if !repository
        .full_name
        .eq_ignore_ascii_case(&session.slug().full_name())
    {
        session.rename(&repository.full_name)?;
    }
    let (releases, latest) = all_releases(session).await?;
    let plan = decide(&releases, latest.map(|latest| latest.id), format, keep);
    for (_, tag) in &plan.deleted {
        let verb = if dry_run { "would delete" } else { "deleting" };
        session.aside(|talk| talk.say(format_args!("{verb} the pre-release `{tag}`")));
    }
    if !dry_run {
        for (index, (id, tag)) in plan.deleted.iter().enumerate() {
            let path = format!("{}/releases/{id}", session.slug().path());
            delete(session, &path)
                .await
                .map_err(|fault| fault.failure(&format!("delete the pre-release `{tag}`")))?;
            session.note(|state| {
                state.sentence = Some(format!("{} pre-releases are deleted", index + 1));
            });
        }
    }
    Ok(Report {
        repository: session.slug().to_string(),
        deleted: plan.deleted.into_iter().map(|(_, tag)| tag).collect(),
        kept: plan.kept,
        dry_run,
    })
}

/// Decides what is deleted: published pre-releases of versions, all but the newest. What is
/// immutable, the latest release, a draft or no version is never touched: it does not even count.
fn decide(releases: &[Release], latest: Option<u64>, format: &TagFormat, keep: usize) -> Plan {
    let mut candidates: Vec<(Version, &Release)> = releases
        .iter()
        .filter(|release| !release.draft && release.prerelease && !release.is_immutable())
        .filter(|release| Some(release.id) != latest)
        .filter_map(|release| Some((format.version(&release.tag_name)?, release)))
        .filter(|(version, _)| version.is_prerelease())
        .collect();
    candidates.sort_by(|(a, _), (b, _)| b.cmp(a));
    candidates.dedup_by_key(|(_, release)| release.id);
    let old = candidates.split_off(keep.min(candidates.len()));
    Plan {
        deleted: old
            .iter()
            .map(|(_, release)| (release.id, release.tag_name.clone()))
            .collect(),
        kept: candidates
            .iter()
            .map(|(_, release)| release.tag_name.clone())
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn release(id: u64, tag: &str) -> Release {
        Release {
            id,
            tag_name: tag.into(),
            prerelease: true,
            ..Release::default()
        }
    }

    #[test]
    fn the_newest_stay_and_what_is_protected_does_not_count() {
        let releases = [
            release(1, "1.0.0-rc.1"),
            release(2, "1.0.0-rc.10"),
            release(3, "1.0.0-rc.2"),
            Release {
                draft: true,
                ..release(4, "1.0.0-rc.3")
            },
            Release {
                immutable: Some(true),
                ..release(5, "1.0.0-rc.4")
            },
            Release {
                prerelease: false,
                ..release(6, "0.9.0")
            },
            release(7, "nightly"),
            release(8, "1.0.0-rc.5"),
            release(9, "1.0.0"),
        ];
        let plan = decide(&releases, Some(8), &TagFormat::plain(), 1);
        assert_eq!(plan.kept, ["1.0.0-rc.10"]);
        assert_eq!(
            plan.deleted,
            [(3, "1.0.0-rc.2".to_owned()), (1, "1.0.0-rc.1".to_owned())]
        );
        assert!(
            decide(&releases, None, &TagFormat::plain(), 9)
                .deleted
                .is_empty()
        );
    }
}
