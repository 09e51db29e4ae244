//! Go's `time`: instants, zones, durations, and the layouts they are written in.

mod civil;
mod duration;
mod layout;
mod object;
mod zone;

pub(crate) use duration::{Duration, parse as parse_duration};
pub(crate) use layout::{format, parse};
pub(crate) use object::duration_value;
pub use zone::Zone;

/// An instant, seen in a zone: Go's `time.Time`.
#[derive(Clone, Debug, PartialEq)]
pub struct Time {
    /// Seconds since 1970 in UTC.
    pub seconds: i64,
    /// Nanoseconds within the second.
    pub nanos: u32,
    /// The zone it is shown in.
    pub zone: Zone,
}

/// Seconds from Go's zero time, the first of January of year 1, to 1970.
const ZERO: i64 = -62_135_596_800;

impl Time {
    /// An instant by its seconds since 1970, in UTC.
    #[must_use]
    pub fn unix(seconds: i64) -> Self {
        Self {
            seconds,
            nanos: 0,
            zone: Zone::Utc,
        }
    }

    /// Go's zero time: the year 1.
    #[must_use]
    pub fn zero() -> Self {
        Self::unix(ZERO)
    }

    /// The same instant in another zone.
    #[must_use]
    pub fn within(&self, zone: &Zone) -> Self {
        Self {
            zone: zone.clone(),
            ..self.clone()
        }
    }

    /// The multiple of `unit` nanoseconds, counted from Go's zero time, before it or nearest to it.
    pub(crate) fn fitted(&self, unit: i64, nearest: bool) -> Self {
        if unit <= 0 {
            return self.clone();
        }
        let since = (i128::from(self.seconds) - i128::from(ZERO)) * 1_000_000_000;
        let rest = (since + i128::from(self.nanos)).rem_euclid(i128::from(unit)) as i64;
        let up = nearest && rest >= unit - rest;
        self.add(Duration(if up { unit - rest } else { -rest }))
    }

    /// Later by a duration.
    pub(crate) fn add(&self, duration: Duration) -> Self {
        let nanos = i64::from(self.nanos) + duration.0 % 1_000_000_000;
        let seconds = self
            .seconds
            .wrapping_add(duration.0 / 1_000_000_000)
            .wrapping_add(nanos.div_euclid(1_000_000_000));
        Self {
            seconds,
            nanos: nanos.rem_euclid(1_000_000_000) as u32,
            zone: self.zone.clone(),
        }
    }

    /// The time between two instants, held to what a duration can say.
    pub(crate) fn since(&self, earlier: &Self) -> Duration {
        let nanos = (i128::from(self.seconds) - i128::from(earlier.seconds)) * 1_000_000_000
            + i128::from(self.nanos)
            - i128::from(earlier.nanos);
        Duration(nanos.clamp(i128::from(i64::MIN), i128::from(i64::MAX)) as i64)
    }
}
