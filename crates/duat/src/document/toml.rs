//! What the readers of TOML files share: a table with places, and a string's place inside its
//! quotes.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::found::{Found, utf8};
use super::{DocumentError, Position};

pub(super) type Value<'a> = Spanned<DeValue<'a>>;

/// Reads a whole file.
pub(super) fn parse(source: &[u8]) -> Result<DeTable<'_>, DocumentError> {
    const GRAMMAR: &str = "TOML";
    let text = utf8(source, GRAMMAR)?;
    let table = DeTable::parse(text).map_err(|error| DocumentError::Syntax {
        grammar: GRAMMAR,
        message: error.message().replace('\n', ", "),
        position: Position::of(source, error.span().map_or(0, |span| span.start)),
    })?;
    Ok(table.into_inner())
}

/// Returns the table under a key.
pub(super) fn table<'t, 'a>(parent: &'t DeTable<'a>, key: &str) -> Option<&'t DeTable<'a>> {
    parent.get(key)?.get_ref().as_table()
}

/// Reads a version field.
pub(super) fn read(
    source: &[u8],
    value: &Value<'_>,
    kind: &'static str,
) -> Result<Found, DocumentError> {
    let start = text_start(source, value, kind)?;
    let length = value.get_ref().as_str().map_or(0, str::len);
    Found::read(source, start..start + length, kind)
}

/// Returns where a string begins inside its quotes. It must be written without escapes.
pub(super) fn text_start(
    source: &[u8],
    value: &Value<'_>,
    kind: &'static str,
) -> Result<usize, DocumentError> {
    let span = value.span();
    let position = || Position::of(source, span.start);
    let Some(text) = value.get_ref().as_str() else {
        let position = position();
        return Err(DocumentError::NotText { kind, position });
    };
    let raw = source.get(span.clone()).unwrap_or_default();
    [
        "\"\"\"\r\n",
        "\"\"\"\n",
        "\"\"\"",
        "'''\r\n",
        "'''\n",
        "'''",
        "\"",
        "'",
    ]
    .iter()
    .find(|quote| raw.starts_with(quote.as_bytes()))
    .filter(|quote| {
        let inside = raw.get(quote.len()..).unwrap_or_default();
        let rest = inside.strip_prefix(text.as_bytes());
        rest.is_some_and(|rest| quote.trim_end().as_bytes() == rest)
    })
    .map(|quote| span.start + quote.len())
    .ok_or_else(|| DocumentError::NotPlain {
        kind,
        position: position(),
    })
}
