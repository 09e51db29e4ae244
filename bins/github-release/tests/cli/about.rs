//! What is said of a release: title, notes, pre-release, latest; and its proof.

use duat_tests::github::{GitHub, Origin};

use crate::{REPOSITORY, scene_of, stage, stage_of};

#[test]
fn a_pre_release_and_the_latest_are_as_they_are_told() {
    let (scene, github) = stage();
    let arguments = ["dist/*", "--prerelease", "--title", "The first"];
    github.call(&scene, arguments).run().prints("1.2.3\n");
    let release = github.repository(REPOSITORY).release();
    assert!(release.prerelease);
    assert_eq!(release.name.as_deref(), Some("The first"));
    assert_eq!(github.repository(REPOSITORY).latest(), None);
    let (scene, github) = stage();
    github.repository(REPOSITORY).published("1.2.2", &[]);
    let arguments = ["dist/*", "--latest=false"];
    github.call(&scene, arguments).run().prints("1.2.3\n");
    let latest = github.repository(REPOSITORY).latest();
    assert_eq!(latest.as_deref(), Some("1.2.2"));
    let (scene, github) = stage_of("1.3.0-rc.1");
    let arguments = ["dist/*", "--latest"];
    github.call(&scene, arguments).run().fails(2);
}

#[test]
fn notes_come_from_the_message_of_the_tag() {
    let scene = scene_of("1.2.3");
    let github = GitHub::start();
    github.repository(REPOSITORY).push(&scene);
    let arguments = ["dist/*", "--notes-from", "tag"];
    github
        .call(&scene, arguments)
        .run()
        .fails(5)
        .says("the tag `1.2.3` is not annotated");
    scene.git([
        "tag",
        "--force",
        "--annotate",
        "--message=Much is new.",
        "1.2.3",
    ]);
    github.repository(REPOSITORY).push(&scene);
    github.call(&scene, arguments).run().prints("1.2.3\n");
    let body = github.repository(REPOSITORY).release().body;
    assert_eq!(body.as_deref(), Some("Much is new."));
}

#[test]
fn notes_come_from_where_the_configuration_says() {
    for (source, expected) in [
        ("changelog", "- from the changelog"),
        ("tag", "Much is new."),
        ("github", "## What's Changed"),
        ("git", "- first"),
        ("docs/news.md", "from a file"),
    ] {
        let (scene, github) = stage();
        scene.write("CHANGELOG.md", "## 1.2.3\n\n- from the changelog\n");
        scene.write("docs/news.md", "from a file\n");
        let message = "--message=Much is new.";
        scene.git(["tag", "--force", "--annotate", message, "1.2.3"]);
        github.repository(REPOSITORY).push(&scene);
        let configuration = format!("[release]\nnotes = \"{source}\"\n");
        scene.write("duat.toml", configuration);
        github.call(&scene, ["dist/*"]).run().prints("1.2.3\n");
        let body = github.repository(REPOSITORY).release().body;
        let body = body.unwrap_or_default();
        assert!(body.starts_with(expected), "{source}: {body}");
        assert!(!body.contains("<!--"), "{source}: {body}");
    }
    // what is typed comes first
    let (scene, github) = stage();
    scene.write("duat.toml", "[release]\nnotes = \"changelog\"\n");
    let call = github.call(&scene, ["dist/*", "--notes", "typed"]);
    call.run().prints("1.2.3\n");
    let body = github.repository(REPOSITORY).release().body;
    assert_eq!(body.as_deref(), Some("typed"));
}

#[test]
fn notes_are_written_by_github() {
    let (scene, github) = stage();
    github.repository(REPOSITORY).published("1.2.2", &[]);
    let arguments = ["dist/*", "--notes-from", "github"];
    github.call(&scene, arguments).run().prints("1.2.3\n");
    let releases = github.repository(REPOSITORY).releases();
    let release = releases.iter().find(|one| one.tag == "1.2.3").unwrap();
    let body = release.body.as_deref().unwrap_or_default();
    assert!(body.starts_with("## What's Changed"), "{body}");
    assert!(body.contains("1.2.2...1.2.3"), "{body}");
}

#[test]
fn notes_come_from_a_file_or_stdin() {
    for (file, notes) in [
        ("notes.md", "from a file"),
        ("-", "from stdin"),
        #[cfg(target_os = "linux")]
        ("/dev/fd/0", "from stdin"),
    ] {
        let (scene, github) = stage();
        scene.write("notes.md", "from a file\n");
        let call = github.call(&scene, ["dist/*", "-F", file]);
        call.stdin("from stdin\n").run().prints("1.2.3\n");
        let body = github.repository(REPOSITORY).release().body;
        assert_eq!(body.as_deref(), Some(notes));
    }
}

#[test]
fn all_bytes_are_read_back_before_publishing_on_request() {
    let (scene, github) = stage();
    let arguments = ["dist/*", "--verify", "download"];
    github.call(&scene, arguments).run().prints("1.2.3\n");
    let read = github
        .exchanges()
        .into_iter()
        .filter(|exchange| exchange.origin == Origin::Storage);
    assert_eq!(read.count(), 2, "{}", github.trace());
}

#[test]
fn what_github_does_not_take_is_refused_before_any_request() {
    let (scene, github) = stage();
    scene.write("dist/huge.bin", "");
    let huge = std::fs::File::options()
        .write(true)
        .open(scene.path("dist/huge.bin"))
        .unwrap();
    huge.set_len(2 << 30).unwrap();
    scene.write("notes.md", "a".repeat(125_001));
    let outcome = github.call(&scene, ["dist/*", "-F", "notes.md"]).run();
    outcome
        .fails(2)
        .says("`dist/huge.bin` cannot be an asset: it has 2 GiB or more")
        .says("notes");
    for number in 0..1001 {
        scene.write(format!("many/{number}"), "x");
    }
    let outcome = github.call(&scene, ["many"]).run();
    outcome.fails(2).says("it would have 1001 assets");
    assert!(github.exchanges().is_empty(), "{}", github.trace());
}

#[test]
fn a_tag_of_a_commit_that_changes_workflows_needs_more_rights() {
    let scene = scene_of("1.2.3");
    scene.git(["tag", "--delete", "1.2.3"]);
    scene.write(".github/workflows/ci.yml", "on: push\n");
    scene.script("git add --all\ngit commit --quiet --message=workflow");
    let github = GitHub::start();
    github.repository(REPOSITORY).push(&scene);
    let outcome = github.call(&scene, ["dist/*", "--create-tag"]).run();
    outcome
        .fails(4)
        .says("`.github/workflows`")
        .says("git push origin 1.2.3");
}

#[test]
fn repository_folder_and_prefix_are_as_they_are_told() {
    let (scene, github) = stage();
    scene.git(["tag", "v1.2.3"]);
    scene.git(["remote", "remove", "origin"]);
    github.repository(REPOSITORY).push(&scene);
    let arguments = [
        "--git",
        "..",
        "--tag-prefix",
        "v",
        "--repo",
        REPOSITORY,
        "app.tar.gz",
    ];
    let call = github.call(&scene, arguments).current_dir("dist");
    call.run().prints("1.2.3\n");
    let release = github.repository(REPOSITORY).release();
    assert_eq!(release.tag, "v1.2.3");
    assert_eq!(release.asset_names(), ["app.tar.gz"]);
}
