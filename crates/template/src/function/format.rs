use super::{Arguments, Context, Failure, Function};
use crate::read::{self, Syntax};
use crate::source::Source;
use crate::value::{Map, Value};

pub(super) const TABLE: &[Function] = &[
    row!(
        [
            "to_json",
            "toJson",
            "json_encode",
            "toRawJson",
            "mustToJson",
        ],
        "value: any, pretty: boolean = false -> string",
        "as JSON",
        (r#"{{ {"a": [1, "x"]} | to_json }}"#, r#"{"a":[1,"x"]}"#),
        json,
    ),
    row!(
        ["toPrettyJson", "to_json_pretty"],
        "value: any -> string",
        "as JSON on many lines",
        (r"{{ [1] | toPrettyJson }}", "[\n  1\n]"),
        |a, _| pretty(&a.any(0)),
    ),
    row!(
        ["from_json", "fromJson", "mustFromJson"],
        "value: string -> any",
        "the value that JSON writes",
        (r#"{{ `{"a": 1}` | from_json | get(key="a") }}"#, "1"),
        |a, _| parse(a, Syntax::Json),
    ),
    row!(
        ["to_yaml", "toYaml", "mustToYaml"],
        "value: any -> string",
        "as YAML, without the last line ending",
        (
            r#"{{ {"a": [1, "x"], "b": "yes"} | to_yaml }}"#,
            "a:\n- 1\n- x\nb: \"yes\"",
        ),
        |a, _| Ok(yaml(&a.any(0)).into()),
    ),
    row!(
        ["from_yaml", "fromYaml", "mustFromYaml"],
        "value: string -> any",
        "the value that YAML writes",
        (r#"{{ "a: 1" | from_yaml | get(key="a") }}"#, "1"),
        |a, _| parse(a, Syntax::Yaml),
    ),
    row!(
        ["to_toml", "toToml", "mustToToml"],
        "value: map -> string",
        "as TOML",
        (
            r#"{{ {"a": 1, "b": {"c": "x"}} | to_toml }}"#,
            "a = 1\n\n[b]\nc = \"x\"\n",
        ),
        toml,
    ),
    row!(
        ["from_toml", "fromToml", "mustFromToml"],
        "value: string -> any",
        "the value that TOML writes",
        (r#"{{ "a = 1" | from_toml | get(key="a") }}"#, "1"),
        |a, _| parse(a, Syntax::Toml),
    ),
    row!(
        ["from_csv"],
        "value: string -> list",
        "the rows of a CSV as maps, by its first line",
        (r#"{{ "a,b\n1,2" | from_csv | first | get(key="b") }}"#, "2"),
        |a, _| parse(a, Syntax::Csv),
    ),
    row!(
        ["from_env"],
        "value: string -> map",
        "the pairs of a .env file",
        (r#"{{ "A=1" | from_env | get(key="A") }}"#, "1"),
        |a, _| parse(a, Syntax::Env),
    ),
    row!(
        ["yaml_scalar", "yaml_quote"],
        "value: any -> string",
        "one YAML scalar, quoted if it must be",
        (
            r#"{{ "yes" | yaml_scalar }} {{ "plain" | yaml_scalar }}"#,
            r#""yes" plain"#,
        ),
        |a, _| Ok(yaml_scalar(&a.any(0)).into()),
    ),
];

type Outcome = Result<Value, Failure>;

fn json(arguments: &Arguments, _: &Context) -> Outcome {
    let value = arguments.any(0);
    if arguments.flag(1)? {
        pretty(&value)
    } else {
        Ok(value.to_string().into())
    }
}

fn pretty(value: &Value) -> Outcome {
    serde_json::to_string_pretty(value)
        .map(Value::from)
        .map_err(|error| error.to_string().into())
}

fn parse(arguments: &Arguments, syntax: Syntax) -> Outcome {
    let source = Source::new("the text", arguments.text(0)?);
    let node = read::read(&source, syntax).map_err(|problem| {
        let place = problem.location.map(|location| {
            format!(
                " (line {}, column {})",
                location.place.line, location.place.column
            )
        });
        Failure::from(format!("{}{}", problem.message, place.unwrap_or_default()))
    })?;
    Ok(node.value())
}

/// Returns a value as block-style YAML 1.2 that YAML 1.1 reads alike, without the last line ending.
/// Lists stand under their key without indentation.
pub(crate) fn yaml(value: &Value) -> String {
    let mut text = String::new();
    write_yaml(value, 0, &mut text);
    text.truncate(text.trim_end_matches('\n').len());
    text
}

fn write_yaml(value: &Value, depth: usize, text: &mut String) {
    let indent = "  ".repeat(depth);
    match value {
        Value::List(items) if !items.is_empty() => {
            for item in items {
                text.push_str(&indent);
                text.push('-');
                nested_yaml(item, depth + 1, true, text);
            }
        }
        Value::Map(map) if !map.is_empty() => {
            for (key, value) in &**map {
                text.push_str(&indent);
                text.push_str(&yaml_scalar(&Value::Text(key.clone())));
                text.push(':');
                nested_yaml(value, depth + 1, false, text);
            }
        }
        scalar => {
            text.push_str(&indent);
            text.push_str(&yaml_scalar(scalar));
            text.push('\n');
        }
    }
}

/// Writes what follows a `-` or a `key:`.
fn nested_yaml(value: &Value, depth: usize, in_list: bool, text: &mut String) {
    match value {
        Value::Map(map) if !map.is_empty() && in_list => {
            let mut inner = String::new();
            write_yaml(value, depth, &mut inner);
            text.push(' ');
            text.push_str(inner.trim_start_matches(' '));
        }
        Value::List(items) if !items.is_empty() && in_list => {
            let mut inner = String::new();
            write_yaml(value, depth, &mut inner);
            text.push(' ');
            text.push_str(inner.trim_start_matches(' '));
        }
        Value::List(items) if !items.is_empty() => {
            text.push('\n');
            write_yaml(value, depth - 1, text);
        }
        Value::Map(map) if !map.is_empty() => {
            text.push('\n');
            write_yaml(value, depth, text);
        }
        Value::Text(long) if is_block(long) => {
            let keep = if long.ends_with('\n') { "" } else { "-" };
            text.push_str(&format!(" |{keep}\n"));
            let indent = "  ".repeat(depth);
            for line in long.lines() {
                if !line.is_empty() {
                    text.push_str(&indent);
                    text.push_str(line);
                }
                text.push('\n');
            }
        }
        scalar => {
            text.push(' ');
            text.push_str(&yaml_scalar(scalar));
            text.push('\n');
        }
    }
}

/// Tells whether a text can stand as a literal block without indicators.
fn is_block(text: &str) -> bool {
    let plain = |each: char| each == '\n' || each == '\t' || !each.is_control();
    text.contains('\n')
        && !text.starts_with([' ', '\n', '\t'])
        && !text.ends_with("\n\n")
        && !text.lines().any(|line| line.ends_with([' ', '\t']))
        && text.chars().all(|each| {
            plain(each) && !matches!(each, '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{feff}')
        })
}

/// Returns one YAML scalar that reads back as the same value, quoted if it must be; an empty list
/// or map in flow style.
pub(crate) fn yaml_scalar(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Float(number) if number.is_nan() => ".nan".to_owned(),
        Value::Float(number) if number.is_infinite() => {
            if *number > 0.0 { ".inf" } else { "-.inf" }.to_owned()
        }
        Value::Text(text) if is_plain(text) => text.clone(),
        Value::Text(text) => Value::Text(text.clone()).to_string(),
        other => other.to_string(),
    }
}

/// Words that YAML 1.1 or 1.2 takes for something else than text.
const WORDS: [&str; 14] = [
    "null", "~", "true", "false", "yes", "no", "on", "off", "y", "n", ".nan", ".inf", "-.inf",
    "+.inf",
];

fn is_plain(text: &str) -> bool {
    let Some(first) = text.chars().next() else {
        return false;
    };
    let safe =
        |each: char| each.is_alphanumeric() || " _-./@+=,()~^;<>$\\".contains(each) || each == ':';
    let number_like = first.is_ascii_digit() || matches!(first, '-' | '+' | '.');
    first.is_alphanumeric() | matches!(first, '_' | '/' | '.' | '$' | '(' | '^')
        && text.chars().all(safe)
        && !text.ends_with([' ', ':'])
        && !text.contains(": ")
        && !text.contains(" #")
        && !WORDS.contains(&text.to_lowercase().as_str())
        && !(number_like && looks_numeric(text))
}

/// Numbers, dates, times and what else begins with a digit and holds no letter that a word would.
fn looks_numeric(text: &str) -> bool {
    let digits = |each: char| each.is_ascii_hexdigit() || "+-._:xobTZ ".contains(each);
    text.chars().all(digits)
}

fn toml(arguments: &Arguments, _: &Context) -> Outcome {
    let mut text = String::new();
    write_toml(arguments.map(0)?, &mut Vec::new(), &mut text)?;
    Ok(text.into())
}

fn toml_key(key: &str) -> String {
    let bare = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    if !key.is_empty() && key.bytes().all(bare) {
        key.to_owned()
    } else {
        toml_text(key)
    }
}

fn toml_text(text: &str) -> String {
    // what JSON escapes, TOML escapes alike; DEL is legal in the one only
    Value::Text(text.to_owned())
        .to_string()
        .replace('\u{7f}', "\\u007F")
}

fn is_tables(value: &Value) -> bool {
    let items = value.as_list().unwrap_or_default();
    !items.is_empty() && items.iter().all(|item| item.as_map().is_some())
}

fn write_toml(map: &Map, path: &mut Vec<String>, text: &mut String) -> Result<(), Failure> {
    for (key, value) in map {
        if value.as_map().is_none() && !is_tables(value) {
            text.push_str(&format!("{} = {}\n", toml_key(key), inline_toml(value)?));
        }
    }
    for (key, value) in map {
        path.push(toml_key(key));
        let header = path.join(".");
        let gap = if text.is_empty() { "" } else { "\n" };
        if let Some(table) = value.as_map() {
            text.push_str(&format!("{gap}[{header}]\n"));
            write_toml(table, path, text)?;
        } else if is_tables(value) {
            for item in value
                .as_list()
                .unwrap_or_default()
                .iter()
                .filter_map(Value::as_map)
            {
                let gap = if text.is_empty() { "" } else { "\n" };
                text.push_str(&format!("{gap}[[{header}]]\n"));
                write_toml(item, path, text)?;
            }
        }
        path.pop();
    }
    Ok(())
}

fn inline_toml(value: &Value) -> Result<String, Failure> {
    Ok(match value {
        Value::Null => return Err("TOML has no null".into()),
        Value::Text(text) => toml_text(text),
        Value::Integer(number) if i64::try_from(*number).is_err() => {
            return Err(format!("{number} is too large for TOML").into());
        }
        Value::List(items) => {
            let items: Result<Vec<String>, Failure> = items.iter().map(inline_toml).collect();
            format!("[{}]", items?.join(", "))
        }
        Value::Map(map) => {
            let pair = |(key, value): (&String, &Value)| {
                Ok(format!("{} = {}", toml_key(key), inline_toml(value)?))
            };
            let pairs: Result<Vec<String>, Failure> = map.iter().map(pair).collect();
            format!("{{ {} }}", pairs?.join(", "))
        }
        other => other.to_string(),
    })
}
