use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock};
use std::thread;

use super::single::{Counts, Planned, faults, play};
use crate::Stage;

/// How many pairs every `cargo test` tries: always the same ones, spread over all.
const TRIED: usize = 60;
/// How many the peer run tries.
const TRIED_BY_PEERS: usize = 8_000;
/// Tries all of them, whose number is some ten thousand.
const ALL: &str = "DUAT_ALL_PAIRS";
/// Most of the time is spent waiting.
const AT_ONCE: usize = 6;
/// So many failures say enough.
const SHOWN: usize = 3;

/// Tries every script, several at a time, and returns how far each run came.
#[track_caller]
fn check(scripts: &[Vec<Planned>]) -> Vec<Counts> {
    let next = AtomicUsize::new(0);
    let counted = Mutex::new(vec![Counts::new(); scripts.len()]);
    let failures: Mutex<Vec<String>> = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..AT_ONCE.min(scripts.len()) {
            scope.spawn(|| {
                let stage = Stage::new();
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    let Some(script) = scripts.get(number) else {
                        return;
                    };
                    match play(&stage, script) {
                        Ok(counts) => counted.lock().unwrap()[number] = counts,
                        Err(fault) => failures.lock().unwrap().push(fault),
                    }
                }
            });
        }
    });
    let failures = failures.into_inner().unwrap();
    assert!(
        failures.is_empty(),
        "{} of {} scripts:\n\n{}",
        failures.len(),
        scripts.len(),
        failures[..failures.len().min(SHOWN)].join("\n\n")
    );
    counted.into_inner().unwrap()
}

/// Tries each fault alone, once for all tests, and returns how far each run came.
#[track_caller]
pub(super) fn singles() -> &'static [(Planned, Counts)] {
    static SINGLES: OnceLock<Vec<(Planned, Counts)>> = OnceLock::new();
    SINGLES.get_or_init(|| {
        let faults = faults();
        let scripts: Vec<Vec<Planned>> = faults.iter().map(|fault| vec![*fault]).collect();
        faults.into_iter().zip(check(&scripts)).collect()
    })
}

/// Returns the scripts of two faults that meet different calls. Where each of them is out of reach
/// once the other has happened, two are no more than one, which is tried by itself.
#[track_caller]
fn pairs() -> Vec<Vec<Planned>> {
    let singles = singles();
    let reaches = |counts: &Counts, other: &Planned| {
        let count = counts.get(&other.route).copied();
        count.unwrap_or_default() >= other.nth
    };
    let mut pairs = Vec::new();
    for (at, (first, after_first)) in singles.iter().enumerate() {
        for (second, after_second) in &singles[at + 1..] {
            let differ = (first.route, first.nth) != (second.route, second.nth);
            if differ && (reaches(after_first, second) || reaches(after_second, first)) {
                pairs.push(vec![*first, *second]);
            }
        }
    }
    pairs
}

/// Tries so many of them, spread over all.
#[track_caller]
fn check_some(pairs: Vec<Vec<Planned>>, count: usize) {
    let step = pairs.len().div_ceil(count);
    let some: Vec<Vec<Planned>> = pairs.into_iter().step_by(step).collect();
    check(&some);
}

#[test]
fn after_two_faults_the_next_run_gets_there() {
    check_some(pairs(), TRIED);
}

#[test]
#[ignore = "takes minutes: tests/peers/run does it, all pairs with DUAT_ALL_PAIRS=1"]
#[expect(
    clippy::disallowed_methods,
    reason = "it is asked for by who runs the tests"
)]
fn after_any_two_faults_the_next_run_gets_there() {
    let pairs = pairs();
    let count = match std::env::var_os(ALL) {
        Some(_) => pairs.len(),
        None => TRIED_BY_PEERS,
    };
    check_some(pairs, count);
}
