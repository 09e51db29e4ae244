//! Tags are moved, read back, and moved back where not all could be.

use duat_registry::place::Place;
use duat_registry::reference::{Handle, Tag};
use duat_registry::{Digest, Error, Kind, Manifest};
use duat_shell::{Code, Failure};
use futures_util::future::join_all;

use crate::border;
use crate::home::Address;
use crate::ledger::{Ledger, Stand};
use crate::plan::Move;
use crate::world::World;

/// A tag that is to point at an image.
pub(crate) struct Wanted<'a> {
    pub place: &'a Place,
    pub address: &'a Address,
    pub manifest: &'a Manifest,
    pub change: &'a Move,
}

impl Wanted<'_> {
    fn handle(&self) -> Handle {
        Handle::Tag(self.change.tag.clone())
    }

    /// Returns the name of the tag, for people.
    pub(crate) fn name(&self) -> String {
        self.address.tagged(&self.change.tag)
    }

    async fn set(&self) -> Result<(), Error> {
        let handle = self.handle();
        let put = self.place.put_manifest(self.manifest, &handle).await;
        put.map(|_| ())
    }

    /// Tells whether the tag points at the image by now.
    async fn is_set(&self) -> Result<bool, Error> {
        let found = self.place.find_manifest(&self.handle()).await?;
        Ok(found.is_some_and(|found| found.digest == *self.manifest.digest()))
    }

    /// Lets the tag point at what it did before.
    async fn go_back(&self, world: &World) -> Result<(), Failure> {
        let Move { tag, before } = self.change;
        restore(world, self.place, self.address, tag, before.as_ref()).await
    }
}

/// Lets a tag point at what it did `before`, or at nothing.
pub(crate) async fn restore(
    world: &World,
    place: &Place,
    address: &Address,
    tag: &Tag,
    before: Option<&Digest>,
) -> Result<(), Failure> {
    let failed = |error: Error| border::failure(&error);
    let handle = Handle::Tag(tag.clone());
    if let Some(before) = before {
        let manifest = place.manifest(&Handle::Digest(before.clone())).await;
        let manifest = manifest.map_err(failed)?;
        let put = place.put_manifest(&manifest, &handle).await;
        return put.map(|_| ()).map_err(failed);
    }
    if let Some(deleted) = world.delete_tag(address, tag).await {
        return deleted;
    }
    match place.delete_manifest(&handle).await {
        Ok(()) => Ok(()),
        Err(error) if matches!(error.kind(), Kind::NotFound | Kind::NoRepository) => Ok(()),
        Err(error) if error.kind() == Kind::Unsupported => Err(failed(error).hint(
            "the registry cannot delete a tag alone, and by its digest the tested image would go, too.",
        )),
        Err(error) => Err(failed(error)),
    }
}

