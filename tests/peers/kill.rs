//! The real binary, killed or failing at each of its system calls in turn.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::ExitStatusExt;

use duat_tests::{Outcome, Scene, binary, peer};

const OLD: &str = "1.2.3";
const NEW: &str = "1.2.4";
const SIGKILL: i32 = 9;
/// The calls that change something, or find out before that it cannot be done.
const STEPS: [&str; 14] = [
    "fchmod",
    "fchown",
    "flock",
    "fsync",
    "ftruncate",
    "link",
    "linkat",
    "openat",
    "pwrite64",
    "read",
    "rename",
    "statx",
    "unlink",
    "write",
];
const ERRORS: [&str; 3] = ["EIO", "ENOSPC", "EACCES"];

/// The source last; each with what stands around its version.
const FILES: [(&str, &str, &str); 3] = [
    ("VERSION", "", "\n"),
    (
        "package.json",
        "{\"dependencies\": {\"a\": \"1.2.3\"}, \"version\": \"",
        "\"}",
    ),
    (SOURCE, "# app\r\n<repo-version>", "</repo-version>"),
];
const SOURCE: &str = "README.md";
const COMMAND: [&str; 3] = ["patch", "-t", "VERSION,package.json"];

/// Sets the files up; `linked` has a second name in another directory.
fn ground(linked: Option<&str>) -> Scene {
    let scene = Scene::new();
    for (name, before, after) in FILES {
        scene.write(name, format!("{before}{OLD}{after}"));
    }
    if let Some(name) = linked {
        scene.make_directory("elsewhere");
        fs::hard_link(scene.path(name), scene.path("elsewhere/other"))
            .expect("the file system has hard links");
    }
    scene
}

/// Runs the command with something done to it: `CALL:signal=KILL:when=N`, `CALL:error=EIO:when=N`.
fn disturbed(scene: &Scene, injection: &str) -> Outcome {
    scene
        .command(peer("strace"))
        .args(["--follow-forks", "--output=/dev/null"])
        .arg(format!("--inject={injection}"))
        .arg(binary("semver"))
        .args(COMMAND)
        .run()
}

/// Returns the system calls of an undisturbed run, each with how often it is made: what is done to a
/// run is counted for each call apart.
fn calls(linked: Option<&str>) -> BTreeMap<String, usize> {
    let scene = ground(linked);
    let log = scene.home().join("calls");
    let call = scene
        .command(peer("strace"))
        .args(["--follow-forks", "--output"])
        .arg(&log)
        .arg(binary("semver"))
        .args(COMMAND);
    call.run().prints("1.2.4\n");
    let text = fs::read_to_string(&log).expect("strace wrote its log");
    let mut calls = BTreeMap::new();
    for line in text.lines() {
        let name = line
            .split_whitespace()
            .nth(1)
            .and_then(|rest| rest.split_once('('));
        if let Some((name, _)) = name {
            *calls.entry(name.to_owned()).or_default() += 1;
        }
    }
    assert!(
        calls.contains_key("rename") && calls.contains_key("fsync"),
        "{calls:?}"
    );
    calls
}

/// Returns which files are new; each must be whole. What a killed run left in a file that is written
/// in place counts as what its journal says, as it does for our own programs.
#[track_caller]
fn which_are_new(scene: &Scene, about: &str) -> Vec<bool> {
    FILES
        .iter()
        .map(|(name, before, after)| {
            let text = scene.read(name);
            let is = |version: &str| text == format!("{before}{version}{after}");
            if is(OLD) || is(NEW) {
                return is(NEW);
            }
            let torn = fs::metadata(scene.path(name)).is_ok_and(|file| file.nlink() > 1);
            assert!(torn, "{about}: {name} is neither old nor new: {text:?}");
            let outcome = scene.semver(["-f", name]).run();
            outcome.succeeds().stdout() == format!("{NEW}\n")
        })
        .collect()
}

/// Asserts that all is whole, the source new only if all are, and that the next run completes.
#[track_caller]
fn check(scene: &Scene, about: &str) {
    let new = which_are_new(scene, about);
    let all = new.iter().all(|new| *new);
    assert!(
        all || new.last() == Some(&false),
        "{about}: the source is new, but {new:?}"
    );
    let expected = if all { "1.2.5\n" } else { "1.2.4\n" };
    let outcome = scene.semver(COMMAND).run();
    assert!(outcome.succeeds().stdout() == expected, "{about}");
    for (name, before, after) in FILES {
        let version = expected.trim_end();
        assert_eq!(
            scene.read(name),
            format!("{before}{version}{after}"),
            "{about}"
        );
    }
    let mut files = scene.files("");
    files.retain(|name| name != "elsewhere/other");
    assert_eq!(files, [SOURCE, "VERSION", "package.json"], "{about}");
}

/// Kills the run before each of its system calls in turn.
fn kill_at_each_call(linked: Option<&str>) {
    let mut killed = 0;
    for (call, times) in calls(linked) {
        for time in 1..=times {
            let scene = ground(linked);
            let outcome = disturbed(&scene, &format!("{call}:signal=KILL:when={time}"));
            if outcome.status().signal() == Some(SIGKILL) {
                killed += 1;
                outcome.says_nothing();
            } else {
                // the call that starts the program is made by strace
                outcome.prints("1.2.4\n");
            }
            check(&scene, &format!("killed at `{call}` number {time}"));
        }
    }
    assert!(killed > 100, "only {killed} kills");
}

#[test]
#[ignore = "needs strace: tests/peers/run"]
fn a_kill_at_any_call_leaves_every_file_whole() {
    kill_at_each_call(None);
}

#[test]
#[ignore = "needs strace: tests/peers/run"]
fn a_kill_at_any_call_leaves_a_source_with_a_hard_link_whole() {
    kill_at_each_call(Some(SOURCE));
}

#[test]
#[ignore = "needs strace: tests/peers/run"]
fn a_kill_at_any_call_leaves_a_target_with_a_hard_link_whole() {
    kill_at_each_call(Some("VERSION"));
}

#[test]
#[ignore = "needs strace: tests/peers/run"]
fn an_error_of_any_call_changes_nothing_or_says_what_it_did() {
    for linked in [None, Some(SOURCE), Some("VERSION")] {
        for (call, times) in calls(linked) {
            if !STEPS.contains(&call.as_str()) {
                continue;
            }
            for time in 1..=times {
                let looks = ["read", "statx"].contains(&call.as_str());
                for error in if looks { &ERRORS[..1] } else { &ERRORS } {
                    let scene = ground(linked);
                    let outcome = disturbed(&scene, &format!("{call}:error={error}:when={time}"));
                    let about = format!("{error} of `{call}` number {time}, linked: {linked:?}");
                    is_told(&scene, &outcome, &about);
                    check(&scene, &about);
                }
            }
        }
    }
}

/// Asserts that what a run with an error says is what became of the files.
fn is_told(scene: &Scene, outcome: &Outcome, about: &str) {
    let says = |words: &str| outcome.stderr().contains(words);
    let told = || format!("{about}: {}", outcome.transcript());
    assert!(!says("panicked"), "{}", told());
    let new = which_are_new(scene, about);
    let all = new.iter().all(|new| *new);
    if outcome.code() == Some(0) {
        assert!(all && outcome.stdout() == "1.2.4\n", "{}", told());
    } else if all {
        assert!(says("only the answer was lost"), "{}", told());
    } else if new.contains(&true) {
        assert!(
            says("only a part was done, and it could not be undone"),
            "{}",
            told()
        );
    } else {
        assert!(outcome.stdout().is_empty(), "{}", told());
    }
}
