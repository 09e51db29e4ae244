//! The promotion: check everything, copy what is missing, move the tags, verify, write the version.

use std::sync::Arc;

use duat_registry::copy::{self, Carried, Follow, Graph, Watcher};
use duat_registry::reference::Tag;
use duat_registry::{Error, Manifest};
use duat_shell::change::{self, Floor, Manner, Scope};
use duat_shell::project::read_version;
use duat_shell::{Code, Failure, Failures, Progress, Talk, environment};
use futures_util::future::{try_join, try_join_all};

use crate::args;
use crate::border;
use crate::job::Job;
use crate::ledger::Ledger;
use crate::plan::{Float, Plan, Step};
use crate::progress::Bars;
use crate::record::{Moved, MovedTag, Record};
use crate::report::{ImageReport, Report};
use crate::survey::{self, Ends};
use crate::tags::{self, Wanted};
use crate::world::World;
use crate::{proof, refusal, verify};

/// An image on its way: what is to be done, and what was fetched for it.
struct Freight<'a> {
    ends: &'a Ends,
    step: &'a Step,
    manifest: Manifest,
    graph: Option<Graph>,
}

/// Makes the tested images the release.
pub(crate) async fn promote(
    job: &Job,
    args: &args::Promote,
    world: &World,
    ledger: &Ledger,
    talk: Talk,
) -> Result<Report, Failures> {
    let ends = world.ends(job, &args.places).await?;
    let release = job.tag(&job.release)?;
    if !job.is_open() {
        return already_released(job, &ends, &release, world).await;
    }
    let tested = job.tag(&job.version)?;
    let floats = floats(&args.also, job)?;
    let scope = Scope {
        source: Some(job.source.clone()),
        targets: job.project.targets(&args.target)?,
        source_moves: true,
        start: None,
    };
    if !args.no_write {
        // what could not be written then is better known now
        write(job, &scope, Rehearsal::Silent, talk)?;
    }
    let looked = survey::look(&ends, &tested, &release, &floats)
        .await
        .map_err(|error| border::failure(&error))?;
    let (seen, manifests): (Vec<_>, Vec<_>) = looked
        .into_iter()
        .map(|looked| (looked.seen, looked.manifest))
        .unzip();
    let plan = match Plan::of(seen, &release, &job.release, args.deep) {
        Ok(plan) => plan,
        Err(refusals) => {
            return Err(refusal::explain(&refusals, &ends, &tested, &release).await);
        }
    };
    let mut freights: Vec<Freight<'_>> = ends
        .iter()
        .zip(&plan.steps)
        .zip(manifests.into_iter().flatten())
        .map(|((ends, step), manifest)| Freight {
            ends,
            step,
            manifest,
            graph: None,
        })
        .collect();
    discover(&mut freights, args).await?;
    proof::require(
        &args.require,
        freights
            .iter()
            .filter_map(|freight| Some((freight.ends, freight.graph.as_ref()?))),
    )?;
    if args.deep {
        look_for_losses(&freights).await?;
    }
    if args.dry_run {
        return rehearse(job, args, &plan, &freights, &scope, world, talk);
    }
    make_repositories(&freights, &args.repositories, world).await?;
    let carried = carry(&freights, args.deep, talk)
        .await
        .map_err(|error| border::failure(&error))?;
    refuse_a_changed_version(job)?;
    if !plan.is_done() || !args.no_write {
        let before = Record::read(&job.git_dir)?;
        record(job, &scope, &plan, args.no_write)?
            .continuing(before)
            .write(&job.git_dir)?;
    }
    publish(&freights, &release, ledger).await?;
    let changed = if args.no_write {
        Vec::new()
    } else {
        write(job, &scope, Rehearsal::None, talk)
            .map_err(|failures| after_publishing(failures, job))?
    };
    let done = !plan.is_done() || !changed.is_empty();
    Ok(Report {
        version: job.version.to_string(),
        release: job.release.to_string(),
        action: if done { "promoted" } else { "none" },
        images: freights
            .iter()
            .zip(&carried)
            .map(|(freight, carried)| {
                ImageReport::new(
                    freight.step,
                    &freight.manifest,
                    freight.graph.as_ref(),
                    carried.as_ref(),
                )
            })
            .collect(),
        changed,
        dry_run: false,
        traffic: world.counts().into(),
    })
}

