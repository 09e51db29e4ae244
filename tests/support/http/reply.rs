//! What a server answers, and how badly.

use std::io::{self, Read};
use std::thread;
use std::time::Duration;

use super::connection::Connection;

/// How much is sent at once.
const PIECE: usize = 64 * 1024;

/// An answer: status, header fields, body, and what goes wrong on its way.
///
/// `Content-Length` is added unless a field of that name is given, or the body has no known length:
/// then it is chunked.
pub struct Reply {
    status: u16,
    headers: Vec<(String, String)>,
    length: Option<u64>,
    body: Box<dyn Read + Send>,
    delay: Duration,
    cut: Option<u64>,
    stall: Option<(u64, Duration)>,
    rate: Option<u64>,
    answers: bool,
    closes: bool,
}

impl Reply {
    /// Returns an answer without a body.
    pub fn new(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            length: Some(0),
            body: Box::new(io::empty()),
            delay: Duration::ZERO,
            cut: None,
            stall: None,
            rate: None,
            answers: true,
            closes: false,
        }
    }

    /// Returns no answer at all: the connection is closed.
    pub fn none() -> Self {
        Self {
            answers: false,
            ..Self::new(0)
        }
    }

    /// Returns an answer with a JSON body.
    pub fn json(status: u16, body: &serde_json::Value) -> Self {
        Self::new(status)
            .header("content-type", "application/json; charset=utf-8")
            .body(body.to_string())
    }

    /// Returns the status.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// Adds a header field.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Leaves out all header fields of this name, whatever its case.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.headers
            .retain(|(key, _)| !key.eq_ignore_ascii_case(name));
        self
    }

    /// Returns the first value of a header field, whatever the case of its name.
    pub fn field(&self, name: &str) -> Option<&str> {
        let mut fields = self.headers.iter();
        fields
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// Sets the body.
    #[must_use]
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        let body = body.into();
        self.length = Some(body.len() as u64);
        self.body = Box::new(io::Cursor::new(body));
        self
    }

    /// Sets a body that is read while it is sent; without a `length` it is chunked.
    #[must_use]
    pub fn stream(mut self, length: Option<u64>, body: impl Read + Send + 'static) -> Self {
        self.length = length;
        self.body = Box::new(body);
        self
    }

    /// Answers only after a while.
    #[must_use]
    pub fn after(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// Closes the connection after so many bytes of the body.
    #[must_use]
    pub fn cut_after(mut self, bytes: u64) -> Self {
        self.cut = Some(bytes);
        self
    }

    /// Sends nothing for a while after so many bytes of the body.
    #[must_use]
    pub fn stalls_after(mut self, bytes: u64, pause: Duration) -> Self {
        self.stall = Some((bytes, pause));
        self
    }

    /// Sends the body at so many bytes a second.
    #[must_use]
    pub fn at_rate(mut self, bytes_per_second: u64) -> Self {
        self.rate = Some(bytes_per_second.max(1));
        self
    }

    /// Closes the connection after the answer.
    #[must_use]
    pub fn closing(mut self) -> Self {
        self.closes = true;
        self
    }

    /// Sends it; returns whether the connection can be used for another request.
    pub(super) fn send(mut self, connection: &mut Connection, bodiless: bool) -> io::Result<bool> {
        thread::sleep(self.delay);
        if !self.answers {
            return Ok(false);
        }
        let bodiless = bodiless || matches!(self.status, 100..=199 | 204 | 304);
        connection.write(self.head().as_bytes())?;
        if bodiless {
            return Ok(!self.closes);
        }
        let chunked = self.length.is_none();
        let piece = self.rate.map_or(PIECE, |rate| {
            usize::try_from(rate / 20).unwrap_or(PIECE).clamp(1, PIECE)
        });
        let mut buffer = vec![0; piece];
        let mut sent = 0_u64;
        loop {
            let mut most = buffer.len() as u64;
            for bound in [self.cut, self.stall.map(|(bytes, _)| bytes)] {
                most = bound.map_or(most, |bound| most.min(bound.saturating_sub(sent)));
            }
            if self.cut == Some(sent) {
                return Ok(false);
            }
            if let Some((_, pause)) = self.stall.take_if(|(bytes, _)| *bytes <= sent) {
                thread::sleep(pause);
                continue;
            }
            let most = usize::try_from(most).unwrap_or(PIECE);
            let count = self.body.read(&mut buffer[..most])?;
            if count == 0 {
                break;
            }
            if chunked {
                connection.write(format!("{count:x}\r\n").as_bytes())?;
            }
            connection.write(&buffer[..count])?;
            if chunked {
                connection.write(b"\r\n")?;
            }
            sent += count as u64;
            if let Some(rate) = self.rate {
                thread::sleep(Duration::from_secs(count as u64) / u32::try_from(rate).unwrap_or(1));
            }
        }
        if chunked {
            connection.write(b"0\r\n\r\n")?;
        }
        Ok(!self.closes && (chunked || self.length == Some(sent)))
    }

    fn head(&self) -> String {
        let mut head = format!("HTTP/1.1 {} {}\r\n", self.status, reason(self.status));
        for (name, value) in &self.headers {
            head.extend([name.as_str(), ": ", value.as_str(), "\r\n"]);
        }
        if self.field("content-length").is_none() && !matches!(self.status, 100..=199 | 204 | 304) {
            match self.length {
                Some(length) => head.extend(["content-length: ", &length.to_string(), "\r\n"]),
                None => head.push_str("transfer-encoding: chunked\r\n"),
            }
        }
        if self.closes {
            head.push_str("connection: close\r\n");
        }
        head.push_str("\r\n");
        head
    }
}

fn reason(status: u16) -> &'static str {
    match status {
        200..=299 => "OK",
        300..=399 => "Elsewhere",
        400..=499 => "Refused",
        _ => "Failed",
    }
}
