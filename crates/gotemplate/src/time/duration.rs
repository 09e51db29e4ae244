//! `time.Duration`: nanoseconds, written like `1h2m3.5s`.

/// A span of time in nanoseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Duration(pub(crate) i64);

pub(crate) const SECOND: i64 = 1_000_000_000;

impl Duration {
    /// Rounded to a multiple of `unit`, halves away from zero.
    pub(crate) fn round(self, unit: i64) -> Self {
        if unit <= 0 {
            return self;
        }
        let rest = self.0 % unit;
        let rounded = if rest.unsigned_abs() + rest.unsigned_abs() < unit.unsigned_abs() {
            self.0.checked_sub(rest)
        } else if self.0 < 0 {
            self.0.checked_sub(unit + rest)
        } else {
            self.0.checked_add(unit - rest)
        };
        Self(rounded.unwrap_or(if self.0 < 0 { i64::MIN } else { i64::MAX }))
    }
}

impl std::fmt::Display for Duration {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let magnitude = self.0.unsigned_abs();
        let sign = if self.0 < 0 { "-" } else { "" };
        if magnitude == 0 {
            return f.write_str("0s");
        }
        if magnitude < 1_000_000_000 {
            let (unit, digits, name) = match magnitude {
                0..1_000 => return write!(f, "{sign}{magnitude}ns"),
                1_000..1_000_000 => (1_000, 3, "µs"),
                _ => (1_000_000, 6, "ms"),
            };
            return write!(
                f,
                "{sign}{}{}{name}",
                magnitude / unit,
                fraction(magnitude % unit, digits)
            );
        }
        let seconds = magnitude / 1_000_000_000;
        let part = fraction(magnitude % 1_000_000_000, 9);
        match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
            (0, 0, s) => write!(f, "{sign}{s}{part}s"),
            (0, m, s) => write!(f, "{sign}{m}m{s}{part}s"),
            (h, m, s) => write!(f, "{sign}{h}h{m}m{s}{part}s"),
        }
    }
}

fn fraction(value: u64, digits: usize) -> String {
    if value == 0 {
        return String::new();
    }
    let text = format!(".{value:0digits$}");
    text.trim_end_matches('0').to_owned()
}

/// `time.ParseDuration`
pub(crate) fn parse(text: &str) -> Result<Duration, String> {
    let invalid = || {
        format!(
            "time: invalid duration {}",
            crate::quote::quote(text.as_bytes())
        )
    };
    let (negative, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Ok(Duration(0));
    }
    if rest.is_empty() {
        return Err(invalid());
    }
    let mut total: u64 = 0;
    while !rest.is_empty() {
        let whole_len = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (whole, after) = rest.split_at(whole_len);
        let (places, after) = match after.strip_prefix('.') {
            Some(after) => after.split_at(after.bytes().take_while(u8::is_ascii_digit).count()),
            None => ("", after),
        };
        if whole.is_empty() && places.is_empty() {
            return Err(invalid());
        }
        let unit_len = after
            .bytes()
            .take_while(|&b| b != b'.' && !b.is_ascii_digit())
            .count();
        let (unit, next) = after.split_at(unit_len);
        let quoted = crate::quote::quote(text.as_bytes());
        let scale: u64 = match unit {
            "" => return Err(format!("time: missing unit in duration {quoted}")),
            "ns" => 1,
            "us" | "µs" | "μs" => 1_000,
            "ms" => 1_000_000,
            "s" => 1_000_000_000,
            "m" => 60_000_000_000,
            "h" => 3_600_000_000_000,
            other => {
                let unit = crate::quote::quote(other.as_bytes());
                return Err(format!("time: unknown unit {unit} in duration {quoted}"));
            }
        };
        let whole: u64 = if whole.is_empty() {
            0
        } else {
            whole.parse().map_err(|_| invalid())?
        };
        let mut value = whole
            .checked_mul(scale)
            .filter(|v| *v <= 1 << 63)
            .ok_or_else(invalid)?;
        value += fraction_of(places, scale);
        total = total
            .checked_add(value)
            .filter(|v| *v <= 1 << 63)
            .ok_or_else(invalid)?;
        rest = next;
    }
    if negative {
        return Ok(Duration(0i64.wrapping_sub_unsigned(total)));
    }
    i64::try_from(total).map(Duration).map_err(|_| invalid())
}

/// The places after the point, in units of `scale`; digits past what 63 bits hold are dropped.
fn fraction_of(places: &str, scale: u64) -> u64 {
    let (mut value, mut divisor, mut full) = (0u64, 1f64, false);
    for digit in places.bytes().map(|b| u64::from(b - b'0')) {
        if full || value > (u64::MAX >> 1) / 10 {
            full = true;
            continue;
        }
        let next = value * 10 + digit;
        if next > 1 << 63 {
            full = true;
            continue;
        }
        value = next;
        divisor *= 10.0;
    }
    if value == 0 {
        0
    } else {
        (value as f64 * (scale as f64 / divisor)) as u64
    }
}
