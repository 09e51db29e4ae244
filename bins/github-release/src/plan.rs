//! What is to be done: a value that is made of what is wished for and what is there.

pub(crate) mod whole;

use duat_shell::{Code, Failure, Failures};

use crate::args::Replace;
use crate::asset::{Asset, MOST, Match};
use crate::desired::Desired;
use crate::latest::{is_latest, is_outshone};
use crate::model::{self, Release};
use crate::name;
use crate::notes::{self, Notes};
use crate::observe::{Observed, TagThere};

/// What is to be done. Nothing here has happened yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Plan {
    pub base: Base,
    /// The commit the tag is made at, where GitHub does not have it.
    pub tag_at: Option<String>,
    /// What is done with each asset, in their order.
    pub steps: Vec<Step>,
    /// Empty drafts of the tag that interrupted runs have left, which are deleted.
    pub leftovers: Vec<u64>,
    /// Title or notes of the release are changed without publishing it.
    pub edit: bool,
    /// It is published and ought to be the latest, and GitHub shows a lower one: a run was interrupted
    /// before it saw to that.
    pub promote: bool,
    pub end: End,
    /// What a person should know before.
    pub warnings: Vec<String>,
}

/// Where it begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Base {
    /// There is none: a draft is made.
    Create,
    /// There is a draft.
    Draft(u64),
    /// It is published.
    Published(u64),
}

/// What is done with an asset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    /// Remains of broken uploads of it, which are deleted first.
    pub broken: Vec<u64>,
    pub action: Action,
}

/// How an asset gets there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    /// It is there.
    Keep(Match),
    /// It is sent.
    Upload,
    /// It is sent under another name, takes the place of this asset, and then its name.
    Replace(u64),
    /// It was sent under another name before (the first), and takes the place of an asset (the
    /// second) if that is still there.
    Resume(u64, Option<u64>),
}

/// How it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// It is published; whether as the latest.
    Publish { latest: bool },
    /// It stays a draft: that was asked for.
    Draft,
    /// It stays a draft: so many assets are still to come.
    Waiting(usize),
    /// It is published already.
    Published,
}

impl Plan {
    /// Tells whether there is nothing to do.
    pub(crate) fn is_nothing(&self) -> bool {
        let kept = |step: &Step| step.broken.is_empty() && matches!(step.action, Action::Keep(_));
        !matches!(self.base, Base::Create)
            && !self.edit
            && !self.promote
            && self.leftovers.is_empty()
            && !matches!(self.end, End::Publish { .. })
            && self.steps.iter().all(kept)
    }
}

/// Decides what is to be done, or says all that stands against it.
pub(crate) fn decide(desired: &Desired, observed: &Observed) -> Result<Plan, Failures> {
    let mut failures = Vec::new();
    let mut warnings = Vec::new();
    if observed.repository.archived {
        failures.push(
            Failure::new(
                Code::Refused,
                format!(
                    "refused to release `{}`: the repository `{}` is archived",
                    desired.version, observed.repository.full_name
                ),
            )
            .hint("unarchive it in its settings."),
        );
    }
    if observed.repository.permissions.is_some_and(|can| !can.push) {
        // not said of every kind of token as it is: no reason to refuse
        warnings.push(format!(
            "the token does not seem to have write access to `{}`",
            observed.repository.full_name
        ));
    }
    let tag_at = match check_tag(desired, observed) {
        Ok(tag_at) => tag_at,
        Err(failure) => {
            failures.push(failure);
            None
        }
    };
    let release = observed.release();
    let base = match release {
        None => Base::Create,
        Some(release) if release.draft => Base::Draft(release.id),
        Some(release) => Base::Published(release.id),
    };
    let (leftovers, others) = other_drafts(observed);
    if others > 0 {
        warnings.push(format!(
            "there are {others} more drafts of `{}`, which are left alone",
            desired.tag
        ));
    }
    let mut steps = Vec::new();
    for asset in &desired.assets {
        match step(asset, desired, observed, base) {
            Ok(step) => steps.push(step),
            Err(failure) => failures.push(failure),
        }
    }
    let count = whole::names(desired, &observed.assets).len();
    if count > MOST {
        let message = format!(
            "refused to complete `{}`: it would have {count} assets, and GitHub takes {MOST}",
            desired.tag
        );
        failures
            .push(Failure::new(Code::Refused, message).hint("put files together into archives."));
    }
    if let Some(expected) = desired.expect.filter(|expected| count > *expected) {
        let message = format!(
            "refused to complete `{}`: it would have {count} assets, and {expected} are expected",
            desired.tag
        );
        failures.push(
            Failure::new(Code::Refused, message)
                .hint("correct `--expect`, or delete what should not be there."),
        );
    }
    Failures::of(failures)?;
    if matches!(base, Base::Published(_)) {
        let sends = |step: &Step| matches!(step.action, Action::Upload);
        if steps.iter().any(sends) {
            warnings.push(format!(
                "`{}` is published: users see it while it is incomplete",
                desired.tag
            ));
        }
        if desired.draft {
            warnings.push(format!("`{}` is published and stays so", desired.tag));
        }
    }
    let end = match (base, desired.expect) {
        (Base::Published(_), _) => End::Published,
        (_, None) if desired.draft => End::Draft,
        _ => end(desired, &observed.assets, is_latest(desired, observed))?,
    };
    let promote = end == End::Published && is_outshone(desired, observed);
    let edit = release.is_some_and(|release| edits(desired, release))
        && !matches!(end, End::Publish { .. });
    Ok(Plan {
        base,
        tag_at,
        steps,
        leftovers,
        edit,
        promote,
        end,
        warnings,
    })
}

