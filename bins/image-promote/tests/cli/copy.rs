//! The release goes to another repository: everything that belongs to the image goes along.

use std::time::{Duration, Instant};

use duat_tests::image::{Image, Recipe};
use duat_tests::registry::{Fault, Mounts, Referrers, Registry, Settings};
use duat_tests::relay::Relay;
use duat_tests::{Call, Scene};

use crate::{SERVER, TESTED, scene, version};

/// Two registries and a repository.
struct Route {
    scene: Scene,
    source: Registry,
    target: Registry,
}

impl Route {
    fn new(source: Settings, target: Settings) -> Self {
        Self {
            scene: scene(TESTED),
            source: source.start(),
            target: target.start(),
        }
    }

    fn tested(&self, image: &Image) -> String {
        let digest = self.source.push_image(SERVER, TESTED, image);
        self.source.forget();
        digest
    }

    fn promote(&self) -> Call<'_> {
        let call = self.scene.tool("image-promote").arg("server");
        call.args(["--from", &self.source.host()])
            .args(["--release-repo", &self.target.host()])
    }

    fn requests(&self) -> usize {
        self.source.requests().len() + self.target.requests().len()
    }
}

fn plain() -> Route {
    Route::new(Settings::new(), Settings::new())
}

/// Two platforms and 22 blobs.
fn two_by_ten() -> Image {
    Image::index("app", 2, 10)
}

#[test]
fn another_registry_gets_all_of_the_image() {
    let route = plain();
    let image = two_by_ten();
    let digest = route.tested(&image);
    route.promote().run().prints("0.0.2\n");
    assert_eq!(route.target.tag(SERVER, "0.0.2"), Some(digest));
    assert_eq!(route.target.lacks(SERVER, &image), Vec::<String>::new());
    assert_eq!(version(&route.scene), "0.0.2");
}

#[test]
fn a_cold_copy_looks_for_the_first_blobs_and_sends_each_in_two_requests() {
    let route = plain();
    route.tested(&two_by_ten());
    let _ = route.promote().run().succeeds();
    let target = route.target.requests();
    assert_eq!(target.count("HEAD", "/blobs/"), 6, "{target}");
    assert_eq!(target.count("POST", "/blobs/uploads/"), 22, "{target}");
    assert_eq!(target.count("PUT", "/blobs/uploads/"), 22, "{target}");
    assert_eq!(target.count("PUT", "/manifests/"), 3, "{target}");
    let source = route.source.requests();
    assert_eq!(source.count("GET", "/blobs/"), 22, "{source}");
    // 3 manifests, the tags, who refers to each manifest; 22 blobs in 3 requests each; 3 manifests
    // put; the first blobs looked for; the tags of the target; its release before and after
    let all = 3 + 1 + 3 + 66 + 3 + 6 + 1 + 2;
    assert_eq!(route.requests(), all, "{source}{target}");
}

#[test]
fn a_second_copy_is_one_round_trip() {
    let route = plain();
    route.tested(&two_by_ten());
    let _ = route.promote().arg("--no-write").run().succeeds();
    route.source.forget();
    route.target.forget();
    let _ = route.promote().arg("--no-write").run().succeeds();
    assert!(route.target.requests().writes().is_empty());
    // the tested image, the release, and the tags of the target, all at once
    assert_eq!(route.requests(), 3);
}

#[test]
fn nothing_to_do_takes_the_greeting_of_a_connection_and_one_round_trip() {
    // far enough for a busy machine not to count
    let far = Duration::from_secs(2);
    let registry = Registry::start();
    let scene = scene(TESTED);
    for tag in [TESTED, "0.0.2"] {
        registry.push_image(SERVER, tag, &two_by_ten());
    }
    let relay = Relay::to(registry.address(), far);
    let host = relay.address().to_string();
    let call = scene.tool("image-promote");
    let call = call.args(["server", "--no-write", "--release-repo", &host]);
    let begun = Instant::now();
    call.run().prints("0.0.2\n");
    let took = begun.elapsed();
    assert_eq!(registry.requests().len(), 2);
    assert!(took >= 2 * far && took < 3 * far, "{took:?}");
}

