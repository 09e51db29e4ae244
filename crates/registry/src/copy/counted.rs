//! Bytes that are counted on their way.

use std::sync::Arc;

use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::future::BoxFuture;

use crate::blob::{BlobSource, BlobStream};
use crate::descriptor::Descriptor;
use crate::error::Error;

use super::{Event, Watcher};

/// A blob whose bytes are counted on their way.
pub(super) struct Counted {
    pub(super) inner: Box<dyn BlobSource>,
    pub(super) blob: Descriptor,
    pub(super) watcher: Arc<dyn Watcher>,
}

impl BlobSource for Counted {
    fn open(&self) -> BoxFuture<'_, Result<BlobStream, Error>> {
        Box::pin(async move {
            let stream = self.inner.open().await?;
            self.watcher.see(Event::Started(&self.blob));
            let (watcher, digest) = (Arc::clone(&self.watcher), self.blob.digest.clone());
            let counted = stream.inspect(move |bytes: &Result<Bytes, Error>| {
                if let Ok(bytes) = bytes {
                    watcher.see(Event::Moved(&digest, bytes.len() as u64));
                }
            });
            let counted: BlobStream = Box::pin(counted);
            Ok(counted)
        })
    }

    fn is_verified(&self) -> bool {
        self.inner.is_verified()
    }
}
