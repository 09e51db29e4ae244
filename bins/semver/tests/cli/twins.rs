//! Every option's twin in the environment.

use duat_tests::{Outcome, Scene};

use crate::{INSTANT, carries, repository};

/// Runs a command with one twin.
fn with(scene: &Scene, twin: &str, value: &str, arguments: &[&str]) -> Outcome {
    scene
        .semver(arguments)
        .env(format!("DUAT_SEMVER_{twin}"), value)
        .at(INSTANT)
        .run()
}

fn ground() -> Scene {
    let scene = repository("0.0.1");
    scene.write("other.md", crate::marked("5.0.0"));
    scene.write("VERSION", "0.0.1\n");
    for tag in ["app/2.0.0", "v1.0.0", "v1.1.0-rc.1"] {
        scene.git(["tag", tag]);
    }
    scene
}

#[test]
fn every_option_has_one() {
    let scene = ground();
    let is = |twin: &str, value: &str, arguments: &[&str], printed: &str| {
        let outcome = with(&scene, twin, value, arguments);
        outcome.prints(printed);
    };
    is("FILE", "missing.md,other.md", &[], "5.0.0\n");
    is("GIT_TAGS", "true", &[], "v1.1.0-rc.1\n");
    is("PREFIX", "v", &[], "v0.0.1\n");
    is("TAG_PREFIX", "app/", &["-g"], "app/2.0.0\n");
    is("REACHABLE", "1", &["-g"], "v1.1.0-rc.1\n");
    is("RC", "yes", &["sort", "-g"], "v1.0.0\nv1.1.0-rc.1\n");
    is("DRY_RUN", "on", &["patch"], "0.0.2\n");
    is("BRANCH", "b", &["pre", "-n"], "0.0.1-b-aaaagjecrgf\n");
    is(
        "RAW",
        "T",
        &["pre", "-n", "--branch=A"],
        "0.0.1-A-aaaagjecrgf\n",
    );
    is("ORDER", "time", &["pre", "-n"], "0.0.1-aaaagjecrgf-main\n");
    is("ALLOW_LOWER", "1", &["set", "0.0.0", "-n"], "0.0.0\n");
    is("APPLY", "0", &["next"], "1.0.0\n");
    carries(&scene, "0.0.1");
    with(&scene, "MAX_LENGTH", "20", &["pre"]).fails(2);
    with(&scene, "IF_CURRENT", "9.9.9", &["patch"]).fails(3);
    with(&scene, "TAG", "v9.9.9", &["check"]).fails(8);
    with(&scene, "TARGET", "other.md", &["check"]).fails(8);
    with(&scene, "EXIT_CODE", "1", &["patch", "-n"]).fails(8);
    with(&scene, "GIT", "missing", &["rc"]).fails(5);
    with(&scene, "GITHUB_OUTPUT", "1", &[]).fails(2);
    with(&scene, "JSON", "1", &["compare", "1.0.0", "1.0.0"])
        .prints("{\"a\":\"1.0.0\",\"b\":\"1.0.0\",\"order\":0}\n");
    with(&scene, "VERBOSE", "1", &[]).says("the version is read from `README.md`");
    with(&scene, "VERBOSE", "true", &[]).says("the version is read from `README.md`");
    with(&scene, "EXPLAIN", "1", &["next"]).says("the last release is `v1.0.0`");
    with(&scene, "QUIET", "1", &["-v"])
        .prints("0.0.1\n")
        .says_nothing();
    with(&scene, "COLOR", "always", &["-f", "missing.md"]).says("\u{1b}[");
    let image = with(&scene, "MODULE", "server", &["current"]);
    assert!(
        image
            .succeeds()
            .stdout()
            .contains("image: owner/tool/server\n")
    );
    with(&scene, "PATH", "docs", &["next"]).prints("1.0.0\n");
}

#[test]
fn what_is_typed_wins() {
    let scene = ground();
    with(&scene, "FILE", "other.md", &["-f", "README.md"]).prints("0.0.1\n");
    with(&scene, "PREFIX", "x", &["-p", "y"]).prints("y0.0.1\n");
    with(&scene, "ORDER", "time", &["pre", "-n", "--order=branch"])
        .prints("0.0.1-main-aaaagjecrgf\n");
}

