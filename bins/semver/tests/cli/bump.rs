//! `extract`, `major`, `minor`, `patch`, `release`, `set` and `apply`.

use duat_tests::Scene;

use crate::{carries, repository, scene};

#[track_caller]
fn check(current: &str, command: &str, next: &str) {
    let scene = scene(current);
    scene.semver([command]).run().prints(&format!("{next}\n"));
    carries(&scene, next);
    assert_eq!(scene.files(""), ["README.md"]);
}

#[test]
fn each_level_counts_up_and_clears_what_is_below() {
    check("1.2.3", "patch", "1.2.4");
    check("1.2.3", "minor", "1.3.0");
    check("1.2.3", "major", "2.0.0");
    check("1.2.3-rc.1+build", "major", "2.0.0");
    check("1.2.3-rc.1+build", "minor", "1.3.0");
}

#[test]
fn patch_finishes_a_pre_release() {
    check("1.2.3-rc.1", "patch", "1.2.3");
    check("1.2.3-main-aaaagjecrgf", "patch", "1.2.3");
    check("1.2.3+build", "patch", "1.2.4");
}

#[test]
fn release_drops_the_pre_release() {
    check("1.2.3-rc.1+build", "release", "1.2.3");
    check("1.2.3", "release", "1.2.3");
}

#[test]
fn without_a_command_the_version_is_printed() {
    let scene = scene("1.2.3");
    for arguments in [&[][..], &["extract"]] {
        scene
            .semver(arguments)
            .run()
            .prints("1.2.3\n")
            .says_nothing();
    }
    carries(&scene, "1.2.3");
}

#[test]
fn what_is_sloppy_is_read_and_written_strictly() {
    for (sloppy, read, bumped) in [
        ("v1.2.3", "1.2.3", "v1.2.4"),
        ("1.2", "1.2.0", "1.2.1"),
        ("01.2.3", "1.2.3", "1.2.4"),
        (" 1.2.3 ", "1.2.3", " 1.2.4 "),
    ] {
        let scene = scene(sloppy);
        scene.semver(["extract"]).run().prints(&format!("{read}\n"));
        carries(&scene, sloppy);
        scene.semver(["patch"]).run().succeeds();
        carries(&scene, bumped);
    }
}

#[test]
fn counting_on_from_a_pre_release_says_what_would_finish_it() {
    let scene = scene("1.2.0-rc.1");
    scene.semver(["minor"]).run().shows(
        "
        1.3.0
        --- stderr ---
        hint: `1.2.0-rc.1` was a pre-release of `1.2.0`; `semver release` finishes that.
        ",
    );
}

#[test]
fn a_number_never_wraps_around() {
    let highest = "18446744073709551615.0.0";
    let scene = scene(highest);
    scene.semver(["major"]).run().shows(
        "
        --- stderr ---
        error: the major version of `18446744073709551615.0.0` cannot be increased
        [exit status: 1]
        ",
    );
    carries(&scene, highest);
}

#[test]
fn a_prefix_decorates_what_is_printed_and_never_the_file() {
    let scene = scene("0.0.1");
    scene
        .semver(["-p", "v", "extract"])
        .run()
        .prints("v0.0.1\n");
    scene
        .semver(["patch", "--prefix", "rel-"])
        .run()
        .prints("rel-0.0.2\n");
    scene.semver(["-p", "1", "patch"]).run().prints("10.0.3\n");
    carries(&scene, "0.0.3");
}

#[test]
fn set_writes_any_version_that_is_not_lower() {
    let scene = scene("1.0.0-rc.1");
    scene.semver(["set", "v2.0"]).run().prints("2.0.0\n");
    carries(&scene, "2.0.0");
    scene.semver(["set", "2.0.0"]).run().prints("2.0.0\n");
}

#[test]
fn set_goes_back_only_when_told_to() {
    let scene = scene("1.0.0");
    scene.semver(["set", "0.9.0"]).run().shows(
        "
        --- stderr ---
        error: refused to go back from `1.0.0` to `0.9.0` in `README.md`
        hint: `--allow-lower` does it all the same.
        [exit status: 3]
        ",
    );
    carries(&scene, "1.0.0");
    scene
        .semver(["set", "0.9.0", "--allow-lower"])
        .run()
        .prints("0.9.0\n");
    carries(&scene, "0.9.0");
}

#[test]
fn set_reads_what_is_typed_first() {
    let scene = scene("1.0.0");
    scene.semver(["set", "one"]).run().shows(
        "
        --- stderr ---
        error: failed to read `one` as a version
        caused by: unexpected `o` at character 1
        [exit status: 2]
        ",
    );
    carries(&scene, "1.0.0");
}

