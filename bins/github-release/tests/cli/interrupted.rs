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

#[test]
fn a_run_that_is_interrupted_before_its_first_change_says_that_nothing_was_changed() {
    let (scene, github) = stage();
    github.fault(Route::Releases, 1, Fault::Hang);
    let running = github.call(&scene, ["dist/*"]).start();
    while github.count(Route::Releases) == 0 {
        sleep(Duration::from_millis(20));
    }
    let id = running.id().to_string();
    scene.command("kill").args(["-TERM", &id]).run().succeeds();
    let outcome = running.wait();
    outcome
        .fails(6)
        .prints_nothing()
        .says("interrupted: nothing was changed at GitHub");
    assert_eq!(github.writes(), 0, "{}", github.trace());
}

#[test]
fn that_many_assets_take_long_is_said_before_they_do() {
    let (scene, github) = stage();
    for number in 0..62 {
        scene.write(format!("many/{number}.bin"), "bytes");
    }
    // more writes than come in one go wait for one another
    let call = github.call(&scene, ["many"]);
    let call = call.env("DUAT_GITHUB_RELEASE_RETRY_DELAY", "60000");
    let running = call.start();
    while github.count(Route::Upload) < 40 {
        sleep(Duration::from_millis(20));
    }
    let id = running.id().to_string();
    scene.command("kill").args(["-INT", &id]).run().succeeds();
    let outcome = running.wait();
    outcome
        .fails(6)
        .says("so many assets take 2 minutes or more: GitHub takes one in a second")
        .says("put files together into archives.")
        .says(" of 62 assets are there");
}
