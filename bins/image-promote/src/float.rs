//! Tags that move from release to release: words such as `latest`, and a release's first numbers.

use duat::Version;
use duat_registry::reference::Tag;
use duat_shell::{Code, Failure, Failures};

use crate::job::{self, Job};

/// A tag that moves from release to release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Float {
    pub tag: Tag,
    /// Major, or major and minor: the releases it is about. Nothing for a word, which is about all.
    range: Vec<u64>,
}

impl Float {
    /// Reads the tags that are to move along with a job's release, each once.
    pub(crate) fn read(also: &[String], job: &Job) -> Result<Vec<Self>, Failures> {
        let mut floats: Vec<Self> = Vec::new();
        let mut failures = Vec::new();
        let texts = also.iter().map(|text| text.trim());
        for text in texts.filter(|text| !text.is_empty()) {
            let float = job::tag(text).and_then(|tag| {
                Self::of(tag, &job.release).ok_or_else(|| {
                    Failure::new(
                        Code::Usage,
                        format!("failed to move `{text}` along: it is not about `{}`", job.release),
                    )
                    .hint("words such as `latest` move along, and the release's first one or two numbers.")
                })
            });
            match float {
                Ok(float) if !floats.contains(&float) => floats.push(float),
                Ok(_) => {}
                Err(failure) => failures.push(failure),
            }
        }
        Failures::of(failures)?;
        Ok(floats)
    }

    /// Returns the tag as one that may move to `release`; nothing where it is about other releases,
    /// or where a version stands there, which never moves.
    pub(crate) fn of(tag: Tag, release: &Version) -> Option<Self> {
        let text = tag.as_str();
        let text = text.strip_prefix('v').unwrap_or(text);
        let numbers: Option<Vec<u64>> = text.split('.').map(|part| part.parse().ok()).collect();
        let range = match numbers {
            Some(numbers) if numbers.len() > 2 => return None,
            Some(numbers) => numbers,
            None if Version::parse_strict(text).is_ok() => return None,
            None => Vec::new(),
        };
        let float = Self { tag, range };
        float.is_about(release).then_some(float)
    }

    fn is_about(&self, version: &Version) -> bool {
        [version.major(), version.minor()].starts_with(&self.range)
    }

    /// Returns the newest release among `tags` that this tag is about, if it is newer than `release`.
    pub(crate) fn newer<'a>(
        &self,
        release: &Version,
        tags: impl IntoIterator<Item = &'a String>,
    ) -> Option<Version> {
        tags.into_iter()
            .filter_map(|tag| Version::parse_strict(tag.strip_prefix('v').unwrap_or(tag)).ok())
            .filter(|version| !version.is_prerelease() && self.is_about(version))
            .filter(|version| version > release)
            .max()
    }
}
