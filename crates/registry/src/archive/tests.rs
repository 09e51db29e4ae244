#![expect(
    clippy::disallowed_methods,
    reason = "tests make and spoil the files that are read"
)]

use std::path::Path;
use std::time::Duration;

use duat_tests::image::{Image, Recipe};

use super::Archive;
use crate::error::Kind;
use crate::layout::Shelf as _;
use crate::layout::tests::{everything, holds, put};
use crate::place::Place;
use crate::reference::Handle;

fn handle(text: &str) -> Handle {
    text.parse().unwrap()
}

/// Writes an archive of these members.
fn write(path: &Path, members: &[(&str, &[u8])]) {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, content) in members {
        let mut header = tar::Header::new_ustar();
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        // names that no library would write
        header.as_mut_bytes()[..name.len()].copy_from_slice(name.as_bytes());
        header.set_cksum();
        builder.append(&header, *content).unwrap();
    }
    std::fs::write(path, builder.into_inner().unwrap()).unwrap();
}

#[test]
fn what_is_put_is_there_byte_for_byte() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("image.tar");
    let [one, two] = ["one", "two"].map(everything);
    let place = Place::Archive(Archive::new(&path));
    put(&place, &one, "0.0.1").unwrap();
    holds(&place, &one, "0.0.1");
    holds(&Place::Archive(Archive::new(&path)), &one, "0.0.1");
    let again = Place::Archive(Archive::new(&path));
    put(&again, &two, "0.0.2").unwrap();
    drop((place, again));
    let place = Place::Archive(Archive::new(&path));
    holds(&place, &one, "0.0.1");
    holds(&place, &two, "0.0.2");
    assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 1);
}

#[test]
fn nothing_is_at_its_place_before_a_tag_is() {
    let directory = tempfile::tempdir().unwrap();
    let archive = Archive::new(directory.path().join("image.tar"));
    assert_eq!(archive.find_manifest(&handle("1")).unwrap(), None);
    let image = Image::single("app", 1);
    let place = Place::Archive(archive.clone());
    put(&place, &image, "1").unwrap();
    let before = std::fs::read(archive.path()).unwrap();
    put(&place, &image, "1").unwrap();
    assert_eq!(std::fs::read(archive.path()).unwrap(), before);
    archive.delete_manifest(&handle("1")).unwrap();
    assert_eq!(
        Archive::new(archive.path()).tags().unwrap(),
        Vec::<String>::new()
    );
}

/// Writes what `docker save` wrote before it wrote layouts.
fn save(path: &Path, image: &Image, layers: &[Vec<u8>], tag: &str) {
    let config = image.blobs.last().unwrap();
    let names: Vec<String> = (0..layers.len())
        .map(|n| format!("{n}/layer.tar"))
        .collect();
    let list = serde_json::json!([{
        "Config": "config.json",
        "RepoTags": [format!("acme/app:{tag}")],
        "Layers": names,
    }]);
    let list = list.to_string();
    let mut members: Vec<(&str, &[u8])> = vec![
        ("manifest.json", list.as_bytes()),
        ("config.json", &config.bytes),
    ];
    members.extend(
        names
            .iter()
            .map(String::as_str)
            .zip(layers.iter().map(Vec::as_slice)),
    );
    write(path, &members);
}

/// Returns what is in gzip that stores and does not compress.
fn stored(gzip: &[u8]) -> Vec<u8> {
    // one block: ten bytes before it, five of its own, eight behind
    gzip[15..gzip.len() - 8].to_vec()
}

#[test]
fn what_docker_saved_gets_a_manifest() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("image.tar");
    let image = Recipe::new("app").layers(2).make();
    let layers: Vec<Vec<u8>> = image.blobs[..2]
        .iter()
        .map(|blob| stored(&blob.bytes))
        .collect();
    save(&path, &image, &layers, "0.0.1-x");
    let archive = Archive::new(&path);
    let manifest = archive.manifest(&handle("0.0.1-x")).unwrap();
    assert_eq!(manifest.blobs().len(), 3);
    assert_eq!(
        manifest.blobs()[0].digest.to_string(),
        image.blobs[2].digest
    );
    let same = Archive::new(&path).manifest(&handle("0.0.1-x")).unwrap();
    assert_eq!(same.digest(), manifest.digest());
    for blob in manifest.blobs() {
        let bytes = crate::layout::tests::read(&*archive.blob(blob)).unwrap();
        blob.digest.verify(&bytes).unwrap();
    }
    let error = put(&Place::Archive(archive), &image, "0.0.2").unwrap_err();
    assert_eq!(error.kind(), Kind::Unsupported);

    let mut wrong = layers.clone();
    wrong[1][600] ^= 1;
    save(&path, &image, &wrong, "0.0.1-x");
    let error = Archive::new(&path)
        .manifest(&handle("0.0.1-x"))
        .unwrap_err();
    assert_eq!(error.kind(), Kind::Verification);
}

