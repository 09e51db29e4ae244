//! Values from many places, laid over one another.
//!
//! Layers are merged in the order in which they are added; a later one wins. Maps are merged key by
//! key, all else is replaced: lists too. `false`, `0` and the empty text are values and win like any
//! other; `null` takes away what earlier layers gave.
//!
//! The order that `stencil` adds them in: files of `--values` as they are named, the environment by
//! `--env-prefix`, then `--set` and its kin as they are named.

use std::sync::Arc;

use indexmap::IndexMap;
use serde::Serialize;

use duat::order;

use crate::diagnostic::Diagnostic;
use crate::node::{Content, Entries, Node, Origin};
use crate::read::{self, Syntax};
use crate::secret::{HIDDEN, Redactor};
use crate::source::Source;
use crate::value::Value;

mod path;

pub use path::Segment;

/// Layers of values.
#[derive(Clone, Debug, Default)]
pub struct Layers {
    changes: Vec<Change>,
}

#[derive(Clone, Debug)]
enum Change {
    Merge(Arc<Node>),
    Assign(Vec<Segment>, Node),
}

/// What is told of one value: `stencil values --explain`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Explained {
    /// Its path, with dots and brackets.
    pub path: String,
    /// The value as JSON; hidden when it is secret.
    pub value: String,
    /// Where it came from.
    pub origin: Origin,
    /// What it won over, the latest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub overrides: Vec<Overridden>,
}

/// A value that another one won over.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Overridden {
    /// The value as JSON; hidden when it is secret.
    pub value: String,
    /// Where it came from.
    pub origin: Origin,
}

/// Calls with what is overwritten, and where.
type Record<'a> = dyn FnMut(&[String], &Node) + 'a;

impl Layers {
    /// Adds the values of a file.
    ///
    /// A list (a CSV file is one) becomes the value of the file's name without extension.
    pub fn file(&mut self, source: &Source, syntax: Syntax) -> Result<(), Diagnostic> {
        let node = read::read(source, syntax)?;
        match node.content {
            Content::Map(_) => self.node(node),
            Content::Scalar(Value::Null) => {}
            Content::List(_) => {
                let base = source.name().rsplit(['/', '\\']).next().unwrap_or_default();
                let name = base.split('.').next().unwrap_or_default();
                let name = if name.is_empty() || name == "-" {
                    "rows"
                } else {
                    name
                };
                self.changes
                    .push(Change::Assign(vec![Segment::Key(name.to_owned())], node));
            }
            Content::Scalar(value) => {
                let problem = format!("the values are a {}, not a map", value.kind());
                return Err(Diagnostic::error(problem).at(source, 0..1));
            }
        }
        Ok(())
    }

    /// Adds values that are made already.
    pub fn node(&mut self, mut node: Node) {
        if let Content::Map(_) = node.content {
            // it is merged with others: nobody gave the whole
            node.origin = Origin::Default;
        }
        self.changes.push(Change::Merge(Arc::new(node)));
    }

    /// Adds the predecessor's list `name=value,name=value`: texts, at the top, quotes around a value
    /// taken off.
    pub fn pairs(&mut self, text: &str) -> Result<(), Diagnostic> {
        for pair in text.split(',').filter(|pair| !pair.trim().is_empty()) {
            let Some((name, value)) = pair
                .split_once('=')
                .filter(|(name, _)| !name.trim().is_empty())
            else {
                return Err(Diagnostic::error(format!("`{pair}` is not `name=value`")));
            };
            let value = value.trim();
            let quoted = |quote| value.strip_prefix(quote)?.strip_suffix(quote);
            let value = quoted('"').or_else(|| quoted('\'')).unwrap_or(value);
            let origin = Origin::argument("--values", pair);
            let path = vec![Segment::Key(name.trim().to_owned())];
            self.changes
                .push(Change::Assign(path, Node::scalar(value, origin)));
        }
        Ok(())
    }

    /// Adds `a.b[0].c=1,d=x` as helm's `--set` reads it: `true`, `false`, `null` and whole numbers
    /// are such, all else is text; `{a,b}` is a list; a backslash takes its meaning from `,`, `.`,
    /// `=`, `[` and braces.
    pub fn set(&mut self, text: &str) -> Result<(), Diagnostic> {
        self.assign("--set", text, true)
    }

