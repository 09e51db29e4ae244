//! A blob on its way out: mounted if it can be, sent in one piece if it must.
//!
//! Each attempt is a session of its own. A session that broke off is in a state that registries
//! tell in different ways, and some of them wrongly.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use http::Method;
use http::header::{CONTENT_RANGE, CONTENT_TYPE, LOCATION};
use url::Url;

use super::sessions::Session;
use super::verified::verified;
use super::{BlobSource, BlobStream, Pushed};
use crate::descriptor::Descriptor;
use crate::digest::Digest;
use crate::error::{Error, Kind, Operation};
use crate::reference::Repository;
use crate::remote::{Errand, Remote, check_named};
use crate::transport::{Answer, Failure, MOST_REDIRECTS, drop_user};

/// How much one request carries where a registry does not take all of it at once: the least that
/// the strictest of them take.
const CHUNK: u64 = 4 << 20;

/// The largest chunk that a registry can ask for: it is held in memory.
const LARGEST_CHUNK: u64 = 64 << 20;

/// How long giving up an upload may take: nobody waits for it to succeed.
pub(crate) const CANCEL_PATIENCE: Duration = Duration::from_secs(10);

/// An upload that a registry has opened.
struct Upload {
    url: Url,
    session: Session,
    /// The registry takes no smaller chunks.
    least_chunk: Option<u64>,
}

/// What came of asking for a mount.
enum Begun {
    Mounted,
    Open(Upload),
}

impl Remote {
    /// Puts a blob: tries to mount it from another repository of the same registry, and sends it from
    /// its source otherwise.
    pub async fn put_blob(
        &self,
        descriptor: &Descriptor,
        mount_from: Option<&Repository>,
        source: &dyn BlobSource,
    ) -> Result<Pushed, Error> {
        let errand = Errand::new(Operation::WriteBlob, self.place_of(&descriptor.digest));
        let mount_from = mount_from.filter(|from| {
            from.registry() == self.repository().registry() && *from != self.repository()
        });
        let settings = self.client().transport().settings().clone();
        let mut in_chunks = false;
        let mut tries = 0;
        let mut mount_from = mount_from;
        loop {
            let upload = match self
                .begin(&descriptor.digest, mount_from.take(), &errand)
                .await?
            {
                Begun::Mounted => return Ok(Pushed::Mounted),
                Begun::Open(upload) => upload,
            };
            let sent = self
                .send_blob(upload, descriptor, source, in_chunks, &errand)
                .await;
            let Err(error) = sent else {
                return Ok(Pushed::Uploaded);
            };
            tries += 1;
            let needs_chunks = !in_chunks && wants_chunks(&error);
            let may_pass = error.may_pass() || is_lost_session(&error) || needs_chunks;
            if !may_pass || tries > settings.retries {
                return Err(error);
            }
            // a body that breaks twice is too large for something on the way
            in_chunks |= needs_chunks || (tries >= 2 && descriptor.size > CHUNK);
            self.client()
                .transport()
                .tell(|| format!("  {error}: in a new session"));
            tokio::time::sleep(settings.backoff.min(Duration::from_secs(5)) * tries).await;
        }
    }

    /// Opens an upload; asks for a mount first, if there is somewhere to mount from.
    ///
    /// The asking goes on though the caller may be gone: the registry would keep a session that
    /// nobody knows, and nobody could give up.
    async fn begin(
        &self,
        digest: &Digest,
        mount_from: Option<&Repository>,
        errand: &Errand,
    ) -> Result<Begun, Error> {
        let asked = self.client().sessions().ask();
        let (remote, digest) = (self.clone(), digest.clone());
        let (from, known) = (mount_from.cloned(), errand.clone());
        let task = tokio::spawn(async move {
            let begun = remote.ask(&digest, from.as_ref(), &known).await;
            drop(asked);
            begun
        });
        match task.await.map_err(tokio::task::JoinError::try_into_panic) {
            Ok(begun) => begun,
            Err(Ok(panic)) => std::panic::resume_unwind(panic),
            Err(Err(_)) => Err(errand.error(Kind::Unavailable, "the upload was not opened")),
        }
    }

