//! `pre` and `decode`.

use duat_tests::is_branch;
use proptest::prelude::*;

use crate::{INSTANT, carries, repository, scene};

#[test]
fn a_branch_and_the_time_make_a_pre_release() {
    let scene = repository("0.0.2");
    scene.git(["switch", "--quiet", "--create", "00_new_feature"]);
    for command in ["pre", "prerelease"] {
        scene
            .semver([command, "-f", "README.md"])
            .at(INSTANT)
            .run()
            .says_nothing();
    }
    scene
        .semver(["extract"])
        .run()
        .prints("0.0.2-00-new-feature-aaaagjecrgg\n");
    carries(&scene, "0.0.2-00-new-feature-aaaagjecrgg");
}

#[test]
fn every_branch_is_written_as_a_label() {
    let scene = repository("0.0.1+build");
    for (branch, expected) in [
        ("feature/x", "0.0.1-feature-x-aaaagjecrgf"),
        ("dots.v1.2", "0.0.1-dots-v1-2-aaaagjecrgf"),
        ("x+y", "0.0.1-x-y-aaaagjecrgf"),
        ("a@b", "0.0.1-a-b-aaaagjecrgf"),
        ("012", "0.0.1-012-aaaagjecrgf"),
        ("UPPER", "0.0.1-upper-aaaagjecrgf"),
        ("trail-", "0.0.1-trail-aaaagjecrgf"),
        (
            "dependabot/npm_and_yarn/packages/frontend/typescript-eslint-8",
            "0.0.1-dependabot-npm-and-yarn-packages-hrpzgv-aaaagjecrgf",
        ),
    ] {
        let outcome = scene
            .semver(["pre", "-n", "--branch", branch])
            .at(INSTANT)
            .run();
        let printed = outcome.succeeds().stdout().trim_end();
        if expected.contains("hrpzgv") {
            assert_eq!(printed.len(), 60, "{printed}");
            assert!(
                printed.starts_with("0.0.1-dependabot-npm-and-yarn-packages-"),
                "{printed}"
            );
        } else {
            assert_eq!(printed, expected);
        }
    }
}

#[test]
fn a_pre_release_is_later_than_the_one_it_replaces() {
    let scene = scene("0.0.1");
    let mut before = String::from("0.0.1-a-aaaaaaaaaaa");
    for instant in [INSTANT, INSTANT, INSTANT - 100, INSTANT + 1] {
        let outcome = scene.semver(["pre", "--branch", "a"]).at(instant).run();
        let version = outcome.succeeds().stdout().trim_end().to_owned();
        assert!(before < version, "{before} < {version}");
        scene
            .semver(["compare", &before, &version])
            .run()
            .prints("-1\n");
        before = version;
    }
    assert_eq!(before, "0.0.1-a-aaaagjecrgi");
}

#[test]
fn without_a_fixed_instant_the_clock_counts() {
    let scene = scene("0.0.1");
    scene.semver(["pre", "--branch", "a"]).run().succeeds();
    let outcome = scene.semver(["decode"]).run();
    let (_, instant) = outcome
        .succeeds()
        .stdout()
        .split_once("instant: 20")
        .unwrap();
    assert!(instant.ends_with("Z\n"));
}

#[test]
fn an_instant_is_a_number_of_seconds() {
    let scene = scene("0.0.1");
    let call = scene.semver(["pre", "--branch", "a"]);
    call.env("SOURCE_DATE_EPOCH", "yesterday").run().shows(
        "
        --- stderr ---
        error: failed to read the instant from `SOURCE_DATE_EPOCH`: `yesterday` is not a number of seconds
        hint: set it to whole seconds since 1970, or unset `SOURCE_DATE_EPOCH`.
        [exit status: 2]
        ",
    );
    carries(&scene, "0.0.1");
}

