//! Commits since the last release, with git itself as the judge.

use std::collections::BTreeSet;

use super::*;

fn subjects(history: &History) -> Vec<&str> {
    let subject = |commit: &'_ Commit| commit.message.lines().next().map(str::len);
    history
        .commits
        .iter()
        .map(|commit| &commit.message[..subject(commit).unwrap_or(0)])
        .collect()
}

#[test]
fn without_a_release_all_commits_count() {
    let sandbox = Sandbox::with_repository();
    sandbox.commit("file", "one");
    sandbox.git("tag 1.0.0-rc.1");
    sandbox.commit("file", "two");
    let history = open(sandbox.repo()).history("", None).unwrap();
    assert_eq!(history.base, None);
    assert_eq!(subjects(&history), ["two", "one"]);
    assert_eq!(history.commits[1].parents, 0);
}

#[test]
fn the_nearest_release_counts_and_not_the_highest() {
    let sandbox = Sandbox::with_repository();
    sandbox.commit("file", "one");
    sandbox.git("tag 2.0.0");
    sandbox.commit("file", "two");
    sandbox.git("tag -a -m x 1.0.1");
    sandbox.git("tag 1.0.1-rc.1");
    sandbox.commit("file", "three\n\nwith a body");
    let history = open(sandbox.repo()).history("", None).unwrap();
    assert_eq!(history.base.as_ref().unwrap().name, "1.0.1");
    assert_eq!(subjects(&history), ["three"]);
    assert!(history.commits[0].message.contains("\n\nwith a body"));
    sandbox.git("tag 1.0.2");
    let history = open(sandbox.repo()).history("", None).unwrap();
    assert_eq!(history.commits, []);
}

#[test]
fn of_merged_releases_the_highest_counts_but_none_behind_another() {
    let sandbox = Sandbox::with_repository();
    sandbox.commit("a", "root");
    sandbox.git("tag 9.0.0");
    sandbox.git("checkout -q -b side");
    sandbox.commit("b", "side");
    sandbox.git("tag 1.1.0");
    sandbox.git("checkout -q main");
    sandbox.commit("a", "main");
    sandbox.git("tag 1.2.0");
    sandbox.git("merge -q --no-ff -m merge side");
    let history = open(sandbox.repo()).history("", None).unwrap();
    assert_eq!(history.base.as_ref().unwrap().name, "1.2.0");
    assert_eq!(subjects(&history), ["merge", "side"]);
    assert_eq!(history.commits[0].parents, 2);
}

#[test]
fn clocks_that_go_backwards_do_not_matter() {
    let sandbox = Sandbox::with_repository();
    sandbox.commit("a", "root");
    sandbox.set_time(1_600_000_000);
    sandbox.commit("a", "late");
    sandbox.git("checkout -q -b side");
    sandbox.set_time(1_400_000_000);
    sandbox.commit("b", "early");
    sandbox.git("checkout -q main");
    sandbox.set_time(1_300_000_000);
    sandbox.commit("a", "earlier");
    sandbox.git("tag 1.0.0");
    sandbox.set_time(1_700_000_000);
    sandbox.git("merge -q --no-ff -m merge side");
    let history = open(sandbox.repo()).history("", None).unwrap();
    assert_eq!(subjects(&history), ["merge", "early"]);
}

/// A side branch from a commit that the release has behind it, made at all kinds of times.
#[test]
fn what_is_behind_the_release_is_not_listed_whatever_the_clocks_said() {
    let times = [
        // root, between and how many, release, side, merge
        [100, 110, 1, 120, 130, 140],
        [100, 100, 9, 100, 100, 101],
        [100, 10, 1, 50, 200, 300],
        [300, 200, 1, 100, 50, 10],
        [100, 10, 9, 50, 60, 70],
    ];
    for [root, between, many, release, side, merge] in times {
        let sandbox = Sandbox::with_repository();
        sandbox.set_time(1_500_000_000 + root);
        sandbox.commit("file", "root");
        sandbox.git("branch side");
        for number in 0..many {
            sandbox.set_time(1_500_000_000 + between);
            sandbox.commit("file", &format!("between {number}"));
        }
        sandbox.set_time(1_500_000_000 + release);
        sandbox.commit("file", "release");
        sandbox.git("tag 1.0.0");
        sandbox.git("checkout -q side");
        sandbox.set_time(1_500_000_000 + side);
        sandbox.commit("other", "side");
        sandbox.git("checkout -q main");
        sandbox.set_time(1_500_000_000 + merge);
        sandbox.git("merge -q --no-ff -m merge side");
        let history = open(sandbox.repo()).history("", None).unwrap();
        let mut subjects = subjects(&history);
        subjects.sort_unstable();
        assert_eq!(
            subjects,
            ["merge", "side"],
            "{root} {between} {many} {release} {side} {merge}"
        );
    }
}

