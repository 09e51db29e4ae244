//! The tools side by side: one voice in their help, one answer to the same mistake, one shape of
//! what they print for programs.
#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that cannot set its scene has failed"
)]

mod facts;
mod help;
mod mistakes;
