//! Which values a set of templates names, told from its trees.
//!
//! The dot is followed through `with`, `template` and `include` where it is clear what it becomes;
//! within `range` it is an item of something: the path begins with the name of the loop (see
//! [`item_of`]), and what is asked of it counts as local.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use gotemplate::node::{Branch, Command, Expr, Invocation, List, Node, Pipe, Pos, Tree, Variable};

/// A value that a template names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Mention {
    /// The template, by index.
    pub(super) unit: usize,
    /// Bytes of its prepared text.
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) path: Vec<String>,
    pub(super) computed: bool,
    pub(super) local: bool,
    pub(super) optional: bool,
}

/// A template that is called but not defined: its name, by whom, and where.
pub(super) type Wanted = (String, usize, Range<usize>);

/// What something is: a path from the root or from the item of a loop, or one cannot tell.
pub(super) type Base = Option<Vec<String>>;

/// What the templates name.
#[derive(Default)]
pub(super) struct Analysis {
    /// The values that they name.
    pub(super) mentions: Vec<Mention>,
    /// What each loop goes through, by the name of its item: nothing where that differs from call
    /// to call.
    pub(super) loops: BTreeMap<String, Base>,
    /// The templates that are called by name but not defined.
    pub(super) wanted: Vec<Wanted>,
}

/// Functions that take care of what is not there.
const CARING: [&str; 16] = [
    "all", "and", "any", "coalesce", "compact", "default", "dig", "empty", "get", "hasKey",
    "kindIs", "not", "or", "pluck", "ternary", "typeIs",
];

struct Walk<'a> {
    named: BTreeMap<String, (usize, &'a List)>,
    seen: BTreeSet<(String, Base)>,
    /// Paths that a condition around has asked for.
    guards: Vec<Vec<String>>,
    mentions: BTreeSet<Mention>,
    loops: BTreeMap<String, Base>,
    /// Files that are named as templates, and where.
    wanted: Vec<Wanted>,
    depth: usize,
}

#[derive(Clone)]
struct Scope {
    unit: usize,
    dot: Base,
    variables: Vec<(String, Base)>,
}

/// A control structure.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    If,
    With,
    Range,
}

/// What the names of loops' items begin with.
const ITEM: char = '\0';
/// How many parentheses around a name are looked into.
const NAMED: usize = 8;
/// How deep control structures are followed.
const DEPTH: usize = 200;

/// Returns the name that paths begin with which are those of an item of a loop: of the `range` that
/// begins at this byte of a unit's prepared text. No value is called so.
pub(super) fn item_of(unit: usize, start: usize) -> String {
    format!("{ITEM}{unit}:{start}")
}

/// Tells whether a path is that of an item of a loop.
fn is_of_item(path: &[String]) -> bool {
    path.first().is_some_and(|root| root.starts_with(ITEM))
}

/// Returns what the templates name, the first of them being rendered.
pub(super) fn analyse<'a>(trees: &[&'a Tree]) -> Analysis {
    let mut walk: Walk<'a> = Walk {
        named: BTreeMap::new(),
        seen: BTreeSet::new(),
        guards: Vec::new(),
        mentions: BTreeSet::new(),
        loops: BTreeMap::new(),
        wanted: Vec::new(),
        depth: 0,
    };
    // a later definition wins, and the first template is parsed last
    for (unit, tree) in trees.iter().enumerate().rev() {
        walk.named.insert(tree.name.clone(), (unit, &tree.root));
        walk.file(unit, &tree.root, 0);
    }
    if let Some(tree) = trees.first() {
        walk.call(&tree.name, Some(Vec::new()));
    }
    let rest: Vec<String> = walk.named.keys().cloned().collect();
    for name in rest {
        let reached = walk.seen.iter().any(|(seen, _)| *seen == name);
        if !reached {
            walk.call(&name, None);
        }
    }
    Analysis {
        mentions: walk.mentions.into_iter().collect(),
        loops: walk.loops,
        wanted: walk.wanted,
    }
}

