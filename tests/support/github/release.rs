//! Releases: made, listed, changed, published and deleted.

use serde_json::{Value, json};

use super::answer::Answer;
use super::page;
use super::service::Ask;
use super::state::{Release, State, Tag};

const LONGEST_BODY: usize = 125_000;
const DISCUSSION_CATEGORIES: &[&str] = &["Announcements", "General"];

pub(super) fn list(state: &mut State, ask: &Ask<'_>, at: usize) -> Answer {
    let sees_drafts = ask.rights.is_some_and(|rights| rights.push);
    let habits = state.habits;
    let repository = &mut state.repositories[at];
    let newest = repository.releases.iter().map(|release| release.id).max();
    let mut shown: Vec<u64> = Vec::new();
    for release in &mut repository.releases {
        let lags = release.hidden > 0 || (ask.lags && Some(release.id) == newest);
        release.hidden = release.hidden.saturating_sub(1);
        if !lags && (!release.draft || sees_drafts) {
            shown.push(release.id);
        }
    }
    shown.sort_unstable_by(|one, other| other.cmp(one));
    let views: Vec<Value> = shown
        .iter()
        .filter_map(|id| repository.release(*id))
        .map(|release| ask.links.show_release(repository, release, habits))
        .collect();
    page::of(views, ask)
}

pub(super) fn latest(state: &State, ask: &Ask<'_>, at: usize) -> Result<Answer, Answer> {
    let latest = state.repositories[at].latest();
    latest
        .map(|release| show(200, state, ask, at, release))
        .ok_or_else(Answer::not_found)
}

pub(super) fn by_tag(state: &State, ask: &Ask<'_>, at: usize) -> Result<Answer, Answer> {
    let published = state.repositories[at].published(&ask.target.rest);
    published
        .map(|release| show(200, state, ask, at, release))
        .ok_or_else(Answer::not_found)
}

pub(super) fn get(state: &State, ask: &Ask<'_>, at: usize) -> Result<Answer, Answer> {
    let sees_drafts = ask.rights.is_some_and(|rights| rights.push);
    let release = state.repositories[at].release(ask.target.id());
    release
        .filter(|release| !release.draft || sees_drafts)
        .map(|release| show(200, state, ask, at, release))
        .ok_or_else(Answer::not_found)
}

pub(super) fn create(state: &mut State, ask: &Ask<'_>, at: usize) -> Result<Answer, Answer> {
    ask.may_push(state, at)?;
    let tag = ask.text("tag_name").unwrap_or_default();
    if tag.is_empty() {
        return Err(Answer::invalid(&[(
            "Release",
            "missing_field",
            "tag_name",
            "",
        )]));
    }
    let target = ask.text("target_commitish");
    check(state, ask, at, &tag, target.as_deref())?;
    let (id, now) = (state.next_id(), state.tick());
    let notes = ask
        .flag("generate_release_notes")
        .unwrap_or(false)
        .then(|| notes_of(state, ask, at, &tag, None));
    let repository = &mut state.repositories[at];
    let release = Release {
        id,
        tag,
        target: target.unwrap_or_else(|| repository.default_branch.clone()),
        name: ask.text("name"),
        body: join(ask.text("body"), notes),
        draft: true,
        prerelease: ask.flag("prerelease").unwrap_or(false),
        immutable: false,
        discussion: ask.text("discussion_category_name"),
        assets: Vec::new(),
        created: now,
        published: None,
        updated: now,
        may_be_latest: true,
        hidden: state.habits.list_lag,
    };
    repository.releases.push(release);
    if !ask.flag("draft").unwrap_or(false)
        && let Err(refusal) = publish(state, ask, at, id)
    {
        state.repositories[at].releases.pop();
        return Err(refusal);
    }
    let release = found(state, at, id)?;
    let url = format!(
        "{}/releases/{id}",
        ask.links.repository(&state.repositories[at])
    );
    Ok(show(201, state, ask, at, release).header("location", url))
}

