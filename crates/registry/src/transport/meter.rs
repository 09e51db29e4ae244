//! What went over the wire, counted, and what registries warned of.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use http::HeaderMap;

use super::Counts;
use crate::error::printable;

/// How many warnings are kept.
const MOST_WARNINGS: usize = 50;

/// Counts; shared by all requests of a transport.
#[derive(Debug, Default)]
pub(crate) struct Meter {
    requests: AtomicU64,
    sent: AtomicU64,
    received: AtomicU64,
    warnings: Mutex<Vec<String>>,
}

impl Meter {
    pub(super) fn request(&self) {
        self.requests.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn sent(&self, bytes: u64) {
        self.sent.fetch_add(bytes, Ordering::Relaxed);
    }

    pub(super) fn received(&self, bytes: u64) {
        self.received.fetch_add(bytes, Ordering::Relaxed);
    }

    pub(super) fn counts(&self) -> Counts {
        Counts {
            requests: self.requests.load(Ordering::Relaxed),
            sent: self.sent.load(Ordering::Relaxed),
            received: self.received.load(Ordering::Relaxed),
        }
    }

    /// Keeps what these headers warn of, unless it is known.
    pub(super) fn warn(&self, headers: &HeaderMap) {
        for warning in headers.get_all(http::header::WARNING) {
            let Some(text) = warning.to_str().ok().and_then(text) else {
                continue;
            };
            if let Ok(mut known) = self.warnings.lock()
                && !known.contains(&text)
                && known.len() < MOST_WARNINGS
            {
                known.push(text);
            }
        }
    }

    pub(super) fn warnings(&self) -> Vec<String> {
        self.warnings
            .lock()
            .map(|known| known.clone())
            .unwrap_or_default()
    }
}

/// Returns the text of `299 - "text"`: the one code that registries use.
fn text(warning: &str) -> Option<String> {
    let rest = warning.trim().strip_prefix("299")?.trim_start();
    let (_, quoted) = rest.split_once('"')?;
    let mut text = String::new();
    let mut letters = quoted.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '"' => break,
            '\\' => text.extend(letters.next()),
            other => text.push(other),
        }
    }
    Some(printable(&text)).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn only_a_registry_s_warning_is_read() {
        for (header, expected) in [
            (
                r#"299 - "Your auth token will expire""#,
                Some("Your auth token will expire"),
            ),
            (r#"299 - "a \"b\" c" "Sat""#, Some(r#"a "b" c"#)),
            (r#"110 - "stale""#, None),
            (r#"299 - """#, None),
            ("299 -", None),
            ("", None),
        ] {
            assert_eq!(text(header).as_deref(), expected, "{header}");
        }
    }
}
