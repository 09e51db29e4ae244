//! Time zones.

use std::sync::LazyLock;

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// A time zone: an offset from UTC for every instant, with an abbreviation.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Zone {
    /// UTC
    #[default]
    Utc,
    /// A place of the time zone database.
    Named(Box<str>, TimeZone),
    /// A fixed offset in seconds east of UTC, with its abbreviation.
    Fixed(Box<str>, i32),
}

/// The instants that the database can be asked about: the years -9998 to 9998 and some.
const FIRST: i64 = -377_000_000_000;
const LAST: i64 = 253_000_000_000;
/// Seconds of 400 years: after them the calendar begins anew, on the same day of the week.
const ROUND: i64 = 146_097 * 86_400;

/// Returns what the time zone database, as the build script packs it, holds for a name.
fn bundled(name: &str) -> Option<&'static [u8]> {
    static PACKED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/zones.deflate"));
    static ALL: LazyLock<Vec<u8>> =
        LazyLock::new(|| miniz_oxide::inflate::decompress_to_vec(PACKED).unwrap_or_default());
    let end = ALL.windows(2).position(|two| two == b"\n\n")?;
    let (lines, zones) = ALL.split_at_checked(end + 2)?;
    for line in std::str::from_utf8(lines).ok()?.lines() {
        let mut words = line.split(' ');
        if words.next() == Some(name) {
            let start: usize = words.next()?.parse().ok()?;
            let length: usize = words.next()?.parse().ok()?;
            return zones.get(start..start + length);
        }
    }
    None
}

/// The instant at which a zone is as it is at `seconds`, for the database.
fn instant_of(seconds: i64) -> Option<Timestamp> {
    // the rules of summer time go round with the calendar
    let years = seconds.saturating_sub(LAST).max(0);
    let rounds = years.div_euclid(ROUND) + i64::from(years > 0);
    Timestamp::from_second((seconds - rounds * ROUND).max(FIRST)).ok()
}

impl Zone {
    /// A zone of the time zone database, such as `Europe/Berlin`. The database is part of the library.
    #[must_use]
    pub fn load(name: &str) -> Option<Self> {
        match name {
            "" | "UTC" => Some(Self::Utc),
            name => {
                // as files are called on Linux, where Go looks for them
                let zone = TimeZone::tzif(name, bundled(name)?).ok()?;
                Some(Self::Named(name.into(), zone))
            }
        }
    }

    /// Offset in seconds and abbreviation at an instant.
    pub(super) fn at(&self, seconds: i64) -> (i64, String) {
        match self {
            Self::Utc => (0, "UTC".to_owned()),
            Self::Fixed(name, offset) => (i64::from(*offset), name.to_string()),
            Self::Named(_, zone) => {
                let Some(instant) = instant_of(seconds) else {
                    return (0, "UTC".to_owned());
                };
                let info = zone.to_offset_info(instant);
                let offset = i64::from(info.offset().seconds());
                (offset, info.abbreviation().to_owned())
            }
        }
    }

    /// Tells whether it is summer time at an instant.
    pub(super) fn is_summer(&self, seconds: i64) -> bool {
        match self {
            Self::Utc | Self::Fixed(..) => false,
            Self::Named(_, zone) => instant_of(seconds)
                .is_some_and(|instant| zone.to_offset_info(instant).dst().is_dst()),
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
