//! Values that know where they came from.

use std::fmt;
use std::sync::Arc;

use serde::Serialize;

use crate::source::Place;
use crate::value::{Map, Value};

mod entries;

pub use self::entries::Entries;

/// Where a value came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// A file, and where in it.
    File {
        /// The name of the file.
        #[serde(serialize_with = "as_text")]
        name: Arc<str>,
        /// The place.
        #[serde(flatten)]
        place: Place,
    },
    /// An argument such as `--set image.tag=1.2`.
    Argument(Box<Argument>),
    /// A variable of the environment.
    Environment {
        /// Its name.
        #[serde(serialize_with = "as_text")]
        name: Arc<str>,
    },
    /// Nobody gave it.
    Default,
}

/// An argument such as `--set image.tag=1.2`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Argument {
    /// The option, as `--set`.
    pub option: String,
    /// What it was given; nothing when that is not to be shown.
    pub text: String,
}

/// A value, what is inside of it, and where each part came from.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// The value.
    pub content: Content,
    /// Where it came from.
    pub origin: Origin,
}

/// What a node holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// Neither list nor map.
    Scalar(Value),
    /// Values in order.
    List(Vec<Node>),
    /// Values by name.
    Map(Entries),
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { name, place } => {
                write!(formatter, "{name}:{}:{}", place.line, place.column)
            }
            Self::Argument(argument) => {
                write!(formatter, "{} {}", argument.option, argument.text)
            }
            Self::Environment { name } => write!(formatter, "environment {name}"),
            Self::Default => formatter.write_str("default"),
        }
    }
}

impl Origin {
    /// Returns the origin of what an option was given.
    pub fn argument(option: impl Into<String>, text: impl Into<String>) -> Self {
        let (option, text) = (option.into(), text.into());
        Self::Argument(Box::new(Argument { option, text }))
    }
}

impl Node {
    /// Returns the node of a scalar.
    pub fn scalar(value: impl Into<Value>, origin: Origin) -> Self {
        Self {
            content: Content::Scalar(value.into()),
            origin,
        }
    }

    /// Returns an empty map.
    pub fn empty(origin: Origin) -> Self {
        Self {
            content: Content::Map(Entries::default()),
            origin,
        }
    }

    /// Returns `value` with one origin for all of it.
    pub fn of(value: Value, origin: &Origin) -> Self {
        let content = match value {
            Value::List(items) => Content::List(
                items
                    .into_iter()
                    .map(|item| Self::of(item, origin))
                    .collect(),
            ),
            Value::Map(map) => {
                let entries = map.into_iter();
                let entries = entries.map(|(key, value)| (key, Self::of(value, origin)));
                Content::Map(entries.collect())
            }
            scalar => Content::Scalar(scalar),
        };
        Self {
            content,
            origin: origin.clone(),
        }
    }

    /// Returns the value without origins.
    pub fn value(&self) -> Value {
        match &self.content {
            Content::Scalar(value) => value.clone(),
            Content::List(items) => Value::List(items.iter().map(Self::value).collect()),
            Content::Map(entries) => {
                let pairs = entries
                    .iter()
                    .map(|(key, node)| (key.to_string(), node.value()));
                Value::from(pairs.collect::<Map>())
            }
        }
    }

    /// Returns the entries of a map.
    pub fn entries(&self) -> Option<&Entries> {
        match &self.content {
            Content::Map(entries) => Some(entries),
            _ => None,
        }
    }

    /// Returns the child called `name`: a key of a map, a number of a list.
    pub fn child(&self, name: &str) -> Option<&Node> {
        match &self.content {
            Content::Scalar(_) => None,
            Content::List(items) => items.get(name.parse::<usize>().ok()?),
            Content::Map(entries) => entries.get(name),
        }
    }

    /// Returns the node at `path`.
    pub fn at<S: AsRef<str>>(&self, path: &[S]) -> Option<&Node> {
        path.iter()
            .try_fold(self, |node, name| node.child(name.as_ref()))
    }

    /// Calls `see` with the path and node of every scalar and every empty list or map.
    pub fn leaves<'a>(&'a self, see: &mut dyn FnMut(&[String], &'a Node)) {
        fn walk<'a>(
            node: &'a Node,
            path: &mut Vec<String>,
            see: &mut dyn FnMut(&[String], &'a Node),
        ) {
            match &node.content {
                Content::List(items) if !items.is_empty() => {
                    for (index, item) in items.iter().enumerate() {
                        path.push(index.to_string());
                        walk(item, path, see);
                        path.pop();
                    }
                }
                Content::Map(entries) if !entries.is_empty() => {
                    for (key, entry) in entries.iter() {
                        path.push(key.to_string());
                        walk(entry, path, see);
                        path.pop();
                    }
                }
                _ => see(path, node),
            }
        }
        walk(self, &mut Vec::new(), see);
    }
}

fn as_text<S: serde::Serializer>(text: &Arc<str>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(text)
}
