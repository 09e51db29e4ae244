use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use duat_registry::blob::{BlobSource, Pushed};
use duat_registry::client::Client;
use duat_registry::remote::{Remote, RemoteBlob};
use duat_registry::{Descriptor, Error, Kind};
use duat_tests::image::{Content, Image};
use duat_tests::registry::{Credentials, Fault, Location, Mounts, Origin, Registry, Settings};
use futures_util::StreamExt;

use crate::scene::{basic, blob, client, hasty, remote, repository, stranger};

const BIG: usize = 9 << 20;

async fn read(remote: &Remote, descriptor: &Descriptor) -> Result<Bytes, Error> {
    let mut stream = remote.blob(descriptor).await?;
    let mut all = BytesMut::new();
    while let Some(piece) = stream.next().await {
        all.extend_from_slice(&piece?);
    }
    Ok(all.freeze())
}

fn holding(settings: Settings, size: usize) -> (Registry, Bytes, Descriptor) {
    let registry = settings.start();
    let (bytes, descriptor) = blob(size);
    registry.put_blob("acme/app", &Content::new("a/b", &bytes[..]));
    (registry, bytes, descriptor)
}

async fn push(client: &Client, registry: &Registry, size: usize) -> Result<Pushed, Error> {
    let (bytes, descriptor) = blob(size);
    let remote = remote(client, registry, "acme/app");
    let pushed = remote.put_blob(&descriptor, None, &bytes).await;
    if pushed.is_ok() {
        assert!(registry.has_blob("acme/app", &descriptor.digest.to_string()));
    }
    assert_eq!(registry.open_sessions(), 0, "no session is left");
    pushed
}

#[tokio::test]
async fn a_blob_comes_whole() {
    for size in [0, 1, 70_000] {
        let (registry, bytes, descriptor) = holding(Settings::new(), size);
        let client = stranger();
        let remote = remote(&client, &registry, "acme/app");
        assert_eq!(read(&remote, &descriptor).await.unwrap(), bytes);
        assert_eq!(
            remote.find_blob(&descriptor.digest).await.unwrap(),
            Some(size as u64)
        );
        assert_eq!(registry.requests().len(), 2);
        let other = blob(5).1.digest;
        assert_eq!(remote.find_blob(&other).await.unwrap(), None);
    }
}

#[tokio::test]
async fn storage_elsewhere_sees_no_credentials() {
    let (registry, bytes, descriptor) = holding(Settings::ecr("pass"), 1000);
    let client = client(hasty(), basic(&registry, "AWS", "pass", true));
    let remote = remote(&client, &registry, "acme/app");
    assert_eq!(read(&remote, &descriptor).await.unwrap(), bytes);
    let asked = registry.requests().to(Origin::Storage);
    assert_eq!(asked.len(), 1);
    assert_eq!(asked[0].credentials, Credentials::None);
}

#[tokio::test]
async fn a_signed_url_that_ran_out_is_signed_again() {
    let (registry, bytes, descriptor) = holding(Settings::new().blobs_elsewhere(), 1000);
    registry.fault(Fault::on("GET", "X-Amz").times(1).answers(403));
    let client = stranger();
    let remote = remote(&client, &registry, "acme/app");
    match read(&remote, &descriptor).await {
        Ok(read) => assert_eq!(read, bytes),
        Err(error) => panic!("{error}\n{}", registry.requests()),
    }
}

#[tokio::test]
async fn a_blob_that_breaks_off_is_taken_up_at_the_registry() {
    let (registry, bytes, descriptor) = holding(Settings::new().blobs_elsewhere(), BIG);
    registry.fault(Fault::on("GET", "/v2/").times(0).cut_after(1));
    for cut in [1, 100_000, 8 << 20] {
        registry.fault(Fault::on("GET", "").skip(1).times(1).cut_after(cut));
    }
    let client = stranger();
    let remote = remote(&client, &registry, "acme/app");
    assert_eq!(read(&remote, &descriptor).await.unwrap(), bytes);
    let ranges = registry.requests();
    let ranges = ranges
        .iter()
        .filter(|request| request.header("range").is_some());
    assert!(ranges.count() >= 2, "{}", registry.requests());
}

#[tokio::test]
async fn a_blob_that_stalls_is_given_up_and_taken_up() {
    let (registry, bytes, descriptor) = holding(Settings::new(), 1000);
    let stall = Duration::from_secs(20);
    registry.fault(
        Fault::on("GET", "/blobs/")
            .times(1)
            .stalls_after(500, stall),
    );
    let mut settings = hasty();
    settings.idle = Duration::from_millis(200);
    let client = client(settings, duat_registry::credential::Anonymous);
    let remote = remote(&client, &registry, "acme/app");
    assert_eq!(read(&remote, &descriptor).await.unwrap(), bytes);
}

