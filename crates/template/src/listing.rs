//! What a template names and what it is given: `stencil vars`, and values that nobody asked for.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::diagnostic::{Diagnostic, Location};
use crate::engine::{Host, Reference, Rendered, Template};
use crate::node::{Content, Node, Origin};

/// A variable that a template names.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Variable {
    /// Its path, with dots.
    pub name: String,
    /// Who gives it.
    pub provider: Provider,
    /// Whether every place takes care that it may be undefined.
    pub optional: bool,
    /// Where it stands.
    pub places: Vec<Location>,
}

/// Who gives a variable.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Provider {
    /// The values; from where.
    Values(Origin),
    /// The world outside, on demand.
    Host,
    /// Nobody.
    Nobody,
}

/// Returns every variable that the templates do not set themselves, by name. Nothing is looked up.
pub fn variables(template: &dyn Template, values: &Node, host: &dyn Host) -> Vec<Variable> {
    let roots = host.roots();
    let mut found: BTreeMap<String, Variable> = BTreeMap::new();
    for reference in template.references() {
        let root = reference
            .path
            .first()
            .map(String::as_str)
            .unwrap_or_default();
        let on_demand = roots.iter().any(|each| each == root);
        if reference.local && !on_demand && values.child(root).is_none() {
            continue;
        }
        let mut name = reference.path.join(".");
        if reference.computed {
            name.push_str(".*");
        }
        let provider = match values.at(&reference.path) {
            _ if on_demand => Provider::Host,
            Some(node) => Provider::Values(node.origin.clone()),
            None => Provider::Nobody,
        };
        let variable = found.entry(name.clone()).or_insert_with(|| Variable {
            name,
            provider,
            optional: true,
            places: Vec::new(),
        });
        variable.optional &= reference.optional;
        variable.places.push(reference.location);
    }
    found.into_values().collect()
}

/// What made a part of a line of an output.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Made {
    /// The part of the template.
    pub location: Location,
    /// The variables it names, with where their values came from when the values gave them.
    pub values: Vec<(String, Option<Origin>)>,
}

/// Tells what made a line of an output, counted from 1, part by part: `stencil explain`. Nothing
/// when the output was rendered without its map, or has no such line.
pub fn made(template: &dyn Template, rendered: &Rendered, values: &Node, line: usize) -> Vec<Made> {
    let Some(map) = &rendered.map else {
        return Vec::new();
    };
    let references = template.references();
    let spans = map.line(&rendered.text, line).into_iter();
    spans
        .map(|span| {
            let inside = references.iter().filter(|each| {
                each.location.name == span.source.name()
                    && span.range.contains(&each.location.span.start)
            });
            let named = inside.map(|each| {
                let origin = values.at(&each.path).map(|node| node.origin.clone());
                (each.path.join("."), origin)
            });
            Made {
                values: named.collect(),
                location: Location::new(&span.source, span.range.clone()),
            }
        })
        .collect()
}

/// Returns a warning for every value that was given but that no template names: most likely a slip
/// of the pen. A map counts as named when something in it is, or the whole of it.
pub fn unused(templates: &[&dyn Template], values: &Node) -> Vec<Diagnostic> {
    let references: Vec<Reference> = templates
        .iter()
        .flat_map(|template| template.references())
        .collect();
    let mut warnings = Vec::new();
    walk(values, &mut Vec::new(), &references, &mut warnings);
    warnings
}

fn walk(
    node: &Node,
    path: &mut Vec<String>,
    references: &[Reference],
    warnings: &mut Vec<Diagnostic>,
) {
    let Content::Map(entries) = &node.content else {
        return;
    };
    for (name, child) in entries {
        path.push(name.clone());
        let whole = references
            .iter()
            .any(|each| path.starts_with(&each.path) && !each.path.is_empty());
        let within = references.iter().any(|each| each.path.starts_with(path));
        if within && !whole {
            walk(child, path, references, warnings);
        } else if !whole {
            let names = references.iter().filter_map(|each| {
                let same = each.path.get(..path.len() - 1) == path.get(..path.len() - 1);
                each.path
                    .get(path.len() - 1)
                    .filter(|_| same)
                    .map(String::as_str)
            });
            let warning = Diagnostic::warning(format!(
                "the value `{}` is used by no template",
                path.join(".")
            ));
            let warning = warning.note(format!("it comes from {}", child.origin));
            warnings.push(match crate::diagnostic::closest(name, names) {
                Some(close) => warning.hint(format!("did you mean `{close}`?")),
                None => warning,
            });
        }
        path.pop();
    }
}
