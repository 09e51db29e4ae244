//! An engine knows functions and options; a set holds templates that can call each other.

use crate::builtins;
use crate::error::{Error, ErrorKind};
use crate::exec::{self, Shared};
use crate::func::{Function, Functions};
use crate::host::Host;
use crate::node::{List, Tree};
use crate::options::Options;
use crate::parser;
use crate::text::Str;
use crate::value::Value;
use std::collections::HashMap;
use std::rc::Rc;

/// Functions, options and doors to the outside: everything but the templates.
pub struct Engine {
    /// How templates are read and executed.
    pub options: Options,
    /// What functions may reach outside of the template.
    pub host: Host,
    functions: HashMap<Box<str>, Named>,
}

/// A function, and whether it is one of Go's own (`and` and `or` only short-circuit when they are).
#[derive(Clone)]
pub(crate) struct Named {
    pub(crate) function: Rc<Function>,
    pub(crate) builtin: bool,
}

impl Default for Engine {
    fn default() -> Self {
        Self::new()
    }
}

impl Engine {
    /// An engine with Go's own functions only, default options, and all doors closed.
    #[must_use]
    pub fn new() -> Self {
        let mut functions = HashMap::new();
        for (name, function) in builtins::functions() {
            functions.insert(
                name.into(),
                Named {
                    function,
                    builtin: true,
                },
            );
        }
        Self {
            options: Options::default(),
            host: Host::default(),
            functions,
        }
    }

    /// Adds functions; a name already known is replaced.
    pub fn add(&mut self, functions: Functions) -> &mut Self {
        self.functions.reserve(functions.len());
        for (name, function) in functions {
            self.functions.insert(
                name.into(),
                Named {
                    function,
                    builtin: false,
                },
            );
        }
        self
    }

    /// Adds one function, replacing one of the same name.
    pub fn add_function(&mut self, name: &str, function: Function) -> &mut Self {
        self.functions.insert(
            name.into(),
            Named {
                function: Rc::new(function),
                builtin: false,
            },
        );
        self
    }

    /// Removes a function; templates that name it no longer parse.
    pub fn remove(&mut self, name: &str) -> &mut Self {
        self.functions.remove(name);
        self
    }

    /// The functions known, in order of their names.
    #[must_use]
    pub fn functions(&self) -> Vec<(&str, &Function)> {
        let mut all: Vec<_> = self
            .functions
            .iter()
            .map(|(name, named)| (&**name, &*named.function))
            .collect();
        all.sort_unstable_by_key(|(name, _)| *name);
        all
    }

    pub(crate) fn function(&self, name: &str) -> Option<&Named> {
        self.functions.get(name)
    }

    /// An empty set of templates.
    #[must_use]
    pub fn templates(&self) -> Templates<'_> {
        Templates {
            engine: self,
            all: HashMap::new(),
        }
    }

    /// Renders one text on its own.
    ///
    /// # Errors
    /// When it does not parse or does not execute.
    pub fn render(
        &self,
        name: &str,
        text: impl AsRef<[u8]>,
        data: &Value,
    ) -> Result<Rendered, Failure> {
        let mut templates = self.templates();
        templates.parse(name, text)?;
        templates.render(name, data)
    }
}

/// A named template.
pub(crate) struct Template {
    pub(crate) name: Str,
    pub(crate) source: Rc<Source>,
    pub(crate) body: Rc<List>,
}

/// Where a template was written down.
pub(crate) struct Source {
    pub(crate) name: String,
    pub(crate) text: Str,
}

/// Templates that can call each other by name.
#[derive(Clone)]
pub struct Templates<'e> {
    engine: &'e Engine,
    all: HashMap<Str, Rc<Template>>,
}

impl<'e> Templates<'e> {
    /// Parses a source and files it under `name`, with every template it defines.
    ///
    /// A later definition replaces an earlier one, unless it is blank: then the earlier one stays.
    ///
    /// # Errors
    /// When the text is no template. The set is unchanged then.
    pub fn parse(&mut self, name: &str, text: impl AsRef<[u8]>) -> Result<Tree, Failure> {
        let options = &self.engine.options;
        self.parse_with(name, text.as_ref(), &options.left, &options.right)
    }

