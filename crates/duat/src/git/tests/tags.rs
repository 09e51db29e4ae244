//! Tags and the versions they stand for.

use super::*;
use crate::Version;

fn highest(repository: &Repository, prefix: &str, filter: TagFilter) -> Option<String> {
    let tag = repository.highest_tag(prefix, filter, Scope::All).unwrap();
    tag.map(|tag| tag.name)
}

fn reachable(repository: &Repository) -> Option<String> {
    let tag = repository
        .highest_tag("", TagFilter::All, Scope::Reachable)
        .unwrap();
    tag.map(|tag| tag.name)
}

#[test]
fn packed_loose_annotated_and_nested_tags_stand_where_git_says() {
    let sandbox = Sandbox::with_repository();
    let first = sandbox.commit("file", "one");
    sandbox.git("tag 1.0.0");
    sandbox.git("tag -a -m x v1.0.0");
    sandbox.git("pack-refs --all");
    let second = sandbox.commit("file", "two");
    sandbox.git("tag 1.1.0");
    sandbox.git("tag -a -m x server/v1.1.0");
    sandbox.git("tag -f 1.0.0");
    sandbox.git("tag tree HEAD^{tree}");
    sandbox.git("symbolic-ref refs/tags/latest refs/tags/1.1.0");
    let repository = open(sandbox.repo());
    let listed = sandbox.git("tag");
    assert_eq!(
        repository.tag_names().unwrap(),
        listed.lines().collect::<Vec<_>>()
    );
    for commit in [first, second] {
        let expected = sandbox.git(&format!("tag --points-at {commit}"));
        assert_eq!(
            repository.tags_at(&commit).unwrap(),
            expected.lines().collect::<Vec<_>>()
        );
    }
    sandbox.git("pack-refs --all");
    let expected = sandbox.git("tag --points-at HEAD");
    assert_eq!(
        repository.tags_at(&second).unwrap(),
        expected.lines().collect::<Vec<_>>()
    );
    sandbox.git("tag -a -m x outer server/v1.1.0");
    for packed in [false, true] {
        if packed {
            sandbox.git("pack-refs --all");
        }
        let names = repository.tags_at(&second).unwrap();
        assert!(names.contains(&"outer".to_owned()), "a tag of a tag");
    }
}

#[test]
fn the_highest_goes_by_precedence_and_leaves_dates_alone() {
    let sandbox = Sandbox::with_repository();
    sandbox.commit("file", "one");
    let tags = [
        "v0.9.0",
        "0.10.0",
        "v0.10.0-rc.1",
        "1.0.0-rc.2",
        "1.0.0-rc.10",
        "20221209-update",
        "20221209",
        "2022-12-09",
        "9.9.9-",
        "server/v3.0.0",
        "nonsense",
        "99999999999999999999999.0.0",
    ];
    for tag in tags {
        if tag != "9.9.9-" || cfg!(unix) {
            sandbox.git(&format!("tag {tag}"));
        }
    }
    let repository = open(sandbox.repo());
    for packed in [false, true] {
        if packed {
            sandbox.git("pack-refs --all");
        }
        let all = highest(&repository, "", TagFilter::All);
        assert_eq!(all.as_deref(), Some("1.0.0-rc.10"));
        let releases = highest(&repository, "", TagFilter::Releases);
        assert_eq!(releases.as_deref(), Some("0.10.0"));
        let prefixed = highest(&repository, "server/", TagFilter::All);
        assert_eq!(prefixed.as_deref(), Some("server/v3.0.0"));
        assert_eq!(highest(&repository, "client/", TagFilter::All), None);
        assert_eq!(repository.version_tags("").unwrap().len(), 5);
    }
    sandbox.git("tag v1");
    let short = highest(&repository, "", TagFilter::Releases);
    assert_eq!(short.as_deref(), Some("v1"));
    sandbox.git("tag v1.0.0");
    sandbox.git("tag 1.0.0");
    let all = highest(&repository, "", TagFilter::All);
    assert_eq!(
        all.as_deref(),
        Some("v1"),
        "the shortest of three spellings"
    );
}

