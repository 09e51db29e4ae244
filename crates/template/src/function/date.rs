use chrono::format::{Item, StrftimeItems};
use chrono::{DateTime, Datelike, Duration, FixedOffset, NaiveDate, NaiveDateTime, Timelike, Utc};

use super::{Arguments, Context, Failure, Function, map_of};
use crate::engine::{Clock, Need};
use crate::value::Value;

pub(super) const TABLE: &[Function] = &[
    row!(
        ["now"],
        "timestamp: boolean = false, utc: boolean = true -> string",
        "the time of the run as RFC 3339, or in seconds since 1970",
        (r"{{ now() }}", "2009-02-13T23:31:30Z"),
        now,
    )
    .needs(Need::Clock),
    row!(
        ["date", "date_format"],
        "value: any, format: string = \"%Y-%m-%d\", timezone: string = \"UTC\", locale?: any -> string",
        "a time (seconds since 1970, or a text) written by a layout of strftime, or of Go when there is no `%` in it; time zones are `UTC` or an offset such as `+02:00`",
        (
            r#"{{ 1234567890 | date(format="%d.%m.%Y") }} {{ "2009-02-13" | date(format="Jan 2, 2006") }}"#,
            "13.02.2009 Feb 13, 2009",
        ),
        date,
    ),
    row!(
        ["dateModify", "date_modify"],
        "value: any, by: string -> string",
        "a time moved by a duration such as `-1h30m` or `7d`",
        (
            r#"{{ "2009-02-13T00:00:00Z" | dateModify(by="-24h") }}"#,
            "2009-02-12T00:00:00Z",
        ),
        modify,
    ),
    row!(
        ["toDate", "to_date", "parse_date"],
        "value: string, format: string -> string",
        "a text read by a layout, as RFC 3339",
        (
            r#"{{ "13.02.2009" | toDate(format="%d.%m.%Y") }}"#,
            "2009-02-13T00:00:00Z",
        ),
        parse,
    ),
    row!(
        ["unixEpoch", "unix_epoch", "timestamp"],
        "value: any -> integer",
        "seconds since 1970",
        (r#"{{ "2009-02-13T23:31:30Z" | unixEpoch }}"#, "1234567890"),
        |a, _| Ok(instant(&a.any(0))?.timestamp().into()),
    ),
    row!(
        ["htmlDate", "html_date", "iso_date"],
        "value: any -> string",
        "the day as `YYYY-MM-DD`",
        (r"{{ 1234567890 | htmlDate }}", "2009-02-13"),
        |a, _| Ok(instant(&a.any(0))?.format("%Y-%m-%d").to_string().into()),
    ),
    row!(
        ["rfc3339", "iso8601"],
        "value: any -> string",
        "as RFC 3339",
        (r"{{ 1234567890 | rfc3339 }}", "2009-02-13T23:31:30Z"),
        |a, _| Ok(shown(instant(&a.any(0))?)),
    ),
    row!(
        ["date_parts"],
        "value: any -> map",
        "year, month, day, hour, minute, second, weekday (Monday is 1), week, yearday",
        (r#"{{ 1234567890 | date_parts | get(key="year") }}"#, "2009"),
        parts,
    ),
    row!(
        ["duration"],
        "value: integer -> string",
        "seconds as hours, minutes and seconds",
        (r"{{ 3661 | duration }}", "1h1m1s"),
        duration,
    ),
    row!(
        ["durationRound", "duration_round"],
        "value: integer -> string",
        "seconds in the largest fitting unit",
        (r"{{ 7300 | durationRound }}", "2h"),
        round,
    ),
    row!(
        ["seconds", "duration_seconds"],
        "value: string -> integer",
        "the seconds of a duration",
        (r#"{{ "1h30m" | seconds }}"#, "5400"),
        |a, _| Ok(read_duration(&a.text(0)?)?.num_seconds().into()),
    ),
    row!(
        ["ago"],
        "value: any -> string",
        "how long before the run it was",
        (r"{{ 1234567830 | ago }}", "1m0s"),
        ago,
    )
    .needs(Need::Clock),
];

type Outcome = Result<Value, Failure>;
type Instant = DateTime<FixedOffset>;

fn clock(context: &Context) -> Result<DateTime<Utc>, Failure> {
    match context.clock {
        Clock::Fixed(time) | Clock::Running(time) => Ok(time),
        Clock::Absent => Err("no time is given".into()),
    }
}

fn now(arguments: &Arguments, context: &Context) -> Outcome {
    let time = clock(context)?;
    if arguments.flag(0)? {
        return Ok(time.timestamp().into());
    }
    Ok(shown(time.fixed_offset()))
}

fn shown(time: Instant) -> Value {
    let zulu = time.offset().local_minus_utc() == 0;
    time.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, zulu)
        .into()
}

/// Reads seconds since 1970, RFC 3339, RFC 2822, `YYYY-MM-DD HH:MM:SS`, or a day.
fn instant(value: &Value) -> Result<Instant, Failure> {
    let wrong = || {
        Failure::from(format!(
            "`{}` is not a time: give seconds since 1970, or a text as RFC 3339",
            value.printed()
        ))
    };
    let utc = |naive: NaiveDateTime| naive.and_utc().fixed_offset();
    let text = match value {
        Value::Integer(seconds) => {
            let seconds = i64::try_from(*seconds).map_err(|_| wrong())?;
            return DateTime::from_timestamp(seconds, 0)
                .map(|time| time.fixed_offset())
                .ok_or_else(wrong);
        }
        Value::Text(text) => text.trim(),
        _ => return Err(wrong()),
    };
    if let Ok(seconds) = text.parse::<i64>() {
        return DateTime::from_timestamp(seconds, 0)
            .map(|time| time.fixed_offset())
            .ok_or_else(wrong);
    }
    let zoned = DateTime::parse_from_rfc3339(text)
        .or_else(|_| DateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S %z"))
        .or_else(|_| DateTime::parse_from_rfc2822(text));
    let local = || {
        [
            "%Y-%m-%dT%H:%M:%S%.f",
            "%Y-%m-%d %H:%M:%S%.f",
            "%Y-%m-%dT%H:%M",
            "%Y-%m-%d %H:%M",
        ]
        .iter()
        .find_map(|layout| NaiveDateTime::parse_from_str(text, layout).ok())
    };
    let day = || {
        NaiveDate::parse_from_str(text, "%Y-%m-%d")
            .ok()?
            .and_hms_opt(0, 0, 0)
    };
    zoned
        .ok()
        .or_else(|| local().or_else(day).map(utc))
        .ok_or_else(wrong)
}

fn zone(text: &str) -> Result<FixedOffset, Failure> {
    let utc = matches!(text, "" | "UTC" | "utc" | "Z" | "GMT");
    let text = if utc { "+00:00" } else { text };
    let parsed = DateTime::parse_from_str(
        &format!("2000-01-01 00:00:00 {text}"),
        "%Y-%m-%d %H:%M:%S %z",
    );
    parsed.map(|time| *time.offset()).map_err(|_| {
        format!("`{text}` is not a time zone known here: give `UTC` or an offset such as `+02:00`")
            .into()
    })
}

fn date(arguments: &Arguments, _: &Context) -> Outcome {
    let time = instant(&arguments.any(0))?;
    let time = if arguments.has(2) {
        time.with_timezone(&zone(&arguments.text(2)?)?)
    } else {
        time
    };
    let layout = arguments.text(1)?;
    let layout = if layout.contains('%') {
        layout
    } else {
        from_go(&layout)
    };
    format(&layout, |items| {
        time.format_with_items(items.into_iter()).to_string()
    })
}

fn format(layout: &str, write: impl FnOnce(Vec<Item<'_>>) -> String) -> Outcome {
    let items: Vec<Item<'_>> = StrftimeItems::new(layout).collect();
    if items.iter().any(|item| matches!(item, Item::Error)) {
        return Err(format!("`{layout}` is not a layout of strftime").into());
    }
    Ok(write(items).into())
}

/// A part of a layout of Go.
pub(crate) struct Part<'a> {
    /// What strftime has for it.
    pub(crate) format: &'a str,
    /// Whether strftime writes the same as Go, whatever the time.
    pub(crate) same: bool,
}

/// The words of a Go layout, what strftime has for them, and whether that writes the same; longer
/// ones before their beginnings. Source: the constants of Go's package `time`, format.go.
const GO: [(&str, &str, bool); 32] = [
    ("January", "%B", true),
    ("Monday", "%A", true),
    ("2006", "%Y", true),
    ("-07:00:00", "%::z", true),
    ("Z07:00", "%:z", false),
    ("-07:00", "%:z", true),
    ("-0700", "%z", true),
    ("Z0700", "%z", false),
    ("Z07", "%z", false),
    ("002", "%j", true),
    ("Jan", "%b", true),
    ("Mon", "%a", true),
    ("MST", "%Z", false),
    ("01", "%m", true),
    ("02", "%d", true),
    ("03", "%I", true),
    ("04", "%M", true),
    ("05", "%S", true),
    ("06", "%y", true),
    ("15", "%H", true),
    ("PM", "%p", true),
    ("pm", "%P", true),
    ("_2006", "_%Y", true),
    ("_2", "%e", true),
    ("-07", "%z", false),
    ("__2", "%_j", true),
    ("1", "%-m", true),
    ("2", "%-d", true),
    ("3", "%-I", true),
    ("4", "%-M", true),
    ("5", "%-S", true),
    ("%", "%%", true),
];

/// The fractions of a second that strftime has something for.
const FRACTIONS: [(&str, &str); 6] = [
    (".000000000", ".%9f"),
    (".000000", ".%6f"),
    (".000", ".%3f"),
    (".999999999", "%.f"),
    (".999999", "%.f"),
    (".999", "%.f"),
];

/// Returns the fraction of a second that a layout of Go begins with: a run of `0` or `9` behind a
/// point or a comma, with no other digit behind it.
fn fraction(layout: &str) -> Option<&str> {
    let digits = layout.strip_prefix(['.', ','])?;
    let digit = digits
        .chars()
        .next()
        .filter(|digit| "09".contains(*digit))?;
    let behind = digits.trim_start_matches(digit);
    let ends = !behind.starts_with(|next: char| next.is_ascii_digit());
    layout.get(..layout.len() - behind.len()).filter(|_| ends)
}

/// Tells whether a layout begins with a word: `Jan` and `Mon` may begin another one.
fn begins(layout: &str, word: &str) -> bool {
    let short = matches!(word, "Jan" | "Mon");
    let lower = |next: char| next.is_ascii_lowercase();
    let behind = layout.strip_prefix(word);
    behind.is_some_and(|behind| !(short && behind.starts_with(lower)))
}

/// Returns the parts of a layout of Go in their order.
pub(crate) fn go_parts(layout: &str) -> impl Iterator<Item = Part<'_>> {
    let mut rest = layout;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let word = GO.iter().find(|(word, _, _)| begins(rest, word));
        let (length, format, same) = if let Some(fraction) = fraction(rest) {
            let known = FRACTIONS.iter().find(|(word, _)| *word == fraction);
            let format = known.map_or(fraction, |(_, format)| *format);
            (fraction.len(), format, false)
        } else if let Some((word, format, same)) = word {
            (word.len(), *format, *same)
        } else {
            let length = first.len_utf8();
            (length, rest.get(..length).unwrap_or_default(), true)
        };
        rest = rest.get(length..).unwrap_or_default();
        Some(Part { format, same })
    })
}

