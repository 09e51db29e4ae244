//! Which language a template is written in.
//!
//! In this order: what was asked for, the magic comment, the extension of the name, and then the
//! text: what only one of the grammars allows. A text that has such signs of both is an error, not
//! a guess; one that both read is Tera.
//!
//! Of the extensions, `.gotmpl` and `.tera` tell. `.tpl` and `.tmpl` do not: Helm and Go's own tools
//! use them, and so do Smarty, Jinja and others.

use std::ops::Range;
use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::dialect::go::{self, Go};
use crate::dialect::tera::Tera;
use crate::dialect::token::{Kind, Token, tokenize};
use crate::engine::{Engine, Host, Limits, Nothing};
use crate::options::{Dialect, Options};
use crate::source::Source;

/// A sign of one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Evidence {
    span: Range<usize>,
    what: String,
}

/// The words of Tera's statements.
const STATEMENTS: [&str; 22] = [
    "block",
    "break",
    "component",
    "continue",
    "elif",
    "else",
    "endblock",
    "endcomponent",
    "endfilter",
    "endfor",
    "endif",
    "endraw",
    "endset",
    "extends",
    "filter",
    "for",
    "if",
    "import",
    "include",
    "raw",
    "set",
    "set_global",
];
/// The words with which a tag of Go begins, and which take operands.
const KEYWORDS: [&str; 7] = ["block", "define", "else", "if", "range", "template", "with"];
/// The words that Tera has as operators.
const OPERATORS: [&str; 8] = ["and", "else", "if", "in", "is", "not", "or", "for"];
/// The signs that only Tera has.
const SIGNS: [&str; 18] = [
    "==", "!=", ">=", "<=", "<", ">", "+", "*", "**", "/", "//", "%", "~", "[", "{", "?.", "?[",
    "...",
];

/// Returns the engine for a template; and its language and why it is this one, for people.
///
/// # Errors
///
/// Signs of both languages, or a magic comment that cannot be read.
pub fn choose(source: &Source, options: &Options) -> Result<(Box<dyn Engine>, String), Diagnostic> {
    let (dialect, why) = decide(source, options)?;
    Ok(match dialect {
        Dialect::Go => (Box::new(Go), format!("Go: {why}")),
        _ => (Box::new(Tera), format!("Tera: {why}")),
    })
}

/// Returns the language of a template, and why it is this one.
///
/// # Errors
///
/// Signs of both languages, or a magic comment that cannot be read.
pub fn decide(source: &Source, options: &Options) -> Result<(Dialect, String), Diagnostic> {
    if options.dialect != Dialect::Auto {
        return Ok((options.dialect, "`--dialect` says so".to_owned()));
    }
    let (options, magic) = options.with_magic(source)?;
    if options.dialect != Dialect::Auto {
        return Ok((options.dialect, "its first lines say so".to_owned()));
    }
    let name = source.name().to_ascii_lowercase();
    for (ending, dialect) in [(".gotmpl", Dialect::Go), (".tera", Dialect::Tera)] {
        if name.ends_with(ending) {
            return Ok((dialect, format!("its name ends in `{ending}`")));
        }
    }
    let at = |evidence: &Evidence| {
        let line = source.place(evidence.span.start).line;
        format!("line {line} has {}", evidence.what)
    };
    match look(source, &options, magic) {
        (Some(go), Some(tera)) => Err(conflict(source, &go, &tera)),
        (Some(go), None) => Ok((Dialect::Go, format!("{}, as only Go has it", at(&go)))),
        (None, Some(tera)) => Ok((Dialect::Tera, format!("{}, as only Tera has it", at(&tera)))),
        (None, None) => Ok(by_parsing(source, &options)),
    }
}

/// Returns the first sign of Go, and the first of Tera.
pub(crate) fn evidence(source: &Source, options: &Options) -> (Option<Evidence>, Option<Evidence>) {
    match options.with_magic(source) {
        Ok((options, magic)) => look(source, &options, magic),
        Err(_) => (None, None),
    }
}

