//! An expression of Tera, with what must be known to put it into another.

use std::fmt::Display;

use crate::translate::expression::Want;

/// An expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Term {
    pub(super) text: String,
    /// How tightly its outermost operator binds.
    pub(super) level: Level,
    pub(super) kind: Kind,
}

/// How tightly operators bind, the loosest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    /// `a if b else c`
    Choice,
    Or,
    And,
    Not,
    Comparison,
    Sum,
    Product,
    Filter,
    Sign,
    Atom,
}

/// What is known of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Any,
    Text,
    Whole,
    Float,
    Bool,
    List,
    Map,
    /// A time: only functions make something of it.
    Date,
    Nil,
}

impl Term {
    pub(super) fn new(text: impl Into<String>, level: Level, kind: Kind) -> Self {
        Self {
            text: text.into(),
            level,
            kind,
        }
    }

    pub(super) fn atom(text: impl Into<String>, kind: Kind) -> Self {
        Self::new(text, Level::Atom, kind)
    }

    /// Returns its text for a place that binds as tightly as `level`.
    pub(super) fn within(&self, level: Level) -> String {
        if self.level >= level {
            self.text.clone()
        } else {
            format!("({})", self.text)
        }
    }

    /// Returns what a filter makes of it.
    pub(super) fn through(&self, filter: impl Display, kind: Kind) -> Self {
        let subject = self.within(Level::Filter);
        Self::new(format!("{subject} | {filter}"), Level::Filter, kind)
    }

    /// Returns what stands below it, by a key as Tera writes it.
    pub(super) fn below(&self, key: &str, want: Want) -> Self {
        let default = match want {
            Want::Optional => ", default=none",
            Want::Value => "",
        };
        self.through(format_args!("get(key={key}{default})"), Kind::Any)
    }

    /// Tells whether a name can be put behind it with a dot.
    pub(super) fn is_path(&self) -> bool {
        let legal = |each: char| each.is_alphanumeric() || "_.?[]\"".contains(each);
        let word = |each: char| each.is_ascii_alphabetic() || each == '_';
        self.level == Level::Atom
            && self.text.starts_with(word)
            && self.text.chars().all(legal)
            && !matches!(self.kind, Kind::Bool | Kind::Nil)
    }
}

/// Returns a text as Tera writes it.
pub(super) fn quoted(text: &str) -> String {
    let mut written = String::with_capacity(text.len() + 2);
    written.push('"');
    for each in text.chars() {
        match each {
            '"' => written.push_str("\\\""),
            '\\' => written.push_str("\\\\"),
            '\n' => written.push_str("\\n"),
            '\r' => written.push_str("\\r"),
            '\t' => written.push_str("\\t"),
            other => written.push(other),
        }
    }
    written.push('"');
    written
}

/// Words that name no variable in Tera.
const RESERVED: [&str; 27] = [
    "True",
    "False",
    "None",
    "and",
    "block",
    "break",
    "component",
    "continue",
    "elif",
    "else",
    "endif",
    "extends",
    "false",
    "filter",
    "for",
    "if",
    "in",
    "include",
    "is",
    "loop",
    "none",
    "not",
    "null",
    "or",
    "self",
    "set",
    "true",
];

/// Tells whether `name` can name a variable in Tera.
pub(super) fn is_name(name: &str) -> bool {
    let start = |each: char| each.is_ascii_alphabetic() || each == '_';
    name.starts_with(start)
        && name
            .chars()
            .all(|each| each.is_ascii_alphanumeric() || each == '_')
        && !name.starts_with("__")
        && !RESERVED.contains(&name)
}
