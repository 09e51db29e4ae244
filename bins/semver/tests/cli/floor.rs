//! No file goes back unless somebody says so.

use duat_tests::Scene;

use crate::{carries, marked, repository};

/// Runs a command that is refused for a file, and again with `--allow-lower`.
#[track_caller]
fn refused(scene: &Scene, arguments: &[&str], error: &str, printed: &str) {
    let before = scene.git(["status", "--porcelain"]);
    let outcome = scene.semver(arguments).run();
    outcome.fails(3).says(&format!(
        "error: refused to go back {error}\nhint: `--allow-lower` does it all the same.\n"
    ));
    assert_eq!(scene.git(["status", "--porcelain"]), before);
    let allowed = arguments.iter().chain(&["--allow-lower"]);
    scene.semver(allowed).run().prints(printed);
}

#[test]
fn a_tag_below_the_file_moves_nothing() {
    let scene = repository("2.0.0");
    scene.git(["tag", "v1.2.3"]);
    refused(
        &scene,
        &["-g", "patch"],
        "from `2.0.0` to `1.2.4` in `README.md`",
        "1.2.4\n",
    );
    carries(&scene, "1.2.4");
}

#[test]
fn a_target_ahead_of_the_source_moves_nothing() {
    let scene = repository("1.0.0");
    scene.write("b.md", marked("3.0.0"));
    for command in [&["set", "1.1.0"][..], &["minor"], &["apply"]] {
        let arguments = [command, &["-t", "b.md", "-n"]].concat();
        let version = if command == ["apply"] {
            "1.0.0"
        } else {
            "1.1.0"
        };
        refused(
            &scene,
            &arguments,
            &format!("from `3.0.0` to `{version}` in `b.md`"),
            &format!("{version}\n"),
        );
    }
}

#[test]
fn a_pre_release_follows_the_version_it_leads_to() {
    let scene = repository("1.0.0");
    scene.write("b.md", marked("1.0.0"));
    scene
        .semver(["pre", "-t", "b.md", "--branch", "x"])
        .run()
        .succeeds();
    scene
        .semver(["release", "-t", "b.md"])
        .run()
        .prints("1.0.0\n");
}
