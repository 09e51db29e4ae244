//! Repositories as they are met in life.

use duat_tests::{Outcome, Scene};

use crate::{INSTANT, carries, repository, scene};

fn pre(scene: &Scene, directory: &str) -> Outcome {
    scene
        .semver(["pre", "-n"])
        .current_dir(directory)
        .at(INSTANT)
        .run()
}

#[test]
fn where_no_repository_is_needed_none_is_missed() {
    let scene = scene("1.2.3");
    scene.semver(["extract"]).run().prints("1.2.3\n");
    scene.semver(["patch"]).run().prints("1.2.4\n");
    scene.semver(["minor"]).run().prints("1.3.0\n");
    scene.semver(["check"]).run().prints("1.3.0\n");
    scene.semver(["set", "2.0.0"]).run().prints("2.0.0\n");
    scene
        .semver(["pre", "--branch", "x"])
        .at(INSTANT)
        .run()
        .prints("2.0.0-x-aaaagjecrgf\n");
    scene.semver(["release"]).run().prints("2.0.0\n");
    scene.semver(["current"]).run().shows(
        "
        source: README.md
        version: 2.0.0
        image: none
        ",
    );
}

#[test]
fn a_broken_repository_is_not_missed_either() {
    let scene = scene("1.2.3");
    scene.write(".git", "gitdir: nowhere\n");
    scene.semver(["patch"]).run().prints("1.2.4\n");
    scene
        .semver(["rc"])
        .run()
        .fails(5)
        .says("error: `$SCENE/nowhere` is not a git directory\n");
}

#[test]
fn without_a_remote_there_is_no_image_and_no_panic() {
    let scene = repository("1.2.3");
    scene.script(repository::NO_REMOTE);
    pre(&scene, "").prints("1.2.3-main-aaaagjecrgf\n");
    let outcome = scene.semver(["current"]).run();
    assert!(
        outcome
            .succeeds()
            .stdout()
            .contains("remote: none\nimage: none\n")
    );
    // a remote without a URL
    scene.git([
        "config",
        "remote.origin.fetch",
        "+refs/heads/*:refs/remotes/origin/*",
    ]);
    scene.semver(["current"]).run().succeeds();
}

#[test]
fn of_several_remotes_origin_counts() {
    let scene = repository("1.2.3");
    scene.script(repository::MANY_REMOTES);
    for _ in 0..5 {
        let outcome = scene.semver(["current"]).run();
        let text = outcome.succeeds().stdout();
        assert!(
            text.contains("remote: https://github.com/owner/tool.git\nimage: owner/tool\n"),
            "{text}"
        );
    }
    pre(&scene, "").succeeds();
}

#[test]
fn every_form_of_url_names_the_image() {
    let scene = repository("1.2.3");
    for url in [
        "git@github.com:Owner/Tool.git",
        "git@gitlab.com:owner/tool",
        "ssh://git@example.com:2222/owner/tool.git",
        "https://example.com/owner/tool.git/",
        "git://example.com/owner/tool",
        "user@host:path/owner/tool.git",
        "host:owner/tool",
    ] {
        scene.git(["remote", "set-url", "origin", url]);
        let outcome = scene.semver(["current"]).run();
        let text = outcome.succeeds().stdout();
        assert!(
            text.ends_with("/tool\n") || text.contains("image: owner/tool\n"),
            "{url}: {text}"
        );
        pre(&scene, "").prints("1.2.3-main-aaaagjecrgf\n");
    }
    for url in [
        r"C:\repos\tool",
        "/srv/git/tool.git",
        "file:///srv/git/tool.git",
        "../tool",
        "",
        "::",
    ] {
        scene.git(["config", "remote.origin.url", url]);
        scene.semver(["current"]).run().succeeds();
        pre(&scene, "").prints("1.2.3-main-aaaagjecrgf\n");
    }
}

#[test]
fn credentials_in_a_url_are_never_shown() {
    let scene = repository("1.2.3");
    scene.write("github-output", "");
    for url in [
        "https://gitlab-ci-token:hunter2@gitlab.com/owner/tool.git",
        "https://hunter2@github.com/owner/tool.git",
        "ssh://git:hunter2@example.com/owner/tool.git",
        "https://x:hunter2@@example.com/owner/tool.git",
        "git:hunter2@example.com:owner/tool.git",
    ] {
        scene.git(["remote", "set-url", "origin", url]);
        for arguments in [
            &["current"][..],
            &["current", "-vv"],
            &["current", "--json", "-vv"],
            &["current", "--github-output"],
            &["pre", "-n", "-vv", "--json"],
            &["rc", "-n", "-vv", "--json"],
            &["next", "-vv", "--json", "--explain"],
            &["check", "-vv"],
        ] {
            let call = scene.semver(arguments);
            let outcome = call.env("GITHUB_OUTPUT", scene.path("github-output")).run();
            outcome.succeeds().conceals("hunter2");
        }
    }
    let output = scene.read("github-output");
    assert!(
        output.contains("source=README.md") && !output.contains("hunter2"),
        "{output}"
    );
}

