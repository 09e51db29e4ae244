//! A template on fixed values within small limits: no panic, no hang, memory bounded, and an error
//! that says something.
#![no_main]

use std::sync::Arc;

use duat_template::dialect::Tera;
use duat_template::layer::Layers;
use duat_template::read::Syntax;
use duat_template::{
    Engine, Escape, Host, Limits, Missing, Options, Redactor, Request, Source, Value,
};
use libfuzzer_sys::fuzz_target;

struct World(String);

impl Host for World {
    fn template(&self, name: &str) -> Result<Option<String>, String> {
        Ok((name.len() < 3).then(|| self.0.clone()))
    }

    fn roots(&self) -> Vec<String> {
        vec!["Env".to_owned(), "duat".to_owned()]
    }

    fn lookup(&self, root: &str, name: &str) -> Result<Option<Value>, String> {
        Ok((root == "Env" && name == "A").then(|| "a".into()))
    }
}

fuzz_target!(|input: (u8, &str)| {
    let (choice, text) = input;
    let mut layers = Layers::default();
    let values = Source::new("v", "a: 1\nl: [1, {b: c}]\ns: text\n");
    layers.file(&values, Syntax::Yaml).expect("it is YAML");
    let (values, secrets) = (layers.merged(), Redactor::new());
    let limits = Limits {
        steps: 2_000,
        output: 1 << 16,
        value: 1 << 16,
        depth: 8,
        templates: 8,
        errors: 8,
        ..Limits::default()
    };
    let options = Options {
        missing: [Missing::Error, Missing::Empty, Missing::Keep][usize::from(choice % 3)],
        escape: [Escape::None, Escape::Yaml, Escape::Shell][usize::from(choice / 3 % 3)],
        trim_blocks: choice & 64 != 0,
        lstrip_blocks: choice & 128 != 0,
        ..Options::default()
    };
    let host: Arc<dyn Host> = Arc::new(World(text.to_owned()));
    let source = Source::new("main", text);
    let rendered = Tera
        .compile(&source, &options, &host, &limits)
        .and_then(|template| {
            let request = Request {
                host: Arc::clone(&host),
                limits,
                ..Request::new(&values, &secrets)
            };
            template.render(&request, true)
        });
    match rendered {
        Ok(rendered) => assert!(rendered.text.len() <= limits.output),
        Err(problems) => {
            assert!(!problems.is_empty());
            for problem in problems {
                assert!(!problem.message.is_empty());
            }
        }
    }
});
