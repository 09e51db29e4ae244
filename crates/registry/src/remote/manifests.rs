//! Manifests of a repository: found, read, put, deleted.

use http::Method;
use http::header::{ACCEPT, CONTENT_TYPE};

use super::{Errand, Remote, check_named, named_digest};
use crate::descriptor::Descriptor;
use crate::digest::Algorithm;
use crate::error::{Error, Kind, Operation};
use crate::manifest::{LARGEST, Manifest, ManifestError};
use crate::media::{ACCEPT_MANIFESTS, essence};
use crate::reference::Handle;
use crate::transport::Answer;

/// What a registry said when it took a manifest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Put {
    /// It noticed the manifest's subject (`OCI-Subject`): it keeps the list of referrers itself.
    pub subject_noticed: bool,
}

impl Remote {
    /// Returns media type, digest and size of a manifest, or nothing where neither it nor the
    /// repository exists. One request where the registry says what it should; a second one where it
    /// leaves something out, or refuses without a word.
    pub async fn find_manifest(&self, handle: &Handle) -> Result<Option<Descriptor>, Error> {
        let errand = Errand::new(Operation::FindManifest, self.place_of(handle));
        let call = self
            .call(Method::HEAD, &format!("manifests/{handle}"), &errand)?
            .header(ACCEPT, ACCEPT_MANIFESTS);
        match self.send(call, &errand).await {
            Ok(answer) => {
                if !answer.status.is_success() {
                    return Err(errand.unexpected(&answer));
                }
                if let Some(descriptor) = described(&answer, handle, &errand)? {
                    return Ok(Some(descriptor));
                }
            }
            Err(error) if is_absent(&error) => return Ok(None),
            Err(error) if matches!(error.status(), Some(400..500)) => {
                if error.kind() == Kind::RateLimited {
                    return Err(error);
                }
            }
            Err(error) => return Err(error),
        }
        match self.read_manifest(handle, &errand).await {
            Ok(manifest) => Ok(Some(manifest.descriptor())),
            Err(error) if is_absent(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Returns a manifest, its digest computed from what came.
    pub async fn manifest(&self, handle: &Handle) -> Result<Manifest, Error> {
        let errand = Errand::new(Operation::ReadManifest, self.place_of(handle));
        self.read_manifest(handle, &errand).await
    }

    pub(super) async fn read_manifest(
        &self,
        handle: &Handle,
        errand: &Errand,
    ) -> Result<Manifest, Error> {
        let call = self
            .call(Method::GET, &format!("manifests/{handle}"), errand)?
            .header(ACCEPT, ACCEPT_MANIFESTS);
        let answer = self.send(call, errand).await?;
        if !answer.status.is_success() {
            return Err(errand.unexpected(&answer));
        }
        let named = named_digest(&answer.headers);
        let content_type = answer.content_type().map(str::to_owned);
        let bytes = answer.read(LARGEST + 1).await;
        let bytes = bytes.map_err(|failure| errand.failed(failure))?;
        let malformed = |error: ManifestError| {
            let kind = match error {
                ManifestError::Digest(_) => Kind::Verification,
                ManifestError::Schema1 => Kind::Unsupported,
                ManifestError::Large | ManifestError::Malformed(_) => Kind::Protocol,
            };
            errand.error(kind, error.to_string())
        };
        if let Some(named) = named.filter(|named| handle.digest() != Some(named)) {
            // the registry's own word for what a tag points at, or the same by another algorithm
            named
                .verify(&bytes)
                .map_err(|mismatch| errand.mismatch(&mismatch))?;
        }
        Manifest::read(bytes, content_type.as_deref(), handle.digest()).map_err(malformed)
    }

    /// Puts a manifest, by its digest or under a tag, which moves.
    ///
    /// A tag that must not move and points at this manifest already is where it should be.
    pub async fn put_manifest(&self, manifest: &Manifest, handle: &Handle) -> Result<Put, Error> {
        let errand = Errand::new(Operation::WriteManifest, self.place_of(handle));
        let call = self
            .call(Method::PUT, &format!("manifests/{handle}"), &errand)?
            .header(CONTENT_TYPE, manifest.media_type())
            .body(manifest.bytes().clone());
        let answer = match self.send(call, &errand).await {
            Ok(answer) => answer,
            Err(error) if error.kind() == Kind::Immutable && handle.digest().is_none() => {
                return match self.find_manifest(handle).await {
                    Ok(Some(there)) if there.digest == *manifest.digest() => Ok(Put::default()),
                    _ => Err(error),
                };
            }
            Err(error) => return Err(error),
        };
        if !answer.status.is_success() {
            return Err(errand.unexpected(&answer));
        }
        check_named(&answer, manifest.digest(), &errand)?;
        Ok(said(manifest, &answer))
    }

    /// Deletes a manifest, by digest, or a tag. Not every registry knows how to delete a tag alone.
    pub async fn delete_manifest(&self, handle: &Handle) -> Result<(), Error> {
        let errand = Errand::new(Operation::DeleteManifest, self.place_of(handle));
        let call = self.call(Method::DELETE, &format!("manifests/{handle}"), &errand)?;
        let answer = self.send(call, &errand).await.map_err(|error| {
            // distribution 2.8 takes digests only, and takes a tag for a wrong one
            let wants_digest = error.code() == Some("DIGEST_INVALID") && handle.digest().is_none();
            if wants_digest {
                error.of_kind(Kind::Unsupported)
            } else {
                error
            }
        })?;
        if answer.status.is_success() {
            Ok(())
        } else {
            Err(errand.unexpected(&answer))
        }
    }
}

fn is_absent(error: &Error) -> bool {
    matches!(error.kind(), Kind::NotFound | Kind::NoRepository)
}

/// Returns what an answer to HEAD says, if it says all of it.
fn described(
    answer: &Answer,
    handle: &Handle,
    errand: &Errand,
) -> Result<Option<Descriptor>, Error> {
    let digest = match handle {
        Handle::Digest(digest) => {
            check_named(answer, digest, errand)?;
            Some(digest.clone())
        }
        // by another algorithm it could not be compared with what others computed
        Handle::Tag(_) => {
            named_digest(&answer.headers).filter(|digest| digest.algorithm() == Algorithm::Sha256)
        }
    };
    let size = answer.length().filter(|size| *size > 0);
    let media_type = answer.content_type().map(essence);
    let media_type = media_type.filter(|text| crate::media::ManifestKind::of(text).is_some());
    Ok(match (digest, size, media_type) {
        (Some(digest), Some(size), Some(media_type)) => {
            Some(Descriptor::new(media_type, digest, size))
        }
        _ => None,
    })
}

fn said(manifest: &Manifest, answer: &Answer) -> Put {
    let noticed = answer.header("oci-subject").map(str::trim);
    let subject = manifest.subject().map(|subject| subject.digest.to_string());
    Put {
        subject_noticed: subject.is_some() && noticed == subject.as_deref(),
    }
}
