//! A file that is nothing but a version.

use super::DocumentError;
use super::found::Found;

pub(super) fn find(source: &[u8]) -> Result<Vec<Found>, DocumentError> {
    Ok(vec![Found::read(source, 0..source.len(), "the file")?])
}
