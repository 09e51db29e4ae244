use super::{Handle, Reference, ReferenceError, Registry, Repository, Tag};

const DIGEST: &str = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

#[test]
fn a_reference_is_printed_in_full() {
    let pinned = format!("ghcr.io/acme/app:1.0@{DIGEST}");
    let by_digest = format!("alpine@{DIGEST}");
    for (text, full) in [
        ("alpine:3.20", "docker.io/library/alpine:3.20"),
        ("acme/app:1", "docker.io/acme/app:1"),
        ("docker.io/alpine:1", "docker.io/library/alpine:1"),
        ("index.docker.io/acme/app:1", "docker.io/acme/app:1"),
        (
            "registry-1.docker.io/alpine:1",
            "docker.io/library/alpine:1",
        ),
        ("GHCR.io/acme/app:Latest", "ghcr.io/acme/app:Latest"),
        ("localhost/app:1", "localhost/app:1"),
        ("localhost:5000/app:1", "localhost:5000/app:1"),
        ("127.0.0.1:5000/a/b/c:1", "127.0.0.1:5000/a/b/c:1"),
        ("[::1]:5000/app:1", "[::1]:5000/app:1"),
        ("[0:0:0:0:0:0:0:1]/app:1", "[::1]/app:1"),
        ("host:5000/app:1", "host:5000/app:1"),
        (
            "123456789012.dkr.ecr.eu-west-1.amazonaws.com/a--b/c__d/e.f:1.0.0-main-aaaagjecrgf",
            "123456789012.dkr.ecr.eu-west-1.amazonaws.com/a--b/c__d/e.f:1.0.0-main-aaaagjecrgf",
        ),
        (&pinned, &pinned),
        (&by_digest, &format!("docker.io/library/{by_digest}")),
    ] {
        let reference: Reference = text.parse().unwrap_or_else(|e| panic!("{text}: {e}"));
        assert_eq!(reference.to_string(), full);
        assert_eq!(full.parse::<Reference>().unwrap(), reference);
    }
}

#[test]
fn what_breaks_the_grammar_is_refused() {
    for text in [
        "",
        "https://ghcr.io/app:1",
        "ghcr.io/App:1",
        "GHCR/app:1",
        "ghcr.io/app",
        "ghcr.io/:1",
        "ghcr.io/a//b:1",
        "ghcr.io/a/:1",
        "ghcr.io/-a:1",
        "ghcr.io/a-:1",
        "ghcr.io/a..b:1",
        "ghcr.io/a._b:1",
        "ghcr.io/a___b:1",
        "ghcr.io/a b:1",
        "ghcr.io/../b:1",
        "ghcr.io/%2e:1",
        "ghcr.io/a?x=1:1",
        "ghcr.io/a:.1",
        "ghcr.io/a:-1",
        "ghcr.io/a:1+build",
        "ghcr.io/a:",
        "ghcr.io/a@",
        "ghcr.io/a@sha256:00",
        "ghcr.io/a@sha256:00@sha256:00",
        "ghcr.io:/a:1",
        "ghcr.io:0/a:1",
        "ghcr.io:65536/a:1",
        "ghcr.io:+80/a:1",
        "gh_cr-.io/a:1",
        "-ghcr.io/a:1",
        "ghcr..io/a:1",
        "user@ghcr.io/a:1",
        "127.1/a:1",
        "1.2.3.4.5/a:1",
        "0x7f.0x1/a:1",
        "[::1/a:1",
        "[::1]x/a:1",
        "[fe80::1%25eth0]/a:1",
        "é.io/a:1",
        "localhost:5000",
        "ghcr.io/a\n:1",
    ] {
        assert!(text.parse::<Reference>().is_err(), "{text:?} was read");
    }
}

#[test]
fn a_name_is_no_longer_than_registries_take() {
    let path = |length: usize| format!("ghcr.io/{}", "a".repeat(length - "ghcr.io/".len()));
    assert!(path(255).parse::<Repository>().is_ok());
    assert!(matches!(
        path(256).parse::<Repository>(),
        Err(ReferenceError::Long(_))
    ));
    assert!("t".repeat(128).parse::<Tag>().is_ok());
    assert!("t".repeat(129).parse::<Tag>().is_err());
}

#[test]
fn the_digest_is_what_is_asked_for() {
    let pinned: Reference = format!("ghcr.io/a:1@{DIGEST}").parse().unwrap();
    assert_eq!(pinned.handle(), Handle::Digest(DIGEST.parse().unwrap()));
    assert_eq!(pinned.tag().unwrap().as_str(), "1");
    let tagged: Reference = "ghcr.io/a:1".parse().unwrap();
    assert_eq!(tagged.handle(), "1".parse().unwrap());
}

#[test]
fn docker_hub_answers_under_another_name() {
    let hub: Registry = "docker.io".parse().unwrap();
    assert_eq!(hub.authority(), "registry-1.docker.io");
    let other: Registry = "[::1]:5000".parse().unwrap();
    assert_eq!(other.authority(), "[::1]:5000");
}

#[test]
fn the_machine_itself_is_known_by_name() {
    for (text, loopback) in [
        ("localhost", true),
        ("registry.localhost:5000", true),
        ("127.0.0.1", true),
        ("127.9.9.9:1", true),
        ("[::1]:5000", true),
        ("localhost.example.com", false),
        ("10.0.0.1", false),
        ("[::2]", false),
        ("notlocalhost:5000", false),
    ] {
        let registry: Registry = text.parse().unwrap();
        assert_eq!(registry.is_loopback(), loopback, "{text}");
    }
}
