//! Many runs at once.

use std::collections::BTreeSet;

use crate::{carries, repository, scene};

#[test]
fn a_hundred_patches_at_once_count_up_by_a_hundred() {
    let scene = scene("0.0.1");
    let running: Vec<_> = (0..100).map(|_| scene.semver(["patch"]).start()).collect();
    let mut printed = BTreeSet::new();
    for each in running {
        let outcome = each.wait();
        printed.insert(outcome.succeeds().says_nothing().stdout().to_owned());
    }
    let expected: BTreeSet<String> = (2..=101).map(|patch| format!("0.0.{patch}\n")).collect();
    assert_eq!(printed, expected);
    carries(&scene, "0.0.101");
    assert_eq!(scene.files(""), ["README.md"]);
}

#[test]
fn a_hundred_runs_over_three_files_keep_them_together() {
    let scene = scene("0.0.1");
    scene.write("VERSION", "0.0.1\n");
    scene.write("b.md", crate::marked("0.0.1"));
    let running: Vec<_> = (0..50)
        .map(|run| {
            // the same files by different names and in different orders
            let targets = if run % 2 == 0 {
                "VERSION,b.md"
            } else {
                "./b.md,VERSION"
            };
            scene.semver(["patch", "-t", targets]).start()
        })
        .collect();
    for each in running {
        let _ = each.wait().succeeds();
    }
    scene
        .semver(["check", "-t", "VERSION,b.md"])
        .run()
        .prints("0.0.51\n");
    assert_eq!(scene.files(""), ["README.md", "VERSION", "b.md"]);
}

#[test]
fn pre_releases_made_at_once_are_all_distinct() {
    let scene = repository("0.0.1");
    let running: Vec<_> = (0..40)
        .map(|_| scene.semver(["pre"]).at(crate::INSTANT).start())
        .collect();
    let versions: BTreeSet<String> = running
        .into_iter()
        .map(|each| each.wait().succeeds().stdout().to_owned())
        .collect();
    assert_eq!(versions.len(), 40);
    assert_eq!(scene.git(["status", "--short"]), " M README.md");
}

#[test]
fn of_many_that_swap_the_same_version_one_wins() {
    let scene = scene("1.0.0");
    let running: Vec<_> = (0..20)
        .map(|_| scene.semver(["patch", "--if-current", "1.0.0"]).start())
        .collect();
    let codes: Vec<_> = running.into_iter().map(|each| each.wait().code()).collect();
    assert_eq!(codes.iter().filter(|code| **code == Some(0)).count(), 1);
    assert_eq!(codes.iter().filter(|code| **code == Some(3)).count(), 19);
    carries(&scene, "1.0.1");
}

#[test]
fn readers_see_whole_versions_while_others_write() {
    let scene = scene("0.0.1");
    let writers: Vec<_> = (0..20).map(|_| scene.semver(["patch"]).start()).collect();
    let readers: Vec<_> = (0..20).map(|_| scene.semver(["extract"]).start()).collect();
    for reader in readers {
        let outcome = reader.wait();
        assert!(outcome.succeeds().stdout().starts_with("0.0."));
    }
    for writer in writers {
        let _ = writer.wait().succeeds();
    }
    carries(&scene, "0.0.21");
}

#[test]
fn one_marker_is_made_when_many_begin_at_once() {
    let scene = duat_tests::Scene::new();
    let running: Vec<_> = (0..20).map(|_| scene.semver(["init"]).start()).collect();
    for each in running {
        let outcome = each.wait();
        assert!(
            matches!(outcome.code(), Some(0 | 3)),
            "{}",
            outcome.transcript()
        );
    }
    assert_eq!(scene.read("VERSION"), "0.1.0\n");
    assert_eq!(scene.files(""), ["VERSION"]);
}
