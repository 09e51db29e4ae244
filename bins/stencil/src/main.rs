//! `stencil`: renders templates with the version and the git context in reach.

use std::process::ExitCode;

use duat_shell::Build;

mod args;
mod cloud;
mod convert;
mod explain;
mod host;
mod job;
mod landing;
mod listing;
mod render;
mod report;
mod run;
mod stdin;
mod tree;
mod validation;
mod values;
mod watch;

const BUILD: Build = Build {
    name: env!("CARGO_BIN_NAME"),
    version: env!("CARGO_PKG_VERSION"),
    commit: option_env!("DUAT_COMMIT"),
    date: option_env!("DUAT_COMMIT_DATE"),
};

fn main() -> ExitCode {
    duat_shell::main::<args::Arguments>(&BUILD, run::run)
}
