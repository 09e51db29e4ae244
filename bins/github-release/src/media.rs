//! The content type of a file, by the ending of its name.

/// What everything unknown is.
const BYTES: &str = "application/octet-stream";

const TYPES: &[(&str, &str)] = &[
    ("7z", "application/x-7z-compressed"),
    ("apk", "application/vnd.android.package-archive"),
    ("asc", "application/pgp-signature"),
    ("br", "application/x-brotli"),
    ("bz2", "application/x-bzip2"),
    ("css", "text/css"),
    ("csv", "text/csv"),
    ("deb", "application/vnd.debian.binary-package"),
    ("dmg", "application/x-apple-diskimage"),
    ("exe", "application/vnd.microsoft.portable-executable"),
    ("gz", "application/gzip"),
    ("htm", "text/html"),
    ("html", "text/html"),
    ("jar", "application/java-archive"),
    ("js", "text/javascript"),
    ("json", "application/json"),
    ("md", "text/markdown"),
    ("md5", "text/plain"),
    ("msi", "application/x-msi"),
    ("pdf", "application/pdf"),
    ("png", "image/png"),
    ("ps1", "text/plain"),
    ("rpm", "application/x-rpm"),
    ("sh", "application/x-sh"),
    ("sha256", "text/plain"),
    ("sha512", "text/plain"),
    ("svg", "image/svg+xml"),
    ("tar", "application/x-tar"),
    ("tgz", "application/gzip"),
    ("toml", "application/toml"),
    ("txt", "text/plain"),
    ("vsix", "application/zip"),
    ("wasm", "application/wasm"),
    ("whl", "application/zip"),
    ("xml", "application/xml"),
    ("xz", "application/x-xz"),
    ("yaml", "application/yaml"),
    ("yml", "application/yaml"),
    ("zip", "application/zip"),
    ("zst", "application/zstd"),
];

/// Returns the content type of a file of this name.
pub(crate) fn content_type(name: &str) -> &'static str {
    let Some((_, ending)) = name.rsplit_once('.') else {
        return if name.ends_with("SUMS") {
            "text/plain"
        } else {
            BYTES
        };
    };
    let ending = ending.to_ascii_lowercase();
    TYPES
        .binary_search_by_key(&ending.as_str(), |(known, _)| known)
        .ok()
        .and_then(|index| TYPES.get(index))
        .map_or(BYTES, |(_, content_type)| content_type)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ending_tells_the_type() {
        assert_eq!(content_type("app.tar.gz"), "application/gzip");
        assert_eq!(content_type("APP.ZIP"), "application/zip");
        assert_eq!(content_type("app"), BYTES);
        assert_eq!(content_type("app.1"), BYTES);
        assert_eq!(content_type("SHA256SUMS"), "text/plain");
    }

    #[test]
    fn the_table_is_sorted() {
        assert!(TYPES.is_sorted());
    }
}
