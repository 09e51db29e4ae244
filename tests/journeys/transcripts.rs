//! The sessions in README.md and docs/ are what a user gets.
//!
//! Every block marked `console` is typed, a line behind `$ ` at a time, all blocks of a file in one
//! scene, at one instant; what follows must be what is printed, stdout and stderr together.
//! `DUAT_BLESS=1 cargo test` writes it down anew, for `git diff` to show.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a document that cannot be read, played or blessed has failed"
)]

use std::fs;
use std::path::{Path, PathBuf};

use duat_tests::{Scene, binary};

/// 2019-04-04T00:38:00Z, the stamp `aaaagjecrgf`.
const INSTANT: u64 = 1_554_338_280;
const FENCE: &str = "```";

#[test]
fn readme_tells_the_truth() {
    check("README.md");
}

#[test]
fn the_guide_tells_the_truth() {
    check("docs/guide.md");
}

#[test]
fn the_reference_of_semver_tells_the_truth() {
    check("docs/reference/semver.md");
}

#[test]
fn the_reference_of_stencil_tells_the_truth() {
    check("docs/reference/stencil.md");
}

#[test]
fn the_reference_of_github_release_tells_the_truth() {
    check("docs/reference/github-release.md");
}

#[test]
fn the_reference_of_image_promote_tells_the_truth() {
    check("docs/reference/image-promote.md");
}

#[test]
fn the_page_of_go_templates_tells_the_truth() {
    check("docs/reference/go-templates.md");
}

#[track_caller]
fn check(name: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name);
    let written = fs::read_to_string(&path).unwrap();
    let played = play(&written);
    if written == played {
        return;
    }
    if std::env::var_os("DUAT_BLESS").is_some() {
        fs::write(&path, played).unwrap();
        return;
    }
    let difference = written
        .lines()
        .zip(played.lines())
        .find(|(written, played)| written != played);
    let (written, played) = difference.unwrap_or(("(the end)", "(more)"));
    panic!(
        "{name} does not tell the truth\n  it says:  {written}\n  it is:    {played}\nhint: `DUAT_BLESS=1 cargo test -p duat-tests` writes it anew"
    );
}

/// Returns the document with every answer as it comes out now.
fn play(document: &str) -> String {
    let scene = Scene::new();
    let mut played = String::new();
    let mut in_session = false;
    for line in document.split_inclusive('\n') {
        let text = line.trim_end();
        if in_session && text != FENCE {
            if let Some(command) = text.strip_prefix("$ ") {
                played.push_str(line);
                played.push_str(&type_in(&scene, command));
            }
            continue;
        }
        in_session = text == "```console";
        played.push_str(line);
    }
    played
}

/// Returns what a shell prints for one line.
fn type_in(scene: &Scene, line: &str) -> String {
    let programs: PathBuf = binary("semver").parent().unwrap().to_owned();
    let path = std::env::join_paths([
        programs,
        PathBuf::from("/usr/local/bin"),
        PathBuf::from("/usr/bin"),
        PathBuf::from("/bin"),
    ])
    .unwrap();
    let outcome = scene
        .command("/bin/bash")
        .args(["-c", &format!("exec 2>&1; {line}")])
        .env("PATH", path)
        .at(INSTANT)
        .run();
    // documents hold no blanks at the ends of lines, as a diff has them
    let lines = scene.portable(outcome.stdout());
    let text: String = lines
        .lines()
        .flat_map(|line| [line.trim_end(), "\n"])
        .collect();
    // a shell does not print the code; a line of its own says it
    match outcome.code() {
        Some(0) => text,
        code => format!("{text}[exit status: {}]\n", code.unwrap_or_default()),
    }
}
