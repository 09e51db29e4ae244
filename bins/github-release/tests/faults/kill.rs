use std::thread;
use std::time::{Duration, Instant};

use duat_tests::Scene;
use duat_tests::github::{Fault, GitHub, Route};

use crate::{REPOSITORY, VERSION, broken_again, faults_of, files, github, scene};

const PATIENCE: Duration = Duration::from_mins(1);

/// What is asked for is never done, or done when the one who asked is gone.
const ENDINGS: [Fault; 2] = [Fault::Hang, Fault::Slow(LATE)];
const LATE: Duration = Duration::from_millis(300);

/// Kills a run when it meets the fault.
fn kill(github: &GitHub, scene: &Scene, arguments: &[&str], route: Route, ending: Fault) {
    github.fault(route, 1, ending);
    let running = github.call(scene, arguments).start();
    let start = Instant::now();
    while github.count(route) == 0 {
        assert!(start.elapsed() < PATIENCE, "{}", github.trace());
        thread::sleep(Duration::from_millis(5));
    }
    let outcome = running.kill();
    assert!(!outcome.status().success());
    thread::sleep(LATE * 2);
}

#[test]
fn a_run_that_is_killed_is_completed_by_the_next() {
    for route in [Route::Create, Route::Upload, Route::Publish] {
        for ending in ENDINGS {
            let scene = scene();
            let github = github(&scene);
            kill(&github, &scene, &["dist/*"], route, ending);
            let deleted = github.repository(REPOSITORY).deleted();
            assert!(deleted.is_empty(), "{}", github.trace());
            let fault = broken_again(&github, &scene);
            assert_eq!(fault, None, "{route:?} {ending:?}\n{}", github.trace());
        }
    }
}

#[test]
fn a_replacement_that_is_killed_is_completed_by_the_next() {
    let [(name, _), (other, bytes)] = files();
    let old: [(&str, &[u8]); 2] = [(name, b"old"), (other, bytes)];
    let arguments = ["--replace", "changed", "dist/*"];
    for route in [Route::Upload, Route::DeleteAsset, Route::Rename] {
        for ending in ENDINGS {
            for is_published in [false, true] {
                let scene = scene();
                let github = github(&scene);
                let repository = github.repository(REPOSITORY);
                if is_published {
                    repository.published(VERSION, &old);
                } else {
                    repository.draft(VERSION, &old);
                }
                kill(&github, &scene, &arguments, route, ending);
                let about = format!("{route:?} {ending:?}:\n{}", github.trace());
                // the old bytes or the new ones are there, whole
                let release = repository.release();
                let is_whole = release.assets.iter().any(|asset| {
                    asset.uploaded && (*asset.bytes == *b"old" || *asset.bytes == *b"one")
                });
                assert!(is_whole, "{about}");
                github.forget();
                github.call(&scene, arguments).run().prints("1.2.3\n");
                let release = repository.release();
                assert!(!release.draft, "{about}");
                assert_eq!(faults_of(&release), None, "{about}");
                github.forget();
                github.call(&scene, arguments).run().prints("1.2.3\n");
                assert_eq!(github.writes(), 0, "{about}");
            }
        }
    }
}