#[test]
fn a_message_that_is_not_utf8_is_read() {
    let sandbox = Sandbox::with_repository();
    sandbox.write("message", b"fix: caf\xe9\n");
    sandbox.git("-c i18n.commitEncoding=ISO-8859-1 commit -q --allow-empty -F ../message");
    let history = open(sandbox.repo()).history("", None).unwrap();
    assert_eq!(history.commits[0].message, "fix: caf\u{fffd}\n");
}

/// A repository with branches, merges of three kinds, and changes in two folders.
fn braided(seed: u64) -> Sandbox {
    let sandbox = Sandbox::with_repository();
    sandbox.commit("crates/a/file", "root");
    let mut state = seed;
    let mut number = |limit: u64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (state >> 33) % limit
    };
    for round in 0..24 {
        let folder = ["crates/a", "crates/b", "docs"][usize::try_from(number(3)).unwrap()];
        match number(4) {
            0 => {
                let from = number(3).min(round);
                sandbox.git(&format!("checkout -q -b side{round} HEAD~{from}"));
                let file = format!("{folder}/side{round}");
                sandbox.commit(&file, &format!("feat: side {round}"));
                sandbox.git("checkout -q main");
                // `ours` brings no content: git then does not look behind it
                let strategy = ["", " -s ours"][usize::try_from(number(2)).unwrap()];
                sandbox.git(&format!(
                    "merge -q --no-ff{strategy} -m merge{round} side{round}"
                ));
            }
            1 => {
                sandbox.git("commit -q --allow-empty -m empty");
            }
            _ => {
                sandbox.commit(&format!("{folder}/file"), &format!("fix: main {round}"));
            }
        }
        match number(6) {
            0 => drop(sandbox.git(&format!("tag -a -m x v0.{round}.0"))),
            1 => drop(sandbox.git(&format!("tag 0.{round}.1-rc.1"))),
            2 => drop(sandbox.git("pack-refs --all")),
            _ => {}
        }
    }
    sandbox
}

#[test]
fn the_commits_are_those_of_git_log() {
    for seed in 0..3 {
        compare_with_git(&braided(seed));
    }
}

fn compare_with_git(sandbox: &Sandbox) {
    let repository = open(sandbox.repo());
    let commits = sandbox.git("rev-list --first-parent HEAD");
    for start in commits.lines() {
        sandbox.git(&format!("checkout -q --detach {start}"));
        let history = repository.history("", None).unwrap();
        let described = std::process::Command::new("git")
            .current_dir(sandbox.repo())
            .args(["describe", "--tags", "--abbrev=0", "--match=v*"])
            .output()
            .unwrap();
        let described = String::from_utf8_lossy(&described.stdout).trim().to_owned();
        let base = history.base.as_ref().map(|tag| tag.name.clone());
        assert_eq!(base.as_deref().unwrap_or_default(), described);
        let range = match &base {
            Some(tag) => format!("{tag}..HEAD"),
            None => "HEAD".to_owned(),
        };
        for path in [
            None,
            Some("crates/a"),
            Some("crates/b/"),
            Some("./docs/file"),
            Some("none"),
        ] {
            let mut arguments = vec!["log", "--format=%H", &range];
            arguments.extend(path.iter().flat_map(|path| ["--", *path]));
            let expected = sandbox.run_all("repo", &arguments);
            let history = repository.history("", path).unwrap();
            let found: Vec<_> = history
                .commits
                .iter()
                .map(|commit| commit.hash.to_string())
                .collect();
            assert_eq!(
                found,
                expected.lines().collect::<Vec<_>>(),
                "{range} -- {path:?} at {start}"
            );
        }
        let merged = sandbox.git("tag --merged HEAD");
        let expected = merged
            .lines()
            .filter_map(|tag| crate::Version::from_tag(tag, ""))
            .max();
        let reachable = repository
            .highest_tag("", TagFilter::All, Scope::Reachable)
            .unwrap();
        assert_eq!(reachable.map(|tag| tag.version), expected);
    }
}

#[test]
fn every_reference_is_where_git_says() {
    let sandbox = braided(3);
    let repository = open(sandbox.repo());
    let listed = sandbox.git("for-each-ref --format=%(refname)%20%(objectname)");
    for line in listed.lines() {
        let (name, hash) = line.split_once(' ').unwrap();
        let found = repository.resolve(name.as_bytes()).unwrap();
        assert_eq!(found.map(|hash| hash.to_string()).as_deref(), Some(hash));
    }
    let tagged: BTreeSet<_> = repository
        .version_tags_by_commit("", TagFilter::All)
        .unwrap()
        .into_keys()
        .collect();
    for commit in tagged {
        let expected = sandbox.git(&format!("tag --points-at {commit}"));
        assert_eq!(
            repository.tags_at(&commit).unwrap(),
            expected.lines().collect::<Vec<_>>()
        );
    }
}

