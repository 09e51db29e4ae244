//! What `docker save` writes: configurations and layers, and no manifests. They are made here, the
//! same from the same archive.

use std::collections::BTreeMap;

use bytes::Bytes;
use serde::Deserialize;

use super::members::Members;
use super::{Found, Trouble};
use crate::digest::{Algorithm, Digest, Hasher};
use crate::error::printable;
use crate::layout::{Index, Piece};
use crate::manifest::{LARGEST, Manifest};
use crate::media;

/// How many images one archive may have.
const MOST_IMAGES: usize = 1024;
/// How many layers one image may have.
const MOST_LAYERS: usize = 1024;
/// How much of a layer is hashed at once.
const CHUNK: u64 = 1 << 20;
/// An uncompressed layer.
const OCI_LAYER: &str = "application/vnd.oci.image.layer.v1.tar";
/// A layer compressed with zstd.
const OCI_LAYER_ZSTD: &str = "application/vnd.oci.image.layer.v1.tar+zstd";

/// An image of `manifest.json`.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Image {
    config: String,
    repo_tags: Option<Vec<String>>,
    layers: Option<Vec<String>>,
}

/// A configuration, as far as it tells what the layers are.
#[derive(Deserialize)]
struct Config {
    rootfs: Option<RootFs>,
}

#[derive(Deserialize)]
struct RootFs {
    diff_ids: Option<Vec<Digest>>,
}

/// A layer that has been looked at.
#[derive(Clone)]
struct Layer {
    digest: Digest,
    size: u64,
    media_type: &'static str,
}

pub(super) fn read(members: &Members, list: &[u8]) -> Result<Found, Trouble> {
    let images: Vec<Image> = serde_json::from_slice(list)
        .map_err(|error| malformed("manifest.json", &error.to_string()))?;
    if images.len() > MOST_IMAGES {
        let reason = format!("it has more than {MOST_IMAGES} images");
        return Err(Trouble::Hostile(reason));
    }
    let mut found = Found {
        index: Index::empty(),
        docker: true,
        made: BTreeMap::new(),
        blobs: BTreeMap::new(),
    };
    let mut known: BTreeMap<String, Layer> = BTreeMap::new();
    for image in images {
        let manifest = manifest(members, &image, &mut known, &mut found.blobs)?;
        for name in image.repo_tags.unwrap_or_default() {
            found.index.name(&name, &manifest);
        }
        found.index.add(&manifest.descriptor());
        found
            .made
            .insert(manifest.digest().clone(), manifest.bytes().clone());
    }
    Ok(found)
}

fn manifest(
    members: &Members,
    image: &Image,
    known: &mut BTreeMap<String, Layer>,
    blobs: &mut BTreeMap<Digest, Piece>,
) -> Result<Manifest, Trouble> {
    let config = piece(members, &image.config)?.clone();
    let text = config.bytes(LARGEST)?;
    let read: Config = serde_json::from_slice(&text)
        .map_err(|error| malformed(&image.config, &error.to_string()))?;
    let unpacked = read.rootfs.and_then(|rootfs| rootfs.diff_ids);
    let unpacked = unpacked.unwrap_or_default();
    let names = image.layers.as_deref().unwrap_or_default();
    if names.len() > MOST_LAYERS || names.len() != unpacked.len() {
        let reason = format!(
            "it lists {} layers, and {} are there",
            unpacked.len(),
            names.len()
        );
        return Err(malformed(&image.config, &reason));
    }
    let mut layers = Vec::new();
    for (name, unpacked) in names.iter().zip(&unpacked) {
        let layer = if let Some(layer) = known.get(name) {
            layer.clone()
        } else {
            let found = piece(members, name)?;
            let layer = look_at(found)?;
            blobs.insert(layer.digest.clone(), found.clone());
            known.insert(name.clone(), layer.clone());
            layer
        };
        if layer.media_type == OCI_LAYER && layer.digest != *unpacked {
            let name = printable(name);
            let reason = format!("its layer `{name}` is `{}`, not `{unpacked}`", layer.digest);
            return Err(Trouble::Unverified(reason));
        }
        layers.push(serde_json::json!({
            "mediaType": layer.media_type,
            "digest": layer.digest,
            "size": layer.size,
        }));
    }
    let digest = Digest::of(&text);
    let body = serde_json::json!({
        "schemaVersion": 2,
        "mediaType": media::OCI_MANIFEST,
        "config": {"mediaType": media::OCI_CONFIG, "digest": digest, "size": text.len()},
        "layers": layers,
    });
    blobs.insert(digest, config);
    let body = Bytes::from(body.to_string());
    Manifest::read(body, None, None).map_err(|error| Trouble::Malformed(error.to_string()))
}

fn piece<'a>(members: &'a Members, name: &str) -> Result<&'a Piece, Trouble> {
    members.get(name).ok_or_else(|| {
        let name = printable(name);
        Trouble::Malformed(format!("its member `{name}` is missing"))
    })
}

/// Returns what a layer is.
fn look_at(piece: &Piece) -> Result<Layer, Trouble> {
    let start = piece.read(0, piece.size().min(4))?;
    let media_type = if start.starts_with(b"\x1f\x8b") {
        media::OCI_LAYER_GZIP
    } else if start.starts_with(b"\x28\xb5\x2f\xfd") {
        OCI_LAYER_ZSTD
    } else {
        OCI_LAYER
    };
    let mut hasher = Hasher::new(Algorithm::Sha256);
    let mut seen = 0;
    while seen < piece.size() {
        let bytes = piece.read(seen, (piece.size() - seen).min(CHUNK))?;
        hasher.update(&bytes);
        seen += bytes.len() as u64;
    }
    Ok(Layer {
        digest: hasher.finish(),
        size: piece.size(),
        media_type,
    })
}

fn malformed(name: &str, reason: &str) -> Trouble {
    Trouble::Malformed(format!("`{}`: {}", printable(name), printable(reason)))
}
