//! A repository, a machine and a surrounding that mean no good: whatever they hold, nothing outside
//! the repository is touched, nothing they say is run or obeyed by a terminal, no secret is told, and
//! a run ends with a result or with an error of a documented code.
#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test that cannot set its scene has failed"
)]

mod configuration;
mod links;
mod machine;
mod metadata;
mod names;
mod obstacles;
mod secrets;
mod sizes;
mod templates;
mod trap;
mod work;
