//! Nodes by name, in the order in which they were given.

use std::sync::Arc;

use indexmap::IndexMap;
use indexmap::map::Iter;

use crate::node::Node;

/// Nodes by name, in the order in which they were given.
///
/// Maps of values are small and many: as long as there are few names all of them are looked at, which
/// takes less time and less room than a table of hashes. Two are equal when the same names have the
/// same nodes, in whatever order.
#[derive(Clone, Debug)]
pub struct Entries(Kind);

#[derive(Clone, Debug)]
enum Kind {
    Few(Vec<(Arc<str>, Node)>),
    Many(Box<IndexMap<Arc<str>, Node>>),
}

/// Names that are looked through one by one, at most.
const FEW: usize = 16;

impl Entries {
    /// Returns entries that have room for `count` names before they grow.
    pub(crate) fn with_capacity(count: usize) -> Self {
        Self(Kind::Few(Vec::with_capacity(count.min(FEW))))
    }

    /// Returns how many names there are.
    pub fn len(&self) -> usize {
        match &self.0 {
            Kind::Few(items) => items.len(),
            Kind::Many(map) => map.len(),
        }
    }

    /// Tells whether there is no name.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the node of a name.
    pub fn get(&self, name: &str) -> Option<&Node> {
        match &self.0 {
            Kind::Few(items) => {
                let mut items = items.iter();
                items
                    .find(|(each, _)| &**each == name)
                    .map(|(_, node)| node)
            }
            Kind::Many(map) => map.get(name),
        }
    }

    /// Returns the node of a name, to be changed.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut Node> {
        match &mut self.0 {
            Kind::Few(items) => {
                let mut items = items.iter_mut();
                items
                    .find(|(each, _)| &**each == name)
                    .map(|(_, node)| node)
            }
            Kind::Many(map) => map.get_mut(name),
        }
    }

    /// Gives a name a node, at the end when the name is new.
    pub fn insert(&mut self, name: impl Into<Arc<str>>, node: Node) {
        let name = name.into();
        match self.get_mut(&name) {
            Some(known) => *known = node,
            None => self.push(name, node),
        }
    }

    /// Adds a name that is not there yet.
    pub(crate) fn push(&mut self, name: Arc<str>, node: Node) {
        debug_assert!(self.get(&name).is_none(), "`{name}` is there already");
        match &mut self.0 {
            Kind::Few(items) if items.len() < FEW => items.push((name, node)),
            Kind::Few(items) => {
                let mut map: IndexMap<_, _> = items.drain(..).collect();
                map.insert(name, node);
                self.0 = Kind::Many(Box::new(map));
            }
            Kind::Many(map) => {
                map.insert(name, node);
            }
        }
    }

    /// Returns the node of a name, which `make` makes when the name is new: there always is one.
    pub(crate) fn get_or_insert_with(
        &mut self,
        name: &str,
        make: impl FnOnce() -> Node,
    ) -> Option<&mut Node> {
        if self.get(name).is_none() {
            self.push(name.into(), make());
        }
        self.get_mut(name)
    }

    /// Takes a name away and returns its node; the others keep their order.
    pub fn remove(&mut self, name: &str) -> Option<Node> {
        match &mut self.0 {
            Kind::Few(items) => {
                let at = items.iter().position(|(each, _)| &**each == name)?;
                Some(items.remove(at).1)
            }
            Kind::Many(map) => map.shift_remove(name),
        }
    }

    /// Returns the names and their nodes, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&Arc<str>, &Node)> {
        let (few, many) = match &self.0 {
            Kind::Few(items) => (items.as_slice(), Iter::default()),
            Kind::Many(map) => (<&[_]>::default(), map.iter()),
        };
        few.iter().map(|(name, node)| (name, node)).chain(many)
    }

    /// Returns the names, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.iter().map(|(name, _)| &**name)
    }

    /// Returns the nodes, in the order of their names.
    pub fn nodes(&self) -> impl Iterator<Item = &Node> {
        self.iter().map(|(_, node)| node)
    }

    /// Gives back the room that is not used.
    pub(crate) fn shrink_to_fit(&mut self) {
        if let Kind::Few(items) = &mut self.0 {
            items.shrink_to_fit();
        }
    }
}

impl Default for Entries {
    fn default() -> Self {
        Self(Kind::Few(Vec::new()))
    }
}

impl PartialEq for Entries {
    fn eq(&self, other: &Self) -> bool {
        let mut all = self.iter();
        self.len() == other.len() && all.all(|(name, node)| other.get(name) == Some(node))
    }
}

/// Of names that come twice the last node counts, at the place of the first.
impl<N: Into<Arc<str>>> FromIterator<(N, Node)> for Entries {
    fn from_iter<I: IntoIterator<Item = (N, Node)>>(items: I) -> Self {
        let items = items.into_iter();
        let mut entries = Self::with_capacity(items.size_hint().0);
        for (name, node) in items {
            entries.insert(name, node);
        }
        entries
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use indexmap::IndexMap;

    use super::*;
    use crate::node::Origin;

    fn node(number: usize) -> Node {
        Node::scalar(number, Origin::Default)
    }

    fn entries(names: impl Iterator<Item = usize>) -> Entries {
        names
            .map(|number| (number.to_string(), node(number)))
            .collect()
    }

    proptest::proptest! {
        /// Few or many: what an `IndexMap` does.
        #[test]
        fn entries_do_what_an_ordered_map_does(
            changes in proptest::collection::vec((0_u8..4, 0_usize..40, 0_usize..9), 0..120),
        ) {
            let mut ours = Entries::default();
            let mut theirs: IndexMap<String, Node> = IndexMap::new();
            for (change, name, number) in changes {
                let name = name.to_string();
                match change {
                    0 => {
                        assert_eq!(ours.remove(&name), theirs.shift_remove(&name));
                    }
                    1 => {
                        let made = ours.get_or_insert_with(&name, || node(number)).cloned();
                        let expected = theirs.entry(name).or_insert_with(|| node(number));
                        assert_eq!(made.as_ref(), Some(&*expected));
                    }
                    _ => {
                        ours.insert(name.as_str(), node(number));
                        theirs.insert(name, node(number));
                    }
                }
                assert_eq!(ours.len(), theirs.len());
                assert_eq!(ours.is_empty(), theirs.is_empty());
                assert!(ours.names().eq(theirs.keys()));
                assert!(ours.nodes().eq(theirs.values()));
                assert!(theirs.iter().all(|(name, node)| ours.get(name) == Some(node)));
            }
        }
    }

    #[test]
    fn the_order_of_names_makes_no_difference() {
        for count in [0, 1, FEW, FEW + 1, 3 * FEW] {
            let forward = entries(0..count);
            assert_eq!(forward, entries((0..count).rev()), "{count}");
            assert_ne!(forward, entries(0..=count), "{count}");
            let mut changed = forward.clone();
            changed.insert("0", node(9));
            assert_ne!(forward, changed, "{count}");
        }
    }

    #[test]
    fn room_that_is_not_used_is_given_back() {
        let mut some = Entries::with_capacity(FEW);
        some.push("a".into(), node(1));
        some.shrink_to_fit();
        let Kind::Few(items) = &some.0 else {
            panic!("there are few");
        };
        assert_eq!(items.capacity(), 1);
    }

    #[test]
    fn a_node_is_as_large_as_what_every_value_needs() {
        // what each of thousands of values takes
        let sizes = BTreeMap::from([
            ("entries", size_of::<Entries>()),
            ("node", size_of::<Node>()),
        ]);
        assert_eq!(sizes, BTreeMap::from([("entries", 24), ("node", 64)]));
    }
}
