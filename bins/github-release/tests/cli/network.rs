//! The way to GitHub: certificates, proxies, and the hosts that the token may go to.

use duat_tests::Call;
use duat_tests::github::{GitHub, Route};
use duat_tests::http::Authority;
use duat_tests::relay::Relay;

use crate::{REPOSITORY, scene_of, stage};

/// GitHub with data residency.
const RESIDENCE: &str = "acme.ghe.com";

#[test]
fn a_private_authority_is_trusted_on_request_only() {
    let scene = scene_of("1.2.3");
    let authority = Authority::new();
    let github = GitHub::secure(&authority);
    github.repository(REPOSITORY).push(&scene);
    github
        .call(&scene, ["dist/*"])
        .run()
        .fails(1)
        .says("its certificate cannot be trusted")
        .says("with `--cacert`.")
        .conceals(GitHub::TOKEN);
    scene.write("authority.pem", authority.pem());
    github
        .call(&scene, ["dist/*", "--cacert", "authority.pem"])
        .run()
        .prints("1.2.3\n");
    github
        .call(&scene, ["verify", "--download", "dist/*"])
        .env("DUAT_GITHUB_RELEASE_CACERT", "authority.pem")
        .run()
        .succeeds();
    // the system's own way to say so
    github
        .call(&scene, ["dist/*"])
        .env("SSL_CERT_FILE", scene.path("authority.pem"))
        .run()
        .prints("1.2.3\n");
    for (file, code, fragment) in [
        ("nope.pem", 5, "`nope.pem`"),
        ("README.md", 1, "it holds no certificate"),
    ] {
        let arguments = ["dist/*", "--cacert", file];
        github
            .call(&scene, arguments)
            .run()
            .fails(code)
            .says(fragment);
    }
}

/// Leaves the API's address to be found by the remote's host.
fn by_remote<'scene>(call: Call<'scene>, proxy: &Relay) -> Call<'scene> {
    call.without_env("GITHUB_API_URL")
        .env("HTTPS_PROXY", format!("http://{}", proxy.address()))
}

#[test]
fn a_proxy_leads_to_the_api_and_the_upload_host_of_a_residence() {
    let scene = scene_of("1.2.3");
    let remote = format!("git@{RESIDENCE}:{REPOSITORY}.git");
    scene.git(["remote", "set-url", "origin", &remote]);
    let authority = Authority::new();
    let github = GitHub::residing_at(RESIDENCE, &authority);
    github.repository(REPOSITORY).push(&scene);
    scene.write("authority.pem", authority.pem());
    let names = ["api", "uploads"].map(|part| format!("{part}.{RESIDENCE}:443"));
    let servers = names
        .each_ref()
        .map(|name| (name.as_str(), github.socket()));
    let proxy = Relay::proxy(&servers);
    let arguments = ["dist/*", "--cacert", "authority.pem"];
    let call = by_remote(github.call(&scene, arguments), &proxy);
    call.run().prints("1.2.3\n").conceals(GitHub::TOKEN);
    assert!(proxy.connections() > 0);
    assert_eq!(github.count(Route::Upload), 2, "{}", github.trace());
    let release = github.repository(REPOSITORY).release();
    assert!(!release.draft);
    // a proxy that knows the way to nobody
    let proxy = Relay::proxy(&[]);
    let call = by_remote(github.call(&scene, arguments), &proxy);
    call.run().fails(6).prints_nothing().conceals(GitHub::TOKEN);
}

#[test]
fn hosts_that_need_no_proxy_are_gone_to_directly() {
    let (scene, github) = stage();
    let nobody = Relay::proxy(&[]);
    let proxy = format!("http://{}", nobody.address());
    github
        .call(&scene, ["dist/*"])
        .env("HTTP_PROXY", &proxy)
        .run()
        .fails(6);
    assert!(nobody.connections() > 0);
    assert!(github.exchanges().is_empty(), "{}", github.trace());
    let before = nobody.connections();
    github
        .call(&scene, ["dist/*"])
        .env("HTTP_PROXY", &proxy)
        .env("NO_PROXY", "example.com,127.0.0.1")
        .run()
        .prints("1.2.3\n");
    assert_eq!(nobody.connections(), before);
}

#[test]
fn an_upload_host_that_is_not_the_apis_gets_neither_bytes_nor_token() {
    let scene = scene_of("1.2.3");
    let stranger = GitHub::start();
    for base in [
        "https://uploads.example.com".to_owned(),
        stranger.api_url().replace("127.0.0.1", "127.0.0.2"),
    ] {
        let github = GitHub::uploads_at(&base);
        github.repository(REPOSITORY).push(&scene);
        let outcome = github.call(&scene, ["dist/*"]).run();
        outcome
            .fails(3)
            .says("refused to send assets to")
            .conceals(GitHub::TOKEN);
        assert!(github.repository(REPOSITORY).release().draft);
    }
    assert!(stranger.exchanges().is_empty(), "{}", stranger.trace());
}

#[test]
fn bytes_are_not_read_from_a_store_without_encryption() {
    let scene = scene_of("1.2.3");
    let github = GitHub::uploads_at("http://store.example.com");
    let repository = github.repository(REPOSITORY).push(&scene);
    repository.published("1.2.3", &[("notes.txt", b"some text\n")]);
    let arguments = ["verify", "--download"];
    let outcome = github.call(&scene, arguments).run();
    outcome
        .fails(1)
        .prints_nothing()
        .says("failed to download `notes.txt`: a redirect to an address without TLS")
        .conceals(GitHub::TOKEN);
}

#[test]
fn an_upload_address_that_is_none_is_said() {
    let scene = scene_of("1.2.3");
    let github = GitHub::uploads_at("nowhere");
    github.repository(REPOSITORY).push(&scene);
    let outcome = github.call(&scene, ["dist/*"]).run();
    outcome
        .fails(1)
        .prints_nothing()
        .says("failed to find where assets are sent: GitHub's answer names no address");
    assert!(github.repository(REPOSITORY).release().draft);
}
