//! Why nothing was done, with what a person needs to decide what to do about it.

use duat_registry::media::ManifestKind;
use duat_registry::place::Place;
use duat_registry::reference::{Handle, Tag};
use duat_registry::{Digest, Manifest};
use duat_shell::{Code, Failure, Failures};
use futures_util::StreamExt;
use serde::Deserialize;

use crate::plan::Refusal;
use crate::survey::Ends;

/// How many tags are named where one was not found.
const TAGS_NAMED: usize = 8;
/// The largest config that is read for its dates and labels.
const LARGEST_CONFIG: usize = 4 << 20;
const REVISION: &str = "org.opencontainers.image.revision";
const CREATED: &str = "org.opencontainers.image.created";

/// Returns what is wrong with every image, told from what the registries know.
pub(crate) async fn explain(
    refusals: &[Refusal],
    ends: &[Ends],
    tested: &[Handle],
    release: &Tag,
) -> Failures {
    let mut failures = Vec::new();
    for refusal in refusals {
        match refusal {
            Refusal::NoSource { index } => {
                if let (Some(ends), Some(tested)) = (ends.get(*index), tested.get(*index)) {
                    failures.push(no_source(ends, tested, release).await);
                }
            }
            Refusal::Conflict {
                index,
                tested,
                released,
            } => {
                if let Some(ends) = ends.get(*index) {
                    failures.push(conflict(ends, release, tested, released).await);
                }
            }
        }
    }
    match Failures::of(failures) {
        Err(failures) => failures,
        Ok(()) => Failure::new(Code::Failed, "refused to promote").into(),
    }
}

async fn no_source(ends: &Ends, tested: &Handle, release: &Tag) -> Failure {
    let there = match ends.source.tags().await {
        Ok(tags) if tags.is_empty() => "it has no tags".to_owned(),
        Ok(tags) if tags.contains(&tested.to_string()) => {
            "the tag is there, but not the manifest that it is about".to_owned()
        }
        Ok(mut tags) => {
            let more = tags.len().saturating_sub(TAGS_NAMED);
            // the latest are the likeliest to be meant
            let tags = tags.split_off(more);
            let tags = format!("`{}`", tags.join("`, `"));
            if more == 0 {
                format!("there are {tags}")
            } else {
                format!("there are {tags} and {more} more")
            }
        }
        Err(error) if crate::survey::is_absence(&error) => "there is no such place".to_owned(),
        Err(_) => "its tags cannot be listed".to_owned(),
    };
    let failure = Failure::new(
        Code::NotFound,
        format!(
            "failed to find the tested image `{}`: {there}",
            ends.from.at(tested)
        ),
    );
    if tested.digest().is_some() {
        return failure.hint("name a place that has this image with `--from`.");
    }
    let handle = Handle::Tag(release.clone());
    if let Ok(Some(found)) = ends.target.find_manifest(&handle).await {
        return failure.hint(format!(
            "`{}` is there already ({}); if that is right, `semver release` writes the version.",
            ends.to.tagged(release),
            found.digest
        ));
    }
    failure.hint("push it first, or name the place where it is with `--from`, such as `oci:DIR`.")
}

async fn conflict(ends: &Ends, release: &Tag, tested: &Digest, released: &Digest) -> Failure {
    let theirs = About::of(&ends.target, released).await;
    let ours = About::of(&ends.source, tested).await;
    Failure::new(
        Code::Refused,
        format!(
            "refused to release `{}`: it holds {released}{theirs}, and the tested image is {tested}{ours}",
            ends.to.tagged(release)
        ),
    )
    .hint("a release is never replaced: nothing was written; `semver patch` begins the next version.")
}

/// What an image says of its making.
#[derive(Debug, Default, PartialEq, Eq)]
struct About {
    created: Option<String>,
    revision: Option<String>,
}

/// As much of an image's config as matters here.
#[derive(Deserialize)]
struct Config {
    created: Option<String>,
    config: Option<Labelled>,
}

#[derive(Deserialize)]
struct Labelled {
    #[serde(rename = "Labels")]
    labels: Option<std::collections::BTreeMap<String, String>>,
}

impl About {
    /// Asks as far as answers come: this is for the wording of an error.
    async fn of(place: &Place, digest: &Digest) -> Self {
        let Ok(root) = place.manifest(&Handle::Digest(digest.clone())).await else {
            return Self::default();
        };
        let mut about = Self::default();
        about.add_annotations(&root);
        let image = match root.kind() {
            ManifestKind::Index => {
                let real = |platform: &str| platform != "unknown";
                let first = root.manifests().iter().find(|child| {
                    child
                        .platform
                        .as_ref()
                        .is_none_or(|platform| real(&platform.os))
                });
                let Some(first) = first else { return about };
                match place.manifest(&Handle::Digest(first.digest.clone())).await {
                    Ok(image) => image,
                    Err(_) => return about,
                }
            }
            _ => root,
        };
        about.add_annotations(&image);
        if let Some(config) = config(place, &image).await {
            about.created = about.created.or(config.created);
            let labels = config.config.and_then(|config| config.labels);
            let mut labels = labels.unwrap_or_default();
            about.revision = about.revision.or_else(|| labels.remove(REVISION));
            about.created = about.created.or_else(|| labels.remove(CREATED));
        }
        about
    }

    fn add_annotations(&mut self, manifest: &Manifest) {
        let said = |key: &str| manifest.view().annotations.get(key).cloned();
        self.created = self.created.take().or_else(|| said(CREATED));
        self.revision = self.revision.take().or_else(|| said(REVISION));
    }
}

/// As ` (created …, revision …)`, or nothing. What strangers write is shown without its controls.
impl std::fmt::Display for About {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let clean = |text: &String| -> String {
            text.chars()
                .filter(|letter| !letter.is_control())
                .take(80)
                .collect()
        };
        let created = self
            .created
            .as_ref()
            .map(|text| format!("created {}", clean(text)));
        let revision = self
            .revision
            .as_ref()
            .map(|text| format!("revision {}", clean(text)));
        let parts: Vec<String> = created.into_iter().chain(revision).collect();
        if parts.is_empty() {
            return Ok(());
        }
        write!(f, " ({})", parts.join(", "))
    }
}

async fn config(place: &Place, image: &Manifest) -> Option<Config> {
    let config = *image.blobs().first()?;
    let mut stream = place.blob(config).open().await.ok()?;
    let mut bytes = Vec::new();
    while let Some(part) = stream.next().await {
        bytes.extend_from_slice(&part.ok()?);
        if bytes.len() > LARGEST_CONFIG {
            return None;
        }
    }
    serde_json::from_slice(&bytes).ok()
}
