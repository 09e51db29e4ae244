//! What is done and what is under way, counted.

use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use indicatif::DecimalBytes;

use crate::clock;

/// How many items a line names.
const NAMED: usize = 4;

/// One item under way.
#[derive(Debug)]
pub(super) struct State {
    name: String,
    total: Option<u64>,
    position: AtomicU64,
    start: Instant,
}

impl State {
    pub(super) fn new(name: String, total: Option<u64>) -> Self {
        Self {
            name,
            total,
            position: AtomicU64::new(0),
            start: clock::start(),
        }
    }

    pub(super) fn set_position(&self, position: u64) {
        self.position.store(position, Ordering::Relaxed);
    }

    /// Returns the position then.
    pub(super) fn advance(&self, bytes: u64) -> u64 {
        self.position.fetch_add(bytes, Ordering::Relaxed) + bytes
    }

    pub(super) fn position(&self) -> u64 {
        self.position.load(Ordering::Relaxed)
    }

    pub(super) fn elapsed(&self) -> Duration {
        self.start.elapsed()
    }
}

/// All items of a run.
#[derive(Debug)]
pub(super) struct Tally {
    /// How many items there are to be; fewer than there are where nobody said.
    pub(super) expected_items: usize,
    pub(super) expected_bytes: u64,
    open: Vec<Arc<State>>,
    begun: usize,
    done: usize,
    done_bytes: u64,
    /// When something was said last.
    last: Instant,
    /// How many bytes were done then.
    then: u64,
}

impl Default for Tally {
    fn default() -> Self {
        Self {
            expected_items: 0,
            expected_bytes: 0,
            open: Vec::new(),
            begun: 0,
            done: 0,
            done_bytes: 0,
            last: clock::start(),
            then: 0,
        }
    }
}

impl Tally {
    pub(super) fn begin(&mut self, state: &Arc<State>) {
        if self.open.is_empty() {
            self.spoke();
        }
        self.begun += 1;
        self.open.push(Arc::clone(state));
    }

    pub(super) fn end(&mut self, state: &Arc<State>, done: bool) {
        if done {
            self.done += 1;
            self.done_bytes += state.position();
        }
        self.forget(state);
        self.spoke();
    }

    pub(super) fn forget(&mut self, state: &Arc<State>) {
        self.open.retain(|open| !Arc::ptr_eq(open, state));
    }

    /// Returns how long nothing was said, if anything is under way.
    pub(super) fn silence(&self) -> Option<Duration> {
        (!self.open.is_empty()).then(|| self.last.elapsed())
    }

    /// Returns the line that says what is under way.
    pub(super) fn heartbeat(&mut self) -> String {
        let now = self.position();
        let rate = rate(now.saturating_sub(self.then), self.last.elapsed());
        let mut line = format!("still at it: {} of {} done", self.done, self.items());
        let _ = write!(line, ", {}", DecimalBytes(now));
        if self.expected_bytes >= now && self.expected_bytes > 0 {
            let _ = write!(line, " of {}", DecimalBytes(self.expected_bytes));
        }
        let _ = write!(line, " at {}/s", DecimalBytes(rate));
        for (index, state) in self.open.iter().take(NAMED).enumerate() {
            let separator = if index == 0 { "; " } else { ", " };
            let _ = write!(line, "{separator}`{}`", state.name);
            if let Some(total) = state.total.filter(|total| *total > 0) {
                let percent = u128::from(state.position()) * 100 / u128::from(total);
                let _ = write!(line, " {percent} %");
            }
        }
        if self.open.len() > NAMED {
            let _ = write!(line, " and {} more", self.open.len() - NAMED);
        }
        self.spoke();
        line
    }

    fn items(&self) -> usize {
        self.expected_items.max(self.begun)
    }

    fn position(&self) -> u64 {
        let open: u64 = self.open.iter().map(|state| state.position()).sum();
        self.done_bytes + open
    }

    fn spoke(&mut self) {
        self.then = self.position();
        self.last = clock::start();
    }
}

/// Returns bytes per second.
fn rate(bytes: u64, elapsed: Duration) -> u64 {
    let milliseconds = elapsed.as_millis().max(1);
    u64::try_from(u128::from(bytes) * 1000 / milliseconds).unwrap_or(u64::MAX)
}

/// Returns ` (SIZE in TIME, RATE)`; nothing for an item without bytes, and no rate where the time is
/// too short to tell.
pub(super) fn amount(bytes: u64, elapsed: Duration) -> String {
    if bytes == 0 {
        return String::new();
    }
    let size = DecimalBytes(bytes);
    if elapsed < Duration::from_millis(100) {
        return format!(" ({size})");
    }
    let seconds = elapsed.as_secs_f64();
    format!(
        " ({size} in {seconds:.1} s, {}/s)",
        DecimalBytes(rate(bytes, elapsed))
    )
}
