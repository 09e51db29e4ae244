//! How duat is released, as `docs/releasing.md` has it typed, on a copy of this repository.
//!
//! `.ci/package` is stood in for, since it builds all tools, and so is `git push`, which leads to the
//! double of GitHub.

#![expect(
    clippy::unwrap_used,
    reason = "a repository that cannot be copied, or a page without its recipe, has failed"
)]

use std::fs;
use std::path::{Path, PathBuf};

use duat_tests::github::GitHub;
use duat_tests::{Call, Scene, binaries, repository};

/// What of this repository a release reads or changes.
const READ: [&str; 9] = [
    ".gitignore",
    ".ci/freshen",
    "Cargo.toml",
    "Cargo.lock",
    "README.md",
    "VERSION",
    "duat.toml",
    "docs/releasing.md",
    "docs/ci",
];
const PACKAGE: &str = "#!/bin/sh\nmkdir dist && cd dist && echo a | tee a.tar.gz b.deb > c.json\n";
const CHANGELOG: &str = "# Changelog\n\n## Unreleased\n\n- new\n\n## 0.0.1\n\n- old\n";
/// Notes that something is pushed; nothing else of git is another.
const PUSH: &str =
    r#"git() { if [ "$1" = push ]; then echo "$*" > "$HOME/pushed"; else command git "$@"; fi; }"#;

#[test]
fn the_recipe_makes_a_release_that_the_gate_finds_fresh() {
    let scene = copy();
    let (before, after) = recipe(&scene);
    let old = scene.semver(["extract"]).run();
    let shell = |script: &str| shell(&scene, &format!("set -e\n{PUSH}\n{script}"));
    shell(&before).run().succeeds();

    let version = scene.semver(["extract"]).run().stdout().to_owned();
    assert_ne!(version, old.stdout());
    let version = version.trim_end();
    scene.semver(["check", "--tag", version]).run().succeeds();
    let pushed = fs::read_to_string(scene.home().join("pushed")).unwrap();
    assert_eq!(pushed, format!("push origin main {version}\n"));
    // all that carries the version was in the commit, and nothing else was left over
    shell("git status --porcelain; .ci/freshen --check")
        .run()
        .prints("")
        .says_nothing();
    let locks =
        shell("git grep -n -A1 -E 'name = \"(duat|gotemplate)' -- '*/fuzz/Cargo.lock'").run();
    let ours = locks
        .succeeds()
        .stdout()
        .matches(&format!("\"{version}\""))
        .count();
    let theirs = locks.stdout().matches("\"0.0.0\"").count();
    assert!(ours > 0 && theirs > 0, "{}", locks.stdout());
    assert_eq!(
        2 * (ours + theirs),
        locks.stdout().lines().filter(|line| *line != "--").count()
    );

    let github = GitHub::start();
    let there = github.repository("owner/tool").push(&scene);
    let publish = || {
        shell(&after)
            .env("GITHUB_TOKEN", GitHub::TOKEN)
            .env("GITHUB_API_URL", github.api_url())
            .run()
    };
    publish().succeeds();
    let release = there.release();
    assert!(!release.draft);
    assert_eq!(release.tag, version);
    let names: Vec<&str> = release
        .assets
        .iter()
        .map(|asset| asset.name.as_str())
        .collect();
    assert_eq!(names.len(), 4, "{names:?}");
    assert_eq!(release.body.as_deref(), Some("- new"));
    let writes = github.writes();
    publish().succeeds();
    assert_eq!(github.writes(), writes);
}

#[test]
fn what_is_stale_is_said_and_left_alone() {
    let scene = copy();
    scene.semver(["patch", "--quiet"]).run().succeeds();
    let before = scene.git(["status", "--porcelain"]);
    let outcome = shell(&scene, ".ci/freshen --check").run();
    outcome
        .fails(8)
        .says("duat/fuzz/Cargo.lock: a package of ours is not");
    for page in ["github.yml", "Jenkinsfile", "actions/stencil/action.yml"] {
        outcome.says(&format!("+++ b/docs/ci/{page}"));
    }
    assert_eq!(scene.git(["status", "--porcelain"]), before);
    shell(&scene, ".ci/freshen --chekc").run().fails(2);
}

/// Returns a repository with the files of this one that a release is about.
fn copy() -> Scene {
    let scene = Scene::new();
    for name in READ {
        copy_to(&scene, name, |_| true);
    }
    for folder in ["crates", "bins", "tests"] {
        copy_to(&scene, folder, |name| {
            name.ends_with("/Cargo.toml") || name.ends_with("/Cargo.lock")
        });
    }
    scene.write(".ci/package", PACKAGE);
    scene.write("docs/changelog.md", CHANGELOG);
    let programs = [".ci/package", ".ci/freshen"];
    scene
        .command("chmod")
        .arg("+x")
        .args(programs)
        .run()
        .succeeds();
    scene.script(repository::MAIN);
    scene
}

/// Copies a file, or the files below a folder that are wanted.
fn copy_to(scene: &Scene, name: &str, wanted: fn(&str) -> bool) {
    let path = root().join(name);
    if !path.is_dir() {
        scene.write(name, fs::read(path).unwrap());
        return;
    }
    for entry in fs::read_dir(path).unwrap() {
        let entry = entry.unwrap();
        let below = format!("{name}/{}", entry.file_name().to_str().unwrap());
        if entry.path().is_dir() {
            if entry.file_name() != "target" {
                copy_to(scene, &below, wanted);
            }
        } else if wanted(&below) {
            scene.write(&below, fs::read(entry.path()).unwrap());
        }
    }
}

/// Returns what is typed up to the push, and what is typed after it.
fn recipe(scene: &Scene) -> (String, String) {
    let page = scene.read("docs/releasing.md");
    let block = page.split("```sh\n").nth(1).unwrap();
    let block = block.split("```").next().unwrap();
    let push = block.find("git push").unwrap();
    let end = push + block[push..].find('\n').unwrap() + 1;
    (block[..end].to_owned(), block[end..].to_owned())
}

/// Returns a call of a shell that finds the tools.
fn shell<'scene>(scene: &'scene Scene, script: &str) -> Call<'scene> {
    let call = scene.command("/bin/bash").args(["-c", script]);
    call.programs_in(binaries())
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_owned()
}
