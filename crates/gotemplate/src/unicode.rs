//! Character classes and case mapping as Go's `unicode` package defines them.

use unicode_general_category::{GeneralCategory as Category, get_general_category as category};

/// A letter: category L.
pub(crate) fn is_letter(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphabetic();
    }
    matches!(
        category(c),
        Category::UppercaseLetter
            | Category::LowercaseLetter
            | Category::TitlecaseLetter
            | Category::ModifierLetter
            | Category::OtherLetter
    )
}

/// A decimal digit: category Nd.
pub(crate) fn is_digit(c: char) -> bool {
    if c.is_ascii() {
        c.is_ascii_digit()
    } else {
        category(c) == Category::DecimalNumber
    }
}

/// Any number: category N.
pub(crate) fn is_number(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_digit();
    }
    matches!(
        category(c),
        Category::DecimalNumber | Category::LetterNumber | Category::OtherNumber
    )
}

/// An upper-case letter: category Lu.
pub(crate) fn is_upper(c: char) -> bool {
    if c.is_ascii() {
        c.is_ascii_uppercase()
    } else {
        category(c) == Category::UppercaseLetter
    }
}

/// A lower-case letter: category Ll.
pub(crate) fn is_lower(c: char) -> bool {
    if c.is_ascii() {
        c.is_ascii_lowercase()
    } else {
        category(c) == Category::LowercaseLetter
    }
}

/// A title-case letter: category Lt.
pub(crate) fn is_title(c: char) -> bool {
    !c.is_ascii() && category(c) == Category::TitlecaseLetter
}

/// White space: the property `White_Space`.
pub(crate) fn is_space(c: char) -> bool {
    c.is_whitespace()
}

/// Printable as `strconv.IsPrint` has it: letters, marks, numbers, punctuation, symbols, and the plain space.
pub(crate) fn is_print(c: char) -> bool {
    if c.is_ascii() {
        return (' '..='~').contains(&c);
    }
    !matches!(
        category(c),
        Category::Control
            | Category::Format
            | Category::Surrogate
            | Category::PrivateUse
            | Category::Unassigned
            | Category::LineSeparator
            | Category::ParagraphSeparator
            | Category::SpaceSeparator
    )
}

/// Upper case, one character for one.
pub(crate) fn to_upper(c: char) -> char {
    let mut mapped = c.to_uppercase();
    match (mapped.next(), mapped.next()) {
        (Some(upper), None) => upper,
        // Where the full mapping is several characters, only these Greek letters also have a single one.
        _ => match u32::from(c) {
            n @ (0x1F80..=0x1F87 | 0x1F90..=0x1F97 | 0x1FA0..=0x1FA7) => {
                char::from_u32(n + 8).unwrap_or(c)
            }
            n @ (0x1FB3 | 0x1FC3 | 0x1FF3) => char::from_u32(n + 9).unwrap_or(c),
            _ => c,
        },
    }
}

/// Lower case, one character for one.
pub(crate) fn to_lower(c: char) -> char {
    let mut mapped = c.to_lowercase();
    match (mapped.next(), mapped.next()) {
        (Some(lower), None) => lower,
        _ if c == '\u{130}' => 'i',
        _ => c,
    }
}

/// Title case, one character for one.
pub(crate) fn to_title(c: char) -> char {
    match u32::from(c) {
        0x1C4..=0x1C6 => '\u{1C5}',
        0x1C7..=0x1C9 => '\u{1C8}',
        0x1CA..=0x1CC => '\u{1CB}',
        0x1F1..=0x1F3 => '\u{1F2}',
        0x10D0..=0x10FA | 0x10FD..=0x10FF => c,
        _ => to_upper(c),
    }
}

/// Maps every character of a byte string; invalid bytes become U+FFFD, as with `strings.Map`.
pub(crate) fn map(bytes: &[u8], mut f: impl FnMut(char) -> char) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    for (_, c, _) in crate::utf8::runes(bytes) {
        crate::utf8::push(&mut out, f(c));
    }
    out
}

/// Trims white space at both ends, as `strings.TrimSpace`.
pub(crate) fn trim(mut bytes: &[u8]) -> &[u8] {
    loop {
        let (c, width) = crate::utf8::decode(bytes);
        if width == 0 || !is_space(c) {
            break;
        }
        bytes = bytes.get(width..).unwrap_or_default();
    }
    loop {
        let (c, width) = crate::utf8::decode_last(bytes);
        if width == 0 || !is_space(c) {
            break;
        }
        bytes = bytes.get(..bytes.len() - width).unwrap_or_default();
    }
    bytes
}
