//! From what is there to what is wished for: look, decide, do; and look again where another run was
//! faster.

use duat_shell::{Code, Failure, Failures};
use futures_util::future::join;

use crate::args::Proof;
use crate::desired::Desired;
use crate::draft::{self, Draft};
use crate::latest::{Standing, is_latest};
use crate::model::{self, Release};
use crate::observe::{Observed, TagThere, observe, tag_at};
use crate::plan::{Base, End, Plan, decide, end, whole};
use crate::publish::{self, Published, prove};
use crate::report::{self, AssetFacts, Facts};
use crate::session::Session;
use crate::upload::{self, Carried, Done};
use crate::{latest, name, sign};

use super::{hashes, words};

/// How often another run may be faster.
const ROUNDS: usize = 5;

/// What came of a run.
pub(crate) struct Outcome {
    pub facts: Facts,
    pub plan: String,
}

/// What came of one round.
enum Round {
    Done(Box<Facts>),
    /// Another run was faster.
    Again,
}

/// Makes the release what it should be.
pub(crate) async fn converge(
    session: &mut Session,
    desired: &mut Desired,
    dry_run: bool,
) -> Result<Outcome, Failures> {
    for _ in 0..ROUNDS {
        let assets = desired.assets.clone();
        // a plan says what all of them are; checksums are of all of them
        let needs_all = dry_run || desired.checksums.is_some();
        let looking = Box::pin(look(session, desired));
        let (assets, observed) = hashes::beside(assets, looking, |seen, asset| {
            let Ok(observed) = seen else { return true };
            !needs_all && asset.mark.is_some() && !observed.has(&asset.name_there)
        })
        .await;
        // what is wrong here first: it is the user's to mend
        desired.assets = assets?;
        let observed = observed?;
        desired.add_checksums();
        if !dry_run {
            sign_checksums(session, desired, &observed)?;
        }
        let plan = decide(desired, &observed)?;
        for warning in &plan.warnings {
            session.aside(|talk| talk.warn(warning));
        }
        let text = report::plan_text(desired, &plan);
        if dry_run {
            let facts = report::planned(desired, &plan, session.slug(), &observed.assets);
            return Ok(Outcome { facts, plan: text });
        }
        for line in text.lines() {
            session.aside(|talk| talk.explain(line));
        }
        match carry_out(session, desired, &observed, &plan).await? {
            Round::Done(facts) => {
                return Ok(Outcome {
                    facts: *facts,
                    plan: text,
                });
            }
            Round::Again => {
                session.aside(|talk| talk.explain("another run was faster: looking again"));
            }
        }
    }
    Err(Failure::new(
        Code::TryAgain,
        format!(
            "failed to release `{}`: other runs keep changing it",
            desired.tag
        ),
    )
    .hint("run this again when they have ended.")
    .into())
}

/// Publishes the draft of the version as it is.
pub(crate) async fn publish(
    session: &mut Session,
    desired: &mut Desired,
    expect: Option<u64>,
    dry_run: bool,
) -> Result<Outcome, Failures> {
    let observed = look(session, desired).await?;
    let Some(release) = observed.release() else {
        return Err(Failure::new(
            Code::NotFound,
            format!("failed to find a draft of `{}`", desired.tag),
        )
        .hint("`github-release FILE...` makes one.")
        .into());
    };
    let uploaded = whole::names(desired, &observed.assets).len();
    if let Some(expect) = expect.filter(|expect| u64::try_from(uploaded) != Ok(*expect)) {
        return Err(Failure::new(
            Code::Refused,
            format!(
                "refused to publish `{}`: it has {uploaded} assets, and {expect} are expected",
                desired.tag
            ),
        )
        .hint("run the jobs that bring the others, or correct `--expect`.")
        .into());
    }
    if release.draft {
        desired.prerelease = desired.prerelease || release.prerelease;
    }
    let plan = decide(desired, &observed)?;
    let text = report::plan_text(desired, &plan);
    if dry_run {
        let facts = report::planned(desired, &plan, session.slug(), &observed.assets);
        return Ok(Outcome { facts, plan: text });
    }
    match carry_out(session, desired, &observed, &plan).await? {
        Round::Done(facts) => Ok(Outcome { facts: *facts, plan: text }),
        Round::Again => Err(Failure::new(
            Code::Refused,
            format!("refused to publish the draft of `{}`: another release of the tag was published meanwhile", desired.tag),
        )
        .into()),
    }
}

