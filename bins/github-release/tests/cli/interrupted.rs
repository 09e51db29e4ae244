//! What a run says that is interrupted.

use std::thread::sleep;
use std::time::{Duration, Instant};

use duat_tests::github::{Fault, GitHub, Route};
use duat_tests::{Call, Outcome, Scene};

use crate::{REPOSITORY, stage};

const PATIENCE: Duration = Duration::from_mins(1);

/// Runs a call, and sends it a signal a moment after so many requests of a kind have come.
fn interrupted(
    scene: &Scene,
    github: &GitHub,
    call: Call<'_>,
    signal: &str,
    (route, count): (Route, usize),
) -> Outcome {
    let running = call.start();
    let begin = Instant::now();
    while github.count(route) < count {
        assert!(begin.elapsed() < PATIENCE, "{}", github.trace());
        sleep(Duration::from_millis(20));
    }
    sleep(Duration::from_millis(300));
    let id = running.id().to_string();
    scene.command("kill").args([signal, &id]).run().succeeds();
    running.wait()
}

#[test]
fn an_interrupted_run_says_how_far_it_came_and_is_completed_by_the_next() {
    let (scene, github) = stage();
    github.fault(Route::Upload, 1, Fault::Hang);
    let call = github.call(&scene, ["dist/*", "--jobs", "1"]);
    let outcome = interrupted(&scene, &github, call, "-INT", (Route::Create, 1));
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
    let call = github.call(&scene, ["dist/*"]);
    let outcome = interrupted(&scene, &github, call, "-TERM", (Route::Releases, 1));
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
    let outcome = interrupted(&scene, &github, call, "-INT", (Route::Upload, 40));
    outcome
        .fails(6)
        .says("so many assets take 2 minutes or more: GitHub takes one in a second")
        .says("put files together into archives.")
        .says(" of 62 assets are there");
}
