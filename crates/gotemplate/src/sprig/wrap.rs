//! Breaking long lines.

use super::Table;
use super::strings::find;
use crate::args::{bytes, int};
use crate::error::Fault;
use crate::exec::Call;
use crate::func::Type;

pub(super) fn add(table: &mut Table) {
    table.plain("wrap", &[Type::Int, Type::String], |call, a| {
        Ok(wrap(call, bytes(a, 1), int(a, 0), b"", false)?.into())
    });
    table.plain(
        "wrapWith",
        &[Type::Int, Type::String, Type::String],
        |call, a| Ok(wrap(call, bytes(a, 2), int(a, 0), bytes(a, 1), true)?.into()),
    );
}

/// `goutils.WrapCustom`: breaks at blanks, counting bytes.
fn wrap(
    call: &Call<'_>,
    text: &[u8],
    width: i64,
    newline: &[u8],
    break_words: bool,
) -> Result<Vec<u8>, Fault> {
    let newline = if newline.is_empty() { b"\n" } else { newline };
    let width = usize::try_from(width).unwrap_or(0).max(1);
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while rest.len() > width {
        if rest.first() == Some(&b' ') {
            rest = rest.get(1..).unwrap_or_default();
            continue;
        }
        let line = rest.get(..=width).unwrap_or_default();
        let (end, next) = if let Some(space) = line.iter().rposition(|&b| b == b' ') {
            (space, space + 1)
        } else if break_words {
            (width, width)
        } else {
            match find(rest.get(width..).unwrap_or_default(), b" ") {
                Some(space) => (width + space, width + space + 1),
                None => break,
            }
        };
        out.extend_from_slice(rest.get(..end).unwrap_or_default());
        out.extend_from_slice(newline);
        call.room(out.len())?;
        rest = rest.get(next..).unwrap_or_default();
    }
    out.extend_from_slice(rest);
    Ok(out)
}
