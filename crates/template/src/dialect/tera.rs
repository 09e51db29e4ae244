//! Tera 2, with the names of Tera 1 and sprig, strict and within limits.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use tera::{Context as TheirContext, Delimiters as TheirDelimiters};

use crate::diagnostic::{Diagnostic, Location, closest};
use crate::dialect::analysis::{Analysis, Call, Callee, analyse};
use crate::dialect::convert::{from_node, to_theirs};
use crate::dialect::prepare::{Marks, Patch, Plan, Prepared};
use crate::dialect::report::{Report, Scope};
use crate::dialect::runtime::{
    Output, Runtime, register_filter, register_function, register_internal,
};
use crate::dialect::scan::{Piece, scan};
use crate::engine::{Engine, Host, Limits, Need, Reference, Rendered, Request, Span, Template};
use crate::function::{self, Context};
use crate::map::SourceMap;
use crate::options::{Escape, Missing, Options};
use crate::source::Source;
use crate::value::{Map, Value};

/// The Tera dialect.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tera;

/// One template of the set, cut and looked at.
pub(crate) struct Unit {
    pub(crate) source: Source,
    pub(crate) pieces: Vec<Piece>,
    pub(crate) analysis: Analysis,
    options: Options,
}

/// A set of templates of which the first is the one to render.
pub(crate) struct Set {
    pub(crate) units: Vec<Unit>,
    marks: Marks,
}

/// What Tera brings in place of the table. Filters and functions share no names.
const THEIR_FILTERS: [&str; 37] = [
    "safe",
    "default",
    "upper",
    "lower",
    "wordcount",
    "escape",
    "escape_html",
    "escape_xml",
    "newlines_to_br",
    "pluralize",
    "trim",
    "trim_start",
    "trim_end",
    "replace",
    "capitalize",
    "title",
    "truncate",
    "indent",
    "str",
    "int",
    "float",
    "length",
    "reverse",
    "split",
    "abs",
    "round",
    "first",
    "last",
    "nth",
    "join",
    "sort",
    "unique",
    "get",
    "values",
    "keys",
    "pairs",
    "group_by",
];
const THEIR_TESTS: [&str; 17] = [
    "string",
    "number",
    "map",
    "bool",
    "array",
    "integer",
    "float",
    "none",
    "iterable",
    "defined",
    "undefined",
    "odd",
    "even",
    "divisible_by",
    "starting_with",
    "ending_with",
    "containing",
];
const OUR_TESTS: [(&str, &str); 4] = [
    ("divisibleby", "divisible_by"),
    ("object", "map"),
    ("matching", ""),
    ("empty", ""),
];
const THEIR_FUNCTIONS: [&str; 1] = ["throw"];
/// The variable by which Tera would print everything it knows.
const DUMP: &str = "__tera_context";

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

