//! What is there: read from GitHub, all at once where nothing waits for anything.

use duat::Version;
use duat_shell::Failure;
use futures_util::future::{join, join3};
use url::form_urlencoded;

use crate::local::TagFormat;
use crate::model::{Asset, Object, Reference, Release, Repository};
use crate::name::is_temporary;
use crate::notes;
use crate::session::Session;

/// What is there.
#[derive(Clone, Debug)]
pub(crate) struct Observed {
    pub repository: Repository,
    pub tag: TagThere,
    pub published: Option<Release>,
    /// Drafts of the tag, the one to complete first.
    pub drafts: Vec<Release>,
    /// The assets of the release to complete, broken uploads included.
    pub assets: Vec<Asset>,
    /// What GitHub shows as the latest release.
    pub latest: Option<Release>,
    /// The highest published version that is no pre-release and no other than this one.
    pub highest: Option<Version>,
}

/// The tag at GitHub.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TagThere {
    Missing,
    At {
        /// The commit it means in the end.
        commit: String,
        /// The message of an annotated tag.
        message: Option<String>,
    },
}

/// An annotated tag.
#[derive(serde::Deserialize)]
struct Annotation {
    #[serde(default)]
    message: String,
    object: Object,
}

impl Observed {
    /// Returns the release to complete: the published one, else the first draft.
    pub(crate) fn release(&self) -> Option<&Release> {
        self.published.as_ref().or_else(|| self.drafts.first())
    }

    /// Tells whether there is anything of an asset: itself, or what is to take its place.
    pub(crate) fn has(&self, name: &str) -> bool {
        let mut assets = self.assets.iter();
        assets.any(|there| there.name == name || is_temporary(&there.name, name))
    }
}

/// Reads what there is of a tag. `wanted` are the names that are looked for among the assets.
pub(crate) async fn observe(
    session: &mut Session,
    tag: &str,
    format: &TagFormat,
    wanted: impl Fn(&Release) -> bool,
) -> Result<Observed, Failure> {
    let repository = match read(session, tag).await? {
        Read::All(parts) => return complete(session, tag, format, wanted, *parts).await,
        Read::Moved(repository) => repository,
    };
    session.rename(&repository.full_name)?;
    match read(session, tag).await? {
        Read::All(parts) => complete(session, tag, format, wanted, *parts).await,
        Read::Moved(repository) => Err(session.unstable(&repository.full_name)),
    }
}

/// What one round trip brings.
enum Read {
    All(Box<Parts>),
    /// The repository has another name now.
    Moved(Repository),
}

struct Parts {
    repository: Repository,
    tag: TagThere,
    published: Option<Release>,
    first: Vec<Release>,
    next: Option<String>,
    latest: Option<Release>,
}

async fn read(session: &Session, tag: &str) -> Result<Read, Failure> {
    let base = session.slug().path();
    let encoded = encoded(tag);
    let by_tag = format!("{base}/releases/tags/{encoded}");
    let latest = format!("{base}/releases/latest");
    let list = format!("{base}/releases?per_page=100");
    let (repository, (tag_there, published, latest), page) = join3(
        session.repository(),
        join3(
            tag_at(session, tag),
            session.get::<Release>(&by_tag, "read the published release"),
            session.get::<Release>(&latest, "read the latest release"),
        ),
        session.page::<Release>(&list, "list the releases"),
    )
    .await;
    // the repository first: it says why the others fail
    let repository = repository?;
    if !repository
        .full_name
        .eq_ignore_ascii_case(&session.slug().full_name())
    {
        return Ok(Read::Moved(repository));
    }
    let (first, next) = page?;
    Ok(Read::All(Box::new(Parts {
        repository,
        tag: tag_there?,
        published: published?,
        first,
        next,
        latest: latest?,
    })))
}

async fn complete(
    session: &Session,
    tag: &str,
    format: &TagFormat,
    wanted: impl Fn(&Release) -> bool,
    parts: Parts,
) -> Result<Observed, Failure> {
    let mut releases = parts.first;
    let mut next = parts.next;
    // a draft may be on any page; what is published was found by its tag
    if parts.published.is_none() {
        while let Some(page) = next.take() {
            let (more, after) = session.page::<Release>(&page, "list the releases").await?;
            releases.extend(more);
            next = after;
        }
    }
    let published = parts.published.filter(|release| !release.draft);
    let highest = releases
        .iter()
        .chain(&parts.latest)
        .filter(|release| !release.draft && !release.prerelease && release.tag_name != tag)
        .filter_map(|release| format.version(&release.tag_name))
        .max();
    let mut drafts: Vec<Release> = releases
        .into_iter()
        .filter(|release| release.draft && release.tag_name == tag)
        .collect();
    // ours before others, and of those the first that was made: so all jobs choose the same
    drafts.sort_by_key(|draft| (!notes::is_marked(draft.body.as_deref(), tag), draft.id));
    let assets = match published.as_ref().or_else(|| drafts.first()) {
        None => Vec::new(),
        Some(release) if !release.draft && wanted(release) => release.assets.clone(),
        Some(release) => session.assets(release.id).await?.unwrap_or_default(),
    };
    Ok(Observed {
        repository: parts.repository,
        tag: parts.tag,
        published,
        drafts,
        assets,
        latest: parts.latest,
        highest,
    })
}

/// Reads where a tag is.
pub(crate) async fn tag_at(session: &Session, tag: &str) -> Result<TagThere, Failure> {
    let base = session.slug().path();
    let path = format!("{base}/git/ref/tags/{}", encoded(tag));
    let what = "read the tag";
    let Some(reference) = session.get::<Reference>(&path, what).await? else {
        return Ok(TagThere::Missing);
    };
    let mut object = reference.object;
    let mut message = None;
    // a tag may be of a tag
    for _ in 0..10 {
        if object.kind != "tag" {
            break;
        }
        let path = format!("{base}/git/tags/{}", object.sha);
        let Some(annotation) = session.get::<Annotation>(&path, what).await? else {
            return Ok(TagThere::Missing);
        };
        message.get_or_insert(annotation.message);
        object = annotation.object;
    }
    Ok(TagThere::At {
        commit: object.sha,
        message,
    })
}

/// Returns a tag as it stands in a path: `/` stays.
pub(crate) fn encoded(tag: &str) -> String {
    let parts = tag.split('/').map(|part| {
        let text: String = form_urlencoded::byte_serialize(part.as_bytes()).collect();
        // a blank is no `+` in a path
        text.replace('+', "%20")
    });
    parts.collect::<Vec<_>>().join("/")
}

/// Reads the releases that come after, with the tag's, for who needs all of them.
pub(crate) async fn all_releases(
    session: &Session,
) -> Result<(Vec<Release>, Option<Release>), Failure> {
    let base = session.slug().path();
    let latest = format!("{base}/releases/latest");
    let list = format!("{base}/releases?per_page=100");
    let (page, latest) = join(
        session.page::<Release>(&list, "list the releases"),
        session.get::<Release>(&latest, "read the latest release"),
    )
    .await;
    let (mut releases, mut next) = page?;
    while let Some(path) = next.take() {
        let (more, after) = session.page::<Release>(&path, "list the releases").await?;
        releases.extend(more);
        next = after;
    }
    Ok((releases, latest?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_safe_in_a_path() {
        assert_eq!(encoded("server/v1.2.3-rc.1"), "server/v1.2.3-rc.1");
        assert_eq!(encoded("1.0.0+build"), "1.0.0%2Bbuild");
        assert_eq!(encoded("a#b?c%d e"), "a%23b%3Fc%25d%20e");
    }
}
