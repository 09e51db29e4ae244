//! The engine from outside: against recordings of Go, against harm, and by its own promises.

mod api;
mod common;
mod corpus;
mod hostile;