    /// Adds values as [`Layers::set`] does, but all of them are texts.
    pub fn set_string(&mut self, text: &str) -> Result<(), Diagnostic> {
        self.assign("--set-string", text, false)
    }

    /// Adds `path=JSON`.
    pub fn set_json(&mut self, text: &str) -> Result<(), Diagnostic> {
        let (path, json) =
            path::split(text).map_err(|reason| refuse("--set-json", text, &reason))?;
        let source = Source::new("--set-json", json);
        let node = read::read(&source, Syntax::Json)?;
        let origin = Origin::argument("--set-json", text);
        self.changes
            .push(Change::Assign(path, Node::of(node.value(), &origin)));
        Ok(())
    }

    /// Adds the text of a file at `path`; `name` is the file's.
    pub fn set_file(&mut self, path: &str, name: &str, text: &str) -> Result<(), Diagnostic> {
        let argument_text = format!("{path}={name}");
        let (path, _) =
            path::split(&argument_text).map_err(|reason| refuse("--set-file", path, &reason))?;
        let origin = Origin::argument("--set-file", &argument_text);
        self.changes
            .push(Change::Assign(path, Node::scalar(text, origin)));
        Ok(())
    }

    /// Adds the variables that begin with `prefix`, lower-cased, `__` between names:
    /// `APP__DB__HOST` is `db.host` for the prefix `APP__`.
    pub fn environment<'a>(
        &mut self,
        prefix: &str,
        variables: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) {
        let mut found: Vec<(&str, &str)> = variables.into_iter().collect();
        order::sort(&mut found);
        for (name, value) in found {
            let Some(rest) = name.strip_prefix(prefix).filter(|rest| !rest.is_empty()) else {
                continue;
            };
            let names = rest
                .split("__")
                .map(|part| Segment::Key(part.to_lowercase()));
            let origin = Origin::Environment { name: name.into() };
            self.changes
                .push(Change::Assign(names.collect(), Node::scalar(value, origin)));
        }
    }

    /// Adds a secret text at `path`; where it came from is told, its value never.
    pub fn secret(&mut self, path: &str, text: &str, origin: Origin) -> Result<(), Diagnostic> {
        let (path, _) = path::split(&format!("{path}="))
            .map_err(|reason| refuse("the name of a secret", path, &reason))?;
        self.changes
            .push(Change::Assign(path, Node::scalar(text, origin)));
        Ok(())
    }

    /// Returns all layers merged.
    pub fn merged(&self) -> Arc<Node> {
        match self.changes.as_slice() {
            [Change::Merge(only)] if !has_nulls(only) => Arc::clone(only),
            _ => Arc::new(self.replay(&mut |_, _| {})),
        }
    }

    /// Returns every value with where it came from and what it won over; secrets are hidden.
    pub fn explain(&self, secrets: &Redactor) -> Vec<Explained> {
        let explained = self.explained(secrets).into_iter();
        explained.map(|(_, explained)| explained).collect()
    }

    /// Returns what is told of every value, with its path.
    pub(crate) fn explained(&self, secrets: &Redactor) -> Vec<(Vec<String>, Explained)> {
        let mut lost: IndexMap<Vec<String>, Vec<Overridden>> = IndexMap::new();
        let shown = |value: &Value| {
            let text = secrets.redact(&value.printed());
            if text.contains(HIDDEN) {
                HIDDEN.to_owned()
            } else {
                secrets.redact(&value.to_string())
            }
        };
        let merged = self.replay(&mut |path, old| {
            let overridden = Overridden {
                value: shown(&old.value()),
                origin: old.origin.clone(),
            };
            lost.entry(path.to_vec()).or_default().insert(0, overridden);
        });
        let mut explained: Vec<(Vec<String>, Explained)> = Vec::new();
        merged.leaves(&mut |path, node| {
            let told = Explained {
                path: path::join(path),
                value: shown(&node.value()),
                origin: redact_origin(&node.origin, secrets),
                overrides: lost.get(path).cloned().unwrap_or_default(),
            };
            explained.push((path.to_vec(), told));
        });
        for (_, each) in &mut explained {
            for over in &mut each.overrides {
                over.origin = redact_origin(&over.origin, secrets);
            }
        }
        explained
    }

    fn assign(&mut self, option: &str, text: &str, typed: bool) -> Result<(), Diagnostic> {
        let parsed =
            path::assignments(text, typed).map_err(|reason| refuse(option, text, &reason))?;
        for (path, value) in parsed {
            let origin = Origin::argument(option, text);
            self.changes
                .push(Change::Assign(path, Node::of(value, &origin)));
        }
        Ok(())
    }

    fn replay(&self, record: &mut Record<'_>) -> Node {
        let mut root = Node::empty(Origin::Default);
        for change in &self.changes {
            match change {
                Change::Merge(node) => merge(&mut root, node, &mut Vec::new(), record),
                Change::Assign(path, node) => put(&mut root, path, node, &mut Vec::new(), record),
            }
        }
        root
    }
}

