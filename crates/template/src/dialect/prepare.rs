//! The text that Tera is given in place of a template, and the way back to the template.
//!
//! Text, expressions and statements are written anew with delimiters that occur nowhere else, so
//! that no rule about whitespace, foreign braces or delimiters is left to Tera. What is added (the
//! counting of steps, markers of origin, what replaces an expression that failed) is added here.

use std::collections::BTreeMap;
use std::ops::Range;

use duat::order;

use crate::dialect::analysis::{Analysis, Path};
use crate::dialect::scan::{Code, Piece};
use crate::options::Missing;
use crate::source::Source;

/// Characters that stand for the delimiters, each two bytes long as Tera demands, and one that
/// marks where output came from. None of them occurs in any template of the set.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Marks {
    pub(crate) block: (char, char),
    pub(crate) expression: (char, char),
    pub(crate) comment: (char, char),
    pub(crate) origin: char,
}

/// What is asked of the prepared text beyond being the template.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Plan {
    /// Replacements for tags that failed, by their first byte.
    pub(crate) patches: BTreeMap<usize, Patch>,
    /// Print through the runtime: to escape, to count collected bytes, to stand in for what is
    /// missing.
    pub(crate) through: bool,
    /// What an undefined variable becomes.
    pub(crate) missing: Missing,
    /// Count the turns of every loop.
    pub(crate) count: bool,
    /// The number of the template in its set.
    pub(crate) number: usize,
    /// Write markers of origin, numbered from here.
    pub(crate) origins: Option<usize>,
}

/// What replaces a tag that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Patch {
    /// Nothing.
    Nothing,
    /// The statement with another expression.
    Statement(String),
}

/// A prepared template.
#[derive(Clone, Debug, Default)]
pub(crate) struct Prepared {
    pub(crate) text: String,
    /// (byte in the prepared text, byte in the template, whether the bytes behind are copied).
    steps: Vec<(usize, usize, bool)>,
    /// The bytes of the template behind each marker, in their order, and whether they are copied.
    pub(crate) origins: Vec<(Range<usize>, bool)>,
}

/// Statements in one another that Tera reads.
const DEEPEST: usize = 40;
/// Names of the functions that the prepared text calls.
pub(crate) const OUT: &str = "__out";
pub(crate) const STEP: &str = "__step";
pub(crate) const GUARD: &str = "__guard";
pub(crate) const GIVEN: &str = "__given";
/// What begins a marker of a turn of a loop, and of its end; one of origin begins with a digit.
pub(crate) const TURN: char = 't';
pub(crate) const OVER: char = 'o';

/// Returns the number of a tag by that of its template and its first byte.
pub(crate) fn tag_number(template: usize, start: usize) -> usize {
    template << 32 | start
}

/// Returns the number of the template of a tag.
pub(crate) fn tag_unit(tag: usize) -> usize {
    tag >> 32
}

impl Marks {
    /// Returns characters that none of `texts` contains.
    pub(crate) fn absent_from<'a>(texts: impl Iterator<Item = &'a str> + Clone) -> Option<Self> {
        const TWO_BYTES: std::ops::Range<u32> = 0x80..0x800;
        let mut used = vec![false; 0x800];
        for each in texts.flat_map(str::chars) {
            if let Some(slot) = usize::try_from(u32::from(each))
                .ok()
                .and_then(|at| used.get_mut(at))
            {
                *slot = true;
            }
        }
        let mut free = TWO_BYTES
            .filter(|code| {
                let at = usize::try_from(*code).unwrap_or_default();
                used.get(at) == Some(&false)
            })
            .filter_map(char::from_u32)
            .filter(|each| !each.is_whitespace());
        let mut next = || free.next();
        Some(Self {
            block: (next()?, next()?),
            expression: (next()?, next()?),
            comment: (next()?, next()?),
            origin: next()?,
        })
    }
}

