//! Puts the commit a binary is built from into it, for `--version`, and keeps releases small. Shared by
//! all tools.
//!
//! Without git, or outside a repository, the tools name their version alone.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

/// What the linker leaves out.
const NO_UNWINDING: &str =
    "SECTIONS { /DISCARD/ : { *(.eh_frame) *(.eh_frame_hdr) } } INSERT AFTER .text;";

fn main() {
    keep_small();
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

/// Leaves out of a release what tells how to unwind the stack, a tenth of the whole: it aborts where it
/// panics, and has no symbols to name. Functions with the same code are kept once.
///
/// Only with the linker that Rust brings along, which is known to understand.
#[expect(
    clippy::disallowed_methods,
    reason = "cargo speaks to a build script in variables, and lends it a folder"
)]
fn keep_small() {
    let is = |name: &str, value: &str| env::var(name).is_ok_and(|found| found == value);
    let chosen = ["RUSTC_LINKER", "CARGO_ENCODED_RUSTFLAGS"]
        .into_iter()
        .any(|name| env::var_os(name).is_some_and(|value| !value.is_empty()));
    if chosen || !is("PROFILE", "release") || !is("TARGET", "x86_64-unknown-linux-gnu") {
        return;
    }
    let Some(folder) = env::var_os("OUT_DIR").map(PathBuf::from) else {
        return;
    };
    let script = folder.join("release.ld");
    if fs::write(&script, NO_UNWINDING).is_ok() {
        println!("cargo:rustc-link-arg-bins=-Wl,-T,{}", script.display());
        println!("cargo:rustc-link-arg-bins=-Wl,--icf=all");
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
