//! What others do between two requests of a run.

use std::thread;
use std::time::{Duration, Instant};

use duat_tests::github::{Fault, GitHub, Repository, Route};
use duat_tests::{Outcome, Scene};

use crate::{REPOSITORY, VERSION, files, github, scene};

const PATIENCE: Duration = Duration::from_mins(1);

/// Runs the tool, and does `act` before the first request of `route` is answered.
fn run_with(
    github: &GitHub,
    scene: &Scene,
    arguments: &[&str],
    route: Route,
    act: impl FnOnce(Repository<'_>),
) -> Outcome {
    github.fault(route, 1, Fault::Slow(Duration::from_secs(2)));
    let running = github.call(scene, arguments).start();
    let start = Instant::now();
    while github.count(route) == 0 {
        assert!(start.elapsed() < PATIENCE, "{}", github.trace());
        thread::sleep(Duration::from_millis(5));
    }
    act(github.repository(REPOSITORY));
    running.wait()
}

/// Has another job send an asset to the only release there is.
fn send(repository: Repository<'_>, name: &str, bytes: &[u8]) {
    repository.put(repository.release().id, name, bytes);
}

#[test]
fn what_another_job_sends_meanwhile_under_a_name_of_ours_is_kept_or_refused() {
    let [_, (name, bytes)] = files();
    let mut other = bytes.clone();
    other[0] ^= 1;
    // of the same size, so that our file has to be read, and of another
    for (sent, is_same) in [(&bytes[..], true), (&other[..], false), (b"short", false)] {
        let scene = scene();
        let github = github(&scene);
        github.repository(REPOSITORY).draft(VERSION, &[]);
        let outcome = run_with(
            &github,
            &scene,
            &["dist/two.bin"],
            Route::Upload,
            |repository| send(repository, name, sent),
        );
        let release = github.repository(REPOSITORY).release();
        let about = format!("{}\n{}", github.trace(), outcome.stderr());
        if is_same {
            outcome.prints("1.2.3\n");
        } else {
            outcome
                .fails(3)
                .says("refused to replace `two.bin`: somebody else has sent other bytes meanwhile")
                .says("run this again to replace what is there");
        }
        assert_eq!(release.draft, !is_same, "{about}");
        assert_eq!(*release.asset(name).unwrap().bytes, *sent, "{about}");
        assert_eq!(github.count(Route::DeleteAsset), 0, "{about}");
        if !is_same {
            // the way out that was named
            github.call(&scene, ["dist/two.bin"]).run().succeeds();
            assert_eq!(
                *github
                    .repository(REPOSITORY)
                    .release()
                    .asset(name)
                    .unwrap()
                    .bytes,
                **bytes
            );
        }
    }
}

#[test]
fn an_asset_that_is_there_and_is_exchanged_meanwhile_is_not_published() {
    let [(name, bytes), _] = files();
    let scene = scene();
    let github = github(&scene);
    let repository = github.repository(REPOSITORY);
    repository.draft(VERSION, &[(name, bytes)]);
    let outcome = run_with(&github, &scene, &["dist/*"], Route::Upload, |repository| {
        send(repository, name, b"two");
    });
    outcome
        .fails(7)
        .says("failed to verify `one.bin`: GitHub has 3 bytes")
        .says("nothing was published; run this again.");
    assert!(
        github.repository(REPOSITORY).release().draft,
        "{}",
        github.trace()
    );
    assert_eq!(github.count(Route::Publish), 0, "{}", github.trace());
}

#[test]
fn a_release_that_becomes_immutable_meanwhile_is_not_added_to() {
    let scene = scene();
    let github = github(&scene);
    let repository = github.repository(REPOSITORY);
    let id = repository.draft(VERSION, &[]);
    let outcome = run_with(&github, &scene, &["dist/*"], Route::Upload, |repository| {
        repository.edit(id, |release| {
            release.draft = false;
            release.immutable = true;
        });
    });
    outcome
        .fails(3)
        .says("an immutable release cannot be changed; `semver patch` counts up for a new one.");
}

#[test]
fn a_tag_that_is_pushed_elsewhere_meanwhile_is_seen_after_publishing() {
    let scene = scene();
    let elsewhere = scene.git(["rev-parse", "HEAD"]);
    scene.git(["tag", "--delete", VERSION]);
    scene.git(["commit", "--quiet", "--allow-empty", "--message=next"]);
    let github = github(&scene);
    let head = scene.git(["rev-parse", "HEAD"]);
    let arguments = ["dist/*", "--create-tag"];
    let outcome = run_with(&github, &scene, &arguments, Route::Publish, |repository| {
        scene.git(["tag", VERSION, &elsewhere]);
        repository.push(&scene);
    });
    outcome
        .fails(7)
        .prints_nothing()
        .says(&format!(
            "failed to verify the tag `1.2.3`: GitHub made it at {elsewhere}, not at {head}"
        ))
        .says("the release is published; delete the tag and push the right one.");
}

#[test]
fn a_tag_that_goes_away_meanwhile_is_said_to_be_missing() {
    let scene = scene();
    let github = github(&scene);
    let repository = github.repository(REPOSITORY);
    let outcome = run_with(&github, &scene, &["dist/*"], Route::Publish, |repository| {
        // with the branch the draft is of
        scene.git(["tag", "--delete", VERSION]);
        repository.push(&scene);
        let id = repository.release().id;
        repository.edit(id, |release| release.target = "gone".to_owned());
    });
    outcome
        .fails(3)
        .prints_nothing()
        .says("push the tag first: `git tag 1.2.3 && git push origin 1.2.3`.");
    assert!(repository.release().draft, "{}", github.trace());
    assert_eq!(repository.tag(VERSION), None);
}

#[test]
fn a_draft_is_not_published_over_a_release_that_another_run_publishes_meanwhile() {
    let scene = scene();
    let github = github(&scene);
    let draft = github.repository(REPOSITORY).draft(VERSION, &[]);
    let outcome = run_with(
        &github,
        &scene,
        &["publish"],
        Route::Publish,
        |repository| {
            repository.published(VERSION, &[]);
        },
    );
    outcome.fails(3).prints_nothing().says(
        "refused to publish the draft of `1.2.3`: another release of the tag was published meanwhile",
    );
    let releases = github.repository(REPOSITORY).releases();
    let is_draft = |id| releases.iter().any(|one| one.id == id && one.draft);
    assert!(is_draft(draft), "{}", github.trace());
    assert!(github.repository(REPOSITORY).deleted().is_empty());
}

#[test]
fn a_file_that_goes_away_before_it_is_sent_is_an_error_of_that_file() {
    for is_directory in [false, true] {
        if is_directory && !cfg!(target_os = "linux") {
            continue;
        }
        let scene = scene();
        let github = github(&scene);
        let outcome = run_with(&github, &scene, &["dist/*"], Route::Create, |_| {
            scene.remove("dist/two.bin");
            if is_directory {
                // it opens, and cannot be read
                scene.make_directory("dist/two.bin");
            }
        });
        let code = if is_directory { 1 } else { 5 };
        outcome.fails(code).says("failed to read `dist/two.bin`");
        let release = github.repository(REPOSITORY).release();
        assert!(release.draft, "{}", github.trace());
        assert!(release.asset("two.bin").is_none(), "{}", github.trace());
        assert_eq!(github.count(Route::Publish), 0, "{}", github.trace());
    }
}
