//! Splits template text into tokens, by the same states and with the same line counts as Go's scanner.

use crate::quote::quote;
use crate::{unicode, utf8};

/// What a token is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    Error,
    Bool,
    Char,
    CharConstant,
    Comment,
    Complex,
    Assign,
    Declare,
    Eof,
    Field,
    Identifier,
    LeftDelim,
    LeftParen,
    Number,
    Pipe,
    RawString,
    RightDelim,
    RightParen,
    Space,
    String,
    Text,
    Variable,
    Block,
    Break,
    Continue,
    Dot,
    Define,
    Else,
    End,
    If,
    Nil,
    Range,
    Template,
    With,
}

impl Kind {
    fn is_keyword(self) -> bool {
        matches!(
            self,
            Self::Block
                | Self::Break
                | Self::Continue
                | Self::Dot
                | Self::Define
                | Self::Else
                | Self::End
                | Self::If
                | Self::Nil
                | Self::Range
                | Self::Template
                | Self::With
        )
    }

    fn of_word(word: &[u8]) -> Option<Self> {
        Some(match word {
            b"block" => Self::Block,
            b"break" => Self::Break,
            b"continue" => Self::Continue,
            b"define" => Self::Define,
            b"else" => Self::Else,
            b"end" => Self::End,
            b"if" => Self::If,
            b"nil" => Self::Nil,
            b"range" => Self::Range,
            b"template" => Self::Template,
            b"with" => Self::With,
            b"true" | b"false" => Self::Bool,
            _ => return None,
        })
    }
}

/// A token: a kind, the bytes it covers, and the line it starts on.
#[derive(Clone, Debug)]
pub(crate) struct Token {
    pub(crate) kind: Kind,
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) line: usize,
    /// The message of an error token.
    pub(crate) message: String,
}

impl Token {
    pub(crate) fn text<'a>(&self, input: &'a [u8]) -> &'a [u8] {
        input.get(self.start..self.end).unwrap_or_default()
    }

    /// The token as messages show it.
    pub(crate) fn describe(&self, input: &[u8]) -> String {
        let text = self.text(input);
        match self.kind {
            Kind::Eof => "EOF".to_owned(),
            Kind::Error => self.message.clone(),
            kind if kind.is_keyword() => format!("<{}>", String::from_utf8_lossy(text)),
            _ if text.len() > 10 => {
                let end = utf8::runes(text)
                    .nth(10)
                    .map_or(text.len(), |(at, _, _)| at);
                format!("{}...", quote(text.get(..end).unwrap_or_default()))
            }
            _ => quote(text),
        }
    }
}

/// The scanner.
pub(crate) struct Lexer<'a> {
    input: &'a [u8],
    left: &'a [u8],
    right: &'a [u8],
    pos: usize,
    start: usize,
    at_eof: bool,
    parens: i32,
    line: usize,
    start_line: usize,
    inside: bool,
    failed: bool,
    /// Whether `break` and `continue` are keywords; they are not where functions have these names.
    pub(crate) break_ok: bool,
    pub(crate) continue_ok: bool,
}

/// What a state leads to.
enum Step {
    Token(Token),
    LeftDelim,
}

const TRIM_WIDTH: usize = 2;

impl<'a> Lexer<'a> {
    pub(crate) fn new(input: &'a [u8], left: &'a [u8], right: &'a [u8]) -> Self {
        Self {
            input,
            left: if left.is_empty() { b"{{" } else { left },
            right: if right.is_empty() { b"}}" } else { right },
            pos: 0,
            start: 0,
            at_eof: false,
            parens: 0,
            line: 1,
            start_line: 1,
            inside: false,
            failed: false,
            break_ok: true,
            continue_ok: true,
        }
    }

    /// The next token. After an error the input counts as empty.
    pub(crate) fn next_token(&mut self) -> Token {
        if self.failed {
            // Go empties the input after an error; further tokens are those of an empty input.
            let kind = if self.inside { Kind::Error } else { Kind::Eof };
            let message = "unclosed action".to_owned();
            return Token {
                kind,
                start: 0,
                end: 0,
                line: self.start_line,
                message,
            };
        }
        let mut step = if self.inside {
            Step::Token(self.inside_action())
        } else {
            self.text()
        };
        loop {
            step = match step {
                Step::Token(token) => return token,
                Step::LeftDelim => self.left_delim(),
            };
        }
    }

