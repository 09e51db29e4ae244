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
