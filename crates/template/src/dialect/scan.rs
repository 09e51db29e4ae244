//! Cuts a template into text, expressions and statements, and applies all whitespace rules.
//!
//! What is cut here is what the Tera 2.4 lexer would cut, with more freedom: delimiters of any
//! length, `}}` inside a map literal, `trim_blocks` and `lstrip_blocks` as Jinja has them, brackets
//! that pass through as text.

use std::ops::Range;

use crate::diagnostic::Diagnostic;
use crate::dialect::token::{Token, tokenize};
use crate::options::{Delimiters, Options};
use crate::source::Source;

/// A part of a template. Ranges are bytes of its text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Piece {
    /// Text that is printed as it stands.
    Text(Range<usize>),
    /// `{{ ... }}`
    Expression(Code),
    /// `{% ... %}`
    Statement(Code),
}

/// The inside of a tag.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Code {
    /// With its delimiters.
    pub(crate) outer: Range<usize>,
    /// Between the delimiters and their whitespace marks.
    pub(crate) inner: Range<usize>,
    /// What it says.
    pub(crate) tokens: Vec<Token>,
}

impl Code {
    /// Returns the first word, which names a statement.
    pub(crate) fn word<'a>(&self, source: &'a Source) -> &'a str {
        self.tokens
            .first()
            .map(|token| source.slice(&token.range))
            .unwrap_or_default()
    }
}

/// What a tag does to the text beside it.
#[derive(Clone, Copy, PartialEq)]
enum Trim {
    Nothing,
    All,
    /// Blanks between the tag and the start of its line.
    Line,
    /// One line ending.
    Newline,
}

struct Cutter<'a> {
    text: &'a str,
    options: &'a Options,
    delimiters: Delimiters,
    at: usize,
    pieces: Vec<Piece>,
    /// What the tag before does to the text to come.
    pending: Trim,
    /// What opens a tag, and where it stands next: not looked for yet, nowhere, or there.
    openings: Vec<(String, Opening, Next)>,
}

/// Where an opening stands next.
#[derive(Clone, Copy, PartialEq)]
enum Next {
    Unknown,
    Nowhere,
    At(usize),
}

#[derive(Clone, Copy, PartialEq)]
enum Opening {
    Expression,
    Block,
    Comment,
    Passthrough(usize),
}

/// Cuts `source`, leaving out the bytes of `skip`: a magic comment's line.
pub(crate) fn scan(
    source: &Source,
    options: &Options,
    skip: Option<Range<usize>>,
) -> Result<Vec<Piece>, Diagnostic> {
    let delimiters = options.delimiters.clone().unwrap_or_default();
    let passthrough = options.passthrough.iter().enumerate();
    let mut openings = vec![
        (
            delimiters.expression.0.clone(),
            Opening::Expression,
            Next::Unknown,
        ),
        (delimiters.block.0.clone(), Opening::Block, Next::Unknown),
        (
            delimiters.comment.0.clone(),
            Opening::Comment,
            Next::Unknown,
        ),
    ];
    openings.extend(
        passthrough.map(|(at, (open, _))| (open.clone(), Opening::Passthrough(at), Next::Unknown)),
    );
    let mut cutter = Cutter {
        text: source.text(),
        options,
        delimiters,
        at: 0,
        pieces: Vec::new(),
        pending: Trim::Nothing,
        openings,
    };
    let until = skip.as_ref().map_or(0, |range| range.start);
    if until > 0 {
        cutter.pieces.push(Piece::Text(0..until));
    }
    cutter.at = skip.map_or(0, |range| range.end);
    cutter.run(source)?;
    Ok(cutter.pieces)
}

