//! `check`.

use duat_tests::Scene;

use crate::{marked, repository, scene};

#[test]
fn agreement_prints_the_version() {
    let scene = scene("1.2.3");
    scene.write("VERSION", "v1.2.3\n");
    scene
        .semver(["check", "-t", "VERSION"])
        .run()
        .prints("1.2.3\n")
        .says_nothing();
    scene.semver(["check"]).run().prints("1.2.3\n");
}

#[test]
fn each_place_that_differs_is_named_as_editors_do() {
    let scene = scene("1.2.3");
    scene.write(
        "a.md",
        "\n x <repo-version>1.2.4</repo-version> <repo-version></repo-version>\n",
    );
    scene.write("package.json", "{\n  \"version\": \"1.2.2\"\n}\n");
    scene.write("VERSION", "1.2.3\n");
    scene
        .semver(["check", "-t", "a.md,VERSION,package.json", "--tag=v1.2.5"])
        .run()
        .shows(
            "
        a.md:2:18: `<repo-version>` is `1.2.4`, expected `1.2.3`
        a.md:2:53: `<repo-version>` is empty, expected `1.2.3`
        package.json:2:15: `version` is `1.2.2`, expected `1.2.3`
        the tag is `v1.2.5`, expected `1.2.3`
        [exit status: 8]
        ",
        );
    assert_eq!(
        scene.read("package.json"),
        "{\n  \"version\": \"1.2.2\"\n}\n"
    );
}

#[test]
fn two_places_in_one_file_are_compared() {
    let scene = Scene::new();
    scene.write(
        "README.md",
        "<repo-version>1</repo-version> <repo-version>2.0.0</repo-version>",
    );
    scene.semver(["check"]).run().shows(
        "
        README.md:1:46: `<repo-version>` is `2.0.0`, expected `1.0.0`
        [exit status: 8]
        ",
    );
    scene.semver(["extract"]).run().shows(
        "
        --- stderr ---
        error: README.md:1:46: `<repo-version>` is `2.0.0`, but `1.0.0` stands at 1:15
        hint: correct the wrong one by hand; `semver check` lists them all.
        [exit status: 1]
        ",
    );
}

#[test]
fn a_tag_is_given_short_or_long() {
    let scene = scene("1.2.3");
    for tag in ["1.2.3", "v1.2.3", "refs/tags/v1.2.3"] {
        scene
            .semver(["check", "--tag", tag])
            .run()
            .prints("1.2.3\n");
    }
    for tag in ["main", "v1.2", "1.2.3-rc.1", "refs/heads/1.2.3"] {
        scene.semver(["check", "--tag", tag]).run().fails(8);
    }
    scene.semver(["check", "--tag=app-1.2.3"]).run().fails(8);
    scene
        .semver(["check", "--tag=app-1.2.3", "--tag-prefix=app-"])
        .run()
        .prints("1.2.3\n");
}

#[test]
fn in_a_ci_job_for_a_tag_that_tag_is_compared() {
    let scene = repository("1.2.3");
    let check = |reference: &str| {
        scene
            .semver(["check"])
            .env("GITHUB_ACTIONS", "true")
            .env("GITHUB_REF", reference)
            .run()
    };
    check("refs/tags/v1.2.3").prints("1.2.3\n");
    check("refs/tags/v1.2.4").shows(
        "
        the tag is `v1.2.4`, expected `1.2.3`
        [exit status: 8]
        ",
    );
    check("refs/tags/nightly").prints("1.2.3\n");
    check("refs/heads/main").prints("1.2.3\n");
}

#[test]
fn a_file_without_a_place_is_an_error_and_not_a_difference() {
    let scene = scene("1.2.3");
    scene.write("a.md", "nothing\n");
    scene.semver(["check", "-t", "a.md,missing.md"]).run().shows(
        "
        --- stderr ---
        error: a.md: no version here: expected `<repo-version>`, or a line with a version and `x-release-please-version`
        hint: `semver init` writes a first one; `--file` names another file.
        error: `missing.md` does not exist
        [exit status: 5]
        ",
    );
}

#[test]
fn the_targets_of_duat_toml_are_checked() {
    let scene = scene("1.2.3");
    scene.write("duat.toml", "[version]\ntargets = ['docs/a.md']\n");
    scene.write("docs/a.md", marked("1.2.2"));
    scene.semver(["check"]).run().fails(8).says_nothing();
    scene
        .semver(["check", "-t", "README.md"])
        .run()
        .prints("1.2.3\n");
    scene.semver(["apply"]).run().prints("1.2.3\n");
    scene.semver(["check"]).run().prints("1.2.3\n");
}

#[test]
fn lock_files_are_checked_too() {
    let scene = scene("1.2.3");
    scene.write("package.json", "{\"version\": \"1.2.3\"}");
    scene.write(
        "package-lock.json",
        "{\"version\": \"1.2.3\", \"lockfileVersion\": 3, \"packages\": {\"\": {\"version\": \"1.2.2\"}}}",
    );
    let outcome = scene.semver(["check", "-t", "package.json"]).run();
    outcome.fails(8);
    assert!(
        outcome.stdout().starts_with("package-lock.json:1:"),
        "{}",
        outcome.stdout()
    );
}

#[test]
fn verbose_names_every_place() {
    let scene = scene("1.2.3");
    scene
        .semver(["check", "-v"])
        .run()
        .prints("1.2.3\n")
        .says("README.md:3:15: `<repo-version>` is `1.2.3`\n");
}
