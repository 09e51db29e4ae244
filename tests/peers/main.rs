//! Our answers beside those of other programs. Ignored unless asked for: `tests/peers/run` installs
//! the programs and runs these tests.
#![expect(
    clippy::expect_used,
    reason = "a peer that cannot be asked has failed the test"
)]

mod branches;
mod calls;
mod certificates;
mod ci;
mod ecr;
mod gh;
mod gotemplate;
mod journey;
#[cfg(target_os = "linux")]
mod kill;
mod masterminds;
mod predecessor;
mod promote;
mod seed;
mod server;
mod versions;
mod workflows;
