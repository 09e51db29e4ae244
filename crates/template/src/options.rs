//! How a template is read and rendered, and the comment in its first lines that says so.

use crate::diagnostic::{Diagnostic, closest};
use crate::source::Source;

/// What opens and closes the parts of a template that are not text. Any length but zero.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delimiters {
    /// Around what is printed.
    pub expression: (String, String),
    /// Around statements.
    pub block: (String, String),
    /// Around comments.
    pub comment: (String, String),
}

/// Which language a template is written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dialect {
    /// Decide by magic comment, name and grammar.
    #[default]
    Auto,
    /// Tera 2, with the names of Tera 1.
    Tera,
    /// Go's `text/template` with sprig.
    Go,
}

/// What a Go template finds besides Go's own functions and sprig.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Profile {
    /// `toJson`, `toYaml`, `toToml`, `RaiseError`.
    #[default]
    Duat,
    /// What Helm has: `include`, `tpl`, `required`, `fromYaml`, and no environment. A missing key
    /// is nil.
    Helm,
}

/// How an error of a Go template is worded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ErrorStyle {
    /// With the line of the template and a caret.
    #[default]
    Human,
    /// As Go words it, in one line.
    Go,
}

/// What happens where an undefined value would be printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Missing {
    /// It is an error, reported together with all others of the run.
    #[default]
    Error,
    /// Nothing is printed.
    Empty,
    /// The tag stays as it was written.
    Keep,
}

/// What printed values pass through, so that they cannot break the format around them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Escape {
    /// Nothing: the template is trusted with its quotes.
    #[default]
    None,
    /// A value becomes a YAML scalar (a list or map: YAML in flow style).
    Yaml,
    /// A value becomes JSON.
    Json,
    /// A value becomes one word of a POSIX shell.
    Shell,
}

/// How a template is read and rendered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// The language.
    pub dialect: Dialect,
    /// The brackets; nothing for those of the dialect.
    pub delimiters: Option<Delimiters>,
    /// Drops the line ending behind a statement or comment.
    pub trim_blocks: bool,
    /// Drops the blanks before a statement or comment that is first in its line.
    pub lstrip_blocks: bool,
    /// Brackets whose inside is text, as `${{` and `}}` of GitHub Actions.
    pub passthrough: Vec<(String, String)>,
    /// What printed values pass through.
    pub escape: Escape,
    /// What happens where an undefined value would be printed.
    pub missing: Missing,
    /// What a Go template finds.
    pub profile: Profile,
    /// How an error of a Go template is worded.
    pub errors: ErrorStyle,
}

/// The words a magic comment may hold.
const WORDS: [&str; 8] = [
    "dialect",
    "profile",
    "delims",
    "missing",
    "escape",
    "passthrough",
    "trim-blocks",
    "lstrip-blocks",
];
/// Lines of a file in which a magic comment may stand: the first may be a `#!` or `<?xml`.
const MAGIC_LINES: usize = 3;
const MAGIC_WORD: &str = "stencil:";

impl Default for Delimiters {
    fn default() -> Self {
        let pair = |open: &str, close: &str| (open.to_owned(), close.to_owned());
        Self {
            expression: pair("{{", "}}"),
            block: pair("{%", "%}"),
            comment: pair("{#", "#}"),
        }
    }
}

