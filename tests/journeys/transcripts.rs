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
use std::path::Path;

use duat_tests::session;

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

#[test]
fn the_recipes_tell_the_truth() {
    check("docs/recipes.md");
}

#[track_caller]
fn check(name: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name);
    let written = fs::read_to_string(&path).unwrap();
    let played = session::play(&written, |_| {});
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
