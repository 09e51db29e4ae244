//! The values templates work on: Go's dynamic types, as far as a template can see them.

use crate::func::Function;
use crate::list::List;
use crate::map::Map;
use crate::object::Object;
use crate::text::Str;
use std::borrow::Cow;
use std::rc::Rc;

/// A value as Go's `reflect` would show it to a template.
///
/// Numbers keep their Go type (`int` is not `int64`, a whole `float64` is not an integer), strings are
/// bytes, maps are references: [`Map`] is shared by its clones, so `set` is seen by every holder.
#[derive(Clone, Default)]
pub enum Value {
    /// No value at all: what a missing key yields (Go's invalid `reflect.Value`, printed `<no value>`).
    #[default]
    None,
    /// A nil `interface{}`: a key that is there and holds nothing (`null` in JSON).
    Nil,
    /// `bool`
    Bool(bool),
    /// Signed integers, with their Go type.
    Int(IntKind, i64),
    /// Unsigned integers, with their Go type.
    Uint(UintKind, u64),
    /// `float64`
    Float(f64),
    /// `complex128`, real and imaginary part.
    Complex(Rc<(f64, f64)>),
    /// `string`: any bytes, mostly UTF-8.
    Str(Str),
    /// A slice.
    List(List),
    /// A map with string keys, shared by reference.
    Map(Map),
    /// Anything with fields or methods: times, versions, URLs, and what the host hands in.
    Object(Rc<dyn Object>),
    /// A function value, to be used with `call` or as a method.
    Func(Rc<Function>),
}

/// The signed integer types.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum IntKind {
    /// `int`
    Int,
    /// `int8`
    Int8,
    /// `int16`
    Int16,
    /// `int32`
    Int32,
    /// `int64`
    Int64,
}

/// The unsigned integer types.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum UintKind {
    /// `uint`
    Uint,
    /// `uint8`
    Uint8,
    /// `uint16`
    Uint16,
    /// `uint32`
    Uint32,
    /// `uint64`
    Uint64,
}

/// Go's `reflect.Kind`, for those kinds that occur here.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// No value.
    Invalid,
    /// `bool`
    Bool,
    /// A signed integer type.
    Int(IntKind),
    /// An unsigned integer type.
    Uint(UintKind),
    /// `float64`
    Float64,
    /// `complex128`
    Complex128,
    /// `string`
    String,
    /// `slice`
    Slice,
    /// `map`
    Map,
    /// `struct`
    Struct,
    /// `ptr`
    Ptr,
    /// `func`
    Func,
}

impl IntKind {
    /// The Go name of the type.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Int => "int",
            Self::Int8 => "int8",
            Self::Int16 => "int16",
            Self::Int32 => "int32",
            Self::Int64 => "int64",
        }
    }
}

impl UintKind {
    /// The Go name of the type.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Uint => "uint",
            Self::Uint8 => "uint8",
            Self::Uint16 => "uint16",
            Self::Uint32 => "uint32",
            Self::Uint64 => "uint64",
        }
    }
}

impl Kind {
    /// The name Go's `Kind.String` gives.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Invalid => "invalid",
            Self::Bool => "bool",
            Self::Int(kind) => kind.name(),
            Self::Uint(kind) => kind.name(),
            Self::Float64 => "float64",
            Self::Complex128 => "complex128",
            Self::String => "string",
            Self::Slice => "slice",
            Self::Map => "map",
            Self::Struct => "struct",
            Self::Ptr => "ptr",
            Self::Func => "func",
        }
    }
}

impl Value {
    /// A Go `int`.
    #[must_use]
    pub fn int(n: i64) -> Self {
        Self::Int(IntKind::Int, n)
    }

    /// A Go `int64`.
    #[must_use]
    pub fn int64(n: i64) -> Self {
        Self::Int(IntKind::Int64, n)
    }

    /// A `string`.
    #[must_use]
    pub fn str(text: impl AsRef<[u8]>) -> Self {
        Self::Str(Str::from(text.as_ref()))
    }

    /// A `complex128`.
    #[must_use]
    pub fn complex(re: f64, im: f64) -> Self {
        Self::Complex(Rc::new((re, im)))
    }

    /// Reads JSON. Whole numbers become `int`, all others `float64`.
    ///
    /// # Errors
    /// When the text is not JSON.
    pub fn from_json(text: &[u8]) -> Result<Self, String> {
        crate::json::decode_as(text, true)
    }

    /// Wraps an object of the host or of the library.
    #[must_use]
    pub fn object(object: impl Object + 'static) -> Self {
        Self::Object(Rc::new(object))
    }

