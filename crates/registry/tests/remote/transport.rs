use std::time::{Duration, Instant};

use duat_registry::Kind;
use duat_registry::credential::Anonymous;
use duat_registry::transport::{Settings as Transport, SettingsError, Transport as Carrier};
use duat_tests::http::Authority;
use duat_tests::image::Image;
use duat_tests::registry::{Fault, Registry, Settings};

use crate::scene::{client, hasty, manifest, remote, stranger, tag};

fn holding(settings: Settings) -> Registry {
    let registry = settings.start();
    registry.push_image("acme/app", "1", &Image::single("app", 1));
    registry
}

#[tokio::test]
async fn what_passes_is_tried_again() {
    for status in [429, 500, 502, 503, 504] {
        let registry = holding(Settings::new());
        registry.fault(Fault::on("GET", "/manifests/").times(2).answers(status));
        let client = stranger();
        remote(&client, &registry, "acme/app")
            .manifest(&tag("1"))
            .await
            .unwrap();
        assert_eq!(registry.requests().len(), 3, "{status}");
    }
    let registry = holding(Settings::new());
    registry.fault(Fault::on("PUT", "/manifests/").times(2).loses_the_answer());
    let manifest = manifest(r#"{"manifests":[]}"#);
    let client = stranger();
    remote(&client, &registry, "acme/app")
        .put_manifest(&manifest, &tag("2"))
        .await
        .unwrap();
    assert_eq!(registry.requests().len(), 3);
}

#[tokio::test]
async fn trying_has_an_end() {
    for (status, kind) in [(429, Kind::RateLimited), (503, Kind::Unavailable)] {
        let registry = holding(Settings::new());
        registry.fault(Fault::on("GET", "/manifests/").answers(status));
        let client = stranger();
        let error = remote(&client, &registry, "acme/app")
            .manifest(&tag("1"))
            .await
            .unwrap_err();
        assert_eq!(error.kind(), kind);
        assert_eq!(registry.requests().len(), 4);
    }
}

#[tokio::test]
async fn a_registry_is_left_alone_for_as_long_as_it_wants() {
    let registry = holding(Settings::new());
    registry.fault(
        Fault::on("GET", "/manifests/")
            .times(1)
            .answers(429)
            .header("retry-after", "1"),
    );
    let begun = Instant::now();
    let client = stranger();
    remote(&client, &registry, "acme/app")
        .manifest(&tag("1"))
        .await
        .unwrap();
    assert!(begun.elapsed() >= Duration::from_secs(1));
    assert_eq!(registry.requests().len(), 2);
}

#[tokio::test]
async fn nobody_waits_longer_than_there_is_patience() {
    let registry = holding(Settings::new());
    registry.fault(
        Fault::on("GET", "/manifests/")
            .answers(429)
            .header("retry-after", "3600"),
    );
    let begun = Instant::now();
    let client = stranger();
    let error = remote(&client, &registry, "acme/app")
        .manifest(&tag("1"))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), Kind::RateLimited);
    assert!(begun.elapsed() < Duration::from_secs(5));
    assert_eq!(registry.requests().len(), 1);
}

#[tokio::test]
async fn what_is_refused_is_not_tried_again() {
    for status in [400, 403, 404, 405, 413] {
        let registry = holding(Settings::new());
        registry.fault(Fault::on("GET", "/manifests/").answers(status));
        let client = stranger();
        remote(&client, &registry, "acme/app")
            .manifest(&tag("1"))
            .await
            .unwrap_err();
        assert_eq!(registry.requests().len(), 1, "{status}");
    }
}

#[tokio::test]
async fn a_private_authority_is_trusted_when_it_is_given() {
    let authority = Authority::new();
    let registry = Settings::new().start_tls(&authority);
    registry.push_image("acme/app", "1", &Image::single("app", 1));
    let mut settings = hasty();
    settings.certificates = vec![authority.pem().as_bytes().to_vec()];
    let trusting = client(settings, Anonymous);
    let app = remote(&trusting, &registry, "acme/app");
    app.manifest(&tag("1")).await.unwrap();
    app.manifest(&tag("1")).await.unwrap();
    let strict = stranger();
    let error = remote(&strict, &registry, "acme/app")
        .manifest(&tag("1"))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), Kind::Protocol, "asking again does not help");
    assert!(error.hint().unwrap().contains("--cacert"));
    assert!(error.to_string().contains("certificate"), "{error}");
}

#[test]
fn certificates_that_are_none_are_named() {
    for (certificates, identity, text) in [
        (
            vec![b"nonsense".to_vec()],
            None,
            "failed to read certificate 1",
        ),
        (
            vec![],
            Some(b"nonsense".to_vec()),
            "failed to read the client certificate",
        ),
    ] {
        let settings = Transport {
            certificates,
            identity,
            ..Transport::default()
        };
        let error: SettingsError = Carrier::new(settings).err().unwrap();
        assert_eq!(error.to_string(), text);
    }
}