#[test]
fn the_tag_is_the_last_thing_that_is_put() {
    let route = plain();
    route.tested(&Recipe::new("app").platforms(2).layers(2).signed().make());
    let _ = route.promote().run().succeeds();
    let writes = route.target.requests().writes();
    assert!(
        writes.last().unwrap().target.ends_with("/manifests/0.0.2"),
        "{writes}"
    );
    let is_index = |target: &str| target.ends_with("/manifests/0.0.2");
    let at = writes
        .iter()
        .position(|write| is_index(&write.target))
        .unwrap();
    assert_eq!(at + 1, writes.len(), "{writes}");
}

#[test]
fn within_a_registry_blobs_are_mounted() {
    let registry = Settings::new().start();
    let scene = scene(TESTED);
    let image = two_by_ten();
    let digest = registry.push_image(&format!("build/{SERVER}"), TESTED, &image);
    registry.forget();
    let host = registry.host();
    let outcome = scene
        .tool("image-promote")
        .args(["server", "--from", &format!("{host}/build")])
        .args(["--release-repo", &format!("{host}/release")])
        .run();
    outcome.prints("0.0.2\n");
    let target = format!("release/{SERVER}");
    assert_eq!(registry.tag(&target, "0.0.2"), Some(digest));
    let requests = registry.requests();
    assert_eq!(requests.count("POST", "mount="), 22, "{requests}");
    assert_eq!(requests.count("GET", "/blobs/"), 0, "{requests}");
    assert_eq!(requests.count("PUT", "/blobs/"), 0, "{requests}");
    assert_eq!(requests.len(), 3 + 3 + 22 + 3 + 6, "{requests}");
}

#[test]
fn where_mounts_are_not_to_be_had_blobs_are_sent() {
    for mounts in [Mounts::Never, Mounts::Refused(405), Mounts::Referenced] {
        let registry = Settings::new().mounts(mounts).start();
        let scene = scene(TESTED);
        let image = Image::index("app", 2, 2);
        registry.push_image(&format!("build/{SERVER}"), TESTED, &image);
        let host = registry.host();
        let outcome = scene
            .tool("image-promote")
            .args(["server", "--from", &format!("{host}/build")])
            .args(["--release-repo", &format!("{host}/release")])
            .run();
        outcome.prints("0.0.2\n");
        assert_eq!(
            registry.lacks(&format!("release/{SERVER}"), &image),
            Vec::<String>::new()
        );
        assert_eq!(registry.open_sessions(), 0);
    }
}

#[test]
fn signatures_and_other_referrers_go_along() {
    for (source, target) in [
        (Referrers::On, Referrers::On),
        (Referrers::Off, Referrers::On),
        (Referrers::On, Referrers::Off),
        (Referrers::Off, Referrers::Off),
    ] {
        let route = Route::new(
            Settings::new().referrers(source),
            Settings::new().referrers(target),
        );
        let image = Recipe::new("app")
            .platforms(2)
            .referrer("application/spdx+json")
            .referrer_per_child("application/vnd.example.scan")
            .referrer_per_referrer("application/vnd.cncf.notary.signature")
            .signed()
            .attached("att")
            .make();
        route.tested(&image);
        route.promote().run().prints("0.0.2\n");
        assert_eq!(
            route.target.lacks(SERVER, &image),
            Vec::<String>::new(),
            "{source:?} {target:?}"
        );
        for (tag, manifest) in &image.attached {
            assert_eq!(route.target.tag(SERVER, tag), Some(manifest.digest.clone()));
        }
        if target == Referrers::Off {
            let fallback = image.digest().replace(':', "-");
            assert!(route.target.tag(SERVER, &fallback).is_some());
        }
    }
}

#[test]
fn referrers_stay_behind_when_asked_to() {
    let route = plain();
    let image = Recipe::new("app")
        .referrer("application/spdx+json")
        .signed()
        .make();
    route.tested(&image);
    let _ = route.promote().arg("--no-referrers").run().succeeds();
    assert_eq!(route.target.tags(SERVER), ["0.0.2"]);
}

