//! The words inside a tag, as far as looking at them needs telling apart.

use std::ops::Range;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A name or keyword.
    Name,
    /// A quoted text, with its quotes.
    Text,
    /// A number.
    Number,
    /// An operator or bracket.
    Sign,
}

/// A word and where it stands in the template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    /// What it is.
    pub(crate) kind: Kind,
    /// Its bytes.
    pub(crate) range: Range<usize>,
}

/// Two-character operators of the Tera 2.4 lexer, and `:=` of Go, which only diagnostics know.
const PAIRS: [&str; 10] = ["//", "**", "==", "!=", ">=", "<=", "</", "?.", "?[", ":="];

/// Returns the tokens in `range` of `text`.
pub(crate) fn tokenize(text: &str, range: Range<usize>) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut at = range.start;
    while let Some(rest) = text.get(at..range.end).filter(|rest| !rest.is_empty()) {
        let (kind, length) = next(rest);
        if let Some(kind) = kind {
            let range = at..at + length;
            tokens.push(Token { kind, range });
        }
        at += length;
    }
    tokens
}

fn next(rest: &str) -> (Option<Kind>, usize) {
    let first = rest.chars().next().unwrap_or(' ');
    let run = |legal: &dyn Fn(char) -> bool| rest.find(|each| !legal(each)).unwrap_or(rest.len());
    if first.is_whitespace() {
        return (None, run(&char::is_whitespace));
    }
    if first.is_alphabetic() || first == '_' {
        let length = run(&|each: char| each.is_alphanumeric() || each == '_');
        return (Some(Kind::Name), length);
    }
    if first.is_ascii_digit() {
        let length = run(&|each: char| each.is_ascii_digit() || each == '.');
        return (Some(Kind::Number), length);
    }
    if matches!(first, '"' | '\'' | '`') {
        return (Some(Kind::Text), quoted(rest, first));
    }
    if rest.starts_with("...") {
        return (Some(Kind::Sign), 3);
    }
    let pair = PAIRS.iter().any(|pair| rest.starts_with(pair));
    (Some(Kind::Sign), if pair { 2 } else { first.len_utf8() })
}

fn quoted(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, each) in rest.char_indices().skip(1) {
        match each {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if each == quote => return at + each.len_utf8(),
            _ => {}
        }
    }
    rest.len()
}

/// Returns the text that a quoted token stands for, as Tera unescapes it.
pub(crate) fn unquote(token: &str) -> String {
    let inner = token
        .get(1..token.len().saturating_sub(1))
        .unwrap_or_default();
    let mut text = String::with_capacity(inner.len());
    let mut characters = inner.chars();
    while let Some(each) = characters.next() {
        match (each, each == '\\') {
            (_, true) => match characters.next() {
                Some('n') => text.push('\n'),
                Some('t') => text.push('\t'),
                Some('r') => text.push('\r'),
                Some(other) => text.push(other),
                None => {}
            },
            (other, false) => text.push(other),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_split_into_words() {
        let text = r#"{{ a.b?.c["x\"y"] | f(n=1.5) == `z` ... }}"#;
        let words: Vec<&str> = tokenize(text, 2..text.len() - 2)
            .iter()
            .map(|token| &text[token.range.clone()])
            .collect();
        let expected = [
            "a",
            ".",
            "b",
            "?.",
            "c",
            "[",
            r#""x\"y""#,
            "]",
            "|",
            "f",
            "(",
            "n",
            "=",
            "1.5",
            ")",
            "==",
            "`z`",
            "...",
        ];
        assert_eq!(words, expected);
        assert_eq!(unquote(r#""x\"y\n""#), "x\"y\n");
    }
}
