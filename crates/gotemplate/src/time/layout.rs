//! Layouts: dates written the way the second of January 2006, 15:04:05 in MST would be written.

use super::civil::{Civil, days_in, is_leap, to_days};
use super::{Time, Zone};

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const DAYS: [&str; 7] = [
    "Sunday",
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
];

/// The English name of a month, from 1.
pub(super) fn month_name(month: u32) -> &'static str {
    MONTHS
        .get((month as usize).wrapping_sub(1))
        .copied()
        .unwrap_or("%!Month")
}

/// The English name of a day of the week, Sunday being 0.
pub(super) fn day_name(day: u32) -> &'static str {
    DAYS.get(day as usize).copied().unwrap_or("%!Weekday")
}

/// An element of a layout.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Part {
    LongMonth,
    Month,
    NumMonth,
    ZeroMonth,
    LongWeekday,
    Weekday,
    Day,
    UnderDay,
    ZeroDay,
    UnderYearDay,
    ZeroYearDay,
    Hour,
    Hour12,
    ZeroHour12,
    Minute,
    ZeroMinute,
    Second,
    ZeroSecond,
    LongYear,
    Year,
    UpperPm,
    LowerPm,
    Name,
    /// An offset: with `Z` for UTC, with colons, and how many of hours, minutes, seconds.
    Offset {
        zulu: bool,
        colon: bool,
        fields: u8,
    },
    /// A fraction of so many digits, trailing zeros kept or not.
    Fraction {
        keep: bool,
        digits: usize,
    },
}

/// The next element: what stands before it, the element, and what comes after.
fn next_part(layout: &[u8]) -> (&[u8], Option<Part>, &[u8]) {
    for at in 0..layout.len() {
        let rest = layout.get(at..).unwrap_or_default();
        if let Some((part, skip, width)) = part_at(rest) {
            let before = layout.get(..at + skip).unwrap_or_default();
            return (before, Some(part), rest.get(width..).unwrap_or_default());
        }
    }
    (layout, None, b"")
}

/// An element at the start of `text`, the bytes of it that are literal, and its whole width.
fn part_at(text: &[u8]) -> Option<(Part, usize, usize)> {
    let starts = |prefix: &str| text.starts_with(prefix.as_bytes());
    let lower_after = |n: usize| text.get(n).is_some_and(u8::is_ascii_lowercase);
    let found = |part, width| Some((part, 0, width));
    match *text.first()? {
        b'J' if starts("January") => found(Part::LongMonth, 7),
        b'J' if starts("Jan") && !lower_after(3) => found(Part::Month, 3),
        b'M' if starts("Monday") => found(Part::LongWeekday, 6),
        b'M' if starts("Mon") && !lower_after(3) => found(Part::Weekday, 3),
        b'M' if starts("MST") => found(Part::Name, 3),
        b'0' => match text.get(1)? {
            b'1' => found(Part::ZeroMonth, 2),
            b'2' => found(Part::ZeroDay, 2),
            b'3' => found(Part::ZeroHour12, 2),
            b'4' => found(Part::ZeroMinute, 2),
            b'5' => found(Part::ZeroSecond, 2),
            b'6' => found(Part::Year, 2),
            b'0' if text.get(2) == Some(&b'2') => found(Part::ZeroYearDay, 3),
            _ => None,
        },
        b'1' if starts("15") => found(Part::Hour, 2),
        b'1' => found(Part::NumMonth, 1),
        b'2' if starts("2006") => found(Part::LongYear, 4),
        b'2' => found(Part::Day, 1),
        b'_' if starts("_2006") => Some((Part::LongYear, 1, 5)),
        b'_' if starts("_2") => found(Part::UnderDay, 2),
        b'_' if starts("__2") => found(Part::UnderYearDay, 3),
        b'3' => found(Part::Hour12, 1),
        b'4' => found(Part::Minute, 1),
        b'5' => found(Part::Second, 1),
        b'P' if starts("PM") => found(Part::UpperPm, 2),
        b'p' if starts("pm") => found(Part::LowerPm, 2),
        first @ (b'-' | b'Z') => {
            let tail = text.get(1..).unwrap_or_default();
            let shapes: [(&[u8], bool, u8); 5] = [
                (b"070000", false, 3),
                (b"07:00:00", true, 3),
                (b"0700", false, 2),
                (b"07:00", true, 2),
                (b"07", false, 1),
            ];
            let (shape, colon, fields) = shapes
                .into_iter()
                .find(|(shape, ..)| tail.starts_with(shape))?;
            found(
                Part::Offset {
                    zulu: first == b'Z',
                    colon,
                    fields,
                },
                shape.len() + 1,
            )
        }
        b'.' | b',' => {
            let digit = *text.get(1).filter(|b| matches!(b, b'0' | b'9'))?;
            let digits = text.iter().skip(1).take_while(|&&b| b == digit).count();
            if text.get(1 + digits).is_some_and(u8::is_ascii_digit) {
                return None;
            }
            found(
                Part::Fraction {
                    keep: digit == b'0',
                    digits,
                },
                1 + digits,
            )
        }
        _ => None,
    }
}

