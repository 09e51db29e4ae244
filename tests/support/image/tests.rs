use std::collections::BTreeSet;

use serde_json::Value;

use super::{Content, Image, Recipe, media};

fn json(content: &Content) -> Value {
    serde_json::from_slice(&content.bytes).unwrap()
}

/// Returns the digests that a manifest names, but for its subject.
fn named(content: &Content) -> Vec<String> {
    let manifest = json(content);
    let list = |name: &str| manifest[name].as_array().cloned().unwrap_or_default();
    let all = list("manifests").into_iter().chain(list("layers"));
    let all = all.chain([manifest["config"].clone()]);
    all.filter(|entry| entry["urls"].is_null())
        .filter_map(|entry| Some(entry["digest"].as_str()?.to_owned()))
        .collect()
}

fn everything() -> Recipe {
    Recipe::new("app")
        .platforms(2)
        .layers(3)
        .attested()
        .nested()
        .foreign_layer()
        .hollow_layer()
        .referrer("application/vnd.example.sbom")
        .referrer_per_child("application/vnd.example.scan")
        .referrer_per_referrer("application/vnd.example.signature")
        .signed()
        .attached("att")
}

#[test]
fn all_that_is_named_is_there() {
    let image = everything().make();
    let attached = image.attached.iter().map(|(_, content)| content);
    let manifests: Vec<&Content> = image
        .manifests
        .iter()
        .chain(&image.referrers)
        .chain(attached)
        .collect();
    let there: BTreeSet<&str> = manifests
        .iter()
        .copied()
        .chain(&image.blobs)
        .map(|content| content.digest.as_str())
        .collect();
    for manifest in manifests {
        for digest in named(manifest) {
            assert!(
                there.contains(digest.as_str()),
                "{digest} of\n{}",
                manifest.text()
            );
        }
    }
    assert_eq!(image.manifests.len(), 2 + 2 + 1 + 1);
    assert_eq!(image.referrers.len(), 2 * (1 + 5));
}

#[test]
fn the_same_recipe_makes_the_same_image() {
    assert_eq!(everything().make().digest(), everything().make().digest());
    assert_ne!(
        Image::single("a", 1).digest(),
        Image::single("b", 1).digest()
    );
}

#[test]
fn images_share_their_base() {
    let [one, two] =
        ["one", "two"].map(|seed| Recipe::new(seed).layers(3).base("debian", 2).make());
    let shared = one.blobs.iter().filter(|blob| two.blobs.contains(blob));
    assert_eq!(shared.count(), 2);
}

#[test]
fn an_index_of_two_platforms_and_ten_layers_has_22_blobs() {
    let image = Image::index("app", 2, 10);
    assert_eq!((image.blobs.len(), image.manifests.len()), (22, 3));
    assert_eq!(image.root().media_type, media::OCI_INDEX);
}
