use super::{Arguments, Context, Failure, Function};
use crate::value::Value;

pub(super) const TABLE: &[Function] = &[
    row!(
        ["add"],
        "value: number, n: number -> number",
        "the sum",
        (r"{{ 1 | add(n=2) }}", "3"),
        |a, _| arithmetic(a, i128::checked_add, |x, y| x + y),
    ),
    row!(
        ["add1"],
        "value: number -> number",
        "one more",
        (r"{{ 1 | add1 }}", "2"),
        |a, _| one(a, 1),
    ),
    row!(
        ["sub"],
        "value: number, n: number -> number",
        "the difference",
        (r"{{ 5 | sub(n=2) }}", "3"),
        |a, _| arithmetic(a, i128::checked_sub, |x, y| x - y),
    ),
    row!(
        ["mul"],
        "value: number, n: number -> number",
        "the product",
        (r"{{ 4 | mul(n=2.5) }}", "10.0"),
        |a, _| arithmetic(a, i128::checked_mul, |x, y| x * y),
    ),
    row!(
        ["div"],
        "value: number, n: number -> number",
        "the quotient; of whole numbers the whole part",
        (r"{{ 7 | div(n=2) }}", "3"),
        |a, _| divided(a, i128::checked_div, |x, y| x / y),
    ),
    row!(
        ["mod"],
        "value: number, n: number -> number",
        "the remainder",
        (r"{{ 7 | mod(n=4) }}", "3"),
        |a, _| divided(a, i128::checked_rem, |x, y| x % y),
    ),
    row!(
        ["pow"],
        "value: number, n: integer -> number",
        "the power",
        (r"{{ 2 | pow(n=10) }}", "1024"),
        power,
    ),
    row!(
        ["max", "biggest"],
        "value: any, n?: number -> number",
        "the largest of a list, or of two",
        (r"{{ [3, 9, 4] | max }} {{ 1 | max(n=2) }}", "9 2"),
        |a, _| extreme(a, true),
    ),
    row!(
        ["min"],
        "value: any, n?: number -> number",
        "the smallest of a list, or of two",
        (r"{{ [3, 9, 4] | min }}", "3"),
        |a, _| extreme(a, false),
    ),
    row!(
        ["sum"],
        "value: list -> number",
        "the sum of a list",
        (r"{{ [1, 2, 3] | sum }}", "6"),
        sum,
    ),
    row!(
        ["clamp"],
        "value: number, low: number, high: number -> number",
        "not less than `low`, not more than `high`",
        (r"{{ 12 | clamp(low=1, high=10) }}", "10"),
        clamp,
    ),
    row!(
        ["round"],
        "value: number, precision: integer = 0, method: string = \"common\" -> number",
        "rounded: `common`, `ceil` or `floor`",
        (
            r#"{{ 2.55 | round(precision=1) }} {{ 2.1 | round(method="ceil") }}"#,
            "2.6 3",
        ),
        round,
    ),
    row!(
        ["ceil"],
        "value: number -> integer",
        "rounded up",
        (r"{{ 2.1 | ceil }}", "3"),
        |a, _| whole(a, f64::ceil),
    ),
    row!(
        ["floor"],
        "value: number -> integer",
        "rounded down",
        (r"{{ 2.9 | floor }}", "2"),
        |a, _| whole(a, f64::floor),
    ),
    built_in!(
        ["abs"],
        "value: number -> number",
        "without its sign",
        (r"{{ -3 | abs }}", "3"),
    ),
    row!(
        ["int", "int64", "atoi", "to_int"],
        "value: any, default?: any, base: integer = 10 -> integer",
        "as a whole number; `default` if it is none",
        (
            r#"{{ "42" | int }} {{ 2.9 | int }} {{ "x" | int(default=0) }}"#,
            "42 2 0",
        ),
        int,
    ),
    row!(
        ["float", "float64", "to_float"],
        "value: any, default?: any -> float",
        "as a float",
        (r#"{{ "1.5" | float }}"#, "1.5"),
        float,
    ),
    row!(
        ["toDecimal", "to_decimal"],
        "value: string -> integer",
        "the number that octal digits write",
        (r#"{{ "777" | toDecimal }}"#, "511"),
        octal,
    ),
    row!(
        ["filesizeformat", "bytes"],
        "value: integer, binary: boolean = true -> string",
        "bytes in the largest fitting unit",
        (r"{{ 1536 | filesizeformat }}", "1.5 KiB"),
        size,
    ),
    row!(
        ["range"],
        "start: integer = 0, end: integer, step_by: integer = 1 -> list",
        "the whole numbers from `start` to before `end`",
        (r"{{ range(end=3) }}", "[0, 1, 2]"),
        |a, c| {
            let start = a.integer(0)?;
            range(start, a.integer(1)?, a.integer(2)?, c)
        },
    ),
    row!(
        ["until"],
        "value: integer -> list",
        "the whole numbers from 0 to before `value`",
        (r"{{ 3 | until }}", "[0, 1, 2]"),
        |a, c| range(0, a.integer(0)?, 1, c),
    ),
    row!(
        ["seq"],
        "start: integer = 1, end: integer, step: integer = 1 -> list",
        "the whole numbers from `start` to `end`",
        (r"{{ seq(end=3) }}", "[1, 2, 3]"),
        |a, c| {
            let step = a.integer(2)?;
            range(
                a.integer(0)?,
                a.integer(1)?.saturating_add(step.signum()),
                step,
                c,
            )
        },
    ),
    row!(
        ["get_random", "randInt", "rand_int"],
        "start: integer = 0, end: integer -> integer",
        "a random number from `start` to before `end`",
        (r"{{ get_random(start=7, end=8) }}", "7"),
        random,
    )
    .needs(crate::engine::Need::Random),
    row!(
        ["randAlphaNum", "rand_alphanum"],
        "value: integer -> string",
        "so many random letters and digits",
        (r"{{ 8 | randAlphaNum | length }}", "8"),
        |a, c| {
            letters(
                a,
                c,
                b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
            )
        },
    )
    .needs(crate::engine::Need::Random),
    row!(
        ["randNumeric", "rand_numeric"],
        "value: integer -> string",
        "so many random digits",
        (r"{{ 8 | randNumeric | length }}", "8"),
        |a, c| letters(a, c, b"0123456789"),
    )
    .needs(crate::engine::Need::Random),
    row!(
        ["uuidv4", "uuid"],
        "-> string",
        "a random UUID",
        (r"{{ uuidv4() | length }}", "36"),
        uuid,
    )
    .needs(crate::engine::Need::Random),
];

type Outcome = Result<Value, Failure>;

/// Reads a number: whole if it is written so.
pub(super) fn parse(text: &str) -> Option<Value> {
    let text = text.trim();
    let float = || {
        text.parse::<f64>()
            .ok()
            .filter(|number| number.is_finite())
            .map(Value::Float)
    };
    text.parse::<i128>().ok().map(Value::Integer).or_else(float)
}

#[expect(clippy::cast_precision_loss, reason = "a float was asked for")]
fn as_float(number: &Value) -> f64 {
    match number {
        Value::Integer(number) => *number as f64,
        Value::Float(number) => *number,
        _ => 0.0,
    }
}

fn finite(number: f64) -> Outcome {
    if number.is_finite() {
        Ok(number.into())
    } else {
        Err("the result is not a number".into())
    }
}

fn arithmetic(
    arguments: &Arguments,
    whole: fn(i128, i128) -> Option<i128>,
    float: fn(f64, f64) -> f64,
) -> Outcome {
    match (arguments.number(0)?, arguments.number(1)?) {
        (Value::Integer(left), Value::Integer(right)) => whole(left, right)
            .map(Value::Integer)
            .ok_or_else(|| "the result is too large".into()),
        (left, right) => finite(float(as_float(&left), as_float(&right))),
    }
}

fn divided(
    arguments: &Arguments,
    whole: fn(i128, i128) -> Option<i128>,
    float: fn(f64, f64) -> f64,
) -> Outcome {
    if as_float(&arguments.number(1)?) == 0.0 {
        return Err("division by zero".into());
    }
    arithmetic(arguments, whole, float)
}

fn one(arguments: &Arguments, more: i128) -> Outcome {
    match arguments.number(0)? {
        Value::Integer(number) => Ok(number.saturating_add(more).into()),
        other => finite(as_float(&other) + 1.0),
    }
}

fn power(arguments: &Arguments, _: &Context) -> Outcome {
    let exponent = arguments.integer(1)?;
    match (arguments.number(0)?, u32::try_from(exponent)) {
        (Value::Integer(base), Ok(exponent)) => base
            .checked_pow(exponent)
            .map(Value::Integer)
            .ok_or_else(|| "the result is too large".into()),
        (base, _) => finite(as_float(&base).powf(as_float(&Value::Integer(exponent)))),
    }
}

fn extreme(arguments: &Arguments, largest: bool) -> Outcome {
    let mut numbers = match arguments.given(0) {
        Some(Value::List(items)) => items.clone(),
        _ => vec![arguments.number(0)?],
    };
    if arguments.has(1) {
        numbers.push(arguments.number(1)?);
    }
    let numeric = |value: &Value| matches!(value, Value::Integer(_) | Value::Float(_));
    if !numbers.iter().all(numeric) {
        return Err("the list holds what is not a number".into());
    }
    let compare = |left: &Value, right: &Value| as_float(left).total_cmp(&as_float(right));
    let found = if largest {
        numbers.into_iter().max_by(compare)
    } else {
        numbers.into_iter().min_by(compare)
    };
    found.ok_or_else(|| "the list is empty".into())
}

fn sum(arguments: &Arguments, _: &Context) -> Outcome {
    let mut whole = 0_i128;
    let mut float = None;
    for item in arguments.list(0)? {
        match item {
            Value::Integer(number) => whole = whole.saturating_add(*number),
            Value::Float(number) => float = Some(float.unwrap_or(0.0) + number),
            other => return Err(format!("the list holds a {}", other.kind()).into()),
        }
    }
    match float {
        Some(float) => finite(float + as_float(&Value::Integer(whole))),
        None => Ok(whole.into()),
    }
}

fn clamp(arguments: &Arguments, _: &Context) -> Outcome {
    let (value, low, high) = (
        arguments.number(0)?,
        arguments.number(1)?,
        arguments.number(2)?,
    );
    if as_float(&value) < as_float(&low) {
        return Ok(low);
    }
    Ok(if as_float(&value) > as_float(&high) {
        high
    } else {
        value
    })
}

fn round(arguments: &Arguments, _: &Context) -> Outcome {
    let places = arguments.integer(1)?;
    let Value::Float(number) = arguments.number(0)? else {
        return arguments.number(0);
    };
    let change = match arguments.text(2)?.as_str() {
        "common" => f64::round,
        "ceil" => f64::ceil,
        "floor" => f64::floor,
        other => {
            return Err(format!("`{other}` is not a way to round: common, ceil, floor").into());
        }
    };
    if places == 0 {
        return integral(change(number));
    }
    let factor = 10_f64.powf(as_float(&Value::Integer(places.clamp(-300, 300))));
    finite(change(number * factor) / factor)
}

fn integral(number: f64) -> Outcome {
    format!("{number:.0}")
        .parse::<i128>()
        .map(Value::Integer)
        .map_err(|_| "the number is too large".into())
}

fn whole(arguments: &Arguments, change: fn(f64) -> f64) -> Outcome {
    match arguments.number(0)? {
        Value::Float(number) => integral(change(number)),
        number => Ok(number),
    }
}

fn int(arguments: &Arguments, _: &Context) -> Outcome {
    let parsed = match arguments.any(0) {
        Value::Bool(flag) => Ok(i128::from(flag).into()),
        Value::Integer(number) => Ok(number.into()),
        Value::Float(number) => integral(number.trunc()),
        Value::Text(text) => radix(text.trim(), arguments.integer(2)?),
        other => Err(format!("a {} is not a number", other.kind()).into()),
    };
    match arguments.given(1) {
        Some(default) => Ok(parsed.unwrap_or_else(|_| default.clone())),
        None => parsed,
    }
}

fn radix(text: &str, base: i128) -> Outcome {
    let prefixes = [("0x", 16), ("0o", 8), ("0b", 2)];
    let marked = prefixes
        .iter()
        .find_map(|(prefix, base)| Some((text.strip_prefix(prefix)?, *base)));
    let base = u32::try_from(base)
        .ok()
        .filter(|base| (2..=36).contains(base))
        .unwrap_or(10);
    let (digits, base) = marked.unwrap_or((text, base));
    if let Ok(number) = i128::from_str_radix(digits, base) {
        return Ok(number.into());
    }
    match parse(text) {
        Some(Value::Float(number)) => integral(number.trunc()),
        _ => Err(format!("`{text}` is not a number").into()),
    }
}

fn float(arguments: &Arguments, _: &Context) -> Outcome {
    match (arguments.number(0), arguments.given(1)) {
        (Ok(number), _) => Ok(as_float(&number).into()),
        (Err(_), Some(default)) => Ok(default.clone()),
        (Err(failure), None) => Err(failure),
    }
}

fn octal(arguments: &Arguments, _: &Context) -> Outcome {
    radix(&arguments.text(0)?, 8)
}

fn size(arguments: &Arguments, _: &Context) -> Outcome {
    let bytes = arguments.integer(0)?;
    let binary = !arguments.has(1) || arguments.flag(1)?;
    let (step, units) = if binary {
        (1024.0, ["B", "KiB", "MiB", "GiB", "TiB", "PiB"])
    } else {
        (1000.0, ["B", "kB", "MB", "GB", "TB", "PB"])
    };
    let mut number = as_float(&Value::Integer(bytes));
    let mut unit = units.iter();
    let mut name = unit.next().copied().unwrap_or_default();
    while number.abs() >= step {
        let Some(next) = unit.next() else { break };
        number /= step;
        name = next;
    }
    let shown = format!("{number:.1}");
    Ok(format!("{} {name}", shown.strip_suffix(".0").unwrap_or(&shown)).into())
}

fn range(start: i128, end: i128, step: i128, context: &Context) -> Outcome {
    const LONGEST: i128 = 100_000;
    if step == 0 {
        return Err("a step of 0 never ends".into());
    }
    let count = end
        .saturating_sub(start)
        .saturating_add(step - step.signum())
        / step;
    if count > LONGEST {
        return Err(format!("{count} numbers are too many; {LONGEST} are allowed").into());
    }
    let count = usize::try_from(count).unwrap_or_default();
    context.room(count.saturating_mul(size_of::<Value>()))?;
    let numbers = (0..).map(|at| start + at * step).take(count);
    Ok(Value::List(numbers.map(Value::Integer).collect()))
}

fn below(limit: u128, context: &Context) -> Result<u128, Failure> {
    let mut bytes = [0; 16];
    context.host.random(&mut bytes)?;
    Ok(u128::from_le_bytes(bytes) % limit.max(1))
}

fn random(arguments: &Arguments, context: &Context) -> Outcome {
    let (start, end) = (arguments.integer(0)?, arguments.integer(1)?);
    let width = end
        .checked_sub(start)
        .and_then(|width| u128::try_from(width).ok());
    let width = width
        .filter(|width| *width > 0)
        .ok_or_else(|| Failure::from("there is no number between them"))?;
    let offset = i128::try_from(below(width, context)?).unwrap_or_default();
    Ok((start + offset).into())
}

fn letters(arguments: &Arguments, context: &Context, alphabet: &[u8]) -> Outcome {
    let count = arguments.count(0)?;
    context.room(count)?;
    let mut bytes = vec![0; count];
    context.host.random(&mut bytes)?;
    let letter = |byte: u8| {
        let at = usize::from(byte) % alphabet.len().max(1);
        alphabet.get(at).copied().map_or('x', char::from)
    };
    Ok(bytes.into_iter().map(letter).collect::<String>().into())
}

fn uuid(_: &Arguments, context: &Context) -> Outcome {
    let mut bytes = [0_u8; 16];
    context.host.random(&mut bytes)?;
    let number = u128::from_be_bytes(bytes);
    // RFC 9562, section 5.4: the version is 4, the variant binary 10
    let number = number & !(0xf << 76) & !(0b11 << 62) | 4 << 76 | 0b10 << 62;
    let text = format!("{number:032x}");
    let part = |range: std::ops::Range<usize>| text.get(range).unwrap_or_default().to_owned();
    let parts = [
        part(0..8),
        part(8..12),
        part(12..16),
        part(16..20),
        part(20..32),
    ];
    Ok(parts.join("-").into())
}
