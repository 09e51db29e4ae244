//! What a registry said when it refused: status, its own code, its own words.

use serde::Deserialize;

use super::{Kind, printable};

/// How much of a refusal is read.
pub(crate) const LONGEST_REFUSAL: usize = 64 << 10;

/// A refusal: the status and what the body said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    pub(crate) code: Option<String>,
    pub(crate) message: Option<String>,
}

#[derive(Deserialize)]
struct Body {
    #[serde(default)]
    errors: Vec<Entry>,
    /// Token servers, as OAuth has it.
    error: Option<String>,
    error_description: Option<String>,
    /// Others.
    message: Option<String>,
    details: Option<String>,
}

#[derive(Deserialize)]
struct Entry {
    code: Option<serde_json::Value>,
    message: Option<String>,
    detail: Option<serde_json::Value>,
}

impl Refusal {
    /// Reads an answer's body, whatever it is.
    pub(crate) fn read(status: u16, body: &[u8]) -> Self {
        let (code, message) = match serde_json::from_slice::<Body>(body) {
            Ok(body) => body.said(),
            Err(_) => (None, plain(body)),
        };
        let short = |text: String| printable(text.trim());
        Self {
            status,
            code: code.map(short).filter(|code| !code.is_empty()),
            message: message.map(short).filter(|message| !message.is_empty()),
        }
    }

    /// Tells whether the registry did know us and does not any more: ECR says so with 403.
    pub(crate) fn is_expiry(&self) -> bool {
        matches!(self.status, 401 | 403) && self.says("expired")
    }

    /// Tells whether the words of the registry contain this, whatever the case.
    pub(crate) fn says(&self, word: &str) -> bool {
        let message = self.message.as_deref().unwrap_or_default();
        message.to_ascii_lowercase().contains(word)
    }

    /// Returns what to make of it.
    pub(crate) fn kind(&self) -> Kind {
        if self.is_expiry() {
            return Kind::Unauthorized;
        }
        let code = self.code.as_deref().unwrap_or_default();
        match (self.status, code) {
            (429, _) | (_, "TOOMANYREQUESTS") => Kind::RateLimited,
            (401, _) | (400..500, "UNAUTHORIZED") => Kind::Unauthorized,
            (400..500, "TAG_INVALID") if self.says("immutable") => Kind::Immutable,
            (400..500, _) if self.says("immutable") && self.says("tag") => Kind::Immutable,
            (403, _) | (400..500, "DENIED") => Kind::Denied,
            (404, "NAME_UNKNOWN") => Kind::NoRepository,
            (404 | 410, _) => Kind::NotFound,
            (400..500, "DIGEST_INVALID" | "SIZE_INVALID") => Kind::Verification,
            (405 | 501, _) | (400..500, "UNSUPPORTED") => Kind::Unsupported,
            (400..500, _) => Kind::Refused,
            (500..600, _) => Kind::Unavailable,
            _ => Kind::Protocol,
        }
    }

    /// Says it in one line: `404 Not Found: MANIFEST_UNKNOWN: manifest unknown`.
    pub(crate) fn line(&self) -> String {
        let name = http::StatusCode::from_u16(self.status)
            .ok()
            .and_then(|status| status.canonical_reason());
        let mut line = self.status.to_string();
        if let Some(name) = name {
            line = format!("{line} {name}");
        }
        for part in [&self.code, &self.message].into_iter().flatten() {
            line = format!("{line}: {part}");
        }
        line
    }
}

impl Body {
    fn said(self) -> (Option<String>, Option<String>) {
        if let Some(first) = self.errors.into_iter().next() {
            let code = first.code.map(|code| match code {
                serde_json::Value::String(code) => code,
                other => other.to_string(),
            });
            let detail = first.detail.and_then(|detail| match detail {
                serde_json::Value::String(detail) => Some(detail),
                _ => None,
            });
            let message = first.message.filter(|message| !message.is_empty());
            return (code, message.or(detail));
        }
        let message = self.error_description.or(self.message).or(self.details);
        (self.error, message)
    }
}

/// Returns the first line of a text that is no page.
fn plain(body: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(body).ok()?.trim_start();
    let line = text.lines().next()?;
    (!line.starts_with(['<', '{', '['])).then(|| line.to_owned())
}
