//! The `github-release` binary as its users meet it: what it makes, keeps, says and refuses.
mod cli {
    mod about;
    mod assets;
    mod commands;
    #[cfg(unix)]
    mod interrupted;
    #[cfg(target_os = "linux")]
    mod memory;
    mod network;
    mod progress;
    mod pruning;
    mod refusals;
    mod release;
    mod tokens;
    mod verification;
}

use duat_tests::github::GitHub;
use duat_tests::{Scene, repository};

const REPOSITORY: &str = "owner/tool";
const VERSION: &str = "1.2.3";

/// A repository whose README.md carries a version that is tagged, with two files in `dist`.
fn scene_of(version: &str) -> Scene {
    let scene = Scene::new();
    scene.write(
        "README.md",
        format!("<repo-version>{version}</repo-version>\n"),
    );
    scene.write(".gitignore", "dist/\n");
    scene.script(repository::MAIN);
    scene.script(&format!("git tag {version}"));
    scene.write("dist/app.tar.gz", "an archive\n");
    scene.write("dist/notes.txt", "some text\n");
    scene
}

/// The scene most tests are set in, and a GitHub that all of it has been pushed to.
fn stage() -> (Scene, GitHub) {
    stage_of(VERSION)
}

fn stage_of(version: &str) -> (Scene, GitHub) {
    let scene = scene_of(version);
    let github = GitHub::start();
    github.repository(REPOSITORY).push(&scene);
    (scene, github)
}
