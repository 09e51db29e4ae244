//! The manners that all duat tools share: exit codes, errors with causes and hints, the answer on
//! stdout and the talk on stderr, Go-style flags, an environment twin for every option.
//!
//! A tool is a clap command and a function; [`main`] is all that lies around it.

pub mod answer;
mod arguments;
mod border;
pub mod carrier;
pub mod change;
pub mod ci;
pub mod clock;
pub mod diff;
pub mod environment;
mod exit;
mod failure;
pub mod input;
mod lazy;
mod manners;
mod manual;
mod place;
pub mod progress;
pub mod project;
mod talk;
mod twins;

pub use answer::Output;
pub use exit::Code;
pub use failure::{Failure, Failures};
pub use lazy::Lazy;
pub use manners::{Build, Manners, main};
pub use place::Place;
pub use progress::Progress;
pub use project::Project;
pub use talk::Talk;
