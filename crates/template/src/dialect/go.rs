//! Go's `text/template` with sprig, unchanged; strict and within limits.
//!
//! The engine is the crate `gotemplate`. Here it meets the values, the world and the messages that
//! all dialects share.

mod address;
mod analysis;
mod prepare;
mod report;
pub(crate) mod tag;
mod value;
mod world;

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use gotemplate::node::Tree;
use gotemplate::{Function, MissingKey, NoValue, Type};

use crate::diagnostic::{Diagnostic, Location};
use crate::dialect::go::analysis::{Analysis, analyse, item_of};
use crate::dialect::go::prepare::{ESCAPE, Prepared, SAFE, escape_named};
use crate::dialect::go::world::Trouble;
use crate::dialect::runtime::escape;
use crate::dialect::turns::resolve;
use crate::engine::{Engine, Host, Limits, Reference, Rendered, Request, Span, Template, Turn};
use crate::map::SourceMap;
use crate::node::Node;
use crate::options::{Escape, Missing, Options, Profile};
use crate::source::Source;

/// The Go dialect.
#[derive(Clone, Copy, Debug, Default)]
pub struct Go;

/// A template of the set.
struct Unit {
    source: Source,
    prepared: Prepared,
    /// Nothing while it has not been read.
    tree: Option<Tree>,
}

/// A set of templates of which the first is the one to render.
struct Set {
    units: Vec<Unit>,
    options: Options,
    engine: RefCell<gotemplate::Engine>,
    analysis: Analysis,
}

/// Templates call one another deeper than values nest: what loops elsewhere is recursion in Go.
const CALLS_PER_DEPTH: usize = 16;

