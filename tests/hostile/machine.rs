//! Machines that are not as one expects: each tool does its work there, or fails in a documented way
//! and can be run again.

use std::fs;
use std::io::{self, Write as _};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::ExitStatusExt;
use std::thread::sleep;
use std::time::Duration;

use duat_tests::github::{Fault, Route};
use duat_tests::http::Authority;
use duat_tests::registry::{Moment, Settings};
use duat_tests::{Call, Outcome, TOOLS};

use crate::work::{TESTED, Work, marked};

/// Asserts that a run ended as the table of exit codes says, and that its work is done if it says so.
#[track_caller]
fn is_orderly(work: &Work, outcome: &Outcome) {
    assert!(
        matches!(outcome.code(), Some(0..=8)),
        "{}: {}",
        work.tool,
        outcome.transcript()
    );
    outcome.conceals("panicked");
    let is_done = work.is_done();
    if outcome.code() == Some(0) {
        assert!(is_done, "{}", outcome.transcript());
    } else {
        let told = outcome.stderr().starts_with("error: ") || outcome.stderr().is_empty();
        assert!(told, "{}", outcome.transcript());
    }
}

#[test]
fn no_home_is_needed() {
    for tool in TOOLS {
        let work = Work::of(tool);
        let mut call = work.call();
        for name in ["HOME", "USERPROFILE", "USER", "TMPDIR", "TMP", "TEMP"] {
            call = call.without_env(name);
        }
        for name in ["CONFIG", "CACHE", "DATA", "STATE"] {
            call = call.without_env(format!("XDG_{name}_HOME"));
        }
        call.run().prints(work.answer());
        assert!(work.is_done());
    }
}

#[test]
fn without_certificates_the_way_to_some_is_named() {
    for tool in ["image-promote", "github-release"] {
        let work = Work::of(tool);
        let folder = work.scene.home().join("certificates");
        work.scene.write(folder.join("none.pem"), "");
        // one that has nothing to do with TLS needs none
        let registry = Settings::new().start_tls(&Authority::new());
        let call = work.call().env("RELEASE_REPO", registry.host());
        let call = call.env("SSL_CERT_FILE", folder.join("none.pem"));
        let outcome = call.env("SSL_CERT_DIR", &folder).run();
        outcome
            .fails(1)
            .prints_nothing()
            .says("hint: `SSL_CERT_FILE` names");
        assert!(!work.is_done());
    }
}

#[test]
fn a_home_is_not_written() {
    for tool in TOOLS {
        let work = Work::of(tool);
        let home = work.scene.home();
        let entries = || -> Vec<_> {
            let entries = fs::read_dir(home).unwrap();
            let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name()).collect();
            names.sort();
            names
        };
        let before = entries();
        fs::set_permissions(home, fs::Permissions::from_mode(0o555)).unwrap();
        work.call().run().prints(work.answer());
        fs::set_permissions(home, fs::Permissions::from_mode(0o755)).unwrap();
        assert_eq!(entries(), before, "{tool}");
        // a home that is no folder is none
        let work = Work::of(tool);
        work.call()
            .env("HOME", "/dev/null")
            .run()
            .prints(work.answer());
        assert!(work.is_done());
    }
}

#[test]
fn no_locale_changes_an_answer() {
    for tool in TOOLS {
        for locale in ["tr_TR.UTF-8", "C", "POSIX", "zz_ZZ.invalid", ""] {
            let work = Work::of(tool);
            let call = work.call().env("LC_ALL", locale).env("LANG", locale);
            call.run().prints(work.answer());
            assert!(work.is_done());
            let failed = work
                .scene
                .tool(tool)
                .args(["-f", "I.md"])
                .env("LC_ALL", locale)
                .run();
            let expected = work.scene.tool(tool).args(["-f", "I.md"]).run();
            assert_eq!(failed.stderr(), expected.stderr());
        }
    }
}

