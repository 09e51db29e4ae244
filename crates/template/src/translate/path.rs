//! Values by their paths: `.a.b`, `$x.a`, `(pipeline).a`.

use std::ops::Range;

use gotemplate::Str;
use gotemplate::node::Expr;

use crate::translate::expression::{Operand, Told, Want};
use crate::translate::scope::Binding;
use crate::translate::statement::Walk;
use crate::translate::term::{Kind, Term, is_name, quoted};

impl<'t> Walk<'t> {
    /// Returns what a binding stands for by itself.
    pub(super) fn bound(&mut self, binding: &Binding, place: Range<usize>) -> Result<Term, Told> {
        match binding {
            Binding::Term(term) => Ok(term.clone()),
            Binding::Unknown => Err(Told),
            Binding::Root => self.refuse(
                place,
                "all values at once have no name in Tera",
                Some("name those that are needed"),
            ),
        }
    }

    pub(super) fn path(
        &mut self,
        base: &Binding,
        fields: &[Str],
        want: Want,
        place: Range<usize>,
    ) -> Result<Term, Told> {
        let Some((first, rest)) = fields.split_first() else {
            return self.bound(base, place);
        };
        // Helm has the values below a name of its own
        if self.helm && *base == Binding::Root && &*first.to_str() == "Values" {
            let Some((first, rest)) = rest.split_first() else {
                return self.bound(base, place);
            };
            return self.below_root(first, rest, want, place);
        }
        let (mut text, below) = match base {
            Binding::Unknown => return Err(Told),
            Binding::Root => return self.below_root(first, rest, want, place),
            Binding::Term(term) if term.is_path() => (term.text.clone(), fields),
            Binding::Term(term) => return Ok(Self::got(term.clone(), fields, want)),
        };
        add_fields(&mut text, below, want);
        Ok(Term::atom(text, Kind::Any))
    }

    /// Returns a value by its path from the root.
    fn below_root(
        &mut self,
        first: &Str,
        rest: &[Str],
        want: Want,
        place: Range<usize>,
    ) -> Result<Term, Told> {
        let root = first.to_str();
        if !is_name(&root) {
            return self.refuse(
                place,
                &format!("`{root}` cannot name a value in Tera"),
                Some("rename it among the values"),
            );
        }
        if &*root == "duat" && rest.len() > 1 {
            return self.refuse(
                place,
                "`duat.gitURL` is a text in Tera, without parts",
                Some("take it apart: `{{ duat.gitURL | url_parse | get(key=\"host\") }}`"),
            );
        }
        let mut text = root.into_owned();
        add_fields(&mut text, rest, want);
        Ok(Term::atom(text, Kind::Any))
    }

    /// Asks a value that has no name for fields.
    fn got(term: Term, fields: &[Str], want: Want) -> Term {
        let below = |term: Term, field: &Str| term.below(&quoted(&field.to_str()), want);
        fields.iter().fold(term, below)
    }

    /// `(pipeline).field`
    pub(super) fn chain(
        &mut self,
        inner: &'t Expr,
        fields: &[Str],
        want: Want,
        place: Range<usize>,
    ) -> Result<Term, Told> {
        let Expr::Pipe(pipe) = inner else {
            let term = self.operand(Operand::Written(inner), want)?;
            return Ok(Self::got(term, fields, want));
        };
        let last = pipe
            .commands
            .last()
            .and_then(|command| command.args.first());
        let name = match last {
            Some(Expr::Identifier(_, name)) => name.as_ref(),
            _ => "",
        };
        let Some((field, rest)) = fields.split_first() else {
            return Err(Told);
        };
        let field = field.to_str();
        let (term, rest) = match name {
            "split"
                if field.starts_with('_')
                    && field.get(1..).is_some_and(|n| n.parse::<u32>().is_ok()) =>
            {
                let Some((command, before)) = pipe.commands.split_last() else {
                    return Err(Told);
                };
                let mut operands: Vec<Operand<'t>> =
                    command.args.iter().skip(1).map(Operand::Written).collect();
                if !before.is_empty() {
                    operands.push(Operand::Piped(before));
                }
                let parts = self.call("splitList", &operands, place, Want::Value)?;
                let number = field.get(1..).unwrap_or_default();
                let part = parts.through(format_args!("nth(n={number})"), Kind::Text);
                (part, rest)
            }
            "semver" => {
                let part = match &*field {
                    "Major" | "Minor" | "Patch" | "Prerelease" => field.to_lowercase(),
                    _ => {
                        return self.refuse(
                            place,
                            &format!("`{field}` of a version has no counterpart in Tera"),
                            None,
                        );
                    }
                };
                let Some((command, before)) = pipe.commands.split_last() else {
                    return Err(Told);
                };
                let operand = match (command.args.get(1), before) {
                    (Some(argument), _) => Operand::Written(argument),
                    (None, before) => Operand::Piped(before),
                };
                let version = self.operand(operand, Want::Value)?;
                let filter = format_args!("semver | get(key=\"{part}\")");
                (version.through(filter, Kind::Any), rest)
            }
            "urlParse" | "now" | "toDate" | "duration" => {
                return self.refuse(
                    place,
                    &format!("the parts of what `{name}` gives have other names in Tera"),
                    None,
                );
            }
            _ => (self.operand(Operand::Written(inner), want)?, fields),
        };
        Ok(Self::got(term, rest, want))
    }
}

/// Puts fields behind a path.
fn add_fields(text: &mut String, fields: &[Str], want: Want) {
    for field in fields {
        let field = field.to_str();
        let mark = if want == Want::Optional { "?" } else { "" };
        if is_name(&field) {
            text.push_str(&format!("{mark}.{field}"));
        } else {
            text.push_str(&format!("{mark}[{}]", quoted(&field)));
        }
    }
}
