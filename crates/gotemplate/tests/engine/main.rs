//! The engine from outside: against recordings of Go, against harm, and by its own promises.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a recording that cannot be read has failed the test"
)]

mod api;
mod corpus;
mod hostile;
mod recording;
