//! How fast GitHub is asked, and how long it is asked again.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use duat_shell::{clock, environment};
use tokio::time::{Instant, sleep, sleep_until};

use crate::api::{Fault, Kind};

/// How many uploads run at once in the beginning.
const FIRST_WIDTH: usize = 8;
/// How many writes may follow each other without a pause; GitHub allows 80 in a minute.
const BURST_WRITES: u32 = 60;
/// How often one thing is tried.
const TRIES: u32 = 6;
/// How many units the wait is where GitHub limits us and does not say for how long: a minute.
const LIMITED: u32 = 60;
/// The longest wait between tries, in units.
const LONGEST: u32 = 32;

/// The pace of one run, shared by all that is under way.
pub(crate) struct Pace {
    unit: Duration,
    budget: Duration,
    widest: usize,
    state: Mutex<State>,
}

struct State {
    width: usize,
    /// Nothing is asked before that.
    resume: Option<Instant>,
    /// How long was waited in all.
    spent: Duration,
    /// How often we were limited without a pause of success.
    limits: u32,
    /// How many writes are free, and when that was counted.
    tokens: f64,
    counted: Instant,
    /// Bytes per second of finished uploads.
    rates: Vec<u64>,
}

/// Patience is at its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Spent;

impl Pace {
    /// Returns a pace that waits `unit` before a second try and `budget` in all.
    pub(crate) fn new(unit: Duration, budget: Duration, widest: usize) -> Self {
        Self {
            unit,
            budget,
            widest: widest.max(1),
            state: Mutex::new(State {
                width: FIRST_WIDTH.min(widest.max(1)),
                resume: None,
                spent: Duration::ZERO,
                limits: 0,
                tokens: f64::from(BURST_WRITES),
                counted: clock::start().into(),
                rates: Vec::new(),
            }),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns how many uploads may run at once now.
    pub(crate) fn width(&self) -> usize {
        self.state().width
    }

    /// Waits until something may be read.
    pub(crate) async fn read(&self) {
        loop {
            let resume = self.state().resume;
            match resume {
                Some(resume) if resume > Instant::now() => sleep_until(resume).await,
                _ => return,
            }
        }
    }

    /// Waits until something may be written.
    pub(crate) async fn write(&self) {
        loop {
            self.read().await;
            let wait = self.take_token();
            match wait {
                None => return,
                Some(wait) => sleep(wait).await,
            }
        }
    }

    /// Returns how long so many writes have to wait for one another, whatever the line.
    pub(crate) fn expected(&self, writes: usize) -> Duration {
        let writes = u32::try_from(writes).unwrap_or(u32::MAX);
        self.unit
            .saturating_mul(writes.saturating_sub(BURST_WRITES))
    }

    /// Takes the right to write once, or returns how long to wait for it.
    fn take_token(&self) -> Option<Duration> {
        let mut state = self.state();
        let now = Instant::now();
        let unit = self.unit.as_secs_f64().max(f64::MIN_POSITIVE);
        let gained = now.duration_since(state.counted).as_secs_f64() / unit;
        state.tokens = (state.tokens + gained).min(f64::from(BURST_WRITES));
        state.counted = now;
        if state.tokens >= 1.0 {
            state.tokens -= 1.0;
            None
        } else {
            Some(
                self.unit
                    .mul_f64(1.0 - state.tokens)
                    .max(Duration::from_millis(1)),
            )
        }
    }

    /// Notes that something was done: more may be done at once.
    pub(crate) fn succeeded(&self) {
        let mut state = self.state();
        state.width = (state.width + 1).min(self.widest);
        state.limits = 0;
    }

    /// Notes how fast an upload was.
    pub(crate) fn finished(&self, bytes: u64, elapsed: Duration) {
        let milliseconds = u64::try_from(elapsed.as_millis())
            .unwrap_or(u64::MAX)
            .max(1);
        self.state()
            .rates
            .push(bytes.saturating_mul(1000) / milliseconds);
    }

    /// Returns the rate, in bytes per second, under which an upload is a straggler; nothing before
    /// there is one to compare with. A line that is slow for all is nobody's fault.
    pub(crate) fn straggling(&self) -> Option<u64> {
        let mut rates = self.state().rates.clone();
        rates.sort_unstable();
        rates.get(rates.len() / 2).map(|median| median / 20)
    }

    /// Waits before try number `attempt` (from 1), after `fault`.
    pub(crate) async fn again(&self, fault: &Fault, attempt: u32) -> Result<(), Spent> {
        let wait = self.plan_wait(fault, attempt)?;
        if fault.kind == Kind::Limited {
            self.read().await;
        } else {
            sleep(wait).await;
        }
        Ok(())
    }

    /// Returns how long to wait before try number `attempt`.
    fn plan_wait(&self, fault: &Fault, attempt: u32) -> Result<Duration, Spent> {
        let mut state = self.state();
        state.width = (state.width / 2).max(1);
        let limited = fault.kind == Kind::Limited;
        if !limited && attempt >= TRIES {
            return Err(Spent);
        }
        let wait = if limited {
            let units = LIMITED.saturating_mul(1 << state.limits.min(5));
            state.limits += 1;
            fault
                .wait
                .unwrap_or_else(|| self.unit.saturating_mul(units))
        } else {
            let units = (1 << (attempt - 1).min(5)).min(LONGEST);
            jittered(self.unit.saturating_mul(units), random_byte())
        };
        let now = Instant::now();
        // several uploads that are limited at once wait together
        let already = state.resume.map_or(Duration::ZERO, |resume| {
            resume.saturating_duration_since(now)
        });
        let more = if limited {
            wait.saturating_sub(already)
        } else {
            wait
        };
        if state.spent + more > self.budget {
            return Err(Spent);
        }
        state.spent += more;
        if limited {
            state.resume = Some(now + wait.max(already));
        }
        Ok(wait)
    }
}

/// Returns `wait` made up to a quarter longer, so that jobs that failed together do not come back
/// together.
fn jittered(wait: Duration, byte: u8) -> Duration {
    wait + wait.mul_f64(f64::from(byte) / 1024.0)
}

fn random_byte() -> u8 {
    let mut byte = [0];
    // without a random number all wait alike
    let _ = environment::random(&mut byte);
    byte[0]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pace() -> Pace {
        Pace::new(Duration::from_secs(1), Duration::from_mins(5), 16)
    }

    fn fault(kind: Kind, wait: Option<u64>) -> Fault {
        let mut fault = Fault::stalled("it stands still");
        fault.kind = kind;
        fault.wait = wait.map(Duration::from_secs);
        fault
    }

    #[test]
    fn success_widens_and_failure_halves() {
        let pace = pace();
        assert_eq!(pace.width(), 8);
        for _ in 0..20 {
            pace.succeeded();
        }
        assert_eq!(pace.width(), 16);
        pace.plan_wait(&fault(Kind::Unsure, None), 1).unwrap();
        assert_eq!(pace.width(), 8);
        for _ in 0..5 {
            let _ = pace.plan_wait(&fault(Kind::Unsure, None), 1);
        }
        assert_eq!(pace.width(), 1);
    }

    #[test]
    fn waits_double_and_end() {
        let pace = pace();
        let unsure = fault(Kind::Unsure, None);
        for (attempt, seconds) in [(1, 1), (2, 2), (3, 4), (4, 8), (5, 16)] {
            let wait = pace.plan_wait(&unsure, attempt).unwrap();
            assert!(wait >= Duration::from_secs(seconds), "{attempt}: {wait:?}");
            assert!(
                wait <= Duration::from_secs(seconds * 5 / 4 + 1),
                "{attempt}: {wait:?}"
            );
        }
        assert_eq!(pace.plan_wait(&unsure, 6), Err(Spent));
    }

    #[test]
    fn a_limit_is_waited_out_together_and_within_the_budget() {
        let pace = pace();
        let limited = fault(Kind::Limited, Some(100));
        pace.plan_wait(&limited, 1).unwrap();
        pace.plan_wait(&limited, 1).unwrap();
        assert!(pace.state().spent < Duration::from_secs(102));
        // GitHub does not say how long: a minute, then two, which is too much by then
        pace.state().resume = None;
        let silent = fault(Kind::Limited, None);
        assert_eq!(
            pace.plan_wait(&fault(Kind::Limited, Some(201)), 1),
            Err(Spent)
        );
        pace.state().limits = 0;
        assert_eq!(pace.plan_wait(&silent, 9), Ok(Duration::from_mins(1)));
    }

    #[test]
    fn a_burst_of_writes_is_free() {
        let pace = pace();
        for _ in 0..60 {
            assert_eq!(pace.take_token(), None);
        }
        assert!(pace.take_token().is_some());
        assert_eq!(pace.expected(60), Duration::ZERO);
        assert_eq!(pace.expected(360), Duration::from_mins(5));
    }

    #[test]
    fn a_straggler_is_measured_by_the_others() {
        let pace = pace();
        assert_eq!(pace.straggling(), None);
        for megabytes in [10, 20, 30] {
            pace.finished(megabytes * 1_000_000, Duration::from_secs(1));
        }
        assert_eq!(pace.straggling(), Some(1_000_000));
    }
}
