//! Upper, lower and mixed case, and the naming conventions built on them.

use super::Table;
use crate::args::bytes;
use crate::func::Type;
use crate::unicode::{
    is_letter, is_lower, is_number, is_space, is_title, is_upper, map, to_lower, to_title, to_upper,
};
use crate::utf8;
use unicode_general_category::{GeneralCategory as Category, get_general_category};

pub(super) fn add(table: &mut Table) {
    const TEXT: &[Type] = &[Type::String];
    table.plain("upper", TEXT, |_, a| Ok(upper(bytes(a, 0)).into()));
    table.plain("lower", TEXT, |_, a| Ok(lower(bytes(a, 0)).into()));
    table.plain("title", TEXT, |_, a| Ok(title(bytes(a, 0)).into()));
    table.plain("untitle", TEXT, |_, a| Ok(untitle(bytes(a, 0)).into()));
    table.plain("swapcase", TEXT, |_, a| Ok(swapcase(bytes(a, 0)).into()));
    table.plain("camelcase", TEXT, |_, a| Ok(pascal(bytes(a, 0)).into()));
    table.plain("snakecase", TEXT, |_, a| {
        Ok(connected(bytes(a, 0), '_').into())
    });
    table.plain("kebabcase", TEXT, |_, a| {
        Ok(connected(bytes(a, 0), '-').into())
    });
}

fn upper(text: &[u8]) -> Vec<u8> {
    if text.is_ascii() {
        return text.to_ascii_uppercase();
    }
    map(text, to_upper)
}

fn lower(text: &[u8]) -> Vec<u8> {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    map(text, to_lower)
}

/// `strings.Title`
fn title(text: &[u8]) -> Vec<u8> {
    let separates = |c: char| {
        if c.is_ascii() {
            !c.is_ascii_alphanumeric() && c != '_'
        } else {
            !is_letter(c) && !crate::unicode::is_digit(c) && is_space(c)
        }
    };
    let mut previous = ' ';
    map(text, |c| {
        let starts = separates(previous);
        previous = c;
        if starts { to_title(c) } else { c }
    })
}

fn untitle(text: &[u8]) -> Vec<u8> {
    let mut start = true;
    map(text, |c| {
        if is_space(c) {
            start = true;
            return c;
        }
        if std::mem::take(&mut start) {
            to_lower(c)
        } else {
            c
        }
    })
}

fn swapcase(text: &[u8]) -> Vec<u8> {
    let mut after_space = true;
    map(text, |c| {
        if is_upper(c) || is_title(c) {
            after_space = false;
            to_lower(c)
        } else if is_lower(c) {
            if std::mem::take(&mut after_space) {
                to_title(c)
            } else {
                to_upper(c)
            }
        } else {
            after_space = is_space(c);
            c
        }
    })
}

fn is_connector(c: char) -> bool {
    c == '-' || c == '_' || is_space(c)
}

/// `xstrings.ToPascalCase`
fn pascal(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut chars = utf8::runes(text).map(|(_, c, _)| c).peekable();
    // Leading connectors stay.
    while let Some(c) = chars.next_if(|&c| is_connector(c)) {
        utf8::push(&mut out, c);
    }
    let Some(first) = chars.next() else {
        // Of connectors only, the last one comes twice.
        if let (c, 1..) = utf8::decode_last(text) {
            utf8::push(&mut out, c);
        }
        return out;
    };
    let mut in_upper = is_upper(first);
    let mut current = to_upper(first);
    for c in chars {
        let previous = std::mem::replace(&mut current, c);
        if is_connector(current) && is_connector(previous) {
            utf8::push(&mut out, previous);
            continue;
        }
        if is_connector(previous) {
            in_upper = is_upper(current);
            current = to_upper(current);
            continue;
        }
        if in_upper {
            if is_upper(current) {
                current = to_lower(current);
            } else {
                in_upper = false;
            }
        }
        utf8::push(&mut out, previous);
    }
    utf8::push(&mut out, current);
    out
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Word {
    Invalid,
    Number,
    Upper,
    Alphabet,
    Connector,
    Punctuation,
    Other,
}

impl Word {
    /// Neither letters nor digits, or nothing at all.
    fn is_gap(self) -> bool {
        matches!(self, Self::Connector | Self::Punctuation)
    }
}

/// `xstrings.ToSnakeCase` and `ToKebabCase`
fn connected(text: &[u8], connector: char) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() + 8);
    let (mut kind, mut word, mut rest) = next_word(text);
    while !rest.is_empty() {
        if kind != Word::Connector {
            write_lower(&mut out, kind, word, connector);
        }
        let (previous, last) = (kind, word);
        (kind, word, rest) = next_word(rest);
        match previous {
            Word::Number => {
                while matches!(kind, Word::Alphabet | Word::Number) {
                    write_lower(&mut out, kind, word, connector);
                    (kind, word, rest) = next_word(rest);
                }
                if kind != Word::Invalid && !kind.is_gap() {
                    utf8::push(&mut out, connector);
                }
            }
            Word::Connector => write_lower(&mut out, previous, last, connector),
            Word::Punctuation => {}
            _ if kind != Word::Number => {
                if !kind.is_gap() {
                    utf8::push(&mut out, connector);
                }
            }
            _ if rest.is_empty() => {}
            _ => {
                let number = word;
                (kind, word, rest) = next_word(rest);
                if kind != Word::Alphabet {
                    write_lower(&mut out, Word::Number, number, connector);
                    if !kind.is_gap() {
                        utf8::push(&mut out, connector);
                    }
                    continue;
                }
                utf8::push(&mut out, connector);
                write_lower(&mut out, Word::Number, number, connector);
                while matches!(kind, Word::Alphabet | Word::Number) {
                    write_lower(&mut out, kind, word, connector);
                    (kind, word, rest) = next_word(rest);
                }
                if kind != Word::Invalid && !kind.is_gap() {
                    utf8::push(&mut out, connector);
                }
            }
        }
    }
    write_lower(&mut out, kind, word, connector);
    out
}