async fn look(session: &mut Session, desired: &Desired) -> Result<Observed, Failure> {
    // a published release that shows all of them needs no list of its own
    let names: Vec<(&str, Option<u64>)> = desired
        .assets
        .iter()
        .map(|asset| (asset.name_there.as_str(), Some(asset.size)))
        .chain(desired.checksums.as_deref().map(|name| (name, None)))
        .collect();
    let wanted = |release: &Release| {
        names.iter().all(|(name, size)| {
            release.assets.iter().any(|there| {
                there.name == *name
                    && there.is_uploaded()
                    && size.is_none_or(|size| there.size == size)
            })
        })
    };
    observe(session, &desired.tag, &desired.format, wanted).await
}

/// Adds the signature of the checksums where the release has none.
fn sign_checksums(
    session: &Session,
    desired: &mut Desired,
    observed: &Observed,
) -> Result<(), Failure> {
    let Some(command) = desired.sign.clone() else {
        return Ok(());
    };
    let name = desired.checksums.as_deref();
    let checksums = desired
        .assets
        .iter()
        .find(|asset| Some(asset.name.as_str()) == name);
    let Some(checksums) = checksums else {
        return Ok(());
    };
    // once in a run
    desired.sign = None;
    if sign::is_signed(checksums, &observed.assets, observed.published.is_none()) {
        session.talk.explain("the checksums are signed already");
        return Ok(());
    }
    let signatures = session.progress.aside(|| sign::sign(&command, checksums))?;
    desired.assets.extend(signatures);
    Ok(())
}

/// Does what the plan says.
async fn carry_out(
    session: &Session,
    desired: &mut Desired,
    observed: &Observed,
    plan: &Plan,
) -> Result<Round, Failures> {
    let tag_at = plan.tag_at.as_deref();
    // before anything is sent, where it is known by now that they are needed
    let mut wished = None;
    if plan.base == Base::Create || plan.edit || matches!(plan.end, End::Publish { .. }) {
        wished = Some(words::notes(session, desired, observed, tag_at).await?);
    }
    let release = match (plan.base, observed.release()) {
        (Base::Create, _) | (_, None) => {
            let notes = wished.clone().flatten().unwrap_or_default();
            match draft::make(session, desired, tag_at, &notes).await? {
                Draft::Made(release) => release,
                Draft::Lost => return Ok(Round::Again),
            }
        }
        (_, Some(release)) => release.clone(),
    };
    if !plan.is_nothing() {
        let state = if release.draft {
            "a draft"
        } else {
            "published"
        };
        session.note(|note| note.sentence = Some(format!("`{}` is {state}", desired.tag)));
    }
    for id in &plan.leftovers {
        draft::delete_if_empty(session, &desired.tag, *id).await?;
    }
    let carried = upload::run(session, &release, desired, plan).await?;
    for (asset, carried) in desired.assets.iter_mut().zip(&carried) {
        asset.sha256.clone_from(&carried.sha256);
    }
    let desired = &*desired;
    let sent = carried.iter().any(|carried| carried.done != Done::Kept);
    let there = if plan.is_nothing() && desired.proof == Proof::Digest {
        observed.assets.clone()
    } else if sent
        || desired.proof == Proof::Download
        || desired.expect.is_some()
        || plan.base == Base::Create
    {
        prove(session, &release, &desired.assets, desired.proof).await?
    } else {
        observed.assets.clone()
    };
    let end = end_now(desired, observed, plan.end, &there)?;
    let mut release = release;
    let mut latest_now = false;
    if let End::Publish { latest } = end {
        let wished = match wished {
            Some(wished) => wished,
            // only now it is known that this run publishes
            None => words::notes(session, desired, observed, tag_at).await?,
        };
        let mut standing = Standing::new(desired, observed.latest.clone(), latest);
        if sent || plan.base == Base::Create {
            // what was seen before the uploads is old by now
            let (now, shown) = join(words::now(session, release), latest::shown(session)).await;
            release = now?;
            standing.look(shown?, release.id);
        }
        let words = words::published(desired, &release, wished);
        let text = words.text();
        let is_latest = standing.is_latest;
        release =
            match publish::publish(session, desired, &release, tag_at, text, is_latest).await? {
                Published::Done(release) => release,
                Published::Lost => return Ok(Round::Again),
            };
        check_tag(session, desired, tag_at).await?;
        latest_now = standing.settle(session, &release).await;
    } else if plan.edit {
        let words = words::edited(desired, &release, wished.flatten())?;
        publish::edit(session, desired, &release, words.text()).await?;
    }
    if plan.promote {
        let standing = Standing::new(desired, observed.latest.clone(), true);
        latest_now = standing.settle(session, &release).await;
    }
    Ok(Round::Done(Box::new(facts(
        session, desired, plan, end, &release, &there, &carried, latest_now,
    ))))
}

