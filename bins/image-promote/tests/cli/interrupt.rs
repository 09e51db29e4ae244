//! Ended at any request, a promotion is old or new, never half, and the next run completes it.

use std::time::Duration;

use duat_tests::image::{Image, Recipe};
use duat_tests::registry::{Fault, Hold, Moment, Registry, Settings};
use duat_tests::{Call, Outcome, Running, Scene};

use crate::{SERVER, Stage, TESTED, scene, version};

const PATIENCE: Duration = Duration::from_secs(20);

fn promote<'a>(scene: &'a Scene, source: &Registry, target: &Registry) -> Call<'a> {
    let call = scene
        .tool("image-promote")
        .args(["server", "--also", "latest"]);
    call.args(["--from", &source.host()])
        .args(["--release-repo", &target.host()])
}

/// Kills a promotion at one request of a registry; tells whether there was such a request.
fn kill_at(image: &Image, number: usize, moment: Moment, at_target: bool) -> bool {
    let scene = scene(TESTED);
    let (source, target) = (Settings::new().start(), Settings::new().start());
    let digest = source.push_image(SERVER, TESTED, image);
    let stopped: &Registry = if at_target { &target } else { &source };
    let hold: Hold = stopped.hold(number, moment);
    let running = promote(&scene, &source, &target).start();
    // a run with fewer requests than that ends by itself
    let reached = hold.reached(Duration::from_secs(2)) || hold.reached(Duration::from_millis(1));
    if !reached {
        drop(hold);
        let _ = running.wait().succeeds();
        return false;
    }
    let _ = running.kill();
    drop(hold);
    let released = target.tag(SERVER, "0.0.2");
    assert!(
        released.is_none() || released.as_ref() == Some(&digest),
        "{number}"
    );
    if released.is_some() {
        assert_eq!(
            target.lacks(SERVER, image),
            Vec::<String>::new(),
            "{number}"
        );
    }
    assert_eq!(version(&scene), TESTED, "{number}");
    promote(&scene, &source, &target).run().prints("0.0.2\n");
    assert_eq!(target.tag(SERVER, "0.0.2").as_ref(), Some(&digest));
    assert_eq!(target.tag(SERVER, "latest").as_ref(), Some(&digest));
    assert_eq!(
        target.lacks(SERVER, image),
        Vec::<String>::new(),
        "{number}"
    );
    assert_eq!(version(&scene), "0.0.2");
    true
}

#[test]
fn a_kill_before_any_request_of_the_target_is_mended_by_the_next_run() {
    let image = Recipe::new("app").platforms(2).layers(1).signed().make();
    let mut number = 1;
    while kill_at(&image, number, Moment::Before, true) {
        number += 1;
    }
    assert!(number > 15, "{number}");
}

#[test]
fn a_kill_after_any_request_of_the_target_is_mended_by_the_next_run() {
    let image = Recipe::new("app").platforms(2).layers(1).signed().make();
    let mut number = 1;
    while kill_at(&image, number, Moment::After, true) {
        number += 1;
    }
    assert!(number > 15, "{number}");
}

#[test]
fn a_kill_at_any_request_of_the_source_is_mended_by_the_next_run() {
    let image = Image::index("app", 2, 1);
    let mut number = 1;
    while kill_at(&image, number, Moment::Before, false) {
        number += 1;
    }
    assert!(number > 5, "{number}");
}

#[test]
#[cfg(unix)]
fn an_interrupted_copy_gives_its_uploads_up_and_says_what_is_published() {
    let scene = scene(TESTED);
    let (source, target) = (Settings::new().start(), Settings::new().start());
    let image = Image::index("app", 2, 4);
    source.push_image(SERVER, TESTED, &image);
    source.fault(Fault::on("GET", "/blobs/").stalls_after(10, PATIENCE));
    let running = promote(&scene, &source, &target).start();
    let outcome = interrupt(&scene, running, || target.open_sessions() == 6);
    outcome
        .fails(6)
        .prints_nothing()
        .says("interrupted: no tag has moved");
    assert_eq!(target.open_sessions(), 0);
    assert_eq!(version(&scene), TESTED);
}

/// Interrupts a run as Ctrl-C does, once this is so.
#[cfg(unix)]
fn interrupt(scene: &Scene, running: Running, is_so: impl Fn() -> bool) -> Outcome {
    let came = (0..2000).any(|_| {
        std::thread::sleep(Duration::from_millis(10));
        is_so()
    });
    assert!(came);
    let process = running.id().to_string();
    let kill = scene.command("kill").args(["-INT", &process]).run();
    kill.succeeds();
    running.wait()
}

#[test]
#[cfg(unix)]
fn an_interrupted_move_of_a_tag_is_not_said_to_have_moved_nothing() {
    let stage = Stage::new();
    stage.tested(&Image::single("app", 1));
    let late = Fault::on("PUT", "/manifests/0.0.2").delays(PATIENCE);
    stage.registry.fault(late);
    let running = stage.promote(&[]).start();
    let moved = || stage.registry.tag(SERVER, "0.0.2").is_some();
    let outcome = interrupt(&stage.scene, running, moved);
    let outcome = outcome.fails(6).says("server:0.0.2` may have moved");
    outcome.conceals("no tag has moved");
    stage.registry.heal();
    stage.promote(&[]).run().prints("0.0.2\n");
}

#[test]
#[cfg(unix)]
fn an_interrupted_undoing_says_what_has_gone_back() {
    let stage = Stage::new();
    stage.tested(&Image::single("app", 1));
    let _ = stage.promote(&["--also", "latest"]).run().succeeds();
    let late = Fault::on("DELETE", "/manifests/latest").delays(PATIENCE);
    stage.registry.fault(late);
    let undo = || stage.scene.tool("image-promote").arg("undo");
    let gone = || stage.registry.tag(SERVER, "latest").is_none();
    let outcome = interrupt(&stage.scene, undo().start(), gone);
    let outcome = outcome.fails(6).says("taken back so far: ");
    let outcome = outcome.says("server:latest` may have moved");
    outcome.conceals("no tag has moved");
    stage.registry.heal();
    undo().run().prints(&format!("{TESTED}\n"));
}
