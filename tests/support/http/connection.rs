//! One connection: bytes in both directions, with what was read too far kept for later.

use std::io::{self, Read, Write};

use super::request::Request;

/// The most bytes a head may have.
const LONGEST_HEAD: usize = 256 * 1024;

/// What a connection runs over.
pub(super) trait Wire: Read + Write + Send {}

impl<W: Read + Write + Send> Wire for W {}

pub(super) struct Connection {
    wire: Box<dyn Wire>,
    /// Read from the wire and not yet handed on.
    ahead: Vec<u8>,
}

impl Connection {
    pub(super) fn new(wire: impl Wire + 'static) -> Self {
        Self {
            wire: Box::new(wire),
            ahead: Vec::new(),
        }
    }

    /// Reads the head of the next request; nothing when the client has closed the connection.
    pub(super) fn head(&mut self) -> io::Result<Option<Request>> {
        loop {
            let mut fields = [httparse::EMPTY_HEADER; 128];
            let mut parsed = httparse::Request::new(&mut fields);
            let status = parsed
                .parse(&self.ahead)
                .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
            if let httparse::Status::Complete(length) = status {
                let request = Request {
                    method: parsed.method.unwrap_or_default().to_owned(),
                    target: parsed.path.unwrap_or_default().to_owned(),
                    headers: parsed.headers.iter().map(field).collect(),
                };
                self.ahead.drain(..length);
                return Ok(Some(request));
            }
            if self.ahead.len() > LONGEST_HEAD {
                return Err(io::Error::other("the head of a request has no end"));
            }
            if self.read_ahead()? == 0 {
                return Ok(None);
            }
        }
    }

    /// Reads a line, without its end.
    pub(super) fn line(&mut self) -> io::Result<String> {
        loop {
            if let Some(at) = self.ahead.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = self.ahead.drain(..=at).collect();
                return Ok(String::from_utf8_lossy(&line).trim_end().to_owned());
            }
            if self.read_ahead()? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
    }

    pub(super) fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.ahead.is_empty() {
            return self.wire.read(buffer);
        }
        let count = self.ahead.len().min(buffer.len());
        buffer[..count].copy_from_slice(&self.ahead[..count]);
        self.ahead.drain(..count);
        Ok(count)
    }

    pub(super) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.wire.write_all(bytes)?;
        self.wire.flush()
    }

    fn read_ahead(&mut self) -> io::Result<usize> {
        let mut buffer = [0; 16 * 1024];
        let count = self.wire.read(&mut buffer)?;
        self.ahead.extend_from_slice(&buffer[..count]);
        Ok(count)
    }
}

fn field(field: &httparse::Header<'_>) -> (String, String) {
    let value = String::from_utf8_lossy(field.value).into_owned();
    (field.name.to_ascii_lowercase(), value)
}
