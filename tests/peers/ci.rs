//! The branch, tag and pull request of a build beside what env-ci says (npm package `env-ci`, read
//! by semantic-release).

use std::collections::BTreeSet;
use std::path::Path;

use duat_shell::ci::{self, Named};
use duat_tests::{Scene, peer};
use serde_json::{Value, json};

/// Where env-ci answers otherwise on purpose: words in the name of the case, the facts, and why
/// ours is right.
const DIFFERENCES: &[(&str, &[&str], &str)] = &[
    (
        " tag",
        &["branch"],
        "a tag build has no branch; env-ci answers with the tag, its reference or the default branch",
    ),
    (
        "Actions: tag",
        &["tag"],
        "env-ci does not read the tag in GITHUB_REF",
    ),
    (
        "Actions: pull",
        &["branch", "target"],
        "env-ci answers with refs/pull/12/merge, and reads the target from the event's file alone",
    ),
    (
        "GitHub Actions: a review",
        &["branch"],
        "env-ci knows two of the events of a pull request; refs/pull/12/merge is no branch",
    ),
    (
        "GitLab CI/CD: pull request of an external repository",
        &["target"],
        "env-ci takes it for a push",
    ),
    (
        "Azure Pipelines: tag",
        &["tag"],
        "env-ci does not read the tag in BUILD_SOURCEBRANCH",
    ),
    (
        "from a fork",
        &["branch"],
        "pull/12 names a pull request, not the branch it comes from",
    ),
    (
        "Bitbucket Pipelines: pull request",
        &["target"],
        "env-ci knows no pull requests there",
    ),
    (
        "Woodpecker CI: pull request, closed",
        &["branch", "target"],
        "env-ci takes it for a push to the target",
    ),
    (
        "TeamCity",
        &["branch", "tag"],
        "env-ci reads the properties file and git, not the parameter Git_Branch",
    ),
    (
        "AWS CodeBuild",
        &["branch", "target", "tag", "commit"],
        "env-ci asks git, which has no branch in CI",
    ),
    (
        "Codefresh: release of a tag",
        &["tag"],
        "env-ci does not read CF_RELEASE_TAG",
    ),
    (
        "Screwdriver: push",
        &["branch"],
        "origin/ is the name of the remote",
    ),
    (
        "Screwdriver: tag",
        &["tag"],
        "env-ci does not read SD_TAG_NAME",
    ),
    (
        "Jenkins: push, one branch, behind its remote",
        &["branch"],
        "origin/ is the name of the remote",
    ),
    (
        "Jenkins: pull request, multibranch",
        &["branch", "target"],
        "env-ci does not read CHANGE_BRANCH and CHANGE_TARGET; PR-12 is no branch",
    ),
    ("Jenkins: tag", &["tag"], "env-ci does not read TAG_NAME"),
    (
        "Jenkins: a commit alone",
        &["branch"],
        "`detached` says that there is no branch",
    ),
    (
        "Prow",
        &["branch", "target", "tag", "commit"],
        "env-ci does not know the service",
    ),
    (
        "Google Cloud Build",
        &["branch", "target", "tag", "commit"],
        "env-ci does not know the service",
    ),
];

#[test]
#[ignore = "needs node and env-ci: tests/peers/run"]
fn branch_target_and_tag_are_those_of_env_ci() {
    let fixtures = include_str!("../fixtures/ci.json");
    let fixtures: Vec<Value> = serde_json::from_str(fixtures).expect("the fixtures are JSON");
    let environments: Vec<&Value> = fixtures.iter().map(|case| &case["environment"]).collect();
    let answers = ask(&json!(environments));
    assert_eq!(answers.len(), fixtures.len());

    let mut unknown = Vec::new();
    let mut used = BTreeSet::new();
    for (fixture, answer) in fixtures.iter().zip(&answers) {
        let case = fixture["case"].as_str().expect("a case has a name");
        let Some(build) = ci::detect(|name| {
            let value = fixture["environment"].get(name)?.as_str()?;
            Some(value.to_owned())
        }) else {
            continue;
        };
        let value = |named: &Option<Named>| named.as_ref().map(|named| named.value.clone());
        let (branch, target) = if answer["isPr"] == true {
            (&answer["prBranch"], &answer["branch"])
        } else {
            (&answer["branch"], &Value::Null)
        };
        for (fact, ours, theirs) in [
            ("branch", value(&build.branch), branch),
            ("target", value(&build.target_branch), target),
            ("tag", value(&build.tag), &answer["tag"]),
            ("commit", value(&build.commit), &answer["commit"]),
        ] {
            let theirs = theirs.as_str().filter(|text| !text.is_empty());
            if ours.as_deref() == theirs {
                continue;
            }
            let intended = DIFFERENCES
                .iter()
                .position(|(words, facts, _)| case.contains(words) && facts.contains(&fact));
            match intended {
                Some(line) => {
                    used.insert(line);
                }
                None => unknown.push(format!("{case}: {fact}: ours {ours:?}, theirs {theirs:?}")),
            }
        }
    }
    let idle: Vec<_> = (0..DIFFERENCES.len())
        .filter(|line| !used.contains(line))
        .map(|line| DIFFERENCES[line])
        .collect();
    assert!(
        unknown.is_empty(),
        "not intended:\n  {}",
        unknown.join("\n  ")
    );
    assert!(idle.is_empty(), "no longer different: {idle:?}");
}

fn ask(environments: &Value) -> Vec<Value> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers/env-ci.mjs");
    let scene = Scene::new();
    let outcome = scene
        .command(peer("node"))
        .arg(script)
        .env("DUAT_PEER_NODE_MODULES", peer("node-modules"))
        .stdin(environments.to_string())
        .run();
    serde_json::from_str(outcome.succeeds().stdout()).expect("env-ci.mjs prints JSON")
}
