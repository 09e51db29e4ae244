//! What a client asks: the head, and the body as a stream.

use std::io::{self, Read};

use super::connection::Connection;

/// The head of a request.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The method, as sent.
    pub method: String,
    /// The target, as sent: path and query, still percent-encoded.
    pub target: String,
    /// The header fields in the order they came, names in lower case.
    pub headers: Vec<(String, String)>,
}

impl Request {
    /// Returns the path, still percent-encoded, without the query. A proxy is asked for a whole URL:
    /// of that, too, the path is returned.
    pub fn path(&self) -> &str {
        let target = self.target.split('?').next().unwrap_or_default();
        match target.split_once("://") {
            Some((_, rest)) => rest.find('/').map_or("/", |at| &rest[at..]),
            None => target,
        }
    }

    /// Returns the decoded pairs of the query, in their order.
    pub fn query(&self) -> Vec<(String, String)> {
        let Some((_, query)) = self.target.split_once('?') else {
            return Vec::new();
        };
        let pairs = query.split('&').filter(|pair| !pair.is_empty());
        pairs
            .map(|pair| {
                let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
                (decode(name), decode(value))
            })
            .collect()
    }

    /// Returns the first value of `name` in the query.
    pub fn parameter(&self, name: &str) -> Option<String> {
        let mut pairs = self.query().into_iter();
        pairs.find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// Returns the first value of a header field; `name` in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut fields = self.headers.iter();
        fields
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }
}

/// Returns `text` with `%XX` and `+` decoded; bytes that are not UTF-8 are replaced.
fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let escaped = after
            .get(..2)
            .filter(|_| first == b'%')
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        rest = if escaped.is_some() {
            &after[2..]
        } else {
            after
        };
        bytes.push(escaped.unwrap_or(if first == b'+' { b' ' } else { first }));
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// How the length of a body is told.
#[derive(Clone, Copy, Debug)]
pub(super) enum Framing {
    /// So many bytes are left.
    Length(u64),
    /// So many bytes of this chunk are left; nothing when the next one begins.
    Chunked(Option<u64>),
    /// It has been read to its end.
    End,
}

/// The body of a request, read from the wire as it is asked for.
pub struct Body<'connection> {
    connection: &'connection mut Connection,
    framing: Framing,
    length: Option<u64>,
    /// The client waits for `100 Continue` before it sends.
    expected: bool,
    received: u64,
}

impl<'connection> Body<'connection> {
    /// Returns the body of `request`, whose head has just been read from `connection`.
    pub(super) fn of(request: &Request, connection: &'connection mut Connection) -> Self {
        let chunked = request
            .header("transfer-encoding")
            .is_some_and(|value| value.to_ascii_lowercase().contains("chunked"));
        let length = request
            .header("content-length")
            .and_then(|value| value.parse().ok());
        Self {
            connection,
            framing: match (chunked, length) {
                (true, _) => Framing::Chunked(None),
                (false, Some(length)) if length > 0 => Framing::Length(length),
                _ => Framing::End,
            },
            length: if chunked { None } else { length },
            expected: request
                .header("expect")
                .is_some_and(|value| value.eq_ignore_ascii_case("100-continue")),
            received: 0,
        }
    }

    /// Returns the length the client announced; nothing for a chunked body.
    pub fn length(&self) -> Option<u64> {
        self.length
    }

    /// Returns how many bytes have been read.
    pub fn received(&self) -> u64 {
        self.received
    }

    /// Returns all that is left of it.
    ///
    /// # Errors
    ///
    /// When the client closes the connection before the end.
    pub fn bytes(&mut self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// Reads up to `count` bytes and forgets them.
    ///
    /// # Errors
    ///
    /// When the client closes the connection before that.
    pub fn skip(&mut self, count: u64) -> io::Result<u64> {
        io::copy(&mut self.by_ref().take(count), &mut io::sink())
    }

    /// Tells whether nothing of it is left on the wire.
    pub(super) fn is_read(&self) -> bool {
        matches!(self.framing, Framing::End)
    }

    fn read_some(&mut self, buffer: &mut [u8], left: u64) -> io::Result<usize> {
        let most = usize::try_from(left).map_or(buffer.len(), |left| left.min(buffer.len()));
        let count = self.connection.read(&mut buffer[..most])?;
        if count == 0 && most > 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.received += count as u64;
        Ok(count)
    }
}

impl Read for Body<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() || self.is_read() {
            return Ok(0);
        }
        if std::mem::take(&mut self.expected) {
            self.connection.write(b"HTTP/1.1 100 Continue\r\n\r\n")?;
        }
        match self.framing {
            Framing::End => Ok(0),
            Framing::Length(left) => {
                let count = self.read_some(buffer, left)?;
                let left = left - count as u64;
                self.framing = if left == 0 {
                    Framing::End
                } else {
                    Framing::Length(left)
                };
                Ok(count)
            }
            Framing::Chunked(None) => {
                let line = self.connection.line()?;
                let digits = line.split(';').next().unwrap_or_default().trim();
                let length = u64::from_str_radix(digits, 16)
                    .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
                if length == 0 {
                    while !self.connection.line()?.is_empty() {}
                    self.framing = Framing::End;
                    return Ok(0);
                }
                self.framing = Framing::Chunked(Some(length));
                self.read(buffer)
            }
            Framing::Chunked(Some(left)) => {
                let count = self.read_some(buffer, left)?;
                let left = left - count as u64;
                if left == 0 {
                    self.connection.line()?;
                }
                self.framing = Framing::Chunked((left > 0).then_some(left));
                Ok(count)
            }
        }
    }
}
