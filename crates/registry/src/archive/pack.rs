//! A layout becomes an archive.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read};
use std::path::Path;

use crate::digest::Digest;
use crate::layout::{Piece, Staged, VERSION};

/// How much is read at once.
const CHUNK: u64 = 256 << 10;

/// Writes an archive of a layout's blobs and of others, and puts it at its place.
pub(super) fn pack(
    archive: &Path,
    layout: &Path,
    index: &str,
    others: BTreeMap<Digest, Piece>,
) -> io::Result<()> {
    let mut blobs = others;
    for algorithm in ["sha256", "sha512"] {
        let folder = layout.join("blobs").join(algorithm);
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(error),
        };
        for entry in entries {
            let entry = entry?;
            let name = format!("{algorithm}:{}", entry.file_name().to_string_lossy());
            // what is half written has no name yet
            if let (Ok(digest), Some(piece)) = (name.parse(), Piece::of(&entry.path())?) {
                blobs.insert(digest, piece);
            }
        }
    }
    let mut staged = Staged::at(archive)?;
    let mut builder = tar::Builder::new(staged.file());
    append(
        &mut builder,
        "oci-layout",
        VERSION.len() as u64,
        VERSION.as_bytes(),
    )?;
    append(
        &mut builder,
        "index.json",
        index.len() as u64,
        index.as_bytes(),
    )?;
    for (digest, piece) in &blobs {
        let name = format!("blobs/{}/{}", digest.algorithm().name(), digest.hex());
        let reader = Reader { piece, at: 0 };
        append(&mut builder, &name, piece.size(), reader)?;
    }
    builder.finish()?;
    drop(builder);
    staged.keep()
}

/// Adds a member that is the same in every run.
fn append(
    builder: &mut tar::Builder<&mut fs::File>,
    name: &str,
    size: u64,
    content: impl Read,
) -> io::Result<()> {
    let mut header = tar::Header::new_ustar();
    header.set_entry_type(tar::EntryType::Regular);
    header.set_size(size);
    header.set_mode(0o644);
    builder.append_data(&mut header, name, content)
}

/// Reads a piece from its beginning.
struct Reader<'a> {
    piece: &'a Piece,
    at: u64,
}

impl Read for Reader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.piece.size().saturating_sub(self.at);
        let count = left.min(CHUNK).min(buffer.len() as u64);
        let bytes = self.piece.read(self.at, count)?;
        buffer[..bytes.len()].copy_from_slice(&bytes);
        self.at += bytes.len() as u64;
        Ok(bytes.len())
    }
}