impl Delimiters {
    /// Returns the delimiters that `text` spells: `[[,]]` or `[[ ]]` for what is printed, or six of
    /// them, those of statements and of comments behind. With two, statements and comments get a
    /// `%` and a `#` inside the outermost character: `[% %]`, `[# #]`.
    pub fn parse(text: &str) -> Result<Self, String> {
        let words: Vec<&str> = text
            .split(|each: char| each == ',' || each.is_whitespace())
            .filter(|word| !word.is_empty())
            .collect();
        let pair = |open: &str, close: &str| (open.to_owned(), close.to_owned());
        let parsed = match words.as_slice() {
            [open, close] => {
                let first = open.chars().next().unwrap_or_default();
                let last = close.chars().next_back().unwrap_or_default();
                Self {
                    expression: pair(open, close),
                    block: (format!("{first}%"), format!("%{last}")),
                    comment: (format!("{first}#"), format!("#{last}")),
                }
            }
            [open, close, rest @ ..] if rest.len() == 4 => {
                let word = |at: usize| rest.get(at).copied().unwrap_or_default();
                Self {
                    expression: pair(open, close),
                    block: pair(word(0), word(1)),
                    comment: pair(word(2), word(3)),
                }
            }
            _ => {
                return Err(format!(
                    "delimiters are two or six words, not {}",
                    words.len()
                ));
            }
        };
        let opening = [&parsed.expression.0, &parsed.block.0, &parsed.comment.0];
        for (at, one) in opening.iter().enumerate() {
            if opening.iter().skip(at + 1).any(|other| other == one) {
                return Err(format!("`{one}` opens two things"));
            }
        }
        Ok(parsed)
    }
}

impl Options {
    /// Returns these options as the magic comment of `source` changes them, and the bytes of the
    /// comment's line, which is not part of the output.
    ///
    /// The comment stands in one of the first three lines, in whatever comments look like there:
    /// `# stencil: delims="[[ ]]" trim-blocks`, `<!-- stencil: dialect=go -->`.
    pub fn with_magic(
        &self,
        source: &Source,
    ) -> Result<(Self, Option<std::ops::Range<usize>>), Diagnostic> {
        let mut start = 0;
        for line in source.text().split_inclusive('\n').take(MAGIC_LINES) {
            let end = start + line.len();
            if let Some(at) = magic(line) {
                let mut options = self.clone();
                let words = line.get(at..).unwrap_or_default();
                for (offset, name, value) in assignments(words) {
                    options.assign(name, value).map_err(|problem| {
                        let from = start + at + offset;
                        problem.at(source, from..from + name.len())
                    })?;
                }
                return Ok((options, Some(start..end)));
            }
            start = end;
        }
        Ok((self.clone(), None))
    }

    fn assign(&mut self, name: &str, value: &str) -> Result<(), Diagnostic> {
        let flag = |value: &str| match value {
            "" | "true" => Ok(true),
            "false" => Ok(false),
            _ => Err(unknown(name, value, &["true", "false"])),
        };
        match name {
            "dialect" => {
                self.dialect = match value {
                    "auto" => Dialect::Auto,
                    "tera" => Dialect::Tera,
                    "go" => Dialect::Go,
                    _ => return Err(unknown(name, value, &["auto", "tera", "go"])),
                }
            }
            "profile" => {
                self.profile = match value {
                    "duat" => Profile::Duat,
                    "helm" => {
                        self.missing = Missing::Empty;
                        Profile::Helm
                    }
                    _ => return Err(unknown(name, value, &["duat", "helm"])),
                }
            }
            "delims" => {
                let parsed = Delimiters::parse(value).map_err(Diagnostic::error)?;
                self.delimiters = Some(parsed);
            }
            "missing" => {
                self.missing = match value {
                    "error" => Missing::Error,
                    "empty" => Missing::Empty,
                    "keep" => Missing::Keep,
                    _ => return Err(unknown(name, value, &["error", "empty", "keep"])),
                }
            }
            "escape" => {
                self.escape = match value {
                    "none" => Escape::None,
                    "yaml" => Escape::Yaml,
                    "json" => Escape::Json,
                    "shell" => Escape::Shell,
                    _ => return Err(unknown(name, value, &["none", "yaml", "json", "shell"])),
                }
            }
            "passthrough" => {
                let pair = passthrough(value).map_err(Diagnostic::error)?;
                self.passthrough.push(pair);
            }
            "trim-blocks" => self.trim_blocks = flag(value)?,
            "lstrip-blocks" => self.lstrip_blocks = flag(value)?,
            _ => {
                let problem = Diagnostic::error(format!("`{name}` is not an option of a template"));
                return Err(match closest(name, WORDS) {
                    Some(close) => problem.hint(format!("did you mean `{close}`?")),
                    None => problem.hint(format!("the options are {}", WORDS.join(", "))),
                });
            }
        }
        Ok(())
    }
}

