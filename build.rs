//! Puts the commit a binary is built from into it, for `--version`, and says how a release is linked.
//! Shared by all tools.
//!
//! Without git, or outside a repository, it says nothing and the tools name their version alone.

use std::path::{Path, PathBuf};
use std::process::Command;

fn main() {
    println!("cargo:rerun-if-changed=../../build.rs");
    println!("cargo:rerun-if-env-changed=SOURCE_DATE_EPOCH");
    link();
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

/// Says how a release for Linux is linked. It aborts where it panics: it needs no index by which a
/// stack is unwound.
#[expect(
    clippy::disallowed_methods,
    reason = "that is how cargo speaks to a build script"
)]
fn link() {
    let is = |name: &str, value: &str| std::env::var(name).is_ok_and(|text| text == value);
    if !is("PROFILE", "release") || !is("CARGO_CFG_TARGET_OS", "linux") {
        return;
    }
    println!("cargo:rustc-link-arg-bins=-Wl,--no-eh-frame-hdr");
    // as .ci/release-flags asks for it; a linker of one's own may not take a script
    let flags = std::env::var("CARGO_ENCODED_RUSTFLAGS").unwrap_or_default();
    let folder = std::env::var("CARGO_MANIFEST_DIR").unwrap_or_default();
    if flags.contains("force-unwind-tables=no") {
        let script = Path::new(&folder).join("../../.ci/release.ld");
        println!("cargo:rustc-link-arg-bins=-Wl,-T,{}", script.display());
        println!("cargo:rerun-if-changed={}", script.display());
        if is("CARGO_CFG_TARGET_ENV", "gnu") {
            // what is called libgcc_s there is taken for it: one library less to be loaded
            let libraries = Path::new(&folder).join("../../.ci/link");
            println!("cargo:rustc-link-arg-bins=-L{}", libraries.display());
            println!("cargo:rerun-if-changed={}", libraries.display());
        }
    }
    if is("CARGO_CFG_TARGET_ENV", "gnu") && is("CARGO_PKG_NAME", "duat-stencil") {
        // a render is over sooner than the loader has moved a hundred pages to where they lie
        println!("cargo:rustc-link-arg-bins=-no-pie");
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
