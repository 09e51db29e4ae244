//! The same mistake made with each tool.

use duat_tests::{Call, Outcome, Scene, TOOLS, repository};

/// Returns a repository whose README carries a version.
fn scene() -> Scene {
    let scene = Scene::new();
    scene.write(
        "README.md",
        "<repo-version>1.2.3-main-aaaagjecrgf</repo-version>\n",
    );
    scene.script(repository::MAIN);
    scene
}

/// Returns a call that asks a tool for the version and would not write, with nobody to be reached.
fn call<'s>(scene: &'s Scene, tool: &str) -> Call<'s> {
    let call = scene.tool(tool);
    match tool {
        "stencil" => call.args(["eval", "duat.version"]),
        "image-promote" => call.args(["plan", "--release-repo", "oci:release"]),
        "github-release" => call
            .args(["plan", "--api-url", "http://localhost:1"])
            .env("GITHUB_TOKEN", "secret"),
        _ => call.arg("extract"),
    }
}

/// Makes the same mistake with each tool; returns what came of it.
fn mistake(spoil: impl Fn(&Scene), arguments: &[&str]) -> Vec<(&'static str, Outcome)> {
    let made = TOOLS.map(|tool| {
        let scene = scene();
        spoil(&scene);
        (tool, call(&scene, tool).args(arguments).run())
    });
    Vec::from(made)
}

/// Asserts that all tools say so, with this exit code.
#[track_caller]
fn all_say(made: &[(&str, Outcome)], code: i32, expected: &str) {
    for (tool, outcome) in made {
        outcome.fails(code).prints_nothing();
        let said = outcome.stderr();
        // stencil says it at the place in the template that asked
        let said = match *tool {
            "stencil" => in_a_template(said),
            _ => said.to_owned(),
        };
        assert_eq!(said, expected, "{tool}: {}", outcome.transcript());
    }
}

/// Returns what stencil says of a lookup, without where it was asked for.
fn in_a_template(said: &str) -> String {
    let said = said.replace("error: `duat.version` could not be looked up: ", "error: ");
    let place = |line: &&str| line.starts_with(' ') || line.starts_with("1 |");
    let lines: Vec<&str> = said.split('\n').filter(|line| !place(line)).collect();
    lines.join("\n")
}

#[test]
fn an_option_that_nobody_knows() {
    for (_, outcome) in mistake(|_| (), &["--nonsense"]) {
        let outcome = outcome.fails(2).prints_nothing();
        outcome
            .says("error: unexpected argument '--nonsense' found\n")
            .says("\nUsage: ");
    }
}

#[test]
fn a_value_that_an_option_does_not_have() {
    let said = "error: invalid value 'purple' for '--color <WHEN>'\n  [possible values: auto, always, \
                never]\n\nFor more information, try '--help'.\n";
    for (_, outcome) in mistake(|_| (), &["--color", "purple"]) {
        assert_eq!(outcome.fails(2).prints_nothing().stderr(), said);
    }
}

#[test]
fn a_file_that_is_not_there() {
    let said = "error: failed to find the version: none of `none.md` exists\n\
                hint: name the file that carries the version with `--file`.\n";
    all_say(&mistake(|_| (), &["--file", "none.md"]), 5, said);
}

#[test]
fn a_folder_that_is_not_there() {
    let said =
        "error: `none` does not exist\nhint: name a directory in a repository with `--git`.\n";
    all_say(&mistake(|_| (), &["--git", "none"]), 5, said);
}

#[test]
fn no_version_file() {
    let made = mistake(|scene| scene.remove("README.md"), &[]);
    let hint = "hint: `semver init` writes a first one; `--file` names another file.\n";
    for (tool, outcome) in &made {
        outcome
            .fails(5)
            .says("none of `README.md`, `README.adoc`, `VERSION` exists in `");
        assert!(
            outcome.stderr().ends_with(hint),
            "{tool}: {}",
            outcome.transcript()
        );
    }
}

#[test]
fn a_file_without_a_version() {
    let said = "error: README.md: no version here: expected `<repo-version>`, or a line with a version \
                and `x-release-please-version`\n\
                hint: `semver init` writes a first one; `--file` names another file.\n";
    all_say(
        &mistake(|scene| scene.write("README.md", "hello\n"), &[]),
        5,
        said,
    );
}

#[test]
fn a_version_that_is_none() {
    let spoil = |scene: &Scene| scene.write("README.md", "<repo-version>abc</repo-version>\n");
    let said = "error: README.md:1:15: `abc` is not a version: unexpected `a` at character 1\n";
    all_say(&mistake(spoil, &[]), 1, said);
}

#[test]
fn a_configuration_with_a_slip() {
    let spoil = |scene: &Scene| scene.write("duat.toml", "[version]\nfil = \"x\"\n");
    let said = "error: duat.toml:2:1: unknown key `fil`\nhint: did you mean `file`?\n";
    all_say(&mistake(spoil, &[]), 1, said);
}

#[test]
fn a_configuration_that_is_no_toml() {
    let spoil = |scene: &Scene| scene.write("duat.toml", "[version\n");
    all_say(
        &mistake(spoil, &[]),
        1,
        "error: duat.toml:1:9: unclosed table, expected `]`\n",
    );
}