impl Cutter<'_> {
    fn run(&mut self, source: &Source) -> Result<(), Diagnostic> {
        while let Some((start, opening)) = self.next_opening() {
            let before = self.at..start;
            let (open, close) = match opening {
                Opening::Expression => self.delimiters.expression.clone(),
                Opening::Block => self.delimiters.block.clone(),
                Opening::Comment => self.delimiters.comment.clone(),
                Opening::Passthrough(index) => {
                    let brackets = self.options.passthrough.get(index);
                    brackets.cloned().unwrap_or_default()
                }
            };
            let inside = start + open.len();
            if let Opening::Passthrough(_) = opening {
                let Some(end) = self.find(inside, &close).map(|at| at + close.len()) else {
                    return Err(unclosed(source, start, &open, &close));
                };
                self.text_piece(before, Trim::Nothing);
                self.text_piece(start..end, Trim::Nothing);
                self.at = end;
                continue;
            }
            let end = match opening {
                Opening::Comment => self.find(inside, &close),
                _ => self.code_end(inside, &close),
            };
            let Some(end) = end else {
                return Err(unclosed(source, start, &open, &close));
            };
            let (inner, left, right) = self.marks(inside..end, opening);
            let outer = start..end + close.len();
            self.text_piece(before, left);
            self.at = outer.end;
            self.pending = right;
            match opening {
                Opening::Expression => {
                    let tokens = tokenize(self.text, inner.clone());
                    let code = Code {
                        outer,
                        inner,
                        tokens,
                    };
                    self.pieces.push(Piece::Expression(code));
                }
                Opening::Block if self.slice(&inner).trim() == "raw" => {
                    self.raw(source, outer.start)?;
                }
                Opening::Block => {
                    let tokens = tokenize(self.text, inner.clone());
                    let code = Code {
                        outer,
                        inner,
                        tokens,
                    };
                    self.pieces.push(Piece::Statement(code));
                }
                Opening::Comment | Opening::Passthrough(_) => {}
            }
        }
        self.text_piece(self.at..self.text.len(), Trim::Nothing);
        Ok(())
    }

    /// Finds what opens next. Where each opening stands is remembered, so that a text is searched
    /// once however many tags it has.
    fn next_opening(&mut self) -> Option<(usize, Opening)> {
        let mut first: Option<(usize, usize, Opening)> = None;
        for index in 0..self.openings.len() {
            let Some((open, kind, known)) = self.openings.get(index) else {
                continue;
            };
            let (length, kind) = (open.len(), *kind);
            let next = match known {
                Next::Nowhere => Next::Nowhere,
                Next::At(next) if *next >= self.at => Next::At(*next),
                _ => self.find(self.at, open).map_or(Next::Nowhere, Next::At),
            };
            if let Some(slot) = self.openings.get_mut(index) {
                slot.2 = next;
            }
            let Next::At(next) = next else { continue };
            let before = |(at, longest, _): (usize, usize, Opening)| {
                next < at || next == at && length > longest
            };
            if first.is_none_or(before) {
                first = Some((next, length, kind));
            }
        }
        first.map(|(at, _, kind)| (at, kind))
    }

    /// Finds the end of a tag behind its strings and closed brackets; if there is none such, the
    /// first that is spelled like one, so that the engine can say what is wrong inside.
    fn code_end(&self, from: usize, close: &str) -> Option<usize> {
        let bytes = self.text.as_bytes();
        let mut depth = 0_usize;
        let mut at = from;
        while let Some(byte) = bytes.get(at) {
            if depth == 0 && self.starts_with(at, close) {
                return Some(at);
            }
            match byte {
                b'(' | b'[' | b'{' => depth += 1,
                b')' | b']' | b'}' => depth = depth.saturating_sub(1),
                b'"' | b'\'' | b'`' => {
                    let mut inside = at + 1;
                    while let Some(each) = bytes.get(inside).filter(|each| *each != byte) {
                        inside += if *each == b'\\' { 2 } else { 1 };
                    }
                    if inside >= bytes.len() {
                        break;
                    }
                    at = inside;
                }
                _ => {}
            }
            at += 1;
        }
        self.find(from, close)
    }

    /// Returns the inside of a tag without its `-` and `+`, and what they ask for.
    fn marks(&self, mut inner: Range<usize>, opening: Opening) -> (Range<usize>, Trim, Trim) {
        let statement = opening != Opening::Expression;
        let mut left = if statement && self.options.lstrip_blocks {
            Trim::Line
        } else {
            Trim::Nothing
        };
        let mut right = if statement && self.options.trim_blocks {
            Trim::Newline
        } else {
            Trim::Nothing
        };
        let bytes = self.text.as_bytes();
        match bytes.get(inner.start).filter(|_| !inner.is_empty()) {
            Some(b'-') => left = Trim::All,
            Some(b'+') if statement => left = Trim::Nothing,
            _ => inner.start = inner.start.wrapping_sub(1),
        }
        inner.start = inner.start.wrapping_add(1);
        if !inner.is_empty() {
            match bytes.get(inner.end - 1) {
                Some(b'-') => right = Trim::All,
                Some(b'+') if statement => right = Trim::Nothing,
                _ => inner.end += 1,
            }
            inner.end -= 1;
        }
        (inner, left, right)
    }

    fn raw(&mut self, source: &Source, start: usize) -> Result<(), Diagnostic> {
        let (open, close) = self.delimiters.block.clone();
        let body = self.at;
        let mut from = body;
        while let Some(tag) = self.find(from, &open) {
            let inside = tag + open.len();
            from = inside;
            let Some(end) = self.find(inside, &close) else {
                break;
            };
            let (inner, left, right) = self.marks(inside..end, Opening::Block);
            if self.slice(&inner).trim() == "endraw" {
                self.text_piece(body..tag, left);
                self.at = end + close.len();
                self.pending = right;
                return Ok(());
            }
        }
        Err(Diagnostic::error("`raw` is never closed")
            .at(source, start..body)
            .hint(format!("close it with `{open} endraw {close}`")))
    }

    /// Adds text, trimmed by the tag before it and by the one behind it.
    fn text_piece(&mut self, mut range: Range<usize>, behind: Trim) {
        let pending = std::mem::replace(&mut self.pending, Trim::Nothing);
        let text = self.slice(&range);
        match pending {
            Trim::All => range.start += text.len() - text.trim_start().len(),
            Trim::Newline if text.starts_with("\r\n") => range.start += 2,
            Trim::Newline if text.starts_with('\n') => range.start += 1,
            _ => {}
        }
        let text = self.slice(&range);
        match behind {
            Trim::All => range.end -= text.len() - text.trim_end().len(),
            Trim::Line => {
                let kept = text.trim_end_matches([' ', '\t']).len();
                let at_line_start = self
                    .text
                    .get(..range.start + kept)
                    .is_some_and(|before| before.is_empty() || before.ends_with('\n'));
                if at_line_start {
                    range.end = range.start + kept;
                }
            }
            _ => {}
        }
        if !range.is_empty() {
            self.pieces.push(Piece::Text(range));
        }
    }

    fn find(&self, from: usize, what: &str) -> Option<usize> {
        let rest = self.text.get(from..)?;
        rest.find(what).map(|at| from + at)
    }

    fn starts_with(&self, at: usize, what: &str) -> bool {
        let bytes = self.text.as_bytes().get(at..).unwrap_or_default();
        bytes.starts_with(what.as_bytes())
    }

    fn slice(&self, range: &Range<usize>) -> &str {
        self.text.get(range.clone()).unwrap_or_default()
    }
}