#[test]
fn layers_that_are_kept_elsewhere_stay_there() {
    let route = plain();
    let image = Recipe::new("app").foreign_layer().hollow_layer().make();
    let digest = route.tested(&image);
    let _ = route.promote().run().succeeds();
    assert_eq!(route.target.tag(SERVER, "0.0.2"), Some(digest));
}

#[test]
fn a_target_with_the_release_before_gets_only_what_is_new() {
    let route = plain();
    let old = Recipe::new("old").base("base", 5).layers(6).make();
    route.target.push_image(SERVER, "0.0.1", &old);
    let image = Recipe::new("new").base("base", 5).layers(6).make();
    route.tested(&image);
    let _ = route.promote().run().succeeds();
    let requests = route.target.requests();
    assert_eq!(requests.count("POST", "/blobs/uploads/"), 2, "{requests}");
    assert_eq!(route.target.lacks(SERVER, &image), Vec::<String>::new());
}

#[test]
fn a_copy_that_breaks_is_completed_by_the_next_run() {
    let route = plain();
    let image = two_by_ten();
    route.tested(&image);
    route
        .target
        .fault(Fault::on("PUT", "/blobs/uploads/").skip(9).refuses(
            400,
            "BLOB_UPLOAD_INVALID",
            "no more today",
        ));
    let outcome = route.promote().run();
    assert_ne!(outcome.code(), Some(0));
    assert_eq!(version(&route.scene), TESTED);
    assert_eq!(route.target.tag(SERVER, "0.0.2"), None);
    assert_eq!(route.target.open_sessions(), 0, "uploads are given up");
    route.target.heal();
    route.target.forget();
    let missing = route.target.lacks(SERVER, &image);
    let missing = missing
        .iter()
        .filter(|digest| image.blobs.iter().any(|blob| blob.digest == **digest));
    let missing = missing.count();
    route.promote().run().prints("0.0.2\n");
    assert_eq!(route.target.lacks(SERVER, &image), Vec::<String>::new());
    let requests = route.target.requests();
    assert_eq!(
        requests.count("POST", "/blobs/uploads/"),
        missing,
        "{requests}"
    );
}

#[test]
fn passing_troubles_are_no_failure() {
    let route = plain();
    let image = two_by_ten();
    route.tested(&image);
    route.target.fault(
        Fault::on("POST", "/blobs/uploads/")
            .skip(3)
            .times(2)
            .answers(429)
            .header("retry-after", "1"),
    );
    route.target.fault(
        Fault::on("PUT", "/blobs/uploads/")
            .skip(5)
            .times(2)
            .answers(503),
    );
    route
        .source
        .fault(Fault::on("GET", "/blobs/").skip(2).times(1).cut_after(50));
    route.promote().run().prints("0.0.2\n");
    assert_eq!(route.target.lacks(SERVER, &image), Vec::<String>::new());
}

#[test]
fn what_a_source_falsifies_is_not_published() {
    let route = plain();
    route.tested(&Image::single("app", 3));
    route
        .source
        .fault(Fault::on("GET", "/blobs/").body(vec![7; 512]));
    route.promote().run().fails(7);
    assert_eq!(route.target.tag(SERVER, "0.0.2"), None);
    assert_eq!(version(&route.scene), TESTED);
}

#[test]
fn what_was_lost_behind_a_manifest_is_sent_again_when_looked_for() {
    let route = plain();
    let image = two_by_ten();
    route.tested(&image);
    let _ = route.promote().arg("--no-write").run().succeeds();
    let layer = image.blobs.last().unwrap();
    route.target.remove(SERVER, &layer.digest);
    let _ = route
        .promote()
        .args(["--no-write", "--deep"])
        .run()
        .succeeds();
    assert_eq!(route.target.lacks(SERVER, &image), Vec::<String>::new());
}

#[test]
fn what_the_place_itself_has_lost_stops_a_deep_promotion() {
    let stage = crate::Stage::new();
    let image = two_by_ten();
    stage.tested(&image);
    let layer = &image.blobs.last().unwrap().digest;
    stage.registry.remove(SERVER, layer);
    stage.promote(&["--deep"]).run().fails(7).says(layer);
    assert_eq!(stage.registry.tag(SERVER, "0.0.2"), None);
}
