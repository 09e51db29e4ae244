//! Number constants, and Go's `strconv` readings of numbers.

/// A number constant: one text, which can be an integer, a float and a complex number at once.
#[derive(Clone, Debug, PartialEq)]
pub struct Number {
    /// As written.
    pub text: String,
    /// Its value as a signed integer, if it has one.
    pub int: Option<i64>,
    /// Its value as an unsigned integer, if it has one.
    pub uint: Option<u64>,
    /// Its value as a float, if it has one.
    pub float: Option<f64>,
    /// Its value as a complex number, if it is written as one.
    pub complex: Option<(f64, f64)>,
}

impl Number {
    fn empty(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            int: None,
            uint: None,
            float: None,
            complex: None,
        }
    }

    /// A character constant, already read.
    pub(crate) fn character(text: &str, code: u32) -> Self {
        Self {
            int: Some(i64::from(code)),
            uint: Some(u64::from(code)),
            float: Some(f64::from(code)),
            ..Self::empty(text)
        }
    }

    /// Reads a number token.
    pub(crate) fn parse(text: &str, is_complex: bool) -> Result<Self, String> {
        let mut number = Self::empty(text);
        let quoted = || crate::quote::quote(text.as_bytes());
        if is_complex {
            let (re, im) = parse_complex(text).ok_or("syntax error scanning complex number")?;
            number.set_complex(re, im);
            return Ok(number);
        }
        if let Some(im) = text.strip_suffix('i').and_then(parse_float) {
            number.set_complex(0.0, im);
            return Ok(number);
        }
        number.uint = parse_uint(text, 0).ok();
        number.int = parse_int(text, 0).ok();
        if number.int == Some(0) {
            number.uint = Some(0);
        }
        if let Some(int) = number.int {
            number.float = Some(int as f64);
        } else if let Some(uint) = number.uint {
            number.float = Some(uint as f64);
        } else if let Some(float) = parse_float(text) {
            if !text.contains(['.', 'e', 'E', 'p', 'P']) {
                return Err(format!("integer overflow: {}", quoted()));
            }
            number.set_float(float);
        }
        if number.int.is_none() && number.uint.is_none() && number.float.is_none() {
            return Err(format!("illegal number syntax: {}", quoted()));
        }
        Ok(number)
    }

    fn set_float(&mut self, float: f64) {
        self.float = Some(float);
        self.int = exact_int(float);
        self.uint = exact_uint(float);
    }

    fn set_complex(&mut self, re: f64, im: f64) {
        self.complex = Some((re, im));
        if im == 0.0 {
            self.set_float(re);
        }
    }

    /// Whether this reads as a float where nothing asks for a type.
    pub(crate) fn looks_float(&self) -> bool {
        let text = self.text.as_bytes();
        let hex = matches!(text, [b'0', b'x' | b'X', _, ..]) && !self.text.contains(['p', 'P']);
        self.float.is_some()
            && !hex
            && text.first() != Some(&b'\'')
            && self.text.contains(['.', 'e', 'E', 'p', 'P'])
    }
}

fn exact_int(f: f64) -> Option<i64> {
    let limit = 9_223_372_036_854_775_808.0;
    (f.trunc() == f && (-limit..limit).contains(&f)).then_some(f as i64)
}

fn exact_uint(f: f64) -> Option<u64> {
    (f.trunc() == f && (0.0..18_446_744_073_709_551_616.0).contains(&f)).then_some(f as u64)
}

fn parse_complex(text: &str) -> Option<(f64, f64)> {
    let body = text.strip_suffix('i')?;
    let bytes = body.as_bytes();
    let hex = body.trim_start_matches(['+', '-']).starts_with("0x");
    let split = (1..bytes.len()).rev().find(|&at| {
        let exponent = match bytes.get(at - 1) {
            Some(b'e' | b'E') => !hex,
            Some(b'p' | b'P') => true,
            _ => false,
        };
        matches!(bytes.get(at), Some(b'+' | b'-')) && !exponent
    })?;
    Some((
        parse_float(body.get(..split)?)?,
        parse_float(body.get(split..)?)?,
    ))
}

/// Why an integer could not be read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum IntError {
    Syntax,
    Range,
}

/// `strconv.ParseUint(text, base, 64)`; base 0 goes by the prefix and allows underscores.
pub(crate) fn parse_uint(text: &str, base: u32) -> Result<u64, IntError> {
    let (digits, radix) = if base == 0 {
        split_prefix(text)
    } else {
        (text, base)
    };
    if digits.is_empty() {
        return Err(IntError::Syntax);
    }
    let mut value: u64 = 0;
    let mut overflow = false;
    for c in digits.chars() {
        if c == '_' && base == 0 {
            continue;
        }
        let digit = c.to_digit(radix).ok_or(IntError::Syntax)?;
        match value
            .checked_mul(u64::from(radix))
            .and_then(|v| v.checked_add(u64::from(digit)))
        {
            Some(next) => value = next,
            None => overflow = true,
        }
        if overflow {
            // Go stops reading here and reports the range.
            return Err(IntError::Range);
        }
    }
    if base == 0 && text.contains('_') && !underscores_ok(text) {
        return Err(IntError::Syntax);
    }
    Ok(value)
}