/// Decides again by what is there now: other jobs may have brought theirs meanwhile, or begun to.
fn end_now(
    desired: &Desired,
    observed: &Observed,
    planned: End,
    there: &[model::Asset],
) -> Result<End, Failure> {
    let latest = match planned {
        End::Publish { latest } => latest,
        End::Waiting(_) => is_latest(desired, observed),
        End::Draft | End::Published => return Ok(planned),
    };
    // a list that comes late does not take back what was seen before
    let seen = observed.assets.iter().filter(|seen| {
        let is_listed = there.iter().any(|there| there.id == seen.id);
        seen.is_uploaded() && !is_listed && name::replaced(&seen.name).is_none()
    });
    let there: Vec<model::Asset> = there.iter().chain(seen).cloned().collect();
    end(desired, &there, latest)
}

/// Compares the tag that publishing made with the commit it was to be made at.
async fn check_tag(
    session: &Session,
    desired: &Desired,
    made_at: Option<&str>,
) -> Result<(), Failure> {
    let Some(wanted) = made_at else {
        return Ok(());
    };
    match tag_at(session, &desired.tag).await? {
        TagThere::At { commit, .. } if commit != wanted => Err(Failure::new(
            Code::Unverified,
            format!(
                "failed to verify the tag `{}`: GitHub made it at {commit}, not at {wanted}",
                desired.tag
            ),
        )
        .hint("the release is published; delete the tag and push the right one.")),
        _ => Ok(()),
    }
}

#[expect(clippy::too_many_arguments, reason = "they are all that came of a run")]
fn facts(
    session: &Session,
    desired: &Desired,
    plan: &Plan,
    end: End,
    release: &Release,
    there: &[model::Asset],
    carried: &[Carried],
    latest: bool,
) -> Facts {
    // the addresses of a draft's assets change when it is published
    let listed = if release.assets.is_empty() {
        there
    } else {
        &release.assets
    };
    let assets = desired.assets.iter().zip(carried).map(|(asset, carried)| {
        let found = listed
            .iter()
            .chain(there)
            .find(|there| there.name == asset.name_there);
        AssetFacts::new(asset, carried.done, found, !release.draft)
    });
    Facts {
        version: desired.version.clone(),
        tag: desired.tag.clone(),
        repository: session.slug().to_string(),
        state: if release.draft { "draft" } else { "published" },
        id: Some(release.id),
        url: (!release.draft).then(|| release.html_url.clone()),
        prerelease: desired.prerelease,
        latest,
        immutable: release.is_immutable(),
        changed: !plan.is_nothing(),
        missing: match end {
            End::Waiting(missing) => missing,
            _ => 0,
        },
        assets: assets.collect(),
        dry_run: false,
    }
}