impl Prepared {
    /// Prepares `pieces` of `source`.
    pub(crate) fn new(
        source: &Source,
        pieces: &[Piece],
        analysis: &Analysis,
        marks: Marks,
        plan: &Plan,
    ) -> Self {
        let mut writer = Writer {
            source,
            analysis,
            marks,
            plan,
            prepared: Self::default(),
            nesting: Vec::new(),
            left: None,
        };
        let extends = |piece: &Piece| match piece {
            Piece::Statement(code) => code.word(source) == "extends",
            _ => false,
        };
        if plan.count && plan.number > 0 && !pieces.iter().any(extends) {
            writer.call(&format!("{STEP}(n=0)"), 0);
        }
        for (at, piece) in pieces.iter().enumerate() {
            writer.piece(piece, pieces.get(at + 1..).unwrap_or_default());
        }
        writer.prepared
    }

    /// Returns the bytes of the template that `range` of the prepared text was made from.
    pub(crate) fn original(&self, range: Range<usize>) -> Range<usize> {
        let (start, _) = self.original_at(range.start);
        let (last, copied) = self.original_at(range.end.max(range.start + 1) - 1);
        let end = last + usize::from(copied);
        start..end.max(start + 1)
    }

    /// Returns the byte of the template that stands for one of the prepared text, and whether it
    /// was copied.
    fn original_at(&self, offset: usize) -> (usize, bool) {
        let index = self.steps.partition_point(|(from, _, _)| *from <= offset);
        match index.checked_sub(1).and_then(|index| self.steps.get(index)) {
            Some((from, to, true)) => (to + (offset - from), true),
            Some((_, to, false)) => (*to, false),
            None => (0, true),
        }
    }
}

/// A statement whose end is still to come.
struct Open {
    /// Whether its output is collected.
    collects: bool,
    /// Its first byte, if it is a loop.
    turns: Option<usize>,
}

struct Writer<'a> {
    source: &'a Source,
    analysis: &'a Analysis,
    marks: Marks,
    plan: &'a Plan,
    prepared: Prepared,
    /// Open statements with bodies.
    nesting: Vec<Open>,
    /// The first byte of the loop that the last end ended.
    left: Option<usize>,
}

