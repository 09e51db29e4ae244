//! OCI image layouts: a place made of files.
//!
//! A layout is a directory with `oci-layout`, `index.json` and `blobs/`. A tag is an entry of
//! `index.json` that carries the tag as `org.opencontainers.image.ref.name`; a referrer is an entry
//! without a name. Blobs appear whole or not at all, and `index.json` is replaced in one step after
//! what it names: whoever reads meanwhile sees the layout of before or the one of after.

mod disk;
mod index;
mod shelf;
mod under_way;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bytes::Bytes;
use futures_util::StreamExt as _;

use crate::blob::{BlobSource, Pushed};
use crate::descriptor::Descriptor;
use crate::digest::{Digest, Verifier};
use crate::error::{Error, Kind, Operation, Place};
use crate::manifest::{LARGEST, Manifest};
use crate::reference::Handle;
use crate::remote::Put;

pub(crate) use disk::{Piece, Staged, folder_of};
pub(crate) use index::{Index, check_version};
pub(crate) use shelf::Shelf;
pub(crate) use under_way::{Beside, sweep};

/// What `oci-layout` says.
pub(crate) const VERSION: &str = r#"{"imageLayoutVersion":"1.0.0"}"#;

/// An OCI image layout. Cheap to clone. It need not exist before something is put there.
#[derive(Clone, Debug)]
pub struct Layout(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    directory: PathBuf,
    /// What killed runs have left has been removed.
    is_swept: AtomicBool,
}

impl Layout {
    /// Returns the layout in this directory; nothing is looked at yet.
    pub fn new(directory: impl Into<PathBuf>) -> Self {
        Self(Arc::new(Inner {
            directory: directory.into(),
            is_swept: AtomicBool::new(false),
        }))
    }

    /// Returns where it is.
    pub fn directory(&self) -> &Path {
        &self.0.directory
    }

    /// Puts a blob.
    pub async fn put_blob(
        &self,
        descriptor: &Descriptor,
        source: &dyn BlobSource,
    ) -> Result<Pushed, Error> {
        const OPERATION: Operation = Operation::WriteBlob;
        self.make(OPERATION)?;
        let mut verifier = Verifier::new(descriptor.digest.clone(), Some(descriptor.size));
        let mut staged = self.stage(OPERATION, &descriptor.digest)?;
        let mut stream = source.open().await?;
        while let Some(bytes) = stream.next().await {
            let bytes = bytes?;
            let fits = verifier.update(&bytes);
            fits.map_err(|error| self.unverified(OPERATION, &descriptor.digest, &error))?;
            staged.write(&bytes).map_err(|e| self.io(OPERATION, e))?;
        }
        let fits = verifier.finish();
        fits.map_err(|error| self.unverified(OPERATION, &descriptor.digest, &error))?;
        staged.keep().map_err(|error| self.io(OPERATION, error))?;
        Ok(Pushed::Uploaded)
    }

    /// Puts a manifest, by its digest or under a tag, which moves.
    pub fn put_manifest(&self, manifest: &Manifest, handle: &Handle) -> Result<Put, Error> {
        const OPERATION: Operation = Operation::WriteManifest;
        if let Handle::Digest(digest) = handle
            && digest != manifest.digest()
        {
            let reason = format!("the manifest is `{}`", manifest.digest());
            return Err(self.error(OPERATION, Kind::Verification, reason));
        }
        self.make(OPERATION)?;
        let mut staged = self.stage(OPERATION, manifest.digest())?;
        let written = staged.write(manifest.bytes()).and_then(|()| staged.keep());
        written.map_err(|error| self.io(OPERATION, error))?;
        match handle {
            Handle::Tag(tag) => {
                self.change(OPERATION, |index| index.name(tag.as_str(), manifest))?;
            }
            Handle::Digest(_) if manifest.subject().is_some() => {
                self.change(OPERATION, |index| index.add(&manifest.descriptor()))?;
            }
            Handle::Digest(_) => {}
        }
        Ok(Put {
            subject_noticed: manifest.subject().is_some(),
        })
    }

    /// Adds a referrer to the index.
    pub fn list_referrer(&self, referrer: &Descriptor) -> Result<(), Error> {
        self.change(Operation::WriteManifest, |index| index.add(referrer))
    }

    /// Deletes a tag, or all entries of a manifest. Blobs stay: something else may need them.
    pub fn delete_manifest(&self, handle: &Handle) -> Result<(), Error> {
        const OPERATION: Operation = Operation::DeleteManifest;
        if self.find_manifest(handle)?.is_none() {
            return Err(self.error(OPERATION, Kind::NotFound, "it is not there"));
        }
        self.change(OPERATION, |index| match handle {
            Handle::Tag(tag) => index.unname(tag.as_str()),
            Handle::Digest(digest) => index.remove(digest),
        })
    }

