//! A version file that holds a release already: its images are there, or it was never promoted.

use duat_registry::Descriptor;
use duat_registry::reference::{Handle, Tag};
use duat_shell::{Code, Failure, Failures};
use futures_util::future::try_join_all;

use crate::border;
use crate::job::Job;
use crate::report::ImageReport;
use crate::survey::Ends;

/// The images of a release that stands, one for each of the ends.
pub(crate) struct Released(Vec<Descriptor>);

impl Released {
    /// Looks for every image of the release.
    ///
    /// # Errors
    /// All that are not there.
    pub(crate) async fn find(job: &Job, ends: &[Ends], release: &Tag) -> Result<Self, Failures> {
        let handle = Handle::Tag(release.clone());
        let found = ends.iter().map(|ends| ends.target.find_manifest(&handle));
        let found = try_join_all(found)
            .await
            .map_err(|error| border::failure(&error))?;
        let mut standing = Vec::new();
        let mut failures = Vec::new();
        for (ends, found) in ends.iter().zip(found) {
            match found {
                Some(found) => standing.push(found),
                None => failures.push(
                    Failure::new(
                        Code::NotFound,
                        format!(
                            "failed to find `{}`: `{}` says `{}`, which is a release, but there is no such image",
                            ends.to.at(&handle),
                            job.source.display(),
                            job.version
                        ),
                    )
                    .hint("a promotion starts from the pre-release that was tested: `semver pre` makes one."),
                ),
            }
        }
        Failures::of(failures)?;
        Ok(Self(standing))
    }

    /// Returns what the images are called that are the tested ones now.
    pub(crate) fn handles(&self) -> Vec<Handle> {
        let digests = self.0.iter().map(|found| found.digest.clone());
        digests.map(Handle::Digest).collect()
    }

    /// Returns what to say where nothing else was asked for.
    pub(crate) fn reports(&self, ends: &[Ends], release: &Tag) -> Vec<ImageReport> {
        let images = ends.iter().zip(&self.0);
        images
            .map(|(ends, found)| ImageReport::standing(ends, release, found))
            .collect()
    }
}
