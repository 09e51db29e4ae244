//! What is refused, with which code, and that nothing was changed.

use duat_tests::image::{Image, Recipe};
use duat_tests::registry::{Fault, Settings};

use crate::{SERVER, Stage, TESTED, scene};

#[test]
fn a_release_with_another_image_is_refused_with_both_stories() {
    let stage = Stage::new();
    let old = Recipe::new("old")
        .created("2018-01-01T00:00:00Z")
        .revision("aaaa1111")
        .make();
    let new = Recipe::new("new").revision("bbbb2222").make();
    let released = stage.registry.push_image(SERVER, "0.0.2", &old);
    let tested = stage.tested(&new);
    let outcome = stage.promote(&[]).run();
    outcome
        .fails(3)
        .prints_nothing()
        .says(&released)
        .says(&tested)
        .says("created 2018-01-01T00:00:00Z, revision aaaa1111")
        .says("revision bbbb2222");
    assert!(stage.registry.requests().writes().is_empty());
    assert_eq!(stage.registry.tag(SERVER, "0.0.2"), Some(released));
    assert_eq!(stage.version(), TESTED);
}

#[test]
fn a_tested_image_that_is_not_there_is_not_found_and_others_are_named() {
    let stage = Stage::new();
    stage
        .registry
        .push_image(SERVER, "0.0.1", &Image::single("old", 1));
    let outcome = stage.promote(&[]).run();
    let name = format!("{}/{SERVER}:{TESTED}", stage.registry.host());
    outcome.fails(5).says(&name).says("there are `0.0.1`");
    assert_eq!(stage.version(), TESTED);
}

#[test]
fn the_story_of_an_index_is_that_of_its_first_image() {
    let stage = Stage::new();
    let old = Recipe::new("old").platforms(2).attested();
    let old = old.created("2018-01-01T00:00:00Z").revision("aaaa1111");
    stage.registry.push_image(SERVER, "0.0.2", &old.make());
    stage.tested(&Image::index("new", 2, 1));
    let outcome = stage.promote(&[]).run();
    outcome
        .fails(3)
        .says("created 2018-01-01T00:00:00Z, revision aaaa1111");
}

#[test]
fn a_tested_image_that_is_gone_may_have_been_released_already() {
    let stage = Stage::new();
    let image = Image::single("app", 1);
    let released = stage.registry.push_image(SERVER, "0.0.2", &image);
    for number in 0..12 {
        let tag = format!("0.0.1-rc.{number}");
        stage.registry.push_image(SERVER, &tag, &image);
    }
    let name = format!("{}/{SERVER}:0.0.2", stage.registry.host());
    let outcome = stage.promote(&[]).run();
    outcome.fails(5).says("more\n").says(&format!(
        "hint: `{name}` is there already ({released}); if that is right, `semver release` writes the version."
    ));
    assert_eq!(stage.version(), TESTED);
}

#[test]
fn a_record_that_cannot_be_read_is_named_and_stays() {
    let stage = Stage::new();
    stage.tested(&Image::single("app", 1));
    stage.scene.write(".git/duat/promotion.json", "{\n");
    let undo = stage.scene.tool("image-promote").arg("undo");
    for call in [stage.promote(&[]), undo] {
        call.run()
            .fails(1)
            .says("promotion.json")
            .says("hint: without it nothing can be taken back; remove it to go on.");
    }
    assert_eq!(stage.registry.tag(SERVER, "0.0.2"), None);
    assert_eq!(stage.scene.read(".git/duat/promotion.json"), "{\n");
    stage.scene.remove(".git/duat/promotion.json");
    stage.promote(&[]).run().prints("0.0.2\n");
}

#[test]
fn a_module_that_no_image_can_be_called_is_refused_before_anything_is_asked() {
    let stage = Stage::new();
    for (arguments, told) in [
        (
            ["--module", "a b"],
            "error: `a b` cannot be part of an image name",
        ),
        (
            ["--module=server", "--also=a b"],
            "failed to read `a b` as a tag",
        ),
    ] {
        stage.promote(&arguments).run().fails(2).says(told);
    }
    assert_eq!(stage.registry.requests().len(), 0);
}

