//! The hashes of files, made while GitHub is asked what there is, and only as far as that matters.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use duat_shell::{Code, Failure, Failures};
use futures_util::StreamExt as _;
use futures_util::future::join;
use futures_util::stream::iter;

use crate::asset::Asset;
use crate::upload::unreadable;

/// How many files are hashed at once: more would only wait for the disk.
const AT_ONCE: usize = 4;

/// Hashes the assets whose hashes are not known beside `look`, and stops with those that `spared`
/// says are not needed after what was seen.
///
/// That all of them can be read is found out in any case.
pub(super) async fn beside<T>(
    assets: Vec<Asset>,
    look: impl Future<Output = T>,
    spared: impl Fn(&T, &Asset) -> bool,
) -> (Result<Vec<Asset>, Failures>, T) {
    let flags: Vec<Arc<AtomicBool>> = assets.iter().map(|_| Arc::default()).collect();
    let names = assets.clone();
    let hashing = hash(assets, &flags);
    let looking = async {
        let seen = look.await;
        for (asset, flag) in names.iter().zip(&flags) {
            flag.store(spared(&seen, asset), Ordering::Relaxed);
        }
        seen
    };
    join(hashing, looking).await
}

/// Hashes the assets, several at once; those that are spared stay as they are.
async fn hash(assets: Vec<Asset>, spared: &[Arc<AtomicBool>]) -> Result<Vec<Asset>, Failures> {
    let tasks = assets.into_iter().zip(spared).map(|(mut asset, spared)| {
        let spared = Arc::clone(spared);
        tokio::task::spawn_blocking(move || {
            if asset.sha256.is_some() {
                return Ok(asset);
            }
            match asset.content.measure_unless(&spared) {
                Ok(None) => Ok(asset),
                Ok(Some((size, sha256))) => {
                    asset.size = size;
                    asset.sha256 = Some(sha256);
                    Ok(asset)
                }
                Err(error) => Err(unreadable(&asset, &error)),
            }
        })
    });
    let mut hashed = iter(tasks).buffered(AT_ONCE);
    let mut assets = Vec::new();
    let mut failures = Vec::new();
    while let Some(task) = hashed.next().await {
        match task {
            Ok(Ok(asset)) => assets.push(asset),
            Ok(Err(failure)) => failures.push(failure),
            Err(error) => {
                failures
                    .push(Failure::new(Code::Failed, "failed to hash a file").caused_by(&error));
            }
        }
    }
    Failures::of(failures)?;
    Ok(assets)
}