impl Engine for Go {
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

/// Returns the names of all functions of a profile, with their Go types.
pub fn functions(profile: Profile) -> Vec<(String, String)> {
    let options = Options {
        profile,
        ..Options::default()
    };
    let engine = engine(&options);
    let functions = engine.functions().into_iter();
    functions
        .map(|(name, function)| (name.to_owned(), function.type_name()))
        .collect()
}

/// Tells whether some profile has a function of that name.
pub(crate) fn is_function(name: &str) -> bool {
    use gotemplate::{extras, sprig};
    // an engine with all of them would say it as well, but takes long to make
    static NAMES: LazyLock<Vec<String>> = LazyLock::new(|| {
        let added = [sprig::functions(), extras::helm(), extras::duat()];
        let added = added.iter().flatten().map(|(name, _)| *name);
        let engine = gotemplate::Engine::new();
        let own = engine.functions().into_iter().map(|(name, _)| name);
        own.chain(added).map(str::to_owned).collect()
    });
    NAMES.iter().any(|known| known == name)
}

/// Returns an engine that reads the templates of every profile.
pub(crate) fn engine_of_all() -> gotemplate::Engine {
    let mut engine = gotemplate::Engine::new();
    engine.add(gotemplate::sprig::functions());
    engine.add(gotemplate::extras::helm());
    engine.add(gotemplate::extras::duat());
    engine
}

#[cfg(test)]
pub(crate) use self::value::of_node;

/// Returns the brackets of a Go template.
pub(crate) fn two_delimiters(options: &Options) -> Result<(String, String), Diagnostic> {
    prepare::delimiters(options)
}

/// Returns an engine with the functions that `options` ask for.
fn engine(options: &Options) -> gotemplate::Engine {
    let mut engine = gotemplate::Engine::new();
    engine.add(gotemplate::sprig::functions());
    match options.profile {
        Profile::Duat => {
            engine.add(gotemplate::extras::duat());
        }
        Profile::Helm => {
            engine.add(gotemplate::extras::helm());
            engine.remove("env").remove("expandenv");
            engine.options.missing_key = MissingKey::Zero;
        }
    }
    if options.escape != Escape::None {
        add_escape(&mut engine);
    }
    engine.options.no_value = match options.missing {
        Missing::Error => NoValue::Collect,
        Missing::Empty => NoValue::Empty,
        Missing::Keep => NoValue::Keep,
    };
    engine
}

/// Gives an engine the functions that an escape adds to pipelines.
fn add_escape(engine: &mut gotemplate::Engine) {
    engine.add_function(
        SAFE,
        Function::new(&[Type::Reflect], |_, given| {
            Ok(given.first().cloned().unwrap_or_default())
        }),
    );
    engine.add_function(
        ESCAPE,
        Function::new(&[Type::String, Type::Reflect], |_, given| {
            let [mode, value] = given else {
                return Err("it takes a mode and a value".into());
            };
            if value.is_nothing() {
                return Ok(value.clone());
            }
            let mode = escape_named(&String::from_utf8_lossy(mode.bytes().unwrap_or_default()));
            match value::to_ours(value) {
                Some(value) => Ok(escape(&value, mode).into()),
                None => Err(format!("a {} cannot be escaped", value.type_name()).into()),
            }
        }),
    );
}

impl Set {
    fn load(
        main: &Source,
        options: &Options,
        host: &dyn Host,
        limits: &Limits,
    ) -> Result<Self, Vec<Diagnostic>> {
        let (main_options, _) = options.with_magic(main).map_err(|problem| vec![problem])?;
        let mut set = Self {
            units: Vec::new(),
            engine: RefCell::new(engine(&main_options)),
            options: main_options,
            analysis: Analysis::default(),
        };
        let mut problems = Vec::new();
        let mut known = BTreeSet::from([main.name().to_owned()]);
        let mut waiting = vec![main.clone()];
        while let Some(source) = waiting.pop() {
            if source.text().len() > limits.template {
                let name = source.name();
                let problem = format!("template `{name}` is larger than {} bytes", limits.template);
                problems.push(Diagnostic::error(problem));
                continue;
            }
            if let Err(problem) = set.add(source, options) {
                problems.push(problem);
                continue;
            }
            if known.len() > limits.templates {
                problems.push(Diagnostic::error("too many templates call one another"));
                break;
            }
            let trees: Vec<&Tree> = set
                .units
                .iter()
                .filter_map(|unit| unit.tree.as_ref())
                .collect();
            let mut analysis = analyse(&trees);
            let wanted = std::mem::take(&mut analysis.wanted);
            set.analysis = analysis;
            for (name, unit, span) in wanted {
                if !known.insert(name.clone()) {
                    continue;
                }
                match host.template(&name) {
                    Ok(Some(text)) => waiting.push(Source::new(name.as_str(), text)),
                    // as in Go, an error only where it is called
                    Ok(None) => {}
                    Err(reason) => {
                        let problem = format!("template `{name}` cannot be read: {reason}");
                        let problem = Diagnostic::error(problem);
                        problems.push(match set.units.get(unit) {
                            Some(unit) => problem.at(&unit.source, unit.prepared.original(&span)),
                            None => problem,
                        });
                    }
                }
            }
        }
        if problems.is_empty() {
            Ok(set)
        } else {
            Err(problems)
        }
    }

    /// Reads one template.
    fn add(&mut self, source: Source, options: &Options) -> Result<(), Diagnostic> {
        // a template that is called prints as the main one does unless it says otherwise
        let options = Options {
            escape: self.options.escape,
            missing: self.options.missing,
            profile: self.options.profile,
            ..options.clone()
        };
        let (options, magic) = options.with_magic(&source)?;
        let run = (self.options.missing, self.options.profile);
        if (options.missing, options.profile) != run {
            let problem = Diagnostic::error(
                "`missing` and `profile` hold for a whole run: only the template that is rendered \
                 can name them",
            );
            return Err(problem.at(&source, magic.unwrap_or_default()));
        }
        if options.escape != Escape::None {
            add_escape(&mut self.engine.borrow_mut());
        }
        let prepared = Prepared::new(&source, &options, magic)?;
        self.units.push(Unit {
            source,
            prepared,
            tree: None,
        });
        let Some(unit) = self.units.last() else {
            return Ok(());
        };
        let engine = self.engine.borrow();
        let parsed = parse(&mut engine.templates(), unit);
        drop(engine);
        match parsed {
            Ok(tree) => {
                if let Some(unit) = self.units.last_mut() {
                    unit.tree = Some(tree);
                }
                Ok(())
            }
            Err(failure) => match failure.last() {
                Some(error) => Err(self.diagnostic(error, None)),
                None => Err(Diagnostic::error("the template cannot be read")),
            },
        }
    }

