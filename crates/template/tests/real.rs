//! Templates that people really write, with what they render to.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on ends")]

mod support;

use duat_template::listing::{Provider, made, unused, variables};
use duat_template::validate::{self, Format};
use duat_template::{Source, engine::Nothing};
use support::Case;

const VALUES: &str = include_str!("real/values.yaml");

fn check(template: &str, expected: &str, name: &str) {
    let case = Case::with_values(template, VALUES)
        .file("labels.yaml.in", include_str!("real/labels.yaml.in"));
    let rendered = case.render(true).unwrap();
    assert_eq!(rendered.text, expected);
    let format = Format::of(name).unwrap();
    let map = rendered.map.as_ref();
    assert!(map.is_some());
    let problems = validate::check(&Source::new(name, rendered.text.clone()), format, map);
    assert!(problems.is_empty(), "{}", problems[0]);
}

#[test]
fn a_dockerfile_of_two_stages() {
    check(
        include_str!("real/Dockerfile.in"),
        include_str!("real/Dockerfile.out"),
        "Dockerfile",
    );
}

#[test]
fn a_deployment_with_loops_and_an_include() {
    check(
        include_str!("real/deployment.yaml.in"),
        include_str!("real/deployment.yaml.out"),
        "deployment.yaml",
    );
}

#[test]
fn a_workflow_whose_own_braces_pass_through() {
    check(
        include_str!("real/workflow.yml.in"),
        include_str!("real/workflow.yml.out"),
        "workflow.yml",
    );
}

#[test]
fn rules_with_the_braces_of_prometheus() {
    check(
        include_str!("real/rules.yml.in"),
        include_str!("real/rules.yml.out"),
        "rules.yml",
    );
}

#[test]
fn a_problem_of_the_output_stands_at_the_template() {
    let case = Case::with_values(
        "a:\n{% for e in list %}\n  {{ e }}: 1\n{%- endfor %}\n",
        "list: [x, y, x]\n",
    );
    let rendered = case.render(true).unwrap();
    let output = Source::new("out.yaml", rendered.text.clone());
    let problems = validate::check(&output, Format::Yaml, rendered.map.as_ref());
    let expected = "\
error: the output is not valid: the key `x` stands twice
 --> main:3:3
  |
3 |   {{ e }}: 1
  |   ^^^^^^^
  = note: line 5 of out.yaml is `x: 1`
  = note: first at out.yaml:3:6";
    assert_eq!(problems[0].to_string(), expected);
}

#[test]
fn variables_are_listed_without_looking_them_up() {
    let case = Case::with_values(
        "{{ image.tag }}{{ nope | default(value=1) }}{{ duat.version }}{% for x in ports %}{{ x.name }}{% endfor %}",
        VALUES,
    );
    let template = case.compile().unwrap();
    let listed = variables(template.as_ref(), case.values(), case.host().as_ref());
    let shown: Vec<String> = listed
        .iter()
        .map(|each| {
            let provider = match &each.provider {
                Provider::Values(origin) => origin.to_string(),
                Provider::Host => "host".to_owned(),
                Provider::Nobody => "nobody".to_owned(),
            };
            format!("{} {provider} {}", each.name, each.optional)
        })
        .collect();
    assert_eq!(
        shown,
        [
            "duat.version host false",
            "image.tag values.yaml:6:8 false",
            "nope nobody true",
            "ports values.yaml:13:3 false"
        ]
    );
    let warnings = unused(&[template.as_ref()], case.values());
    let names: Vec<&str> = warnings
        .iter()
        .map(|warning| warning.message.as_str())
        .collect();
    assert!(
        names.contains(&"the value `image.registry` is used by no template"),
        "{names:?}"
    );
    assert!(
        !names
            .iter()
            .any(|name| name.contains("`ports") || name.contains("`image.tag"))
    );
    let _ = Nothing;
}

#[test]
fn a_line_of_the_output_tells_what_made_it() {
    let case = Case::with_values(
        "a: 1\nimage: {{ image.repository }}:{{ image.tag }}\n",
        VALUES,
    );
    let (template, rendered) = (case.compile().unwrap(), case.render(true).unwrap());
    let parts: Vec<String> = made(template.as_ref(), &rendered, case.values(), 2)
        .iter()
        .flat_map(|part| &part.values)
        .map(|(name, origin)| format!("{name} {}", origin.as_ref().unwrap()))
        .collect();
    assert_eq!(
        parts,
        [
            "image.repository values.yaml:5:15",
            "image.tag values.yaml:6:8"
        ]
    );
}
