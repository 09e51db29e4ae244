//! What is to be done, as a value: computed from what was seen, said, and then carried out.

use duat::Version;
use duat_registry::Digest;
use duat_registry::reference::Tag;

use crate::float::Float;
use crate::home::Address;
use crate::job::Image;

/// What stands in the registries before anything is done, for one image.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub image: Image,
    pub from: Address,
    pub to: Address,
    /// What the pre-release's tag points at.
    pub tested: Option<Digest>,
    /// What the release's tag points at.
    pub released: Option<Digest>,
    /// The other tags that are to move along, and what they point at.
    pub floats: Vec<(Float, Option<Digest>)>,
    /// All tags of the target, where they were needed.
    pub tags: Option<Vec<String>>,
    /// The target has no such repository.
    pub repository_missing: bool,
}

/// What is to be done, or why not.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub steps: Vec<Step>,
}

/// What is to be done about one image.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    pub image: Image,
    pub from: Address,
    pub to: Address,
    /// What is promoted.
    pub digest: Digest,
    /// The image has to be brought to the target.
    pub copies: bool,
    /// The target is known to be empty.
    pub is_cold: bool,
    /// The repository is made first.
    pub makes_repository: bool,
    /// Tags that will point at the image, the release's first.
    pub moves: Vec<Move>,
    /// Tags that do already.
    pub stand: Vec<Tag>,
    /// Tags that stay where they are, as a newer release has them.
    pub kept: Vec<(Tag, Version)>,
}

/// A tag and what it points at now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Move {
    pub tag: Tag,
    pub before: Option<Digest>,
}

/// Why an image cannot be promoted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// There is no such image.
    NoSource { index: usize },
    /// The release's tag holds another image.
    Conflict {
        index: usize,
        tested: Digest,
        released: Digest,
    },
}

impl Plan {
    /// Computes what is to be done so that every image has the tag of `release`; or all that stands
    /// against it.
    pub(crate) fn of(
        seen: Vec<Seen>,
        release: &Tag,
        version: &Version,
        deep: bool,
    ) -> Result<Self, Vec<Refusal>> {
        let mut refusals = Vec::new();
        let mut steps = Vec::new();
        for (index, seen) in seen.into_iter().enumerate() {
            match Step::of(seen, index, release, version, deep) {
                Ok(step) => steps.push(step),
                Err(refusal) => refusals.push(refusal),
            }
        }
        if refusals.is_empty() {
            Ok(Self { steps })
        } else {
            Err(refusals)
        }
    }

    /// Tells whether every tag stands where it should.
    pub(crate) fn is_done(&self) -> bool {
        self.steps
            .iter()
            .all(|step| step.moves.is_empty() && !step.copies)
    }
}

impl Step {
    fn of(
        seen: Seen,
        index: usize,
        release: &Tag,
        version: &Version,
        deep: bool,
    ) -> Result<Self, Refusal> {
        let Some(digest) = seen.tested else {
            return Err(Refusal::NoSource { index });
        };
        let mut moves = Vec::new();
        let mut stand = Vec::new();
        let mut kept = Vec::new();
        match seen.released {
            Some(released) if released == digest => stand.push(release.clone()),
            Some(released) => {
                return Err(Refusal::Conflict {
                    index,
                    tested: digest,
                    released,
                });
            }
            None => moves.push(Move {
                tag: release.clone(),
                before: None,
            }),
        }
        let is_released = moves.is_empty();
        for (float, before) in seen.floats {
            if before.as_ref() == Some(&digest) {
                stand.push(float.tag);
            } else if let Some(newer) = float.newer(version, seen.tags.iter().flatten()) {
                kept.push((float.tag, newer));
            } else {
                moves.push(Move {
                    tag: float.tag,
                    before,
                });
            }
        }
        Ok(Self {
            copies: seen.from != seen.to && (deep || !is_released),
            is_cold: seen.tags.is_some_and(|tags| tags.is_empty()),
            makes_repository: seen.repository_missing,
            image: seen.image,
            from: seen.from,
            to: seen.to,
            digest,
            moves,
            stand,
            kept,
        })
    }
}

#[cfg(test)]
mod tests;