/// `strconv.ParseInt(text, base, 64)`
pub(crate) fn parse_int(text: &str, base: u32) -> Result<i64, IntError> {
    let (negative, digits) = match text.as_bytes().first() {
        Some(b'-') => (true, text.get(1..).unwrap_or_default()),
        Some(b'+') => (false, text.get(1..).unwrap_or_default()),
        _ => (false, text),
    };
    let value = parse_uint(digits, base)?;
    if negative {
        0i64.checked_sub_unsigned(value).ok_or(IntError::Range)
    } else {
        i64::try_from(value).map_err(|_| IntError::Range)
    }
}

fn split_prefix(text: &str) -> (&str, u32) {
    let rest = |n| text.get(n..).unwrap_or_default();
    match text.as_bytes() {
        [b'0', b'b' | b'B', _, ..] => (rest(2), 2),
        [b'0', b'o' | b'O', _, ..] => (rest(2), 8),
        [b'0', b'x' | b'X', _, ..] => (rest(2), 16),
        [b'0', _, ..] => (rest(1), 8),
        _ => (text, 10),
    }
}

/// Whether underscores stand between digits (or a base prefix and a digit) only.
fn underscores_ok(text: &str) -> bool {
    let body = text.trim_start_matches(['+', '-']);
    let prefixed = matches!(
        body.as_bytes(),
        [b'0', b'b' | b'B' | b'o' | b'O' | b'x' | b'X', ..]
    );
    let hex = matches!(body.as_bytes(), [b'0', b'x' | b'X', ..]);
    let mut last = if prefixed { '0' } else { '^' };
    for c in body.chars().skip(if prefixed { 2 } else { 0 }) {
        if c.is_ascii_digit() || hex && c.is_ascii_hexdigit() {
            last = '0';
        } else if c == '_' {
            if last != '0' {
                return false;
            }
            last = '_';
        } else {
            if last == '_' {
                return false;
            }
            last = '!';
        }
    }
    last != '_'
}

/// `strconv.ParseFloat(text, 64)`; out of range is no number.
pub(crate) fn parse_float(text: &str) -> Option<f64> {
    parse_float_lossy(text).filter(|f| f.is_finite() || is_special(text))
}

/// As [`parse_float`], but out of range gives an infinity, the value Go returns beside its error.
pub(crate) fn parse_float_lossy(text: &str) -> Option<f64> {
    if is_special(text) {
        let negative = text.starts_with('-');
        let body = text.trim_start_matches(['+', '-']).to_ascii_lowercase();
        let value = if body == "nan" {
            f64::NAN
        } else {
            f64::INFINITY
        };
        return Some(if negative { -value } else { value });
    }
    let body = text.strip_prefix(['+', '-']).unwrap_or(text);
    let hex = matches!(body.as_bytes(), [b'0', b'x' | b'X', ..]);
    if text.contains('_') && !underscores_ok(text) {
        return None;
    }
    let plain: String = text.chars().filter(|&c| c != '_').collect();
    if hex {
        return parse_hex_float(&plain);
    }
    let numeric = plain
        .chars()
        .all(|c| c.is_ascii_digit() || matches!(c, '.' | 'e' | 'E' | '+' | '-'));
    if !numeric {
        return None;
    }
    plain.parse().ok()
}

fn is_special(text: &str) -> bool {
    let body = text
        .strip_prefix(['+', '-'])
        .unwrap_or(text)
        .to_ascii_lowercase();
    body == "inf" || body == "infinity" || text.eq_ignore_ascii_case("nan")
}

fn parse_hex_float(text: &str) -> Option<f64> {
    let (negative, body) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let body = body.get(2..)?;
    let (mantissa, exponent) = body.split_once(['p', 'P'])?;
    let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let mut power: i64 = exponent
        .strip_prefix('+')
        .unwrap_or(exponent)
        .parse()
        .unwrap_or(i64::from(i32::MAX));
    power = power.clamp(-1_000_000, 1_000_000);
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let mut value: u128 = 0;
    for (at, c) in whole.chars().chain(fraction.chars()).enumerate() {
        let digit = u128::from(c.to_digit(16)?);
        if value >> 120 == 0 {
            value = value << 4 | digit;
        } else {
            // Beyond 120 bits only a trace remains, for rounding.
            value |= u128::from(digit != 0);
            power += 4;
        }
        if at >= whole.len() {
            power -= 4;
        }
    }
    let result = scale(value as f64, power);
    Some(if negative { -result } else { result })
}

/// `f` times two to the `power`, in steps that do not overflow on the way.
fn scale(mut f: f64, mut power: i64) -> f64 {
    while power > 1000 && f.is_finite() && f != 0.0 {
        f *= 2f64.powi(1000);
        power -= 1000;
    }
    while power < -1000 && f != 0.0 {
        f *= 2f64.powi(-1000);
        power += 1000;
    }
    f * 2f64.powi(power.clamp(-1000, 1000) as i32)
}
