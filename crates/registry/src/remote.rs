//! One repository of one registry, and what can be done there.

use crate::blob::{BlobSource, BlobStream, Pushed};
use crate::descriptor::Descriptor;
use crate::digest::Digest;
use crate::error::Error;
use crate::manifest::Manifest;
use crate::reference::{Handle, Repository, Tag};
use crate::referrers::Referrers;

/// One repository of one registry. Cheap to clone.
#[derive(Clone)]
pub struct Remote {}

/// What a registry said when it took a manifest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Put {
    /// It noticed the manifest's subject (`OCI-Subject`): it keeps the list of referrers itself.
    pub subject_noticed: bool,
}

/// A blob of a repository, to be sent elsewhere.
#[derive(Clone)]
pub struct RemoteBlob {
    /// Where it is.
    pub remote: Remote,
    /// What it is.
    pub descriptor: Descriptor,
}

impl Remote {
    /// Asks for access to these repositories of the same registry too, at once: what is to be mounted
    /// must be readable.
    #[must_use]
    pub fn mounting_from<'a>(self, sources: impl IntoIterator<Item = &'a Repository>) -> Self {
        let _ = sources.into_iter().count();
        todo!()
    }

    /// Returns which repository it is.
    pub fn repository(&self) -> &Repository {
        todo!()
    }

    /// Returns media type, digest and size of a manifest, or nothing where neither it nor the
    /// repository exists. One request where the registry says what it should.
    pub async fn find_manifest(&self, handle: &Handle) -> Result<Option<Descriptor>, Error> {
        let _ = handle;
        todo!()
    }

    /// Returns a manifest, its digest computed from what came.
    pub async fn manifest(&self, handle: &Handle) -> Result<Manifest, Error> {
        let _ = handle;
        todo!()
    }

    /// Puts a manifest, by its digest or under a tag, which moves.
    pub async fn put_manifest(&self, manifest: &Manifest, handle: &Handle) -> Result<Put, Error> {
        let _ = (manifest, handle);
        todo!()
    }

    /// Puts a manifest under several tags: in one request where the registry can, otherwise one by
    /// one. Each tag has its own outcome.
    pub async fn put_tags(
        &self,
        manifest: &Manifest,
        tags: &[Tag],
    ) -> Vec<(Tag, Result<Put, Error>)> {
        let _ = (manifest, tags);
        todo!()
    }

    /// Deletes a manifest, by digest, or a tag. Not every registry knows how to delete a tag alone.
    pub async fn delete_manifest(&self, handle: &Handle) -> Result<(), Error> {
        let _ = handle;
        todo!()
    }

    /// Returns a blob's size, or nothing where it is not there.
    pub async fn find_blob(&self, digest: &Digest) -> Result<Option<u64>, Error> {
        let _ = digest;
        todo!()
    }

    /// Returns a blob's bytes; the stream ends in an error unless they are what the descriptor says.
    pub async fn blob(&self, descriptor: &Descriptor) -> Result<BlobStream, Error> {
        let _ = descriptor;
        todo!()
    }

    /// Puts a blob: tries to mount it from the first of these repositories of the same registry, and
    /// sends it from its source otherwise.
    pub async fn put_blob(
        &self,
        descriptor: &Descriptor,
        mount_from: Option<&Repository>,
        source: &dyn BlobSource,
    ) -> Result<Pushed, Error> {
        let _ = (descriptor, mount_from, source);
        todo!()
    }

    /// Returns all tags, in the registry's order.
    pub async fn tags(&self) -> Result<Vec<String>, Error> {
        todo!()
    }

    /// Returns who refers to a manifest, of this type of artifact or of any.
    pub async fn referrers(
        &self,
        subject: &Digest,
        artifact_type: Option<&str>,
    ) -> Result<Referrers, Error> {
        let _ = (subject, artifact_type);
        todo!()
    }

    /// Adds a referrer to the list under the subject's fallback tag: for registries that did not
    /// notice the subject when the referrer was put.
    pub async fn list_referrer(
        &self,
        subject: &Digest,
        referrer: &Descriptor,
    ) -> Result<(), Error> {
        let _ = (subject, referrer);
        todo!()
    }
}

impl BlobSource for RemoteBlob {
    fn open(&self) -> futures_util::future::BoxFuture<'_, Result<BlobStream, Error>> {
        Box::pin(self.remote.blob(&self.descriptor))
    }
}