    /// Makes what is missing of an empty layout.
    ///
    /// # Errors
    /// The directory is full of something else.
    pub(crate) fn make(&self, operation: Operation) -> Result<(), Error> {
        if self.index(operation)?.is_some() {
            self.sweep();
            return Ok(());
        }
        let is_empty = disk::is_empty(self.directory()).map_err(|e| self.io(operation, e))?;
        if !is_empty && !self.is_marked(operation)? {
            let reason = "the directory has files and is no OCI layout: it has no `oci-layout`";
            return Err(self.error(operation, Kind::Refused, reason));
        }
        disk::make(self.directory(), VERSION, &Index::empty().text())
            .map_err(|error| self.io(operation, error))
    }

    /// Removes what killed runs have left, once.
    fn sweep(&self) {
        if self.0.is_swept.swap(true, Ordering::Relaxed) {
            return;
        }
        let blobs = self.directory().join("blobs");
        for folder in [
            self.directory(),
            &blobs.join("sha256"),
            &blobs.join("sha512"),
        ] {
            sweep(folder, None);
        }
    }

    /// Replaces the index, as a whole: with the entries of another place.
    pub(crate) fn take_over(&self, operation: Operation, index: Index) -> Result<(), Error> {
        self.change(operation, |own| *own = index)
    }

    /// Changes the index. One after another: nobody's change is lost.
    fn change(&self, operation: Operation, change: impl FnOnce(&mut Index)) -> Result<(), Error> {
        let _lock = disk::lock(&self.directory().join("oci-layout"));
        let Some(mut index) = self.index(operation)? else {
            return Err(self.error(operation, Kind::NoRepository, "there is no layout"));
        };
        let before = index.text();
        change(&mut index);
        let after = index.text();
        if before == after {
            return Ok(());
        }
        let path = self.directory().join("index.json");
        let written = Staged::at(&path).and_then(|mut staged| {
            staged.write(after.as_bytes())?;
            staged.keep()
        });
        written.map_err(|error| self.io(operation, error))
    }

    fn stage(&self, operation: Operation, digest: &Digest) -> Result<Staged, Error> {
        Staged::at(&self.path(digest)).map_err(|error| self.io(operation, error))
    }

    fn path(&self, digest: &Digest) -> PathBuf {
        let folder = self
            .directory()
            .join("blobs")
            .join(digest.algorithm().name());
        folder.join(digest.hex())
    }

    /// Tells whether the directory says that it is a layout.
    fn is_marked(&self, operation: Operation) -> Result<bool, Error> {
        let marker = self.read(operation, &self.directory().join("oci-layout"))?;
        let Some(marker) = marker else {
            return Ok(false);
        };
        index::check_version(&marker)
            .map_err(|reason| self.error(operation, Kind::Unsupported, reason))?;
        Ok(true)
    }

    /// Returns a small file, or nothing where it is not there.
    fn read(&self, operation: Operation, path: &Path) -> Result<Option<Bytes>, Error> {
        let piece = Piece::of(path).map_err(|error| self.io(operation, error))?;
        let Some(piece) = piece else { return Ok(None) };
        let bytes = piece.bytes(LARGEST).map_err(|e| self.io(operation, e))?;
        Ok(Some(bytes))
    }

    fn unverified(&self, operation: Operation, digest: &Digest, why: &dyn ToString) -> Error {
        let reason = format!("`{digest}`: {}", why.to_string());
        self.error(operation, Kind::Verification, reason)
    }
}

impl Shelf for Layout {
    fn place(&self) -> Place {
        Place::Other(format!("`oci:{}`", self.directory().display()))
    }

    fn index(&self, operation: Operation) -> Result<Option<Index>, Error> {
        if !self.is_marked(operation)? {
            return Ok(None);
        }
        let Some(bytes) = self.read(operation, &self.directory().join("index.json"))? else {
            return Ok(None);
        };
        let index = Index::read(&bytes);
        index
            .map(Some)
            .map_err(|why| self.error(operation, Kind::Protocol, format!("`index.json`: {why}")))
    }

    fn piece(&self, operation: Operation, digest: &Digest) -> Result<Option<Piece>, Error> {
        Piece::of(&self.path(digest)).map_err(|error| self.io(operation, error))
    }
}

#[cfg(test)]
pub(crate) mod tests;
