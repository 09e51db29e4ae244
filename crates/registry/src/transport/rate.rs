//! How often something is asked, where a registry has said how often it answers.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

use http::Method;
use tokio::time::Instant;

use super::call::Call;
use super::settings::Settings;
use crate::reference::Registry;

/// What is asked of a registry, as registries count it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Action {
    /// A manifest looked for or read.
    ReadManifest,
    /// A manifest put, or a tag moved.
    WriteManifest,
    /// A blob looked for.
    FindBlob,
    /// An upload opened.
    OpenUpload,
    /// A part of an upload sent.
    SendPart,
    /// An upload ended.
    CloseUpload,
}

/// Who knows how often a registry answers.
pub trait Limits: Send + Sync {
    /// Returns how often it answers this in a second; nothing where it has not said.
    fn per_second(&self, registry: &Registry, action: Action) -> Option<u32>;
}

impl Action {
    fn of(call: &Call) -> Option<Self> {
        let path = call.url.path();
        let method = &call.method;
        let is_read = matches!(*method, Method::GET | Method::HEAD);
        if path.contains("/manifests/") {
            (is_read || method == Method::PUT).then_some(if is_read {
                Self::ReadManifest
            } else {
                Self::WriteManifest
            })
        } else if path.contains("/blobs/uploads/") {
            match *method {
                Method::POST => Some(Self::OpenUpload),
                Method::PATCH => Some(Self::SendPart),
                Method::PUT => Some(Self::CloseUpload),
                _ => None,
            }
        } else {
            (path.contains("/blobs/") && method == Method::HEAD).then_some(Self::FindBlob)
        }
    }
}

/// When what may be asked next.
#[derive(Debug, Default)]
pub(super) struct Turns(Mutex<BTreeMap<(Registry, Action), Instant>>);

impl Turns {
    /// Returns when it is the turn of a request, where it has to wait: a second's worth goes at once,
    /// the rest as fast as the registry answers.
    pub(super) fn of(&self, call: &Call, settings: &Settings) -> Option<Instant> {
        let limits = settings.limits.as_ref()?;
        let action = Action::of(call)?;
        let rate = limits.per_second(&call.registry, action)?;
        Some(self.take(&call.registry, action, rate.max(1), Instant::now()))
    }

    /// Takes the next turn, and returns when it is.
    fn take(&self, registry: &Registry, action: Action, rate: u32, now: Instant) -> Instant {
        let each = Duration::from_secs(1) / rate;
        let Ok(mut turns) = self.0.lock() else {
            return now;
        };
        let next = turns.entry((registry.clone(), action)).or_insert(now);
        let due = (*next).max(now);
        *next = due + each;
        let ahead = Duration::from_secs(1).saturating_sub(each);
        due.checked_sub(ahead).unwrap_or(now).max(now)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use http::Method;
    use tokio::time::Instant;

    use super::{Action, Turns};
    use crate::reference::Registry;
    use crate::transport::Call;

    fn registry() -> Registry {
        "registry.example.com".parse().unwrap()
    }

    #[test]
    fn a_seconds_worth_goes_at_once_and_the_rest_in_its_time() {
        let (turns, registry) = (Turns::default(), registry());
        let start = Instant::now();
        let take = |action| turns.take(&registry, action, 10, start) - start;
        let waits: Vec<u128> = (0..30)
            .map(|_| take(Action::WriteManifest).as_millis())
            .collect();
        assert!(waits[..10].iter().all(|wait| *wait == 0), "{waits:?}");
        assert_eq!(&waits[10..13], [100, 200, 300]);
        assert_eq!(waits[29], 2000);
        // what is counted apart waits apart
        assert_eq!(take(Action::OpenUpload), Duration::ZERO);
    }

    #[test]
    fn who_has_waited_long_may_go_at_once_again() {
        let (turns, registry) = (Turns::default(), registry());
        let start = Instant::now();
        for _ in 0..20 {
            turns.take(&registry, Action::WriteManifest, 10, start);
        }
        let later = start + Duration::from_secs(5);
        for _ in 0..10 {
            let turn = turns.take(&registry, Action::WriteManifest, 10, later);
            assert_eq!(turn, later);
        }
    }

    #[test]
    fn requests_are_counted_as_what_they_ask() {
        for (method, path, action) in [
            (Method::PUT, "a/manifests/1", Some(Action::WriteManifest)),
            (Method::HEAD, "a/manifests/1", Some(Action::ReadManifest)),
            (Method::GET, "a/manifests/1", Some(Action::ReadManifest)),
            (Method::DELETE, "a/manifests/1", None),
            (Method::HEAD, "a/blobs/sha256:00", Some(Action::FindBlob)),
            (Method::GET, "a/blobs/sha256:00", None),
            (Method::POST, "a/blobs/uploads/", Some(Action::OpenUpload)),
            (Method::PATCH, "a/blobs/uploads/7", Some(Action::SendPart)),
            (Method::PUT, "a/blobs/uploads/7", Some(Action::CloseUpload)),
            (Method::DELETE, "a/blobs/uploads/7", None),
            (Method::GET, "a/tags/list", None),
        ] {
            let url = format!("https://registry.example.com/v2/{path}");
            let call = Call::new(&registry(), method.clone(), url.parse().unwrap());
            assert_eq!(Action::of(&call), action, "{method} {path}");
        }
    }
}