/// Moves all tags, or none: where one cannot be moved, those that were go back.
///
/// The ledger knows at any time where they are.
pub(crate) async fn set_all(
    wanted: &[Wanted<'_>],
    world: &World,
    ledger: &Ledger,
) -> Result<(), Failure> {
    let outcomes = join_all(wanted.iter().map(|wanted| async {
        ledger.note(&wanted.name(), Stand::Asked);
        let done = wanted.set().await;
        match &done {
            Ok(()) => ledger.note(&wanted.name(), Stand::Moved),
            Err(error) if is_refusal(error) => ledger.forget(&wanted.name()),
            Err(_) => {}
        }
        done
    }))
    .await;
    let mut back = Vec::new();
    let mut failed = Vec::new();
    for (wanted, outcome) in wanted.iter().zip(outcomes) {
        match outcome {
            Ok(()) => back.push(wanted),
            Err(error) => failed.push((wanted, error)),
        }
    }
    let Some((_, first)) = failed.first() else {
        return Ok(());
    };
    let failure = border::failure(first);
    let in_doubt = failed.iter().filter(|(_, error)| !is_refusal(error));
    let looks = join_all(in_doubt.map(|(wanted, _)| async { (*wanted, wanted.is_set().await) }));
    let mut state = State::default();
    for (wanted, is_set) in looks.await {
        match is_set {
            Ok(true) => back.push(wanted),
            Ok(false) => ledger.forget(&wanted.name()),
            Err(_) => state.unknown.push(format!("`{}`", wanted.name())),
        }
    }
    let outcomes = join_all(back.iter().map(|wanted| {
        ledger.note(&wanted.name(), Stand::Asked);
        wanted.go_back(world)
    }))
    .await;
    for (wanted, outcome) in back.iter().zip(outcomes) {
        let name = wanted.name();
        match outcome {
            Ok(()) => {
                ledger.forget(&name);
                state.returned.push(format!("`{name}`"));
            }
            Err(failure) => {
                let why = failure.in_one_line();
                state.stuck.push(format!("`{name}` ({why})"));
            }
        }
    }
    Err(state.told_with(failure))
}

/// Tells whether a tag surely is where it was: the registry said that it does not move it. Of any
/// other failure the answer may have been lost, or spoilt, after the tag had moved.
fn is_refusal(error: &Error) -> bool {
    match error.kind() {
        Kind::NotFound
        | Kind::NoRepository
        | Kind::Unauthorized
        | Kind::Denied
        | Kind::Immutable
        | Kind::Unsupported
        | Kind::Refused
        | Kind::Contained
        | Kind::Credentials => true,
        Kind::RateLimited
        | Kind::Unavailable
        | Kind::Verification
        | Kind::Protocol
        | Kind::Source => false,
    }
}

/// Where the tags are of which one could not be moved, by name.
#[derive(Default)]
struct State {
    /// They moved, and point again at what they did before.
    returned: Vec<String>,
    /// They moved, and could not go back.
    stuck: Vec<String>,
    /// Nobody knows.
    unknown: Vec<String>,
}

impl State {
    /// Returns a failure that says where the tags are.
    fn told_with(&self, failure: Failure) -> Failure {
        let mut parts = Vec::new();
        if !self.returned.is_empty() {
            parts.push(format!("{} went back", self.returned.join(", ")));
        }
        if !self.stuck.is_empty() {
            let stuck = self.stuck.join(", ");
            parts.push(format!("still moved, as they could not go back: {stuck}"));
        }
        if !self.unknown.is_empty() {
            let unknown = self.unknown.join(", ");
            parts.push(format!(
                "{unknown} may have moved, which could not be looked up"
            ));
        }
        if self.stuck.is_empty() && self.unknown.is_empty() {
            parts.push("no tag has moved".to_owned());
            let state = parts.join(": ");
            return failure.hint(format!("{state}. the content is in place; run this again."));
        }
        let state = parts.join("; ");
        let failure = if self.stuck.is_empty() {
            changed(failure)
        } else {
            failure.with_code(Code::Failed)
        };
        failure.hint(format!(
            "{state}. run this again to complete the release, or `image-promote undo`."
        ))
    }
}

/// Returns a failure with a code that does not promise that nothing was changed.
pub(crate) fn changed(failure: Failure) -> Failure {
    match failure.code() {
        Code::Refused | Code::Denied | Code::NotFound => failure.with_code(Code::Failed),
        _ => failure,
    }
}

/// Reads tags back: each must point at the image it was given.
pub(crate) async fn read_back(wanted: &[Wanted<'_>]) -> Result<(), Failure> {
    let found = join_all(
        wanted
            .iter()
            .map(|wanted| async { wanted.place.find_manifest(&wanted.handle()).await }),
    )
    .await;
    for (wanted, found) in wanted.iter().zip(found) {
        let found = found.map_err(|error| {
            changed(border::failure(&error))
                .hint("the tags have moved, and could not be read back: run this again.")
        })?;
        let digest = found.map(|found| found.digest);
        if digest.as_ref() != Some(wanted.manifest.digest()) {
            let now = digest.map_or_else(|| "nothing".to_owned(), |digest| digest.to_string());
            return Err(Failure::new(
                Code::Unverified,
                format!(
                    "failed to verify `{}`: it points at {now}, not at {}",
                    wanted.name(),
                    wanted.manifest.digest()
                ),
            )
            .hint("the version file was not changed; somebody else may be moving this tag."));
        }
    }
    Ok(())
}
