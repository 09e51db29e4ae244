//! How long to wait before the next try.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use http::HeaderMap;
use http::header::{DATE, RETRY_AFTER};

/// The longest wait that is chosen here; a server may ask for longer.
const LONGEST: Duration = Duration::from_secs(30);

/// Chooses waiting times: each twice as long as the one before, and none like another's.
#[derive(Debug)]
pub(super) struct Pace {
    first: Duration,
    state: AtomicU64,
}

impl Pace {
    pub(super) fn new(first: Duration, seed: u64) -> Self {
        Self {
            first,
            state: AtomicU64::new(seed),
        }
    }

    /// Returns how long to wait after this many failed tries: between half of the doubled time and
    /// all of it.
    pub(super) fn after(&self, tries: u32) -> Duration {
        let doubled = self
            .first
            .saturating_mul(1 << tries.saturating_sub(1).min(16));
        let longest = doubled.min(LONGEST);
        longest.mul_f64(0.5 + 0.5 * self.chance())
    }

    /// Returns the next number of `0..1` (`SplitMix64`).
    fn chance(&self) -> f64 {
        let step = 0x9e37_79b9_7f4a_7c15_u64;
        let mut bits = self
            .state
            .fetch_add(step, Ordering::Relaxed)
            .wrapping_add(step);
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^= bits >> 31;
        f64::from(u32::try_from(bits >> 32).unwrap_or_default()) / f64::from(u32::MAX)
    }
}

/// Returns how long a server asks to wait. A date is compared with the server's own: nobody's clock
/// but the one that wrote it is asked.
pub(super) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let then = httpdate::parse_http_date(text).ok()?;
    let now = headers.get(DATE)?.to_str().ok()?;
    let now = httpdate::parse_http_date(now).ok()?;
    Some(then.duration_since(now).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use http::HeaderMap;

    use super::{LONGEST, Pace, retry_after};

    #[test]
    fn waits_double_and_have_an_end() {
        let pace = Pace::new(Duration::from_secs(1), 7);
        for (tries, most) in [(1, 1), (2, 2), (3, 4), (4, 8), (9, 30), (u32::MAX, 30)] {
            let most = Duration::from_secs(most).min(LONGEST);
            for _ in 0..100 {
                let wait = pace.after(tries);
                assert!(wait >= most / 2 && wait <= most, "{tries}: {wait:?}");
            }
        }
    }

    #[test]
    fn the_same_seed_waits_the_same() {
        let waits = |seed| {
            let pace = Pace::new(Duration::from_secs(1), seed);
            [pace.after(1), pace.after(1), pace.after(1)]
        };
        assert_eq!(waits(1), waits(1));
        assert_ne!(waits(1), waits(2));
        assert_ne!(waits(1)[0], waits(1)[1]);
    }

    #[test]
    fn a_server_s_wish_is_read_as_seconds_or_as_a_date() {
        let date = "Sat, 21 Nov 2026 12:00:00 GMT";
        for (wish, seconds) in [
            ("7", Some(7)),
            (" 0 ", Some(0)),
            ("Sat, 21 Nov 2026 12:00:30 GMT", Some(30)),
            ("Sat, 21 Nov 2026 11:00:00 GMT", Some(0)),
            ("soon", None),
            ("-1", None),
            ("99999999999999999999", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert("retry-after", wish.parse().unwrap());
            headers.insert("date", date.parse().unwrap());
            assert_eq!(
                retry_after(&headers),
                seconds.map(Duration::from_secs),
                "{wish}"
            );
        }
    }
}
