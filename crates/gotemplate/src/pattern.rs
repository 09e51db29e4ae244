//! Go's regular expression syntax, put into the words of the `regex` crate.
//!
//! Both are of RE2's family; they differ in classes (`\d`, `\w`, `\s` and `\b` are ASCII in Go), in some
//! escapes, and in what is an error.

use regex::bytes::{Captures, Regex, RegexBuilder};
use std::fmt::Write as _;

/// Go's bound on counted repetition.
const MAX_REPEAT: u32 = 1000;
/// The classes of `[[:name:]]`.
const CLASSES: [&str; 14] = [
    "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct",
    "space", "upper", "word", "xdigit",
];
/// How deep groups may nest.
const MAX_DEPTH: usize = 1000;

/// Compiles a Go pattern.
pub(crate) fn compile(source: &str) -> Result<Regex, String> {
    let translated = Translator {
        source,
        rest: source,
        out: String::new(),
        depth: 0,
        repetition: "",
    }
    .run()?;
    RegexBuilder::new(&translated)
        .size_limit(10 << 20)
        .nest_limit(MAX_DEPTH as u32 * 4)
        .build()
        .map_err(|_| format!("error parsing regexp: invalid or too large: `{source}`"))
}

struct Translator<'s> {
    source: &'s str,
    rest: &'s str,
    out: String,
    depth: usize,
    /// Where the last repetition operator stands.
    repetition: &'s str,
}

/// What was read last, for repetition operators.
#[derive(Clone, Copy, PartialEq)]
enum Last {
    /// Nothing that could be repeated.
    Nothing,
    Item,
    Repeat,
}

impl<'s> Translator<'s> {
    fn fail<T>(what: &str, part: &str) -> Result<T, String> {
        Err(format!("error parsing regexp: {what}: `{part}`"))
    }

    fn next(&mut self) -> Option<char> {
        let c = self.rest.chars().next()?;
        self.rest = self.rest.get(c.len_utf8()..).unwrap_or_default();
        Some(c)
    }

    fn run(mut self) -> Result<String, String> {
        let mut last = Last::Nothing;
        loop {
            let here = self.rest;
            let Some(c) = self.next() else { break };
            last = match c {
                '\\' => {
                    self.escape(false)?;
                    Last::Item
                }
                '[' => {
                    self.class(here)?;
                    Last::Item
                }
                '(' => {
                    self.depth += 1;
                    if self.depth > MAX_DEPTH {
                        return Self::fail("expression nests too deeply", self.source);
                    }
                    if self.group(here)? {
                        Last::Nothing
                    } else {
                        Last::Item
                    }
                }
                ')' => {
                    if self.depth == 0 {
                        return Self::fail("unexpected )", self.source);
                    }
                    self.depth -= 1;
                    self.out.push(')');
                    Last::Item
                }
                '|' => {
                    self.out.push('|');
                    Last::Nothing
                }
                '*' | '+' | '?' => self.repeat(here, last, &c.to_string())?,
                '{' => {
                    if let Some(text) = counted(here) {
                        self.rest = here.get(text.len()..).unwrap_or_default();
                        Self::check_count(text)?;
                        self.repeat(here, last, text)?
                    } else {
                        self.out.push_str("\\{");
                        Last::Item
                    }
                }
                '}' | ']' => {
                    self.out.push('\\');
                    self.out.push(c);
                    Last::Item
                }
                c => {
                    self.out.push(c);
                    Last::Item
                }
            };
        }
        if self.depth > 0 {
            return Self::fail("missing closing )", self.source);
        }
        Ok(self.out)
    }

    fn repeat(&mut self, here: &'s str, last: Last, operator: &str) -> Result<Last, String> {
        let lazy = self.rest.starts_with('?');
        let end = self.repetition.len().saturating_sub(self.rest.len()) + usize::from(lazy);
        let shown = self.repetition.get(..end).unwrap_or_default();
        match last {
            Last::Nothing => {
                return Self::fail("missing argument to repetition operator", operator);
            }
            Last::Repeat => return Self::fail("invalid nested repetition operator", shown),
            Last::Item => {}
        }
        self.repetition = here;
        self.out.push_str(operator);
        if lazy {
            self.next();
            self.out.push('?');
        }
        Ok(Last::Repeat)
    }

