//! Plays the guide: from a branch to a published release, with the real tools and with doubles of a
//! registry and of GitHub in this process. Needs nothing but Rust.
//!
//! usage: cargo run -p duat-tests --bin journey
#![expect(clippy::print_stdout, reason = "it is played for somebody to see")]

use std::path::Path;
use std::process::{Command, ExitCode};

use duat_tests::{TOOLS, session};

fn main() -> ExitCode {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let packages = TOOLS.iter().map(|tool| format!("--package=duat-{tool}"));
    let built = Command::new(env!("CARGO"))
        .args(["build", "--quiet"])
        .args(packages)
        .current_dir(&root)
        .status();
    if !built.is_ok_and(|status| status.success()) {
        return ExitCode::FAILURE;
    }
    let Ok(guide) = std::fs::read_to_string(root.join("docs/guide.md")) else {
        return ExitCode::FAILURE;
    };
    let played = session::play(&guide, |line| print!("{line}"));
    if played == guide {
        return ExitCode::SUCCESS;
    }
    println!("\nthis is not what docs/guide.md says");
    ExitCode::FAILURE
}
