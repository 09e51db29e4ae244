//! What in a tag only Go can mean: for the hint to try its dialect.

use crate::dialect::scan::Code;
use crate::dialect::token::Kind;
use crate::source::Source;

/// Tells whether a tag says what only Go's `text/template` can mean.
pub(crate) fn is_go(source: &Source, code: &Code) -> bool {
    let words = words(source, code);
    let keyword = |word: &str| {
        matches!(
            word,
            "range" | "with" | "define" | "template" | "block" | "end" | "else" | "if"
        )
    };
    let kind = |at: usize| code.tokens.get(at).map(|token| token.kind);
    let called = kind(0) == Some(Kind::Name);
    let literal = matches!(kind(1), Some(Kind::Text | Kind::Number));
    let spaced_dot = code.tokens.windows(2).any(|pair| match pair {
        // `f .x`: a dot behind a blank
        [name, dot] => source.slice(&dot.range) == "." && dot.range.start > name.range.end,
        _ => false,
    });
    called && literal
        || matches!(words.as_slice(), ["." | "$" | "/", ..])
        || words
            .first()
            .is_some_and(|word| keyword(word) && words.get(1) != Some(&"("))
        || words.contains(&":=")
        || words
            .windows(2)
            .any(|pair| matches!(pair, ["|" | "(" | ",", "."]))
        || spaced_dot
}

fn words<'a>(source: &'a Source, code: &Code) -> Vec<&'a str> {
    code.tokens
        .iter()
        .map(|token| source.slice(&token.range))
        .collect()
}