impl Set {
    fn load(
        main: &Source,
        options: &Options,
        host: &dyn Host,
        limits: &Limits,
    ) -> Result<Self, Vec<Diagnostic>> {
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
            let unit = match Unit::new(source, options) {
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
        let set = Self { units, marks };
        if problems.is_empty() {
            // what only the grammar of Tera can tell
            let runtime = Runtime::new(empty_context(), Escape::None, Missing::Error);
            if let Err(report) =
                set.build(&Arc::new(runtime), &vec![Plan::default(); set.units.len()])
            {
                problems.push(report.into_diagnostic(&set.units, None));
            }
        }
        if problems.is_empty() {
            Ok(set)
        } else {
            Err(problems)
        }
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
        if runtime.escape == Escape::None {
            tera.autoescape_on(Vec::<&'static str>::new());
        } else {
            // the runtime escapes; this keeps what was collected from being escaped again
            tera.autoescape_on(vec![""]);
            tera.set_escape_fn(|text, output| output.write_all(text.as_bytes()));
        }
        register_internal(&mut tera, runtime);
        for unit in &self.units {
            for call in &unit.analysis.calls {
                match call.callee {
                    Callee::Filter => register_filter(&mut tera, &call.name, runtime),
                    Callee::Function => register_function(&mut tera, &call.name, runtime),
                    Callee::Test => register_test(&mut tera, &call.name),
                    Callee::Template => {}
                }
            }
        }
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

    /// Returns the variables that the run may need: roots of the values, and what the host gives.
    fn context(&self, request: &Request<'_>) -> (TheirContext, Scope) {
        let mut context = TheirContext::new();
        let mut scope = Scope::default();
        let roots = request.host.roots();
        let mut provided: BTreeMap<&str, Map> = BTreeMap::new();
        for root in &roots {
            provided.insert(root.as_str(), Map::new());
        }
        for path in self.units.iter().flat_map(|unit| &unit.analysis.paths) {
            let Some(root) = path.segments.first() else {
                continue;
            };
            let Some(found) = provided.get_mut(root.as_str()) else {
                if let Some(node) = request
                    .values
                    .child(root)
                    .filter(|_| !context.contains_key(root))
                {
                    context.insert_value(root.clone(), from_node(node));
                }
                continue;
            };
            let names = match path.segments.get(1) {
                Some(name) => vec![name.clone()],
                None => request.host.names(root),
            };
            for name in names {
                let key = format!("{root}.{name}");
                if found.contains_key(&name) || scope.failed.contains_key(&key) {
                    continue;
                }
                match lookup(request, root, &name) {
                    Ok(Some(value)) => {
                        found.insert(name, value);
                    }
                    Ok(None) => {}
                    Err(reason) => {
                        scope.failed.insert(key, reason);
                    }
                }
            }
        }
        for (root, found) in provided {
            let values = found
                .iter()
                .map(|(name, value)| (name.clone(), value.clone()));
            let names = if request.host.is_private(root) {
                Vec::new()
            } else {
                request.host.names(root)
            };
            scope.provided.insert(root.to_owned(), names);
            context.insert_value(root.to_owned(), to_theirs(&Value::Map(values.collect())));
        }
        scope.names = request
            .values
            .entries()
            .into_iter()
            .flatten()
            .map(|(name, _)| name.clone())
            .collect();
        (context, scope)
    }

    fn plan(&self, unit: &Unit, captures: bool) -> Plan {
        Plan {
            through: captures || unit.options.escape != Escape::None,
            missing: unit.options.missing,
            count: true,
            ..Plan::default()
        }
    }

    fn run(
        &self,
        runtime: &Arc<Runtime>,
        plans: &[Plan],
        context: &TheirContext,
    ) -> Result<(String, Vec<Prepared>), Report> {
        let (tera, prepared) = self.build(runtime, plans)?;
        runtime.reset();
        let mut output = Output {
            bytes: Vec::new(),
            runtime,
        };
        let name = self.main().source.name();
        match tera.render_to(name, context, &mut output) {
            Ok(()) => match String::from_utf8(output.bytes) {
                Ok(text) => Ok((text, prepared)),
                Err(_) => Err(Report::plain("the output is not UTF-8")),
            },
            Err(error) => Err(Report::of(&error, &self.units, &prepared)),
        }
    }

    pub(crate) fn main(&self) -> &Unit {
        // `load` puts the first template first, and there is always one
        match self.units.first() {
            Some(unit) => unit,
            None => unreachable!("a set holds its main template"),
        }
    }

    /// Renders once more with markers, and reads off them what came from where.
    fn trace(
        &self,
        runtime: &Arc<Runtime>,
        plans: &[Plan],
        context: &TheirContext,
        text: &str,
    ) -> Option<SourceMap> {
        if text.contains(self.marks.origin) {
            return None;
        }
        let marked: Vec<Plan> = plans
            .iter()
            .map(|plan| Plan {
                origins: Some(0),
                ..plan.clone()
            })
            .collect();
        let (output, prepared) = self.run(runtime, &marked, context).ok()?;
        let origins: Vec<(&Source, &Range<usize>, bool)> = self
            .units
            .iter()
            .zip(&prepared)
            .flat_map(|(unit, prepared)| {
                prepared
                    .origins
                    .iter()
                    .map(|range| (&unit.source, range, unit.is_text(range)))
            })
            .collect();
        let mut map = SourceMap::default();
        let mut length = 0;
        let mut same = true;
        for (index, part) in output.split(self.marks.origin).enumerate() {
            if index % 2 == 0 {
                same &= text.get(length..length + part.len()) == Some(part);
                length += part.len();
                continue;
            }
            let (source, range, copied) = origins.get(part.parse::<usize>().ok()?)?;
            let span = Span {
                source: (*source).clone(),
                range: (*range).clone(),
            };
            map.push(length, span, *copied);
        }
        (same && length == text.len()).then_some(map)
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
        let captures = self.units.iter().any(|unit| unit.analysis.captures);
        let mut plans: Vec<Plan> = self
            .units
            .iter()
            .map(|unit| self.plan(unit, captures))
            .collect();
        let options = &self.main().options;
        let functions = Context {
            host: Arc::clone(&request.host),
            policy: request.policy,
            limits: request.limits,
            clock: request.clock,
        };
        let mut runtime = Runtime::new(functions, options.escape, options.missing);
        runtime.tags = self.tags();
        let runtime = Arc::new(runtime);
        let mut problems = Vec::new();
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
            if !patched || problems.len() >= request.limits.errors {
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

impl Set {
    fn position(&self, name: &str) -> usize {
        let mut units = self.units.iter();
        units
            .position(|unit| unit.source.name() == name)
            .unwrap_or(usize::MAX)
    }

    fn tags(&self) -> BTreeMap<usize, String> {
        let mut tags = BTreeMap::new();
        for unit in self
            .units
            .iter()
            .filter(|unit| unit.options.missing == Missing::Keep)
        {
            for piece in &unit.pieces {
                if let Piece::Expression(code) = piece {
                    let tag = unit.source.slice(&code.outer).to_owned();
                    tags.entry(code.outer.start).or_insert(tag);
                }
            }
        }
        tags
    }

    /// Replaces the tag at `offset` so that the run goes on behind it. Tells whether it could.
    fn patch(
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

impl Unit {
    fn new(source: Source, options: &Options) -> Result<Self, Diagnostic> {
        let (options, magic) = options.with_magic(&source)?;
        let pieces = scan(&source, &options, magic)?;
        let analysis = analyse(&source, &pieces);
        Ok(Self {
            source,
            pieces,
            analysis,
            options,
        })
    }

    fn is_text(&self, range: &Range<usize>) -> bool {
        let same = |piece: &Piece| matches!(piece, Piece::Text(text) if text == range);
        self.pieces.iter().any(same)
    }

    /// Names that nobody knows, and the one that would print everything.
    fn problems(&self) -> Vec<Diagnostic> {
        let mut problems = Vec::new();
        for path in &self.analysis.paths {
            if path.segments.first().is_some_and(|root| root == DUMP) {
                let problem =
                    format!("`{DUMP}` is switched off: it would print every value, secret or not");
                let problem = Diagnostic::error(problem).at(&self.source, path.range.clone());
                problems.push(problem.hint("`stencil values` lists what there is"));
            }
        }
        let calls = self.analysis.calls.iter();
        problems.extend(calls.filter_map(|call| self.unknown(call)));
        problems
    }

    fn unknown(&self, call: &Call) -> Option<Diagnostic> {
        let name = call.name.as_str();
        let (what, known): (&str, Vec<&str>) = match call.callee {
            Callee::Template => return None,
            Callee::Filter => (
                "filter",
                THEIR_FILTERS.into_iter().chain(function::names()).collect(),
            ),
            Callee::Function => (
                "function",
                THEIR_FUNCTIONS
                    .into_iter()
                    .chain(function::names())
                    .collect(),
            ),
            Callee::Test => {
                let ours = OUR_TESTS.iter().map(|(name, _)| *name);
                ("test", THEIR_TESTS.into_iter().chain(ours).collect())
            }
        };
        if known.contains(&name) {
            return None;
        }
        let problem = Diagnostic::error(format!("{what} `{name}` does not exist"));
        let problem = problem.at(&self.source, call.range.clone());
        Some(match closest(name, known) {
            Some(close) => problem.hint(format!("did you mean `{close}`?")),
            None if self.looks_like_go() => problem.hint(GO_HINT),
            None => problem.hint("`stencil functions` lists what there is"),
        })
    }

    /// Tells whether a tag says what only Go's `text/template` can mean.
    pub(crate) fn looks_like_go(&self) -> bool {
        self.pieces.iter().any(|piece| {
            let Piece::Expression(code) = piece else {
                return false;
            };
            let words: Vec<&str> = code
                .tokens
                .iter()
                .map(|token| self.source.slice(&token.range))
                .collect();
            let keyword = |word: &&str| {
                matches!(
                    *word,
                    "range" | "with" | "define" | "template" | "block" | "end" | "else" | "if"
                )
            };
            matches!(words.as_slice(), ["." | "$" | "/", ..])
                || words
                    .first()
                    .is_some_and(|word| keyword(word) && words.get(1) != Some(&"("))
                || words.contains(&":=")
                || words
                    .windows(2)
                    .any(|pair| matches!(pair, ["|" | "(" | ",", "."]))
                || words.windows(3).any(|three| {
                    let name = |word: &str| word.chars().all(|each| each.is_alphanumeric());
                    matches!(three, [one, ".", two] if name(one) && name(two))
                        && self.spaced_dot(code, three)
                })
        })
    }

    fn spaced_dot(&self, code: &crate::dialect::scan::Code, _: &[&str]) -> bool {
        code.tokens.windows(2).any(|pair| match pair {
            [name, dot] => self.source.slice(&dot.range) == "." && dot.range.start > name.range.end,
            _ => false,
        })
    }
}

/// What a Go template gets told.
pub(crate) const GO_HINT: &str = "this looks like a Go template; try `--dialect go`";

fn lookup(request: &Request<'_>, root: &str, name: &str) -> Result<Option<Value>, String> {
    if root == "Env" && !request.policy.allows(Need::Environment) {
        return Err("the environment is not allowed here; give the value with `--set`".to_owned());
    }
    request.host.lookup(root, name)
}

fn empty_context() -> Context {
    Context {
        host: Arc::new(crate::engine::Nothing),
        policy: crate::engine::Policy::hermetic(),
        limits: Limits::default(),
        clock: crate::engine::Clock::Absent,
    }
}

fn register_test(tera: &mut tera::Tera, name: &str) {
    use crate::dialect::convert::to_ours;
    use tera::{Error, Kwargs, State, TeraResult, Value as Theirs};
    match name {
        "divisibleby" => {
            tera.register_test("divisibleby", |value: i128, given: Kwargs, _: &State| {
                let divisor = given.must_get::<i128>("divisor")?;
                Ok::<bool, Error>(value.checked_rem(divisor) == Some(0))
            })
        }
        "object" => tera.register_test("object", |value: &Theirs, _: Kwargs, _: &State| {
            value.is_map()
        }),
        "empty" => tera.register_test("empty", |value: &Theirs, _: Kwargs, _: &State| {
            to_ours(value).is_none_or(|value| value.is_empty())
        }),
        "matching" => tera.register_test(
            "matching",
            |value: &str, given: Kwargs, _: &State| -> TeraResult<bool> {
                let pattern = given.must_get::<&str>("pat")?;
                let pattern = function::pattern::compile(pattern)
                    .map_err(|failure| Error::message(failure.message))?;
                Ok(pattern.is_match(value))
            },
        ),
        _ => {}
    }
}
