//! Times and durations as templates see them, with the methods they can call.

use super::civil::Civil;
use super::duration::{Duration, SECOND};
use super::{Time, Zone, format, layout};
use crate::func::{Answer, Function, Type};
use crate::list::{Elem, List};
use crate::object::{Member, Object};
use crate::value::{IntKind, Kind, UintKind, Value};
use std::any::Any;
use std::rc::Rc;

/// The layout of `Time.String`.
const DEFAULT: &[u8] = b"2006-01-02 15:04:05.999999999 -0700 MST";
/// The layout of `Time.MarshalJSON`.
const RFC3339_NANO: &[u8] = b"2006-01-02T15:04:05.999999999Z07:00";

/// A `time.Duration`.
pub(crate) fn duration_value(nanos: i64) -> Value {
    Value::object(Duration(nanos))
}

fn method(params: &'static [Type], body: impl Fn(&[Value]) -> Answer + 'static) -> Member {
    Member::Method(Rc::new(Function::new(params, move |_, args| body(args))))
}

fn getter(body: impl Fn() -> Value + 'static) -> Member {
    method(&[], move |_| Ok(body()))
}

fn time_of(value: Option<&Value>) -> Time {
    match value {
        Some(Value::Object(object)) => object
            .as_any()
            .downcast_ref::<Time>()
            .cloned()
            .unwrap_or_else(Time::zero),
        _ => Time::zero(),
    }
}

/// A `[]byte`.
fn bytes(bytes: &[u8]) -> Value {
    let item = |&byte| Value::Uint(UintKind::Uint8, u64::from(byte));
    Value::List(List::new(Elem::Byte, bytes.iter().map(item).collect()))
}

fn int_of(value: Option<&Value>) -> i64 {
    value.and_then(Value::signed).unwrap_or_default()
}

const TIME: &[Type] = &[Type::Object("time.Time")];
const DURATION: &[Type] = &[Type::Object("time.Duration")];

