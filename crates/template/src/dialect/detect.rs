//! Which language a template is written in.

use std::ops::Range;

use crate::diagnostic::Diagnostic;
use crate::dialect::scan::{Code, Piece, scan};
use crate::dialect::token::Kind;
use crate::options::{Delimiters, Dialect, Options};
use crate::source::Source;

/// The language of a template, and what told it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Detected {
    /// The language; never [`Dialect::Auto`].
    pub dialect: Dialect,
    /// Why, for those who ask.
    pub reason: String,
}

/// Statements that only Tera has.
const STATEMENTS: [&str; 16] = [
    "if",
    "elif",
    "else",
    "endif",
    "for",
    "endfor",
    "set",
    "set_global",
    "block",
    "endblock",
    "include",
    "extends",
    "raw",
    "filter",
    "component",
    "macro",
];

/// Decides by what the caller says, the magic comment, the extension, and then by what only one of
/// the grammars allows. Where both would do, or there is no tag at all, it is Tera.
///
/// # Errors
///
/// A template that speaks both languages, with a place for each; a magic comment that is wrong.
pub fn detect(source: &Source, options: &Options) -> Result<Detected, Diagnostic> {
    let found = |dialect, reason: &str| {
        let reason = reason.to_owned();
        Ok(Detected { dialect, reason })
    };
    let (told, magic) = options.with_magic(source)?;
    if told.dialect != Dialect::Auto {
        let by_comment = options.dialect != told.dialect;
        let reason = if by_comment {
            "its magic comment says so"
        } else {
            "it was asked for"
        };
        return found(told.dialect, reason);
    }
    let extension = source
        .name()
        .rsplit_once('.')
        .map(|(_, extension)| extension);
    match extension {
        Some("gotmpl") => return found(Dialect::Go, "its name ends with .gotmpl"),
        Some("tera" | "j2" | "jinja" | "jinja2") => {
            return found(Dialect::Tera, "its name ends as those of Tera do");
        }
        _ => {}
    }
    let go = expressions(source, &told, magic).find(|code| is_go(source, code));
    let tera = tera_statement(source, &told).or_else(|| {
        let skip = told.with_magic(source).ok().and_then(|(_, magic)| magic);
        let mut codes = expressions(source, &told, skip);
        codes
            .find(|code| is_tera(source, code))
            .map(|code| code.outer)
    });
    match (go, tera) {
        (Some(go), Some(tera)) => {
            let line = source.place(tera.start).line;
            let problem = Diagnostic::error("the template speaks both Go's language and Tera's");
            let problem = problem.at(source, go.outer);
            let note = format!("`{}` in line {line} is Tera", source.slice(&tera));
            Err(problem
                .note(note)
                .hint("say which with `--dialect go` or `--dialect tera`"))
        }
        (Some(go), None) => {
            let reason = format!("`{}` can only be Go", source.slice(&go.outer));
            found(Dialect::Go, &reason)
        }
        (None, Some(tera)) => {
            let reason = format!("`{}` can only be Tera", source.slice(&tera));
            found(Dialect::Tera, &reason)
        }
        (None, None) => found(
            Dialect::Tera,
            "nothing in it tells, and Tera is the default",
        ),
    }
}

/// Returns the tags that print, whatever statements and comments of Tera look like in the text.
fn expressions(
    source: &Source,
    options: &Options,
    skip: Option<Range<usize>>,
) -> impl Iterator<Item = Code> {
    let never = |word: &str| (format!("\0{word}"), format!("{word}\0"));
    let delimiters = options.delimiters.clone().unwrap_or_default();
    let only = Options {
        delimiters: Some(Delimiters {
            block: never("block"),
            comment: never("comment"),
            ..delimiters
        }),
        ..options.clone()
    };
    let pieces = scan(source, &only, skip).unwrap_or_default();
    pieces.into_iter().filter_map(|piece| match piece {
        Piece::Expression(code) => Some(code),
        _ => None,
    })
}

fn tera_statement(source: &Source, options: &Options) -> Option<Range<usize>> {
    let delimiters = options.delimiters.clone().unwrap_or_default();
    let text = source.text();
    text.match_indices(&delimiters.block.0)
        .find_map(|(start, open)| {
            let inside = start + open.len();
            let rest = text
                .get(inside..)?
                .trim_start_matches(['-', '+'])
                .trim_start();
            let end = rest.find(|each: char| !each.is_alphanumeric() && each != '_')?;
            let word = rest.get(..end)?;
            let close = text.get(inside..)?.find(&delimiters.block.1)?;
            let whole = start..inside + close + delimiters.block.1.len();
            STATEMENTS.contains(&word).then_some(whole)
        })
}

fn words<'a>(source: &'a Source, code: &Code) -> Vec<&'a str> {
    code.tokens
        .iter()
        .map(|token| source.slice(&token.range))
        .collect()
}

/// Tells whether a tag says what only Tera can mean.
fn is_tera(source: &Source, code: &Code) -> bool {
    let words = words(source, code);
    let named = |three: &[&str]| matches!(three, ["(" | ",", _, "="]);
    words.windows(3).any(named)
        || words
            .iter()
            .any(|word| matches!(*word, "==" | "!=" | "~" | "?." | "**"))
}

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

#[cfg(test)]
mod tests {
    use super::*;

    fn dialect(name: &str, text: &str) -> Dialect {
        detect(&Source::new(name, text), &Options::default())
            .unwrap()
            .dialect
    }

    #[test]
    fn a_template_tells_its_language() {
        for (name, text, expected) in [
            ("a", "{{ .x }}", Dialect::Go),
            (
                "a",
                "{{- range $i, $e := .x }}{{ end }} ${#bash} {% x",
                Dialect::Go,
            ),
            ("a", "{{/* c */}}", Dialect::Go),
            ("a", "{{ default \"a\" .b | quote }}", Dialect::Go),
            (
                "a",
                "{{ x | replace(from=\"a\", to=\"b\") }}",
                Dialect::Tera,
            ),
            ("a", "{%- if x %}{% endif %}", Dialect::Tera),
            ("a", "{{ x ~ y }}", Dialect::Tera),
            ("a", "{{ x | upper }}", Dialect::Tera),
            ("a", "plain", Dialect::Tera),
            ("a.gotmpl", "{{ x }}", Dialect::Go),
            ("a.j2", "{{ .x }}", Dialect::Tera),
            ("a", "# stencil: dialect=go\n{{ x }}", Dialect::Go),
        ] {
            assert_eq!(dialect(name, text), expected, "{text}");
        }
    }

    #[test]
    fn a_template_of_both_languages_is_an_error() {
        let source = Source::new("a", "{{ .x }}\n{% if y %}{% endif %}");
        let problem = detect(&source, &Options::default()).unwrap_err();
        assert_eq!(problem.notes, ["`{% if y %}` in line 2 is Tera"]);
        assert_eq!(problem.location.unwrap().place.line, 1);
    }
}
