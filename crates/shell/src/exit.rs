//! The exit codes of all tools. `docs/exit-codes.md` says the same to users.

use std::process::ExitCode;

/// How a run ended. The numbers are a contract: scripts test them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Code {
    /// Done, or nothing left to do.
    Done = 0,
    /// It failed.
    Failed = 1,
    /// Called wrongly.
    Usage = 2,
    /// Refused: it exists already, differs, or would go backwards.
    Refused = 3,
    /// Credentials or a permission are missing.
    Denied = 4,
    /// Not found: no version, no file, no tag, no image.
    NotFound = 5,
    /// Try again: network, server or rate limit past the budget. Everything done so far is kept.
    TryAgain = 6,
    /// Verification failed.
    Unverified = 7,
    /// A check found differences.
    Differs = 8,
}

impl Code {
    /// Every code, in rising order. A bug in a tool ends in 101, which is Rust's own.
    pub const ALL: [Self; 9] = [
        Self::Done,
        Self::Failed,
        Self::Usage,
        Self::Refused,
        Self::Denied,
        Self::NotFound,
        Self::TryAgain,
        Self::Unverified,
        Self::Differs,
    ];

    /// Returns the number that the shell sees.
    pub fn number(self) -> u8 {
        self as u8
    }
}

impl From<Code> for ExitCode {
    fn from(code: Code) -> Self {
        Self::from(code.number())
    }
}
