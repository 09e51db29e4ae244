//! The templates that a text defines, and which tags are whose.

use gotemplate::node::{Branch, List, Node};

use crate::translate::expression::Told;
use crate::translate::statement::{NESTING, Walk};

/// A template that the text defines.
#[derive(Clone, Copy)]
pub(super) struct Defined<'t> {
    pub(super) body: &'t List,
    /// The first tag of its body, by index.
    pub(super) tag: usize,
    /// Where its name stands.
    pub(super) at: usize,
}

impl<'t> Walk<'t> {
    /// Files the templates that are defined, and counts tags.
    pub(super) fn file(
        &mut self,
        list: &'t List,
        count: &mut usize,
        depth: usize,
    ) -> Result<(), Told> {
        if depth > NESTING {
            return Err(Told);
        }
        for node in &list.nodes {
            match node {
                Node::Text(..) => {}
                Node::If(branch) | Node::With(branch) | Node::Range(branch) => {
                    self.file_branch(branch, count, depth)?;
                }
                Node::Block(call, body) => {
                    self.file_body(&call.name.to_str(), call.pos.start, body, count, depth)?;
                }
                Node::Define(definition) => {
                    let name = definition.name.to_str();
                    self.file_body(&name, definition.pos.start, &definition.body, count, depth)?;
                }
                _ => *count += 1,
            }
        }
        Ok(())
    }

    fn file_body(
        &mut self,
        name: &str,
        at: usize,
        body: &'t List,
        count: &mut usize,
        depth: usize,
    ) -> Result<(), Told> {
        *count += 1;
        if !(body.is_blank() && self.defined.contains_key(name)) {
            let tag = *count;
            self.defined
                .insert(name.to_owned(), Defined { body, tag, at });
        }
        self.file(body, count, depth + 1)?;
        *count += 1;
        Ok(())
    }

    fn file_branch(
        &mut self,
        branch: &'t Branch,
        count: &mut usize,
        depth: usize,
    ) -> Result<(), Told> {
        if depth > NESTING {
            return Err(Told);
        }
        *count += 1;
        self.file(&branch.body, count, depth + 1)?;
        if let Some(otherwise) = &branch.otherwise {
            if let Some(inner) = self.chained(otherwise, *count) {
                // `else if` and what it begins share one end
                return self.file_branch(inner, count, depth + 1);
            }
            *count += 1;
            self.file(otherwise, count, depth + 1)?;
        }
        *count += 1;
        Ok(())
    }

    /// Returns what `{{ else if }}` or `{{ else with }}` at a tag begins.
    pub(super) fn chained(&self, otherwise: &'t List, tag: usize) -> Option<&'t Branch> {
        let inner = self
            .tags
            .get(tag)
            .map(|tag| self.source.slice(&tag.inner))
            .unwrap_or_default();
        let word = inner.trim_start().strip_prefix("else")?.trim_start();
        match otherwise.nodes.first()? {
            Node::If(branch) if word.starts_with("if") => Some(branch),
            Node::With(branch) if word.starts_with("with") => Some(branch),
            _ => None,
        }
    }

    /// Passes over the tags of a body and its end.
    pub(super) fn skip(&mut self, body: &'t List) {
        let mut count = self.tag;
        // it has been counted before
        let _ = self.file(body, &mut count, 0);
        self.tag = count + 1;
    }
}
