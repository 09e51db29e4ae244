//! Uploads that were begun and not ended.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use url::Url;

use crate::remote::Remote;

/// All uploads of a client that are under way.
#[derive(Default)]
pub(crate) struct Sessions(Arc<Mutex<Open>>);

#[derive(Default)]
struct Open {
    next: u64,
    sessions: BTreeMap<u64, (Remote, Url)>,
}

/// An upload that was begun. It stays known until it is said to have ended, so that somebody else
/// can give it up when whoever began it is gone.
pub(super) struct Session {
    open: Arc<Mutex<Open>>,
    number: u64,
}

impl Sessions {
    /// Keeps an upload.
    pub(super) fn begin(&self, remote: &Remote, url: &Url) -> Session {
        let mut number = 0;
        if let Ok(mut open) = self.0.lock() {
            number = open.next;
            open.next += 1;
            open.sessions.insert(number, (remote.clone(), url.clone()));
        }
        Session {
            open: Arc::clone(&self.0),
            number,
        }
    }

    /// Forgets all uploads, and returns them.
    pub(crate) fn take_all(&self) -> Vec<(Remote, Url)> {
        let taken = self
            .0
            .lock()
            .map(|mut open| std::mem::take(&mut open.sessions));
        taken.unwrap_or_default().into_values().collect()
    }
}

impl Session {
    /// The upload goes on at another address.
    pub(super) fn moved(&self, url: &Url) {
        if let Ok(mut open) = self.open.lock()
            && let Some((_, known)) = open.sessions.get_mut(&self.number)
        {
            *known = url.clone();
        }
    }

    /// The upload has ended, one way or another.
    pub(super) fn ended(self) {
        if let Ok(mut open) = self.open.lock() {
            open.sessions.remove(&self.number);
        }
    }
}
