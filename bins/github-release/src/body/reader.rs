//! The bytes of an asset, read and hashed piece by piece.

use std::collections::VecDeque;
use std::io::{self, Read};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use bytes::{Bytes, BytesMut};
use sha2::{Digest, Sha256};

use super::{Content, PIECE, Seal, Sent, hexadecimal};

/// Reads the bytes of an asset piece by piece, and hashes them.
pub(super) struct Reader {
    source: Box<dyn Read + Send + Sync>,
    path: Option<PathBuf>,
    left: u64,
    hasher: Sha256,
    seal: Seal,
    sent: Arc<Sent>,
    /// Pieces on their way, whose memory is used again when they have arrived.
    away: VecDeque<Bytes>,
}

impl Reader {
    pub(super) fn new(
        content: &Content,
        size: u64,
        seal: Seal,
        sent: &Arc<Sent>,
    ) -> io::Result<Self> {
        Ok(Self {
            source: content.open()?,
            path: match content {
                Content::File(path) => Some(path.clone()),
                Content::Text(_) => None,
            },
            left: size,
            hasher: Sha256::new(),
            seal,
            sent: Arc::clone(sent),
            away: VecDeque::new(),
        })
    }

    /// Returns the next piece, if there is one.
    pub(super) fn next(&mut self) -> Option<io::Result<Bytes>> {
        (self.left > 0).then(|| self.read())
    }

    fn read(&mut self) -> io::Result<Bytes> {
        let wanted = usize::try_from(self.left).map_or(PIECE, |left| left.min(PIECE));
        let mut piece = self.memory();
        piece.resize(wanted, 0);
        if let Err(error) = self.source.read_exact(&mut piece) {
            if error.kind() == io::ErrorKind::UnexpectedEof {
                return Err(self.changed());
            }
            let said = io::Error::new(error.kind(), error.to_string());
            let _ = self.sent.unread.set(error);
            return Err(said);
        }
        self.hasher.update(&piece);
        self.left -= piece.len() as u64;
        if self.left == 0 {
            self.finish()?;
        }
        let piece = piece.freeze();
        self.away.push_back(piece.clone());
        Ok(piece)
    }

    /// Holds the bytes, all of which are read, against their seal.
    fn finish(&mut self) -> io::Result<()> {
        let sha256 = hexadecimal(&std::mem::take(&mut self.hasher).finalize());
        let is_more = self.source.read(&mut [0])? > 0;
        let is_whole = match (&self.seal, &self.path) {
            (Seal::Digest(expected), _) => *expected == sha256,
            (Seal::Mark(mark), Some(path)) => mark.is_still(path),
            // a text of our own is none that anybody writes to
            (Seal::Mark(_), None) => true,
        };
        if is_more || !is_whole {
            return Err(self.changed());
        }
        // of several tries the first says it
        let _ = self.sent.sha256.set(sha256);
        Ok(())
    }

    /// Returns memory for a piece: that of one which has arrived, if there is any.
    fn memory(&mut self) -> BytesMut {
        match self.away.pop_front().map(Bytes::try_into_mut) {
            Some(Ok(memory)) => memory,
            Some(Err(away)) => {
                self.away.push_front(away);
                BytesMut::with_capacity(PIECE)
            }
            None => BytesMut::with_capacity(PIECE),
        }
    }

    fn changed(&self) -> io::Error {
        self.sent.changed.store(true, Ordering::Relaxed);
        io::Error::other("the file has changed while it was sent")
    }
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::time::UNIX_EPOCH;

    use super::*;
    use crate::body::Mark;

    fn text(bytes: &'static [u8]) -> Content {
        Content::Text(Bytes::from_static(bytes))
    }

    /// Reads all that would be sent.
    fn read(content: &Content, size: u64, seal: Seal) -> (io::Result<Vec<u8>>, Arc<Sent>) {
        let sent = Arc::new(Sent::default());
        let mut reader = Reader::new(content, size, seal, &sent).unwrap();
        let mut bytes = Vec::new();
        while let Some(piece) = reader.next() {
            match piece {
                Ok(piece) => bytes.extend_from_slice(&piece),
                Err(error) => return (Err(error), sent),
            }
        }
        (Ok(bytes), sent)
    }

    /// Sends `now` where `then` was hashed.
    fn send(then: &Content, now: &Content) -> (io::Result<Vec<u8>>, Arc<Sent>) {
        let (size, sha256) = then.measure().unwrap();
        read(now, size, Seal::Digest(sha256))
    }

    #[test]
    fn all_bytes_are_read_and_hashed() {
        let content = text(b"hello\n");
        let (_, sha256) = content.measure().unwrap();
        assert_eq!(
            sha256,
            "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03"
        );
        let (bytes, sent) = send(&content, &content);
        assert_eq!(bytes.unwrap(), b"hello\n");
        assert_eq!(sent.sha256(), Some(sha256.as_str()));
        assert!(!sent.has_changed());
    }

    #[test]
    fn memory_is_used_again_and_no_piece_twice() {
        let long: Vec<u8> = (0..=250).cycle().take(PIECE * 5 + 7).collect();
        let content = Content::Text(long.clone().into());
        let (bytes, _) = send(&content, &content);
        assert!(bytes.unwrap() == long);
    }

    #[test]
    fn the_last_piece_of_a_changed_file_is_never_sent() {
        for now in [&b"hellO\n"[..], b"hello", b"hello\n\n"] {
            let now = Content::Text(Bytes::from_static(now));
            let (bytes, sent) = send(&text(b"hello\n"), &now);
            assert!(bytes.is_err());
            assert!(sent.has_changed());
            assert_eq!(sent.sha256(), None);
        }
    }

    #[test]
    fn a_file_that_was_not_hashed_is_known_by_its_mark() {
        use std::io::Write as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        let content = Content::File(path.clone());
        let make = |text: &str, seconds: u64| {
            let mut file = File::create(&path).unwrap();
            file.write_all(text.as_bytes()).unwrap();
            let time = UNIX_EPOCH + std::time::Duration::from_secs(seconds);
            file.set_modified(time).unwrap();
        };
        make("hello\n", 1_000);
        let file = std::fs::metadata(&path).unwrap();
        assert_eq!(Mark::of(&file, 1_001), None);
        let mark = Mark::of(&file, 1_010).unwrap();
        let (bytes, sent) = read(&content, 6, Seal::Mark(mark.clone()));
        assert_eq!(bytes.unwrap(), b"hello\n");
        assert!(
            sent.sha256()
                .is_some_and(|hash| hash.starts_with("5891b5b5"))
        );
        for (text, seconds) in [("hellO\n", 1_001), ("hello\n\n", 1_000), ("hello", 1_000)] {
            make(text, seconds);
            let (bytes, sent) = read(&content, 6, Seal::Mark(mark.clone()));
            assert!(bytes.is_err() && sent.has_changed(), "{text}");
        }
        // another file of the same name, size and time
        let mut other = tempfile::NamedTempFile::new_in(folder.path()).unwrap();
        other.write_all(b"hellO\n").unwrap();
        let time = UNIX_EPOCH + std::time::Duration::from_secs(1_000);
        other.as_file().set_modified(time).unwrap();
        other.persist(&path).unwrap();
        if cfg!(unix) {
            let (bytes, _) = read(&content, 6, Seal::Mark(mark));
            assert!(bytes.is_err());
        }
    }
}