fn padded(out: &mut Vec<u8>, value: i64, width: usize) {
    if value < 0 {
        out.push(b'-');
    }
    out.extend_from_slice(format!("{:0width$}", value.unsigned_abs()).as_bytes());
}

/// `Time.Format`
pub(crate) fn format(time: &Time, layout: &[u8]) -> Vec<u8> {
    let (offset, name) = time.zone.at(time.seconds);
    let civil = Civil::of(time.seconds.saturating_add(offset));
    let mut out = Vec::new();
    let mut rest = layout;
    let mut before: &[u8] = b"";
    loop {
        let (prefix, part, after) = next_part(rest);
        out.extend_from_slice(prefix);
        let Some(part) = part else { return out };
        let separator = after.len();
        // A fraction is written after the very sign the layout has.
        before = rest
            .get(prefix.len()..rest.len() - separator)
            .unwrap_or(before);
        format_part(&mut out, part, time, &civil, offset, &name, before);
        rest = after;
    }
}

fn format_part(
    out: &mut Vec<u8>,
    part: Part,
    time: &Time,
    civil: &Civil,
    offset: i64,
    name: &str,
    raw: &[u8],
) {
    let n = i64::from;
    let hour12 = if civil.hour.is_multiple_of(12) {
        12
    } else {
        civil.hour % 12
    };
    match part {
        Part::LongMonth => out.extend_from_slice(month_name(civil.month).as_bytes()),
        Part::Month => out.extend_from_slice(
            month_name(civil.month)
                .as_bytes()
                .get(..3)
                .unwrap_or_default(),
        ),
        Part::NumMonth => padded(out, n(civil.month), 0),
        Part::ZeroMonth => padded(out, n(civil.month), 2),
        Part::LongWeekday => out.extend_from_slice(day_name(civil.weekday).as_bytes()),
        Part::Weekday => out.extend_from_slice(
            day_name(civil.weekday)
                .as_bytes()
                .get(..3)
                .unwrap_or_default(),
        ),
        Part::Day => padded(out, n(civil.day), 0),
        Part::UnderDay => out.extend_from_slice(format!("{:2}", civil.day).as_bytes()),
        Part::ZeroDay => padded(out, n(civil.day), 2),
        Part::UnderYearDay => out.extend_from_slice(format!("{:3}", civil.year_day).as_bytes()),
        Part::ZeroYearDay => padded(out, n(civil.year_day), 3),
        Part::Hour => padded(out, n(civil.hour), 2),
        Part::Hour12 => padded(out, n(hour12), 0),
        Part::ZeroHour12 => padded(out, n(hour12), 2),
        Part::Minute => padded(out, n(civil.minute), 0),
        Part::ZeroMinute => padded(out, n(civil.minute), 2),
        Part::Second => padded(out, n(civil.second), 0),
        Part::ZeroSecond => padded(out, n(civil.second), 2),
        Part::LongYear => padded(out, civil.year, 4),
        Part::Year => padded(out, civil.year.max(0) % 100, 2),
        Part::UpperPm => out.extend_from_slice(if civil.hour >= 12 { b"PM" } else { b"AM" }),
        Part::LowerPm => out.extend_from_slice(if civil.hour >= 12 { b"pm" } else { b"am" }),
        Part::Name if name.is_empty() => write_offset(out, offset, false, 2),
        Part::Name => out.extend_from_slice(name.as_bytes()),
        Part::Offset { zulu: true, .. } if offset == 0 => out.push(b'Z'),
        Part::Offset { colon, fields, .. } => write_offset(out, offset, colon, fields),
        Part::Fraction { keep, digits } => {
            let text = format!("{:09}", time.nanos);
            let mut text = text.get(..digits.min(9)).unwrap_or_default().to_owned();
            if keep {
                text.push_str(&"0".repeat(digits.saturating_sub(9)));
            } else {
                text.truncate(text.trim_end_matches('0').len());
            }
            if !text.is_empty() {
                out.push(raw.first().copied().unwrap_or(b'.'));
                out.extend_from_slice(text.as_bytes());
            }
        }
    }
}