pub(super) fn update(state: &mut State, ask: &Ask<'_>, at: usize) -> Result<Answer, Answer> {
    ask.may_push(state, at)?;
    let id = ask.target.id();
    let release = found(state, at, id)?.clone();
    let tag = ask.text("tag_name").unwrap_or_else(|| release.tag.clone());
    let target = ask.text("target_commitish");
    if release.immutable && tag != release.tag {
        return Err(Answer::error(
            422,
            "Cannot change the tag of an immutable release.",
        ));
    }
    check(state, ask, at, &tag, target.as_deref())?;
    let now = state.tick();
    if let Some(release) = state.repositories[at].release_mut(id) {
        release.tag = tag;
        release.updated = now;
        set(&mut release.target, target);
        set_if(&mut release.name, ask.text("name"));
        set_if(&mut release.body, ask.text("body"));
        set_if(
            &mut release.discussion,
            ask.text("discussion_category_name"),
        );
        set(&mut release.prerelease, ask.flag("prerelease"));
    }
    match (release.draft, ask.flag("draft")) {
        (true, Some(false)) => {
            if let Err(refusal) = publish(state, ask, at, id) {
                // a refused change changes nothing
                if let Some(place) = state.repositories[at].release_mut(id) {
                    *place = release;
                }
                return Err(refusal);
            }
        }
        (false, Some(true)) if !release.immutable => {
            if let Some(release) = state.repositories[at].release_mut(id) {
                release.draft = true;
            }
        }
        (false, _) => choose_latest(state, ask, at, id, false),
        (true, _) => {}
    }
    let release = found(state, at, id)?;
    Ok(show(200, state, ask, at, release))
}

pub(super) fn delete(state: &mut State, ask: &Ask<'_>, at: usize) -> Result<Answer, Answer> {
    ask.may_push(state, at)?;
    let id = ask.target.id();
    found(state, at, id)?;
    let repository = &mut state.repositories[at];
    let place = repository.releases.iter().position(|one| one.id == id);
    let release = repository.releases.remove(place.unwrap_or_default());
    if release.immutable {
        repository.burned.insert(release.tag.clone());
    }
    repository.deleted.push(release);
    Ok(Answer::empty(204))
}

pub(super) fn notes(state: &State, ask: &Ask<'_>, at: usize) -> Result<Answer, Answer> {
    ask.may_push(state, at)?;
    let tag = ask.text("tag_name").unwrap_or_default();
    let is_tagged = state.repositories[at].tags.contains_key(&tag);
    if !is_tagged && ask.text("target_commitish").is_none() {
        return Err(Answer::error(422, "Invalid target_commitish parameter"));
    }
    let previous = ask.text("previous_tag_name");
    let body = notes_of(state, ask, at, &tag, previous);
    Ok(Answer::json(200, json!({"name": tag, "body": body})))
}

/// Makes a draft a release, and its tag if there is none.
fn publish(state: &mut State, ask: &Ask<'_>, at: usize, id: u64) -> Result<(), Answer> {
    let now = state.tick();
    let release = found(state, at, id)?.clone();
    let repository = &mut state.repositories[at];
    if repository.published(&release.tag).is_some() {
        return Err(Answer::invalid(&[(
            "Release",
            "already_exists",
            "tag_name",
            "",
        )]));
    }
    if repository.burned.contains(&release.tag) {
        return Err(Answer::invalid(&[
            (
                "Release",
                "custom",
                "pre_receive",
                "pre_receive Repository rule violations found\n\nCannot create ref due to creations being \
                 restricted.\n\n",
            ),
            (
                "Release",
                "custom",
                "tag_name",
                "tag_name was used by an immutable release",
            ),
            (
                "Release",
                "custom",
                "tag_name",
                "Published releases must have a valid tag",
            ),
        ]));
    }
    let tagged = repository.tags.get(&release.tag);
    let commitish = tagged.map_or(&release.target, |tag| &tag.commit);
    let commit = repository.resolve(commitish).cloned().ok_or_else(|| {
        Answer::invalid(&[(
            "Release",
            "custom",
            "tag_name",
            "Published releases must have a valid tag",
        )])
    })?;
    let tag = Tag {
        commit: commit.sha.clone(),
        annotation: None,
    };
    repository.tags.entry(release.tag.clone()).or_insert(tag);
    let immutable = repository.immutable;
    if let Some(release) = repository.release_mut(id) {
        release.draft = false;
        release.immutable = immutable;
        release.created = commit.instant;
        release.published = Some(now);
    }
    choose_latest(state, ask, at, id, true);
    Ok(())
}

