//! What others do while a run is sending.

use std::thread;
use std::time::{Duration, Instant};

use duat_tests::github::{Fault, GitHub, Release, Repository, Route};
use duat_tests::{Outcome, Scene};

use crate::{REPOSITORY, VERSION, github, scene};

const PATIENCE: Duration = Duration::from_mins(1);

/// Releases a file that takes two seconds to send, and does `act` while it is under way.
fn release_while(
    github: &GitHub,
    scene: &Scene,
    arguments: &[&str],
    act: impl FnOnce(Repository<'_>),
) -> Outcome {
    scene.write("slow/slow.bin", vec![7; 8 << 20]);
    github.fault(Route::Upload, 1, Fault::Trickle(4 << 20));
    let running = github
        .call(scene, ["slow/slow.bin"])
        .args(arguments)
        .start();
    let start = Instant::now();
    while github.count(Route::Upload) == 0 {
        assert!(start.elapsed() < PATIENCE, "{}", github.trace());
        thread::sleep(Duration::from_millis(5));
    }
    act(github.repository(REPOSITORY));
    running.wait()
}

fn of(repository: Repository<'_>, tag: &str) -> Release {
    let mut releases = repository.releases().into_iter();
    releases.find(|release| release.tag == tag).unwrap()
}

/// Adds an asset to the release of the version, as another job does.
fn bring(repository: Repository<'_>, name: &str) {
    let source = repository.draft("0.0.0-source", &[(name, name.as_bytes())]);
    let asset = of(repository, "0.0.0-source").asset(name).unwrap().clone();
    repository.edit(source, |release| release.assets.clear());
    let id = of(repository, VERSION).id;
    repository.edit(id, |release| release.assets.push(asset));
}

#[test]
fn a_job_that_finds_the_release_complete_publishes_it_with_its_notes() {
    for (typed, written, expected) in [
        (
            &["--notes", "Much is new."][..],
            "Much is new.",
            "Much is new.",
        ),
        (&[], "Written in the browser.", "Written in the browser."),
        (&[], "", ""),
    ] {
        let scene = scene();
        let github = github(&scene);
        let id = github.repository(REPOSITORY).draft(VERSION, &[]);
        let mark = format!("{written}\n\n<!-- duat-release {VERSION} 0011223344556677 -->");
        let write = |body: String| {
            let repository = github.repository(REPOSITORY);
            repository.edit(id, |release| release.body = Some(body));
        };
        write(mark.clone());
        let arguments = [&["--draft", "--expect", "2"], typed].concat();
        let outcome = release_while(&github, &scene, &arguments, |repository| {
            bring(repository, "other.bin");
        });
        outcome.prints("1.2.3\n");
        let release = of(github.repository(REPOSITORY), VERSION);
        assert!(!release.draft, "{}", github.trace());
        assert_eq!(release.body.as_deref(), Some(expected));
        assert_eq!(release.asset_names(), ["other.bin", "slow.bin"]);
    }
}

#[test]
fn notes_that_somebody_writes_meanwhile_are_published() {
    let scene = scene();
    let github = github(&scene);
    let outcome = release_while(&github, &scene, &[], |repository| {
        let id = repository.release().id;
        repository.edit(id, |release| {
            release.body = Some("Written meanwhile.".to_owned());
            release.name = Some("A title".to_owned());
        });
    });
    outcome.prints("1.2.3\n");
    let release = github.repository(REPOSITORY).release();
    assert!(!release.draft);
    assert_eq!(release.body.as_deref(), Some("Written meanwhile."));
    assert_eq!(release.name.as_deref(), Some("A title"));
}

#[test]
fn a_title_leaves_the_notes_of_a_published_release_alone() {
    let scene = scene();
    let github = github(&scene);
    let repository = github.repository(REPOSITORY);
    let id = repository.published(VERSION, &[]);
    repository.edit(id, |release| release.body = Some("By hand.".to_owned()));
    scene.write("CHANGELOG.md", "## 1.2.3\n\n- made by a tool\n");
    scene.write("duat.toml", "[release]\nnotes = \"changelog\"\n");
    let call = github.call(&scene, ["--title", "A title"]);
    call.run().prints("1.2.3\n");
    let release = repository.release();
    assert_eq!(release.name.as_deref(), Some("A title"));
    assert_eq!(release.body.as_deref(), Some("By hand."));
}

#[test]
fn a_higher_release_that_is_published_meanwhile_stays_the_latest() {
    // a backport, and what was to be the latest when the run began
    for before in [Some("2.0.0"), None] {
        let scene = scene();
        let github = github(&scene);
        if let Some(before) = before {
            github.repository(REPOSITORY).published(before, &[]);
        }
        let outcome = release_while(&github, &scene, &["--json"], |repository| {
            repository.published("2.1.0", &[]);
        });
        let facts: serde_json::Value = serde_json::from_str(outcome.succeeds().stdout()).unwrap();
        assert_eq!(facts["latest"], false, "{}", github.trace());
        let repository = github.repository(REPOSITORY);
        assert_eq!(
            repository.latest().as_deref(),
            Some("2.1.0"),
            "{}",
            github.trace()
        );
        assert_eq!(github.count(Route::Update), 0, "{}", github.trace());
    }
}

#[test]
fn what_was_published_meanwhile_is_shown_again_where_github_moves_the_latest() {
    let scene = scene();
    let github = github(&scene);
    github.repository(REPOSITORY).published("2.0.0", &[]);
    github.latest_always_moves();
    // GitHub moves the latest with every publication: with that one, and with ours
    let outcome = release_while(&github, &scene, &[], |repository| {
        repository.published("2.1.0", &[]);
    });
    outcome.succeeds();
    let repository = github.repository(REPOSITORY);
    assert_eq!(
        repository.latest().as_deref(),
        Some("2.1.0"),
        "{}",
        github.trace()
    );
}

#[test]
fn a_run_that_ended_before_it_saw_to_the_latest_is_completed_by_the_next() {
    let scene = scene();
    let github = github(&scene);
    let repository = github.repository(REPOSITORY);
    crate::release(&github, &scene).succeeds();
    repository.published("1.2.2", &[]);
    assert_eq!(repository.latest().as_deref(), Some("1.2.2"));
    let plan = ["plan", "dist/*"];
    let outcome = github.call(&scene, plan).run();
    assert!(outcome.stdout().contains("make it the latest release\n"));
    let arguments = ["dist/*", "--latest=false"];
    github.forget();
    github.call(&scene, arguments).run().succeeds();
    assert_eq!(github.writes(), 0, "{}", github.trace());
    crate::release(&github, &scene).prints("1.2.3\n");
    assert_eq!(repository.latest().as_deref(), Some("1.2.3"));
    github.forget();
    crate::release(&github, &scene).prints("1.2.3\n");
    assert_eq!(github.exchanges().len(), 5, "{}", github.trace());
}

#[test]
fn an_upload_that_another_job_begins_meanwhile_is_not_published_without_its_bytes() {
    let scene = scene();
    let github = github(&scene);
    let outcome = release_while(&github, &scene, &[], |repository| {
        repository.starter(repository.release().id, "other.bin");
    });
    outcome
        .fails(3)
        .says("refused to publish `1.2.3`: the upload of `other.bin` is not complete");
    let release = github.repository(REPOSITORY).release();
    assert!(release.draft, "{}", github.trace());
    assert!(
        release
            .asset("slow.bin")
            .is_some_and(|asset| asset.uploaded)
    );
}
