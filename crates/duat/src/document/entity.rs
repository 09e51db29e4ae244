//! HTML's character references, as far as a version and the blanks around it need them.

/// A character that stands for itself or is written as a reference, and its length in bytes.
///
/// A byte that is not UTF-8 reads as U+FFFD. Returns nothing at the end.
pub(super) fn character(bytes: &[u8]) -> Option<(char, usize)> {
    const LONGEST: usize = 4;
    if bytes.first()? == &b'&'
        && let Some(decoded) = reference(bytes)
    {
        return Some(decoded);
    }
    let chunk = bytes.get(..LONGEST).unwrap_or(bytes).utf8_chunks().next()?;
    match chunk.valid().chars().next() {
        Some(character) => Some((character, character.len_utf8())),
        None => Some((char::REPLACEMENT_CHARACTER, 1)),
    }
}

fn reference(bytes: &[u8]) -> Option<(char, usize)> {
    const LONGEST: usize = 32;
    let window = bytes.get(..LONGEST).unwrap_or(bytes);
    let end = memchr::memchr(b';', window)?;
    let name = str::from_utf8(window.get(1..end)?).ok()?;
    let character = if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16),
            None => number.parse(),
        };
        char::from_u32(code.ok()?)?
    } else {
        match name {
            "plus" => '+',
            "period" => '.',
            "nbsp" | "NonBreakingSpace" => '\u{a0}',
            "ensp" => '\u{2002}',
            "emsp" => '\u{2003}',
            "thinsp" | "ThinSpace" => '\u{2009}',
            "Tab" => '\t',
            "NewLine" => '\n',
            _ => return None,
        }
    };
    Some((character, end + 1))
}
