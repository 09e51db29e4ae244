//! Every reader of values, the grammar of `--set`, schemas and the checks of outputs, on any text.
#![no_main]

use duat_template::layer::Layers;
use duat_template::read::{Syntax, read};
use duat_template::schema::Schema;
use duat_template::validate::{Format, check};
use duat_template::{Redactor, Source};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let source = Source::new("values", text);
    for syntax in [
        Syntax::Json,
        Syntax::Yaml,
        Syntax::Toml,
        Syntax::Csv,
        Syntax::Ini,
        Syntax::Env,
    ] {
        if let Err(problem) = read(&source, syntax) {
            assert!(!problem.to_string().is_empty());
        }
    }
    for format in [Format::Yaml, Format::Json, Format::Toml, Format::Dockerfile] {
        check(&source, format, None);
    }
    if let Ok(schema) = Schema::read(&source, Syntax::Yaml) {
        let mut layers = Layers::default();
        let _ = layers.set(text);
        let _ = layers.set_json(text);
        let _ = layers.pairs(text);
        schema.check(&layers.merged(), &[]);
        layers.explain(&Redactor::new());
    }
});
