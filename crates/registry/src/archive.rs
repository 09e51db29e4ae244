//! Archives: layouts packed into one file, and what `docker save` writes.
//!
//! An archive is never unpacked. Its members are found once and read where they lie, so whatever
//! their names say, nothing is written by them. What is put goes into a layout beside the archive,
//! and whenever a tag moves both are packed into a new archive that takes the old one's place.

mod docker;
mod members;
mod pack;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;

use crate::blob::{BlobSource, Pushed};
use crate::descriptor::Descriptor;
use crate::digest::Digest;
use crate::error::{Error, Kind, Operation, Place};
use crate::layout::{Beside, Index, Layout, Piece, Shelf, folder_of, sweep};
use crate::manifest::{LARGEST, Manifest};
use crate::reference::Handle;
use crate::remote::Put;

use members::Members;

/// An archive of images. Cheap to clone. It need not exist before something is put there.
#[derive(Clone, Debug)]
pub struct Archive(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    path: PathBuf,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// What the file holds.
    found: File,
    /// What has been put.
    put: Option<Arc<Growing>>,
}

/// The archive itself, as it was when it was first looked at.
#[derive(Clone, Debug, Default)]
enum File {
    #[default]
    Unknown,
    Missing,
    Read(Arc<Found>),
}

/// A layout beside the archive; it goes when nobody needs it.
#[derive(Debug)]
struct Growing {
    layout: Layout,
    #[expect(dead_code, reason = "it is removed when it is dropped")]
    directory: Beside,
}

/// What an archive holds.
#[derive(Debug)]
struct Found {
    index: Index,
    /// It is docker's: what it holds can be read, and nothing added.
    docker: bool,
    /// Manifests that were made for what has none.
    made: BTreeMap<Digest, Bytes>,
    blobs: BTreeMap<Digest, Piece>,
}

/// Why an archive cannot be read.
#[derive(Debug, thiserror::Error)]
enum Trouble {
    #[error(transparent)]
    Io(#[from] std::io::Error),
    #[error("{0}")]
    Malformed(String),
    #[error("{0}")]
    Unsupported(String),
    #[error("{0}")]
    Hostile(String),
    #[error("{0}")]
    Unverified(String),
}

impl Archive {
    /// Returns the archive in this file; nothing is looked at yet. Which kind it is will be seen: one
    /// that is not there yet becomes an OCI layout.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self(Arc::new(Inner {
            path: path.into(),
            state: Mutex::default(),
        }))
    }

    /// Returns where it is.
    pub fn path(&self) -> &Path {
        &self.0.path
    }

    /// Puts a blob: it will be in the archive when a tag has moved.
    pub async fn put_blob(
        &self,
        descriptor: &Descriptor,
        source: &dyn BlobSource,
    ) -> Result<Pushed, Error> {
        let beside = self.beside(Operation::WriteBlob)?;
        beside.layout.put_blob(descriptor, source).await
    }

    /// Puts a manifest, by its digest or under a tag, which moves. A tag takes all with it that has
    /// been put before.
    pub fn put_manifest(&self, manifest: &Manifest, handle: &Handle) -> Result<Put, Error> {
        const OPERATION: Operation = Operation::WriteManifest;
        let beside = self.beside(OPERATION)?;
        let put = beside.layout.put_manifest(manifest, handle)?;
        if matches!(handle, Handle::Tag(_)) {
            self.pack(OPERATION, &beside)?;
        }
        Ok(put)
    }

    /// Adds a referrer to the index.
    pub fn list_referrer(&self, referrer: &Descriptor) -> Result<(), Error> {
        const OPERATION: Operation = Operation::WriteManifest;
        let beside = self.beside(OPERATION)?;
        beside.layout.list_referrer(referrer)?;
        self.pack(OPERATION, &beside)
    }

    /// Deletes a tag, or all entries of a manifest. Blobs stay.
    pub fn delete_manifest(&self, handle: &Handle) -> Result<(), Error> {
        const OPERATION: Operation = Operation::DeleteManifest;
        if self.find_manifest(handle)?.is_none() {
            return Err(self.error(OPERATION, Kind::NotFound, "it is not there"));
        }
        let beside = self.beside(OPERATION)?;
        let layout = &beside.layout;
        let mut index = self.index(OPERATION)?.unwrap_or_else(Index::empty);
        match handle {
            Handle::Tag(tag) => index.unname(tag.as_str()),
            Handle::Digest(digest) => index.remove(digest),
        }
        layout.take_over(OPERATION, index)?;
        self.pack(OPERATION, &beside)
    }

    /// Returns the layout for what is put; its index begins as the archive's.
    fn beside(&self, operation: Operation) -> Result<Arc<Growing>, Error> {
        let found = self.found(operation)?;
        if found.as_ref().is_some_and(|found| found.docker) {
            let reason = "what `docker save` wrote can be read only";
            return Err(self.error(operation, Kind::Unsupported, reason));
        }
        if let Some(beside) = self.put() {
            return Ok(beside);
        }
        sweep(folder_of(&self.0.path), Some(&self.0.path));
        let directory = Beside::of(&self.0.path).map_err(|error| self.io(operation, error))?;
        let layout = Layout::new(directory.path());
        layout.make(operation)?;
        if let Some(found) = found {
            layout.take_over(operation, found.index.clone())?;
        }
        let beside = Arc::new(Growing { layout, directory });
        Ok(Arc::clone(self.state().put.get_or_insert(beside)))
    }

    fn pack(&self, operation: Operation, beside: &Growing) -> Result<(), Error> {
        let found = self.found(operation)?;
        let index = beside.layout.index(operation)?;
        let index = index.unwrap_or_else(Index::empty).text();
        let old = found.iter().flat_map(|found| &found.blobs);
        let old = old.map(|(digest, piece)| (digest.clone(), piece.clone()));
        pack::pack(
            &self.0.path,
            beside.layout.directory(),
            &index,
            old.collect(),
        )
        .map_err(|error| self.io(operation, error))
    }

    /// Returns what the file holds; nothing where there is no file.
    fn found(&self, operation: Operation) -> Result<Option<Arc<Found>>, Error> {
        match &self.state().found {
            File::Unknown => {}
            File::Missing => return Ok(None),
            File::Read(found) => return Ok(Some(Arc::clone(found))),
        }
        // errors name this place, so nothing is held while they are made
        let found = Found::read(&self.0.path).map_err(|trouble| {
            let kind = match trouble {
                Trouble::Io(error) => return self.io(operation, error),
                Trouble::Malformed(_) => Kind::Protocol,
                Trouble::Unsupported(_) => Kind::Unsupported,
                Trouble::Hostile(_) => Kind::Contained,
                Trouble::Unverified(_) => Kind::Verification,
            };
            self.error(operation, kind, trouble.to_string())
        })?;
        let found = found.map(Arc::new);
        self.state().found = found.clone().map_or(File::Missing, File::Read);
        Ok(found)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn put(&self) -> Option<Arc<Growing>> {
        self.state().put.clone()
    }
}

