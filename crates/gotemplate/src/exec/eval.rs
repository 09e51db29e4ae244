//! Pipelines, commands, variables and fields.

use super::{At, Run, Slot, State};
use crate::error::Error;
use crate::func::Type;
use crate::limits::deep;
use crate::list::Elem;
use crate::node::{Command, Expr, Pipe, Variable};
use crate::number::Number;
use crate::object::Member;
use crate::options::MissingKey;
use crate::text::Str;
use crate::value::Value;
use std::rc::Rc;

impl<'a> State<'a> {
    pub(super) fn pipe(&mut self, dot: &Slot, pipe: &'a Pipe) -> Run<Value> {
        self.at = At::Pipe(pipe);
        let mut value: Option<Value> = None;
        for command in &pipe.commands {
            let result = self.command(dot, command, value.take())?;
            // What is inside of an interface counts; a nil interface is no value.
            value = Some(if matches!(result, Value::Nil) {
                Value::None
            } else {
                result
            });
        }
        let value = value.unwrap_or_default();
        for variable in &pipe.vars {
            let slot = Slot::plain(value.clone());
            if pipe.assign {
                self.assign(&variable.name, slot)?;
            } else {
                self.vars.push((&variable.name, slot));
            }
        }
        Ok(value)
    }

    pub(super) fn not_a_function(&self, args: &[Expr], last: Option<&Value>) -> Run<()> {
        if args.len() > 1 || last.is_some() {
            let first = args.first().map(ToString::to_string).unwrap_or_default();
            return Err(self.error(format!("can't give argument to non-function {first}")));
        }
        Ok(())
    }

    pub(super) fn command(
        &mut self,
        dot: &Slot,
        command: &'a Command,
        last: Option<Value>,
    ) -> Run<Value> {
        let Some(first) = command.args.first() else {
            return Ok(Value::None);
        };
        let rest = command.args.get(1..).unwrap_or_default();
        match first {
            Expr::Field(_, fields) => {
                self.at = At::Expr(first);
                return self.fields(dot, dot, first, fields, rest, last);
            }
            Expr::Chain(_, inner, fields) => {
                return self.chain(dot, first, inner, fields, rest, last);
            }
            Expr::Identifier(_, name) => {
                return self.function(dot, first, At::Command(command), name, rest, last);
            }
            Expr::Pipe(pipe) => {
                self.not_a_function(&command.args, last.as_ref())?;
                return deep(|| self.pipe(dot, pipe));
            }
            Expr::Variable(variable) => {
                self.at = At::Expr(first);
                let slot = self.variable(variable)?;
                if variable.fields.is_empty() {
                    self.not_a_function(&command.args, last.as_ref())?;
                    return Ok(slot.value);
                }
                return self.fields(dot, &slot, first, &variable.fields, rest, last);
            }
            _ => {}
        }
        self.at = At::Expr(first);
        self.not_a_function(&command.args, last.as_ref())?;
        match first {
            Expr::Bool(_, value) => Ok(Value::Bool(*value)),
            Expr::Dot(_) => Ok(dot.value.clone()),
            Expr::Number(_, number) => self.constant(number),
            Expr::String(_, _, text) => Ok(Value::Str(text.clone())),
            _ => Err(self.error("nil is not a command")),
        }
    }

    /// The value of a number where nothing asks for a type.
    pub(super) fn constant(&self, number: &Number) -> Run<Value> {
        if let Some((re, im)) = number.complex {
            return Ok(Value::complex(re, im));
        }
        if number.looks_float() {
            return Ok(Value::Float(number.float.unwrap_or_default()));
        }
        match number.int {
            Some(n) => Ok(Value::int(n)),
            None => Err(self.error(format!("{} overflows int", number.text))),
        }
    }

    pub(super) fn variable(&self, variable: &Variable) -> Run<Slot> {
        let own = self.vars.get(self.base..).unwrap_or_default();
        match own.iter().rev().find(|(name, _)| *name == &*variable.name) {
            Some((_, slot)) => Ok(slot.clone()),
            None => Err(self.error(format!("undefined variable: {}", variable.name))),
        }
    }

