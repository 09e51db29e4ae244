//! Walks a tree and writes what it says.

use crate::engine::{Engine, Named, Rendered, Template, Templates, Trace};
use crate::error::{Error, ErrorKind, Fault, Frame};
use crate::fmt;
use crate::func::{Answer, Function, Type};
use crate::host::Door;
use crate::limits::{Limits, deep};
use crate::list::{Elem, List as Slice};
use crate::map::Map;
use crate::node::{Branch, Command, Expr, Invocation, List, Node, Pipe, Pos, Variable};
use crate::number::Number;
use crate::object::Member;
use crate::options::{MissingKey, NoValue};
use crate::place;
use crate::text::Str;
use crate::value::{Kind, UintKind, Value};
use std::cell::{Cell, RefCell};
use std::rc::Rc;

type Run<T> = Result<T, Box<Error>>;

/// What all templates of one rendering share.
pub(crate) struct Shared<'e> {
    pub(crate) engine: &'e Engine,
    steps: Cell<u64>,
    depth: Cell<usize>,
    missing: RefCell<Vec<Error>>,
    pub(crate) patterns: RefCell<crate::sprig::regex::Patterns>,
}

impl<'e> Shared<'e> {
    pub(crate) fn new(engine: &'e Engine) -> Self {
        Self {
            engine,
            steps: Cell::new(engine.options.limits.steps),
            depth: Cell::new(0),
            missing: RefCell::default(),
            patterns: RefCell::default(),
        }
    }

    pub(crate) fn take_missing(&self) -> Vec<Error> {
        self.missing.take()
    }

    fn limits(&self) -> &Limits {
        &self.engine.options.limits
    }

    fn charge(&self, steps: u64) -> Result<(), Fault> {
        match self.steps.get().checked_sub(steps) {
            Some(left) => {
                self.steps.set(left);
                Ok(())
            }
            None => Err(Fault::limit(format!("exceeded the limit of {} steps", self.limits().steps))),
        }
    }

    fn enter(&self) -> Result<(), Fault> {
        let depth = self.depth.get();
        if depth >= self.limits().depth {
            return Err(Fault::limit(format!("exceeded maximum template depth ({})", self.limits().depth)));
        }
        self.depth.set(depth + 1);
        Ok(())
    }

    fn leave(&self) {
        self.depth.set(self.depth.get().saturating_sub(1));
    }
}

/// What a function sees of the execution it is called in.
pub struct Call<'s> {
    shared: &'s Shared<'s>,
    templates: &'s Templates<'s>,
    template: &'s Str,
    name: &'s str,
}

impl<'s> Call<'s> {
    /// The engine.
    #[must_use]
    pub fn engine(&self) -> &'s Engine {
        self.shared.engine
    }

    /// The name the function was called by.
    #[must_use]
    pub fn name(&self) -> &'s str {
        self.name
    }

    /// Takes steps from those allowed.
    ///
    /// # Errors
    /// When there are not as many left.
    pub fn charge(&self, steps: usize) -> Result<(), Fault> {
        self.shared.charge(steps as u64)
    }

    /// The most bytes a value may have.
    #[must_use]
    pub fn max_bytes(&self) -> usize {
        self.shared.limits().bytes
    }

    /// Asks for room for a value of so many bytes, before it is made.
    ///
    /// # Errors
    /// When that is more than allowed.
    pub fn room(&self, bytes: usize) -> Result<(), Fault> {
        if bytes > self.max_bytes() {
            return Err(Fault::limit(format!("exceeded the limit of {} bytes", self.max_bytes())));
        }
        Ok(())
    }

    /// The failure of a function whose door to the outside is closed.
    #[must_use]
    pub fn refused(&self, door: Door) -> Fault {
        Fault::refused(format!("`{}` draws on {}, which is not allowed here", self.name, door.name()))
    }

    /// Renders another template of the set, as `include` does.
    ///
    /// # Errors
    /// When there is none of that name, or it fails.
    pub fn include(&self, name: &[u8], dot: &Value) -> Result<Vec<u8>, Fault> {
        render_inner(self.shared, self.templates, name, dot)
    }

    /// Renders a text as a template of its own that can use the templates of the set, as `tpl` does.
    ///
    /// # Errors
    /// When it does not parse or fails.
    pub fn template(&self, text: &[u8], dot: &Value) -> Result<Vec<u8>, Fault> {
        let mut templates = self.templates.clone();
        let name = self.template.to_str().into_owned();
        templates.parse(&name, text).map_err(|failure| match failure.errors.into_iter().last() {
            Some(error) => Fault::from(error),
            None => Fault::new("parse error"),
        })?;
        render_inner(self.shared, &templates, name.as_bytes(), dot)
    }

    /// Whether there is a template of that name.
    #[must_use]
    pub fn has_template(&self, name: &[u8]) -> bool {
        self.templates.get(name).is_some()
    }

    pub(crate) fn patterns(&self) -> &'s RefCell<crate::sprig::regex::Patterns> {
        &self.shared.patterns
    }

    /// Calls a function value.
    pub(crate) fn invoke(&mut self, function: &Function, args: &[Value]) -> Answer {
        self.charge(1)?;
        deep(|| function.call(self, args))
    }
}