fn write_offset(out: &mut Vec<u8>, offset: i64, colon: bool, fields: u8) {
    out.push(if offset < 0 { b'-' } else { b'+' });
    let seconds = offset.unsigned_abs();
    for (i, value) in [seconds / 3600, seconds / 60 % 60, seconds % 60]
        .into_iter()
        .take(usize::from(fields))
        .enumerate()
    {
        if colon && i > 0 {
            out.push(b':');
        }
        out.extend_from_slice(format!("{value:02}").as_bytes());
    }
}

/// What a text said so far.
#[derive(Default)]
struct Read {
    year: i64,
    month: Option<u32>,
    day: Option<u32>,
    year_day: Option<u32>,
    hour: u32,
    minute: u32,
    second: u32,
    nanos: u32,
    pm: bool,
    am: bool,
    utc: bool,
    offset: Option<i64>,
    name: Option<String>,
    /// Which number was too large or too small, if that is what went wrong.
    out_of_range: Option<&'static str>,
}

/// `time.ParseInLocation`; the error is Go's text.
pub(crate) fn parse(layout: &[u8], text: &[u8], local: &Zone) -> Result<Time, String> {
    let about = |message: &str| format!("parsing time {}{message}", shown(text));
    let stuck = |element: &[u8], value: &[u8]| {
        about(&format!(
            " as {}: cannot parse {} as {}",
            shown(layout),
            shown(value),
            shown(element)
        ))
    };
    let mut read = Read::default();
    let (mut rest, mut left) = (layout, text);
    loop {
        let (prefix, part, after) = next_part(rest);
        left = skip(left, prefix).map_err(|value| stuck(prefix, value))?;
        let Some(part) = part else {
            if !left.is_empty() {
                return Err(about(&format!(": extra text: {}", shown(left))));
            }
            return read
                .finish(local)
                .ok_or_else(|| about(": day out of range"));
        };
        let element = rest
            .get(prefix.len()..rest.len() - after.len())
            .unwrap_or_default();
        left = match (read.part(part, left, after), read.out_of_range) {
            (Some(next), _) => next,
            (None, Some(what)) => return Err(about(&format!(": {what} out of range"))),
            (None, None) => return Err(stuck(element, left)),
        };
        rest = after;
    }
}

fn shown(text: &[u8]) -> String {
    crate::quote::quote(text)
}

/// Takes literal text away; on failure, what stands there instead.
fn skip<'t>(mut text: &'t [u8], mut prefix: &[u8]) -> Result<&'t [u8], &'t [u8]> {
    while let Some((&byte, tail)) = prefix.split_first() {
        if byte == b' ' {
            if text.first().is_some_and(|&b| b != b' ') {
                return Err(text);
            }
            prefix = prefix.trim_ascii_start_spaces();
            text = text.trim_ascii_start_spaces();
            continue;
        }
        text = text.strip_prefix(&[byte]).ok_or(text)?;
        prefix = tail;
    }
    Ok(text)
}

