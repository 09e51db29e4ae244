//! Operands and pipelines.

use std::ops::Range;

use gotemplate::node::{Command, Expr, Pipe, Pos};
use gotemplate::{Number, Str};

use crate::translate::scope::Binding;
use crate::translate::statement::Walk;
use crate::translate::term::{Kind, Level, Term, quoted};

/// What has been told already.
#[derive(Clone, Copy, Debug)]
pub(super) struct Told;

/// Whether a value may be missing where it is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Want {
    Value,
    Optional,
}

/// An argument: written down, or what the pipeline before gives.
#[derive(Clone, Copy)]
pub(super) enum Operand<'t> {
    Written(&'t Expr),
    Piped(&'t [Command]),
}

/// How deep expressions may nest: Tera reads no deeper ones.
pub(super) const DEPTH: usize = 40;

pub(super) fn span(pos: Pos) -> Range<usize> {
    pos.start..pos.end.max(pos.start + 1)
}

impl<'t> Operand<'t> {
    pub(super) fn pos(&self) -> Range<usize> {
        match self {
            Self::Written(expression) => span(expression.pos()),
            Self::Piped(commands) => match (commands.first(), commands.last()) {
                (Some(first), Some(last)) => first.pos.start..last.pos.end.max(first.pos.start + 1),
                _ => 0..0,
            },
        }
    }

    /// Looks through parentheses and single commands.
    fn plain(self, depth: usize) -> Option<&'t Expr> {
        let commands = match self {
            Self::Written(Expr::Pipe(pipe)) if pipe.vars.is_empty() => pipe.commands.as_slice(),
            Self::Written(expression) => return Some(expression),
            Self::Piped(commands) => commands,
        };
        let [Command { args, .. }] = commands else {
            return None;
        };
        let [only] = args.as_slice() else { return None };
        if depth > DEPTH {
            return None;
        }
        Self::Written(only).plain(depth + 1)
    }

    pub(super) fn is_nil(self) -> bool {
        matches!(self.plain(0), Some(Expr::Nil(_)))
    }

    /// Returns the text of a string that is written down.
    pub(super) fn constant_text(self) -> Option<String> {
        match self.plain(0)? {
            Expr::String(_, _, text) => Some(text.to_str().into_owned()),
            _ => None,
        }
    }

    /// Returns a whole number that is written down.
    pub(super) fn constant_whole(self) -> Option<i64> {
        match self.plain(0)? {
            Expr::Number(_, number) if number.complex.is_none() => number.int,
            _ => None,
        }
    }
}

impl<'t> Walk<'t> {
    /// Returns what a pipeline gives.
    pub(super) fn pipe(&mut self, pipe: &'t Pipe, want: Want) -> Result<Term, Told> {
        self.commands(&pipe.commands, want, span(pipe.pos))
    }

    pub(super) fn commands(
        &mut self,
        commands: &'t [Command],
        want: Want,
        place: Range<usize>,
    ) -> Result<Term, Told> {
        self.depth += 1;
        let result = if self.depth > DEPTH {
            self.refuse(
                place,
                "the expression nests too deep for Tera",
                Some("take it apart with variables"),
            )
        } else {
            match commands.split_last() {
                None => Err(Told),
                Some((last, [])) => self.command(last, None, want),
                Some((last, before)) => self.command(last, Some(Operand::Piped(before)), want),
            }
        };
        self.depth -= 1;
        result
    }

    fn command(
        &mut self,
        command: &'t Command,
        piped: Option<Operand<'t>>,
        want: Want,
    ) -> Result<Term, Told> {
        let Some((first, rest)) = command.args.split_first() else {
            return Err(Told);
        };
        if let Expr::Identifier(pos, name) = first {
            let mut operands: Vec<Operand<'t>> = rest.iter().map(Operand::Written).collect();
            operands.extend(piped);
            return self.call(name, &operands, span(*pos), want);
        }
        if rest.is_empty() && piped.is_none() {
            return self.operand(Operand::Written(first), want);
        }
        self.refuse(
            span(command.pos),
            "a value that is called as a function has no counterpart in Tera",
            None,
        )
    }

    /// Returns all arguments; every problem is told before one ends it.
    pub(super) fn all(&mut self, operands: &[Operand<'t>], want: Want) -> Result<Vec<Term>, Told> {
        let terms: Vec<Result<Term, Told>> = operands
            .iter()
            .map(|operand| self.operand(*operand, want))
            .collect();
        terms.into_iter().collect()
    }

    /// Returns an argument.
    pub(super) fn operand(&mut self, operand: Operand<'t>, want: Want) -> Result<Term, Told> {
        let place = operand.pos();
        let expression = match operand {
            Operand::Piped(commands) => return self.commands(commands, want, place),
            Operand::Written(expression) => expression,
        };
        match expression {
            Expr::Bool(_, flag) => Ok(Term::atom(flag.to_string(), Kind::Bool)),
            Expr::Nil(_) => Ok(Term::atom("none", Kind::Nil)),
            Expr::Number(_, number) => self.number(number, place),
            Expr::String(_, _, text) => self.text(text, place),
            Expr::Identifier(_, name) => self.call(name, &[], place, want),
            Expr::Dot(_) => {
                let dot = self.scope.dot.clone();
                self.bound(&dot, place)
            }
            Expr::Field(_, fields) => {
                let dot = self.scope.dot.clone();
                self.path(&dot, fields, want, place)
            }
            Expr::Variable(variable) => {
                let binding = self
                    .scope
                    .find(&variable.name)
                    .map(|found| found.binding.clone());
                self.path(
                    &binding.unwrap_or(Binding::Unknown),
                    &variable.fields,
                    want,
                    place,
                )
            }
            Expr::Chain(_, inner, fields) => self.chain(inner, fields, want, place),
            Expr::Pipe(pipe) if pipe.vars.is_empty() => self.pipe(pipe, want),
            Expr::Pipe(pipe) => self.refuse(
                span(pipe.pos),
                "a variable is declared within an expression",
                Some("give it an action of its own before"),
            ),
        }
    }

    fn number(&mut self, number: &Number, place: Range<usize>) -> Result<Term, Told> {
        let sign = |text: String, kind| {
            let level = if text.starts_with('-') {
                Level::Sign
            } else {
                Level::Atom
            };
            Ok(Term::new(text, level, kind))
        };
        // whether a text is a whole number in Go is told by how it is written
        let fraction = !number.text.starts_with(['\'', '0'])
            && number.text.contains(['.', 'e', 'E', 'p', 'P'])
            || number.text.starts_with("0.");
        match (number.complex, number.int, number.float) {
            (None, Some(whole), _) if !fraction && whole != i64::MIN => {
                sign(whole.to_string(), Kind::Whole)
            }
            (None, _, Some(float)) if float.is_finite() && fraction => {
                let text = format!("{float}");
                let point = if text.contains('.') { "" } else { ".0" };
                sign(format!("{text}{point}"), Kind::Float)
            }
            _ => self.refuse(place, "the number cannot be written in Tera", None),
        }
    }

    fn text(&mut self, text: &Str, place: Range<usize>) -> Result<Term, Told> {
        match std::str::from_utf8(text) {
            Ok(text) => Ok(Term::atom(quoted(text), Kind::Text)),
            Err(_) => self.refuse(
                place,
                "the string is not UTF-8, which Tera cannot write",
                None,
            ),
        }
    }
}
