//! What is refused, and the way out that is named.

use duat_tests::github::GitHub;

use crate::{REPOSITORY, scene_of, stage};

#[test]
fn a_tag_that_is_missing_is_made_on_request() {
    let scene = scene_of("1.2.3");
    scene.git(["tag", "--delete", "1.2.3"]);
    let github = GitHub::start();
    github.repository(REPOSITORY).push(&scene);
    let outcome = github.call(&scene, ["dist/*"]).run();
    outcome
        .fails(5)
        .says("failed to find the tag `1.2.3` at GitHub")
        .says("--create-tag");
    assert_eq!(github.writes(), 0);
    github
        .call(&scene, ["dist/*", "--create-tag"])
        .run()
        .prints("1.2.3\n");
    let head = scene.git(["rev-parse", "HEAD"]);
    assert_eq!(
        github.repository(REPOSITORY).tag("1.2.3").as_deref(),
        Some(head.as_str())
    );
}

#[test]
fn a_version_that_is_not_committed_is_refused() {
    let (scene, github) = stage();
    scene.write("README.md", "<repo-version>1.2.4</repo-version>\n");
    for arguments in [&["dist/*", "--create-tag"][..], &["plan", "dist/*"]] {
        let outcome = github.call(&scene, arguments).run();
        outcome
            .fails(3)
            .says("refused to release `1.2.4`: `README.md` has `1.2.3` at `HEAD`")
            .says("git commit README.md");
    }
    assert!(github.exchanges().is_empty(), "{}", github.trace());
    // pre-releases are made of any commit
    scene.write("README.md", "<repo-version>1.2.4-rc.1</repo-version>\n");
    let arguments = ["dist/*", "--create-tag"];
    let call = github.call(&scene, arguments);
    call.run().prints("1.2.4-rc.1\n");
}

#[test]
fn a_tag_elsewhere_is_refused() {
    let (scene, github) = stage();
    scene.git(["commit", "--quiet", "--allow-empty", "--message=later"]);
    let outcome = github.call(&scene, ["dist/*"]).run();
    outcome.fails(3).says("the tag `1.2.3` is not at `HEAD`");
    assert!(github.exchanges().is_empty());
    scene.git(["tag", "--delete", "1.2.3"]);
    let outcome = github.call(&scene, ["dist/*"]).run();
    outcome.fails(3).says("the tag `1.2.3` is at");
    assert_eq!(github.writes(), 0);
}

#[test]
fn the_tag_of_the_job_is_the_version() {
    let (scene, github) = stage();
    let call = github
        .call(&scene, ["dist/*"])
        .env("GITHUB_ACTIONS", "true")
        .env("GITHUB_REF", "refs/tags/1.2.4");
    call.run().fails(3).says("this job builds `1.2.4`");
    assert!(github.exchanges().is_empty());
}

#[test]
fn without_a_token_nothing_is_asked() {
    let (scene, github) = stage();
    let call = github.call(&scene, ["dist/*"]).without_env("GITHUB_TOKEN");
    call.run()
        .fails(4)
        .says("failed to find a token for `github.com`");
    assert!(github.exchanges().is_empty());
}

#[test]
fn a_wrong_token_is_recognised() {
    let (scene, github) = stage();
    let call = github
        .call(&scene, ["dist/*"])
        .env("GITHUB_TOKEN", "ghp_wrong");
    call.run()
        .fails(4)
        .says("the token is wrong or has expired")
        .conceals("ghp_wrong");
}

#[test]
fn a_host_that_only_a_remote_names_gets_no_token_of_the_environment() {
    let (scene, github) = stage();
    scene.git([
        "remote",
        "set-url",
        "origin",
        "https://evil.example.com/owner/tool",
    ]);
    let call = github
        .call(&scene, ["dist/*"])
        .without_env("GITHUB_API_URL");
    call.run()
        .fails(4)
        .says("failed to find a token for `evil.example.com`");
}

#[test]
fn a_token_does_not_travel_unencrypted() {
    let (scene, github) = stage();
    let call = github.call(&scene, ["dist/*", "--api-url", "http://github.example.com"]);
    call.run()
        .fails(2)
        .says("the token would travel unencrypted");
}

#[test]
fn notes_come_from_the_changelog_or_are_missed() {
    let (scene, github) = stage();
    let outcome = github
        .call(&scene, ["dist/*", "--notes-from", "changelog"])
        .run();
    outcome.fails(5).says("failed to find the notes");
    scene.write(
        "CHANGELOG.md",
        "# Changes\n\n## [1.2.3] - today\n\n- all new\n\n## 1.2.2\n\n- old\n",
    );
    github
        .call(&scene, ["dist/*", "--notes-from", "changelog"])
        .run()
        .prints("1.2.3\n");
    assert_eq!(
        github.repository(REPOSITORY).release().body.as_deref(),
        Some("- all new")
    );
}

#[test]
fn notes_come_from_the_commits_since_the_last_release() {
    let scene = scene_of("1.2.2");
    scene.write("README.md", "<repo-version>1.2.3</repo-version>\n");
    scene.script("git add --all\ngit commit --quiet --message=second\ngit tag 1.2.3");
    let github = GitHub::start();
    github.repository(REPOSITORY).push(&scene);
    github
        .call(&scene, ["--notes-from", "git"])
        .run()
        .prints("1.2.3\n");
    assert_eq!(
        github.repository(REPOSITORY).release().body.as_deref(),
        Some("- second")
    );
}

#[test]
fn what_is_asked_of_the_assets_and_cannot_be_is_refused_before_any_request() {
    let (scene, github) = stage();
    scene.write("sums/SHA256SUMS", "made by hand\n");
    for (arguments, code, fragments) in [
        (
            &["dist/app.tar.gz", "--as", "a/b"][..],
            2,
            ["`--as` takes the name of a file, not a path", ""],
        ),
        (
            &["dist/app.tar.gz", "--as", ""],
            2,
            ["`--as` takes the name of a file, not a path", ""],
        ),
        (
            &["--checksums"],
            2,
            ["there are no assets to make checksums of", ""],
        ),
        (
            &["dist/*", "sums/SHA256SUMS", "--checksums"],
            2,
            [
                "`sums/SHA256SUMS` has the name of the checksums that are to be made",
                "remove the file, or leave out `--checksums`.",
            ],
        ),
        (
            &["-"],
            5,
            [
                "failed to find assets: the list on stdin is empty",
                "leave out `-` for a release without assets.",
            ],
        ),
    ] {
        let outcome = github.call(&scene, arguments).stdin("\n").run();
        outcome.fails(code).prints_nothing();
        for fragment in fragments {
            outcome.says(fragment);
        }
    }
    assert!(github.exchanges().is_empty(), "{}", github.trace());
}

#[test]
fn notes_that_are_no_text_are_refused_before_any_request() {
    let (scene, github) = stage();
    scene.write("notes.bin", b"\xff\xfe");
    let arguments = ["dist/*", "-F", "notes.bin"];
    let outcome = github.call(&scene, arguments).run();
    outcome
        .fails(1)
        .says("failed to read the notes of `notes.bin`: they are not UTF-8");
    assert!(github.exchanges().is_empty(), "{}", github.trace());
}

#[test]
fn a_draft_that_does_not_exist_is_not_published() {
    let (scene, github) = stage();
    let outcome = github.call(&scene, ["publish"]).run();
    outcome
        .fails(5)
        .prints_nothing()
        .says("failed to find a draft of `1.2.3`")
        .says("`github-release FILE...` makes one.");
    assert_eq!(github.writes(), 0, "{}", github.trace());
}