#[test]
fn the_highest_by_scan_is_the_highest_of_all() {
    let sandbox = Sandbox::with_repository();
    let commit = sandbox.commit("file", "one");
    let mut state = 1_u64;
    let mut number = |limit: u64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (state >> 33) % limit
    };
    for round in 0..40 {
        let mut lines = vec![];
        for _ in 0..60 {
            let (major, minor, patch) = (number(4), number(4), number(4));
            let v = ["", "v"][usize::try_from(number(2)).unwrap()];
            let tail = ["", "", "-rc.1", "-rc.2", "-a..b", "+7", "-rc.1+8"];
            let tail = tail[usize::try_from(number(7)).unwrap()];
            lines.push(format!(
                "{commit} refs/tags/{v}{major}.{minor}.{patch}{tail}"
            ));
        }
        lines.sort_by(|a, b| a[41..].cmp(&b[41..]));
        lines.dedup();
        let header = ["", "# pack-refs with: peeled fully-peeled sorted \n"][round % 2];
        let text = format!("{header}{}\n", lines.join("\n"));
        sandbox.write("repo/.git/packed-refs", text);
        let repository = open(sandbox.repo());
        for filter in [TagFilter::All, TagFilter::Releases] {
            let expected = repository
                .version_tags("")
                .unwrap()
                .into_iter()
                .filter(|tag| filter == TagFilter::All || !tag.version.is_prerelease())
                .max();
            let found = repository.highest_tag("", filter, Scope::All).unwrap();
            assert_eq!(found, expected, "{lines:?}");
        }
        let base = Version::new(number(4), number(4), number(4));
        let tags = repository.version_tags("").unwrap();
        let same: Vec<_> = tags
            .iter()
            .filter(|tag| tag.version.release() == base)
            .collect();
        let found = repository.candidates(&base, "").unwrap();
        assert_eq!(
            found.released.is_some(),
            same.iter().any(|tag| !tag.version.is_prerelease())
        );
        for number in [1, 2] {
            let pre = format!("rc.{number}");
            assert_eq!(
                found.numbers.contains(&number),
                same.iter().any(|tag| tag.version.pre() == pre)
            );
        }
    }
}

#[test]
fn candidates_are_numbers_behind_rc_and_nothing_else() {
    let sandbox = Sandbox::with_repository();
    sandbox.commit("file", "one");
    for tag in [
        "1.2.0-rc.1",
        "v1.2.0-rc.3",
        "1.2.0-rc.10",
        "v1.2.0-rc.10",
        "1.2.0-rc.8.foo",
        "1.2.0-rc9",
        "1.2.0-beta.20",
        "1.2.01-rc.30",
        "11.2.0-rc.40",
        "1.2.00",
        "v1.1.0",
        "1.3",
        "v2",
        "3.0",
    ] {
        sandbox.git(&format!("tag {tag}"));
    }
    let repository = open(sandbox.repo());
    for packed in [false, true] {
        if packed {
            sandbox.git("pack-refs --all");
        }
        let of = |version: &str| {
            let version = version.parse().unwrap();
            repository.candidates(&version, "").unwrap()
        };
        assert_eq!(of("1.2.0").numbers, [1, 3, 10]);
        assert_eq!(of("1.2.0-x").numbers, [1, 3, 10]);
        assert_eq!(of("1.1.0").released.as_deref(), Some("v1.1.0"));
        assert_eq!(of("1.3.0").released.as_deref(), Some("1.3"));
        assert_eq!(of("2.0.0").released.as_deref(), Some("v2"));
        assert_eq!(of("3.0.0").released.as_deref(), Some("3.0"));
        assert_eq!(of("4.0.0"), Candidates::default());
    }
    sandbox.git("tag 1.2.0+build");
    let version = "1.2.0".parse().unwrap();
    assert!(
        repository
            .candidates(&version, "")
            .unwrap()
            .released
            .is_some()
    );
}

#[test]
fn only_ancestors_are_reachable() {
    let sandbox = Sandbox::with_repository();
    sandbox.commit("file", "one");
    sandbox.git("tag -a -m x 1.0.0");
    sandbox.git("checkout -q -b next");
    sandbox.commit("file", "two");
    sandbox.git("tag 2.0.0");
    sandbox.git("checkout -q main");
    sandbox.commit("file", "three");
    let repository = open(sandbox.repo());
    assert_eq!(reachable(&repository).as_deref(), Some("1.0.0"));
    let all = highest(&repository, "", TagFilter::All);
    assert_eq!(all.as_deref(), Some("2.0.0"));
    sandbox.git("tag 3.0.0");
    assert_eq!(reachable(&repository).as_deref(), Some("3.0.0"));
}

