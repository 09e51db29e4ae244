//! The predecessor's flags, the environment, and the modules that are meant.

use duat_tests::image::Image;

use crate::{SERVER, Stage, TESTED};

#[test]
fn the_predecessors_flags_hold() {
    let stage = Stage::new();
    stage.tested(&Image::single("app", 1));
    let host = stage.registry.host();
    stage
        .scene
        .tool("image-promote")
        .args(["-f", "README.md", "-v", "-production", "-git", "."])
        .args(["-module", "server", "-release-repo", &host])
        .run()
        .prints("0.0.2\n");
}

#[test]
fn the_predecessors_variable_names_the_registry() {
    let stage = Stage::new();
    stage.tested(&Image::single("app", 1));
    stage
        .scene
        .tool("image-promote")
        .env("RELEASE_REPO", stage.registry.host())
        .env("DUAT_IMAGE_PROMOTE_MODULE", "server")
        .run()
        .prints("0.0.2\n");
}

#[test]
fn without_a_module_it_is_the_current_directory() {
    let stage = Stage::new();
    stage.tested(&Image::single("app", 1));
    stage.scene.make_directory("cmd/server");
    let host = stage.registry.host();
    let call = |module: &[&str]| {
        let call = stage
            .scene
            .tool("image-promote")
            .args(["--release-repo", &host]);
        call.args(module)
    };
    call(&["--dry-run"])
        .current_dir("cmd/server")
        .run()
        .prints("0.0.2\n");
    call(&["--dry-run", "cmd/server"]).run().prints("0.0.2\n");
}

#[test]
fn a_prefix_stands_before_the_name() {
    let stage = Stage::new();
    let name = format!("acme/images/{SERVER}");
    stage
        .registry
        .push_image(&name, TESTED, &Image::single("app", 1));
    let host = format!("{}/acme/images", stage.registry.host());
    stage
        .scene
        .tool("image-promote")
        .args(["server", "--release-repo", &host])
        .run()
        .prints("0.0.2\n");
    assert!(stage.registry.tag(&name, "0.0.2").is_some());
}

#[test]
fn what_is_no_place_is_a_usage_error() {
    let stage = Stage::new();
    for place in ["https://ghcr.io", "Not A Host", ""] {
        let call = stage.scene.tool("image-promote");
        let call = call.args(["server", "--release-repo", place]);
        call.run().fails(2).prints_nothing();
    }
}

#[test]
fn a_command_behind_a_module_is_a_module() {
    let stage = Stage::new();
    stage.tested(&Image::single("app", 1));
    let outcome = stage.promote(&["server", "plan"]).run();
    outcome.fails(5).says("owner/tool/plan");
}

#[test]
fn without_a_registry_it_is_the_accounts_and_that_takes_credentials() {
    let stage = Stage::new();
    let call = stage.scene.tool("image-promote").arg("server");
    call.env("AWS_EC2_METADATA_DISABLED", "true")
        .run()
        .fails(2)
        .says("no AWS region is set");
}

#[test]
fn an_image_without_a_remote_has_no_name() {
    let stage = Stage::new();
    stage.scene.script(duat_tests::repository::NO_REMOTE);
    stage
        .promote(&[])
        .run()
        .fails(5)
        .says("git remote add origin");
    assert_eq!(stage.registry.requests().len(), 0);
}

#[test]
fn the_version_needs_no_network_and_no_repository() {
    let scene = duat_tests::Scene::new();
    let outcome = scene.tool("image-promote").arg("--version").run();
    let _ = outcome.succeeds();
    assert!(outcome.stdout().starts_with("image-promote "));
    let _ = scene.tool("image-promote").arg("--help").run().succeeds();
}

#[test]
fn the_wire_is_shown_when_asked_for() {
    let stage = Stage::new();
    stage.tested(&Image::single("app", 1));
    let outcome = stage.promote(&["-vv"]).run();
    outcome.prints("0.0.2\n").says("/manifests/0.0.2");
    stage
        .promote(&["-q"])
        .run()
        .prints("0.0.2\n")
        .says_nothing();
}

#[test]
fn a_name_can_be_given_an_address() {
    let stage = Stage::new();
    stage.tested(&Image::single("app", 1));
    let address = stage.registry.address();
    let host = format!("registry.test:{}", address.port());
    let call = stage
        .scene
        .tool("image-promote")
        .args(["server", "--plain-http", &host]);
    call.args([
        "--release-repo",
        &host,
        "--resolve",
        &format!("registry.test={address}"),
    ])
    .run()
    .prints("0.0.2\n");
    let call = stage
        .scene
        .tool("image-promote")
        .args(["server", "--resolve", "nonsense"]);
    call.args(["--release-repo", &host])
        .run()
        .fails(2)
        .says("HOST=ADDRESS:PORT");
}

#[test]
fn what_a_missing_repository_is_made_of_is_read_before_anybody_is_asked() {
    let stage = Stage::new();
    stage.tested(&Image::single("app", 1));
    let outcome = stage.promote(&["--lifecycle-policy", "missing.json"]).run();
    outcome.fails(5).says("`missing.json` does not exist");
    let outcome = stage.promote(&["--repository-tag", "team"]).run();
    outcome.fails(2).says("failed to read `team` as NAME=VALUE");
    assert_eq!(stage.registry.requests().len(), 0);
}