    /// Whether there is nothing here: no value, or a nil interface.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        matches!(self, Self::None | Self::Nil)
    }

    /// The Go kind, a nil interface counting as invalid (as `reflect.ValueOf(nil)` does).
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::None | Self::Nil => Kind::Invalid,
            Self::Bool(_) => Kind::Bool,
            Self::Int(kind, _) => Kind::Int(*kind),
            Self::Uint(kind, _) => Kind::Uint(*kind),
            Self::Float(_) => Kind::Float64,
            Self::Complex(_) => Kind::Complex128,
            Self::Str(_) => Kind::String,
            Self::List(_) => Kind::Slice,
            Self::Map(_) => Kind::Map,
            Self::Object(object) => object.kind(),
            Self::Func(_) => Kind::Func,
        }
    }

    /// The Go type as `%T` prints it; `<nil>` for nothing.
    #[must_use]
    pub fn type_name(&self) -> Cow<'_, str> {
        match self {
            Self::None | Self::Nil => Cow::Borrowed("<nil>"),
            Self::Bool(_) => Cow::Borrowed("bool"),
            Self::Int(kind, _) => Cow::Borrowed(kind.name()),
            Self::Uint(kind, _) => Cow::Borrowed(kind.name()),
            Self::Float(_) => Cow::Borrowed("float64"),
            Self::Complex(_) => Cow::Borrowed("complex128"),
            Self::Str(_) => Cow::Borrowed("string"),
            Self::List(list) => Cow::Borrowed(list.elem().slice_name()),
            Self::Map(map) => Cow::Borrowed(map.elem().map_name()),
            Self::Object(object) => Cow::Owned(object.type_name().to_owned()),
            Self::Func(function) => Cow::Owned(function.type_name()),
        }
    }

    /// Truth as `if` sees it: not the zero value of its type, not empty, not nil.
    #[must_use]
    pub fn truth(&self) -> bool {
        match self {
            Self::None | Self::Nil => false,
            Self::Bool(b) => *b,
            Self::Int(_, n) => *n != 0,
            Self::Uint(_, n) => *n != 0,
            Self::Float(f) => *f != 0.0,
            Self::Complex(c) => c.0 != 0.0 || c.1 != 0.0,
            Self::Str(s) => !s.is_empty(),
            Self::List(list) => !list.is_empty(),
            Self::Map(map) => !map.is_empty(),
            Self::Object(object) => object.integer() != Some(0),
            Self::Func(_) => true,
        }
    }

    /// The integer behind a signed kind, named types (`time.Duration`) included.
    #[must_use]
    pub fn signed(&self) -> Option<i64> {
        match self {
            Self::Int(_, n) => Some(*n),
            Self::Object(object) => object.integer(),
            _ => None,
        }
    }

    /// The bytes of a `string`.
    #[must_use]
    pub fn bytes(&self) -> Option<&[u8]> {
        match self {
            Self::Str(s) => Some(s),
            _ => None,
        }
    }

    /// A nil interface where there was no value: what a parameter of type `interface{}` receives.
    #[must_use]
    pub fn or_nil(self) -> Self {
        match self {
            Self::None => Self::Nil,
            other => other,
        }
    }
}

impl std::fmt::Debug for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = crate::fmt::sprint(std::slice::from_ref(self), crate::limits::DEBUG_BYTES);
        f.write_str(&String::from_utf8_lossy(&text.unwrap_or_default()))
    }
}

impl From<bool> for Value {
    fn from(b: bool) -> Self {
        Self::Bool(b)
    }
}

impl From<i64> for Value {
    fn from(n: i64) -> Self {
        Self::int(n)
    }
}

impl From<i32> for Value {
    fn from(n: i32) -> Self {
        Self::int(i64::from(n))
    }
}

impl From<u64> for Value {
    fn from(n: u64) -> Self {
        Self::Uint(UintKind::Uint64, n)
    }
}

impl From<f64> for Value {
    fn from(f: f64) -> Self {
        Self::Float(f)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::str(text)
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::str(text)
    }
}

impl From<Vec<u8>> for Value {
    fn from(bytes: Vec<u8>) -> Self {
        Self::str(bytes)
    }
}

impl From<Str> for Value {
    fn from(text: Str) -> Self {
        Self::Str(text)
    }
}

impl From<List> for Value {
    fn from(list: List) -> Self {
        Self::List(list)
    }
}

impl From<Map> for Value {
    fn from(map: Map) -> Self {
        Self::Map(map)
    }
}

impl From<Vec<Value>> for Value {
    fn from(items: Vec<Value>) -> Self {
        Self::List(List::any(items))
    }
}