/// Does what `make_latest` says; a new release is the latest unless it says otherwise.
fn choose_latest(state: &mut State, ask: &Ask<'_>, at: usize, id: u64, new: bool) {
    let said = ask.text("make_latest");
    let said = said
        .as_deref()
        .unwrap_or(if new { "true" } else { "legacy" });
    let moves = said == "true" || (new && state.habits.latest_always_moves);
    let repository = &mut state.repositories[at];
    let before = repository.latest;
    if let Some(release) = repository.release_mut(id) {
        release.may_be_latest = said != "false";
        if moves && !release.prerelease {
            repository.latest = Some(id);
        } else if said == "false" && before == Some(id) {
            repository.latest = None;
        }
    }
}

/// Refuses what no release may be.
fn check(
    state: &State,
    ask: &Ask<'_>,
    at: usize,
    tag: &str,
    target: Option<&str>,
) -> Result<(), Answer> {
    let repository = &state.repositories[at];
    let body = ask.text("body").unwrap_or_default();
    if body.chars().count() > LONGEST_BODY {
        let message = format!("body is too long (maximum is {LONGEST_BODY} characters)");
        return Err(Answer::invalid(&[("Release", "custom", "body", &message)]));
    }
    if tag.contains([' ', '~', '^', ':', '?', '*', '[', '\\']) || tag.contains("..") {
        return Err(Answer::invalid(&[(
            "Release",
            "custom",
            "tag_name",
            "tag_name is not a valid tag",
        )]));
    }
    if target.is_some_and(|target| repository.resolve(target).is_none()) {
        return Err(Answer::invalid(&[(
            "Release",
            "invalid",
            "target_commitish",
            "",
        )]));
    }
    let commitish = target.or_else(|| {
        let made = !repository.tags.contains_key(tag);
        made.then_some(repository.default_branch.as_str())
    });
    let changes_workflows = commitish
        .and_then(|commitish| repository.resolve(commitish))
        .is_some_and(|commit| commit.workflows);
    if changes_workflows && !ask.rights.is_some_and(|rights| rights.workflow) {
        return Err(Answer::not_found());
    }
    let category = ask.text("discussion_category_name");
    if category.is_some_and(|category| !DISCUSSION_CATEGORIES.contains(&category.as_str())) {
        return Err(Answer::not_found());
    }
    Ok(())
}

fn notes_of(
    state: &State,
    ask: &Ask<'_>,
    at: usize,
    tag: &str,
    previous: Option<String>,
) -> String {
    let repository = &state.repositories[at];
    let web = format!("{}/{}", ask.links.web, repository.full_name());
    let previous = previous.or_else(|| repository.latest().map(|latest| latest.tag.clone()));
    let changes = match previous {
        Some(previous) => format!("{web}/compare/{previous}...{tag}"),
        None => format!("{web}/commits/{tag}"),
    };
    format!("## What's Changed\n* A change by @ada\n\n\n**Full Changelog**: {changes}")
}

fn found(state: &State, at: usize, id: u64) -> Result<&Release, Answer> {
    let release = state.repositories[at].release(id);
    release.ok_or_else(Answer::not_found)
}

fn show(status: u16, state: &State, ask: &Ask<'_>, at: usize, release: &Release) -> Answer {
    let repository = &state.repositories[at];
    let view = ask.links.show_release(repository, release, state.habits);
    Answer::json(status, view)
}

fn join(body: Option<String>, notes: Option<String>) -> Option<String> {
    match (body, notes) {
        (Some(body), Some(notes)) => Some(format!("{body}\n\n{notes}")),
        (body, notes) => body.or(notes),
    }
}

fn set<T>(place: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *place = value;
    }
}

fn set_if<T>(place: &mut Option<T>, value: Option<T>) {
    if value.is_some() {
        *place = value;
    }
}
