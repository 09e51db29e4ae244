//! stdout is the answer and nothing else.

use duat_tests::{Outcome, Scene};

use crate::{INSTANT, carries, repository, scene};

/// Runs a line of shell in which `semver` is the program.
fn shell(scene: &Scene, line: &str) -> Outcome {
    let program = duat_tests::binary("semver");
    let script = format!("semver() {{ \"$0\" \"$@\"; }}\n{line}");
    scene
        .command("bash")
        .args(["-c", &script])
        .arg(program)
        .at(INSTANT)
        .run()
}

#[test]
fn the_answer_fits_a_shell_variable_as_it_is() {
    let scene = repository("0.0.1");
    shell(&scene, "v=$(semver patch); printf '%s' \"<$v>\"")
        .prints("<0.0.2>")
        .says_nothing();
    shell(&scene, "v=$(semver -v pre); printf '%s' \"<$v>\"").prints("<0.0.2-main-aaaagjecrgf>");
    shell(
        &scene,
        "v=$(semver -n minor 2>/dev/null); printf '%s' \"<$v>\"",
    )
    .prints("<0.1.0>");
}

#[test]
fn on_failure_nothing_is_answered() {
    let scene = scene("1.0.0");
    scene.write("broken.md", "nothing\n");
    for arguments in [
        &["ptch"][..],
        &["patch", "-f", "missing.md"],
        &["patch", "-f", "broken.md"],
        &["patch", "-t", "broken.md", "--json"],
        &["set", "0.1.0"],
        &["rc"],
        &["-g"],
        &["pre"],
        &["decode"],
        &["apply"],
        &["next"],
        &["sort", "x"],
        &["max", "x"],
        &["compare", "x", "1.0.0"],
        &["init", "2.0.0"],
        &["check", "-t", "broken.md"],
    ] {
        let outcome = scene.semver(arguments).run();
        assert!(outcome.code() > Some(0), "{}", outcome.transcript());
        assert!(outcome.prints_nothing().stderr().starts_with("error: "));
    }
    carries(&scene, "1.0.0");
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    let scene = Scene::new();
    let lines: Vec<String> = (0..100_000).map(|patch| format!("1.0.{patch}")).collect();
    scene.write("versions", lines.join("\n"));
    shell(
        &scene,
        "semver sort - <versions | head -n 1; exit \"${PIPESTATUS[0]}\"",
    )
    .prints("1.0.0\n")
    .says_nothing();
    shell(
        &scene,
        "semver sort - <versions | true; exit \"${PIPESTATUS[0]}\"",
    )
    .prints("")
    .says_nothing();
}

#[cfg(target_os = "linux")]
#[test]
fn an_answer_that_cannot_be_written_is_a_failure_that_says_what_was_changed() {
    let scene = scene("0.0.1");
    scene.write("VERSION", "0.0.1\n");
    shell(&scene, "semver patch -t VERSION >/dev/full").shows(
        "
        --- stderr ---
        error: failed to write the answer to stdout
        caused by: No space left on device (os error 28)
        hint: `VERSION`, `README.md` now holds `0.0.2`; only the answer was lost.
        [exit status: 1]
        ",
    );
    carries(&scene, "0.0.2");
    shell(&scene, "semver extract >/dev/full").shows(
        "
        --- stderr ---
        error: failed to write the answer to stdout
        caused by: No space left on device (os error 28)
        [exit status: 1]
        ",
    );
    shell(&scene, "semver patch -n >/dev/full 2>&1").fails(1);
    shell(&scene, "semver init >/dev/full")
        .fails(1)
        .says("failed to write the answer");
    carries(&scene, "0.0.2");
    // what is said is never needed
    shell(&scene, "semver patch -v 2>/dev/full").prints("0.0.3\n");
}

#[test]
fn closed_streams_are_no_crash() {
    let scene = scene("0.0.1");
    shell(&scene, "semver patch >&-").conceals("panicked");
    shell(&scene, "semver patch 2>&-").succeeds();
    shell(&scene, "semver patch <&-").succeeds();
    shell(&scene, "semver sort - <&-; exit 0").conceals("panicked");
    shell(&scene, "semver ptch 2>&-").fails(2);
    carries(&scene, "0.0.4");
}