    async fn ask(
        &self,
        digest: &Digest,
        mount_from: Option<&Repository>,
        errand: &Errand,
    ) -> Result<Begun, Error> {
        if let Some(from) = mount_from {
            let mut url = self.url("blobs/uploads/", errand)?;
            url.set_query(Some(&format!("mount={digest}&from={}", from.path())));
            match self.send(self.call_to(Method::POST, url), errand).await {
                Ok(answer) if answer.status.as_u16() == 201 => {
                    check_named(&answer, digest, errand)?;
                    return Ok(Begun::Mounted);
                }
                // it did not mount, and opened a session instead
                Ok(answer) => return Ok(Begun::Open(self.opened(&answer, errand)?)),
                Err(error) if is_refused_mount(&error) => {
                    let transport = self.client().transport();
                    transport.tell(|| format!("  no mount: {error}"));
                }
                Err(error) => return Err(error),
            }
        }
        let call = self.call(Method::POST, "blobs/uploads/", errand)?;
        let answer = self.send(call, errand).await.map_err(|error| {
            // nothing else that could be missing
            let is_missing = error.kind() == Kind::NotFound;
            if is_missing {
                error.of_kind(Kind::NoRepository)
            } else {
                error
            }
        })?;
        Ok(Begun::Open(self.opened(&answer, errand)?))
    }

    /// Reads where an upload goes on.
    fn opened(&self, answer: &Answer, errand: &Errand) -> Result<Upload, Error> {
        if !answer.status.is_success() {
            return Err(errand.unexpected(answer));
        }
        let url = self.location(answer, errand)?.ok_or_else(|| {
            errand.error(
                Kind::Protocol,
                "the registry opens an upload without a `Location`",
            )
        })?;
        let least = answer.header("oci-chunk-min-length");
        Ok(Upload {
            session: self.client().sessions().begin(self, &url),
            url,
            least_chunk: least.and_then(|text| text.trim().parse().ok()),
        })
    }

    /// Returns where an answer says to go on; relative to who answered, and only where we may go.
    fn location(&self, answer: &Answer, errand: &Errand) -> Result<Option<Url>, Error> {
        let Some(location) = answer
            .header(LOCATION.as_str())
            .filter(|text| !text.is_empty())
        else {
            return Ok(None);
        };
        let mut url = answer
            .url
            .join(location)
            .map_err(|_| errand.error(Kind::Protocol, "the upload's `Location` is no URL"))?;
        drop_user(&mut url);
        url.set_fragment(None);
        let registry = self.repository().registry();
        let transport = self.client().transport();
        transport
            .check(registry, &answer.url, &url)
            .map_err(|refused| errand.error(Kind::Contained, refused.to_string()))?;
        Ok(Some(url))
    }

    /// Sends a blob in a session; one that fails is given up.
    async fn send_blob(
        &self,
        mut upload: Upload,
        descriptor: &Descriptor,
        source: &dyn BlobSource,
        in_chunks: bool,
        errand: &Errand,
    ) -> Result<(), Error> {
        let sent = self
            .send_bytes(&mut upload, descriptor, source, in_chunks, errand)
            .await;
        if sent.is_err() {
            let _ = self.cancel(upload.url).await;
        }
        upload.session.ended();
        sent
    }

    async fn send_bytes(
        &self,
        upload: &mut Upload,
        descriptor: &Descriptor,
        source: &dyn BlobSource,
        in_chunks: bool,
        errand: &Errand,
    ) -> Result<(), Error> {
        if in_chunks {
            let stream = opened(source, descriptor, errand).await?;
            self.send_chunks(upload, stream, errand).await?;
            let call = self.call_to(Method::PUT, end_of(upload, &descriptor.digest));
            let answer = self.send(call.body(Bytes::new()), errand).await?;
            return ended(&answer, descriptor, errand);
        }
        let mut url = end_of(upload, &descriptor.digest);
        for _ in 0..=MOST_REDIRECTS {
            let call = self.call_to(Method::PUT, url);
            let mut stream = opened(source, descriptor, errand).await?;
            let call = if descriptor.size > 0 {
                call.header(CONTENT_TYPE, "application/octet-stream")
                    .stream(stream, descriptor.size)
            } else {
                // nothing to send, but to be verified all the same
                while let Some(piece) = stream.next().await {
                    piece?;
                }
                call.body(Bytes::new())
            };
            let answer = self.send(call, errand).await?;
            // what is sent as it comes is not held back to be sent again: it is fetched once more
            let elsewhere = match answer.status.as_u16() {
                307 | 308 => self.location(&answer, errand)?,
                _ => None,
            };
            match elsewhere {
                Some(elsewhere) => url = elsewhere,
                None => return ended(&answer, descriptor, errand),
            }
        }
        Err(errand.failed(Failure::Redirects(MOST_REDIRECTS)))
    }

