use std::thread;
use std::time::{Duration, Instant};

use duat_tests::github::{Fault, Route};

use crate::{REPOSITORY, broken_again, github, scene};

const PATIENCE: Duration = Duration::from_mins(1);

/// What is asked for is never done, or done when the one who asked is gone.
const ENDINGS: [Fault; 2] = [Fault::Hang, Fault::Slow(LATE)];
const LATE: Duration = Duration::from_millis(300);

#[test]
fn a_run_that_is_killed_is_completed_by_the_next() {
    for route in [Route::Create, Route::Upload, Route::Publish] {
        for ending in ENDINGS {
            let scene = scene();
            let github = github(&scene);
            github.fault(route, 1, ending);
            let running = github.call(&scene, ["dist/*"]).start();
            let start = Instant::now();
            while github.count(route) == 0 {
                assert!(start.elapsed() < PATIENCE, "{}", github.trace());
                thread::sleep(Duration::from_millis(5));
            }
            let outcome = running.kill();
            assert!(!outcome.status().success());
            thread::sleep(LATE * 2);
            let deleted = github.repository(REPOSITORY).deleted();
            assert!(deleted.is_empty(), "{}", github.trace());
            let fault = broken_again(&github, &scene);
            assert_eq!(fault, None, "{route:?} {ending:?}\n{}", github.trace());
        }
    }
}
