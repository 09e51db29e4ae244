#![expect(
    clippy::disallowed_methods,
    reason = "tests make and spoil the files that are read"
)]

use bytes::Bytes;
use duat_tests::image::{Content, Image, Recipe};
use tempfile::TempDir;

use super::{Index, Layout, Shelf as _};
use crate::blob::BlobSource;
use crate::descriptor::Descriptor;
use crate::digest::Digest;
use crate::error::{Error, Kind};
use crate::manifest::Manifest;
use crate::place::Place;
use crate::reference::Handle;

fn handle(text: &str) -> Handle {
    text.parse().unwrap()
}

fn digest(text: &str) -> Digest {
    text.parse().unwrap()
}

fn manifest(content: &Content) -> Manifest {
    let bytes = Bytes::copy_from_slice(&content.bytes);
    Manifest::read(bytes, Some(&content.media_type), None).unwrap()
}

fn descriptor(content: &Content) -> Descriptor {
    let size = content.bytes.len() as u64;
    Descriptor::new(content.media_type.as_str(), digest(&content.digest), size)
}

fn run<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.unwrap().block_on(future)
}

/// Puts an image as a copy does: blobs, manifests by digest, the tag last.
pub(crate) fn put(place: &Place, image: &Image, tag: &str) -> Result<(), Error> {
    run(async {
        for blob in &image.blobs {
            let bytes = Bytes::copy_from_slice(&blob.bytes);
            place.put_blob(&descriptor(blob), None, &bytes).await?;
        }
        for content in image.manifests.iter().chain(&image.referrers) {
            let by_digest = handle(&content.digest);
            place.put_manifest(&manifest(content), &by_digest).await?;
        }
        for (tag, content) in &image.attached {
            place.put_manifest(&manifest(content), &handle(tag)).await?;
        }
        place
            .put_manifest(&manifest(image.root()), &handle(tag))
            .await?;
        Ok(())
    })
}

/// Returns all bytes of a blob.
pub(crate) fn read(source: &dyn BlobSource) -> Result<Vec<u8>, Error> {
    use futures_util::TryStreamExt as _;

    run(async {
        let stream = source.open().await?;
        let parts: Vec<Bytes> = stream.try_collect().await?;
        Ok(parts.concat())
    })
}

/// Asserts that all of an image is in a place, byte for byte.
#[track_caller]
pub(crate) fn holds(place: &Place, image: &Image, tag: &str) {
    let found = run(place.manifest(&handle(tag))).unwrap();
    assert_eq!(found.bytes().as_ref(), &*image.root().bytes);
    for content in image.manifests.iter().chain(&image.referrers) {
        let found = run(place.manifest(&handle(&content.digest))).unwrap();
        assert_eq!(found.bytes().as_ref(), &*content.bytes);
    }
    for (tag, content) in &image.attached {
        let found = run(place.find_manifest(&handle(tag))).unwrap().unwrap();
        assert_eq!(found.digest.to_string(), content.digest);
    }
    for blob in &image.blobs {
        let size = run(place.find_blob(&digest(&blob.digest))).unwrap();
        assert_eq!(size, Some(blob.bytes.len() as u64));
        assert_eq!(read(&*place.blob(&descriptor(blob))).unwrap(), &*blob.bytes);
    }
}

pub(crate) fn everything(seed: &str) -> Image {
    Recipe::new(seed)
        .platforms(2)
        .layers(2)
        .attested()
        .nested()
        .hollow_layer()
        .foreign_layer()
        .referrer("application/vnd.example.sbom")
        .referrer_per_child("application/vnd.example.scan")
        .signed()
        .make()
}

fn empty() -> (TempDir, Layout) {
    let directory = tempfile::tempdir().unwrap();
    let layout = Layout::new(directory.path().join("image"));
    (directory, layout)
}

#[test]
fn what_is_put_is_there_byte_for_byte() {
    let (_directory, layout) = empty();
    let place = Place::Layout(layout.clone());
    let image = everything("app");
    put(&place, &image, "0.0.2").unwrap();
    holds(&place, &image, "0.0.2");
    let (cosign, _) = &image.attached[0];
    assert_eq!(layout.tags().unwrap(), [cosign.as_str(), "0.0.2"]);
    let referrers = layout.referrers(&digest(image.digest())).unwrap();
    assert!(referrers.kept_by_registry);
    assert_eq!(referrers.manifests.len(), 1);
    let kind = referrers.manifests[0].artifact_type.as_deref();
    assert_eq!(kind, Some("application/vnd.example.sbom"));
}

#[test]
fn a_layout_of_others_is_read() {
    let (_directory, layout) = empty();
    let image = everything("app");
    image.write_layout(layout.directory(), "docker.io/acme/app:0.0.1-x");
    let place = Place::Layout(layout.clone());
    holds(&place, &image, "0.0.1-x");
    assert!(layout.tags().unwrap().contains(&"0.0.1-x".to_owned()));
}

