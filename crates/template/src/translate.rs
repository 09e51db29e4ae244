//! A Go template written anew in Tera.
//!
//! What comes out prints the same bytes as what went in, for every set of values for which the Go
//! template renders and prints texts, whole numbers and booleans. Where the languages part, the
//! place is named: as a problem where there is no way to say it, as a warning where the results are
//! the same for all but rare values. Nothing is dropped silently: what could not be said stays as a
//! comment.
//!
//! Templates that are defined within the text are written out where they are called.

mod arithmetic;
mod assemble;
mod call;
mod calling;
mod choice;
mod date;
mod expression;
mod filing;
mod loops;
mod operator;
mod path;
mod piece;
mod printf;
mod rule;
mod scope;
mod statement;
mod term;
mod variable;

use std::sync::Arc;

use gotemplate::node::Tree;

use crate::diagnostic::Diagnostic;
use crate::dialect::Tera;
use crate::dialect::go::tag::{Found, Tag, next};
use crate::dialect::go::{engine_of_all, two_delimiters};
use crate::engine::{Engine, Host, Limits, Nothing};
use crate::options::{Escape, Options, Profile};
use crate::source::Source;
use crate::translate::statement::Walk;

/// What became of a template.
#[derive(Clone, Debug, Default)]
pub struct Translation {
    /// The Tera template; what could not be said is a comment in it.
    pub text: String,
    /// What could not be said, in the order of the template.
    pub problems: Vec<Diagnostic>,
    /// What gives another output for some values.
    pub warnings: Vec<Diagnostic>,
}

/// Translates a Go template.
///
/// ```
/// use duat_template::{Options, Source, translate};
///
/// let go = Source::new("x", "{{ range .ports }}{{ . | add 1 }},{{ else }}none{{ end }}");
/// let tera = translate::to_tera(&go, &Options::default()).map_err(|problem| problem.to_string())?;
/// assert_eq!(
///     tera.text,
///     "{% for item in ports | each %}{{ 1 + (item | int) }},{% else %}none{% endfor %}"
/// );
/// # Ok::<(), String>(())
/// ```
///
/// # Errors
///
/// Where the text is no Go template.
pub fn to_tera(source: &Source, options: &Options) -> Result<Translation, Diagnostic> {
    let (options, magic) = options.with_magic(source)?;
    let (left, right) = two_delimiters(&options)?;
    let mut text = source.text().to_owned();
    let mut hidden = Vec::new();
    hidden.extend(magic.clone());
    let mut tags: Vec<Tag> = Vec::new();
    let mut at = magic.as_ref().map_or(0, |line| line.end);
    while let Some(found) = next(source.text(), at, &left, &right, &options.passthrough) {
        match found {
            Found::Passthrough(outer) => {
                at = outer.end;
                hidden.push(outer);
            }
            Found::Tag(tag) => {
                at = tag.outer.end;
                tags.push(tag);
            }
        }
    }
    for range in &hidden {
        // no tag for Go, and no white space either
        let filling = "x".repeat(range.len());
        text.replace_range(range.clone(), &filling);
    }
    let tree = parse(source, &text, (&left, &right))?;
    let mut walk = Walk::new(source, &tree, &tags, magic.as_ref().map(|line| line.end));
    if options.trim_blocks || options.lstrip_blocks || options.escape != Escape::None {
        let place = magic.unwrap_or_default();
        walk.problem(
            place,
            "what the options do to every tag cannot be carried over",
            Some("render with `--trim-blocks`, `--lstrip-blocks` and `--escape` after converting without them"),
        );
    }
    walk.helm = options.profile == Profile::Helm;
    walk.run(&tree);
    let mut translation = walk.finish();
    let host: Arc<dyn Host> = Arc::new(Nothing);
    let name = format!("{} in Tera", source.name());
    let made = Source::new(name, translation.text.as_str());
    if let Err(problems) = Tera.compile(&made, &Options::default(), &host, &Limits::default()) {
        let unsaid = problems.into_iter().map(|problem| {
            let message = format!("what it became is no Tera template: {}", problem.message);
            Diagnostic { message, ..problem }
        });
        translation.problems.extend(unsaid);
    }
    Ok(translation)
}

fn parse(source: &Source, text: &str, (left, right): (&str, &str)) -> Result<Tree, Diagnostic> {
    let engine = engine_of_all();
    let mut templates = engine.templates();
    let parsed = templates.parse_with(source.name(), text.as_bytes(), left, right);
    parsed.map_err(|failure| match failure.last() {
        Some(error) => Diagnostic::error(error.message.clone()).at(source, error.span.clone()),
        None => Diagnostic::error("the template cannot be read"),
    })
}

#[cfg(test)]
mod tests;
