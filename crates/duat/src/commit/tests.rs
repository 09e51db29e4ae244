use InitialDevelopment::{Ends, StaysZero};

use super::*;

#[test]
fn messages_move_the_version_as_the_specification_says() {
    let table = [
        ("feat: allow provided config object", Some(Level::Minor)),
        ("feat(lang): add Polish language", Some(Level::Minor)),
        ("Feat: types have no case", Some(Level::Minor)),
        ("fix: prevent racing of requests", Some(Level::Patch)),
        ("perf: fewer reads", Some(Level::Patch)),
        ("docs: correct spelling of CHANGELOG", None),
        ("feat!: send an email", Some(Level::Major)),
        ("feat(api)!: send an email", Some(Level::Major)),
        ("chore!: drop support for Node 6", Some(Level::Major)),
        (
            "feat: x\n\nBREAKING CHANGE: `extends` is used otherwise",
            Some(Level::Major),
        ),
        (
            "fix: x\n\nbody\n\nReviewed-by: Z\nBREAKING-CHANGE: y",
            Some(Level::Major),
        ),
        ("anything\n\nBREAKING CHANGE: y", Some(Level::Major)),
        ("fix: x\n\nbreaking change: y", Some(Level::Patch)),
        ("fix: x\n\nno BREAKING CHANGE: y", Some(Level::Patch)),
        ("fix: x\r\n\r\nBREAKING CHANGE: y\r\n", Some(Level::Major)),
        (
            "fix: x\n\nBREAKING CHANGE:\nwhat is new",
            Some(Level::Major),
        ),
        ("fix: x\n\nBREAKING CHANGE #y", Some(Level::Major)),
        ("fix: x\n\nBREAKING CHANGES are below", Some(Level::Patch)),
        ("BREAKING CHANGE: y", None),
        ("feat:x", None),
        ("feat: ", None),
        ("feat : x", None),
        ("feat(): x", None),
        ("feat(a)(b): x", None),
        ("defeat: x", None),
        ("fixup! feat: x", None),
        ("revert: feat: x", None),
        ("Revert \"feat: x\"", None),
        ("Revert \"feat: x\"\n\n* feat: y", None),
        ("Merge branch 'feat: x'", None),
        ("Merge branch 'next'\n\n* feat: y", None),
        ("!: x", None),
        ("Merge pull request #1 from o/b\n\nfeat: x", None),
        (
            "chore: y (#12)\n\n* feat: x\n\n* fix: z",
            Some(Level::Minor),
        ),
        ("fix: y\n\n* feat(b)!: x", Some(Level::Major)),
        ("fix: y\n\n- feat: not GitHub's list", Some(Level::Patch)),
        ("", None),
    ];
    for (message, expected) in table {
        assert_eq!(level(message), expected, "{message:?}");
    }
}

#[test]
fn a_change_has_parts() {
    let change = Change::parse("Fix(parser)!: read it: all").unwrap();
    assert_eq!(change.kind, "fix");
    assert_eq!(change.scope.as_deref(), Some("parser"));
    assert!(change.breaking);
    assert_eq!(change.description, "read it: all");
}

const FEATURE: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
const REVERT: &str = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
const REAPPLY: &str = "cccccccccccccccccccccccccccccccccccccccc";

fn indices(commits: &[(&str, &str)]) -> Vec<(usize, Level)> {
    findings(commits.iter().copied())
        .iter()
        .map(|finding| (finding.index, finding.level))
        .collect()
}

#[test]
fn a_revert_takes_back_what_is_in_the_range() {
    let revert = format!("Revert \"feat: x\"\n\nThis reverts commit {FEATURE}.\n");
    let reapply = format!("Reapply \"feat: x\"\n\nThis reverts commit {REVERT}.\n");
    assert_eq!(indices(&[(REVERT, &revert), (FEATURE, "feat: x")]), []);
    assert_eq!(
        indices(&[(REAPPLY, &reapply), (REVERT, &revert), (FEATURE, "feat: x")]),
        [(2, Level::Minor)]
    );
    assert_eq!(
        indices(&[
            (REVERT, "Revert \"x\"\n\nThis reverts commit aaaaaaa."),
            (FEATURE, "feat: x")
        ]),
        []
    );
}

#[test]
fn a_revert_of_what_was_released_is_a_fix() {
    let revert = format!("Revert \"feat: x\"\n\nThis reverts commit {FEATURE}.\n");
    assert_eq!(indices(&[(REVERT, &revert)]), [(0, Level::Patch)]);
}

#[test]
fn before_one_nothing_breaks_but_the_minor_version() {
    let apply = |level: Level, version: &str, initial| {
        let version = version.parse().unwrap();
        level.apply(&version, initial).unwrap().to_string()
    };
    assert_eq!(apply(Level::Major, "0.3.1", StaysZero), "0.4.0");
    assert_eq!(apply(Level::Major, "0.3.1", Ends), "1.0.0");
    assert_eq!(apply(Level::Major, "1.3.1", StaysZero), "2.0.0");
    assert_eq!(apply(Level::Minor, "0.3.1", StaysZero), "0.4.0");
    assert_eq!(apply(Level::Patch, "0.3.1", StaysZero), "0.3.2");
}
