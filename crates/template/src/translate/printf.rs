//! `printf` with verbs that mean the same for every value they are right for.

use std::ops::Range;

use crate::translate::expression::{Operand, Told, Want};
use crate::translate::statement::Walk;
use crate::translate::term::{Kind, Level, Term, quoted};

/// A part of a format.
enum Part {
    Text(String),
    Verb(char),
}

impl<'t> Walk<'t> {
    pub(super) fn printf(
        &mut self,
        format: Operand<'t>,
        rest: &[Operand<'t>],
        place: Range<usize>,
    ) -> Result<Term, Told> {
        let hint = Some("`~` joins texts, and filters shape them: `{{ \"a-\" ~ n }}`");
        let Some(text) = format.constant_text() else {
            return self.refuse(
                place,
                "`printf` with a format that is computed has no counterpart in Tera",
                hint,
            );
        };
        let Some(parts) = parts(&text) else {
            let message = format!("`printf` with {} has no counterpart in Tera", quoted(&text));
            return self.refuse(place, &message, hint);
        };
        let verbs = parts
            .iter()
            .filter(|part| matches!(part, Part::Verb(_)))
            .count();
        if verbs != rest.len() {
            return self.refuse(
                place,
                "`printf` with more or fewer arguments than verbs has no counterpart in Tera",
                None,
            );
        }
        let mut terms = self.all(rest, Want::Value)?.into_iter();
        let mut made: Vec<String> = Vec::new();
        let count = parts.len();
        for part in parts {
            let verb = match part {
                Part::Text(text) => {
                    made.push(quoted(&text));
                    continue;
                }
                Part::Verb(verb) => verb,
            };
            let Some(term) = terms.next() else { continue };
            let fits = match verb {
                'd' => matches!(term.kind, Kind::Any | Kind::Whole),
                's' | 'q' => matches!(term.kind, Kind::Any | Kind::Text),
                't' => matches!(term.kind, Kind::Any | Kind::Bool),
                _ => true,
            };
            if !fits {
                let message = format!("`%{verb}` of `printf` does not fit what it is given");
                return self.refuse(place, &message, None);
            }
            self.printable(&term, place.clone())?;
            let subject = term.within(if count == 1 {
                Level::Filter
            } else {
                Level::Sign
            });
            made.push(match (verb, count) {
                ('q', _) => format!("({subject} | quote)"),
                (_, 1) => format!("({subject} | toString)"),
                _ => subject,
            });
        }
        match made.as_slice() {
            [] => Ok(Term::atom("\"\"", Kind::Text)),
            [only] => {
                let inner = only
                    .strip_prefix('(')
                    .and_then(|inner| inner.strip_suffix(')'));
                Ok(match inner {
                    Some(inner) => Term::new(inner, Level::Filter, Kind::Text),
                    None => Term::atom(only.clone(), Kind::Text),
                })
            }
            _ => Ok(Term::new(made.join(" ~ "), Level::Product, Kind::Text)),
        }
    }
}

/// Takes a format apart; nothing if it has a verb that is not simple.
fn parts(format: &str) -> Option<Vec<Part>> {
    let mut parts = Vec::new();
    let mut text = String::new();
    let mut characters = format.chars();
    while let Some(each) = characters.next() {
        if each != '%' {
            text.push(each);
            continue;
        }
        match characters.next()? {
            '%' => text.push('%'),
            verb @ ('s' | 'd' | 'v' | 'q' | 't') => {
                if !text.is_empty() {
                    parts.push(Part::Text(std::mem::take(&mut text)));
                }
                parts.push(Part::Verb(verb));
            }
            _ => return None,
        }
    }
    if !text.is_empty() {
        parts.push(Part::Text(text));
    }
    Some(parts)
}
