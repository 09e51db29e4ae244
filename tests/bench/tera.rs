//! The least that renders a template with values: what `stencil` is measured against.
//!
//! usage: `tera TEMPLATE VALUES.json`

use std::error::Error;
use std::io::Write;

use tera::{Context, Tera};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (template, values) = (arguments.next(), arguments.next());
    let template = std::fs::read_to_string(template.ok_or("no template")?)?;
    let values = std::fs::read(values.ok_or("no values")?)?;
    let values: serde_json::Value = serde_json::from_slice(&values)?;
    let mut tera = Tera::new();
    tera.add_raw_template("template", &template)?;
    let text = tera.render("template", &Context::from_serialize(&values)?)?;
    std::io::stdout().lock().write_all(text.as_bytes())?;
    Ok(())
}