    /// Sends the bytes in chunks. What the registry says of how far it is, is not believed: ECR says
    /// the same after each. The digest at the end tells.
    async fn send_chunks(
        &self,
        upload: &mut Upload,
        mut stream: BlobStream,
        errand: &Errand,
    ) -> Result<(), Error> {
        let size = upload.least_chunk.unwrap_or(0).clamp(CHUNK, LARGEST_CHUNK);
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        let mut sent: u64 = 0;
        let mut chunk = BytesMut::new();
        loop {
            let piece = stream.next().await.transpose()?;
            let is_last = piece.is_none();
            chunk.extend_from_slice(&piece.unwrap_or_default());
            while chunk.len() >= size || (is_last && !chunk.is_empty()) {
                let next = chunk.split_to(size.min(chunk.len())).freeze();
                let end = sent + next.len() as u64;
                let call = self
                    .call_to(Method::PATCH, upload.url.clone())
                    .header(CONTENT_TYPE, "application/octet-stream")
                    .header(CONTENT_RANGE, &format!("{sent}-{}", end - 1))
                    .body(next);
                let answer = self.send(call, errand).await?;
                if !answer.status.is_success() {
                    return Err(errand.unexpected(&answer));
                }
                if let Some(url) = self.location(&answer, errand)? {
                    upload.session.moved(&url);
                    upload.url = url;
                }
                sent = end;
            }
            if is_last {
                return Ok(());
            }
        }
    }

    /// Gives an upload up, or gives that up after a while.
    pub(crate) async fn cancel(&self, url: Url) -> Result<(), Error> {
        let errand = Errand::new(Operation::CancelUpload, self.place());
        let sent = self.send(self.call_to(Method::DELETE, url), &errand);
        let sent = tokio::time::timeout(CANCEL_PATIENCE, sent).await;
        let late = |_| Err(errand.error(Kind::Unavailable, "nobody answered in time"));
        match sent.unwrap_or_else(late) {
            Ok(_) => Ok(()),
            // it is gone already, or the registry does not know how
            Err(error) if matches!(error.kind(), Kind::NotFound | Kind::Unsupported) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

/// Returns the bytes to send, verified on their way.
async fn opened(
    source: &dyn BlobSource,
    descriptor: &Descriptor,
    errand: &Errand,
) -> Result<BlobStream, Error> {
    let stream = source.open().await?;
    if source.is_verified() {
        return Ok(stream);
    }
    let errand = errand.clone();
    Ok(verified(stream, descriptor, move |mismatch| {
        errand.mismatch(mismatch)
    }))
}

/// Returns where an upload is ended, by saying what it is.
fn end_of(upload: &Upload, digest: &Digest) -> Url {
    let mut url = upload.url.clone();
    let query = match url.query().filter(|query| !query.is_empty()) {
        // as it came: what is signed must not be written in another way
        Some(query) => format!("{query}&digest={digest}"),
        None => format!("digest={digest}"),
    };
    url.set_query(Some(&query));
    url
}

/// Tells whether a registry has taken all of a blob.
fn ended(answer: &Answer, descriptor: &Descriptor, errand: &Errand) -> Result<(), Error> {
    if answer.status.is_success() {
        check_named(answer, &descriptor.digest, errand)
    } else {
        Err(errand.unexpected(answer))
    }
}

/// Tells whether a refusal was about the mount: then the same without a mount may do.
fn is_refused_mount(error: &Error) -> bool {
    matches!(error.status(), Some(400..500))
        && !matches!(error.kind(), Kind::RateLimited | Kind::NoRepository)
}

/// Tells whether a registry, or what stands before it, does not take a blob in one piece.
fn wants_chunks(error: &Error) -> bool {
    matches!(error.status(), Some(411 | 413 | 501))
        || (error.kind() == Kind::Unsupported && error.status() != Some(404))
}

/// Tells whether a session is not what we think it is: a new one may be.
fn is_lost_session(error: &Error) -> bool {
    error.status() == Some(416)
        || matches!(
            error.code(),
            Some("BLOB_UPLOAD_UNKNOWN" | "BLOB_UPLOAD_INVALID")
        )
}
