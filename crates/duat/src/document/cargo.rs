//! Cargo: `Cargo.toml` and `Cargo.lock`.

use std::collections::BTreeSet;

use semver::VersionReq;
use toml::de::DeTable;

use super::found::{Found, Requirement};
use super::toml::{Value, parse, read, table, text_start};
use super::{DocumentError, Own, Position};
use crate::Version;

const DEPENDENCY: &str = "the `version` of a path dependency";

/// Finds the versions of a manifest: of its package, of its workspace, and what it asks of path
/// dependencies that are `own`.
pub(super) fn manifest(
    source: &[u8],
    own: &Own,
) -> Result<(Vec<Found>, Vec<Requirement>), DocumentError> {
    let root = parse(source)?;
    let mut found = Vec::new();
    let package = table(&root, "package");
    if let Some(version) = package.and_then(|package| package.get("version")) {
        let inherited = version.get_ref().as_table();
        if inherited.is_none_or(|version| !version.contains_key("workspace")) {
            found.push(read(source, version, "`package.version`")?);
        }
    }
    let workspace = table(&root, "workspace");
    let shared = workspace.and_then(|workspace| table(workspace, "package"));
    if let Some(version) = shared.and_then(|package| package.get("version")) {
        found.push(read(source, version, "`workspace.package.version`")?);
    }
    let name = package
        .and_then(|package| package.get("name"))
        .and_then(|name| name.get_ref().as_str());
    let (places, requirements) = asked(source, &root, |called| {
        own.contains(called) || name == Some(called)
    })?;
    found.extend(places);
    Ok((found, requirements))
}

/// Finds what a member of a workspace, whose own version is none of ours or stands elsewhere, asks
/// of path dependencies that are `own`.
pub(super) fn member(
    source: &[u8],
    own: &Own,
) -> Result<(Vec<Found>, Vec<Requirement>), DocumentError> {
    asked(source, &parse(source)?, |called| own.contains(called))
}

/// Finds the versions that are asked of path dependencies of ours.
fn asked(
    source: &[u8],
    root: &DeTable<'_>,
    is_own: impl Fn(&str) -> bool,
) -> Result<(Vec<Found>, Vec<Requirement>), DocumentError> {
    let mut found = Vec::new();
    let mut requirements = Vec::new();
    for (key, dependency) in dependencies(root) {
        let called = dependency
            .get("package")
            .and_then(|name| name.get_ref().as_str());
        let called = called.unwrap_or(key);
        if !dependency.contains_key("path") || !is_own(called) {
            continue;
        }
        if let Some(version) = dependency.get("version") {
            match requirement(source, version)? {
                Asked::Full(place) => found.push(place),
                Asked::Other(other) => requirements.push(other),
            }
        }
    }
    Ok((found, requirements))
}

/// Returns every dependency that is a table, by its key.
fn dependencies<'t>(root: &'t DeTable<'_>) -> Vec<(&'t str, &'t DeTable<'t>)> {
    let mut lists: Vec<&DeTable<'_>> = Vec::new();
    let tables = |parent: Option<&'t DeTable<'_>>| {
        let values = parent.into_iter().flat_map(DeTable::values);
        values.filter_map(|value| value.get_ref().as_table())
    };
    lists.extend(tables(table(root, "patch")));
    lists.extend(table(root, "workspace").and_then(|workspace| table(workspace, "dependencies")));
    for section in std::iter::once(root).chain(tables(table(root, "target"))) {
        for kind in [
            "dependencies",
            "dev-dependencies",
            "dev_dependencies",
            "build-dependencies",
            "build_dependencies",
        ] {
            lists.extend(table(section, kind));
        }
    }
    let entries = lists.into_iter().flat_map(DeTable::iter);
    entries
        .filter_map(|(key, value)| Some((key.get_ref().as_ref(), value.get_ref().as_table()?)))
        .collect()
}

/// What a manifest asks of a dependency.
enum Asked {
    /// One full version, behind an operator that keeps admitting it when it moves.
    Full(Found),
    /// Anything else that Cargo understands: `0.1`, `*`, `>1.0.0`, `>=1.2.0, <2`.
    Other(Requirement),
}

fn requirement(source: &[u8], value: &Value<'_>) -> Result<Asked, DocumentError> {
    let start = text_start(source, value, DEPENDENCY)?;
    let text = value.get_ref().as_str().unwrap_or_default();
    let number = text.trim_start();
    let number = [">=", "<=", "=", "^", "~"]
        .iter()
        .find_map(|operator| number.strip_prefix(operator))
        .unwrap_or(number)
        .trim_start();
    if Version::parse_strict(number.trim_end()).is_ok() {
        let end = start + text.len();
        let place = Found::read(source, end - number.len()..end, DEPENDENCY)?;
        return Ok(Asked::Full(place));
    }
    let position = Position::of(source, start);
    let asked = VersionReq::parse(text).map_err(|error| DocumentError::Syntax {
        grammar: "a version requirement",
        message: error.to_string(),
        position,
    })?;
    let text = text.to_owned();
    Ok(Asked::Other(Requirement {
        position,
        text,
        asked,
    }))
}

/// Finds the versions of the packages in a lock file that are `own` and come from no registry, and
/// the dependencies of others on them where the version is part of the name.
pub(super) fn lock(source: &[u8], own: &Own) -> Result<Vec<Found>, DocumentError> {
    const PACKAGE: &str = "the `version` of a package";
    let root = parse(source)?;
    let packages = || {
        let list = root
            .get("package")
            .and_then(|list| list.get_ref().as_array());
        let entries = list.into_iter().flat_map(|list| list.iter());
        entries.filter_map(|entry| entry.get_ref().as_table())
    };
    let mut found = Vec::new();
    let mut names = BTreeSet::new();
    for package in packages() {
        let name = package.get("name").and_then(|name| name.get_ref().as_str());
        if let Some(name) = name.filter(|name| own.contains(name))
            && !package.contains_key("source")
            && let Some(version) = package.get("version")
        {
            found.push(read(source, version, PACKAGE)?);
            let version = version.get_ref().as_str().unwrap_or_default();
            names.insert(format!("{name} {version}"));
        }
    }
    let lists = packages().filter_map(|package| package.get("dependencies")?.get_ref().as_array());
    for dependency in lists.flat_map(|list| list.iter()) {
        let text = dependency.get_ref().as_str().unwrap_or_default();
        if let Some(space) = text.find(' ').filter(|_| names.contains(text)) {
            const KIND: &str = "a dependency on a package";
            let start = text_start(source, dependency, KIND)?;
            let version = start + space + 1..start + text.len();
            found.push(Found::read(source, version, KIND)?);
        }
    }
    Ok(found)
}
