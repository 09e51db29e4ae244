//! What can be typed, and in which order.

use duat_tests::Scene;

use crate::{carries, repository, scene};

#[test]
fn options_stand_before_or_after_the_command_with_one_dash_or_two() {
    for arguments in [
        &["-f", "other.md", "patch"][..],
        &["-f=other.md", "patch"],
        &["--f", "other.md", "patch"],
        &["--f=other.md", "patch"],
        &["-file", "other.md", "patch"],
        &["-file=other.md", "patch"],
        &["--file", "other.md", "patch"],
        &["patch", "-f", "other.md"],
        &["patch", "--file=other.md"],
        &["patch", "-file=other.md"],
        &["-f", "other.md", "--", "patch"],
    ] {
        let scene = scene("0.0.1");
        scene.write("other.md", crate::marked("1.0.0"));
        scene
            .semver(arguments)
            .run()
            .prints("1.0.1\n")
            .says_nothing();
        carries(&scene, "0.0.1");
    }
}

#[test]
fn switches_are_those_of_go() {
    let scene = repository("0.0.1");
    scene.git(["tag", "v1.0.0"]);
    for on in [
        "-g",
        "--g",
        "-git-tags",
        "--git-tags",
        "-g=true",
        "-g=1",
        "--git-tags=T",
    ] {
        scene.semver([on]).run().prints("v1.0.0\n");
        scene.semver(["extract", on]).run().prints("v1.0.0\n");
    }
    for off in ["-g=false", "--git-tags=0", "-g=F"] {
        scene.semver([off]).run().prints("0.0.1\n");
        scene.semver(["extract", off]).run().prints("0.0.1\n");
    }
    scene
        .semver(["-g", "-g", "-p=a", "-p=v"])
        .run()
        .prints("v1.0.0\n");
    scene.semver(["-g=maybe"]).run().fails(2).prints_nothing();
}

#[test]
fn a_value_may_look_like_a_command_or_an_option() {
    let scene = scene("0.0.1");
    scene.semver(["-p", "patch"]).run().prints("patch0.0.1\n");
    scene
        .semver(["-p", "-", "extract"])
        .run()
        .prints("-0.0.1\n");
    scene
        .semver(["--prefix=--", "extract"])
        .run()
        .prints("--0.0.1\n");
    carries(&scene, "0.0.1");
}

#[test]
fn a_command_that_is_not_one_comes_with_a_suggestion() {
    let scene = scene("0.0.1");
    scene.semver(["-f", "README.md", "ptch"]).run().shows(
        "
        --- stderr ---
        error: unrecognized subcommand 'ptch'

          tip: a similar subcommand exists: 'patch'

        Usage: semver [OPTIONS] [COMMAND]

        For more information, try '--help'.
        [exit status: 2]
        ",
    );
    scene.semver(["Patch"]).run().fails(2);
    scene
        .semver(["patch", "minor"])
        .run()
        .fails(2)
        .says("unexpected argument 'minor' found");
    carries(&scene, "0.0.1");
}

#[test]
fn an_option_that_is_not_one_is_named() {
    let scene = scene("0.0.1");
    scene
        .semver(["patch", "--dry"])
        .run()
        .fails(2)
        .says("a similar argument exists: '--dry-run'");
    scene
        .semver(["-nonsense", "patch"])
        .run()
        .fails(2)
        .prints_nothing();
    scene
        .semver(["sort", "--raw", "1.0.0"])
        .run()
        .fails(2)
        .says("unexpected argument '--raw' found");
    carries(&scene, "0.0.1");
}

#[test]
fn a_missing_value_is_named() {
    let scene = scene("0.0.1");
    for (option, name) in [
        ("-f", "--file <LIST>"),
        ("-t", "--target <LIST>"),
        ("--if-current", "--if-current <VERSION>"),
        ("-git", "--git <DIR>"),
    ] {
        scene
            .semver(["patch", option])
            .run()
            .fails(2)
            .prints_nothing()
            .says(&format!(
                "error: a value is required for '{name}' but none was supplied"
            ));
    }
    carries(&scene, "0.0.1");
}

#[test]
fn help_is_an_answer() {
    let scene = Scene::new();
    for help in ["-h", "--help", "-help"] {
        let outcome = scene.semver([help]).run();
        let text = outcome.succeeds().says_nothing().stdout();
        assert!(
            text.starts_with("Keep the one version number of a repository\n"),
            "{text}"
        );
        assert!(text.contains("Exit codes: 0 done"), "{text}");
    }
    let patch = scene.semver(["patch", "--help"]).run();
    assert!(
        patch
            .succeeds()
            .stdout()
            .starts_with("Count up the third number; X.Y.Z-anything becomes X.Y.Z\n")
    );
    let twins = scene.semver(["pre", "-h"]).run();
    assert!(
        twins
            .succeeds()
            .stdout()
            .contains("[env: DUAT_SEMVER_MAX_LENGTH]")
    );
}

#[test]
fn the_version_of_the_tool_is_an_answer() {
    let scene = Scene::new();
    for version in ["-V", "--version", "-version"] {
        let outcome = scene.semver([version]).run();
        let text = outcome.succeeds().says_nothing().stdout();
        assert!(
            text.starts_with(concat!("semver ", env!("CARGO_PKG_VERSION"))),
            "{text}"
        );
        assert!(text.ends_with('\n') && text.lines().count() == 1, "{text}");
    }
    scene.semver(["patch", "-version"]).run().succeeds();
}

#[test]
fn completions_and_the_manual_are_answers() {
    let scene = Scene::new();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let outcome = scene.semver(["--completions", shell]).run();
        assert!(
            outcome
                .succeeds()
                .says_nothing()
                .stdout()
                .contains("if-current"),
            "{shell}"
        );
    }
    scene.semver(["--completions", "cmd"]).run().fails(2);
    let outcome = scene.semver(["--man"]).env("DUAT_SEMVER_QUIET", "1").run();
    let manual = outcome.succeeds().says_nothing().stdout();
    assert!(manual.contains(".TH semver 1"), "{manual}");
    assert!(manual.contains("DUAT_SEMVER_FILE"), "{manual}");
}

#[test]
fn git_names_where_to_look_for_the_repository() {
    let scene = repository("0.0.1");
    scene.make_directory("elsewhere");
    let elsewhere = |arguments: &[&str]| scene.semver(arguments).current_dir("elsewhere").run();
    scene.git(["tag", "1.0.0"]);
    elsewhere(&["-git", "..", "-g", "sort"]).prints("1.0.0\n");
    elsewhere(&["--git=..", "patch", "-v"])
        .prints("0.0.2\n")
        .says("`../README.md`");
    elsewhere(&["--git", "../missing", "rc"]).shows(
        "
        --- stderr ---
        error: `../missing` does not exist
        hint: name a directory in a repository with `--git`.
        [exit status: 5]
        ",
    );
}