impl<'a> Walk<'a> {
    /// Files the templates that a list defines.
    fn file(&mut self, unit: usize, list: &'a List, depth: usize) {
        if depth > DEPTH {
            return;
        }
        for node in &list.nodes {
            match node {
                Node::Define(definition) => {
                    let name = definition.name.to_str().into_owned();
                    self.named.insert(name, (unit, &definition.body));
                    self.file(unit, &definition.body, depth + 1);
                }
                Node::Block(call, body) => {
                    let name = call.name.to_str().into_owned();
                    self.named.insert(name, (unit, body));
                    self.file(unit, body, depth + 1);
                }
                Node::If(branch) | Node::With(branch) | Node::Range(branch) => {
                    self.file(unit, &branch.body, depth + 1);
                    if let Some(otherwise) = &branch.otherwise {
                        self.file(unit, otherwise, depth + 1);
                    }
                }
                _ => {}
            }
        }
    }

    fn call(&mut self, name: &str, dot: Base) {
        let Some((unit, list)) = self.named.get(name).copied() else {
            return;
        };
        if self.depth > DEPTH || !self.seen.insert((name.to_owned(), dot.clone())) {
            return;
        }
        let mut scope = Scope {
            unit,
            variables: vec![("$".to_owned(), dot.clone())],
            dot,
        };
        let guards = std::mem::take(&mut self.guards);
        self.list(list, &mut scope);
        self.guards = guards;
    }

    fn list(&mut self, list: &'a List, scope: &mut Scope) {
        self.depth += 1;
        let known = scope.variables.len();
        if self.depth <= DEPTH {
            for node in &list.nodes {
                self.node(node, scope);
            }
        }
        scope.variables.truncate(known);
        self.depth -= 1;
    }

    fn node(&mut self, node: &'a Node, scope: &mut Scope) {
        match node {
            Node::Action(_, pipe) => {
                self.pipe(pipe, scope, cares(pipe));
                let base = binding(pipe, scope);
                declare(pipe, scope, &base);
            }
            Node::If(branch) => self.branch(branch, scope, Kind::If),
            Node::With(branch) => self.branch(branch, scope, Kind::With),
            Node::Range(branch) => self.branch(branch, scope, Kind::Range),
            Node::Template(call) | Node::Block(call, _) => self.invocation(call, scope),
            _ => {}
        }
    }

    fn branch(&mut self, branch: &'a Branch, scope: &mut Scope, kind: Kind) {
        let guarded = self.guards.len();
        self.pipe(&branch.pipe, scope, true);
        let base = binding(&branch.pipe, scope);
        self.guard(&branch.pipe, scope, 0);
        let mut inner = scope.clone();
        let bound = match kind {
            Kind::Range => Some(vec![self.looped(scope.unit, branch.pos.start, base)]),
            Kind::If | Kind::With => base,
        };
        if kind != Kind::If {
            inner.dot.clone_from(&bound);
        }
        match branch.pipe.vars.as_slice() {
            [key, item] if kind == Kind::Range && !branch.pipe.assign => {
                inner.variables.push((key.name.to_string(), None));
                inner.variables.push((item.name.to_string(), bound));
            }
            _ => declare(&branch.pipe, &mut inner, &bound),
        }
        self.list(&branch.body, &mut inner);
        self.guards.truncate(guarded);
        if let Some(otherwise) = &branch.otherwise {
            self.list(otherwise, scope);
        }
    }

    /// Remembers what a loop goes through; returns the name of its item.
    fn looped(&mut self, unit: usize, start: usize, base: Base) -> String {
        let name = item_of(unit, start);
        match self.loops.get_mut(&name) {
            Some(known) if *known != base => *known = None,
            Some(_) => {}
            None => {
                self.loops.insert(name.clone(), base);
            }
        }
        name
    }

    /// Remembers what a condition asked for.
    fn guard(&mut self, pipe: &Pipe, scope: &Scope, depth: usize) {
        for command in &pipe.commands {
            for arg in &command.args {
                match arg {
                    Expr::Pipe(inner) if depth < NAMED => self.guard(inner, scope, depth + 1),
                    other => self
                        .guards
                        .extend(base(other, scope).filter(|path| !path.is_empty())),
                }
            }
        }
    }

    fn invocation(&mut self, call: &'a Invocation, scope: &mut Scope) {
        let name = call.name.to_str().into_owned();
        let dot = match &call.pipe {
            Some(pipe) => {
                if !is_dot(pipe) {
                    self.pipe(pipe, scope, true);
                }
                binding(pipe, scope)
            }
            None => None,
        };
        self.named_call(&name, call.pos, dot, scope);
    }

    fn named_call(&mut self, name: &str, pos: Pos, dot: Base, scope: &Scope) {
        if self.named.contains_key(name) {
            self.call(name, dot);
        } else {
            self.wanted
                .push((name.to_owned(), scope.unit, pos.start..pos.end));
        }
    }

