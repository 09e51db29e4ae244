//! Whole numbers, and what is counted with them.

use crate::translate::expression::{Operand, Told, Want};
use crate::translate::statement::Walk;
use crate::translate::term::{Kind, Level, Term};

type Result<T> = std::result::Result<T, Told>;

impl<'t> Walk<'t> {
    /// `int`, and what arithmetic does to its operands: Go makes whole numbers of everything.
    pub(super) fn whole(&mut self, name: &str, operand: Operand<'t>) -> Result<Term> {
        let term = self.operand(operand, Want::Value)?;
        if matches!(term.kind, Kind::Text | Kind::Nil) {
            let caveat = "a text that is no plain number is 0 in Go, an error or a number in Tera";
            self.warn(name, caveat, operand.pos());
        }
        Ok(match term.kind {
            Kind::Whole => term,
            _ => term.through("int", Kind::Whole),
        })
    }

    fn wholes(&mut self, operands: &[Operand<'t>]) -> Result<Vec<Term>> {
        let terms: Vec<Result<Term>> = operands
            .iter()
            .map(|operand| self.whole("arithmetic", *operand))
            .collect();
        terms.into_iter().collect()
    }

    pub(super) fn sum(
        &mut self,
        operands: &[Operand<'t>],
        sign: &str,
        level: Level,
    ) -> Result<Term> {
        let terms = self.wholes(operands)?;
        let parts: Vec<String> = terms.iter().map(|term| term.within(Level::Sign)).collect();
        Ok(Term::new(parts.join(sign), level, Kind::Whole))
    }

    pub(super) fn divided(
        &mut self,
        name: &str,
        left: Operand<'t>,
        right: Operand<'t>,
    ) -> Result<Term> {
        let left = self.whole("arithmetic", left);
        let right = self.whole("arithmetic", right);
        let (left, right) = (left?, right?.text);
        Ok(left.through(format_args!("{name}(n={right})"), Kind::Whole))
    }

    pub(super) fn extreme(&mut self, name: &str, operands: &[Operand<'t>]) -> Result<Term> {
        let terms = self.wholes(operands)?;
        let parts: Vec<String> = terms.into_iter().map(|term| term.text).collect();
        let name = if name == "biggest" { "max" } else { name };
        let list = Term::atom(format!("[{}]", parts.join(", ")), Kind::List);
        Ok(list.through(name, Kind::Whole))
    }
}
