//! `range`.

use gotemplate::node::Branch;

use crate::translate::expression::{Told, Want, span};
use crate::translate::scope::Binding;
use crate::translate::statement::{NESTING, Walk};
use crate::translate::term::{Kind, Level, Term};

impl<'t> Walk<'t> {
    pub(super) fn range(&mut self, branch: &'t Branch) {
        let outer = self.step();
        let before = self.scope.clone();
        let head = self.head(branch);
        if head.is_err() {
            self.keep(&outer);
            self.scope.dot = Binding::Unknown;
            for variable in &branch.pipe.vars {
                self.bind(&variable.name, Binding::Unknown, true, false);
            }
        }
        self.list(&branch.body);
        self.scope = before;
        if let Some(otherwise) = &branch.otherwise {
            let outer = self.step();
            if head.is_ok() {
                self.state("else");
            } else {
                self.keep(&outer);
            }
            self.list(otherwise);
        }
        let outer = self.step();
        if head.is_ok() {
            self.state("endfor");
        } else {
            self.keep(&outer);
        }
    }

    /// `range` with its variables.
    pub(super) fn head(&mut self, branch: &'t Branch) -> Result<(), Told> {
        let pipe = &branch.pipe;
        let place = span(pipe.pos);
        if self.nesting > NESTING {
            return self.refuse(place, "the template nests too deep for Tera", None);
        }
        if pipe.assign {
            return self.refuse(
                place,
                "`range` into variables that are there already has no counterpart in Tera",
                Some("declare them with `:=`"),
            );
        }
        if self.alias(pipe) {
            return self.refuse(
                place,
                "all values at once cannot be gone through in Tera",
                Some("put them below a name"),
            );
        }
        let over = self.pipe(pipe, Want::Optional)?;
        if matches!(
            over.kind,
            Kind::Text | Kind::Bool | Kind::Float | Kind::Nil | Kind::Date
        ) {
            return self.refuse(place, "`range` over this has no counterpart in Tera", None);
        }
        let (key, value) = match pipe.vars.as_slice() {
            [] => (None, None),
            [value] => (None, Some(value)),
            [key, value, ..] => (Some(key), Some(value)),
        };
        let wanted = value.map_or("item", |variable| variable.name.trim_start_matches('$'));
        let wanted = if wanted.is_empty() || wanted == "_" {
            "item"
        } else {
            wanted
        };
        let item = self.names.take(wanted, false);
        let subject = over.within(Level::Filter);
        let kind = if over.kind == Kind::Whole {
            Kind::Whole
        } else {
            Kind::Any
        };
        let item_term = Term::atom(item.clone(), kind);
        let map = key.is_some_and(|key| {
            over.kind == Kind::Map || over.kind == Kind::Any && !counts(&key.name)
        });
        let mut key_term = None;
        if let (Some(key), true) = (key, map) {
            let name = self.names.take(&key.name, false);
            let filled = if over.kind == Kind::Map {
                ""
            } else {
                " | default_if_empty(with={})"
            };
            self.state(format!(
                "for {name}, {item} in {subject}{filled} | sort_keys"
            ));
            key_term = Some(Term::atom(name, Kind::Text));
        } else {
            let list = match over.kind {
                Kind::List => over.text.clone(),
                Kind::Whole => format!("range(end={})", over.text),
                _ => format!("{subject} | each"),
            };
            self.state(format!("for {item} in {list}"));
            if let Some(key) = key.filter(|key| key.name.as_ref() != "$_") {
                if over.kind == Kind::Any {
                    let caveat =
                        "over a map the first variable is a number in Tera and the key in Go";
                    self.warn("range", caveat, place);
                }
                // `loop` would be another one within a loop in this one
                let name = self.names.take(&key.name, false);
                self.state(format!("set {name} = loop.index0"));
                key_term = Some(Term::atom(name, Kind::Whole));
            }
        }
        self.scope.dot = Binding::Term(item_term.clone());
        if let Some(key) = key {
            let binding = key_term.map_or(Binding::Unknown, Binding::Term);
            self.bind(&key.name, binding, true, false);
        }
        if let Some(value) = value {
            self.bind(&value.name, Binding::Term(item_term), true, false);
        }
        Ok(())
    }
}

/// Tells whether a variable is called as what counts.
fn counts(name: &str) -> bool {
    let name = name.trim_start_matches('$');
    ["i", "j", "n", "idx", "index", "pos", "_"].contains(&name)
}
