//! A release is compared with what was promoted, down to the last blob when asked to.

use duat_tests::image::Image;

use crate::{SERVER, Stage};

#[test]
fn a_release_is_as_its_record_says() {
    let stage = Stage::new();
    stage.tested(&Image::index("app", 2, 2));
    let _ = stage.promote(&[]).run().succeeds();
    stage
        .promote(&["verify"])
        .run()
        .prints("0.0.2\n")
        .says("as the record says");
    stage
        .promote(&["verify", "--deep"])
        .run()
        .prints("0.0.2\n")
        .says("complete: 3 manifests, 6 blobs");
}

#[test]
fn a_release_that_is_not_there_is_not_found() {
    let stage = Stage::new();
    stage.tested(&Image::single("app", 1));
    stage.promote(&["verify"]).run().fails(5);
}

#[test]
fn a_tag_that_was_moved_is_found_out() {
    let stage = Stage::new();
    stage.tested(&Image::single("app", 1));
    let _ = stage.promote(&[]).run().succeeds();
    stage
        .registry
        .push_image(SERVER, "0.0.2", &Image::single("other", 1));
    stage.promote(&["verify"]).run().fails(7);
}

#[test]
fn what_a_registry_has_lost_is_found_when_looked_for() {
    let stage = Stage::new();
    let image = Image::index("app", 2, 2);
    stage.tested(&image);
    let _ = stage.promote(&[]).run().succeeds();
    let layer = &image.blobs.last().unwrap().digest;
    stage.registry.remove(SERVER, layer);
    let _ = stage.promote(&["verify"]).run().succeeds();
    stage
        .promote(&["verify", "--deep"])
        .run()
        .fails(7)
        .says(layer);
    let child = &image.manifests[0].digest;
    stage.registry.remove(SERVER, child);
    stage
        .promote(&["verify", "--deep"])
        .run()
        .fails(7)
        .says(child);
}
