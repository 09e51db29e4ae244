use duat_registry::media::OCI_INDEX;
use duat_registry::{Digest, Handle, Kind};
use duat_tests::image::{Content, Image, media};
use duat_tests::registry::{Fault, Registry, Settings};

use crate::scene::{manifest, remote, repository, stranger, tag};

const EMPTY: &str =
    r#"{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}"#;

#[tokio::test]
async fn a_manifest_is_found_with_one_request_and_read_with_one() {
    let registry = Registry::start();
    let image = Image::index("app", 2, 3);
    registry.push_image("acme/app", "1", &image);
    let client = stranger();
    let remote = remote(&client, &registry, "acme/app");
    let found = remote.find_manifest(&tag("1")).await.unwrap().unwrap();
    assert_eq!(found.digest.to_string(), image.digest());
    assert_eq!(found.size, image.root().bytes.len() as u64);
    assert_eq!(found.media_type, OCI_INDEX);
    let read = remote.manifest(&tag("1")).await.unwrap();
    assert_eq!(read.bytes(), &image.root().bytes[..]);
    assert_eq!(registry.requests().len(), 2);
    assert_eq!(client.counts().requests, 2);
    assert_eq!(client.counts().received, found.size);
}

#[tokio::test]
async fn what_is_not_there_takes_one_request() {
    let registry = Registry::start();
    registry.push_image("acme/app", "1", &Image::single("app", 1));
    let client = stranger();
    let app = remote(&client, &registry, "acme/app");
    assert_eq!(app.find_manifest(&tag("2")).await.unwrap(), None);
    let nothing = remote(&client, &registry, "acme/nothing");
    assert_eq!(nothing.find_manifest(&tag("2")).await.unwrap(), None);
    assert_eq!(registry.requests().len(), 2);
    let error = app.manifest(&tag("2")).await.unwrap_err();
    assert_eq!(error.kind(), Kind::NotFound);
    let expected = format!(
        "failed to read manifest `{}/acme/app:2`: 404 Not Found: MANIFEST_UNKNOWN",
        registry.host()
    );
    assert!(error.to_string().starts_with(&expected), "{error}");
}

#[tokio::test]
async fn a_registry_that_names_no_digest_is_read() {
    let registry = Settings::new().without_digest_header().start();
    let image = Image::single("app", 1);
    registry.push_image("acme/app", "1", &image);
    let client = stranger();
    let found = remote(&client, &registry, "acme/app")
        .find_manifest(&tag("1"))
        .await
        .unwrap();
    assert_eq!(found.unwrap().digest.to_string(), image.digest());
    assert_eq!(registry.requests().count("GET", "/manifests/"), 1);
}

#[tokio::test]
async fn a_wrong_digest_is_noticed_wherever_it_is() {
    let registry = Registry::start();
    let image = Image::single("app", 1);
    registry.push_image("acme/app", "1", &image);
    let client = stranger();
    let remote = remote(&client, &registry, "acme/app");
    let wrong = Digest::of(b"wrong");
    registry.fault(
        Fault::on("GET", "/manifests/1").replaces("docker-content-digest", &wrong.to_string()),
    );
    let error = remote.manifest(&tag("1")).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Verification);
    let by_digest = Handle::Digest(image.digest().parse().unwrap());
    registry.fault(Fault::on("GET", "/manifests/sha256").body(EMPTY));
    let error = remote.manifest(&by_digest).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Verification);
    registry.fault(
        Fault::on("PUT", "/manifests/").replaces("docker-content-digest", &wrong.to_string()),
    );
    let error = remote
        .put_manifest(&manifest(EMPTY), &tag("2"))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), Kind::Verification);
}

#[tokio::test]
async fn an_endless_manifest_is_cut_off() {
    let registry = Registry::start();
    registry.push_image("acme/app", "1", &Image::single("app", 1));
    registry.fault(Fault::on("GET", "/manifests/").endless());
    let client = stranger();
    let error = remote(&client, &registry, "acme/app")
        .manifest(&tag("1"))
        .await
        .unwrap_err();
    assert!(
        matches!(error.kind(), Kind::Protocol | Kind::Verification),
        "{error}"
    );
    assert!(client.counts().received < 16 << 20);
}

#[tokio::test]
async fn schema_1_is_refused_by_name() {
    let registry = Registry::start();
    let old = Content::new(media::SCHEMA1, &br#"{"schemaVersion":1,"fsLayers":[]}"#[..]);
    registry.put_manifest("acme/app", "1", &old);
    let client = stranger();
    let error = remote(&client, &registry, "acme/app")
        .manifest(&tag("1"))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), Kind::Unsupported);
    assert!(error.to_string().contains("schema 1"), "{error}");
}

