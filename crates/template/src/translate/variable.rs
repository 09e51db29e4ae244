//! Variables: declared, assigned, or other names for what has one.

use gotemplate::node::{Expr, Pipe};

use crate::translate::expression::{Operand, Told, Want, span};
use crate::translate::scope::{Binding, Variable};
use crate::translate::statement::Walk;
use crate::translate::term::{Kind, Term};

impl<'t> Walk<'t> {
    /// `$x := pipe`, `$x = pipe`
    pub(super) fn assign(&mut self, pipe: &'t Pipe) -> Result<(), Told> {
        let [variable] = pipe.vars.as_slice() else {
            return Err(Told);
        };
        let place = span(variable.pos);
        if pipe.assign {
            let found = self.scope.find(&variable.name).cloned();
            let Some(Variable {
                binding: Binding::Term(known),
                turns,
                global,
                ..
            }) = found
            else {
                return self.refuse(
                    place,
                    "this variable cannot be assigned to in Tera",
                    Some("declare another one"),
                );
            };
            if turns || variable.name.as_ref() == "$" {
                return self.refuse(
                    place,
                    "what a loop sets cannot be assigned to in Tera",
                    Some("declare another variable"),
                );
            }
            let term = self.pipe(pipe, Want::Optional)?;
            let word = if global { "set_global" } else { "set" };
            self.state(format!("{word} {} = {}", known.text, term.text));
            return Ok(());
        }
        let declared = self.declare(pipe);
        if declared.is_err() {
            // what is said of it later has been told
            self.bind(&variable.name, Binding::Unknown, false, false);
        }
        declared
    }

    pub(super) fn declare(&mut self, pipe: &'t Pipe) -> Result<(), Told> {
        let Some(variable) = pipe.vars.first() else {
            return Ok(());
        };
        let assigned = self.names.is_assigned(&variable.name);
        if !assigned && self.alias(pipe) {
            let binding = self.scope_of(pipe);
            self.bind(&variable.name, binding, false, false);
            return Ok(());
        }
        let term = self.pipe(pipe, Want::Optional)?;
        if term.kind == Kind::Nil {
            return self.refuse(span(pipe.pos), "a variable cannot hold nil in Tera", None);
        }
        let global = assigned && self.in_loops();
        let name = self.names.take(&variable.name, assigned);
        let word = if global { "set_global" } else { "set" };
        self.state(format!("{word} {name} = {}", term.text));
        // what is assigned to it may be of any kind
        let kind = if assigned { Kind::Any } else { term.kind };
        self.bind(
            &variable.name,
            Binding::Term(Term::atom(name, kind)),
            false,
            global,
        );
        Ok(())
    }

    /// Tells whether the text has loops at all.
    pub(super) fn in_loops(&self) -> bool {
        self.tags.iter().any(|tag| {
            self.source
                .slice(&tag.inner)
                .trim_start()
                .starts_with("range")
        })
    }

    /// Tells whether a pipeline is nothing but a name for all values.
    pub(super) fn alias(&self, pipe: &Pipe) -> bool {
        matches!(self.scope_of(pipe), Binding::Root)
    }

    pub(super) fn scope_of(&self, pipe: &Pipe) -> Binding {
        let only = match pipe.commands.as_slice() {
            [command] if command.args.len() == 1 => command.args.first(),
            _ => None,
        };
        only.and_then(|only| self.named(only))
            .unwrap_or(Binding::Unknown)
    }

    /// Returns what has a name already, and may be all values: `.`, a variable, and Helm's `.Values`.
    fn named(&self, expression: &Expr) -> Option<Binding> {
        let (base, fields) = match expression {
            Expr::Dot(_) => (self.scope.dot.clone(), &[][..]),
            Expr::Field(_, fields) => (self.scope.dot.clone(), fields.as_slice()),
            Expr::Variable(variable) => {
                let found = self.scope.find(&variable.name);
                let binding = found.map_or(Binding::Unknown, |found| found.binding.clone());
                (binding, variable.fields.as_slice())
            }
            _ => return None,
        };
        match fields {
            [] => Some(base),
            [only] if self.helm && base == Binding::Root && &*only.to_str() == "Values" => {
                Some(base)
            }
            _ => None,
        }
    }

    pub(super) fn bind(&mut self, name: &str, binding: Binding, turns: bool, global: bool) {
        self.scope.variables.push(Variable {
            name: name.to_owned(),
            binding,
            turns,
            global,
        });
    }

    /// Returns what a pipeline gives as something with a name, set before if it has none.
    pub(super) fn binding(&mut self, operand: Operand<'t>, wanted: &str) -> Result<Binding, Told> {
        if let Operand::Written(expression) = operand
            && let Some(binding) = self.named(expression)
        {
            return Ok(binding);
        }
        let term = self.operand(operand, Want::Optional)?;
        if term.is_path() {
            return Ok(Binding::Term(term));
        }
        let name = self.names.take(wanted, false);
        self.state(format!("set {name} = {}", term.text));
        Ok(Binding::Term(Term::atom(name, term.kind)))
    }
}