#[tokio::test]
async fn other_bytes_are_noticed_before_the_last_of_them() {
    let (registry, bytes, descriptor) = holding(Settings::new(), 1000);
    let client = stranger();
    let remote = remote(&client, &registry, "acme/app");
    let mut wrong = bytes.to_vec();
    wrong[999] ^= 1;
    registry.fault(Fault::on("GET", "/blobs/").body(wrong));
    let mut stream = remote.blob(&descriptor).await.unwrap();
    let mut seen = 0;
    let error = loop {
        match stream.next().await.unwrap() {
            Ok(piece) => seen += piece.len(),
            Err(error) => break error,
        }
    };
    assert_eq!(error.kind(), Kind::Verification);
    assert!(seen < 1000, "{seen}");
    registry.heal();
    registry.fault(Fault::on("GET", "/blobs/").body("short"));
    let error = read(&remote, &descriptor).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Verification, "{error}");
}

#[tokio::test]
async fn a_blob_is_sent_with_two_requests() {
    for size in [0, 1, BIG] {
        let registry = Registry::start();
        let client = stranger();
        assert_eq!(
            push(&client, &registry, size).await.unwrap(),
            Pushed::Uploaded
        );
        assert_eq!(registry.requests().len(), 2, "{}", registry.requests());
        assert_eq!(client.counts().sent, size as u64);
    }
}

#[tokio::test]
async fn an_upload_goes_on_wherever_the_registry_says() {
    for location in [Location::Absolute, Location::Path, Location::Stateful] {
        for settings in [Settings::new(), Settings::new().put_limit(1000)] {
            let registry = settings.location(location.clone()).start();
            let pushed = push(&stranger(), &registry, BIG).await;
            assert!(
                pushed.is_ok(),
                "{location:?}: {pushed:?}\n{}",
                registry.requests()
            );
        }
    }
    let registry = Settings::new().location(Location::Missing).start();
    let (bytes, descriptor) = blob(10);
    let client = stranger();
    let remote = remote(&client, &registry, "acme/app");
    let error = remote
        .put_blob(&descriptor, None, &bytes)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), Kind::Protocol);
}

#[tokio::test]
async fn a_blob_is_sent_in_chunks_only_where_it_must_be() {
    let ghcr = Settings::new().put_limit(1 << 20).chunk_limit(4 << 20);
    let least = Settings::new().put_limit(1 << 20).least_chunk(6 << 20);
    let ecr = Settings::new()
        .put_limit(1 << 20)
        .patch_status(201)
        .stuck_range();
    for (settings, chunks) in [(ghcr, 3), (least, 2), (ecr, 3)] {
        let registry = settings.start();
        push(&stranger(), &registry, BIG).await.unwrap();
        let patches = registry.requests().count("PATCH", "");
        assert_eq!(patches, chunks, "{}", registry.requests());
    }
}

#[tokio::test]
async fn each_attempt_is_a_session_of_its_own() {
    let registry = Registry::start();
    registry.fault(
        Fault::on("PUT", "/blobs/uploads/")
            .times(1)
            .breaks_after(4096),
    );
    push(&stranger(), &registry, BIG).await.unwrap();
    assert_eq!(registry.requests().count("POST", "/blobs/uploads/"), 2);
    let registry = Registry::start();
    registry.fault(Fault::on("PUT", "/blobs/uploads/").times(1).refuses(
        416,
        "BLOB_UPLOAD_INVALID",
        "First byte of the layer part is 0 instead of 5",
    ));
    push(&stranger(), &registry, 1000).await.unwrap();
    assert_eq!(registry.requests().count("DELETE", "/blobs/uploads/"), 1);
}

#[tokio::test]
async fn bytes_that_are_not_the_blob_are_never_accepted() {
    let registry = Registry::start();
    let client = stranger();
    let remote = remote(&client, &registry, "acme/app");
    let (_, descriptor) = blob(1000);
    for wrong in [vec![0; 1000], vec![0; 999], vec![0; 1001], vec![]] {
        let wrong = Bytes::from(wrong);
        let error = remote
            .put_blob(&descriptor, None, &wrong)
            .await
            .unwrap_err();
        assert_eq!(error.kind(), Kind::Verification, "{error}");
    }
    assert_eq!(registry.open_sessions(), 0);
    assert!(!registry.has_blob("acme/app", &descriptor.digest.to_string()));
}