#[test]
fn the_umask_holds_for_what_is_new_and_the_mode_stays_with_what_is_old() {
    for tool in TOOLS {
        for (umask, wanted, denied) in [
            ("077", 0o600, 0o077),
            ("027", 0o600, 0o027),
            ("000", 0o600, 0),
        ] {
            let work = Work::of(tool);
            let readme = work.scene.path("README.md");
            fs::set_permissions(&readme, fs::Permissions::from_mode(0o640)).unwrap();
            let script = format!("umask {umask}; exec \"$0\" \"$@\"");
            work.in_shell(&script).run().prints(work.answer());
            assert!(work.is_done());
            let mode = |path: &std::path::Path| fs::metadata(path).unwrap().mode() & 0o777;
            assert_eq!(mode(&readme), 0o640, "{tool} {umask}");
            if tool == "stencil" {
                let mode = mode(&work.scene.path("page"));
                assert_eq!(
                    (mode & wanted, mode & denied),
                    (wanted, 0),
                    "{umask}: {mode:o}"
                );
            }
            // what is kept in .git, too
            let kept = work.scene.path(".git/duat");
            for entry in fs::read_dir(kept).into_iter().flatten() {
                let mode = mode(&entry.unwrap().path());
                assert_eq!(mode & denied & 0o666, 0, "{tool} {umask}: {mode:o}");
            }
        }
    }
}

#[test]
fn closed_streams_are_no_crash_and_no_files() {
    for tool in TOOLS {
        for closed in ["<&-", ">&-", "2>&-", "<&- 2>&-", "<&- >&- 2>&-"] {
            let work = Work::of(tool);
            let outcome = work.in_shell(&format!("exec \"$0\" \"$@\" {closed}")).run();
            is_orderly(&work, &outcome);
            // nothing that was said or answered went into a file that took the stream's number
            work.completes();
        }
    }
}

#[test]
fn a_full_stdout_is_a_failure_and_a_full_stderr_is_none() {
    for tool in TOOLS {
        let work = Work::of(tool);
        let outcome = work.in_shell("exec \"$0\" \"$@\" >/dev/full").run();
        assert!(work.is_done());
        if tool == "stencil" {
            // the answer is empty
            outcome.succeeds();
        } else {
            outcome
                .fails(1)
                .says("failed to write the answer to stdout")
                .says("only the answer was lost");
        }
        let work = Work::of(tool);
        let call = work.in_shell("exec \"$0\" \"$@\" -v 2>/dev/full");
        call.run().prints(work.answer());
        assert!(work.is_done());
    }
}

#[test]
fn a_full_disk_leaves_what_was_there() {
    if let Err(why) = fill_a_disk() {
        // not through what is captured: nobody sees that of a test that passes
        let line = "=".repeat(82);
        let _ = writeln!(
            io::stderr(),
            "{line}\nNOT RUN: on a full disk: {why}\n{line}"
        );
    }
}

#[test]
#[ignore = "a disk has to be mounted: `tests/peers/run` insists on it"]
fn a_full_disk_can_be_had_and_leaves_what_was_there() {
    assert_eq!(fill_a_disk(), Ok(()));
}

/// Lets the tools work on a full disk, or tells why none can be had.
fn fill_a_disk() -> Result<(), String> {
    // a disk of its own with nothing left on it, where mounting is allowed
    let script = "mount -t tmpfs -o size=256k none disk || exit 77
        cp -a README.md page.in .git .gitignore dist disk/ && cd disk || exit 77
        head -c 100000000 /dev/zero >filler 2>/dev/null
        \"$0\" \"$@\"; code=$?
        cat README.md >../after; ls -A >../names; exit $code";
    for tool in ["semver", "stencil", "image-promote"] {
        let work = Work::of(tool);
        work.scene.make_directory("disk");
        work.scene.git(["gc", "--quiet"]);
        work.scene
            .command("rm")
            .args(["-rf", ".git/hooks", ".git/logs"])
            .run()
            .succeeds();
        let call = work
            .scene
            .command("unshare")
            .args(["--mount", "sh", "-c", script]);
        let call = call.arg(duat_tests::binary(tool)).args(work.arguments());
        let outcome = work.surrounded(call).run();
        if matches!(outcome.code(), Some(77 | 127)) || outcome.stderr().contains("unshare") {
            return Err(outcome.stderr().trim_end().to_owned());
        }
        outcome.fails(1).prints_nothing().says("error: no room to ");
        assert_eq!(work.scene.read("after"), marked(TESTED), "{tool}");
        let names = work.scene.read("names");
        assert!(
            !names.contains("duat-") && !names.contains("page\n"),
            "{names}"
        );
        work.registry.tag("owner/tool/app", "1.0.1");
    }
    Ok(())
}

