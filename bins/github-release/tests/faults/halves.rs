//! Drafts in which another job has left, or still has, something unfinished.

use duat_tests::github::{Fault, GitHub, History, Route};
use duat_tests::{Outcome, Scene};

use crate::{REPOSITORY, VERSION, files, github, scene};

/// What a job was killed with while it replaced `b.bin`: the old bytes and the new ones.
const HALF: [(&str, &[u8]); 2] = [("b.bin", b"old"), ("b.bin.duat-tmp-0a1b2c", b"b")];

/// Runs the job that brings one file, of three.
fn job(github: &GitHub, scene: &Scene, name: &str) -> Outcome {
    let file = format!("jobs/{name}.bin");
    scene.write(&file, name);
    let expect = ["--draft", "--expect", "3", &file];
    let arguments = [&expect[..], &["--notes", "Much is new."]].concat();
    github.call(scene, arguments).run()
}

#[test]
fn jobs_that_share_a_draft_publish_it_whole_whatever_one_of_them_meets() {
    let routes = [
        Route::Releases,
        Route::Create,
        Route::Upload,
        Route::Assets,
        Route::Release,
        Route::Latest,
        Route::Publish,
    ];
    let faults = [
        Fault::Status(500),
        Fault::LostAnswer,
        Fault::DoneBut(502),
        Fault::NotFound,
        Fault::Unauthorized,
        Fault::Corrupt,
        Fault::Lag,
        Fault::Race,
    ];
    let scene = scene();
    let history = History::of(&scene);
    for (route, fault) in routes
        .into_iter()
        .flat_map(|route| faults.map(|fault| (route, fault)))
    {
        for nth in 1..=2 {
            let github = GitHub::start();
            let repository = github.repository(REPOSITORY).receive(&history);
            github.fault(route, nth, fault);
            for name in ["a", "b", "c", "a", "b", "c"] {
                let outcome = job(&github, &scene, name);
                let about = format!(
                    "{route:?} {nth} {fault:?}:\n{}\n{}",
                    github.trace(),
                    outcome.stderr()
                );
                let releases = repository.releases();
                let mut published = releases.iter().filter(|release| !release.draft);
                if let Some(release) = published.next() {
                    assert_eq!(
                        release.asset_names(),
                        ["a.bin", "b.bin", "c.bin"],
                        "{about}"
                    );
                    assert_eq!(release.body.as_deref(), Some("Much is new."), "{about}");
                }
            }
            assert!(!repository.release().draft, "{route:?} {nth} {fault:?}");
        }
    }
}

#[test]
fn an_asset_that_is_half_replaced_does_not_count_for_two_and_is_not_published() {
    let scene = scene();
    let github = github(&scene);
    let repository = github.repository(REPOSITORY);
    repository.draft(VERSION, &HALF);
    job(&github, &scene, "a").prints("1.2.3\n");
    assert!(repository.release().draft, "{}", github.trace());
    let arguments = ["publish", "--expect", "3"];
    let outcome = github.call(&scene, arguments).run();
    outcome.fails(3).says("it has 2 assets, and 3 are expected");
    // all three are there, and one of them has its old bytes
    job(&github, &scene, "c").prints("1.2.3\n");
    assert!(repository.release().draft, "{}", github.trace());
    let outcome = github.call(&scene, arguments).run();
    outcome
        .fails(3)
        .says("refused to publish `1.2.3`: the replacement of `b.bin` is not complete");
    assert!(repository.release().draft, "{}", github.trace());
    // whoever brings it ends the replacement, and publishes
    job(&github, &scene, "b").prints("1.2.3\n");
    let release = repository.release();
    assert!(!release.draft, "{}", github.trace());
    assert_eq!(release.asset_names(), ["a.bin", "b.bin", "c.bin"]);
    assert_eq!(*release.asset("b.bin").unwrap().bytes, *b"b");
}

#[test]
fn more_assets_than_expected_are_refused_also_where_one_is_half_replaced() {
    let scene = scene();
    let github = github(&scene);
    let repository = github.repository(REPOSITORY);
    let others: [(&str, &[u8]); 2] = [("c.bin", b"c"), ("d.bin", b"d")];
    repository.draft(VERSION, &[&HALF[..], &others].concat());
    let outcome = job(&github, &scene, "a");
    outcome
        .fails(3)
        .says("it would have 4 assets, and 3 are expected");
    assert_eq!(github.writes(), 0, "{}", github.trace());
}

#[test]
fn what_another_job_has_not_brought_to_its_end_is_not_published() {
    for (name, arrived, message) in [
        ("other.bin", false, "the upload of `other.bin`"),
        ("b.bin.duat-tmp-0a1b", false, "the replacement of `b.bin`"),
        ("b.bin.duat-tmp-0a1b", true, "the replacement of `b.bin`"),
    ] {
        let scene = scene();
        let github = github(&scene);
        let repository = github.repository(REPOSITORY);
        let id = repository.draft(VERSION, &[]);
        repository.starter(id, name);
        repository.edit(id, |release| release.assets[0].uploaded = arrived);
        for arguments in [&["dist/*"][..], &["plan", "dist/*"], &["publish"]] {
            let outcome = github.call(&scene, arguments).run();
            outcome.fails(3).says(&format!(
                "refused to publish `1.2.3`: {message} is not complete"
            ));
            outcome.says("run the job that brings it again, or delete");
        }
        assert!(repository.release().draft, "{}", github.trace());
        assert_eq!(github.writes(), 0, "{}", github.trace());
        // jobs that do not publish bring theirs
        let call = github.call(&scene, ["--draft", "dist/*"]);
        call.run().prints("1.2.3\n");
        assert_eq!(github.count(Route::Upload), files().len());
    }
}
