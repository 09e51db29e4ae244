//! Modes, owners and links survive, or nothing changes and the error says why.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

use duat_tests::{Outcome, Scene};

use crate::{carries, marked, scene};

/// Somebody who is not root.
const NOBODY: &str = "65534";

fn mode(scene: &Scene, name: &str) -> u32 {
    fs::symlink_metadata(scene.path(name)).unwrap().mode() & 0o7777
}

fn set_mode(scene: &Scene, name: &str, mode: u32) {
    fs::set_permissions(scene.path(name), fs::Permissions::from_mode(mode)).unwrap();
}

fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}

/// Runs `semver` as somebody for whom modes count: the user, or nobody if that is root.
fn as_anybody(scene: &Scene, arguments: &[&str]) -> Option<Outcome> {
    if !is_root() {
        return Some(scene.semver(arguments).run());
    }
    let program = duat_tests::binary("semver");
    // a program in a home that is closed to others is given as an open file
    let copy = scene.home().join("semver");
    if !copy.exists() {
        // by another process: one that this test starts meanwhile would hold it open for writing
        let call = scene.command("cp").arg(program).arg(&copy);
        let _ = call.run().succeeds();
    }
    for part in scene.home().ancestors().take(2) {
        fs::set_permissions(part, fs::Permissions::from_mode(0o755)).unwrap();
    }
    let user = [
        format!("--reuid={NOBODY}"),
        format!("--regid={NOBODY}"),
        "--clear-groups".into(),
    ];
    let call = scene
        .command("setpriv")
        .args(user)
        .arg(copy)
        .args(arguments);
    let outcome = call.run();
    // without setpriv there is nothing to see here
    (outcome.code() != Some(127)).then_some(outcome)
}

/// Gives everything in the scene to the user of [`as_anybody`].
fn give_away(scene: &Scene) {
    if is_root() {
        let owner = format!("{NOBODY}:{NOBODY}");
        let call = scene
            .command("chown")
            .args(["--recursive", "--no-dereference", &owner, "."]);
        let _ = call.run().succeeds();
    }
}

#[test]
fn the_mode_stays() {
    for expected in [0o600, 0o640, 0o644, 0o755, 0o666] {
        let scene = scene("1.2.3");
        scene.write("VERSION", "1.2.3\n");
        set_mode(&scene, "README.md", expected);
        set_mode(&scene, "VERSION", expected);
        scene
            .semver(["patch", "-t", "VERSION"])
            .run()
            .prints("1.2.4\n");
        assert_eq!(mode(&scene, "README.md"), expected);
        assert_eq!(mode(&scene, "VERSION"), expected);
    }
}

#[test]
fn a_read_only_file_is_not_replaced() {
    let scene = scene("1.2.3");
    scene.write("VERSION", "1.2.3\n");
    set_mode(&scene, "README.md", 0o444);
    give_away(&scene);
    let Some(outcome) = as_anybody(&scene, &["patch", "-t", "VERSION"]) else {
        return;
    };
    outcome.shows(
        "
        --- stderr ---
        error: cannot write `README.md`
        caused by: permission denied
        hint: nothing was changed; make it writable and run this again.
        [exit status: 4]
        ",
    );
    assert_eq!(scene.read("VERSION"), "1.2.3\n");
    carries(&scene, "1.2.3");
    assert_eq!(mode(&scene, "README.md"), 0o444);
    let as_before = as_anybody(&scene, &["apply", "-t", "VERSION"]).unwrap();
    as_before.prints("1.2.3\n");
    as_anybody(&scene, &["patch", "-n"])
        .unwrap()
        .prints("1.2.4\n");
}

#[test]
fn a_file_that_may_not_be_read_says_so() {
    let scene = scene("1.2.3");
    set_mode(&scene, "README.md", 0o000);
    give_away(&scene);
    let Some(outcome) = as_anybody(&scene, &["extract"]) else {
        return;
    };
    outcome.shows(
        "
        --- stderr ---
        error: cannot open `README.md`
        caused by: Permission denied (os error 13)
        hint: make it readable and run this again.
        [exit status: 4]
        ",
    );
}