#[test]
fn one_that_is_empty_or_off_counts_as_unset() {
    let scene = ground();
    for twin in [
        "FILE",
        "GIT",
        "TAG_PREFIX",
        "GIT_TAGS",
        "PREFIX",
        "JSON",
        "QUIET",
        "VERBOSE",
        "COLOR",
    ] {
        with(&scene, twin, "", &[]).prints("0.0.1\n").says_nothing();
    }
    for twin in [
        "MAX_LENGTH",
        "RAW",
        "ORDER",
        "BRANCH",
        "TARGET",
        "IF_CURRENT",
        "EXIT_CODE",
    ] {
        with(&scene, twin, "", &["pre", "-n"]).prints("0.0.1-main-aaaagjecrgf\n");
    }
    for off in ["0", "f", "false", "FALSE", "n", "no", "off"] {
        with(&scene, "GIT_TAGS", off, &[]).prints("0.0.1\n");
        with(&scene, "GIT_TAGS", off, &["sort", "1.0.0"]).prints("1.0.0\n");
        with(&scene, "RAW", off, &["pre", "-n", "--max-length=30"])
            .prints("0.0.1-main-aaaagjecrgf\n");
        with(&scene, "EXIT_CODE", off, &["release"]).prints("0.0.1\n");
    }
}

#[test]
fn one_that_does_not_go_with_what_was_typed_gives_way() {
    let scene = ground();
    with(&scene, "GIT_TAGS", "1", &["sort", "3.0.0"]).prints("3.0.0\n");
    with(&scene, "REACHABLE", "1", &[]).prints("0.0.1\n");
    with(&scene, "EXIT_CODE", "1", &["release"]).prints("0.0.1\n");
    with(&scene, "RAW", "1", &["pre", "-n", "--max-length=30"]).prints("0.0.1-main-aaaagjecrgf\n");
    let call = scene.semver(["pre", "-n", "--max-length=30"]).at(INSTANT);
    call.env("DUAT_SEMVER_RAW", "1")
        .env("DUAT_SEMVER_PREFIX", "v")
        .run()
        .prints("v0.0.1-main-aaaagjecrgf\n");
    // what was typed is still looked at
    with(&scene, "QUIET", "1", &["patch", "--exit-code"]).fails(2);
    with(&scene, "EXIT_CODE", "1", &["compare", "1.0.0"]).fails(2);
}

#[test]
fn a_bad_value_is_an_error_that_names_the_variable() {
    let scene = ground();
    with(&scene, "GIT_TAGS", "2", &[]).shows(
        "
        --- stderr ---
        error: invalid value '2' for '--git-tags (from DUAT_SEMVER_GIT_TAGS)': expected true or false

        For more information, try '--help'.
        [exit status: 2]
        ",
    );
    for twin in ["JSON", "QUIET", "GITHUB_OUTPUT", "VERBOSE", "COLOR"] {
        with(&scene, twin, "perhaps", &[])
            .fails(2)
            .prints_nothing()
            .says(&format!("(from DUAT_SEMVER_{twin})'"));
    }
    with(&scene, "MAX_LENGTH", "many", &["pre"])
        .fails(2)
        .says("(from DUAT_SEMVER_MAX_LENGTH)'");
    with(&scene, "COLOR", "auto", &["--color", "red"])
        .fails(2)
        .conceals("(from ");
}

#[test]
fn words_of_one_letter_mean_nothing() {
    let scene = ground();
    let call = ["F", "T", "P", "G", "RC", "GIT", "V"]
        .iter()
        .fold(scene.semver(["extract"]), |call, name| {
            call.env(name, "/opt")
        });
    call.run().prints("0.0.1\n").says_nothing();
}

#[test]
fn a_switch_turned_off_by_hand_is_off() {
    let scene = ground();
    with(&scene, "GIT_TAGS", "1", &["-g=false"]).prints("0.0.1\n");
    with(&scene, "GIT_TAGS", "1", &["-g=false", "-g"]).prints("v1.1.0-rc.1\n");
    with(
        &scene,
        "GIT_TAGS",
        "1",
        &["--git-tags=false", "patch", "-n"],
    )
    .prints("0.0.2\n");
}
