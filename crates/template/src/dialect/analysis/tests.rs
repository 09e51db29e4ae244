//! What is found in templates.

use super::*;
use crate::dialect::scan::scan;
use crate::options::Options;

fn analysis(text: &str) -> Analysis {
    let source = Source::new("x", text);
    let pieces = scan(&source, &Options::default(), None).unwrap();
    analyse(&source, &pieces)
}

fn paths(text: &str) -> String {
    let found = analysis(text);
    let shown: Vec<String> = found
        .paths
        .iter()
        .map(|path| {
            let marks = [
                (path.computed, "*"),
                (path.local, "!"),
                (path.optional, "?"),
            ];
            let marks = marks.iter().filter(|(set, _)| *set).map(|(_, mark)| *mark);
            path.segments.join(".") + &marks.collect::<String>()
        })
        .collect();
    shown.join(" ")
}

#[test]
fn variables_are_found_wherever_they_stand() {
    for (text, expected) in [
        ("{{ a }} {{ a.b[0][\"c d\"].e }}", "a a.b.0.c d.e"),
        ("{{ duat[name] }}", "duat* name"),
        ("{{ a | default(value=b.c) | upper }}", "a? b.c"),
        ("{% if a.b and not c is defined %}", "a.b? c?"),
        (
            "{% for k, v in m.items %}{{ k }}{{ loop.index }}{% endfor %}",
            "m.items k! loop.index!",
        ),
        ("{% set x = y %}{{ x }}", "y x!"),
        ("{{ [f(n=i) for i in xs if i > low] }}", "i! xs i! low"),
        ("{{ {\"k\": v, ...rest} }}", "v rest"),
        ("{{<card title=t n=1 />}}", "t"),
        (
            "{% component card(title: string, n=1) %}{{ title }}{% endcomponent card %}",
            "title!",
        ),
        ("{{ a?.b?.[0] }}", "a.b"),
        (
            "{{ now() }} {{ super() }} {{ x is not containing(y) }}",
            "x? y",
        ),
        (
            "{% block head %}{% endblock head %}{% include \"a/b\" %}",
            "",
        ),
        ("{{ a[b[0]] }}", "a* b.0"),
    ] {
        assert_eq!(paths(text), expected, "{text}");
    }
}

#[test]
fn calls_are_found_with_their_kind() {
    let text = "{% extends \"base\" %}{{ a | upper | f(x=g()) is not odd }}{% filter lower %}";
    let found = analysis(text);
    let mut calls: Vec<_> = found
        .calls
        .iter()
        .map(|call| (call.callee, call.name.as_str()))
        .collect();
    calls.sort();
    let expected = [
        (Callee::Filter, "f"),
        (Callee::Filter, "lower"),
        (Callee::Filter, "upper"),
        (Callee::Function, "g"),
        (Callee::Test, "odd"),
        (Callee::Template, "base"),
    ];
    assert_eq!(calls, expected);
    assert!(found.captures);
}
