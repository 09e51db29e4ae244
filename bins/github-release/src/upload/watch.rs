//! How the bytes of an upload move.

use std::time::Duration;

use duat_shell::clock;
use tokio::time::Instant;

/// How long an upload is watched before it is called a straggler.
const WATCHED: Duration = Duration::from_mins(1);

/// Watches how bytes move.
pub(super) struct Watch {
    last: u64,
    moved: Instant,
    since: Instant,
    then: u64,
}

impl Watch {
    pub(super) fn new() -> Self {
        let now = clock::start().into();
        Self {
            last: 0,
            moved: now,
            since: now,
            then: 0,
        }
    }

    /// Tells whether nothing has moved for `limit`.
    pub(super) fn is_still(&mut self, bytes: u64, limit: Duration) -> bool {
        if bytes != self.last {
            self.last = bytes;
            self.moved = clock::start().into();
        }
        self.moved.elapsed() >= limit
    }

    /// Tells whether the rate was under `floor` for all of the last minute.
    pub(super) fn is_slow(&mut self, bytes: u64, floor: u64) -> bool {
        if self.since.elapsed() < WATCHED {
            return false;
        }
        let rate = (bytes - self.then) / WATCHED.as_secs();
        self.since = clock::start().into();
        self.then = bytes;
        rate < floor
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_upload_is_slow_by_its_last_minute() {
        let mut watch = Watch::new();
        assert!(!watch.is_slow(0, u64::MAX), "it has only begun");
        let mut after_a_minute = |bytes, floor| {
            watch.since -= WATCHED;
            watch.is_slow(bytes, floor)
        };
        assert!(!after_a_minute(6_000, 100));
        assert!(after_a_minute(11_999, 100));
        assert!(!after_a_minute(17_999, 100));
    }
}
