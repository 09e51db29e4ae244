//! How texts are shown and compared.

/// Returns `text` with the paths that differ from run to run replaced by their names.
pub(crate) fn portable(text: &str, names: &[(String, &'static str)]) -> String {
    names.iter().fold(text.to_owned(), |text, (path, name)| {
        text.replace(path.as_str(), name)
    })
}

/// Returns `text` such that it ends with a newline, and says so if that is an addition.
pub(crate) fn whole_lines(text: &str) -> String {
    if text.is_empty() || text.ends_with('\n') {
        text.to_owned()
    } else {
        format!("{text}[no newline]\n")
    }
}

/// Returns `text` with four blanks before each line.
pub(crate) fn indented(text: &str) -> String {
    let mut indented = String::new();
    for line in text.lines() {
        indented.push_str("    ");
        indented.push_str(line);
        indented.push('\n');
    }
    indented
}

/// Returns `text` without a first line that is empty, without a last line that is blank, and
/// without the blanks that all its lines begin with.
pub(crate) fn dedented(text: &str) -> String {
    let text = text.strip_prefix('\n').unwrap_or(text);
    let text = match text.rsplit_once('\n') {
        Some((head, last)) if last.trim().is_empty() => &text[..=head.len()],
        _ => text,
    };
    let depth = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| line.len() - line.trim_start_matches(' ').len())
        .min()
        .unwrap_or(0);
    text.split_inclusive('\n')
        .map(|line| line.get(depth..).unwrap_or("\n"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_indented_text_keeps_its_shape() {
        assert_eq!(dedented("\n    a\n      b\n\n    c\n    "), "a\n  b\n\nc\n");
        assert_eq!(dedented("a\n"), "a\n");
        assert_eq!(dedented("  a"), "a");
        assert_eq!(dedented(""), "");
    }

    #[test]
    fn a_missing_newline_shows() {
        assert_eq!(whole_lines("a"), "a[no newline]\n");
        assert_eq!(whole_lines("a\n"), "a\n");
        assert_eq!(whole_lines(""), "");
    }
}
