//! The one room that reads the clock.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

use duat::stamp::Stamp;

use crate::environment;
use crate::exit::Code;
use crate::failure::Failure;

/// The variable that fixes the instant of a build
/// (<https://reproducible-builds.org/specs/source-date-epoch/>).
const SOURCE_DATE_EPOCH: &str = "SOURCE_DATE_EPOCH";

/// Returns the instant a run takes place: `SOURCE_DATE_EPOCH` where it is set, else the clock's.
pub fn now() -> Result<Stamp, Failure> {
    let seconds = match environment::text(SOURCE_DATE_EPOCH) {
        None => clock(),
        Some(text) => text.trim().parse().map_err(|_| {
            Failure::new(
                Code::Usage,
                format!("failed to read the instant from `{SOURCE_DATE_EPOCH}`: `{text}` is not a number of seconds"),
            )
            .hint(format!("set it to whole seconds since 1970, or unset `{SOURCE_DATE_EPOCH}`."))
        })?,
    };
    Stamp::from_seconds(seconds).map_err(|error| Failure::new(Code::Usage, error.to_string()))
}

/// Tells whether `SOURCE_DATE_EPOCH` fixes the instant.
pub fn is_fixed() -> bool {
    environment::text(SOURCE_DATE_EPOCH).is_some()
}

/// Returns the moment from which a run's time is counted.
pub fn start() -> Instant {
    Instant::now()
}

/// A clock set before 1970 counts as 1970.
#[expect(clippy::disallowed_methods, reason = "this is the room the rule names")]
fn clock() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |elapsed| elapsed.as_secs())
}
