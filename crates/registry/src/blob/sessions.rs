//! Uploads that were begun and not ended.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use tokio::sync::watch;
use url::Url;

use crate::remote::Remote;

/// All uploads of a client that are under way.
#[derive(Default)]
pub(crate) struct Sessions {
    open: Arc<Mutex<Open>>,
    /// How many are asked for, and may be open without anybody knowing.
    asked: watch::Sender<usize>,
}

/// An upload that was asked for. Dropping it says that it has been answered.
pub(super) struct Asked(watch::Sender<usize>);

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
    /// Notes that an upload is asked for.
    pub(super) fn ask(&self) -> Asked {
        self.asked.send_modify(|asked| *asked += 1);
        Asked(self.asked.clone())
    }

    /// Waits until all that was asked for has been answered.
    pub(crate) async fn all_known(&self) {
        // an error says that nobody is left to ask
        let _ = self.asked.subscribe().wait_for(|asked| *asked == 0).await;
    }

    /// Keeps an upload.
    pub(super) fn begin(&self, remote: &Remote, url: &Url) -> Session {
        let mut number = 0;
        if let Ok(mut open) = self.open.lock() {
            number = open.next;
            open.next += 1;
            open.sessions.insert(number, (remote.clone(), url.clone()));
        }
        Session {
            open: Arc::clone(&self.open),
            number,
        }
    }

    /// Forgets all uploads, and returns them.
    pub(crate) fn take_all(&self) -> Vec<(Remote, Url)> {
        let taken = self
            .open
            .lock()
            .map(|mut open| std::mem::take(&mut open.sessions));
        taken.unwrap_or_default().into_values().collect()
    }
}

impl Drop for Asked {
    fn drop(&mut self) {
        self.0.send_modify(|asked| *asked = asked.saturating_sub(1));
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