#[test]
fn quiet_keeps_answers_and_errors() {
    let scene = scene("1.0.0-rc.1");
    scene
        .semver(["minor", "-q", "-n", "--exit-code"])
        .run()
        .fails(8)
        .says("--- a/README.md");
    scene
        .semver(["minor", "--quiet"])
        .run()
        .prints("1.1.0\n")
        .says_nothing();
    scene
        .semver(["-q", "-f", "missing.md"])
        .run()
        .fails(5)
        .says("error: ")
        .says("hint: ");
    scene
        .semver(["-q", "-vv", "extract"])
        .run()
        .prints("1.1.0\n")
        .says_nothing();
}

#[test]
fn verbose_explains_decisions() {
    let scene = repository("1.0.0");
    for verbose in ["-v", "-vv", "--verbose"] {
        scene
            .semver(["patch", verbose, "-n"])
            .run()
            .prints("1.0.1\n")
            .says("the version is read from `README.md`\n`README.md` gets `1.0.1`\n");
    }
    scene.script(repository::TAGS);
    scene
        .semver(["-g", "-v"])
        .run()
        .says("the highest version tag is `1.0.0-rc.1`\n");
}

#[test]
fn colour_is_a_choice() {
    let scene = scene("1.0.0");
    let fails = || scene.semver(["-f", "missing.md"]);
    fails().run().conceals("\u{1b}");
    fails().arg("--color=never").run().conceals("\u{1b}");
    fails()
        .arg("--color=always")
        .run()
        .says("\u{1b}[1m\u{1b}[31merror:\u{1b}[0m failed");
    // a choice that is typed wins over the environment
    fails()
        .arg("--color=always")
        .env("NO_COLOR", "1")
        .run()
        .says("\u{1b}[");
    scene
        .semver(["patch", "-n", "--color", "always"])
        .run()
        .prints("1.0.1\n")
        .says("\u{1b}[32m+<repo-version>1.0.1");
    if let Some(outcome) = fails().run_on_terminal() {
        assert!(outcome.stdout().contains("\u{1b}["), "{}", outcome.stdout());
    }
    if let Some(outcome) = fails().env("NO_COLOR", "1").run_on_terminal() {
        assert!(!outcome.stdout().contains('\u{1b}'), "{}", outcome.stdout());
    }
    if let Some(outcome) = scene.semver(["extract"]).run_on_terminal() {
        assert_eq!(outcome.stdout(), "1.0.0\r\n");
    }
}

#[test]
fn github_output_gets_the_facts_as_well() {
    let scene = scene("1.0.0");
    scene.write("out", "before=1\n");
    let call = scene.semver(["patch", "--github-output"]);
    call.env("GITHUB_OUTPUT", scene.path("out"))
        .run()
        .prints("1.0.1\n");
    assert_eq!(
        scene.read("out"),
        "before=1\nbuild=\nchanged=[\"README.md\"]\ndry_run=false\nmajor=1\nminor=0\npatch=1\nprerelease=\n\
         previous=1.0.0\nsource=README.md\ntag=\ntext=1.0.1\nversion=1.0.1\n"
    );
    let call = scene.semver(["compare", "1.0.0", "2.0.0", "--github-output"]);
    call.env("GITHUB_OUTPUT", scene.path("new"))
        .run()
        .prints("-1\n");
    assert_eq!(scene.read("new"), "a=1.0.0\nb=2.0.0\norder=-1\n");
}

#[test]
fn github_output_is_asked_for_before_anything_changes() {
    let scene = scene("1.0.0");
    scene.semver(["patch", "--github-output"]).run().shows(
        "
        --- stderr ---
        error: failed to give the facts to GitHub Actions: `GITHUB_OUTPUT` is not set
        hint: leave out `--github-output` outside GitHub Actions.
        [exit status: 2]
        ",
    );
    carries(&scene, "1.0.0");
    let call = scene.semver(["patch", "--github-output"]);
    call.env("GITHUB_OUTPUT", scene.path("missing/out"))
        .run()
        .shows(
            "
        --- stderr ---
        error: `$SCENE/missing/out` does not exist
        hint: `README.md` now holds `1.0.1`; only the answer was lost.
        [exit status: 1]
        ",
        );
}
