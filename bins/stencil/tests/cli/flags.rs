//! Flags as the predecessor had them, and as everybody has them.

use duat_tests::Scene;

use crate::repository;

#[test]
fn the_predecessors_command_lines_run() {
    let scene = repository();
    scene.write("a.in", "{{ duat.version }} {{ tag }} {{ duat.module }}\n");
    let before = [
        "-input",
        "a.in",
        "-output",
        "a",
        "-values",
        "tag=1.2,env=\"prod\"",
    ];
    let call = scene
        .stencil(before)
        .args(["-f", "README.md,README.adoc", "-module", "server"]);
    call.run().prints("");
    assert_eq!(scene.read("a"), "1.2.3-rc.1 1.2 server\n");
    let call = scene.stencil(["-input=a.in", "-values=tag=1", "-module=m", "-v=false"]);
    call.run().prints("1.2.3-rc.1 1 m\n").says_nothing();
    let call = scene.stencil(["-v", "-input", "a.in", "-values", "tag=1", "-module", "m"]);
    call.run()
        .prints("1.2.3-rc.1 1 m\n")
        .says("the version is read from `README.md`\n");
}

#[test]
fn warnings_are_kept_quiet_or_made_errors() {
    // outside of a repository; the template does without the branch
    let scene = Scene::new();
    let call = |more: &[&str]| {
        let call = scene.stencil(more);
        call.stdin("{{ duat.gitBranch | default(value=\"none\") }}\n")
            .run()
    };
    call(&[])
        .prints("none\n")
        .says("warning: `duat.gitBranch` could not be looked up: ");
    for flag in [
        "-supress-warnings",
        "--supress-warnings",
        "--suppress-warnings",
    ] {
        call(&[flag]).prints("none\n").says_nothing();
    }
    // it used to fail always
    call(&["-error-warnings"])
        .fails(1)
        .prints_nothing()
        .says("error: `duat.gitBranch` could not be looked up: ");
    let call = scene.stencil(["-error-warnings"]);
    call.stdin("fine\n").run().prints("fine\n").says_nothing();
}

#[test]
fn every_option_has_a_twin_in_the_environment() {
    let scene = Scene::new();
    scene.write("a.in", "[[ x ]]\n");
    let call = scene.stencil([] as [&str; 0]);
    call.env("DUAT_STENCIL_INPUT", "a.in")
        .env("DUAT_STENCIL_SET", "x=1")
        .env("DUAT_STENCIL_DELIMS", "[[ ]]")
        .run()
        .prints("1\n");
    // words that other programs use are not ours
    let call = scene.stencil([] as [&str; 0]).stdin("x\n");
    call.env("INPUT", "no")
        .env("VALUES", "no")
        .env("OUTPUT", "no")
        .run()
        .prints("x\n");
}

#[test]
fn the_version_and_the_help_are_where_people_look() {
    let scene = Scene::new();
    for flag in ["--version", "-V", "-version"] {
        let outcome = scene.stencil([flag]).run();
        assert!(outcome.succeeds().stdout().starts_with("stencil 0."));
    }
    for flag in ["--help", "-h", "-help"] {
        scene.stencil([flag]).run().succeeds().says_nothing();
    }
    let outcome = scene.stencil(["--completions", "bash"]).run();
    assert!(outcome.succeeds().stdout().contains("--secret-file"));
    let outcome = scene.stencil(["--man"]).run();
    assert!(outcome.succeeds().stdout().starts_with(".ie"));
}

#[test]
fn a_wrong_call_is_said() {
    let scene = Scene::new();
    scene
        .stencil(["--inptu", "a"])
        .run()
        .fails(2)
        .says("a similar argument exists: '--input'");
    scene
        .stencil(["--dialect", "jinja"])
        .run()
        .fails(2)
        .says("possible values: auto");
    scene.stencil(["--now", "tomorrow"]).run().shows(
        "
        --- stderr ---
        error: failed to read `--now tomorrow`: it is neither RFC 3339 nor seconds
        hint: write it as `2026-11-21T10:00:00Z`.
        [exit status: 2]
        ",
    );
}

#[test]
fn an_option_that_a_command_would_not_heed_is_a_wrong_call() {
    let scene = Scene::new();
    let rendering = [
        "--watch",
        "--validate=auto",
        "--depfile=d",
        "--strict-values",
    ];
    let landing = ["--check", "--diff", "--dry-run", "--chmod=755"];
    let files = ["--input=a.in", "--output=a", "--in-place"];
    let reading = ["--dialect=go", "--delims=[[ ]]", "--template-path=."];
    for (command, refused) in [
        ("convert", &[&rendering[..]][..]),
        ("explain", &[&rendering, &landing]),
        ("vars", &[&rendering, &landing, &files]),
        ("eval", &[&rendering, &landing, &files]),
        ("values", &[&rendering, &landing, &files, &reading]),
        ("functions", &[&rendering, &landing, &files]),
    ] {
        for option in refused.iter().copied().flatten() {
            let name = option.split('=').next().unwrap_or_default();
            let outcome = scene.stencil([command, option]).run();
            outcome
                .fails(2)
                .prints_nothing()
                .says(&format!("error: unexpected argument '{name}' found"));
        }
    }
    // a twin is about the commands that have the option
    let call = scene.stencil(["eval", "1 + 1"]);
    call.env("DUAT_STENCIL_WATCH", "true")
        .env("DUAT_STENCIL_CHECK", "true")
        .run()
        .prints("2\n")
        .says_nothing();
}

#[test]
fn every_command_with_values_holds_them_to_their_schema() {
    let scene = Scene::new();
    scene.write("a.in", "{{ a }}\n");
    scene.write("a.gotmpl", "{{ .a }}\n");
    scene.write(
        "s.json",
        "{\"properties\": {\"a\": {\"type\": \"integer\"}}}",
    );
    for command in [
        &["-i", "a.in"][..],
        &["vars", "a.in"],
        &["values"],
        &["eval", "a"],
        &["explain", "out:1", "-i", "a.in"],
        &["convert", "a.gotmpl"],
    ] {
        let call = |value: &str| {
            let call = scene.stencil(command);
            call.args(["--schema", "s.json", "--set", value]).run()
        };
        call("a=1").succeeds();
        call("a=x").fails(1).prints_nothing().says("integer");
    }
}