/// Asks both grammars where there is no sign.
fn by_parsing(source: &Source, options: &Options) -> (Dialect, String) {
    let host: Arc<dyn Host> = Arc::new(Nothing);
    let limits = Limits::default();
    let brackets = options.delimiters.clone().unwrap_or_default();
    if !source.text().contains(&brackets.expression.0) {
        return (Dialect::Tera, "nothing in it is a tag".to_owned());
    }
    let tera = Tera.compile(source, options, &host, &limits).is_ok();
    let go = !tera && Go.compile(source, options, &host, &limits).is_ok();
    match (tera, go) {
        (true, _) => (Dialect::Tera, "nothing in it is Go's alone".to_owned()),
        (false, true) => (Dialect::Go, "Tera cannot read it, and Go can".to_owned()),
        // nothing comes of it: the problems are told as Tera's
        (false, false) => (Dialect::Tera, "neither Tera nor Go can read it".to_owned()),
    }
}

fn conflict(source: &Source, go: &Evidence, tera: &Evidence) -> Diagnostic {
    let (first, second) = if go.span.start < tera.span.start {
        ((go, "Go"), (tera, "Tera"))
    } else {
        ((tera, "Tera"), (go, "Go"))
    };
    let line = |evidence: &Evidence| source.place(evidence.span.start).line;
    let (one, its) = first;
    let (two, other) = second;
    Diagnostic::error(format!(
        "it cannot be told which language this is: line {} has {}, as only {other} has it",
        line(two),
        two.what
    ))
    .at(source, two.span.clone())
    .note(format!(
        "line {} has {}, as only {its} has it",
        line(one),
        one.what
    ))
    .hint("say which it is: `--dialect tera` or `--dialect go`")
}

fn look(
    source: &Source,
    options: &Options,
    magic: Option<Range<usize>>,
) -> (Option<Evidence>, Option<Evidence>) {
    let text = source.text();
    let delimiters = options.delimiters.clone().unwrap_or_default();
    let mut signs = Signs::default();
    let mut at = magic.map_or(0, |range| range.end);
    let passthrough = options.passthrough.iter().enumerate();
    let passthrough = passthrough.map(|(index, pair)| (&*pair.0, Opening::Passthrough(index)));
    let tags = [
        (&*delimiters.block.0, Opening::Block),
        (&*delimiters.comment.0, Opening::Comment),
        (&*delimiters.expression.0, Opening::Expression),
    ];
    // where each stands next is remembered: a text is searched once however many tags it has
    let openings = passthrough.chain(tags);
    let mut openings: Vec<(&str, Opening, usize)> = openings
        .map(|(open, opening)| (open, opening, find(text, at, open)))
        .collect();
    while !signs.complete() {
        for (open, _, next) in &mut openings {
            if *next < at {
                *next = find(text, at, open);
            }
        }
        let standing = openings.iter().filter(|(_, _, next)| *next < text.len());
        let first = standing.min_by_key(|(open, _, next)| (*next, usize::MAX - open.len()));
        let Some((open, opening, start)) = first.copied() else {
            break;
        };
        let inside = start + open.len();
        at = match opening {
            Opening::Passthrough(index) => {
                let close = options
                    .passthrough
                    .get(index)
                    .map_or("", |pair| pair.1.as_str());
                after(text, inside, close)
            }
            Opening::Comment => {
                // `${#name}` is the length of a shell variable
                let close = &delimiters.comment.1;
                let shell = text
                    .get(..start)
                    .is_some_and(|before| before.ends_with('$'));
                if shell
                    || !text
                        .get(inside..)
                        .is_some_and(|rest| rest.contains(close.as_str()))
                {
                    inside
                } else {
                    let end = after(text, inside, close);
                    signs.tera(start..end, || {
                        format!("a comment `{}`", delimiters.comment.0)
                    });
                    end
                }
            }
            Opening::Block => statement(text, start, inside, &delimiters.block, &mut signs),
            Opening::Expression => {
                expression(text, start, inside, &delimiters.expression, &mut signs)
            }
        };
    }
    (signs.go, signs.tera)
}

#[derive(Clone, Copy)]
enum Opening {
    Passthrough(usize),
    Block,
    Comment,
    Expression,
}

#[derive(Default)]
struct Signs {
    go: Option<Evidence>,
    tera: Option<Evidence>,
}

impl Signs {
    fn complete(&self) -> bool {
        self.go.is_some() && self.tera.is_some()
    }

    fn go(&mut self, span: Range<usize>, what: impl FnOnce() -> String) {
        self.go
            .get_or_insert_with(|| Evidence { span, what: what() });
    }

    fn tera(&mut self, span: Range<usize>, what: impl FnOnce() -> String) {
        self.tera
            .get_or_insert_with(|| Evidence { span, what: what() });
    }
}