    /// Returns the names of all templates.
    fn defined(&self) -> Vec<String> {
        let engine = self.engine.borrow();
        let mut templates = engine.templates();
        for unit in self.units.iter().rev() {
            // it has been parsed before
            let _ = parse(&mut templates, unit);
        }
        let names = templates.names().into_iter();
        names.map(|name| name.to_str().into_owned()).collect()
    }

    /// Runs the engine once.
    fn run(
        &self,
        request: &Request<'_>,
        traced: bool,
    ) -> Result<gotemplate::Rendered, Vec<Diagnostic>> {
        let trouble = Trouble::default();
        let mut engine = self.engine.borrow_mut();
        engine.host = world::doors(request, &trouble);
        engine.options.trace = traced;
        engine.options.limits = gotemplate::Limits {
            steps: request.limits.steps,
            bytes: request.limits.output,
            depth: request.limits.depth.saturating_mul(CALLS_PER_DEPTH),
        };
        drop(engine);
        let tell = |failure: gotemplate::Failure| {
            let errors = failure.errors.iter().take(request.limits.errors);
            let told = errors.map(|error| self.diagnostic(error, Some(request)));
            told.collect::<Vec<_>>()
        };
        let engine = self.engine.borrow();
        let mut templates = engine.templates();
        let mut name = "";
        // the first template is the last to be parsed: its definitions win
        for unit in self.units.iter().rev() {
            parse(&mut templates, unit).map_err(tell)?;
            name = unit.source.name();
        }
        let dot = world::dot(request, self.options.profile);
        let rendered = templates.render(name, &dot);
        if request.last {
            std::mem::forget(dot);
        }
        let rendered = rendered.map_err(tell)?;
        match trouble.borrow_mut().take() {
            None => Ok(rendered),
            Some(reason) => Err(vec![Diagnostic::error(reason)]),
        }
    }

    /// Returns what made the byte `at` of the output.
    fn origin(&self, rendered: &gotemplate::Rendered, at: usize) -> Option<Span> {
        let trace = rendered.origin(at)?;
        Some(self.span(trace, &rendered.output)?.0)
    }

    /// Returns the place of a template that wrote a part of the output, and whether it is text.
    fn span(&self, trace: &gotemplate::Trace, output: &[u8]) -> Option<(Span, bool)> {
        let mut units = self.units.iter();
        let unit = units.find(|unit| unit.source.name() == &*trace.name)?;
        let written = output.get(trace.output.clone())?;
        let copied = unit.prepared.text.as_bytes().get(trace.source.clone()) == Some(written);
        let tag = unit.prepared.tag_at(trace.source.start).filter(|_| !copied);
        let range = tag.unwrap_or_else(|| unit.prepared.original(&trace.source));
        let source = unit.source.clone();
        let turns = self.turns(&trace.turns);
        let span = Span {
            source,
            range,
            turns,
        };
        Some((span, copied))
    }

    /// Returns what the items of loops are that were under way.
    fn turns(&self, turns: &[gotemplate::Turn]) -> Arc<[Turn]> {
        let mut known: Vec<Turn> = Vec::new();
        for turn in turns {
            let mut units = self.units.iter();
            let Some(unit) = units.position(|unit| unit.source.name() == &*turn.name) else {
                continue;
            };
            let name = item_of(unit, turn.start);
            let through = self.analysis.loops.get(&name).cloned().flatten();
            let path = through.and_then(|path| {
                let inner = known.iter().any(|outer| Some(&outer.name) == path.first());
                let path = if inner {
                    resolve(&path, known.iter().rev())
                } else {
                    Some(world::value_path(&path, self.options.profile))
                };
                path.map(|path| [path, vec![turn.key.clone()]].concat())
            });
            known.push(Turn { name, path });
        }
        known.into()
    }

