//! What templates can reach outside of themselves: only what the caller hands in.

use crate::time::{Time, Zone};

/// Tells the current time.
pub type Clock = Box<dyn Fn() -> Time>;
/// Fills a buffer with random bytes.
pub type Random = Box<dyn Fn(&mut [u8])>;
/// Looks up an environment variable.
pub type Environ = Box<dyn Fn(&str) -> Option<String>>;
/// Resolves a host name to its addresses.
pub type Resolve = Box<dyn Fn(&str) -> Vec<String>>;

/// Tells whether the execution is to end.
pub type Over = Box<dyn Fn() -> bool>;

/// The doors to the outside. A door that was not handed in is closed: a function that would go through it
/// fails with an error that names it ([`crate::ErrorKind::Refused`]). A default host is hermetic.
#[derive(Default)]
pub struct Host {
    /// The current time, for `now`, `ago` and for dates of values that are no dates.
    pub clock: Option<Clock>,
    /// Fills a buffer with random bytes; the quality is the caller's.
    pub random: Option<Random>,
    /// Looks up an environment variable.
    pub environ: Option<Environ>,
    /// Resolves a host name to its addresses.
    pub resolve: Option<Resolve>,
    /// Asked every thousand steps or so; what then goes on fails with [`crate::ErrorKind::Limit`].
    pub over: Option<Over>,
    /// The zone called `Local`; UTC unless set.
    pub local: Zone,
}

/// What a function may draw on besides its arguments.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Door {
    /// The current time.
    Clock,
    /// Randomness.
    Random,
    /// The environment.
    Environment,
    /// The network.
    Network,
}

impl Door {
    /// How messages call it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Clock => "the clock",
            Self::Random => "randomness",
            Self::Environment => "the environment",
            Self::Network => "the network",
        }
    }
}
