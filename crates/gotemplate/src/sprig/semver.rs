//! Semantic versions.

use super::Table;
use crate::args::{at, text};
use crate::func::{Function, Type};
use crate::object::{Member, Object};
use crate::value::{Kind, Value};
use crate::version::{Constraints, Version};
use std::any::Any;
use std::cmp::Ordering;
use std::rc::Rc;

pub(super) fn add(table: &mut Table) {
    table.plain("semver", &[Type::String], |_, a| {
        Ok(Value::object(Semver {
            version: Version::parse(&text(a, 0))?,
            pointer: true,
        }))
    });
    table.plain("semverCompare", &[Type::String, Type::String], |_, a| {
        let constraints = Constraints::parse(&text(a, 0))?;
        let version = Version::parse(&text(a, 1))?;
        Ok(constraints.check(&version).into())
    });
}

/// A version as templates see it: `semver` gives a pointer, its methods give plain values.
struct Semver {
    version: Version,
    pointer: bool,
}

const OTHER: &[Type] = &[Type::Object("*semver.Version")];

fn getter(body: impl Fn() -> Value + 'static) -> Member {
    Member::Method(Rc::new(Function::new(&[], move |_, _| Ok(body()))))
}

fn plain(version: Version) -> Value {
    Value::object(Semver {
        version,
        pointer: false,
    })
}

fn comparison(version: Version, body: fn(Ordering) -> Value) -> Member {
    Member::Method(Rc::new(Function::new(OTHER, move |_, args| {
        let other = match at(args, 0) {
            Value::Object(object) => object.as_any().downcast_ref::<Semver>(),
            _ => None,
        };
        let other =
            other.ok_or("runtime error: invalid memory address or nil pointer dereference")?;
        Ok(body(version.precedence(&other.version)))
    })))
}

impl Object for Semver {
    fn type_name(&self) -> &'static str {
        if self.pointer {
            "*semver.Version"
        } else {
            "semver.Version"
        }
    }

    fn kind(&self) -> Kind {
        if self.pointer {
            Kind::Ptr
        } else {
            Kind::Struct
        }
    }

    fn text(&self) -> Option<String> {
        Some(self.version.to_string())
    }

    fn member(&self, name: &str) -> Result<Option<Member>, String> {
        let version = self.version.clone();
        Ok(Some(match name {
            "Major" => getter(move || version.major.into()),
            "Minor" => getter(move || version.minor.into()),
            "Patch" => getter(move || version.patch.into()),
            "Prerelease" => getter(move || version.pre.as_str().into()),
            "Metadata" => getter(move || version.metadata.as_str().into()),
            "String" => getter(move || version.to_string().into()),
            "IncPatch" => getter(move || plain(version.inc_patch())),
            "IncMinor" => getter(move || plain(version.inc_minor())),
            "IncMajor" => getter(move || plain(version.inc_major())),
            "SetPrerelease" => {
                Member::Method(Rc::new(Function::new(&[Type::String], move |_, a| {
                    Ok(plain(version.with_pre(&text(a, 0))?))
                })))
            }
            "SetMetadata" => {
                Member::Method(Rc::new(Function::new(&[Type::String], move |_, a| {
                    Ok(plain(version.with_metadata(&text(a, 0))?))
                })))
            }
            "major" | "minor" | "patch" | "pre" | "metadata" | "original" => {
                return Err(format!(
                    "{name} is an unexported field of struct type {}",
                    self.type_name()
                ));
            }
            _ if !self.pointer => return Ok(None),
            "Original" => getter(move || version.original.as_str().into()),
            "Compare" => comparison(version, |order| Value::int(order as i64)),
            "Equal" => comparison(version, |order| order.is_eq().into()),
            "LessThan" => comparison(version, |order| order.is_lt().into()),
            "LessThanEqual" => comparison(version, |order| order.is_le().into()),
            "GreaterThan" => comparison(version, |order| order.is_gt().into()),
            "GreaterThanEqual" => comparison(version, |order| order.is_ge().into()),
            _ => return Ok(None),
        }))
    }

    fn encoded(&self) -> Option<Value> {
        Some(self.version.to_string().into())
    }

    /// The fields are private to Go's package, so that a copy made by reflection misses them.
    fn copied(&self) -> Option<Value> {
        let version = Version {
            major: 0,
            minor: 0,
            patch: 0,
            pre: String::new(),
            metadata: String::new(),
            original: String::new(),
        };
        Some(Value::object(Self {
            version,
            pointer: self.pointer,
        }))
    }

    fn equal(&self, other: &dyn Object) -> bool {
        other
            .as_any()
            .downcast_ref::<Self>()
            .is_some_and(|other| other.version == self.version)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
