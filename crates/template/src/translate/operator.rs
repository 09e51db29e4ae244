//! Functions of Go that are operators in Tera, and those whose arguments decide what they become.

use std::ops::Range;

use crate::translate::expression::{Operand, Told, Want};
use crate::translate::rule::BYTES;
use crate::translate::statement::Walk;
use crate::translate::term::{Kind, Level, Term, quoted};

type Result<T> = std::result::Result<T, Told>;

impl<'t> Walk<'t> {
    /// Returns what a function becomes if it is none that a rule tells.
    pub(super) fn operator(
        &mut self,
        name: &str,
        operands: &[Operand<'t>],
        place: &Range<usize>,
        want: Want,
    ) -> Option<Result<Term>> {
        let place = place.clone();
        Some(match (name, operands) {
            ("and", [_, ..]) => self.junction(operands, "and", Level::And),
            ("or" | "coalesce", [_, ..]) => self.junction(operands, "or", Level::Or),
            ("not", [only]) => self.optional(*only).map(|term| {
                Term::new(
                    format!("not {}", term.within(Level::Not)),
                    Level::Not,
                    Kind::Bool,
                )
            }),
            ("eq" | "ne", [..]) if operands.iter().any(|operand| operand.is_nil()) => self.refuse(
                place,
                "comparing with nil has no counterpart in Tera",
                Some("`is defined` and `is not none` tell"),
            ),
            ("eq", [first, rest @ ..]) if !rest.is_empty() => self.equal(*first, rest),
            ("ne", [left, right]) => self.compared(*left, *right, "!=", Want::Optional),
            ("lt", [left, right]) => self.compared(*left, *right, "<", Want::Value),
            ("le", [left, right]) => self.compared(*left, *right, "<=", Want::Value),
            ("gt", [left, right]) => self.compared(*left, *right, ">", Want::Value),
            ("ge", [left, right]) => self.compared(*left, *right, ">=", Want::Value),
            ("add", [_, _, ..]) => self.sum(operands, " + ", Level::Sum),
            ("mul", [_, _, ..]) => self.sum(operands, " * ", Level::Product),
            ("sub", [_, _]) => self.sum(operands, " - ", Level::Sum),
            ("add1", [only]) => self.whole("arithmetic", *only).map(|term| {
                Term::new(
                    format!("{} + 1", term.within(Level::Sign)),
                    Level::Sum,
                    Kind::Whole,
                )
            }),
            ("div" | "mod", [left, right]) => self.divided(name, *left, *right),
            ("max" | "biggest" | "min", [_, _, ..]) => self.extreme(name, operands),
            ("len", [only]) => self.length(*only, place),
            ("index", [first, keys @ ..]) => self.index(*first, keys, want),
            ("print" | "println" | "cat", [_, ..]) => self.joined(name, operands, place),
            ("printf", [format, rest @ ..]) => self.printf(*format, rest, place),
            ("dict", _) => self.dict(operands, place),
            ("default", [only]) => self.operand(*only, Want::Value),
            ("default", [default, value]) => self.default(*default, *value),
            ("int" | "int64" | "atoi", [only]) => self.whole(name, *only),
            ("expandenv", [text]) => self.expanded(*text),
            ("ternary", [yes, no, condition]) => self.ternary(*yes, *no, *condition),
            ("dig", [keys @ .., default, map]) if !keys.is_empty() => {
                self.dig(keys, *default, *map, place)
            }
            ("date" | "dateInZone" | "date_in_zone", _) => self.date(operands, place),
            ("substr", [start, end, text]) => return self.part(*start, *end, *text),
            ("kindIs", [kind, value]) => return self.kind(*kind, *value),
            ("slice" | "mustSlice", [list, start, end]) => self.slice(*list, *start, *end),
            ("quote", [_, _, ..]) => self.quoted(operands),
            ("include" | "mustInclude", [template, dot]) => self.include(*template, *dot, place),
            _ => return None,
        })
    }

    pub(super) fn optional(&mut self, operand: Operand<'t>) -> Result<Term> {
        self.operand(operand, Want::Optional)
    }

    fn value(&mut self, operand: Operand<'t>) -> Result<Term> {
        self.operand(operand, Want::Value)
    }

    /// `and`, `or`: both languages give the operand that decides.
    fn junction(&mut self, operands: &[Operand<'t>], word: &str, level: Level) -> Result<Term> {
        let terms = self.all(operands, Want::Optional)?;
        if let [only] = terms.as_slice() {
            return Ok(only.clone());
        }
        let kind = terms.iter().map(|term| term.kind);
        let kind = kind.reduce(|left, right| if left == right { left } else { Kind::Any });
        let parts: Vec<String> = terms.iter().map(|term| term.within(next(level))).collect();
        Ok(Term::new(
            parts.join(&format!(" {word} ")),
            level,
            kind.unwrap_or(Kind::Any),
        ))
    }

    fn equal(&mut self, first: Operand<'t>, rest: &[Operand<'t>]) -> Result<Term> {
        let first = self.optional(first);
        let rest = self.all(rest, Want::Optional);
        let (first, rest) = (first?, rest?);
        let left = first.within(Level::Sum);
        let parts = rest
            .iter()
            .map(|term| format!("{left} == {}", term.within(Level::Sum)));
        let parts: Vec<String> = parts.collect();
        let level = if parts.len() == 1 {
            Level::Comparison
        } else {
            Level::Or
        };
        Ok(Term::new(parts.join(" or "), level, Kind::Bool))
    }

    fn compared(
        &mut self,
        left: Operand<'t>,
        right: Operand<'t>,
        sign: &str,
        want: Want,
    ) -> Result<Term> {
        let left = self.operand(left, want);
        let right = self.operand(right, want);
        let (left, right) = (left?.within(Level::Sum), right?.within(Level::Sum));
        Ok(Term::new(
            format!("{left} {sign} {right}"),
            Level::Comparison,
            Kind::Bool,
        ))
    }

    /// `default "x" value`
    fn default(&mut self, default: Operand<'t>, value: Operand<'t>) -> Result<Term> {
        let default = self.value(default);
        let value = self.optional(value);
        let (default, value) = (default?, value?);
        let kind = match (value.kind, default.kind) {
            (Kind::Any | Kind::Nil, Kind::List | Kind::Map) => default.kind,
            (Kind::Nil, kind) => kind,
            (kind, other) if kind == other || matches!(kind, Kind::List | Kind::Map) => kind,
            _ => Kind::Any,
        };
        let default = default.text;
        Ok(value.through(format_args!("default_if_empty(with={default})"), kind))
    }

    fn expanded(&mut self, operand: Operand<'t>) -> Result<Term> {
        let plain = operand.constant_text().is_some_and(|text| {
            text.split('$').skip(1).all(|rest| {
                let name = rest.strip_prefix('{').and_then(|rest| rest.split_once('}'));
                let name = name.map_or(rest, |(name, _)| name);
                name.starts_with(|each: char| each.is_ascii_alphabetic() || each == '_')
            })
        });
        if !plain {
            let caveat = "a `$` without a name behind it stays in Tera";
            self.warn("expandenv", caveat, operand.pos());
        }
        Ok(self.value(operand)?.through("expandenv", Kind::Text))
    }

    fn length(&mut self, operand: Operand<'t>, place: Range<usize>) -> Result<Term> {
        let term = self.value(operand)?;
        if term.kind == Kind::Text {
            self.warn("len", BYTES, place);
        }
        Ok(term.through("length", Kind::Whole))
    }

    fn index(&mut self, first: Operand<'t>, keys: &[Operand<'t>], want: Want) -> Result<Term> {
        let base = self.operand(first, want);
        let keys = self.all(keys, Want::Value);
        let (mut term, keys) = (base?, keys?);
        for key in keys {
            term = if term.is_path() {
                let mark = if want == Want::Optional { "?" } else { "" };
                Term::atom(format!("{}{mark}[{}]", term.text, key.text), Kind::Any)
            } else {
                term.below(&key.text, want)
            };
        }
        Ok(term)
    }

