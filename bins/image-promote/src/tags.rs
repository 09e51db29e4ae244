//! Tags are moved, read back, and moved back where not all could be.

use duat_registry::place::Place;
use duat_registry::reference::{Handle, Tag};
use duat_registry::{Digest, Error, Kind, Manifest};
use duat_shell::{Code, Failure};
use futures_util::future::join_all;

use crate::border;
use crate::home::Address;
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
        match self.place.put_manifest(self.manifest, &self.handle()).await {
            Ok(_) => Ok(()),
            // a registry may refuse even what is so already: somebody else was faster with the same
            Err(error) if error.kind() == Kind::Immutable => {
                let found = self.place.find_manifest(&self.handle()).await?;
                match found {
                    Some(found) if found.digest == *self.manifest.digest() => Ok(()),
                    _ => Err(error),
                }
            }
            Err(error) => Err(error),
        }
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
/// `moved` is told of each tag that has moved.
pub(crate) async fn set_all(
    wanted: &[Wanted<'_>],
    world: &World,
    moved: impl Fn(&Wanted<'_>),
) -> Result<(), Failure> {
    let outcomes = join_all(wanted.iter().map(|wanted| async {
        let done = wanted.set().await;
        if done.is_ok() {
            moved(wanted);
        }
        done
    }))
    .await;
    let mut first = None;
    let mut went = Vec::new();
    for (wanted, outcome) in wanted.iter().zip(outcomes) {
        match outcome {
            Ok(()) => went.push(wanted),
            Err(error) if first.is_none() => first = Some((wanted, error)),
            Err(_) => {}
        }
    }
    let Some((wanted, error)) = first else {
        return Ok(());
    };
    // one whose answer was lost may have moved all the same
    let mut back: Vec<&Wanted<'_>> = went;
    if matches!(error.kind(), Kind::Unavailable | Kind::RateLimited)
        && let Ok(Some(found)) = wanted.place.find_manifest(&wanted.handle()).await
        && found.digest == *wanted.manifest.digest()
    {
        back.push(wanted);
    }
    let outcomes = join_all(back.iter().map(|wanted| wanted.go_back(world))).await;
    let mut stuck = Vec::new();
    let mut returned = Vec::new();
    for (wanted, outcome) in back.iter().zip(outcomes) {
        match outcome {
            Ok(()) => returned.push(format!("`{}`", wanted.name())),
            Err(failure) => stuck.push(format!("`{}` ({})", wanted.name(), failure.in_one_line())),
        }
    }
    let failure = border::failure(&error);
    let state = match (returned.is_empty(), stuck.is_empty()) {
        (true, true) => "no tag has moved".to_owned(),
        (false, true) => format!("{} went back: no tag has moved", returned.join(", ")),
        (_, false) => format!(
            "still moved, as they could not go back: {}",
            stuck.join(", ")
        ),
    };
    let way = if stuck.is_empty() {
        "the content is in place; run this again."
    } else {
        "run this again to complete the release, or `image-promote undo`."
    };
    let code = if stuck.is_empty() {
        failure.code()
    } else {
        Code::Failed
    };
    Err(failure.with_code(code).hint(format!("{state}. {way}")))
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
        let digest = found
            .map_err(|error| border::failure(&error))?
            .map(|found| found.digest);
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
