//! Layouts and archives on either side: no network at all.

use duat_tests::image::{Image, Recipe};
use duat_tests::registry::Registry;
use duat_tests::{Call, Scene};

use crate::{SERVER, TESTED, scene, version};

fn promote<'a>(scene: &'a Scene, from: &str, to: &str) -> Call<'a> {
    let call = scene.tool("image-promote").arg("server");
    call.args(["--from", from, "--release-repo", to])
}

/// Returns the files of a layout that hold content.
fn blobs(scene: &Scene, folder: &str) -> Vec<String> {
    let files = scene.files(folder).into_iter();
    files.filter(|name| name.contains("sha256/")).collect()
}

#[test]
fn from_layout_to_layout_everything_goes_along() {
    let scene = scene(TESTED);
    let image = Recipe::new("app")
        .platforms(2)
        .layers(3)
        .attested()
        .referrer("application/spdx+json")
        .signed()
        .make();
    image.write_layout(scene.path("build/image"), TESTED);
    promote(&scene, "oci:build/image", "oci:release")
        .run()
        .prints("0.0.2\n");
    assert_eq!(blobs(&scene, "release"), blobs(&scene, "build/image"));
    let index = scene.read("release/index.json");
    assert!(index.contains(image.digest()), "{index}");
    assert!(index.contains("\"0.0.2\""), "{index}");
    assert_eq!(version(&scene), "0.0.2");
    promote(&scene, "oci:build/image", "oci:release")
        .run()
        .prints("0.0.2\n");
}

#[test]
fn in_one_layout_the_image_gets_another_tag() {
    let scene = scene(TESTED);
    Image::index("app", 2, 1).write_layout(scene.path("image"), TESTED);
    let before = blobs(&scene, "image");
    promote(&scene, "oci:./image", "oci:image")
        .run()
        .prints("0.0.2\n");
    assert_eq!(blobs(&scene, "image"), before);
    let index = scene.read("image/index.json");
    assert!(
        index.contains(TESTED) && index.contains("\"0.0.2\""),
        "{index}"
    );
}

#[test]
fn a_layout_with_another_image_under_the_release_is_refused() {
    let scene = scene(TESTED);
    Image::single("app", 1).write_layout(scene.path("build"), TESTED);
    Image::single("other", 1).write_layout(scene.path("release"), "0.0.2");
    let before = scene.files("release");
    promote(&scene, "oci:build", "oci:release").run().fails(3);
    assert_eq!(scene.files("release"), before);
    assert_eq!(version(&scene), TESTED);
}

/// One bit is another, one byte too few, or nothing there: in a layer, the config and the manifest.
#[test]
fn a_layout_that_is_not_what_it_was_is_not_promoted() {
    let image = Image::single("app", 2);
    let parts = image.blobs.iter().chain([image.root()]);
    for part in parts {
        let file = format!("build/blobs/sha256/{}", &part.digest["sha256:".len()..]);
        let mut other = part.bytes.to_vec();
        *other.last_mut().unwrap() ^= 1;
        let shorter = &part.bytes[1..];
        for (content, code) in [(Some(&*other), 7), (Some(shorter), 7), (None, 5)] {
            let scene = scene(TESTED);
            let registry = Registry::start();
            image.write_layout(scene.path("build"), TESTED);
            match content {
                Some(content) => scene.write(&file, content),
                None => scene.remove(&file),
            }
            for to in [&*registry.host(), "oci:release", "oci-archive:release.tar"] {
                let outcome = promote(&scene, "oci:build", to).run();
                let told = outcome.stderr();
                assert_eq!(outcome.code(), Some(code), "{file} to {to}: {told}");
                let is_told = told.contains(&part.digest)
                    || told.contains("the tag is there, but not the manifest that it is about");
                assert!(is_told, "{file} to {to}: {told}");
            }
            assert_eq!(registry.tag(SERVER, "0.0.2"), None);
            if scene.has("release/index.json") {
                assert!(!scene.read("release/index.json").contains("0.0.2"));
            }
            assert!(!scene.has("release.tar"));
            assert_eq!(version(&scene), TESTED);
        }
    }
}

