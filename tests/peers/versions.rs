//! Precedence and bumps beside node-semver (npm package `semver`).

use std::cmp::Ordering;
use std::path::Path;

use duat::Version;
use duat_tests::{Scene, peer};
use serde_json::{Value, json};

use crate::seed::Seed;

const PAIRS: usize = 5000;

#[test]
#[ignore = "needs node and its semver: tests/peers/run"]
fn precedence_is_that_of_node_semver() {
    for (one, other, answer) in answers() {
        let theirs = ordering(&answer["precedence"]);
        assert_eq!(one.cmp_precedence(&other), theirs, "{one} and {other}");
    }
}

/// Of equal precedence, ours orders by the text of the build metadata, so that only equal versions
/// are equal; node-semver compares numbers in it (`+2` before `+10`, `+01` like `+1`).
#[test]
#[ignore = "needs node and its semver: tests/peers/run"]
fn the_order_is_that_of_node_semver_up_to_build_metadata() {
    for (one, other, answer) in answers() {
        let theirs = ordering(&answer["order"]);
        let both_built = !one.build().is_empty() && !other.build().is_empty();
        if one.cmp_precedence(&other) == Ordering::Equal && both_built {
            assert_eq!(
                one.cmp(&other),
                one.build().cmp(other.build()),
                "{one} and {other}"
            );
        } else {
            assert_eq!(one.cmp(&other), theirs, "{one} and {other}");
        }
    }
}

/// `minor` and `major` leave a pre-release behind, as the predecessor's do: 1.2.0-rc.1 gives 1.3.0.
/// node-semver finalises one that is already of that level: 1.2.0.
#[test]
#[ignore = "needs node and its semver: tests/peers/run"]
fn bumps_are_those_of_node_semver_but_on_pre_releases_of_the_level() {
    let mut finalised = 0;
    for (one, _, answer) in answers() {
        let of_minor = one.is_prerelease() && one.patch() == 0;
        let of_major = of_minor && one.minor() == 0;
        for (level, ours, is_of_level) in [
            ("major", one.bump_major(), of_major),
            ("minor", one.bump_minor(), of_minor),
            ("patch", one.bump_patch(), false),
        ] {
            let ours = ours.expect("the numbers are small").to_string();
            let theirs = answer[level].as_str().expect("a bump is a text");
            if is_of_level {
                finalised += 1;
                assert_eq!(theirs, one.release().to_string(), "{level} of {one}");
                assert_ne!(ours, theirs, "{level} of {one}");
            } else {
                assert_eq!(ours, theirs, "{level} of {one}");
            }
        }
    }
    assert!(finalised > 0, "no pre-release of the level was tried");
}

/// Returns pairs of versions, always the same, with what node-semver says of each.
fn answers() -> Vec<(Version, Version, Value)> {
    let mut seed = Seed::new(0x5eed);
    let pairs: Vec<(String, String)> = (0..PAIRS).map(|_| pair(&mut seed)).collect();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers/node-semver.mjs");
    let scene = Scene::new();
    let outcome = scene
        .command(peer("node"))
        .arg(script)
        .env("DUAT_PEER_NODE_MODULES", peer("node-modules"))
        .stdin(json!(pairs).to_string())
        .run();
    let answers: Vec<Value> =
        serde_json::from_str(outcome.succeeds().stdout()).expect("node-semver.mjs prints JSON");
    assert_eq!(answers.len(), PAIRS);
    pairs
        .into_iter()
        .zip(answers)
        .map(|((one, other), answer)| {
            assert_eq!(answer["valid"], true, "{one} and {other}");
            let strict = |text: &str| Version::parse_strict(text).expect("it is strict");
            (strict(&one), strict(&other), answer)
        })
        .collect()
}

/// Returns two versions that often share what stands in front.
fn pair(seed: &mut Seed) -> (String, String) {
    let core = core(seed);
    let other = if seed.below(3) == 0 {
        self::core(seed)
    } else {
        core.clone()
    };
    (core + &suffix(seed), other + &suffix(seed))
}

fn core(seed: &mut Seed) -> String {
    const NUMBERS: &[u64] = &[0, 0, 1, 2, 9, 10, 11, 4_294_967_296, 9_007_199_254_740_990];
    format!(
        "{}.{}.{}",
        seed.pick(NUMBERS),
        seed.pick(NUMBERS),
        seed.pick(NUMBERS)
    )
}

fn suffix(seed: &mut Seed) -> String {
    const PRE: &[&str] = &[
        "0",
        "1",
        "2",
        "10",
        "a",
        "A",
        "alpha",
        "beta",
        "rc",
        "rc1",
        "rc10",
        "rc2",
        "-",
        "--1",
        "-a",
        "0a",
        "00-new-feature-aaaagjecrgf",
        "x-y-z",
    ];
    const BUILD: &[&str] = &["0", "01", "1", "2", "10", "a", "B", "sha-5114f85", "--"];
    let mut suffix = String::new();
    for (mark, choices) in [('-', PRE), ('+', BUILD)] {
        let count = seed.below(4);
        for index in 0..count {
            suffix.push(if index == 0 { mark } else { '.' });
            suffix.push_str(seed.pick(choices));
        }
    }
    suffix
}

fn ordering(value: &Value) -> Ordering {
    value.as_i64().expect("a comparison is a number").cmp(&0)
}