#[test]
fn a_limit_on_the_size_of_files_breaks_none() {
    for tool in TOOLS {
        for limit in ["0", "1"] {
            let work = Work::of(tool);
            let script = format!("ulimit -c 0; ulimit -f {limit}; exec \"$0\" \"$@\"");
            let outcome = work.in_shell(&script).run();
            // the system may end who writes more than that
            if outcome.code().is_some() {
                is_orderly(&work, &outcome);
            }
            outcome.conceals("panicked");
            work.completes();
        }
    }
}

#[test]
fn few_file_descriptors_are_an_error_or_enough() {
    for tool in TOOLS {
        let mut has_failed = false;
        for limit in (4..16).chain([20, 24, 32]) {
            let work = Work::of(tool);
            let script = format!("ulimit -n {limit}; exec \"$0\" \"$@\"");
            let outcome = work.in_shell(&script).run();
            outcome.conceals("panicked");
            if outcome.code() == Some(127) {
                // the loader of programs itself needs one
                continue;
            }
            is_orderly(&work, &outcome);
            has_failed |= outcome.code() != Some(0);
            if limit == 32 && tool != "image-promote" && tool != "github-release" {
                outcome.succeeds();
            }
            work.completes();
        }
        let has_network = matches!(tool, "image-promote" | "github-release");
        assert!(
            has_failed || !has_network,
            "{tool}: no limit was low enough"
        );
    }
}

/// Sends a signal to a process.
fn send(work: &Work, signal: &str, process: u32) {
    let call = work
        .scene
        .command("kill")
        .args([signal, &process.to_string()]);
    call.run().succeeds();
}

/// Returns the work in a process that heeds signals, even where whoever runs the tests ignores some:
/// `nohup` does, and a shell does in the background.
fn heeding(work: &Work) -> Call<'_> {
    work.in_shell("exec env --default-signal=INT,TERM,HUP \"$0\" \"$@\"")
}

#[test]
fn a_signal_ends_a_run_and_the_next_completes_it() {
    for (signal, number) in [("-INT", 2), ("-TERM", 15), ("-HUP", 1)] {
        for tool in TOOLS {
            let work = Work::of(tool);
            let outcome = match tool {
                // waits for another run
                "semver" => {
                    let lock = "exec 9<README.md; flock 9; : >\"$HOME/held\"; exec sleep 60";
                    let holder = work.scene.command("sh").args(["-c", lock]).start();
                    while !work.scene.home().join("held").exists() {
                        sleep(Duration::from_millis(20));
                    }
                    let running = heeding(&work).start();
                    sleep(Duration::from_millis(500));
                    send(&work, signal, running.id());
                    let outcome = running.wait();
                    let _ = holder.kill();
                    outcome
                }
                // watches its template
                "stencil" => {
                    let running = heeding(&work).arg("--watch").start();
                    while !work.scene.has("page") {
                        sleep(Duration::from_millis(20));
                    }
                    sleep(Duration::from_millis(300));
                    send(&work, signal, running.id());
                    running.wait()
                }
                "image-promote" => {
                    let hold = work.registry.hold(3, Moment::Before);
                    let running = heeding(&work).start();
                    assert!(hold.reached(Duration::from_secs(30)));
                    send(&work, signal, running.id());
                    let outcome = running.wait();
                    drop(hold);
                    outcome
                }
                _ => {
                    work.github.fault(Route::Upload, 1, Fault::Hang);
                    let running = heeding(&work).start();
                    while work.github.count(Route::Upload) == 0 {
                        sleep(Duration::from_millis(20));
                    }
                    sleep(Duration::from_millis(300));
                    send(&work, signal, running.id());
                    let outcome = running.wait();
                    work.github.forget();
                    outcome
                }
            };
            outcome.prints_nothing().conceals("panicked");
            let has_network = matches!(tool, "image-promote" | "github-release");
            if has_network && signal != "-HUP" {
                outcome.fails(6).says("interrupted").says("run this again");
            } else {
                assert_eq!(outcome.status().signal(), Some(number), "{tool} {signal}");
            }
            work.is_done();
            work.completes();
        }
    }
}