#[test]
fn a_layout_that_is_not_there_is_not_found() {
    let scene = scene(TESTED);
    promote(&scene, "oci:build", "oci:release")
        .run()
        .fails(5)
        .says("oci:build:0.0.2-main-aaaagjecrgf");
    assert!(!scene.has("release"));
}

#[test]
fn a_layout_goes_to_a_registry_and_an_archive_comes_from_one() {
    let scene = scene(TESTED);
    let registry = Registry::start();
    let image = Recipe::new("app").platforms(2).signed().make();
    image.write_layout(scene.path("build"), TESTED);
    promote(&scene, "oci:build", &registry.host())
        .arg("--no-write")
        .run()
        .prints("0.0.2\n");
    assert_eq!(registry.lacks(SERVER, &image), Vec::<String>::new());
    registry.push_image(SERVER, TESTED, &image);
    promote(&scene, &registry.host(), "oci-archive:release.tar")
        .arg("--no-write")
        .run()
        .prints("0.0.2\n");
    promote(&scene, "oci:build", "oci-archive:release.tar")
        .run()
        .prints("0.0.2\n");
    let outcome = scene
        .tool("image-promote")
        .args(["verify", "--deep", "server"])
        .args(["--release-repo", "oci-archive:release.tar"])
        .run();
    outcome.prints("0.0.2\n").says("complete: 3 manifests");
}

#[test]
fn several_modules_have_a_folder_each() {
    let scene = scene(TESTED);
    for module in ["server", "worker"] {
        Image::single(module, 1).write_layout(scene.path(format!("build/{module}")), TESTED);
    }
    let call = promote(&scene, "oci:build", "oci:release").arg("worker");
    call.run().prints("0.0.2\n");
    assert!(scene.has("release/server/index.json"));
    assert!(scene.has("release/worker/index.json"));
    let call = promote(&scene, "oci:build", "oci-archive:release.tar").arg("worker");
    call.run().fails(2).says("an archive holds one image");
}

#[test]
fn a_promotion_into_a_layout_can_be_taken_back() {
    let scene = scene(TESTED);
    Image::single("app", 1).write_layout(scene.path("image"), TESTED);
    promote(&scene, "oci:image", "oci:image")
        .run()
        .prints("0.0.2\n");
    let undone = scene.tool("image-promote").arg("undo").run();
    undone.prints(&format!("{TESTED}\n"));
    let index = scene.read("image/index.json");
    assert!(
        index.contains(TESTED) && !index.contains("\"0.0.2\""),
        "{index}"
    );
    assert_eq!(version(&scene), TESTED);
}

#[test]
fn a_killed_run_leaves_nothing_that_the_next_one_does_not_clear_away() {
    use std::time::Duration;

    use duat_tests::registry::Fault;

    for place in ["oci:release", "oci-archive:release.tar"] {
        let scene = scene(TESTED);
        let source = Registry::start();
        source.push_image(SERVER, TESTED, &Image::index("app", 2, 3));
        let stall = Duration::from_secs(20);
        source.fault(Fault::on("GET", "/blobs/").skip(3).stalls_after(10, stall));
        let running = promote(&scene, &source.host(), place).start();
        let is_part = |name: &String| name.contains(".duat-part-");
        let parts = || scene.files("").into_iter().filter(is_part).count();
        let begun = (0..1000).any(|_| {
            std::thread::sleep(Duration::from_millis(10));
            parts() >= 3
        });
        assert!(begun, "{place}");
        let _ = running.kill();
        assert!(parts() > 0, "{place}");
        source.heal();
        promote(&scene, &source.host(), place)
            .run()
            .prints("0.0.2\n");
        assert_eq!(parts(), 0, "{place}");
    }
}
