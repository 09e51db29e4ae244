//! What a template names and what it is given: `stencil vars`, what made a line of an output, and
//! values that nobody asked for.

use serde::Serialize;

use crate::diagnostic::{Location, closest};
use crate::dialect::turns::resolve;
use crate::engine::{Host, Reference, Rendered, Template};
use crate::layer::{Explained, Layers};
use crate::node::{Content, Node, Origin};
use crate::secret::Redactor;

/// A variable as a template names it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Variable {
    /// Its path, with dots.
    pub name: String,
    /// Who gives it.
    pub provider: Provider,
    /// Whether the template takes care that it may be undefined there.
    pub optional: bool,
    /// Where it stands.
    pub location: Location,
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

/// Returns every variable that the template does not set itself, in order of appearance. Nothing is
/// looked up.
pub fn variables(template: &dyn Template, values: &Node, host: &dyn Host) -> Vec<Variable> {
    let roots = host.roots();
    let references = template.references().into_iter();
    let given = references.filter(|reference| !reference.local);
    given
        .map(|reference| {
            let root = reference.path.first();
            let provider = match values.at(&reference.path) {
                _ if root.is_some_and(|root| roots.contains(root)) => Provider::Host,
                Some(node) => Provider::Values(node.origin.clone()),
                None => Provider::Nobody,
            };
            let more = if reference.computed { "[…]" } else { "" };
            let name = match reference.path.as_slice() {
                [] => ".".to_owned(), // all of the values
                path => path.join("."),
            };
            Variable {
                name: name + more,
                provider,
                optional: reference.optional,
                location: reference.location,
            }
        })
        .collect()
}

/// What made a part of a line of an output.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Made {
    /// The part of the template.
    pub location: Location,
    /// The first line of what stands there.
    pub text: String,
    /// The values that it names.
    pub values: Vec<Named>,
}

/// A value that a part of a template names.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Named {
    /// How the template calls it, where that is not its path: the name that a loop gives.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variable: Option<String>,
    /// The value; of a list or a map one of its elements.
    #[serde(flatten)]
    pub value: Explained,
}

/// Tells what made a line of an output, counted from 1, part by part: `stencil explain`. Nothing
/// when the output was rendered without its map, or has no such line.
pub fn made(
    template: &dyn Template,
    rendered: &Rendered,
    layers: &Layers,
    secrets: &Redactor,
    line: usize,
) -> Vec<Made> {
    let Some(map) = &rendered.map else {
        return Vec::new();
    };
    let references = template.references();
    let known = layers.explained(secrets);
    let spans = map.line(&rendered.text, line).into_iter();
    spans
        .map(|span| {
            let inside = references.iter().filter(|each| {
                each.location.name == span.source.name()
                    && span.range.start <= each.location.span.start
                    && each.location.span.end <= span.range.end
            });
            let mut values: Vec<Named> = Vec::new();
            for reference in inside {
                let root = reference.path.first();
                let turned = span.turns.iter().any(|turn| Some(&turn.name) == root);
                let path = resolve(&reference.path, span.turns.iter().rev());
                let Some(path) = path.filter(|_| turned || !reference.local) else {
                    continue;
                };
                let called = || span.source.slice(&reference.location.span);
                let variable = turned.then(|| secrets.redact(called()));
                let below = known.iter().filter(|(each, _)| each.starts_with(&path));
                values.extend(below.map(|(_, value)| Named {
                    variable: variable.clone(),
                    value: value.clone(),
                }));
            }
            let text = span.source.slice(&span.range).lines().next();
            Made {
                text: secrets.redact(text.unwrap_or_default()),
                values,
                location: Location::new(&span.source, span.range),
            }
        })
        .collect()
}

/// A value that was given but that no template names: most likely a slip of the pen.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Unused {
    /// Its path, with dots.
    pub path: String,
    /// Where it came from.
    pub origin: Origin,
    /// A name that a template asks for in its place, and that is much like it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub meant: Option<String>,
}

/// Returns every value that none of `references` names. A map counts as named when something in it
/// is, or the whole of it.
pub fn unused(references: &[Reference], values: &Node) -> Vec<Unused> {
    let given = references.iter().filter(|reference| !reference.local);
    let paths: Vec<&[String]> = given.map(|reference| reference.path.as_slice()).collect();
    let mut found = Vec::new();
    walk(values, values, &mut Vec::new(), &paths, &mut found);
    found
}

fn walk(
    root: &Node,
    node: &Node,
    path: &mut Vec<String>,
    references: &[&[String]],
    found: &mut Vec<Unused>,
) {
    let Content::Map(entries) = &node.content else {
        return;
    };
    for (name, child) in entries.iter() {
        path.push(name.to_string());
        let whole = references.iter().any(|each| path.starts_with(each));
        let within = references.iter().any(|each| each.starts_with(path));
        if within && !whole {
            walk(root, child, path, references, found);
        } else if !whole {
            let parent = path.get(..path.len() - 1).unwrap_or_default();
            // what a template asks for beside it, and nobody gives
            let lacking = references.iter().filter(|each| {
                each.starts_with(parent)
                    && each
                        .get(..path.len())
                        .is_some_and(|upto| root.at(upto).is_none())
            });
            let names = lacking.filter_map(|each| each.get(parent.len()).map(String::as_str));
            let meant = closest(name, names).map(str::to_owned);
            let meant = meant.map(|name| [parent, &[name]].concat().join("."));
            found.push(Unused {
                path: path.join("."),
                origin: child.origin.clone(),
                meant,
            });
        }
        path.pop();
    }
}
