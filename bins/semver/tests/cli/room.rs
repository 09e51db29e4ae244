//! No room: a limit on the size of files, a small file system.
#![cfg(unix)]

use duat_tests::{Outcome, Scene};

use crate::marked;

/// A README too long for 100 KiB, and a VERSION.
fn ground() -> (Scene, String) {
    let scene = Scene::new();
    let long = format!("{}{}", marked("1.2.3"), "x\n".repeat(100_000));
    scene.write("README.md", &long);
    scene.write("VERSION", "1.2.3\n");
    (scene, long)
}

fn with_shell(scene: &Scene, script: &str) -> Outcome {
    let program = duat_tests::binary("semver");
    scene.command("sh").args(["-c", script]).arg(program).run()
}

/// Asserts that the files are as they were, and that the next run completes and tidies up.
#[track_caller]
fn is_whole(scene: &Scene, long: &str) {
    assert!(scene.read("README.md") == long);
    assert_eq!(scene.read("VERSION"), "1.2.3\n");
    scene
        .semver(["patch", "-t", "VERSION"])
        .run()
        .prints("1.2.4\n");
    assert!(scene.read("README.md") == long.replace("1.2.3", "1.2.4"));
    assert_eq!(scene.files(""), ["README.md", "VERSION"]);
}

#[test]
fn a_limit_on_the_size_of_files_is_an_error_and_nothing_changes() {
    let (scene, long) = ground();
    let outcome = with_shell(
        &scene,
        "trap '' XFSZ; ulimit -f 100; exec \"$0\" patch -t VERSION",
    );
    outcome.shows(
        "
        --- stderr ---
        error: no room to put the new text beside `README.md`
        caused by: File too large (os error 27)
        hint: nothing was changed; make room and run this again.
        [exit status: 1]
        ",
    );
    assert_eq!(scene.files(""), ["README.md", "VERSION"]);
    is_whole(&scene, &long);
}

#[test]
fn where_that_limit_kills_every_file_is_whole() {
    let (scene, long) = ground();
    let outcome = with_shell(&scene, "ulimit -f 100; exec \"$0\" patch -t VERSION");
    assert_ne!(outcome.code(), Some(0));
    outcome.prints_nothing();
    is_whole(&scene, &long);
}

#[test]
fn a_full_disk_is_an_error_and_nothing_changes() {
    let (scene, long) = ground();
    // room for the files, and for no more than one of them again
    let script = "mkdir small && mount -t tmpfs -o size=300k tmpfs small && cp README.md VERSION small && cd small || exit 77
        \"$0\" patch -t VERSION; code=$?
        cmp README.md ../README.md && cmp VERSION ../VERSION && ls -A && exit $code";
    let program = duat_tests::binary("semver");
    let call = scene
        .command("unshare")
        .args(["--mount", "sh", "-c", script])
        .arg(program);
    let outcome = call.run();
    if outcome.code() != Some(1) || !outcome.stderr().contains("no room") {
        assert!(
            matches!(outcome.code(), Some(1 | 32 | 77 | 127))
                && !outcome.stderr().contains("error: "),
            "{}",
            outcome.transcript()
        );
        // mounting is not allowed here
        return;
    }
    outcome.says("error: no room to put the new text beside `README.md`\n");
    assert_eq!(outcome.stdout(), "README.md\nVERSION\n");
    drop(long);
}
