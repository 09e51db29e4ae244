//! What a run says: the facts of `--json`, and the sentences made of them.

use duat_registry::copy::{Action, Carried, Graph, Role};
use duat_registry::reference::Tag;
use duat_registry::transport::Counts;
use duat_registry::{Descriptor, Manifest};
use serde::Serialize;

use crate::plan::Step;
use crate::survey::Ends;

/// What a promotion did, or would do.
#[derive(Serialize)]
pub(crate) struct Report {
    /// The version that was found.
    pub version: String,
    /// The release: what is printed without `--json`.
    pub release: String,
    /// `promoted`, `planned`, or `none` where nothing was left to do.
    pub action: &'static str,
    pub images: Vec<ImageReport>,
    /// The files that were given the release, or with `--dry-run` would be.
    pub changed: Vec<String>,
    pub dry_run: bool,
    #[serde(flatten)]
    pub traffic: Traffic,
}

/// What went over the wire.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(crate) struct Traffic {
    pub requests: u64,
    pub bytes_sent: u64,
    pub bytes_received: u64,
}

impl From<Counts> for Traffic {
    fn from(counts: Counts) -> Self {
        Self {
            requests: counts.requests,
            bytes_sent: counts.sent,
            bytes_received: counts.received,
        }
    }
}

/// One image of a release.
#[derive(Serialize)]
pub(crate) struct ImageReport {
    pub module: String,
    /// Where it was tested and where it is released.
    pub source: String,
    pub target: String,
    /// The release, pinned to its digest.
    pub reference: String,
    pub digest: String,
    pub media_type: String,
    pub size: u64,
    /// The repository was made, or would be.
    pub makes_repository: bool,
    pub tags: Vec<TagReport>,
    pub manifests: Vec<ManifestReport>,
    pub blobs: Vec<BlobReport>,
}

/// A tag of the release.
#[derive(Serialize)]
pub(crate) struct TagReport {
    pub tag: String,
    pub reference: String,
    /// `created`, `moved`, `present`, or `kept` where a newer release has it.
    pub action: &'static str,
    /// What it pointed at before; null where it was not there.
    pub before: Option<String>,
}

/// A manifest that belongs to an image.
#[derive(Serialize)]
pub(crate) struct ManifestReport {
    pub digest: String,
    pub media_type: String,
    pub size: u64,
    /// `root`, `child`, `referrer` or `tagged`.
    pub role: &'static str,
    /// The manifest that a referrer is about.
    pub subject: Option<String>,
    pub artifact_type: Option<String>,
    pub action: &'static str,
}

/// A blob that belongs to an image.
#[derive(Serialize)]
pub(crate) struct BlobReport {
    pub digest: String,
    pub media_type: String,
    pub size: u64,
    pub action: &'static str,
}

impl ImageReport {
    /// Returns what became of one image; what will, where nothing has been carried yet.
    pub(crate) fn new(
        step: &Step,
        manifest: &Manifest,
        graph: Option<&Graph>,
        carried: Option<&Carried>,
    ) -> Self {
        let reference = |tag| step.to.tagged(tag);
        let tag = |tag, action, before: Option<String>| TagReport {
            reference: reference(tag),
            tag: tag.to_string(),
            action,
            before,
        };
        let moves = step.moves.iter().map(|each| {
            let action = if each.before.is_some() {
                "moved"
            } else {
                "created"
            };
            tag(
                &each.tag,
                action,
                each.before.as_ref().map(ToString::to_string),
            )
        });
        let digest = step.digest.to_string();
        let stand = step
            .stand
            .iter()
            .map(|each| tag(each, "present", Some(digest.clone())));
        let kept = step.kept.iter().map(|(each, _)| tag(each, "kept", None));
        let mut report = Self {
            module: step.image.module.clone(),
            source: step.from.to_string(),
            target: step.to.to_string(),
            reference: format!("{}@{digest}", step.to),
            media_type: manifest.media_type().to_owned(),
            size: manifest.size(),
            makes_repository: step.makes_repository,
            tags: moves.chain(stand).chain(kept).collect(),
            manifests: Vec::new(),
            blobs: Vec::new(),
            digest,
        };
        match (carried, graph) {
            (Some(carried), _) => report.add_carried(carried, step),
            (None, Some(graph)) if step.copies => report.add_planned(graph),
            _ => report.manifests.push(ManifestReport {
                digest: report.digest.clone(),
                media_type: report.media_type.clone(),
                size: report.size,
                role: "root",
                subject: None,
                artifact_type: manifest.view().artifact_type.clone(),
                action: "present",
            }),
        }
        report
    }