trait Spaces {
    fn trim_ascii_start_spaces(&self) -> &Self;
}

impl Spaces for [u8] {
    fn trim_ascii_start_spaces(&self) -> &Self {
        self.get(self.iter().take_while(|&&b| b == b' ').count()..)
            .unwrap_or_default()
    }
}

/// One or two digits; exactly two when `fixed`.
fn number(text: &[u8], fixed: bool) -> Option<(u32, &[u8])> {
    let first = digit(*text.first()?)?;
    match text.get(1).copied().and_then(digit) {
        Some(second) => Some((first * 10 + second, text.get(2..)?)),
        None if fixed => None,
        None => Some((first, text.get(1..)?)),
    }
}

fn digit(byte: u8) -> Option<u32> {
    byte.is_ascii_digit().then(|| u32::from(byte - b'0'))
}

/// A name of a list in full, or its first three letters, in any case.
fn name_of<'t>(names: &[&str], short: bool, text: &'t [u8]) -> Option<(u32, &'t [u8])> {
    names.iter().enumerate().find_map(|(i, name)| {
        let name = if short { name.get(..3)? } else { name };
        let head = text.get(..name.len())?;
        head.eq_ignore_ascii_case(name.as_bytes())
            .then(|| (i as u32 + 1, text.get(name.len()..).unwrap_or_default()))
    })
}

fn nanoseconds(digits: &[u8]) -> Option<u32> {
    // More than nine digits are cut.
    let digits = digits.get(..digits.len().min(9))?;
    let mut value = 0;
    for &byte in digits {
        value = value * 10 + digit(byte)?;
    }
    Some(value * 10u32.pow(9 - digits.len() as u32))
}

impl Read {
    /// Holds a number to its bounds.
    fn within<'t>(
        &mut self,
        value: (u32, &'t [u8]),
        low: u32,
        high: u32,
        what: &'static str,
    ) -> Option<(u32, &'t [u8])> {
        if (low..=high).contains(&value.0) {
            return Some(value);
        }
        self.out_of_range = Some(what);
        None
    }

