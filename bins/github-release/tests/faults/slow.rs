use std::time::{Duration, Instant};

use duat_tests::github::{Fault, Route};

use crate::{REPOSITORY, broken, broken_again, github, scene};

#[test]
fn what_does_not_move_is_begun_again() {
    for (route, fault) in [
        (Route::Upload, Fault::Hang),
        (Route::Upload, Fault::Wedge),
        (Route::Create, Fault::Hang),
        (Route::Publish, Fault::Hang),
        (Route::Releases, Fault::Hang),
    ] {
        let scene = scene();
        // more than the buffers between us and the server
        scene.write("dist/two.bin", vec![7; 16 << 20]);
        let github = github(&scene);
        github.fault(route, 1, fault);
        let start = Instant::now();
        let outcome = github
            .call(&scene, ["dist/*"])
            .env("DUAT_GITHUB_RELEASE_TIMEOUT", "2")
            .env("DUAT_GITHUB_RELEASE_STALL", "2")
            .run();
        let about = format!(
            "{route:?} {fault:?}:\n{}\n{}",
            github.trace(),
            outcome.stderr()
        );
        assert!(outcome.status().success(), "{about}");
        assert!(start.elapsed() < Duration::from_secs(30), "{about}");
        let release = github.repository(REPOSITORY).release();
        assert_eq!(release.assets.len(), 2, "{about}");
        assert!(release.assets.iter().all(|asset| asset.uploaded), "{about}");
    }
}

#[test]
fn an_upload_that_never_gets_through_ends_and_can_be_resumed() {
    let scene = scene();
    let github = github(&scene);
    for nth in 1..40 {
        github.fault(Route::Upload, nth, Fault::Status(502));
    }
    let outcome = github.call(&scene, ["dist/*"]).run();
    outcome.fails(6);
    assert_eq!(broken(github.repository(REPOSITORY), &outcome), None);
    assert!(github.repository(REPOSITORY).release().draft);
    assert_eq!(broken_again(&github, &scene), None);
}

#[test]
fn a_healthy_upload_may_take_longer_than_any_patience() {
    let scene = scene();
    scene.write("dist/two.bin", vec![7; 24 << 20]);
    let github = github(&scene);
    github.fault(Route::Upload, 1, Fault::Trickle(4 << 20));
    let outcome = github
        .call(&scene, ["dist/two.bin"])
        .env("DUAT_GITHUB_RELEASE_TIMEOUT", "3")
        .env("DUAT_GITHUB_RELEASE_STALL", "2")
        .run();
    outcome.succeeds();
    assert_eq!(github.count(Route::Upload), 1, "{}", github.trace());
}

#[test]
fn a_file_that_changes_while_it_is_sent_is_never_published() {
    // written a moment ago it was hashed before; an old one is known by its time
    for is_old in [false, true] {
        let scene = scene();
        let before = vec![7; 8 << 20];
        scene.write("dist/two.bin", &before);
        if is_old {
            scene.age("dist/two.bin");
        }
        let github = github(&scene);
        github.fault(Route::Upload, 1, Fault::Trickle(4 << 20));
        let running = github.call(&scene, ["dist/two.bin"]).start();
        let start = Instant::now();
        while github.count(Route::Upload) == 0 {
            assert!(
                start.elapsed() < Duration::from_mins(1),
                "{}",
                github.trace()
            );
            std::thread::sleep(Duration::from_millis(5));
        }
        let mut after = before.clone();
        after[before.len() - 1] = 8;
        scene.write("dist/two.bin", &after);
        let outcome = running.wait();
        outcome
            .fails(1)
            .says("failed to upload `dist/two.bin`: it has changed while it was sent");
        let release = github.repository(REPOSITORY).release();
        assert!(release.draft, "{}", github.trace());
        assert!(release.assets.is_empty(), "{}", github.trace());
        github.forget();
        github.call(&scene, ["dist/two.bin"]).run().succeeds();
        let release = github.repository(REPOSITORY).release();
        let digest = &release.asset("two.bin").unwrap().sha256;
        assert!(!digest.is_empty());
        assert!(!release.draft);
    }
}

#[test]
fn a_job_that_waits_for_long_says_what_is_under_way() {
    let scene = scene();
    scene.write("dist/slow.bin", "slow");
    let github = github(&scene);
    github.fault(Route::Upload, 1, Fault::Slow(Duration::from_secs(33)));
    let call = github.call(&scene, ["dist/slow.bin"]).env("CI", "true");
    let outcome = call.run();
    let said = outcome.prints("1.2.3\n").stderr();
    let mut lines = said.lines();
    let is_beat = |line: &&str| line.starts_with("still at it: 0 of 1 done");
    let beat = lines.find(is_beat).unwrap_or_default();
    assert!(beat.contains("`slow.bin`"), "{said}");
    assert_eq!(lines.filter(is_beat).count(), 0, "{said}");
}

#[test]
fn an_upload_that_is_much_slower_than_another_is_begun_again() {
    let scene = scene();
    // more than a slow server takes in a minute, and the buffers before it
    for name in ["one", "two"] {
        scene.write(format!("dist/{name}.bin"), vec![7; 32 << 20]);
    }
    let github = github(&scene);
    github.fault(Route::Upload, 2, Fault::Trickle(100_000));
    // it moves, if in large steps
    let call = github.call(&scene, ["-v", "dist/*"]);
    call.env("DUAT_GITHUB_RELEASE_STALL", "120")
        .run()
        .prints("1.2.3\n")
        .says("an upload was much slower than others");
    assert_eq!(github.count(Route::Upload), 3, "{}", github.trace());
    let release = github.repository(REPOSITORY).release();
    assert_eq!(release.asset_names(), ["one.bin", "two.bin"]);
    assert!(!release.draft, "{}", github.trace());
}
