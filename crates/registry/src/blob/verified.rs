//! Bytes that are verified before the last of them is passed on.

use bytes::Bytes;
use futures_util::StreamExt;

use super::BlobStream;
use crate::descriptor::Descriptor;
use crate::digest::{Mismatch, Verifier};
use crate::error::Error;

/// Watches the bytes of a blob pass.
///
/// The last ones are held back until all of them are known to be right: who has been promised a
/// number of bytes stops listening once they are there, and would miss the failure that follows.
pub(crate) struct Guard {
    verifier: Option<Verifier>,
    size: u64,
    seen: u64,
}

impl Guard {
    pub(crate) fn new(descriptor: &Descriptor) -> Self {
        Self {
            verifier: Some(Verifier::new(
                descriptor.digest.clone(),
                Some(descriptor.size),
            )),
            size: descriptor.size,
            seen: 0,
        }
    }

    /// Returns how many bytes have passed.
    pub(crate) fn seen(&self) -> u64 {
        self.seen
    }

    /// Tells whether all of them have.
    pub(crate) fn is_complete(&self) -> bool {
        self.seen == self.size
    }

    /// Takes the next bytes; if they are the last, all of them are verified.
    pub(crate) fn take(&mut self, bytes: &[u8]) -> Result<(), Mismatch> {
        if bytes.is_empty() {
            return Ok(());
        }
        let too_many = Mismatch::Size {
            expected: self.size,
            found: self.seen.saturating_add(bytes.len() as u64),
        };
        let Some(verifier) = self.verifier.as_mut() else {
            return Err(too_many);
        };
        verifier.update(bytes)?;
        self.seen = verifier.seen();
        if self.is_complete() {
            return self.verifier.take().map_or(Ok(()), Verifier::finish);
        }
        Ok(())
    }

    /// No more bytes come: tells whether those were all.
    pub(crate) fn finish(&mut self) -> Result<(), Mismatch> {
        // one without bytes has not been looked at yet
        self.verifier.take().map_or(Ok(()), Verifier::finish)
    }
}

/// Returns the same bytes, verified; `failed` makes a failure of a mismatch.
pub(super) fn verified(
    stream: BlobStream,
    descriptor: &Descriptor,
    failed: impl Fn(&Mismatch) -> Error + Send + 'static,
) -> BlobStream {
    let state = Some((stream, Guard::new(descriptor)));
    Box::pin(futures_util::stream::unfold(
        (state, failed),
        |(state, failed)| async move {
            let (mut stream, mut guard) = state?;
            let piece: Result<Bytes, Error> = match stream.next().await {
                Some(Ok(bytes)) => match guard.take(&bytes) {
                    Ok(()) => Ok(bytes),
                    Err(mismatch) => Err(failed(&mismatch)),
                },
                Some(Err(error)) => Err(error),
                None => match guard.finish() {
                    Ok(()) => return None,
                    Err(mismatch) => Err(failed(&mismatch)),
                },
            };
            let state = piece.is_ok().then_some((stream, guard));
            Some((piece, (state, failed)))
        },
    ))
}