#[test]
fn an_empty_marker_is_filled_by_set() {
    let scene = scene("");
    scene.semver(["patch"]).run().shows(
        "
        --- stderr ---
        error: README.md:3:15: `<repo-version>` is empty, and no other place here holds a version
        hint: `semver set VERSION` fills it.
        [exit status: 5]
        ",
    );
    scene.semver(["set", "0.1.0"]).run().prints("0.1.0\n");
    carries(&scene, "0.1.0");
}

#[test]
fn if_current_is_a_compare_and_swap() {
    let scene = scene("1.0.0");
    scene
        .semver(["patch", "--if-current", "0.9.0"])
        .run()
        .shows(
            "
        --- stderr ---
        error: refused to change the version: it is `1.0.0`, not `0.9.0`
        hint: somebody else was faster; look at the version and decide again.
        [exit status: 3]
        ",
        );
    carries(&scene, "1.0.0");
    scene
        .semver(["patch", "--if-current", "v1"])
        .run()
        .prints("1.0.1\n");
    scene
        .semver(["set", "2.0.0", "--if-current", "1.0.0"])
        .run()
        .fails(3);
    scene
        .semver(["release", "--if-current", "x"])
        .run()
        .fails(2)
        .prints_nothing();
}

#[test]
fn a_rehearsal_shows_the_edit_and_makes_none() {
    let scene = scene("0.0.1");
    let outcome = scene.semver(["-n", "minor"]).run();
    outcome.prints("0.1.0\n");
    assert_eq!(
        outcome.stderr().lines().collect::<Vec<_>>(),
        [
            "--- a/README.md",
            "+++ b/README.md",
            "@@ -1,3 +1,3 @@",
            " # app",
            " ",
            "-<repo-version>0.0.1</repo-version>",
            "+<repo-version>0.1.0</repo-version>",
        ]
    );
    carries(&scene, "0.0.1");
}

#[test]
fn a_rehearsal_can_say_by_its_code_that_there_is_something_to_do() {
    let scene = scene("0.0.1");
    scene.semver(["minor", "-n", "--exit-code"]).run().fails(8);
    scene
        .semver(["release", "--dry-run", "--exit-code"])
        .run()
        .prints("0.0.1\n")
        .says_nothing();
    scene.semver(["minor", "--exit-code"]).run().fails(2);
    carries(&scene, "0.0.1");
}

#[test]
fn apply_carries_the_version_into_other_files_and_leaves_the_source() {
    let scene = scene("v1.2.3");
    scene.write(
        "a.md",
        "one <repo-version>0.0.1</repo-version>, two <repo-version></repo-version>\n",
    );
    scene.write("b.adoc", "= Title\n:Revision: 0.0.1\n\ntext\n");
    scene.write("VERSION", "1.0.9\n");
    scene
        .semver(["-t", "a.md,b.adoc", "apply", "--target=VERSION"])
        .run()
        .prints("1.2.3\n");
    assert_eq!(
        scene.read("a.md"),
        "one <repo-version>1.2.3</repo-version>, two <repo-version>1.2.3</repo-version>\n"
    );
    assert_eq!(scene.read("b.adoc"), "= Title\n:Revision: 1.2.3\n\ntext\n");
    assert_eq!(scene.read("VERSION"), "1.2.3\n");
    carries(&scene, "v1.2.3");
}

#[test]
fn apply_wants_to_know_where_to() {
    let scene = scene("1.2.3");
    for arguments in [&["apply"][..], &["apply", "-t", " ,"]] {
        scene.semver(arguments).run().shows(
            "
            --- stderr ---
            error: failed to apply the version: no files to carry it into are named
            hint: name them with `--target`, or as `targets` in duat.toml.
            [exit status: 2]
            ",
        );
    }
}

#[test]
fn git_tags_are_where_to_start_from() {
    let scene = repository("0.0.1");
    scene.script(repository::TAGS);
    scene.semver(["-g"]).run().prints("1.0.0-rc.1\n");
    scene.git(["tag", "v1.10.0"]);
    scene.semver(["-g", "extract"]).run().prints("v1.10.0\n");
    scene.semver(["-g", "-p", "x"]).run().prints("x1.10.0\n");
    scene.semver(["patch", "-g"]).run().prints("1.10.1\n");
    carries(&scene, "1.10.1");
    assert_eq!(scene.git(["status", "--short"]), " M README.md");
}

