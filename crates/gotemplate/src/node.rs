//! The tree of a template: what the parser makes, the evaluator walks, and a converter can read.
//!
//! Printing a [`Tree`] gives template text that parses to an equal tree; positions do not count in comparisons.

use crate::limits::deep;
use crate::number::Number;
use crate::text::Str;
use std::rc::Rc;

/// A parsed source: the top-level nodes, with the templates it defines among them.
#[derive(Debug)]
pub struct Tree {
    /// The name the source was parsed under.
    pub name: String,
    /// The source text.
    pub text: Str,
    /// The delimiters it was parsed with.
    pub delimiters: (String, String),
    /// The nodes, `define`s and `block`s included.
    pub root: Rc<List>,
}

impl PartialEq for Tree {
    fn eq(&self, other: &Self) -> bool {
        self.root == other.root
    }
}

/// A place in the source. All places are equal, so that trees compare by what they say.
#[derive(Clone, Copy, Debug, Default)]
pub struct Pos {
    /// First byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
    /// The byte Go would name: in `.a.b.c` that is where `.b` begins.
    pub(crate) go: usize,
}

impl PartialEq for Pos {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// A sequence of nodes.
#[derive(Debug, Default)]
pub struct List {
    /// The nodes in order.
    pub nodes: Vec<Node>,
}

/// Something between or within actions.
#[derive(Debug, PartialEq)]
pub enum Node {
    /// Literal text, already trimmed.
    Text(Pos, Str),
    /// `{{/* ... */}}`, with its markers.
    Comment(Pos, Str),
    /// `{{pipeline}}`
    Action(Pos, Pipe),
    /// `{{if pipeline}} ... {{else}} ... {{end}}`
    If(Branch),
    /// `{{range pipeline}} ... {{else}} ... {{end}}`
    Range(Branch),
    /// `{{with pipeline}} ... {{else}} ... {{end}}`
    With(Branch),
    /// `{{template "name" pipeline}}`
    Template(Invocation),
    /// `{{block "name" pipeline}} ... {{end}}`: a definition and its use.
    Block(Invocation, Rc<List>),
    /// `{{define "name"}} ... {{end}}`
    Define(Definition),
    /// `{{break}}`
    Break(Pos),
    /// `{{continue}}`
    Continue(Pos),
}

/// A control structure.
#[derive(Debug, PartialEq)]
pub struct Branch {
    /// Where the pipeline begins, as Go has it.
    pub pos: Pos,
    /// What decides.
    pub pipe: Pipe,
    /// The body.
    pub body: List,
    /// What follows `else`; an `else if` is a list of one `if`.
    pub otherwise: Option<List>,
}

/// A use of a template.
#[derive(Debug, PartialEq)]
pub struct Invocation {
    /// Where the name stands.
    pub pos: Pos,
    /// The template.
    pub name: Str,
    /// What becomes its dot.
    pub pipe: Option<Pipe>,
}

/// A template defined in the source.
#[derive(Debug, PartialEq)]
pub struct Definition {
    /// Where the name stands.
    pub pos: Pos,
    /// The name.
    pub name: Str,
    /// The body.
    pub body: Rc<List>,
}

/// Commands, each fed with the result of the one before; its result may be kept in variables.
#[derive(Debug)]
pub struct Pipe {
    /// Its place.
    pub pos: Pos,
    /// Whether variables are assigned (`=`) and not declared (`:=`).
    pub assign: bool,
    /// The variables; at most two, and two only in `range`.
    pub vars: Vec<Variable>,
    /// The commands in order.
    pub commands: Vec<Command>,
}

/// An operand, or a function with its arguments.
#[derive(Debug, PartialEq)]
pub struct Command {
    /// Its place.
    pub pos: Pos,
    /// The operands; the first is what is called.
    pub args: Vec<Expr>,
}

/// An operand.
#[derive(Debug, PartialEq)]
pub enum Expr {
    /// `true`, `false`
    Bool(Pos, bool),
    /// `.`
    Dot(Pos),
    /// `nil`
    Nil(Pos),
    /// A number or character constant.
    Number(Pos, Box<Number>),
    /// A string literal as written, and what it says.
    String(Pos, Str, Str),
    /// A function.
    Identifier(Pos, Box<str>),
    /// `.a.b`
    Field(Pos, Vec<Str>),
    /// `$x.a.b`
    Variable(Variable),
    /// `(pipeline).a.b`, `fn.a.b`
    Chain(Pos, Box<Expr>, Vec<Str>),
    /// `(pipeline)`
    Pipe(Box<Pipe>),
}

/// A variable with the fields asked of it.
#[derive(Debug, PartialEq)]
pub struct Variable {
    /// Its place.
    pub pos: Pos,
    /// The name with its `$`.
    pub name: Box<str>,
    /// The fields.
    pub fields: Vec<Str>,
}

impl Node {
    /// Where the node stands, as error messages have it.
    #[must_use]
    pub fn pos(&self) -> Pos {
        match self {
            Self::Text(pos, _)
            | Self::Comment(pos, _)
            | Self::Action(pos, _)
            | Self::Break(pos)
            | Self::Continue(pos) => *pos,
            Self::If(branch) | Self::Range(branch) | Self::With(branch) => branch.pos,
            Self::Template(call) | Self::Block(call, _) => call.pos,
            Self::Define(definition) => definition.pos,
        }
    }
}

impl Expr {
    /// Where the operand stands, as error messages have it.
    #[must_use]
    pub fn pos(&self) -> Pos {
        match self {
            Self::Bool(pos, _)
            | Self::Dot(pos)
            | Self::Nil(pos)
            | Self::Number(pos, _)
            | Self::String(pos, ..)
            | Self::Identifier(pos, _)
            | Self::Field(pos, _)
            | Self::Chain(pos, ..) => *pos,
            Self::Variable(variable) => variable.pos,
            Self::Pipe(pipe) => pipe.pos,
        }
    }
}

impl List {
    /// Whether there is nothing but white space, comments and definitions: such a template does not
    /// replace one that says something.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.nodes.iter().all(|node| match node {
            Node::Text(_, text) => crate::unicode::trim(text).is_empty(),
            Node::Comment(..) | Node::Define(_) => true,
            _ => false,
        })
    }
}

impl PartialEq for List {
    fn eq(&self, other: &Self) -> bool {
        deep(|| self.nodes == other.nodes)
    }
}

impl PartialEq for Pipe {
    fn eq(&self, other: &Self) -> bool {
        deep(|| {
            self.assign == other.assign
                && self.vars == other.vars
                && self.commands == other.commands
        })
    }
}

impl Drop for List {
    fn drop(&mut self) {
        if !self.nodes.is_empty() {
            let nodes = std::mem::take(&mut self.nodes);
            deep(|| drop(nodes));
        }
    }
}

impl Drop for Pipe {
    fn drop(&mut self) {
        let commands = std::mem::take(&mut self.commands);
        deep(|| drop(commands));
    }
}
