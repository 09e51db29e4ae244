//! The `semver` binary as its users meet it: what it prints, says, changes and refuses.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test that cannot set its scene has failed"
)]

mod cli {
    mod bump;
    mod candidate;
    mod check;
    mod ci;
    mod configuration;
    mod errors;
    mod files;
    mod flags;
    mod floor;
    mod git;
    mod init;
    mod json;
    mod links;
    mod many;
    mod next;
    mod order;
    mod ours;
    mod pre;
    mod room;
    mod streams;
    mod surroundings;
    mod targets;
    mod together;
    mod twins;
    mod vectors;
}

use duat_tests::{Scene, repository};

/// 2019-04-04T00:38:00Z, whose stamp is `aaaagjecrgf`.
const INSTANT: u64 = 1_554_338_280;

/// A file of Markdown that carries a version.
fn marked(version: &str) -> String {
    format!("# app\n\n<repo-version>{version}</repo-version>\n")
}

/// A scene without a repository, whose README.md carries a version.
fn scene(version: &str) -> Scene {
    let scene = Scene::new();
    scene.write("README.md", marked(version));
    scene
}

/// A repository on `main` with a remote, whose README.md carries a version.
fn repository(version: &str) -> Scene {
    let scene = scene(version);
    scene.script(repository::MAIN);
    scene
}

/// Asserts that README.md carries `version` and is otherwise as it was.
#[track_caller]
fn carries(scene: &Scene, version: &str) {
    assert_eq!(scene.read("README.md"), marked(version));
}
