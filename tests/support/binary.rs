//! Where our own programs are.

use std::env;
use std::path::PathBuf;

/// Returns the path of our binary `name`, built by the same `cargo test` as the caller.
///
/// Cargo puts test executables into `target/<profile>/deps`, and binaries, of which the caller may be
/// one, beside that folder.
///
/// # Panics
///
/// When it is not there: Cargo builds a binary for the tests of its own package only, and all of
/// them when tests are run at the root.
#[track_caller]
pub fn binary(name: &str) -> PathBuf {
    let test = env::current_exe().expect("the test executable has a path");
    let folder = test.parent().expect("an executable is in a folder");
    let profile = if folder.ends_with("deps") {
        folder.parent().expect("a profile has a folder")
    } else {
        folder
    };
    let path = profile.join(format!("{name}{}", env::consts::EXE_SUFFIX));
    assert!(
        path.is_file(),
        "the binary `{name}` is not built: no file {}\nhint: run `cargo test` at the root",
        path.display()
    );
    path
}

/// Returns the folder of our binaries.
///
/// # Panics
///
/// As [`binary`].
#[track_caller]
pub fn binaries() -> PathBuf {
    let semver = binary("semver");
    semver
        .parent()
        .expect("a program is in a folder")
        .to_owned()
}
