//! What a Tera template names: variables, filters, functions, tests, other templates.
//!
//! Found in the tokens, without running anything, so that a value that costs something is looked up
//! only for a template that speaks of it.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::dialect::scan::{Code, Piece};
use crate::dialect::token::{Kind, Token, unquote};
use crate::source::Source;

/// A variable as a template writes it: `image.tag`, `list[0].name`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Path {
    /// Its names, and numbers of lists.
    pub(crate) segments: Vec<String>,
    /// The bytes of each segment.
    pub(crate) spans: Vec<Range<usize>>,
    /// The bytes of the whole.
    pub(crate) range: Range<usize>,
    /// Whether it goes on with a name that is computed: everything below may be meant.
    pub(crate) computed: bool,
    /// Whether the root is a name that the template itself sets.
    pub(crate) local: bool,
    /// Whether it may be undefined where it stands: `| default`, `is defined`, a condition.
    pub(crate) optional: bool,
}

/// What a template calls by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Callee {
    Filter,
    Function,
    Test,
    Template,
}

/// A name that a template calls.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Call {
    pub(crate) callee: Callee,
    pub(crate) name: String,
    pub(crate) range: Range<usize>,
}

/// A list comprehension: where its brackets stand and where its `for`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Comprehension {
    pub(crate) open: usize,
    pub(crate) word: usize,
}

/// All names of one template.
#[derive(Clone, Debug, Default)]
pub(crate) struct Analysis {
    pub(crate) paths: Vec<Path>,
    pub(crate) calls: Vec<Call>,
    pub(crate) comprehensions: Vec<Comprehension>,
    /// Names that the template sets itself.
    pub(crate) locals: BTreeSet<String>,
    /// Whether output is collected somewhere instead of being printed at once.
    pub(crate) captures: bool,
}

const KEYWORDS: [&str; 14] = [
    "and", "or", "not", "in", "is", "if", "else", "for", "true", "false", "True", "False", "none",
    "None",
];
/// Statements whose words are not expressions.
const BARE: [&str; 14] = [
    "else",
    "endif",
    "endfor",
    "endset",
    "endblock",
    "block",
    "endfilter",
    "break",
    "continue",
    "raw",
    "endraw",
    "endcomponent",
    "extends",
    "include",
];
/// Filters that accept what is not defined.
const FORGIVING: [&str; 6] = [
    "default",
    "default_if_empty",
    "coalesce",
    "required",
    "ternary",
    "empty",
];

/// Finds what `pieces` of `source` name.
pub(crate) fn analyse(source: &Source, pieces: &[Piece]) -> Analysis {
    let mut analysis = Analysis::default();
    for piece in pieces {
        let (code, statement) = match piece {
            Piece::Text(_) => continue,
            Piece::Expression(code) => (code, false),
            Piece::Statement(code) => (code, true),
        };
        Walker {
            source,
            code,
            statement,
            analysis: &mut analysis,
        }
        .walk();
    }
    let locals = &analysis.locals;
    for path in &mut analysis.paths {
        path.local = path
            .segments
            .first()
            .is_some_and(|root| locals.contains(root));
    }
    analysis
}

struct Walker<'a> {
    source: &'a Source,
    code: &'a Code,
    statement: bool,
    analysis: &'a mut Analysis,
}

