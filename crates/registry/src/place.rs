//! Where images can be: what a copy asks of either end, whatever that end is.
//!
//! A new kind of place is a new variant, and the compiler names what it has to be able to do.

use crate::archive::Archive;
use crate::blob::{BlobSource, Pushed};
use crate::descriptor::Descriptor;
use crate::digest::Digest;
use crate::error::Error;
use crate::layout::{Layout, Shelf as _};
use crate::manifest::Manifest;
use crate::reference::{Handle, Repository};
use crate::referrers::Referrers;
use crate::remote::{Put, Remote, RemoteBlob};

/// A place that holds the manifests and blobs of one image under its tags.
#[derive(Clone)]
pub enum Place {
    /// A repository of a registry.
    Remote(Remote),
    /// An OCI layout: a directory.
    Layout(Layout),
    /// A layout in one file, or what `docker save` wrote.
    Archive(Archive),
}

impl Place {
    /// Returns the repository, where the place is one: blobs can be mounted from it.
    pub fn repository(&self) -> Option<&Repository> {
        match self {
            Self::Remote(remote) => Some(remote.repository()),
            Self::Layout(_) | Self::Archive(_) => None,
        }
    }

    /// Returns media type, digest and size of a manifest; nothing where it, or the whole place, is
    /// not there.
    pub async fn find_manifest(&self, handle: &Handle) -> Result<Option<Descriptor>, Error> {
        match self {
            Self::Remote(remote) => remote.find_manifest(handle).await,
            Self::Layout(layout) => layout.find_manifest(handle),
            Self::Archive(archive) => archive.find_manifest(handle),
        }
    }

    /// Returns a manifest, its digest computed from its bytes.
    ///
    /// # Errors
    /// [`Kind::NotFound`](crate::Kind::NotFound) or [`Kind::NoRepository`](crate::Kind::NoRepository)
    /// where it, or the whole place, is not there.
    pub async fn manifest(&self, handle: &Handle) -> Result<Manifest, Error> {
        match self {
            Self::Remote(remote) => remote.manifest(handle).await,
            Self::Layout(layout) => layout.manifest(handle),
            Self::Archive(archive) => archive.manifest(handle),
        }
    }

    /// Puts a manifest, by its digest or under a tag, which moves.
    pub async fn put_manifest(&self, manifest: &Manifest, handle: &Handle) -> Result<Put, Error> {
        match self {
            Self::Remote(remote) => remote.put_manifest(manifest, handle).await,
            Self::Layout(layout) => layout.put_manifest(manifest, handle),
            Self::Archive(archive) => archive.put_manifest(manifest, handle),
        }
    }

    /// Deletes a manifest, by digest, or a tag. Not every place knows how to delete a tag alone.
    pub async fn delete_manifest(&self, handle: &Handle) -> Result<(), Error> {
        match self {
            Self::Remote(remote) => remote.delete_manifest(handle).await,
            Self::Layout(layout) => layout.delete_manifest(handle),
            Self::Archive(archive) => archive.delete_manifest(handle),
        }
    }

    /// Returns a blob's size, or nothing where it is not there.
    pub async fn find_blob(&self, digest: &Digest) -> Result<Option<u64>, Error> {
        match self {
            Self::Remote(remote) => remote.find_blob(digest).await,
            Self::Layout(layout) => layout.find_blob(digest),
            Self::Archive(archive) => archive.find_blob(digest),
        }
    }

    /// Returns a blob, to be sent elsewhere. Its bytes are verified on their way.
    pub fn blob(&self, descriptor: &Descriptor) -> Box<dyn BlobSource> {
        match self {
            Self::Remote(remote) => Box::new(RemoteBlob {
                remote: remote.clone(),
                descriptor: descriptor.clone(),
            }),
            Self::Layout(layout) => layout.blob(descriptor),
            Self::Archive(archive) => archive.blob(descriptor),
        }
    }

    /// Puts a blob: mounts it from another repository of the same registry where that works, and
    /// takes it from its source otherwise.
    pub async fn put_blob(
        &self,
        descriptor: &Descriptor,
        mount_from: Option<&Repository>,
        source: &dyn BlobSource,
    ) -> Result<Pushed, Error> {
        match self {
            Self::Remote(remote) => remote.put_blob(descriptor, mount_from, source).await,
            Self::Layout(layout) => layout.put_blob(descriptor, source).await,
            Self::Archive(archive) => archive.put_blob(descriptor, source).await,
        }
    }

    /// Returns all tags.
    pub async fn tags(&self) -> Result<Vec<String>, Error> {
        match self {
            Self::Remote(remote) => remote.tags().await,
            Self::Layout(layout) => layout.tags(),
            Self::Archive(archive) => archive.tags(),
        }
    }

    /// Returns who refers to a manifest.
    pub async fn referrers(&self, subject: &Digest) -> Result<Referrers, Error> {
        match self {
            Self::Remote(remote) => remote.referrers(subject, None).await,
            Self::Layout(layout) => layout.referrers(subject),
            Self::Archive(archive) => archive.referrers(subject),
        }
    }

    /// Adds a referrer to the list of its subject, where the place did not notice the subject when
    /// the referrer was put.
    pub async fn list_referrer(
        &self,
        subject: &Digest,
        referrer: &Descriptor,
    ) -> Result<(), Error> {
        match self {
            Self::Remote(remote) => remote.list_referrer(subject, referrer).await,
            Self::Layout(layout) => layout.list_referrer(referrer),
            Self::Archive(archive) => archive.list_referrer(referrer),
        }
    }
}