#[test]
fn nothing_there_is_no_error_to_look_at() {
    let (_directory, layout) = empty();
    assert_eq!(layout.find_manifest(&handle("0.0.1")).unwrap(), None);
    let error = layout.manifest(&handle("0.0.1")).unwrap_err();
    assert_eq!(error.kind(), Kind::NoRepository);
    put(
        &Place::Layout(layout.clone()),
        &Image::single("app", 1),
        "0.0.1",
    )
    .unwrap();
    let error = layout.manifest(&handle("0.0.2")).unwrap_err();
    assert_eq!(error.kind(), Kind::NotFound);
    assert!(
        error.to_string().ends_with(": nothing is called `0.0.2`"),
        "{error}"
    );
}

#[test]
fn a_tag_moves_and_comes_back() {
    let (_directory, layout) = empty();
    let place = Place::Layout(layout.clone());
    let [one, two] = ["one", "two"].map(|seed| Image::single(seed, 1));
    put(&place, &one, "latest").unwrap();
    put(&place, &two, "latest").unwrap();
    assert_eq!(layout.tags().unwrap(), ["latest"]);
    holds(&place, &two, "latest");
    layout
        .put_manifest(&manifest(one.root()), &handle("latest"))
        .unwrap();
    holds(&place, &one, "latest");
    layout.delete_manifest(&handle("latest")).unwrap();
    assert_eq!(layout.tags().unwrap(), Vec::<String>::new());
    let again = layout.delete_manifest(&handle("latest")).unwrap_err();
    assert_eq!(again.kind(), Kind::NotFound);
}

#[test]
fn what_is_not_understood_stays_as_it_is() {
    let (_directory, layout) = empty();
    let image = Image::single("app", 1);
    image.write_layout(layout.directory(), "old");
    let path = layout.directory().join("index.json");
    let before = std::fs::read_to_string(&path).unwrap();
    let entry = before
        .split_once('[')
        .unwrap()
        .1
        .trim_end_matches("]}")
        .to_owned();
    let odd = before.replacen(
        '{',
        "{\"x-number\": 1.50, \"annotations\": {\"a\":  \"b\"},",
        1,
    );
    std::fs::write(&path, odd).unwrap();
    put(
        &Place::Layout(layout.clone()),
        &Image::single("new", 1),
        "new",
    )
    .unwrap();
    let after = std::fs::read_to_string(&path).unwrap();
    assert!(after.contains(&entry), "{after}");
    assert!(
        after.contains("\"x-number\":1.50") && after.contains("{\"a\":  \"b\"}"),
        "{after}"
    );
    assert_eq!(layout.tags().unwrap(), ["old", "new"]);
}

#[test]
fn the_same_again_changes_no_file() {
    let (_directory, layout) = empty();
    let place = Place::Layout(layout.clone());
    let image = everything("app");
    put(&place, &image, "0.0.2").unwrap();
    let path = layout.directory().join("index.json");
    let modified = || std::fs::metadata(&path).unwrap().modified().unwrap();
    let (before, text) = (modified(), std::fs::read_to_string(&path).unwrap());
    put(&place, &image, "0.0.2").unwrap();
    assert_eq!(
        (modified(), std::fs::read_to_string(&path).unwrap()),
        (before, text)
    );
}

#[test]
fn content_that_is_not_what_it_is_called_is_found_out() {
    let (_directory, layout) = empty();
    let place = Place::Layout(layout.clone());
    let image = Image::single("app", 1);
    put(&place, &image, "0.0.1").unwrap();
    let blob = &image.blobs[0];
    let path = layout.path(&digest(&blob.digest));
    let mut bytes = blob.bytes.to_vec();
    bytes[9] ^= 1;
    std::fs::write(&path, &bytes).unwrap();
    let error = read(&*layout.blob(&descriptor(blob))).unwrap_err();
    assert_eq!(error.kind(), Kind::Verification);
    bytes.push(0);
    std::fs::write(&path, &bytes).unwrap();
    let error = read(&*layout.blob(&descriptor(blob))).unwrap_err();
    assert_eq!(error.kind(), Kind::Verification);
    std::fs::write(layout.path(&digest(image.digest())), "{}").unwrap();
    let error = layout.manifest(&handle("0.0.1")).unwrap_err();
    assert_eq!(error.kind(), Kind::Verification);
    let other = Bytes::from_static(b"something else");
    let error = run(layout.put_blob(&descriptor(blob), &other)).unwrap_err();
    assert_eq!(error.kind(), Kind::Verification);
    assert_eq!(std::fs::read(&path).unwrap(), bytes);
}

#[cfg(unix)]
#[test]
fn a_blob_that_is_a_link_is_not_followed() {
    let (directory, layout) = empty();
    let image = Image::single("app", 1);
    image.write_layout(layout.directory(), "0.0.1");
    let secret = directory.path().join("secret");
    std::fs::write(&secret, "secret").unwrap();
    let blob = &image.blobs[0];
    let path = layout.path(&digest(&blob.digest));
    std::fs::remove_file(&path).unwrap();
    std::os::unix::fs::symlink(&secret, &path).unwrap();
    let error = read(&*layout.blob(&descriptor(blob))).unwrap_err();
    assert!(error.to_string().contains("is no plain file"), "{error}");
}

