//! Assets: sent, listed, renamed, read and deleted.

use std::io::Read;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::answer::{Answer, Content};
use super::service::Ask;
use super::state::{Asset, Release, State};
use super::{name, page};

const LARGEST: u64 = 2_147_483_648;
const MOST_FILES: usize = 1_000;

pub(super) fn list(state: &State, ask: &Ask<'_>, at: usize) -> Result<Answer, Answer> {
    let repository = &state.repositories[at];
    let release = visible(state, ask, at, ask.target.id())?;
    let shown = release.assets.len() - usize::from(ask.lags && !release.assets.is_empty());
    let views: Vec<Value> = release.assets[..shown]
        .iter()
        .map(|asset| {
            ask.links
                .show_asset(repository, release, asset, state.habits)
        })
        .collect();
    Ok(page::of(views, ask))
}

pub(super) fn get(state: &State, ask: &Ask<'_>, at: usize) -> Result<Answer, Answer> {
    let id = ask.target.id();
    let (release, asset) = state.repositories[at]
        .asset(id)
        .ok_or_else(Answer::not_found)?;
    visible(state, ask, at, release.id)?;
    let wants_bytes = ask
        .request
        .header("accept")
        .is_some_and(|accept| accept.contains("application/octet-stream"));
    if wants_bytes {
        let place = format!("{}/storage/{id}", ask.links.storage());
        return Ok(Answer::empty(302).header("location", place));
    }
    Ok(show(200, state, ask, at, release, asset))
}

/// Returns the bytes; whoever sends a token here has given it away.
pub(super) fn storage(state: &State, ask: &Ask<'_>) -> Result<Answer, Answer> {
    let id = ask.target.id();
    let mut repositories = state.repositories.iter();
    let found = repositories.find_map(|repository| repository.asset(id));
    let (_, asset) = found.ok_or_else(Answer::not_found)?;
    if ask.request.header("authorization").is_some() {
        return Err(Answer::error(
            400,
            "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter should be specified",
        ));
    }
    Ok(Answer::bytes(asset.bytes.to_vec()))
}

pub(super) fn rename(state: &mut State, ask: &Ask<'_>, at: usize) -> Result<Answer, Answer> {
    ask.may_push(state, at)?;
    let id = ask.target.id();
    let wanted = ask.text("name").map(|name| name::of_asset(&name));
    let (release, _) = state.repositories[at]
        .asset(id)
        .ok_or_else(Answer::not_found)?;
    refuse_if_immutable(release)?;
    let mut others = release.assets.iter().filter(|asset| asset.id != id);
    if others.any(|asset| Some(&asset.name) == wanted.as_ref()) {
        return Err(already_exists());
    }
    let release = release.id;
    let now = state.tick();
    if let Some(asset) = asset_mut(state, at, release, id) {
        if let Some(name) = wanted {
            asset.name = name;
        }
        if let Some(label) = ask.text("label") {
            asset.label = Some(label);
        }
        asset.updated = now;
    }
    let (release, asset) = state.repositories[at]
        .asset(id)
        .ok_or_else(Answer::not_found)?;
    Ok(show(200, state, ask, at, release, asset))
}

pub(super) fn delete(state: &mut State, ask: &Ask<'_>, at: usize) -> Result<Answer, Answer> {
    ask.may_push(state, at)?;
    let id = ask.target.id();
    let (release, _) = state.repositories[at]
        .asset(id)
        .ok_or_else(Answer::not_found)?;
    refuse_if_immutable(release)?;
    let release = release.id;
    if let Some(release) = state.repositories[at].release_mut(release) {
        release.assets.retain(|asset| asset.id != id);
    }
    Ok(Answer::empty(204))
}

/// Takes an asset in: its row is there, as a `starter`, before its bytes are.
pub(super) fn upload(
    state: &Mutex<State>,
    ask: &Ask<'_>,
    at: usize,
    body: &mut dyn Read,
) -> Result<Answer, Answer> {
    let lock = || state.lock().unwrap_or_else(PoisonError::into_inner);
    let (release, id) = begin(&mut lock(), ask, at)?;
    let kept = lock().habits.kept;
    let Some(sent) = Sent::read(body, kept) else {
        // the client went away: what it began stays
        return Err(Answer::empty(0));
    };
    let mut state = lock();
    let now = state.tick();
    let asset = asset_mut(&mut state, at, release, id).ok_or_else(Answer::not_found)?;
    asset.uploaded = true;
    asset.size = sent.size;
    asset.sha256 = sent.sha256;
    asset.bytes = sent.bytes;
    asset.updated = now;
    let (release, asset) = state.repositories[at]
        .asset(id)
        .ok_or_else(Answer::not_found)?;
    Ok(show(201, &state, ask, at, release, asset))
}

