//! Several modules are one release: checked together, and moved together or not at all.

use duat_tests::image::Image;
use duat_tests::registry::Fault;

use crate::{SERVER, Stage, TESTED, WORKER};

fn both(stage: &Stage) {
    stage
        .registry
        .push_image(WORKER, TESTED, &Image::single("worker", 1));
    stage.tested(&Image::single("server", 1));
}

#[test]
fn all_modules_become_the_release() {
    let stage = Stage::new();
    both(&stage);
    stage.promote(&["server", "worker"]).run().prints("0.0.2\n");
    assert!(stage.registry.tag(SERVER, "0.0.2").is_some());
    assert!(stage.registry.tag(WORKER, "0.0.2").is_some());
}

#[test]
fn modules_are_those_of_the_configuration() {
    let stage = Stage::new();
    both(&stage);
    stage.scene.write(
        "duat.toml",
        format!(
            "[image]\nregistry = \"{}\"\nmodules = [\"server\", \"worker\"]\n",
            stage.registry.host()
        ),
    );
    stage.scene.tool("image-promote").run().prints("0.0.2\n");
    assert!(stage.registry.tag(SERVER, "0.0.2").is_some());
    assert!(stage.registry.tag(WORKER, "0.0.2").is_some());
}

#[test]
fn one_that_is_missing_stops_all() {
    let stage = Stage::new();
    stage.tested(&Image::single("server", 1));
    let outcome = stage.promote(&["server", "worker"]).run();
    outcome.fails(5).says("owner/tool/worker");
    assert!(stage.registry.requests().writes().is_empty());
    assert_eq!(stage.version(), TESTED);
}

#[test]
fn where_one_tag_cannot_be_moved_the_others_go_back() {
    let stage = Stage::new();
    both(&stage);
    stage
        .registry
        .fault(Fault::on("PUT", "worker/manifests/0.0.2").refuses(403, "DENIED", "not for you"));
    let outcome = stage.promote(&["server", "worker"]).run();
    outcome.fails(4).says("no tag has moved");
    assert_eq!(stage.registry.tag(SERVER, "0.0.2"), None);
    assert_eq!(stage.registry.tag(WORKER, "0.0.2"), None);
    assert_eq!(stage.version(), TESTED);
    stage.registry.heal();
    stage.promote(&["server", "worker"]).run().prints("0.0.2\n");
}

#[test]
fn where_others_cannot_go_back_it_is_said_which() {
    let stage = Stage::new();
    both(&stage);
    stage
        .registry
        .fault(Fault::on("PUT", "worker/manifests/0.0.2").refuses(403, "DENIED", "not for you"));
    stage
        .registry
        .fault(Fault::on("DELETE", "server/manifests/").answers(405));
    let outcome = stage.promote(&["server", "worker"]).run();
    outcome
        .fails(1)
        .says("still moved")
        .says("owner/tool/server:0.0.2");
    assert!(stage.registry.tag(SERVER, "0.0.2").is_some());
    assert_eq!(stage.version(), TESTED);
}