#[test]
fn a_directory_of_something_else_is_left_alone() {
    let (_directory, layout) = empty();
    std::fs::create_dir(layout.directory()).unwrap();
    std::fs::write(layout.directory().join("index.json"), "mine").unwrap();
    let error = put(
        &Place::Layout(layout.clone()),
        &Image::single("app", 1),
        "0.0.1",
    )
    .unwrap_err();
    assert_eq!(error.kind(), Kind::Refused);
    assert_eq!(
        std::fs::read_to_string(layout.directory().join("index.json")).unwrap(),
        "mine"
    );
    assert_eq!(std::fs::read_dir(layout.directory()).unwrap().count(), 1);
}

#[test]
fn two_manifests_of_one_name_are_an_error() {
    let (_directory, layout) = empty();
    let images = ["one", "two"].map(|seed| Image::single(seed, 1));
    let named = [
        ("a.example/app:1", &images[0]),
        ("b.example/app:1", &images[1]),
    ];
    duat_tests::image::write_layout(layout.directory(), &named);
    let error = layout.manifest(&handle("1")).unwrap_err();
    assert!(error.to_string().contains("is the name of"), "{error}");
}

#[test]
fn a_layout_of_another_age_is_refused() {
    let (_directory, layout) = empty();
    Image::single("app", 1).write_layout(layout.directory(), "1");
    let marker = layout.directory().join("oci-layout");
    std::fs::write(marker, r#"{"imageLayoutVersion": "2.0.0"}"#).unwrap();
    assert_eq!(layout.tags().unwrap_err().kind(), Kind::Unsupported);
}

#[test]
fn referrers_under_the_fallback_tag_are_found() {
    let (_directory, layout) = empty();
    let image = Recipe::new("app")
        .referrer("application/vnd.example.sbom")
        .make();
    let referrer = &image.referrers[0];
    image.write_layout(layout.directory(), "1");
    let list = format!(
        r#"{{"schemaVersion":2,"manifests":[{{"mediaType":"{}","digest":"{}","size":{}}}]}}"#,
        referrer.media_type,
        referrer.digest,
        referrer.bytes.len()
    );
    let list = manifest(&Content::new(crate::media::OCI_INDEX, list.into_bytes()));
    layout.delete_manifest(&handle(&referrer.digest)).unwrap();
    let subject = digest(image.digest());
    assert_eq!(layout.referrers(&subject).unwrap().manifests, []);
    layout
        .put_manifest(&list, &handle(&subject.fallback_tag()))
        .unwrap();
    assert_eq!(layout.referrers(&subject).unwrap().manifests.len(), 1);
}

#[test]
fn several_at_once_lose_nothing() {
    let (_directory, layout) = empty();
    let images: Vec<Image> = (0..8)
        .map(|n| Image::single(&format!("app{n}"), 1))
        .collect();
    std::thread::scope(|scope| {
        for (number, image) in images.iter().enumerate() {
            let place = Place::Layout(layout.clone());
            scope.spawn(move || put(&place, image, &format!("tag{number}")).unwrap());
        }
    });
    let mut tags = layout.tags().unwrap();
    tags.sort_unstable();
    assert_eq!(tags.len(), 8, "{tags:?}");
}

#[test]
fn an_index_is_what_it_was() {
    let text = r#"{"schemaVersion":2,"manifests":[],"x":[1, 2]}"#;
    let index = Index::read(&Bytes::from_static(text.as_bytes())).unwrap();
    assert_eq!(index.text(), text);
    for broken in ["", "[]", "{\"manifests\":[{}]}", "{\"schemaVersion\":1}"] {
        assert!(
            Index::read(&Bytes::from_static(broken.as_bytes())).is_err(),
            "{broken}"
        );
    }
}

#[test]
fn what_a_killed_run_left_goes_and_what_somebody_works_on_stays() {
    let (directory, layout) = empty();
    let place = Place::Layout(layout);
    put(&place, &everything("one"), "1").unwrap();
    let blobs = directory.path().join("image/blobs/sha256");
    let left = [
        directory.path().join("image/.index.json.duat-part-x7Qz2a"),
        blobs.join(".00ff.duat-part-x7Qz2b"),
    ];
    for path in &left {
        std::fs::write(path, "half").unwrap();
    }
    let held = blobs.join(".00ee.duat-part-x7Qz2c");
    std::fs::write(&held, "half").unwrap();
    let other = std::fs::File::open(&held).unwrap();
    other.lock().unwrap();
    let own = blobs.join("notes.part-of-something");
    std::fs::write(&own, "mine").unwrap();
    let again = Place::Layout(Layout::new(directory.path().join("image")));
    put(&again, &everything("two"), "2").unwrap();
    for path in &left {
        assert!(!path.exists(), "{}", path.display());
    }
    assert!(held.exists() && own.exists());
    holds(&again, &everything("one"), "1");
}
