//! `if`, `with`, and what follows them.

use std::ops::Range;

use gotemplate::node::{Branch, Node};

use crate::translate::expression::{Told, Want, span};
use crate::translate::piece::{Piece, Shape};
use crate::translate::scope::{Binding, Scope};
use crate::translate::statement::Walk;
use crate::translate::term::{Kind, Term};

impl<'t> Walk<'t> {
    /// `if`, `with` and what follows them by `else`.
    pub(super) fn choice(&mut self, branch: &'t Branch, with: bool) {
        let outer = self.step();
        let dot = self.scope.dot.clone();
        let condition = self.condition(branch, with);
        // a variable of the condition is there in all that follows
        let before = Scope {
            dot,
            ..self.scope.clone()
        };
        self.open("if", &condition, &outer, with);
        self.list(&branch.body);
        self.scope = before;
        let mut ends = usize::from(condition.is_ok());
        self.rest(branch, condition.is_ok(), &mut ends);
        self.end(ends);
    }

    /// What follows the first body.
    pub(super) fn rest(&mut self, branch: &'t Branch, said: bool, ends: &mut usize) {
        let Some(otherwise) = &branch.otherwise else {
            return;
        };
        let Some(inner) = self.chained(otherwise, self.tag) else {
            let outer = self.step();
            if said {
                self.state("else");
            } else {
                self.keep(&outer);
            }
            self.list(otherwise);
            return;
        };
        let with = matches!(otherwise.nodes.first(), Some(Node::With(_)));
        let outer = self.step();
        let dot = self.scope.dot.clone();
        let at = self.pieces.len();
        let condition = self.condition(inner, with);
        let before = Scope {
            dot,
            ..self.scope.clone()
        };
        let nested = self.pieces.len() > at;
        if nested && said {
            // what has to be set first needs a place of its own
            self.pieces
                .insert(at, Piece::Code(Shape::Statement, "else".to_owned()));
        }
        if condition.is_ok() {
            *ends += usize::from(!said || nested);
        }
        let word = if said && !nested { "elif" } else { "if" };
        self.open(word, &condition, &outer, with);
        self.list(&inner.body);
        self.scope = before;
        self.rest(inner, condition.is_ok() || said && !nested, ends);
    }

    /// Says what a body depends on, and what the dot is in it; the tag stays as it is where that
    /// cannot be said.
    fn open(
        &mut self,
        word: &str,
        condition: &Result<(Term, Option<Binding>), Told>,
        outer: &Range<usize>,
        with: bool,
    ) {
        if let Ok((condition, dot)) = condition {
            self.state(format!("{word} {}", condition.text));
            if let Some(dot) = dot {
                self.scope.dot = dot.clone();
            }
        } else {
            self.keep(outer);
            if with {
                self.scope.dot = Binding::Unknown;
            }
        }
    }

    pub(super) fn end(&mut self, ends: usize) {
        self.step();
        for _ in 0..ends {
            self.state("endif");
        }
    }

    /// Returns the condition of a branch, and what the dot becomes.
    pub(super) fn condition(
        &mut self,
        branch: &'t Branch,
        with: bool,
    ) -> Result<(Term, Option<Binding>), Told> {
        let pipe = &branch.pipe;
        if let Some(variable) = pipe.vars.first() {
            let known = self.scope.variables.len();
            let said = if pipe.assign {
                self.assign(pipe)
            } else {
                self.declare(pipe)
            };
            if said.is_err() {
                self.scope.variables.truncate(known);
                self.bind(&variable.name, Binding::Unknown, false, false);
                return Err(Told);
            }
            let binding = self
                .scope
                .find(&variable.name)
                .map(|found| found.binding.clone());
            return match binding {
                Some(Binding::Term(term)) => {
                    let dot = with.then(|| Binding::Term(self.kept(&term)));
                    Ok((term, dot))
                }
                Some(Binding::Root) => Ok((
                    Term::atom("true", Kind::Bool),
                    with.then_some(Binding::Root),
                )),
                _ => Err(Told),
            };
        }
        if self.alias(pipe) {
            // values are never empty where there is a template that asks
            let place = span(pipe.pos);
            return self.refuse(
                place,
                "whether there are any values cannot be asked in Tera",
                Some("ask for one of them"),
            );
        }
        let term = self.pipe(pipe, Want::Optional)?;
        if !with {
            return Ok((term, None));
        }
        if term.is_path() && !self.names.changes(&term.text) {
            let plain = Term::atom(certain(&term.text), term.kind);
            return Ok((term, Some(Binding::Term(plain))));
        }
        let term = self.name(&term);
        Ok((term.clone(), Some(Binding::Term(term))))
    }

    /// Returns what stays the same in all of a body, also where that assigns to variables.
    fn kept(&mut self, term: &Term) -> Term {
        if self.names.changes(&term.text) {
            self.name(term)
        } else {
            term.clone()
        }
    }

    /// Gives a value a name of its own.
    fn name(&mut self, term: &Term) -> Term {
        let name = self.names.take("it", false);
        self.state(format!("set {name} = {}", term.text));
        Term::atom(name, term.kind)
    }
}

/// Returns a path without the marks of what may be missing.
fn certain(path: &str) -> String {
    // no path has a backslash: every second part stands in quotes
    let parts = path.split('"').enumerate().map(|(index, part)| {
        if index % 2 == 0 {
            part.replace("?.", ".").replace("?[", "[")
        } else {
            part.to_owned()
        }
    });
    parts.collect::<Vec<_>>().join("\"")
}
