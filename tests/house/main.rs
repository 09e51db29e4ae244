//! The rules of the house, as tests: `docs/architecture.md` says why they are what they are.
//!
//! They read this repository and nothing else.
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a rule that cannot be looked at has failed"
)]
#![expect(
    clippy::case_sensitive_file_extension_comparisons,
    reason = "our own files are called as we call them"
)]

mod arrows;
mod documents;
mod files;
mod rooms;
mod tree;
mod versions;
