//! Which files become assets, and under which names.

use crate::{REPOSITORY, stage};

#[test]
fn all_that_is_wrong_here_is_said_before_any_request() {
    let (scene, github) = stage();
    scene.write("empty.bin", "");
    scene.write("other/notes.txt", "another text\n");
    scene.make_directory("hollow");
    let arguments = [
        "dist/*",
        "nope.bin",
        "gone/*",
        "empty.bin",
        "hollow",
        "other/notes.txt",
        "--notes-file",
        "nope.md",
    ];
    let outcome = github.call(&scene, arguments).run();
    outcome.fails(5).prints_nothing();
    for fragment in [
        "`nope.bin` does not exist",
        "nothing matches `gone/*`",
        "`empty.bin` cannot be an asset: it is empty",
        "the folder `hollow` holds no files",
        "`dist/notes.txt`, `other/notes.txt` would all be called `notes.txt`",
        "nope.md",
    ] {
        outcome.says(fragment);
    }
    assert!(github.exchanges().is_empty(), "{}", github.trace());
}

#[test]
fn what_is_wrong_with_the_version_does_not_hide_what_is_wrong_besides() {
    let (scene, github) = stage();
    let wrong = ["gone/*", "--notes-file", "nope.md", "--step-summary"];
    for (arguments, fragment) in [
        (&["--file", "NOPE"][..], "none of `NOPE` exists"),
        (
            &["--tag-format", "v"],
            "failed to read the tag's format `v`",
        ),
        (&["--git", "nowhere"], "`nowhere` does not exist"),
        (&[], "failed to find a token for `github.com`"),
    ] {
        let call = github.call(&scene, [&wrong[..], arguments].concat());
        let outcome = call.without_env("GITHUB_TOKEN").run();
        outcome
            .fails(2)
            .prints_nothing()
            .says("`GITHUB_STEP_SUMMARY` is not set")
            .says(fragment)
            .says("nothing matches `gone/*`")
            .says("nope.md");
    }
    let arguments = ["--file", "NOPE", "--tag-format", "v", "gone/*"];
    let outcome = github.call(&scene, arguments).run();
    outcome
        .fails(5)
        .says("none of `NOPE` exists")
        .says("failed to read the tag's format `v`")
        .says("nothing matches `gone/*`");
    for command in [&["publish"][..], &["prune", "--keep", "1"]] {
        let wrong = ["--github-output", "--file", "NOPE", "--tag-format", "v"];
        let call = github.call(&scene, [command, &wrong].concat());
        call.without_env("GITHUB_TOKEN")
            .run()
            .fails(2)
            .says("`GITHUB_OUTPUT` is not set")
            .says("none of `NOPE` exists")
            .says("failed to read the tag's format `v`")
            .says("failed to find a token for `github.com`");
    }
    let arguments = ["verify", "--file", "NOPE", "gone/*", "--github-output"];
    let outcome = github.call(&scene, arguments).run();
    outcome
        .fails(2)
        .says("`GITHUB_OUTPUT` is not set")
        .says("none of `NOPE` exists")
        .says("nothing matches `gone/*`");
    assert!(github.exchanges().is_empty(), "{}", github.trace());
}

#[test]
fn names_that_become_one_at_github_are_refused() {
    let (scene, github) = stage();
    for name in ["dist/a b", "dist/a.b", "dist/a~b"] {
        scene.write(name, name);
    }
    github
        .call(&scene, ["dist/*"])
        .run()
        .fails(2)
        .says("`dist/a b`, `dist/a.b`, `dist/a~b` would all be called `a.b`");
    assert!(github.exchanges().is_empty(), "{}", github.trace());
}

#[test]
fn other_bytes_are_never_replaced_where_that_is_asked_for() {
    let (scene, github) = stage();
    let repository = github.repository(REPOSITORY);
    repository.draft("1.2.3", &[("notes.txt", b"older\n")]);
    let arguments = ["dist/*", "--replace", "never"];
    github
        .call(&scene, arguments)
        .run()
        .fails(3)
        .says("refused to replace `notes.txt` of the release `1.2.3`");
    assert_eq!(github.writes(), 0, "{}", github.trace());
    // the same bytes are no reason
    scene.write("dist/notes.txt", "older\n");
    github.call(&scene, arguments).run().prints("1.2.3\n");
}

