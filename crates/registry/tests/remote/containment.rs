use duat_registry::Kind;
use duat_registry::client::{Access, Client};
use duat_registry::credential::Anonymous;
use duat_registry::remote::Remote;
use duat_tests::image::Image;
use duat_tests::registry::{Fault, Location, Registry, Settings, Tokens};

use crate::scene::{blob, client, hasty, tag};

/// Returns the registry under a public name, and a client that finds it there.
fn public(registry: &Registry, trusted: &[&str]) -> (Client, Remote) {
    let port = registry.address().port();
    let mut settings = hasty();
    settings.addresses = vec![("registry.example".to_owned(), registry.address())];
    settings.plain_http = [format!("registry.example:{port}").parse().unwrap()].into();
    settings.trusted_hosts = trusted.iter().map(|host| (*host).to_owned()).collect();
    let client = client(settings, Anonymous);
    let repository = format!("registry.example:{port}/acme/app").parse().unwrap();
    let remote = client.remote(&repository, Access::Push);
    (client, remote)
}

#[tokio::test]
async fn a_public_registry_has_no_token_server_inside() {
    let tokens = Tokens::for_user("user", "pass").grant("", "*", "pull,push");
    let registry = Settings::new().bearer(tokens).start();
    registry.push_image("acme/app", "1", &Image::single("app", 1));
    let (_, remote) = public(&registry, &[]);
    let error = remote.manifest(&tag("1")).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Contained, "{error}");
    assert!(error.to_string().contains("private address"), "{error}");
    assert_eq!(registry.requests().len(), 1);
    let (_, remote) = public(&registry, &["127.0.0.1"]);
    remote.manifest(&tag("1")).await.unwrap();
}

#[tokio::test]
async fn a_public_registry_does_not_redirect_inside() {
    let registry = Settings::new().start();
    registry.push_image("acme/app", "1", &Image::single("app", 1));
    let (_, remote) = public(&registry, &[]);
    registry.fault(
        Fault::on("GET", "/manifests/")
            .answers(307)
            .header("location", "http://169.254.169.254/x"),
    );
    let error = remote.manifest(&tag("1")).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Contained, "{error}");
    assert_eq!(registry.requests().len(), 1);
}

#[tokio::test]
async fn a_public_registry_does_not_take_uploads_inside() {
    for place in [
        "http://127.0.0.1:1/u",
        "http://[::1]:1/u",
        "http://10.0.0.1/u",
        "ftp://x/u",
    ] {
        let location = Location::Literal(place.to_owned());
        let registry = Settings::new().location(location).start();
        let (_, remote) = public(&registry, &[]);
        let (bytes, descriptor) = blob(10);
        let error = remote
            .put_blob(&descriptor, None, &bytes)
            .await
            .unwrap_err();
        assert_eq!(error.kind(), Kind::Contained, "{place}: {error}");
    }
}

#[tokio::test]
async fn redirects_have_an_end() {
    let registry = Settings::new().start();
    registry.push_image("acme/app", "1", &Image::single("app", 1));
    registry.fault(
        Fault::on("GET", "/manifests/")
            .answers(307)
            .header("location", "/v2/acme/app/manifests/1"),
    );
    let (_, remote) = public(&registry, &[]);
    let error = remote.manifest(&tag("1")).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Protocol, "{error}");
    assert_eq!(registry.requests().len(), 6);
}