    fn add_carried(&mut self, carried: &Carried, step: &Step) {
        for entry in &carried.entries {
            let action = match entry.action {
                // the tag has put it
                Action::Awaiting if step.moves.is_empty() => "present",
                Action::Awaiting | Action::Sent => "copied",
                Action::Present => "present",
                Action::Mounted => "mounted",
                Action::Foreign => "foreign",
                Action::Kept => "kept",
            };
            let descriptor = &entry.descriptor;
            match &entry.role {
                Some(role) => {
                    let (role, subject) = role_of(role);
                    self.manifests.push(ManifestReport {
                        digest: descriptor.digest.to_string(),
                        media_type: descriptor.media_type.clone(),
                        size: descriptor.size,
                        role,
                        subject,
                        artifact_type: descriptor.artifact_type.clone(),
                        action,
                    });
                }
                None => self.blobs.push(BlobReport {
                    digest: descriptor.digest.to_string(),
                    media_type: descriptor.media_type.clone(),
                    size: descriptor.size,
                    action,
                }),
            }
        }
    }

    fn add_planned(&mut self, graph: &Graph) {
        for node in graph.nodes() {
            let (role, subject) = role_of(&node.role);
            self.manifests.push(ManifestReport {
                digest: node.manifest.digest().to_string(),
                media_type: node.manifest.media_type().to_owned(),
                size: node.manifest.size(),
                role,
                subject,
                artifact_type: node.manifest.view().artifact_type.clone(),
                action: "planned",
            });
        }
        self.blobs = graph
            .blobs()
            .into_iter()
            .map(|blob| BlobReport {
                digest: blob.digest.to_string(),
                media_type: blob.media_type.clone(),
                size: blob.size,
                action: "planned",
            })
            .collect();
    }

    /// Returns an image that was released before.
    pub(crate) fn standing(ends: &Ends, release: &Tag, found: &Descriptor) -> Self {
        let digest = found.digest.to_string();
        Self {
            module: ends.image.module.clone(),
            source: ends.from.to_string(),
            target: ends.to.to_string(),
            reference: format!("{}@{digest}", ends.to),
            media_type: found.media_type.clone(),
            size: found.size,
            makes_repository: false,
            tags: vec![TagReport {
                tag: release.to_string(),
                reference: ends.to.tagged(release),
                action: "present",
                before: Some(digest.clone()),
            }],
            manifests: Vec::new(),
            blobs: Vec::new(),
            digest,
        }
    }

    /// Returns what is to be done, for a person: a line, and one for each thing to do.
    pub(crate) fn plan(&self) -> String {
        let mut lines = vec![format!("{} from {}", self.reference, self.source)];
        if self.makes_repository {
            lines.push("  make the repository".to_owned());
        }
        if !self.blobs.is_empty() {
            let bytes: u64 = self.blobs.iter().map(|blob| blob.size).sum();
            lines.push(format!(
                "  copy what is missing of {} and {}, {bytes} bytes",
                number(self.manifests.len(), "manifest"),
                number(self.blobs.len(), "blob")
            ));
        }
        lines.extend(self.tags.iter().map(|tag| match (tag.action, &tag.before) {
            ("created", _) => format!("  tag it `{}`", tag.tag),
            ("moved", Some(before)) => format!("  move `{}` to it, from {before}", tag.tag),
            ("kept", _) => format!("  `{}` stays with a newer release", tag.tag),
            _ => format!("  `{}` is there", tag.tag),
        }));
        lines.join("\n")
    }

    /// Returns a line for a person.
    pub(crate) fn sentence(&self) -> String {
        let count = |action: &str| {
            self.blobs
                .iter()
                .filter(|blob| blob.action == action)
                .count()
        };
        let mut parts = Vec::new();
        for (action, word) in [
            ("mounted", "mounted"),
            ("copied", "copied"),
            ("present", "there"),
        ] {
            match count(action) {
                0 => {}
                some => parts.push(format!("{} {word}", number(some, "blob"))),
            }
        }
        let referrers = self
            .manifests
            .iter()
            .filter(|each| matches!(each.role, "referrer" | "tagged") && each.action == "copied")
            .count();
        if referrers > 0 {
            parts.push(format!("{} copied", number(referrers, "referrer")));
        }
        let tags: Vec<String> = self
            .tags
            .iter()
            .map(|tag| match tag.action {
                "present" => format!("`{}` was there", tag.tag),
                "kept" => format!("`{}` stays with a newer release", tag.tag),
                action => format!("`{}` {action}", tag.tag),
            })
            .collect();
        parts.extend(tags);
        format!("{}: {}", self.reference, parts.join(", "))
    }
}

/// Returns how many there are of something.
pub(crate) fn number(count: usize, thing: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {thing}{plural}")
}

fn role_of(role: &Role) -> (&'static str, Option<String>) {
    match role {
        Role::Root => ("root", None),
        Role::Child => ("child", None),
        Role::Referrer { subject } => ("referrer", Some(subject.to_string())),
        Role::Tagged { subject, .. } => ("tagged", Some(subject.to_string())),
    }
}
