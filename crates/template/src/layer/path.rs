use crate::value::Value;

/// A step of a path: a key of a map, or a number of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Segment {
    /// A key.
    Key(String),
    /// A number, from 0.
    Index(usize),
}

/// As helm bounds them.
const LARGEST_INDEX: usize = 65_536;
const DEEPEST: usize = 30;

type Assignment = (Vec<Segment>, Value);

/// Reads `path=value,path=value`.
pub(super) fn assignments(text: &str, typed: bool) -> Result<Vec<Assignment>, String> {
    let mut found = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (path, after) = path(rest)?;
        let (value, behind) = value(after, typed)?;
        found.push((path, value));
        rest = behind;
    }
    if found.is_empty() {
        Err("expected `name=value`".to_owned())
    } else {
        Ok(found)
    }
}

/// Reads `path=rest`.
pub(super) fn split(text: &str) -> Result<(Vec<Segment>, &str), String> {
    path(text)
}

/// Writes a path as `a.b[0]`.
pub(super) fn join(path: &[String]) -> String {
    let mut text = String::new();
    for name in path {
        if !text.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit()) {
            text.push_str(&format!("[{name}]"));
        } else {
            if !text.is_empty() {
                text.push('.');
            }
            text.push_str(&name.replace('\\', "\\\\").replace('.', "\\."));
        }
    }
    text
}

fn path(text: &str) -> Result<(Vec<Segment>, &str), String> {
    let mut path = Vec::new();
    let mut key = String::new();
    let mut after_index = false;
    let mut characters = text.char_indices();
    while let Some((at, each)) = characters.next() {
        match each {
            '\\' => key.extend(characters.next().map(|(_, escaped)| escaped)),
            '.' | '[' | '=' => {
                if !key.is_empty() {
                    path.push(Segment::Key(std::mem::take(&mut key)));
                } else if !after_index {
                    return Err("a name is missing".to_owned());
                }
                after_index = false;
                if path.len() > DEEPEST {
                    return Err(format!("the path goes more than {DEEPEST} deep"));
                }
                if each == '=' {
                    return Ok((path, text.get(at + 1..).unwrap_or_default()));
                }
                if each == '[' {
                    let inner = text.get(at + 1..).unwrap_or_default();
                    let end = inner.find(']').ok_or("`[` is never closed")?;
                    let number = inner.get(..end).unwrap_or_default();
                    let index: usize = number
                        .trim()
                        .parse()
                        .map_err(|_| format!("`{number}` is not an index"))?;
                    if index > LARGEST_INDEX {
                        return Err(format!("the index {index} is greater than {LARGEST_INDEX}"));
                    }
                    path.push(Segment::Index(index));
                    after_index = true;
                    while characters.next().is_some_and(|(_, each)| each != ']') {}
                }
            }
            ',' => return Err("expected `name=value`".to_owned()),
            _ if after_index => {
                return Err(format!(
                    "expected `.`, `[` or `=` behind `]`, found `{each}`"
                ));
            }
            other => key.push(other),
        }
    }
    Err("expected `name=value`".to_owned())
}

fn value(text: &str, typed: bool) -> Result<(Value, &str), String> {
    if let Some(inner) = text.strip_prefix('{') {
        let mut items = Vec::new();
        let mut rest = inner;
        loop {
            let (word, end) = word(rest, &[',', '}']);
            let after = rest.get(end..).unwrap_or_default();
            if !(word.is_empty() && items.is_empty() && after.starts_with('}')) {
                items.push(scalar(word, typed));
            }
            match after.chars().next() {
                Some(',') => rest = after.get(1..).unwrap_or_default(),
                Some(_) => {
                    let behind = after.get(1..).unwrap_or_default();
                    if !behind.is_empty() && !behind.starts_with(',') {
                        return Err("expected `,` behind `}`".to_owned());
                    }
                    return Ok((
                        Value::List(items),
                        behind.strip_prefix(',').unwrap_or(behind),
                    ));
                }
                None => return Err("`{` is never closed".to_owned()),
            }
        }
    }
    let (word, end) = word(text, &[',']);
    let after = text.get(end..).unwrap_or_default();
    Ok((
        scalar(word, typed),
        after.strip_prefix(',').unwrap_or(after),
    ))
}

/// Returns the text up to one of `ends` with backslashes taken out, and where it ends.
fn word(text: &str, ends: &[char]) -> (String, usize) {
    let mut word = String::new();
    let mut characters = text.char_indices();
    while let Some((at, each)) = characters.next() {
        match each {
            '\\' => word.extend(characters.next().map(|(_, escaped)| escaped)),
            _ if ends.contains(&each) => return (word, at),
            other => word.push(other),
        }
    }
    (word, text.len())
}

fn scalar(word: String, typed: bool) -> Value {
    if !typed {
        return Value::Text(word);
    }
    match word.as_str() {
        "true" => true.into(),
        "false" => false.into(),
        "null" => Value::Null,
        _ => {
            // as helm: a leading zero keeps a number a text, so that `007` stays `007`
            let digits = word.strip_prefix('-').unwrap_or(&word);
            let whole = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
            let plain = whole && (digits == "0" || !digits.starts_with('0'));
            let number = word.parse::<i64>().ok().filter(|_| plain);
            number.map_or(Value::Text(word), Value::from)
        }
    }
}
