//! The engine of Go templates alone, as often as it is told.
//!
//! usage: `gotemplate TEMPLATE VALUES.json [TIMES]`

use std::error::Error;
use std::io::Write;

use gotemplate::{Engine, Value};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (template, values) = (arguments.next(), arguments.next());
    let times = arguments.next().map_or(Ok(1), |times| times.parse())?;
    let template = std::fs::read(template.ok_or("no template")?)?;
    let values = std::fs::read(values.ok_or("no values")?)?;
    let values = value(serde_json::from_slice(&values)?);
    let mut engine = Engine::new();
    engine.add(gotemplate::sprig::functions());
    let mut output = Vec::new();
    for _ in 0..times {
        output = engine.render("template", &template, &values)?.output;
    }
    std::io::stdout().lock().write_all(&output)?;
    Ok(())
}

/// Returns values as Go decodes JSON: every number is a float.
fn value(json: serde_json::Value) -> Value {
    use serde_json::Value as Json;
    match json {
        Json::Null => Value::Nil,
        Json::Bool(flag) => Value::Bool(flag),
        Json::Number(number) => Value::Float(number.as_f64().unwrap_or_default()),
        Json::String(text) => Value::from(text.as_str()),
        Json::Array(items) => items.into_iter().map(value).collect::<Vec<_>>().into(),
        Json::Object(map) => {
            let entries = map.iter();
            let entries = entries.map(|(name, item)| (name.as_str(), value(item.clone())));
            entries.collect::<gotemplate::Map>().into()
        }
    }
}
