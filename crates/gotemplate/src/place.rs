//! Lines and columns.

/// The line of a byte offset, from 1.
pub(crate) fn line(text: &[u8], offset: usize) -> usize {
    1 + text.iter().take(offset).filter(|&&b| b == b'\n').count()
}

/// The bytes between the start of the line and the offset.
pub(crate) fn column(text: &[u8], offset: usize) -> usize {
    let before = text.get(..offset.min(text.len())).unwrap_or_default();
    before.iter().rev().take_while(|&&b| b != b'\n').count()
}
