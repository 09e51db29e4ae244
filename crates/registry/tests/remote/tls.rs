//! Whom we take for who they say they are, and on what wire.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use duat_registry::client::Client;
use duat_registry::credential::Anonymous;
use duat_registry::{Error, Kind};
use duat_tests::http::{Authority, Mishap};
use duat_tests::image::Image;
use duat_tests::registry::{Location, Registry, Settings};

use crate::scene::{blob, client, hasty, remote, tag};

fn holding(registry: Registry) -> Registry {
    registry.push_image("acme/app", "1", &Image::single("app", 1));
    registry
}

/// A client that trusts these certificates, besides those of the system.
fn trusting(certificates: &[String]) -> Client {
    let mut settings = hasty();
    let certificates = certificates.iter().map(|pem| pem.as_bytes().to_vec());
    settings.certificates = certificates.collect();
    client(settings, Anonymous)
}

async fn ask(client: &Client, registry: &Registry) -> Result<(), Error> {
    let remote = remote(client, registry, "acme/app");
    remote.manifest(&tag("1")).await.map(|_| ())
}

#[tokio::test]
async fn a_certificate_that_is_an_authority_and_the_servers_is_taken_when_it_is_given() {
    let own = Authority::for_itself(&["127.0.0.1"]);
    let registry = holding(Settings::new().start_with(own.itself()));
    ask(&trusting(&[own.pem()]), &registry).await.unwrap();
    // among others too
    let client = trusting(&[Authority::new().pem(), own.pem()]);
    ask(&client, &registry).await.unwrap();
    for client in [trusting(&[]), trusting(&[Authority::new().pem()])] {
        let error = ask(&client, &registry).await.unwrap_err();
        assert_eq!(error.kind(), Kind::Protocol, "{error}");
    }
}

#[tokio::test]
async fn a_certificate_that_is_given_is_taken_for_its_own_names_and_its_own_time_alone() {
    for own in [
        Authority::for_itself(&["registry.example.com"]),
        Authority::expired(&["127.0.0.1"]),
    ] {
        let registry = holding(Settings::new().start_with(own.itself()));
        let error = ask(&trusting(&[own.pem()]), &registry).await.unwrap_err();
        assert_eq!(error.kind(), Kind::Protocol, "{error}");
        assert_eq!(registry.requests().len(), 0);
    }
}

#[tokio::test]
async fn who_has_the_certificate_and_not_the_key_is_nobody() {
    // the same names, another key: what it shows is not what was given
    let [given, shown] = [(); 2].map(|()| Authority::for_itself(&["127.0.0.1"]));
    let registry = holding(Settings::new().start_with(shown.itself()));
    let error = ask(&trusting(&[given.pem()]), &registry).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Protocol, "{error}");
}

#[tokio::test]
async fn a_client_certificate_is_shown_to_who_asks_for_it() {
    let authority = Authority::new();
    let registry = holding(Settings::new().start_with(authority.server_for_clients()));
    let (certificate, key) = authority.pair(&["client"]);
    let stranger = Authority::new().pair(&["client"]);
    for (pair, is_let_in) in [
        (Some((certificate, key)), true),
        (Some(stranger), false),
        (None, false),
    ] {
        let mut settings = hasty();
        settings.retries = 0;
        settings.certificates = vec![authority.pem().into_bytes()];
        settings.identity =
            pair.map(|(certificate, key)| (certificate.pem() + &key.serialize_pem()).into_bytes());
        let outcome = ask(&client(settings, Anonymous), &registry).await;
        assert_eq!(outcome.is_ok(), is_let_in, "{outcome:?}");
    }
}

#[tokio::test]
async fn a_registry_at_an_address_of_version_six_is_one_like_any_other() {
    let registry = holding(Settings::new().start_v6());
    assert!(registry.host().starts_with("[::1]:"));
    let client = trusting(&[]);
    ask(&client, &registry).await.unwrap();
    let (bytes, descriptor) = blob(1000);
    let remote = remote(&client, &registry, "acme/app");
    remote.put_blob(&descriptor, None, &bytes).await.unwrap();
    assert!(registry.has_blob("acme/app", &descriptor.digest.to_string()));
}

/// Reads a manifest and puts blobs, many at once, at a registry of HTTP/2 with which this goes wrong.
async fn over_h2(mishaps: impl Fn(usize) -> Mishap + Send + Sync + 'static) -> Registry {
    let authority = Authority::new();
    let settings = Settings::new().location(Location::Path);
    let registry = holding(settings.start_h2(&authority, mishaps));
    let client = trusting(&[authority.pem()]);
    ask(&client, &registry).await.unwrap();
    let remote = remote(&client, &registry, "acme/app");
    let blobs = [0, 1, 70_000, 300_000, 300_001].map(blob);
    let puts = blobs
        .iter()
        .map(|(bytes, descriptor)| remote.put_blob(descriptor, None, bytes));
    for outcome in futures_util::future::join_all(puts).await {
        outcome.unwrap();
    }
    for (_, descriptor) in &blobs {
        assert!(registry.has_blob("acme/app", &descriptor.digest.to_string()));
    }
    registry
}

#[tokio::test]
async fn http_2_is_one_connection_for_all() {
    let registry = over_h2(|_| Mishap::None).await;
    // one that speaks plain text is tried first: this is loopback
    assert!(registry.connections() <= 2, "{}", registry.connections());
    assert_eq!(registry.requests().len(), 11, "{}", registry.requests());
    assert_eq!(registry.open_sessions(), 0);
}

#[tokio::test]
async fn streams_that_are_reset_and_connections_that_end_are_gone_on_with() {
    for mishap in [
        Mishap::Refused,
        Mishap::Reset,
        Mishap::Retired,
        Mishap::Aborted,
    ] {
        for number in [1, 2, 4, 8] {
            let registry = over_h2(move |at| if at == number { mishap } else { Mishap::None });
            let registry = registry.await;
            // each of those under way may have found another one
            let most = match mishap {
                Mishap::Retired | Mishap::Aborted => 2 + 5,
                _ => 3,
            };
            let made = registry.connections();
            assert!(made <= most, "{mishap:?} {number}: {made}");
            // one whose opening was answered into a line that was cut stays open: who opened it
            // never heard its name
            let unheard = registry.unheard();
            let is_opening = |request: &&String| request.starts_with("POST ");
            let openings = unheard.iter().filter(is_opening).count();
            assert_eq!(registry.open_sessions(), openings, "{mishap:?} {number}");
            let is_cut = mishap == Mishap::Aborted;
            assert!(is_cut || unheard.is_empty(), "{mishap:?}: {unheard:?}");
        }
    }
}

#[tokio::test]
async fn a_server_that_resets_everything_is_given_up() {
    let authority = Authority::new();
    let asked = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&asked);
    let registry = Settings::new().start_h2(&authority, move |_| {
        seen.fetch_add(1, Ordering::SeqCst);
        Mishap::Reset
    });
    let client = trusting(&[authority.pem()]);
    let error = ask(&client, &registry).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Unavailable, "{error}");
    assert!(asked.load(Ordering::SeqCst) <= 5);
}
