//! `image-promote`: makes the image that was tested the release, byte for byte.

use std::process::ExitCode;

use duat_shell::Build;

mod args;
mod border;
mod float;
mod freight;
mod home;
mod job;
mod keys;
mod ledger;
mod network;
mod plan;
mod progress;
mod promote;
mod proof;
mod record;
mod refusal;
mod released;
mod report;
mod rewrite;
mod run;
mod survey;
mod tags;
mod undo;
mod verify;
mod world;

const BUILD: Build = Build {
    name: env!("CARGO_BIN_NAME"),
    version: env!("CARGO_PKG_VERSION"),
    commit: option_env!("DUAT_COMMIT"),
    date: option_env!("DUAT_COMMIT_DATE"),
};

fn main() -> ExitCode {
    duat_shell::main::<args::Arguments>(&BUILD, run::run)
}