impl Object for Time {
    fn type_name(&self) -> &'static str {
        "time.Time"
    }

    fn kind(&self) -> Kind {
        Kind::Struct
    }

    fn text(&self) -> Option<String> {
        Some(String::from_utf8_lossy(&format(self, DEFAULT)).into_owned())
    }

    fn member(&self, name: &str) -> Result<Option<Member>, String> {
        let time = self.clone();
        let (offset, _) = self.zone.at(self.seconds);
        let civil = Civil::of(self.seconds.saturating_add(offset));
        let number = |n: u32| getter(move || Value::int(i64::from(n)));
        Ok(Some(match name {
            "Year" => getter(move || Value::int(civil.year)),
            "Month" => getter(move || Value::object(Named::Month(civil.month))),
            "Weekday" => getter(move || Value::object(Named::Weekday(civil.weekday))),
            "Day" => number(civil.day),
            "Hour" => number(civil.hour),
            "Minute" => number(civil.minute),
            "Second" => number(civil.second),
            "YearDay" => number(civil.year_day),
            "Nanosecond" => number(self.nanos),
            "Unix" => getter(move || Value::int64(time.seconds)),
            "UnixMilli" => getter(move || Value::int64(time.scaled(1_000))),
            "UnixMicro" => getter(move || Value::int64(time.scaled(1_000_000))),
            "UnixNano" => getter(move || Value::int64(time.scaled(SECOND))),
            "IsZero" => getter(move || Value::Bool(time.seconds == super::ZERO && time.nanos == 0)),
            "UTC" => getter(move || Value::object(time.within(&Zone::Utc))),
            "Local" => Member::Method(Rc::new(Function::new(&[], move |call, _| {
                Ok(Value::object(time.within(&call.engine().host.local)))
            }))),
            "Location" => {
                let zone = self.zone.name().to_owned();
                getter(move || Value::object(Named::Location(zone.clone())))
            }
            "String" => getter(move || Value::from(time.text().unwrap_or_default())),
            "GoString" => getter(move || Value::from(time.construction())),
            "IsDST" => getter(move || time.zone.is_summer(time.seconds).into()),
            "MarshalText" => getter(move || bytes(&format(&time, RFC3339_NANO))),
            "MarshalJSON" => {
                getter(move || bytes(&[b"\"", &*format(&time, RFC3339_NANO), b"\""].concat()))
            }
            "Format" => method(&[Type::String], move |args| {
                Ok(format(
                    &time,
                    args.first().and_then(Value::bytes).unwrap_or_default(),
                )
                .into())
            }),
            "Add" => method(DURATION, move |args| {
                Ok(Value::object(time.add(Duration(int_of(args.first())))))
            }),
            "Truncate" => method(DURATION, move |args| {
                Ok(Value::object(time.fitted(int_of(args.first()), false)))
            }),
            "Round" => method(DURATION, move |args| {
                Ok(Value::object(time.fitted(int_of(args.first()), true)))
            }),
            "Sub" => method(TIME, move |args| {
                Ok(duration_value(time.since(&time_of(args.first())).0))
            }),
            "After" => method(TIME, move |args| {
                Ok((time.since(&time_of(args.first())).0 > 0).into())
            }),
            "Before" => method(TIME, move |args| {
                Ok((time.since(&time_of(args.first())).0 < 0).into())
            }),
            "Equal" => method(TIME, move |args| {
                Ok((time.since(&time_of(args.first())).0 == 0).into())
            }),
            "Compare" => method(TIME, move |args| {
                Ok(Value::int(time.since(&time_of(args.first())).0.signum()))
            }),
            "AddDate" => method(&[Type::Int, Type::Int, Type::Int], move |args| {
                let (years, months, days) = (
                    int_of(args.first()),
                    int_of(args.get(1)),
                    int_of(args.get(2)),
                );
                Ok(Value::object(time.add_date(years, months, days)))
            }),
            "Date" => method(&[], |_| {
                Err("function Date has 3 return values; should be 1 or 2".into())
            }),
            "Clock" => method(&[], |_| {
                Err("function Clock has 3 return values; should be 1 or 2".into())
            }),
            "ISOWeek" => {
                let _ = civil.iso_week();
                let message = "invalid function signature for ISOWeek: second return value should be error; is int";
                method(&[], move |_| Err(message.into()))
            }
            _ => return Ok(None),
        }))
    }

    fn encoded(&self) -> Option<Value> {
        Some(format(self, RFC3339_NANO).into())
    }

    fn equal(&self, other: &dyn Object) -> bool {
        other.as_any().downcast_ref() == Some(self)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl Time {
    /// The call of Go that makes this time: what `Time.GoString` gives.
    fn construction(&self) -> String {
        let (offset, _) = self.zone.at(self.seconds);
        let civil = Civil::of(self.seconds.saturating_add(offset));
        let zone = match self.zone.name() {
            name @ ("UTC" | "Local") => format!("time.{name}"),
            name => format!("time.Location({name:?})"),
        };
        format!(
            "time.Date({}, time.{}, {}, {}, {}, {}, {}, {zone})",
            civil.year,
            layout::month_name(civil.month),
            civil.day,
            civil.hour,
            civil.minute,
            civil.second,
            self.nanos,
        )
    }

    fn scaled(&self, per_second: i64) -> i64 {
        let part = i64::from(self.nanos) / (SECOND / per_second);
        self.seconds.wrapping_mul(per_second).wrapping_add(part)
    }

    fn add_date(&self, years: i64, months: i64, days: i64) -> Self {
        let (offset, _) = self.zone.at(self.seconds);
        let shifted = self.seconds.saturating_add(offset);
        let civil = Civil::of(shifted);
        let bound = |n: i64| n.clamp(-400_000_000, 400_000_000);
        let month = i64::from(civil.month) - 1 + bound(months);
        let year = civil
            .year
            .saturating_add(bound(years))
            .saturating_add(month.div_euclid(12));
        let month = month.rem_euclid(12) as u32 + 1;
        let day = super::civil::to_days(year.clamp(-290_000_000_000, 290_000_000_000), month, 1)
            .saturating_add(i64::from(civil.day) - 1)
            .saturating_add(bound(days));
        let wall = day
            .saturating_mul(86_400)
            .saturating_add(shifted.rem_euclid(86_400));
        Self {
            seconds: self.zone.instant(wall),
            ..self.clone()
        }
    }
}

impl Object for Duration {
    fn type_name(&self) -> &'static str {
        "time.Duration"
    }

    fn kind(&self) -> Kind {
        Kind::Int(IntKind::Int64)
    }

    fn text(&self) -> Option<String> {
        Some(self.to_string())
    }

    fn member(&self, name: &str) -> Result<Option<Member>, String> {
        let nanos = self.0;
        let float = |unit: i64| {
            let (whole, part) = (nanos / unit, nanos % unit);
            getter(move || Value::Float(whole as f64 + part as f64 / unit as f64))
        };
        Ok(Some(match name {
            "Hours" => float(3600 * SECOND),
            "Minutes" => float(60 * SECOND),
            "Seconds" => float(SECOND),
            "Milliseconds" => getter(move || Value::int64(nanos / 1_000_000)),
            "Microseconds" => getter(move || Value::int64(nanos / 1_000)),
            "Nanoseconds" => getter(move || Value::int64(nanos)),
            "Abs" => getter(move || duration_value(nanos.saturating_abs())),
            "String" => getter(move || Value::from(Duration(nanos).to_string())),
            "Round" => method(DURATION, move |args| {
                Ok(duration_value(
                    Duration(nanos).round(int_of(args.first())).0,
                ))
            }),
            "Truncate" => method(DURATION, move |args| {
                let unit = int_of(args.first());
                Ok(duration_value(if unit <= 0 {
                    nanos
                } else {
                    nanos - nanos % unit
                }))
            }),
            _ => return Ok(None),
        }))
    }

    fn integer(&self) -> Option<i64> {
        Some(self.0)
    }

    fn encoded(&self) -> Option<Value> {
        Some(Value::int64(self.0))
    }

    fn equal(&self, other: &dyn Object) -> bool {
        other.as_any().downcast_ref() == Some(self)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// The smaller types of the package.
#[derive(PartialEq)]
enum Named {
    Month(u32),
    Weekday(u32),
    Location(String),
}

impl Object for Named {
    fn type_name(&self) -> &'static str {
        match self {
            Self::Month(_) => "time.Month",
            Self::Weekday(_) => "time.Weekday",
            Self::Location(_) => "*time.Location",
        }
    }

    fn kind(&self) -> Kind {
        if self.integer().is_some() {
            Kind::Int(IntKind::Int)
        } else {
            Kind::Ptr
        }
    }

    fn text(&self) -> Option<String> {
        Some(match self {
            Self::Month(month) => layout::month_name(*month).to_owned(),
            Self::Weekday(day) => layout::day_name(*day).to_owned(),
            Self::Location(name) => name.clone(),
        })
    }

    fn member(&self, name: &str) -> Result<Option<Member>, String> {
        let text = self.text().unwrap_or_default();
        Ok((name == "String").then(|| getter(move || Value::str(&text))))
    }

    fn integer(&self) -> Option<i64> {
        match self {
            Self::Month(n) | Self::Weekday(n) => Some(i64::from(*n)),
            Self::Location(_) => None,
        }
    }

    fn encoded(&self) -> Option<Value> {
        self.integer().map(Value::int)
    }

    fn equal(&self, other: &dyn Object) -> bool {
        other.as_any().downcast_ref() == Some(self)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