/// Returns the two brackets that `text` names: `${{ }}`.
pub fn passthrough(text: &str) -> Result<(String, String), String> {
    match text.split_whitespace().collect::<Vec<_>>().as_slice() {
        [open, close] => Ok(((*open).to_owned(), (*close).to_owned())),
        words => Err(format!(
            "a passthrough is two words such as `${{{{ }}}}`, not {}",
            words.len()
        )),
    }
}

fn unknown(name: &str, value: &str, choices: &[&str]) -> Diagnostic {
    Diagnostic::error(format!("`{value}` is not a value of `{name}`"))
        .hint(format!("it is one of {}", choices.join(", ")))
}

/// Returns where the options of a magic comment start. What stands before them is punctuation only.
fn magic(line: &str) -> Option<usize> {
    let at = line.find(MAGIC_WORD)?;
    let before = line.get(..at)?.trim();
    let opened = before.len() <= 4 && !before.chars().any(char::is_alphanumeric);
    (opened && !before.is_empty()).then_some(at + MAGIC_WORD.len())
}

/// Splits `name=value name="a value" flag`; what only closes a comment is left out.
fn assignments(text: &str) -> Vec<(usize, &str, &str)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..) {
        let Some(skip) = rest.find(|each: char| !each.is_whitespace()) else {
            break;
        };
        at += skip;
        let rest = text.get(at..).unwrap_or_default();
        let name_end = rest
            .find(|each: char| each == '=' || each.is_whitespace())
            .unwrap_or(rest.len());
        let name = rest.get(..name_end).unwrap_or_default();
        let mut length = name_end;
        let mut value = "";
        if let Some(after) = rest
            .get(name_end..)
            .and_then(|after| after.strip_prefix('='))
        {
            length += 1;
            let quote = after
                .chars()
                .next()
                .filter(|each| matches!(each, '"' | '\''));
            let (from, end) = match quote {
                Some(quote) => {
                    let inner = after.get(1..).unwrap_or_default();
                    (1, inner.find(quote).unwrap_or(inner.trim_end().len()))
                }
                None => (0, after.find(char::is_whitespace).unwrap_or(after.len())),
            };
            value = after.get(from..from + end).unwrap_or_default();
            length += end + from * 2;
        }
        if name.chars().any(char::is_alphanumeric) {
            found.push((at, name, value));
        }
        at += length.max(1);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_in_the_first_lines_sets_options() {
        for text in [
            "# stencil: dialect=tera delims=\"[[ ]]\" trim-blocks\nrest",
            "#!/bin/sh\n// stencil: dialect=tera delims='[[,]]' trim-blocks=true\nrest",
            "<!-- stencil: dialect=tera delims=[[,]] trim-blocks -->\nrest",
            "/* stencil: dialect=tera delims=\"[[ ]]\" trim-blocks */",
            "{# stencil: dialect=tera delims=\"[[ ]]\" trim-blocks #}",
        ] {
            let source = Source::new("x", text);
            let (options, range) = Options::default().with_magic(&source).unwrap();
            let delimiters = options.delimiters.unwrap();
            assert_eq!(delimiters.expression, ("[[".into(), "]]".into()), "{text}");
            assert_eq!(delimiters.block, ("[%".into(), "%]".into()));
            assert!(options.trim_blocks && options.dialect == Dialect::Tera);
            assert!(source.slice(&range.unwrap()).contains("stencil:"));
        }
    }

    #[test]
    fn prose_is_not_a_magic_comment() {
        for text in [
            "the tool stencil: is good",
            "stencil: x",
            "\n\n\n# stencil: dialect=go",
        ] {
            let source = Source::new("x", text);
            assert_eq!(
                Options::default().with_magic(&source).unwrap().1,
                None,
                "{text}"
            );
        }
    }

    #[test]
    fn an_unknown_word_is_an_error_with_its_place() {
        let source = Source::new("x", "# stencil: dialct=go\n");
        let problem = Options::default().with_magic(&source).unwrap_err();
        assert_eq!(problem.hint.as_deref(), Some("did you mean `dialect`?"));
        assert_eq!(problem.location.unwrap().place.column, 12);
    }
}