/// The file holds a release: its images are there, or it was never promoted.
async fn already_released(
    job: &Job,
    ends: &[Ends],
    release: &Tag,
    world: &World,
) -> Result<Report, Failures> {
    let found = try_join_all(ends.iter().map(|ends| async move {
        let handle = release.clone().into();
        Ok::<_, Error>((ends, ends.target.find_manifest(&handle).await?))
    }))
    .await
    .map_err(|error| border::failure(&error))?;
    let mut images = Vec::new();
    let mut failures = Vec::new();
    for (ends, found) in found {
        match found {
            Some(found) => images.push(ImageReport::standing(ends, release, &found)),
            None => failures.push(
                Failure::new(
                    Code::NotFound,
                    format!(
                        "failed to find `{}`: `{}` says `{}`, which is a release, but there is no such image",
                        ends.to.at(release),
                        job.source.display(),
                        job.version
                    ),
                )
                .hint("a promotion starts from the pre-release that was tested: `semver pre` makes one."),
            ),
        }
    }
    Failures::of(failures)?;
    Ok(Report {
        version: job.version.to_string(),
        release: job.release.to_string(),
        action: "none",
        images,
        changed: Vec::new(),
        dry_run: false,
        traffic: world.counts().into(),
    })
}

/// Reads the tags that are to move along.
fn floats(also: &[String], job: &Job) -> Result<Vec<Float>, Failures> {
    let mut floats: Vec<Float> = Vec::new();
    let mut failures = Vec::new();
    for text in also
        .iter()
        .map(|text| text.trim())
        .filter(|text| !text.is_empty())
    {
        let float = crate::job::tag(text).and_then(|tag| {
            Float::of(tag, &job.release).ok_or_else(|| {
                Failure::new(
                    Code::Usage,
                    format!("failed to move `{text}` along: it is not about `{}`", job.release),
                )
                .hint("words such as `latest` move along, and the release's first one or two numbers.")
            })
        });
        match float {
            Ok(float) if !floats.contains(&float) => floats.push(float),
            Ok(_) => {}
            Err(failure) => failures.push(failure),
        }
    }
    Failures::of(failures)?;
    Ok(floats)
}

