//! Templates that call one another: each is written out where it is called.

use std::ops::Range;

use gotemplate::node::{Expr, Invocation, Pipe};

use crate::translate::expression::{Operand, Told, span};
use crate::translate::scope::{Binding, Scope};
use crate::translate::statement::{NESTING, PIECES, Walk};
use crate::translate::term::{Kind, Term};

impl<'t> Walk<'t> {
    /// `template "name" pipe`
    pub(super) fn invoke(&mut self, call: &'t Invocation) -> Result<(), Told> {
        let name = call.name.to_str().into_owned();
        self.called.insert(name.clone());
        let binding = match &call.pipe {
            None => Binding::Term(Term::atom("none", Kind::Nil)),
            Some(pipe) => match self.scope_of(pipe) {
                Binding::Unknown => self.binding(Operand::Piped(&pipe.commands), "dot")?,
                binding => binding,
            },
        };
        self.write_out(&name, binding, span(call.pos))
    }

    /// `include "name" dot` within an expression: what it prints is set before.
    pub(super) fn include(
        &mut self,
        template: Operand<'t>,
        dot: Operand<'t>,
        place: Range<usize>,
    ) -> Result<Term, Told> {
        let Some(name) = template.constant_text() else {
            return self.refuse(
                place,
                "`include` with a name that is computed has no counterpart in Tera",
                Some("`render_file` renders a template whose name is computed"),
            );
        };
        self.called.insert(name.clone());
        let binding = self.binding(dot, "dot")?;
        let part = self.names.take("part", false);
        self.state(format!("set {part}"));
        let said = self.write_out(&name, binding, place);
        self.state("endset");
        said?;
        Ok(Term::atom(part, Kind::Text))
    }

    /// Writes the body of a template where it is called.
    pub(super) fn write_out(
        &mut self,
        name: &str,
        dot: Binding,
        place: Range<usize>,
    ) -> Result<(), Told> {
        let Some(defined) = self.defined.get(name).copied() else {
            return self.refuse(
                place,
                &format!("template `{name}` is not defined in this text"),
                Some("`{% include \"file\" %}` takes in a file, with the same values"),
            );
        };
        if self.calling.iter().any(|calling| calling == name) {
            return self.refuse(
                place,
                "a template that calls itself has no counterpart in Tera",
                None,
            );
        }
        if self.calling.len() >= NESTING || self.pieces.len() > PIECES {
            return self.refuse(
                place,
                "the templates that are called within one another are too many to be written out",
                None,
            );
        }
        self.calling.push(name.to_owned());
        let inner = Scope::new(dot);
        let scope = std::mem::replace(&mut self.scope, inner);
        let tag = std::mem::replace(&mut self.tag, defined.tag);
        self.list(defined.body);
        let end = self.tags.get(self.tag).map_or(0, |tag| tag.outer.start);
        self.gap(self.tag, end);
        self.tag = tag;
        self.scope = scope;
        self.calling.pop();
        Ok(())
    }
}

/// Returns the name and the dot of `{{ include "name" dot }}` and nothing else.
pub(super) fn included(pipe: &Pipe) -> Option<(String, Operand<'_>)> {
    let [command] = pipe.commands.as_slice() else {
        return None;
    };
    match command.args.as_slice() {
        [Expr::Identifier(_, name), template, dot] if name.as_ref() == "include" => Some((
            Operand::Written(template).constant_text()?,
            Operand::Written(dot),
        )),
        _ => None,
    }
}
