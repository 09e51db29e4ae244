//! A manifest's JSON, as far as we look at it. It is read and never written.

use std::collections::BTreeMap;

use base64::Engine as _;
use serde::Deserialize;

use super::{Content, ManifestError, View};
use crate::descriptor::{Descriptor, Platform};
use crate::digest::Digest;
use crate::error::printable;
use crate::media::{self, ManifestKind};

/// The fields we look at. One that comes twice is an error: readers differ in which they believe.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    schema_version: Option<u64>,
    media_type: Option<String>,
    artifact_type: Option<String>,
    config: Option<Entry>,
    layers: Option<Vec<Entry>>,
    manifests: Option<Vec<Entry>>,
    blobs: Option<Vec<Entry>>,
    subject: Option<Entry>,
    annotations: Option<BTreeMap<String, String>>,
    fs_layers: Option<serde::de::IgnoredAny>,
}

/// A descriptor as it is written.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    media_type: Option<String>,
    digest: Digest,
    size: u64,
    artifact_type: Option<String>,
    platform: Option<Machine>,
    annotations: Option<BTreeMap<String, String>>,
    urls: Option<Vec<String>>,
    data: Option<String>,
}

/// A platform as it is written.
#[derive(Deserialize)]
struct Machine {
    os: Option<String>,
    architecture: Option<String>,
    variant: Option<String>,
    #[serde(rename = "os.version")]
    os_version: Option<String>,
}

/// Reads a manifest: what to call it, and what it says.
pub(super) fn read(
    bytes: &[u8],
    content_type: Option<&str>,
) -> Result<(String, View), ManifestError> {
    let announced = content_type.map(media::essence);
    if announced.as_deref().and_then(ManifestKind::of) == Some(ManifestKind::Schema1) {
        return Err(ManifestError::Schema1);
    }
    let document: Document = serde_json::from_slice(bytes).map_err(|error| {
        ManifestError::Malformed(format!("no manifest: {}", printable(&error.to_string())))
    })?;
    if document.schema_version == Some(1) || document.fs_layers.is_some() {
        return Err(ManifestError::Schema1);
    }
    let media_type = media_type(&document, announced)?;
    let kind = ManifestKind::of(&media_type).or_else(|| document.shape());
    let artifact_type = document
        .artifact_type
        .clone()
        .filter(|text| !text.is_empty());
    let subject = document.subject.as_ref().map(Entry::descriptor);
    let annotations = document.annotations.clone().unwrap_or_default();
    let content = document.content(kind, &media_type)?;
    let of_config = match &content {
        Content::Image { config, .. } => Some(config.media_type.clone()),
        Content::Index { .. } | Content::Artifact { .. } => None,
    };
    let view = View {
        content,
        subject,
        artifact_type: artifact_type.or(of_config.filter(|text| !text.is_empty())),
        annotations,
    };
    Ok((media_type, view))
}

/// Returns what to call a manifest: what it calls itself, else what the registry called it, else
/// what it looks like. If the first two are both known kinds they have to agree.
fn media_type(document: &Document, announced: Option<String>) -> Result<String, ManifestError> {
    let announced = announced.filter(|text| ManifestKind::of(text).is_some());
    let own = document
        .media_type
        .as_deref()
        .filter(|text| !text.is_empty());
    match (own, announced) {
        (Some(own), Some(announced)) if media::essence(own) != announced => {
            Err(ManifestError::Malformed(format!(
                "it calls itself `{}`, and the registry calls it `{announced}`",
                printable(own)
            )))
        }
        (Some(own), _) => Ok(own.to_owned()),
        (None, Some(announced)) => Ok(announced),
        (None, None) => match document.shape() {
            Some(ManifestKind::Image) => Ok(media::OCI_MANIFEST.to_owned()),
            Some(ManifestKind::Index) => Ok(media::OCI_INDEX.to_owned()),
            _ => Err(ManifestError::Malformed(
                "no manifest: it has no `mediaType`, and neither layers nor manifests".to_owned(),
            )),
        },
    }
}

impl Document {
    /// Returns the kind that the fields suggest, where they suggest one alone.
    fn shape(&self) -> Option<ManifestKind> {
        let is_image = self.config.is_some() || self.layers.is_some();
        match (is_image, self.manifests.is_some()) {
            (true, false) => Some(ManifestKind::Image),
            (false, true) => Some(ManifestKind::Index),
            _ => None,
        }
    }

    fn content(
        self,
        kind: Option<ManifestKind>,
        media_type: &str,
    ) -> Result<Content, ManifestError> {
        let malformed = |why: &str| Err(ManifestError::Malformed(why.to_owned()));
        let is_image = self.config.is_some() || self.layers.is_some();
        if is_image && self.manifests.is_some() {
            // one reader would copy the layers, another the manifests, and both be right
            return malformed("it has both layers and manifests");
        }
        match kind {
            Some(ManifestKind::Image) => {
                let Some(config) = self.config else {
                    return malformed("it is an image without a config");
                };
                Ok(Content::Image {
                    config: config.descriptor(),
                    layers: descriptors(self.layers),
                })
            }
            Some(ManifestKind::Index) if is_image => malformed("it is an index with layers"),
            Some(ManifestKind::Index) => Ok(Content::Index {
                manifests: descriptors(self.manifests),
            }),
            Some(ManifestKind::Artifact) => Ok(Content::Artifact {
                blobs: descriptors(self.blobs),
            }),
            Some(ManifestKind::Schema1) => Err(ManifestError::Schema1),
            None => Err(ManifestError::Malformed(format!(
                "`{}` is no manifest that is known",
                printable(media_type)
            ))),
        }
    }
}

fn descriptors(entries: Option<Vec<Entry>>) -> Vec<Descriptor> {
    let entries = entries.unwrap_or_default();
    entries.iter().map(Entry::descriptor).collect()
}

impl Entry {
    fn descriptor(&self) -> Descriptor {
        Descriptor {
            media_type: self.media_type.clone().unwrap_or_default(),
            digest: self.digest.clone(),
            size: self.size,
            artifact_type: self.artifact_type.clone().filter(|text| !text.is_empty()),
            platform: self.platform.as_ref().map(Machine::platform),
            annotations: self.annotations.clone().unwrap_or_default(),
            urls: self.urls.clone().unwrap_or_default(),
            data: self.content(),
        }
    }

    /// Returns the content that travels with the descriptor, if it is that content.
    fn content(&self) -> Option<Vec<u8>> {
        let text = self.data.as_ref()?;
        let data = base64::engine::general_purpose::STANDARD
            .decode(text)
            .ok()?;
        let is_it = data.len() as u64 == self.size && self.digest.verify(&data).is_ok();
        is_it.then_some(data)
    }
}

impl Machine {
    fn platform(&self) -> Platform {
        Platform {
            os: self.os.clone().unwrap_or_default(),
            architecture: self.architecture.clone().unwrap_or_default(),
            variant: self.variant.clone().filter(|text| !text.is_empty()),
            os_version: self.os_version.clone().filter(|text| !text.is_empty()),
        }
    }
}
