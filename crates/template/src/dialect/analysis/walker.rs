//! One tag of a template, word by word.

use std::ops::Range;

use crate::dialect::analysis::{Analysis, Binding, Call, Callee, Comprehension, Path};
use crate::dialect::callable::RENDER_FILE;
use crate::dialect::scan::Code;
use crate::dialect::token::{Kind, Token, unquote};
use crate::source::Source;

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

/// Operators that Tera applies to what is not defined, or refuses without naming it.
const OPERATORS: [&str; 15] = [
    "~", "==", "!=", "<", ">", "<=", ">=", "+", "-", "*", "/", "//", "%", "**", "in",
];
/// Functions that make lists and maps with `none` in them, of what Tera has none in.
const MAKERS: [&str; 9] = [
    "from_json",
    "fromJson",
    "mustFromJson",
    "from_yaml",
    "fromYaml",
    "mustFromYaml",
    "fromJsonArray",
    "fromYamlArray",
    "json_decode",
];

/// A bracket that is open, or the condition of `a if b else c`.
struct Open {
    /// The token of the bracket, or of the `if`.
    at: usize,
    /// Whether what is not defined may stand in it.
    forgiving: bool,
    /// Whether it is a condition.
    condition: bool,
    /// Whether it is a list or a map and no argument or index.
    literal: bool,
}

/// Reads one tag.
pub(super) struct Walker<'a> {
    pub(super) source: &'a Source,
    pub(super) code: &'a Code,
    pub(super) statement: bool,
    pub(super) analysis: &'a mut Analysis,
}

