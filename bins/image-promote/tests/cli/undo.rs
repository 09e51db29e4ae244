//! The last promotion is taken back, and no more than that.

use std::fs;

use duat_tests::image::Image;
use duat_tests::registry::{Fault, Settings};

use crate::{SERVER, Stage, TESTED};

fn undo(stage: &Stage) -> duat_tests::Call<'_> {
    stage.scene.tool("image-promote").arg("undo")
}

#[test]
fn tags_and_version_go_back() {
    let stage = Stage::new();
    let old = stage
        .registry
        .push_image(SERVER, "latest", &Image::single("old", 1));
    let digest = stage.tested(&Image::single("app", 1));
    let _ = stage.promote(&["--also", "latest"]).run().succeeds();
    assert_eq!(stage.registry.tag(SERVER, "latest"), Some(digest.clone()));
    undo(&stage).run().prints(&format!("{TESTED}\n"));
    assert_eq!(stage.registry.tag(SERVER, "0.0.2"), None);
    assert_eq!(stage.registry.tag(SERVER, "latest"), Some(old));
    assert_eq!(stage.registry.tag(SERVER, TESTED), Some(digest));
    assert_eq!(stage.version(), TESTED);
    undo(&stage)
        .run()
        .prints("")
        .says("there is no promotion to take back");
}

#[test]
fn what_was_taken_back_can_be_promoted_again() {
    let stage = Stage::new();
    stage.tested(&Image::single("app", 1));
    let _ = stage.promote(&[]).run().succeeds();
    let _ = undo(&stage).run().succeeds();
    stage.promote(&[]).run().prints("0.0.2\n");
    assert_eq!(stage.version(), "0.0.2");
    let _ = undo(&stage).run().succeeds();
    assert_eq!(stage.version(), TESTED);
}

#[test]
fn a_tag_that_somebody_moved_since_is_left_alone() {
    let stage = Stage::new();
    stage.tested(&Image::single("app", 1));
    let _ = stage.promote(&[]).run().succeeds();
    let other = stage
        .registry
        .push_image(SERVER, "0.0.2", &Image::single("other", 1));
    undo(&stage)
        .run()
        .fails(3)
        .says("somebody has moved it since");
    assert_eq!(stage.registry.tag(SERVER, "0.0.2"), Some(other));
    assert_eq!(stage.version(), "0.0.2");
}

#[test]
fn a_rehearsal_takes_nothing_back() {
    let stage = Stage::new();
    stage.tested(&Image::single("app", 1));
    let _ = stage.promote(&[]).run().succeeds();
    stage.registry.forget();
    undo(&stage).arg("-n").run().succeeds().says("deleted");
    assert!(stage.registry.requests().writes().is_empty());
    assert_eq!(stage.version(), "0.0.2");
}

#[test]
fn a_registry_that_deletes_no_tags_is_an_error_and_the_version_stays() {
    let stage = Stage::with(Settings::new().without_deletes());
    stage.tested(&Image::single("app", 1));
    let _ = stage.promote(&[]).run().succeeds();
    let outcome = undo(&stage).run();
    outcome.fails(1).says("cannot delete a tag alone");
    assert_eq!(stage.version(), "0.0.2");
    assert!(stage.registry.tag(SERVER, "0.0.2").is_some());
}

#[test]
fn a_registry_that_knows_digests_only_is_named_as_the_reason() {
    // as distribution 2.8 does
    let stage = Stage::new();
    stage.tested(&Image::single("app", 1));
    let _ = stage.promote(&[]).run().succeeds();
    let fault = Fault::on("DELETE", "/manifests/0.0.2");
    stage
        .registry
        .fault(fault.refuses(400, "DIGEST_INVALID", "provided digest did not match"));
    let outcome = undo(&stage).run();
    let outcome = outcome.fails(1);
    let outcome = outcome.says("nor the version was changed");
    outcome.says("cannot delete a tag alone");
    assert_eq!(stage.version(), "0.0.2");
    assert!(stage.registry.tag(SERVER, "0.0.2").is_some());
}

#[test]
fn what_went_back_before_another_was_refused_is_a_change() {
    let stage = Stage::new();
    stage.tested(&Image::single("app", 1));
    let _ = stage.promote(&["--also", "latest"]).run().succeeds();
    let fault = Fault::on("DELETE", "/manifests/latest");
    let refusing = fault.refuses(403, "DENIED", "not for you");
    stage.registry.fault(refusing);
    let outcome = undo(&stage).run();
    let outcome = outcome.fails(1).says("server:0.0.2` went back");
    outcome.says("the version was not changed");
    assert_eq!(stage.registry.tag(SERVER, "0.0.2"), None);
    assert_eq!(stage.version(), "0.0.2");
    stage.registry.heal();
    undo(&stage).run().prints(&format!("{TESTED}\n"));
    assert_eq!(stage.registry.tag(SERVER, "latest"), None);
    assert_eq!(stage.version(), TESTED);
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "it is somebody else who writes, while the registry answers"
)]
fn a_version_that_somebody_changes_meanwhile_is_left_alone_and_tags_that_went_back_are_named() {
    let stage = Stage::new();
    stage.tested(&Image::single("app", 1));
    let _ = stage.promote(&[]).run().succeeds();
    let readme = stage.scene.path("README.md");
    let text = stage.scene.read("README.md").replace("0.0.2", "0.0.9");
    let fault = Fault::on("DELETE", "/manifests/0.0.2");
    stage.registry.fault(fault.changes(move |reply| {
        fs::write(&readme, &text).unwrap();
        reply
    }));
    let outcome = undo(&stage).run();
    outcome.fails(1).says("server:0.0.2` went back");
    assert_eq!(stage.version(), "0.0.9");
    assert_eq!(stage.registry.tag(SERVER, "0.0.2"), None);
}

#[test]
fn where_nothing_was_promoted_there_is_nothing_to_take_back() {
    let stage = Stage::new();
    undo(&stage).run().prints("");
    assert_eq!(stage.registry.requests().len(), 0);
}
