//! The assets on their way to GitHub, several at once.

mod sending;
mod watch;

use std::collections::VecDeque;

use duat_shell::{Code, Failure, Failures};
use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use url::Url;

use crate::asset::Asset;
use crate::desired::Desired;
use crate::model;
use crate::plan::{Action, Plan};
use crate::repository::is_upload_host;
use crate::session::Session;
use sending::Sending;

/// What was done with an asset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Done {
    /// It was there.
    Kept,
    /// It was sent.
    Uploaded,
    /// It took the place of another.
    Replaced,
}

/// What came of an asset.
#[derive(Clone, Debug)]
pub(crate) struct Carried {
    pub done: Done,
    /// As it was known before, or as the stream had it.
    pub sha256: Option<String>,
}

/// Carries out the steps of a plan: the largest first, checksums when all others are there.
///
/// After a failure nothing new is begun; what is under way is brought to its end.
pub(crate) async fn run(
    session: &Session,
    release: &model::Release,
    desired: &Desired,
    plan: &Plan,
) -> Result<Vec<Carried>, Failures> {
    let url = upload_url(session, release)?;
    let mut order: Vec<usize> = (0..desired.assets.len()).collect();
    order.sort_by_key(|index| {
        let asset = desired.assets.get(*index);
        asset.map(|asset| (asset.is_last, u64::MAX - asset.size))
    });
    let bytes = desired.assets.iter().zip(&plan.steps);
    let bytes = bytes.filter(|(_, step)| !matches!(step.action, Action::Keep(_)));
    session
        .progress
        .expect(order.len(), bytes.map(|(asset, _)| asset.size).sum());
    let writes = plan.steps.iter();
    let writes = writes.filter(|step| !matches!(step.action, Action::Keep(_)));
    let minutes = session.pace.expected(writes.count()).as_secs() / 60;
    if minutes > 0 {
        session.aside(|talk| {
            talk.warn(format_args!(
                "so many assets take {minutes} minutes or more: GitHub takes one in a second"
            ));
            talk.hint("put files together into archives.");
        });
    }
    session.note(|state| {
        state.done = 0;
        state.of = order.len();
    });
    let mut carried: Vec<Carried> = desired
        .assets
        .iter()
        .map(|asset| Carried {
            done: Done::Kept,
            sha256: asset.sha256.clone(),
        })
        .collect();
    let mut failures = Vec::new();
    let mut queue: VecDeque<usize> = order.into();
    let mut running = FuturesUnordered::new();
    loop {
        while failures.is_empty() && running.len() < session.pace.width() {
            let Some((index, asset, step)) = queue.front().and_then(|index| {
                Some((*index, desired.assets.get(*index)?, plan.steps.get(*index)?))
            }) else {
                break;
            };
            if asset.is_last && !running.is_empty() {
                break;
            }
            queue.pop_front();
            let sending = Sending {
                session,
                release,
                desired,
                url: &url,
                asset: asset.clone(),
            };
            running.push(async move { (index, sending.carry_out(step).await) });
        }
        match running.next().await {
            None => break,
            Some((index, Ok(what))) => {
                if let Some(slot) = carried.get_mut(index) {
                    *slot = what;
                }
                session.note(|state| state.done += 1);
            }
            Some((_, Err(failure))) => failures.push(failure),
        }
    }
    Failures::of(failures)?;
    Ok(carried)
}

/// Returns where assets are sent, if the token may go there.
fn upload_url(session: &Session, release: &model::Release) -> Result<Url, Failure> {
    let text = release.upload_url.split('{').next().unwrap_or_default();
    let url = Url::parse(text).map_err(|error| {
        Failure::new(
            Code::Failed,
            "failed to find where assets are sent: GitHub's answer names no address",
        )
        .caused_by(&error)
    })?;
    if is_upload_host(session.api.base(), &url) {
        return Ok(url);
    }
    let host = url.host_str().unwrap_or_default();
    let api = session.api.base().host_str().unwrap_or_default();
    Err(Failure::new(
        Code::Refused,
        format!("refused to send assets to `{host}`: it is not the upload host of `{api}`"),
    )
    .hint("the token stays with the host it is for; name that with `--api-url`."))
}

pub(crate) fn unreadable(asset: &Asset, error: &std::io::Error) -> Failure {
    let path = asset.path.as_deref().unwrap_or(&asset.name);
    let code = match error.kind() {
        std::io::ErrorKind::NotFound => Code::NotFound,
        std::io::ErrorKind::PermissionDenied => Code::Denied,
        _ => Code::Failed,
    };
    Failure::new(code, format!("failed to read `{path}`")).caused_by(error)
}

/// Returns the failure of an asset that GitHub does not have as it was sent.
pub(crate) fn wrong_bytes(asset: &Asset, there: &model::Asset) -> Failure {
    let digest = there.sha256().unwrap_or("no digest");
    Failure::new(
        Code::Unverified,
        format!(
            "failed to verify `{}`: GitHub has {} bytes with {digest}, not {} with {}",
            there.name,
            there.size,
            asset.size,
            asset.sha256.as_deref().unwrap_or("no digest")
        ),
    )
    .hint("nothing was published; run this again.")
}