#[tokio::test]
async fn a_blob_is_mounted_where_the_registry_has_it() {
    for (mounts, pushed, requests) in [
        (Mounts::Always, Pushed::Mounted, 1),
        (Mounts::Never, Pushed::Uploaded, 2),
        (Mounts::Refused(400), Pushed::Uploaded, 3),
        (Mounts::Refused(403), Pushed::Uploaded, 3),
    ] {
        let registry = Settings::new().mounts(mounts).start();
        let (bytes, descriptor) = blob(1000);
        registry.put_blob("acme/base", &Content::new("a/b", &bytes[..]));
        let client = stranger();
        let from = repository(&registry, "acme/base");
        let remote = remote(&client, &registry, "acme/app").mounting_from([&from]);
        let done = remote
            .put_blob(&descriptor, Some(&from), &bytes)
            .await
            .unwrap();
        assert_eq!(done, pushed);
        assert_eq!(
            registry.requests().len(),
            requests,
            "{}",
            registry.requests()
        );
    }
}

#[tokio::test]
async fn a_blob_streams_from_one_registry_to_the_next() {
    let (source, _, descriptor) = holding(Settings::new(), BIG);
    let target = Registry::start();
    let client = stranger();
    let from = RemoteBlob {
        remote: remote(&client, &source, "acme/app"),
        descriptor: descriptor.clone(),
    };
    source.fault(Fault::on("GET", "/blobs/").times(1).cut_after(5 << 20));
    let to = remote(&client, &target, "acme/app");
    to.put_blob(&descriptor, None, &from).await.unwrap();
    assert_eq!(
        target.requests().len(),
        2,
        "what breaks at the source is mended there"
    );
    assert_eq!(source.requests().len(), 2);
}

#[tokio::test]
async fn a_source_that_is_gone_is_the_failure() {
    let (source, _, descriptor) = holding(Settings::new(), 1000);
    source.remove("acme/app", &descriptor.digest.to_string());
    let target = Registry::start();
    let client = stranger();
    let from = RemoteBlob {
        remote: remote(&client, &source, "acme/app"),
        descriptor: descriptor.clone(),
    };
    let to = remote(&client, &target, "acme/app");
    let error = to.put_blob(&descriptor, None, &from).await.unwrap_err();
    assert!(error.to_string().contains(&source.host()), "{error}");
    assert_eq!(error.kind(), Kind::NotFound);
    assert_eq!(target.open_sessions(), 0);
}

#[tokio::test]
async fn a_password_that_expires_before_an_upload_costs_one_session() {
    let registry = Settings::ecr("pass").start();
    registry.create_repository("acme/app");
    registry.fault(Fault::on("PUT", "/blobs/uploads/").times(1).refuses(
        403,
        "DENIED",
        "Your authorization token has expired. Reauthenticate and try again.",
    ));
    let client = client(hasty(), basic(&registry, "AWS", "pass", true));
    push(&client, &registry, 1000).await.unwrap();
    assert_eq!(registry.requests().count("POST", "/blobs/uploads/"), 2);
}

#[tokio::test]
async fn a_missing_repository_is_named() {
    let registry = Settings::ecr("pass").start();
    let client = client(hasty(), basic(&registry, "AWS", "pass", true));
    let error = push(&client, &registry, 10).await.unwrap_err();
    assert_eq!(error.kind(), Kind::NoRepository);
}

/// Never gives a byte.
struct Silent;

impl BlobSource for Silent {
    fn open(
        &self,
    ) -> futures_util::future::BoxFuture<'_, Result<duat_registry::blob::BlobStream, Error>> {
        let stream: duat_registry::blob::BlobStream = Box::pin(futures_util::stream::pending());
        Box::pin(async { Ok(stream) })
    }
}

#[tokio::test]
async fn an_upload_in_which_nothing_moves_comes_to_an_end() {
    let registry = Registry::start();
    let mut settings = hasty();
    settings.idle = Duration::from_millis(100);
    settings.settle = Duration::from_millis(100);
    settings.retries = 0;
    let client = client(settings, duat_registry::credential::Anonymous);
    let remote = remote(&client, &registry, "acme/app");
    let error = remote
        .put_blob(&blob(1000).1, None, &Silent)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), Kind::Unavailable, "{error}");
}

