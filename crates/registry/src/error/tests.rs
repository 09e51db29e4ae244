use super::answer::Refusal;
use super::{Error, Kind, Operation, Place, printable};

fn body(code: &str, message: &str) -> String {
    serde_json::json!({"errors": [{"code": code, "message": message}]}).to_string()
}

#[test]
fn what_to_make_of_a_refusal() {
    let immutable = "The image tag '1' already exists in the 'r' repository and cannot be overwritten because the repository is immutable.";
    let expired = "Your authorization token has expired. Reauthenticate and try again.";
    for (status, body, kind) in [
        (
            404,
            body("MANIFEST_UNKNOWN", "manifest unknown"),
            Kind::NotFound,
        ),
        (
            404,
            body("NAME_UNKNOWN", "no such repository"),
            Kind::NoRepository,
        ),
        (404, String::new(), Kind::NotFound),
        (
            401,
            body("UNAUTHORIZED", "authentication required"),
            Kind::Unauthorized,
        ),
        (
            403,
            body("DENIED", "not authorized to perform: ecr:PutImage"),
            Kind::Denied,
        ),
        (403, body("DENIED", expired), Kind::Unauthorized),
        (400, body("TAG_INVALID", immutable), Kind::Immutable),
        (409, body("CONFLICT", "tag is immutable"), Kind::Immutable),
        (
            429,
            body("TOOMANYREQUESTS", "Rate exceeded"),
            Kind::RateLimited,
        ),
        (400, body("TOOMANYREQUESTS", ""), Kind::RateLimited),
        (400, body("DIGEST_INVALID", ""), Kind::Verification),
        (
            405,
            body("UNSUPPORTED", "Invalid JSON syntax"),
            Kind::Unsupported,
        ),
        (400, body("MANIFEST_BLOB_UNKNOWN", ""), Kind::Refused),
        (503, "<html>".to_owned(), Kind::Unavailable),
        (302, String::new(), Kind::Protocol),
    ] {
        assert_eq!(
            Refusal::read(status, body.as_bytes()).kind(),
            kind,
            "{status} {body}"
        );
    }
}

#[test]
fn whatever_the_body_the_line_can_be_read() {
    for (body, line) in [
        (
            body("NAME_UNKNOWN", "no  \u{1b}[2J\nsuch"),
            "404 Not Found: NAME_UNKNOWN: no  \\u{1b}[2J\\nsuch",
        ),
        (String::new(), "404 Not Found"),
        ("<!DOCTYPE html><p>no".to_owned(), "404 Not Found"),
        (
            "page not found\nmore".to_owned(),
            "404 Not Found: page not found",
        ),
        (r#"{"errors":[]}"#.to_owned(), "404 Not Found"),
        (
            r#"{"errors":[{"code":7,"detail":"why"}]}"#.to_owned(),
            "404 Not Found: 7: why",
        ),
        (
            r#"{"error":"invalid_grant","error_description":"gone"}"#.to_owned(),
            "404 Not Found: invalid_grant: gone",
        ),
        (
            r#"{"details":"no user"}"#.to_owned(),
            "404 Not Found: no user",
        ),
        ("{\"errors\":".to_owned(), "404 Not Found"),
    ] {
        assert_eq!(Refusal::read(404, body.as_bytes()).line(), line);
    }
}

#[test]
fn a_long_text_is_cut() {
    let text = printable(&"ä".repeat(5000));
    assert!(text.chars().count() <= 401, "{}", text.len());
    assert!(text.ends_with('…'));
}

#[test]
fn a_failure_is_one_line() {
    let repository: crate::Repository = "ghcr.io/acme/app".parse().unwrap();
    let refusal = Refusal::read(404, body("MANIFEST_UNKNOWN", "unknown").as_bytes());
    for (handle, line) in [
        (
            "1.0",
            "failed to read manifest `ghcr.io/acme/app:1.0`: 404 Not Found: MANIFEST_UNKNOWN: unknown",
        ),
        (
            "sha256:00",
            "failed to read manifest `ghcr.io/acme/app@sha256:00`: 404 Not Found: MANIFEST_UNKNOWN: unknown",
        ),
    ] {
        let place = Place::Content(repository.clone(), handle.to_owned());
        let error = Error::refused(Operation::ReadManifest, place, refusal.clone());
        assert_eq!(error.to_string(), line);
        assert_eq!(error.kind(), Kind::NotFound);
        assert_eq!(error.status(), Some(404));
        assert_eq!(error.code(), Some("MANIFEST_UNKNOWN"));
        assert_eq!(error.message(), Some("unknown"));
    }
}