impl Walker<'_> {
    fn walk(mut self) {
        let mut from = 0;
        let word = self.code.word(self.source).to_owned();
        if self.statement {
            from = 1;
            match word.as_str() {
                "set" | "set_global" => {
                    self.declare(1);
                    from = 2;
                    self.analysis.captures |= !self.has_sign("=");
                }
                "filter" => {
                    self.call(Callee::Filter, 1);
                    self.analysis.captures = true;
                    from = 2;
                }
                "component" => {
                    self.component();
                    self.analysis.captures = true;
                    return;
                }
                "for" => from = self.for_targets(1),
                "include" | "extends" => self.template(),
                _ => {}
            }
            if BARE.contains(&word.as_str()) {
                return;
            }
        }
        if self.word(0) == "<" || self.word(0) == "</" {
            self.analysis.captures = true;
        }
        if self.word(0) == "super" {
            self.analysis.captures = true;
        }
        let condition = self.statement && matches!(word.as_str(), "if" | "elif");
        self.expression(from, condition);
    }

    fn expression(&mut self, from: usize, condition: bool) {
        let component = self.word(0) == "<";
        let mut at = from;
        let mut brackets: Vec<(usize, usize)> = Vec::new();
        if component {
            at = 1;
            while self.is_name(at) {
                at += if self.word(at + 1) == "." { 2 } else { 1 };
                if self.word(at - 1) != "." {
                    break;
                }
            }
        }
        while at < self.code.tokens.len() {
            let word = self.word(at).to_owned();
            match word.as_str() {
                "(" | "[" | "{" | "?[" => brackets.push((at, self.start(at))),
                ")" | "]" | "}" => {
                    brackets.pop();
                }
                _ => {}
            }
            if !self.is_name(at) {
                at += 1;
                continue;
            }
            let before = at.checked_sub(1).map(|before| self.word(before).to_owned());
            let before = before.unwrap_or_default();
            if before == "|" {
                self.call(Callee::Filter, at);
            } else if before == "is" && word != "not" || before == "not" && self.is_test(at) {
                self.call(Callee::Test, at);
            } else if word == "for" {
                if let Some((_, open)) = brackets.last() {
                    let word = self.start(at);
                    self.analysis
                        .comprehensions
                        .push(Comprehension { open: *open, word });
                }
                at = self.for_targets(at + 1);
                continue;
            } else if KEYWORDS.contains(&word.as_str()) || before == "." || before == "?." {
            } else if self.word(at + 1) == "(" {
                if word != "super" {
                    self.call(Callee::Function, at);
                }
            } else if self.word(at + 1) == "=" && (component || !brackets.is_empty()) {
            } else {
                at = self.path(at, condition);
                continue;
            }
            at += 1;
        }
    }

    /// Reads a variable; returns the token to go on with.
    fn path(&mut self, first: usize, condition: bool) -> usize {
        let mut path = Path {
            segments: vec![self.word(first).to_owned()],
            spans: vec![self.range(first)],
            range: self.range(first),
            computed: false,
            local: false,
            optional: condition,
        };
        let mut at = first + 1;
        let mut end = at;
        loop {
            let word = self.word(at);
            if (word == "." || word == "?.") && self.is_name(at + 1) {
                path.segments.push(self.word(at + 1).to_owned());
                path.spans.push(self.range(at + 1));
                at += 2;
            } else if (word == "[" || word == "?[") && self.word(at + 2) == "]" {
                let segment = match self.code.tokens.get(at + 1).map(|token| token.kind) {
                    Some(Kind::Text) => unquote(self.word(at + 1)),
                    Some(Kind::Number) => self.word(at + 1).to_owned(),
                    _ => {
                        path.computed = true;
                        break;
                    }
                };
                path.segments.push(segment);
                path.spans.push(self.range(at + 1));
                at += 3;
            } else {
                path.computed |= word == "[" || word == "?[";
                break;
            }
            end = at;
        }
        path.range.end = self.range(end - 1).end;
        let after = (self.word(end), self.word(end + 1));
        path.optional |= after.0 == "|" && FORGIVING.contains(&after.1);
        path.optional |= after.0 == "is" || after.0 == "or";
        self.analysis.paths.push(path);
        end
    }

    fn for_targets(&mut self, mut at: usize) -> usize {
        while at < self.code.tokens.len() && self.word(at) != "in" {
            self.declare(at);
            at += 1;
        }
        self.analysis.locals.insert("loop".to_owned());
        at + 1
    }

    /// `component name(argument: string, other=1) {...}`: what it declares.
    fn component(&mut self) {
        for at in 2..self.code.tokens.len() {
            let before = self.word(at - 1);
            if self.is_name(at) && matches!(before, "(" | "," | "..." | "@") {
                self.declare(at);
            }
        }
        self.analysis.locals.insert("body".to_owned());
    }

    fn template(&mut self) {
        let Some(token) = self
            .code
            .tokens
            .get(1)
            .filter(|token| token.kind == Kind::Text)
        else {
            return;
        };
        let call = Call {
            callee: Callee::Template,
            name: unquote(self.source.slice(&token.range)),
            range: token.range.clone(),
        };
        self.analysis.calls.push(call);
    }

    fn call(&mut self, callee: Callee, at: usize) {
        if let Some(token) = self.code.tokens.get(at) {
            let name = self.word(at).to_owned();
            let range = token.range.clone();
            self.analysis.calls.push(Call {
                callee,
                name,
                range,
            });
        }
    }

    fn declare(&mut self, at: usize) {
        if self.is_name(at) {
            let name = self.word(at).to_owned();
            self.analysis.locals.insert(name);
        }
    }

    fn is_test(&self, at: usize) -> bool {
        at >= 2 && self.word(at - 2) == "is"
    }

    fn has_sign(&self, sign: &str) -> bool {
        (0..self.code.tokens.len()).any(|at| self.word(at) == sign)
    }

    fn is_name(&self, at: usize) -> bool {
        let token = self.code.tokens.get(at);
        token.is_some_and(|token| token.kind == Kind::Name)
    }

    fn word(&self, at: usize) -> &str {
        let token: Option<&Token> = self.code.tokens.get(at);
        token
            .map(|token| self.source.slice(&token.range))
            .unwrap_or_default()
    }

    fn range(&self, at: usize) -> Range<usize> {
        let token = self.code.tokens.get(at);
        token.map(|token| token.range.clone()).unwrap_or_default()
    }

    fn start(&self, at: usize) -> usize {
        self.range(at).start
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::scan::scan;
    use crate::options::Options;

    fn analysis(text: &str) -> Analysis {
        let source = Source::new("x", text);
        let pieces = scan(&source, &Options::default(), None).unwrap();
        analyse(&source, &pieces)
    }

    fn paths(text: &str) -> String {
        let found = analysis(text);
        let shown: Vec<String> = found
            .paths
            .iter()
            .map(|path| {
                let marks = [
                    (path.computed, "*"),
                    (path.local, "!"),
                    (path.optional, "?"),
                ];
                let marks = marks.iter().filter(|(set, _)| *set).map(|(_, mark)| *mark);
                path.segments.join(".") + &marks.collect::<String>()
            })
            .collect();
        shown.join(" ")
    }

    #[test]
    fn variables_are_found_wherever_they_stand() {
        for (text, expected) in [
            ("{{ a }} {{ a.b[0][\"c d\"].e }}", "a a.b.0.c d.e"),
            ("{{ duat[name] }}", "duat* name"),
            ("{{ a | default(value=b.c) | upper }}", "a? b.c"),
            ("{% if a.b and not c is defined %}", "a.b? c?"),
            (
                "{% for k, v in m.items %}{{ k }}{{ loop.index }}{% endfor %}",
                "m.items k! loop.index!",
            ),
            ("{% set x = y %}{{ x }}", "y x!"),
            ("{{ [f(n=i) for i in xs if i > low] }}", "i! xs i! low"),
            ("{{ {\"k\": v, ...rest} }}", "v rest"),
            ("{{<card title=t n=1 />}}", "t"),
            (
                "{% component card(title: string, n=1) %}{{ title }}{% endcomponent card %}",
                "title!",
            ),
            ("{{ a?.b?.[0] }}", "a.b"),
            (
                "{{ now() }} {{ super() }} {{ x is not containing(y) }}",
                "x? y",
            ),
            (
                "{% block head %}{% endblock head %}{% include \"a/b\" %}",
                "",
            ),
            ("{{ a[b[0]] }}", "a* b.0"),
        ] {
            assert_eq!(paths(text), expected, "{text}");
        }
    }

    #[test]
    fn calls_are_found_with_their_kind() {
        let text = "{% extends \"base\" %}{{ a | upper | f(x=g()) is not odd }}{% filter lower %}";
        let found = analysis(text);
        let mut calls: Vec<_> = found
            .calls
            .iter()
            .map(|call| (call.callee, call.name.as_str()))
            .collect();
        calls.sort();
        let expected = [
            (Callee::Filter, "f"),
            (Callee::Filter, "lower"),
            (Callee::Filter, "upper"),
            (Callee::Function, "g"),
            (Callee::Test, "odd"),
            (Callee::Template, "base"),
        ];
        assert_eq!(calls, expected);
        assert!(found.captures);
    }
}
