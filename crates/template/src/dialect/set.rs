//! A set of templates: loading it, giving it to Tera, running it, and going back from its output.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use tera::{Context as TheirContext, Delimiters as TheirDelimiters};

use crate::diagnostic::{Diagnostic, Location};
use crate::dialect::analysis::Callee;
use crate::dialect::callable::register;
use crate::dialect::inheritance::inherit;
use crate::dialect::prepare::{Marks, Patch, Plan, Prepared, tag_number};
use crate::dialect::report::Report;
use crate::dialect::runtime::{Mode, Output, Runtime};
use crate::dialect::scan::Piece;
use crate::dialect::unit::Unit;
use crate::engine::{Host, Limits, Reference};
use crate::function::Context;
use crate::options::{Escape, Missing, Options};
use crate::source::Source;

/// A set of templates of which the first is the one to render.
pub(crate) struct Set {
    /// The name of the template to render.
    main: String,
    /// What was asked for, before any template said more.
    pub(crate) base: Options,
    pub(crate) units: Vec<Unit>,
    /// What the templates name that `render_file` renders by names that are written down.
    pub(crate) files: Vec<Reference>,
    pub(super) marks: Marks,
    /// What was built to see whether Tera takes it, for the first run.
    ready: Mutex<Option<Ready>>,
}

/// A Tera and the texts it was given.
type Ready = (tera::Tera, Vec<Prepared>);

/// Bytes that most outputs fit in. Nothing is lost where they do not fill it: what is not written to
/// is not there.
const ROOM: usize = 120 << 10;

impl Set {
    pub(crate) fn load(
        main: &Source,
        options: &Options,
        host: &dyn Host,
        limits: &Limits,
    ) -> Result<Self, Vec<Diagnostic>> {
        let (mut set, mut problems) = Self::read(main, options, host, limits)?;
        if problems.is_empty() {
            // what only the grammar of Tera can tell
            let runtime = Runtime::new(empty_context(), set.modes());
            match set.build(&Arc::new(runtime), &set.plans(false)) {
                Ok(ready) => set.ready = Mutex::new(Some(ready)),
                Err(report) => problems.push(report.into_diagnostic(&set.units, None)),
            }
        }
        if problems.is_empty() {
            let mut known = BTreeSet::from([set.main.clone()]);
            set.files = set.read_files(host, limits, &mut known);
            Ok(set)
        } else {
            Err(problems)
        }
    }

    /// Returns what the templates name that `render_file` renders, as far as they can be read.
    fn read_files(
        &self,
        host: &dyn Host,
        limits: &Limits,
        known: &mut BTreeSet<String>,
    ) -> Vec<Reference> {
        let mut references = Vec::new();
        let files = self.units.iter().flat_map(|unit| &unit.analysis.files);
        for (name, given) in files {
            if known.len() > limits.templates || !known.insert(name.clone()) {
                continue;
            }
            // what is wrong with it is told when it is rendered
            let Ok(Some(text)) = host.template(name) else {
                continue;
            };
            let source = Source::new(name.as_str(), text);
            let Ok((set, _)) = Self::read(&source, &self.base, host, limits) else {
                continue;
            };
            let mut named = set.own_references();
            for reference in &mut named {
                let root = reference.path.first();
                reference.local |= root.is_some_and(|root| given.contains(root));
            }
            references.extend(named);
            references.extend(set.read_files(host, limits, known));
        }
        references
    }

