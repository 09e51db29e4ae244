//! The repository itself: its settings, tags and commits.

use serde_json::json;

use super::answer::Answer;
use super::service::Ask;
use super::state::{State, Tag};
use super::view::Permissions;

pub(super) fn repository(state: &State, ask: &Ask<'_>, at: usize) -> Answer {
    let rights = ask.rights;
    let permissions = Permissions {
        push: rights.is_some_and(|rights| rights.push),
        admin: rights.is_some_and(|rights| rights.admin),
    };
    let repository = &state.repositories[at];
    let mut view = ask.links.show_repository(repository, permissions);
    if let (None, Some(view)) = (rights, view.as_object_mut()) {
        view.remove("permissions");
    }
    Answer::json(200, view)
}

pub(super) fn reference(state: &State, ask: &Ask<'_>, at: usize) -> Result<Answer, Answer> {
    let repository = &state.repositories[at];
    let name = &ask.target.rest;
    let tag = repository.tags.get(name).ok_or_else(Answer::not_found)?;
    let view = ask.links.show_reference(repository, name, tag);
    Ok(Answer::json(200, view))
}

pub(super) fn tag(state: &State, ask: &Ask<'_>, at: usize) -> Result<Answer, Answer> {
    let repository = &state.repositories[at];
    let is_asked = |tag: &Tag| {
        let annotation = tag.annotation.as_ref();
        annotation.is_some_and(|(sha, _)| *sha == ask.target.rest)
    };
    let mut tags = repository.tags.iter();
    let found = tags.find(|(_, tag)| is_asked(tag));
    found
        .and_then(|(name, tag)| ask.links.show_tag(repository, name, tag))
        .map(|view| Answer::json(200, view))
        .ok_or_else(Answer::not_found)
}

pub(super) fn commit(state: &State, ask: &Ask<'_>, at: usize) -> Result<Answer, Answer> {
    let repository = &state.repositories[at];
    let name = &ask.target.rest;
    let tagged = repository.tags.get(name).map(|tag| tag.commit.as_str());
    let commit = repository.resolve(tagged.unwrap_or(name)).ok_or_else(|| {
        let message = format!("No commit found for SHA: {name}");
        Answer::error(422, &message)
    })?;
    let view = ask.links.show_commit(repository, commit);
    Ok(Answer::json(200, view))
}

pub(super) fn create_reference(
    state: &mut State,
    ask: &Ask<'_>,
    at: usize,
) -> Result<Answer, Answer> {
    ask.may_push(state, at)?;
    let repository = &mut state.repositories[at];
    let [reference, sha] = ["ref", "sha"].map(|name| ask.text(name).unwrap_or_default());
    let name = reference
        .strip_prefix("refs/tags/")
        .ok_or_else(|| Answer::error(422, "Reference name must start with 'refs/tags/'"))?;
    if repository.tags.contains_key(name) {
        return Err(Answer::error(422, "Reference already exists"));
    }
    if repository.burned.contains(name) {
        return Err(Answer::error(
            422,
            "Repository rule violations found\n\nCannot create ref due to creations being restricted.\n\n",
        ));
    }
    let annotated = repository.tags.values().find_map(|tag| {
        let (tag_sha, _) = tag.annotation.as_ref()?;
        (*tag_sha == sha).then(|| tag.clone())
    });
    let tag = match (annotated, repository.resolve(&sha)) {
        (Some(tag), _) => tag,
        (None, Some(commit)) => Tag {
            commit: commit.sha.clone(),
            annotation: None,
        },
        (None, None) => return Err(Answer::error(422, "Object does not exist")),
    };
    let view = ask.links.show_reference(repository, name, &tag);
    repository.tags.insert(name.to_owned(), tag);
    Ok(Answer::json(201, view))
}

pub(super) fn immutable(state: &State, ask: &Ask<'_>, at: usize) -> Result<Answer, Answer> {
    let may_read = ask.rights.is_some_and(|rights| rights.admin);
    if may_read && state.repositories[at].immutable {
        let view = json!({"enabled": true, "enforced_by_owner": false});
        return Ok(Answer::json(200, view));
    }
    Err(if may_read {
        Answer::not_found()
    } else {
        Answer::error(403, "Resource not accessible by integration")
    })
}
