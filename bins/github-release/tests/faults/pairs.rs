use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::single::{Planned, broken_by, faults};
use crate::scene;

/// How many pairs every `cargo test` tries: always the same ones, spread over all.
const TRIED: usize = 60;
/// Most of the time is spent waiting.
const AT_ONCE: usize = 6;
/// So many failures say enough.
const SHOWN: usize = 3;

/// Returns all scripts of two faults that meet different calls.
fn pairs() -> Vec<Vec<Planned>> {
    let faults = faults();
    let mut pairs = Vec::new();
    for (at, first) in faults.iter().enumerate() {
        for second in &faults[at + 1..] {
            if (first.route, first.nth) != (second.route, second.nth) {
                pairs.push(vec![*first, *second]);
            }
        }
    }
    pairs
}

/// Tries every script, several at a time.
#[track_caller]
pub(super) fn check(scripts: &[Vec<Planned>]) {
    let next = AtomicUsize::new(0);
    let failures: Mutex<Vec<String>> = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                let scene = scene();
                while let Some(script) = scripts.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if let Some(fault) = broken_by(&scene, script) {
                        failures.lock().unwrap().push(fault);
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
}

#[test]
fn after_two_faults_the_next_run_gets_there() {
    let pairs = pairs();
    let step = pairs.len() / TRIED + 1;
    let some: Vec<Vec<Planned>> = pairs.into_iter().step_by(step).collect();
    check(&some);
}

#[test]
#[ignore = "takes minutes: tests/peers/run does it"]
fn after_any_two_faults_the_next_run_gets_there() {
    check(&pairs());
}