    fn check_count(text: &str) -> Result<(), String> {
        let inside = text.trim_matches(['{', '}']);
        let (low, high) = inside.split_once(',').unwrap_or((inside, inside));
        let number = |text: &str| text.parse::<u32>().unwrap_or(u32::MAX);
        let (low, high) = (number(low), if high.is_empty() { 0 } else { number(high) });
        if low > MAX_REPEAT || high > MAX_REPEAT || high != 0 && low > high {
            return Self::fail("invalid repeat count", text);
        }
        Ok(())
    }

    /// What follows an opening parenthesis; true if something can be expected in it.
    fn group(&mut self, here: &str) -> Result<bool, String> {
        let Some(flags) = self.rest.strip_prefix('?') else {
            self.out.push('(');
            return Ok(true);
        };
        for prefix in ["P<", "<"] {
            let Some(name) = flags.strip_prefix(prefix) else {
                continue;
            };
            let Some(end) = name.find('>') else {
                return Self::fail("invalid named capture", here);
            };
            let (name, rest) = name.split_at(end);
            let valid =
                !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
            if !valid {
                let shown = here.get(..here.len() - rest.len() + 1).unwrap_or(here);
                return Self::fail("invalid named capture", shown);
            }
            // Go lets names begin with a digit; positions find the group as well.
            let name = if name.starts_with(|c: char| c.is_ascii_digit()) {
                format!("_{name}")
            } else {
                name.to_owned()
            };
            let _ = write!(self.out, "(?P<{name}>");
            self.rest = rest.get(1..).unwrap_or_default();
            return Ok(true);
        }
        let end = flags.find([':', ')']).unwrap_or(flags.len());
        let (letters, rest) = flags.split_at(end);
        let valid = letters
            .chars()
            .all(|c| matches!(c, 'i' | 'm' | 's' | 'U' | '-'))
            && letters.matches('-').count() <= 1
            && !letters.ends_with('-');
        if !valid || rest.is_empty() || letters.is_empty() && !rest.starts_with(':') {
            let length = 2 + letters.len().min(
                letters
                    .find(|c| !matches!(c, 'i' | 'm' | 's' | 'U' | '-'))
                    .map_or(0, |at| at + 1),
            );
            return Self::fail(
                "invalid or unsupported Perl syntax",
                here.get(..length).unwrap_or(here),
            );
        }
        let closes = rest.starts_with(')');
        self.out.push_str("(?");
        self.out.push_str(letters);
        self.out.push_str(if closes { ")" } else { ":" });
        self.rest = rest.get(1..).unwrap_or_default();
        if closes {
            self.depth -= 1;
        }
        Ok(true)
    }

    /// What follows a backslash, in or out of a class.
    fn escape(&mut self, in_class: bool) -> Result<(), String> {
        let here = self.rest;
        let Some(c) = self.next() else {
            return Self::fail("trailing backslash at end of expression", "");
        };
        let invalid = |translator: &Self| {
            let end = here.len() - translator.rest.len();
            Self::fail(
                "invalid escape sequence",
                &format!("\\{}", here.get(..end).unwrap_or_default()),
            )
        };
        match c {
            'd' => self.out.push_str("[0-9]"),
            'D' => self.out.push_str("[^0-9]"),
            's' => self.out.push_str("[\\t\\n\\f\\r ]"),
            'S' => self.out.push_str("[^\\t\\n\\f\\r ]"),
            'w' => self.out.push_str("[0-9A-Za-z_]"),
            'W' => self.out.push_str("[^0-9A-Za-z_]"),
            'b' if !in_class => self.out.push_str("(?-u:\\b)"),
            'B' if !in_class => self.out.push_str("(?-u:\\B)"),
            'A' | 'z' if !in_class => {
                self.out.push('\\');
                self.out.push(c);
            }
            'Q' if !in_class => {
                let (literal, rest) = self.rest.split_once("\\E").unwrap_or((self.rest, ""));
                self.out.push_str("(?:");
                literal.chars().for_each(|c| self.literal(c));
                self.out.push(')');
                self.rest = rest;
            }
            'a' => self.literal('\u{7}'),
            'f' => self.literal('\u{c}'),
            'n' => self.literal('\n'),
            'r' => self.literal('\r'),
            't' => self.literal('\t'),
            'v' => self.literal('\u{b}'),
            'x' => match self.hexadecimal() {
                Some(c) => self.literal(c),
                None => return invalid(self),
            },
            '0'..='7' => match self.octal(here) {
                Some(c) => self.literal(c),
                None => return invalid(self),
            },
            'p' | 'P' => self.unicode_class(c, here)?,
            c if c.is_ascii() && !c.is_ascii_alphanumeric() => self.literal(c),
            _ => return invalid(self),
        }
        Ok(())
    }

