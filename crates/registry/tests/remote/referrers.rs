use duat_registry::{Digest, Kind};
use duat_tests::image::{Image, Recipe};
use duat_tests::registry::{Referrers, Registry, Settings};

use crate::scene::{remote, stranger, tag};

fn signed() -> Image {
    Recipe::new("app")
        .referrer("a/signature")
        .referrer("a/sbom")
        .make()
}

async fn listed(registry: &Registry, image: &Image, wanted: Option<&str>) -> (Vec<String>, bool) {
    let client = stranger();
    let digest: Digest = image.digest().parse().unwrap();
    let remote = remote(&client, registry, "acme/app");
    let referrers = remote.referrers(&digest, wanted).await.unwrap();
    assert_eq!(referrers.manifests.len(), referrers.contents.len());
    let types = referrers
        .manifests
        .into_iter()
        .map(|entry| entry.artifact_type.unwrap());
    let mut types: Vec<String> = types.collect();
    types.sort();
    (types, referrers.kept_by_registry)
}

#[tokio::test]
async fn referrers_are_listed_by_the_registry_or_under_the_fallback_tag() {
    let image = signed();
    for (referrers, kept) in [
        (Referrers::On, true),
        (Referrers::Off, false),
        (Referrers::Claimed, false),
    ] {
        for page in [1, 1000] {
            let registry = Settings::new().referrers(referrers).page(page).start();
            registry.push_image("acme/app", "1", &image);
            let (types, by_registry) = listed(&registry, &image, None).await;
            assert_eq!(types, ["a/sbom", "a/signature"], "{referrers:?}");
            assert_eq!(by_registry, kept);
            assert_eq!(
                listed(&registry, &image, Some("a/sbom")).await.0,
                ["a/sbom"]
            );
        }
    }
}

#[tokio::test]
async fn an_image_is_not_taken_for_the_list_of_who_refers_to_it() {
    let registry = Settings::new().referrers(Referrers::Foreign).start();
    let image = Image::index("app", 2, 1);
    registry.push_image("acme/app", "1", &image);
    assert_eq!(
        listed(&registry, &image, None).await.0,
        Vec::<String>::new()
    );
}

#[tokio::test]
async fn a_list_that_the_registry_does_not_keep_is_kept_for_it() {
    let registry = Settings::new().referrers(Referrers::Off).start();
    let image = signed();
    let client = stranger();
    let remote = remote(&client, &registry, "acme/app");
    for content in image
        .blobs
        .iter()
        .chain(&image.manifests)
        .chain(&image.referrers)
    {
        let is_blob = image.blobs.contains(content);
        if is_blob {
            registry.put_blob("acme/app", content);
        } else {
            registry.put_manifest("acme/app", &content.digest, content);
        }
    }
    let subject: Digest = image.digest().parse().unwrap();
    for content in &image.referrers {
        let digest: Digest = content.digest.parse().unwrap();
        let manifest = remote.manifest(&digest.into()).await.unwrap();
        let put = remote
            .put_manifest(&manifest, &manifest.digest().into())
            .await
            .unwrap();
        assert!(!put.subject_noticed);
        remote
            .list_referrer(&subject, &manifest.descriptor())
            .await
            .unwrap();
        // again changes nothing
        remote
            .list_referrer(&subject, &manifest.descriptor())
            .await
            .unwrap();
    }
    let index = remote
        .manifest(&tag(&subject.fallback_tag()))
        .await
        .unwrap();
    assert_eq!(index.manifests().len(), 2);
    assert_eq!(
        listed(&registry, &image, None).await.0,
        ["a/sbom", "a/signature"]
    );
    let writes = registry.requests().count("PUT", &subject.fallback_tag());
    assert_eq!(writes, 2);
}

#[tokio::test]
async fn a_registry_that_notices_a_subject_is_believed() {
    let registry = Registry::start();
    let image = signed();
    registry.push_image("acme/app", "1", &image);
    let client = stranger();
    let remote = remote(&client, &registry, "acme/app");
    let digest: Digest = image.referrers[0].digest.parse().unwrap();
    let manifest = remote.manifest(&digest.into()).await.unwrap();
    let put = remote
        .put_manifest(&manifest, &manifest.digest().into())
        .await
        .unwrap();
    assert!(put.subject_noticed);
}

#[tokio::test]
async fn nothing_refers_to_what_is_not_there() {
    let registry = Registry::start();
    let image = signed();
    assert_eq!(
        listed(&registry, &image, None).await.0,
        Vec::<String>::new()
    );
    registry.push_image("acme/app", "1", &image);
    registry.fault(duat_tests::registry::Fault::on("GET", "/referrers/").answers(500));
    let client = stranger();
    let digest: Digest = image.digest().parse().unwrap();
    let remote = remote(&client, &registry, "acme/app");
    let error = remote.referrers(&digest, None).await.unwrap_err();
    assert_eq!(
        error.kind(),
        Kind::Unavailable,
        "a failure is not an empty list"
    );
}
