//! `duat.toml`.

use duat_tests::Scene;

use crate::{carries, marked, repository, scene};

#[test]
fn it_names_the_file_and_the_prefix_of_tags() {
    let scene = repository("1.0.0");
    scene.write(
        "duat.toml",
        "[version]\nfile = 'docs/index.md'\ntag-prefix = 'app/'\n",
    );
    scene.write("docs/index.md", marked("2.0.0"));
    scene.git(["tag", "app/3.0.0"]);
    scene.git(["tag", "4.0.0"]);
    scene.semver(["extract"]).run().prints("2.0.0\n");
    scene
        .semver(["extract"])
        .current_dir("docs")
        .run()
        .prints("2.0.0\n");
    scene.semver(["-g"]).run().prints("app/3.0.0\n");
    scene
        .semver(["-g", "--tag-prefix", ""])
        .run()
        .prints("4.0.0\n");
    scene.semver(["-f", "README.md"]).run().prints("1.0.0\n");
    scene
        .semver(["extract"])
        .env("DUAT_SEMVER_FILE", "README.md")
        .run()
        .prints("1.0.0\n");
}

#[track_caller]
fn refuses(text: impl AsRef<[u8]>, expected: &str) {
    let scene = scene("1.0.0");
    scene.write("duat.toml", text);
    scene.semver(["patch"]).run().shows(expected);
    carries(&scene, "1.0.0");
}

#[test]
fn what_it_does_not_know_is_an_error_with_a_suggestion() {
    refuses(
        "[version]\n\nfiel = 'README.md'\n",
        "
        --- stderr ---
        error: duat.toml:3:1: unknown key `fiel`
        hint: did you mean `file`?
        [exit status: 1]
        ",
    );
    refuses(
        "[version]\ntargets = 'VERSION'\n",
        "
        --- stderr ---
        error: duat.toml:2:11: `targets` must be a list of texts
        [exit status: 1]
        ",
    );
    refuses(
        b"\xff",
        "
        --- stderr ---
        error: failed to read `duat.toml`: it is not UTF-8
        caused by: invalid utf-8 sequence of 1 bytes from index 0
        [exit status: 1]
        ",
    );
}

#[test]
fn its_paths_stay_in_the_repository() {
    refuses(
        "[version]\ntargets = ['../VERSION']\n",
        "
        --- stderr ---
        error: duat.toml:2:12: `../VERSION` leaves the repository
        hint: paths in duat.toml are relative to it and stay below it; others can be given on the command line.
        [exit status: 1]
        ",
    );
}

#[cfg(unix)]
#[test]
fn a_link_in_it_does_not_lead_out_of_the_repository() {
    let scene = Scene::new();
    scene.write("outside/VERSION", "9.9.9\n");
    scene.write("inside/README.md", marked("1.0.0"));
    scene.write("inside/duat.toml", "[version]\ntargets = ['VERSION']\n");
    scene.git(["init", "--quiet", "inside"]);
    std::os::unix::fs::symlink("../outside/VERSION", scene.path("inside/VERSION")).unwrap();
    let call = scene.semver(["patch"]).current_dir("inside");
    call.run().shows(
        "
        --- stderr ---
        error: refused to use `VERSION`: `duat.toml` says so, but it leads out of the repository
        hint: name a file in the repository, or give this one on the command line.
        [exit status: 3]
        ",
    );
    assert_eq!(scene.read("outside/VERSION"), "9.9.9\n");
    let call = scene
        .semver(["patch", "-t", "VERSION", "--allow-lower"])
        .current_dir("inside");
    call.run().prints("1.0.1\n");
    assert_eq!(scene.read("outside/VERSION"), "1.0.1\n");
}

#[test]
fn a_target_that_is_not_there_is_an_error() {
    refuses(
        "[version]\ntargets = ['VERSION']\n",
        "
        --- stderr ---
        error: `VERSION` does not exist
        [exit status: 5]
        ",
    );
}
