//! Which release GitHub calls the latest, looked at before publishing, because others publish too, and
//! after it, because GitHub has been seen to choose another than it was told.

use duat::Version;
use duat_shell::Failure;
use http::Method;
use serde_json::json;

use crate::args::Whether;
use crate::desired::Desired;
use crate::draft::pause;
use crate::local::TagFormat;
use crate::model::Release;
use crate::observe::Observed;
use crate::session::Session;

/// How often it is looked at.
const LOOKS: u32 = 3;

/// Decides whether the release becomes the latest: where no higher version is published.
pub(crate) fn is_latest(desired: &Desired, observed: &Observed) -> bool {
    match desired.latest {
        Whether::True => true,
        Whether::False => false,
        Whether::Auto if desired.prerelease => false,
        Whether::Auto => is_highest(&desired.version, observed.highest.as_ref()),
    }
}

/// Tells whether GitHub shows a lower release as the latest than the one that is published.
pub(crate) fn is_outshone(desired: &Desired, observed: &Observed) -> bool {
    let (Some(release), Some(shown)) = (&observed.published, &observed.latest) else {
        return false;
    };
    // another one is meant where nobody can tell its version
    let shown = desired.format.version(&shown.tag_name);
    !release.prerelease
        && is_latest(desired, observed)
        && shown.is_some_and(|shown| shown.cmp_precedence(&desired.version).is_lt())
}

/// Tells whether `version` is not lower than the highest that is published.
fn is_highest(version: &Version, highest: Option<&Version>) -> bool {
    highest.is_none_or(|highest| version.cmp_precedence(highest).is_ge())
}

/// Where a release stands among others.
pub(crate) struct Standing<'a> {
    version: &'a Version,
    format: &'a TagFormat,
    wish: Whether,
    /// What GitHub showed before this release was published.
    before: Option<Release>,
    /// It is to be the latest.
    pub is_latest: bool,
}

/// Returns what GitHub shows as the latest release.
pub(crate) async fn shown(session: &Session) -> Result<Option<Release>, Failure> {
    let path = format!("{}/releases/latest", session.slug().path());
    session.get(&path, "read the latest release").await
}

impl<'a> Standing<'a> {
    pub(crate) fn new(desired: &'a Desired, before: Option<Release>, is_latest: bool) -> Self {
        Self {
            version: &desired.version,
            format: &desired.format,
            wish: desired.latest,
            before,
            is_latest,
        }
    }

    /// Takes in what is shown just before publishing. Where that is higher by now, it stays.
    pub(crate) fn look(&mut self, shown: Option<Release>, ours: u64) {
        let Some(shown) = shown.filter(|shown| shown.id != ours) else {
            return;
        };
        let version = self.format.version(&shown.tag_name);
        let is_higher = version.is_some_and(|it| it.cmp_precedence(self.version).is_gt());
        if is_higher && self.wish == Whether::Auto {
            self.is_latest = false;
        }
        self.before = Some(shown);
    }

    /// Sees to it that GitHub's latest release is the right one, now that `ours` is published; returns
    /// whether it is this one.
    ///
    /// That it is not the right one is no reason to fail.
    pub(crate) async fn settle(&self, session: &Session, ours: &Release) -> bool {
        let expected = if self.is_latest {
            ours
        } else if let Some(before) = &self.before {
            before
        } else {
            return false;
        };
        for look in 0..=LOOKS {
            let latest = match shown(session).await {
                Ok(latest) => latest,
                // nobody knows what is shown; the release is published all the same
                Err(failure) => {
                    session.aside(|talk| talk.warn(failure.in_one_line()));
                    return false;
                }
            };
            if self.accepts(latest.as_ref(), expected, ours) {
                return latest.is_some_and(|latest| latest.id == ours.id);
            }
            if look == LOOKS {
                break;
            }
            // the first time GitHub may only be slow
            if look > 0 {
                tell(session, expected.id).await;
            }
            pause(session, look).await;
        }
        session.aside(|talk| {
            talk.warn("GitHub shows another release as the latest than it should");
            talk.hint("set it on the page of the release: `Set as the latest release`.");
        });
        false
    }

