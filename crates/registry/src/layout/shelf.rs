//! What layouts and archives of them have in common: an index, and content by digest.

use std::io;

use bytes::Bytes;

use super::disk::{Piece, source};
use super::index::Index;
use crate::blob::BlobSource;
use crate::descriptor::Descriptor;
use crate::digest::Digest;
use crate::error::{Error, Kind, Operation, Place};
use crate::manifest::{LARGEST, Manifest};
use crate::reference::Handle;
use crate::referrers::Referrers;

/// An index, and content by digest.
pub(crate) trait Shelf: Clone + Send + Sync + 'static {
    /// Returns what to call it in errors.
    fn place(&self) -> Place;

    /// Returns the index; nothing where the whole place is not there.
    fn index(&self, operation: Operation) -> Result<Option<Index>, Error>;

    /// Returns where content is; nothing where it is not there.
    fn piece(&self, operation: Operation, digest: &Digest) -> Result<Option<Piece>, Error>;

    /// Returns a manifest that was made for content that has none.
    fn made(&self, operation: Operation, digest: &Digest) -> Result<Option<Bytes>, Error> {
        let _ = (operation, digest);
        Ok(None)
    }

    /// Returns an error about this place.
    fn error(&self, operation: Operation, kind: Kind, reason: impl Into<String>) -> Error {
        Error::new(operation, self.place(), kind, reason)
    }

    /// Returns the error for a file that could not be read or written.
    fn io(&self, operation: Operation, error: io::Error) -> Error {
        let reading = matches!(
            operation,
            Operation::FindManifest
                | Operation::ReadManifest
                | Operation::FindBlob
                | Operation::ReadBlob
                | Operation::ListTags
                | Operation::ListReferrers
        );
        let kind = if reading { Kind::Source } else { Kind::Refused };
        self.error(operation, kind, error.to_string())
    }

    /// Returns media type, digest and size of a manifest, or nothing where it is not there.
    fn find_manifest(&self, handle: &Handle) -> Result<Option<Descriptor>, Error> {
        let manifest = read(self, Operation::FindManifest, handle)?;
        Ok(manifest.ok().map(|manifest| manifest.descriptor()))
    }

    /// Returns a manifest, its digest computed from its bytes.
    fn manifest(&self, handle: &Handle) -> Result<Manifest, Error> {
        const OPERATION: Operation = Operation::ReadManifest;
        read(self, OPERATION, handle)?.map_err(|missing| {
            let (kind, reason) = match missing {
                Missing::All => (Kind::NoRepository, "there is nothing".to_owned()),
                Missing::Entry => (Kind::NotFound, format!("nothing is called `{handle}`")),
                Missing::Content(digest) => (Kind::NotFound, format!("`{digest}` is not there")),
            };
            self.error(OPERATION, kind, reason)
        })
    }

    /// Returns a blob's size, or nothing where it is not there.
    fn find_blob(&self, digest: &Digest) -> Result<Option<u64>, Error> {
        let piece = self.piece(Operation::FindBlob, digest)?;
        Ok(piece.map(|piece| piece.size()))
    }

    /// Returns a blob, to be sent elsewhere. Its bytes are verified on their way.
    fn blob(&self, descriptor: &Descriptor) -> Box<dyn BlobSource> {
        let (shelf, digest) = (self.clone(), descriptor.digest.clone());
        source(descriptor, self.place(), move || {
            shelf.piece(Operation::ReadBlob, &digest)
        })
    }

    /// Returns the tags, in their order in the index.
    fn tags(&self) -> Result<Vec<String>, Error> {
        const OPERATION: Operation = Operation::ListTags;
        match self.index(OPERATION)? {
            Some(index) => Ok(index.tags()),
            None => Err(self.error(OPERATION, Kind::NoRepository, "there is nothing")),
        }
    }

    /// Returns who refers to a manifest: entries of the index, and those of the index under the
    /// fallback tag.
    fn referrers(&self, subject: &Digest) -> Result<Referrers, Error> {
        const OPERATION: Operation = Operation::ListReferrers;
        let Some(index) = self.index(OPERATION)? else {
            return Ok(Referrers::default());
        };
        let mut candidates: Vec<Descriptor> = index.entries().cloned().collect();
        if let Ok(Some(list)) = index.find(&subject.fallback_tag())
            && let Ok(Ok(list)) = read(self, OPERATION, &Handle::Digest(list.digest.clone()))
        {
            candidates.extend(list.manifests().iter().cloned());
        }
        let mut contents: Vec<Manifest> = Vec::new();
        for candidate in candidates {
            // what cannot be read refers to nothing
            let Ok(Ok(manifest)) = read(self, OPERATION, &Handle::Digest(candidate.digest)) else {
                continue;
            };
            let is_about_it = manifest
                .subject()
                .is_some_and(|named| named.digest == *subject);
            let is_new = contents
                .iter()
                .all(|known| known.digest() != manifest.digest());
            if is_about_it && is_new {
                contents.push(manifest);
            }
        }
        Ok(Referrers {
            manifests: contents.iter().map(Manifest::descriptor).collect(),
            contents,
            kept_by_registry: true,
        })
    }
}

/// Why there is no manifest.
enum Missing {
    All,
    Entry,
    Content(Digest),
}

fn read(
    shelf: &impl Shelf,
    operation: Operation,
    handle: &Handle,
) -> Result<Result<Manifest, Missing>, Error> {
    let Some(index) = shelf.index(operation)? else {
        return Ok(Err(Missing::All));
    };
    let named = match handle {
        Handle::Digest(digest) => index.entries().find(|entry| entry.digest == *digest),
        Handle::Tag(tag) => {
            let found = index.find(tag.as_str());
            let found = found.map_err(|why| shelf.error(operation, Kind::Protocol, why))?;
            if found.is_none() {
                return Ok(Err(Missing::Entry));
            }
            found
        }
    };
    let digest = match (handle, named) {
        (Handle::Digest(digest), _) => digest,
        (Handle::Tag(_), Some(named)) => &named.digest,
        (Handle::Tag(_), None) => return Ok(Err(Missing::Entry)),
    };
    let media_type = named.map(|named| named.media_type.as_str());
    let bytes = match (
        shelf.made(operation, digest)?,
        shelf.piece(operation, digest)?,
    ) {
        (Some(bytes), _) => bytes,
        (None, Some(piece)) => {
            let bytes = piece.bytes(LARGEST);
            bytes.map_err(|error| shelf.io(operation, error))?
        }
        (None, None) => return Ok(Err(Missing::Content(digest.clone()))),
    };
    let manifest = Manifest::read(
        bytes,
        media_type.filter(|text| !text.is_empty()),
        Some(digest),
    );
    manifest.map(Ok).map_err(|error| {
        shelf.error(
            operation,
            Kind::Verification,
            format!("`{digest}`: {error}"),
        )
    })
}