#[test]
fn reachable_leaves_out_the_tags_of_other_branches() {
    let scene = repository("0.0.1");
    scene.script(
        "
        git tag 1.0.0
        git switch --quiet --create other
        git commit --quiet --allow-empty --message=other
        git tag --annotate 2.0.0 --message=2
        git switch --quiet main
        ",
    );
    scene
        .semver(["-g", "patch", "-n"])
        .run()
        .succeeds()
        .says("+<repo-version>2.0.1<");
    scene.semver(["-g", "--reachable"]).run().prints("1.0.0\n");
    scene
        .semver(["-g", "--reachable", "patch"])
        .run()
        .prints("1.0.1\n");
    scene.semver(["--reachable", "patch"]).run().fails(2);
}

#[test]
fn git_tags_need_no_file() {
    let scene = Scene::new();
    scene.script(repository::MAIN);
    scene.git(["tag", "v1.0.0"]);
    scene.semver(["-g", "minor"]).run().shows(
        "
        1.1.0
        --- stderr ---
        warning: no file carries the version: nothing was written
        ",
    );
    scene.write("VERSION", "0.0.0\n");
    scene
        .semver(["-g", "minor", "-t", "VERSION"])
        .run()
        .prints("1.1.0\n");
    assert_eq!(scene.read("VERSION"), "1.1.0\n");
    scene
        .semver(["-g", "minor", "-f", "missing.md"])
        .run()
        .shows(
            "
        --- stderr ---
        error: failed to find the version: none of `missing.md` exists
        hint: name the file that carries the version with `--file`.
        [exit status: 5]
        ",
        );
}

#[test]
fn a_repository_without_version_tags_says_so() {
    let scene = repository("0.0.1");
    scene.git(["tag", "20221209-update"]);
    scene.semver(["-g", "patch"]).run().shows(
        "
        --- stderr ---
        error: failed to find a tag that is a version
        hint: `git tag v0.1.0` makes a first one.
        [exit status: 5]
        ",
    );
    scene
        .semver(["-g", "--tag-prefix", "app/"])
        .run()
        .fails(5)
        .says("error: failed to find a tag that is a version behind `app/`");
    carries(&scene, "0.0.1");
}

#[test]
fn a_tag_prefix_selects_one_component() {
    let scene = repository("0.0.1");
    for tag in ["app/v1.0.0", "app/1.1.0", "lib/2.0.0", "3.0.0"] {
        scene.git(["tag", tag]);
    }
    scene
        .semver(["-g", "--tag-prefix=app/"])
        .run()
        .prints("app/1.1.0\n");
    scene
        .semver(["-g", "--tag-prefix=lib/", "minor"])
        .run()
        .prints("2.1.0\n");
}

#[test]
fn the_file_is_the_first_of_a_list_that_exists() {
    let scene = scene("1.0.0");
    scene.write("other.adoc", ":Revision: 2.0.0\n");
    scene
        .semver(["-f", "missing.md, other.adoc ,README.md"])
        .run()
        .prints("2.0.0\n");
    scene
        .semver(["-f", "other.adoc", "patch"])
        .run()
        .prints("2.0.1\n");
    assert_eq!(scene.read("other.adoc"), ":Revision: 2.0.1\n");
    carries(&scene, "1.0.0");
    scene.semver(["-f", "a,b", "patch"]).run().shows(
        "
        --- stderr ---
        error: failed to find the version: none of `a`, `b` exists
        hint: name the file that carries the version with `--file`.
        [exit status: 5]
        ",
    );
}

#[test]
fn the_source_is_looked_for_at_the_root_from_anywhere_below() {
    let scene = repository("1.0.0");
    scene.make_directory("a/b");
    let below = |arguments: &[&str]| scene.semver(arguments).current_dir("a/b").run();
    below(&["patch"]).prints("1.0.1\n");
    carries(&scene, "1.0.1");
    below(&["-v"])
        .prints("1.0.1\n")
        .says("the version is read from `../../README.md`");
    // what is named is named from here
    below(&["-f", "README.md"]).fails(5);
    below(&["-f", "../../README.md"]).prints("1.0.1\n");
}

#[test]
fn readme_md_comes_before_readme_adoc_and_version() {
    let scene = Scene::new();
    scene.write("VERSION", "3.0.0");
    scene.semver(["extract"]).run().prints("3.0.0\n");
    scene.write("README.adoc", ":Revision: 2.0.0\n");
    scene.semver(["extract"]).run().prints("2.0.0\n");
    scene.write("README.md", "<repo-version>1.0.0</repo-version>");
    scene.semver(["extract"]).run().prints("1.0.0\n");
}