    /// Tells whether what is shown may stay: what is expected, or what somebody has published since,
    /// unless that is lower.
    fn accepts(&self, shown: Option<&Release>, expected: &Release, ours: &Release) -> bool {
        let Some(shown) = shown else { return false };
        if shown.id == expected.id {
            return true;
        }
        let wrong = if self.is_latest {
            self.before.as_ref()
        } else {
            Some(ours)
        };
        if wrong.is_some_and(|wrong| wrong.id == shown.id) {
            return false;
        }
        let version = |release: &Release| self.format.version(&release.tag_name);
        match (version(shown), version(expected)) {
            (Some(shown), Some(expected)) => shown.cmp_precedence(&expected).is_ge(),
            // nobody knows whether that is lower
            _ => !self.is_latest,
        }
    }
}

/// Tells GitHub which release is the latest.
async fn tell(session: &Session, id: u64) {
    session.aside(|talk| {
        talk.explain("GitHub shows another latest release: telling it again");
    });
    let release = format!("{}/releases/{id}", session.slug().path());
    let body = json!({"make_latest": "true"});
    session.pace.write().await;
    if let Err(fault) = session.api.call(Method::PATCH, &release, Some(&body)).await {
        session.aside(|talk| talk.explain(fault.summary()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn release(id: u64, tag: &str) -> Release {
        Release {
            id,
            tag_name: tag.into(),
            ..Release::default()
        }
    }

    #[test]
    fn what_is_not_lower_than_it_should_be_may_stay() {
        let (version, format) = ("1.2.3".parse().unwrap(), TagFormat::plain());
        let ours = release(5, "1.2.3");
        // to be the latest or not, what was shown before, what is shown now
        for (is_latest, before, now, expected) in [
            (true, "1.2.2", Some(release(5, "1.2.3")), true),
            (true, "1.2.2", Some(release(6, "2.1.0")), true),
            (true, "1.2.2", Some(release(4, "1.2.2")), false),
            (true, "2.0.0", Some(release(4, "2.0.0")), false),
            (true, "1.2.2", Some(release(6, "nightly")), false),
            (true, "1.2.2", None, false),
            (false, "2.0.0", Some(release(4, "2.0.0")), true),
            (false, "2.0.0", Some(release(6, "2.1.0")), true),
            (false, "2.0.0", Some(release(6, "1.9.0")), false),
            (false, "1.0.0", Some(release(5, "1.2.3")), false),
            (false, "2.0.0", Some(release(6, "nightly")), true),
            (false, "2.0.0", None, false),
        ] {
            let before = release(4, before);
            let standing = Standing {
                version: &version,
                format: &format,
                wish: Whether::Auto,
                before: Some(before.clone()),
                is_latest,
            };
            let right = if is_latest { &ours } else { &before };
            assert_eq!(
                standing.accepts(now.as_ref(), right, &ours),
                expected,
                "{is_latest} {before:?} {now:?}"
            );
        }
    }

    #[test]
    fn what_was_published_meanwhile_keeps_its_place_unless_it_is_lower() {
        let (version, format) = ("1.2.3".parse().unwrap(), TagFormat::plain());
        for (wish, tag, expected) in [
            (Whether::Auto, "2.1.0", false),
            (Whether::Auto, "1.2.2", true),
            (Whether::Auto, "nightly", true),
            (Whether::True, "2.1.0", true),
        ] {
            let mut standing = Standing {
                version: &version,
                format: &format,
                wish,
                before: None,
                is_latest: true,
            };
            standing.look(Some(release(6, tag)), 5);
            assert_eq!(standing.is_latest, expected, "{wish:?} {tag}");
        }
    }
}
