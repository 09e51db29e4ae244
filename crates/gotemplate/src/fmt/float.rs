//! Floating-point numbers as text: Go's `strconv.FormatFloat` for `float64`.

use std::fmt::Write as _;

/// Beyond so many places a `float64` has only zeros.
const EXACT_PLACES: usize = 1100;

/// Decimal digits of a number: `0.d1d2d3... * 10^point`, without trailing zeros.
struct Digits {
    digits: Vec<u8>,
    point: i32,
}

impl Digits {
    /// Reads Rust's `d.ddde±x`.
    fn from_exponential(text: &str) -> Self {
        let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
        let mut digits: Vec<u8> = mantissa.bytes().filter(u8::is_ascii_digit).collect();
        while digits.last() == Some(&b'0') {
            digits.pop();
        }
        let zero = digits.is_empty();
        let point = if zero {
            0
        } else {
            exponent.parse::<i32>().unwrap_or(0) + 1
        };
        Self { digits, point }
    }

    fn shortest(f: f64) -> Self {
        Self::from_exponential(&format!("{f:e}"))
    }

    /// Rounded to so many significant digits.
    fn rounded(f: f64, count: usize) -> Self {
        let places = count.saturating_sub(1).min(EXACT_PLACES);
        Self::from_exponential(&format!("{f:.places$e}"))
    }

    fn at(&self, index: i32) -> u8 {
        usize::try_from(index)
            .ok()
            .and_then(|i| self.digits.get(i))
            .copied()
            .unwrap_or(b'0')
    }
}

/// Formats for the verbs `e E f g G b x X`; a precision of `None` is the shortest that reads back the same.
pub(crate) fn format(f: f64, verb: char, precision: Option<usize>) -> String {
    if f.is_nan() {
        return "NaN".to_owned();
    }
    if f.is_infinite() {
        return if f > 0.0 { "+Inf" } else { "-Inf" }.to_owned();
    }
    let negative = f.is_sign_negative();
    let magnitude = f.abs();
    let mut out = String::new();
    if negative {
        out.push('-');
    }
    match verb {
        'b' => out.push_str(&binary(magnitude)),
        'x' | 'X' => out.push_str(&hexadecimal(magnitude, precision, verb == 'X')),
        'f' => {
            if let Some(places) = precision {
                fixed(&mut out, magnitude, places);
            } else {
                let digits = Digits::shortest(magnitude);
                let places = (digits.digits.len() as i32 - digits.point).max(0);
                plain(&mut out, &digits, places);
            }
        }
        'e' | 'E' => {
            let digits = match precision {
                Some(places) => Digits::rounded(magnitude, places.saturating_add(1)),
                None => Digits::shortest(magnitude),
            };
            let places = precision.unwrap_or_else(|| digits.digits.len().saturating_sub(1));
            exponential(&mut out, &digits, places, verb);
        }
        _ => general(&mut out, magnitude, verb, precision),
    }
    out
}

fn general(out: &mut String, f: f64, verb: char, precision: Option<usize>) {
    let precision = precision.map(|p| p.max(1));
    let digits = match precision {
        Some(count) => Digits::rounded(f, count),
        None => Digits::shortest(f),
    };
    let count = digits.digits.len() as i32;
    let mut wanted = precision.map_or(count, |p| i32::try_from(p).unwrap_or(i32::MAX));
    let mut limit = wanted;
    if limit > count && count >= digits.point {
        limit = count;
    }
    if precision.is_none() {
        limit = 6;
    }
    let exponent = digits.point - 1;
    // A zero has exponent zero.
    let exponent = if digits.digits.is_empty() {
        0
    } else {
        exponent
    };
    if exponent < -4
        || exponent >= limit.max(i32::from(precision.is_some())) && !(digits.digits.is_empty())
    {
        if wanted > count {
            wanted = count;
        }
        let letter = if verb == 'G' { 'E' } else { 'e' };
        exponential(
            out,
            &digits,
            usize::try_from(wanted - 1).unwrap_or(0),
            letter,
        );
        return;
    }
    if wanted > digits.point {
        wanted = count;
    }
    plain(out, &digits, (wanted - digits.point).max(0));
}

