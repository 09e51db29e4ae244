//! An instant as a word that sorts: the time part of a pre-release.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Datelike, SecondsFormat, Utc};
use thiserror::Error;

/// The 25 digits, in rising order: the lower-case letters without `l`, which reads as `1`.
const ALPHABET: &str = "abcdefghijkmnopqrstuvwxyz";
const ZERO: char = 'a';
/// Letters in a stamp.
pub const LENGTH: usize = 11;
/// One more than the greatest instant that fits: 25^11 seconds, some 75 million years.
const END: u64 = 25_u64.pow(11);

/// Seconds since 1970-01-01T00:00:00Z, written as 11 letters of base 25.
///
/// The order of the texts is the order of the instants, because all stamps are equally long and the
/// alphabet rises. The predecessor's stamps (1977 to 2106) are the same words.
///
/// ```
/// use duat::stamp::Stamp;
///
/// let stamp = Stamp::from_seconds(1_554_338_280)?;
/// assert_eq!(stamp.to_string(), "aaaagjecrgf");
/// assert_eq!("aaaagjecrgf".parse::<Stamp>()?.to_rfc3339().as_deref(), Some("2019-04-04T00:38:00Z"));
/// # Ok::<(), duat::stamp::StampError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stamp(u64);

/// What is not a stamp, and instants that do not fit one.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum StampError {
    /// Not 11 letters of the alphabet.
    #[error("`{text}` is not a stamp: a stamp is {LENGTH} lower-case letters without `l`")]
    Text {
        /// What was read.
        text: String,
    },
    /// An instant that needs more than 11 letters.
    #[error("{seconds} seconds after 1970 is beyond what a stamp can hold")]
    Range {
        /// The instant.
        seconds: u64,
    },
}

impl Stamp {
    /// Returns the stamp of an instant, in whole seconds since 1970-01-01T00:00:00Z.
    pub fn from_seconds(seconds: u64) -> Result<Self, StampError> {
        if seconds < END {
            Ok(Self(seconds))
        } else {
            Err(StampError::Range { seconds })
        }
    }

    /// Returns the whole seconds since 1970-01-01T00:00:00Z.
    pub fn seconds(self) -> u64 {
        self.0
    }

    /// Returns the stamp of the next second.
    pub fn next(self) -> Result<Self, StampError> {
        Self::from_seconds(self.0.saturating_add(1))
    }

    /// Returns the instant as RFC 3339 writes it, in UTC, to the second; nothing after the year 9999,
    /// where its four digits end.
    pub fn to_rfc3339(self) -> Option<String> {
        const LAST_YEAR: i32 = 9999;
        let seconds = i64::try_from(self.0).ok()?;
        let instant = DateTime::<Utc>::from_timestamp(seconds, 0)?;
        (instant.year() <= LAST_YEAR).then(|| instant.to_rfc3339_opts(SecondsFormat::Secs, true))
    }
}

impl fmt::Display for Stamp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = self.0.to_be_bytes();
        let leading = bytes.iter().take_while(|byte| **byte == 0).count();
        let digits = base_x::encode(ALPHABET, &bytes[leading..]);
        write!(formatter, "{digits:a>LENGTH$}")
    }
}

impl FromStr for Stamp {
    type Err = StampError;

    fn from_str(text: &str) -> Result<Self, StampError> {
        let error = || StampError::Text {
            text: text.to_owned(),
        };
        if text.len() != LENGTH {
            return Err(error());
        }
        let digits = text.trim_start_matches(ZERO);
        let bytes = base_x::decode(ALPHABET, digits).map_err(|_| error())?;
        let seconds = bytes
            .iter()
            .try_fold(0_u64, |sum, byte| {
                sum.checked_mul(256)?.checked_add(u64::from(*byte))
            })
            .ok_or_else(error)?;
        Self::from_seconds(seconds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_predecessors_vectors_hold() {
        for (seconds, text) in [
            (1_554_338_280, "aaaagjecrgf"),
            (1_554_337_180, "aaaagjecpnf"),
            (1_554_999_113, "aaaagjfuypo"),
            (1_795_248_236, "aaaahivvxem"),
            (1_795_248_114, "aaaahivvwzp"),
            ((1 << 31) - 1, "aaaaiuxoyvx"),
            (1 << 31, "aaaaiuxoyvy"),
            ((1 << 32) - 1, "aaaaspvcxrv"),
        ] {
            let stamp = Stamp::from_seconds(seconds).unwrap();
            assert_eq!(stamp.to_string(), text);
            assert_eq!(text.parse(), Ok(stamp));
        }
    }

    #[test]
    fn every_instant_is_eleven_letters() {
        for (seconds, text) in [
            (0, "aaaaaaaaaaa"),
            (24, "aaaaaaaaaaz"),
            (25, "aaaaaaaaaba"),
            (255, "aaaaaaaaakf"),
            (1 << 32, "aaaaspvcxrw"),
            (END - 1, "zzzzzzzzzzz"),
        ] {
            assert_eq!(Stamp::from_seconds(seconds).unwrap().to_string(), text);
        }
        assert_eq!(
            Stamp::from_seconds(END),
            Err(StampError::Range { seconds: END })
        );
    }

    #[test]
    fn what_is_not_a_stamp_is_refused() {
        for text in [
            "",
            "aaaagjecrg",
            "aaaagjecrgff",
            "aaaagjecrgl",
            "aaaagjecrgF",
            "aaaagjecré",
            "aaaagjecrg1",
        ] {
            assert!(text.parse::<Stamp>().is_err(), "{text}");
        }
    }

    #[test]
    fn an_instant_reads_as_rfc_3339() {
        let read = |text: &str| text.parse::<Stamp>().unwrap().to_rfc3339();
        assert_eq!(read("aaaagjecrgf").as_deref(), Some("2019-04-04T00:38:00Z"));
        assert_eq!(read("aaaaaaaaaaa").as_deref(), Some("1970-01-01T00:00:00Z"));
        assert_eq!(read("zzzzzzzzzzz"), None);
    }

    proptest! {
        #[test]
        fn text_order_is_time_order(a in 0..END, b in 0..END) {
            let (first, second) = (Stamp::from_seconds(a).unwrap(), Stamp::from_seconds(b).unwrap());
            prop_assert_eq!(a.cmp(&b), first.to_string().cmp(&second.to_string()));
        }

        #[test]
        fn reading_undoes_writing(seconds in 0..END) {
            let stamp = Stamp::from_seconds(seconds).unwrap();
            prop_assert_eq!(stamp.to_string().parse(), Ok(stamp));
            prop_assert_eq!(stamp.seconds(), seconds);
        }
    }
}
