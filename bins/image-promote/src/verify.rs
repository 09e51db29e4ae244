//! Whether the release is what was promoted, and all of it is there.

use duat_registry::Manifest;
use duat_registry::copy;
use duat_registry::reference::{Handle, Tag};
use duat_shell::{Code, Failure, Failures, Talk};
use serde::Serialize;

use crate::args;
use crate::border;
use crate::job::Job;
use crate::record::Record;
use crate::report::{Traffic, number};
use crate::survey::{self, Ends};
use crate::world::World;

/// How many missing parts are named.
const NAMED: usize = 5;

/// What was found of a release.
#[derive(Serialize)]
pub(crate) struct Report {
    pub release: String,
    pub images: Vec<Verified>,
    #[serde(flatten)]
    pub traffic: Traffic,
}

/// An image of a release that is as it should be.
#[derive(Serialize)]
pub(crate) struct Verified {
    pub module: String,
    pub reference: String,
    pub digest: String,
    /// What the digest was compared with: `record`, `source`, both or nothing.
    pub compared_with: Vec<&'static str>,
    /// How many manifests and blobs were found to be there; null without `--deep`.
    pub manifests: Option<usize>,
    pub blobs: Option<usize>,
}

/// Compares every image of the release with what was promoted.
pub(crate) async fn verify(
    job: &Job,
    args: &args::Verify,
    world: &World,
    talk: Talk,
) -> Result<Report, Failures> {
    let ends = world.ends(job, &args.places).await?;
    let release = job.tag(&job.release)?;
    let tested = job.is_open().then(|| job.tag(&job.version)).transpose()?;
    let record = Record::read(&job.git_dir)?
        .filter(|record| !record.undone && record.release == job.release.to_string());
    let mut images = Vec::new();
    let mut failures = Vec::new();
    for ends in &ends {
        let judged = judge(ends, &release, tested.as_ref(), record.as_ref(), args.deep).await;
        match judged {
            Ok(verified) => {
                talk.say(sentence(&verified));
                images.push(verified);
            }
            Err(failure) => failures.push(failure),
        }
    }
    Failures::of(failures)?;
    Ok(Report {
        release: job.release.to_string(),
        images,
        traffic: world.counts().into(),
    })
}

async fn judge(
    ends: &Ends,
    release: &Tag,
    tested: Option<&Tag>,
    record: Option<&Record>,
    deep: bool,
) -> Result<Verified, Failure> {
    let name = ends.to.tagged(release);
    let manifest = match ends.target.manifest(&Handle::Tag(release.clone())).await {
        Ok(manifest) => manifest,
        Err(error) if survey::is_absence(&error) => {
            return Err(Failure::new(
                Code::NotFound,
                format!("failed to find the release `{name}`"),
            )
            .hint("`image-promote` makes it from the tested image."));
        }
        Err(error) => return Err(border::failure(&error)),
    };
    let mut compared_with = Vec::new();
    let place = ends.to.absolute()?.to_string();
    let recorded = record.and_then(|record| {
        let here = record.images.iter().filter(|moved| moved.place == place);
        let mut ours =
            here.filter(|moved| moved.tags.iter().any(|moved| moved.tag == release.as_str()));
        ours.next()
    });
    if let Some(recorded) = recorded {
        compare(&name, &manifest, &recorded.digest, "what was promoted")?;
        compared_with.push("record");
    }
    if let Some(tested) = tested {
        let found = ends
            .source
            .find_manifest(&Handle::Tag(tested.clone()))
            .await;
        if let Some(found) = found.map_err(|error| border::failure(&error))? {
            compare(
                &name,
                &manifest,
                &found.digest.to_string(),
                "the tested image",
            )?;
            compared_with.push("source");
        }
    }
    let mut verified = Verified {
        module: ends.image.module.clone(),
        reference: format!("{}@{}", ends.to, manifest.digest()),
        digest: manifest.digest().to_string(),
        compared_with,
        manifests: None,
        blobs: None,
    };
    if deep {
        let checked = complete(ends, manifest).await?;
        verified.manifests = Some(checked.manifests);
        verified.blobs = Some(checked.blobs);
    }
    Ok(verified)
}

fn compare(name: &str, manifest: &Manifest, expected: &str, what: &str) -> Result<(), Failure> {
    let found = manifest.digest().to_string();
    if found == expected {
        return Ok(());
    }
    Err(Failure::new(
        Code::Unverified,
        format!("failed to verify `{name}`: it is {found}, and {what} is {expected}"),
    )
    .hint("somebody has moved the tag: find out who before anything is deployed from it."))
}

/// Looks for every part of an image at the target.
pub(crate) async fn complete(ends: &Ends, root: Manifest) -> Result<copy::Checked, Failure> {
    let digest = root.digest().clone();
    let checked = copy::check(&ends.target, root)
        .await
        .map_err(|error| border::failure(&error))?;
    if checked.missing.is_empty() {
        return Ok(checked);
    }
    let named: Vec<String> = checked
        .missing
        .iter()
        .take(NAMED)
        .map(|missing| format!("`{}`", missing.digest))
        .collect();
    let more = checked.missing.len().saturating_sub(NAMED);
    let more = if more == 0 {
        String::new()
    } else {
        format!(" and {more} more")
    };
    Err(Failure::new(
        Code::Unverified,
        format!(
            "failed to verify `{}@{digest}`: the registry has lost {}{more}",
            ends.to,
            named.join(", ")
        ),
    )
    .hint(
        "`image-promote --deep --from PLACE` sends what is missing again, from where it still is.",
    ))
}

fn sentence(verified: &Verified) -> String {
    let compared = match verified.compared_with.as_slice() {
        [] => "there, and nothing is known to compare it with".to_owned(),
        known => format!("as the {} says", known.join(" and the ")),
    };
    match (verified.manifests, verified.blobs) {
        (Some(manifests), Some(blobs)) => format!(
            "{}: {compared}; complete: {}, {}",
            verified.reference,
            number(manifests, "manifest"),
            number(blobs, "blob")
        ),
        _ => format!("{}: {compared}", verified.reference),
    }
}
