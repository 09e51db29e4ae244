//! What names mean: the dot, the variables, and what they are called in Tera.

use std::collections::BTreeSet;

use gotemplate::node::{Expr, List, Node, Pipe};

use crate::translate::term::{Term, is_name};

/// What the dot or a variable stands for.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Binding {
    /// All the values.
    Root,
    Term(Term),
    /// Something that could not be said, which has been told.
    Unknown,
}

/// A variable of Go.
#[derive(Clone, Debug)]
pub(super) struct Variable {
    pub(super) name: String,
    pub(super) binding: Binding,
    /// Whether a loop sets it.
    pub(super) turns: bool,
    /// Whether it is kept beyond the turn of a loop.
    pub(super) global: bool,
}

/// What is known at a place.
#[derive(Clone, Debug)]
pub(super) struct Scope {
    pub(super) dot: Binding,
    pub(super) variables: Vec<Variable>,
}

impl Scope {
    pub(super) fn new(dot: Binding) -> Self {
        let root = Variable {
            name: "$".to_owned(),
            binding: dot.clone(),
            turns: false,
            global: false,
        };
        Self {
            dot,
            variables: vec![root],
        }
    }

    pub(super) fn find(&self, name: &str) -> Option<&Variable> {
        self.variables.iter().rev().find(|one| one.name == name)
    }
}

/// Names that are taken, and variables that are assigned to.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// First names of values, which no variable may hide.
    values: BTreeSet<String>,
    /// Names of Tera's variables that are in use.
    used: Vec<String>,
    /// Names that are never free again.
    kept: BTreeSet<String>,
    assigned: BTreeSet<String>,
}

/// How deep trees are looked into; deeper ones are refused where they are walked.
const DEPTH: usize = 100;

impl Names {
    pub(super) fn of(list: &List) -> Self {
        let mut names = Self::default();
        names.list(list, 0);
        names
    }

    fn list(&mut self, list: &List, depth: usize) {
        if depth > DEPTH {
            return;
        }
        for node in &list.nodes {
            match node {
                Node::Action(_, pipe) => self.pipe(pipe, depth),
                Node::If(branch) | Node::With(branch) | Node::Range(branch) => {
                    self.pipe(&branch.pipe, depth);
                    self.list(&branch.body, depth + 1);
                    if let Some(otherwise) = &branch.otherwise {
                        self.list(otherwise, depth + 1);
                    }
                }
                Node::Template(call) | Node::Block(call, _) => {
                    if let Some(pipe) = &call.pipe {
                        self.pipe(pipe, depth);
                    }
                    if let Node::Block(_, body) = node {
                        self.list(body, depth + 1);
                    }
                }
                Node::Define(definition) => self.list(&definition.body, depth + 1),
                _ => {}
            }
        }
    }

    fn pipe(&mut self, pipe: &Pipe, depth: usize) {
        if depth > DEPTH {
            return;
        }
        if pipe.assign {
            let names = pipe.vars.iter().map(|variable| variable.name.to_string());
            self.assigned.extend(names);
        }
        for arg in pipe.commands.iter().flat_map(|command| &command.args) {
            self.expression(arg, depth);
        }
    }

    fn expression(&mut self, expression: &Expr, depth: usize) {
        let fields: &[_] = match expression {
            Expr::Field(_, names) => names,
            Expr::Variable(variable) => &variable.fields,
            Expr::Chain(_, inner, _) if depth < DEPTH => {
                self.expression(inner, depth + 1);
                &[]
            }
            Expr::Pipe(pipe) => {
                self.pipe(pipe, depth + 1);
                &[]
            }
            _ => &[],
        };
        // the second is the first below `.Values`
        for name in fields.iter().take(2) {
            self.values.insert(name.to_str().into_owned());
        }
    }

    /// Tells whether a variable of this name is assigned to anywhere.
    pub(super) fn is_assigned(&self, name: &str) -> bool {
        self.assigned.contains(name)
    }

    /// Tells whether an assignment can change what a path leads to.
    pub(super) fn changes(&self, path: &str) -> bool {
        let mut quoted = false;
        let mut leads = true;
        let mut word = String::new();
        for each in path.chars().chain(['.']) {
            if each.is_alphanumeric() || each == '_' {
                word.push(each);
                continue;
            }
            // the root, or a variable within brackets: what stands behind a dot is a field
            if leads && !quoted && self.kept.contains(&word) {
                return true;
            }
            word.clear();
            quoted ^= each == '"';
            leads = each == '[';
        }
        false
    }

    /// Returns a free name like `wanted`, which is taken from now on.
    pub(super) fn take(&mut self, wanted: &str, forever: bool) -> String {
        let wanted = wanted.trim_start_matches('$');
        let wanted = if is_name(wanted) { wanted } else { "value" };
        let mut name = wanted.to_owned();
        let mut number = 1;
        while self.values.contains(&name) || self.used.contains(&name) || self.kept.contains(&name)
        {
            number += 1;
            name = format!("{wanted}_{number}");
        }
        if forever {
            self.kept.insert(name.clone());
        } else {
            self.used.push(name.clone());
        }
        name
    }

    /// Returns how many names are in use, to give them back later.
    pub(super) fn mark(&self) -> usize {
        self.used.len()
    }

    /// Gives names back.
    pub(super) fn release(&mut self, mark: usize) {
        self.used.truncate(mark);
    }
}
