//! Go slices.

use crate::value::Value;
use std::rc::Rc;

/// The static element type of a slice or map, which Go's type checks ask for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Elem {
    /// `interface {}`
    Any,
    /// `string`
    String,
    /// `int`
    Int,
    /// `uint8`
    Byte,
    /// `[]interface {}`
    Slice,
}

impl Elem {
    /// The name of the element type.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Any => "interface {}",
            Self::String => "string",
            Self::Int => "int",
            Self::Byte => "uint8",
            Self::Slice => "[]interface {}",
        }
    }

    /// The name of a slice of this type.
    #[must_use]
    pub fn slice_name(self) -> &'static str {
        match self {
            Self::Any => "[]interface {}",
            Self::String => "[]string",
            Self::Int => "[]int",
            Self::Byte => "[]uint8",
            Self::Slice => "[][]interface {}",
        }
    }

    /// The name of a map from strings to this type.
    #[must_use]
    pub fn map_name(self) -> &'static str {
        match self {
            Self::Any => "map[string]interface {}",
            Self::String => "map[string]string",
            Self::Int => "map[string]int",
            Self::Byte => "map[string]uint8",
            Self::Slice => "map[string][]interface {}",
        }
    }

    /// The zero value of the type.
    #[must_use]
    pub fn zero(self) -> Value {
        match self {
            Self::Any => Value::Nil,
            Self::String => Value::str(""),
            Self::Int => Value::int(0),
            Self::Byte => Value::Uint(crate::value::UintKind::Uint8, 0),
            Self::Slice => Value::List(List::nil()),
        }
    }
}

/// An immutable slice; clones share the items. (No function of Go's or sprig's set that a template can call
/// writes into a slice it was given, `sortAlpha` on a `[]string` excepted.)
#[derive(Clone)]
pub struct List(Rc<Data>);

struct Data {
    elem: Elem,
    nil: bool,
    items: Vec<Value>,
}

impl List {
    /// A slice of the given element type.
    #[must_use]
    pub fn new(elem: Elem, items: Vec<Value>) -> Self {
        Self(Rc::new(Data {
            elem,
            nil: false,
            items,
        }))
    }

    /// A `[]interface{}`.
    #[must_use]
    pub fn any(items: Vec<Value>) -> Self {
        Self::new(Elem::Any, items)
    }

    /// A `[]string`.
    #[must_use]
    pub fn strings<T: AsRef<[u8]>>(items: impl IntoIterator<Item = T>) -> Self {
        Self::new(Elem::String, items.into_iter().map(Value::str).collect())
    }

    /// A nil `[]interface{}`: empty, but not equal to an empty one, and `null` in JSON.
    #[must_use]
    pub fn nil() -> Self {
        Self::nil_of(Elem::Any)
    }

    /// A nil slice of the given element type.
    #[must_use]
    pub fn nil_of(elem: Elem) -> Self {
        Self(Rc::new(Data {
            elem,
            nil: true,
            items: Vec::new(),
        }))
    }

    /// The element type.
    #[must_use]
    pub fn elem(&self) -> Elem {
        self.0.elem
    }

    /// Whether this is a nil slice.
    #[must_use]
    pub fn is_nil(&self) -> bool {
        self.0.nil
    }

    /// The items.
    #[must_use]
    pub fn items(&self) -> &[Value] {
        &self.0.items
    }

    /// The number of items.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.items.len()
    }

    /// Whether there are no items.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.items.is_empty()
    }

    /// Whether both are the same slice in memory.
    #[must_use]
    pub fn same(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Drop for Data {
    /// Deeply nested values are dropped on a stack that grows.
    fn drop(&mut self) {
        if self
            .items
            .iter()
            .any(|item| matches!(item, Value::List(_) | Value::Map(_)))
        {
            let items = std::mem::take(&mut self.items);
            crate::limits::deep(|| drop(items));
        }
    }
}