fn render_inner(shared: &Shared<'_>, templates: &Templates<'_>, name: &[u8], dot: &Value) -> Result<Vec<u8>, Fault> {
    let Some(template) = templates.get(name) else {
        let quoted = crate::quote::quote(name);
        return Err(Fault::new(format!("template: no template {quoted} associated with template \"gotpl\"")));
    };
    shared.enter()?;
    let result = deep(|| {
        let mut state = State::new(shared, templates, template);
        state.trace = None;
        state.run(dot).map(|()| state.out)
    });
    shared.leave();
    result.map_err(|error| Fault::from(*error))
}

/// Executes a template of the set from the top.
pub(crate) fn run(shared: &Shared<'_>, templates: &Templates<'_>, name: &[u8], data: &Value) -> Run<Rendered> {
    let template = templates.get(name).ok_or_else(|| Templates::unknown(name))?;
    let mut state = State::new(shared, templates, template);
    state.run(data)?;
    Ok(Rendered { output: state.out, trace: state.trace.unwrap_or_default() })
}

/// A value, and whether Go holds it in an `interface{}` (which some messages show).
#[derive(Clone, Default)]
struct Slot {
    value: Value,
    boxed: bool,
}

impl Slot {
    fn plain(value: Value) -> Self {
        Self { value, boxed: false }
    }

    fn type_name(&self) -> String {
        if self.boxed || matches!(self.value, Value::Nil) {
            "interface {}".to_owned()
        } else {
            self.value.type_name().into_owned()
        }
    }
}

