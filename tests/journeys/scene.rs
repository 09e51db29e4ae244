//! The ground the journeys stand on, tried with `git` alone.

use duat_tests::{Scene, repository};

#[test]
fn a_scene_knows_nothing_of_the_machine() {
    let scene = Scene::new();
    let outcome = scene
        .command("git")
        .args(["config", "--list", "--show-origin"])
        .run();
    outcome.prints("").says_nothing();
    scene
        .command("git")
        .args(["rev-parse", "--show-toplevel"])
        .run()
        .fails(128)
        .says("not a git repository");
}

#[test]
fn a_script_gives_the_same_hashes_every_time() {
    let scene = Scene::new();
    scene.write("README.md", "<repo-version>0.0.1</repo-version>\n");
    scene.script(repository::MAIN);
    scene.script(repository::TAGS);
    assert_eq!(
        scene.git(["rev-parse", "HEAD", "v0.2.0"]),
        "0bc18064da12866e7eae6a3762ca9ae62a0bed41\n0507a678c35893c0846fc7681acdd42254cc6d0e"
    );
}

#[test]
fn every_script_runs_where_its_documentation_says() {
    for scripts in [
        &[repository::MAIN, repository::FEATURE, repository::DETACHED][..],
        &[repository::MAIN, repository::TAGS, repository::PACKED],
        &[repository::UNBORN],
        &[repository::MAIN, repository::NO_REMOTE],
        &[repository::MAIN, repository::MANY_REMOTES, repository::BARE],
        &[repository::MAIN, repository::TAGS, repository::SHALLOW],
        &[repository::MAIN, repository::WORKTREE],
        &[repository::MAIN, repository::SUBMODULE],
        &[repository::SHA256],
    ] {
        let scene = Scene::new();
        scene.write("README.md", "<repo-version>0.0.1</repo-version>\n");
        for script in scripts {
            scene.script(script);
        }
    }
}

#[test]
fn the_scripts_make_what_they_promise() {
    let scene = Scene::new();
    scene.write("README.md", "<repo-version>0.0.1</repo-version>\n");
    scene.script(repository::MAIN);
    scene.script(repository::TAGS);
    scene.script(repository::SHALLOW);
    scene.script(repository::WORKTREE);
    scene.script(repository::SUBMODULE);
    let answer = |arguments: &[&str]| scene.git(arguments);
    assert_eq!(
        answer(&["-C", "shallow", "rev-list", "--count", "HEAD"]),
        "1"
    );
    assert_eq!(answer(&["-C", "shallow", "tag"]), "1.0.0-rc.1\nnightly");
    assert_eq!(
        answer(&["-C", "linked", "branch", "--show-current"]),
        "feature/linked"
    );
    assert_eq!(
        answer(&["-C", "module", "branch", "--show-current"]),
        "part"
    );
    assert_eq!(answer(&["cat-file", "-t", "v0.2.0"]), "tag");
    assert_eq!(answer(&["cat-file", "-t", "0.1.0"]), "commit");
}

#[test]
fn a_transcript_is_the_same_in_every_run() {
    let scene = Scene::new();
    scene.script("git init --quiet --initial-branch=main");
    let outcome = scene.command("git").args(["-C", "absent", "log"]).run();
    outcome.shows(
        "
        --- stderr ---
        fatal: cannot change to 'absent': No such file or directory
        [exit status: 128]
        ",
    );
    let path = scene
        .command("git")
        .args(["rev-parse", "--show-toplevel"])
        .run();
    path.shows("$SCENE\n");
}

#[test]
fn a_command_reads_what_it_is_given() {
    let scene = Scene::new();
    let long = "line\n".repeat(100_000);
    let call = scene.command("git").args(["hash-object", "--stdin"]);
    call.stdin(long)
        .run()
        .prints("7c57e20e2a9d73a6ab190aefb70369525ef2460e\n");
}

#[test]
fn a_terminal_is_one() {
    let scene = Scene::new();
    scene.script(repository::MAIN);
    let log = || {
        scene
            .command("git")
            .args(["--no-pager", "log", "--oneline"])
    };
    let plain = log().run();
    assert!(!plain.succeeds().stdout().contains('\u{1b}'));
    if let Some(coloured) = log().run_on_terminal() {
        assert!(coloured.succeeds().stdout().contains('\u{1b}'));
    }
}
