//! `github-release`: turns the version into a GitHub release with verified assets.

use std::process::ExitCode;

use duat_shell::Build;

mod address;
mod api;
mod args;
mod asset;
mod body;
mod desired;
mod draft;
mod input;
mod latest;
mod life;
mod local;
mod media;
mod model;
mod name;
mod notes;
mod observe;
mod pace;
mod plan;
mod prune;
mod publish;
mod report;
mod repository;
mod run;
mod session;
mod sign;
mod token;
mod upload;
mod verify;

const BUILD: Build = Build {
    name: env!("CARGO_BIN_NAME"),
    version: env!("CARGO_PKG_VERSION"),
    commit: option_env!("DUAT_COMMIT"),
    date: option_env!("DUAT_COMMIT_DATE"),
};

fn main() -> ExitCode {
    duat_shell::main::<args::Arguments>(&BUILD, run::run)
}
