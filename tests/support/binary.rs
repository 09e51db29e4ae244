//! Where our own programs are.

use std::env;
use std::path::PathBuf;

/// Returns the path of our binary `name`, built by the same `cargo test` as the caller.
///
/// Cargo puts test executables into `target/<profile>/deps` and binaries beside that folder.
///
/// # Panics
///
/// When it is not there: Cargo builds a binary for the tests of its own package only, and all of
/// them when tests are run at the root.
#[track_caller]
pub fn binary(name: &str) -> PathBuf {
    let test = env::current_exe().expect("the test executable has a path");
    let path = test
        .ancestors()
        .nth(2)
        .expect("the test executable is in target/<profile>/deps")
        .join(format!("{name}{}", env::consts::EXE_SUFFIX));
    assert!(
        path.is_file(),
        "the binary `{name}` is not built: no file {}\nhint: run `cargo test` at the root",
        path.display()
    );
    path
}
