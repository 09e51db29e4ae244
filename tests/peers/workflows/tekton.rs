//! The task for Tekton, read by Tekton's own package; its step is run as the task has it.

use duat_tests::image::Recipe;
use duat_tests::{Scene, binaries, peer};
use serde_json::Value;

use super::file;
use crate::promote::{TESTED, scene};

#[test]
#[ignore = "asks Tekton's own package: tests/peers/run builds it"]
fn tekton_takes_the_task_and_its_step_gives_the_version() {
    let scene = scene();
    let read = scene.command(peer("tekton")).arg(file("tekton.yml")).run();
    let task: Value = serde_json::from_str(read.succeeds().stdout()).expect("a task is JSON");
    let step = &task["spec"]["steps"][0];
    assert_eq!(step["workingDir"], "$(workspaces.source.path)");

    Recipe::new("app")
        .make()
        .write_layout(scene.path("build"), TESTED);
    let result = scene.home().join("version");
    let filled = |value: &Value| {
        let text = value.as_str().expect("it is a text");
        text.replace("$(params.release-repo)", "oci:build")
            .replace("$(params.module)", "server")
            .replace("$(results.version.path)", &result.display().to_string())
    };
    scene.write("step", filled(&step["script"]));
    let variables = step["env"].as_array().expect("there are variables");
    let variables: Vec<_> = variables
        .iter()
        .map(|variable| (filled(&variable["name"]), filled(&variable["value"])))
        .collect();
    let run = |scene: &Scene| {
        let call = scene.command("/bin/sh").arg("step");
        call.programs_in(binaries())
            .envs(variables.iter().map(|(name, value)| (name, value)))
            .run()
    };
    run(&scene).succeeds();
    assert_eq!(scene.read(&result), "0.0.2");
    assert!(scene.read("README.md").contains(">0.0.2<"));

    // a step that fails gives no version, and the task fails
    scene.remove(&result);
    scene.remove("build/index.json");
    assert_ne!(run(&scene).code(), Some(0));
    assert!(!result.exists());
}
