//! Values with fields and methods.

use crate::func::Function;
use crate::value::{Kind, Value};
use std::any::Any;
use std::rc::Rc;

/// A value whose inside is not a map or list: `time.Time`, `*semver.Version`, or one of the host's.
///
/// An object can print as one thing and still have fields: a host's URL prints as its text and answers to
/// `.Host`, `.Path` and `.Scheme`.
pub trait Object {
    /// The Go type, as `%T` shows it.
    fn type_name(&self) -> &str;

    /// The Go kind; a pointer to a struct unless said otherwise.
    fn kind(&self) -> Kind {
        Kind::Ptr
    }

    /// What `String` or `Error` would return; objects without it print their [`Object::fields`].
    fn text(&self) -> Option<String> {
        None
    }

    /// A field or method by name.
    ///
    /// # Errors
    /// When the host cannot compute the field.
    fn member(&self, name: &str) -> Result<Option<Member>, String>;

    /// The exported fields in order, for printing and encoding.
    fn fields(&self) -> Vec<(&'static str, Value)> {
        Vec::new()
    }

    /// The number behind a named integer type such as `time.Duration`.
    fn integer(&self) -> Option<i64> {
        None
    }

    /// What `MarshalJSON` or `MarshalText` would say, as a value to be encoded in its place.
    fn encoded(&self) -> Option<Value> {
        None
    }

    /// What a deep copy of the object is, if not the object itself.
    fn copied(&self) -> Option<Value> {
        None
    }

    /// Whether Go's `==` or `DeepEqual` finds the two equal.
    fn equal(&self, other: &dyn Object) -> bool {
        let _ = other;
        false
    }

    /// For functions that ask for one concrete type.
    fn as_any(&self) -> &dyn Any;
}

/// What a name on an object stands for.
pub enum Member {
    /// A field, read.
    Field(Value),
    /// A method, called with the arguments that follow.
    Method(Rc<Function>),
}
