//! Calling functions: their arguments, and how these are fitted to the parameters.

use super::{At, Call, Run, Slot, State};
use crate::engine::Named;
use crate::error::ErrorKind;
use crate::func::{Function, Type};
use crate::limits::deep;
use crate::list::{Elem, List as Slice};
use crate::map::Map;
use crate::node::Expr;
use crate::value::{IntKind, UintKind, Value};

impl<'a> State<'a> {
    pub(super) fn function(
        &mut self,
        dot: &Slot,
        node: &'a Expr,
        at: At<'a>,
        name: &'a str,
        args: &'a [Expr],
        last: Option<Value>,
    ) -> Run<Value> {
        self.at = At::Expr(node);
        let engine = self.shared.engine;
        let Some(Named { function, builtin }) = engine.function(name) else {
            let quoted = crate::quote::quote(name.as_bytes());
            return Err(self.error(format!("{quoted} is not a defined function")));
        };
        self.call(dot, function, *builtin, at, name, args, last)
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "the parts of one call, as the grammar has them"
    )]
    pub(super) fn call(
        &mut self,
        dot: &Slot,
        function: &Function,
        builtin: bool,
        at: At<'a>,
        name: &str,
        args: &'a [Expr],
        last: Option<Value>,
    ) -> Run<Value> {
        let given = args.len() + usize::from(last.is_some());
        if function.is_variadic() {
            let fixed = function.fixed();
            if given < fixed {
                let got = args.len();
                return Err(self.error(format!(
                    "wrong number of args for {name}: want at least {fixed} got {got}"
                )));
            }
        } else if given != function.params().len() {
            let want = function.params().len();
            return Err(self.error(format!(
                "wrong number of args for {name}: want {want} got {given}"
            )));
        }
        if builtin && (name == "and" || name == "or") {
            return self.short_circuit(dot, name == "or", args, last);
        }
        let mut values = Vec::with_capacity(given + 1);
        for (i, arg) in args.iter().enumerate() {
            values.push(self.arg(dot, function.param(i), arg)?);
        }
        if let Some(last) = last {
            values.push(self.validate(last, function.param(args.len()))?);
        }
        if builtin && name == "call" {
            // The callee's own text is for messages.
            let callee = args
                .first()
                .map_or_else(|| "value".to_owned(), ToString::to_string);
            values.insert(0, Value::str(callee));
        }
        let weight: usize = values.iter().map(weight).sum();
        let mut call = Call {
            shared: self.shared,
            templates: self.templates,
            template: &self.template.name,
            name,
        };
        let result = call
            .charge(1 + weight)
            .and_then(|()| function.call(&mut call, &values));
        let checked = result.and_then(|value| {
            call.room(size(&value))?;
            Ok(value)
        });
        match checked {
            Ok(value) => Ok(value),
            Err(mut fault) => {
                self.at = at;
                if fault.kind == ErrorKind::Exec || fault.cause.is_some() {
                    fault.message = format!("error calling {name}: {}", fault.message);
                }
                Err(self.fault(fault))
            }
        }
    }

    pub(super) fn short_circuit(
        &mut self,
        dot: &Slot,
        or: bool,
        args: &'a [Expr],
        last: Option<Value>,
    ) -> Run<Value> {
        let mut value = Value::None;
        for arg in args {
            value = self.arg(dot, Type::Reflect, arg)?;
            if value.truth() == or {
                return Ok(value);
            }
        }
        Ok(last.unwrap_or(value))
    }

    pub(super) fn arg(&mut self, dot: &Slot, wanted: Type, expr: &'a Expr) -> Run<Value> {
        self.at = At::Expr(expr);
        let value = match expr {
            Expr::Dot(_) => dot.value.clone(),
            Expr::Nil(_) => {
                if wanted.nilable() {
                    return Ok(zero(wanted));
                }
                return Err(self.error(format!("cannot assign nil to {}", wanted.name())));
            }
            Expr::Field(_, fields) => self.fields(dot, dot, expr, fields, &[], None)?,
            Expr::Variable(variable) => {
                let slot = self.variable(variable)?;
                if variable.fields.is_empty() {
                    slot.value
                } else {
                    self.fields(dot, &slot, expr, &variable.fields, &[], None)?
                }
            }
            Expr::Pipe(pipe) => deep(|| self.pipe(dot, pipe))?,
            Expr::Identifier(_, name) => {
                self.function(dot, expr, At::Expr(expr), name, &[], None)?
            }
            Expr::Chain(_, inner, fields) => self.chain(dot, expr, inner, fields, &[], None)?,
            Expr::Bool(..) | Expr::Number(..) | Expr::String(..) => {
                return self.literal(wanted, expr);
            }
        };
        self.validate(value, wanted)
    }

    /// A literal for a parameter of a given type.
    pub(super) fn literal(&self, wanted: Type, expr: &Expr) -> Run<Value> {
        let expected = |what: &str| Err(self.error(format!("expected {what}; found {expr}")));
        match (wanted, expr) {
            (Type::Any | Type::Reflect | Type::Bool, Expr::Bool(_, value)) => {
                Ok(Value::Bool(*value))
            }
            (Type::Any | Type::Reflect, Expr::Number(_, number)) => self.constant(number),
            (Type::Any | Type::Reflect | Type::String, Expr::String(_, _, text)) => {
                Ok(Value::Str(text.clone()))
            }
            (Type::Bool, _) => expected("bool"),
            (Type::String, _) => expected("string"),
            (Type::Int | Type::Int64, Expr::Number(_, number)) if number.int.is_some() => {
                let n = number.int.unwrap_or_default();
                Ok(if wanted == Type::Int {
                    Value::int(n)
                } else {
                    Value::int64(n)
                })
            }
            (Type::Uint32, Expr::Number(_, number)) if number.uint.is_some() => {
                let n = number.uint.unwrap_or_default();
                Ok(Value::Uint(UintKind::Uint32, u64::from(n as u32)))
            }
            (Type::Uint32, _) => expected("unsigned integer"),
            (Type::Float, Expr::Number(_, number)) if number.float.is_some() => {
                Ok(Value::Float(number.float.unwrap_or_default()))
            }
            (Type::Float, _) => expected("float"),
            (Type::Object("time.Duration"), Expr::Number(_, number)) if number.int.is_some() => {
                Ok(crate::time::duration_value(number.int.unwrap_or_default()))
            }
            (Type::Int | Type::Int64 | Type::Object("time.Duration"), _) => expected("integer"),
            _ => Err(self.error(format!(
                "can't handle {expr} for arg of type {}",
                wanted.name()
            ))),
        }
    }

    /// Checks that a value can be given for a type, as Go's assignability has it.
    pub(super) fn validate(&self, value: Value, wanted: Type) -> Run<Value> {
        match value {
            Value::None => match wanted {
                Type::Reflect => Ok(Value::None),
                wanted if wanted.nilable() => Ok(zero(wanted)),
                wanted => Err(self.error(format!("invalid value; expected {}", wanted.name()))),
            },
            value if assignable(&value, wanted) => Ok(value),
            value => {
                let got = if matches!(value, Value::Nil) {
                    "interface {}".into()
                } else {
                    value.type_name()
                };
                let message = format!(
                    "wrong type for value; expected {}; got {got}",
                    wanted.name()
                );
                Err(self.error(message))
            }
        }
    }
}

