//! The public lists of semver.org (regex101 Ly7O1x/3, linked from its FAQ).

use duat::Version;
use duat_tests::Scene;

const VALID: &[&str] = &[
    "0.0.4",
    "1.2.3",
    "10.20.30",
    "1.1.2-prerelease+meta",
    "1.1.2+meta",
    "1.1.2+meta-valid",
    "1.0.0-alpha",
    "1.0.0-beta",
    "1.0.0-alpha.beta",
    "1.0.0-alpha.beta.1",
    "1.0.0-alpha.1",
    "1.0.0-alpha0.valid",
    "1.0.0-alpha.0valid",
    "1.0.0-alpha-a.b-c-somethinglong+build.1-aef.1-its-okay",
    "1.0.0-rc.1+build.1",
    "2.0.0-rc.1+build.123",
    "1.2.3-beta",
    "10.2.3-DEV-SNAPSHOT",
    "1.2.3-SNAPSHOT-123",
    "1.0.0",
    "2.0.0",
    "1.1.7",
    "2.0.0+build.1848",
    "2.0.1-alpha.1227",
    "1.0.0-alpha+beta",
    "1.2.3----RC-SNAPSHOT.12.9.1--.12+788",
    "1.2.3----R-S.12.9.1--.12+meta",
    "1.2.3----RC-SNAPSHOT.12.9.1--.12",
    "1.0.0+0.build.1-rc.10000aaa-kk-0.1",
    "1.0.0-0A.is.legal",
];

/// Valid, but refused here: numbers end at 2^64 - 1, and are never rounded or wrapped.
const TOO_LARGE: &str = "99999999999999999999999.999999999999999999.99999999999999999";

const INVALID: &[&str] = &[
    "1",
    "1.2",
    "1.2.3-0123",
    "1.2.3-0123.0123",
    "1.1.2+.123",
    "+invalid",
    "-invalid",
    "-invalid+invalid",
    "-invalid.01",
    "alpha",
    "alpha.beta",
    "alpha.beta.1",
    "alpha.1",
    "alpha+beta",
    "alpha_beta",
    "alpha.",
    "alpha..",
    "beta",
    "1.0.0-alpha_beta",
    "-alpha.",
    "1.0.0-alpha..",
    "1.0.0-alpha..1",
    "1.0.0-alpha...1",
    "1.0.0-alpha....1",
    "1.0.0-alpha.....1",
    "1.0.0-alpha......1",
    "1.0.0-alpha.......1",
    "01.1.1",
    "1.01.1",
    "1.1.01",
    "1.2.3.DEV",
    "1.2-SNAPSHOT",
    "1.2.31.2.3----RC-SNAPSHOT.12.09.1--..12+788",
    "1.2-RC-SNAPSHOT",
    "-1.0.3-gamma+b7718",
    "+justmeta",
    "9.8.7+meta+meta",
    "9.8.7-whatever+meta+meta",
    "99999999999999999999999.999999999999999999.99999999999999999----RC-SNAPSHOT.12.09.1--------------------------------..12",
];

#[test]
fn what_is_valid_is_read_and_written_the_same() {
    for text in VALID {
        let version = Version::parse_strict(text);
        assert_eq!(
            version.map(|version| version.to_string()),
            Ok((*text).to_owned())
        );
    }
    let lines = VALID.join("\n");
    Scene::new()
        .semver(["validate", "-"])
        .stdin(lines)
        .run()
        .prints("");
}

#[test]
fn what_is_invalid_is_told() {
    for text in INVALID {
        assert!(Version::parse_strict(text).is_err(), "{text}");
    }
    let outcome = Scene::new()
        .semver(["validate", "-"])
        .stdin(INVALID.join("\n"))
        .run();
    outcome.fails(8);
    let told: Vec<&str> = outcome.stdout().lines().collect();
    assert_eq!(told.len(), INVALID.len());
    for (line, text) in told.iter().zip(INVALID) {
        assert!(line.starts_with(&format!("{text}: ")), "{line}");
    }
}

#[test]
fn a_number_above_2_to_the_64_is_refused_and_never_rounded() {
    assert!(Version::parse_strict(TOO_LARGE).is_err());
    Scene::new().semver(["validate", TOO_LARGE]).run().fails(8);
    Scene::new()
        .semver(["max", TOO_LARGE])
        .run()
        .fails(1)
        .prints_nothing();
}

#[test]
fn the_chains_of_the_specification_rise() {
    for chain in [
        "1.0.0\n2.0.0\n2.1.0\n2.1.1\n",
        "1.0.0-alpha\n1.0.0-alpha.1\n1.0.0-alpha.beta\n1.0.0-beta\n1.0.0-beta.2\n1.0.0-beta.11\n1.0.0-rc.1\n1.0.0\n",
    ] {
        let mut lines: Vec<&str> = chain.lines().collect();
        lines.reverse();
        lines.rotate_left(2);
        Scene::new()
            .semver(["sort", "-"])
            .stdin(lines.join("\n"))
            .run()
            .prints(chain);
    }
}
