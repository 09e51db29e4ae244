//! The one draft of a tag: made where there is none, and never twice.

use std::time::Duration;

use duat_shell::{Code, Failure};
use http::Method;
use serde::Serialize;

use crate::api::{Fault, Kind};
use crate::desired::Desired;
use crate::model::Release;
use crate::notes;
use crate::session::{Session, random_word};

/// How often a list is read that may not show yet what was made a moment ago.
const LOOKS: u32 = 4;

/// What is sent to make a draft.
#[derive(Serialize)]
struct New<'a> {
    tag_name: &'a str,
    /// Left out where the tag exists: naming a commit needs rights that not every token has.
    #[serde(skip_serializing_if = "Option::is_none")]
    target_commitish: Option<&'a str>,
    name: &'a str,
    body: &'a str,
    draft: bool,
    prerelease: bool,
}

/// A draft, or the news that another run was faster.
pub(crate) enum Draft {
    Made(Release),
    /// There is another release of the tag by now: look again.
    Lost,
}

/// Makes a draft. Several runs may do so at once: all of them agree on the first.
pub(crate) async fn make(
    session: &Session,
    desired: &Desired,
    tag_at: Option<&str>,
    body: &str,
) -> Result<Draft, Failure> {
    let word = random_word()?;
    let what = format!("make the draft of `{}`", desired.tag);
    let marked = notes::marked(body, &desired.tag, &word);
    let new = New {
        tag_name: &desired.tag,
        target_commitish: tag_at,
        name: desired.title.as_deref().unwrap_or(&desired.tag),
        body: &marked,
        draft: true,
        prerelease: desired.prerelease,
    };
    let path = format!("{}/releases", session.slug().path());
    let mut attempt = 1;
    let made = loop {
        session.pace.write().await;
        let answer = session.api.call(Method::POST, &path, Some(&new)).await;
        let fault = match answer.and_then(|answer| answer.read::<Release>()) {
            Ok(release) => break release,
            Err(fault) => fault,
        };
        match fault.kind {
            Kind::Limited | Kind::Renewed => {}
            // it may have been made: a second one must not be
            Kind::Unsure => {
                if let Some(release) = find_ours(session, &desired.tag, &word, None).await? {
                    break release;
                }
            }
            Kind::Invalid if fault.says("already_exists") => return Ok(Draft::Lost),
            _ => return Err(refusal(&fault, &what, desired, tag_at)),
        }
        session
            .wait(&fault, &mut attempt)
            .await
            .map_err(|fault| fault.failure(&what))?;
    };
    session.note(|state| state.sentence = Some(format!("the draft of `{}` is made", desired.tag)));
    session
        .talk
        .explain(format_args!("made the draft {}", made.id));
    elect(session, desired, made, &word).await
}

/// Compares with what other runs made meanwhile. The first draft stays; ours, if it came later, is
/// deleted as long as it is empty.
async fn elect(
    session: &Session,
    desired: &Desired,
    ours: Release,
    word: &str,
) -> Result<Draft, Failure> {
    // until the list shows ours, it may not show others either
    find_ours(session, &desired.tag, word, Some(ours.id)).await?;
    let releases = first_page(session).await?;
    let tag = &desired.tag;
    let rival = releases.iter().find(|release| {
        release.tag_name == *tag
            && release.id != ours.id
            && (!release.draft
                || (release.id < ours.id && notes::is_marked(release.body.as_deref(), tag)))
    });
    let Some(rival) = rival else {
        return Ok(Draft::Made(ours));
    };
    session.talk.explain(format_args!(
        "another run made the release {} first",
        rival.id
    ));
    delete_if_empty(session, tag, ours.id).await?;
    Ok(Draft::Lost)
}

