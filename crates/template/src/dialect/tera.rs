//! Tera 2, with the names of Tera 1 and sprig, strict and within limits.

use std::collections::BTreeSet;
use std::sync::Arc;

use duat::order;

use crate::diagnostic::Diagnostic;
use crate::dialect::callable::RENDER_FILE;
use crate::dialect::runtime::{NESTED, Nested, Runtime};
use crate::dialect::set::Set;
use crate::engine::{Engine, Host, Limits, Reference, Rendered, Request, Template};
use crate::function::Context;
use crate::node::{Content, Node, Origin};
use crate::options::Options;
use crate::source::Source;
use crate::value::{Map, Value};

/// The Tera dialect.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tera;

impl Engine for Tera {
    fn compile(
        &self,
        main: &Source,
        options: &Options,
        host: &Arc<dyn Host>,
        limits: &Limits,
    ) -> Result<Box<dyn Template>, Vec<Diagnostic>> {
        Ok(Box::new(Set::load(main, options, host.as_ref(), limits)?))
    }
}

impl Template for Set {
    fn sources(&self) -> Vec<&Source> {
        self.units.iter().map(|unit| &unit.source).collect()
    }

    fn references(&self) -> Vec<Reference> {
        let mut references = self.own_references();
        references.extend(self.files.iter().cloned());
        references
    }

    fn render(&self, request: &Request<'_>, traced: bool) -> Result<Rendered, Vec<Diagnostic>> {
        let functions = Context {
            host: Arc::clone(&request.host),
            policy: request.policy,
            limits: request.limits,
            clock: request.clock,
        };
        let runtime = Runtime::new(functions, self.modes());
        let rendered = self.render_with(runtime, request, traced);
        rendered.map_err(|(problems, _)| {
            let hide = |text: &str| request.secrets.redact(text);
            let problems = problems.into_iter();
            problems.map(|problem| problem.map_text(hide)).collect()
        })
    }
}

/// All that was wrong, and the limit that ended the run if it was one.
type Failed = (Vec<Diagnostic>, Option<String>);

impl Set {
    /// Renders until all that can be reached has been, passing over what fails.
    fn render_with(
        &self,
        mut runtime: Runtime,
        request: &Request<'_>,
        traced: bool,
    ) -> Result<Rendered, Failed> {
        let (context, scope) = self.context(request);
        let mut plans = self.plans(is_hollow(request.values));
        runtime.tags = self.tags();
        let mut calls = self.units.iter().flat_map(|unit| &unit.analysis.calls);
        if calls.any(|call| call.name == RENDER_FILE) {
            runtime.nested = Some(Nested {
                values: Arc::new(request.values.clone()),
                options: self.base.clone(),
            });
        }
        let runtime = Arc::new(runtime);
        let mut problems: Vec<Diagnostic> = Vec::new();
        let mut rounds = 0;
        let mut poisoned: BTreeSet<String> = BTreeSet::new();
        loop {
            let report = match self.run(&runtime, &plans, &context) {
                Ok((mut text, _)) if problems.is_empty() => {
                    let map = traced
                        .then(|| self.trace(&runtime, &plans, &context, request.values, &text))
                        .flatten();
                    if request.last {
                        std::mem::forget(context);
                    } else {
                        text.shrink_to_fit();
                    }
                    return Ok(Rendered {
                        text,
                        warnings: scope.warnings(&self.units),
                        map,
                        references: runtime.noted(),
                    });
                }
                Ok(_) => break,
                Err(report) => report,
            };
            let place = report.place();
            if report.is_nested() {
                let nested = runtime.kept().into_iter();
                problems.extend(nested.map(|problem| report.called(problem, &self.units)));
                if runtime.stopped().is_some() {
                    break;
                }
            } else if let Some(reason) = runtime.stopped() {
                problems.push(report.stopped(&self.units, &reason));
                break;
            } else if !report.is_consequence(&self.units, &poisoned) {
                problems.extend(report.others(&self.units, &scope, request));
                problems.push(report.into_diagnostic(&self.units, Some((&scope, request))));
            }
            let patched = place
                .is_some_and(|(unit, offset)| self.patch(unit, offset, &mut plans, &mut poisoned));
            rounds += 1;
            let tired = rounds > request.limits.errors.saturating_mul(2);
            if !patched || tired || problems.len() >= request.limits.errors {
                break;
            }
        }
        order::sort_by_key(&mut problems, |problem| {
            // what another template was rendered for stands where that was asked
            let mut places = problem
                .location
                .as_deref()
                .into_iter()
                .chain(&problem.callers);
            places.find_map(|place| Some((self.position(&place.name)?, place.span.start)))
        });
        Err((problems, runtime.stopped()))
    }
}

/// Tells whether a list or a map somewhere in the values holds null.
fn is_hollow(values: &Node) -> bool {
    match &values.content {
        Content::Scalar(value) => matches!(value, Value::Null),
        Content::List(items) => items.iter().any(is_hollow),
        Content::Map(entries) => entries.nodes().any(is_hollow),
    }
}

/// Renders the template `path` with the values of the run and `more` over them.
pub(crate) fn render_file(runtime: &Runtime, path: &str, more: Map) -> Result<String, String> {
    let Some(nested) = &runtime.nested else {
        return Err("`render_file` is of no use here".to_owned());
    };
    let functions = &runtime.context;
    if runtime.depth >= functions.limits.depth.min(DEEPEST_FILES) {
        return Err("templates render one another too deep".to_owned());
    }
    let text = functions.host.template(path)?;
    let text = text.ok_or_else(|| format!("template `{path}` does not exist"))?;
    let source = Source::new(path, text);
    let limits = &functions.limits;
    let set = Set::load(&source, &nested.options, functions.host.as_ref(), limits);
    let set = set.map_err(|problems| {
        runtime.keep(problems, None);
        NESTED.to_owned()
    })?;
    let given = |reference: &Reference| {
        let root = reference.path.first();
        root.is_some_and(|root| more.contains_key(root))
    };
    let references = set.references().into_iter();
    runtime.note(references.filter(|reference| !given(reference)).collect());
    let mut values = nested.values.as_ref().clone();
    if let Content::Map(entries) = &mut values.content {
        for (name, value) in more {
            entries.insert(name, Node::of(value, &Origin::Default));
        }
    }
    let secrets = crate::secret::Redactor::new();
    let request = Request {
        host: Arc::clone(&functions.host),
        policy: functions.policy,
        limits: functions.limits,
        clock: functions.clock,
        ..Request::new(&values, &secrets)
    };
    let rendered = set.render_with(runtime.below(set.modes()), &request, false);
    match rendered {
        Ok(rendered) => Ok(rendered.text),
        Err((problems, stopped)) => {
            runtime.keep(problems, stopped);
            Err(NESTED.to_owned())
        }
    }
}

/// Templates that may render one another; each takes some of the stack.
const DEEPEST_FILES: usize = 16;
