//! Instants as GitHub writes them.

/// Returns an instant as GitHub writes it.
pub(super) fn date(instant: u64) -> String {
    let (year, month, day) = civil(instant / 86_400);
    format!("{year:04}-{month:02}-{day:02}T{}Z", time(instant))
}

/// Returns an instant as the header field `Date` has it.
pub(super) fn http_date(instant: u64) -> String {
    const MONTHS: &str = "JanFebMarAprMayJunJulAugSepOctNovDec";
    // 1970 began on a Thursday
    const DAYS: &str = "ThuFriSatSunMonTueWed";
    let days = instant / 86_400;
    let (year, month, day) = civil(days);
    let word = |words: &'static str, at: u64| {
        let at = usize::try_from(at).unwrap_or_default() * 3;
        words.get(at..at + 3).unwrap_or_default()
    };
    let (weekday, month) = (word(DAYS, days % 7), word(MONTHS, month - 1));
    format!(
        "{weekday}, {day:02} {month} {year:04} {} GMT",
        time(instant)
    )
}

fn time(instant: u64) -> String {
    let seconds = instant % 86_400;
    let (hour, minute, second) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    format!("{hour:02}:{minute:02}:{second:02}")
}

/// Returns year, month and day of the month, for days since 1970.
fn civil(days: u64) -> (u64, u64, u64) {
    // days since 0000-03-01 in eras of 400 years
    let days = days + 719_468;
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let shifted = (5 * day + 2) / 153;
    let day = day - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 {
        shifted + 3
    } else {
        shifted - 9
    };
    (year + era * 400 + u64::from(month <= 2), month, day)
}
