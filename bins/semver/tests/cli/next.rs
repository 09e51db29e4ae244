//! `next`.

use duat_tests::Scene;

use crate::{carries, repository};

/// Commits, each with one message and one file changed.
fn commits(scene: &Scene, messages: &[(&str, &str)]) {
    for (path, message) in messages {
        scene.write(path, message);
        scene.git(["add", "--all"]);
        scene.git(["commit", "--quiet", "--message", message]);
    }
}

#[test]
fn the_strongest_commit_since_the_last_release_decides() {
    for (messages, expected) in [
        (&["fix: a", "docs: b"][..], "1.2.4"),
        (&["perf(x): a"], "1.2.4"),
        (&["fix: a", "feat(ui): b", "chore: c"], "1.3.0"),
        (&["feat!: a", "fix: b"], "2.0.0"),
        (&["fix: a\n\nBREAKING CHANGE: b"], "2.0.0"),
        (&["docs: a", "defeat: b", "Merge branch 'x'"], "1.2.3"),
        (&[], "1.2.3"),
    ] {
        let scene = repository("0.0.1");
        scene.git(["tag", "v1.2.3"]);
        let messages: Vec<_> = messages.iter().map(|message| ("file", *message)).collect();
        for (index, (_, message)) in messages.iter().enumerate() {
            commits(&scene, &[(&format!("file{index}"), message)]);
        }
        scene
            .semver(["next"])
            .run()
            .prints(&format!("{expected}\n"))
            .says_nothing();
        carries(&scene, "0.0.1");
    }
}

#[test]
fn before_1_a_breaking_change_is_a_minor() {
    let scene = repository("0.0.1");
    scene.git(["tag", "0.4.2"]);
    commits(&scene, &[("a", "feat!: a")]);
    scene.semver(["next"]).run().prints("0.5.0\n");
}

#[test]
fn without_a_release_it_counts_from_nothing() {
    let scene = repository("0.0.1");
    scene.git(["tag", "1.0.0-rc.1"]);
    commits(&scene, &[("a", "feat: a")]);
    scene.semver(["next"]).run().prints("0.1.0\n");
    Scene::new()
        .semver(["next"])
        .run()
        .fails(5)
        .says("is not inside a git repository");
}

#[test]
fn a_reverted_commit_does_not_count() {
    let scene = repository("0.0.1");
    scene.git(["tag", "1.0.0"]);
    commits(&scene, &[("a", "fix: a"), ("b", "feat: b")]);
    scene.git(["revert", "--no-edit", "HEAD"]);
    scene.semver(["next"]).run().prints("1.0.1\n");
}

#[test]
fn the_nearest_release_that_head_descends_from_counts() {
    let scene = repository("0.0.1");
    scene.git(["tag", "1.0.0"]);
    scene.script(
        "
        git switch --quiet --create other
        git commit --quiet --allow-empty --message=other
        git tag 9.0.0
        git switch --quiet main
    ",
    );
    commits(&scene, &[("a", "feat: a")]);
    scene.semver(["next"]).run().prints("1.1.0\n");
}

#[test]
fn a_path_looks_at_one_component() {
    let scene = repository("0.0.1");
    for tag in ["app/1.0.0", "lib/2.0.0"] {
        scene.git(["tag", tag]);
    }
    commits(&scene, &[("app/a", "fix: a"), ("lib/b", "feat: b")]);
    let next = |tag: &str, path: &str| {
        scene
            .semver(["next", "--tag-prefix", tag, "--path", path])
            .run()
    };
    next("app/", "app").prints("1.0.1\n");
    next("lib/", "lib").prints("2.1.0\n");
    next("lib/", "docs").prints("2.0.0\n");
    for outside in ["..", "/app", "app/../.."] {
        next("app/", outside)
            .fails(2)
            .says("it is not below the root\nhint: a path is seen from the root of the repository");
    }
}

#[test]
fn explain_names_the_commits_even_when_quiet() {
    let scene = repository("0.0.1");
    scene.git(["tag", "v1.0.0"]);
    commits(
        &scene,
        &[
            ("a", "fix: first"),
            ("b", "docs: second"),
            ("c", "feat(x): third"),
        ],
    );
    let short = |commit: &str| scene.git(["rev-parse", "--short=9", commit]);
    scene
        .semver(["next", "--explain", "-q"])
        .run()
        .shows(&format!(
            "
        1.1.0
        --- stderr ---
        the last release is `v1.0.0`; 2 of 3 commits since ask for a version
        minor {} feat(x): third
        patch {} fix: first
        ",
            short("HEAD"),
            short("HEAD~2")
        ));
}

#[test]
fn apply_writes_it() {
    let scene = repository("1.0.0");
    scene.git(["tag", "v1.0.0"]);
    commits(&scene, &[("a", "fix: a")]);
    scene.write("VERSION", "1.0.0\n");
    scene
        .semver(["next", "--apply", "-n", "--exit-code"])
        .run()
        .fails(8)
        .says("+<repo-version>1.0.1<");
    scene
        .semver(["next", "--apply", "-t", "VERSION"])
        .run()
        .prints("1.0.1\n");
    carries(&scene, "1.0.1");
    assert_eq!(scene.read("VERSION"), "1.0.1\n");
    scene.semver(["next", "--apply"]).run().prints("1.0.1\n");
}

#[test]
fn apply_never_goes_back() {
    let scene = repository("1.5.0");
    scene.git(["tag", "v1.0.0"]);
    commits(&scene, &[("a", "fix: a")]);
    scene.semver(["next", "--apply"]).run().shows(
        "
        --- stderr ---
        error: refused to go back from `1.5.0` to `1.0.1` in `README.md`
        hint: `--allow-lower` does it all the same.
        [exit status: 3]
        ",
    );
    carries(&scene, "1.5.0");
}

#[test]
fn a_shallow_clone_is_an_error_with_the_way_out() {
    let scene = repository("0.0.1");
    scene.script(repository::TAGS);
    commits(&scene, &[("a", "feat: a")]);
    scene.script(repository::SHALLOW);
    scene.semver(["next", "--git", "shallow"]).run().fails(5).prints_nothing().says(
        "hint: `git fetch --unshallow --tags` fetches the rest; in GitHub Actions set `fetch-depth: 0` on the checkout.\n",
    );
}

#[test]
fn if_current_holds_for_what_is_only_printed() {
    let scene = repository("1.0.0");
    scene.git(["tag", "v1.0.0"]);
    scene
        .semver(["next", "--if-current", "1.0.0"])
        .run()
        .prints("1.0.0\n");
    scene
        .semver(["next", "--if-current", "1.0.1"])
        .run()
        .fails(3);
}
