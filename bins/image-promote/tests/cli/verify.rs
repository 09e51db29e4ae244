//! A release is compared with what was promoted, down to the last blob when asked to.

use duat_tests::image::Image;

use crate::{SERVER, Stage, TESTED};

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

#[test]
fn what_a_release_has_lost_is_sent_again_from_where_it_still_is() {
    let stage = Stage::new();
    let image = Image::index("app", 2, 2);
    image.write_layout(stage.scene.path("build"), TESTED);
    let from = ["--from", "oci:build"];
    let _ = stage.promote(&from).run().succeeds();
    assert_eq!(stage.version(), "0.0.2");
    let lost = &image.blobs.last().unwrap().digest;
    stage.registry.remove(SERVER, lost);
    let here = stage.promote(&["--deep"]).run();
    here.fails(7).says(lost);
    // as in a clone where nothing was promoted
    stage.scene.remove(".git/duat/promotion.json");
    stage
        .promote(&["--deep", "--from", "oci:build"])
        .run()
        .prints("0.0.2\n");
    assert_eq!(stage.registry.lacks(SERVER, &image), Vec::<String>::new());
    let undo = stage.scene.tool("image-promote").arg("undo").run();
    undo.prints("").says("there is no promotion to take back");
    // a place that never had it cannot help
    Image::single("other", 1).write_layout(stage.scene.path("other"), TESTED);
    let outcome = stage.promote(&["--deep", "--from", "oci:other"]).run();
    outcome.fails(5).says("`--from`");
}

#[test]
fn a_release_is_compared_with_the_tested_image_while_the_file_names_it() {
    let stage = Stage::new();
    stage.tested(&Image::single("app", 1));
    let _ = stage.promote(&["--no-write"]).run().succeeds();
    assert_eq!(stage.version(), TESTED);
    stage.promote(&["verify"]).run().prints("0.0.2\n");
    let other = stage
        .registry
        .push_image(SERVER, TESTED, &Image::single("other", 1));
    let outcome = stage.promote(&["verify"]).run();
    outcome.fails(7).says("the tested image").says(&other);
    // one that is gone says nothing against the release
    stage.registry.remove_tag(SERVER, TESTED);
    stage.promote(&["verify"]).run().prints("0.0.2\n");
}
