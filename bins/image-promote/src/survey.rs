//! What stands in the registries, asked in as few round trips as there are questions that hang on
//! each other: one.

use duat_registry::place::Place;
use duat_registry::reference::{Handle, Tag};
use duat_registry::{Digest, Error, Kind, Manifest};
use futures_util::future::{OptionFuture, join_all, join4, try_join_all};

use crate::float::Float;
use crate::home::Address;
use crate::job::Image;
use crate::plan::Seen;

/// The two places that an image goes between.
pub(crate) struct Ends {
    pub image: Image,
    pub from: Address,
    pub to: Address,
    pub source: Place,
    pub target: Place,
    /// The target's repository may have to be made.
    pub is_ecr: bool,
}

/// What was asked for, and the manifest that came with it.
pub(crate) struct Looked {
    pub seen: Seen,
    pub manifest: Option<Manifest>,
}

impl Ends {
    /// Tells whether nothing has to be copied.
    pub(crate) fn is_one_place(&self) -> bool {
        self.from == self.to
    }

    /// Returns the target as both ends: what is released is all there is.
    pub(crate) fn released(self) -> Self {
        Self {
            from: self.to.clone(),
            source: self.target.clone(),
            ..self
        }
    }

    fn is_one_registry(&self) -> bool {
        let registry = |place: &Place| place.repository().map(|known| known.registry().clone());
        let source = registry(&self.source);
        source.is_some() && source == registry(&self.target)
    }

    /// Asks both ends at once.
    pub(crate) async fn look(
        &self,
        tested: &Handle,
        release: &Tag,
        floats: &[Float],
    ) -> Result<Looked, Error> {
        // the list tells what is newer, whether anything is there, and whether the repository is
        let needs_tags =
            !floats.is_empty() || !self.is_one_place() && (self.is_ecr || !self.is_one_registry());
        let release = Handle::Tag(release.clone());
        let handles: Vec<Handle> = floats
            .iter()
            .map(|float| Handle::Tag(float.tag.clone()))
            .collect();
        let standing = join_all(
            handles
                .iter()
                .map(|handle| self.target.find_manifest(handle)),
        );
        let (manifest, released, standing, tags) = join4(
            self.source.manifest(tested),
            self.target.find_manifest(&release),
            standing,
            OptionFuture::from(needs_tags.then(|| self.target.tags())),
        )
        .await;
        let manifest = match manifest {
            Ok(manifest) => Some(manifest),
            Err(error) if is_absence(&error) => None,
            Err(error) => return Err(error),
        };
        let mut repository_missing = false;
        let tags = match tags {
            None => None,
            Some(Ok(tags)) => Some(tags),
            Some(Err(error)) if is_absence(&error) => {
                repository_missing = self.is_ecr;
                Some(Vec::new())
            }
            // who may push need not be allowed to list; a float tag cannot do without
            Some(Err(_)) if floats.is_empty() => None,
            Some(Err(error)) => return Err(error),
        };
        let mut found: Vec<(Float, Option<Digest>)> = Vec::new();
        for (float, standing) in floats.iter().zip(standing) {
            found.push((float.clone(), standing?.map(|found| found.digest)));
        }
        let seen = Seen {
            image: self.image.clone(),
            from: self.from.clone(),
            to: self.to.clone(),
            tested: manifest.as_ref().map(|manifest| manifest.digest().clone()),
            released: released?.map(|found| found.digest),
            floats: found,
            tags,
            repository_missing,
        };
        Ok(Looked { seen, manifest })
    }
}

/// Asks about every image at once.
pub(crate) async fn look(
    ends: &[Ends],
    tested: &[Handle],
    release: &Tag,
    floats: &[Float],
) -> Result<Vec<Looked>, Error> {
    let images = ends.iter().zip(tested);
    try_join_all(images.map(|(ends, tested)| ends.look(tested, release, floats))).await
}

/// Tells whether an error says no more than that something is not there.
pub(crate) fn is_absence(error: &Error) -> bool {
    matches!(error.kind(), Kind::NotFound | Kind::NoRepository)
}
