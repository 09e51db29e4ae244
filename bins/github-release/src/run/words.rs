//! Title and notes as they are sent: what is wished for, and else what the release says by then.

use duat_shell::{Code, Failure};
use serde_json::json;

use crate::desired::Desired;
use crate::model::{Notes as Generated, Release};
use crate::notes::{self, Notes};
use crate::observe::{Observed, TagThere};
use crate::publish::Text;
use crate::session::{Session, random_word};

/// Title and notes that a release gets; nothing where it keeps its own.
pub(super) struct Words {
    title: Option<String>,
    body: Option<String>,
}

impl Words {
    pub(super) fn text(&self) -> Text<'_> {
        Text {
            title: self.title.as_deref(),
            body: self.body.as_deref(),
        }
    }
}

/// Returns the words of a draft that is published: its own without our mark, where nobody wishes for
/// others.
pub(super) fn published(desired: &Desired, draft: &Release, notes: Option<String>) -> Words {
    let own = || notes::unmarked(draft.body.as_deref().unwrap_or_default());
    let is_untitled = draft.name.as_deref().unwrap_or_default().is_empty();
    let tag = is_untitled.then(|| desired.tag.clone());
    Words {
        title: desired.title.clone().or(tag),
        body: Some(notes.unwrap_or_else(own)),
    }
}

/// Returns the words of a release that changes without being published. Notes of a published one are
/// somebody's by now, unless new ones were typed.
pub(super) fn edited(
    desired: &Desired,
    release: &Release,
    notes: Option<String>,
) -> Result<Words, Failure> {
    let notes = notes.filter(|_| release.draft || desired.notes_are_typed);
    let body = match notes {
        Some(notes) if release.draft => Some(notes::marked(&notes, &desired.tag, &random_word()?)),
        notes => notes,
    };
    Ok(Words {
        title: desired.title.clone(),
        body,
    })
}

/// Reads a release again: another job, or a person, may have written into it meanwhile.
pub(super) async fn now(session: &Session, release: Release) -> Result<Release, Failure> {
    let path = format!("{}/releases/{}", session.slug().path(), release.id);
    let now = session.get::<Release>(&path, "read the draft").await?;
    Ok(now.unwrap_or(release))
}

/// Returns the notes that are wished for; nothing where the release keeps its own.
pub(super) async fn notes(
    session: &Session,
    desired: &Desired,
    observed: &Observed,
    tag_at: Option<&str>,
) -> Result<Option<String>, Failure> {
    match &desired.notes {
        Notes::Unsaid => Ok(None),
        Notes::Text(text) => Ok(Some(text.clone())),
        Notes::Tag => match &observed.tag {
            TagThere::At {
                message: Some(message),
                ..
            } => Ok(Some(notes::of_tag_message(message))),
            _ => Err(Failure::new(
                Code::NotFound,
                format!(
                    "failed to find the notes: the tag `{}` is not annotated",
                    desired.tag
                ),
            )
            .hint("`git tag --annotate` makes one that is; `--notes-from` names another source.")),
        },
        Notes::Github => {
            let path = format!("{}/releases/generate-notes", session.slug().path());
            let mut wish = json!({"tag_name": desired.tag});
            if let (Some(commit), Some(wish)) = (tag_at, wish.as_object_mut()) {
                wish.insert("target_commitish".to_owned(), json!(commit));
            }
            let answer = session
                .retrying(async || {
                    session
                        .api
                        .call(http::Method::POST, &path, Some(&wish))
                        .await?
                        .read::<Generated>()
                })
                .await;
            let generated = answer.map_err(|fault| fault.failure("let GitHub write the notes"))?;
            Ok(Some(generated.body))
        }
    }
}
