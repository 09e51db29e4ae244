//! The proleptic Gregorian calendar.

/// A moment on the wall.
#[derive(Clone, Copy, Debug)]
pub(super) struct Civil {
    pub(super) year: i64,
    pub(super) month: u32,
    pub(super) day: u32,
    pub(super) hour: u32,
    pub(super) minute: u32,
    pub(super) second: u32,
    /// Day of the year, from 1.
    pub(super) year_day: u32,
    /// Day of the week, Sunday being 0.
    pub(super) weekday: u32,
}

impl Civil {
    /// The calendar of seconds since 1970, already shifted to the zone.
    pub(super) fn of(seconds: i64) -> Self {
        let days = seconds.div_euclid(86_400);
        let rest = seconds.rem_euclid(86_400) as u32;
        let (year, month, day) = from_days(days);
        Self {
            year,
            month,
            day,
            hour: rest / 3600,
            minute: rest / 60 % 60,
            second: rest % 60,
            year_day: (days - to_days(year, 1, 1)) as u32 + 1,
            weekday: (days + 4).rem_euclid(7) as u32,
        }
    }

    /// ISO 8601 year and week.
    pub(super) fn iso_week(self) -> (i64, u32) {
        // The Thursday of the same week decides.
        let day = to_days(self.year, self.month, self.day);
        let thursday = day - (i64::from(self.weekday) + 6) % 7 + 3;
        let (year, _, _) = from_days(thursday);
        (year, ((thursday - to_days(year, 1, 1)) / 7) as u32 + 1)
    }
}

/// Days since 1970 of a date.
pub(super) fn to_days(year: i64, month: u32, day: u32) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let from_march = i64::from((month + 9) % 12);
    let of_year = (153 * from_march + 2) / 5 + i64::from(day) - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

fn from_days(days: i64) -> (i64, u32, u32) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = (of_year - (153 * from_march + 2) / 5 + 1) as u32;
    let month = (if from_march < 10 {
        from_march + 3
    } else {
        from_march - 9
    }) as u32;
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

pub(super) fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

pub(super) fn days_in(month: u32, year: i64) -> u32 {
    match month {
        2 => 28 + u32::from(is_leap(year)),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}
