//! What was asked and answered.

use std::fmt;

use super::route::Route;

/// One of the servers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// `api.github.com`
    Api,
    /// `uploads.github.com`
    Uploads,
    /// Where bytes are stored.
    Storage,
}

/// A request and the status of its answer.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// Who was asked.
    pub origin: Origin,
    /// The method.
    pub method: String,
    /// Path and query as they were sent.
    pub target: String,
    /// The operation.
    pub route: Route,
    /// The header fields, names in lower case, without the value of `authorization`.
    pub headers: Vec<(String, String)>,
    /// It carried a token.
    pub authorized: bool,
    /// The status; 0 when there was no answer.
    pub status: u16,
}

impl Exchange {
    /// Tells whether it asked for a change.
    pub fn is_write(&self) -> bool {
        !matches!(self.method.as_str(), "GET" | "HEAD") && self.route != Route::Notes
    }

    /// Returns the first value of a header field; `name` in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut fields = self.headers.iter();
        fields
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }
}

/// Writes a line such as `POST uploads /repos/acme/app/releases/1/assets?name=a: 201`.
impl fmt::Display for Exchange {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let origin = match self.origin {
            Origin::Api => "api",
            Origin::Uploads => "uploads",
            Origin::Storage => "storage",
        };
        let Self { method, target, .. } = self;
        write!(formatter, "{method} {origin} {target}: ")?;
        match self.status {
            0 => formatter.write_str("no answer"),
            status => write!(formatter, "{status}"),
        }
    }
}
