//! One template of a set, and what can be told of it without rendering.

use std::ops::Range;

use crate::diagnostic::{Diagnostic, closest};
use crate::dialect::analysis::{Analysis, Call, Callee, analyse};
use crate::dialect::foreign::is_go;
use crate::dialect::scan::{Piece, scan};
use crate::function;
use crate::options::{Dialect, Options};
use crate::source::Source;

/// One template of the set, cut and looked at.
pub(crate) struct Unit {
    pub(crate) source: Source,
    pub(crate) pieces: Vec<Piece>,
    pub(crate) analysis: Analysis,
    pub(crate) options: Options,
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
/// The variable by which Tera would print everything it knows.
const DUMP: &str = "__tera_context";
/// What a Go template gets told.
pub(crate) const GO_HINT: &str = "this looks like a Go template; try `--dialect go`";

impl Unit {
    /// Cuts a template. One that is included prints as `main` does unless it says otherwise; how it
    /// is read is its own affair.
    pub(crate) fn new(
        source: Source,
        main: Option<&Options>,
        options: &Options,
    ) -> Result<Self, Diagnostic> {
        let inherited = main.map(|main| Options {
            escape: main.escape,
            missing: main.missing,
            dialect: Dialect::Auto,
            ..options.clone()
        });
        let (options, magic) = inherited.as_ref().unwrap_or(options).with_magic(&source)?;
        if main.is_some() && options.dialect == Dialect::Go {
            let problem = Diagnostic::error(format!(
                "`{}` says that it is a Go template, but it is included by one of Tera",
                source.name()
            ));
            return Err(problem.at(&source, magic.unwrap_or_default()));
        }
        let pieces = scan(&source, &options, magic)?;
        let analysis = analyse(&source, &pieces);
        Ok(Self {
            source,
            pieces,
            analysis,
            options,
        })
    }

    /// Names that nobody knows, and the one that would print everything.
    pub(crate) fn problems(&self) -> Vec<Diagnostic> {
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
        problems.extend(self.unclosed());
        problems
    }

    /// Finds the statement whose end is missing: the innermost open one where another ends, or the
    /// outermost at the end of the template.
    fn unclosed(&self) -> Option<Diagnostic> {
        let mut open: Vec<(&str, Range<usize>)> = Vec::new();
        for piece in &self.pieces {
            let Piece::Statement(code) = piece else {
                continue;
            };
            let word = code.word(&self.source);
            let assigns = code
                .tokens
                .iter()
                .any(|token| self.source.slice(&token.range) == "=");
            match word {
                "for" | "if" | "block" | "filter" | "component" => {
                    open.push((word, code.outer.clone()));
                }
                "set" | "set_global" if !assigns => open.push(("set", code.outer.clone())),
                _ => {}
            }
            if let Some(ends) = word.strip_prefix("end") {
                match open.pop() {
                    Some((opened, range)) if opened != ends => {
                        return Some(self.never_closed(opened, range));
                    }
                    _ => {}
                }
            }
        }
        let (word, range) = open.into_iter().next()?;
        Some(self.never_closed(word, range))
    }

    fn never_closed(&self, word: &str, range: Range<usize>) -> Diagnostic {
        let block = self.options.delimiters.clone().unwrap_or_default().block;
        let problem = Diagnostic::error(format!("`{word}` is never closed"));
        let hint = format!("close it with `{} end{word} {}`", block.0, block.1);
        problem.at(&self.source, range).hint(hint)
    }

    fn unknown(&self, call: &Call) -> Option<Diagnostic> {
        let name = call.name.as_str();
        let (what, known): (&str, Vec<&str>) = match call.callee {
            Callee::Template => return None,
            Callee::Filter => (
                "filter",
                THEIR_FILTERS.into_iter().chain(function::names()).collect(),
            ),
            Callee::Function => ("function", function::names().collect()),
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
        self.pieces.iter().any(|piece| match piece {
            Piece::Expression(code) => is_go(&self.source, code),
            _ => false,
        })
    }
}
