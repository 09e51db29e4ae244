//! Reading what was rendered, and telling what is wrong with it at the line of the template that
//! made it.

use std::ops::Range;

use crate::diagnostic::{Diagnostic, Location};
use crate::map::SourceMap;
use crate::read::{self, Syntax};
use crate::source::Source;

mod dockerfile;

/// What an output is meant to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// YAML, of any number of documents.
    Yaml,
    /// JSON.
    Json,
    /// TOML.
    Toml,
    /// A Dockerfile: instructions and how many arguments they take, not what they mean.
    Dockerfile,
}

impl Format {
    /// Returns the format of an output by its name, if that tells.
    pub fn of(name: &str) -> Option<Self> {
        let base = name
            .rsplit(['/', '\\'])
            .next()
            .unwrap_or_default()
            .to_lowercase();
        let is = |wanted: &str| base == wanted || base.starts_with(&format!("{wanted}."));
        if is("dockerfile") || is("containerfile") || base.ends_with(".dockerfile") {
            return Some(Self::Dockerfile);
        }
        match base.rsplit_once('.').map(|(_, extension)| extension) {
            Some("yaml" | "yml") => Some(Self::Yaml),
            Some("json") => Some(Self::Json),
            Some("toml") => Some(Self::Toml),
            _ => None,
        }
    }
}

/// Returns what is wrong with `output`, each at the place of the template that made it when `map`
/// knows, with the line of the output as a note.
pub fn check(output: &Source, format: Format, map: Option<&SourceMap>) -> Vec<Diagnostic> {
    let problems = match format {
        Format::Yaml => read::yaml::read_all(output).err().into_iter().collect(),
        Format::Json => read::read(output, Syntax::Json).err().into_iter().collect(),
        Format::Toml => read::read(output, Syntax::Toml).err().into_iter().collect(),
        Format::Dockerfile => dockerfile::check(output),
    };
    problems
        .into_iter()
        .map(|problem| moved(problem, output, map))
        .collect()
}

/// Moves a problem from the output to the template.
fn moved(mut problem: Diagnostic, output: &Source, map: Option<&SourceMap>) -> Diagnostic {
    let Some(location) = problem.location.take() else {
        return problem;
    };
    let found = map.and_then(|map| map.at(location.span.start));
    let Some(span) = found else {
        problem.location = Some(location);
        return problem;
    };
    let kind = "the output is not valid";
    let (_, line) = output.line_at(location.span.start);
    let number = location.place.line;
    let name = output.name();
    problem.message = format!("{kind}: {}", problem.message);
    problem
        .notes
        .insert(0, format!("line {number} of {name} is `{}`", line.trim()));
    let range = first_line(&span.source, span.range);
    problem.location = Some(Box::new(Location::new(&span.source, range)));
    problem
}

fn first_line(source: &Source, range: Range<usize>) -> Range<usize> {
    let text = source.slice(&range);
    let end = text.find('\n').filter(|at| *at > 0).unwrap_or(text.len());
    range.start..range.start + end
}

#[cfg(test)]
mod tests;
