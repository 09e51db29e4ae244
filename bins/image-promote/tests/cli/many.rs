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

#[test]
fn all_tags_go_back_whose_answers_were_lost() {
    let stage = Stage::new();
    both(&stage);
    stage
        .registry
        .fault(Fault::on("PUT", "/manifests/0.0.2").loses_the_answer());
    let outcome = stage.promote(&["server", "worker"]).run();
    outcome.fails(6).says("went back: no tag has moved");
    assert_eq!(stage.registry.tag(SERVER, "0.0.2"), None);
    assert_eq!(stage.registry.tag(WORKER, "0.0.2"), None);
    assert_eq!(stage.version(), TESTED);
    stage.registry.heal();
    stage.promote(&["server", "worker"]).run().prints("0.0.2\n");
}

#[test]
fn a_tag_that_cannot_be_looked_up_may_have_moved() {
    let stage = Stage::new();
    both(&stage);
    let lost = Fault::on("PUT", "worker/manifests/0.0.2").loses_the_answer();
    stage.registry.fault(lost);
    // it is looked up before all else, too
    let look = Fault::on("HEAD", "worker/manifests/0.0.2").skip(1);
    stage.registry.fault(look.refuses(403, "DENIED", "no more"));
    // the tested one is read
    let read = Fault::on("GET", "worker/manifests/0.0.2").skip(1);
    stage.registry.fault(read.refuses(403, "DENIED", "no more"));
    let outcome = stage.promote(&["server", "worker"]).run();
    let outcome = outcome.fails(6);
    let outcome = outcome.says("worker:0.0.2` may have moved, which could not be looked up");
    outcome.conceals("no tag has moved");
    assert_eq!(stage.registry.tag(SERVER, "0.0.2"), None);
    assert!(stage.registry.tag(WORKER, "0.0.2").is_some());
    stage.registry.heal();
    stage.promote(&["server", "worker"]).run().prints("0.0.2\n");
}
