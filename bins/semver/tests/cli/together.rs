//! All files change, or none does.

use std::fs;

use duat_tests::Scene;

use crate::{carries, marked, scene};

/// The texts of all files, to compare.
fn texts(scene: &Scene) -> Vec<(String, Vec<u8>)> {
    let names = scene.files("");
    names
        .into_iter()
        .map(|name| {
            let bytes = scene.read_bytes(&name);
            (name, bytes)
        })
        .collect()
}

#[test]
fn every_problem_of_every_file_is_reported_at_once_and_nothing_changes() {
    let scene = scene("1.2.3");
    scene.write("good.md", marked("1.2.3"));
    scene.write("a.md", "nothing\n");
    scene.write("Cargo.toml", "[package\n");
    scene.write("VERSION", "one\n");
    scene.write("u.md", b"\xff\xfe<\0".as_slice());
    scene.write("package.json", "{\"version\": 1}");
    let before = texts(&scene);
    for command in ["patch", "pre", "release", "apply"] {
        scene
            .semver([command, "-t", "good.md,a.md,missing.md,Cargo.toml", "-t", "VERSION,u.md,package.json"])
            .env("GITHUB_ACTIONS", "true")
            .env("GITHUB_REF", "refs/heads/x")
            .run()
            .shows(
                "
                --- stderr ---
                error: Cargo.toml:1:9: this is not TOML: unclosed table, expected `]`
                error: `missing.md` does not exist
                error: a.md: no version here: expected `<repo-version>`, or a line with a version and `x-release-please-version`
                hint: `semver init` writes a first one; `--file` names another file.
                error: VERSION:1:1: `one` is not a version: unexpected `o` at character 1
                error: u.md: the text is UTF-16; convert it to UTF-8
                error: package.json:1:13: `version` is not a string
                [exit status: 1]
                ",
            );
        assert_eq!(texts(&scene), before);
    }
}

#[test]
fn a_target_without_a_marker_is_an_error_and_nothing_changes() {
    for name in [
        "a.md",
        "a.html",
        "a.adoc",
        "Cargo.toml",
        "package.json",
        "pyproject.toml",
        "Chart.yaml",
        "gradle.properties",
        "a.txt",
    ] {
        let scene = scene("1.2.3");
        scene.write("first.md", marked("1.2.3"));
        scene.write(
            name,
            if name == "package.json" {
                "{}"
            } else {
                "# 1.2.3\n"
            },
        );
        let before = texts(&scene);
        let outcome = scene.semver(["patch", "-t", "first.md", "-t", name]).run();
        outcome
            .fails(5)
            .prints_nothing()
            .says(&format!("error: {name}: no version here: expected "));
        assert_eq!(texts(&scene), before);
    }
}

#[test]
fn a_missing_target_leaves_the_others() {
    let scene = scene("1.2.3");
    scene.write("first.md", marked("1.2.3"));
    scene
        .semver(["patch", "-t", "first.md,missing.md"])
        .run()
        .shows(
            "
        --- stderr ---
        error: `missing.md` does not exist
        [exit status: 5]
        ",
        );
    assert_eq!(scene.read("first.md"), marked("1.2.3"));
    carries(&scene, "1.2.3");
}

#[test]
fn a_rehearsal_finds_the_same_problems() {
    let scene = scene("1.2.3");
    scene.write("a.md", "nothing\n");
    let real = scene
        .semver(["patch", "-t", "a.md,missing.md"])
        .run()
        .transcript();
    let rehearsed = scene
        .semver(["patch", "-n", "-t", "a.md,missing.md"])
        .run()
        .transcript();
    assert_eq!(real, rehearsed);
}

#[test]
fn the_source_changes_last() {
    let scene = scene("1.2.3");
    scene.write("VERSION", "1.2.3\n");
    scene.write("a.md", marked("1.2.3"));
    let outcome = scene
        .semver(["patch", "--json", "-t", "VERSION,a.md"])
        .run();
    assert!(
        outcome
            .succeeds()
            .stdout()
            .contains("\"changed\":[\"VERSION\",\"a.md\",\"README.md\"]")
    );
}

#[test]
fn a_directory_or_a_pipe_is_no_file() {
    let scene = scene("1.2.3");
    scene.make_directory("folder");
    let folder = scene.semver(["patch", "-t", "folder"]).run();
    folder.shows(
        "
        --- stderr ---
        error: `folder` is a directory, not a file
        [exit status: 1]
        ",
    );
    let _ = scene.command("mkfifo").arg("pipe").run().succeeds();
    let pipe = scene.semver(["patch", "-t", "pipe"]).run();
    pipe.fails(1)
        .says("error: `pipe` is a pipe, socket or device, not a file\n");
    carries(&scene, "1.2.3");
}

#[test]
fn what_a_killed_run_left_is_put_in_order() {
    let scene = scene("1.2.3");
    scene.write(".README.md.duat-new", "half");
    scene.write(".README.md.duat-old", marked("1.2.2"));
    scene.semver(["patch"]).run().prints("1.2.4\n");
    assert_eq!(scene.files(""), ["README.md"]);
    carries(&scene, "1.2.4");
}

#[test]
fn what_stands_in_the_way_and_is_not_ours_is_left_alone() {
    let scene = scene("1.2.3");
    scene.make_directory(".README.md.duat-new");
    scene.semver(["patch"]).run().shows(
        "
        --- stderr ---
        error: `$SCENE/.README.md.duat-new` stands in the way of writing `README.md`
        hint: look at it, then remove it; nothing was changed.
        [exit status: 3]
        ",
    );
    assert!(
        fs::metadata(scene.path(".README.md.duat-new"))
            .unwrap()
            .is_dir()
    );
    carries(&scene, "1.2.3");
}