impl Walker<'_> {
    /// Adds what it names.
    pub(super) fn walk(mut self) {
        let mut from = 0;
        let word = self.code.word(self.source).to_owned();
        if self.statement {
            from = 1;
            match word.as_str() {
                "set" | "set_global" => {
                    let names = self.declare(1).into_iter().collect();
                    self.bind(self.code.outer.end..usize::MAX, names, None);
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
                "for" => from = self.for_targets(1, true),
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
        let mut open: Vec<Open> = Vec::new();
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
                "(" | "[" | "{" | "?[" => open.push(self.opened(at, &open)),
                ")" | "]" | "}" => while open.pop().is_some_and(|closed| closed.condition) {},
                // the `if` of a statement is no token of its expression
                "if" => open.push(Open {
                    at,
                    forgiving: true,
                    condition: true,
                    literal: false,
                }),
                "else" => {
                    let last = open.last().is_some_and(|open| open.condition);
                    open.pop_if(|_| last);
                }
                "none" | "None" => {
                    self.analysis.nulls |= open.iter().any(|open| open.literal);
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
                if let Some(bracket) = open.last() {
                    let (open, word) = (self.start(bracket.at), self.start(at));
                    self.analysis
                        .comprehensions
                        .push(Comprehension { open, word });
                }
                at = self.for_targets(at + 1, false);
                continue;
            } else if KEYWORDS.contains(&word.as_str()) || before == "." || before == "?." {
            } else if self.word(at + 1) == "(" {
                if word != "super" {
                    self.call(Callee::Function, at);
                }
                if word == RENDER_FILE {
                    self.file(at + 2);
                }
            } else if self.word(at + 1) == "=" && (component || !open.is_empty()) {
            } else {
                let first = at;
                at = self.path(at, condition);
                let looped = first == from && before == "in";
                if !condition && !looped {
                    self.insist(first, &before, &open);
                }
                continue;
            }
            at += 1;
        }
    }

    /// Returns what the bracket at the token `at` opens.
    fn opened(&self, at: usize, open: &[Open]) -> Open {
        let before = |back: usize| at.checked_sub(back).map(|at| self.word(at));
        let name = at.checked_sub(1).filter(|at| self.is_name(*at));
        let name = name.filter(|at| !KEYWORDS.contains(&self.word(*at)));
        let around = open.last().is_some_and(|open| open.forgiving);
        let called = self.word(at) == "(" && name.is_some();
        let index = name.is_some() || matches!(before(1), Some(")" | "]"));
        Open {
            at,
            forgiving: if called {
                before(1).is_some_and(|name| FORGIVING.contains(&name))
            } else {
                around
            },
            condition: false,
            literal: matches!(self.word(at), "[" | "{") && !index,
        }
    }

    /// Notes that the variable just read must be defined, where it must be and Tera does not see to
    /// it; it began at the token `first`, behind `before`.
    fn insist(&mut self, first: usize, before: &str, open: &[Open]) {
        let Some(path) = self.analysis.paths.last() else {
            return;
        };
        let start = path.range.start;
        let loops = self.analysis.bindings.iter().rev();
        let mut loops = loops.filter(|binding| binding.range.contains(&start));
        let root = path
            .segments
            .first()
            .map(String::as_str)
            .unwrap_or_default();
        let bound = loops.find(|binding| binding.names.iter().any(|name| name == root));
        let from_loop = bound.is_some_and(|binding| binding.turns.is_some());
        let alone = path.segments.len() == 1 && !path.computed;
        if root == "loop" || from_loop && alone {
            return;
        }
        let end = self.end_of_index(first, path.range.end);
        let after = (self.word(end), self.word(end + 1));
        let tested = matches!(after.0, "is" | "or" | "and") || before == "not";
        let defaulted = after.0 == "|" && FORGIVING.contains(&after.1);
        let forgiven = open.iter().any(|open| open.condition)
            || open.last().is_some_and(|open| open.forgiving);
        let counts =
            !open.is_empty() || OPERATORS.contains(&before) || OPERATORS.contains(&after.0);
        // Tera takes the name of a key, and sees to what is spread
        let is_key = after.0 == ":" && open.last().is_some_and(|open| open.literal);
        if counts && !tested && !defaulted && !forgiven && !is_key && before != "..." {
            let end = end.checked_sub(1).map(|at| self.range(at).end);
            let end = end.unwrap_or(start);
            if let Some(path) = self.analysis.paths.last_mut() {
                path.certain = Some(start..end);
            }
        }
    }

    /// Returns the token behind a variable that goes up to the byte `end`, and behind all that is
    /// looked up in it by computed names.
    fn end_of_index(&self, first: usize, end: usize) -> usize {
        let tokens = self.code.tokens.get(first..).unwrap_or_default();
        let mut at = first + tokens.partition_point(|token| token.range.end <= end);
        loop {
            match self.word(at) {
                "[" | "?[" => {
                    let mut depth = 0_usize;
                    while at < self.code.tokens.len() {
                        match self.word(at) {
                            "[" | "?[" | "(" | "{" => depth += 1,
                            "]" | ")" | "}" => depth -= 1,
                            _ => {}
                        }
                        at += 1;
                        if depth == 0 {
                            break;
                        }
                    }
                }
                "." | "?." if self.is_name(at + 1) => at += 2,
                _ => return at,
            }
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
            certain: None,
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

    /// Reads the names between `for` and `in`, of a statement or of a comprehension; returns the
    /// token to go on with.
    fn for_targets(&mut self, mut at: usize, statement: bool) -> usize {
        let mut names = vec!["loop".to_owned()];
        while at < self.code.tokens.len() && self.word(at) != "in" {
            names.extend(self.declare(at));
            at += 1;
        }
        self.analysis.locals.insert("loop".to_owned());
        let outer = self.code.outer.clone();
        if statement {
            let turns = Some((outer.start, self.variable(at + 1)));
            self.bind(outer.end..usize::MAX, names, turns);
        } else {
            self.bind(outer, names, None);
        }
        at + 1
    }

    /// Returns the path from the token `first` on when the tag ends with it.
    fn variable(&mut self, first: usize) -> Option<Vec<String>> {
        if !self.is_name(first) || self.word(first + 1) == "(" {
            return None;
        }
        let known = self.analysis.paths.len();
        let end = self.path(first, false);
        let paths = self.analysis.paths.split_off(known);
        let path = paths.into_iter().next().filter(|path| !path.computed)?;
        (end == self.code.tokens.len()).then_some(path.segments)
    }

    /// `component name(argument: string, other=1) {...}`: what it declares.
    fn component(&mut self) {
        let mut names = vec!["body".to_owned()];
        for at in 2..self.code.tokens.len() {
            let before = self.word(at - 1);
            if self.is_name(at) && matches!(before, "(" | "," | "..." | "@") {
                names.extend(self.declare(at));
            }
        }
        self.analysis.locals.insert("body".to_owned());
        self.bind(self.code.outer.start..usize::MAX, names, None);
    }

    fn bind(
        &mut self,
        range: Range<usize>,
        names: Vec<String>,
        turns: Option<(usize, Option<Vec<String>>)>,
    ) {
        self.analysis.bindings.push(Binding {
            range,
            names,
            turns,
        });
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

    /// Reads the arguments of `render_file`, which begin with the token `at`.
    fn file(&mut self, mut at: usize) {
        let mut names = Vec::new();
        let mut file = None;
        let mut depth = 0_usize;
        while let Some(token) = self.code.tokens.get(at) {
            match self.source.slice(&token.range) {
                "(" | "[" | "{" | "?[" => depth += 1,
                ")" if depth == 0 => break,
                ")" | "]" | "}" => depth = depth.saturating_sub(1),
                "path" if depth == 0 && self.word(at + 1) == "=" => {
                    let value = self.code.tokens.get(at + 2);
                    let text = value.filter(|value| value.kind == Kind::Text);
                    let whole = matches!(self.word(at + 3), "," | ")");
                    file = text.filter(|_| whole).map(|_| unquote(self.word(at + 2)));
                }
                name if depth == 0 && self.word(at + 1) == "=" => names.push(name.to_owned()),
                _ => {}
            }
            at += 1;
        }
        self.analysis.files.extend(file.map(|file| (file, names)));
    }

    fn call(&mut self, callee: Callee, at: usize) {
        if let Some(token) = self.code.tokens.get(at) {
            let name = self.word(at).to_owned();
            let range = token.range.clone();
            self.analysis.nulls |= MAKERS.contains(&name.as_str());
            self.analysis.calls.push(Call {
                callee,
                name,
                range,
            });
        }
    }

    fn declare(&mut self, at: usize) -> Option<String> {
        let name = self.is_name(at).then(|| self.word(at).to_owned())?;
        self.analysis.locals.insert(name.clone());
        Some(name)
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