    /// `\xFF` or `\x{10FFFF}`, its `\x` already read.
    fn hexadecimal(&mut self) -> Option<char> {
        let (digits, rest) = match self.rest.strip_prefix('{') {
            Some(braced) => braced.split_once('}')?,
            None => self.rest.split_at_checked(2)?,
        };
        self.rest = rest;
        let code = u32::from_str_radix(digits, 16).ok();
        code.filter(|_| !digits.starts_with('+'))
            .and_then(char::from_u32)
    }

    /// `\12`, its first digit already read; `\1` alone would be a reference, which there is not.
    fn octal(&mut self, here: &'s str) -> Option<char> {
        let more = self
            .rest
            .chars()
            .take(2)
            .take_while(|c| matches!(c, '0'..='7'))
            .count();
        if more == 0 && !here.starts_with('0') {
            return None;
        }
        let (digits, rest) = here.split_at_checked(1 + more)?;
        self.rest = rest;
        u32::from_str_radix(digits, 8).ok().and_then(char::from_u32)
    }

    /// `\pL` or `\p{Greek}`, its `\p` already read.
    fn unicode_class(&mut self, letter: char, here: &str) -> Result<(), String> {
        let name = if let Some(braced) = self.rest.strip_prefix('{') {
            let Some((name, rest)) = braced.split_once('}') else {
                return Self::fail("invalid character class range", &format!("\\{here}"));
            };
            self.rest = rest;
            name.to_owned()
        } else {
            self.next().map(String::from).unwrap_or_default()
        };
        let (negated, name) = match name.strip_prefix('^') {
            Some(rest) => (letter == 'p', rest),
            None => (letter == 'P', &*name),
        };
        let class = format!("\\{}{{{name}}}", if negated { 'P' } else { 'p' });
        // Go knows categories and scripts by their exact names only.
        let shaped = name.starts_with(|c: char| c.is_ascii_uppercase())
            && name.chars().all(|c| c.is_ascii_alphabetic() || c == '_');
        if !shaped || Regex::new(&class).is_err() {
            let end = here.len() - self.rest.len();
            let shown = format!("\\{}", here.get(..end).unwrap_or_default());
            return Self::fail("invalid character class range", &shown);
        }
        self.out.push_str(&class);
        Ok(())
    }

    fn literal(&mut self, c: char) {
        if c.is_ascii_alphanumeric() || !c.is_ascii() {
            self.out.push(c);
        } else {
            let _ = write!(self.out, "\\x{{{:X}}}", u32::from(c));
        }
    }

