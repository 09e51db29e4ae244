//! What the other commands do, and the forms of the answer.

use duat_tests::github::{Fault, Route};
use serde_json::Value;

use crate::{REPOSITORY, stage};

#[test]
fn a_plan_is_shown_and_nothing_done() {
    let (scene, github) = stage();
    let plan = "make a draft of `1.2.3`\n\
                upload `app.tar.gz`, 11 bytes\n\
                upload `notes.txt`, 10 bytes\n\
                publish it as the latest release\n";
    github.call(&scene, ["plan", "dist"]).run().prints(plan);
    github
        .call(&scene, ["dist", "--dry-run"])
        .run()
        .prints("1.2.3\n")
        .says("make a draft");
    assert_eq!(github.writes(), 0, "{}", github.trace());
    github.call(&scene, ["dist"]).run().succeeds();
    github.call(&scene, ["plan", "dist"]).run().succeeds();
    let outcome = github.call(&scene, ["plan", "dist", "--json"]).run();
    let facts: Value = serde_json::from_str(outcome.stdout()).unwrap();
    assert_eq!(facts["changed"], false);
    assert_eq!(facts["dry_run"], true);
    assert_eq!(facts["assets"][0]["action"], "kept");
}

#[test]
fn a_rehearsal_tells_by_its_code_whether_there_is_something_to_do() {
    let (scene, github) = stage();
    let rehearse = |arguments: &[&str]| {
        let call = github.call(&scene, arguments).arg("--dry-run");
        call.arg("--exit-code").run()
    };
    rehearse(&["dist"]).fails(8);
    github.call(&scene, ["dist", "--draft"]).run().succeeds();
    rehearse(&["dist", "--draft"]).succeeds();
    rehearse(&["publish"]).fails(8);
    github.call(&scene, ["publish"]).run().succeeds();
    rehearse(&["publish"]).succeeds();
    rehearse(&["dist"]).succeeds();
    rehearse(&["prune", "--keep", "1"]).succeeds();
    for tag in ["1.2.3-rc.1", "1.2.3-rc.2"] {
        let id = github.repository(REPOSITORY).published(tag, &[]);
        let repository = github.repository(REPOSITORY);
        repository.edit(id, |release| release.prerelease = true);
    }
    rehearse(&["prune", "--keep", "1"]).fails(8);
    let call = github.call(&scene, ["dist", "--exit-code"]);
    call.run().fails(2);
}

#[test]
fn a_draft_is_kept_and_published_later() {
    let (scene, github) = stage();
    let outcome = github
        .call(&scene, ["--draft", "dist/*", "--notes", "Made by hand."])
        .run();
    outcome
        .prints("1.2.3\n")
        .says("`github-release publish` publishes it.");
    assert!(github.repository(REPOSITORY).release().draft);
    github
        .call(&scene, ["publish", "--expect", "3"])
        .run()
        .fails(3);
    github
        .call(&scene, ["publish", "--expect", "2"])
        .run()
        .prints("1.2.3\n");
    let release = github.repository(REPOSITORY).release();
    assert!(!release.draft);
    assert_eq!(release.body.as_deref(), Some("Made by hand."));
    github.call(&scene, ["publish"]).run().prints("1.2.3\n");
}

#[test]
fn jobs_fill_one_draft_and_the_last_publishes() {
    let (scene, github) = stage();
    let first = ["--draft", "--expect", "2", "dist/app.tar.gz"];
    github
        .call(&scene, first)
        .run()
        .prints("1.2.3\n")
        .says("1 more assets are expected");
    assert!(github.repository(REPOSITORY).release().draft);
    let second = ["--draft", "--expect", "2", "dist/notes.txt"];
    github.call(&scene, second).run().prints("1.2.3\n");
    assert!(!github.repository(REPOSITORY).release().draft);
}

#[test]
fn verification_finds_what_differs() {
    let (scene, github) = stage();
    github
        .call(&scene, ["verify"])
        .run()
        .fails(5)
        .says("failed to find the release `1.2.3`");
    github.call(&scene, ["dist/*"]).run().succeeds();
    github
        .call(&scene, ["verify", "dist/*"])
        .run()
        .prints("app.tar.gz: verified\nnotes.txt: verified\n");
    github
        .call(&scene, ["verify", "--download", "dist/*"])
        .run()
        .succeeds();
    scene.write("dist/notes.txt", "some test\n");
    let outcome = github.call(&scene, ["verify", "dist/*"]).run();
    outcome.fails(7);
    assert!(
        outcome
            .stdout()
            .contains("notes.txt: it has other bytes than `dist/notes.txt`")
    );
}

