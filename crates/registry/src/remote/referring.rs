//! Who refers to a manifest: the registry's own list, or the index under the fallback tag.

use std::collections::BTreeSet;

use bytes::Bytes;
use futures_util::StreamExt;
use http::Method;
use http::header::ACCEPT;
use serde_json::{Value, json};

use super::listing::Pages;
use super::{Errand, Remote};
use crate::descriptor::Descriptor;
use crate::digest::Digest;
use crate::error::{Error, Kind, Operation};
use crate::manifest::{Content, LARGEST, Manifest};
use crate::media::{self, OCI_INDEX};
use crate::reference::{Handle, Tag};
use crate::referrers::Referrers;

/// How many of a list's manifests are looked at together.
const TOGETHER: usize = 8;

/// How often an index that somebody else changes at the same time is written again.
const TRIES: usize = 4;

impl Remote {
    /// Returns who refers to a manifest, of this type of artifact or of any.
    ///
    /// Lists are not believed: registries answer with indexes that are something else, or go on
    /// naming what is gone. Each manifest is read, and counts if it is about the subject.
    pub async fn referrers(
        &self,
        subject: &Digest,
        artifact_type: Option<&str>,
    ) -> Result<Referrers, Error> {
        let errand = Errand::new(Operation::ListReferrers, self.place_of(subject));
        let (listed, kept_by_registry) = match self.listed(subject, artifact_type, &errand).await? {
            Some(listed) => (listed, true),
            None => (self.fallback(subject, &errand).await?, false),
        };
        let mut seen = BTreeSet::new();
        let listed = listed
            .into_iter()
            .filter(|entry| entry.digest != *subject && seen.insert(entry.digest.clone()));
        let read = futures_util::stream::iter(listed).map(|entry| async {
            let handle = Handle::Digest(entry.digest.clone());
            (self.manifest(&handle).await, entry)
        });
        let mut read = Box::pin(read.buffered(TOGETHER));
        let mut referrers = Referrers {
            kept_by_registry,
            ..Referrers::default()
        };
        while let Some((manifest, mut entry)) = read.next().await {
            let manifest = match manifest {
                Ok(manifest) => manifest,
                Err(error) if is_gone(&error) => continue,
                Err(error) => return Err(error),
            };
            let is_about_it = manifest
                .subject()
                .is_some_and(|about| about.digest == *subject);
            let own_type = manifest.view().artifact_type.clone();
            entry.artifact_type = entry.artifact_type.or(own_type);
            let is_wanted =
                artifact_type.is_none() || entry.artifact_type.as_deref() == artifact_type;
            if is_about_it && is_wanted {
                referrers.manifests.push(entry);
                referrers.contents.push(manifest);
            }
        }
        Ok(referrers)
    }

    /// Returns what the registry's own list names; nothing where it keeps none.
    async fn listed(
        &self,
        subject: &Digest,
        artifact_type: Option<&str>,
        errand: &Errand,
    ) -> Result<Option<Vec<Descriptor>>, Error> {
        let mut url = self.url(&format!("referrers/{subject}"), errand)?;
        if let Some(artifact_type) = artifact_type {
            url.query_pairs_mut()
                .append_pair("artifactType", artifact_type);
        }
        let mut listed = Vec::new();
        let mut pages = Pages::default();
        let mut next = Some(url);
        while let Some(url) = next {
            let call = self.call_to(Method::GET, url).header(ACCEPT, OCI_INDEX);
            let answer = match self.send(call, errand).await {
                Ok(answer) => answer,
                Err(error) if error.kind() == Kind::NoRepository => return Ok(Some(listed)),
                Err(error) if listed.is_empty() && keeps_none(&error) => return Ok(None),
                Err(error) => return Err(error),
            };
            // what is no index is some other page of some other server
            let is_index = answer
                .content_type()
                .is_some_and(|text| media::essence(text) == OCI_INDEX);
            if !answer.status.is_success() || !is_index {
                return Ok(None);
            }
            next = pages.after(&answer, errand)?;
            let body = answer.read(LARGEST + 1).await;
            let body = body.map_err(|failure| errand.failed(failure))?;
            let page = Manifest::read(body, Some(OCI_INDEX), None)
                .map_err(|error| errand.error(Kind::Protocol, error.to_string()))?;
            listed.extend(page.manifests().iter().cloned());
        }
        Ok(Some(listed))
    }