    /// [`Templates::parse`] with delimiters of its own; empty ones mean `{{` and `}}`.
    ///
    /// # Errors
    /// When the text is no template.
    pub fn parse_with(
        &mut self,
        name: &str,
        text: &[u8],
        left: &str,
        right: &str,
    ) -> Result<Tree, Failure> {
        let text = Str::from(text);
        let has_function = |name: &str| self.engine.function(name).is_some();
        let config = parser::Config {
            left,
            right,
            has_function: &has_function,
        };
        let (tree, defined) = parser::parse(name, &text, &config).map_err(|error| Failure {
            errors: vec![*error],
        })?;
        let source = Rc::new(Source {
            name: name.to_owned(),
            text,
        });
        for template in defined {
            let blank = template.body.is_blank();
            if blank && self.all.contains_key(&template.name) {
                continue;
            }
            let filed = Template {
                name: template.name.clone(),
                source: Rc::clone(&source),
                body: template.body,
            };
            self.all.insert(template.name, Rc::new(filed));
        }
        Ok(tree)
    }

    /// The engine the set belongs to.
    #[must_use]
    pub fn engine(&self) -> &'e Engine {
        self.engine
    }

    /// The names of all templates, in order.
    #[must_use]
    pub fn names(&self) -> Vec<Str> {
        let mut names: Vec<Str> = self.all.keys().cloned().collect();
        names.sort_unstable();
        names
    }

    /// Executes a template.
    ///
    /// # Errors
    /// The error that ended it, and the missing values collected before ([`crate::NoValue::Collect`]).
    pub fn render(&self, name: &str, data: &Value) -> Result<Rendered, Failure> {
        let shared = Shared::new(self.engine);
        let result = exec::run(&shared, self, name.as_bytes(), data);
        let mut errors = shared.take_missing();
        match result {
            Ok(rendered) if errors.is_empty() => Ok(rendered),
            Ok(_) => Err(Failure { errors }),
            Err(error) => {
                errors.push(*error);
                Err(Failure { errors })
            }
        }
    }

    pub(crate) fn get(&self, name: &[u8]) -> Option<&Rc<Template>> {
        self.all.get(name)
    }

    pub(crate) fn unknown(name: &[u8]) -> Box<Error> {
        let text = String::from_utf8_lossy(name).into_owned();
        let quoted = crate::quote::quote(name);
        Box::new(Error {
            kind: ErrorKind::Exec,
            name: text.clone(),
            template: text,
            line: 0,
            column: 0,
            span: 0..0,
            context: String::new(),
            message: format!("no template {quoted}"),
            chain: Vec::new(),
            cause: None,
            go_column: 0,
        })
    }
}

/// What a template made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rendered {
    /// The output.
    pub output: Vec<u8>,
    /// Where the output came from, in order of the output, when [`Options::trace`] is on.
    pub trace: Vec<Trace>,
}

impl Rendered {
    /// The output as text, invalid sequences replaced.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.output).into_owned()
    }

    /// The origin of a byte of the output.
    #[must_use]
    pub fn origin(&self, byte: usize) -> Option<&Trace> {
        let at = self.trace.partition_point(|trace| trace.output.end <= byte);
        self.trace
            .get(at)
            .filter(|trace| trace.output.contains(&byte))
    }
}

/// A piece of output and the place that wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// Bytes of the output.
    pub output: std::ops::Range<usize>,
    /// The source.
    pub name: Rc<str>,
    /// Bytes of the source: literal text, or the action.
    pub source: std::ops::Range<usize>,
    /// The items of `range` within which it was written, outermost first.
    pub turns: Rc<[Turn]>,
}

/// One item that a `range` is at. Of a number it goes through there are no items.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    /// The source of the `range`.
    pub name: Rc<str>,
    /// Where the `range` begins: the start of its [`Pos`](crate::node::Pos).
    pub start: usize,
    /// The index in a list, counted from 0, or the key in a map.
    pub key: String,
}

/// Why there is no output: one error, or several missing values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The errors in the order they occurred; never empty.
    pub errors: Vec<Error>,
}

impl Failure {
    /// The last error: the one that ended the execution, if one did.
    #[must_use]
    pub fn last(&self) -> Option<&Error> {
        self.errors.last()
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (i, error) in self.errors.iter().enumerate() {
            if i > 0 {
                f.write_str("\n")?;
            }
            error.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for Failure {}