    fn pipe(&mut self, pipe: &'a Pipe, scope: &mut Scope, optional: bool) {
        self.depth += 1;
        if self.depth <= DEPTH {
            for command in &pipe.commands {
                self.command(command, scope, optional);
            }
        }
        self.depth -= 1;
    }

    fn command(&mut self, command: &'a Command, scope: &mut Scope, optional: bool) {
        let mut args = command.args.as_slice();
        if let [Expr::Identifier(_, name), rest @ ..] = args {
            if let ("index" | "get", [of, keys @ ..]) = (&**name, rest)
                && !keys.is_empty()
                && let Some(path) = base(of, scope)
            {
                let mut path = path;
                let literal: Vec<String> = keys.iter().map_while(key).collect();
                let computed = literal.len() < keys.len();
                path.extend(literal);
                self.mention(
                    scope,
                    of.pos().start..command.pos.end,
                    path,
                    computed,
                    optional,
                );
                args = keys;
            }
            if let ("include", [Expr::String(pos, _, callee), dot]) = (&**name, rest) {
                let callee = callee.to_str().into_owned();
                self.named_call(&callee, *pos, base(dot, scope), scope);
                if matches!(dot, Expr::Dot(_)) {
                    return;
                }
            }
        }
        for arg in args {
            self.expr(arg, scope, optional);
        }
    }

    fn expr(&mut self, expr: &'a Expr, scope: &mut Scope, optional: bool) {
        let span = expr.pos().start..expr.pos().end;
        match expr {
            Expr::Dot(_) => match scope.dot.clone() {
                Some(path) => self.mention(scope, span, path, true, optional),
                None => self.local(scope, span, Vec::new(), optional),
            },
            Expr::Field(_, names) => match base(expr, scope) {
                Some(path) => self.mention(scope, span, path, false, optional),
                None => self.local(scope, span, strings(names), optional),
            },
            Expr::Variable(variable)
                if variable.fields.is_empty()
                    && &*variable.name != "$"
                    && !base(expr, scope).is_some_and(|path| is_of_item(&path)) => {}
            Expr::Variable(variable) => match base(expr, scope) {
                Some(path) => {
                    let whole = variable.fields.is_empty();
                    self.mention(scope, span, path, whole, optional);
                }
                None => self.local(scope, span, strings(&variable.fields), optional),
            },
            Expr::Chain(_, inner, _) => match base(expr, scope) {
                Some(path) => self.mention(scope, span, path, false, optional),
                None => self.expr(inner, scope, optional),
            },
            Expr::Pipe(pipe) => self.pipe(pipe, scope, optional || cares(pipe)),
            _ => {}
        }
    }

    fn mention(
        &mut self,
        scope: &Scope,
        span: Range<usize>,
        path: Vec<String>,
        computed: bool,
        optional: bool,
    ) {
        let guarded = self.guards.iter().any(|guard| path.starts_with(guard));
        self.mentions.insert(Mention {
            unit: scope.unit,
            start: span.start,
            end: span.end,
            local: is_of_item(&path),
            path,
            computed,
            optional: optional || guarded,
        });
    }

    fn local(&mut self, scope: &Scope, span: Range<usize>, path: Vec<String>, optional: bool) {
        self.mentions.insert(Mention {
            unit: scope.unit,
            start: span.start,
            end: span.end,
            path,
            computed: false,
            local: true,
            optional,
        });
    }
}

fn strings(names: &[gotemplate::Str]) -> Vec<String> {
    names
        .iter()
        .map(|name| name.to_str().into_owned())
        .collect()
}

/// Returns a key that is written down.
fn key(expr: &Expr) -> Option<String> {
    match expr {
        Expr::String(_, _, text) => Some(text.to_str().into_owned()),
        Expr::Number(..) => Some(expr.to_string()),
        _ => None,
    }
}

fn is_dot(pipe: &Pipe) -> bool {
    let [command] = pipe.commands.as_slice() else {
        return false;
    };
    matches!(command.args.as_slice(), [Expr::Dot(_)])
}

/// Tells whether a pipeline holds a function that takes care of what is not there.
fn cares(pipe: &Pipe) -> bool {
    pipe.commands.iter().any(|command| {
        let first = command.args.first();
        matches!(first, Some(Expr::Identifier(_, name)) if CARING.contains(&&**name))
    })
}

