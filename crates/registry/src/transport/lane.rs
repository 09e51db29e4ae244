//! How much one host gets at once: more while it copes, half when it says that it is too much.

use std::sync::{Arc, Mutex};

use tokio::sync::Notify;
use tokio::time::Instant;

/// How many requests a host gets at once before it has been seen to cope.
const FIRST: f64 = 8.0;

/// One host's share.
#[derive(Debug)]
pub(super) struct Lane {
    state: Mutex<State>,
    left: Notify,
}

#[derive(Debug)]
struct State {
    /// How many may be under way; grows by one for as many successes as it counts.
    limit: f64,
    most: f64,
    busy: u32,
    /// Nobody starts before.
    closed_until: Option<Instant>,
    /// It has said something.
    has_answered: bool,
}

/// A request under way. Dropping it lets the next one start.
#[derive(Debug)]
pub(super) struct Pass(Arc<Lane>);

impl Lane {
    pub(super) fn new(most: usize) -> Self {
        let most = f64::from(u32::try_from(most.max(1)).unwrap_or(u32::MAX));
        Self {
            state: Mutex::new(State {
                limit: FIRST.min(most),
                most,
                busy: 0,
                closed_until: None,
                has_answered: false,
            }),
            left: Notify::new(),
        }
    }

    /// Waits for a place.
    pub(super) async fn enter(self: &Arc<Self>) -> Pass {
        loop {
            let left = self.left.notified();
            tokio::pin!(left);
            // registered before looking: who leaves in between is not missed
            left.as_mut().enable();
            match self.try_enter() {
                Ok(()) => return Pass(Arc::clone(self)),
                Err(Some(opens)) => tokio::time::sleep_until(opens).await,
                Err(None) => left.await,
            }
        }
    }

    /// Takes a place, or says when to look again; `None` is when somebody leaves.
    fn try_enter(&self) -> Result<(), Option<Instant>> {
        let Ok(mut state) = self.state.lock() else {
            return Ok(());
        };
        if let Some(opens) = state.closed_until {
            if Instant::now() < opens {
                return Err(Some(opens));
            }
            state.closed_until = None;
        }
        if f64::from(state.busy) + 1.0 > state.limit {
            return Err(None);
        }
        state.busy += 1;
        Ok(())
    }

    /// The host said something.
    pub(super) fn answered(&self) {
        if let Ok(mut state) = self.state.lock() {
            state.has_answered = true;
        }
    }

    /// Tells whether the host is known to be there.
    pub(super) fn has_answered(&self) -> bool {
        self.state.lock().is_ok_and(|state| state.has_answered)
    }

    /// The host coped with a request.
    pub(super) fn coped(&self) {
        if let Ok(mut state) = self.state.lock() {
            state.limit = (state.limit + 1.0 / state.limit).min(state.most);
        }
        self.left.notify_one();
    }

    /// The host says that it is too much, and to come back then.
    pub(super) fn too_much(&self, opens: Instant) {
        if let Ok(mut state) = self.state.lock() {
            state.limit = (state.limit / 2.0).max(1.0);
            state.closed_until = state.closed_until.max(Some(opens));
        }
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        if let Ok(mut state) = self.0.state.lock() {
            state.busy = state.busy.saturating_sub(1);
        }
        self.0.left.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use futures_util::FutureExt;
    use tokio::time::Instant;

    use super::Lane;

    #[tokio::test]
    async fn a_host_that_copes_gets_more_and_one_that_does_not_gets_half() {
        let lane = Arc::new(Lane::new(10));
        let mut inside = Vec::new();
        while let Some(pass) = lane.enter().now_or_never() {
            inside.push(pass);
        }
        assert_eq!(inside.len(), 8);
        for _ in 0..40 {
            lane.coped();
        }
        while let Some(pass) = lane.enter().now_or_never() {
            inside.push(pass);
        }
        assert_eq!(inside.len(), 10, "never more than the most");
        inside.clear();
        lane.too_much(Instant::now());
        while let Some(pass) = lane.enter().now_or_never() {
            inside.push(pass);
        }
        assert_eq!(inside.len(), 5);
        for _ in 0..9 {
            lane.too_much(Instant::now());
        }
        inside.clear();
        assert!(lane.enter().now_or_never().is_some(), "one always goes");
    }

    #[tokio::test]
    async fn who_waits_is_let_in_when_another_leaves() {
        let lane = Arc::new(Lane::new(1));
        let first = lane.enter().await;
        let waiting = tokio::spawn({
            let lane = Arc::clone(&lane);
            async move { drop(lane.enter().await) }
        });
        tokio::task::yield_now().await;
        assert!(!waiting.is_finished());
        drop(first);
        waiting.await.unwrap();
    }
}