#[test]
fn of_several_tags_at_one_commit_the_highest_counts() {
    let sandbox = Sandbox::with_repository();
    sandbox.commit("file", "one");
    for tag in ["1.1.0", "1.10.0", "1.9.0"] {
        sandbox.git(&format!("tag {tag}"));
    }
    sandbox.commit("file", "two");
    let repository = open(sandbox.repo());
    assert_eq!(reachable(&repository).as_deref(), Some("1.10.0"));
}

/// Not all that write `packed-refs` sort it, and say what is behind an annotated tag.
#[test]
fn a_list_that_promises_nothing_is_read_to_its_end() {
    let sandbox = Sandbox::with_repository();
    let commit = sandbox.commit("file", "one");
    sandbox.git("tag 1.0.0");
    sandbox.git("tag -a -m x 1.5.0");
    sandbox.git("tag -a -m x v2.0.0");
    let backwards = "for-each-ref --sort=-refname --format=%(objectname)%20%(refname) refs/tags";
    let list = sandbox.git(backwards);
    sandbox.git("tag -d 1.0.0 1.5.0 v2.0.0");
    sandbox.write("repo/.git/packed-refs", format!("{list}\n"));
    let repository = open(sandbox.repo());
    let expected = sandbox.git("tag --points-at HEAD");
    assert_eq!(
        repository.tags_at(&commit).unwrap(),
        expected.lines().collect::<Vec<_>>()
    );
    let found = repository.candidates(&Version::new(1, 0, 0), "").unwrap();
    assert_eq!(found.released.as_deref(), Some("1.0.0"));
}

#[test]
fn files_that_git_passes_over_are_no_tags() {
    let sandbox = Sandbox::with_repository();
    let commit = sandbox.commit("file", "one");
    sandbox.git("tag 1.0.0");
    sandbox.write("repo/.git/refs/tags/2.0.0.lock", "");
    sandbox.write("repo/.git/refs/tags/.2.0.0", "");
    let repository = open(sandbox.repo());
    assert_eq!(sandbox.git("tag"), "1.0.0");
    assert_eq!(repository.tag_names().unwrap(), ["1.0.0"]);
    assert_eq!(repository.tags_at(&commit).unwrap(), ["1.0.0"]);
}

#[test]
fn what_a_shallow_clone_cannot_know_is_an_error() {
    let sandbox = Sandbox::with_repository();
    sandbox.commit("file", "one");
    sandbox.git("tag 1.0.0");
    for message in ["two", "three", "four"] {
        sandbox.commit("file", message);
    }
    let url = format!("file://{}", sandbox.repo().display());
    sandbox.run(".", &format!("clone -q --depth 2 {url} cut"));
    sandbox.run("cut", "fetch -q --depth 2 origin tag 1.0.0");
    let repository = open(sandbox.path("cut"));
    let error = repository
        .highest_tag("", TagFilter::All, Scope::Reachable)
        .unwrap_err();
    assert!(matches!(error, GitError::Shallow { .. }), "{error}");
    let error = repository.history("", None).unwrap_err();
    assert!(matches!(error, GitError::Shallow { .. }), "{error}");
    sandbox.run(".", &format!("clone -q --depth 4 {url} deep"));
    let repository = open(sandbox.path("deep"));
    assert!(repository.is_shallow() || sandbox.run("deep", "rev-list --count HEAD") == "4");
    assert_eq!(reachable(&repository).as_deref(), Some("1.0.0"));
    assert_eq!(repository.history("", None).unwrap().commits.len(), 3);
}

#[test]
fn the_context_holds_it_all() {
    let sandbox = Sandbox::with_repository();
    let commit = sandbox.commit("file", "one");
    sandbox.git("tag v1.0.0");
    sandbox.git("tag -a -m x stable");
    sandbox.git("remote add origin https://me:secret@h.example/o/r.git");
    let context = open(sandbox.repo()).context(None, "").unwrap();
    assert_eq!(context.root, Some(sandbox.repo()));
    assert_eq!(context.branch.unwrap().name, "main".into());
    assert_eq!(context.head, Some(commit));
    assert_eq!(context.tags, names(&["stable", "v1.0.0"]));
    assert_eq!(context.highest.unwrap().version, Version::new(1, 0, 0));
    let url = context.remote.unwrap().url.unwrap();
    assert_eq!(url.to_string(), "https://h.example/o/r.git");
    assert!(!context.shallow);
}
