//! What is asked of a server, and what it answers.

use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use http::{Method, StatusCode};
use url::Url;

use super::failure::Failure;
use super::meter::Meter;
use crate::blob::BlobStream;
use crate::reference::Registry;

/// A request about to be sent.
pub(crate) struct Call {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
    /// Shown to the server that is asked, and to no other that it points at.
    pub(crate) authorization: Option<HeaderValue>,
    pub(crate) body: Body,
    /// What it carries is meant for one server and no other.
    pub(crate) is_confidential: bool,
    /// On whose word we go where we go: what it points at is judged by where it is itself.
    pub(crate) registry: Registry,
}

/// What a request carries.
pub(crate) enum Body {
    Empty,
    /// Can be sent again.
    Bytes(Bytes),
    /// Can be sent once: of this length.
    Stream(BlobStream, u64),
}

impl Call {
    pub(crate) fn new(registry: &Registry, method: Method, url: Url) -> Self {
        Self {
            method,
            url,
            headers: HeaderMap::new(),
            authorization: None,
            body: Body::Empty,
            is_confidential: false,
            registry: registry.clone(),
        }
    }

    /// Adds a header; a value that no header can carry is left out.
    pub(crate) fn header(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(name, value);
        }
        self
    }

    pub(crate) fn body(mut self, bytes: Bytes) -> Self {
        self.body = Body::Bytes(bytes);
        self
    }

    /// Carries what no other server is to see: a password, a refresh token.
    pub(crate) fn secret(self, bytes: Bytes) -> Self {
        Self {
            is_confidential: true,
            ..self.body(bytes)
        }
    }

    pub(crate) fn stream(mut self, stream: BlobStream, length: u64) -> Self {
        self.body = Body::Stream(stream, length);
        self
    }

    /// Returns the same request once more, unless its body is gone with the first.
    pub(crate) fn again(&self) -> Option<Self> {
        let body = match &self.body {
            Body::Empty => Body::Empty,
            Body::Bytes(bytes) => Body::Bytes(bytes.clone()),
            Body::Stream(..) => return None,
        };
        Some(Self {
            method: self.method.clone(),
            url: self.url.clone(),
            headers: self.headers.clone(),
            authorization: self.authorization.clone(),
            body,
            is_confidential: self.is_confidential,
            registry: self.registry.clone(),
        })
    }
}

/// An answer whose body has not been read.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    /// Who answered, after redirects: what `Location` is relative to.
    pub(crate) url: Url,
    pub(super) response: reqwest::Response,
    pub(super) meter: Arc<Meter>,
    pub(super) idle: Duration,
}

impl Answer {
    /// Returns a header that is text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Returns the announced length of the body.
    pub(crate) fn length(&self) -> Option<u64> {
        // the header, not the body's length: an answer to HEAD has the one without the other
        self.header(CONTENT_LENGTH.as_str())?.trim().parse().ok()
    }

    pub(crate) fn content_type(&self) -> Option<&str> {
        self.header(CONTENT_TYPE.as_str())
    }

    /// Reads the body, up to this many bytes; what is longer is cut.
    pub(crate) async fn read(self, limit: usize) -> Result<Bytes, Failure> {
        let mut stream = Box::pin(self.stream());
        let mut body = BytesMut::new();
        while let Some(bytes) = stream.next().await {
            let bytes = bytes?;
            let room = limit - body.len();
            body.extend_from_slice(bytes.get(..room).unwrap_or(&bytes));
            if body.len() == limit {
                break;
            }
        }
        Ok(body.freeze())
    }

    /// Returns the body as it comes: counted, and broken off where nothing moves any more.
    pub(crate) fn stream(
        self,
    ) -> impl futures_util::Stream<Item = Result<Bytes, Failure>> + Send + 'static {
        let Self {
            response,
            meter,
            idle,
            ..
        } = self;
        let bytes = Box::pin(response.bytes_stream());
        futures_util::stream::unfold(Some(bytes), move |bytes| {
            let meter = Arc::clone(&meter);
            async move {
                let mut bytes = bytes?;
                match tokio::time::timeout(idle, bytes.next()).await {
                    Ok(None) => None,
                    Ok(Some(Ok(piece))) => {
                        meter.received(piece.len() as u64);
                        Some((Ok(piece), Some(bytes)))
                    }
                    Ok(Some(Err(error))) => Some((Err(Failure::of(error)), None)),
                    Err(_) => Some((Err(Failure::Stalled(idle)), None)),
                }
            }
        })
    }
}