#[test]
fn a_list_comes_from_stdin() {
    let (scene, github) = stage();
    let call = github
        .call(&scene, ["-"])
        .stdin("dist/app.tar.gz\r\ndist/notes.txt#The notes\r\n");
    call.run().prints("1.2.3\n");
    let release = github.repository(REPOSITORY).release();
    assert_eq!(release.asset_names(), ["app.tar.gz", "notes.txt"]);
    assert_eq!(
        release.asset("notes.txt").unwrap().label.as_deref(),
        Some("The notes")
    );
    // between NULs nothing is special but a label, not even the end of a line
    let (scene, github) = stage();
    scene.write("dist/[x]*.bin", "odd\n");
    github
        .call(&scene, ["-", "-0"])
        .stdin("dist/app.tar.gz\0dist/[x]*.bin\0")
        .run()
        .prints("1.2.3\n");
    let release = github.repository(REPOSITORY).release();
    assert_eq!(release.asset_names(), ["app.tar.gz", "x.bin"]);
}

#[test]
fn stdin_is_not_both_list_and_notes() {
    let (scene, github) = stage();
    github
        .call(&scene, ["dist/*", "--notes", "kept"])
        .run()
        .succeeds();
    github.forget();
    for arguments in [&["-", "-F", "-"][..], &["plan", "-", "-", "-F", "-"]] {
        let call = github.call(&scene, arguments).stdin("dist/app.tar.gz\n");
        call.run()
            .fails(2)
            .says("stdin is asked for twice, but can be read once");
    }
    assert!(github.exchanges().is_empty(), "{}", github.trace());
    let release = github.repository(REPOSITORY).release();
    assert_eq!(release.body.as_deref(), Some("kept"));
}

#[test]
fn an_argument_has_a_label() {
    let (scene, github) = stage();
    scene.write("dist/a#b.bin", "odd\n");
    let arguments = [
        "dist/app.tar.gz#The app",
        "dist/a#b.bin",
        "dist/n*.txt#Notes",
    ];
    github.call(&scene, arguments).run().prints("1.2.3\n");
    let release = github.repository(REPOSITORY).release();
    for (name, label) in [
        ("app.tar.gz", "The app"),
        // the name that GitHub does not keep
        ("a.b.bin", "a#b.bin"),
        ("notes.txt", "Notes"),
    ] {
        let asset = release.asset(name).unwrap();
        assert_eq!(asset.label.as_deref(), Some(label), "{name}");
    }
}

#[test]
fn a_folder_is_taken_with_all_in_it() {
    let (scene, github) = stage();
    scene.write("dist/deep/er.bin", "deeper\n");
    scene.write("dist/.hidden", "hidden\n");
    github.call(&scene, ["dist"]).run().prints("1.2.3\n");
    let release = github.repository(REPOSITORY).release();
    assert_eq!(release.asset_names(), ["app.tar.gz", "er.bin", "notes.txt"]);
}

#[test]
fn a_file_that_is_named_twice_is_one_asset() {
    let (scene, github) = stage();
    let arguments = ["dist", "dist/*", "dist/app.tar.gz", "./dist/notes.txt"];
    github.call(&scene, arguments).run().prints("1.2.3\n");
    let release = github.repository(REPOSITORY).release();
    assert_eq!(release.asset_names(), ["app.tar.gz", "notes.txt"]);
}

#[test]
fn the_assets_of_the_configuration_are_the_default() {
    let (scene, github) = stage();
    scene.write("duat.toml", "[release]\nassets = [\"dist/*.gz\"]\n");
    github.call(&scene, [""; 0]).run().prints("1.2.3\n");
    assert_eq!(
        github.repository(REPOSITORY).release().asset_names(),
        ["app.tar.gz"]
    );
}

