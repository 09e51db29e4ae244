//! What an argument, or a line of a list, says: a path or a pattern, with or without a label.

/// What stands between a path and the text that is shown for it.
const LABEL: char = '#';

/// Splits `PATH#LABEL`. What exists as it is has no label; else the longest path that exists counts.
pub(crate) fn split_label<'a>(
    text: &'a str,
    exists: &dyn Fn(&str) -> bool,
) -> (&'a str, Option<&'a str>) {
    if !text.contains(LABEL) || exists(text) && !is_pattern(text) {
        return (text, None);
    }
    let split = |at: usize| {
        let (path, label) = text.split_at(at);
        let label = label.strip_prefix(LABEL).unwrap_or(label).trim();
        (!path.is_empty() && !label.is_empty()).then_some((path, Some(label)))
    };
    let mut ends = text.rmatch_indices(LABEL).map(|(at, _)| at);
    let found = ends.find(|at| text.get(..*at).is_some_and(exists));
    found
        .or_else(|| text.find(LABEL))
        .and_then(split)
        .unwrap_or((text, None))
}

/// Tells whether a text may mean more than one path.
pub(crate) fn is_pattern(text: &str) -> bool {
    text.contains(['*', '?', '['])
}

/// Returns the paths of a list: one on each line, or between NULs. Lines may end as on Windows; what
/// is empty or blank is none.
pub(crate) fn list(bytes: &[u8], null: bool) -> impl Iterator<Item = &[u8]> {
    let separator = if null { 0 } else { b'\n' };
    bytes
        .split(move |byte| *byte == separator)
        .map(move |item| match item {
            [rest @ .., b'\r'] if !null => rest,
            item => item,
        })
        .filter(|item| !item.trim_ascii().is_empty())
}
