//! A promotion, in its order: look at everything, copy what is missing, move the tags, verify, write the version.

use duat_registry::Manifest;
use duat_registry::reference::{Handle, Tag};
use duat_shell::{Failure, Failures, Talk};
use futures_util::future::try_join;

use crate::args;
use crate::border;
use crate::float::Float;
use crate::freight::{Freight, Freights};
use crate::job::Job;
use crate::ledger::Ledger;
use crate::plan::Plan;
use crate::record::Record;
use crate::refusal;
use crate::released::Released;
use crate::report::{ImageReport, Report};
use crate::rewrite::Rewrite;
use crate::survey::{self, Ends};
use crate::tags::{self, Wanted};
use crate::world::{self, World};

/// Makes the tested images the release.
pub(crate) async fn promote(
    job: &Job,
    args: &args::Promote,
    world: &World,
    ledger: &Ledger,
    talk: Talk,
) -> Result<Report, Failures> {
    let release = job.tag(&job.release)?;
    let floats = Float::read(&args.also, job)?;
    let creation = world::creation(&args.repositories)?;
    let rewrite = Rewrite::prepare(job, args, talk)?;
    let report = |action, images, changed| Report {
        version: job.version.to_string(),
        release: job.release.to_string(),
        action,
        images,
        changed,
        dry_run: args.dry_run,
        traffic: world.counts().into(),
    };

    let ends = world.ends(job, &args.places).await?;
    let (ends, tested) = if job.is_open() {
        let tested = Handle::Tag(job.tag(&job.version)?);
        let tested = vec![tested; ends.len()];
        (ends, tested)
    } else {
        let released = Released::find(job, &ends, &release).await?;
        if floats.is_empty() && args.require.is_empty() && !args.deep {
            return Ok(report(
                "none",
                released.reports(&ends, &release),
                Vec::new(),
            ));
        }
        // another place is looked at for what this one has lost, and for nothing else
        let ends = ends.into_iter();
        let ends = ends.map(|ends| if args.deep { ends } else { ends.released() });
        (ends.collect(), released.handles())
    };
    let (plan, manifests) = plan(job, &ends, &tested, &release, &floats, args.deep).await?;
    let freights = Freights::gather(&ends, &plan, manifests, args).await?;
    if args.deep {
        freights.look_for_losses().await?;
    }
    if args.dry_run {
        let changed = rewrite.show()?;
        let is_done = plan.is_done() && changed.is_empty();
        let images = freights.images.iter();
        let images = images.map(|freight| told(freight, None)).collect();
        return Ok(report(
            if is_done { "none" } else { "planned" },
            images,
            changed,
        ));
    }

    freights.make_repositories(world, creation.as_ref()).await?;
    let carried = freights.carry(talk).await?;
    rewrite.refuse_a_changed_version()?;
    // what a release has lost and is given again is no promotion: nothing could be taken back
    let moves = plan.steps.iter().any(|step| !step.moves.is_empty());
    if moves || !rewrite.is_off() {
        let before = Record::read(&job.git_dir)?;
        Record::of(job, &rewrite, &plan)?
            .continuing(before)
            .write(&job.git_dir)?;
    }
    publish(&freights.images, &release, world, ledger).await?;
    let changed = rewrite.carry_out()?;
    let is_done = plan.is_done() && changed.is_empty();
    let images = freights.images.iter().zip(&carried);
    let images = images.map(|(freight, carried)| told(freight, carried.as_ref()));
    let action = if is_done { "none" } else { "promoted" };
    Ok(report(action, images.collect(), changed))
}

/// Looks at both ends of every image. Returns what is to be done, and the tested manifests.
async fn plan(
    job: &Job,
    ends: &[Ends],
    tested: &[Handle],
    release: &Tag,
    floats: &[Float],
    deep: bool,
) -> Result<(Plan, Vec<Manifest>), Failures> {
    let looked = survey::look(ends, tested, release, floats)
        .await
        .map_err(|error| border::failure(&error))?;
    let (seen, manifests): (Vec<_>, Vec<_>) = looked
        .into_iter()
        .map(|looked| (looked.seen, looked.manifest))
        .unzip();
    match Plan::of(seen, release, &job.release, deep) {
        Ok(plan) => Ok((plan, manifests.into_iter().flatten().collect())),
        Err(refusals) => Err(refusal::explain(&refusals, ends, tested, release).await),
    }
}

fn told(freight: &Freight<'_>, carried: Option<&duat_registry::copy::Carried>) -> ImageReport {
    let graph = freight.graph.as_ref();
    ImageReport::new(freight.step, &freight.manifest, graph, carried)
}

/// Moves every tag, the release's before those that move along, and reads all of them back.
async fn publish(
    freights: &[Freight<'_>],
    release: &Tag,
    world: &World,
    ledger: &Ledger,
) -> Result<(), Failure> {
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
    tags::set_all(&releases, world, ledger).await?;
    tags::set_all(&floats, world, ledger)
        .await
        .map_err(|failure| {
            let state = failure.way_out().unwrap_or_default().to_owned();
            failure
                // every other code promises that nothing was changed
                .with_code(duat_shell::Code::Failed)
                .hint(format!("the release itself is published. {state}"))
        })?;
    try_join(tags::read_back(&releases), tags::read_back(&floats)).await?;
    Ok(())
}
