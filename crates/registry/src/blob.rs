//! The bytes that go in and out of a repository.

pub(crate) mod download;
mod sessions;
mod upload;
mod verified;

use std::pin::Pin;

use bytes::Bytes;
use futures_util::Stream;
use futures_util::future::BoxFuture;

pub(crate) use sessions::Sessions;
pub(crate) use upload::CANCEL_PATIENCE;

use crate::error::Error;

/// Bytes on their way. Whoever wants to count them wraps it.
pub type BlobStream = Pin<Box<dyn Stream<Item = Result<Bytes, Error>> + Send>>;

/// Where the bytes of a blob come from: opened anew for each attempt to send them.
pub trait BlobSource: Send + Sync {
    /// Returns the bytes from the first on.
    fn open(&self) -> BoxFuture<'_, Result<BlobStream, Error>>;

    /// Tells whether the stream itself fails, before its last byte, if the bytes are not what the
    /// descriptor says. Otherwise they are verified on their way.
    fn is_verified(&self) -> bool {
        false
    }
}

/// Bytes that are at hand.
impl BlobSource for Bytes {
    fn open(&self) -> BoxFuture<'_, Result<BlobStream, Error>> {
        let bytes = self.clone();
        let stream: BlobStream = Box::pin(futures_util::stream::once(async move { Ok(bytes) }));
        Box::pin(async move { Ok(stream) })
    }
}

/// How a blob came to be where it was put.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Pushed {
    /// The registry had it in another repository.
    Mounted,
    /// It was sent.
    Uploaded,
}