fn declare(pipe: &Pipe, scope: &mut Scope, base: &Base) {
    for Variable { name, .. } in &pipe.vars {
        if pipe.assign {
            let known = scope.variables.iter_mut().rev();
            let mut known = known.filter(|(known, _)| **known == **name);
            if let Some((_, known)) = known.next() {
                *known = None;
            }
        } else {
            let base = base.clone().filter(|_| pipe.vars.len() == 1);
            scope.variables.push((name.to_string(), base));
        }
    }
}

/// Returns what a pipeline is, where it only names something.
fn binding(pipe: &Pipe, scope: &Scope) -> Base {
    binding_within(pipe, scope, 0)
}

fn binding_within(pipe: &Pipe, scope: &Scope, depth: usize) -> Base {
    let [command] = pipe.commands.as_slice() else {
        return None;
    };
    match command.args.as_slice() {
        [one] => base_within(one, scope, depth),
        [Expr::Identifier(_, name), of, keys @ ..] if matches!(&**name, "index" | "get") => {
            let mut path = base_within(of, scope, depth)?;
            for each in keys {
                path.push(key(each)?);
            }
            Some(path)
        }
        _ => None,
    }
}

/// Returns what an operand is, where it only names something.
fn base(expr: &Expr, scope: &Scope) -> Base {
    base_within(expr, scope, 0)
}

fn base_within(expr: &Expr, scope: &Scope, depth: usize) -> Base {
    let onward = |base: Base, names: &[gotemplate::Str]| {
        let mut path = base?;
        path.extend(strings(names));
        Some(path)
    };
    if depth > NAMED {
        return None;
    }
    match expr {
        Expr::Dot(_) => scope.dot.clone(),
        Expr::Field(_, names) => onward(scope.dot.clone(), names),
        Expr::Variable(variable) => {
            let mut known = scope.variables.iter().rev();
            let (_, base) = known.find(|(name, _)| **name == *variable.name)?;
            onward(base.clone(), &variable.fields)
        }
        Expr::Chain(_, inner, names) => onward(base_within(inner, scope, depth + 1), names),
        Expr::Pipe(pipe) => binding_within(pipe, scope, depth + 1),
        _ => None,
    }
}

/// Returns where strings stand that hold a tag and are used within a longer pipeline. What `tpl` is
/// given is read as a template, and a string alone is the way to print a tag.
pub(super) fn strings_with(tree: &Tree, left: &str, right: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    strings_in_list(&tree.root, &|text| holds(text, left, right), &mut found, 0);
    found
}

fn holds(text: &str, left: &str, right: &str) -> bool {
    let after = text.find(left).and_then(|at| text.get(at + left.len()..));
    after.is_some_and(|after| after.contains(right))
}

fn strings_in_list(
    list: &List,
    wanted: &dyn Fn(&str) -> bool,
    found: &mut Vec<Range<usize>>,
    depth: usize,
) {
    if depth > DEPTH {
        return;
    }
    for node in &list.nodes {
        match node {
            Node::Action(_, pipe) => strings_in_pipe(pipe, wanted, found, depth),
            Node::If(branch) | Node::With(branch) | Node::Range(branch) => {
                strings_in_pipe(&branch.pipe, wanted, found, depth);
                strings_in_list(&branch.body, wanted, found, depth + 1);
                if let Some(otherwise) = &branch.otherwise {
                    strings_in_list(otherwise, wanted, found, depth + 1);
                }
            }
            Node::Define(definition) => {
                strings_in_list(&definition.body, wanted, found, depth + 1);
            }
            Node::Block(_, body) => strings_in_list(body, wanted, found, depth + 1),
            _ => {}
        }
    }
}

fn strings_in_pipe(
    pipe: &Pipe,
    wanted: &dyn Fn(&str) -> bool,
    found: &mut Vec<Range<usize>>,
    depth: usize,
) {
    let template = |command: &Command| matches!(command.args.first(), Some(Expr::Identifier(_, name)) if &**name == "tpl");
    let alone = matches!(pipe.commands.as_slice(), [command] if command.args.len() == 1);
    if depth > DEPTH || alone || pipe.commands.iter().any(template) {
        return;
    }
    for arg in pipe.commands.iter().flat_map(|command| &command.args) {
        match arg {
            Expr::String(pos, _, text) if wanted(&text.to_str()) => found.push(pos.start..pos.end),
            Expr::Pipe(inner) => strings_in_pipe(inner, wanted, found, depth + 1),
            _ => {}
        }
    }
}
