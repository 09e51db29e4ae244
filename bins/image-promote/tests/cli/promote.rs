//! The release gets its tag where the image was tested: few requests, and nothing else touched.

use duat_tests::image::{Image, Recipe};
use duat_tests::registry::{Fault, Settings};

use crate::{SERVER, Stage, TESTED};

#[test]
fn the_tested_image_becomes_the_release_and_the_version_is_clean() {
    let stage = Stage::new();
    let digest = stage.tested(&Image::index("app", 2, 3));
    stage.promote(&[]).run().prints("0.0.2\n");
    assert_eq!(stage.registry.tag(SERVER, "0.0.2"), Some(digest.clone()));
    assert_eq!(stage.registry.tag(SERVER, TESTED), Some(digest));
    assert_eq!(stage.version(), "0.0.2");
}

#[test]
fn a_promotion_in_place_takes_three_requests_and_one_to_verify() {
    let stage = Stage::new();
    stage.tested(&Image::index("app", 2, 10));
    let _ = stage.promote(&[]).run().succeeds();
    let requests = stage.registry.requests();
    assert_eq!(requests.len(), 4, "{requests}");
    assert_eq!(requests.count("GET", &format!("/manifests/{TESTED}")), 1);
    assert_eq!(requests.count("HEAD", "/manifests/0.0.2"), 2);
    assert_eq!(requests.count("PUT", "/manifests/0.0.2"), 1);
}

#[test]
fn a_release_that_is_there_is_found_in_one_round_trip_and_written_down() {
    let stage = Stage::new();
    let image = Image::index("app", 2, 3);
    stage.registry.push_image(SERVER, "0.0.2", &image);
    stage.tested(&image);
    stage.promote(&[]).run().prints("0.0.2\n");
    let requests = stage.registry.requests();
    assert_eq!(requests.len(), 2, "{requests}");
    assert!(requests.writes().is_empty(), "{requests}");
    assert_eq!(stage.version(), "0.0.2");
}

#[test]
fn a_second_run_asks_one_question_and_writes_nothing() {
    let stage = Stage::new();
    stage.tested(&Image::single("app", 2));
    stage.promote(&[]).run().prints("0.0.2\n");
    stage.registry.forget();
    stage.promote(&[]).run().prints("0.0.2\n");
    let requests = stage.registry.requests();
    assert_eq!(requests.len(), 1, "{requests}");
    assert!(requests.writes().is_empty(), "{requests}");
}

#[test]
fn a_tag_that_cannot_be_moved_is_not_put_again() {
    let stage = Stage::with(Settings::new().immutable(&[]));
    let image = Image::single("app", 2);
    stage.registry.push_image(SERVER, "0.0.2", &image);
    stage.tested(&image);
    stage.promote(&[]).run().prints("0.0.2\n");
    assert!(stage.registry.requests().writes().is_empty());
}

#[test]
fn every_kind_of_image_keeps_its_digest() {
    for recipe in [
        Recipe::new("docker").docker(),
        Recipe::new("list").docker().platforms(2),
        Recipe::new("unnamed").without_media_type(),
        Recipe::new("unnamed index")
            .without_media_type()
            .platforms(2),
        Recipe::new("attested").platforms(2).attested(),
        Recipe::new("nested").platforms(2).nested(),
        Recipe::new("artifact").artifact("application/vnd.acme.thing"),
        Recipe::new("large").padded(2 << 20),
    ] {
        let stage = Stage::new();
        let image = recipe.make();
        let digest = stage.tested(&image);
        stage.promote(&[]).run().prints("0.0.2\n");
        assert_eq!(stage.registry.tag(SERVER, "0.0.2"), Some(digest.clone()));
        let manifest = stage.registry.manifest(SERVER, &digest).unwrap();
        assert_eq!(manifest.bytes, image.root().bytes);
        assert_eq!(manifest.media_type, image.root().media_type);
    }
}

#[test]
fn no_write_leaves_the_version_alone() {
    let stage = Stage::new();
    stage.tested(&Image::single("app", 1));
    stage.promote(&["--no-write"]).run().prints("0.0.2\n");
    assert_eq!(stage.version(), TESTED);
    assert!(stage.registry.tag(SERVER, "0.0.2").is_some());
}

#[test]
fn targets_move_with_the_version() {
    let stage = Stage::new();
    stage.scene.write("VERSION", format!("{TESTED}\n"));
    stage.tested(&Image::single("app", 1));
    stage
        .promote(&["--target", "VERSION"])
        .run()
        .prints("0.0.2\n");
    assert_eq!(stage.scene.read("VERSION"), "0.0.2\n");
    assert_eq!(stage.version(), "0.0.2");
}

