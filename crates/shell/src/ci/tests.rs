use super::*;
use serde_json::{Map, Value};

/// Environments and what they mean, for each service. `tests/peers/ci.rs` asks env-ci the same.
const FIXTURES: &str = include_str!("../../../../tests/fixtures/ci.json");

fn fixtures() -> Vec<Value> {
    serde_json::from_str(FIXTURES).unwrap()
}

fn environment(fixture: &Value) -> Map<String, Value> {
    fixture["environment"].as_object().unwrap().clone()
}

fn detect_in(environment: &Map<String, Value>) -> Option<Build> {
    detect(|name| {
        let value = environment.get(name)?;
        Some(value.as_str().unwrap().to_owned())
    })
}

/// Returns a build as the fixtures write it, each fact where there is one.
fn written(build: Option<&Build>) -> Value {
    let mut facts = Map::new();
    if let Some(build) = build {
        facts.insert("service".into(), build.service.into());
        if build.pull_request {
            facts.insert("pull_request".into(), true.into());
        }
        for (name, fact) in [
            ("branch", &build.branch),
            ("target", &build.target_branch),
            ("tag", &build.tag),
            ("commit", &build.commit),
        ] {
            if let Some(named) = fact {
                facts.insert(name.into(), named.to_string().into());
            }
        }
    }
    Value::Object(facts)
}

#[test]
fn every_environment_means_what_its_fixture_says() {
    for fixture in fixtures() {
        let build = detect_in(&environment(&fixture));
        assert_eq!(
            written(build.as_ref()),
            fixture["build"],
            "{}",
            fixture["case"]
        );
    }
}

#[test]
fn every_service_has_a_push_a_pull_request_and_a_tag() {
    let builds: Vec<Build> = fixtures()
        .iter()
        .filter_map(|fixture| detect_in(&environment(fixture)))
        .collect();
    for service in SERVICES {
        let of_service = || builds.iter().filter(|build| build.service == service.name);
        assert!(
            of_service().any(|build| !build.pull_request && build.branch.is_some()),
            "{}: push",
            service.name
        );
        assert!(
            of_service().any(|build| build.pull_request),
            "{}: pull request",
            service.name
        );
        assert!(
            of_service().any(|build| build.tag.is_some()),
            "{}: tag",
            service.name
        );
    }
}

#[test]
fn a_missing_or_empty_variable_never_gives_an_empty_or_a_wrong_name() {
    for fixture in fixtures() {
        let whole = environment(&fixture);
        for name in whole.keys() {
            let mut without = whole.clone();
            without.remove(name);
            let mut empty = whole.clone();
            empty.insert(name.clone(), "".into());
            let build = detect_in(&without);
            assert_eq!(build, detect_in(&empty), "{}: {name}", fixture["case"]);
            let Some(build) = build else { continue };
            for named in [&build.branch, &build.target_branch].into_iter().flatten() {
                assert!(!named.value.is_empty(), "{}: {name}", fixture["case"]);
                assert!(
                    !named.value.starts_with("refs/"),
                    "{}: {name}",
                    fixture["case"]
                );
            }
            assert!(
                build.tag.is_none() || build.branch.is_none(),
                "{}: {name}",
                fixture["case"]
            );
        }
    }
}

#[test]
fn an_unknown_service_is_ci_that_says_nothing() {
    let ci = |value: &'static str| move |name: &str| (name == "CI").then(|| value.to_owned());
    for (value, expected) in [
        ("true", true),
        ("1", true),
        ("", false),
        ("false", false),
        ("0", false),
    ] {
        assert_eq!(is_ci(ci(value)), expected, "CI={value}");
        assert_eq!(detect(ci(value)), None, "CI={value}");
    }
    let azure = |name: &str| (name == "TF_BUILD").then(|| "True".to_owned());
    assert!(is_ci(azure));
    assert!(!is_ci(|_| None));
}

#[test]
fn a_form_reads_a_name_and_refuses_what_is_none() {
    for (form, text, name) in [
        (Branch, "feature/x", Some("feature/x")),
        (Branch, "refs/heads/feature/x", Some("feature/x")),
        (Branch, "refs/heads/", None),
        (Branch, "refs/pull/12/merge", None),
        (Branch, "refs/tags/1.0.0", None),
        (Branch, "HEAD", None),
        (Branch, "<default>", None),
        (Branch, "pull/12", Some("pull/12")),
        (Numbered, "pull/12", None),
        (Numbered, "pull/12/head", None),
        (Numbered, "12/merge", None),
        (Numbered, "PR-12", None),
        (Numbered, "PR-12-fix", Some("PR-12-fix")),
        (Numbered, "12", Some("12")),
        (Remote, "origin/feature/x", Some("feature/x")),
        (Remote, "refs/remotes/origin/main", Some("main")),
        (Remote, "origin/pull/12/merge", None),
        (Remote, "detached", None),
        (Remote, "origin/", None),
        (Pinned, "refs/heads/main^{6dcb09b}", Some("main")),
        (Pinned, "refs/heads/^{6dcb09b}", None),
        (Pinned, "main", None),
        (Tag, "refs/tags/v1.0.0", Some("v1.0.0")),
        (Tag, "refs/heads/v1.0.0", None),
        (After("branch/"), "branch/main", Some("main")),
        (After("branch/"), "tag/1.0.0", None),
    ] {
        assert_eq!(form.read(text), name, "{text}");
    }
}
