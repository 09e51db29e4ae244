//! `semver`: keeps the one version number of a repository.

use std::process::ExitCode;

use duat_shell::Build;

mod args;
mod check;
mod current;
mod facts;
mod init;
mod next;
mod order;
mod run;
mod typed;

const BUILD: Build = Build {
    name: env!("CARGO_BIN_NAME"),
    version: env!("CARGO_PKG_VERSION"),
    commit: option_env!("DUAT_COMMIT"),
    date: option_env!("DUAT_COMMIT_DATE"),
};

fn main() -> ExitCode {
    duat_shell::main::<args::Arguments>(&BUILD, run::run)
}
