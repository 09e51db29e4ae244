//! Lenient reading beside Masterminds/semver 1.5.0, the reader of the predecessor.

use std::collections::BTreeMap;

use duat::Version;
use duat_tests::{Scene, peer};

use crate::seed::Seed;

/// What is read otherwise on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Difference {
    /// We read blanks around a version: files and pipes have them.
    Blanks,
    /// We read `V1`, which people tag.
    CapitalV,
    /// We read numbers up to 2^64 - 1, they up to 2^63 - 1.
    Large,
    /// We drop the leading zeros of a numeric pre-release identifier, which semver.org clause 9
    /// forbids to write; they keep them.
    Zeros,
}

const TEXTS: &[&str] = &[
    // what is read
    "1.2.3",
    "v1.2.3",
    "1",
    "1.2",
    "v1",
    "v1.2",
    "01.2.3",
    "1.02.003",
    "2024.01.05",
    "0.0.0",
    "1.2.3-alpha.1",
    "1.2-beta",
    "1-rc",
    "1.2.3-0a",
    "1.2.3--",
    "1.2.3--1",
    "1.0.0-x-y-z.-",
    "1.2.3+meta",
    "1.2.3+01.002",
    "v1-a+b",
    "1.2.3-a.b.c+d.e.f",
    "0.0.2-00-new-feature-aaaagjecrgf",
    "9223372036854775807.0.0",
    "20221209",
    "20221209-update-renovatejson-v4",
    "2022-12-09",
    // what is not
    "",
    "v",
    "vv1",
    "1.",
    "1..2",
    ".1",
    "1.2.3.4",
    "1.2.3-",
    "1.2.3+",
    "1.2.3-a..b",
    "1.2.3-.a",
    "1.2.3+a+b",
    "1.2.3-a_b",
    "1.2.3-ä",
    "a1",
    "1a",
    "-1",
    "+1",
    "1.2.3 4",
    "1.2.-3",
    "1,2,3",
    "x.y.z",
    "1.x",
    "*",
    "latest",
    "18446744073709551616.0.0",
    "1.99999999999999999999.0",
    // what differs
    " 1.2.3",
    "1.2.3\t",
    "V1.2.3",
    "9223372036854775808.0.0",
    "1.18446744073709551615.0",
    "1.2.3-01",
    "1.2.3-rc.007",
    "1.2.3-00.0a.00",
];

#[test]
#[ignore = "needs a Go program: tests/peers/run"]
fn every_text_is_read_as_the_predecessor_reads_it() {
    let mut texts: Vec<String> = TEXTS.iter().map(|text| (*text).to_owned()).collect();
    let mut seed = Seed::new(0xd0a7);
    texts.extend((0..20_000).map(|_| letters(&mut seed)));
    texts.extend((0..20_000).map(|_| parts(&mut seed)));

    let answers = ask(&texts);
    assert_eq!(answers.len(), texts.len());
    let mut intended: BTreeMap<Difference, usize> = BTreeMap::new();
    let mut read = 0;
    let mut unknown = Vec::new();
    for (text, theirs) in texts.iter().zip(&answers) {
        let theirs = Some(theirs.as_str()).filter(|answer| *answer != "error");
        let version = text.parse::<Version>().ok();
        let ours = version.as_ref().map(Version::to_string);
        read += usize::from(ours.is_some());
        if ours.as_deref() == theirs {
            continue;
        }
        match difference(text, version.as_ref(), theirs) {
            Some(difference) => *intended.entry(difference).or_default() += 1,
            None => unknown.push(format!("{text:?}: ours {ours:?}, theirs {theirs:?}")),
        }
    }
    assert!(
        unknown.is_empty(),
        "not intended:\n  {}",
        unknown.join("\n  ")
    );
    assert_eq!(intended.len(), 4, "no longer different: {intended:?}");
    // the sample is worth something: thousands of texts are versions, thousands are not
    assert!(
        read > 2000 && texts.len() - read > 2000,
        "{read} of {}",
        texts.len()
    );
}

/// Returns why our answer may differ, if it is one of the reasons.
fn difference(text: &str, ours: Option<&Version>, theirs: Option<&str>) -> Option<Difference> {
    let ours = ours?;
    match theirs {
        Some(theirs) if without_zeros(theirs) == ours.to_string() => Some(Difference::Zeros),
        Some(_) => None,
        None if text.trim() != text => Some(Difference::Blanks),
        None if text.starts_with('V') => Some(Difference::CapitalV),
        None => {
            let limit = u64::MAX / 2;
            let large = [ours.major(), ours.minor(), ours.patch()];
            large
                .iter()
                .any(|number| *number > limit)
                .then_some(Difference::Large)
        }
    }
}

/// Returns a version without the leading zeros of its numeric pre-release identifiers.
fn without_zeros(version: &str) -> String {
    let (version, build) = match version.split_once('+') {
        Some((version, build)) => (version, format!("+{build}")),
        None => (version, String::new()),
    };
    let Some((core, pre)) = version.split_once('-') else {
        return format!("{version}{build}");
    };
    let identifiers: Vec<&str> = pre
        .split('.')
        .map(|identifier| {
            if identifier.bytes().all(|byte| byte.is_ascii_digit()) {
                let significant = identifier.trim_start_matches('0');
                if significant.is_empty() {
                    "0"
                } else {
                    significant
                }
            } else {
                identifier
            }
        })
        .collect();
    format!("{core}-{}{build}", identifiers.join("."))
}

/// Returns letters of the grammar in any order: mostly no version.
fn letters(seed: &mut Seed) -> String {
    const LETTERS: &[char] = &[
        'v', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '.', '.', '.', '+', '-', 'a',
    ];
    (0..seed.below(12)).map(|_| seed.pick(LETTERS)).collect()
}

/// Returns parts of the grammar, mostly in order: often a version.
fn parts(seed: &mut Seed) -> String {
    let mut text = String::new();
    text.push_str(seed.pick(&["", "", "v", "v", "V", " ", "vv"]));
    for index in 0..=seed.below(4) {
        if index > 0 {
            text.push('.');
        }
        text.push_str(seed.pick(&["0", "00", "1", "01", "10", "9223372036854775808", ""]));
    }
    for mark in ["-", "+"] {
        for index in 0..seed.below(3) {
            text.push_str(if index == 0 { mark } else { "." });
            text.push_str(seed.pick(&["0", "00", "01", "a", "0a", "-", "a-1", "v", ""]));
        }
    }
    text
}

fn ask(texts: &[String]) -> Vec<String> {
    let scene = Scene::new();
    let lines: String = texts
        .iter()
        .flat_map(|text| [text.as_str(), "\n"])
        .collect();
    let outcome = scene.command(peer("masterminds")).stdin(lines).run();
    let answers = outcome.succeeds().stdout();
    answers.lines().map(str::to_owned).collect()
}
