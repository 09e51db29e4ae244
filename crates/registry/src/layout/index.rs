//! `index.json`: read as far as it is understood, written with all else as it was.

use std::collections::BTreeMap;

use bytes::Bytes;
use serde::Deserialize;
use serde_json::value::{RawValue, to_raw_value};

use crate::descriptor::Descriptor;
use crate::digest::Digest;
use crate::error::printable;
use crate::manifest::Manifest;
use crate::media;

/// The annotation that carries a tag.
const NAME: &str = "org.opencontainers.image.ref.name";
/// Fields that are written first.
const FIRST: [&str; 3] = ["schemaVersion", "mediaType", "manifests"];

/// The index of a layout.
#[derive(Clone, Debug)]
pub(crate) struct Index {
    /// All fields but the entries, as they are written.
    fields: BTreeMap<String, Box<RawValue>>,
    entries: Vec<Entry>,
}

#[derive(Clone, Debug)]
struct Entry {
    descriptor: Descriptor,
    /// As it is written.
    text: Box<RawValue>,
}

impl Index {
    /// Returns an index of nothing.
    pub(crate) fn empty() -> Self {
        let field = |name: &str, value: serde_json::Value| {
            let text = to_raw_value(&value).ok()?;
            Some((name.to_owned(), text))
        };
        let fields = [
            field("schemaVersion", serde_json::json!(2)),
            field("mediaType", serde_json::json!(media::OCI_INDEX)),
        ];
        Self {
            fields: fields.into_iter().flatten().collect(),
            entries: Vec::new(),
        }
    }

    /// Reads an index.
    pub(crate) fn read(bytes: &Bytes) -> Result<Self, String> {
        let read = Manifest::read(bytes.clone(), Some(media::OCI_INDEX), None);
        let read = read.map_err(|error| error.to_string())?;
        let malformed = |error: serde_json::Error| printable(&error.to_string());
        let mut fields: BTreeMap<String, Box<RawValue>> =
            serde_json::from_slice(bytes).map_err(malformed)?;
        let entries = fields.remove("manifests");
        let entries: Option<Vec<Box<RawValue>>> = match entries {
            Some(entries) => serde_json::from_str(entries.get()).map_err(malformed)?,
            None => None,
        };
        let entries = entries.unwrap_or_default();
        let entries = read
            .manifests()
            .iter()
            .zip(entries)
            .map(|(known, text)| Entry {
                descriptor: known.clone(),
                text,
            });
        Ok(Self {
            entries: entries.collect(),
            fields,
        })
    }

    /// Returns the index as it is written.
    pub(crate) fn text(&self) -> String {
        let entries: Vec<&str> = self.entries.iter().map(|entry| entry.text.get()).collect();
        let entries = format!("[{}]", entries.join(","));
        let first = FIRST.iter().filter_map(|&name| match name {
            "manifests" => Some((name, entries.as_str())),
            name => Some((name, self.fields.get(name)?.get())),
        });
        let others = self
            .fields
            .iter()
            .filter(|(name, _)| !FIRST.contains(&name.as_str()));
        let all = first.chain(others.map(|(name, value)| (name.as_str(), value.get())));
        let members: Vec<String> = all
            .map(|(name, value)| format!("{}:{value}", serde_json::Value::from(name)))
            .collect();
        format!("{{{}}}", members.join(","))
    }

    /// Returns the manifests that it names.
    pub(crate) fn entries(&self) -> impl Iterator<Item = &Descriptor> {
        self.entries.iter().map(|entry| &entry.descriptor)
    }

    /// Returns the tags, in their order.
    pub(crate) fn tags(&self) -> Vec<String> {
        let names = self.entries().filter_map(name_of);
        names.map(|name| tag_of(name).to_owned()).collect()
    }