#[test]
fn an_unborn_branch_is_a_branch() {
    let scene = scene("1.2.3");
    scene.script(repository::UNBORN);
    pre(&scene, "").prints("1.2.3-main-aaaagjecrgf\n");
    scene.semver(["rc", "-n"]).run().prints("1.2.3-rc.1\n");
    scene.semver(["-g"]).run().fails(5);
    scene.semver(["next"]).run().prints("0.0.0\n");
    let outcome = scene.semver(["current"]).run();
    assert!(
        outcome
            .succeeds()
            .stdout()
            .contains("branch: main (HEAD is on it)\nhead: none\n")
    );
}

#[test]
fn a_linked_worktree_has_its_own_branch_and_shares_the_tags() {
    let scene = repository("1.2.3");
    scene.script(repository::TAGS);
    scene.script(repository::WORKTREE);
    pre(&scene, "linked").prints("1.2.3-feature-linked-aaaagjecrgf\n");
    scene
        .semver(["-g"])
        .current_dir("linked")
        .run()
        .prints("1.0.0-rc.1\n");
    scene
        .semver(["patch"])
        .current_dir("linked")
        .run()
        .prints("1.2.4\n");
    carries(&scene, "1.2.3");
}

#[test]
fn a_submodule_is_a_repository_of_its_own() {
    let scene = repository("1.2.3");
    scene.script(repository::SUBMODULE);
    scene.write("module/VERSION", "5.0.0\n");
    pre(&scene, "module").prints("5.0.0-part-aaaagjecrgf\n");
    scene
        .semver(["patch"])
        .current_dir("module")
        .run()
        .prints("5.0.1\n");
    carries(&scene, "1.2.3");
}

#[test]
fn a_shallow_clone_says_what_to_do_where_tags_are_asked_for() {
    let scene = repository("1.2.3");
    scene.git(["tag", "1.0.0"]);
    scene.git([
        "commit",
        "--quiet",
        "--allow-empty",
        "--message=feat: second",
    ]);
    scene.git([
        "clone",
        "--quiet",
        "--depth=1",
        "--no-tags",
        &format!("file://{}", scene.path("").display()),
        "shallow",
    ]);
    let there = |arguments: &[&str]| scene.semver(arguments).current_dir("shallow").run();
    for command in [&["-g"][..], &["-g", "patch"], &["rc"]] {
        there(command).shows(
            "
            --- stderr ---
            error: failed to find a tag that is a version
            hint: this clone is shallow: `git fetch --tags` fetches them; in GitHub Actions set `fetch-depth: 0`.
            [exit status: 5]
            ",
        );
    }
    there(&["next"])
        .fails(5)
        .says("error: the clone is shallow: ");
    there(&["-g", "--reachable"]).fails(5).says("shallow");
    // what needs no history works
    there(&["patch"]).prints("1.2.4\n");
    there(&["pre", "-n"]).succeeds();
    let current = there(&["current"]);
    assert!(current.succeeds().stdout().contains("history: shallow\n"));
}

#[test]
fn git_dir_counts_as_it_does_for_git() {
    let scene = repository("1.2.3");
    scene.write("elsewhere/README.md", crate::marked("5.0.0"));
    let call = scene
        .semver(["pre", "-n"])
        .current_dir("elsewhere")
        .at(INSTANT);
    call.env("GIT_DIR", "../.git")
        .run()
        .prints("5.0.0-main-aaaagjecrgf\n");
    let call = scene
        .semver(["pre", "-n"])
        .current_dir("elsewhere")
        .at(INSTANT);
    call.env("GIT_DIR", "../.git")
        .env("GIT_WORK_TREE", "..")
        .run()
        .prints("1.2.3-main-aaaagjecrgf\n");
    scene.semver(["rc"]).env("GIT_DIR", "nowhere").run().shows(
        "
        --- stderr ---
        error: `$SCENE/nowhere` is not a git directory
        hint: name the repository with `--git`, or unset `GIT_DIR`.
        [exit status: 5]
        ",
    );
}