    /// Returns what the index under the fallback tag names; nothing where there is none.
    async fn fallback(&self, subject: &Digest, errand: &Errand) -> Result<Vec<Descriptor>, Error> {
        let index = self.fallback_index(subject, errand).await?;
        Ok(index
            .map(|index| index.manifests().to_vec())
            .unwrap_or_default())
    }

    async fn fallback_index(
        &self,
        subject: &Digest,
        errand: &Errand,
    ) -> Result<Option<Manifest>, Error> {
        let handle = Handle::Tag(fallback_tag(subject, errand)?);
        match self.read_manifest(&handle, errand).await {
            // some registries read the tag as the digest, and answer with the subject itself
            Ok(manifest) if manifest.digest() == subject => Ok(None),
            Ok(manifest) => match manifest.view().content {
                Content::Index { .. } => Ok(Some(manifest)),
                Content::Image { .. } | Content::Artifact { .. } => Ok(None),
            },
            Err(error) if is_gone(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Adds a referrer to the list under the subject's fallback tag: for registries that did not
    /// notice the subject when the referrer was put.
    ///
    /// Others may write the same list at the same time, and the last one wins: the list is read
    /// again afterwards, and written again if need be.
    pub async fn list_referrer(
        &self,
        subject: &Digest,
        referrer: &Descriptor,
    ) -> Result<(), Error> {
        let errand = Errand::new(Operation::ListReferrers, self.place_of(subject));
        let handle = Handle::Tag(fallback_tag(subject, &errand)?);
        for _ in 0..TRIES {
            let index = self.fallback_index(subject, &errand).await?;
            let names = |index: &Manifest| {
                let mut entries = index.manifests().iter();
                entries.any(|entry| entry.digest == referrer.digest)
            };
            if index.as_ref().is_some_and(names) {
                return Ok(());
            }
            let next = with_entry(index.as_ref(), referrer, &errand)?;
            self.put_manifest(&next, &handle).await?;
        }
        match self.fallback_index(subject, &errand).await? {
            Some(index)
                if index
                    .manifests()
                    .iter()
                    .any(|entry| entry.digest == referrer.digest) =>
            {
                Ok(())
            }
            _ => {
                let why = format!(
                    "the list under `{handle}` does not keep `{}`",
                    referrer.digest
                );
                Err(errand.error(Kind::Protocol, why))
            }
        }
    }
}

fn is_gone(error: &Error) -> bool {
    matches!(error.kind(), Kind::NotFound | Kind::NoRepository)
}

/// Tells whether a registry says that it keeps no lists: it does not know the question.
fn keeps_none(error: &Error) -> bool {
    matches!(
        error.kind(),
        Kind::NotFound | Kind::Unsupported | Kind::Refused
    )
}

fn fallback_tag(subject: &Digest, errand: &Errand) -> Result<Tag, Error> {
    let tag = subject.fallback_tag().parse();
    tag.map_err(|_| errand.error(Kind::Protocol, "no tag can be made of the digest"))
}

/// Returns an index with one more entry; the others stay as they are.
fn with_entry(
    index: Option<&Manifest>,
    referrer: &Descriptor,
    errand: &Errand,
) -> Result<Manifest, Error> {
    let wrong = |why: String| errand.error(Kind::Protocol, why);
    let mut document = match index {
        Some(index) => serde_json::from_slice(index.bytes()).map_err(|e| wrong(e.to_string()))?,
        None => json!({"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": []}),
    };
    let mut entry = json!({
        "mediaType": referrer.media_type,
        "digest": referrer.digest,
        "size": referrer.size,
    });
    if let Some(artifact_type) = &referrer.artifact_type {
        entry["artifactType"] = json!(artifact_type);
    }
    if !referrer.annotations.is_empty() {
        entry["annotations"] = json!(referrer.annotations);
    }
    match document.get_mut("manifests") {
        Some(Value::Array(entries)) => entries.push(entry),
        _ => document["manifests"] = json!([entry]),
    }
    let bytes = Bytes::from(document.to_string());
    Manifest::read(bytes, Some(OCI_INDEX), None).map_err(|error| wrong(error.to_string()))
}
