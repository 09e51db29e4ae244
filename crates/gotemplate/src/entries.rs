//! What maps keep their entries in: sorted by key.

use crate::text::Str;
use std::collections::BTreeMap;

/// Entries that stand in one piece; a tree has room for as many in each of its nodes, filled or not.
const FEW: usize = 16;

/// Entries by key. Most maps have few of them.
pub(crate) enum Entries<V> {
    Few(Vec<(Str, V)>),
    Many(BTreeMap<Str, V>),
}

impl<V> Default for Entries<V> {
    fn default() -> Self {
        Self::Few(Vec::new())
    }
}

impl<V> Entries<V> {
    /// No entries, with room for so many if these are few.
    pub(crate) fn with_room(entries: usize) -> Self {
        Self::Few(Vec::with_capacity(entries.min(FEW)))
    }

    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Few(few) => few.len(),
            Self::Many(many) => many.len(),
        }
    }

    pub(crate) fn get(&self, key: &[u8]) -> Option<&V> {
        match self {
            // most keys differ in length: one after the other is quicker than by halves
            Self::Few(few) => {
                let found = few.iter().find(|(known, _)| **known == *key);
                found.map(|(_, value)| value)
            }
            Self::Many(many) => many.get(key),
        }
    }

    /// Sets a key; returns what it had.
    pub(crate) fn insert(&mut self, key: Str, value: V) -> Option<V> {
        let few = match self {
            Self::Few(few) => few,
            Self::Many(many) => return many.insert(key, value),
        };
        match few.binary_search_by(|(known, _)| known.cmp(&key)) {
            Ok(at) => {
                let (_, old) = few.get_mut(at)?;
                Some(std::mem::replace(old, value))
            }
            Err(at) if few.len() < FEW => {
                few.insert(at, (key, value));
                None
            }
            Err(_) => {
                let mut many: BTreeMap<Str, V> = std::mem::take(few).into_iter().collect();
                many.insert(key, value);
                *self = Self::Many(many);
                None
            }
        }
    }

    /// Removes a key; returns what it had.
    pub(crate) fn remove(&mut self, key: &[u8]) -> Option<V> {
        match self {
            Self::Few(few) => {
                let at = few.iter().position(|(known, _)| **known == *key)?;
                Some(few.remove(at).1)
            }
            Self::Many(many) => many.remove(key),
        }
    }

    /// The entries in order of their keys.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&Str, &V)> {
        let (few, many) = match self {
            Self::Few(few) => (few.as_slice(), None),
            Self::Many(many) => (Default::default(), Some(many)),
        };
        let few = few.iter().map(|(key, value)| (key, value));
        few.chain(many.into_iter().flatten())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(entries: &Entries<usize>) -> Vec<&[u8]> {
        entries.iter().map(|(key, _)| &**key).collect()
    }

    #[test]
    fn few_and_many_entries_are_kept_alike() {
        let mut entries = Entries::default();
        let mut expected = BTreeMap::new();
        for number in 0..3 * FEW {
            // some come twice, and none in order
            let name = format!("key-{}", number * 7 % (2 * FEW));
            let replaced = entries.insert(Str::from(name.as_str()), number);
            assert_eq!(replaced, expected.insert(name.clone(), number));
            assert_eq!(entries.get(name.as_bytes()), Some(&number));
            let names: Vec<&[u8]> = expected.keys().map(String::as_bytes).collect();
            assert_eq!(keys(&entries), names);
        }
        assert_eq!(entries.get(b"key"), None);
        while let Some((name, number)) = expected.pop_last() {
            assert_eq!(entries.remove(name.as_bytes()), Some(number));
            assert_eq!(entries.remove(name.as_bytes()), None);
            assert_eq!(entries.len(), expected.len());
        }
    }

    #[test]
    fn one_that_is_removed_from_few_leaves_the_others() {
        let mut entries = Entries::with_room(3);
        for (number, name) in ["c", "", "ab", "a"].into_iter().enumerate() {
            entries.insert(Str::from(name), number);
        }
        assert_eq!(entries.remove(b"ab"), Some(2));
        assert_eq!(keys(&entries), [&b""[..], b"a", b"c"]);
    }
}