#[test]
fn what_nothing_was_said_of_is_not_called_verified() {
    let (scene, github) = stage();
    let arguments = ["dist/app.tar.gz", "--checksums"];
    github.call(&scene, arguments).run().succeeds();
    github.call(&scene, ["dist/notes.txt"]).run().succeeds();
    github.call(&scene, ["verify"]).run().prints(
        "SHA256SUMS: verified\n\
         app.tar.gz: verified\n\
         notes.txt: it is there, and nothing tells what it should be\n",
    );
    let outcome = github.call(&scene, ["verify", "--json"]).run();
    let report: Value = serde_json::from_str(outcome.succeeds().stdout()).unwrap();
    let against = |at: usize| report["assets"][at]["against"].clone();
    assert_eq!(against(0), "digest");
    assert_eq!(against(1), "checksums");
    assert_eq!(against(2), "nothing");
    // read back it is at least what GitHub says it is
    let arguments = ["verify", "--download"];
    github
        .call(&scene, arguments)
        .run()
        .prints("SHA256SUMS: verified\napp.tar.gz: verified\nnotes.txt: verified\n");
    // checksums that somebody changed
    let repository = github.repository(REPOSITORY);
    repository.edit(repository.release().id, |release| {
        let sums = release
            .assets
            .iter_mut()
            .find(|one| one.name == "SHA256SUMS");
        sums.unwrap().bytes = std::sync::Arc::from(*b"nothing\n");
    });
    let outcome = github.call(&scene, ["verify"]).run();
    outcome.fails(7);
    assert!(outcome.stdout().contains("and GitHub says"));
}

#[test]
fn old_pre_releases_are_deleted_and_their_tags_stay() {
    let (scene, github) = stage();
    for tag in ["1.2.3-rc.1", "1.2.3-rc.2", "1.2.3-rc.10"] {
        let id = github.repository(REPOSITORY).published(tag, &[]);
        github
            .repository(REPOSITORY)
            .edit(id, |release| release.prerelease = true);
    }
    github.repository(REPOSITORY).published("1.2.2", &[]);
    github
        .call(&scene, ["prune", "--keep", "1", "--dry-run"])
        .run()
        .prints("1.2.3-rc.2\n1.2.3-rc.1\n");
    assert_eq!(github.writes(), 0);
    github
        .call(&scene, ["prune", "--keep", "1"])
        .run()
        .prints("1.2.3-rc.2\n1.2.3-rc.1\n");
    let releases = github.repository(REPOSITORY).releases();
    let tags: Vec<&str> = releases
        .iter()
        .map(|release| release.tag.as_str())
        .collect();
    assert_eq!(tags, ["1.2.3-rc.10", "1.2.2"]);
    assert!(github.repository(REPOSITORY).tag("1.2.3-rc.1").is_some());
    github.call(&scene, ["prune"]).run().fails(2);
}

#[test]
fn the_answer_has_its_forms() {
    let (scene, github) = stage();
    let call = github
        .call(
            &scene,
            ["dist/*", "--json", "--github-output", "--step-summary"],
        )
        .env("GITHUB_OUTPUT", scene.path("output"))
        .env("GITHUB_STEP_SUMMARY", scene.path("summary"));
    let outcome = call.run();
    outcome.succeeds();
    let facts: Value = serde_json::from_str(outcome.stdout()).unwrap();
    assert_eq!(facts["version"], "1.2.3");
    assert_eq!(facts["state"], "published");
    assert_eq!(facts["repository"], "owner/tool");
    assert_eq!(facts["latest"], true);
    assert_eq!(facts["assets"][1]["name"], "notes.txt");
    assert_eq!(facts["assets"][1]["action"], "uploaded");
    assert!(scene.read("output").contains("state=published\n"));
    assert!(scene.read("summary").contains("| uploaded |"));
    let schema: Value =
        serde_json::from_str(include_str!("../../../../docs/schema/github-release.json")).unwrap();
    let mut schemas = boon::Schemas::new();
    let mut compiler = boon::Compiler::new();
    compiler.add_resource("schema.json", schema).unwrap();
    let release = compiler
        .compile("schema.json#/$defs/release", &mut schemas)
        .unwrap();
    assert!(schemas.validate(&facts, release).is_ok(), "{facts:#}");
    github
        .call(&scene, ["dist/*", "--step-summary"])
        .run()
        .fails(2);
    // what releases nothing has no summary
    for command in [&["verify"][..], &["prune", "--keep", "1"]] {
        let call = github.call(&scene, command).arg("--step-summary");
        let call = call.env("GITHUB_STEP_SUMMARY", scene.path("summary"));
        call.run().fails(2).says("--step-summary");
    }
}

