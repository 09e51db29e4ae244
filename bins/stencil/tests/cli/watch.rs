//! Rendering again whenever a file changes.

use std::thread;
use std::time::{Duration, Instant};

use duat_tests::Scene;

const PATIENCE: Duration = Duration::from_secs(30);

#[track_caller]
fn wait_for(scene: &Scene, name: &str, text: &str) {
    let start = Instant::now();
    while !(scene.has(name) && scene.read(name) == text) {
        assert!(start.elapsed() < PATIENCE, "`{name}` never became {text:?}");
        thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_change_of_any_file_is_seen() {
    let scene = Scene::new();
    scene.write("a.in", "{% include \"part\" %}{{ x }}\n");
    scene.write("part", "one ");
    scene.write("v.yaml", "x: 1\n");
    let call = scene.stencil(["-i", "a.in", "-o", "a", "--values", "v.yaml", "--watch"]);
    let running = call.start();
    wait_for(&scene, "a", "one 1\n");
    scene.write("a.in", "{% include \"part\" %}new {{ x }}\n");
    wait_for(&scene, "a", "one new 1\n");
    scene.write("part", "other ");
    wait_for(&scene, "a", "other new 1\n");
    scene.write("v.yaml", "x: 20\n");
    wait_for(&scene, "a", "other new 20\n");
    let outcome = running.kill();
    outcome.says("rendered; waiting for a change\n");
}

#[test]
fn errors_are_said_and_waited_out() {
    let scene = Scene::new();
    scene.write("a.in", "{{ x }}{% include \"part\" %}\n");
    scene.write("v.yaml", "x: [1\n");
    let call = scene.stencil(["-i", "a.in", "-o", "a", "--values", "v.yaml", "--watch"]);
    let running = call.start();
    thread::sleep(Duration::from_millis(500));
    scene.write("v.yaml", "x: 1\n");
    thread::sleep(Duration::from_millis(500));
    scene.write("part", "!");
    wait_for(&scene, "a", "1!\n");
    let outcome = running.kill();
    outcome
        .says("v.yaml:")
        .says("error: template `part` does not exist");
}

#[test]
fn a_new_template_of_a_tree_is_seen() {
    let scene = Scene::new();
    scene.write("t/a.in", "a\n");
    let call = scene.stencil(["--input-dir", "t", "--output-dir", "out", "--watch"]);
    let running = call.start();
    wait_for(&scene, "out/a.in", "a\n");
    scene.write("t/b.in", "b\n");
    wait_for(&scene, "out/b.in", "b\n");
    let _ = running.kill();
}

#[test]
fn stdin_cannot_be_watched() {
    let scene = Scene::new();
    scene.stencil(["--watch"]).run().shows(
        "
        --- stderr ---
        error: stdin cannot be watched
        hint: name a file instead.
        [exit status: 2]
        ",
    );
    scene.write("a.in", "a\n");
    let values = scene.stencil(["-i", "a.in", "-o", "a", "--values", "-", "--watch"]);
    values
        .run()
        .fails(2)
        .says("error: stdin cannot be watched\n");
}