    /// Returns what a tag leads to: an entry of this name, or else one whose whole name ends in it.
    pub(crate) fn find(&self, tag: &str) -> Result<Option<&Descriptor>, String> {
        let own = |name: &str| name == tag;
        let whole = |name: &str| tag_of(name) == tag;
        let named = |is_it: &dyn Fn(&str) -> bool| -> Vec<&Descriptor> {
            let entries = self.entries();
            entries
                .filter(|entry| name_of(entry).is_some_and(is_it))
                .collect()
        };
        let mut found = named(&own);
        if found.is_empty() {
            found = named(&whole);
        }
        let first = found.first().copied();
        match found
            .iter()
            .find(|entry| Some(&entry.digest) != first.map(|first| &first.digest))
        {
            None => Ok(first),
            Some(other) => Err(format!(
                "`{tag}` is the name of `{}` and of `{}`",
                first
                    .map(|first| first.digest.to_string())
                    .unwrap_or_default(),
                other.digest
            )),
        }
    }

    /// Gives a manifest a name, which another one loses.
    pub(crate) fn name(&mut self, tag: &str, manifest: &Manifest) {
        if self
            .find(tag)
            .is_ok_and(|found| found.map(|found| &found.digest) == Some(manifest.digest()))
        {
            return;
        }
        self.unname(tag);
        let mut descriptor = Descriptor::new(
            manifest.media_type(),
            manifest.digest().clone(),
            manifest.size(),
        );
        descriptor
            .annotations
            .insert(NAME.to_owned(), tag.to_owned());
        self.push(descriptor);
    }

    /// Takes a name away; the entry goes with it.
    pub(crate) fn unname(&mut self, tag: &str) {
        let has_own = self.entries().any(|entry| name_of(entry) == Some(tag));
        self.entries.retain(|entry| {
            let name = name_of(&entry.descriptor);
            !name.is_some_and(|name| {
                if has_own {
                    name == tag
                } else {
                    tag_of(name) == tag
                }
            })
        });
    }

    /// Adds a manifest without a name, unless it is there.
    pub(crate) fn add(&mut self, descriptor: &Descriptor) {
        if self
            .entries()
            .all(|entry| entry.digest != descriptor.digest)
        {
            self.push(descriptor.clone());
        }
    }

    /// Removes all entries of a manifest.
    pub(crate) fn remove(&mut self, digest: &Digest) {
        self.entries
            .retain(|entry| entry.descriptor.digest != *digest);
    }

    fn push(&mut self, descriptor: Descriptor) {
        let mut value = serde_json::json!({
            "mediaType": descriptor.media_type,
            "digest": descriptor.digest,
            "size": descriptor.size,
        });
        if let Some(artifact_type) = &descriptor.artifact_type {
            value["artifactType"] = serde_json::json!(artifact_type);
        }
        if !descriptor.annotations.is_empty() {
            value["annotations"] = serde_json::json!(descriptor.annotations);
        }
        // texts and numbers can be written
        if let Ok(text) = to_raw_value(&value) {
            self.entries.push(Entry { descriptor, text });
        }
    }
}

/// Tells what is wrong with the text of `oci-layout`, if something is.
pub(crate) fn check_version(text: &[u8]) -> Result<(), String> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Marker {
        image_layout_version: String,
    }
    let marker: Marker = serde_json::from_slice(text)
        .map_err(|error| format!("`oci-layout`: {}", printable(&error.to_string())))?;
    let version = marker.image_layout_version;
    if version.starts_with("1.") {
        Ok(())
    } else {
        let version = printable(&version);
        Err(format!(
            "the layout has version `{version}`, and 1 is what is known"
        ))
    }
}

fn name_of(descriptor: &Descriptor) -> Option<&str> {
    descriptor.annotations.get(NAME).map(String::as_str)
}

/// Returns the tag of a name, which may be a whole reference.
fn tag_of(name: &str) -> &str {
    let name = name.split('@').next().unwrap_or_default();
    match name.rsplit_once(':') {
        Some((_, tag)) if !tag.contains('/') => tag,
        _ => name,
    }
}