fn write_lower(out: &mut Vec<u8>, kind: Word, word: &[u8], connector: char) {
    if !matches!(kind, Word::Upper | Word::Connector) {
        out.extend_from_slice(word);
        return;
    }
    for (_, c, _) in utf8::runes(word) {
        utf8::push(
            out,
            if is_connector(c) {
                connector
            } else {
                to_lower(c)
            },
        );
    }
}

/// A letter of a script with words; ideographs stand alone.
fn is_alphabet(c: char) -> bool {
    is_letter(c)
        && !matches!(c, '\u{4E00}'..='\u{9FCC}' | '\u{3400}'..='\u{4D85}' | '\u{20000}'..='\u{2B81D}')
}

fn is_punct(c: char) -> bool {
    matches!(
        get_general_category(c),
        Category::ConnectorPunctuation
            | Category::DashPunctuation
            | Category::ClosePunctuation
            | Category::FinalPunctuation
            | Category::InitialPunctuation
            | Category::OtherPunctuation
            | Category::OpenPunctuation
    )
}

/// The next character that is valid, and the bytes up to its end; the previous one again if there is none.
fn next_valid(text: &[u8], previous: char) -> (char, usize) {
    let mut size = 0;
    for (_, c, width) in utf8::runes(text) {
        size += width;
        if c != utf8::BAD {
            return (c, size);
        }
    }
    (previous, size)
}

fn next_word(text: &[u8]) -> (Word, &[u8], &[u8]) {
    if text.is_empty() {
        return (Word::Invalid, text, text);
    }
    let (first, mut end) = next_valid(text, utf8::BAD);
    if first == utf8::BAD {
        let (word, rest) = text.split_at(end.min(text.len()));
        return (Word::Invalid, word, rest);
    }
    let take_while = |mut end: usize, accept: &dyn Fn(char) -> bool| {
        let mut last = first;
        while let Some(rest) = text.get(end..).filter(|rest| !rest.is_empty()) {
            let (c, size) = next_valid(rest, last);
            last = c;
            if !accept(c) {
                break;
            }
            end += size;
        }
        end
    };
    let kind = if is_connector(first) {
        end = take_while(end, &is_connector);
        Word::Connector
    } else if is_punct(first) {
        end = take_while(end, &is_punct);
        Word::Punctuation
    } else if is_upper(first) {
        end = upper_end(text, first, end, &take_while);
        Word::Upper
    } else if is_alphabet(first) {
        end = take_while(end, &|c| is_alphabet(c) && !is_upper(c));
        Word::Alphabet
    } else if is_number(first) {
        end = take_while(end, &is_number);
        Word::Number
    } else {
        end = take_while(end, &|c| {
            !is_connector(c) && !is_alphabet(c) && !is_number(c) && !is_punct(c)
        });
        Word::Other
    };
    let (word, rest) = text.split_at(end.min(text.len()));
    (kind, word, rest)
}

/// Extends an end over the characters that are accepted.
type TakeWhile<'f> = &'f dyn Fn(usize, &dyn Fn(char) -> bool) -> usize;

/// Where a word that begins with an upper-case letter ends: `HTTPStatus` is `HTTP` and `Status`.
fn upper_end(text: &[u8], first: char, end: usize, take_while: TakeWhile<'_>) -> usize {
    let rest = text.get(end..).unwrap_or_default();
    if rest.is_empty() {
        return end;
    }
    let (second, size) = next_valid(rest, first);
    if !is_upper(second) {
        return if is_alphabet(second) {
            take_while(end + size, &|c| is_alphabet(c) && !is_upper(c))
        } else {
            end
        };
    }
    let all = take_while(end + size, &is_upper);
    let after = text.get(all..).unwrap_or_default();
    if after.is_empty() {
        return all;
    }
    let (next, _) = next_valid(after, second);
    if is_alphabet(next) {
        let (_, width) = utf8::decode_last(text.get(..all).unwrap_or_default());
        return all - width;
    }
    all
}
