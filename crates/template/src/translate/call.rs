//! Functions.

use std::ops::Range;

use crate::translate::expression::{Operand, Told, Want};
use crate::translate::rule::{PRINTING, Rule, find};
use crate::translate::statement::Walk;
use crate::translate::term::{Kind, Level, Term, quoted};

/// What to do instead of functions that have no counterpart.
fn advice(name: &str) -> Option<&'static str> {
    Some(match name {
        "set" | "unset" | "merge" | "mustMerge" | "mergeOverwrite" | "mustMergeOverwrite" => {
            "maps do not change in Tera: `{% set m = m | set_key(key=\"k\", to=1) %}`, `{% set m = m | merge(with=n) %}`"
        }
        "tpl" => "`render_file` renders a template whose name is computed",
        "abbrev" => "`truncate(length=…, end=\"...\")` counts without what it adds",
        "abbrevboth" | "substr" => "`substr(start=…, end=…)` counts characters",
        "splitn" | "split" => {
            "`split` gives a list: `{{ (text | split(pat=\":\"))[0] }}`, or `nth(n=0)`"
        }
        "html" => "`escape_html` writes quotes as `&quot;`",
        "wrap" | "wrapWith" => "`wrap(width=…)` breaks lines elsewhere",
        "seq" | "untilStep" => "`range(start=…, end=…, step_by=…)` gives a list",
        "keys" | "values" => "`sort_keys | keys` has an order, which Go has not",
        "typeOf" | "kindOf" | "typeIs" | "typeIsLike" => {
            "the kinds of Tera have names of their own: see `typeOf`"
        }
        "toDate" | "mustToDate" => "`toDate(format=…)` takes a format as strftime has it",
        "semver" => "`semver` gives a map with `major`, `minor`, `patch` and `prerelease`",
        _ => return None,
    })
}

impl<'t> Walk<'t> {
    /// Returns a call.
    pub(super) fn call(
        &mut self,
        name: &str,
        operands: &[Operand<'t>],
        place: Range<usize>,
        want: Want,
    ) -> Result<Term, Told> {
        if let Some(result) = self.operator(name, operands, &place, want) {
            return result;
        }
        if let Some(rule) = find(name) {
            let count = operands.len();
            if rule.least <= count && count <= rule.most {
                if let Some(caveat) = rule.caveat {
                    self.warn(name, caveat, place.clone());
                }
                let term = self.form(name, rule, operands)?;
                return Ok(match name {
                    // Helm's is trimmed
                    "toYaml" | "mustToYaml" if !self.helm => Term::new(
                        format!("{} ~ \"\\n\"", term.within(Level::Sign)),
                        Level::Product,
                        Kind::Text,
                    ),
                    _ => term,
                });
            }
            if rule.most < count && rule.most < usize::MAX {
                let message = format!("`{name}` with {count} arguments has no counterpart in Tera");
                return self.refuse(place, &message, advice(name));
            }
        }
        let message = format!("`{name}` has no counterpart in Tera");
        self.refuse(place, &message, advice(name))
    }

    /// Fills in a form.
    fn form(&mut self, name: &str, rule: &Rule, operands: &[Operand<'t>]) -> Result<Term, Told> {
        // all of them first: every problem of a call is told
        let mut terms: Vec<Result<Term, Told>> = Vec::new();
        for (index, operand) in operands.iter().enumerate() {
            let number = index + 1;
            let marks = [format!("{{{number}?"), format!("{{{number}|?")];
            let optional = marks.iter().any(|mark| rule.form.contains(mark));
            let want = if optional {
                Want::Optional
            } else {
                Want::Value
            };
            terms.push(self.operand(*operand, want));
        }
        let terms: Vec<Term> = terms.into_iter().collect::<Result<_, Told>>()?;
        for (term, operand) in terms.iter().zip(operands) {
            if term.kind == Kind::Nil && rule.gives == Kind::List {
                return self.refuse(operand.pos(), "nil within a list differs in Tera", None);
            }
            let joined = name == "join" && term.kind == Kind::List;
            if PRINTING.contains(&name) && !joined {
                self.printable(term, operand.pos())?;
            }
        }
        let mut made = String::new();
        let mut rest = rule.form;
        while let Some((before, after)) = rest.split_once('{') {
            let Some((slot, behind)) = after.split_once('}') else {
                break;
            };
            made.push_str(before);
            let digits = slot.trim_end_matches(|each: char| !each.is_ascii_digit());
            let number: usize = digits.parse().unwrap_or(1);
            let first = number.saturating_sub(1);
            let level = match slot
                .get(digits.len()..)
                .unwrap_or_default()
                .as_bytes()
                .first()
            {
                Some(b'|') => Level::Filter,
                // a filter among other operators reads better in brackets
                Some(b'~') => Level::Sign,
                _ => Level::Choice,
            };
            if slot.ends_with("..") {
                let all = terms.iter().skip(first).map(|term| term.text.clone());
                made.push_str(&all.collect::<Vec<_>>().join(", "));
            } else if let Some(term) = terms.get(first) {
                made.push_str(&term.within(level));
            }
            rest = behind;
        }
        made.push_str(rest);
        if rule.form == "{1}" {
            return terms.into_iter().next().ok_or(Told);
        }
        let level = if rule.form.contains(" ~ ") {
            Level::Product
        } else if rule.form.contains(" | ") {
            Level::Filter
        } else {
            Level::Atom
        };
        Ok(Term::new(made, level, rule.gives))
    }

    /// `dict "k" v ...` with keys that are written down.
    pub(super) fn dict(
        &mut self,
        operands: &[Operand<'t>],
        place: Range<usize>,
    ) -> Result<Term, Told> {
        let mut entries: Vec<(String, String)> = Vec::new();
        let mut failed = false;
        for pair in operands.chunks(2) {
            let [key, value] = pair else {
                return self.refuse(place, "`dict` with a key that has no value", None);
            };
            let Some(key) = key.constant_text() else {
                return self.refuse(
                    place,
                    "`dict` with a key that is computed has no counterpart in Tera",
                    Some("`set_key(key=…, to=…)` adds it to a map"),
                );
            };
            match self.operand(*value, Want::Value) {
                Ok(value) => {
                    entries.retain(|(known, _)| *known != key);
                    entries.push((key, value.text));
                }
                Err(Told) => failed = true,
            }
        }
        if failed {
            return Err(Told);
        }
        let entries = entries
            .iter()
            .map(|(key, value)| format!("{}: {value}", quoted(key)));
        let inside = entries.collect::<Vec<String>>().join(", ");
        // two braces would close the tag
        let gap = if inside.ends_with('}') { " " } else { "" };
        Ok(Term::atom(format!("{{{inside}{gap}}}"), Kind::Map))
    }
}
