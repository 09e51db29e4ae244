//! What is not seen to be done, and what is refused, is not said to be done.

use duat_tests::github::{Fault, GitHub, Route};

use crate::{REPOSITORY, VERSION, broken_again, files, github, release, scene};

fn always(github: &GitHub, route: Route, fault: Fault) {
    for nth in 1..60 {
        github.fault(route, nth, fault);
    }
}

#[test]
fn what_is_not_listed_is_not_proved_and_not_published() {
    let scene = scene();
    let github = github(&scene);
    always(&github, Route::Assets, Fault::Lag);
    let outcome = release(&github, &scene);
    outcome
        .fails(6)
        .prints_nothing()
        .says("GitHub does not list it yet")
        .says("run this again: it goes on where it stopped.");
    let release = github.repository(REPOSITORY).release();
    assert!(release.draft, "{}", github.trace());
    assert_eq!(github.count(Route::Publish), 0, "{}", github.trace());
    assert_eq!(broken_again(&github, &scene), None);
}

#[test]
fn the_old_asset_stays_until_the_new_one_is_seen() {
    let [(name, _), (other, bytes)] = files();
    let scene = scene();
    let github = github(&scene);
    let repository = github.repository(REPOSITORY);
    repository.published(VERSION, &[(name, b"old"), (other, bytes)]);
    // the release itself shows both; then no list shows what was sent
    always(&github, Route::Assets, Fault::Lag);
    let arguments = ["--replace", "changed", "dist/*"];
    let outcome = github.call(&scene, arguments).run();
    outcome
        .fails(6)
        .prints_nothing()
        .says("failed to find `one.bin.duat-tmp-")
        .says("which was sent a moment ago")
        .says("run this again: it goes on where it stopped.");
    let release = repository.release();
    assert_eq!(*release.asset(name).unwrap().bytes, *b"old");
    assert_eq!(github.count(Route::DeleteAsset), 0, "{}", github.trace());
    github.forget();
    github.call(&scene, arguments).run().prints("1.2.3\n");
    assert_eq!(crate::faults_of(&repository.release()), None);
    // what was sent before took its place
    assert_eq!(github.count(Route::Upload), 0, "{}", github.trace());
}

#[test]
fn a_run_that_others_are_always_faster_than_gives_up_and_publishes_nothing() {
    let scene = scene();
    let github = github(&scene);
    let repository = github.repository(REPOSITORY);
    let draft = repository.draft(VERSION, &[]);
    repository.published(VERSION, &[]);
    // the release that somebody has published is not seen
    always(&github, Route::ByTag, Fault::NotFound);
    always(&github, Route::Releases, Fault::Lag);
    release(&github, &scene)
        .fails(6)
        .prints_nothing()
        .says("failed to release `1.2.3`: other runs keep changing it")
        .says("run this again when they have ended.");
    let releases = repository.releases();
    let is_draft = |id| releases.iter().any(|one| one.id == id && one.draft);
    assert!(is_draft(draft), "{}", github.trace());
    assert!(repository.deleted().is_empty(), "{}", github.trace());
}

#[test]
fn an_upload_that_is_refused_is_not_tried_again() {
    let scene = scene();
    let github = github(&scene);
    github.fault(Route::Upload, 1, Fault::Status(422));
    let outcome = github.call(&scene, ["dist/one.bin"]).run();
    outcome.fails(3).says("failed to upload `one.bin`");
    assert_eq!(github.count(Route::Upload), 1, "{}", github.trace());
    assert!(github.repository(REPOSITORY).release().draft);
}

#[test]
fn notes_that_github_does_not_take_are_said_to_be_lost() {
    let scene = scene();
    let github = github(&scene);
    release(&github, &scene).succeeds();
    github.forget();
    github.fault(Route::Update, 1, Fault::Status(422));
    let call = github.call(&scene, ["dist/*", "--notes", "Much is new."]);
    call.run()
        .fails(3)
        .prints_nothing()
        .says("failed to change the notes of `1.2.3`");
    let release = github.repository(REPOSITORY).release();
    assert_eq!(release.body.as_deref(), Some(""));
}

#[test]
fn a_draft_that_github_leaves_a_draft_is_not_said_to_be_published() {
    let scene = scene();
    let github = github(&scene);
    github.fault(Route::Publish, 1, Fault::Unheeded);
    release(&github, &scene)
        .fails(1)
        .prints_nothing()
        .says("failed to publish `1.2.3`: GitHub leaves it a draft")
        .says("run this again, or publish it on its page.");
    assert!(github.repository(REPOSITORY).release().draft);
    assert_eq!(broken_again(&github, &scene), None);
}

#[test]
fn a_latest_release_that_cannot_be_read_is_not_said_to_be_a_wrong_one() {
    let scene = scene();
    let github = github(&scene);
    // two looks come before the publication
    for nth in 3..30 {
        github.fault(Route::Latest, nth, Fault::Status(403));
    }
    let outcome = release(&github, &scene);
    let said = outcome.prints("1.2.3\n").stderr();
    assert!(
        said.contains("warning: failed to read the latest release: "),
        "{said}\n{}",
        github.trace()
    );
    assert!(!said.contains("another release as the latest"), "{said}");
}