impl Writer<'_> {
    fn piece(&mut self, piece: &Piece, behind: &[Piece]) {
        match piece {
            Piece::Text(range) => {
                self.origin(range.clone(), true);
                self.copy(range.clone());
            }
            Piece::Expression(code) => self.expression(code),
            Piece::Statement(code) => self.statement(code, behind),
        }
    }

    fn expression(&mut self, code: &Code) {
        if self.plan.patches.contains_key(&code.outer.start) {
            return;
        }
        self.origin(code.outer.clone(), false);
        let (open, close) = self.marks.expression;
        let component = self.source.slice(&code.inner).trim_start().starts_with('<');
        let empty = code.tokens.is_empty();
        let super_call = code.word(self.source) == "super";
        let through = (self.plan.through || self.plan.missing != Missing::Error)
            && !component
            && !empty
            && !super_call;
        self.insert(&open.to_string(), code.outer.start);
        if through {
            self.insert(
                &format!(
                    "{OUT}(at={},v=",
                    tag_number(self.plan.number, code.outer.start)
                ),
                code.inner.start,
            );
            self.code(code, true, false);
            self.insert(")", code.inner.end);
        } else {
            let soften = self.plan.missing != Missing::Error;
            self.code(code, !component || !soften, true);
        }
        self.insert(&close.to_string(), code.inner.end);
    }

    fn statement(&mut self, code: &Code, behind: &[Piece]) {
        let word = code.word(self.source).to_owned();
        let (open, close) = self.marks.block;
        self.enter(&word, code);
        self.insert(&open.to_string(), code.outer.start);
        match self.plan.patches.get(&code.outer.start) {
            Some(Patch::Statement(text)) => self.insert(&format!(" {text} "), code.inner.start),
            Some(Patch::Nothing) => self.insert(" if true ", code.inner.start),
            None => self.code(code, true, true),
        }
        self.insert(&close.to_string(), code.inner.end);
        self.turn(&word, code);
        match word.as_str() {
            "for" if self.plan.count && !self.writes_at_once(behind) => {
                let bytes = self.text_in_body(behind);
                self.call(&format!("{STEP}(n={bytes})"), code.outer.start);
            }
            "set" | "set_global" if self.grows(code) => {
                if let Some(name) = code.tokens.get(1) {
                    let name = self.source.slice(&name.range).to_owned();
                    self.call(&format!("{GUARD}(v={name})"), code.outer.start);
                }
            }
            "component" if self.plan.count => {
                self.call(&format!("{STEP}(n=0)"), code.outer.start);
            }
            _ => {}
        }
        if matches!(
            self.plan.patches.get(&code.outer.start),
            Some(Patch::Nothing)
        ) {
            self.insert(&format!("{open} endif {close}"), code.inner.end);
        }
    }

    fn call(&mut self, call: &str, at: usize) {
        let (open, close) = self.marks.expression;
        self.insert(&format!("{open}{call}{close}"), at);
    }

    fn enter(&mut self, word: &str, code: &Code) {
        let has_value = code
            .tokens
            .iter()
            .any(|token| self.source.slice(&token.range) == "=");
        let collects = match word {
            "set" | "set_global" => !has_value,
            "filter" | "component" => true,
            "<" => !self.source.slice(&code.inner).trim_end().ends_with('/'),
            _ => false,
        };
        match word {
            "for" | "if" | "block" => self.nesting.push(Open {
                collects: false,
                turns: (word == "for").then_some(code.outer.start),
            }),
            "endfor" | "endif" | "endblock" | "endset" | "endfilter" | "endcomponent" | "</" => {
                self.left = self.nesting.pop().and_then(|open| open.turns);
            }
            _ if collects => self.nesting.push(Open {
                collects: true,
                turns: None,
            }),
            _ => {}
        }
    }

    /// Writes between markers which turn of which loop begins, or that the loop is over.
    fn turn(&mut self, word: &str, code: &Code) {
        if self.plan.origins.is_none() || self.collecting() {
            return;
        }
        let mark = self.marks.origin;
        let (open, close) = self.marks.expression;
        let number = |start| tag_number(self.plan.number, start);
        let text = match (word, self.left) {
            ("for", _) => {
                let number = number(code.outer.start);
                format!("{mark}{TURN}{number}.{open}loop.index0{close}{mark}")
            }
            ("endfor", Some(start)) => format!("{mark}{OVER}{}{mark}", number(start)),
            _ => return,
        };
        self.insert(&text, code.inner.end);
    }

    fn collecting(&self) -> bool {
        self.nesting.iter().any(|open| open.collects)
    }

    /// Tells whether every turn of the loop that starts before `behind` prints something at once,
    /// so that the writer counts it.
    fn writes_at_once(&self, behind: &[Piece]) -> bool {
        let direct = matches!(behind.first(), Some(Piece::Text(_)));
        direct && !self.collecting() && !self.analysis.captures
    }

    fn text_in_body(&self, behind: &[Piece]) -> usize {
        let mut depth = 0_usize;
        let mut bytes = 0;
        for piece in behind {
            match piece {
                Piece::Text(range) => bytes += range.len(),
                Piece::Expression(_) => {}
                Piece::Statement(code) => match code.word(self.source) {
                    "for" if depth > DEEPEST => return bytes,
                    "for" => depth += 1,
                    "endfor" if depth == 0 => return bytes,
                    "endfor" => depth -= 1,
                    _ => {}
                },
            }
        }
        bytes
    }

    /// Tells whether what a `set` computes may be larger or deeper than what it is made of.
    fn grows(&self, code: &Code) -> bool {
        let words = || {
            code.tokens
                .iter()
                .skip(3)
                .map(|token| self.source.slice(&token.range))
        };
        words().any(|word| matches!(word, "~" | "[" | "{" | "(" | "|"))
    }

    /// Copies the inside of a tag with what has to change in it.
    fn code(&mut self, code: &Code, rewrite: bool, quiet: bool) {
        let mut edits: Vec<(usize, usize, String)> = Vec::new();
        let lists = &self.analysis.comprehensions;
        let first = lists.partition_point(|list| list.word < code.inner.start);
        let inside = lists
            .iter()
            .skip(first)
            .take_while(|list| list.word < code.inner.end);
        for list in inside.filter(|_| self.plan.count) {
            edits.push((list.open + 1, list.open + 1, format!("{STEP}(n=0,v=")));
            edits.push((list.word, list.word, ") ".to_owned()));
        }
        if rewrite && self.plan.missing != Missing::Error {
            let paths = &self.analysis.paths;
            let first = paths.partition_point(|path| path.range.start < code.inner.start);
            let inside = paths.iter().skip(first);
            inside
                .take_while(|path| path.range.start < code.inner.end)
                .for_each(|path| self.soften(path, code, quiet, &mut edits));
        } else if rewrite {
            self.insist(code, &mut edits);
        }
        order::sort_by_key(&mut edits, |(start, _, _)| *start);
        let mut at = code.inner.start;
        for (start, end, text) in edits {
            if start < at {
                continue;
            }
            self.copy(at..start);
            self.insert(&text, start);
            at = end;
        }
        self.copy(at..code.inner.end);
    }

    /// Has what must be defined looked at, where Tera would go on without it.
    fn insist(&self, code: &Code, edits: &mut Vec<(usize, usize, String)>) {
        let paths = &self.analysis.paths;
        let first = paths.partition_point(|path| path.range.start < code.inner.start);
        let inside = paths.iter().skip(first);
        let inside = inside.take_while(|path| path.range.start < code.inner.end);
        for certain in inside.filter_map(|path| path.certain.clone()) {
            let call = format!("{GIVEN}(strict=true,v=");
            edits.push((certain.start, certain.start, call));
            edits.push((certain.end, certain.end, ")".to_owned()));
        }
    }

    /// Lets a path be undefined at every step, and stands in for it where it must not be.
    fn soften(
        &self,
        path: &Path,
        code: &Code,
        quiet: bool,
        edits: &mut Vec<(usize, usize, String)>,
    ) {
        if path.segments.first().is_some_and(|root| root == "loop") {
            return;
        }
        let stands_in = !path.optional && !path.computed;
        if stands_in {
            let call = format!("{GIVEN}(quiet={quiet},v=");
            edits.push((path.range.start, path.range.start, call));
        }
        let inside = code.tokens.iter().filter(|token| {
            path.range.start <= token.range.start && token.range.end <= path.range.end
        });
        for token in inside {
            let mark = self.source.slice(&token.range);
            if mark == "." || mark == "[" {
                let text = format!("?{mark}");
                edits.push((token.range.start, token.range.end, text));
            }
        }
        if stands_in {
            edits.push((path.range.end, path.range.end, ")".to_owned()));
        }
    }

    fn origin(&mut self, range: Range<usize>, copied: bool) {
        let Some(first) = self.plan.origins.filter(|_| !self.collecting()) else {
            return;
        };
        let number = first + self.prepared.origins.len();
        let mark = self.marks.origin;
        let start = range.start;
        self.prepared.origins.push((range, copied));
        self.insert(&format!("{mark}{number}{mark}"), start);
    }

    fn copy(&mut self, range: Range<usize>) {
        let start = self.prepared.text.len();
        self.prepared.steps.push((start, range.start, true));
        self.prepared.text.push_str(self.source.slice(&range));
    }

    fn insert(&mut self, text: &str, at: usize) {
        let start = self.prepared.text.len();
        self.prepared.steps.push((start, at, false));
        self.prepared.text.push_str(text);
    }
}
