use std::sync::Arc;
use std::time::{Duration, Instant};

use duat_registry::Kind;
use duat_registry::credential::Anonymous;
use duat_registry::transport::{
    Action, Limits, Settings as Transport, SettingsError, Transport as Carrier,
};
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
async fn a_registry_that_wants_to_be_left_alone_holds_no_other_up() {
    let [busy, free] = [(); 2].map(|()| holding(Settings::new()));
    let fault = Fault::on("GET", "/manifests/").times(1).answers(429);
    busy.fault(fault.header("retry-after", "2"));
    let client = stranger();
    let [to_busy, to_free] = [&busy, &free].map(|registry| remote(&client, registry, "acme/app"));
    let begun = Instant::now();
    let one = tag("1");
    let waiting = async {
        let first = to_busy.manifest(&one).await;
        (first, begun.elapsed())
    };
    let others = async {
        // until the refusal has been heard
        tokio::time::sleep(Duration::from_millis(500)).await;
        let free = to_free.manifest(&one).await;
        let free = (free, begun.elapsed());
        let same = to_busy.find_manifest(&one).await.map(|_| ());
        (free, (same, begun.elapsed()))
    };
    let ((first, waited), ((free, at_once), (same, too))) = tokio::join!(waiting, others);
    let _ = (first.unwrap(), free.unwrap());
    same.unwrap();
    assert!(waited >= Duration::from_secs(2), "{waited:?}");
    assert!(at_once < Duration::from_millis(1500), "{at_once:?}");
    assert!(
        too >= Duration::from_secs(2),
        "the host is left alone: {too:?}"
    );
}

/// Puts manifests as slowly as is wanted.
struct Slow(u32);

impl Limits for Slow {
    fn per_second(&self, _: &duat_registry::Registry, action: Action) -> Option<u32> {
        (action == Action::WriteManifest).then_some(self.0)
    }
}

#[tokio::test]
async fn nobody_is_asked_more_often_than_they_answer() {
    let registry = holding(Settings::new());
    let mut settings = hasty();
    settings.limits = Some(Arc::new(Slow(5)));
    let client = client(settings, Anonymous);
    let remote = remote(&client, &registry, "acme/app");
    let manifests = (0..10).map(|number| {
        let note = format!(r#"{{"annotations":{{"number":"{number}"}},"manifests":[]}}"#);
        manifest(&note)
    });
    let manifests: Vec<_> = manifests.collect();
    let begun = Instant::now();
    let puts = manifests.iter().map(|manifest| {
        let handle = duat_registry::Handle::Digest(manifest.digest().clone());
        let remote = &remote;
        async move { remote.put_manifest(manifest, &handle).await }
    });
    for outcome in futures_util::future::join_all(puts).await {
        outcome.unwrap();
    }
    // five at once, and one each fifth of a second
    assert!(
        begun.elapsed() >= Duration::from_secs(1),
        "{:?}",
        begun.elapsed()
    );
    let reading = Instant::now();
    for _ in 0..10 {
        remote.manifest(&tag("1")).await.unwrap();
    }
    assert!(reading.elapsed() < Duration::from_secs(1));
}

#[tokio::test]
async fn a_host_that_was_never_there_is_not_waited_for() {
    let nobody = Registry::start().host();
    let mut settings = hasty();
    settings.retries = 50;
    let client = client(settings, Anonymous);
    let repository = format!("{nobody}/acme/app").parse().unwrap();
    let remote = client.remote(&repository, duat_registry::client::Access::Pull);
    let error = remote.manifest(&tag("1")).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Unavailable, "{error}");
    assert!(error.hint().unwrap().contains("name of the registry"));
    // as plain text and over TLS, twice
    assert!(
        client.counts().requests <= 4,
        "{}",
        client.counts().requests
    );
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
