//! `pre` where no branch is checked out, in each CI service.

use duat::name::Slug;

use serde_json::Value;

use crate::{INSTANT, repository};

fn fixtures() -> Vec<Value> {
    let text = include_str!("../../../../tests/fixtures/ci.json");
    serde_json::from_str(text).unwrap()
}

/// Returns the variables of a service's job.
fn environment(case: &Value) -> Vec<(&str, &str)> {
    let variables = case["environment"].as_object().unwrap();
    variables
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str().unwrap()))
        .collect()
}

#[test]
fn the_branch_is_what_the_service_says() {
    let scene = repository("0.0.1");
    scene.script(repository::DETACHED);
    for case in fixtures() {
        let name = case["case"].as_str().unwrap();
        let outcome = scene
            .semver(["pre", "-n", "-v"])
            .envs(environment(&case))
            .at(INSTANT)
            .run();
        let Some((branch, variable)) = case["build"]["branch"].as_str().and_then(|text| {
            let (branch, variable) = text.strip_prefix('`')?.split_once("` (")?;
            Some((branch, variable.strip_suffix(')')?))
        }) else {
            outcome
                .fails(5)
                .prints_nothing()
                .says("error: there is no branch: `HEAD` is detached at ");
            continue;
        };
        let slug = Slug::of(branch.as_bytes(), 40).unwrap();
        assert_eq!(
            outcome.succeeds().stdout(),
            format!("0.0.1-{slug}-aaaagjecrgf\n"),
            "{name}"
        );
        outcome.says(&format!(
            "the branch is `{branch}` (from `{variable}`; `HEAD` is detached at "
        ));
    }
}

#[test]
fn a_branch_that_is_checked_out_wins_over_the_service() {
    let scene = repository("0.0.1");
    for case in fixtures() {
        let call = scene
            .semver(["pre", "-n"])
            .envs(environment(&case))
            .at(INSTANT);
        call.run().prints("0.0.1-main-aaaagjecrgf\n");
    }
}

#[test]
fn a_named_branch_wins_over_everything() {
    let scene = repository("0.0.1");
    scene.script(repository::DETACHED);
    for case in fixtures() {
        let call = scene
            .semver(["pre", "-n", "--branch=mine"])
            .envs(environment(&case))
            .at(INSTANT);
        call.run().prints("0.0.1-mine-aaaagjecrgf\n");
    }
}

#[test]
fn a_merge_of_a_pull_request_is_never_a_branch() {
    let scene = repository("0.0.1");
    scene.script(repository::DETACHED);
    let outcome = scene
        .semver(["pre"])
        .env("GITHUB_ACTIONS", "true")
        .env("GITHUB_REF", "refs/pull/12/merge")
        .env("GITHUB_REF_NAME", "12/merge")
        .run();
    outcome.fails(5).prints_nothing();
}
