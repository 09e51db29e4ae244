//! Go maps with string keys: shared by reference, read in sorted order.

use crate::entries::Entries;
use crate::list::Elem;
use crate::text::Str;
use crate::value::Value;
use std::cell::RefCell;
use std::rc::Rc;

/// Computes a value when it is first read.
pub(crate) type Resolver = Rc<dyn Fn() -> Result<Value, String>>;

/// A map shared by all its clones. Values may be lazy: they are computed when they are first read, and a
/// failure to compute one is an error of the expression that reads it.
#[derive(Clone)]
pub struct Map(Rc<Data>);

struct Data {
    elem: Elem,
    nil: bool,
    entries: RefCell<Entries<Entry>>,
}

#[derive(Clone)]
enum Entry {
    Ready(Value),
    Lazy(Resolver),
}

impl Default for Map {
    fn default() -> Self {
        Self::new(Elem::Any)
    }
}

impl Map {
    /// An empty map with values of the given type.
    #[must_use]
    pub fn new(elem: Elem) -> Self {
        Self(Rc::new(Data {
            elem,
            nil: false,
            entries: RefCell::default(),
        }))
    }

    /// A nil `map[string]interface{}`: reads as empty, cannot be written.
    #[must_use]
    pub fn nil() -> Self {
        Self(Rc::new(Data {
            elem: Elem::Any,
            nil: true,
            entries: RefCell::default(),
        }))
    }

    /// The type of the values.
    #[must_use]
    pub fn elem(&self) -> Elem {
        self.0.elem
    }

    /// Whether this is a nil map.
    #[must_use]
    pub fn is_nil(&self) -> bool {
        self.0.nil
    }

    /// The number of entries.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.entries.borrow().len()
    }

    /// Whether there are no entries.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether both are the same map in memory.
    #[must_use]
    pub fn same(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }

    /// Whether the key is there; a lazy value is not computed for it.
    #[must_use]
    pub fn has(&self, key: &[u8]) -> bool {
        self.0.entries.borrow().get(key).is_some()
    }

    /// The value of a key.
    ///
    /// # Errors
    /// When the value is lazy and cannot be computed.
    pub fn get(&self, key: &[u8]) -> Result<Option<Value>, String> {
        let resolver = match self.0.entries.borrow().get(key) {
            None => return Ok(None),
            Some(Entry::Ready(value)) => return Ok(Some(value.clone())),
            Some(Entry::Lazy(resolver)) => Rc::clone(resolver),
        };
        let value = resolver()?;
        self.put(Str::from(key), Entry::Ready(value.clone()));
        Ok(Some(value))
    }

    /// Sets a key. A nil map stays empty: ask [`Map::is_nil`] first where Go would panic.
    pub fn set(&self, key: impl Into<Str>, value: impl Into<Value>) {
        self.put(key.into(), Entry::Ready(value.into()));
    }

    /// Sets a key to a value that is computed when it is first read.
    pub fn set_lazy(
        &self,
        key: impl Into<Str>,
        resolver: impl Fn() -> Result<Value, String> + 'static,
    ) {
        self.put(key.into(), Entry::Lazy(Rc::new(resolver)));
    }

    fn put(&self, key: Str, entry: Entry) {
        if !self.0.nil {
            // The replaced value is dropped after the borrow ends: it may own this very map.
            let replaced = self.0.entries.borrow_mut().insert(key, entry);
            drop(replaced);
        }
    }

    /// Removes a key.
    pub fn remove(&self, key: &[u8]) {
        let removed = self.0.entries.borrow_mut().remove(key);
        drop(removed);
    }

    /// The keys in order.
    #[must_use]
    pub fn keys(&self) -> Vec<Str> {
        let entries = self.0.entries.borrow();
        entries.iter().map(|(key, _)| key.clone()).collect()
    }

    /// All entries in key order, as they are now; lazy values are computed.
    ///
    /// # Errors
    /// When a lazy value cannot be computed.
    pub fn entries(&self) -> Result<Vec<(Str, Value)>, String> {
        let mut all = Vec::with_capacity(self.len());
        let mut lazy = Vec::new();
        for (key, entry) in self.0.entries.borrow().iter() {
            match entry {
                Entry::Ready(value) => all.push((key.clone(), value.clone())),
                Entry::Lazy(_) => {
                    lazy.push(all.len());
                    all.push((key.clone(), Value::None));
                }
            }
        }
        for at in lazy {
            if let Some((key, value)) = all.get_mut(at) {
                *value = self.get(key)?.unwrap_or_default();
            }
        }
        Ok(all)
    }
}

impl<K: Into<Str>, V: Into<Value>> FromIterator<(K, V)> for Map {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        let entries = entries.into_iter();
        let mut all = Entries::with_room(entries.size_hint().0);
        for (key, value) in entries {
            all.insert(key.into(), Entry::Ready(value.into()));
        }
        Self(Rc::new(Data {
            elem: Elem::Any,
            nil: false,
            entries: RefCell::new(all),
        }))
    }
}

impl Drop for Data {
    /// Deeply nested values are dropped on a stack that grows.
    fn drop(&mut self) {
        let entries = std::mem::take(self.entries.get_mut());
        if entries.len() > 0 {
            crate::limits::deep(|| drop(entries));
        }
    }
}
