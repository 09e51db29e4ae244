//! Dates and durations.

use super::Table;
use super::cast::parse_lossy;
use crate::args::{at, bytes, text};
use crate::error::Fault;
use crate::exec::Call;
use crate::func::{Answer, Type};
use crate::host::Door;
use crate::time::{self, Duration, Time, Zone};
use crate::value::{IntKind, Value};
use Type::{Any, String as Text};

const TIME: Type = Type::Object("time.Time");
const CLOCK: &[Door] = &[Door::Clock];

pub(super) fn add(table: &mut Table) {
    table.through(CLOCK, "now", &[], |call, _| Ok(Value::object(now(call)?)));
    table.through(CLOCK, "date", &[Text, Any], |call, a| {
        show(call, bytes(a, 0), at(a, 1), "Local")
    });
    for name in ["dateInZone", "date_in_zone"] {
        table.through(CLOCK, name, &[Text, Any, Text], |call, a| {
            show(call, bytes(a, 0), at(a, 1), &text(a, 2))
        });
    }
    table.through(CLOCK, "htmlDate", &[Any], |call, a| {
        show(call, b"2006-01-02", at(a, 0), "Local")
    });
    table.through(CLOCK, "htmlDateInZone", &[Any, Text], |call, a| {
        show(call, b"2006-01-02", at(a, 0), &text(a, 1))
    });
    for name in ["dateModify", "date_modify"] {
        table.plain(name, &[Text, TIME], |_, a| {
            let time = time_of(at(a, 1));
            Ok(Value::object(
                time::parse_duration(&text(a, 0)).map_or_else(|_| time.clone(), |d| time.add(d)),
            ))
        });
    }
    for name in ["mustDateModify", "must_date_modify"] {
        table.plain(name, &[Text, TIME], |_, a| {
            Ok(Value::object(
                time_of(at(a, 1)).add(time::parse_duration(&text(a, 0))?),
            ))
        });
    }
    table.plain("toDate", &[Text, Text], |call, a| {
        let local = &call.engine().host.local;
        Ok(Value::object(
            time::parse(bytes(a, 0), bytes(a, 1), local).unwrap_or_else(|_| Time::zero()),
        ))
    });
    table.plain("mustToDate", &[Text, Text], |call, a| {
        let local = &call.engine().host.local;
        let time = time::parse(bytes(a, 0), bytes(a, 1), local)?;
        Ok(Value::object(time))
    });
    table.plain("unixEpoch", &[TIME], |_, a| {
        Ok(time_of(at(a, 0)).seconds.to_string().into())
    });
    table.through(CLOCK, "ago", &[Any], ago);
    table.plain("duration", &[Any], |_, a| {
        let seconds = match at(a, 0) {
            Value::Str(text) => parse_lossy(&text.to_str()),
            Value::Int(IntKind::Int64, n) => *n,
            _ => 0,
        };
        Ok(Duration(seconds.wrapping_mul(1_000_000_000))
            .to_string()
            .into())
    });
    table.through(CLOCK, "durationRound", &[Any], duration_round);
}

/// The current time, from the caller's clock.
fn now(call: &Call<'_>) -> Result<Time, Fault> {
    let host = &call.engine().host;
    let clock = host
        .clock
        .as_ref()
        .ok_or_else(|| call.refused(Door::Clock))?;
    Ok(clock().within(&host.local))
}

fn time_of(value: &Value) -> Time {
    as_time(value).unwrap_or_else(Time::zero)
}

fn as_time(value: &Value) -> Option<Time> {
    match value {
        Value::Object(object) => object.as_any().downcast_ref::<Time>().cloned(),
        _ => None,
    }
}

/// Formats what may be a time or seconds since 1970; anything else means now.
fn show(call: &Call<'_>, layout: &[u8], value: &Value, zone: &str) -> Answer {
    let time = match value {
        Value::Int(IntKind::Int | IntKind::Int32 | IntKind::Int64, seconds) => Time::unix(*seconds),
        value => match as_time(value) {
            Some(time) => time,
            None => now(call)?,
        },
    };
    let zone = match zone {
        "Local" => call.engine().host.local.clone(),
        name => Zone::load(name).unwrap_or_default(),
    };
    Ok(time::format(&time.within(&zone), layout).into())
}

fn ago(call: &mut Call<'_>, args: &[Value]) -> Answer {
    let now = now(call)?;
    let then = match at(args, 0) {
        Value::Int(IntKind::Int | IntKind::Int64, seconds) => Time::unix(*seconds),
        value => as_time(value).unwrap_or_else(|| now.clone()),
    };
    Ok(now.since(&then).round(1_000_000_000).to_string().into())
}

/// Units of `durationRound` in seconds.
const UNITS: [(u64, &str); 6] = [
    (365 * 86_400, "y"),
    (30 * 86_400, "mo"),
    (86_400, "d"),
    (3600, "h"),
    (60, "m"),
    (1, "s"),
];

fn duration_round(call: &mut Call<'_>, args: &[Value]) -> Answer {
    let duration = match at(args, 0) {
        Value::Str(text) => time::parse_duration(&text.to_str()).unwrap_or(Duration(0)),
        Value::Int(IntKind::Int64, n) => Duration(*n),
        value => match as_time(value) {
            Some(time) => now(call)?.since(&time),
            None => Duration(0),
        },
    };
    let magnitude = duration.0.unsigned_abs();
    for (seconds, name) in UNITS {
        let unit = seconds * 1_000_000_000;
        if magnitude > unit {
            return Ok(format!("{}{name}", magnitude / unit).into());
        }
    }
    Ok("0s".into())
}
