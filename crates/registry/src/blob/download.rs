//! A blob on its way here: verified, and taken up again where it broke off.

use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use http::Method;
use http::header::{CONTENT_RANGE, RANGE};
use std::pin::Pin;
use std::time::Duration;

use super::BlobStream;
use super::verified::Guard;
use crate::descriptor::Descriptor;
use crate::digest::Digest;
use crate::error::{Error, Kind, Operation};
use crate::remote::{Errand, Remote};
use crate::transport::{Answer, Failure};

type Pieces = Pin<Box<dyn Stream<Item = Result<Bytes, Failure>> + Send>>;

/// A blob on its way.
struct Download {
    remote: Remote,
    errand: Errand,
    digest: Digest,
    guard: Guard,
    pieces: Pieces,
    /// How many bytes of what comes are known already.
    skip: u64,
    /// How often it broke off without a byte in between.
    breaks: u32,
    is_over: bool,
}

impl Remote {
    /// Returns a blob's size, or nothing where it is not there.
    pub async fn find_blob(&self, digest: &Digest) -> Result<Option<u64>, Error> {
        let errand = Errand::new(Operation::FindBlob, self.place_of(digest));
        let call = self.call(Method::HEAD, &format!("blobs/{digest}"), &errand)?;
        match self.send(call, &errand).await {
            Ok(answer) if answer.status.is_success() => Ok(Some(answer.length().unwrap_or(0))),
            Ok(answer) => Err(errand.unexpected(&answer)),
            Err(error) if matches!(error.kind(), Kind::NotFound | Kind::NoRepository) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Returns a blob's bytes; the stream ends in an error unless they are what the descriptor says,
    /// and does so before the last of them.
    pub async fn blob(&self, descriptor: &Descriptor) -> Result<BlobStream, Error> {
        if let Some(data) = &descriptor.data {
            let data = Bytes::copy_from_slice(data);
            return Ok(Box::pin(futures_util::stream::once(async { Ok(data) })));
        }
        let errand = Errand::new(Operation::ReadBlob, self.place_of(&descriptor.digest));
        let answer = self.fetch(&descriptor.digest, 0, &errand).await?;
        if let Some(found) = answer.length().filter(|size| *size != descriptor.size) {
            return Err(errand.mismatch(&crate::digest::Mismatch::Size {
                expected: descriptor.size,
                found,
            }));
        }
        let download = Download {
            remote: self.clone(),
            errand,
            digest: descriptor.digest.clone(),
            guard: Guard::new(descriptor),
            pieces: Box::pin(answer.stream()),
            skip: 0,
            breaks: 0,
            is_over: false,
        };
        Ok(Box::pin(futures_util::stream::unfold(
            download,
            |mut download| async {
                let piece = download.next().await?;
                download.is_over |= piece.is_err();
                Some((piece, download))
            },
        )))
    }

    /// Asks the registry, not where it sent us last time, for the bytes from this one on.
    async fn fetch(&self, digest: &Digest, from: u64, errand: &Errand) -> Result<Answer, Error> {
        let mut call = self.call(Method::GET, &format!("blobs/{digest}"), errand)?;
        if from > 0 {
            call = call.header(RANGE, &format!("bytes={from}-"));
        }
        let answer = self.send(call, errand).await?;
        match answer.status.as_u16() {
            200 => Ok(answer),
            206 if from > 0 => Ok(answer),
            _ => Err(errand.unexpected(&answer)),
        }
    }
}

impl Download {
    async fn next(&mut self) -> Option<Result<Bytes, Error>> {
        if self.is_over {
            return None;
        }
        loop {
            match self.pieces.next().await {
                Some(Ok(bytes)) => {
                    let known = usize::try_from(self.skip)
                        .unwrap_or(usize::MAX)
                        .min(bytes.len());
                    self.skip -= known as u64;
                    let bytes = bytes.slice(known..);
                    if bytes.is_empty() {
                        continue;
                    }
                    self.breaks = 0;
                    let taken = self.guard.take(&bytes);
                    return Some(match taken {
                        Ok(()) => Ok(bytes),
                        Err(mismatch) => Err(self.errand.mismatch(&mismatch)),
                    });
                }
                None if self.guard.is_complete() => {
                    let finished = self.guard.finish();
                    self.is_over = true;
                    return finished
                        .err()
                        .map(|mismatch| Err(self.errand.mismatch(&mismatch)));
                }
                None => {
                    let why = self.errand.error(Kind::Unavailable, "it ended too early");
                    if let Err(error) = self.resume(why).await {
                        return Some(Err(error));
                    }
                }
                Some(Err(failure)) => {
                    let why = self.errand.failed(failure);
                    if let Err(error) = self.resume(why).await {
                        return Some(Err(error));
                    }
                }
            }
        }
    }

    /// Goes on where it broke off.
    async fn resume(&mut self, why: Error) -> Result<(), Error> {
        let transport = self.remote.client().transport();
        self.breaks += 1;
        if why.kind() != Kind::Unavailable || self.breaks > transport.settings().retries {
            return Err(why);
        }
        let seen = self.guard.seen();
        transport.tell(|| format!("  {why}: again from byte {seen}"));
        let wait = transport.settings().backoff.min(Duration::from_secs(5));
        tokio::time::sleep(wait * self.breaks).await;
        let answer = self.remote.fetch(&self.digest, seen, &self.errand).await?;
        self.skip = if answer.status.as_u16() == 206 {
            let begins = answer.header(CONTENT_RANGE.as_str()).and_then(first_byte);
            if begins.is_some_and(|begins| begins != seen) {
                let why = "the registry sends another range than was asked for";
                return Err(self.errand.error(Kind::Protocol, why));
            }
            0
        } else {
            seen
        };
        self.pieces = Box::pin(answer.stream());
        Ok(())
    }
}

/// Returns the first byte of `bytes 5-9/10`.
fn first_byte(range: &str) -> Option<u64> {
    let range = range.trim().strip_prefix("bytes")?.trim_start();
    range.split('-').next()?.trim().parse().ok()
}