/// The zero value of a type that has a nil.
fn zero(wanted: Type) -> Value {
    match wanted {
        Type::Any => Value::Nil,
        Type::Map => Value::Map(Map::nil()),
        Type::List => Value::List(Slice::nil()),
        _ => Value::None,
    }
}

fn assignable(value: &Value, wanted: Type) -> bool {
    match wanted {
        Type::Any | Type::Reflect => true,
        Type::String => matches!(value, Value::Str(_)),
        Type::Int => matches!(value, Value::Int(IntKind::Int, _)),
        Type::Int64 => matches!(value, Value::Int(IntKind::Int64, _)),
        Type::Uint32 => matches!(value, Value::Uint(UintKind::Uint32, _)),
        Type::Float => matches!(value, Value::Float(_)),
        Type::Bool => matches!(value, Value::Bool(_)),
        Type::Map => matches!(value, Value::Map(map) if map.elem() == Elem::Any),
        Type::List => matches!(value, Value::List(list) if list.elem() == Elem::Any),
        Type::Object(name) => matches!(value, Value::Object(object) if object.type_name() == name),
    }
}

/// Steps a function is charged for what it is given.
fn weight(value: &Value) -> usize {
    match value {
        Value::Str(text) => text.len() / 64,
        Value::List(list) => list.len() / 4,
        Value::Map(map) => map.len() / 4,
        _ => 0,
    }
}

/// The bytes a value takes, its items not looked into.
fn size(value: &Value) -> usize {
    match value {
        Value::Str(text) => text.len(),
        Value::List(list) => list.len() * size_of::<Value>(),
        _ => 0,
    }
}
