//! `rc`.

use crate::{carries, repository, scene};

#[test]
fn the_first_candidate_is_number_one() {
    for command in ["rc", "releasecandidate"] {
        let scene = repository("1.2.0");
        scene
            .semver([command])
            .run()
            .prints("1.2.0-rc.1\n")
            .says_nothing();
        carries(&scene, "1.2.0-rc.1");
    }
}

#[test]
fn the_next_number_is_above_all_tags_of_the_same_release() {
    let scene = repository("1.2.0-main-aaaagjecrgf+build");
    for tag in [
        "1.2.0-rc.1",
        "v1.2.0-rc.9",
        "1.2.0-rc.x",
        "1.2.0-rc.11.foo",
        "1.3.0-rc.20",
        "1.1.0",
    ] {
        scene.git(["tag", tag]);
    }
    scene.git(["tag", "--annotate", "1.2.0-rc.10", "--message=ten"]);
    scene.semver(["rc"]).run().prints("1.2.0-rc.11\n");
    carries(&scene, "1.2.0-rc.11");
    scene.git(["pack-refs", "--all"]);
    scene.git(["tag", "1.2.0-rc.11"]);
    scene.semver(["rc"]).run().prints("1.2.0-rc.12\n");
}

#[test]
fn numbers_come_from_the_tags_alone() {
    let scene = repository("1.2.0-rc.7");
    scene.semver(["rc"]).run().prints("1.2.0-rc.1\n");
}

#[test]
fn a_release_that_is_out_gets_no_candidate() {
    for tag in ["1.2.0", "v1.2.0"] {
        let scene = repository("1.2.0-rc.3");
        scene.git(["tag", tag]);
        scene.semver(["rc"]).run().shows(&format!(
            "
            --- stderr ---
            error: refused to number a candidate of `1.2.0`: tag `{tag}` has released it
            hint: `semver patch` or `semver minor` begins the next version.
            [exit status: 3]
            "
        ));
        carries(&scene, "1.2.0-rc.3");
    }
}

#[test]
fn candidates_need_a_repository() {
    let scene = scene("1.2.0");
    scene.semver(["rc"]).run().shows(
        "
        --- stderr ---
        error: `$SCENE` is not inside a git repository
        hint: run this in a repository, or name one with `--git`.
        [exit status: 5]
        ",
    );
    scene.script(repository::UNBORN);
    scene.semver(["rc"]).run().prints("1.2.0-rc.1\n");
}

#[test]
fn a_prefix_keeps_components_apart() {
    let scene = repository("1.2.0");
    scene.git(["tag", "app/1.2.0-rc.4"]);
    scene.git(["tag", "lib/1.2.0"]);
    scene
        .semver(["rc", "-n", "--tag-prefix=app/"])
        .run()
        .prints("1.2.0-rc.5\n");
    scene
        .semver(["rc", "-n", "--tag-prefix=lib/"])
        .run()
        .fails(3);
    scene.semver(["rc", "-n"]).run().prints("1.2.0-rc.1\n");
}