#[test]
fn the_order_is_branch_or_time() {
    let scene = scene("0.0.1");
    let pre = |order: &str| {
        scene
            .semver(["pre", "-n", "--branch=b", "--order", order])
            .at(INSTANT)
            .run()
    };
    pre("branch")
        .succeeds()
        .says("+<repo-version>0.0.1-b-aaaagjecrgf<");
    pre("time")
        .succeeds()
        .says("+<repo-version>0.0.1-aaaagjecrgf-b<");
    pre("both").fails(2).says("[possible values: branch, time]");
}

#[test]
fn raw_is_what_the_predecessor_wrote() {
    let scene = scene("0.0.1");
    let raw = |branch: &str| {
        let call = scene.semver(["pre", "-n", "--raw", "--branch", branch]);
        call.at(INSTANT).run().succeeds().stdout().to_owned()
    };
    assert_eq!(
        raw("Feature/\u{dc}ber-"),
        "0.0.1-Feature--ber--aaaagjecrgf\n"
    );
    assert_eq!(
        raw(&"x".repeat(100)).len(),
        "0.0.1--aaaagjecrgf\n".len() + 100
    );
    scene
        .semver(["pre", "--raw", "--max-length", "30"])
        .run()
        .fails(2);
}

#[test]
fn a_limit_that_leaves_no_room_says_how_much_is_needed() {
    let scene = scene("0.0.1");
    let pre = |limit: &str| {
        scene
            .semver(["pre", "--branch=a-branch", "--max-length", limit])
            .at(INSTANT)
            .run()
    };
    pre("20").shows(
        "
        --- stderr ---
        error: a pre-release of `0.0.1` needs at least 24 characters; 20 are allowed
        hint: allow more: `--max-length 24`.
        [exit status: 2]
        ",
    );
    assert_eq!(pre("24").succeeds().stdout().len(), 25);
    pre("-1").fails(2);
    pre("many").fails(2);
}

#[test]
fn a_named_branch_wins_over_head_and_needs_no_repository() {
    let scene = repository("0.0.1");
    scene
        .semver(["pre", "-n", "--branch=x"])
        .at(INSTANT)
        .run()
        .prints("0.0.1-x-aaaagjecrgf\n");
    let outside = crate::scene("0.0.1");
    outside
        .semver(["pre", "--branch=x"])
        .at(INSTANT)
        .run()
        .prints("0.0.1-x-aaaagjecrgf\n");
    outside.semver(["pre"]).run().shows(
        "
        --- stderr ---
        error: `$SCENE` is not inside a git repository
        hint: name the branch with `--branch`, or run this in a repository.
        [exit status: 5]
        ",
    );
}

#[test]
fn no_branch_is_an_error_and_never_an_empty_name() {
    let scene = repository("0.0.1");
    scene.script(repository::DETACHED);
    let head = scene.git(["rev-parse", "--short=7", "HEAD"]);
    scene.semver(["pre"]).run().shows(&format!(
        "
        --- stderr ---
        error: there is no branch: `HEAD` is detached at `{head}`
        hint: name the branch with `--branch`: neither `HEAD` nor a CI service tells it.
        [exit status: 5]
        "
    ));
    carries(&scene, "0.0.1");
}

#[test]
fn verbose_says_where_the_branch_comes_from() {
    let scene = repository("0.0.1");
    let verbose = |arguments: &[&str]| {
        scene
            .semver(["pre", "-v", "-n"])
            .args(arguments)
            .at(INSTANT)
            .run()
    };
    verbose(&[]).says("the branch is `main` (`HEAD` is on it)\n");
    verbose(&["--branch=x"]).says("the branch is `x` (from `--branch`)\n");
    scene.script(repository::DETACHED);
    verbose(&["--branch=x"]).says("the branch is `x` (from `--branch`; `HEAD` is detached at ");
    scene.git(["update-ref", "refs/remotes/origin/topic", "HEAD"]);
    verbose(&[])
        .says("the branch is `topic` (only `origin/topic` stands here; `HEAD` is detached at ");
}