fn unclosed(source: &Source, start: usize, open: &str, close: &str) -> Diagnostic {
    Diagnostic::error(format!("`{open}` is never closed"))
        .at(source, start..start + open.len())
        .hint(format!("close it with `{close}`, or change the delimiters"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(text: &str, options: &Options) -> String {
        let source = Source::new("x", text);
        let pieces = scan(&source, options, None).unwrap();
        let parts: Vec<String> = pieces
            .iter()
            .map(|piece| match piece {
                Piece::Text(range) => format!("T{:?}", source.slice(range)),
                Piece::Expression(code) => format!("E({})", source.slice(&code.inner).trim()),
                Piece::Statement(code) => format!("S({})", source.slice(&code.inner).trim()),
            })
            .collect();
        parts.join(" ")
    }

    #[test]
    fn a_template_is_cut_as_tera_cuts_it() {
        let plain = Options::default();
        for (text, expected) in [
            ("a {{ x }} b", r#"T"a " E(x) T" b""#),
            ("a {{- x -}} b", r#"T"a" E(x) T"b""#),
            ("a {# c #} b", r#"T"a " T" b""#),
            ("a {#- c -#} b", r#"T"a" T"b""#),
            ("{{ {\"a\":{\"b\":1}} }}", r#"E({"a":{"b":1}})"#),
            ("{{ \"}}\" }}", r#"E("}}")"#),
            ("{% raw %} {{ x }} {% endraw %}", r#"T" {{ x }} ""#),
            (
                "a {%- raw -%} {{ x }} {%- endraw -%} b",
                r#"T"a" T"{{ x }}" T"b""#,
            ),
            ("{{ it's }}", "E(it's)"),
            ("{{ a( }}", "E(a()"),
            ("{{ a[b[0]] }}", "E(a[b[0]])"),
        ] {
            assert_eq!(show(text, &plain), expected, "{text}");
        }
    }

    #[test]
    fn blocks_are_trimmed_as_jinja_trims_them() {
        let options = Options {
            trim_blocks: true,
            lstrip_blocks: true,
            ..Options::default()
        };
        let text = "a:\n  {% if x %}\n  b {{ y }}\n  {% endif %}\r\nc {% if x %}";
        let expected = r#"T"a:\n" S(if x) T"  b " E(y) T"\n" S(endif) T"c " S(if x)"#;
        assert_eq!(show(text, &options), expected);
        assert_eq!(show("  {%+ if x +%}\n", &options), r#"T"  " S(if x) T"\n""#);
    }

    #[test]
    fn brackets_of_others_pass_through() {
        let options = Options {
            passthrough: vec![("${{".into(), "}}".into())],
            ..Options::default()
        };
        let expected = r#"T"run: " T"${{ github.ref }}" T" " E(x)"#;
        assert_eq!(show("run: ${{ github.ref }} {{ x }}", &options), expected);
        let options = Options {
            delimiters: Some(Delimiters::parse("<<< >>>").unwrap()),
            ..Options::default()
        };
        assert_eq!(show("{{ a }} <<< b >>>", &options), r#"T"{{ a }} " E(b)"#);
    }

    #[test]
    fn what_is_never_closed_is_an_error_at_its_start() {
        for text in ["a {{ x", "{% if", "{# c", "{% raw %} x"] {
            let source = Source::new("x", text);
            assert!(scan(&source, &Options::default(), None).is_err(), "{text}");
        }
    }
}