/// Returns where `what` stands next; the end of the text where it does not.
fn find(text: &str, from: usize, what: &str) -> usize {
    let rest = text.get(from..).unwrap_or_default();
    rest.find(what).map_or(text.len(), |found| from + found)
}

fn after(text: &str, from: usize, close: &str) -> usize {
    let rest = text.get(from..).unwrap_or_default();
    rest.find(close)
        .map_or(text.len(), |found| from + found + close.len())
}

/// `{% ... %}`; what `raw` holds is skipped.
fn statement(
    text: &str,
    start: usize,
    inside: usize,
    (open, close): &(String, String),
    signs: &mut Signs,
) -> usize {
    let Some(end) = text
        .get(inside..)
        .and_then(|rest| rest.find(close.as_str()))
    else {
        return inside;
    };
    let inner = text.get(inside..inside + end).unwrap_or_default();
    let inner = inner.trim_start_matches(['-', '+']).trim_start();
    let word = inner
        .split(|each: char| !each.is_alphanumeric() && each != '_')
        .next();
    let word = word.unwrap_or_default();
    if !STATEMENTS.contains(&word) {
        return inside;
    }
    let end = inside + end + close.len();
    signs.tera(start..end, || format!("`{open} {word}`"));
    if word != "raw" {
        return end;
    }
    let rest = text.get(end..).unwrap_or_default();
    rest.find("endraw")
        .map_or(end, |found| after(text, end + found, close))
}

/// `{{ ... }}`.
fn expression(
    text: &str,
    start: usize,
    inside: usize,
    (left, right): &(String, String),
    signs: &mut Signs,
) -> usize {
    let (inner, end) = match go::tag::next(text, start, left, right, &[]) {
        Some(go::tag::Found::Tag(tag)) if tag.outer.start == start => (tag.inner, tag.outer.end),
        // quotes that do not end: the first closing bracket does
        _ => match text
            .get(inside..)
            .and_then(|rest| rest.find(right.as_str()))
        {
            Some(length) => (inside..inside + length, inside + length + right.len()),
            None => return text.len(),
        },
    };
    let shown = |range: &Range<usize>| {
        let part = text.get(range.clone()).unwrap_or_default();
        let short: String = part.chars().take(40).collect();
        format!("`{short}`")
    };
    if text
        .get(inner.clone())
        .is_some_and(|inner| inner.trim_start().starts_with("/*"))
    {
        signs.go(start..end, || "a comment `/*`".to_owned());
        return end;
    }
    let trimmed = text
        .get(inner.clone())
        .is_some_and(|inner| inner.starts_with('-'));
    let inner = inner.start + usize::from(trimmed)..inner.end;
    let words = Words {
        text,
        tokens: tokenize(text, inner),
    };
    for index in 0..words.tokens.len() {
        // a language that has its sign is not asked again
        if signs.go.is_none()
            && let Some(range) = words.go(index)
        {
            signs.go(range.clone(), || shown(&range));
        }
        let component = index == 0 && words.word(0) == "<";
        if (component || signs.tera.is_none())
            && let Some(range) = words.tera(index)
        {
            signs.tera(range.clone(), || shown(&range));
            if component {
                break;
            }
        }
    }
    end
}

/// The words of a tag.
struct Words<'a> {
    text: &'a str,
    tokens: Vec<Token>,
}

