//! What a run says that is interrupted.

use std::thread::sleep;
use std::time::Duration;

use duat_tests::github::{Fault, Route};

use crate::{REPOSITORY, stage};

#[test]
fn an_interrupted_run_says_how_far_it_came_and_is_completed_by_the_next() {
    let (scene, github) = stage();
    github.fault(Route::Upload, 1, Fault::Hang);
    let running = github.call(&scene, ["dist/*", "--jobs", "1"]).start();
    while github.count(Route::Create) == 0 {
        sleep(Duration::from_millis(20));
    }
    sleep(Duration::from_millis(300));
    let id = running.id().to_string();
    scene.command("kill").args(["-INT", &id]).run().succeeds();
    let outcome = running.wait();
    outcome.fails(6).prints_nothing();
    outcome.says("interrupted: `1.2.3` is a draft, 0 of 2 assets are there");
    outcome.says("run this again: it goes on where it stopped.");
    assert!(github.repository(REPOSITORY).release().draft);
    github.forget();
    github.call(&scene, ["dist/*"]).run().prints("1.2.3\n");
    assert!(!github.repository(REPOSITORY).release().draft);
}
