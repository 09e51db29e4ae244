//! `init`.

use duat_tests::{Scene, repository};

use crate::{carries, marked, scene};

#[test]
fn a_readme_gets_a_marker_under_its_title() {
    let scene = Scene::new();
    scene.write("README.md", "# app\r\n\r\ntext");
    scene.semver(["init"]).run().prints("0.1.0\n");
    assert_eq!(
        scene.read("README.md"),
        "# app\r\n\r\nVersion <repo-version>0.1.0</repo-version>\r\n\r\ntext"
    );
    scene.semver(["patch"]).run().prints("0.1.1\n");
}

#[test]
fn where_there_is_nothing_a_version_file_is_made() {
    let scene = Scene::new();
    scene.script(repository::UNBORN);
    scene.make_directory("below");
    scene
        .semver(["init", "v2"])
        .current_dir("below")
        .run()
        .prints("2.0.0\n");
    assert_eq!(scene.files(""), ["VERSION"]);
    assert_eq!(scene.read("VERSION"), "2.0.0\n");
}

#[test]
fn an_asciidoc_gets_an_attribute() {
    let scene = Scene::new();
    scene.write("README.adoc", "= app\n\ntext\n");
    scene.semver(["init", "1.0.0"]).run().prints("1.0.0\n");
    assert_eq!(
        scene.read("README.adoc"),
        "= app\n:Revision: 1.0.0\n\ntext\n"
    );
}

#[test]
fn the_highest_release_tag_is_where_to_begin() {
    let scene = Scene::new();
    scene.write("README.md", "# app\n");
    scene.script(repository::MAIN);
    scene.script(repository::TAGS);
    scene
        .semver(["init", "-v"])
        .run()
        .prints("0.2.0\n")
        .says("the highest release tag is `v0.2.0`");
}

#[test]
fn empty_markers_are_filled() {
    let scene = scene("");
    scene.semver(["init"]).run().prints("0.1.0\n");
    carries(&scene, "0.1.0");
}

#[test]
fn a_second_time_changes_nothing() {
    let scene = scene("1.2.3");
    scene
        .semver(["init"])
        .run()
        .prints("1.2.3\n")
        .says_nothing();
    scene.semver(["init", "1.2.3"]).run().prints("1.2.3\n");
    scene.semver(["init", "2.0.0"]).run().shows(
        "
        --- stderr ---
        error: refused to begin anew: `README.md` holds `1.2.3` already
        hint: `semver set VERSION` changes it.
        [exit status: 3]
        ",
    );
    carries(&scene, "1.2.3");
}

#[test]
fn a_rehearsal_makes_nothing() {
    let scene = Scene::new();
    scene.semver(["init", "-n"]).run().shows(
        "
        0.1.0
        --- stderr ---
        --- a/VERSION
        +++ b/VERSION
        @@ -0,0 +1 @@
        +0.1.0
        ",
    );
    scene.semver(["init", "-n", "--exit-code"]).run().fails(8);
    assert!(scene.files("").is_empty());
}

#[test]
fn what_has_a_place_of_its_own_is_left_to_its_author() {
    let scene = Scene::new();
    scene.write("package.json", "{}");
    scene.semver(["init", "-f", "package.json"]).run().shows(
        "
        --- stderr ---
        error: failed to write a first marker into `package.json`: its place there is yours to choose
        hint: write the version where this kind of file has it, or a line with `x-release-please-version`.
        [exit status: 1]
        ",
    );
    scene.semver(["init", "-f", "new.md"]).run().shows(
        "
        --- stderr ---
        error: `new.md` does not exist
        hint: only a `VERSION` file is made from nothing; write the file first.
        [exit status: 5]
        ",
    );
    scene
        .semver(["init", "-f", "docs/VERSION"])
        .run()
        .fails(5)
        .says("`docs/VERSION` does not exist");
}

#[test]
fn a_marker_that_is_broken_is_not_begun_anew() {
    let scene = scene("");
    scene.write("README.md", "# a\n<repo-version>1.0.0\n");
    scene
        .semver(["init"])
        .run()
        .fails(1)
        .says("error: README.md:2:1: `<repo-version>` is not closed\n");
    scene.write("README.md", marked("one"));
    scene
        .semver(["init"])
        .run()
        .fails(1)
        .says("error: README.md:3:15: `one` is not a version");
}

#[test]
fn a_configured_file_is_the_one_to_begin_with() {
    let scene = Scene::new();
    scene.write("README.md", "# app\n");
    scene.write("duat.toml", "[version]\nfile = 'VERSION'\n");
    scene.semver(["extract"]).run().shows(
        "
        --- stderr ---
        error: `VERSION` does not exist
        hint: `duat.toml` names it: write the file, or correct the name.
        [exit status: 5]
        ",
    );
    scene.semver(["init"]).run().prints("0.1.0\n");
    assert_eq!(scene.read("VERSION"), "0.1.0\n");
    assert_eq!(scene.read("README.md"), "# app\n");
}