/// `d.ddde±dd`
fn exponential(out: &mut String, digits: &Digits, places: usize, letter: char) {
    out.push(char::from(digits.at(0)));
    if places > 0 {
        out.push('.');
        for i in 1..=places {
            out.push(char::from(digits.at(i32::try_from(i).unwrap_or(i32::MAX))));
        }
    }
    let exponent = if digits.digits.is_empty() {
        0
    } else {
        digits.point - 1
    };
    out.push(letter);
    out.push(if exponent < 0 { '-' } else { '+' });
    let _ = write!(out, "{:02}", exponent.abs());
}

/// `ddd.ddd`
fn plain(out: &mut String, digits: &Digits, places: i32) {
    if digits.point > 0 {
        for i in 0..digits.point {
            out.push(char::from(digits.at(i)));
        }
    } else {
        out.push('0');
    }
    if places > 0 {
        out.push('.');
        for i in 0..places {
            out.push(char::from(digits.at(digits.point.saturating_add(i))));
        }
    }
}

fn fixed(out: &mut String, f: f64, places: usize) {
    let exact = places.min(EXACT_PLACES);
    let _ = write!(out, "{f:.exact$}");
    out.extend(std::iter::repeat_n('0', places - exact));
}

/// Mantissa and power of two, both integers.
fn parts(f: f64) -> (u64, i32) {
    let bits = f.to_bits();
    let fraction = bits & ((1 << 52) - 1);
    match (bits >> 52 & 0x7FF) as i32 {
        0 => (fraction, -1074),
        exponent => (fraction | 1 << 52, exponent - 1075),
    }
}

fn binary(f: f64) -> String {
    let (mantissa, exponent) = parts(f);
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}p{sign}{}", exponent.abs())
}

fn hexadecimal(f: f64, precision: Option<usize>, upper: bool) -> String {
    let (mut mantissa, mut exponent) = parts(f);
    exponent += 52;
    if mantissa == 0 {
        exponent = 0;
    }
    // One bit before the point: the leading one sits at bit 60.
    mantissa <<= 60 - 52;
    while mantissa != 0 && mantissa & (1 << 60) == 0 {
        mantissa <<= 1;
        exponent -= 1;
    }
    if let Some(places) = precision.filter(|&places| places < 15) {
        let shift = places as u32 * 4;
        let extra = (mantissa << shift) & ((1 << 60) - 1);
        mantissa >>= 60 - shift;
        if extra | (mantissa & 1) > 1 << 59 {
            mantissa += 1;
        }
        mantissa <<= 60 - shift;
        if mantissa & (1 << 61) != 0 {
            mantissa >>= 1;
            exponent += 1;
        }
    }
    let mut out = format!("0x{}", mantissa >> 60 & 1);
    let mut rest = mantissa << 4;
    let mut places = 0;
    if precision.map_or(rest != 0, |p| p > 0) {
        out.push('.');
        while precision.map_or(rest != 0, |p| places < p) {
            out.push(char::from_digit((rest >> 60) as u32, 16).unwrap_or('0'));
            rest <<= 4;
            places += 1;
        }
    }
    out.push('p');
    out.push(if exponent < 0 { '-' } else { '+' });
    let _ = write!(out, "{:02}", exponent.abs());
    if upper { out.to_uppercase() } else { out }
}

/// As `encoding/json` and JavaScript write it.
pub(crate) fn json(f: f64) -> String {
    let magnitude = f.abs();
    if magnitude != 0.0 && !(1e-6..1e21).contains(&magnitude) {
        let text = format(f, 'e', None);
        // e-09 becomes e-9
        let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, ""));
        let (sign, digits) = exponent.split_at(exponent.len().min(1));
        let digits = if sign == "-" {
            digits.strip_prefix('0').unwrap_or(digits)
        } else {
            digits
        };
        return format!("{mantissa}e{sign}{digits}");
    }
    format(f, 'f', None)
}