#[test]
fn a_pre_release_is_read_back() {
    let scene = scene("0.0.2-00-new-feature-aaaagjecrgf");
    let expected = "
        base: 0.0.2
        slug: 00-new-feature
        instant: 2019-04-04T00:38:00Z
        ";
    scene.semver(["decode"]).run().shows(expected);
    scene
        .semver(["decode", "v0.0.2-00-new-feature-aaaagjecrgf"])
        .run()
        .shows(expected);
    scene
        .semver(["decode", "0.0.2-aaaagjecrgf-00-new-feature"])
        .run()
        .shows(expected);
    scene.semver(["decode", "1.0.0-rc.1"]).run().shows(
        "
        --- stderr ---
        error: failed to decode `1.0.0-rc.1`: it is not a pre-release of `semver pre`
        hint: these end in the eleven letters of a stamp: `0.0.2-my-branch-aaaagjecrgf`.
        [exit status: 1]
        ",
    );
    scene.semver(["decode", "x"]).run().fails(2);
}

/// Characters of which branches are made, those with a meaning somewhere more often than others.
fn branch() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[a-z0-9]{1,12}",
        2 => "[A-Z_/.@+=!%&,;'\"#$(){}<>|-]{1,3}",
        1 => "\\PC{1,4}",
    ];
    proptest::collection::vec(piece, 1..8).prop_map(|pieces| pieces.concat())
}

/// Returns those of the names that git takes for branches.
fn accepted(names: Vec<String>) -> Vec<String> {
    names
        .into_iter()
        .filter(|name| is_branch(name.as_bytes()))
        .collect()
}

/// RFC 1123, section 2.1.
fn is_label(text: &str) -> bool {
    let letters = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=63).contains(&text.len())
        && text.bytes().all(letters)
        && !text.starts_with('-')
        && !text.ends_with('-')
}

/// `[\w][\w.-]{0,127}` (distribution/reference).
fn is_docker_tag(text: &str) -> bool {
    let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    text.len() <= 128
        && text.bytes().next().is_some_and(word)
        && text
            .bytes()
            .all(|byte| word(byte) || byte == b'.' || byte == b'-')
}

#[track_caller]
fn is_fit(version: &str) {
    assert!(
        is_label(&version.replace('.', "-")),
        "{version} is no DNS label"
    );
    assert!(version.len() <= 60, "{version} is too long");
    assert!(is_docker_tag(version), "{version} is no tag");
    assert!(
        duat::Version::parse_strict(version).is_ok(),
        "{version} is no version"
    );
}

proptest! {
    #[test]
    fn any_branch_makes_a_label_a_tag_and_a_version(
        name in branch(),
        major in 0..1000_u64,
        seconds in 0..u64::from(u32::MAX),
        by_time in any::<bool>(),
    ) {
        use duat::prerelease::{LONGEST, Order, Style, next};
        let base = duat::Version::new(major, 20, 3);
        let stamp = duat::stamp::Stamp::from_seconds(seconds).unwrap();
        let order = if by_time { Order::Time } else { Order::Branch };
        if is_branch(name.as_bytes()) {
            let version = next(&base, name.as_bytes(), stamp, order, Style::Label { longest: LONGEST }).unwrap();
            is_fit(&version.to_string());
        }
    }
}

#[test]
fn any_branch_that_git_has_makes_a_label_a_tag_and_a_version() {
    use proptest::strategy::ValueTree as _;
    use proptest::test_runner::TestRunner;

    let scene = repository("0.0.1");
    let mut runner = TestRunner::deterministic();
    let names = (0..60).map(|_| branch().new_tree(&mut runner).unwrap().current());
    let mut names = accepted(names.collect());
    names.truncate(25);
    assert!(names.len() > 10);
    for name in names {
        scene.git(["symbolic-ref", "HEAD", &format!("refs/heads/{name}")]);
        let outcome = scene.semver(["pre"]).run();
        is_fit(outcome.succeeds().stdout().trim_end());
    }
}
