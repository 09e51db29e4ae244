//! From an error of the engine to a diagnostic at the place of the template.

use std::ops::Range;

use gotemplate::{Error, ErrorKind, Frame};

use crate::diagnostic::{Diagnostic, Location, closest};
use crate::dialect::go::analysis::Mention;
use crate::dialect::go::world::{OUTSIDE, outside, template_path, value_path};
use crate::dialect::go::{Set, Unit};
use crate::engine::Request;
use crate::node::Node;
use crate::options::ErrorStyle;

/// Calls that are shown on the way to a place.
const CALLERS: usize = 8;
/// Characters of a pipeline that a message quotes.
const QUOTED: usize = 60;

impl Set {
    /// Returns the diagnostic of an error; with a request, its values are searched for what was
    /// meant.
    pub(super) fn diagnostic(&self, error: &Error, request: Option<&Request<'_>>) -> Diagnostic {
        if self.options.errors == ErrorStyle::Go {
            return Diagnostic::error(self.as_go(error));
        }
        let mut chain = vec![error];
        let mut inner = None;
        while let Some(last) = chain.last().copied()
            && let Some(cause) = last.cause.as_deref()
        {
            if last.context.contains("tpl") {
                // what `tpl` reads stands in no file
                inner = Some(cause.root());
                break;
            }
            chain.push(cause);
        }
        let place = chain.pop().unwrap_or(error);
        let message = inner.map_or(&place.message, |inner| &inner.message);
        let mut diagnostic = Diagnostic::error(message.as_str());
        let unit = self.unit(&place.name);
        if let Some((index, unit)) = unit {
            let span = self.caret(index, place);
            diagnostic = diagnostic.at(&unit.source, unit.prepared.original(&span));
            if place.kind == ErrorKind::Missing && inner.is_none() {
                self.missing(&mut diagnostic, index, &span, request);
            }
        }
        if let Some(inner) = inner {
            let within = format!("in line {} of the text that `tpl` is given", inner.line);
            diagnostic = diagnostic.note(within);
        }
        let mut callers = self.frames(&place.chain);
        for outer in chain.into_iter().rev() {
            if let Some((index, unit)) = self.unit(&outer.name) {
                let span = unit.prepared.original(&self.caret(index, outer));
                callers.push(Location::new(&unit.source, span));
            }
            callers.extend(self.frames(&outer.chain));
        }
        if callers.len() > CALLERS {
            diagnostic = diagnostic.note(format!("{} calls further out", callers.len() - CALLERS));
            callers.truncate(CALLERS);
        }
        diagnostic.callers = callers;
        match diagnostic.hint {
            Some(_) => diagnostic,
            None => match self.elsewhere(error.root()) {
                Some(hint) => diagnostic.hint(hint),
                None => self.advise(diagnostic, error.root()),
            },
        }
    }

    /// Returns Go's line, with the column that the template has.
    fn as_go(&self, error: &Error) -> String {
        let line = error.go().to_string();
        let head = format!("template: {}:{}:", error.name, error.line);
        let moved = line.strip_prefix(&head).and_then(|rest| {
            let (column, rest) = rest.split_once(':')?;
            let (_, unit) = self.unit(&error.name)?;
            let at = unit
                .prepared
                .at(error.line, column.parse::<usize>().ok()? + 1);
            let at = unit.prepared.original(&(at..at)).start;
            let (start, _) = unit.source.line_at(at);
            Some(format!("{head}{}:{rest}", at - start))
        });
        moved.unwrap_or(line)
    }

    fn unit(&self, name: &str) -> Option<(usize, &Unit)> {
        let mut units = self.units.iter().enumerate();
        units.find(|(_, unit)| unit.source.name() == name)
    }

    /// Returns the bytes to underline: of a tag that prints one thing, that thing.
    fn caret(&self, index: usize, error: &Error) -> Range<usize> {
        let span = error.span.clone();
        if error.kind != ErrorKind::Missing {
            return span;
        }
        match self.alone(index, &span) {
            Some(mention) => mention.start..mention.end,
            None => span,
        }
    }

    /// Returns the one thing that an action prints.
    fn alone(&self, index: usize, span: &Range<usize>) -> Option<&Mention> {
        let unit = self.units.get(index)?;
        let text = unit.prepared.text.get(span.clone())?;
        let text = text.split(" | escape ").next()?.trim();
        self.analysis.mentions.iter().find(|mention| {
            let part = unit.prepared.text.get(mention.start..mention.end);
            mention.unit == index
                && span.contains(&mention.start)
                && part.is_some_and(|part| part.trim() == text)
        })
    }