    pub(super) fn chain(
        &mut self,
        dot: &Slot,
        node: &'a Expr,
        inner: &'a Expr,
        fields: &'a [Str],
        args: &'a [Expr],
        last: Option<Value>,
    ) -> Run<Value> {
        self.at = At::Expr(node);
        if let Expr::Nil(_) = inner {
            return Err(self.error(format!("indirection through explicit nil in {node}")));
        }
        let value = match inner {
            Expr::Pipe(pipe) => deep(|| self.pipe(dot, pipe))?,
            Expr::Identifier(_, name) => {
                self.function(dot, inner, At::Expr(inner), name, &[], None)?
            }
            other => self.arg(dot, Type::Reflect, other)?,
        };
        self.fields(dot, &Slot::plain(value), node, fields, args, last)
    }

    // Fields

    pub(super) fn fields(
        &mut self,
        dot: &Slot,
        receiver: &Slot,
        node: &'a Expr,
        fields: &'a [Str],
        args: &'a [Expr],
        last: Option<Value>,
    ) -> Run<Value> {
        let Some((final_name, names)) = fields.split_last() else {
            return Ok(receiver.value.clone());
        };
        let mut slot = receiver;
        let mut inner;
        for name in names {
            let boxed = matches!(&slot.value, Value::Map(map) if map.elem() == Elem::Any);
            let value = self.field(dot, name, node, &[], None, slot)?;
            inner = Slot { value, boxed };
            slot = &inner;
        }
        self.field(dot, final_name, node, args, last, slot)
    }

    pub(super) fn field(
        &mut self,
        dot: &Slot,
        name: &'a Str,
        node: &'a Expr,
        args: &'a [Expr],
        last: Option<Value>,
        receiver: &Slot,
    ) -> Run<Value> {
        let has_args = !args.is_empty() || last.is_some();
        match &receiver.value {
            Value::Map(map) => {
                if has_args {
                    return Err(self.error(format!(
                        "{} is not a method but has arguments",
                        name.to_str()
                    )));
                }
                match map.get(name).map_err(|message| self.error(message))? {
                    Some(value) => Ok(value),
                    None => match self.shared.engine.options.missing_key {
                        MissingKey::Default => Ok(Value::None),
                        MissingKey::Zero => Ok(map.elem().zero()),
                        MissingKey::Error => {
                            let key = crate::quote::quote(name);
                            Err(self.error(format!("map has no entry for key {key}")))
                        }
                    },
                }
            }
            Value::None => {
                if self.shared.engine.options.missing_key == MissingKey::Error {
                    let key = crate::quote::quote(name);
                    return Err(self.error(format!("nil data; no entry for key {key}")));
                }
                Ok(Value::None)
            }
            Value::Nil => Err(self.error(format!(
                "nil pointer evaluating interface {{}}.{}",
                name.to_str()
            ))),
            Value::Object(object) => {
                let object = Rc::clone(object);
                match object
                    .member(&name.to_str())
                    .map_err(|message| self.error(message))?
                {
                    Some(Member::Field(_)) if has_args => {
                        let name = name.to_str();
                        Err(self.error(format!(
                            "{name} has arguments but cannot be invoked as function"
                        )))
                    }
                    Some(Member::Field(value)) => Ok(value),
                    Some(Member::Method(method)) => {
                        let name = name.to_str().into_owned();
                        self.call(dot, &method, false, At::Expr(node), &name, args, last)
                    }
                    None => Err(self.no_field(name, receiver)),
                }
            }
            _ => Err(self.no_field(name, receiver)),
        }
    }

    pub(super) fn no_field(&self, name: &Str, receiver: &Slot) -> Box<Error> {
        self.error(format!(
            "can't evaluate field {} in type {}",
            name.to_str(),
            receiver.type_name()
        ))
    }
}
