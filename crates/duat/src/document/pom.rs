//! Maven: the project's own version in `pom.xml`, or the property it names.

use memchr::memmem;
use roxmltree::{Document, Node};

use super::found::{Found, shown, utf8};
use super::{DocumentError, Position};

pub(super) fn find(source: &[u8]) -> Result<Vec<Found>, DocumentError> {
    const GRAMMAR: &str = "XML";
    let text = utf8(source, GRAMMAR)?;
    let document = Document::parse(text).map_err(|error| {
        let place = error.pos();
        let message = error.to_string();
        let bare = message.strip_suffix(&format!(" at {place}"));
        DocumentError::Syntax {
            grammar: GRAMMAR,
            message: bare.unwrap_or(&message).to_owned(),
            position: Position {
                line: place.row as usize,
                column: place.col as usize,
            },
        }
    })?;
    let project = document.root_element();
    let version = child(source, project, "version", "`/project/version`")?;
    let Some(version) = version.filter(|_| project.tag_name().name() == "project") else {
        return Ok(Vec::new());
    };
    let written = version.text().unwrap_or_default().trim();
    let Some(name) = written
        .strip_prefix("${")
        .and_then(|name| name.strip_suffix('}'))
    else {
        return Ok(vec![read(source, version, "`/project/version`")?]);
    };
    let property = match child(source, project, "properties", "`/project/properties`")? {
        Some(properties) => child(source, properties, name, "the property of the version")?,
        None => None,
    };
    match property {
        Some(property) => Ok(vec![read(source, property, "the property of the version")?]),
        None => Err(DocumentError::Property {
            text: shown(written.as_bytes()),
            position: Position::of(source, version.range().start),
        }),
    }
}

/// Returns the one child element of a name.
fn child<'a, 'i>(
    source: &[u8],
    parent: Node<'a, 'i>,
    name: &str,
    kind: &'static str,
) -> Result<Option<Node<'a, 'i>>, DocumentError> {
    let mut children = parent
        .children()
        .filter(|node| node.is_element() && node.tag_name().name() == name);
    let first = children.next();
    match children.next() {
        Some(second) => Err(DocumentError::Duplicate {
            kind,
            position: Position::of(source, second.range().start),
        }),
        None => Ok(first),
    }
}

/// Reads the text of an element that holds nothing else.
fn read(source: &[u8], element: Node<'_, '_>, kind: &'static str) -> Result<Found, DocumentError> {
    let range = element.range();
    let raw = |range| source.get(range).unwrap_or_default();
    let inside = match element.first_child() {
        Some(only) => {
            let text = only.text().filter(|_| only.next_sibling().is_none());
            let plain = text.is_some_and(|text| is_written(text, raw(only.range())));
            plain.then(|| only.range())
        }
        // `<version/>` has no room between its tags
        None => memmem::rfind(raw(range.clone()), b"</").map(|end| {
            let between = range.start + end;
            between..between
        }),
    };
    match inside {
        Some(inside) => Found::read(source, inside, kind),
        None => Err(DocumentError::NotPlain {
            kind,
            position: Position::of(source, range.start),
        }),
    }
}

/// Tells whether `raw` is `text` but for line ends, all of which XML reads as LF.
fn is_written(text: &str, raw: &[u8]) -> bool {
    let raw = str::from_utf8(raw).unwrap_or_default();
    raw.replace("\r\n", "\n").replace('\r', "\n") == text
}
