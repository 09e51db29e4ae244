//! Reading bytes as UTF-8 the way Go does: an invalid byte is U+FFFD of width one.

/// The replacement character.
pub(crate) const BAD: char = '\u{FFFD}';

/// The first character and its width in bytes; width 0 at the end of input.
pub(crate) fn decode(bytes: &[u8]) -> (char, usize) {
    let Some(&first) = bytes.first() else {
        return (BAD, 0);
    };
    if first < 0x80 {
        return (char::from(first), 1);
    }
    let width = match first {
        0xC2..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0..=0xF4 => 4,
        _ => return (BAD, 1),
    };
    bytes
        .get(..width)
        .and_then(|part| std::str::from_utf8(part).ok())
        .and_then(|text| text.chars().next())
        .map_or((BAD, 1), |c| (c, width))
}

/// The last character and its width in bytes; width 0 for no input.
pub(crate) fn decode_last(bytes: &[u8]) -> (char, usize) {
    if bytes.is_empty() {
        return (BAD, 0);
    }
    for width in 1..=bytes.len().min(4) {
        let (c, read) = decode(bytes.get(bytes.len() - width..).unwrap_or_default());
        if read == width && (c != BAD || width == 3) {
            return (c, width);
        }
    }
    (BAD, 1)
}

/// The characters with their byte offsets and widths.
pub(crate) fn runes(bytes: &[u8]) -> impl Iterator<Item = (usize, char, usize)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let (c, width) = decode(bytes.get(at..)?);
        let start = at;
        at += width;
        (width > 0).then_some((start, c, width))
    })
}

/// The number of characters.
pub(crate) fn count(bytes: &[u8]) -> usize {
    if bytes.is_ascii() {
        bytes.len()
    } else {
        runes(bytes).count()
    }
}

/// Appends a character.
pub(crate) fn push(out: &mut Vec<u8>, c: char) {
    out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
}
