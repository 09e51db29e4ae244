//! What a registry keeps.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::Value;

use crate::image::{Content, Image, media};

#[derive(Default)]
pub(super) struct Store {
    repositories: BTreeMap<String, Repository>,
    pub(super) sessions: BTreeMap<String, Session>,
    begun: usize,
}

#[derive(Default)]
pub(super) struct Repository {
    pub(super) blobs: BTreeMap<String, Arc<[u8]>>,
    pub(super) manifests: BTreeMap<String, Content>,
    pub(super) tags: BTreeMap<String, String>,
}

/// An upload that has been begun.
#[derive(Default)]
pub(super) struct Session {
    pub(super) repository: String,
    pub(super) bytes: Vec<u8>,
    /// Changes with every request.
    pub(super) state: usize,
    /// The end of the first chunk.
    pub(super) first: Option<usize>,
}

impl Store {
    pub(super) fn get(&self, name: &str) -> Option<&Repository> {
        self.repositories.get(name)
    }

    pub(super) fn create(&mut self, name: &str) -> &mut Repository {
        self.repositories.entry(name.to_owned()).or_default()
    }

    pub(super) fn repositories(&self) -> Vec<String> {
        self.repositories.keys().cloned().collect()
    }

    /// Begins an upload, and returns its name.
    pub(super) fn begin(&mut self, repository: &str) -> String {
        self.begun += 1;
        let name = format!("5e55{:08x}", self.begun);
        let session = Session {
            repository: repository.to_owned(),
            ..Session::default()
        };
        self.sessions.insert(name.clone(), session);
        name
    }
}

impl Repository {
    pub(super) fn put_blob(&mut self, blob: &Content) {
        self.blobs
            .insert(blob.digest.clone(), Arc::clone(&blob.bytes));
    }

    pub(super) fn put_manifest(&mut self, manifest: Content) {
        self.manifests.insert(manifest.digest.clone(), manifest);
    }

    /// Puts all that belongs to an image, and the lists under fallback tags if they are wanted.
    pub(super) fn put_image(&mut self, image: &Image, indexed: bool) {
        for blob in &image.blobs {
            self.put_blob(blob);
        }
        for manifest in image.manifests.iter().chain(&image.referrers) {
            self.put_manifest(manifest.clone());
        }
        for (tag, manifest) in &image.attached {
            self.put_manifest(manifest.clone());
            self.tags.insert(tag.clone(), manifest.digest.clone());
        }
        if indexed {
            let subjects = image.referrers.iter().filter_map(subject);
            for subject in subjects.collect::<BTreeSet<String>>() {
                let list = self.referrers(&subject, None);
                let list = Content::new(media::OCI_INDEX, list.to_string().into_bytes());
                self.tags
                    .insert(subject.replace(':', "-"), list.digest.clone());
                self.put_manifest(list);
            }
        }
    }

    pub(super) fn remove(&mut self, digest: &str) {
        self.blobs.remove(digest);
        self.manifests.remove(digest);
        self.tags.retain(|_, held| held != digest);
    }

    /// Returns the manifest that a tag or digest leads to.
    pub(super) fn resolve(&self, reference: &str) -> Option<&Content> {
        let digest = self.tags.get(reference).map_or(reference, String::as_str);
        self.manifests.get(digest)
    }

    /// Tells whether a manifest names a blob.
    pub(super) fn refers_to(&self, blob: &str) -> bool {
        let mut manifests = self.manifests.values();
        manifests.any(|manifest| needed(manifest).blobs.iter().any(|digest| digest == blob))
    }

    /// Returns the list of the manifests with this subject, all or those of one type.
    pub(super) fn referrers(&self, subject_digest: &str, artifact_type: Option<&str>) -> Value {
        let manifests = self.manifests.values();
        let about =
            manifests.filter(|manifest| subject(manifest).as_deref() == Some(subject_digest));
        let entries = about.map(|manifest| {
            let read = json(manifest);
            let kind = [&read["artifactType"], &read["config"]["mediaType"]];
            let kind = kind.into_iter().find(|value| value.is_string());
            serde_json::json!({
                "mediaType": manifest.media_type,
                "digest": manifest.digest,
                "size": manifest.bytes.len(),
                "artifactType": kind,
                "annotations": read["annotations"],
            })
        });
        let of_type =
            |entry: &Value| artifact_type.is_none_or(|kind| entry["artifactType"] == kind);
        let entries: Vec<Value> = entries.filter(of_type).map(without_nulls).collect();
        serde_json::json!({
            "schemaVersion": 2,
            "mediaType": media::OCI_INDEX,
            "manifests": entries,
        })
    }
}

/// What must be there before a manifest.
#[derive(Default)]
pub(super) struct Needed {
    pub(super) blobs: Vec<String>,
    pub(super) manifests: Vec<String>,
}

/// Returns what must be there before a manifest: nothing that is kept elsewhere, and not its subject.
pub(super) fn needed(manifest: &Content) -> Needed {
    let read = json(manifest);
    let list = |name: &str| read[name].as_array().cloned().unwrap_or_default();
    let digests = |entries: Vec<Value>| {
        let kept = entries
            .into_iter()
            .filter(|entry| entry["urls"].as_array().is_none_or(Vec::is_empty));
        kept.filter_map(|entry| Some(entry["digest"].as_str()?.to_owned()))
            .collect()
    };
    let mut blobs = list("layers");
    blobs.push(read["config"].clone());
    Needed {
        blobs: digests(blobs),
        manifests: digests(list("manifests")),
    }
}

/// Returns the digest of the subject of a manifest.
pub(super) fn subject(manifest: &Content) -> Option<String> {
    Some(json(manifest)["subject"]["digest"].as_str()?.to_owned())
}

pub(super) fn json(manifest: &Content) -> Value {
    serde_json::from_slice(&manifest.bytes).unwrap_or_default()
}

fn without_nulls(mut value: Value) -> Value {
    if let Value::Object(members) = &mut value {
        members.retain(|_, value| !value.is_null());
    }
    value
}