    /// Reads the templates; the problems that can be seen in them are returned beside them.
    fn read(
        main: &Source,
        options: &Options,
        host: &dyn Host,
        limits: &Limits,
    ) -> Result<(Self, Vec<Diagnostic>), Vec<Diagnostic>> {
        let mut problems = Vec::new();
        let mut units: Vec<Unit> = Vec::new();
        let mut known = BTreeSet::from([main.name().to_owned()]);
        let mut waiting = vec![(main.clone(), 0_usize)];
        while let Some((source, depth)) = waiting.pop() {
            if source.text().len() > limits.template {
                let problem = format!(
                    "template `{}` is larger than {} bytes",
                    source.name(),
                    limits.template
                );
                problems.push(Diagnostic::error(problem));
                continue;
            }
            let unit = match Unit::new(source, units.first().map(|main| &main.options), options) {
                Ok(unit) => unit,
                Err(problem) => {
                    problems.push(problem);
                    continue;
                }
            };
            let calls = unit.analysis.calls.iter();
            for call in calls.filter(|call| call.callee == Callee::Template) {
                if !known.insert(call.name.clone()) {
                    continue;
                }
                if depth >= limits.depth || known.len() > limits.templates {
                    let problem = Diagnostic::error("too many templates include one another");
                    problems.push(problem.at(&unit.source, call.range.clone()));
                    continue;
                }
                match host.template(&call.name) {
                    Ok(Some(text)) => {
                        waiting.push((Source::new(call.name.as_str(), text), depth + 1));
                    }
                    Ok(None) => {
                        let problem = format!("template `{}` does not exist", call.name);
                        let problem =
                            Diagnostic::error(problem).at(&unit.source, call.range.clone());
                        problems.push(problem.hint("names are relative to the template path"));
                    }
                    Err(reason) => {
                        let problem = format!("template `{}` cannot be read: {reason}", call.name);
                        problems
                            .push(Diagnostic::error(problem).at(&unit.source, call.range.clone()));
                    }
                }
            }
            problems.extend(unit.problems());
            units.push(unit);
        }
        let marks = Marks::absent_from(units.iter().map(|unit| unit.source.text()));
        let Some(marks) = marks else {
            return Err(vec![Diagnostic::error(
                "the templates use every character there is",
            )]);
        };
        let mut set = Self {
            main: main.name().to_owned(),
            base: options.clone(),
            units,
            files: Vec::new(),
            marks,
            ready: Mutex::default(),
        };
        inherit(&mut set.units);
        Ok((set, problems))
    }

    /// Returns how each template prints.
    pub(crate) fn modes(&self) -> Vec<Mode> {
        let units = self.units.iter();
        units
            .map(|unit| Mode {
                escape: unit.options.escape,
                missing: unit.options.missing,
            })
            .collect()
    }

