//! What of a URL may be shown.

use url::Url;

/// Parameters that carry no secret. All others are shown without their value: signatures, states of
/// upload sessions, whatever comes next.
const OPEN: &[&str] = &[
    "artifactType",
    "digest",
    "from",
    "last",
    "mount",
    "n",
    "scope",
    "service",
    "tag",
];

/// Returns a URL fit to be shown: no user, no values but those that are open.
pub(crate) fn url(url: &Url) -> String {
    let mut shown = url.clone();
    // an error says that there is no host, and so no user
    let _ = shown.set_username("");
    let _ = shown.set_password(None);
    shown.set_fragment(None);
    shown.set_query(None);
    let mut text = shown.to_string();
    for (place, (name, value)) in url.query_pairs().enumerate() {
        text.push(if place == 0 { '?' } else { '&' });
        let is_open = OPEN.contains(&name.as_ref());
        text.push_str(&crate::error::printable(&name));
        text.push('=');
        if is_open {
            text.push_str(&crate::error::printable(&value));
        } else if !value.is_empty() {
            text.push('…');
        }
    }
    text
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_shown_url_keeps_no_secret() {
        for (url, shown) in [
            (
                "https://user:pw@ghcr.io/v2/a/blobs/uploads/1?_state=abc&digest=sha256:00",
                "https://ghcr.io/v2/a/blobs/uploads/1?_state=…&digest=sha256:00",
            ),
            (
                "https://cdn/x?X-Amz-Signature=1&X-Amz-Credential=2&sig=3#secret",
                "https://cdn/x?X-Amz-Signature=…&X-Amz-Credential=…&sig=…",
            ),
            (
                "https://auth/token?service=s&scope=repository:a:pull&client_id=x",
                "https://auth/token?service=s&scope=repository:a:pull&client_id=…",
            ),
            ("http://[::1]:5000/v2/", "http://[::1]:5000/v2/"),
        ] {
            assert_eq!(super::url(&url.parse().unwrap()), shown);
        }
    }
}