#[test]
fn hostile_archives_are_refused() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("image.tar");
    let index: &[u8] = br#"{"schemaVersion":2,"manifests":[]}"#;
    let layout = ("oci-layout", super::super::layout::VERSION.as_bytes());
    let index = ("index.json", index);
    for (members, kind) in [
        (
            vec![layout, index, ("../escaped", b"".as_slice())],
            Kind::Contained,
        ),
        (vec![layout, index, ("/escaped", b"")], Kind::Contained),
        (
            vec![layout, index, ("./index.json", b"{}")],
            Kind::Contained,
        ),
        (vec![layout], Kind::Protocol),
        (
            vec![("manifest.json", b"[{\"Config\":\"../x\"}]")],
            Kind::Protocol,
        ),
        (vec![("manifest.json", b"{")], Kind::Protocol),
    ] {
        write(&path, &members);
        let error = Archive::new(&path).tags().unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
    }
    assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 1);
}

#[test]
fn members_are_as_long_as_the_archive() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("image.tar");
    let image = Image::single("app", 1);
    put(&Place::Archive(Archive::new(&path)), &image, "1").unwrap();
    let bytes = std::fs::read(&path).unwrap();
    for length in [0, 100, 512, 600, 1700, bytes.len() / 2 + 100] {
        std::fs::write(&path, &bytes[..length]).unwrap();
        let found = Archive::new(&path).manifest(&handle("1"));
        let Err(error) = found else {
            panic!("{length} of {}", bytes.len())
        };
        assert_ne!(error.kind(), Kind::NoRepository, "{length}: {error}");
    }
    // a name of an exabyte
    let mut header = tar::Header::new_gnu();
    header.set_entry_type(tar::EntryType::GNULongName);
    header.set_size(1 << 60);
    header.set_cksum();
    std::fs::write(&path, [header.as_bytes().as_slice(), &bytes].concat()).unwrap();
    assert!(Archive::new(&path).tags().is_err());
}

#[test]
fn links_are_followed_inside_only() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("image.tar");
    let index = br#"{"schemaVersion":2,"manifests":[]}"#;
    for (target, found) in [
        ("real.json", true),
        ("../../real.json", false),
        ("index.json", false),
    ] {
        let mut builder = tar::Builder::new(Vec::new());
        let mut header = tar::Header::new_ustar();
        header.set_size(0);
        header.set_entry_type(tar::EntryType::Symlink);
        builder
            .append_link(&mut header, "index.json", target)
            .unwrap();
        let version = super::super::layout::VERSION.as_bytes();
        for (name, content) in [("real.json", index.as_slice()), ("oci-layout", version)] {
            let mut header = tar::Header::new_ustar();
            header.set_size(content.len() as u64);
            builder.append_data(&mut header, name, content).unwrap();
        }
        std::fs::write(&path, builder.into_inner().unwrap()).unwrap();
        assert_eq!(Archive::new(&path).tags().is_ok(), found, "{target}");
    }
}

#[test]
fn a_compressed_archive_says_what_to_do() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("image.tar.gz");
    std::fs::write(&path, b"\x1f\x8b\x08\0\0\0\0\0").unwrap();
    let error = Archive::new(&path).tags().unwrap_err();
    assert!(
        error.to_string().contains("`gunzip` makes it readable"),
        "{error}"
    );
}

#[test]
fn what_a_killed_run_left_beside_an_archive_goes_and_nothing_else() {
    let directory = tempfile::tempdir().unwrap();
    let left = directory.path().join(".image.tar.duat-part-x7Qz2a");
    std::fs::create_dir_all(left.join("blobs/sha256")).unwrap();
    std::fs::write(left.join("blobs/sha256/00"), "half").unwrap();
    let half = directory.path().join(".image.tar.duat-part-x7Qz2b");
    std::fs::write(&half, "half").unwrap();
    let other = directory.path().join(".other.tar.duat-part-x7Qz2c");
    std::fs::write(&other, "another's").unwrap();
    // what only looks like ours
    let own = [".image.tar.part-backup", ".image.tar.duat-part-copy"];
    for name in own {
        std::fs::create_dir(directory.path().join(name)).unwrap();
    }
    let place = Place::Archive(Archive::new(directory.path().join("image.tar")));
    put(&place, &everything("one"), "1").unwrap();
    assert!(!left.exists() && !half.exists());
    assert!(other.exists());
    drop(place);
    let names = std::fs::read_dir(directory.path()).unwrap();
    let names = names.map(|entry| entry.unwrap().file_name());
    let mut names: Vec<_> = names.collect();
    names.sort();
    let [backup, copy] = own;
    let others = ".other.tar.duat-part-x7Qz2c";
    assert_eq!(names, [copy, backup, others, "image.tar"]);
}

#[test]
fn who_holds_the_folder_and_waits_for_us_does_not_wait_for_ever() {
    // as `flock . image-promote … oci-archive:image.tar` does
    let directory = tempfile::tempdir().unwrap();
    let left = directory.path().join(".image.tar.duat-part-x7Qz2a");
    std::fs::write(&left, "half").unwrap();
    let held = std::fs::File::open(directory.path()).unwrap();
    held.lock().unwrap();
    let (done, is_done) = std::sync::mpsc::channel();
    let path = directory.path().join("image.tar");
    std::thread::spawn(move || {
        let place = Place::Archive(Archive::new(path));
        put(&place, &everything("one"), "1").unwrap();
        holds(&place, &everything("one"), "1");
        done.send(()).unwrap();
    });
    is_done.recv_timeout(Duration::from_mins(1)).unwrap();
    // whoever holds it may have begun that
    assert!(left.exists());
}
