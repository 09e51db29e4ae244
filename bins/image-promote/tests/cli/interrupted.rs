//! Killed at any request, a run of several modules is completed by the next one, which does what is
//! missing and no more.

use std::time::Duration;

use duat_tests::image::{Image, Recipe};
use duat_tests::registry::{Moment, Registry};
use duat_tests::{Call, Scene};

use crate::{SERVER, TESTED, WORKER, scene, version};

/// How long a request may be waited for on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);
/// Blobs that are asked for side by side make so many requests more or less.
const CHANCE: usize = 3;

fn images() -> [(&'static str, Image); 2] {
    let server = Recipe::new("server").platforms(1).layers(1).make();
    [(SERVER, server), (WORKER, Image::single("worker", 1))]
}

fn promote<'a>(scene: &'a Scene, source: &Registry, target: &Registry) -> Call<'a> {
    let call = scene
        .tool("image-promote")
        .args(["server", "worker", "--from", &source.host()]);
    call.args(["--release-repo", &target.host()])
}

fn ground(images: &[(&str, Image)]) -> (Scene, Registry, Registry) {
    let (source, target) = (Registry::start(), Registry::start());
    for (repository, image) in images {
        source.push_image(repository, TESTED, image);
    }
    (scene(TESTED), source, target)
}

/// Returns how many requests a run makes of the target that nothing stops.
fn all(images: &[(&str, Image)]) -> usize {
    let (scene, source, target) = ground(images);
    promote(&scene, &source, &target).run().prints("0.0.2\n");
    target.requests().len()
}

/// Kills a run at one request, and completes it; tells whether there was such a request.
fn kill_at(images: &[(&str, Image)], number: usize, moment: Moment, patience: Duration) -> bool {
    let (scene, source, target) = ground(images);
    let hold = target.hold(number, moment);
    let running = promote(&scene, &source, &target).start();
    let reached = hold.reached(patience);
    let _ = running.kill();
    drop(hold);
    if !reached {
        return false;
    }
    for (repository, image) in images {
        let released = target.tag(repository, "0.0.2");
        if let Some(digest) = released {
            assert_eq!(digest, image.digest(), "{number} {moment:?}");
            let lacks = target.lacks(repository, image);
            assert_eq!(lacks, Vec::<String>::new(), "{number} {moment:?}");
        }
    }
    assert_eq!(version(&scene), TESTED, "{number} {moment:?}");

    let is_blob = |digest: &String| {
        let mut blobs = images.iter().flat_map(|(_, image)| &image.blobs);
        blobs.any(|blob| blob.digest == *digest)
    };
    let lacking = |(repository, image): &(&str, Image)| target.lacks(repository, image);
    let missing: Vec<String> = images.iter().flat_map(lacking).collect();
    let blobs = missing.iter().filter(|digest| is_blob(digest)).count();
    target.forget();
    promote(&scene, &source, &target).run().prints("0.0.2\n");
    for (repository, image) in images {
        let released = target.tag(repository, "0.0.2");
        assert_eq!(released.as_deref(), Some(image.digest()));
        let lacks = target.lacks(repository, image);
        assert_eq!(lacks, Vec::<String>::new(), "{number} {moment:?}");
    }
    assert_eq!(version(&scene), "0.0.2");
    let requests = target.requests();
    let sent = requests.count("PUT", "/blobs/uploads/");
    assert_eq!(sent, blobs, "{number} {moment:?}\n{requests}");
    let manifests = requests.count("PUT", "/manifests/sha256:");
    let most = missing.len() - blobs;
    assert!(manifests <= most, "{number} {moment:?}\n{requests}");
    true
}

fn kill_everywhere(moment: Moment) {
    let images = images();
    let all = all(&images);
    assert!(all > 20, "{all}");
    for number in 1..=all {
        let is_certain = number + CHANCE <= all;
        let patience = if is_certain { PATIENCE } else { PATIENCE / 10 };
        let reached = kill_at(&images, number, moment, patience);
        assert!(reached || !is_certain, "{number} of {all} {moment:?}");
    }
}

#[test]
fn after_a_kill_before_any_request_the_next_run_sends_what_is_missing_and_no_more() {
    kill_everywhere(Moment::Before);
}

#[test]
fn after_a_kill_behind_any_request_the_next_run_sends_what_is_missing_and_no_more() {
    kill_everywhere(Moment::After);
}
