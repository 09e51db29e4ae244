//! The body of an upload: a file, or a text of our own, hashed while it is sent.

mod mark;
mod reader;

use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use sha2::{Digest, Sha256};
use tokio::sync::mpsc;

pub(crate) use mark::{Mark, Seal};
use reader::Reader;

/// How much is read at once: smaller pieces cost more calls than they save memory.
const PIECE: usize = 256 * 1024;
/// How many pieces are read before the connection takes them.
const AHEAD: usize = 4;

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
        let mut hashing = Hashing::of(self)?;
        while hashing.step()? {}
        Ok(hashing.finish())
    }

    /// Measures it, unless it is spared that meanwhile.
    pub(crate) fn measure_unless(&self, spared: &AtomicBool) -> io::Result<Option<(u64, String)>> {
        let mut hashing = Hashing::of(self)?;
        while hashing.step()? {
            if spared.load(Ordering::Relaxed) {
                return Ok(None);
            }
        }
        Ok(Some(hashing.finish()))
    }
}

/// A content that is being measured.
struct Hashing {
    source: Box<dyn Read + Send + Sync>,
    hasher: Sha256,
    piece: Vec<u8>,
    size: u64,
}

impl Hashing {
    fn of(content: &Content) -> io::Result<Self> {
        Ok(Self {
            source: content.open()?,
            hasher: Sha256::new(),
            piece: vec![0; PIECE],
            size: 0,
        })
    }

    /// Takes the next piece; false where there is none.
    fn step(&mut self) -> io::Result<bool> {
        let count = loop {
            match self.source.read(&mut self.piece) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => break read?,
            }
        };
        self.hasher
            .update(self.piece.get(..count).unwrap_or_default());
        self.size += count as u64;
        Ok(count > 0)
    }

    fn finish(self) -> (u64, String) {
        (self.size, hexadecimal(&self.hasher.finalize()))
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
    sha256: OnceLock<String>,
    unread: OnceLock<io::Error>,
}

impl Sent {
    /// Returns how many bytes the connection has taken.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    /// Tells whether the file is not any more what it was before.
    pub(crate) fn has_changed(&self) -> bool {
        self.changed.load(Ordering::Relaxed)
    }

    /// Returns why the file could not be read to its end.
    pub(crate) fn unread(&self) -> Option<&io::Error> {
        self.unread.get()
    }

    /// Returns the SHA-256 of the bytes, once all of them were read.
    pub(crate) fn sha256(&self) -> Option<&str> {
        self.sha256.get().map(String::as_str)
    }
}

/// The bytes of an asset on their way: read and hashed beside the connection, which never waits for
/// a disk.
///
/// The last piece is held back until it is certain that the file did not change meanwhile: of one
/// that did the server never gets all, and so keeps nothing.
pub(crate) struct AssetBody {
    pieces: mpsc::Receiver<io::Result<Bytes>>,
    left: u64,
    sent: Arc<Sent>,
}

impl AssetBody {
    /// Returns a body of `size` bytes.
    pub(crate) fn new(
        content: &Content,
        size: u64,
        seal: Seal,
        sent: &Arc<Sent>,
    ) -> io::Result<Self> {
        let mut reader = Reader::new(content, size, seal, sent)?;
        let (sender, pieces) = mpsc::channel(AHEAD);
        tokio::task::spawn_blocking(move || {
            while let Some(piece) = reader.next() {
                let is_end = piece.is_err();
                // nobody takes it where the request has ended
                if sender.blocking_send(piece).is_err() || is_end {
                    return;
                }
            }
        });
        Ok(Self {
            pieces,
            left: size,
            sent: Arc::clone(sent),
        })
    }
}

impl Body for AssetBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if self.left == 0 {
            return Poll::Ready(None);
        }
        let Poll::Ready(piece) = self.pieces.poll_recv(context) else {
            return Poll::Pending;
        };
        let piece =
            piece.unwrap_or_else(|| Err(io::Error::other("the file was not read to its end")));
        match piece {
            Ok(piece) => {
                let length = piece.len() as u64;
                self.left = self.left.saturating_sub(length);
                self.sent.bytes.fetch_add(length, Ordering::Relaxed);
                Poll::Ready(Some(Ok(Frame::data(piece))))
            }
            Err(error) => {
                self.left = 0;
                Poll::Ready(Some(Err(error)))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}