/// The node an error is about.
#[derive(Clone, Copy)]
enum At<'a> {
    Nothing,
    Node(&'a Node),
    Branch(&'a Node, &'a Branch),
    Pipe(&'a Pipe),
    Command(&'a Command),
    Expr(&'a Expr),
}

/// How a node ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Flow {
    Next,
    Break,
    Continue,
}

struct State<'a> {
    shared: &'a Shared<'a>,
    templates: &'a Templates<'a>,
    template: &'a Template,
    out: Vec<u8>,
    vars: Vec<(&'a str, Slot)>,
    /// Where the variables of the running template begin.
    base: usize,
    at: At<'a>,
    calls: Vec<(&'a Template, Pos, &'a Str)>,
    trace: Option<Vec<Trace>>,
    trace_name: Rc<str>,
}

impl<'a> State<'a> {
    fn new(shared: &'a Shared<'a>, templates: &'a Templates<'a>, template: &'a Template) -> Self {
        let trace = shared.engine.options.trace.then(Vec::new);
        let trace_name = Rc::from(if trace.is_some() { template.source.name.as_str() } else { "" });
        Self {
            shared,
            templates,
            template,
            out: Vec::new(),
            vars: Vec::new(),
            base: 0,
            at: At::Nothing,
            calls: Vec::new(),
            trace,
            trace_name,
        }
    }

    fn run(&mut self, data: &Value) -> Run<()> {
        // A nil handed to Execute is no value at all.
        let dot = Slot::plain(if data.is_nothing() { Value::None } else { data.clone() });
        self.vars.push(("$", dot.clone()));
        let template = self.template;
        self.list(&dot, &template.body)?;
        Ok(())
    }

    // Failures

    fn error(&self, message: impl Into<String>) -> Box<Error> {
        self.fault(Fault::new(message))
    }

    fn fault(&self, fault: Fault) -> Box<Error> {
        let template = self.template;
        let (pos, context) = match self.at {
            At::Nothing => (Pos::default(), String::new()),
            At::Node(node) => (node.pos(), node.to_string()),
            At::Branch(node, branch) => (branch.pos, node.to_string()),
            At::Pipe(pipe) => (pipe.pos, pipe.to_string()),
            At::Command(command) => (command.pos, command.to_string()),
            At::Expr(expr) => (expr.pos(), expr.to_string()),
        };
        let text: &[u8] = &template.source.text;
        let chain = self.calls.iter().map(|(caller, pos, callee)| Frame {
            template: callee.to_str().into_owned(),
            name: caller.source.name.clone(),
            line: place::line(&caller.source.text, pos.start),
            column: place::column(&caller.source.text, pos.start) + 1,
        });
        Box::new(Error {
            kind: fault.kind,
            name: template.source.name.clone(),
            template: template.name.to_str().into_owned(),
            line: place::line(text, pos.go),
            column: place::column(text, pos.go) + 1,
            span: pos.start..pos.end.max(pos.start),
            context,
            message: fault.message,
            chain: chain.collect(),
            cause: fault.cause,
            go_column: place::column(text, pos.go),
        })
    }

    fn step(&self) -> Run<()> {
        self.shared.charge(1).map_err(|fault| self.fault(fault))
    }

    // Output

    fn wrote(&mut self, start: usize, pos: Pos) -> Run<()> {
        let end = self.out.len();
        if end > self.shared.limits().bytes {
            let limit = self.shared.limits().bytes;
            return Err(self.fault(Fault::limit(format!("exceeded the limit of {limit} bytes"))));
        }
        if let (Some(trace), true) = (&mut self.trace, end > start) {
            trace.push(Trace { output: start..end, name: Rc::clone(&self.trace_name), source: pos.start..pos.end });
        }
        Ok(())
    }

    fn print(&mut self, node: &'a Node, pos: Pos, value: &Value) -> Run<()> {
        self.at = At::Node(node);
        let start = self.out.len();
        match value {
            Value::Str(text) => self.out.extend_from_slice(text),
            Value::None | Value::Nil => match self.shared.engine.options.no_value {
                NoValue::Keep => self.out.extend_from_slice(b"<no value>"),
                NoValue::Empty => {}
                NoValue::Collect => {
                    let mut error = *self.error("no value to print");
                    error.kind = ErrorKind::Missing;
                    self.shared.missing.borrow_mut().push(error);
                }
            },
            Value::Func(_) => {
                let message = format!("can't print {node} of type {}", value.type_name());
                return Err(self.error(message));
            }
            value => {
                let room = self.shared.limits().bytes.saturating_sub(start);
                if let Err(message) = fmt::append(&mut self.out, value, room) {
                    return Err(self.fault(message));
                }
            }
        }
        self.wrote(start, pos)
    }

    // Nodes

    fn list(&mut self, dot: &Slot, list: &'a List) -> Run<Flow> {
        for node in &list.nodes {
            let flow = self.node(dot, node)?;
            if flow != Flow::Next {
                return Ok(flow);
            }
        }
        Ok(Flow::Next)
    }

    fn node(&mut self, dot: &Slot, node: &'a Node) -> Run<Flow> {
        self.at = At::Node(node);
        self.step()?;
        match node {
            Node::Text(pos, text) => {
                let start = self.out.len();
                self.out.extend_from_slice(text);
                self.wrote(start, *pos)?;
            }
            Node::Action(pos, pipe) => {
                let value = self.pipe(dot, pipe)?;
                if pipe.vars.is_empty() {
                    self.print(node, *pos, &value)?;
                }
            }
            Node::If(branch) => return deep(|| self.branch(dot, node, branch, false)),
            Node::With(branch) => return deep(|| self.branch(dot, node, branch, true)),
            Node::Range(branch) => return deep(|| self.range(dot, node, branch)),
            Node::Template(call) | Node::Block(call, _) => self.invoke(dot, node, call)?,
            Node::Break(_) => return Ok(Flow::Break),
            Node::Continue(_) => return Ok(Flow::Continue),
            Node::Comment(..) | Node::Define(_) => {}
        }
        Ok(Flow::Next)
    }

    fn branch(&mut self, dot: &Slot, node: &'a Node, branch: &'a Branch, with: bool) -> Run<Flow> {
        let mark = self.vars.len();
        self.at = At::Branch(node, branch);
        let value = self.pipe(dot, &branch.pipe)?;
        let flow = if value.truth() {
            if with { self.list(&Slot::plain(value), &branch.body) } else { self.list(dot, &branch.body) }
        } else if let Some(otherwise) = &branch.otherwise {
            self.list(dot, otherwise)
        } else {
            Ok(Flow::Next)
        };
        self.vars.truncate(mark);
        flow
    }

    fn range(&mut self, dot: &Slot, node: &'a Node, branch: &'a Branch) -> Run<Flow> {
        let mark = self.vars.len();
        self.at = At::Branch(node, branch);
        let value = self.pipe(dot, &branch.pipe)?;
        let ran = self.iterate(branch, &value)?;
        let flow = match (&branch.otherwise, ran) {
            (Some(otherwise), false) => self.list(dot, otherwise)?,
            _ => Flow::Next,
        };
        self.vars.truncate(mark);
        Ok(flow)
    }

    /// Runs the body over the items of a value; false if there were none.
    fn iterate(&mut self, branch: &'a Branch, value: &Value) -> Run<bool> {
        let two = branch.pipe.vars.len() > 1;
        match value {
            Value::List(list) => {
                let boxed = list.elem() == Elem::Any;
                for (index, item) in list.items().iter().enumerate() {
                    let slot = Slot { value: item.clone(), boxed };
                    if self.iteration(branch, Value::int(index as i64), &slot)? == Flow::Break {
                        break;
                    }
                }
                Ok(!list.is_empty())
            }
            Value::Map(map) => {
                let boxed = map.elem() == Elem::Any;
                let entries = map.entries().map_err(|message| self.error(message))?;
                for (key, item) in &entries {
                    let slot = Slot { value: item.clone(), boxed };
                    if self.iteration(branch, Value::Str(key.clone()), &slot)? == Flow::Break {
                        break;
                    }
                }
                Ok(!entries.is_empty())
            }
            Value::None | Value::Nil => Ok(false),
            Value::Int(kind, count) => {
                self.one_variable(two, value)?;
                let mut i = 0;
                while i < *count && self.iteration(branch, Value::None, &Slot::plain(Value::Int(*kind, i)))? != Flow::Break {
                    i += 1;
                }
                Ok(*count > 0)
            }
            Value::Uint(kind, count) => {
                self.one_variable(two, value)?;
                let mut i = 0;
                while i < *count && self.iteration(branch, Value::None, &Slot::plain(Value::Uint(*kind, i)))? != Flow::Break {
                    i += 1;
                }
                Ok(*count > 0)
            }
            value => {
                let text = self.show(value);
                Err(self.error(format!("range can't iterate over {text}")))
            }
        }
    }

    fn one_variable(&self, two: bool, value: &Value) -> Run<()> {
        if two {
            let text = self.show(value);
            return Err(self.error(format!("can't use {text} to iterate over more than one variable")));
        }
        Ok(())
    }

    fn show(&self, value: &Value) -> String {
        let text = fmt::sprint(std::slice::from_ref(value), self.shared.limits().bytes).unwrap_or_default();
        String::from_utf8_lossy(&text).into_owned()
    }

    fn iteration(&mut self, branch: &'a Branch, key: Value, item: &Slot) -> Run<Flow> {
        self.step()?;
        let pipe = &branch.pipe;
        let key = Slot::plain(key);
        let mark = self.vars.len();
        match (pipe.vars.as_slice(), pipe.assign) {
            ([], _) => {}
            ([one], true) => self.assign(&one.name, item.clone())?,
            ([first, second, ..], true) => {
                self.assign(&first.name, key)?;
                self.assign(&second.name, item.clone())?;
            }
            ([_], false) => self.set_top(1, item.clone()),
            ([..], false) => {
                self.set_top(1, item.clone());
                self.set_top(2, key);
            }
        }
        let flow = self.list(item, &branch.body)?;
        self.vars.truncate(mark);
        Ok(flow)
    }

    fn invoke(&mut self, dot: &Slot, node: &'a Node, call: &'a Invocation) -> Run<()> {
        let templates = self.templates;
        let Some(callee) = templates.get(&call.name) else {
            let name = crate::quote::quote(&call.name);
            return Err(self.error(format!("template {name} not defined")));
        };
        self.shared.enter().map_err(|fault| self.fault(fault))?;
        let value = match &call.pipe {
            Some(pipe) => self.pipe(dot, pipe)?,
            None => Value::None,
        };
        let outer = std::mem::replace(&mut self.template, callee);
        let trace_name = self.trace.is_some().then(|| {
            std::mem::replace(&mut self.trace_name, Rc::from(callee.source.name.as_str()))
        });
        self.calls.push((outer, call.pos, &call.name));
        let base = std::mem::replace(&mut self.base, self.vars.len());
        let dot = Slot::plain(value);
        self.vars.push(("$", dot.clone()));
        deep(|| self.list(&dot, &callee.body))?;
        self.vars.truncate(self.base);
        self.base = base;
        self.calls.pop();
        self.template = outer;
        if let Some(name) = trace_name {
            self.trace_name = name;
        }
        self.at = At::Node(node);
        self.shared.leave();
        Ok(())
    }

    // Variables

    fn variables(&mut self) -> &mut [(&'a str, Slot)] {
        self.vars.get_mut(self.base..).unwrap_or_default()
    }

    fn assign(&mut self, name: &str, slot: Slot) -> Run<()> {
        match self.variables().iter_mut().rev().find(|(known, _)| *known == name) {
            Some((_, place)) => {
                *place = slot;
                Ok(())
            }
            None => Err(self.error(format!("undefined variable: {name}"))),
        }
    }

    /// Sets the variable so many places from the top.
    fn set_top(&mut self, from_top: usize, slot: Slot) {
        if let Some((_, place)) = self.variables().iter_mut().rev().nth(from_top - 1) {
            *place = slot;
        }
    }

    // Pipelines

    fn pipe(&mut self, dot: &Slot, pipe: &'a Pipe) -> Run<Value> {
        self.at = At::Pipe(pipe);
        let mut value: Option<Value> = None;
        for command in &pipe.commands {
            let result = self.command(dot, command, value.take())?;
            // What is inside of an interface counts; a nil interface is no value.
            value = Some(if matches!(result, Value::Nil) { Value::None } else { result });
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

    fn not_a_function(&self, args: &[Expr], last: Option<&Value>) -> Run<()> {
        if args.len() > 1 || last.is_some() {
            let first = args.first().map(ToString::to_string).unwrap_or_default();
            return Err(self.error(format!("can't give argument to non-function {first}")));
        }
        Ok(())
    }

    fn command(&mut self, dot: &Slot, command: &'a Command, last: Option<Value>) -> Run<Value> {
        let Some(first) = command.args.first() else { return Ok(Value::None) };
        let rest = command.args.get(1..).unwrap_or_default();
        match first {
            Expr::Field(_, fields) => {
                self.at = At::Expr(first);
                return self.fields(dot, dot.clone(), first, fields, rest, last);
            }
            Expr::Chain(_, inner, fields) => return self.chain(dot, first, inner, fields, rest, last),
            Expr::Identifier(_, name) => return self.function(dot, first, At::Command(command), name, rest, last),
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
                return self.fields(dot, slot, first, &variable.fields, rest, last);
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
    fn constant(&self, number: &Number) -> Run<Value> {
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

    fn variable(&self, variable: &Variable) -> Run<Slot> {
        let own = self.vars.get(self.base..).unwrap_or_default();
        match own.iter().rev().find(|(name, _)| *name == &*variable.name) {
            Some((_, slot)) => Ok(slot.clone()),
            None => Err(self.error(format!("undefined variable: {}", variable.name))),
        }
    }

    fn chain(
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
            Expr::Identifier(_, name) => self.function(dot, inner, At::Expr(inner), name, &[], None)?,
            other => self.arg(dot, Type::Reflect, other)?,
        };
        self.fields(dot, Slot::plain(value), node, fields, args, last)
    }

    // Fields

    fn fields(
        &mut self,
        dot: &Slot,
        receiver: Slot,
        node: &'a Expr,
        fields: &'a [Str],
        args: &'a [Expr],
        last: Option<Value>,
    ) -> Run<Value> {
        let Some((final_name, names)) = fields.split_last() else { return Ok(receiver.value) };
        let mut slot = receiver;
        for name in names {
            let boxed = matches!(&slot.value, Value::Map(map) if map.elem() == Elem::Any);
            let value = self.field(dot, name, node, &[], None, &slot)?;
            slot = Slot { value, boxed };
        }
        self.field(dot, final_name, node, args, last, &slot)
    }

    fn field(
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
                    return Err(self.error(format!("{} is not a method but has arguments", name.to_str())));
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
            Value::Nil => Err(self.error(format!("nil pointer evaluating interface {{}}.{}", name.to_str()))),
            Value::Object(object) => {
                let object = Rc::clone(object);
                match object.member(&name.to_str()).map_err(|message| self.error(message))? {
                    Some(Member::Field(_)) if has_args => {
                        let name = name.to_str();
                        Err(self.error(format!("{name} has arguments but cannot be invoked as function")))
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

    fn no_field(&self, name: &Str, receiver: &Slot) -> Box<Error> {
        self.error(format!("can't evaluate field {} in type {}", name.to_str(), receiver.type_name()))
    }

    // Functions

    fn function(
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

    #[expect(clippy::too_many_arguments, reason = "the parts of one call, as the grammar has them")]
    fn call(
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
                return Err(self.error(format!("wrong number of args for {name}: want at least {fixed} got {got}")));
            }
        } else if given != function.params().len() {
            let want = function.params().len();
            return Err(self.error(format!("wrong number of args for {name}: want {want} got {given}")));
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
            let callee = args.first().map_or_else(|| "value".to_owned(), ToString::to_string);
            values.insert(0, Value::str(callee));
        }
        let weight: usize = values.iter().map(weight).sum();
        let mut call = Call { shared: self.shared, templates: self.templates, template: &self.template.name, name };
        let result = call.charge(1 + weight).and_then(|()| function.call(&mut call, &values));
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

    fn short_circuit(&mut self, dot: &Slot, or: bool, args: &'a [Expr], last: Option<Value>) -> Run<Value> {
        let mut value = Value::None;
        for arg in args {
            value = self.arg(dot, Type::Reflect, arg)?;
            if value.truth() == or {
                return Ok(value);
            }
        }
        Ok(last.unwrap_or(value))
    }

    fn arg(&mut self, dot: &Slot, wanted: Type, expr: &'a Expr) -> Run<Value> {
        self.at = At::Expr(expr);
        let value = match expr {
            Expr::Dot(_) => dot.value.clone(),
            Expr::Nil(_) => {
                if wanted.nilable() {
                    return Ok(zero(wanted));
                }
                return Err(self.error(format!("cannot assign nil to {}", wanted.name())));
            }
            Expr::Field(_, fields) => self.fields(dot, dot.clone(), expr, fields, &[], None)?,
            Expr::Variable(variable) => {
                let slot = self.variable(variable)?;
                if variable.fields.is_empty() {
                    slot.value
                } else {
                    self.fields(dot, slot, expr, &variable.fields, &[], None)?
                }
            }
            Expr::Pipe(pipe) => deep(|| self.pipe(dot, pipe))?,
            Expr::Identifier(_, name) => self.function(dot, expr, At::Expr(expr), name, &[], None)?,
            Expr::Chain(_, inner, fields) => self.chain(dot, expr, inner, fields, &[], None)?,
            Expr::Bool(..) | Expr::Number(..) | Expr::String(..) => return self.literal(wanted, expr),
        };
        self.validate(value, wanted)
    }

    /// A literal for a parameter of a given type.
    fn literal(&self, wanted: Type, expr: &Expr) -> Run<Value> {
        let expected = |what: &str| Err(self.error(format!("expected {what}; found {expr}")));
        match (wanted, expr) {
            (Type::Any | Type::Reflect | Type::Bool, Expr::Bool(_, value)) => {
                Ok(Value::Bool(*value))
            }
            (Type::Any | Type::Reflect, Expr::Number(_, number)) => self.constant(number),
            (Type::Any | Type::Reflect | Type::String, Expr::String(_, _, text)) => Ok(Value::Str(text.clone())),
            (Type::Bool, _) => expected("bool"),
            (Type::String, _) => expected("string"),
            (Type::Int | Type::Int64, Expr::Number(_, number)) if number.int.is_some() => {
                let n = number.int.unwrap_or_default();
                Ok(if wanted == Type::Int { Value::int(n) } else { Value::int64(n) })
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
            _ => Err(self.error(format!("can't handle {expr} for arg of type {}", wanted.name()))),
        }
    }

    /// Checks that a value can be given for a type, as Go's assignability has it.
    fn validate(&self, value: Value, wanted: Type) -> Run<Value> {
        match value {
            Value::None => match wanted {
                Type::Reflect => Ok(Value::None),
                wanted if wanted.nilable() => Ok(zero(wanted)),
                wanted => Err(self.error(format!("invalid value; expected {}", wanted.name()))),
            },
            value if assignable(&value, wanted) => Ok(value),
            value => {
                let got = if matches!(value, Value::Nil) { "interface {}".into() } else { value.type_name() };
                let message = format!("wrong type for value; expected {}; got {got}", wanted.name());
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
        Type::Int => value.kind() == Kind::Int(crate::value::IntKind::Int) && matches!(value, Value::Int(..)),
        Type::Int64 => matches!(value, Value::Int(crate::value::IntKind::Int64, _)),
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