    /// Warns of values that Helm has elsewhere, and of strings that look as if they were read as
    /// templates.
    fn warnings(&self, values: &Node) -> Vec<Diagnostic> {
        let mut warnings = Vec::new();
        for mention in self
            .analysis
            .mentions
            .iter()
            .filter(|mention| !mention.local)
        {
            let path = world::value_path(&mention.path, self.options.profile);
            let elsewhere = world::outside(&path) && values.at(&mention.path).is_some();
            if let Some(unit) = self.units.get(mention.unit).filter(|_| elsewhere) {
                let warning = Diagnostic::warning(format!(
                    "`.{}` is nothing: the values are not at the root",
                    mention.path.join(".")
                ));
                let place = unit.prepared.original(&(mention.start..mention.end));
                warnings.push(warning.at(&unit.source, place).hint(world::OUTSIDE));
            }
        }
        for unit in &self.units {
            let Prepared { left, right, .. } = &unit.prepared;
            let tree = unit.tree.as_ref();
            for span in tree
                .map(|tree| analysis::strings_with(tree, left, right))
                .unwrap_or_default()
            {
                let warning = Diagnostic::warning(format!(
                    "`{left}` within a string is printed as it stands, not evaluated"
                ));
                let place = unit.prepared.original(&span);
                let hint = "`printf` puts values into a text: `printf \"ci-%s\" .name`";
                warnings.push(warning.at(&unit.source, place).hint(hint));
            }
        }
        warnings
    }
}

fn parse(
    templates: &mut gotemplate::Templates<'_>,
    unit: &Unit,
) -> Result<Tree, gotemplate::Failure> {
    let Prepared {
        text, left, right, ..
    } = &unit.prepared;
    templates.parse_with(unit.source.name(), text.as_bytes(), left, right)
}

impl Template for Set {
    fn sources(&self) -> Vec<&Source> {
        self.units.iter().map(|unit| &unit.source).collect()
    }

    fn references(&self) -> Vec<Reference> {
        let mentions = self.analysis.mentions.iter().filter_map(|mention| {
            let unit = self.units.get(mention.unit)?;
            let span = unit.prepared.original(&(mention.start..mention.end));
            Some(Reference {
                path: if mention.local {
                    mention.path.clone()
                } else {
                    world::value_path(&mention.path, self.options.profile)
                },
                computed: mention.computed,
                local: mention.local,
                optional: mention.optional,
                location: Location::new(&unit.source, span),
            })
        });
        mentions.collect()
    }

    fn render(&self, request: &Request<'_>, traced: bool) -> Result<Rendered, Vec<Diagnostic>> {
        let hide = |text: &str| request.secrets.redact(text);
        let redact = |problems: Vec<Diagnostic>| -> Vec<Diagnostic> {
            let problems = problems.into_iter();
            problems.map(|problem| problem.map_text(hide)).collect()
        };
        let gotemplate::Rendered { output, trace } = self.run(request, traced).map_err(redact)?;
        let text = match String::from_utf8(output) {
            Ok(text) => text,
            Err(error) => {
                let at = error.utf8_error().valid_up_to();
                let mut problem = Diagnostic::error(format!(
                    "the output is not UTF-8, from byte {at} on: a character was cut in two"
                ));
                let again = self.run(request, true).ok();
                if let Some(span) = again.and_then(|rendered| self.origin(&rendered, at)) {
                    problem = problem.at(&span.source, span.range);
                }
                return Err(redact(vec![problem]));
            }
        };
        let map = traced.then(|| {
            let mut map = SourceMap::default();
            for trace in &trace {
                if let Some((span, copied)) = self.span(trace, text.as_bytes()) {
                    map.push(trace.output.start, span, copied);
                }
            }
            map
        });
        Ok(Rendered {
            text,
            warnings: redact(self.warnings(request.values)),
            map,
            references: Vec::new(),
        })
    }
}

#[cfg(test)]
mod tests;
