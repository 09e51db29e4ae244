//! Tera 2, with the names of Tera 1 and sprig, strict and within limits.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Location};
use crate::dialect::runtime::{Nested, Runtime};
use crate::dialect::set::{RENDER_FILE, Set};
use crate::engine::{Engine, Host, Limits, Reference, Rendered, Request, Template};
use crate::function::Context;
use crate::node::{Content, Node, Origin};
use crate::options::Options;
use crate::source::Source;
use crate::value::Map;

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
        let mut references = Vec::new();
        for unit in &self.units {
            references.extend(unit.analysis.paths.iter().map(|path| Reference {
                path: path.segments.clone(),
                computed: path.computed,
                local: path.local,
                optional: path.optional,
                location: Location::new(&unit.source, path.range.clone()),
            }));
        }
        references
    }

    fn render(&self, request: &Request<'_>, traced: bool) -> Result<Rendered, Vec<Diagnostic>> {
        let (context, scope) = self.context(request);
        let mut plans = self.plans();
        let options = &self.options;
        let functions = Context {
            host: Arc::clone(&request.host),
            policy: request.policy,
            limits: request.limits,
            clock: request.clock,
        };
        let mut runtime = Runtime::new(functions, options.escape, options.missing);
        runtime.tags = self.tags();
        let calls = self.units.iter().flat_map(|unit| &unit.analysis.calls);
        if calls.into_iter().any(|call| call.name == RENDER_FILE) {
            runtime.nested = Some(Nested {
                values: Arc::new(request.values.clone()),
                options: options.clone(),
            });
        }
        let runtime = Arc::new(runtime);
        let mut problems = Vec::new();
        let mut rounds = 0;
        let mut poisoned: BTreeSet<String> = BTreeSet::new();
        loop {
            let report = match self.run(&runtime, &plans, &context) {
                Ok((text, _)) if problems.is_empty() => {
                    let map = traced
                        .then(|| self.trace(&runtime, &plans, &context, &text))
                        .flatten();
                    let warnings = scope.warnings(&self.units);
                    return Ok(Rendered {
                        text,
                        warnings,
                        map,
                    });
                }
                Ok(_) => break,
                Err(report) => report,
            };
            if let Some(reason) = runtime.stopped() {
                problems.push(report.stopped(&self.units, &reason));
                break;
            }
            let place = report.place();
            if !report.is_consequence(&self.units, &poisoned) {
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
        problems.sort_by_key(|problem| {
            let location = problem.location.as_ref();
            location.map(|location| (self.position(&location.name), location.span.start))
        });
        let hide = |text: &str| request.secrets.redact(text);
        Err(problems
            .into_iter()
            .map(|problem| problem.map_text(hide))
            .collect())
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
    let told = |problem: &Diagnostic| {
        let place = problem.location.as_deref().map(ToString::to_string);
        format!(
            "in {}: {}",
            place.unwrap_or_else(|| path.to_owned()),
            problem.message
        )
    };
    let source = Source::new(path, text);
    let set = Set::load(
        &source,
        &nested.options,
        functions.host.as_ref(),
        &functions.limits,
    );
    let set = set.map_err(|problems| problems.first().map(told).unwrap_or_default())?;
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
    let (context, scope) = set.context(&request);
    let plans = set.plans();
    let mut below = runtime.below();
    below.tags = set.tags();
    below.nested = Some(Nested {
        values: Arc::new(values.clone()),
        options: nested.options.clone(),
    });
    match set.run(&Arc::new(below), &plans, &context) {
        Ok((text, _)) => Ok(text),
        Err(report) => Err(told(
            &report.into_diagnostic(&set.units, Some((&scope, &request))),
        )),
    }
}

/// Templates that may render one another; each takes some of the stack.
const DEEPEST_FILES: usize = 16;