fn redact_origin(origin: &Origin, secrets: &Redactor) -> Origin {
    match origin {
        Origin::Argument(argument) => {
            Origin::argument(argument.option.as_str(), secrets.redact(&argument.text))
        }
        other => other.clone(),
    }
}

fn refuse(option: &str, text: &str, reason: &str) -> Diagnostic {
    Diagnostic::error(format!("{option} `{text}`: {reason}"))
}

fn is_null(node: &Node) -> bool {
    matches!(node.content, Content::Scalar(Value::Null))
}

fn merge(into: &mut Node, from: &Node, path: &mut Vec<String>, record: &mut Record<'_>) {
    if let (Content::Map(entries), Content::Map(more)) = (&mut into.content, &from.content) {
        for (key, node) in more.iter() {
            path.push(key.to_string());
            match entries.get_mut(key) {
                Some(old) if is_null(node) => {
                    record(path, old);
                    entries.remove(key);
                }
                Some(old) => merge(old, node, path, record),
                None if is_null(node) => {}
                None => {
                    entries.push(Arc::clone(key), without_nulls(node));
                }
            }
            path.pop();
        }
    } else {
        record(path, into);
        *into = without_nulls(from);
    }
}

/// Tells whether a map has a null to take away, as far as [`without_nulls`] looks.
fn has_nulls(node: &Node) -> bool {
    let mut entries = node.entries().into_iter().flat_map(Entries::nodes);
    entries.any(|node| is_null(node) || has_nulls(node))
}

/// A map that is new has nothing for its nulls to take away.
fn without_nulls(node: &Node) -> Node {
    match &node.content {
        Content::Map(entries) => {
            let kept = entries.iter().filter(|(_, node)| !is_null(node));
            let kept = kept.map(|(key, node)| (Arc::clone(key), without_nulls(node)));
            Node {
                content: Content::Map(kept.collect()),
                origin: node.origin.clone(),
            }
        }
        _ => node.clone(),
    }
}

fn put(
    into: &mut Node,
    path: &[Segment],
    node: &Node,
    at: &mut Vec<String>,
    record: &mut Record<'_>,
) {
    let Some((first, rest)) = path.split_first() else {
        merge_assigned(into, node, at, record);
        return;
    };
    match first {
        Segment::Key(key) => {
            if !matches!(into.content, Content::Map(_)) {
                if !is_null(into) {
                    record(at, into);
                }
                *into = Node::empty(node.origin.clone());
            }
            let Content::Map(entries) = &mut into.content else {
                return;
            };
            at.push(key.clone());
            if rest.is_empty() && is_null(node) {
                if let Some(old) = entries.remove(key) {
                    record(at, &old);
                }
            } else {
                let blank = || Node::scalar(Value::Null, node.origin.clone());
                if let Some(slot) = entries.get_or_insert_with(key, blank) {
                    put(slot, rest, node, at, record);
                }
            }
            at.pop();
        }
        Segment::Index(index) => {
            if !matches!(into.content, Content::List(_)) {
                if !is_null(into) {
                    record(at, into);
                }
                *into = Node {
                    content: Content::List(Vec::new()),
                    origin: node.origin.clone(),
                };
            }
            let Content::List(items) = &mut into.content else {
                return;
            };
            while items.len() <= *index {
                items.push(Node::scalar(Value::Null, node.origin.clone()));
            }
            at.push(index.to_string());
            if let Some(item) = items.get_mut(*index) {
                put(item, rest, node, at, record);
            }
            at.pop();
        }
    }
}

fn merge_assigned(into: &mut Node, node: &Node, at: &mut Vec<String>, record: &mut Record<'_>) {
    if is_null(into) {
        *into = without_nulls(node);
    } else {
        merge(into, node, at, record);
    }
}

#[cfg(test)]
mod tests;