    fn part<'t>(&mut self, part: Part, text: &'t [u8], after: &[u8]) -> Option<&'t [u8]> {
        let (value, rest) = match part {
            Part::LongMonth | Part::Month => {
                let (month, rest) = name_of(&MONTHS, part == Part::Month, text)?;
                self.month = Some(month);
                return Some(rest);
            }
            Part::LongWeekday | Part::Weekday => {
                return name_of(&DAYS, part == Part::Weekday, text).map(|(_, rest)| rest);
            }
            Part::NumMonth | Part::ZeroMonth => {
                self.within(number(text, part == Part::ZeroMonth)?, 1, 12, "month")?
            }
            Part::Day | Part::ZeroDay => number(text, part == Part::ZeroDay)?,
            Part::UnderDay => number(text.strip_prefix(b" ").unwrap_or(text), false)?,
            Part::UnderYearDay | Part::ZeroYearDay => return self.year_day(part, text),
            Part::Hour => self.within(number(text, false)?, 0, 23, "hour")?,
            Part::Hour12 | Part::ZeroHour12 => {
                self.within(number(text, part == Part::ZeroHour12)?, 0, 12, "hour")?
            }
            Part::Minute | Part::ZeroMinute => {
                self.within(number(text, part == Part::ZeroMinute)?, 0, 59, "minute")?
            }
            Part::Second | Part::ZeroSecond => {
                self.within(number(text, part == Part::ZeroSecond)?, 0, 59, "second")?
            }
            Part::LongYear => return self.year(text, 4),
            Part::Year => return self.year(text, 2),
            Part::UpperPm | Part::LowerPm => {
                let (am, pm): (&[u8], &[u8]) = if part == Part::UpperPm {
                    (b"AM", b"PM")
                } else {
                    (b"am", b"pm")
                };
                let head = text.get(..2)?;
                self.pm = head == pm;
                self.am = head == am;
                return if self.pm || self.am {
                    text.get(2..)
                } else {
                    None
                };
            }
            Part::Name => return self.zone_name(text),
            Part::Offset {
                zulu,
                colon,
                fields,
            } => return self.zone_offset(text, zulu, colon, fields),
            Part::Fraction { keep: true, digits } => {
                text.first().filter(|b| matches!(b, b'.' | b','))?;
                self.nanos = nanoseconds(text.get(1..=digits)?)?;
                return text.get(1 + digits..);
            }
            Part::Fraction { keep: false, .. } => return self.loose_fraction(text),
        };
        match part {
            Part::NumMonth | Part::ZeroMonth => self.month = Some(value),
            Part::Day | Part::ZeroDay | Part::UnderDay => self.day = Some(value),
            Part::Hour | Part::Hour12 | Part::ZeroHour12 => self.hour = value,
            Part::Minute | Part::ZeroMinute => self.minute = value,
            _ => {
                self.second = value;
                // A fraction the layout does not mention is read all the same.
                if !matches!(next_part(after).1, Some(Part::Fraction { .. })) {
                    return self.loose_fraction(rest);
                }
            }
        }
        Some(rest)
    }

    fn loose_fraction<'t>(&mut self, text: &'t [u8]) -> Option<&'t [u8]> {
        if !matches!(text, [b'.' | b',', digit, ..] if digit.is_ascii_digit()) {
            return Some(text);
        }
        let digits = text
            .iter()
            .skip(1)
            .take_while(|b| b.is_ascii_digit())
            .count();
        self.nanos = nanoseconds(text.get(1..=digits)?)?;
        text.get(1 + digits..)
    }

    fn year<'t>(&mut self, text: &'t [u8], width: usize) -> Option<&'t [u8]> {
        let mut year = 0;
        for &byte in text.get(..width)? {
            year = year * 10 + i64::from(digit(byte)?);
        }
        self.year = match (width, year) {
            (2, 69..) => year + 1900,
            (2, _) => year + 2000,
            _ => year,
        };
        text.get(width..)
    }

    fn year_day<'t>(&mut self, part: Part, text: &'t [u8]) -> Option<&'t [u8]> {
        let blanks = if part == Part::UnderYearDay {
            text.iter().take(2).take_while(|&&b| b == b' ').count()
        } else {
            0
        };
        let text = text.get(blanks..)?;
        let digits = text
            .iter()
            .take(3)
            .take_while(|b| b.is_ascii_digit())
            .count();
        if digits == 0 || part == Part::ZeroYearDay && digits != 3 {
            return None;
        }
        let day = text
            .get(..digits)?
            .iter()
            .fold(0, |n, b| n * 10 + u32::from(b - b'0'));
        self.year_day = Some(day);
        text.get(digits..)
    }

    fn zone_offset<'t>(
        &mut self,
        text: &'t [u8],
        zulu: bool,
        colon: bool,
        fields: u8,
    ) -> Option<&'t [u8]> {
        if zulu && text.first() == Some(&b'Z') {
            self.utc = true;
            return text.get(1..);
        }
        let sign = match text.first()? {
            b'+' => 1,
            b'-' => -1,
            _ => return None,
        };
        let mut rest = text.get(1..)?;
        let mut values = [0; 3];
        for (i, value) in values.iter_mut().take(usize::from(fields)).enumerate() {
            if colon && i > 0 {
                rest = rest.strip_prefix(b":")?;
            }
            let limit = if i == 0 { 24 } else { 60 };
            (*value, rest) = self.within(
                number(rest, true)?,
                0,
                limit,
                [
                    "time zone offset hour",
                    "time zone offset minute",
                    "time zone offset second",
                ]
                .get(i)
                .copied()
                .unwrap_or_default(),
            )?;
        }
        let [hours, minutes, seconds] = values.map(i64::from);
        self.offset = Some(sign * (hours * 3600 + minutes * 60 + seconds));
        Some(rest)
    }

    fn zone_name<'t>(&mut self, text: &'t [u8]) -> Option<&'t [u8]> {
        if text.starts_with(b"UTC") {
            self.utc = true;
            return text.get(3..);
        }
        let width = abbreviation(text)?;
        self.name = Some(String::from_utf8_lossy(text.get(..width)?).into_owned());
        text.get(width..)
    }

    fn finish(mut self, local: &Zone) -> Option<Time> {
        if self.pm && self.hour < 12 {
            self.hour += 12;
        } else if self.am && self.hour == 12 {
            self.hour = 0;
        }
        if let Some(day) = self.year_day {
            self.resolve_year_day(day)?;
        }
        let (month, day) = (self.month.unwrap_or(1), self.day.unwrap_or(1));
        if day < 1 || day > days_in(month, self.year) {
            return None;
        }
        let wall = to_days(self.year, month, day) * 86_400
            + i64::from(self.hour * 3600 + self.minute * 60 + self.second);
        let made = |seconds, zone| {
            Some(Time {
                seconds,
                nanos: self.nanos,
                zone,
            })
        };
        if self.utc {
            return made(wall, Zone::Utc);
        }
        // Go marks a text without an offset by -1, and so takes a second west of UTC for none
        if let Some(offset) = self.offset.filter(|&offset| offset != -1) {
            let seconds = wall - offset;
            let (own, abbreviation) = local.at(seconds);
            if own == offset && self.name.as_ref().is_none_or(|name| *name == abbreviation) {
                return made(seconds, local.clone());
            }
            let name = self.name.unwrap_or_default();
            return made(
                seconds,
                Zone::Fixed(name.into(), i32::try_from(offset).ok()?),
            );
        }
        if let Some(name) = self.name {
            let seconds = local.instant(wall);
            let (_, abbreviation) = local.at(seconds);
            if abbreviation == name {
                return made(seconds, local.clone());
            }
            // An abbreviation nobody knows says nothing about the offset. That of GMT+3 is shown, but
            // what was read is in UTC.
            let hours: i32 = name
                .strip_prefix("GMT")
                .and_then(|tail| tail.parse().ok())
                .unwrap_or(0);
            return made(wall, Zone::Fixed(name.into(), hours * 3600));
        }
        made(local.instant(wall), local.clone())
    }

    fn resolve_year_day(&mut self, day: u32) -> Option<()> {
        let last = 365 + u32::from(is_leap(self.year));
        if !(1..=last).contains(&day) {
            return None;
        }
        let (mut month, mut left) = (1, day);
        while left > days_in(month, self.year) {
            left -= days_in(month, self.year);
            month += 1;
        }
        if self.month.is_some_and(|m| m != month) || self.day.is_some_and(|d| d != left) {
            return None;
        }
        (self.month, self.day) = (Some(month), Some(left));
        Some(())
    }
}

