//! Making a release and completing it.

use duat_tests::github::{GitHub, Route};

use crate::{REPOSITORY, stage, stage_of};

#[test]
fn a_release_is_made_and_the_version_printed() {
    let (scene, github) = stage();
    let outcome = github.call(&scene, ["dist/*"]).run();
    outcome.prints("1.2.3\n");
    let release = github.repository(REPOSITORY).release();
    assert!(!release.draft);
    assert!(!release.prerelease);
    assert_eq!(release.tag, "1.2.3");
    assert_eq!(release.asset_names(), ["app.tar.gz", "notes.txt"]);
    assert_eq!(*release.asset("notes.txt").unwrap().bytes, *b"some text\n");
    assert_eq!(release.body.as_deref(), Some(""));
    assert_eq!(
        github.repository(REPOSITORY).latest().as_deref(),
        Some("1.2.3")
    );
}

#[test]
fn a_second_run_changes_nothing() {
    let (scene, github) = stage();
    github.call(&scene, ["dist/*"]).run().succeeds();
    github.forget();
    github.call(&scene, ["dist/*"]).run().prints("1.2.3\n");
    assert_eq!(github.writes(), 0, "{}", github.trace());
    // all of it in one round trip
    assert_eq!(github.exchanges().len(), 5, "{}", github.trace());
}

#[test]
fn what_is_missing_is_added_to_a_draft() {
    let (scene, github) = stage();
    let draft = github
        .repository(REPOSITORY)
        .draft("1.2.3", &[("notes.txt", b"some text\n")]);
    github.call(&scene, ["dist/*"]).run().prints("1.2.3\n");
    let release = github.repository(REPOSITORY).release();
    assert_eq!(release.id, draft);
    assert!(!release.draft);
    assert_eq!(github.count(Route::Upload), 1);
}

#[test]
fn a_pre_release_follows_the_version() {
    let (scene, github) = stage_of("1.3.0-rc.1");
    github.repository(REPOSITORY).published("1.2.0", &[]);
    github.call(&scene, ["dist/*"]).run().prints("1.3.0-rc.1\n");
    let releases = github.repository(REPOSITORY).releases();
    let release = releases
        .iter()
        .find(|release| release.tag == "1.3.0-rc.1")
        .unwrap();
    assert!(release.prerelease);
    assert_eq!(
        github.repository(REPOSITORY).latest().as_deref(),
        Some("1.2.0")
    );
}

#[test]
fn the_flags_of_the_predecessor_hold() {
    let (scene, github) = stage();
    let token = GitHub::TOKEN;
    let arguments = [
        "-f",
        "README.md",
        "-module",
        ".",
        "-github-token",
        token,
        "dist/*",
    ];
    let call = github.call(&scene, arguments).without_env("GITHUB_TOKEN");
    call.run().prints("1.2.3\n").conceals(token);
    let call = github.call(&scene, ["-github-token=", "dist/*"]);
    call.run().fails(2).says("`--github-token`");
}

#[test]
fn a_tag_has_a_format() {
    let (scene, github) = stage();
    scene.git(["tag", "server/v1.2.3"]);
    github.repository(REPOSITORY).push(&scene);
    let arguments = [
        "--tag-format",
        "{module}/v{version}",
        "--module",
        "server",
        "dist/*",
    ];
    github.call(&scene, arguments).run().prints("1.2.3\n");
    assert_eq!(github.repository(REPOSITORY).release().tag, "server/v1.2.3");
    scene.write("duat.toml", "[version]\ntag-prefix = \"v\"\n");
    github
        .call(&scene, ["dist/*"])
        .run()
        .fails(5)
        .says("failed to find the tag `v1.2.3`");
}

#[test]
fn files_after_checksums_are_not_taken_for_their_name() {
    let (scene, github) = stage();
    scene.write("app.zip", "bytes\n");
    for (word, fragment) in [
        ("app.zip", "`app.zip` exists, and `--checksums` takes it"),
        ("dist", "`dist` exists, and `--checksums` takes it"),
        ("build/*.zip", "`build/*.zip` is no name"),
    ] {
        let arguments = ["--checksums", word, "dist/*"];
        let outcome = github.call(&scene, arguments).run();
        outcome.fails(2).says(fragment);
    }
    assert!(github.exchanges().is_empty());
    // as it is usually written, and as an option with a value
    for arguments in [
        &["--checksums", "SHA256SUMS", "dist/*"][..],
        &["--checksums=SHA256SUMS", "dist/*"],
        &["dist/*", "--checksums"],
    ] {
        github.call(&scene, arguments).run().prints("1.2.3\n");
    }
    let release = github.repository(REPOSITORY).release();
    let names = ["SHA256SUMS", "app.tar.gz", "notes.txt"];
    assert_eq!(release.asset_names(), names);
}

#[test]
fn a_discussion_is_begun_when_the_release_is_published() {
    let (scene, github) = stage();
    let category = |name| ["dist/*", "--discussion", name];
    let outcome = github.call(&scene, category("Nonsense")).run();
    outcome
        .fails(5)
        .says("failed to publish `1.2.3`")
        .says("is there such a discussion category?");
    assert!(github.repository(REPOSITORY).release().draft);
    let outcome = github.call(&scene, category("Announcements")).run();
    outcome.prints("1.2.3\n");
    let release = github.repository(REPOSITORY).release();
    assert!(!release.draft);
    assert_eq!(release.discussion.as_deref(), Some("Announcements"));
}

#[test]
fn whether_it_is_a_pre_release_can_be_said() {
    for (version, said, expected) in [
        ("1.3.0-rc.1", "--prerelease=false", false),
        ("1.3.0", "--prerelease", true),
    ] {
        let (scene, github) = stage_of(version);
        github.call(&scene, ["dist/*", said]).run().succeeds();
        let release = github.repository(REPOSITORY).release();
        assert_eq!(release.prerelease, expected, "{version} {said}");
    }
}

#[test]
fn github_writes_the_notes_of_a_tag_that_is_yet_to_be_made() {
    let (scene, github) = stage();
    scene.git(["tag", "--delete", "1.2.3"]);
    let repository = github.repository(REPOSITORY).push(&scene);
    let arguments = ["dist/*", "--create-tag", "--notes-from", "github"];
    github.call(&scene, arguments).run().prints("1.2.3\n");
    let body = repository.release().body.unwrap_or_default();
    assert!(body.starts_with("## What's Changed"), "{body}");
}
