//! How outputs reach files.

use std::fs;
use std::time::{Duration, SystemTime};

use duat_tests::Scene;

fn scene() -> Scene {
    let scene = Scene::new();
    scene.write("a.in", "x {{ x }}\n");
    scene
}

const PAIR: [&str; 4] = ["-i", "a.in", "-o", "a"];

#[cfg(unix)]
fn mode(scene: &Scene, name: &str) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(scene.path(name)).unwrap().permissions().mode() & 0o7777
}

#[cfg(unix)]
fn set_mode(scene: &Scene, name: &str, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(scene.path(name), fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn a_file_that_is_right_is_not_touched() {
    let scene = scene();
    let call = scene.stencil(PAIR).args(["--set", "x=1"]);
    call.clone().run().prints("");
    let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    let file = fs::File::options()
        .append(true)
        .open(scene.path("a"))
        .unwrap();
    file.set_modified(long_ago).unwrap();
    let modified = || fs::metadata(scene.path("a")).unwrap().modified().unwrap();
    call.run().prints("");
    assert_eq!(modified(), long_ago);
    scene.stencil(PAIR).args(["--set", "x=2"]).run().prints("");
    assert_ne!(modified(), long_ago);
    assert_eq!(scene.files(""), ["a", "a.in"]);
}

#[test]
fn what_is_written_is_told_when_asked() {
    let scene = scene();
    let call = scene.stencil(PAIR).args(["--set", "x=1", "-v"]);
    call.clone().run().shows(
        "
        --- stderr ---
        `a.in` is read as Tera: nothing in it is Go's alone
        `a` is written
        ",
    );
    call.run().prints("").conceals("is written");
}

#[cfg(unix)]
#[test]
fn a_file_keeps_its_mode_and_a_new_one_takes_its_templates() {
    let scene = scene();
    set_mode(&scene, "a.in", 0o755);
    let call = |value: &str| scene.stencil(PAIR).args(["--set", &format!("x={value}")]);
    call("1").run().prints("");
    assert_eq!(
        mode(&scene, "a") & 0o111,
        mode(&scene, "a") & 0o444 & 0o111 | 0o111
    );
    set_mode(&scene, "a", 0o640);
    call("2").run().prints("");
    assert_eq!(mode(&scene, "a"), 0o640);
    call("3").args(["--chmod", "750"]).run().prints("");
    assert_eq!(mode(&scene, "a"), 0o750);
    // also where the text is the same
    call("3").args(["--chmod", "0600"]).run().prints("");
    assert_eq!(mode(&scene, "a"), 0o600);
    set_mode(&scene, "a.in", 0o400);
    scene.remove("a");
    call("3").run().prints("");
    assert_eq!(mode(&scene, "a"), 0o600);
    for wrong in ["999", "rwx", "77777", ""] {
        let call = call("4").args(["--chmod", wrong]);
        call.run().fails(2).says("it is not a mode in octal");
    }
    assert_eq!(scene.read("a"), "x 3\n");
}

#[test]
fn a_template_is_written_over_only_when_told() {
    let scene = scene();
    scene
        .stencil(["-i", "a.in", "-o", "./a.in", "--set", "x=1"])
        .run()
        .shows(
            "
        --- stderr ---
        error: refused to write over the template `a.in`
        hint: `--in-place` does it.
        [exit status: 3]
        ",
        );
    scene
        .stencil(["-i", "a.in", "--in-place", "--set", "x=1"])
        .run()
        .prints("");
    assert_eq!(scene.read("a.in"), "x 1\n");
    scene.stencil(["--in-place"]).run().shows(
        "
        --- stderr ---
        error: stdin cannot be written in place
        hint: name a file instead.
        [exit status: 2]
        ",
    );
}

#[test]
fn a_folder_that_is_missing_is_named() {
    let scene = scene();
    scene
        .stencil(["-i", "a.in", "-o", "no/such/a", "--set", "x=1"])
        .run()
        .shows(
            "
        --- stderr ---
        error: failed to write `no/such/a`: there is no folder `no/such`
        hint: `mkdir -p no/such` makes it.
        [exit status: 5]
        ",
        );
    let two = [
        "-i", "a.in", "-o", "b", "-i", "a.in", "-o", "no/a", "--set", "x=1",
    ];
    scene.stencil(two).run().fails(5);
    assert_eq!(scene.files(""), ["a.in"]);
}

#[test]
fn what_is_no_file_is_left_alone() {
    let scene = scene();
    scene.make_directory("a");
    scene.stencil(PAIR).args(["--set", "x=1"]).run().shows(
        "
        --- stderr ---
        error: `a` is a directory, not a file
        [exit status: 1]
        ",
    );
}

#[cfg(unix)]
#[test]
fn a_link_stays_a_link() {
    let scene = scene();
    scene.write("real", "old\n");
    std::os::unix::fs::symlink("real", scene.path("a")).unwrap();
    scene.stencil(PAIR).args(["--set", "x=1"]).run().prints("");
    assert_eq!(scene.read("real"), "x 1\n");
    assert!(fs::symlink_metadata(scene.path("a")).unwrap().is_symlink());
    scene.remove("a");
    std::os::unix::fs::symlink("nowhere", scene.path("a")).unwrap();
    scene
        .stencil(PAIR)
        .args(["--set", "x=1"])
        .run()
        .fails(3)
        .says("error: `a` exists already\n");
}

#[test]
fn many_runs_at_once_leave_one_whole_file() {
    let scene = scene();
    scene.write("a", "x 0\n");
    let runs: Vec<_> = (1..=8)
        .map(|n| {
            scene
                .stencil(PAIR)
                .args(["--set", &format!("x={n}")])
                .start()
        })
        .collect();
    for run in runs {
        // one that somebody else was quicker than may refuse
        let outcome = run.wait();
        assert!(
            matches!(outcome.code(), Some(0 | 3)),
            "{}",
            outcome.transcript()
        );
    }
    assert!((1..=8).any(|n| scene.read("a") == format!("x {n}\n")));
    assert_eq!(scene.files(""), ["a", "a.in"]);
}