/// Translates a layout of Go to one of strftime.
fn from_go(layout: &str) -> String {
    go_parts(layout).map(|part| part.format).collect()
}

fn parse(arguments: &Arguments, _: &Context) -> Outcome {
    let (text, layout) = (arguments.text(0)?, arguments.text(1)?);
    let layout = if layout.contains('%') {
        layout
    } else {
        from_go(&layout)
    };
    let zoned = DateTime::parse_from_str(&text, &layout).ok();
    let local = || NaiveDateTime::parse_from_str(&text, &layout).ok();
    let day = || {
        NaiveDate::parse_from_str(&text, &layout)
            .ok()?
            .and_hms_opt(0, 0, 0)
    };
    let naive = |time: NaiveDateTime| time.and_utc().fixed_offset();
    let time = zoned.or_else(|| local().or_else(day).map(naive));
    time.map(shown)
        .ok_or_else(|| format!("`{text}` is not a time of the layout `{layout}`").into())
}

/// Reads a duration of Go (`1h30m`, `-90s`, `1.5h`, `20ms`), with days and weeks besides.
fn read_duration(text: &str) -> Result<Duration, Failure> {
    let wrong = || Failure::from(format!("`{text}` is not a duration such as `1h30m`"));
    let (sign, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest.is_empty() {
        return Err(wrong());
    }
    let mut seconds = 0.0;
    while !rest.is_empty() {
        let end = rest
            .find(|each: char| !each.is_ascii_digit() && each != '.')
            .ok_or_else(wrong)?;
        let (number, after) = rest.split_at(end);
        let end = after
            .find(|each: char| each.is_ascii_digit())
            .unwrap_or(after.len());
        let (unit, behind) = after.split_at(end);
        let factor = match unit {
            "w" => 604_800.0,
            "d" => 86_400.0,
            "h" => 3_600.0,
            "m" => 60.0,
            "s" => 1.0,
            "ms" => 1e-3,
            "us" | "\u{b5}s" => 1e-6,
            "ns" => 1e-9,
            _ => return Err(wrong()),
        };
        seconds += number.parse::<f64>().map_err(|_| wrong())? * factor;
        rest = behind;
    }
    let milliseconds = format!("{:.0}", seconds * sign * 1000.0)
        .parse::<i64>()
        .map_err(|_| wrong())?;
    Duration::try_milliseconds(milliseconds).ok_or_else(wrong)
}

fn modify(arguments: &Arguments, _: &Context) -> Outcome {
    let time = instant(&arguments.any(0))?;
    let moved = time.checked_add_signed(read_duration(&arguments.text(1)?)?);
    moved
        .map(shown)
        .ok_or_else(|| "the time is out of range".into())
}

fn parts(arguments: &Arguments, _: &Context) -> Outcome {
    let time = instant(&arguments.any(0))?;
    let number = |number: u32| Value::from(u64::from(number));
    Ok(map_of([
        ("year", time.year().into()),
        ("month", number(time.month())),
        ("day", number(time.day())),
        ("hour", number(time.hour())),
        ("minute", number(time.minute())),
        ("second", number(time.second())),
        ("weekday", number(time.weekday().number_from_monday())),
        ("week", number(time.iso_week().week())),
        ("yearday", number(time.ordinal())),
    ]))
}

fn written(seconds: i128) -> String {
    let sign = if seconds < 0 { "-" } else { "" };
    let total = seconds.unsigned_abs();
    let (hours, minutes, seconds) = (total / 3600, total / 60 % 60, total % 60);
    match (hours, minutes) {
        (0, 0) => format!("{sign}{seconds}s"),
        (0, _) => format!("{sign}{minutes}m{seconds}s"),
        _ => format!("{sign}{hours}h{minutes}m{seconds}s"),
    }
}

fn duration(arguments: &Arguments, _: &Context) -> Outcome {
    Ok(written(arguments.integer(0)?).into())
}

fn round(arguments: &Arguments, _: &Context) -> Outcome {
    const UNITS: [(u128, &str); 6] = [
        (31_536_000, "y"),
        (2_592_000, "mo"),
        (86_400, "d"),
        (3_600, "h"),
        (60, "m"),
        (1, "s"),
    ];
    let seconds = arguments.integer(0)?.unsigned_abs();
    let unit = UNITS.iter().find(|(size, _)| seconds >= *size);
    Ok(unit
        .map_or("0s".to_owned(), |(size, name)| {
            format!("{}{name}", seconds / size)
        })
        .into())
}

fn ago(arguments: &Arguments, context: &Context) -> Outcome {
    let passed = clock(context)?.signed_duration_since(instant(&arguments.any(0))?);
    Ok(written(i128::from(passed.num_seconds())).into())
}
