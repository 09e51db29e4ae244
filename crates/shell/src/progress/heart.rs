//! The heart: speaks up when nobody has said anything for a while.

use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, Weak};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::Shared;

/// A thread that beats until it is dropped.
pub(super) struct Heart {
    /// Closed to end the thread.
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Heart {
    /// Starts it; nothing where the system has no thread to spare, which is no reason to fail.
    pub(super) fn start(shared: &Arc<Shared>, silence: Duration) -> Option<Self> {
        let (stop, stopped) = mpsc::channel::<()>();
        let shared = Arc::downgrade(shared);
        let thread = thread::Builder::new()
            .name("heartbeat".to_owned())
            .spawn(move || {
                let mut wait = silence;
                while stopped.recv_timeout(wait) == Err(RecvTimeoutError::Timeout) {
                    match beat(&shared, silence) {
                        Some(rest) => wait = rest,
                        None => break,
                    }
                }
            })
            .ok()?;
        Some(Self {
            stop: Some(stop),
            thread: Some(thread),
        })
    }
}

impl Drop for Heart {
    fn drop(&mut self) {
        self.stop = None;
        if let Some(thread) = self.thread.take() {
            // it can only have ended
            let _ = thread.join();
        }
    }
}

/// Says what is under way if it is time to, and returns how long to wait; nothing when all is over.
fn beat(shared: &Weak<Shared>, silence: Duration) -> Option<Duration> {
    let shared = shared.upgrade()?;
    let mut tally = shared.tally();
    let Some(quiet_for) = tally.silence() else {
        return Some(silence);
    };
    if quiet_for < silence {
        return Some(silence.saturating_sub(quiet_for));
    }
    let line = tally.heartbeat();
    drop(tally);
    shared.line(&line);
    Some(silence)
}
