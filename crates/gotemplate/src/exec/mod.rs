//! Walks a tree and writes what it says.

mod apply;
mod call;
mod eval;

pub use call::Call;
pub(crate) use call::{Shared, run};

use crate::engine::{Template, Templates, Trace, Turn};
use crate::error::{Error, ErrorKind, Fault, Frame};
use crate::fmt;
use crate::limits::deep;
use crate::list::Elem;
use crate::node::{Branch, Command, Expr, Invocation, List, Node, Pipe, Pos};
use crate::options::NoValue;
use crate::place;
use crate::text::Str;
use crate::value::Value;
use std::rc::Rc;

type Run<T> = Result<T, Box<Error>>;

/// A value, and whether Go holds it in an `interface{}` (which some messages show).
#[derive(Clone, Default)]
struct Slot {
    value: Value,
    boxed: bool,
}

impl Slot {
    fn plain(value: Value) -> Self {
        Self {
            value,
            boxed: false,
        }
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
    turns: Rc<[Turn]>,
}

impl<'a> State<'a> {
    fn new(shared: &'a Shared<'a>, templates: &'a Templates<'a>, template: &'a Template) -> Self {
        let trace = shared.engine.options.trace.then(Vec::new);
        let trace_name = Rc::from(if trace.is_some() {
            template.source.name.as_str()
        } else {
            ""
        });
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
            turns: Rc::default(),
        }
    }

    fn run(&mut self, data: &Value) -> Run<()> {
        // A nil handed to Execute is no value at all.
        let dot = Slot::plain(if data.is_nothing() {
            Value::None
        } else {
            data.clone()
        });
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
        let limit = self.shared.limits().bytes;
        if self.out.len() > limit {
            return Err(self.fault(Fault::limit(format!("exceeded the limit of {limit} bytes"))));
        }
        if self.trace.is_some() {
            self.note(start, pos);
        }
        Ok(())
    }

    /// Notes what has been written from `start` on, for the trace.
    fn note(&mut self, start: usize, pos: Pos) {
        let end = self.out.len();
        if let (Some(trace), true) = (&mut self.trace, end > start) {
            trace.push(Trace {
                output: start..end,
                name: Rc::clone(&self.trace_name),
                source: pos.start..pos.end,
                turns: Rc::clone(&self.turns),
            });
        }
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
            if with {
                self.list(&Slot::plain(value), &branch.body)
            } else {
                self.list(dot, &branch.body)
            }
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
                    let slot = Slot {
                        value: item.clone(),
                        boxed,
                    };
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
                    let slot = Slot {
                        value: item.clone(),
                        boxed,
                    };
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
                while i < *count
                    && self.iteration(branch, Value::None, &Slot::plain(Value::Int(*kind, i)))?
                        != Flow::Break
                {
                    i += 1;
                }
                Ok(*count > 0)
            }
            Value::Uint(kind, count) => {
                self.one_variable(two, value)?;
                let mut i = 0;
                while i < *count
                    && self.iteration(branch, Value::None, &Slot::plain(Value::Uint(*kind, i)))?
                        != Flow::Break
                {
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
            return Err(self.error(format!(
                "can't use {text} to iterate over more than one variable"
            )));
        }
        Ok(())
    }

    fn show(&self, value: &Value) -> String {
        let text = fmt::sprint(std::slice::from_ref(value), self.shared.limits().bytes)
            .unwrap_or_default();
        String::from_utf8_lossy(&text).into_owned()
    }

    fn iteration(&mut self, branch: &'a Branch, key: Value, item: &Slot) -> Run<Flow> {
        self.step()?;
        let pipe = &branch.pipe;
        let outer = self.turn(branch, &key);
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
        if let Some(outer) = outer {
            self.turns = outer;
        }
        Ok(flow)
    }

    /// Notes which item is begun, for the trace; returns what was noted before.
    fn turn(&mut self, branch: &Branch, key: &Value) -> Option<Rc<[Turn]>> {
        self.trace.as_ref()?;
        let key = match key {
            Value::Int(_, index) => index.to_string(),
            Value::Str(key) => key.to_str().into_owned(),
            _ => return None,
        };
        let turn = Turn {
            name: Rc::clone(&self.trace_name),
            start: branch.pos.start,
            key,
        };
        let turns = self.turns.iter().cloned().chain([turn]).collect();
        Some(std::mem::replace(&mut self.turns, turns))
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
        match self
            .variables()
            .iter_mut()
            .rev()
            .find(|(known, _)| *known == name)
        {
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
}
