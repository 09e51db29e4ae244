//! Trees back to text.

use crate::limits::deep;
use crate::node::{Branch, Command, Expr, Invocation, List, Node, Pipe, Tree, Variable};
use crate::quote::quote;
use crate::text::Str;
use std::fmt;

/// Writes template text with the delimiters of a tree.
struct Printer {
    out: Vec<u8>,
    left: Vec<u8>,
    right: Vec<u8>,
}

impl Tree {
    /// The template text of the tree, in its own delimiters. Parsing it gives an equal tree.
    #[must_use]
    pub fn to_text(&self) -> Vec<u8> {
        let or = |text: &str, default: &str| {
            if text.is_empty() {
                default.into()
            } else {
                text.into()
            }
        };
        let left: String = or(&self.delimiters.0, "{{");
        let right: String = or(&self.delimiters.1, "}}");
        let mut printer = Printer {
            out: Vec::new(),
            left: left.into_bytes(),
            right: right.into_bytes(),
        };
        printer.list(&self.root);
        printer.out
    }
}

impl fmt::Display for Tree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(&self.to_text()))
    }
}

impl Printer {
    fn open(&mut self) {
        // Text that ends in the beginning of a delimiter would run into it: keep them apart by a space
        // that a trim marker takes away again.
        let (out, left) = (&self.out, &self.left);
        let meets = (1..left.len()).any(|n| out.ends_with(left.get(..n).unwrap_or_default()));
        if meets {
            self.out.push(b' ');
        }
        self.out.extend_from_slice(&self.left);
        if meets {
            self.out.extend_from_slice(b"- ");
        }
    }

    fn close(&mut self) {
        self.out.extend_from_slice(&self.right);
    }

    fn action(&mut self, write: impl FnOnce(&mut Vec<u8>)) {
        self.open();
        write(&mut self.out);
        self.close();
    }

    fn list(&mut self, list: &List) {
        deep(|| list.nodes.iter().for_each(|node| self.node(node)));
    }

    fn node(&mut self, node: &Node) {
        match node {
            Node::Text(_, text) => self.out.extend_from_slice(text),
            Node::Comment(_, text) => self.action(|out| out.extend_from_slice(text)),
            Node::Action(_, pipe) => self.action(|out| write_pipe(out, pipe)),
            Node::If(branch) => self.branch("if ", branch),
            Node::Range(branch) => self.branch("range ", branch),
            Node::With(branch) => self.branch("with ", branch),
            Node::Template(call) => self.action(|out| write_call(out, "template ", call)),
            Node::Block(call, body) => {
                self.action(|out| write_call(out, "block ", call));
                self.list(body);
                self.action(|out| out.extend_from_slice(b"end"));
            }
            Node::Define(definition) => {
                self.action(|out| {
                    out.extend_from_slice(b"define ");
                    out.extend_from_slice(quote(&definition.name).as_bytes());
                });
                self.list(&definition.body);
                self.action(|out| out.extend_from_slice(b"end"));
            }
            Node::Break(_) => self.action(|out| out.extend_from_slice(b"break")),
            Node::Continue(_) => self.action(|out| out.extend_from_slice(b"continue")),
        }
    }

    fn branch(&mut self, word: &str, branch: &Branch) {
        self.action(|out| {
            out.extend_from_slice(word.as_bytes());
            write_pipe(out, &branch.pipe);
        });
        self.list(&branch.body);
        if let Some(otherwise) = &branch.otherwise {
            self.action(|out| out.extend_from_slice(b"else"));
            self.list(otherwise);
        }
        self.action(|out| out.extend_from_slice(b"end"));
    }
}

fn write_call(out: &mut Vec<u8>, word: &str, call: &Invocation) {
    out.extend_from_slice(word.as_bytes());
    out.extend_from_slice(quote(&call.name).as_bytes());
    if let Some(pipe) = &call.pipe {
        out.push(b' ');
        write_pipe(out, pipe);
    }
}

fn write_pipe(out: &mut Vec<u8>, pipe: &Pipe) {
    for (i, variable) in pipe.vars.iter().enumerate() {
        if i > 0 {
            out.extend_from_slice(b", ");
        }
        write_variable(out, variable);
    }
    if !pipe.vars.is_empty() {
        out.extend_from_slice(if pipe.assign { b" = " } else { b" := " });
    }
    for (i, command) in pipe.commands.iter().enumerate() {
        if i > 0 {
            out.extend_from_slice(b" | ");
        }
        write_command(out, command);
    }
}

fn write_command(out: &mut Vec<u8>, command: &Command) {
    for (i, arg) in command.args.iter().enumerate() {
        if i > 0 {
            out.push(b' ');
        }
        write_expr(out, arg);
    }
}

fn write_fields(out: &mut Vec<u8>, fields: &[Str]) {
    for field in fields {
        out.push(b'.');
        out.extend_from_slice(field);
    }
}

fn write_variable(out: &mut Vec<u8>, variable: &Variable) {
    out.extend_from_slice(variable.name.as_bytes());
    write_fields(out, &variable.fields);
}

fn write_expr(out: &mut Vec<u8>, expr: &Expr) {
    match expr {
        Expr::Bool(_, value) => out.extend_from_slice(if *value { b"true" } else { b"false" }),
        Expr::Dot(_) => out.push(b'.'),
        Expr::Nil(_) => out.extend_from_slice(b"nil"),
        Expr::Number(_, number) => out.extend_from_slice(number.text.as_bytes()),
        Expr::String(_, quoted, _) => out.extend_from_slice(quoted),
        Expr::Identifier(_, name) => out.extend_from_slice(name.as_bytes()),
        Expr::Field(_, fields) => write_fields(out, fields),
        Expr::Variable(variable) => write_variable(out, variable),
        Expr::Chain(_, node, fields) => {
            write_expr(out, node);
            write_fields(out, fields);
        }
        Expr::Pipe(pipe) => deep(|| {
            out.push(b'(');
            write_pipe(out, pipe);
            out.push(b')');
        }),
    }
}

fn text_of(write: impl FnOnce(&mut Vec<u8>)) -> String {
    let mut out = Vec::new();
    write(&mut out);
    String::from_utf8_lossy(&out).into_owned()
}

impl fmt::Display for Pipe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&text_of(|out| write_pipe(out, self)))
    }
}

impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&text_of(|out| write_command(out, self)))
    }
}

impl fmt::Display for Expr {
    /// As Go's `Node.String`: a parenthesised pipeline without its parentheses.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pipe(pipe) => pipe.fmt(f),
            other => f.write_str(&text_of(|out| write_expr(out, other))),
        }
    }
}

impl fmt::Display for Node {
    /// As Go's `Node.String`, with the default delimiters; a `block` shows as the `template` it calls.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut printer = Printer {
            out: Vec::new(),
            left: b"{{".to_vec(),
            right: b"}}".to_vec(),
        };
        match self {
            Self::Block(call, _) => printer.action(|out| write_call(out, "template ", call)),
            node => printer.node(node),
        }
        f.write_str(&String::from_utf8_lossy(&printer.out))
    }
}
