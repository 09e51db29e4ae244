//! Templates that people really write, with what they render to.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on ends")]

mod support;

use duat_template::listing::{Provider, made, unused, variables};
use duat_template::validate::{self, Format};
use duat_template::{Redactor, Source};
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
            "image.tag values.yaml:6:8 false",
            "nope nobody true",
            "duat.version host false",
            "ports values.yaml:13:3 false"
        ]
    );
    let unused = unused(&template.references(), case.values());
    let names: Vec<&str> = unused.iter().map(|unused| unused.path.as_str()).collect();
    assert!(names.contains(&"image.registry"), "{names:?}");
    assert!(!names.contains(&"ports") && !names.contains(&"image.tag"));
}

#[test]
fn a_line_of_the_output_tells_what_made_it() {
    let case = Case::with_values(
        "a: 1\nimage: {{ image.repository }}:{{ image.tag }}\n",
        VALUES,
    );
    let (template, rendered) = (case.compile().unwrap(), case.render(true).unwrap());
    let parts: Vec<String> = made(
        template.as_ref(),
        &rendered,
        case.layers(),
        &Redactor::new(),
        2,
    )
    .iter()
    .flat_map(|part| &part.values)
    .map(|named| format!("{} {}", named.value.path, named.value.origin))
    .collect();
    assert_eq!(
        parts,
        [
            "image.repository values.yaml:5:15",
            "image.tag values.yaml:6:8"
        ]
    );
}

/// What made each value of a line: the name in the template, the path, and where it stands.
fn told(case: &Case, line: usize) -> Vec<String> {
    let (template, rendered) = (case.compile().unwrap(), case.render(true).unwrap());
    let secrets = Redactor::new();
    let parts = made(template.as_ref(), &rendered, case.layers(), &secrets, line);
    let named = parts.iter().flat_map(|part| &part.values);
    named
        .map(|named| {
            let variable = named.variable.as_deref().unwrap_or("-");
            format!("{variable} {} {}", named.value.path, named.value.origin)
        })
        .collect()
}

#[test]
fn a_name_that_a_loop_gives_leads_to_the_element() {
    let values = "\
services:
  - name: web
    ports: [80, 443]
  - name: worker
    ports: []
  - name: api
    ports: [8080]
labels:
  tier: back
  app: duat
";
    let template = "\
{% for s in services %}{{ s.name }}
{% for p in s.ports %}- {{ p }}
{% endfor %}{% include \"labels\" %}{% endfor %}";
    let labels = "{% for k, v in labels %}{{ k }}={{ v }},{% endfor %} {{ s.name }}\n";
    let case = Case::with_values(template, values).file("labels", labels);
    let text = case.text();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(
        lines,
        [
            "web",
            "- 80",
            "- 443",
            "tier=back,app=duat, web",
            "worker",
            "tier=back,app=duat, worker",
            "api",
            "- 8080",
            "tier=back,app=duat, api",
        ]
    );
    for (line, expected) in [
        (1, vec!["s.name services[0].name values.yaml:2:11"]),
        (3, vec!["p services[0].ports[1] values.yaml:3:17"]),
        (5, vec!["s.name services[1].name values.yaml:4:11"]),
        (8, vec!["p services[2].ports[0] values.yaml:7:13"]),
        (
            9,
            vec![
                "k labels.tier values.yaml:9:9",
                "v labels.tier values.yaml:9:9",
                "k labels.app values.yaml:10:8",
                "v labels.app values.yaml:10:8",
                "s.name services[2].name values.yaml:6:11",
            ],
        ),
    ] {
        assert_eq!(told(&case, line), expected, "line {line}");
    }
}

#[test]
fn what_a_loop_computes_or_sets_anew_is_not_guessed() {
    for template in [
        "{% for x in list | reverse %}{{ x }}{% endfor %}",
        "{% for x in list %}{% set x = 1 %}{{ x }}{% endfor %}",
        "{% for x in [1, 2] %}{{ x }}{% endfor %}",
        "{% for x in range(end=2) %}{{ x }}{{ loop.index }}{% endfor %}",
    ] {
        let case = Case::with_values(template, "list: [1, 2]\nx: 1\n");
        assert_eq!(told(&case, 1), [""; 0], "{template}");
    }
    // behind the loop the name is that of the values again
    let case = Case::with_values(
        "{% for x in list %}{% if x == 1 %}{% continue %}{% endif %}{{ x }}{% break %}{% endfor %} {{ x }}",
        "list: [1, 2, 3]\nx: 1\n",
    );
    assert_eq!(
        told(&case, 1),
        ["x list[1] values.yaml:1:11", "- x values.yaml:2:4"]
    );
}
