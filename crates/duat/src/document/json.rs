//! npm: `package.json` and the lock files beside it.

use std::collections::BTreeSet;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::found::{Found, utf8};
use super::{DocumentError, Position};
use crate::order;

const GRAMMAR: &str = "JSON";
const VERSION: &str = "`version`";
const PACKAGE: &str = "`version` in `packages`";

/// Finds the version of a package.
pub(super) fn package(source: &[u8]) -> Result<Vec<Found>, DocumentError> {
    let root = Object::root(source)?;
    let version = root.member("version", VERSION)?;
    version
        .map(|version| root.read(version, VERSION))
        .into_iter()
        .collect()
}

/// Finds the version of the package in the directory `package` in a lock file. For the root package,
/// which is `""`, that is the file's own version too; the first lock format has nothing else.
pub(super) fn lock(source: &[u8], names: &BTreeSet<String>) -> Result<Vec<Found>, DocumentError> {
    let root = Object::root(source)?;
    let mut found = Vec::new();
    if names.contains("")
        && let Some(version) = root.member("version", VERSION)?
    {
        found.push(root.read(version, VERSION)?);
    }
    if let Some(packages) = root.object("packages", "`packages`")? {
        for name in names {
            let Some(entry) = packages.object(name, "the package")? else {
                continue;
            };
            if let Some(version) = entry.member("version", PACKAGE)? {
                found.push(entry.read(version, PACKAGE)?);
            }
        }
    }
    order::sort_by_key(&mut found, |found| found.span.start);
    Ok(found)
}

/// An object's members as they are written, in order.
struct Object<'a> {
    source: &'a [u8],
    members: Vec<(String, &'a RawValue)>,
}

impl<'a> Object<'a> {
    fn root(source: &'a [u8]) -> Result<Self, DocumentError> {
        let Members(members) = serde_json::from_str(utf8(source, GRAMMAR)?)
            .map_err(|error| syntax(source, 0, &error))?;
        Ok(Self { source, members })
    }

    /// Returns the member of a name that may stand there only once.
    fn member(
        &self,
        name: &str,
        kind: &'static str,
    ) -> Result<Option<&'a RawValue>, DocumentError> {
        let mut members = self.members.iter().filter(|(key, _)| key == name);
        let first = members.next();
        match members.next() {
            Some((_, second)) => Err(DocumentError::Duplicate {
                kind,
                position: Position::of(self.source, self.start(second)),
            }),
            None => Ok(first.map(|(_, value)| *value)),
        }
    }

    fn object(&self, name: &str, kind: &'static str) -> Result<Option<Self>, DocumentError> {
        let Some(value) = self.member(name, kind)? else {
            return Ok(None);
        };
        let Members(members) = serde_json::from_str(value.get())
            .map_err(|error| syntax(self.source, self.start(value), &error))?;
        Ok(Some(Self {
            source: self.source,
            members,
        }))
    }

    fn read(&self, value: &RawValue, kind: &'static str) -> Result<Found, DocumentError> {
        let start = self.start(value);
        let position = || Position::of(self.source, start);
        let Ok(text) = serde_json::from_str::<String>(value.get()) else {
            let position = position();
            return Err(DocumentError::NotText { kind, position });
        };
        let plain = value
            .get()
            .strip_prefix('"')
            .and_then(|raw| raw.strip_suffix('"'));
        if plain != Some(text.as_str()) {
            let position = position();
            return Err(DocumentError::NotPlain { kind, position });
        }
        Found::read(self.source, start + 1..start + 1 + text.len(), kind)
    }

    /// Returns where in the source a value begins: it is borrowed from there.
    fn start(&self, value: &RawValue) -> usize {
        value.get().as_ptr().addr() - self.source.as_ptr().addr()
    }
}

struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;

        impl<'de> Visitor<'de> for Collect {
            type Value = Members<'de>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(Collect)
    }
}

/// Turns the line and column (in bytes) of an error in a value that begins `at` into a position.
fn syntax(source: &[u8], at: usize, error: &serde_json::Error) -> DocumentError {
    let value = source.get(at..).unwrap_or_default();
    let line_start = match error.line().checked_sub(2) {
        Some(nth) => memchr::memchr_iter(b'\n', value)
            .nth(nth)
            .map_or(0, |end| end + 1),
        None => 0,
    };
    let place = at + line_start + error.column().saturating_sub(1);
    let message = error.to_string();
    let end = message.rfind(" at line ").unwrap_or(message.len());
    DocumentError::Syntax {
        grammar: GRAMMAR,
        message: message.get(..end).unwrap_or_default().to_owned(),
        position: Position::of(source, place.min(source.len())),
    }
}
