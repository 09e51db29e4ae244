//! Tags that move from release to release, and never back.

use duat_tests::image::Image;
use duat_tests::registry::Fault;

use crate::{SERVER, Stage, TESTED};

#[test]
fn float_tags_move_along() {
    let stage = Stage::new();
    let old = stage
        .registry
        .push_image(SERVER, "0.0.1", &Image::single("old", 1));
    stage
        .registry
        .push_image(SERVER, "latest", &Image::single("old", 1));
    let digest = stage.tested(&Image::single("app", 1));
    stage
        .promote(&["--also", "latest,0.0,0"])
        .run()
        .prints("0.0.2\n");
    for tag in ["0.0.2", "latest", "0.0", "0"] {
        assert_eq!(
            stage.registry.tag(SERVER, tag),
            Some(digest.clone()),
            "{tag}"
        );
    }
    assert_eq!(stage.registry.tag(SERVER, "0.0.1"), Some(old));
}

#[test]
fn a_float_tag_stays_with_a_newer_release() {
    let stage = Stage::new();
    let newer = Image::single("newer", 1);
    stage.registry.push_image(SERVER, "0.1.0", &newer);
    let latest = stage.registry.push_image(SERVER, "latest", &newer);
    let digest = stage.tested(&Image::single("app", 1));
    stage
        .promote(&["--also", "latest,0.0"])
        .run()
        .prints("0.0.2\n")
        .says("`latest` stays with a newer release");
    assert_eq!(stage.registry.tag(SERVER, "latest"), Some(latest));
    assert_eq!(stage.registry.tag(SERVER, "0.0"), Some(digest));
}

#[test]
fn what_is_about_other_releases_is_no_float_tag() {
    let stage = Stage::new();
    stage.tested(&Image::single("app", 1));
    stage
        .promote(&["--also", "0.1,1.2.3"])
        .run()
        .fails(2)
        .says("failed to move `0.1` along")
        .says("failed to move `1.2.3` along");
    assert_eq!(stage.registry.requests().len(), 0);
}

#[test]
fn a_float_tag_that_cannot_be_moved_leaves_the_release_and_says_so() {
    let stage = Stage::new();
    stage.tested(&Image::single("app", 1));
    let fault = Fault::on("PUT", "/manifests/latest").refuses(403, "DENIED", "not for you");
    stage.registry.fault(fault);
    let outcome = stage.promote(&["--also", "latest"]).run();
    outcome.fails(1).says("the release itself is published");
    assert_eq!(stage.version(), TESTED);
    stage.registry.heal();
    stage.promote(&["--also", "latest"]).run().prints("0.0.2\n");
    assert_eq!(
        stage.registry.tag(SERVER, "latest"),
        stage.registry.tag(SERVER, "0.0.2")
    );
}

#[test]
fn a_release_that_is_written_already_gets_its_float_tags() {
    let stage = Stage::new();
    let old = stage
        .registry
        .push_image(SERVER, "latest", &Image::single("old", 1));
    let digest = stage.tested(&Image::index("app", 2, 1));
    let _ = stage.promote(&[]).run().succeeds();
    assert_eq!(stage.version(), "0.0.2");
    stage.registry.forget();
    let planned = stage.promote(&["--also", "latest,0.0", "-n"]).run();
    planned.prints("0.0.2\n").says("move `latest` to it");
    assert!(stage.registry.requests().writes().is_empty());
    let outcome = stage.promote(&["--also", "latest,0.0"]).run();
    outcome.prints("0.0.2\n");
    for tag in ["latest", "0.0", "0.0.2"] {
        assert_eq!(
            stage.registry.tag(SERVER, tag),
            Some(digest.clone()),
            "{tag}"
        );
    }
    assert_eq!(stage.version(), "0.0.2");

    stage.registry.forget();
    stage
        .promote(&["--also", "latest,0.0"])
        .run()
        .prints("0.0.2\n");
    let requests = stage.registry.requests();
    assert!(requests.writes().is_empty(), "{requests}");

    // all of it is one promotion
    let undone = stage.scene.tool("image-promote").arg("undo").run();
    undone.prints(&format!("{TESTED}\n"));
    assert_eq!(stage.registry.tag(SERVER, "latest"), Some(old));
    assert_eq!(stage.registry.tags(SERVER), [TESTED, "latest"]);
    assert_eq!(stage.version(), TESTED);
}

#[test]
fn a_release_that_is_written_already_moves_no_float_tag_backwards() {
    let stage = Stage::new();
    stage.tested(&Image::single("app", 1));
    let _ = stage.promote(&[]).run().succeeds();
    let newer = Image::single("newer", 1);
    stage.registry.push_image(SERVER, "0.1.0", &newer);
    let latest = stage.registry.push_image(SERVER, "latest", &newer);
    let outcome = stage.promote(&["--also", "latest"]).run();
    let outcome = outcome.prints("0.0.2\n");
    outcome.says("`latest` stays with a newer release");
    assert_eq!(stage.registry.tag(SERVER, "latest"), Some(latest));
}

#[test]
fn without_float_tags_a_release_that_is_written_already_is_one_request() {
    let stage = Stage::new();
    stage.tested(&Image::single("app", 1));
    let _ = stage.promote(&[]).run().succeeds();
    stage.registry.forget();
    stage.promote(&[]).run().prints("0.0.2\n");
    assert_eq!(stage.registry.requests().len(), 1);
}