    /// A bracket expression, its `[` already read.
    fn class(&mut self, here: &'s str) -> Result<(), String> {
        self.out.push('[');
        if let Some(rest) = self.rest.strip_prefix('^') {
            self.rest = rest;
            self.out.push('^');
        }
        let mut first = true;
        loop {
            let at = self.rest;
            let Some(c) = self.rest.chars().next() else {
                return Self::fail("missing closing ]", here);
            };
            if c == ']' && !first {
                self.next();
                self.out.push(']');
                return Ok(());
            }
            // A `-` is literal at the ends only.
            if c == '-' && !first && !self.rest.starts_with("-]") {
                return Self::fail(
                    "invalid character class range",
                    at.get(..2.min(at.len())).unwrap_or(at),
                );
            }
            first = false;
            if at.starts_with("[:")
                && let Some(end) = at.find(":]")
            {
                let name = at.get(..end + 2).unwrap_or_default();
                let bare = name.trim_matches(['[', ']', ':']).trim_start_matches('^');
                if !CLASSES.contains(&bare) {
                    return Self::fail("invalid character class range", name);
                }
                self.out.push_str(name);
                self.rest = at.get(end + 2..).unwrap_or_default();
                continue;
            }
            if matches!(
                at.as_bytes(),
                [
                    b'\\',
                    b'd' | b'D' | b's' | b'S' | b'w' | b'W' | b'p' | b'P',
                    ..
                ]
            ) {
                self.next();
                self.escape(true)?;
                continue;
            }
            let low = self.class_char(here)?;
            let range =
                self.rest.starts_with('-') && !self.rest.starts_with("-]") && self.rest.len() > 1;
            self.literal(low);
            if range {
                self.next();
                let high = self.class_char(here)?;
                if high < low {
                    let end = at.len() - self.rest.len();
                    return Self::fail(
                        "invalid character class range",
                        at.get(..end).unwrap_or_default(),
                    );
                }
                self.out.push('-');
                self.literal(high);
            }
        }
    }

    /// One character of a class.
    fn class_char(&mut self, here: &str) -> Result<char, String> {
        let Some(c) = self.next() else {
            return Self::fail("missing closing ]", here);
        };
        if c != '\\' {
            return Ok(c);
        }
        // The escape writes its character out; read it back from there.
        let mark = self.out.len();
        self.escape(true)?;
        let written = self.out.split_off(mark);
        let code = written
            .strip_prefix("\\x{")
            .and_then(|tail| tail.strip_suffix('}'));
        let c = match code {
            Some(code) => u32::from_str_radix(code, 16).ok().and_then(char::from_u32),
            None => written
                .chars()
                .next()
                .filter(|_| written.chars().count() == 1),
        };
        match c {
            Some(c) => Ok(c),
            None => Self::fail("invalid character class range", &written),
        }
    }
}

/// `{n}`, `{n,}` or `{n,m}` at the start; anything else in braces is literal.
fn counted(text: &str) -> Option<&str> {
    let end = text.find('}')?;
    let inside = text.get(1..end)?;
    let (low, high) = inside.split_once(',').unwrap_or((inside, ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let zero = |text: &str| text.len() > 1 && text.starts_with('0');
    (!low.is_empty() && digits(low) && digits(high) && !zero(low) && !zero(high))
        .then(|| text.get(..=end))?
}

/// Writes a replacement with its `$1`, `$name` and `${name}` filled in.
pub(crate) fn expand(out: &mut Vec<u8>, template: &[u8], captures: &Captures<'_>) {
    let mut rest = template;
    while let Some(at) = rest.iter().position(|&b| b == b'$') {
        out.extend_from_slice(rest.get(..at).unwrap_or_default());
        rest = rest.get(at + 1..).unwrap_or_default();
        if rest.first() == Some(&b'$') {
            out.push(b'$');
            rest = rest.get(1..).unwrap_or_default();
            continue;
        }
        let braced = rest.first() == Some(&b'{');
        let body = rest.get(usize::from(braced)..).unwrap_or_default();
        let length = crate::utf8::runes(body)
            .find(|&(_, c, _)| {
                !(c == '_' || crate::unicode::is_letter(c) || crate::unicode::is_digit(c))
            })
            .map_or(body.len(), |(at, _, _)| at);
        let closed = !braced || body.get(length) == Some(&b'}');
        if length == 0 || !closed {
            // Not a reference: the dollar sign stands for itself.
            out.push(b'$');
            continue;
        }
        let name = String::from_utf8_lossy(body.get(..length).unwrap_or_default()).into_owned();
        rest = body.get(length + usize::from(braced)..).unwrap_or_default();
        let digits =
            name.bytes().all(|b| b.is_ascii_digit()) && !(name.len() > 1 && name.starts_with('0'));
        let group = match name.parse::<usize>() {
            Ok(index) if digits => captures.get(index),
            _ => captures
                .name(&name)
                .or_else(|| captures.name(&format!("_{name}"))),
        };
        out.extend_from_slice(group.map(|group| group.as_bytes()).unwrap_or_default());
    }
    out.extend_from_slice(rest);
}