/// Returns how a draft ends, with what is there, and with what this job brings.
pub(crate) fn end(desired: &Desired, there: &[model::Asset], latest: bool) -> Result<End, Failure> {
    let Some(expected) = desired.expect else {
        whole::refuse_unfinished(desired, there)?;
        return Ok(End::Publish { latest });
    };
    Ok(match whole::missing(desired, there, expected) {
        0 => End::Publish { latest },
        missing => End::Waiting(missing),
    })
}

/// Returns the drafts beside the release that interrupted runs have left, and how many others there
/// are.
fn other_drafts(observed: &Observed) -> (Vec<u64>, usize) {
    let Some(release) = observed.release() else {
        return (Vec::new(), 0);
    };
    let others = observed.drafts.iter().filter(|one| one.id != release.id);
    let (leftovers, others): (Vec<&Release>, Vec<&Release>) =
        others.partition(|draft| is_leftover(draft, release));
    (
        leftovers.iter().map(|draft| draft.id).collect(),
        others.len(),
    )
}

/// Tells whether a draft is what an interrupted run of this tool has left beside `release`: nothing
/// is in it, and nobody has written anything there.
fn is_leftover(draft: &Release, release: &Release) -> bool {
    let notes = |release: &Release| notes::unmarked(release.body.as_deref().unwrap_or_default());
    let said = notes(draft);
    draft.assets.is_empty()
        && notes::is_marked(draft.body.as_deref(), &draft.tag_name)
        && (said.is_empty() || said == notes(release))
}

/// Compares the tag at GitHub with the commit here, and returns the commit it is to be made at.
fn check_tag(desired: &Desired, observed: &Observed) -> Result<Option<String>, Failure> {
    let Desired { tag, head, .. } = desired;
    match (&observed.tag, head) {
        (TagThere::At { commit, .. }, Some(head)) if commit != head => Err(Failure::new(
            Code::Refused,
            format!(
                "refused to release `{}`: the tag `{tag}` is at {} at GitHub, and `HEAD` is {}",
                desired.version,
                short(commit),
                short(head)
            ),
        )
        .hint(format!(
            "`git fetch --tags && git checkout {tag}` goes to what was tagged; `semver patch` counts up for a new release."
        ))),
        (TagThere::At { .. }, _) => Ok(None),
        (TagThere::Missing, Some(head)) if desired.create_tag => Ok(Some(head.clone())),
        (TagThere::Missing, None) if desired.create_tag => Err(Failure::new(
            Code::NotFound,
            format!("failed to make the tag `{tag}`: there is no commit here to make it at"),
        )),
        (TagThere::Missing, _) => Err(Failure::new(
            Code::NotFound,
            format!("failed to find the tag `{tag}` at GitHub"),
        )
        .hint(format!(
            "`git tag {tag} && git push origin {tag}` makes it; `--create-tag` does so at `HEAD`."
        ))),
    }
}

