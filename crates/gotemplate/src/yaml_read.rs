//! Reading YAML, with the words and numbers of YAML 1.1 as Helm's parser knows them.

use crate::limits::deep;
use crate::list::List;
use crate::map::Map;
use crate::number::{parse_float, parse_int};
use crate::value::Value;
use std::collections::HashMap;
use yaml_rust2::parser::{Event, Parser};
use yaml_rust2::scanner::TScalarStyle;

/// How deep a document may nest.
const DEPTH: usize = 1000;

/// Decodes the first document. Numbers are `float64`, as they are after Helm's detour by JSON.
pub(crate) fn decode(text: &[u8]) -> Result<Value, String> {
    let text = std::str::from_utf8(text).map_err(|_| "yaml: invalid UTF-8")?;
    let mut reader = Reader {
        parser: Parser::new_from_str(text),
        anchors: HashMap::new(),
    };
    loop {
        match reader.next()? {
            Event::StreamStart | Event::DocumentStart | Event::Nothing => {}
            Event::StreamEnd | Event::DocumentEnd => return Ok(Value::Nil),
            event => return reader.node(event, 0),
        }
    }
}

struct Reader<'t> {
    parser: Parser<std::str::Chars<'t>>,
    anchors: HashMap<usize, Value>,
}

impl Reader<'_> {
    fn next(&mut self) -> Result<Event, String> {
        let (event, _) = self
            .parser
            .next_token()
            .map_err(|error| format!("error converting YAML to JSON: yaml: {error}"))?;
        Ok(event)
    }

    fn node(&mut self, event: Event, depth: usize) -> Result<Value, String> {
        if depth > DEPTH {
            return Err(format!("yaml: document nested deeper than {DEPTH}"));
        }
        let (anchor, value) = match event {
            Event::Alias(id) => return Ok(self.anchors.get(&id).cloned().unwrap_or(Value::Nil)),
            Event::Scalar(text, TScalarStyle::Plain, anchor, None) => {
                if is_endless(&text) {
                    return Err(format!("json: unsupported value: {text}"));
                }
                (anchor, plain(&text))
            }
            Event::Scalar(text, _, anchor, _) => (anchor, Value::from(text)),
            Event::SequenceStart(anchor, _) => (anchor, deep(|| self.sequence(depth))?),
            Event::MappingStart(anchor, _) => (anchor, deep(|| self.mapping(depth))?),
            _ => return Err("yaml: unexpected end of document".to_owned()),
        };
        if anchor > 0 {
            self.anchors.insert(anchor, value.clone());
        }
        Ok(value)
    }

    fn sequence(&mut self, depth: usize) -> Result<Value, String> {
        let mut items = Vec::new();
        loop {
            match self.next()? {
                Event::SequenceEnd => return Ok(List::any(items).into()),
                event => items.push(self.node(event, depth + 1)?),
            }
        }
    }

    fn mapping(&mut self, depth: usize) -> Result<Value, String> {
        let map = Map::default();
        let mut merged = Vec::new();
        loop {
            let event = self.next()?;
            if event == Event::MappingEnd {
                break;
            }
            let key = match &event {
                Event::Scalar(text, TScalarStyle::Plain, _, None) => name(text),
                Event::Scalar(text, ..) => text.clone(),
                _ => {
                    return Err(
                        "error converting YAML to JSON: yaml: unsupported map key".to_owned()
                    );
                }
            };
            // The key may carry an anchor of its own.
            self.node(event, depth + 1)?;
            let event = self.next()?;
            let value = self.node(event, depth + 1)?;
            if key == "<<" {
                merged.push(value);
            } else {
                map.set(key, value);
            }
        }
        for value in merged {
            let sources = match &value {
                Value::List(list) => list.items().to_vec(),
                other => vec![other.clone()],
            };
            for source in sources {
                let Value::Map(source) = source else { continue };
                for (key, value) in source.entries()? {
                    if !map.has(&key) {
                        map.set(key, value);
                    }
                }
            }
        }
        Ok(map.into())
    }
}

/// What an unquoted key is called, once it has been a value of its own.
fn name(text: &str) -> String {
    match plain(text) {
        Value::Bool(flag) => flag.to_string(),
        Value::Float(number) if number.fract() == 0.0 && number.abs() < 1e15 => {
            (number as i64).to_string()
        }
        _ => text.to_owned(),
    }
}

/// Whether an unquoted scalar is a float that JSON cannot hold.
fn is_endless(text: &str) -> bool {
    let text = text.strip_prefix(['+', '-']).unwrap_or(text);
    matches!(text, ".inf" | ".Inf" | ".INF" | ".nan" | ".NaN" | ".NAN")
}

/// What an unquoted scalar means.
fn plain(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Value::Nil,
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            return Value::Bool(true);
        }
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            return Value::Bool(false);
        }
        _ => {}
    }
    if !text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.')) {
        return Value::from(text);
    }
    let digits = text.replace('_', "");
    if let Ok(n) = parse_int(&digits, 0) {
        return Value::Float(n as f64);
    }
    let numeric = digits
        .chars()
        .all(|c| c.is_ascii_digit() || matches!(c, '+' | '-' | '.' | 'e' | 'E'));
    match parse_float(&digits).filter(|_| numeric) {
        Some(f) => Value::Float(f),
        None => Value::from(text),
    }
}