/// The width of a zone abbreviation, as Go recognises them.
fn abbreviation(text: &[u8]) -> Option<usize> {
    if text.starts_with(b"ChST") || text.starts_with(b"MeST") {
        return Some(4);
    }
    if text.starts_with(b"GMT") {
        return Some(3 + signed_hours(text.get(3..)?));
    }
    if matches!(text.first(), Some(b'+' | b'-')) {
        let width = signed_hours(text);
        return (width > 0).then_some(width);
    }
    let upper = text
        .iter()
        .take(6)
        .take_while(|b| b.is_ascii_uppercase())
        .count();
    match upper {
        3 => Some(3),
        4 if text.get(3) == Some(&b'T') || text.starts_with(b"WITA") => Some(4),
        5 if text.get(4) == Some(&b'T') => Some(5),
        _ => None,
    }
}

fn signed_hours(text: &[u8]) -> usize {
    if !matches!(text.first(), Some(b'+' | b'-')) {
        return 0;
    }
    let digits = text
        .iter()
        .skip(1)
        .take_while(|b| b.is_ascii_digit())
        .count();
    let value = text.iter().skip(1).take(digits).fold(0u32, |n, b| {
        n.saturating_mul(10).saturating_add(u32::from(b - b'0'))
    });
    if digits == 0 || value >= 24 {
        0
    } else {
        digits + 1
    }
}
