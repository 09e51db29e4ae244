//! Homes, locales and directories that are not as one expects.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::PermissionsExt;

use duat_tests::Scene;

use crate::{INSTANT, carries, repository, scene};

#[test]
fn no_home_is_needed() {
    let scene = repository("1.0.0");
    let homeless = |arguments: &[&str]| {
        scene
            .semver(arguments)
            .without_env("HOME")
            .without_env("XDG_CONFIG_HOME")
            .without_env("USER")
            .at(INSTANT)
            .run()
    };
    homeless(&["pre"]).prints("1.0.0-main-aaaagjecrgf\n");
    homeless(&["rc"]).prints("1.0.0-rc.1\n");
    homeless(&["next"]).prints("0.0.0\n");
    homeless(&["current"]).succeeds();
}

#[test]
fn a_read_only_home_is_not_written() {
    let scene = repository("1.0.0");
    fs::set_permissions(scene.home(), fs::Permissions::from_mode(0o555)).unwrap();
    let before: Vec<_> = fs::read_dir(scene.home())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    scene
        .semver(["pre"])
        .at(INSTANT)
        .run()
        .prints("1.0.0-main-aaaagjecrgf\n");
    scene.semver(["rc"]).run().prints("1.0.0-rc.1\n");
    let after: Vec<_> = fs::read_dir(scene.home())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(before, after);
    fs::set_permissions(scene.home(), fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn no_locale_changes_an_answer() {
    let scene = repository("1.0.0");
    scene.git(["switch", "--quiet", "--create", "FEATURE/IStanbul"]);
    for locale in ["tr_TR.UTF-8", "C", "POSIX", "zz_ZZ", ""] {
        let call = scene
            .semver(["pre", "-n"])
            .env("LC_ALL", locale)
            .env("LANG", locale)
            .at(INSTANT);
        call.run().prints("1.0.0-feature-istanbul-aaaagjecrgf\n");
    }
    let call = scene
        .semver(["decode", "1.0.0-a-aaaagjecrgf"])
        .env("TZ", "Asia/Tokyo");
    assert!(
        call.run()
            .succeeds()
            .stdout()
            .ends_with("instant: 2019-04-04T00:38:00Z\n")
    );
}

#[test]
fn a_directory_that_was_removed_is_named() {
    let scene = Scene::new();
    let program = duat_tests::binary("semver");
    let script = "mkdir gone && cd gone && rmdir ../gone && exec \"$0\" \"$@\"";
    let gone = |arguments: &[&str]| {
        let call = scene
            .command("sh")
            .args(["-c", script])
            .arg(&program)
            .args(arguments);
        call.run()
    };
    for arguments in [&["extract"][..], &["patch"], &["current"], &["init"]] {
        gone(arguments).shows(
            "
            --- stderr ---
            error: failed to find the current directory
            caused by: No such file or directory (os error 2)
            [exit status: 5]
            ",
        );
    }
    gone(&["compare", "1.0.0", "1.0.0"]).prints("0\n");
    gone(&["--version"]).succeeds();
}

#[test]
fn a_run_that_waits_for_another_can_be_interrupted() {
    let scene = scene("1.0.0");
    let program = duat_tests::binary("semver");
    let script = "flock README.md sleep 2 & sleep 0.3
        timeout --preserve-status --signal=INT 0.3 \"$0\" patch; code=$?
        wait; exit $code";
    let call = scene.command("bash").args(["-c", script]).arg(program);
    let outcome = call.run();
    outcome.fails(130).prints_nothing();
    carries(&scene, "1.0.0");
    assert_eq!(scene.files(""), ["README.md"]);
}

#[test]
fn names_may_hold_anything() {
    let scene = scene("1.0.0");
    for name in [
        "with blank/a b.md",
        "-dash.md",
        "\u{fc}ml\u{e4}ut.md",
        "new\nline.md",
    ] {
        scene.write(name, crate::marked("1.0.0"));
        let target = format!("--target={name}");
        scene.semver(["patch", &target, "--json"]).run().succeeds();
        scene.semver(["check", &target]).run().succeeds();
        scene
            .semver(["set", "1.0.0", "--allow-lower", &target])
            .run()
            .succeeds();
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_name_that_is_not_utf_8_is_a_name() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    let scene = scene("1.0.0");
    let name = OsStr::from_bytes(b"caf\xe9.md");
    scene.write(name, crate::marked("1.0.0"));
    let target = |command: &str, option: &[u8]| {
        let options = [OsStr::new(command), OsStr::from_bytes(option)];
        scene.semver(options)
    };
    target("patch", b"--target=caf\xe9.md")
        .run()
        .prints("1.0.1\n");
    scene
        .semver(["-t"])
        .arg(name)
        .arg("patch")
        .run()
        .prints("1.0.2\n");
    let outcome = target("patch", b"-t=caf\xe9.md").arg("--json").run();
    assert!(
        outcome
            .succeeds()
            .stdout()
            .contains("\"changed\":[\"caf\u{fffd}.md\",\"README.md\"]")
    );
    carries(&scene, "1.0.3");
    target("check", b"-t=caf\xe9.md")
        .arg("--json")
        .run()
        .succeeds();
    scene
        .semver(["-f"])
        .arg(name)
        .arg("--json")
        .run()
        .succeeds();
}