#[tokio::test]
async fn uploads_that_nobody_waits_for_can_be_given_up() {
    let registry = Registry::start();
    let client = stranger();
    let to = remote(&client, &registry, "acme/app");
    let (_, descriptor) = blob(1000);
    let begun = tokio::time::timeout(
        Duration::from_millis(300),
        to.put_blob(&descriptor, None, &Silent),
    );
    assert!(begun.await.is_err());
    assert_eq!(registry.open_sessions(), 1);
    assert!(client.cancel_uploads().await.is_empty());
    assert_eq!(registry.open_sessions(), 0);
}

#[tokio::test]
async fn an_upload_whose_opening_was_not_answered_is_given_up_too() {
    let registry = Registry::start();
    let late = Duration::from_millis(400);
    registry.fault(Fault::on("POST", "/blobs/uploads/").delays(late));
    let client = stranger();
    let to = remote(&client, &registry, "acme/app");
    let (bytes, descriptor) = blob(1000);
    let hasty = Duration::from_millis(100);
    let begun = tokio::time::timeout(hasty, to.put_blob(&descriptor, None, &bytes));
    assert!(begun.await.is_err());
    assert!(client.cancel_uploads().await.is_empty());
    assert_eq!(registry.open_sessions(), 0);
    assert_eq!(registry.requests().count("DELETE", "/blobs/uploads/"), 1);
}

#[tokio::test]
async fn an_upload_is_not_given_up_for_ever() {
    let registry = Registry::start();
    let late = Duration::from_mins(1);
    registry.fault(Fault::on("DELETE", "/blobs/uploads/").delays(late));
    let mut settings = hasty();
    settings.idle = late;
    settings.settle = late;
    let client = client(settings, duat_registry::credential::Anonymous);
    let to = remote(&client, &registry, "acme/app");
    let (_, descriptor) = blob(1000);
    let hasty = Duration::from_millis(300);
    let begun = tokio::time::timeout(hasty, to.put_blob(&descriptor, None, &Silent));
    assert!(begun.await.is_err());
    let cancelled = tokio::time::timeout(late / 2, client.cancel_uploads()).await;
    let errors = cancelled.unwrap();
    let kinds: Vec<Kind> = errors.iter().map(duat_registry::Error::kind).collect();
    assert_eq!(kinds, [Kind::Unavailable], "{errors:?}");
}

#[tokio::test]
async fn an_upload_follows_where_it_is_sent_and_shows_nobody_else_who_we_are() {
    // in one piece, in chunks, and nothing at all
    for (settings, size) in [
        (Settings::new(), BIG),
        (Settings::new().put_limit(1 << 20), BIG),
        (Settings::new(), 0),
    ] {
        let settings = settings.uploads_elsewhere().basic("ada", "pass");
        let registry = settings.start();
        let client = client(hasty(), basic(&registry, "ada", "pass", false));
        push(&client, &registry, size).await.unwrap();
        let requests = registry.requests();
        let elsewhere = requests.to(Origin::Storage);
        assert!(!elsewhere.is_empty(), "{requests}");
        for request in elsewhere.iter() {
            assert_eq!(request.credentials, Credentials::None, "{requests}");
        }
    }
}

#[tokio::test]
async fn an_upload_that_is_sent_round_and_round_comes_to_an_end() {
    let registry = Registry::start();
    let place = registry.url("/v2/acme/app/blobs/uploads/round");
    let fault = Fault::on("PUT", "/blobs/uploads/").answers(307);
    registry.fault(fault.header("location", &place));
    let (bytes, descriptor) = blob(1000);
    let client = stranger();
    let remote = remote(&client, &registry, "acme/app");
    let put = remote.put_blob(&descriptor, None, &bytes).await;
    assert_eq!(put.unwrap_err().kind(), Kind::Protocol);
    assert_eq!(registry.open_sessions(), 0);
    assert!(registry.requests().count("PUT", "") <= 6);
}

#[tokio::test]
async fn all_blobs_of_an_image_can_go_at_once() {
    let source = Registry::start();
    let image = Arc::new(Image::index("app", 2, 12));
    source.push_image("acme/app", "1", &image);
    // one host for both ends: reading must never wait for writing
    let client = stranger();
    let from = remote(&client, &source, "acme/app");
    let to = remote(&client, &source, "acme/copy");
    let blobs = image.blobs.iter().map(|content| {
        let size = content.bytes.len() as u64;
        Descriptor::new("a/b", content.digest.parse().unwrap(), size)
    });
    let all = blobs.map(|descriptor| {
        let (from, to) = (from.clone(), to.clone());
        async move {
            let blob = RemoteBlob {
                remote: from,
                descriptor: descriptor.clone(),
            };
            to.put_blob(&descriptor, None, &blob).await
        }
    });
    for outcome in futures_util::future::join_all(all).await {
        outcome.unwrap();
    }
}
