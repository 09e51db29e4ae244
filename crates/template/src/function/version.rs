use std::cmp::Ordering;

use duat::Version;

use super::{Arguments, Context, Failure, Function, map_of};
use crate::value::Value;

pub(super) const TABLE: &[Function] = &[
    row!(
        ["semver"],
        "value: string -> map",
        "major, minor, patch, prerelease, build and the strict text of a version",
        (
            r#"{{ "v1.2.3-rc.1" | semver | get(key="prerelease") }}"#,
            "rc.1",
        ),
        parts,
    ),
    row!(
        ["semver_strict"],
        "value: string -> string",
        "a version as semver.org writes it",
        (r#"{{ "v1.2" | semver_strict }}"#, "1.2.0"),
        |a, _| Ok(version(a, 0)?.to_string().into()),
    ),
    row!(
        ["bump_major", "semver_major"],
        "value: string -> string",
        "the next major version",
        (r#"{{ "1.2.3" | bump_major }}"#, "2.0.0"),
        |a, _| bumped(version(a, 0)?.bump_major()),
    ),
    row!(
        ["bump_minor", "semver_minor"],
        "value: string -> string",
        "the next minor version",
        (r#"{{ "1.2.3" | bump_minor }}"#, "1.3.0"),
        |a, _| bumped(version(a, 0)?.bump_minor()),
    ),
    row!(
        ["bump_patch", "semver_patch"],
        "value: string -> string",
        "the next patch version",
        (r#"{{ "1.2.3" | bump_patch }}"#, "1.2.4"),
        |a, _| bumped(version(a, 0)?.bump_patch()),
    ),
    row!(
        ["semver_release"],
        "value: string -> string",
        "without pre-release and build",
        (r#"{{ "1.2.3-rc.1+5" | semver_release }}"#, "1.2.3"),
        |a, _| Ok(version(a, 0)?.release().to_string().into()),
    ),
    row!(
        ["semver_pre"],
        "value: string, pre: string -> string",
        "with this pre-release",
        (r#"{{ "1.2.3" | semver_pre(pre="rc.1") }}"#, "1.2.3-rc.1"),
        pre,
    ),
    row!(
        ["semver_cmp"],
        "value: string, other: string -> integer",
        "-1, 0 or 1: which comes first",
        (r#"{{ "1.10.0" | semver_cmp(other="1.9.0") }}"#, "1"),
        |a, _| Ok(i128::from(version(a, 0)?.cmp_precedence(&version(a, 1)?) as i8).into()),
    ),
    row!(
        ["semverCompare", "semver_matches"],
        "value: string, constraint: string -> boolean",
        "whether a version meets a constraint: `^1.2`, `~1.2.3`, `>=1.0 <2`, `1.x`, `1.2 - 1.4`, `||` between alternatives",
        (
            r#"{{ "1.3.0" | semverCompare(constraint="^1.2") }}"#,
            "true",
        ),
        compare,
    ),
];

type Outcome = Result<Value, Failure>;

fn version(arguments: &Arguments, at: usize) -> Result<Version, Failure> {
    read(&arguments.text(at)?)
}

fn read(text: &str) -> Result<Version, Failure> {
    text.parse()
        .map_err(|error| format!("`{text}` is not a version: {error}").into())
}

fn parts(arguments: &Arguments, _: &Context) -> Outcome {
    let version = version(arguments, 0)?;
    Ok(map_of([
        ("major", version.major().into()),
        ("minor", version.minor().into()),
        ("patch", version.patch().into()),
        ("prerelease", version.pre().into()),
        ("build", version.build().into()),
        ("version", version.to_string().into()),
    ]))
}

fn bumped(outcome: Result<Version, duat::version::Overflow>) -> Outcome {
    outcome
        .map(|version| version.to_string().into())
        .map_err(|error| error.to_string().into())
}

fn pre(arguments: &Arguments, _: &Context) -> Outcome {
    let made = version(arguments, 0)?.with_pre(&arguments.text(1)?);
    made.map(|version| version.to_string().into())
        .map_err(|error| error.to_string().into())
}

fn compare(arguments: &Arguments, _: &Context) -> Outcome {
    Ok(meets(&version(arguments, 0)?, &arguments.text(1)?)?.into())
}

/// Tells whether `version` meets `constraint`, in the grammar of Masterminds/semver: a pre-release
/// meets only what names one.
fn meets(version: &Version, constraint: &str) -> Result<bool, Failure> {
    let mut met = false;
    for alternative in constraint.split("||") {
        let alternative = match alternative.split_once(" - ") {
            Some((low, high)) => format!(">={} <={}", low.trim(), high.trim()),
            None => alternative.to_owned(),
        };
        met |= meets_all(version, &alternative)?;
    }
    Ok(met)
}

fn meets_all(version: &Version, text: &str) -> Result<bool, Failure> {
    let mut met = true;
    let mut operator = String::new();
    for word in text.split([',', ' ']).filter(|word| !word.is_empty()) {
        let end = word
            .find(|each: char| !"=<>!~^".contains(each))
            .unwrap_or(word.len());
        let (sign, bound) = word.split_at(end);
        operator.push_str(sign);
        if bound.is_empty() {
            continue;
        }
        met &= meets_one(version, &std::mem::take(&mut operator), bound)?;
    }
    if !operator.is_empty() {
        return Err(format!("the constraint `{text}` ends with `{operator}`").into());
    }
    Ok(met)
}

fn meets_one(version: &Version, operator: &str, bound: &str) -> Result<bool, Failure> {
    let wild = |part: &str| matches!(part, "x" | "X" | "*");
    let core = bound.split(['-', '+']).next().unwrap_or_default();
    let parts: Vec<&str> = core.split('.').collect();
    let given = parts.iter().take_while(|part| !wild(part)).count();
    let text = if given < parts.len() {
        let known = parts.get(..given).unwrap_or_default().join(".");
        if known.is_empty() {
            "0".to_owned()
        } else {
            known
        }
    } else {
        bound.to_owned()
    };
    let low = read(&text)?;
    if version.is_prerelease() && !low.is_prerelease() {
        return Ok(operator == "!=");
    }
    let order = version.cmp_precedence(&low);
    // the first version that no longer begins with the parts that are given
    let next = |parts: usize| match parts {
        0 => None,
        1 => low.bump_major().ok(),
        2 => low.bump_minor().ok(),
        _ => low.release().bump_patch().ok(),
    };
    let before = |limit: Option<Version>| {
        limit.is_none_or(|limit| version.cmp_precedence(&limit) == Ordering::Less)
    };
    let at_least = order != Ordering::Less;
    let within = at_least && before(next(given));
    Ok(match operator {
        "" | "=" | "==" if given < 3 => within,
        "" | "=" | "==" => order == Ordering::Equal,
        "!=" if given < 3 => !within,
        "!=" => order != Ordering::Equal,
        ">" if given < 3 => at_least && !within,
        ">" => order == Ordering::Greater,
        ">=" | "=>" => at_least,
        "<" => order == Ordering::Less,
        "<=" | "=<" if given < 3 => before(next(given)),
        "<=" | "=<" => order != Ordering::Greater,
        "~" | "~>" => at_least && before(next(given.min(2))),
        "^" => {
            let parts = match (low.major(), low.minor()) {
                (0, 0) if given >= 3 => 3,
                (0, _) if given >= 2 => 2,
                _ => given.min(1),
            };
            at_least && before(next(parts))
        }
        _ => return Err(format!("`{operator}` is not an operator of a constraint").into()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constraints_are_met_as_masterminds_meets_them() {
        for (version, constraint, expected) in [
            ("1.3.0", "^1.2", true),
            ("2.0.0", "^1.2", false),
            ("1.3.0-beta", "^1.2", false),
            ("1.3.0-beta", ">=1.3.0-alpha", true),
            ("0.2.5", "^0.2.3", true),
            ("0.3.0", "^0.2.3", false),
            ("0.0.3", "^0.0.3", true),
            ("0.0.4", "^0.0.3", false),
            ("1.2.9", "~1.2.3", true),
            ("1.3.0", "~1.2.3", false),
            ("1.9.0", "~1", true),
            ("1.2.7", "1.2.x", true),
            ("1.3.0", "1.2.x", false),
            ("3.0.0", "*", true),
            ("1.5.0", ">=1.0, <2", true),
            ("1.5.0", ">= 1.0 < 1.5", false),
            ("1.3.0", "1.2 - 1.4", true),
            ("1.4.9", "1.2 - 1.4", true),
            ("1.5.0", "1.2 - 1.4", false),
            ("3.0.0", "^1 || ^3", true),
            ("1.2.3", "!=1.2.3", false),
            ("1.3.0", ">1.2", true),
            ("1.2.5", ">1.2", false),
        ] {
            let met = meets(&version.parse().unwrap(), constraint).unwrap();
            assert_eq!(met, expected, "{version} {constraint}");
        }
    }
}