#[test]
fn a_file_gets_another_name() {
    let (scene, github) = stage();
    let arguments = ["dist/app.tar.gz", "--as", "my app.tar.gz"];
    github
        .call(&scene, arguments)
        .run()
        .prints("1.2.3\n")
        .says("GitHub will call `my app.tar.gz` `my.app.tar.gz`");
    let release = github.repository(REPOSITORY).release();
    assert_eq!(
        release.asset("my.app.tar.gz").unwrap().label.as_deref(),
        Some("my app.tar.gz")
    );
    github.call(&scene, ["dist/*", "--as", "x"]).run().fails(2);
}

#[test]
fn checksums_are_those_of_the_assets() {
    let (scene, github) = stage();
    github
        .call(&scene, ["dist/*", "--checksums"])
        .run()
        .prints("1.2.3\n");
    let release = github.repository(REPOSITORY).release();
    let sums = release.asset("SHA256SUMS").unwrap();
    let text = String::from_utf8(sums.bytes.to_vec()).unwrap();
    let names: Vec<&str> = text.lines().filter_map(|line| line.get(66..)).collect();
    assert_eq!(names, ["app.tar.gz", "notes.txt"]);
    github.forget();
    github
        .call(&scene, ["dist/*", "--checksums"])
        .run()
        .prints("1.2.3\n");
    assert_eq!(github.writes(), 0, "{}", github.trace());
    github.call(&scene, ["verify"]).run().succeeds();
}

#[cfg(unix)]
#[test]
fn a_signature_is_made_once_and_by_who_knows_no_token() {
    let (scene, github) = stage();
    let arguments = [
        "dist/*",
        "--checksums",
        "--sign",
        "env > {}.asc; echo signed >&1",
    ];
    github.call(&scene, arguments).run().prints("1.2.3\n");
    let release = github.repository(REPOSITORY).release();
    let signature = release.asset("SHA256SUMS.asc").unwrap();
    let text = String::from_utf8(signature.bytes.to_vec()).unwrap();
    assert!(text.contains("PATH="), "{text}");
    assert!(!text.contains("ghp_"), "{text}");
    github.forget();
    github.call(&scene, arguments).run().prints("1.2.3\n");
    assert_eq!(github.writes(), 0, "{}", github.trace());
}

#[cfg(unix)]
#[test]
fn a_signature_whose_upload_broke_off_is_made_again() {
    let (scene, github) = stage();
    let command = "cp {} {}.sig; cp {} {}.pem";
    let arguments = ["dist/*", "--checksums", "--sign", command];
    let call = github.call(&scene, arguments).arg("--draft");
    call.run().prints("1.2.3\n");
    let repository = github.repository(REPOSITORY);
    repository.edit(repository.release().id, |release| {
        let mut assets = release.assets.iter_mut();
        let asset = assets.find(|asset| asset.name == "SHA256SUMS.pem");
        asset.unwrap().uploaded = false;
    });
    let plan = [&["plan"], &arguments[..]].concat();
    github.call(&scene, plan).run().succeeds();
    github.call(&scene, arguments).run().prints("1.2.3\n");
    let release = repository.release();
    assert!(!release.draft, "{}", github.trace());
    assert!(release.assets.iter().all(|asset| asset.uploaded));
    let names = [
        "SHA256SUMS",
        "SHA256SUMS.pem",
        "SHA256SUMS.sig",
        "app.tar.gz",
        "notes.txt",
    ];
    assert_eq!(release.asset_names(), names);
}

#[test]
fn other_bytes_are_replaced_on_request_and_the_old_ones_never_lost() {
    let (scene, github) = stage();
    let id = github
        .repository(REPOSITORY)
        .published("1.2.3", &[("notes.txt", b"older\n")]);
    github
        .call(&scene, ["dist/*"])
        .run()
        .fails(3)
        .says("--replace changed");
    assert_eq!(
        *github
            .repository(REPOSITORY)
            .release()
            .asset("notes.txt")
            .unwrap()
            .bytes,
        *b"older\n"
    );
    github
        .call(&scene, ["dist/*", "--replace", "changed"])
        .run()
        .prints("1.2.3\n");
    let release = github.repository(REPOSITORY).release();
    assert_eq!(release.id, id);
    assert_eq!(release.asset_names(), ["app.tar.gz", "notes.txt"]);
    assert_eq!(*release.asset("notes.txt").unwrap().bytes, *b"some text\n");
}
