//! Which turn of which loops made a part of an output, and what the names of the loops stood for.

use std::sync::Arc;

use crate::dialect::convert::from_node;
use crate::dialect::prepare::{OVER, TURN, tag_number};
use crate::dialect::unit::Unit;
use crate::engine::Turn;
use crate::node::{Content, Node};

/// The loops that are under way at a place of a traced output.
pub(crate) struct Turns<'a> {
    units: &'a [Unit],
    values: &'a Node,
    /// The number of each loop and the names that its turn gives, outermost first.
    open: Vec<(usize, Vec<Turn>)>,
    current: Arc<[Turn]>,
}

impl<'a> Turns<'a> {
    pub(crate) fn new(units: &'a [Unit], values: &'a Node) -> Self {
        Self {
            units,
            values,
            open: Vec::new(),
            current: Arc::default(),
        }
    }

    /// Returns what the names of all loops stand for now.
    pub(crate) fn current(&self) -> Arc<[Turn]> {
        Arc::clone(&self.current)
    }

    /// Takes the text of a marker. Tells whether it was one of a loop.
    pub(crate) fn take(&mut self, marker: &str) -> bool {
        if let Some((number, index)) = marker
            .strip_prefix(TURN)
            .and_then(|rest| rest.split_once('.'))
        {
            let (number, index) = (number.parse().unwrap_or(0), index.parse().unwrap_or(0));
            self.leave(number);
            let given = self.begin(number, index);
            self.open.push((number, given));
        } else if let Some(number) = marker.strip_prefix(OVER) {
            self.leave(number.parse().unwrap_or(0));
        } else {
            return false;
        }
        let turns = self.open.iter().flat_map(|(_, given)| given);
        self.current = turns.cloned().collect();
        true
    }

    /// Closes a loop, and what was left open in it by `break` and `continue`.
    fn leave(&mut self, number: usize) {
        if let Some(at) = self.open.iter().rposition(|(open, _)| *open == number) {
            self.open.truncate(at);
        }
    }

    /// Returns what the names of a loop stand for in one of its turns.
    fn begin(&self, number: usize, index: usize) -> Vec<Turn> {
        let mut units = self.units.iter().enumerate();
        let binding = units.find_map(|(at, unit)| {
            unit.analysis.bindings.iter().find(|binding| {
                let turns = binding.turns.as_ref();
                turns.is_some_and(|(start, _)| tag_number(at, *start) == number)
            })
        });
        let Some(binding) = binding else {
            return Vec::new();
        };
        let through = binding.turns.as_ref().and_then(|(_, path)| path.as_ref());
        let element = through
            .and_then(|path| resolve(path, self.current.iter().rev()))
            .and_then(|path| self.element(path, index));
        let names = binding.names.iter();
        names
            .map(|name| Turn {
                name: name.clone(),
                path: element
                    .clone()
                    .filter(|_| name != "loop" && !self.is_set(name)),
            })
            .collect()
    }

    /// Tells whether a template sets `name` somewhere, so that it may stand for something else.
    fn is_set(&self, name: &str) -> bool {
        let bindings = self.units.iter().flat_map(|unit| &unit.analysis.bindings);
        let mut set = bindings.filter(|binding| binding.turns.is_none());
        set.any(|binding| binding.names.iter().any(|bound| bound == name))
    }

    /// Returns the path of the element at `index` of the list or map at `path`, in the order in
    /// which Tera goes through it.
    fn element(&self, mut path: Vec<String>, index: usize) -> Option<Vec<String>> {
        let node = self.values.at(&path)?;
        path.push(match &node.content {
            Content::Scalar(_) => return None,
            Content::List(items) => items.get(index).map(|_| index.to_string())?,
            Content::Map(_) => {
                let theirs = from_node(node);
                let (key, _) = theirs.as_map()?.iter().nth(index)?;
                key.as_str()?.to_owned()
            }
        });
        Some(path)
    }
}

/// Returns the path in the values that `path` means where the innermost of `turns` comes first;
/// nothing where its root stands for something computed.
pub(crate) fn resolve<'a>(
    path: &[String],
    mut turns: impl Iterator<Item = &'a Turn>,
) -> Option<Vec<String>> {
    let Some((root, rest)) = path.split_first() else {
        return Some(Vec::new()); // all of the values
    };
    match turns.find(|turn| turn.name == *root) {
        Some(turn) => Some([turn.path.as_deref()?, rest].concat()),
        None => Some(path.to_vec()),
    }
}