    /// `print a b`, `cat a b`
    fn joined(
        &mut self,
        name: &str,
        operands: &[Operand<'t>],
        place: Range<usize>,
    ) -> Result<Term> {
        let terms = self.all(operands, Want::Value)?;
        let between = match name {
            "print" => {
                // Go puts a blank between two of which neither is a text
                let clear = terms
                    .windows(2)
                    .all(|pair| pair.iter().any(|term| term.kind == Kind::Text));
                if !clear {
                    return self.refuse(
                        place,
                        "`print` puts a blank between values that are no texts, which cannot be told here",
                        Some("`printf \"%v%v\"` says what is between"),
                    );
                }
                " ~ "
            }
            _ => " ~ \" \" ~ ",
        };
        for term in &terms {
            self.printable(term, place.clone())?;
        }
        let mut parts: Vec<String> = terms.iter().map(|term| term.within(Level::Sign)).collect();
        if name == "println" {
            let last = parts.pop().unwrap_or_default();
            parts.push(format!("{last} ~ \"\\n\""));
        }
        match terms.as_slice() {
            [term] if name == "print" && term.kind == Kind::Text => Ok(term.clone()),
            [term] if name != "println" => Ok(term.through("toString", Kind::Text)),
            _ => Ok(Term::new(parts.join(between), Level::Product, Kind::Text)),
        }
    }

    fn ternary(
        &mut self,
        yes: Operand<'t>,
        no: Operand<'t>,
        condition: Operand<'t>,
    ) -> Result<Term> {
        let yes = self.value(yes);
        let no = self.value(no);
        let condition = self.value(condition);
        let (yes, no, condition) = (yes?, no?, condition?);
        let kind = if yes.kind == no.kind {
            yes.kind
        } else {
            Kind::Any
        };
        let text = format!(
            "{} if {} else {}",
            yes.within(Level::Or),
            condition.within(Level::Or),
            no.within(Level::Or)
        );
        Ok(Term::new(text, Level::Choice, kind))
    }

    fn dig(
        &mut self,
        keys: &[Operand<'t>],
        default: Operand<'t>,
        map: Operand<'t>,
        place: Range<usize>,
    ) -> Result<Term> {
        let names = keys.iter().map(|key| key.constant_text());
        let names: Option<Vec<String>> = names.collect();
        let Some(names) = names.filter(|names| {
            names
                .iter()
                .all(|name| !name.contains('.') && !name.is_empty())
        }) else {
            return self.refuse(
                place,
                "`dig` with keys that are computed, or hold dots, has no counterpart in Tera",
                None,
            );
        };
        let default = self.value(default);
        let map = self.value(map);
        let (default, map) = (default?.text, map?);
        let path = quoted(&names.join("."));
        let filter = format_args!("dig(path={path}, default={default})");
        Ok(map.through(filter, Kind::Any))
    }

    /// `substr` from one place to another that are written down.
    fn part(
        &mut self,
        start: Operand<'t>,
        end: Operand<'t>,
        text: Operand<'t>,
    ) -> Option<Result<Term>> {
        let (start, end) = (start.constant_whole()?, end.constant_whole()?);
        let place = text.pos();
        let end = if end < 0 {
            String::new()
        } else {
            format!(", end={end}")
        };
        self.warn("substr", BYTES, place);
        let start = start.max(0);
        let filter = format!("substr(start={start}{end})");
        Some(
            self.value(text)
                .map(|term| term.through(filter, Kind::Text)),
        )
    }

    /// `kindIs` of a kind that both languages have.
    fn kind(&mut self, kind: Operand<'t>, value: Operand<'t>) -> Option<Result<Term>> {
        let kind = kind.constant_text()?;
        let test = match kind.as_str() {
            "string" => "string",
            "slice" => "array",
            "map" => "map",
            "bool" => "bool",
            "int" => "integer",
            "float64" => "float",
            _ => return None,
        };
        Some(self.optional(value).map(|term| {
            Term::new(
                format!("{} is {test}", term.within(Level::Comparison)),
                Level::Not,
                Kind::Bool,
            )
        }))
    }

    fn slice(&mut self, list: Operand<'t>, start: Operand<'t>, end: Operand<'t>) -> Result<Term> {
        let list = self.value(list);
        let start = self.value(start);
        let end = self.value(end);
        let (list, start, end) = (list?, start?.text, end?.text);
        let filter = format_args!("slice(start={start}, end={end})");
        Ok(list.through(filter, Kind::List))
    }

    /// `quote a b`
    fn quoted(&mut self, operands: &[Operand<'t>]) -> Result<Term> {
        let terms = self.all(operands, Want::Value)?;
        let parts = terms
            .iter()
            .map(|term| format!("{} | quote", term.within(Level::Filter)));
        let parts: Vec<String> = parts.map(|part| format!("({part})")).collect();
        Ok(Term::new(
            parts.join(" ~ \" \" ~ "),
            Level::Product,
            Kind::Text,
        ))
    }
}

/// Returns the level of the operands of `and` and `or`.
fn next(level: Level) -> Level {
    match level {
        Level::Or => Level::And,
        _ => Level::Not,
    }
}
