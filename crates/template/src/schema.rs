//! Checking values against a JSON Schema, with violations at the file and line of the value.
//!
//! Understood are the keywords of draft 2020-12 (and their spelling in draft 7) that speak of
//! configuration: `type`, `enum`, `const`; for maps `properties`, `required`,
//! `additionalProperties`, `patternProperties`, `propertyNames`, `minProperties`, `maxProperties`,
//! `dependentRequired`; for lists `items`, `prefixItems`, `contains`, `minItems`, `maxItems`,
//! `uniqueItems`; for numbers `minimum`, `maximum`, `exclusiveMinimum`, `exclusiveMaximum`,
//! `multipleOf`; for texts `minLength`, `maxLength`, `pattern`; `allOf`, `anyOf`, `oneOf`, `not`,
//! `if`/`then`/`else`; `$ref` within the schema. Words that only describe (`title`, `description`,
//! `default`, `examples`, `format`, ...) are passed over; any other keyword is an error, so that
//! nothing is thought checked that is not.

use crate::diagnostic::{Diagnostic, closest};
use crate::node::{Content, Node, Origin};
use crate::read::{self, Syntax};
use crate::source::Source;
use crate::value::{Map, Value};

mod check;

/// A schema.
#[derive(Clone, Debug)]
pub struct Schema {
    root: Value,
}

/// Keywords that are checked.
const CHECKED: [&str; 36] = [
    "$defs",
    "$ref",
    "additionalProperties",
    "allOf",
    "anyOf",
    "const",
    "contains",
    "definitions",
    "dependentRequired",
    "else",
    "enum",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "if",
    "items",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
    "not",
    "oneOf",
    "pattern",
    "patternProperties",
    "prefixItems",
    "properties",
    "propertyNames",
    "required",
    "then",
    "type",
    "uniqueItems",
    "additionalItems",
];
/// Keywords that only describe.
const DESCRIBING: [&str; 14] = [
    "$comment",
    "$id",
    "$schema",
    "$vocabulary",
    "$anchor",
    "contentEncoding",
    "contentMediaType",
    "default",
    "deprecated",
    "description",
    "examples",
    "format",
    "readOnly",
    "writeOnly",
];
/// Keywords whose value is a schema.
const SCHEMA: [&str; 9] = [
    "additionalProperties",
    "contains",
    "else",
    "if",
    "not",
    "propertyNames",
    "then",
    "items",
    "additionalItems",
];
/// Keywords whose value is a list of schemas.
const SCHEMAS: [&str; 4] = ["allOf", "anyOf", "oneOf", "prefixItems"];
/// Keywords whose value is a map of schemas.
const NAMED: [&str; 4] = ["$defs", "definitions", "patternProperties", "properties"];

impl Schema {
    /// Reads a schema: JSON, or the same in YAML or TOML.
    ///
    /// # Errors
    ///
    /// What cannot be read, a keyword that is not understood, a pattern that is wrong, a `$ref` that
    /// leads nowhere or outside.
    pub fn read(source: &Source, syntax: Syntax) -> Result<Self, Diagnostic> {
        let node = read::read(source, syntax)?;
        let schema = Self { root: node.value() };
        schema.inspect(&node, source)?;
        Ok(schema)
    }

    /// Returns every violation of `values`, each at the place where the value was given.
    ///
    /// `sources` are the files that values came from: those among them are shown with their line.
    pub fn check(&self, values: &Node, sources: &[Source]) -> Vec<Diagnostic> {
        let mut checker = check::Checker::new(&self.root);
        checker.check(&self.root, values, &mut Vec::new(), 0);
        let violations = checker.violations.into_iter();
        violations
            .map(|violation| located(violation.message, &violation.origin, sources))
            .collect()
    }

    fn inspect(&self, node: &Node, source: &Source) -> Result<(), Diagnostic> {
        let problem = |message: String, node: &Node| match &node.origin {
            Origin::File { place, .. } => {
                let at = source.offset(*place);
                Diagnostic::error(message).at(source, at..at + 1)
            }
            _ => Diagnostic::error(message),
        };
        let entries = match &node.content {
            Content::Scalar(Value::Bool(_)) => return Ok(()),
            Content::Map(entries) => entries,
            _ => {
                return Err(problem(
                    "a schema is a map, `true` or `false`".to_owned(),
                    node,
                ));
            }
        };
        for (keyword, value) in entries.iter() {
            let keyword = &**keyword;
            let known = CHECKED.contains(&keyword);
            if !known
                && !DESCRIBING.contains(&keyword)
                && keyword != "title"
                && !keyword.starts_with("x-")
            {
                let wrong = problem(format!("the keyword `{keyword}` is not understood"), value);
                return Err(match closest(keyword, CHECKED) {
                    Some(close) => wrong.hint(format!("did you mean `{close}`?")),
                    None => wrong,
                });
            }
            match &value.content {
                Content::List(items) if SCHEMAS.contains(&keyword) || keyword == "items" => {
                    items
                        .iter()
                        .try_for_each(|item| self.inspect(item, source))?;
                }
                Content::Map(named) if NAMED.contains(&keyword) => {
                    named
                        .nodes()
                        .try_for_each(|inner| self.inspect(inner, source))?;
                    if keyword == "patternProperties" {
                        for pattern in named.names() {
                            let wrong =
                                |failure: crate::function::Failure| problem(failure.message, value);
                            crate::function::pattern::compile(pattern).map_err(wrong)?;
                        }
                    }
                }
                _ if SCHEMA.contains(&keyword) => self.inspect(value, source)?,
                _ => {}
            }
            if let Some(text) = value.value().as_str() {
                if keyword == "pattern" {
                    let wrong = |failure: crate::function::Failure| problem(failure.message, value);
                    crate::function::pattern::compile(text).map_err(wrong)?;
                }
                if keyword == "$ref" && resolve(&self.root, text).is_none() {
                    return Err(problem(
                        format!("`$ref` leads nowhere within the schema: `{text}`"),
                        value,
                    ));
                }
            }
        }
        Ok(())
    }
}

/// Follows a JSON pointer behind `#` (RFC 6901).
fn resolve<'a>(root: &'a Value, reference: &str) -> Option<&'a Value> {
    let pointer = reference.strip_prefix('#')?;
    let steps = pointer
        .split('/')
        .skip(1)
        .map(|step| step.replace("~1", "/").replace("~0", "~"));
    let steps: Vec<String> = steps.collect();
    root.at(&steps)
}

fn located(message: String, origin: &Origin, sources: &[Source]) -> Diagnostic {
    let problem = Diagnostic::error(message);
    if let Origin::File { name, place } = origin
        && let Some(source) = sources.iter().find(|source| source.name() == name.as_ref())
    {
        let at = source.offset(*place);
        let (start, line) = source.line_at(at);
        return problem.at(source, at..start + line.trim_end().len());
    }
    match origin {
        // what is lacking comes from nowhere
        Origin::Default => problem,
        origin => problem.note(format!("it comes from {origin}")),
    }
}

/// Returns the entries of a keyword whose value is a map.
fn entries<'a>(schema: &'a Map, keyword: &str) -> Option<&'a Map> {
    schema.get(keyword).and_then(Value::as_map)
}

#[cfg(test)]
mod tests;