impl Found {
    fn read(path: &Path) -> Result<Option<Self>, Trouble> {
        let Some(members) = Members::of(path)? else {
            return Ok(None);
        };
        if let (Some(marker), Some(index)) = (members.get("oci-layout"), members.get("index.json"))
        {
            crate::layout::check_version(&marker.bytes(LARGEST)?).map_err(Trouble::Unsupported)?;
            let index = Index::read(&index.bytes(LARGEST)?);
            let index = index.map_err(|why| Trouble::Malformed(format!("`index.json`: {why}")))?;
            return Ok(Some(Self {
                index,
                docker: false,
                made: BTreeMap::new(),
                blobs: members.blobs(),
            }));
        }
        match members.get("manifest.json") {
            Some(list) => docker::read(&members, &list.bytes(LARGEST)?).map(Some),
            None => Err(Trouble::Malformed(
                "it is no archive of images: it has neither `index.json` with `oci-layout` nor `manifest.json`"
                    .to_owned(),
            )),
        }
    }
}

impl Shelf for Archive {
    fn place(&self) -> Place {
        let docker = matches!(&self.state().found, File::Read(found) if found.docker);
        let kind = if docker { "docker" } else { "oci" };
        Place::Other(format!("`{kind}-archive:{}`", self.0.path.display()))
    }

    fn index(&self, operation: Operation) -> Result<Option<Index>, Error> {
        match self.put() {
            Some(beside) => beside.layout.index(operation),
            None => Ok(self.found(operation)?.map(|found| found.index.clone())),
        }
    }

    fn piece(&self, operation: Operation, digest: &Digest) -> Result<Option<Piece>, Error> {
        if let Some(beside) = self.put()
            && let Some(piece) = beside.layout.piece(operation, digest)?
        {
            return Ok(Some(piece));
        }
        let found = self.found(operation)?;
        Ok(found.and_then(|found| found.blobs.get(digest).cloned()))
    }

    fn made(&self, operation: Operation, digest: &Digest) -> Result<Option<Bytes>, Error> {
        let found = self.found(operation)?;
        Ok(found.and_then(|found| found.made.get(digest).cloned()))
    }
}

#[cfg(test)]
mod tests;