    fn rest(&self) -> &'a [u8] {
        self.input.get(self.pos..).unwrap_or_default()
    }

    fn next(&mut self) -> Option<char> {
        let (c, width) = utf8::decode(self.rest());
        if width == 0 {
            self.at_eof = true;
            return None;
        }
        self.pos += width;
        if c == '\n' {
            self.line += 1;
        }
        Some(c)
    }

    fn backup(&mut self) {
        if !self.at_eof && self.pos > 0 {
            let (c, width) = utf8::decode_last(self.input.get(..self.pos).unwrap_or_default());
            self.pos -= width;
            if c == '\n' {
                self.line -= 1;
            }
        }
    }

    fn peek(&self) -> Option<char> {
        let (c, width) = utf8::decode(self.rest());
        (width > 0).then_some(c)
    }

    fn newlines(&self) -> usize {
        let skipped = self.input.get(self.start..self.pos).unwrap_or_default();
        skipped.split(|&b| b == b'\n').count() - 1
    }

    fn take(&mut self, kind: Kind) -> Token {
        let token = Token {
            kind,
            start: self.start,
            end: self.pos,
            line: self.start_line,
            message: String::new(),
        };
        self.start = self.pos;
        self.start_line = self.line;
        token
    }

    fn emit(&mut self, kind: Kind) -> Step {
        Step::Token(self.take(kind))
    }

    fn ignore(&mut self) {
        self.line += self.newlines();
        self.start = self.pos;
        self.start_line = self.line;
    }

    fn fail(&mut self, message: impl Into<String>) -> Token {
        self.failed = true;
        let end = self.pos.max(self.start);
        Token {
            kind: Kind::Error,
            start: self.start,
            end,
            line: self.start_line,
            message: message.into(),
        }
    }

    fn accept(&mut self, valid: &str) -> bool {
        let ok = self.peek().is_some_and(|c| valid.contains(c));
        if ok {
            self.next();
        }
        ok
    }

    fn accept_run(&mut self, valid: &str) {
        while self.accept(valid) {}
    }

    fn text(&mut self) -> Step {
        if let Some(offset) = find(self.rest(), self.left) {
            if offset > 0 {
                self.pos += offset;
                let after = self
                    .input
                    .get(self.pos + self.left.len()..)
                    .unwrap_or_default();
                let mut trimmed = 0;
                if has_left_trim(after) {
                    let text = self.input.get(self.start..self.pos).unwrap_or_default();
                    trimmed = text.iter().rev().take_while(|&&b| is_space_byte(b)).count();
                }
                self.pos -= trimmed;
                self.line += self.newlines();
                let token = self.take(Kind::Text);
                self.pos += trimmed;
                self.ignore();
                if token.start < token.end {
                    return Step::Token(token);
                }
            }
            return Step::LeftDelim;
        }
        self.pos = self.input.len();
        if self.pos > self.start {
            self.line += self.newlines();
            return self.emit(Kind::Text);
        }
        self.emit(Kind::Eof)
    }

    /// Whether a right delimiter is next, and whether it trims what follows.
    fn at_right_delim(&self) -> (bool, bool) {
        let rest = self.rest();
        if has_right_trim(rest)
            && rest
                .get(TRIM_WIDTH..)
                .unwrap_or_default()
                .starts_with(self.right)
        {
            return (true, true);
        }
        (rest.starts_with(self.right), false)
    }

    fn left_delim(&mut self) -> Step {
        self.pos += self.left.len();
        let after = if has_left_trim(self.rest()) {
            TRIM_WIDTH
        } else {
            0
        };
        if self
            .rest()
            .get(after..)
            .unwrap_or_default()
            .starts_with(b"/*")
        {
            self.pos += after;
            self.ignore();
            return self.comment();
        }
        let token = self.take(Kind::LeftDelim);
        self.inside = true;
        self.pos += after;
        self.ignore();
        self.parens = 0;
        Step::Token(token)
    }

    fn comment(&mut self) -> Step {
        self.pos += 2;
        let Some(offset) = find(self.rest(), b"*/") else {
            return Step::Token(self.fail("unclosed comment"));
        };
        self.pos += offset + 2;
        let (delim, trim) = self.at_right_delim();
        if !delim {
            return Step::Token(self.fail("comment ends before closing delimiter"));
        }
        self.line += self.newlines();
        let token = self.take(Kind::Comment);
        if trim {
            self.pos += TRIM_WIDTH;
        }
        self.pos += self.right.len();
        if trim {
            self.skip_spaces();
        }
        self.ignore();
        Step::Token(token)
    }

    fn skip_spaces(&mut self) {
        self.pos += self
            .rest()
            .iter()
            .take_while(|&&b| is_space_byte(b))
            .count();
    }

    fn right_delim(&mut self) -> Token {
        let (_, trim) = self.at_right_delim();
        if trim {
            self.pos += TRIM_WIDTH;
            self.ignore();
        }
        self.pos += self.right.len();
        let token = self.take(Kind::RightDelim);
        if trim {
            self.skip_spaces();
            self.ignore();
        }
        self.inside = false;
        token
    }

    fn inside_action(&mut self) -> Token {
        let (delim, _) = self.at_right_delim();
        if delim {
            if self.parens == 0 {
                return self.right_delim();
            }
            return self.fail("unclosed left paren");
        }
        let Some(c) = self.next() else {
            return self.fail("unclosed action");
        };
        match c {
            ' ' | '\t' | '\r' | '\n' => {
                self.backup();
                self.space()
            }
            '=' => self.take(Kind::Assign),
            ':' => {
                if self.next() == Some('=') {
                    self.take(Kind::Declare)
                } else {
                    self.fail("expected :=")
                }
            }
            '|' => self.take(Kind::Pipe),
            '"' => self.quoted('"', "unterminated quoted string", Kind::String),
            '`' => self.raw_quoted(),
            '$' => self.field_or_variable(Kind::Variable),
            '\'' => self.quoted('\'', "unterminated character constant", Kind::CharConstant),
            '.' => {
                if self.rest().first().is_some_and(|b| !b.is_ascii_digit()) {
                    return self.field_or_variable(Kind::Field);
                }
                self.backup();
                self.number()
            }
            '+' | '-' | '0'..='9' => {
                self.backup();
                self.number()
            }
            c if is_alphanumeric(c) => {
                self.backup();
                self.identifier()
            }
            '(' => {
                self.parens += 1;
                self.take(Kind::LeftParen)
            }
            ')' => {
                self.parens -= 1;
                if self.parens < 0 {
                    self.fail("unexpected right paren")
                } else {
                    self.take(Kind::RightParen)
                }
            }
            ' '..='~' => self.take(Kind::Char),
            c => self.fail(format!(
                "unrecognized character in action: {}",
                describe_char(Some(c))
            )),
        }
    }

    fn space(&mut self) -> Token {
        let mut count = 0;
        while self.peek().is_some_and(is_space) {
            self.next();
            count += 1;
        }
        let last = self
            .input
            .get(self.pos.saturating_sub(1)..)
            .unwrap_or_default();
        if has_right_trim(last)
            && last
                .get(TRIM_WIDTH..)
                .unwrap_or_default()
                .starts_with(self.right)
        {
            self.backup();
            if count == 1 {
                return self.right_delim();
            }
        }
        self.take(Kind::Space)
    }

    fn identifier(&mut self) -> Token {
        while self.peek().is_some_and(is_alphanumeric) {
            self.next();
        }
        if !self.at_terminator() {
            return self.bad_character();
        }
        let word = self.input.get(self.start..self.pos).unwrap_or_default();
        match Kind::of_word(word) {
            Some(Kind::Break) if !self.break_ok => self.take(Kind::Identifier),
            Some(Kind::Continue) if !self.continue_ok => self.take(Kind::Identifier),
            Some(kind) => self.take(kind),
            None => self.take(Kind::Identifier),
        }
    }

    fn field_or_variable(&mut self, kind: Kind) -> Token {
        if self.at_terminator() {
            return self.take(if kind == Kind::Variable {
                kind
            } else {
                Kind::Dot
            });
        }
        while self.peek().is_some_and(is_alphanumeric) {
            self.next();
        }
        if !self.at_terminator() {
            return self.bad_character();
        }
        self.take(kind)
    }

    fn bad_character(&mut self) -> Token {
        let c = self.peek();
        self.fail(format!("bad character {}", describe_char(c)))
    }

    fn at_terminator(&self) -> bool {
        match self.peek() {
            None | Some(' ' | '\t' | '\r' | '\n' | '.' | ',' | '|' | ':' | ')' | '(') => true,
            Some(_) => self.rest().starts_with(self.right),
        }
    }

    fn quoted(&mut self, end: char, unterminated: &str, kind: Kind) -> Token {
        loop {
            match self.next() {
                Some('\\') => {
                    if matches!(self.next(), None | Some('\n')) {
                        return self.fail(unterminated);
                    }
                }
                None | Some('\n') => return self.fail(unterminated),
                Some(c) if c == end => return self.take(kind),
                Some(_) => {}
            }
        }
    }

    fn raw_quoted(&mut self) -> Token {
        loop {
            match self.next() {
                None => return self.fail("unterminated raw quoted string"),
                Some('`') => return self.take(Kind::RawString),
                Some(_) => {}
            }
        }
    }

    fn number(&mut self) -> Token {
        if !self.scan_number() {
            return self.bad_number();
        }
        if matches!(self.peek(), Some('+' | '-')) {
            let ok = self.scan_number() && self.input.get(self.pos.wrapping_sub(1)) == Some(&b'i');
            return if ok {
                self.take(Kind::Complex)
            } else {
                self.bad_number()
            };
        }
        self.take(Kind::Number)
    }

    fn bad_number(&mut self) -> Token {
        let text = self.input.get(self.start..self.pos).unwrap_or_default();
        let message = format!("bad number syntax: {}", quote(text));
        self.fail(message)
    }

    fn scan_number(&mut self) -> bool {
        const DECIMAL: &str = "0123456789_";
        const HEX: &str = "0123456789abcdefABCDEF_";
        self.accept("+-");
        let mut digits = DECIMAL;
        if self.accept("0") {
            if self.accept("xX") {
                digits = HEX;
            } else if self.accept("oO") {
                digits = "01234567_";
            } else if self.accept("bB") {
                digits = "01_";
            }
        }
        self.accept_run(digits);
        if self.accept(".") {
            self.accept_run(digits);
        }
        let exponent = if digits == DECIMAL {
            "eE"
        } else if digits == HEX {
            "pP"
        } else {
            ""
        };
        if self.accept(exponent) {
            self.accept("+-");
            self.accept_run(DECIMAL);
        }
        self.accept("i");
        if self.peek().is_some_and(is_alphanumeric) {
            self.next();
            return false;
        }
        true
    }
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    let first = *needle.first()?;
    let mut from = 0;
    loop {
        let offset = haystack.get(from..)?.iter().position(|&b| b == first)?;
        let at = from + offset;
        if haystack.get(at..)?.starts_with(needle) {
            return Some(at);
        }
        from = at + 1;
    }
}

fn describe_char(c: Option<char>) -> String {
    // Go's end of input is rune -1.
    let Some(c) = c else {
        return "U+FFFFFFFFFFFFFFFF".to_owned();
    };
    if unicode::is_print(c) {
        format!("U+{:04X} '{c}'", u32::from(c))
    } else {
        format!("U+{:04X}", u32::from(c))
    }
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}

fn is_space_byte(b: u8) -> bool {
    matches!(b, b' ' | b'\t' | b'\r' | b'\n')
}

/// A letter, a digit or an underscore.
pub(crate) fn is_alphanumeric(c: char) -> bool {
    c == '_' || unicode::is_letter(c) || unicode::is_digit(c)
}

fn has_left_trim(text: &[u8]) -> bool {
    matches!(text, [b'-', space, ..] if is_space_byte(*space))
}

fn has_right_trim(text: &[u8]) -> bool {
    matches!(text, [space, b'-', ..] if is_space_byte(*space))
}