/// Makes the row of an asset that is about to come, and returns the release and the asset.
pub(super) fn begin(state: &mut State, ask: &Ask<'_>, at: usize) -> Result<(u64, u64), Answer> {
    ask.may_push(state, at)?;
    let custom = |field, message| Answer::invalid(&[("ReleaseAsset", "custom", field, message)]);
    let release = state.repositories[at].release(ask.target.id());
    let release = release.ok_or_else(Answer::not_found)?;
    let length: Option<u64> = ask
        .request
        .header("content-length")
        .and_then(|length| length.parse().ok());
    let length = length.ok_or_else(|| Answer::error(400, "Bad Content-Length: "))?;
    let wanted = ask.request.parameter("name").unwrap_or_default();
    if wanted.is_empty() {
        return Err(Answer::invalid(&[(
            "ReleaseAsset",
            "missing_field",
            "name",
            "",
        )]));
    }
    if release.immutable {
        return Err(Answer::error(
            422,
            "Cannot upload assets to an immutable release.",
        ));
    }
    if length == 0 {
        return Err(custom("size", "size must be greater than or equal to 1"));
    }
    if length > LARGEST {
        return Err(custom(
            "size",
            "size must be less than or equal to 2147483648",
        ));
    }
    if release.assets.len() >= MOST_FILES {
        return Err(custom(
            "file_count",
            "file_count limited to 1000 assets per release",
        ));
    }
    let name = name::of_asset(&wanted);
    if release.asset(&name).is_some() {
        return Err(already_exists());
    }
    let release = release.id;
    let asset = Asset {
        id: state.next_id(),
        name,
        label: ask.request.parameter("label"),
        content_type: ask
            .request
            .header("content-type")
            .unwrap_or("application/octet-stream")
            .to_owned(),
        uploaded: false,
        size: 0,
        sha256: String::new(),
        bytes: Arc::from([]),
        created: state.tick(),
        updated: state.tick(),
    };
    let id = asset.id;
    if let Some(release) = state.repositories[at].release_mut(release) {
        release.assets.push(asset);
    }
    Ok((release, id))
}

struct Sent {
    size: u64,
    sha256: String,
    bytes: Arc<[u8]>,
}

impl Sent {
    fn read(body: &mut dyn Read, kept: usize) -> Option<Self> {
        let mut hash = Sha256::new();
        let mut bytes = Vec::new();
        let mut size = 0_u64;
        let mut buffer = vec![0; 256 * 1024];
        loop {
            let count = body.read(&mut buffer).ok()?;
            if count == 0 {
                break;
            }
            hash.update(&buffer[..count]);
            size += count as u64;
            if size <= kept as u64 {
                bytes.extend_from_slice(&buffer[..count]);
            }
        }
        Some(Self {
            size,
            sha256: hexadecimal(&hash.finalize()),
            bytes: bytes.into(),
        })
    }
}

/// Returns bytes as hexadecimal digits.
pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits
        .map(|digit| char::from(DIGITS[usize::from(digit)]))
        .collect()
}

/// Returns the answer to a name that is taken.
pub(super) fn already_exists() -> Answer {
    let mut answer = Answer::invalid(&[("ReleaseAsset", "already_exists", "name", "")]);
    if let Content::Json(body) = &mut answer.body {
        body["request_id"] = "0000:00000:0000000:0000000:00000000".into();
        if let Some(body) = body.as_object_mut() {
            body.remove("status");
        }
    }
    answer
}

fn refuse_if_immutable(release: &Release) -> Result<(), Answer> {
    if release.immutable {
        let message = "Cannot change the assets of an immutable release.";
        return Err(Answer::error(422, message));
    }
    Ok(())
}

fn visible<'state>(
    state: &'state State,
    ask: &Ask<'_>,
    at: usize,
    id: u64,
) -> Result<&'state Release, Answer> {
    let sees_drafts = ask.rights.is_some_and(|rights| rights.push);
    let release = state.repositories[at].release(id);
    release
        .filter(|release| !release.draft || sees_drafts)
        .ok_or_else(Answer::not_found)
}

fn asset_mut(state: &mut State, at: usize, release: u64, id: u64) -> Option<&mut Asset> {
    let release = state.repositories[at].release_mut(release)?;
    release.assets.iter_mut().find(|asset| asset.id == id)
}

fn show(
    status: u16,
    state: &State,
    ask: &Ask<'_>,
    at: usize,
    release: &Release,
    asset: &Asset,
) -> Answer {
    let repository = &state.repositories[at];
    let view = ask
        .links
        .show_asset(repository, release, asset, state.habits);
    Answer::json(status, view)
}