    /// Returns the variables that the templates of the set name.
    pub(crate) fn own_references(&self) -> Vec<Reference> {
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

    /// Gives the prepared templates to a new Tera.
    fn build(
        &self,
        runtime: &Arc<Runtime>,
        plans: &[Plan],
    ) -> Result<(tera::Tera, Vec<Prepared>), Report> {
        let mut tera = tera::Tera::new();
        let pair =
            |(open, close): (char, char)| (open.to_string().into(), close.to_string().into());
        let (block_start, block_end) = pair(self.marks.block);
        let (variable_start, variable_end) = pair(self.marks.expression);
        let (comment_start, comment_end) = pair(self.marks.comment);
        let delimiters = TheirDelimiters {
            block_start,
            block_end,
            variable_start,
            variable_end,
            comment_start,
            comment_end,
        };
        tera.set_delimiters(delimiters)
            .map_err(|error| Report::of(&error, &[], &[]))?;
        if runtime.escapes() {
            // the runtime escapes; this keeps what was collected from being escaped again
            tera.autoescape_on(vec![""]);
            tera.set_escape_fn(|text, output| output.write_all(text.as_bytes()));
        } else {
            tera.autoescape_on(Vec::<&'static str>::new());
        }
        register(&self.units, &mut tera, runtime);
        let mut prepared = Vec::with_capacity(self.units.len());
        let mut origins = 0;
        for (unit, plan) in self.units.iter().zip(plans) {
            let mut plan = plan.clone();
            plan.origins = plan.origins.map(|_| origins);
            let text = Prepared::new(
                &unit.source,
                &unit.pieces,
                &unit.analysis,
                self.marks,
                &plan,
            );
            origins += text.origins.len();
            prepared.push(text);
        }
        let texts = self.units.iter().zip(&prepared);
        let named = texts.map(|(unit, prepared)| (unit.source.name(), prepared.text.as_str()));
        match tera.add_raw_templates(named) {
            Ok(()) => Ok((tera, prepared)),
            Err(error) => Err(Report::of(&error, &self.units, &prepared)),
        }
    }

    /// Returns the plans of a first run. `hollow` says that values hold lists or maps with null in
    /// them.
    pub(crate) fn plans(&self, hollow: bool) -> Vec<Plan> {
        let mut units = self.units.iter();
        let looks = units.any(|unit| unit.analysis.captures || unit.analysis.nulls);
        let plan = |(number, unit): (usize, &Unit)| Plan {
            through: hollow || looks || unit.options.escape != Escape::None,
            missing: unit.options.missing,
            count: true,
            number,
            ..Plan::default()
        };
        self.units.iter().enumerate().map(plan).collect()
    }

    pub(crate) fn run(
        &self,
        runtime: &Arc<Runtime>,
        plans: &[Plan],
        context: &TheirContext,
    ) -> Result<(String, Vec<Prepared>), Report> {
        let ready = self.ready.lock().ok().and_then(|mut ready| ready.take());
        let (tera, prepared) = match ready.filter(|_| plans == self.plans(false)) {
            Some((mut tera, prepared)) => {
                register(&self.units, &mut tera, runtime);
                (tera, prepared)
            }
            None => self.build(runtime, plans)?,
        };
        runtime.reset();
        let mut output = Output {
            bytes: Vec::with_capacity(ROOM),
            runtime,
            uncounted: 0,
        };
        let name = self.main.as_str();
        match tera.render_to(name, context, &mut output) {
            Ok(()) => match String::from_utf8(output.bytes) {
                Ok(text) => Ok((text, prepared)),
                Err(_) => Err(Report::plain("the output is not UTF-8")),
            },
            Err(error) => Err(Report::of(&error, &self.units, &prepared)),
        }
    }

    /// Returns the number of a template of the set.
    pub(crate) fn position(&self, name: &str) -> Option<usize> {
        let mut units = self.units.iter();
        units.position(|unit| unit.source.name() == name)
    }

    pub(crate) fn tags(&self) -> BTreeMap<usize, String> {
        let mut tags = BTreeMap::new();
        for (number, unit) in self.units.iter().enumerate() {
            if unit.options.missing != Missing::Keep {
                continue;
            }
            for piece in &unit.pieces {
                if let Piece::Expression(code) = piece {
                    let tag = unit.source.slice(&code.outer).to_owned();
                    tags.insert(tag_number(number, code.outer.start), tag);
                }
            }
        }
        tags
    }

    /// Replaces the tag at `offset` so that the run goes on behind it. Tells whether it could.
    pub(crate) fn patch(
        &self,
        unit: usize,
        offset: usize,
        plans: &mut [Plan],
        poisoned: &mut BTreeSet<String>,
    ) -> bool {
        let (Some(part), Some(plan)) = (self.units.get(unit), plans.get_mut(unit)) else {
            return false;
        };
        let piece = part.pieces.iter().find(|piece| match piece {
            Piece::Text(_) => false,
            Piece::Expression(code) | Piece::Statement(code) => code.outer.contains(&offset),
        });
        let (start, patch) = match piece {
            Some(Piece::Expression(code)) => (code.outer.start, Patch::Nothing),
            Some(Piece::Statement(code)) => {
                let words: Vec<&str> = code
                    .tokens
                    .iter()
                    .map(|token| part.source.slice(&token.range))
                    .collect();
                let statement = match words.as_slice() {
                    [word @ ("if" | "elif"), ..] => format!("{word} false"),
                    ["for", key, ",", value, ..] => format!("for {key}, {value} in {{}}"),
                    ["for", name, ..] => format!("for {name} in []"),
                    [word @ ("set" | "set_global"), name, "=", ..] => {
                        poisoned.insert((*name).to_owned());
                        format!("{word} {name} = \"\"")
                    }
                    _ => return false,
                };
                (code.outer.start, Patch::Statement(statement))
            }
            _ => return false,
        };
        plan.patches.insert(start, patch).is_none()
    }
}

fn empty_context() -> Context {
    Context {
        host: Arc::new(crate::engine::Nothing),
        policy: crate::engine::Policy::hermetic(),
        limits: Limits::default(),
        clock: crate::engine::Clock::Absent,
    }
}