#[test]
fn a_release_in_the_file_without_its_image_is_not_found() {
    let stage = Stage {
        scene: scene("0.0.2"),
        ..Stage::new()
    };
    stage
        .promote(&[])
        .run()
        .fails(5)
        .says("which is a release, but there is no such image");
}

#[test]
fn a_version_that_no_tag_can_hold_is_refused_before_anything_is_asked() {
    let stage = Stage {
        scene: scene("0.0.2-rc.1+build"),
        ..Stage::new()
    };
    stage.promote(&[]).run().fails(1).says("build metadata");
    assert_eq!(stage.registry.requests().len(), 0);
}

#[test]
fn a_registry_that_is_away_is_worth_another_try() {
    // nobody listens there, and no test gets that port
    let scene = scene(TESTED);
    let call = scene.tool("image-promote").arg("server");
    let outcome = call.args(["--release-repo", "127.0.0.1:1"]).run();
    outcome.fails(6).prints_nothing();
}

#[test]
fn nobody_without_credentials_gets_in() {
    let stage = Stage::with(Settings::new().basic("user", "the-password"));
    stage.tested(&Image::single("app", 1));
    stage.promote(&[]).run().fails(4).says("docker login");
    assert_eq!(stage.version(), TESTED);
}

#[test]
fn credentials_come_from_a_file_and_are_never_shown() {
    let stage = Stage::with(Settings::new().basic("user", "the-password"));
    stage.tested(&Image::single("app", 1));
    // user:the-password
    let auth = "dXNlcjp0aGUtcGFzc3dvcmQ=";
    stage.scene.write(
        "auth.json",
        format!(
            r#"{{"auths":{{"{}":{{"auth":"{auth}"}}}}}}"#,
            stage.registry.host()
        ),
    );
    let outcome = stage
        .promote(&["--authfile", "auth.json", "-vv", "--json"])
        .run();
    outcome.succeeds().conceals("the-password").conceals(auth);
}

#[test]
fn a_tag_that_the_registry_does_not_let_move_fails_and_nothing_is_written() {
    let stage = Stage::new();
    stage.tested(&Image::single("app", 1));
    stage
        .registry
        .fault(Fault::on("PUT", "/manifests/0.0.2").refuses(403, "DENIED", "not for you"));
    stage.promote(&[]).run().fails(4).says("no tag has moved");
    assert_eq!(stage.version(), TESTED);
}

#[test]
fn a_registry_that_lies_about_what_it_took_is_not_believed() {
    let stage = Stage::new();
    stage.tested(&Image::single("app", 1));
    let other = format!("sha256:{}", "0".repeat(64));
    stage.registry.fault(
        Fault::on("HEAD", "/manifests/0.0.2")
            .skip(1)
            .replaces("docker-content-digest", &other),
    );
    stage.promote(&[]).run().fails(7).says(&other);
    assert_eq!(stage.version(), TESTED);
}

#[test]
fn tags_that_cannot_be_read_back_have_moved_all_the_same() {
    let stage = Stage::new();
    stage.tested(&Image::single("app", 1));
    let look = Fault::on("HEAD", "/manifests/0.0.2").skip(1);
    stage.registry.fault(look.refuses(403, "DENIED", "no more"));
    // the tested one is read
    let read = Fault::on("GET", "/manifests/0.0.2").skip(1);
    stage.registry.fault(read.refuses(403, "DENIED", "no more"));
    let outcome = stage.promote(&[]).run();
    outcome.fails(1).says("the tags have moved");
    assert!(stage.registry.tag(SERVER, "0.0.2").is_some());
    assert_eq!(stage.version(), TESTED);
    stage.registry.heal();
    stage.promote(&[]).run().prints("0.0.2\n");
}
