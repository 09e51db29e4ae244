//! Puts the commit a binary is built from into it, for `--version`. Shared by all tools.
//!
//! Without git, or outside a repository, it says nothing and the tools name their version alone.

use std::path::{Path, PathBuf};
use std::process::Command;

fn main() {
    println!("cargo:rerun-if-changed=../../build.rs");
    println!("cargo:rerun-if-env-changed=SOURCE_DATE_EPOCH");
    for path in watched() {
        println!("cargo:rerun-if-changed={}", path.display());
    }
    // an unpacked archive may lie in somebody else's repository
    if git(&["ls-files", "--error-unmatch", "../../build.rs"]).is_none() {
        return;
    }
    let Some(text) = git(&["log", "-1", "--date=short", "--abbrev=9", "--format=%h %cd"]) else {
        return;
    };
    if let Some((commit, date)) = text.split_once(' ') {
        println!("cargo:rustc-env=DUAT_COMMIT={commit}");
        println!("cargo:rustc-env=DUAT_COMMIT_DATE={date}");
    }
}

/// The files that change when HEAD names another commit; also right in a linked worktree.
fn watched() -> Vec<PathBuf> {
    let path = |name: &str| git(&["rev-parse", "--git-path", name]).map(PathBuf::from);
    let branch = git(&["symbolic-ref", "-q", "HEAD"]);
    [
        path("HEAD"),
        branch.as_deref().and_then(path),
        path("packed-refs"),
    ]
    .into_iter()
    .flatten()
    .filter(|path| Path::new(path).exists())
    .collect()
}

fn git(arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").args(arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}
