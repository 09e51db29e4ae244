//! Text, actions and control structures.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use gotemplate::node::{List, Node, Pipe, Tree};

use duat::order;

use crate::diagnostic::Diagnostic;
use crate::dialect::go::tag::Tag;
use crate::source::Source;
use crate::translate::Translation;
use crate::translate::assemble::assemble;
use crate::translate::calling::included;
use crate::translate::expression::{Told, Want, span};
use crate::translate::filing::Defined;
use crate::translate::piece::{Piece, Shape};
use crate::translate::scope::{Binding, Names, Scope};
use crate::translate::term::{Kind, Term};

/// The walk over a template and its tags, which go side by side.
pub(super) struct Walk<'t> {
    pub(super) source: &'t Source,
    pub(super) tags: &'t [Tag],
    /// The next tag, by index.
    pub(super) tag: usize,
    /// Where the text that is written out begins, behind a magic comment.
    pub(super) start: usize,
    pub(super) defined: BTreeMap<String, Defined<'t>>,
    pub(super) called: BTreeSet<String>,
    /// Templates that are being written out within one another.
    pub(super) calling: Vec<String>,
    pub(super) scope: Scope,
    pub(super) names: Names,
    /// Whether the values are below `.Values`.
    pub(super) helm: bool,
    /// How deep the expression is nested, or the control structures.
    pub(super) depth: usize,
    pub(super) nesting: usize,
    pub(super) pieces: Vec<Piece>,
    pub(super) problems: Vec<Diagnostic>,
    pub(super) warnings: Vec<Diagnostic>,
    pub(super) warned: BTreeSet<String>,
}

/// Control structures within one another that Tera reads.
pub(super) const NESTING: usize = 30;
/// Pieces of a result: templates written out within one another can grow without bounds.
pub(super) const PIECES: usize = 50_000;

impl<'t> Walk<'t> {
    pub(super) fn new(
        source: &'t Source,
        tree: &'t Tree,
        tags: &'t [Tag],
        magic: Option<usize>,
    ) -> Self {
        Self {
            source,
            tags,
            tag: 0,
            start: magic.unwrap_or_default(),
            defined: BTreeMap::new(),
            called: BTreeSet::new(),
            calling: Vec::new(),
            scope: Scope::new(Binding::Root),
            names: Names::of(&tree.root),
            helm: false,
            depth: 0,
            nesting: 0,
            pieces: Vec::new(),
            problems: Vec::new(),
            warnings: Vec::new(),
            warned: BTreeSet::new(),
        }
    }

    /// Walks over all of it.
    pub(super) fn run(&mut self, tree: &'t Tree) {
        let mut count = 0;
        if self.file(&tree.root, &mut count, 0).is_err() {
            self.problem(0..0, "the template nests too deep for Tera", None);
            return;
        }
        if count != self.tags.len() {
            self.problem(0..0, "the tags of the template cannot be told apart", None);
            return;
        }
        self.list(&tree.root);
        let end = self.source.text().len();
        self.gap(self.tags.len(), end);
        let defined: Vec<(String, usize)> = self
            .defined
            .iter()
            .map(|(name, it)| (name.clone(), it.at))
            .collect();
        for (name, at) in defined {
            if !self.called.contains(&name) {
                let warning =
                    format!("template `{name}` is called nowhere in this text, and left out");
                let warning = Diagnostic::warning(warning).at(self.source, at..at + 1);
                self.warnings
                    .push(warning.hint("convert it together with the template that calls it"));
            }
        }
    }

    pub(super) fn finish(mut self) -> Translation {
        order::sort_by_key(&mut self.problems, |problem| {
            problem
                .location
                .as_ref()
                .map(|location| location.span.start)
        });
        // what a template says is told once, however often it is written out
        self.problems.dedup();
        Translation {
            text: assemble(&self.pieces),
            problems: self.problems,
            warnings: self.warnings,
        }
    }

    pub(super) fn problem(&mut self, place: Range<usize>, message: &str, hint: Option<&str>) {
        let problem = Diagnostic::error(message).at(self.source, place);
        self.problems.push(match hint {
            Some(hint) => problem.hint(hint),
            None => problem,
        });
    }

    /// Tells a problem.
    pub(super) fn refuse<T>(
        &mut self,
        place: Range<usize>,
        message: &str,
        hint: Option<&str>,
    ) -> Result<T, Told> {
        self.problem(place, message, hint);
        Err(Told)
    }

    /// Warns of a function, once.
    pub(super) fn warn(&mut self, name: &str, caveat: &str, place: Range<usize>) {
        if self.warned.insert(name.to_owned()) {
            let warning = Diagnostic::warning(format!("`{name}` may differ: {caveat}"));
            self.warnings.push(warning.at(self.source, place));
        }
    }