/// Finds all that belongs to the images that are copied, or of which something is required.
async fn discover(freights: &mut [Freight<'_>], args: &args::Promote) -> Result<(), Failure> {
    let graphs = try_join_all(freights.iter().map(|freight| async move {
        if !freight.step.copies && args.require.is_empty() {
            return Ok(None);
        }
        let follow = if args.no_referrers && args.require.is_empty() {
            Follow::Nothing
        } else {
            Follow::Referrers
        };
        Graph::discover(&freight.ends.source, freight.manifest.clone(), follow)
            .await
            .map(Some)
    }))
    .await
    .map_err(|error: Error| border::failure(&error))?;
    for (freight, graph) in freights.iter_mut().zip(graphs) {
        freight.graph = graph;
    }
    Ok(())
}

/// Refuses an image of which its own place has lost something: there is nowhere to fetch it from.
async fn look_for_losses(freights: &[Freight<'_>]) -> Result<(), Failure> {
    for freight in freights {
        if freight.ends.is_one_place() {
            verify::complete(freight.ends, freight.manifest.clone()).await?;
        }
    }
    Ok(())
}

/// Makes the repositories that ECR wants before the first push.
async fn make_repositories(
    freights: &[Freight<'_>],
    args: &args::Repositories,
    world: &World,
) -> Result<(), Failure> {
    for freight in freights {
        if freight.step.makes_repository {
            world.make_repository(&freight.step.to, args).await?;
        }
    }
    Ok(())
}

/// Says what would be done.
fn rehearse(
    job: &Job,
    args: &args::Promote,
    plan: &Plan,
    freights: &[Freight<'_>],
    scope: &Scope,
    world: &World,
    talk: Talk,
) -> Result<Report, Failures> {
    let changed = if args.no_write {
        Vec::new()
    } else {
        write(job, scope, Rehearsal::Shown, talk)?
    };
    let done = plan.is_done() && changed.is_empty();
    Ok(Report {
        version: job.version.to_string(),
        release: job.release.to_string(),
        action: if done { "none" } else { "planned" },
        images: freights
            .iter()
            .map(|freight| {
                ImageReport::new(
                    freight.step,
                    &freight.manifest,
                    freight.graph.as_ref(),
                    None,
                )
            })
            .collect(),
        changed,
        dry_run: true,
        traffic: world.counts().into(),
    })
}

/// Copies what is missing of every image.
async fn carry(
    freights: &[Freight<'_>],
    deep: bool,
    talk: Talk,
) -> Result<Vec<Option<Carried>>, Error> {
    let moving = freights.iter().any(|freight| freight.step.copies);
    let progress = moving.then(|| Progress::new(talk));
    let several = freights.len() > 1;
    try_join_all(freights.iter().map(|freight| {
        let progress = progress.clone();
        async move {
            let (Some(graph), Some(progress)) = (&freight.graph, progress) else {
                return Ok(None);
            };
            if !freight.step.copies {
                return Ok(None);
            }
            let module = several.then_some(freight.step.image.module.as_str());
            let watcher: Arc<dyn Watcher> = Arc::new(Bars::new(progress, module));
            let options = copy::Options {
                cold: freight.step.is_cold && !deep,
                deep,
                ..copy::Options::default()
            };
            let ends = freight.ends;
            copy::carry(graph, &ends.source, &ends.target, options, &watcher)
                .await
                .map(Some)
        }
    }))
    .await
}

/// A version that somebody changed since is somebody else's decision.
fn refuse_a_changed_version(job: &Job) -> Result<(), Failure> {
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

/// Returns what is to be remembered of this promotion.
fn record(job: &Job, scope: &Scope, plan: &Plan, no_write: bool) -> Result<Record, Failure> {
    let mut targets = Vec::new();
    for target in scope.targets.iter().filter(|_| !no_write) {
        targets.push(environment::absolute(target)?);
    }
    let moved = plan.steps.iter().filter(|step| !step.moves.is_empty());
    Ok(Record {
        version: job.version.to_string(),
        release: job.release.to_string(),
        source: environment::absolute(&job.source)?,
        targets,
        images: moved
            .map(|step| {
                Ok(Moved {
                    module: step.image.module.clone(),
                    place: step.to.absolute()?.to_string(),
                    digest: step.digest.to_string(),
                    tags: step
                        .moves
                        .iter()
                        .map(|each| MovedTag {
                            tag: each.tag.to_string(),
                            before: each.before.as_ref().map(ToString::to_string),
                        })
                        .collect(),
                })
            })
            .collect::<Result<_, Failure>>()?,
        undone: false,
    })
}

/// Moves every tag, the release's before those that move along, and reads all of them back.
async fn publish(freights: &[Freight<'_>], release: &Tag, ledger: &Ledger) -> Result<(), Failure> {
    let wanted = |of_release: bool| -> Vec<Wanted<'_>> {
        freights
            .iter()
            .flat_map(|freight| {
                freight.step.moves.iter().map(move |change| Wanted {
                    place: &freight.ends.target,
                    address: &freight.step.to,
                    manifest: &freight.manifest,
                    change,
                })
            })
            .filter(|wanted| (wanted.change.tag == *release) == of_release)
            .collect()
    };
    let (releases, floats) = (wanted(true), wanted(false));
    let note = |wanted: &Wanted<'_>| ledger.note(wanted.name());
    tags::set_all(&releases, note).await?;
    tags::set_all(&floats, note).await.map_err(|failure| {
        let state = failure.way_out().unwrap_or_default().to_owned();
        failure
            // every other code promises that nothing was changed
            .with_code(Code::Failed)
            .hint(format!("the release itself is published. {state}"))
    })?;
    try_join(tags::read_back(&releases), tags::read_back(&floats)).await?;
    Ok(())
}

/// Whether the version is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rehearsal {
    None,
    Shown,
    Silent,
}

/// Writes the release into the version file and what moves with it. Returns the files that differ.
fn write(
    job: &Job,
    scope: &Scope,
    rehearsal: Rehearsal,
    talk: Talk,
) -> Result<Vec<String>, Failures> {
    let current = job.version.to_string();
    let manner = Manner {
        if_current: Some(&current),
        dry_run: rehearsal != Rehearsal::None,
        floor: Floor::Release,
        silent: rehearsal == Rehearsal::Silent,
    };
    let change = change::change(&job.project, scope, manner, talk, |_| {
        Ok(job.release.clone())
    })?;
    Ok(change
        .files
        .iter()
        .map(|path| path.display().to_string())
        .collect())
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
