//! This repository's own files.

use std::fs;
use std::path::{Path, PathBuf};

use duat_tests::{Scene, repository};

use crate::INSTANT;

/// The files that carry our version, and those that tell which packages move.
fn files() -> Vec<PathBuf> {
    let root = root();
    let mut files: Vec<PathBuf> = [
        "README.md",
        "VERSION",
        "Cargo.toml",
        "Cargo.lock",
        "duat.toml",
    ]
    .map(PathBuf::from)
    .to_vec();
    for folder in ["crates", "bins"] {
        for entry in fs::read_dir(root.join(folder)).unwrap() {
            let manifest = Path::new(folder)
                .join(entry.unwrap().file_name())
                .join("Cargo.toml");
            if root.join(&manifest).is_file() {
                files.push(manifest);
            }
        }
    }
    files.push("tests/Cargo.toml".into());
    files
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

#[test]
fn pre_stamps_them_together_and_release_brings_them_back() {
    let scene = Scene::new();
    for name in files() {
        scene.write(&name, fs::read(root().join(&name)).unwrap());
    }
    scene.script(repository::MAIN);
    let version = scene.read("VERSION").trim().to_owned();
    scene
        .semver(["check"])
        .run()
        .prints(&format!("{version}\n"));
    scene.semver(["release"]).run().succeeds();

    let stamped = format!("{version}-main-aaaagjecrgf");
    let before: Vec<Vec<u8>> = files().iter().map(|name| scene.read_bytes(name)).collect();
    scene
        .semver(["pre"])
        .at(INSTANT)
        .run()
        .prints(&format!("{stamped}\n"))
        .says_nothing();
    assert_eq!(
        scene.git(["diff", "--name-only"]),
        "Cargo.lock\nCargo.toml\nREADME.md\nVERSION"
    );
    for name in ["README.md", "VERSION", "Cargo.toml", "Cargo.lock"] {
        assert!(scene.read(name).contains(&stamped), "{name}");
    }
    scene
        .semver(["check"])
        .run()
        .prints(&format!("{stamped}\n"));
    // every package of ours in the lock file, and no other
    let lock = scene.read("Cargo.lock");
    let ours = lock
        .matches("name = \"duat")
        .chain(lock.matches("name = \"gotemplate\""))
        .count();
    assert_eq!(lock.matches(&stamped).count(), ours);

    scene
        .semver(["release"])
        .run()
        .prints(&format!("{version}\n"));
    let after: Vec<Vec<u8>> = files().iter().map(|name| scene.read_bytes(name)).collect();
    assert!(before == after);
    assert_eq!(scene.git(["status", "--short"]), "");
}
