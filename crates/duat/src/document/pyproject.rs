//! Python: `project.version` and `tool.poetry.version` in `pyproject.toml`.

use super::found::Found;
use super::toml::{parse, read, table};
use super::{DocumentError, Position};

pub(super) fn find(source: &[u8]) -> Result<Vec<Found>, DocumentError> {
    let root = parse(source)?;
    let mut found = Vec::new();
    let project = table(&root, "project");
    if let Some(version) = project.and_then(|project| project.get("version")) {
        found.push(read(source, version, "`project.version`")?);
    }
    let poetry = table(&root, "tool").and_then(|tool| table(tool, "poetry"));
    if let Some(version) = poetry.and_then(|poetry| poetry.get("version")) {
        found.push(read(source, version, "`tool.poetry.version`")?);
    }
    Ok(found)
}

/// Tells why a file in which no version was found has none, where it says so itself.
pub(super) fn absence(source: &[u8]) -> Option<DocumentError> {
    let root = parse(source).ok()?;
    let list = table(&root, "project")?
        .get("dynamic")?
        .get_ref()
        .as_array()?;
    let entry = list
        .iter()
        .find(|entry| entry.get_ref().as_str() == Some("version"))?;
    let position = Position::of(source, entry.span().start);
    Some(DocumentError::Dynamic { position })
}
