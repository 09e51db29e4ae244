//! `--json` is one object, as docs/schema/image-promote.json describes it.

use boon::{Compiler, Schemas};
use duat_tests::Outcome;
use duat_tests::image::{Image, Recipe};
use duat_tests::registry::Registry;
use serde_json::Value;

use crate::{SERVER, Stage, TESTED};

const NAME: &str = "image-promote.json";
const SCHEMA: &str = include_str!("../../../../docs/schema/image-promote.json");

/// Asserts that an answer is as documented, and returns it.
#[track_caller]
fn documented(definition: &str, outcome: &Outcome) -> Value {
    let _ = outcome.succeeds();
    let text = outcome.stdout();
    assert_eq!(text.lines().count(), 1, "{text}");
    let answer: Value = serde_json::from_str(text).unwrap();
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    let mut compiler = Compiler::new();
    compiler.add_resource(NAME, schema.clone()).unwrap();
    let mut schemas = Schemas::new();
    for definition in [format!("#/$defs/{definition}"), String::new()] {
        let location = format!("{NAME}{definition}");
        let index = compiler.compile(&location, &mut schemas).unwrap();
        let judged = schemas.validate(&answer, index);
        let problem = judged.err().map(|error| format!("{error:#}"));
        assert_eq!(problem, None, "{text}");
    }
    let properties = schema["$defs"][definition]["properties"]
        .as_object()
        .unwrap();
    for name in answer.as_object().unwrap().keys() {
        assert!(properties.contains_key(name), "{name}");
    }
    answer
}

#[test]
fn a_promotion_tells_every_reference_and_what_it_took() {
    let stage = Stage::new();
    let digest = stage.tested(&Image::index("app", 2, 2));
    let answer = documented(
        "promote",
        &stage.promote(&["--json", "--also", "latest"]).run(),
    );
    let host = stage.registry.host();
    assert_eq!(answer["release"], "0.0.2");
    assert_eq!(answer["version"], TESTED);
    assert_eq!(answer["action"], "promoted");
    let image = &answer["images"][0];
    assert_eq!(image["reference"], format!("{host}/{SERVER}@{digest}"));
    assert_eq!(
        image["tags"][0]["reference"],
        format!("{host}/{SERVER}:0.0.2")
    );
    assert_eq!(image["tags"][0]["action"], "created");
    assert_eq!(answer["requests"], stage.registry.requests().len());
    assert_eq!(answer["changed"][0], "README.md");
}

#[test]
fn a_copy_tells_what_became_of_every_part() {
    let stage = Stage::new();
    let source = Registry::start();
    let image = Recipe::new("app").platforms(2).layers(2).signed().make();
    source.push_image(SERVER, TESTED, &image);
    let from = source.host();
    let answer = documented(
        "promote",
        &stage.promote(&["plan", "--json", "--from", &from]).run(),
    );
    assert_eq!(answer["action"], "planned");
    let answer = documented(
        "promote",
        &stage.promote(&["--json", "--from", &from]).run(),
    );
    let told = &answer["images"][0];
    assert_eq!(told["manifests"].as_array().unwrap().len(), 4);
    assert_eq!(told["blobs"].as_array().unwrap().len(), image.blobs.len());
    assert_eq!(told["blobs"][0]["action"], "copied");
    let requests = stage.registry.requests().len() + source.requests().len();
    assert!(answer["requests"].as_u64().unwrap() <= requests as u64);
    assert!(answer["bytes_sent"].as_u64().unwrap() >= image.blob_bytes());
    let again = documented("promote", &stage.promote(&["--json"]).run());
    assert_eq!(again["action"], "none");
}

#[test]
fn verify_and_undo_tell_what_they_found() {
    let stage = Stage::new();
    stage.tested(&Image::single("app", 2));
    let _ = stage.promote(&[]).run().succeeds();
    let verified = documented(
        "verify",
        &stage.promote(&["verify", "--deep", "--json"]).run(),
    );
    assert_eq!(verified["images"][0]["blobs"], 3);
    assert_eq!(verified["images"][0]["compared_with"][0], "record");
    let undo = |more: &[&str]| {
        let call = stage.scene.tool("image-promote").args(["undo", "--json"]);
        call.args(more).run()
    };
    assert_eq!(documented("undo", &undo(&["-n"]))["action"], "planned");
    assert_eq!(
        documented("undo", &undo(&[]))["tags"][0]["action"],
        "deleted"
    );
    assert_eq!(documented("undo", &undo(&[]))["action"], "none");
}
