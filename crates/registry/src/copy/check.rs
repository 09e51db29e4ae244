//! Whether all of an image is where it should be.

use std::collections::BTreeSet;

use futures_util::stream::{FuturesUnordered, StreamExt};

use crate::descriptor::Descriptor;
use crate::error::{Error, Kind};
use crate::manifest::Manifest;
use crate::place::Place;
use crate::reference::Handle;

/// What a walk through an image found.
#[derive(Clone, Debug, Default)]
pub struct Checked {
    /// How many manifests are there.
    pub manifests: usize,
    /// How many blobs are there.
    pub blobs: usize,
    /// What is named and not there, or not as long as it should be.
    pub missing: Vec<Descriptor>,
}

/// Looks for every manifest and every blob that an image names, down to the last index.
///
/// Manifests are read, and so proven; of blobs the registry's word on digest and size is taken.
pub async fn check(place: &Place, root: Manifest) -> Result<Checked, Error> {
    let mut checked = Checked {
        manifests: 1,
        ..Checked::default()
    };
    let mut known = BTreeSet::from([root.digest().clone()]);
    let mut manifests = vec![root];
    let mut blobs: Vec<Descriptor> = Vec::new();
    while let Some(manifest) = manifests.pop() {
        for blob in manifest
            .blobs()
            .into_iter()
            .filter(|blob| !blob.is_foreign())
        {
            if known.insert(blob.digest.clone()) {
                blobs.push(blob.clone());
            }
        }
        let mut pending: FuturesUnordered<_> = manifest
            .manifests()
            .iter()
            .filter(|child| known.insert(child.digest.clone()))
            .map(|child| async move {
                let found = place.manifest(&Handle::Digest(child.digest.clone())).await;
                (child, found)
            })
            .collect();
        while let Some((child, found)) = pending.next().await {
            match found {
                Ok(found) => {
                    checked.manifests += 1;
                    manifests.push(found);
                }
                Err(error) if matches!(error.kind(), Kind::NotFound | Kind::NoRepository) => {
                    checked.missing.push(child.clone());
                }
                Err(error) => return Err(error),
            }
        }
    }
    let mut pending: FuturesUnordered<_> = blobs
        .iter()
        .map(|blob| async move { (blob, place.find_blob(&blob.digest).await) })
        .collect();
    while let Some((blob, found)) = pending.next().await {
        if found? == Some(blob.size) {
            checked.blobs += 1;
        } else {
            checked.missing.push(blob.clone());
        }
    }
    checked.missing.sort_by(|a, b| a.digest.cmp(&b.digest));
    Ok(checked)
}
