//! The programs our answers are compared with.

use std::env;
use std::path::PathBuf;

/// Returns where a peer is: the path in `DUAT_PEER_<NAME>` (`env-ci` is `DUAT_PEER_ENV_CI`), else
/// the program `name` in `PATH`.
///
/// # Panics
///
/// When there is none. Tests that need a peer are ignored by default, so nobody meets this who has
/// not asked for them.
#[track_caller]
pub fn peer(name: &str) -> PathBuf {
    if let Some(path) = exported(name) {
        assert!(
            path.exists(),
            "{} names {}, which does not exist",
            variable(name),
            path.display()
        );
        return path;
    }
    let file = format!("{name}{}", env::consts::EXE_SUFFIX);
    let search = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&search)
        .map(|directory| directory.join(&file))
        .find(|path| path.is_file())
        .unwrap_or_else(|| {
            panic!(
                "the peer `{name}` is neither in {} nor in PATH\nhint: run `tests/peers/run`, whose \
                 step `{name}` installs it",
                variable(name)
            )
        })
}

/// Returns the path that `tests/peers/run` exported for a peer, if it did.
///
/// For the rare peer that cannot be had everywhere: its test falls back to recorded answers.
pub fn exported(name: &str) -> Option<PathBuf> {
    env::var_os(variable(name))
        .filter(|path| !path.is_empty())
        .map(PathBuf::from)
}

fn variable(name: &str) -> String {
    format!("DUAT_PEER_{}", name.to_uppercase().replace('-', "_"))
}
