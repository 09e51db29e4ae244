//! Bytes that do not arrive as they were sent, or do not come back as they arrived.

use duat_tests::github::{Fault, GitHub, Route};

use crate::{REPOSITORY, broken, broken_again, github, release, scene};

/// Plans a fault for every call of a route.
fn always(github: &GitHub, route: Route, fault: Fault) {
    for nth in 1..30 {
        github.fault(route, nth, fault);
    }
}

#[test]
fn other_bytes_than_were_sent_are_never_published() {
    for fault in [Fault::Corrupt, Fault::Short] {
        let scene = scene();
        let github = github(&scene);
        always(&github, Route::Upload, fault);
        let outcome = release(&github, &scene);
        outcome.fails(7).says("failed to verify `");
        let repository = github.repository(REPOSITORY);
        assert_eq!(broken(repository, &outcome), None, "{}", github.trace());
        // what arrived wrong is not left there either
        let draft = repository.release();
        assert!(draft.draft, "{}", github.trace());
        assert!(draft.assets.is_empty(), "{}", github.trace());
        assert_eq!(github.count(Route::Publish), 0, "{}", github.trace());
        assert_eq!(broken_again(&github, &scene), None);
    }
}

#[test]
fn bytes_that_come_back_otherwise_are_not_published() {
    let scene = scene();
    let github = github(&scene);
    always(&github, Route::Storage, Fault::Corrupt);
    let arguments = ["dist/*", "--verify", "download"];
    let outcome = github.call(&scene, arguments).run();
    outcome
        .fails(7)
        .says("failed to verify `one.bin`")
        .says("failed to verify `two.bin`");
    let repository = github.repository(REPOSITORY);
    assert!(repository.release().draft, "{}", github.trace());
    assert_eq!(github.count(Route::Publish), 0, "{}", github.trace());
    github.forget();
    github.call(&scene, arguments).run().prints("1.2.3\n");
    // and where it is published
    always(&github, Route::Storage, Fault::Corrupt);
    let outcome = github.call(&scene, arguments).run();
    outcome.fails(7);
    assert!(!repository.release().draft);
    let arguments = ["verify", "--download", "dist/*"];
    let outcome = github.call(&scene, arguments).run();
    outcome.fails(7);
    let line = "one.bin: its bytes have the digest";
    assert!(outcome.stdout().contains(line), "{}", outcome.stdout());
}

#[test]
fn a_server_without_digests_that_keeps_fewer_bytes_is_found_out_by_the_size() {
    let scene = scene();
    let github = GitHub::enterprise();
    let repository = github.repository(REPOSITORY).push(&scene);
    always(&github, Route::Upload, Fault::Short);
    let outcome = release(&github, &scene);
    outcome.fails(7).says("GitHub has 2 bytes with no digest");
    assert_eq!(broken(repository, &outcome), None, "{}", github.trace());
    assert!(repository.release().draft, "{}", github.trace());
    assert_eq!(github.count(Route::Publish), 0, "{}", github.trace());
    assert_eq!(broken_again(&github, &scene), None);
    // other bytes of the same size are seen by reading them back
    let scene = crate::scene();
    let github = GitHub::enterprise();
    let repository = github.repository(REPOSITORY).push(&scene);
    always(&github, Route::Upload, Fault::Corrupt);
    let arguments = ["dist/*", "--verify", "download"];
    let outcome = github.call(&scene, arguments).run();
    outcome.fails(7);
    assert!(repository.release().draft, "{}", github.trace());
}