#[test]
fn a_target_that_cannot_be_written_is_known_before_a_tag_moves() {
    let stage = Stage::new();
    stage.scene.write("notes.md", "no version here\n");
    stage.tested(&Image::single("app", 1));
    let outcome = stage.promote(&["--target", "notes.md"]).run();
    outcome.fails(5).prints_nothing();
    assert_eq!(stage.registry.requests().len(), 0);
    assert_eq!(stage.version(), TESTED);
}

#[test]
fn the_plan_says_what_would_be_done_and_does_nothing() {
    let stage = Stage::new();
    let digest = stage.tested(&Image::single("app", 1));
    let outcome = stage.promote(&["plan", "--also", "latest"]).run();
    let host = stage.registry.host();
    outcome.prints(&format!(
        "{host}/{SERVER}@{digest} from {host}/{SERVER}\n  tag it `0.0.2`\n  tag it `latest`\n"
    ));
    outcome.says("-Version: <repo-version>0.0.2-main-aaaagjecrgf</repo-version>");
    assert!(stage.registry.requests().writes().is_empty());
    assert_eq!(stage.version(), TESTED);
    stage.promote(&["-n", "--exit-code"]).run().fails(8);
    let _ = stage.promote(&[]).run().succeeds();
    let _ = stage.promote(&["-n", "--exit-code"]).run().succeeds();
}

#[test]
fn what_is_required_must_be_there() {
    let stage = Stage::new();
    stage.tested(&Image::index("app", 2, 1));
    let outcome = stage.promote(&["--require", "signature,sbom"]).run();
    outcome
        .fails(3)
        .says("it has no signature")
        .says("it has no sbom");
    assert!(stage.registry.requests().writes().is_empty());
    assert_eq!(stage.version(), TESTED);
    stage.tested(
        &Recipe::new("signed")
            .platforms(2)
            .signed()
            .attached("sbom")
            .make(),
    );
    stage
        .promote(&["--require", "signature,sbom"])
        .run()
        .prints("0.0.2\n");
}

#[test]
fn provenance_is_an_attestation_or_a_referrer() {
    for (number, recipe) in [
        Recipe::new("app").platforms(2).attested(),
        Recipe::new("app").referrer("application/vnd.in-toto.slsa.provenance+json"),
    ]
    .into_iter()
    .enumerate()
    {
        let stage = Stage::new();
        stage.tested(&Image::single("app", 1));
        let promote = || stage.promote(&["--require", "provenance"]).run();
        promote()
            .fails(3)
            .says("it has no provenance\nhint: `docker buildx build --provenance=true`");
        stage.tested(&recipe.make());
        let outcome = promote();
        assert_eq!(
            outcome.stdout(),
            "0.0.2\n",
            "{number}: {}",
            outcome.stderr()
        );
    }
}

/// Has somebody else write another version while the registry answers a request of this kind.
#[expect(clippy::disallowed_methods, reason = "it is somebody else who writes")]
fn changed_during(stage: &Stage, method: &str, place: &str) {
    let readme = stage.scene.path("README.md");
    let text = stage.scene.read("README.md").replace(TESTED, "0.0.9");
    let fault = Fault::on(method, place).changes(move |reply| {
        std::fs::write(&readme, &text).unwrap();
        reply
    });
    stage.registry.fault(fault);
}

#[test]
fn no_tag_moves_where_somebody_has_changed_the_version_meanwhile() {
    let stage = Stage::new();
    stage.tested(&Image::single("app", 1));
    changed_during(&stage, "GET", &format!("/manifests/{TESTED}"));
    let outcome = stage.promote(&[]).run();
    outcome.fails(3).says(&format!(
        "error: refused to release `0.0.2`: `README.md` says `0.0.9` by now, not `{TESTED}`\n\
         hint: no tag has moved;"
    ));
    assert_eq!(stage.registry.tag(SERVER, "0.0.2"), None);
    assert_eq!(stage.version(), "0.0.9");
}

#[test]
fn a_release_that_stands_is_said_where_its_version_cannot_be_written() {
    let stage = Stage::new();
    let digest = stage.tested(&Image::single("app", 1));
    let readme = stage.scene.read("README.md");
    changed_during(&stage, "PUT", "/manifests/0.0.2");
    let outcome = stage.promote(&[]).run();
    outcome
        .fails(1)
        .says("`0.0.2` is published, only the version was not written: run this again");
    assert_eq!(stage.registry.tag(SERVER, "0.0.2"), Some(digest));
    assert_eq!(stage.version(), "0.0.9");

    stage.registry.heal();
    stage.scene.write("README.md", readme);
    stage.promote(&[]).run().prints("0.0.2\n");
    assert_eq!(stage.version(), "0.0.2");
}
