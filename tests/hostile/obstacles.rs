//! What stands in the way and is no file: nothing waits for it, and nothing is done to it.

use std::fs;

use crate::trap::{INSIDE, Trap};

/// Puts an obstacle where something is looked for.
fn obstruct(trap: &Trap, kind: &str, path: &str) {
    let real = trap.scene.path(INSIDE).join(path);
    let _ = fs::remove_file(&real);
    fs::create_dir_all(real.parent().unwrap()).unwrap();
    match kind {
        "folder" => fs::create_dir(&real).unwrap(),
        "pipe" => {
            let made = trap.scene.command("mkfifo").arg(&real).run();
            made.succeeds();
        }
        target => std::os::unix::fs::symlink(target, &real).unwrap(),
    }
}

const KINDS: [&str; 6] = [
    "folder",
    "pipe",
    "/dev/zero",
    "/dev/tty",
    "nowhere",
    "README.md",
];

#[test]
fn nothing_waits_for_what_is_no_file() {
    for kind in KINDS {
        for path in [
            "README.md",
            "VERSION",
            "duat.toml",
            "CHANGELOG.md",
            "page.in",
            "page",
            "dist/app",
            ".git/HEAD",
            ".git/config",
            ".git/packed-refs",
            ".git/shallow",
            ".git/commondir",
            ".git/refs/heads/main",
            ".git/refs/tags/1.0.0",
            ".git/refs/tags/2.0.0",
            ".README.md.duat-new",
            ".README.md.duat-old",
            ".README.md.duat-journal",
        ] {
            let trap = Trap::new();
            obstruct(&trap, kind, path);
            trap.run_all();
            trap.bears("github-release", &["plan", "--notes-from", "changelog"]);
        }
    }
}

#[test]
fn a_git_that_is_no_file_is_no_repository() {
    for kind in KINDS {
        let trap = Trap::new();
        fs::remove_dir_all(trap.scene.path(INSIDE).join(".git")).unwrap();
        obstruct(&trap, kind, ".git");
        trap.run_all();
    }
}

#[test]
fn options_that_name_no_file_do_not_wait_either() {
    for kind in KINDS {
        let trap = Trap::new();
        obstruct(&trap, kind, "x");
        for (tool, arguments) in [
            ("semver", &["-f", "x", "patch"][..]),
            ("semver", &["patch", "-t", "x"]),
            ("semver", &["init", "-f", "x"]),
            ("stencil", &["-i", "x"]),
            ("stencil", &["-i", "page.in", "-o", "x"]),
            ("stencil", &["-i", "page.in", "--values", "x"]),
            ("stencil", &["-i", "page.in", "--set-file", "a=x"]),
            ("stencil", &["-i", "page.in", "--secret-file", "a=x"]),
            ("stencil", &["-i", "page.in", "--schema", "x"]),
            (
                "stencil",
                &["-i", "page.in", "-o", "page", "--depfile", "x"],
            ),
            ("stencil", &["--input-dir", "x", "--output-dir", "out"]),
            ("image-promote", &["app", "--authfile", "x"]),
            ("image-promote", &["app", "--cacert", "x"]),
            ("image-promote", &["app", "--from", "oci:x"]),
            ("image-promote", &["app", "--from", "oci-archive:x"]),
            ("image-promote", &["app", "--from", "docker-archive:x"]),
            ("image-promote", &["app", "--release-repo", "oci:x"]),
            ("image-promote", &["app", "--release-repo", "oci-archive:x"]),
            ("github-release", &["plan", "x"]),
            ("github-release", &["plan", "--notes-file", "x"]),
            ("github-release", &["plan", "--cacert", "x"]),
        ] {
            // one that is named is waited for: `--authfile <(…)` is a pipe
            if kind == "pipe" && arguments.contains(&"--authfile") {
                continue;
            }
            trap.bears(tool, arguments);
        }
    }
}
