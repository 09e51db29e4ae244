//! What `verify` finds wrong, and that it calls nothing verified that it has not compared.

use duat_tests::github::GitHub;
use duat_tests::{Outcome, Scene};
use serde_json::Value;

use crate::{REPOSITORY, scene_of, stage};

/// Says that verification failed, and that it found this.
#[track_caller]
fn finds(outcome: &Outcome, line: &str) {
    outcome
        .fails(7)
        .says("failed to verify the release `1.2.3`: not all of it is as it should be")
        .says("`github-release --replace changed FILE...` sends the right bytes");
    assert!(
        outcome.stdout().lines().any(|one| one == line),
        "{}",
        outcome.transcript()
    );
}

/// Gives an asset of the release other bytes of the same size, with a digest that is right.
fn exchange(github: &GitHub, name: &str, bytes: &[u8]) {
    let repository = github.repository(REPOSITORY);
    repository.put(repository.release().id, name, bytes);
}

fn lose(github: &GitHub, name: &str) {
    let repository = github.repository(REPOSITORY);
    repository.edit(repository.release().id, |release| {
        release.assets.retain(|one| one.name != name);
    });
}

#[test]
fn an_asset_that_is_gone_is_not_verified() {
    let (scene, github) = stage();
    let arguments = ["dist/*", "--checksums"];
    github.call(&scene, arguments).run().succeeds();
    lose(&github, "notes.txt");
    github.forget();
    // by the checksums, and by the files
    for arguments in [
        &["verify"][..],
        &["verify", "--download"],
        &["verify", "dist/*"],
    ] {
        let outcome = github.call(&scene, arguments).run();
        finds(&outcome, "notes.txt: it is not there");
    }
    let outcome = github.call(&scene, ["verify", "--json"]).run();
    let report: Value = serde_json::from_str(outcome.fails(7).stdout()).unwrap();
    assert_eq!(report["verified"], false);
    assert_eq!(report["assets"][2]["name"], "notes.txt");
    assert_eq!(report["assets"][2]["problem"], "it is not there");
    assert_eq!(github.writes(), 0, "{}", github.trace());
}

#[test]
fn an_upload_that_is_not_complete_is_not_verified() {
    let (scene, github) = stage();
    github.call(&scene, ["dist/*"]).run().succeeds();
    lose(&github, "notes.txt");
    let repository = github.repository(REPOSITORY);
    repository.starter(repository.release().id, "notes.txt");
    for arguments in [
        &["verify"][..],
        &["verify", "--download"],
        &["verify", "dist/*"],
    ] {
        let outcome = github.call(&scene, arguments).run();
        finds(&outcome, "notes.txt: its upload is not complete");
    }
}

#[test]
fn an_asset_that_was_replaced_is_not_what_the_checksums_say() {
    let (scene, github) = stage();
    let arguments = ["dist/*", "--checksums"];
    github.call(&scene, arguments).run().succeeds();
    exchange(&github, "notes.txt", b"some test\n");
    for arguments in [&["verify"][..], &["verify", "--download"]] {
        let outcome = github.call(&scene, arguments).run();
        finds(&outcome, "notes.txt: it is not what the checksums say");
    }
}

/// A server that tells no digests, and a release of it.
fn without_digests(arguments: &[&str]) -> (Scene, GitHub) {
    let scene = scene_of("1.2.3");
    let github = GitHub::enterprise();
    github.repository(REPOSITORY).push(&scene);
    github.call(&scene, arguments).run().prints("1.2.3\n");
    (scene, github)
}

#[test]
fn where_no_digest_is_told_only_a_download_verifies() {
    let line = "notes.txt: GitHub tells no digest: use `--download`";
    let (scene, github) = without_digests(&["dist/*", "--checksums"]);
    for files in [&[][..], &["dist/*"]] {
        let verify = [&["verify"], files].concat();
        finds(&github.call(&scene, &verify).run(), line);
        let download = [&verify[..], &["--download"]].concat();
        let outcome = github.call(&scene, &download).run();
        let said = outcome.succeeds().stdout();
        assert!(said.contains("notes.txt: verified\n"), "{said}");
    }
    // other bytes of the same size
    exchange(&github, "notes.txt", b"some test\n");
    finds(&github.call(&scene, ["verify", "dist/*"]).run(), line);
    let outcome = github
        .call(&scene, ["verify", "dist/*", "--download"])
        .run();
    let line = "notes.txt: it has other bytes than `dist/notes.txt`";
    finds(&outcome, line);
    let outcome = github.call(&scene, ["verify", "--download"]).run();
    finds(&outcome, "notes.txt: it is not what the checksums say");
}
