//! What is written, and that it prints the same bytes.

mod cases;
mod corpus;

use std::sync::Arc;

use self::cases::{CASES, VALUES};
use super::*;
use crate::dialect::Go;
use crate::engine::{Clock, Request};
use crate::layer::Layers;
use crate::options::{Dialect, Profile};
use crate::read::Syntax;
use crate::secret::Redactor;
use crate::value::Value;

struct Outside;

impl Host for Outside {
    fn roots(&self) -> Vec<String> {
        vec!["duat".into(), "Env".into()]
    }

    fn names(&self, root: &str) -> Vec<String> {
        let names: &[&str] = match root {
            "duat" => &["gitBranch", "version"],
            _ => &["GREETING"],
        };
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    fn lookup(&self, root: &str, name: &str) -> Result<Option<Value>, String> {
        Ok(match (root, name) {
            ("duat", "version") => Some("1.2.3".into()),
            ("duat", "gitBranch") => Some("feature/x".into()),
            ("Env", "GREETING") => Some("hello".into()),
            _ => None,
        })
    }
}

fn values(text: &str) -> Layers {
    let mut layers = Layers::default();
    let source = Source::new("v.yaml", text);
    layers.file(&source, Syntax::Yaml).unwrap();
    layers
}

fn render(dialect: Dialect, text: &str, values: &Layers) -> Result<String, String> {
    let engine: &dyn Engine = match dialect {
        Dialect::Go => &Go,
        _ => &Tera,
    };
    let secrets = Redactor::new();
    let node = values.merged();
    let host: Arc<dyn Host> = Arc::new(Outside);
    let options = Options {
        dialect,
        profile: profile(text),
        ..Options::default()
    };
    let told = |problems: Vec<Diagnostic>| {
        let problems = problems.iter().map(ToString::to_string);
        problems.collect::<Vec<_>>().join("\n")
    };
    let source = Source::new("t", text);
    let template = engine.compile(&source, &options, &host, &Limits::default());
    let instant = chrono::DateTime::from_timestamp(1_700_000_000, 0).unwrap();
    let request = Request {
        host,
        clock: Clock::Fixed(instant),
        ..Request::new(&node, &secrets)
    };
    let rendered = template.map_err(told)?.render(&request, false);
    rendered.map(|rendered| rendered.text).map_err(told)
}

fn profile(text: &str) -> Profile {
    if text.contains("include") {
        Profile::Helm
    } else {
        Profile::Duat
    }
}

fn convert(text: &str) -> Translation {
    let options = Options {
        profile: profile(text),
        ..Options::default()
    };
    to_tera(&Source::new("t", text), &options).unwrap()
}

/// Returns the conversion of a template after rendering both.
#[track_caller]
fn same(go: &str, values: &Layers) -> String {
    let made = convert(go);
    assert!(made.problems.is_empty(), "{go}: {:?}", made.problems);
    let expected = render(Dialect::Go, go, values).unwrap();
    let actual = render(Dialect::Tera, &made.text, values)
        .unwrap_or_else(|error| panic!("{go}\n{}\n{error}", made.text));
    assert_eq!(actual, expected, "{go}\n{}", made.text);
    made.text
}

#[test]
fn each_construct_has_its_counterpart() {
    let values = values(VALUES);
    let mut wrong = Vec::new();
    for (go, tera) in CASES {
        let made = convert(go);
        if made.text == *tera {
            same(go, &values);
        } else {
            wrong.push(format!("{go}\n  {}\n  {tera}", made.text));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_cannot_be_said_is_told_at_its_place_and_kept_as_a_comment() {
    for (go, message, text) in [
        (
            "a {{ tpl .x . }}",
            "`tpl` has no counterpart in Tera",
            "a {# not converted: {{ tpl .x . }} #}",
        ),
        (
            "{{ toJson . }}",
            "all values at once have no name in Tera",
            "{# not converted: {{ toJson . }} #}",
        ),
        (
            "{{ list 1 2 }}",
            "a list is printed in another way in Tera",
            "{# not converted: {{ list 1 2 }} #}",
        ),
        (
            "{{ print (default 5 (upper .a)) 3 }}",
            "`print` puts a blank between values that are no texts, which cannot be told here",
            "{# not converted: {{ print (default 5 (upper .a)) 3 }} #}",
        ),
        (
            "{{ printf \"%05d\" .n }}",
            "`printf` with \"%05d\" has no counterpart in Tera",
            "{# not converted: {{ printf \"%05d\" .n }} #}",
        ),
        (
            "{{ .loop }}",
            "`loop` cannot name a value in Tera",
            "{# not converted: {{ .loop }} #}",
        ),
        (
            "{{ template \"x\" . }}",
            "template `x` is not defined in this text",
            "{# not converted: {{ template \"x\" . }} #}",
        ),
        (
            "{{ call .f 1 }}",
            "`call` has no counterpart in Tera",
            "{# not converted: {{ call .f 1 }} #}",
        ),
        (
            "{{ set .m \"a\" 1 }}",
            "`set` has no counterpart in Tera",
            "{# not converted: {{ set .m \"a\" 1 }} #}",
        ),
        (
            "{{ with tpl .a . }}{{ .b }}{{ else }}c{{ end }}",
            "`tpl` has no counterpart in Tera",
            "{# not converted: {{ with tpl .a . }} #}{# not converted: {{ .b }} #}{# not converted: {{ else }} #}c",
        ),
        (
            "{{ define \"r\" }}{{ template \"r\" . }}{{ end }}{{ template \"r\" . }}",
            "a template that calls itself has no counterpart in Tera",
            "{# not converted: {{ template \"r\" . }} #}",
        ),
        (
            "{{ range $i, $v := .l }}{{ $v = 1 }}{{ end }}",
            "what a loop sets cannot be assigned to in Tera",
            "{% for v in l | each %}{% set i = loop.index0 %}{# not converted: {{ $v = 1 }} #}{% endfor %}",
        ),
    ] {
        let made = convert(go);
        let messages: Vec<&str> = made.problems.iter().map(|it| it.message.as_str()).collect();
        assert_eq!(messages, [message], "{go}");
        assert!(made.problems[0].location.is_some(), "{go}");
        assert_eq!(made.text, text, "{go}");
    }
}

#[test]
fn every_problem_is_told_in_the_order_of_the_template() {
    let made =
        convert("{{ tpl .a . }}\n{{ if wrap 3 .b }}{{ list 1 }}{{ end }}{{ call (seq 1 2) }}");
    let lines = made.problems.iter().map(|problem| {
        let location = problem.location.as_ref().unwrap();
        (location.place.line, location.place.column)
    });
    assert_eq!(
        lines.collect::<Vec<_>>(),
        [(1, 4), (2, 7), (2, 22), (2, 43)]
    );
}

#[test]
fn what_may_differ_is_warned_of_once() {
    let made = convert("{{ title .a }}{{ title .b }}{{ trunc 3 .c }}");
    let messages: Vec<&str> = made.warnings.iter().map(|it| it.message.as_str()).collect();
    assert_eq!(messages.len(), 2, "{messages:?}");
    assert!(
        messages[0].starts_with("`title` may differ: "),
        "{messages:?}"
    );
}

#[test]
fn a_loop_that_counts_over_what_may_be_a_map_is_warned_of() {
    let warned = |go: &str| {
        let warnings = convert(go).warnings.into_iter();
        warnings.map(|it| it.message).collect::<Vec<_>>()
    };
    assert_eq!(
        warned("{{ range $i, $v := .m }}{{ $i }}{{ end }}"),
        ["`range` may differ: over a map the first variable is a number in Tera and the key in Go"]
    );
    for sure in [
        "{{ range $k, $v := .m }}{{ $k }}{{ end }}",
        "{{ range $_, $v := .m }}{{ $v }}{{ end }}",
        "{{ range $i, $v := list .a .b }}{{ $i }}{{ end }}",
        "{{ range $i, $v := until 3 }}{{ $i }}{{ end }}",
    ] {
        assert_eq!(warned(sure), [""; 0], "{sure}");
    }
}

#[test]
fn a_template_that_is_never_called_is_not_dropped_silently() {
    let made = convert("{{ define \"x\" }}a{{ end }}b");
    assert_eq!(made.text, "b");
    assert_eq!(
        made.warnings[0].message,
        "template `x` is called nowhere in this text, and left out"
    );
    // one that is called with what cannot be said has been told of
    for call in [
        "{{ include \"x\" (dict \"a\" .) }}",
        "{{ include \"x\" (dict \"a\" .) | upper }}",
        "{{ template \"x\" (dict \"a\" .) }}",
    ] {
        let made = convert(&format!("{{{{ define \"x\" }}}}a{{{{ end }}}}{call}"));
        assert_eq!((made.problems.len(), made.warnings.len()), (1, 0), "{call}");
    }
}

#[test]
fn what_is_no_template_is_an_error_at_its_place() {
    let problem = to_tera(&Source::new("t", "a\n{{ if }}"), &Options::default()).unwrap_err();
    assert_eq!(problem.location.unwrap().place.line, 2);
}

#[test]
fn a_result_that_tera_cannot_read_is_shown_by_a_name_of_its_own() {
    let made = convert("{{/* lists */}}{{ len (list (list (list 1))) }}");
    let [problem] = made.problems.as_slice() else {
        panic!("{:?}", made.problems);
    };
    let said = "what it became is no Tera template: ";
    assert!(problem.message.starts_with(said), "{problem}");
    assert_eq!(problem.location.as_ref().unwrap().name, "t in Tera");
}

#[test]
fn other_brackets_become_those_of_tera() {
    let options = Options {
        delimiters: Some(crate::options::Delimiters::parse("[[ ]]").unwrap()),
        passthrough: vec![("${{".into(), "}}".into())],
        ..Options::default()
    };
    let made = to_tera(&Source::new("t", "{[[ .a ]] {{ b }} ${{ c }}"), &options).unwrap();
    assert_eq!(
        made.text,
        "{{ \"{\" }}{{ a }} {{ \"{{\" }} b }} ${{ \"{{\" }} c }}"
    );
}

#[test]
fn hostile_templates_are_refused_not_endless() {
    let mut doubling = String::new();
    for n in 0..40 {
        let m = n + 1;
        doubling.push_str(&format!("{{{{ define \"t{n}\" }}}}{{{{ template \"t{m}\" . }}}}{{{{ template \"t{m}\" . }}}}{{{{ end }}}}"));
    }
    doubling.push_str("{{ define \"t40\" }}x{{ end }}{{ template \"t0\" . }}");
    for text in [
        doubling,
        format!(
            "{}a{}",
            "{{ if .x }}".repeat(5_000),
            "{{ end }}".repeat(5_000)
        ),
        format!("{{{{ {}1{} }}}}", "(".repeat(5_000), ")".repeat(5_000)),
        format!(
            "{{{{ if .a }}}}{}{{{{ end }}}}",
            "{{ else if .b }}x".repeat(5_000)
        ),
    ] {
        assert!(!convert(&text).problems.is_empty());
    }
}
