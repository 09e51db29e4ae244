//! Which fields of its data a template reads.

use crate::limits::deep;
use crate::node::{Branch, Expr, List, Node, Pipe, Pos, Tree};
use crate::text::Str;
use std::collections::HashMap;
use std::rc::Rc;

/// A field of the data that a template names.
#[derive(Clone, Debug, PartialEq)]
pub struct Reference {
    /// The names from the top of the data; none of them is an item of a list or map that is walked over.
    pub names: Vec<Option<Str>>,
    /// Where it is named.
    pub pos: Pos,
}

impl Reference {
    /// The path as text: `.users[].name`.
    #[must_use]
    pub fn path(&self) -> String {
        let mut out = String::new();
        for name in &self.names {
            match name {
                Some(name) => {
                    out.push('.');
                    out.push_str(&name.to_str());
                }
                None => out.push_str("[]"),
            }
        }
        out
    }
}

/// How deep templates are followed into each other.
const FOLLOW: usize = 16;

/// The fields of the data a source reads, in the order it names them. Dot is followed into `with`, `range`,
/// variables, and templates of the same source; what a function returns is not.
#[must_use]
pub fn references(tree: &Tree) -> Vec<Reference> {
    let mut defined = HashMap::new();
    collect(&tree.root, &mut defined);
    let mut walk = Walk {
        defined,
        found: Vec::new(),
        vars: vec![("$".into(), Some(Vec::new()))],
        depth: 0,
    };
    walk.list(&tree.root, Some(&Vec::new()));
    walk.found
}

type Path = Vec<Option<Str>>;

fn collect(list: &List, defined: &mut HashMap<Str, Rc<List>>) {
    for node in &list.nodes {
        match node {
            Node::Define(definition) => {
                defined.insert(definition.name.clone(), Rc::clone(&definition.body));
            }
            Node::Block(call, body) => {
                defined.insert(call.name.clone(), Rc::clone(body));
                deep(|| collect(body, defined));
            }
            Node::If(branch) | Node::Range(branch) | Node::With(branch) => deep(|| {
                collect(&branch.body, defined);
                if let Some(otherwise) = &branch.otherwise {
                    collect(otherwise, defined);
                }
            }),
            _ => {}
        }
    }
}

struct Walk {
    defined: HashMap<Str, Rc<List>>,
    found: Vec<Reference>,
    /// Variables, and what part of the data they hold, if that is known.
    vars: Vec<(Box<str>, Option<Path>)>,
    depth: usize,
}

impl Walk {
    fn list(&mut self, list: &List, dot: Option<&Path>) {
        for node in &list.nodes {
            match node {
                Node::Action(_, pipe) => {
                    self.pipe(pipe, dot);
                }
                Node::If(branch) => {
                    self.branch(branch, dot, |walk, _| walk.list(&branch.body, dot));
                }
                Node::With(branch) => self.branch(branch, dot, |walk, value| {
                    walk.list(&branch.body, value.as_ref());
                }),
                Node::Range(branch) => self.branch(branch, dot, |walk, value| {
                    let item = value.map(|mut path| {
                        path.push(None);
                        path
                    });
                    if let (Some(_), Some(variable)) =
                        (branch.pipe.vars.last(), walk.vars.last_mut())
                    {
                        variable.1.clone_from(&item);
                    }
                    walk.list(&branch.body, item.as_ref());
                }),
                Node::Template(call) | Node::Block(call, _) => {
                    let value = call.pipe.as_ref().and_then(|pipe| self.pipe(pipe, dot));
                    self.enter(&call.name, value.as_ref());
                }
                _ => {}
            }
        }
    }

    fn branch(
        &mut self,
        branch: &Branch,
        dot: Option<&Path>,
        body: impl FnOnce(&mut Self, Option<Path>),
    ) {
        let mark = self.vars.len();
        let value = self.pipe(&branch.pipe, dot);
        deep(|| body(self, value));
        if let Some(otherwise) = &branch.otherwise {
            deep(|| self.list(otherwise, dot));
        }
        self.vars.truncate(mark);
    }

    fn enter(&mut self, name: &Str, value: Option<&Path>) {
        let Some(body) = self.defined.get(name).map(Rc::clone) else {
            return;
        };
        if self.depth >= FOLLOW {
            return;
        }
        self.depth += 1;
        let vars = std::mem::replace(&mut self.vars, vec![("$".into(), value.cloned())]);
        deep(|| self.list(&body, value));
        self.vars = vars;
        self.depth -= 1;
    }

    /// Notes what a pipeline reads; its value is known if it is nothing but a field or variable.
    fn pipe(&mut self, pipe: &Pipe, dot: Option<&Path>) -> Option<Path> {
        let mut value = None;
        for command in &pipe.commands {
            let mut first = None;
            for (i, arg) in command.args.iter().enumerate() {
                let path = self.expr(arg, dot);
                if i == 0 {
                    first = path;
                }
            }
            value = if command.args.len() == 1 && pipe.commands.len() == 1 {
                first
            } else {
                None
            };
        }
        for variable in &pipe.vars {
            self.vars.push((variable.name.clone(), value.clone()));
        }
        value
    }

    fn expr(&mut self, expr: &Expr, dot: Option<&Path>) -> Option<Path> {
        match expr {
            Expr::Dot(_) => dot.cloned(),
            Expr::Field(pos, fields) => self.field(dot?.clone(), fields, *pos),
            Expr::Variable(variable) => {
                let held = self
                    .vars
                    .iter()
                    .rev()
                    .find(|(name, _)| *name == variable.name)?
                    .1
                    .clone()?;
                if variable.fields.is_empty() {
                    Some(held)
                } else {
                    self.field(held, &variable.fields, variable.pos)
                }
            }
            Expr::Chain(pos, inner, fields) => {
                let base = deep(|| self.expr(inner, dot))?;
                self.field(base, fields, *pos)
            }
            Expr::Pipe(pipe) => deep(|| self.pipe(pipe, dot)),
            _ => None,
        }
    }

    fn field(&mut self, mut path: Path, fields: &[Str], pos: Pos) -> Option<Path> {
        path.extend(fields.iter().cloned().map(Some));
        self.found.push(Reference {
            names: path.clone(),
            pos,
        });
        Some(path)
    }
}