#[test]
fn the_answer_tells_of_each_asset_what_becomes_of_it() {
    let (scene, github) = stage();
    let repository = github.repository(REPOSITORY);
    let there: [(&str, &[u8]); 2] = [("app.tar.gz", b"an archive\n"), ("notes.txt", b"older\n")];
    repository.draft("1.2.3", &there);
    let arguments = ["--draft", "--expect", "3", "--json", "dist/*"];
    let facts = |rehearsal: &[&str]| -> Value {
        let call = github.call(&scene, arguments).args(rehearsal);
        let call = call.env("GITHUB_STEP_SUMMARY", scene.path("summary"));
        serde_json::from_str(call.run().succeeds().stdout()).unwrap()
    };
    for (rehearsal, is_dry) in [("--dry-run", true), ("--step-summary", false)] {
        let facts = facts(&[rehearsal]);
        assert_eq!(facts["dry_run"], is_dry);
        assert_eq!(facts["changed"], true);
        assert_eq!(facts["state"], "draft");
        assert_eq!(facts["missing"], 1);
        assert_eq!(facts["assets"][0]["action"], "kept");
        assert_eq!(facts["assets"][1]["action"], "replaced");
    }
    let summary = scene.read("summary");
    assert!(
        summary.starts_with("### Release 1.2.3: draft\n"),
        "{summary}"
    );
    assert!(summary.contains("| app.tar.gz | 11 | "), "{summary}");
    assert!(summary.contains("| kept |\n"), "{summary}");
    assert!(summary.contains("| replaced |\n"), "{summary}");
}

#[test]
fn a_summary_that_is_lost_tells_what_was_done() {
    let (scene, github) = stage();
    let call = github
        .call(&scene, ["dist/*", "--step-summary"])
        .env("GITHUB_STEP_SUMMARY", scene.path("nowhere/summary"));
    call.run()
        .fails(1)
        .says("`1.2.3` is published at GitHub; only the summary was lost.");
    assert!(!github.repository(REPOSITORY).release().draft);
}

#[test]
fn checksums_are_read_however_often_the_store_fails() {
    let (scene, github) = stage();
    let arguments = ["dist/*", "--checksums"];
    github.call(&scene, arguments).run().succeeds();
    github.forget();
    github
        .fault(Route::Storage, 1, Fault::Status(503))
        .fault(Route::Storage, 2, Fault::CutAnswer);
    github
        .call(&scene, ["verify"])
        .run()
        .prints("SHA256SUMS: verified\napp.tar.gz: verified\nnotes.txt: verified\n");
    assert_eq!(github.count(Route::Storage), 3, "{}", github.trace());
}

#[test]
fn checksums_that_are_too_long_are_not_held() {
    let (scene, github) = stage();
    scene.write("SHA256SUMS", vec![b'7'; (1 << 20) + 1]);
    github.call(&scene, ["SHA256SUMS"]).run().succeeds();
    let message = "failed to read the checksums: `SHA256SUMS` has 1048577 bytes";
    github.call(&scene, ["verify"]).run().fails(7).says(message);
    assert_eq!(github.count(Route::Storage), 0, "{}", github.trace());
    // a server that tells another size
    let repository = github.repository(REPOSITORY);
    repository.edit(repository.release().id, |release| {
        release.assets[0].size = 80;
        release.assets[0].bytes = vec![b'7'; (1 << 20) + 1].into();
    });
    github.call(&scene, ["verify"]).run().fails(7).says(message);
    assert_eq!(github.count(Route::Storage), 1, "{}", github.trace());
    let arguments = ["verify", "SHA256SUMS"];
    github.call(&scene, arguments).run().fails(7);
}