impl Words<'_> {
    fn word(&self, index: usize) -> &str {
        let token = self.tokens.get(index);
        token
            .and_then(|token| self.text.get(token.range.clone()))
            .unwrap_or_default()
    }

    fn kind(&self, index: usize) -> Option<Kind> {
        self.tokens.get(index).map(|token| token.kind)
    }

    /// Returns whether two words touch.
    fn glued(&self, left: usize, right: usize) -> bool {
        match (self.tokens.get(left), self.tokens.get(right)) {
            (Some(left), Some(right)) => left.range.end == right.range.start,
            _ => false,
        }
    }

    fn range(&self, from: usize, to: usize) -> Range<usize> {
        let start = self.tokens.get(from).map_or(0, |token| token.range.start);
        let end = self.tokens.get(to).or(self.tokens.get(from));
        start..end.map_or(start, |token| token.range.end)
    }

    /// Tells whether an operand may end with a word.
    fn ends(&self, index: usize) -> bool {
        match self.kind(index) {
            Some(Kind::Name) => !OPERATORS.contains(&self.word(index)),
            Some(Kind::Text | Kind::Number) => true,
            Some(Kind::Sign) => matches!(self.word(index), ")" | "]" | "}"),
            None => false,
        }
    }

    /// Tells whether an operand may begin with a word.
    fn begins(&self, index: usize) -> bool {
        match self.kind(index) {
            Some(Kind::Name) => !OPERATORS.contains(&self.word(index)),
            Some(Kind::Text | Kind::Number) => true,
            _ => false,
        }
    }

    /// Returns what only Go has at a word.
    fn go(&self, index: usize) -> Option<Range<usize>> {
        let word = self.word(index);
        let before = index.checked_sub(1);
        let touching = before.is_some_and(|before| self.glued(before, index) && self.ends(before));
        let keyword = |index: usize| KEYWORDS.contains(&self.word(index));
        match (self.kind(index)?, word) {
            (Kind::Sign, "$" | ":=") => Some(self.range(index, index + usize::from(word == "$"))),
            (Kind::Sign, ".") if !touching => {
                let number = self.kind(index + 1) == Some(Kind::Number);
                let named =
                    self.glued(index, index + 1) && self.kind(index + 1) == Some(Kind::Name);
                (!number || !self.glued(index, index + 1))
                    .then(|| self.range(index, index + usize::from(named)))
            }
            (Kind::Sign, "(") => {
                // `if (` and `and (`: blanks before an argument in parentheses
                let before = before?;
                let apart = !self.glued(before, index) && self.kind(before) == Some(Kind::Name);
                let called = self.ends(before) || before == 0 && keyword(0);
                (apart && called).then(|| self.range(before, index))
            }
            (Kind::Name, "if") if index == 1 && self.word(0) == "else" => Some(self.range(0, 1)),
            _ if self.begins(index) || word == "not" || word == "and" || word == "or" => {
                let before = before?;
                let leads = before == 0
                    || matches!(self.word(before - 1), "|" | "(")
                    || before == 1 && self.word(0) == "else";
                let prefixed = matches!(self.word(before), "and" | "or") && leads
                    || matches!(self.word(before), "if" | "else") && before == 0;
                let adjacent =
                    self.ends(before) && self.begins(index) && !self.glued(before, index);
                let keyworded = keyword(before) && before == 0;
                (prefixed || adjacent || keyworded && !self.glued(before, index))
                    .then(|| self.range(before, index))
            }
            _ => None,
        }
    }

    /// Returns what only Tera has at a word.
    fn tera(&self, index: usize) -> Option<Range<usize>> {
        let word = self.word(index);
        let next = index + 1;
        let before = index.checked_sub(1);
        let after_operand = before.is_some_and(|before| {
            self.ends(before) && !(before == 0 && KEYWORDS.contains(&self.word(0)))
        });
        match self.kind(index)? {
            Kind::Sign if SIGNS.contains(&word) => Some(self.range(index, index)),
            Kind::Sign if word == "-" => {
                let minus = after_operand && !self.glued(index, next) && self.kind(next).is_some();
                minus.then(|| self.range(index, next))
            }
            Kind::Sign if word == "=" => {
                let named = before.is_some_and(|before| self.kind(before) == Some(Kind::Name));
                let go = self.tokens.iter().any(|token| {
                    self.text
                        .get(token.range.clone())
                        .is_some_and(|word| word == "$")
                });
                (named && !go).then(|| self.range(index.saturating_sub(1), index))
            }
            Kind::Name if self.word(next) == "(" && self.glued(index, next) => {
                Some(self.range(index, next))
            }
            Kind::Name
                if after_operand && OPERATORS.contains(&word) && self.kind(next).is_some() =>
            {
                Some(self.range(index, index))
            }
            Kind::Name if self.word(next) == "." && self.glued(index, next) => {
                let head = !before.is_some_and(|before| {
                    matches!(self.word(before), "." | "$" | "?.") && self.glued(before, index)
                });
                let field = self.kind(next + 1) == Some(Kind::Name) && self.glued(next, next + 1);
                (head && field && !go::is_function(word)).then(|| self.range(index, next + 1))
            }
            Kind::Text if word.starts_with('\'') => {
                // Go has characters in these quotes, not texts
                let inner = word.trim_matches('\'');
                let character = inner.chars().count() == 1 || inner.starts_with('\\');
                (!character).then(|| self.range(index, index))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