    /// Adds the text before the tag `tag`.
    pub(super) fn gap(&mut self, tag: usize, end: usize) {
        let before = tag.checked_sub(1).and_then(|tag| self.tags.get(tag));
        let start = before.map_or(self.start, |tag| tag.outer.end);
        let raw = self.source.slice(&(start.min(end)..end)).to_owned();
        // a magic comment is of no use to Tera, and neither is what stands before it
        let raw = match before {
            None if self.start > 0 => {
                let head = self.source.slice(&(0..self.start));
                let kept = head
                    .trim_end_matches(['\r', '\n'])
                    .rfind('\n')
                    .map_or(0, |at| at + 1);
                format!("{}{raw}", head.get(..kept).unwrap_or_default())
            }
            _ => raw,
        };
        self.pieces.push(Piece::Text {
            raw,
            lead: before.is_some_and(|tag| tag.trims_after),
            trail: self.tags.get(tag).is_some_and(|tag| tag.trims_before),
        });
    }

    /// Goes on to the next tag, with the text before it.
    pub(super) fn step(&mut self) -> Range<usize> {
        let outer = self
            .tags
            .get(self.tag)
            .map(|tag| tag.outer.clone())
            .unwrap_or_default();
        self.gap(self.tag, outer.start);
        self.tag += 1;
        outer
    }

    pub(super) fn say(&mut self, shape: Shape, code: impl Into<String>) {
        self.pieces.push(Piece::Code(shape, code.into()));
    }

    pub(super) fn state(&mut self, code: impl Into<String>) {
        self.say(Shape::Statement, code);
    }

    /// Leaves a tag in a comment.
    pub(super) fn keep(&mut self, outer: &Range<usize>) {
        if self.problems.is_empty() {
            self.problem(outer.clone(), "this cannot be said in Tera", None);
        }
        let text = self.source.slice(outer).replace("#}", "# }");
        self.say(Shape::Comment, format!(" not converted: {text} "));
    }

    pub(super) fn list(&mut self, list: &'t List) {
        let known = self.scope.variables.len();
        let mark = self.names.mark();
        for node in &list.nodes {
            self.node(node);
        }
        self.scope.variables.truncate(known);
        self.names.release(mark);
    }

    pub(super) fn node(&mut self, node: &'t Node) {
        match node {
            Node::Text(..) => {}
            Node::Comment(_, text) => {
                self.step();
                let text = text.to_str().replace("#}", "# }");
                let inside = text
                    .strip_prefix("/*")
                    .and_then(|text| text.strip_suffix("*/"));
                // a sign of trimming at the ends would be read as one
                let inside = inside
                    .unwrap_or(&text)
                    .trim_start_matches('-')
                    .trim_end_matches('-');
                // without a blank a sign of trimming would be one at both ends
                self.say(Shape::Comment, if inside.is_empty() { " " } else { inside });
            }
            Node::Action(_, pipe) => {
                let outer = self.step();
                let said = if pipe.vars.is_empty() {
                    self.print(pipe)
                } else {
                    self.assign(pipe)
                };
                if said.is_err() {
                    self.keep(&outer);
                }
            }
            Node::If(branch) | Node::With(branch) | Node::Range(branch) => {
                self.nesting += 1;
                let known = self.scope.clone();
                let mark = self.names.mark();
                if matches!(node, Node::Range(_)) {
                    self.range(branch);
                } else {
                    self.choice(branch, matches!(node, Node::With(_)));
                }
                self.names.release(mark);
                self.scope = known;
                self.nesting -= 1;
            }
            Node::Template(call) => {
                let outer = self.step();
                if self.invoke(call).is_err() {
                    self.keep(&outer);
                }
            }
            Node::Block(call, body) => {
                let outer = self.step();
                let said = self.invoke(call);
                if said.is_err() {
                    self.keep(&outer);
                }
                self.skip(body);
            }
            Node::Define(definition) => {
                self.step();
                self.skip(&definition.body);
            }
            Node::Break(_) => {
                self.step();
                self.state("break");
            }
            Node::Continue(_) => {
                self.step();
                self.state("continue");
            }
        }
    }

    pub(super) fn print(&mut self, pipe: &'t Pipe) -> Result<(), Told> {
        if let Some((name, dot)) = included(pipe) {
            // what is printed as it comes needs no variable
            if self.defined.contains_key(&name) {
                self.called.insert(name.clone());
                let binding = self.binding(dot, "dot")?;
                return self.write_out(&name, binding, span(pipe.pos));
            }
        }
        let term = self.pipe(pipe, Want::Value)?;
        self.printable(&term, span(pipe.pos))?;
        self.say(Shape::Expression, term.text);
        Ok(())
    }

    /// Refuses what is printed in another way.
    pub(super) fn printable(&mut self, term: &Term, place: Range<usize>) -> Result<(), Told> {
        let (what, hint) = match term.kind {
            Kind::List => ("a list", "say how: `join(sep=\" \")`, or a loop"),
            Kind::Map => ("a map", "say how: `to_json`, or a loop"),
            Kind::Date => ("a time", "say how: `date(format=\"%Y-%m-%d\")`"),
            Kind::Float => {
                let caveat =
                    "a float prints as `3` or `1e+06` in Go and as `3.0` or `1000000.0` in Tera";
                self.warn("float", caveat, place);
                return Ok(());
            }
            Kind::Nil => ("nil", "leave it out"),
            _ => return Ok(()),
        };
        self.refuse(
            place,
            &format!("{what} is printed in another way in Tera"),
            Some(hint),
        )
    }
}
