//! The last step: what is there is proved, then the draft is published.

use duat_shell::{Code, Failure, Failures};
use http::Method;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::api::Kind;
use crate::args::Proof;
use crate::asset::{Asset, Match};
use crate::body::hexadecimal;
use crate::desired::Desired;
use crate::draft::{pause, refusal};
use crate::model::{self, Release};
use crate::session::Session;
use crate::upload::wrong_bytes;

/// How often a list is read that may not show yet what was sent a moment ago.
const LOOKS: u32 = 5;

/// What is sent to change a release.
#[derive(Serialize)]
struct Change<'a> {
    /// Always: a draft that is changed without it can lose its tag.
    tag_name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    target_commitish: Option<&'a str>,
    /// What is left out stays as it is: so nobody's words are lost for words that nobody said.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    draft: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    prerelease: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    make_latest: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    discussion_category_name: Option<&'a str>,
}

/// What a release is to say of itself; nothing where that stays as it is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Text<'a> {
    pub title: Option<&'a str>,
    pub body: Option<&'a str>,
}

/// A release that is published, or the news that another one of the tag is.
pub(crate) enum Published {
    Done(Release),
    Lost,
}

/// Publishes a draft. Whether it was done is asked where the answer leaves doubt.
pub(crate) async fn publish(
    session: &Session,
    desired: &Desired,
    draft: &Release,
    tag_at: Option<&str>,
    text: Text<'_>,
    latest: bool,
) -> Result<Published, Failure> {
    let change = Change {
        tag_name: &desired.tag,
        target_commitish: tag_at,
        name: text.title,
        body: text.body,
        draft: Some(false),
        prerelease: Some(desired.prerelease),
        make_latest: Some(if latest { "true" } else { "false" }),
        discussion_category_name: desired.discussion.as_deref(),
    };
    let what = format!("publish `{}`", desired.tag);
    let path = format!("{}/releases/{}", session.slug().path(), draft.id);
    let mut attempt = 1;
    loop {
        session.pace.write().await;
        let answer = session.api.call(Method::PATCH, &path, Some(&change)).await;
        let fault = match answer.and_then(|answer| answer.read::<Release>()) {
            Ok(release) if !release.draft => return Ok(done(session, release)),
            Ok(_) => {
                let failure = Failure::new(
                    Code::Failed,
                    format!("failed to {what}: GitHub leaves it a draft"),
                );
                return Err(failure.hint("run this again, or publish it on its page."));
            }
            Err(fault) => fault,
        };
        if !matches!(fault.kind, Kind::Limited | Kind::Renewed) {
            // it may be published: the release itself tells
            match session.get::<Release>(&path, &what).await? {
                Some(release) if !release.draft => return Ok(done(session, release)),
                // another job has deleted it, or GitHub does not know it yet
                None | Some(_) => {}
            }
            match fault.kind {
                Kind::Unsure => {}
                Kind::Invalid if fault.says("already_exists") => return Ok(Published::Lost),
                _ => return Err(refusal(&fault, &what, desired, tag_at)),
            }
        }
        session
            .wait(&fault, &mut attempt)
            .await
            .map_err(|fault| fault.failure(&what))?;
    }
}

fn done(session: &Session, release: Release) -> Published {
    session.note(|state| state.sentence = Some(format!("`{}` is published", release.tag_name)));
    Published::Done(release)
}

/// Changes title and notes of a release and nothing else.
pub(crate) async fn edit(
    session: &Session,
    desired: &Desired,
    release: &Release,
    text: Text<'_>,
) -> Result<(), Failure> {
    let change = Change {
        tag_name: &desired.tag,
        target_commitish: None,
        name: text.title,
        body: text.body,
        draft: release.draft.then_some(true),
        prerelease: None,
        make_latest: None,
        discussion_category_name: None,
    };
    let path = format!("{}/releases/{}", session.slug().path(), release.id);
    session
        .retrying(async || {
            session.pace.write().await;
            session.api.call(Method::PATCH, &path, Some(&change)).await
        })
        .await
        .map(drop)
        .map_err(|fault| {
            refusal(
                &fault,
                &format!("change the notes of `{}`", desired.tag),
                desired,
                None,
            )
        })
}

/// Proves that the release holds every asset with its bytes, and returns all it holds.
pub(crate) async fn prove(
    session: &Session,
    release: &Release,
    assets: &[Asset],
    proof: Proof,
) -> Result<Vec<model::Asset>, Failures> {
    let mut look = 0;
    let there = loop {
        let there = session.assets(release.id).await?.unwrap_or_default();
        let is_there = |asset: &Asset| {
            there
                .iter()
                .any(|it| it.name == asset.name_there && it.is_uploaded())
        };
        look += 1;
        if look >= LOOKS || assets.iter().all(is_there) {
            break there;
        }
        pause(session, look - 1).await;
    };
    let mut failures = Vec::new();
    for asset in assets {
        let Some(found) = there.iter().find(|it| it.name == asset.name_there) else {
            failures.push(
                Failure::new(
                    Code::TryAgain,
                    format!(
                        "failed to verify `{}`: GitHub does not list it yet",
                        asset.name_there
                    ),
                )
                .hint("run this again: it goes on where it stopped."),
            );
            continue;
        };
        match asset.compare(found) {
            Match::Digest | Match::Size => {
                if proof == Proof::Download
                    && let Err(failure) = read_back(session, asset, found).await
                {
                    failures.push(failure);
                }
            }
            Match::Unread | Match::Differs | Match::Broken => {
                failures.push(wrong_bytes(asset, found));
            }
        }
    }
    Failures::of(failures)?;
    Ok(there)
}

/// Downloads an asset and compares its bytes.
async fn read_back(session: &Session, asset: &Asset, there: &model::Asset) -> Result<(), Failure> {
    let read = read(session, there).await?;
    if read.size == asset.size && Some(&read.sha256) == asset.sha256.as_ref() {
        return Ok(());
    }
    let read = model::Asset {
        size: read.size,
        digest: Some(format!("sha256:{}", read.sha256)),
        ..there.clone()
    };
    Err(wrong_bytes(asset, &read))
}

/// An asset that was downloaded.
#[derive(Clone, Debug)]
pub(crate) struct Download<T> {
    pub size: u64,
    pub sha256: String,
    /// What was made of its bytes.
    pub made: T,
}

/// Downloads an asset, and lets `take` make something of its pieces: anew with each try.
pub(crate) async fn download<T: Default>(
    session: &Session,
    there: &model::Asset,
    take: impl Fn(&mut T, &[u8]),
) -> Result<Download<T>, Failure> {
    let path = format!("{}/releases/assets/{}", session.slug().path(), there.id);
    let read = session
        .retrying(async || {
            let mut hasher = Sha256::new();
            let mut size = 0;
            let mut made = T::default();
            let progress = session.progress.item(there.name.as_str(), Some(there.size));
            session
                .api
                .download(&path, |piece| {
                    hasher.update(piece);
                    size += piece.len() as u64;
                    take(&mut made, piece);
                    progress.advance(piece.len() as u64);
                })
                .await?;
            progress.finish(format_args!("downloaded `{}`", there.name));
            Ok(Download {
                size,
                sha256: hexadecimal(&hasher.finalize()),
                made,
            })
        })
        .await;
    read.map_err(|fault| fault.failure(&format!("download `{}`", there.name)))
}

/// Downloads an asset of which nothing is kept but size and SHA-256.
pub(crate) async fn read(session: &Session, there: &model::Asset) -> Result<Download<()>, Failure> {
    download(session, there, |(), _| ()).await
}