/// Decides what is done with one asset.
fn step(
    asset: &Asset,
    desired: &Desired,
    observed: &Observed,
    base: Base,
) -> Result<Step, Failure> {
    let named = |there: &&model::Asset| there.name == asset.name_there;
    let temporary = |there: &&model::Asset| name::is_temporary(&there.name, &asset.name_there);
    let mut broken: Vec<u64> = observed
        .assets
        .iter()
        .filter(|there| (named(there) || temporary(there)) && !there.is_uploaded())
        .map(|there| there.id)
        .collect();
    let there = observed
        .assets
        .iter()
        .find(|there| named(there) && there.is_uploaded());
    let sent_before: Vec<&model::Asset> = observed
        .assets
        .iter()
        .filter(|there| temporary(there) && there.is_uploaded())
        .collect();
    let found = there.map(|there| (there, asset.compare(there)));
    let resumed = sent_before
        .iter()
        .find(|there| asset.compare(there).is_same())
        .map(|there| there.id);
    let always = desired.replace == Some(Replace::Always);
    let published = matches!(base, Base::Published(_));
    let frozen = observed.release().is_some_and(Release::is_immutable);
    let action = match (found, resumed) {
        (Some((_, matching)), _) if matching.is_same() && !always => Action::Keep(matching),
        (None, Some(sent)) => Action::Resume(sent, None),
        (None, None) => Action::Upload,
        (Some((there, _)), resumed) => {
            let may = match desired.replace {
                Some(Replace::Changed | Replace::Always) => true,
                Some(Replace::Never) => false,
                None => !published,
            };
            if !may || frozen {
                return Err(other_bytes(asset, there, desired, frozen));
            }
            match resumed {
                Some(sent) => Action::Resume(sent, Some(there.id)),
                None => Action::Replace(there.id),
            }
        }
    };
    if frozen && !matches!(action, Action::Keep(_)) {
        return Err(Failure::new(
            Code::Refused,
            format!(
                "refused to add `{}`: the release `{}` is immutable",
                asset.name, desired.tag
            ),
        )
        .hint(
            "`semver patch` counts up: an immutable release can only be followed by another one.",
        ));
    }
    // what an interrupted replacement left, and nobody needs any more
    let is_used = |id: u64| matches!(action, Action::Resume(sent, _) if sent == id);
    broken.extend(
        sent_before
            .iter()
            .map(|there| there.id)
            .filter(|id| !is_used(*id)),
    );
    if frozen {
        broken.clear();
    }
    Ok(Step { broken, action })
}

fn other_bytes(asset: &Asset, there: &model::Asset, desired: &Desired, frozen: bool) -> Failure {
    let (tag, name) = (&desired.tag, &asset.name_there);
    let what = if there.size == asset.size {
        "other bytes".to_owned()
    } else {
        format!("{} bytes, not {}", there.size, asset.size)
    };
    let message = format!("refused to replace `{name}` of the release `{tag}`, which has {what}");
    let hint = if frozen {
        "the release is immutable; `semver patch` counts up for a new one."
    } else {
        "`--replace changed` replaces it; `semver patch` counts up for a new release."
    };
    Failure::new(Code::Refused, message).hint(hint)
}

/// Tells whether title or notes of a release are to be changed. Those of a published one, which
/// somebody may have edited, only where new ones were typed.
fn edits(desired: &Desired, release: &Release) -> bool {
    let title = desired.title.as_deref();
    let title_differs = title.is_some_and(|title| release.name.as_deref() != Some(title));
    let body = notes::unmarked(release.body.as_deref().unwrap_or_default());
    let notes_differ = match &desired.notes {
        // line ends come back as the server likes them
        Notes::Text(text) => text.replace("\r\n", "\n").trim_end() != body.replace("\r\n", "\n"),
        Notes::Unsaid | Notes::Tag | Notes::Github => false,
    };
    title_differs || (notes_differ && (release.draft || desired.notes_are_typed))
}

/// Returns the first digits of a commit's hash.
pub(crate) fn short(commit: &str) -> &str {
    commit.get(..7).unwrap_or(commit)
}

#[cfg(test)]
mod tests;
