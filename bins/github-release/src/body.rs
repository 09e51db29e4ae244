//! The body of an upload: a file, or a text of our own, hashed while it is sent.

use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use sha2::{Digest, Sha256};

/// How much is read at once: smaller pieces cost more calls than they save memory.
const PIECE: usize = 256 * 1024;

/// Where the bytes of an asset are.
#[derive(Clone, Debug)]
pub(crate) enum Content {
    File(PathBuf),
    Text(Bytes),
}

impl Content {
    /// Opens it.
    pub(crate) fn open(&self) -> io::Result<Box<dyn Read + Send + Sync>> {
        Ok(match self {
            Self::File(path) => Box::new(File::open(path)?),
            Self::Text(text) => Box::new(Cursor::new(text.clone())),
        })
    }

    /// Returns how many bytes there are and their SHA-256, in hexadecimal digits.
    pub(crate) fn measure(&self) -> io::Result<(u64, String)> {
        let mut source = self.open()?;
        let mut hasher = Sha256::new();
        let mut piece = vec![0; PIECE];
        let mut size = 0;
        loop {
            let count = match source.read(&mut piece) {
                Ok(0) => return Ok((size, hexadecimal(&hasher.finalize()))),
                Ok(count) => count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            hasher.update(piece.get(..count).unwrap_or_default());
            size += count as u64;
        }
    }
}

/// Returns bytes as hexadecimal digits.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// What is known of a body while it is sent.
#[derive(Debug, Default)]
pub(crate) struct Sent {
    bytes: AtomicU64,
    changed: AtomicBool,
}

impl Sent {
    /// Returns how many bytes the connection has taken.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    /// Tells whether the file is not any more what was hashed before.
    pub(crate) fn has_changed(&self) -> bool {
        self.changed.load(Ordering::Relaxed)
    }
}

/// The bytes of an asset on their way.
///
/// The last piece is held back until the hash of all is the one that was announced: of a file that
/// changed meanwhile the server never gets all, and so keeps nothing.
pub(crate) struct AssetBody {
    source: Box<dyn Read + Send + Sync>,
    left: u64,
    hasher: Sha256,
    expected: String,
    sent: Arc<Sent>,
}

impl AssetBody {
    /// Returns a body of `size` bytes whose SHA-256 is `sha256`.
    pub(crate) fn new(
        content: &Content,
        size: u64,
        sha256: &str,
        sent: &Arc<Sent>,
    ) -> io::Result<Self> {
        Ok(Self {
            source: content.open()?,
            left: size,
            hasher: Sha256::new(),
            expected: sha256.to_owned(),
            sent: Arc::clone(sent),
        })
    }

    fn next(&mut self) -> io::Result<Bytes> {
        let wanted = usize::try_from(self.left).map_or(PIECE, |left| left.min(PIECE));
        let mut piece = vec![0; wanted];
        if let Err(error) = self.source.read_exact(&mut piece) {
            return Err(match error.kind() {
                io::ErrorKind::UnexpectedEof => self.changed(),
                _ => error,
            });
        }
        self.hasher.update(&piece);
        self.left -= piece.len() as u64;
        if self.left == 0 {
            let hash = hexadecimal(&std::mem::take(&mut self.hasher).finalize());
            if hash != self.expected || self.source.read(&mut [0])? > 0 {
                return Err(self.changed());
            }
        }
        self.sent
            .bytes
            .fetch_add(piece.len() as u64, Ordering::Relaxed);
        Ok(piece.into())
    }

    fn changed(&self) -> io::Error {
        self.sent.changed.store(true, Ordering::Relaxed);
        io::Error::other("the file has changed while it was sent")
    }
}

impl Body for AssetBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if self.left == 0 {
            return Poll::Ready(None);
        }
        let piece = self.next();
        if piece.is_err() {
            self.left = 0;
        }
        Poll::Ready(Some(piece.map(Frame::data)))
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: &'static [u8]) -> Content {
        Content::Text(Bytes::from_static(bytes))
    }

    /// Sends `now` where `then` was hashed.
    fn send(then: &Content, now: &Content) -> (io::Result<Vec<u8>>, Arc<Sent>) {
        let (size, sha256) = then.measure().unwrap();
        let sent = Arc::new(Sent::default());
        let mut body = AssetBody::new(now, size, &sha256, &sent).unwrap();
        let mut bytes = Vec::new();
        while body.left > 0 {
            match body.next() {
                Ok(piece) => bytes.extend_from_slice(&piece),
                Err(error) => return (Err(error), sent),
            }
        }
        (Ok(bytes), sent)
    }

    #[test]
    fn all_bytes_are_sent_and_counted() {
        let content = text(b"hello\n");
        let (_, sha256) = content.measure().unwrap();
        assert_eq!(
            sha256,
            "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03"
        );
        let (bytes, sent) = send(&content, &content);
        assert_eq!(bytes.unwrap(), b"hello\n");
        assert_eq!(sent.bytes(), 6);
        assert!(!sent.has_changed());
    }

    #[test]
    fn the_last_piece_of_a_changed_file_is_never_sent() {
        for now in [&b"hellO\n"[..], b"hello", b"hello\n\n"] {
            let now = Content::Text(Bytes::from_static(now));
            let (bytes, sent) = send(&text(b"hello\n"), &now);
            assert!(bytes.is_err());
            assert!(sent.has_changed());
            assert_eq!(sent.bytes(), 0);
        }
    }
}