    /// Says what is missing, and what may have been meant.
    fn missing(
        &self,
        diagnostic: &mut Diagnostic,
        index: usize,
        span: &Range<usize>,
        request: Option<&Request<'_>>,
    ) {
        let Some(unit) = self.units.get(index) else {
            return;
        };
        let source = unit.source.slice(&unit.prepared.original(span));
        let mut text: String = source.trim().chars().take(QUOTED).collect();
        if source.trim().chars().nth(QUOTED).is_some() {
            text.push('\u{2026}');
        }
        let mention = self.alone(index, span);
        let Some(mention) = mention.filter(|mention| !mention.computed) else {
            diagnostic.message = format!("`{text}` gives no value to print");
            return;
        };
        diagnostic.message = format!("`{text}` is not defined");
        let Some(request) = request.filter(|_| !mention.local) else {
            return;
        };
        let profile = self.options.profile;
        let path = value_path(&mention.path, profile);
        if request.values.at(&path).is_some() {
            diagnostic.message = format!("`{text}` is null: there is nothing to print");
            return;
        }
        diagnostic.hint = match meant(&path, request) {
            Some(close) => {
                let close = template_path(&close, profile);
                Some(format!("did you mean `.{}`?", close.join(".")))
            }
            None if outside(&path) => Some(OUTSIDE.to_owned()),
            None => Some(format!(
                "`--set {}=…` gives it, `{{{{ {text} | default \"…\" }}}}` does without",
                path.join(".")
            )),
        };
        if request
            .host
            .roots()
            .contains(mention.path.first().unwrap_or(&text))
        {
            diagnostic.hint = diagnostic
                .hint
                .take()
                .filter(|hint| hint.starts_with("did"));
        }
    }

    fn frames(&self, frames: &[Frame]) -> Vec<Location> {
        let frames = frames.iter().rev();
        let located = frames.filter_map(|frame| {
            let (_, unit) = self.unit(&frame.name)?;
            let at = unit.prepared.at(frame.line, frame.column);
            let tag = unit.prepared.tag_at(at);
            let start = unit.prepared.original(&(at..at + 1)).start;
            Some(Location::new(&unit.source, tag.unwrap_or(start..start + 1)))
        });
        located.collect()
    }

    /// Returns what to do about a name below one that Helm does not have, or has not been given.
    fn elsewhere(&self, error: &Error) -> Option<String> {
        if !error.message.starts_with("nil pointer evaluating ") {
            return None;
        }
        let (index, _) = self.unit(&error.name)?;
        let mut mentions = self.analysis.mentions.iter();
        let mention = mentions.find(|mention| {
            mention.unit == index && !mention.local && error.span.contains(&mention.start)
        })?;
        let path = value_path(&mention.path, self.options.profile);
        if outside(&path) {
            return Some(OUTSIDE.to_owned());
        }
        (!path.is_empty()).then(|| format!("`--set {}=…` gives it", path.join(".")))
    }

    /// Adds what helps with an error of that kind.
    fn advise(&self, diagnostic: Diagnostic, error: &Error) -> Diagnostic {
        let message = error.message.as_str();
        let quoted = message.split('"').nth(1).unwrap_or_default();
        if error.kind == ErrorKind::Refused {
            return match message {
                _ if message.contains("the network") => diagnostic.hint("`--allow net` allows it"),
                _ if message.contains("the clock") => {
                    diagnostic.hint("`--now` or `SOURCE_DATE_EPOCH` sets a time")
                }
                _ => diagnostic,
            };
        }
        let unknown = message.starts_with("function ") && message.ends_with(" not defined");
        if error.kind == ErrorKind::Parse && unknown {
            let engine = self.engine.borrow();
            let names = engine.functions();
            return match closest(quoted, names.iter().map(|(name, _)| *name)) {
                Some(close) => diagnostic.hint(format!("did you mean `{close}`?")),
                None if self.looks_like_tera() => diagnostic.hint(TERA_HINT),
                None if matches!(quoted, "include" | "tpl" | "required" | "fromYaml") => {
                    diagnostic.hint("`--profile helm` has it")
                }
                None => diagnostic,
            };
        }
        if error.kind == ErrorKind::Parse && self.looks_like_tera() {
            return diagnostic.hint(TERA_HINT);
        }
        if message.starts_with("template ") && message.ends_with(" not defined") {
            let names = self.defined();
            return match closest(quoted, names.iter().map(String::as_str)) {
                Some(close) => diagnostic.hint(format!("did you mean `{close}`?")),
                None => {
                    diagnostic.hint("a name that no `define` has is a file of the template path")
                }
            };
        }
        diagnostic
    }

    fn looks_like_tera(&self) -> bool {
        self.units.first().is_some_and(|unit| {
            let (_, tera) = crate::dialect::choice::evidence(&unit.source, &self.options);
            tera.is_some()
        })
    }
}

/// What a Tera template gets told.
const TERA_HINT: &str = "this looks like a Tera template; try `--dialect tera`";

/// Returns the path that was likely meant by one that leads nowhere.
fn meant(path: &[String], request: &Request<'_>) -> Option<Vec<String>> {
    let (root, below) = path.split_first()?;
    let roots = request.host.roots();
    if roots.contains(root) {
        let name = below.first()?;
        if request.host.is_private(root) {
            return None;
        }
        let names = request.host.names(root);
        let close = closest(name, names.iter().map(String::as_str))?;
        return Some(vec![root.clone(), close.to_owned()]);
    }
    let mut node: &Node = request.values;
    for (at, name) in path.iter().enumerate() {
        if let Some(child) = node.child(name) {
            node = child;
            continue;
        }
        let known = node.entries()?.names();
        let roots = roots.iter().map(String::as_str).filter(|_| at == 0);
        let close = closest(name, known.chain(roots))?;
        let mut meant = path.get(..at)?.to_vec();
        meant.push(close.to_owned());
        meant.extend_from_slice(path.get(at + 1..)?);
        return Some(meant);
    }
    None
}
