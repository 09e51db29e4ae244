//! Another job that does the same, and is faster by a moment.

use std::io::Read as _;
use std::sync::Arc;

use super::answer::Answer;
use super::asset::{self, already_exists, hexadecimal};
use super::exchange::Origin;
use super::route::Route;
use super::service::{Ask, Service};
use crate::http::Body;
use sha2::{Digest as _, Sha256};

/// Lets the other job go first, then does what is asked.
pub(super) fn run(
    service: &Service,
    ask: &mut Ask<'_>,
    origin: Origin,
    body: &mut Body<'_>,
) -> Answer {
    let at = match service.admit(ask, origin) {
        Ok(at) => at,
        Err(refusal) => return refusal,
    };
    if ask.target.route == Route::Upload {
        return upload(service, ask, at, body);
    }
    match ask.target.route {
        // what the other makes is a draft of its own, and empty
        Route::Create
        | Route::CreateReference
        | Route::Publish
        | Route::Update
        | Route::Rename
        | Route::DeleteAsset => {
            let _ = service.answer(ask, origin, &mut std::io::empty());
        }
        _ => {}
    }
    service.answer(ask, origin, body)
}

/// The other sends the same bytes under the same name.
fn upload(service: &Service, ask: &mut Ask<'_>, at: usize, body: &mut Body<'_>) -> Answer {
    let mut bytes = Vec::new();
    if body.read_to_end(&mut bytes).is_err() {
        return Answer::empty(0);
    }
    let state = &mut *service.state();
    match asset::begin(state, ask, at) {
        Err(refusal) => refusal,
        Ok((release, id)) => {
            let release = state.repositories[at].release_mut(release);
            let mut assets = release.into_iter().flat_map(|one| one.assets.iter_mut());
            if let Some(asset) = assets.find(|asset| asset.id == id) {
                asset.uploaded = true;
                asset.size = bytes.len() as u64;
                asset.sha256 = hexadecimal(&Sha256::digest(&bytes));
                asset.bytes = Arc::from(bytes);
            }
            already_exists()
        }
    }
}
