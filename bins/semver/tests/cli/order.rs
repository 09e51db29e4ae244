//! `sort`, `compare`, `max` and `validate`.

use duat_tests::Scene;

use crate::repository;

#[test]
fn tags_are_sorted_as_versions_and_printed_as_they_are() {
    let scene = repository("0.0.1");
    for tag in [
        "0.9.0",
        "v1.10.0",
        "v1.9.0",
        "1.2",
        "v2",
        "nightly",
        "1.3.0-rc.1",
        "20221209-update",
        "rel/4.0.0",
    ] {
        scene.git(["tag", tag]);
    }
    scene
        .semver(["-g", "sort"])
        .run()
        .prints("0.9.0\n1.2\nv1.9.0\nv1.10.0\nv2\n");
    scene
        .semver(["-g", "-rc", "sort"])
        .run()
        .prints("0.9.0\n1.2\n1.3.0-rc.1\nv1.9.0\nv1.10.0\nv2\n");
    scene
        .semver(["sort", "-g", "--tag-prefix", "rel/"])
        .run()
        .prints("rel/4.0.0\n");
    scene.git(["pack-refs", "--all"]);
    scene
        .semver(["sort", "--git-tags"])
        .run()
        .prints("0.9.0\n1.2\nv1.9.0\nv1.10.0\nv2\n");
}

#[test]
fn no_tags_are_sorted_into_nothing() {
    let scene = repository("0.0.1");
    scene.semver(["sort", "-g"]).run().prints("").says_nothing();
    Scene::new().semver(["sort", "-g"]).run().fails(5);
    scene.script(repository::TAGS);
    scene.script(repository::SHALLOW);
    scene.git(["-C", "shallow", "tag", "--delete", "1.0.0-rc.1", "nightly"]);
    scene
        .semver(["sort", "-g", "--git", "shallow"])
        .run()
        .prints("")
        .says("warning: this clone is shallow and has no version tags; `git fetch --tags` fetches them\n");
}

#[test]
fn what_comes_from_stdin_is_sorted_whole() {
    let scene = Scene::new();
    scene
        .semver(["sort", "-"])
        .stdin("1.0.0\n\n  v1.0.0-rc.1 \r\n1.0.0-alpha.beta\n0.10\n0.9.0\n1.0.0+b2\n1.0.0+b1\nv1.0.0\n")
        .run()
        .prints("0.9.0\n0.10\n1.0.0-alpha.beta\nv1.0.0-rc.1\n1.0.0\nv1.0.0\n1.0.0+b1\n1.0.0+b2\n");
    scene.semver(["sort", "-"]).run().prints("");
    scene
        .semver(["sort", "2.0.0", "-", "1.0.0"])
        .stdin("1.5.0")
        .run()
        .prints("1.0.0\n1.5.0\n2.0.0\n");
}

#[test]
fn every_line_that_is_no_version_is_named() {
    let scene = Scene::new();
    scene
        .semver(["sort", "-"])
        .stdin("1.0.0\n\none\n1.x\n")
        .run()
        .shows(
            "
        --- stderr ---
        error: stdin:3:1: `one` is not a version: unexpected `o` at character 1
        error: stdin:4:1: `1.x` is not a version: unexpected `x` at character 3
        [exit status: 1]
        ",
        );
    scene
        .semver(["max", "-"])
        .stdin("\u{1}\n")
        .run()
        .fails(1)
        .prints_nothing();
    scene
        .semver(["sort", "-"])
        .stdin(b"1.0.0\n\xff\n".as_slice())
        .run()
        .fails(1)
        .says("failed to read stdin");
}

#[test]
fn sort_wants_to_know_what() {
    Scene::new().semver(["sort"]).run().shows(
        "
        --- stderr ---
        error: failed to sort: no versions are named
        hint: `--git-tags` takes the repository's tags, `-` the lines of stdin.
        [exit status: 2]
        ",
    );
    Scene::new().semver(["sort", "-g", "1.0.0"]).run().fails(2);
}

#[test]
fn compare_answers_with_a_sign() {
    let scene = Scene::new();
    for (a, b, sign) in [
        ("1.10.0", "1.9.0", "1\n"),
        ("1.0.0-rc.1", "v1.0", "-1\n"),
        ("1.0.0-alpha", "1.0.0-alpha.1", "-1\n"),
        ("1.0.0-alpha.1", "1.0.0-alpha.beta", "-1\n"),
        ("1.0.0-beta.2", "1.0.0-beta.11", "-1\n"),
        (
            "1.0.0-99999999999999999999",
            "1.0.0-100000000000000000000",
            "-1\n",
        ),
        ("1.0.0+b1", "1.0.0+b2", "0\n"),
        ("v1.0.0", "1", "0\n"),
    ] {
        scene.semver(["compare", a, b]).run().prints(sign);
    }
    scene.semver(["compare", "a", "1.0.0", "b"]).run().fails(2);
    scene.semver(["compare", "1.0.0"]).run().fails(2);
    scene.semver(["compare", "x", "y"]).run().shows(
        "
        --- stderr ---
        error: failed to read `x` as a version
        caused by: unexpected `x` at character 1
        error: failed to read `y` as a version
        caused by: unexpected `y` at character 1
        [exit status: 2]
        ",
    );
}

#[test]
fn max_is_printed_as_it_was_written() {
    let scene = Scene::new();
    scene
        .semver(["max", "1.9.0", "v1.10.0", "1.10.0-rc.1"])
        .run()
        .prints("v1.10.0\n");
    scene
        .semver(["max", "-"])
        .stdin("1\n3\n2\n")
        .run()
        .prints("3\n");
    scene.semver(["max"]).run().fails(2);
    scene.semver(["max", "-"]).run().shows(
        "
        --- stderr ---
        error: failed to find the highest version: there is none
        [exit status: 5]
        ",
    );
}

#[test]
fn validate_goes_by_the_letter() {
    let scene = Scene::new();
    scene
        .semver(["validate", "1.2.3", "1.0.0-alpha+001"])
        .run()
        .prints("")
        .says_nothing();
    scene
        .semver(["validate", "-"])
        .stdin("1.2.3\n1.2\nx\n")
        .run()
        .shows(
            "
        1.2: it is not written as semver.org asks; the strict form is `1.2.0`
        x: unexpected `x` at character 1
        [exit status: 8]
        ",
        );
}

#[test]
fn these_lean_on_nothing() {
    let scene = Scene::new();
    scene.write("duat.toml", "not toml");
    scene.write(".git", "broken");
    scene
        .semver(["compare", "1.0.0", "2.0.0"])
        .run()
        .prints("-1\n");
    scene.semver(["max", "1.0.0"]).run().prints("1.0.0\n");
    scene.semver(["validate", "1.0.0"]).run().prints("");
    scene.semver(["sort", "1.0.0"]).run().prints("1.0.0\n");
    scene
        .semver(["decode", "0.0.2-a-aaaagjecrgf"])
        .run()
        .succeeds();
}
