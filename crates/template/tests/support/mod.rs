//! A template with values and a host, ready to render.

#![allow(dead_code, reason = "each test file uses a part of it")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on ends"
)]

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use duat_template::dialect::Tera;
use duat_template::layer::Layers;
use duat_template::read::Syntax;
use duat_template::{
    Diagnostic, Engine, Host, Limits, Node, Options, Policy, Redactor, Rendered, Request, Source,
    Template, Value,
};

const VALUES: &str = "\
n: 3
image: {name: web, tag: \"1.2\"}
list: [a, b]
text: a<b
big: 12345678901234567890
f: 1.0
";

#[derive(Default)]
struct World {
    files: BTreeMap<String, String>,
    lookups: Mutex<Vec<String>>,
    expires: bool,
    asked: AtomicUsize,
}

impl Host for World {
    fn template(&self, name: &str) -> Result<Option<String>, String> {
        Ok(self.files.get(name).cloned())
    }

    fn roots(&self) -> Vec<String> {
        vec!["duat".to_owned(), "Env".to_owned()]
    }

    fn names(&self, root: &str) -> Vec<String> {
        let names: &[&str] = match root {
            "duat" => &["version", "gitHash", "broken"],
            _ => &["HOME", "SECRET_NAME"],
        };
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    fn expired(&self) -> bool {
        self.expires && self.asked.fetch_add(1, Ordering::Relaxed) > 3
    }

    fn lookup(&self, root: &str, name: &str) -> Result<Option<Value>, String> {
        self.lookups.lock().unwrap().push(format!("{root}.{name}"));
        match (root, name) {
            ("duat", "version") => Ok(Some("1.2.3".into())),
            ("duat", "broken") => Err("it is broken".to_owned()),
            ("Env", "HOME") => Ok(Some("/root".into())),
            _ => Ok(None),
        }
    }
}

pub(crate) struct Case {
    template: String,
    layers: Layers,
    values: Arc<Node>,
    world: World,
    options: Options,
    limits: Limits,
    policy: Policy,
    secrets: Redactor,
    seen: Mutex<Vec<String>>,
}

impl Case {
    pub(crate) fn new(template: &str) -> Self {
        Self::with_values(template, VALUES)
    }

    pub(crate) fn with_values(template: &str, values: &str) -> Self {
        let mut layers = Layers::default();
        layers
            .file(&Source::new("values.yaml", values), Syntax::Yaml)
            .unwrap();
        Self {
            template: template.to_owned(),
            values: layers.merged(),
            layers,
            world: World::default(),
            options: Options::default(),
            limits: Limits::default(),
            policy: Policy::default(),
            secrets: Redactor::new(),
            seen: Mutex::default(),
        }
    }

    pub(crate) fn file(mut self, name: &str, text: &str) -> Self {
        self.world.files.insert(name.to_owned(), text.to_owned());
        self
    }

    pub(crate) fn options(mut self, options: Options) -> Self {
        self.options = options;
        self
    }

    pub(crate) fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    pub(crate) fn policy(mut self, policy: Policy) -> Self {
        self.policy = policy;
        self
    }

    pub(crate) fn expires(mut self) -> Self {
        self.world.expires = true;
        self
    }

    pub(crate) fn secret(mut self, secret: &str) -> Self {
        self.secrets.add(secret);
        self
    }

    pub(crate) fn render(&self, traced: bool) -> Result<Rendered, Vec<Diagnostic>> {
        let world = Arc::new(World {
            files: self.world.files.clone(),
            expires: self.world.expires,
            ..World::default()
        });
        let host: Arc<dyn Host> = world.clone();
        let source = Source::new("main", self.template.as_str());
        let template = Tera.compile(&source, &self.options, &host, &self.limits)?;
        let request = Request {
            host,
            policy: self.policy,
            limits: self.limits,
            ..Request::new(&self.values, &self.secrets)
        };
        let rendered = template.render(&request, traced);
        let mut seen = world.lookups.lock().unwrap().clone();
        seen.sort();
        seen.dedup();
        *self.seen.lock().unwrap() = seen;
        rendered
    }

    pub(crate) fn host(&self) -> Arc<dyn Host> {
        Arc::new(World {
            files: self.world.files.clone(),
            expires: self.world.expires,
            ..World::default()
        })
    }

    pub(crate) fn layers(&self) -> &Layers {
        &self.layers
    }

    pub(crate) fn values(&self) -> &Node {
        &self.values
    }

    pub(crate) fn compile(&self) -> Result<Box<dyn Template>, Vec<Diagnostic>> {
        let source = Source::new("main", self.template.as_str());
        Tera.compile(&source, &self.options, &self.host(), &self.limits)
    }

    pub(crate) fn lookups(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }

    pub(crate) fn text(&self) -> String {
        match self.render(false) {
            Ok(rendered) => rendered.text,
            Err(problems) => panic!(
                "{}",
                problems
                    .iter()
                    .map(ToString::to_string)
                    .collect::<Vec<_>>()
                    .join("\n")
            ),
        }
    }

    pub(crate) fn problems(&self) -> Vec<Diagnostic> {
        match self.render(false) {
            Ok(rendered) => panic!("no error, but {:?}", rendered.text),
            Err(problems) => problems,
        }
    }
}