#[tokio::test]
async fn a_manifest_is_put_as_it_is() {
    let registry = Settings::new().without_manifest_location().start();
    registry.create_repository("acme/app");
    let client = stranger();
    let remote = remote(&client, &registry, "acme/app");
    let manifest = manifest(EMPTY);
    remote
        .put_manifest(&manifest, &manifest.digest().into())
        .await
        .unwrap();
    remote.put_manifest(&manifest, &tag("1")).await.unwrap();
    let digest = manifest.digest().to_string();
    assert_eq!(registry.tag("acme/app", "1").as_deref(), Some(&*digest));
    assert_eq!(
        registry.manifest("acme/app", &digest).unwrap().text(),
        EMPTY
    );
    assert_eq!(registry.requests().len(), 2);
}

#[tokio::test]
async fn a_tag_that_must_not_move_and_is_right_is_no_failure() {
    let registry = Settings::new().immutable(&[]).start();
    let client = stranger();
    let remote = remote(&client, &registry, "acme/app");
    let first = manifest(EMPTY);
    remote.put_manifest(&first, &tag("1")).await.unwrap();
    remote.put_manifest(&first, &tag("1")).await.unwrap();
    let other = manifest(&EMPTY.replace("[]", "[ ]"));
    let error = remote.put_manifest(&other, &tag("1")).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Immutable, "{error}");
}

#[tokio::test]
async fn a_manifest_is_deleted_where_that_can_be() {
    let registry = Registry::start();
    registry.push_image("acme/app", "1", &Image::single("app", 1));
    let client = stranger();
    let remote = remote(&client, &registry, "acme/app");
    remote.delete_manifest(&tag("1")).await.unwrap();
    assert_eq!(registry.tag("acme/app", "1"), None);
    let error = remote.delete_manifest(&tag("1")).await.unwrap_err();
    assert_eq!(error.kind(), Kind::NotFound);
    // as distribution 2.8 does, which knows digests only
    let fault = Fault::on("DELETE", "/manifests/").times(1);
    registry.fault(fault.refuses(400, "DIGEST_INVALID", "provided digest did not match"));
    let error = remote.delete_manifest(&tag("1")).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Unsupported, "{error}");
    registry.change(Settings::without_deletes);
    let error = remote.delete_manifest(&tag("1")).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Unsupported, "{error}");
}

#[tokio::test]
async fn tags_are_listed_to_the_last_page() {
    let registry = Settings::new().page(2).start();
    let image = Image::single("app", 1);
    for tag in ["1", "2", "3", "4", "5"] {
        registry.push_image("acme/app", tag, &image);
    }
    let client = stranger();
    let tags = remote(&client, &registry, "acme/app").tags().await.unwrap();
    assert_eq!(tags, ["1", "2", "3", "4", "5"]);
    assert_eq!(registry.requests().len(), 3);
}

#[tokio::test]
async fn a_list_without_end_is_ended() {
    let registry = Registry::start();
    registry.push_image("acme/app", "1", &Image::single("app", 1));
    registry.fault(
        Fault::on("GET", "/tags/list")
            .replaces("link", r#"</v2/acme/app/tags/list?n=1>; rel="next""#),
    );
    let client = stranger();
    let error = remote(&client, &registry, "acme/app")
        .tags()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), Kind::Protocol);
    assert_eq!(registry.requests().len(), 2);
}

#[tokio::test]
async fn what_a_registry_warns_of_is_kept_once() {
    let registry = Registry::start();
    registry.push_image("acme/app", "1", &Image::single("app", 1));
    registry.fault(Fault::on("*", "/v2/").header("warning", r#"299 - "gone in May""#));
    let client = stranger();
    let remote = remote(&client, &registry, "acme/app");
    remote.manifest(&tag("1")).await.unwrap();
    remote.manifest(&tag("1")).await.unwrap();
    assert_eq!(client.warnings(), ["gone in May"]);
}

#[tokio::test]
async fn a_registry_that_is_not_there_is_said_so() {
    let registry = Registry::start();
    let repository = repository(&registry, "acme/app");
    drop(registry);
    let client = stranger();
    let remote = client.remote(&repository, duat_registry::client::Access::Pull);
    let error = remote.manifest(&tag("1")).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Unavailable);
    assert!(error.to_string().ends_with("no connection"), "{error}");
    assert_eq!(client.counts().requests, 2, "one more try");
}
