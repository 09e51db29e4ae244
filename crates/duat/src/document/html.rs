//! HTML: `<repo-version>` outside comments. `<code>` and `<pre>` only format what is in them.

use std::ops::Range;

use memchr::memmem;

use super::DocumentError;
use super::found::Found;
use super::tag::{self, Hidden};

pub(super) fn find(source: &[u8]) -> Result<Vec<Found>, DocumentError> {
    if memmem::find(source, tag::OPENING).is_none() {
        return Ok(Vec::new());
    }
    let mut hidden = Hidden::default();
    for comment in comments(source, 0..source.len()) {
        hidden.push(comment);
    }
    tag::find(source, &hidden)
}

/// Returns the comments that begin within a range. The last one may end after it, and runs to the
/// end of the source when it is not closed.
pub(super) fn comments(
    source: &[u8],
    within: Range<usize>,
) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut from = within.start;
    std::iter::from_fn(move || {
        let start = from + memmem::find(source.get(from..within.end)?, b"<!--")?;
        // `<!-->` is a whole comment
        let inside = start + b"<!".len();
        let end = memmem::find(source.get(inside..)?, b"-->")
            .map_or(source.len(), |offset| inside + offset + b"-->".len());
        from = end;
        Some(start..end)
    })
}
