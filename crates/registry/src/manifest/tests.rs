use bytes::Bytes;

use super::{Content, LARGEST, Manifest, ManifestError};
use crate::digest::{Algorithm, Digest};
use crate::media::{self, ManifestKind};

const LAYER: &str = r#"{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855","size":0}"#;
const EMPTY: &str = r#"{"mediaType":"application/vnd.oci.empty.v1+json","digest":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","size":2,"data":"e30="}"#;

fn read(text: &str, content_type: Option<&str>) -> Result<Manifest, ManifestError> {
    Manifest::read(Bytes::copy_from_slice(text.as_bytes()), content_type, None)
}

fn why(text: &str, content_type: Option<&str>) -> String {
    read(text, content_type).unwrap_err().to_string()
}

#[test]
fn the_bytes_stay_as_they_came() {
    let text =
        format!("\n{{ \"layers\":[{LAYER}],\"unknown\":{{\"a\":1.50}}, \"config\":{EMPTY} }} \n");
    let manifest = read(&text, Some(media::OCI_MANIFEST)).unwrap();
    assert_eq!(manifest.bytes(), text.as_bytes());
    assert_eq!(manifest.digest(), &Digest::of(text.as_bytes()));
    assert_eq!(manifest.size(), text.len() as u64);
}

#[test]
fn an_image_is_its_config_and_its_layers() {
    let text = format!(r#"{{"schemaVersion":2,"config":{EMPTY},"layers":[{LAYER},{LAYER}]}}"#);
    let manifest = read(&text, Some(media::DOCKER_MANIFEST)).unwrap();
    assert_eq!(manifest.kind(), ManifestKind::Image);
    assert_eq!(manifest.media_type(), media::DOCKER_MANIFEST);
    let Content::Image { config, layers } = &manifest.view().content else {
        panic!("no image");
    };
    assert_eq!(config.data.as_deref(), Some(b"{}".as_slice()));
    assert_eq!(layers.len(), 2);
    assert_eq!(manifest.blobs().len(), 2, "each digest once");
    assert_eq!(
        manifest.view().artifact_type.as_deref(),
        Some(media::OCI_EMPTY)
    );
}

#[test]
fn an_index_keeps_every_entry() {
    let entry = |os: &str| {
        LAYER.replacen(
            '{',
            &format!(r#"{{"platform":{{"os":"{os}","architecture":"{os}"}},"#),
            1,
        )
    };
    let text = format!(
        r#"{{"schemaVersion":2,"mediaType":"{}","manifests":[{},{},{}],"subject":{EMPTY},"artifactType":"a/b"}}"#,
        media::OCI_INDEX,
        entry("linux"),
        entry("unknown"),
        entry(""),
    );
    let manifest = read(
        &text,
        Some("application/vnd.oci.image.index.v1+json; charset=utf-8"),
    )
    .unwrap();
    let platforms: Vec<String> = manifest
        .manifests()
        .iter()
        .map(|entry| entry.platform.as_ref().unwrap().to_string())
        .collect();
    assert_eq!(platforms, ["linux/linux", "unknown/unknown", "/"]);
    assert_eq!(manifest.subject().unwrap().size, 2);
    assert_eq!(manifest.descriptor().artifact_type.as_deref(), Some("a/b"));
    assert!(manifest.blobs().is_empty());
}

#[test]
fn without_a_media_type_the_registry_or_else_the_shape_decides() {
    let image = format!(r#"{{"schemaVersion":2,"config":{EMPTY},"layers":null}}"#);
    let index = r#"{"schemaVersion":2,"manifests":[],"annotations":null}"#;
    for (text, content_type, media_type) in [
        (image.as_str(), None, media::OCI_MANIFEST),
        (&image, Some("application/json"), media::OCI_MANIFEST),
        (
            &image,
            Some("text/plain; charset=utf-8"),
            media::OCI_MANIFEST,
        ),
        (&image, Some(media::DOCKER_MANIFEST), media::DOCKER_MANIFEST),
        (index, None, media::OCI_INDEX),
        (index, Some(media::DOCKER_LIST), media::DOCKER_LIST),
    ] {
        assert_eq!(read(text, content_type).unwrap().media_type(), media_type);
    }
}

#[test]
fn an_artifact_manifest_has_blobs() {
    let text = format!(
        r#"{{"mediaType":"{}","artifactType":"x/y","blobs":[{LAYER}],"subject":{EMPTY}}}"#,
        media::OCI_ARTIFACT
    );
    let manifest = read(&text, None).unwrap();
    assert_eq!(manifest.kind(), ManifestKind::Artifact);
    assert_eq!(manifest.blobs().len(), 1);
}

#[test]
fn schema_1_is_refused_by_name() {
    let old = r#"{"schemaVersion":1,"name":"a","fsLayers":[{"blobSum":"sha256:00"}]}"#;
    for (text, content_type) in [
        (old, None),
        (old, Some("text/plain")),
        (
            "{}",
            Some("application/vnd.docker.distribution.manifest.v1+prettyjws"),
        ),
        (r#"{"fsLayers":[]}"#, Some("application/json")),
    ] {
        assert_eq!(
            read(text, content_type).unwrap_err(),
            ManifestError::Schema1
        );
    }
}

#[test]
fn what_two_readers_would_read_differently_is_refused() {
    let both = format!(r#"{{"config":{EMPTY},"layers":[{LAYER}],"manifests":[]}}"#);
    assert_eq!(
        why(&both, Some(media::OCI_INDEX)),
        "it has both layers and manifests"
    );
    assert_eq!(
        why(&both, Some(media::OCI_MANIFEST)),
        "it has both layers and manifests"
    );
    let twice = format!(r#"{{"config":{EMPTY},"layers":[],"layers":[{LAYER}]}}"#);
    assert!(why(&twice, None).contains("duplicate field `layers`"));
    let other = format!(r#"{{"mediaType":"{}","manifests":[]}}"#, media::OCI_INDEX);
    assert!(why(&other, Some(media::OCI_MANIFEST)).starts_with("it calls itself"));
    let layers = format!(r#"{{"layers":[{LAYER}]}}"#);
    assert_eq!(
        why(&layers, Some(media::OCI_INDEX)),
        "it is an index with layers"
    );
}

#[test]
fn what_is_no_manifest_says_why() {
    for (text, part) in [
        ("", "EOF"),
        ("[]", "invalid"),
        ("null", "invalid"),
        ("{}", "neither layers nor manifests"),
        (r#"{"config":{"digest":"x","size":1}}"#, "no digest"),
        (LAYER, "is no manifest that is known"),
        (
            &format!(r#"{{"config":{}}}"#, LAYER.replace(":0}", ":-1}")),
            "invalid value",
        ),
        (
            &format!(r#"{{"config":{}}}"#, LAYER.replace(":0}", ":1e99}")),
            "invalid type",
        ),
        (
            r#"{"mediaType":"application/x-tar\u001b[31m"}"#,
            "application/x-tar\\u{1b}[31m",
        ),
        (
            &format!("{}{}", "[".repeat(100_000), "]".repeat(100_000)),
            "invalid",
        ),
    ] {
        let why = why(text, None);
        assert!(why.contains(part), "{why}");
        assert!(!why.contains(char::is_control), "{why:?}");
    }
    let large = " ".repeat(LARGEST + 1);
    assert_eq!(read(&large, None).unwrap_err(), ManifestError::Large);
}

#[test]
fn other_bytes_than_asked_for_are_refused() {
    let text = Bytes::from_static(br#"{"manifests":[]}"#);
    for algorithm in [Algorithm::Sha256, Algorithm::Sha512] {
        let digest = Digest::by(algorithm, &text);
        let manifest = Manifest::read(text.clone(), None, Some(&digest)).unwrap();
        assert_eq!(manifest.digest(), &digest);
        let other = Digest::by(algorithm, b"other");
        let error = Manifest::read(text.clone(), None, Some(&other)).unwrap_err();
        assert!(matches!(error, ManifestError::Digest(_)));
    }
}

#[test]
fn data_that_is_not_the_content_is_left_out() {
    let wrong = EMPTY.replace("e30=", "e31=");
    let manifest = read(&format!(r#"{{"config":{wrong}}}"#), None).unwrap();
    assert_eq!(manifest.blobs()[0].data, None);
}
