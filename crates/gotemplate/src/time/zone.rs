//! Time zones.

use chrono::{DateTime, Offset, TimeZone};
use chrono_tz::{OffsetName, Tz};
use std::str::FromStr;

/// A time zone: an offset from UTC for every instant, with an abbreviation.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Zone {
    /// UTC
    #[default]
    Utc,
    /// A place of the time zone database.
    Named(Box<str>, Tz),
    /// A fixed offset in seconds east of UTC, with its abbreviation.
    Fixed(Box<str>, i32),
}

impl Zone {
    /// A zone of the time zone database, such as `Europe/Berlin`. The database is part of the library.
    #[must_use]
    pub fn load(name: &str) -> Option<Self> {
        match name {
            "" | "UTC" => Some(Self::Utc),
            name => Tz::from_str(name)
                .ok()
                .map(|tz| Self::Named(name.into(), tz)),
        }
    }

    /// Offset in seconds and abbreviation at an instant.
    pub(super) fn at(&self, seconds: i64) -> (i64, String) {
        match self {
            Self::Utc => (0, "UTC".to_owned()),
            Self::Fixed(name, offset) => (i64::from(*offset), name.to_string()),
            Self::Named(_, tz) => {
                // The database's own range; beyond it nothing changes any more.
                let within = seconds.clamp(-8_000_000_000_000, 8_000_000_000_000);
                let Some(instant) = DateTime::from_timestamp(within, 0) else {
                    return (0, "UTC".to_owned());
                };
                let offset = tz.offset_from_utc_datetime(&instant.naive_utc());
                let name = offset.abbreviation().unwrap_or_default().to_owned();
                (i64::from(offset.fix().local_minus_utc()), name)
            }
        }
    }

    /// The instant of a moment on the wall, given as if it were UTC.
    pub(super) fn instant(&self, wall: i64) -> i64 {
        let (offset, _) = self.at(wall);
        let (offset, _) = self.at(wall.wrapping_sub(offset));
        wall.wrapping_sub(offset)
    }

    /// The name Go's `Location.String` gives.
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Utc => "UTC",
            Self::Named(name, _) | Self::Fixed(name, _) => name,
        }
    }
}
