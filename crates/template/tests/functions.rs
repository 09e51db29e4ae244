//! Every example of the table of functions, run.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on ends")]

use std::sync::Arc;

use chrono::DateTime;
use duat_template::dialect::Tera;
use duat_template::engine::Nothing;
use duat_template::function::{self, GROUPS};
use duat_template::{
    Clock, Diagnostic, Engine, Host, Limits, Node, Options, Origin, Policy, Redactor, Request,
    Source,
};

/// A host whose randomness is all zeros.
struct Zeros;

impl Host for Zeros {
    fn random(&self, bytes: &mut [u8]) -> Result<(), String> {
        bytes.fill(0);
        Ok(())
    }
}

fn render(template: &str, policy: Policy, clock: Clock) -> Result<String, Vec<Diagnostic>> {
    let host: Arc<dyn Host> = Arc::new(Zeros);
    let source = Source::new("example", template);
    let compiled = Tera.compile(&source, &Options::default(), &host, &Limits::default())?;
    let (values, secrets) = (Node::empty(Origin::Default), Redactor::new());
    let request = Request {
        host,
        policy,
        clock,
        ..Request::new(&values, &secrets)
    };
    compiled
        .render(&request, false)
        .map(|rendered| rendered.text)
}

#[test]
fn every_example_gives_what_the_table_says() {
    let clock = Clock::Fixed(DateTime::from_timestamp(1_234_567_890, 0).unwrap());
    let mut wrong = Vec::new();
    for function in GROUPS.iter().flat_map(|group| group.functions) {
        let (template, expected) = function.example();
        match render(template, Policy::default(), clock) {
            Ok(text) if text == expected => {}
            Ok(text) => wrong.push(format!(
                "{template}\n  expected {expected:?}\n  found    {text:?}"
            )),
            Err(problems) => wrong.push(format!("{template}\n{}", problems[0])),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn no_name_stands_for_two_functions() {
    let mut names: Vec<&str> = function::names().collect();
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count);
}

#[test]
fn what_draws_on_the_world_is_refused_by_name_when_hermetic() {
    let running = Clock::Running(DateTime::from_timestamp(0, 0).unwrap());
    for (template, name) in [
        ("{{ now() }}", "now"),
        ("{{ uuidv4() }}", "uuidv4"),
        ("{{ get_env(name=\"HOME\") }}", "env"),
        ("{{ [1] | shuffle }}", "shuffle"),
        ("{{ \"h\" | getHostByName }}", "getHostByName"),
    ] {
        let problems = render(template, Policy::hermetic(), running).unwrap_err();
        assert!(
            problems[0].message.starts_with(&format!("`{name}` ")),
            "{}",
            problems[0]
        );
    }
    let fixed = Clock::Fixed(DateTime::from_timestamp(0, 0).unwrap());
    assert_eq!(
        render("{{ now() }}", Policy::hermetic(), fixed).unwrap(),
        "1970-01-01T00:00:00Z"
    );
    let _ = Nothing;
}

#[test]
fn the_page_and_the_list_name_every_function() {
    let page = function::page();
    for entry in function::entries() {
        assert!(
            page.contains(&format!("`{}(", entry.name)),
            "{}",
            entry.name
        );
        for parameter in &entry.parameters {
            assert!(
                !parameter.name.is_empty() && !parameter.kind.is_empty(),
                "{}",
                entry.name
            );
        }
    }
    assert!(
        serde_json::to_string(&function::entries())
            .unwrap()
            .contains("\"b64enc\"")
    );
}

#[test]
fn templates_of_tera_1_mostly_run() {
    for (template, expected) in [
        (
            "{{ \"a b\" | slugify }} {{ [1, 2] | concat(with=3) | slice(start=1) }}",
            "a-b [2, 3]",
        ),
        (
            "{{ 1 | as_str }} {{ {\"a\": 1} | json_encode(pretty=true) }}",
            "1 {\n  \"a\": 1\n}",
        ),
        (
            "{{ 4 is divisibleby(divisor=2) }} {{ {} is object }} {{ \"ab\" is matching(pat=\"^a\") }}",
            "true true true",
        ),
        (
            "{{ [{\"a\": 1}, {\"a\": 2}] | filter(attribute=\"a\", value=2) | map(attribute=\"a\") }}",
            "[2]",
        ),
        (
            "{{ \"a\" | indent(prefix=\"> \", first=true) }}{{ 2 | pluralize }}",
            "> as",
        ),
        (
            "{{ \"abc\" | truncate(length=1) }} {{ 2.1 | round(method=\"ceil\") }}",
            "a\u{2026} 3",
        ),
        (
            "{% set_global x = 1 %}{% for i in range(end=2) %}{{ loop.index0 }}{% endfor %}",
            "01",
        ),
        (
            "{{ get_env(name=\"NO\", default=\"d\") }} {{ \"a,b\" | split(pat=\",\") | last }}",
            "d b",
        ),
    ] {
        let text = render(template, Policy::default(), Clock::Absent);
        assert_eq!(
            text.map_err(|problems| problems[0].to_string()).unwrap(),
            expected
        );
    }
}