#[test]
fn in_a_read_only_directory_nothing_changes_or_the_file_does() {
    let scene = Scene::new();
    scene.write("sub/README.md", marked("1.2.3"));
    give_away(&scene);
    set_mode(&scene, "sub", 0o555);
    let Some(outcome) = as_anybody(&scene, &["patch", "-f", "sub/README.md"]) else {
        return;
    };
    if outcome.code() == Some(0) {
        assert_eq!(scene.read("sub/README.md"), marked("1.2.4"));
    } else {
        outcome
            .fails(4)
            .prints_nothing()
            .says("hint: nothing was changed; ");
        assert_eq!(scene.read("sub/README.md"), marked("1.2.3"));
    }
    assert_eq!(scene.files("sub"), ["README.md"]);
    set_mode(&scene, "sub", 0o755);
}

#[test]
fn a_symbolic_link_still_leads_to_the_file() {
    let scene = Scene::new();
    scene.write("docs/real.md", marked("1.2.3"));
    symlink("docs/real.md", scene.path("README.md")).unwrap();
    symlink("README.md", scene.path("twice.md")).unwrap();
    set_mode(&scene, "docs/real.md", 0o640);
    scene.semver(["patch"]).run().prints("1.2.4\n");
    scene
        .semver(["patch", "-f", "twice.md"])
        .run()
        .prints("1.2.5\n");
    assert_eq!(
        fs::read_link(scene.path("README.md")).unwrap().to_str(),
        Some("docs/real.md")
    );
    assert_eq!(scene.read("docs/real.md"), marked("1.2.5"));
    assert_eq!(mode(&scene, "docs/real.md"), 0o640);
    assert_eq!(scene.files(""), ["README.md", "docs/real.md", "twice.md"]);
}

#[test]
fn a_link_that_leads_nowhere_is_no_file() {
    let scene = scene("1.2.3");
    symlink("nowhere", scene.path("VERSION")).unwrap();
    scene
        .semver(["patch", "-t", "VERSION"])
        .run()
        .fails(5)
        .says("error: `VERSION` does not exist\n");
    scene
        .semver(["init", "-f", "VERSION"])
        .run()
        .fails(3)
        .says("`VERSION` exists already");
    carries(&scene, "1.2.3");
}

#[test]
fn a_hard_link_still_shares_its_content() {
    let scene = scene("1.2.3");
    scene.write("VERSION", "1.2.3\n");
    fs::hard_link(scene.path("README.md"), scene.path("other.md")).unwrap();
    set_mode(&scene, "README.md", 0o600);
    scene
        .semver(["minor", "-t", "VERSION"])
        .run()
        .prints("1.3.0\n");
    carries(&scene, "1.3.0");
    assert_eq!(scene.read("other.md"), marked("1.3.0"));
    let metadata = fs::metadata(scene.path("README.md")).unwrap();
    assert_eq!((metadata.nlink(), mode(&scene, "other.md")), (2, 0o600));
    assert_eq!(scene.files(""), ["README.md", "VERSION", "other.md"]);
    // both names at once are one file
    scene
        .semver(["minor", "-t", "other.md"])
        .run()
        .prints("1.4.0\n");
    carries(&scene, "1.4.0");
}

#[test]
fn the_owner_stays() {
    let scene = scene("1.2.3");
    give_away(&scene);
    let before = fs::metadata(scene.path("README.md")).unwrap();
    scene.semver(["patch"]).run().prints("1.2.4\n");
    let after = fs::metadata(scene.path("README.md")).unwrap();
    assert_eq!((after.uid(), after.gid()), (before.uid(), before.gid()));
}

#[test]
fn a_file_that_is_mounted_by_itself_is_written() {
    let scene = scene("1.2.3");
    scene.write("outside/README.md", marked("5.0.0"));
    let script = "mount --bind outside/README.md README.md && exec \"$0\" patch";
    let program = duat_tests::binary("semver");
    let call = scene
        .command("unshare")
        .args(["--mount", "sh", "-c", script])
        .arg(program);
    let outcome = call.run();
    if outcome.code() == Some(1) || outcome.code() == Some(32) || outcome.code() == Some(127) {
        // mounting is not allowed here
        return;
    }
    outcome.prints("5.0.1\n");
    assert_eq!(scene.read("outside/README.md"), marked("5.0.1"));
    carries(&scene, "1.2.3");
    assert_eq!(scene.files(""), ["README.md", "outside/README.md"]);
}