#[test]
fn a_commit_that_is_missing_is_named() {
    for format in ["sha1", "sha256"] {
        let sandbox = Sandbox::new();
        sandbox.run(".", &format!("init -q --object-format={format} repo"));
        let first = sandbox.commit("file", "one");
        sandbox.commit("file", "two");
        let hex = first.to_string();
        let object = sandbox.path(&format!("repo/.git/objects/{}/{}", &hex[..2], &hex[2..]));
        #[expect(clippy::disallowed_methods, reason = "tests break their fixtures")]
        std::fs::remove_file(object).unwrap();
        let error = open(sandbox.repo()).history("", None).unwrap_err();
        assert!(
            matches!(&error, GitError::MissingObject { hash } if *hash == first),
            "{error}"
        );
    }
}

#[test]
fn an_object_that_is_broken_or_of_another_kind_is_no_missing_one() {
    let sandbox = Sandbox::with_repository();
    let commit = sandbox.commit("file", "one").to_string();
    let blob = sandbox.git("rev-parse HEAD:file");
    sandbox.write("repo/.git/refs/heads/main", format!("{blob}\n"));
    let error = open(sandbox.repo()).history("", None).unwrap_err();
    let is_named =
        matches!(&error, GitError::MalformedObject { hash, .. } if hash.to_string() == blob);
    assert!(is_named, "{error}");
    sandbox.write("repo/.git/refs/heads/main", format!("{commit}\n"));
    let object = format!("repo/.git/objects/{}/{}", &commit[..2], &commit[2..]);
    #[expect(clippy::disallowed_methods, reason = "tests break their fixtures")]
    std::fs::remove_file(sandbox.path(&object)).unwrap();
    sandbox.write(&object, "broken");
    let error = open(sandbox.repo()).history("", None).unwrap_err();
    assert!(matches!(error, GitError::Database { .. }), "{error}");
}

#[test]
fn borrowed_objects_are_found() {
    let sandbox = Sandbox::with_repository();
    sandbox.commit("file", "one");
    sandbox.git("gc -q");
    sandbox.run(".", "clone -q --shared repo borrower");
    let history = open(sandbox.path("borrower")).history("", None).unwrap();
    assert_eq!(subjects(&history), ["one"]);
}

#[test]
fn a_commit_keeps_what_its_files_were() {
    let sandbox = Sandbox::with_repository();
    sandbox.commit("file", "one");
    let before = open(sandbox.repo()).head().unwrap().hash.unwrap();
    sandbox.commit("other", "two");
    let repository = open(sandbox.repo());
    let head = repository.head().unwrap().hash.unwrap();
    let content = repository.content_at(&head, "other").unwrap();
    let written = std::fs::read(sandbox.repo().join("other")).unwrap();
    assert_eq!(content, Some(written));
    assert_eq!(repository.content_at(&before, "other").unwrap(), None);
    assert_eq!(repository.content_at(&head, "other/below").unwrap(), None);
    assert_eq!(repository.content_at(&head, "").unwrap(), None);
}

#[cfg(unix)]
#[test]
fn a_link_is_no_file_of_a_commit() {
    let sandbox = Sandbox::with_repository();
    std::os::unix::fs::symlink("file", sandbox.path("repo/link")).unwrap();
    sandbox.git("add link");
    sandbox.commit("folder/file", "one");
    let repository = open(sandbox.repo());
    let head = repository.head().unwrap().hash.unwrap();
    assert_eq!(repository.content_at(&head, "link").unwrap(), None);
    assert_eq!(repository.content_at(&head, "folder").unwrap(), None);
    assert!(
        repository
            .content_at(&head, "folder/file")
            .unwrap()
            .is_some()
    );
}

#[test]
fn a_commit_has_the_time_of_its_committer() {
    let sandbox = Sandbox::with_repository();
    sandbox.set_time(1_554_338_279);
    let commit = sandbox.commit("file", "one");
    let expected: i64 = sandbox.git("log -1 --format=%ct").parse().unwrap();
    assert_eq!(
        open(sandbox.repo()).committed_at(&commit).unwrap(),
        expected
    );
    assert!(expected > 1_554_338_279);
}

/// Sides that begin before the release, which are compared with commits that are not listed.
#[test]
fn a_side_from_before_the_release_is_listed_for_what_it_changes() {
    let sandbox = Sandbox::with_repository();
    sandbox.commit("folder/file", "root");
    sandbox.git("branch changes");
    sandbox.git("branch leaves");
    sandbox.commit("other", "release");
    sandbox.git("tag 1.0.0");
    for (side, file) in [("changes", "folder/more"), ("leaves", "elsewhere")] {
        sandbox.git(&format!("checkout -q {side}"));
        sandbox.commit(file, side);
        sandbox.git("checkout -q main");
        sandbox.git(&format!("merge -q --no-ff --no-edit {side}"));
    }
    let history = open(sandbox.repo()).history("", Some("folder")).unwrap();
    let expected = sandbox.git("log --format=%s 1.0.0..HEAD -- folder");
    assert_eq!(subjects(&history).join("\n"), expected);
    assert_eq!(expected, "changes");
}
