//! What `semver` and `image-promote` ask the system for, as strace sees it. Counts, which are the same on every machine,
//! stand for the speed that [the benchmarks](../../docs/benchmarks.md) measure.

use std::fs;

use duat_tests::image::Image;
use duat_tests::{Scene, peer, repository};

/// Calls of the allocator, of checks in debug builds, and of ending a process: the libraries' own.
const HIDDEN: &[&str] = &[
    "brk",
    "exit_group",
    "fcntl",
    "madvise",
    "mmap",
    "mprotect",
    "mremap",
    "munmap",
    "sigaltstack",
];

/// All that `semver extract` needs, at the root of an ordinary repository.
const EXTRACT: &[&str] = &[
    // where the root is
    "getcwd",
    "statx .git",
    "statx .git/HEAD",
    "statx .git/commondir",
    "statx .git/objects",
    "statx .git/refs",
    "statx duat.toml",
    // which file carries the version
    "getcwd",
    "statx README.md",
    // whether it leads out of the repository
    "getcwd",
    "statx README.md",
    "statx README.md",
    // its content
    "statx README.md",
    "statx README.md",
    "openat README.md",
    "statx",
    "lseek",
    "read",
    "read",
    "close",
    // whether an edit was cut off
    "statx README.md",
    "statx .README.md.duat-journal",
    "write",
];

#[test]
#[ignore = "needs strace: tests/peers/run"]
fn extract_opens_the_version_file_and_nothing_of_git() {
    let scene = scene();
    assert_eq!(calls(&scene, "extract"), EXTRACT);
}

#[test]
#[ignore = "needs strace: tests/peers/run"]
fn extract_and_pre_do_not_notice_how_large_a_repository_is() {
    let scene = scene();
    let before = ["extract", "pre"].map(|command| calls(&scene, command));
    for number in 0..100 {
        let message = format!("number {number}");
        scene.git(["commit", "--quiet", "--allow-empty", "--message", &message]);
        scene.git(["tag", &format!("1.0.{number}")]);
        if number == 50 {
            scene.git(["pack-refs", "--all"]);
        }
    }
    let after = ["extract", "pre"].map(|command| calls(&scene, command));
    assert_eq!(before, after);
    let of_git = |call: &&String| call.starts_with("openat .git/");
    let mut opened: Vec<&String> = after[1].iter().filter(of_git).collect();
    opened.dedup();
    assert_eq!(opened, ["openat .git/config", "openat .git/HEAD"]);
    // an edit waits for the disk once
    assert_eq!(after[1].iter().filter(|call| *call == "fsync").count(), 1);
}

#[test]
#[ignore = "needs strace: tests/peers/run"]
fn image_promote_looks_for_nothing_of_aws_before_one_of_its_registries_is_named() {
    let scene = Scene::new();
    let marker = "<repo-version>0.0.2-main-aaaagjecrgf</repo-version>\n";
    scene.write("README.md", marker);
    scene.script(repository::MAIN);
    scene.write(scene.home().join(".aws/config"), "[default]\n");
    let image = Image::single("app", 1);
    image.write_layout(scene.path("build"), "0.0.2-main-aaaagjecrgf");
    let record = |arguments: &[&str]| {
        let record = scene.home().join("calls");
        let traced = scene.command(peer("strace")).args(["-f", "-o"]);
        let traced = traced.arg(&record);
        let tool = duat_tests::binary("image-promote");
        traced.arg(tool).args(arguments).run().succeeds();
        fs::read_to_string(&record).expect("strace has written")
    };
    // the version is told without a thread, a socket, an authority's certificate
    let version = record(&["--version"]);
    for call in ["clone", "socket(", "connect(", ".aws", "/etc/ssl"] {
        assert!(!version.contains(call), "{call}: {version}");
    }
    let places = ["--from", "oci:build", "--release-repo", "oci:release"];
    let promoted = record(&[&["server"][..], &places].concat());
    // nor are authorities read where no server is asked
    for call in [".aws", "connect(", "/etc/ssl"] {
        assert!(!promoted.contains(call), "{call}: {promoted}");
    }
}

fn scene() -> Scene {
    let scene = Scene::new();
    scene.write("README.md", "<repo-version>0.0.1</repo-version>\n");
    scene.script(repository::MAIN);
    scene
}

/// Returns what a run asks the system for once its arguments are read: the call, and the file it
/// names, seen from the scene.
fn calls(scene: &Scene, command: &str) -> Vec<String> {
    let record = scene.home().join("calls");
    let traced = scene.command(peer("strace"));
    let traced = traced.arg("-o").arg(&record);
    let traced = traced.arg(duat_tests::binary("semver")).arg(command);
    traced.run().succeeds();
    let record = fs::read_to_string(&record).expect("strace has written");
    let root = format!("{}/", scene.path("").display());
    let lines = record.lines().map(|line| line.replace(&root, ""));
    lines
        .skip_while(|line| !line.starts_with("getcwd("))
        .filter_map(|line| named(&line))
        // the way to the scene has as many links to look for as its path has parts
        .filter(|call| !call.starts_with("readlink") && !HIDDEN.contains(&call.as_str()))
        .collect()
}

fn named(line: &str) -> Option<String> {
    let (call, rest) = line.split_once('(')?;
    let path = rest.split('"').nth(1).filter(|path| !path.is_empty());
    let named = match path {
        Some(path) if ["openat", "statx", "rename", "readlink"].contains(&call) => {
            format!("{call} {path}")
        }
        _ => call.to_owned(),
    };
    Some(named)
}