#[test]
fn tags_are_found_loose_and_packed_light_and_annotated() {
    let scene = repository("1.2.3");
    scene.script(repository::TAGS);
    let expected = "0.1.0\nv0.2.0\n1.0.0-rc.1\n";
    scene.semver(["sort", "-g", "--rc"]).run().prints(expected);
    let outcome = scene.semver(["current"]).run();
    assert!(
        outcome
            .succeeds()
            .stdout()
            .contains("tags: 1.0.0-rc.1, nightly\nhighest tag: 1.0.0-rc.1\n")
    );
    scene.script(repository::PACKED);
    scene.semver(["sort", "-g", "--rc"]).run().prints(expected);
    let outcome = scene.semver(["current"]).run();
    assert!(
        outcome
            .succeeds()
            .stdout()
            .contains("tags: 0.1.0, 1.0.0-rc.1, nightly\n")
    );
}

#[test]
fn sha_256_is_read() {
    let scene = scene("1.2.3");
    scene.script(repository::SHA256);
    pre(&scene, "").prints("1.2.3-main-aaaagjecrgf\n");
    scene.git(["tag", "1.0.0"]);
    scene.git(["commit", "--quiet", "--allow-empty", "--message=feat: more"]);
    scene.git(["tag", "--annotate", "1.2.3-rc.1", "--message=one"]);
    scene.semver(["-g"]).run().prints("1.2.3-rc.1\n");
    scene
        .semver(["-g", "--reachable"])
        .run()
        .prints("1.2.3-rc.1\n");
    scene.semver(["rc", "-n"]).run().prints("1.2.3-rc.2\n");
    scene.semver(["next"]).run().prints("1.1.0\n");
    let outcome = scene.semver(["current"]).run();
    assert!(outcome.succeeds().stdout().contains("tags: 1.2.3-rc.1\n"));
    // objects of that kind are read by git alone
    let outcome = scene.semver(["next"]).env("PATH", "").run();
    outcome.fails(1).says("hint: install git 2.29 or newer.\n");
    scene
        .semver(["-g"])
        .env("PATH", "")
        .run()
        .prints("1.2.3-rc.1\n");
}

#[test]
fn dates_are_not_versions() {
    let scene = repository("1.0.0");
    for tag in ["20221209-update", "20240101", "1.0.0"] {
        scene.git(["tag", tag]);
    }
    scene.semver(["-g"]).run().prints("1.0.0\n");
    scene.semver(["-g", "patch"]).run().prints("1.0.1\n");
    scene.semver(["sort", "-g", "--rc"]).run().prints("1.0.0\n");
}

#[cfg(unix)]
#[test]
fn a_repository_of_somebody_else_is_read() {
    let scene = repository("1.2.3");
    scene.git(["tag", "1.0.0"]);
    let chown = scene
        .command("chown")
        .args(["--recursive", "65534:65534", "."])
        .run();
    if chown.code() != Some(0) {
        // only root can give files away
        return;
    }
    pre(&scene, "").prints("1.2.3-main-aaaagjecrgf\n");
    scene.semver(["-g"]).run().prints("1.0.0\n");
    scene.semver(["next"]).run().prints("1.0.0\n");
    scene.semver(["current"]).run().succeeds();
}

#[test]
fn a_bare_repository_has_tags() {
    let scene = repository("1.2.3");
    scene.script(repository::TAGS);
    scene.script(repository::BARE);
    scene
        .semver(["sort", "-g", "--git", "bare.git"])
        .run()
        .prints("0.1.0\nv0.2.0\n");
}

#[test]
fn current_shows_what_is_seen_and_why() {
    let scene = repository("1.2.3");
    scene.write("duat.toml", "[version]\ntargets = ['VERSION']\n");
    scene.write("VERSION", "1.2.3\n");
    scene.script(repository::FEATURE);
    let head = scene.git(["rev-parse", "HEAD"]);
    for command in ["current", "context"] {
        scene
            .semver([command, "--module=server"])
            .run()
            .shows(&format!(
                "
            source: README.md
            version: 1.2.3
            target: VERSION
            root: $SCENE
            branch: feature/x (HEAD is on it)
            head: {head}
            tags: none
            highest tag: none
            remote: https://github.com/owner/tool.git
            image: owner/tool/server
            "
            ));
    }
    scene.semver(["current", "--module=Not OK"]).run().fails(1);
}