/// Deletes a draft that a run of this tool made and that holds nothing.
pub(crate) async fn delete_if_empty(session: &Session, tag: &str, id: u64) -> Result<(), Failure> {
    let path = format!("{}/releases/{id}", session.slug().path());
    let what = "delete a draft that is not needed";
    let now = session.get::<Release>(&path, what).await?;
    let assets = session.assets(id).await?;
    let is_ours = now.is_some_and(|now| {
        now.draft && now.tag_name == tag && notes::is_marked(now.body.as_deref(), tag)
    });
    if !is_ours || assets.is_none_or(|assets| !assets.is_empty()) {
        return Ok(());
    }
    delete(session, &path)
        .await
        .map_err(|fault| fault.failure(what))
}

/// Deletes what `path` names; what is not there is deleted.
pub(crate) async fn delete(session: &Session, path: &str) -> Result<(), Fault> {
    let deleted = session
        .retrying(async || {
            session.pace.write().await;
            session.api.call(Method::DELETE, path, None::<&()>).await
        })
        .await;
    match deleted {
        Ok(_) => Ok(()),
        Err(fault) if fault.kind == Kind::NotFound => Ok(()),
        Err(fault) => Err(fault),
    }
}

/// Looks for the draft of this run: by its number, else by its mark. Looks more than once, because
/// lists come late.
async fn find_ours(
    session: &Session,
    tag: &str,
    word: &str,
    id: Option<u64>,
) -> Result<Option<Release>, Failure> {
    for look in 0..LOOKS {
        let releases = first_page(session).await?;
        let found = releases.into_iter().find(|release| match id {
            Some(id) => release.id == id,
            None => notes::is_marked_by(release.body.as_deref(), tag, word),
        });
        if found.is_some() {
            return Ok(found);
        }
        if look + 1 < LOOKS {
            pause(session, look).await;
        }
    }
    Ok(None)
}

/// Waits for a list to show what was done: longer each time.
pub(crate) async fn pause(session: &Session, look: u32) {
    tokio::time::sleep(
        session
            .unit
            .saturating_mul(1 << look.min(5))
            .min(Duration::from_mins(1)),
    )
    .await;
}

async fn first_page(session: &Session) -> Result<Vec<Release>, Failure> {
    let path = format!("{}/releases?per_page=100", session.slug().path());
    let (releases, _) = session.page::<Release>(&path, "list the releases").await?;
    Ok(releases)
}

/// Returns the failure of a release that GitHub does not want, with the way out where it is known.
pub(crate) fn refusal(
    fault: &Fault,
    what: &str,
    desired: &Desired,
    tag_at: Option<&str>,
) -> Failure {
    let tag = &desired.tag;
    let failure = fault.failure(what);
    let says = |words: &[&str]| words.iter().any(|words| fault.says(words));
    if says(&[
        "was used by an immutable release",
        "creations being restricted",
    ]) {
        return failure.with_code(Code::Refused).hint(format!(
            "the name `{tag}` belonged to an immutable release, or a rule protects it: it cannot be used again. `semver patch` counts up."
        ));
    }
    if says(&["immutable release"]) {
        return failure.with_code(Code::Refused).hint(
            "an immutable release cannot be changed; `semver patch` counts up for a new one.",
        );
    }
    if says(&["must have a valid tag"]) {
        return failure.with_code(Code::Refused).hint(format!(
            "push the tag first: `git tag {tag} && git push origin {tag}`."
        ));
    }
    if says(&["target_commitish"]) {
        return failure
            .with_code(Code::NotFound)
            .hint("the commit is not at GitHub: push the branch first, then run this again.");
    }
    let is_hidden = matches!(fault.kind, Kind::NotFound | Kind::Denied);
    if is_hidden && desired.discussion.is_some() && fault.kind == Kind::NotFound {
        return failure.hint("is there such a discussion category? The token also needs the permission `discussions: write`.");
    }
    if is_hidden && tag_at.is_some() {
        return failure.with_code(Code::Denied).hint(format!(
            "where the commit changes `.github/workflows`, making a tag needs the scope `workflow`, which `GITHUB_TOKEN` never has: `git push origin {tag}` with your own account, or use a token that has it."
        ));
    }
    if fault.kind == Kind::NotFound {
        return failure.with_code(Code::Denied).hint(
            "the token may not write here: it needs `contents: write`, and `workflow` where the commit changes `.github/workflows`.",
        );
    }
    failure
}
