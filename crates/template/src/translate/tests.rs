//! What is written, and that it prints the same bytes.

mod corpus;

use std::sync::Arc;

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

const VALUES: &str = "
name: web
n: 3
zero: 0
on: true
off: false
empty: ''
text: \"two\\nlines\\n\"
path: a/b:c
ports: [80, 443]
nothing: []
nested: [[1, 2], [3]]
labels: {b: 2, a: 1}
image: {name: web, tag: '1.2', pull: {policy: Always}}
odd: {'true': t, é: e, 'a?.b': x, a.b: y, 'a?[b': z, 'a[b': w}
users: [{name: Ann, tags: [x]}, {name: Bob}]
";

/// Go templates, and what they become.
const CASES: &[(&str, &str)] = &[
    ("plain", "plain"),
    ("{{ .name }}", "{{ name }}"),
    ("{{ .image.pull.policy }}", "{{ image.pull.policy }}"),
    ("{{ $.name }}", "{{ name }}"),
    (
        "{{ .odd.true }}{{ with .odd.é }}{{ . }}{{ end }}",
        "{{ odd[\"true\"] }}{% if odd?[\"é\"] %}{{ odd[\"é\"] }}{% endif %}",
    ),
    ("a {{- .name -}} b", "a {{- name -}} b"),
    ("a\n{{- /* note */ -}}\nb", "a\n{#- note -#}\nb"),
    ("{{/* a #} b */}}", "{# a # } b #}"),
    ("a  {{- /**/ -}}  b", "a  {#- -#}  b"),
    ("{{/**/ -}}  b", "{# -#}  b"),
    ("{{/*--*/ -}}  b{{/**/}}", "{# -#}  b{# #}"),
    (
        "{% x %} {# y #} {{ \"{{\" }} {",
        "{{ \"{%\" }} x %} {{ \"{#\" }} y #} {{ \"{{\" }} {",
    ),
    (
        "{{ `a\"b` }}{{ \"c\\td\" }}{{ 'x' }}{{ 0x10 }}{{ -3 }}",
        "{{ \"a\\\"b\" }}{{ \"c\\td\" }}{{ 120 }}{{ 16 }}{{ -3 }}",
    ),
    (
        "{{ .name | upper | replace \"E\" \"e\" }}",
        "{{ name | upper | replace(from=\"E\", to=\"e\") }}",
    ),
    (
        "{{ default \"x\" .image.missing }}",
        "{{ image?.missing | default_if_empty(with=\"x\") }}",
    ),
    (
        "{{ .missing.below | default \"x\" }}",
        "{{ missing?.below | default_if_empty(with=\"x\") }}",
    ),
    (
        "{{ $x := .name }}{{ $x }}{{ $x = \"b\" }}{{ $x }}",
        "{% set x = name %}{{ x }}{% set x = \"b\" %}{{ x }}",
    ),
    (
        "{{ $name := .image.name }}{{ $name }}{{ .name }}",
        "{% set name_2 = image?.name %}{{ name_2 }}{{ name }}",
    ),
    (
        "{{ if .on }}a{{ else if .off }}b{{ else }}c{{ end }}",
        "{% if on %}a{% elif off %}b{% else %}c{% endif %}",
    ),
    (
        "{{ if and .on (not .off) (or .zero .n) }}a{{ end }}",
        "{% if on and not off and (zero or n) %}a{% endif %}",
    ),
    (
        "{{ if eq .name \"a\" \"web\" }}a{{ end }}",
        "{% if name == \"a\" or name == \"web\" %}a{% endif %}",
    ),
    (
        "{{ if and (gt .n 2) (ne .name \"x\") }}a{{ end }}",
        "{% if n > 2 and name != \"x\" %}a{% endif %}",
    ),
    (
        "{{ or .empty .name }}|{{ and .on .n }}",
        "{{ empty or name }}|{{ on and n }}",
    ),
    (
        "{{ with .image }}{{ .name }}:{{ $.n }}{{ else }}-{{ end }}",
        "{% if image %}{{ image.name }}:{{ n }}{% else %}-{% endif %}",
    ),
    (
        "{{ with .image.pull }}{{ .policy }}{{ end }}",
        "{% if image?.pull %}{{ image.pull.policy }}{% endif %}",
    ),
    (
        "{{ with $x := upper .name }}{{ . }}{{ $x }}{{ end }}",
        "{% set x = name | upper %}{% if x %}{{ x }}{{ x }}{% endif %}",
    ),
    (
        "{{ with trim .name }}{{ . }}{{ end }}",
        "{% set it = name | trim %}{% if it %}{{ it }}{% endif %}",
    ),
    (
        "{{ $x := .name }}{{ with $x }}{{ $x = \"new\" }}{{ . }}{{ end }}{{ $x }}",
        "{% set x = name %}{% set it = x %}{% if it %}{% set x = \"new\" %}{{ it }}{% endif %}{{ x }}",
    ),
    (
        "{{ with $x := .name }}{{ $x = \"new\" }}{{ . }}{{ $x }}{{ end }}",
        "{% set x = name %}{% set it = x %}{% if x %}{% set x = \"new\" %}{{ it }}{{ x }}{% endif %}",
    ),
    (
        "{{ $k := \"a\" }}{{ with index .labels $k }}{{ $k = \"b\" }}{{ . }}{{ end }}",
        "{% set k = \"a\" %}{% set it = labels?[k] %}{% if it %}{% set k = \"b\" %}{{ it }}{% endif %}",
    ),
    (
        "{{ with index .odd \"a?.b\" }}{{ . }}{{ end }}{{ with index .odd \"a?[b\" }}{{ . }}{{ end }}",
        "{% if odd?[\"a?.b\"] %}{{ odd[\"a?.b\"] }}{% endif %}{% if odd?[\"a?[b\"] %}{{ odd[\"a?[b\"] }}{% endif %}",
    ),
    (
        "{{ with .missing }}a{{ else with .name }}{{ . }}{{ end }}",
        "{% if missing %}a{% elif name %}{{ name }}{% endif %}",
    ),
    (
        "{{ if .off }}a{{ else if $x := lower .name }}{{ $x }}{{ else }}b{{ end }}",
        "{% if off %}a{% else %}{% set x = name | lower %}{% if x %}{{ x }}{% else %}b{% endif %}{% endif %}",
    ),
    (
        "{{ range .ports }}{{ . }},{{ end }}",
        "{% for item in ports | each %}{{ item }},{% endfor %}",
    ),
    (
        "{{ range .nothing }}a{{ else }}b{{ end }}",
        "{% for item in nothing | each %}a{% else %}b{% endfor %}",
    ),
    (
        "{{ range $p := .ports }}{{ $p }}{{ . }},{{ end }}",
        "{% for p in ports | each %}{{ p }}{{ p }},{% endfor %}",
    ),
    (
        "{{ range $i, $p := .ports }}{{ $i }}{{ $p }},{{ end }}",
        "{% for p in ports | each %}{% set i = loop.index0 %}{{ i }}{{ p }},{% endfor %}",
    ),
    (
        "{{ range $k, $v := .labels }}{{ $k }}={{ $v }},{{ end }}",
        "{% for k, v in labels | default_if_empty(with={}) | sort_keys %}{{ k }}={{ v }},{% endfor %}",
    ),
    (
        "{{ range .labels }}{{ . }}{{ end }}",
        "{% for item in labels | each %}{{ item }}{% endfor %}",
    ),
    (
        "{{ range 3 }}{{ . }}{{ end }}",
        "{% for item in range(end=3) %}{{ item }}{% endfor %}",
    ),
    (
        "{{ range $i, $e := until 2 }}{{ $i }}{{ $e }}{{ end }}",
        "{% for e in 2 | until %}{% set i = loop.index0 %}{{ i }}{{ e }}{% endfor %}",
    ),
    (
        "{{ range .nested }}[{{ range . }}{{ . }}{{ end }}]{{ end }}",
        "{% for item in nested | each %}[{% for item_2 in item | each %}{{ item_2 }}{% endfor %}]{% endfor %}",
    ),
    (
        "{{ range .ports }}{{ if eq . 80 }}{{ continue }}{{ end }}{{ . }}{{ break }}{{ end }}",
        "{% for item in ports | each %}{% if item == 80 %}{% continue %}{% endif %}{{ item }}{% break %}{% endfor %}",
    ),
    (
        "{{ $s := 0 }}{{ range .ports }}{{ $s = add $s . }}{{ end }}{{ $s }}",
        "{% set_global s = 0 %}{% for item in ports | each %}{% set_global s = (s | int) + (item | int) %}{% endfor %}{{ s }}",
    ),
    (
        "{{ range .users }}{{ $.name }}/{{ .name }}{{ range .tags }}{{ . }}{{ end }} {{ end }}",
        "{% for item in users | each %}{{ name }}/{{ item.name }}{% for item_2 in item?.tags | each %}{{ item_2 }}{% endfor %} {% endfor %}",
    ),
    (
        "{{ define \"d\" }}<{{ . }}>{{ end }}{{ template \"d\" .name }}",
        "<{{ name }}>",
    ),
    (
        "{{ define \"d\" }}<{{ .name }}>{{ end -}}\n {{ template \"d\" . }}",
        "<{{ name }}>",
    ),
    (
        "{{ block \"b\" .image }}{{ .tag }}{{ end }}",
        "{{ image.tag }}",
    ),
    (
        "{{ define \"d\" }}{{ .a }}{{ .b }}{{ end }}{{ template \"d\" (dict \"a\" 1 \"b\" .name) }}",
        "{% set dot = {\"a\": 1, \"b\": name} %}{{ dot.a }}{{ dot.b }}",
    ),
    (
        "{{ define \"d\" }}a\n{{ .Values.name }}{{ end }}{{ include \"d\" . | indent 2 }}",
        "{% set part %}a\n{{ name }}{% endset %}{{ part | indent(width=2, first=true, blank=true, last=true) }}",
    ),
    (
        "{{ define \"d\" }}{{ .Values.name }}{{ end }}{{ include \"d\" . }}",
        "{{ name }}",
    ),
    (
        "{{ define \"d\" }}{{ .name }}{{ end }}{{ $v := .Values }}{{ $v.name }}{{ include \"d\" .Values }}{{ include \"d\" $.Values | upper }}",
        "{{ name }}{{ name }}{% set part %}{{ name }}{% endset %}{{ part | upper }}",
    ),
    (
        "{{ .text | indent 2 }}|{{ nindent 4 .text }}",
        "{{ text | indent(width=2, first=true, blank=true, last=true) }}|{{ text | nindent(width=4, blank=true, last=true) }}",
    ),
    (
        "{{ urlquery \"a b/c&d~%20é\" }}",
        "{{ \"a b/c&d~%20é\" | urlencode_strict | replace(from=\"%20\", to=\"+\") }}",
    ),
    (
        "{{ toYaml .image.pull }}|{{ toYaml .labels | indent 2 }}",
        "{{ (image.pull | sort_keys | to_yaml) ~ \"\\n\" }}|{{ ((labels | sort_keys | to_yaml) ~ \"\\n\") | indent(width=2, first=true, blank=true, last=true) }}",
    ),
    (
        "{{ define \"d\" }}{{ toYaml .Values.labels }}{{ end }}{{ include \"d\" . }}|",
        "{{ labels | sort_keys | to_yaml }}|",
    ),
    (
        "{{ printf \"%s-%d %v%%\" .name .n .on }}",
        "{{ name ~ \"-\" ~ n ~ \" \" ~ on ~ \"%\" }}",
    ),
    (
        "{{ printf \"%q\" .name }}{{ printf \"x\" }}",
        "{{ name | quote }}{{ \"x\" }}",
    ),
    (
        "{{ len .ports }}{{ index .ports 1 }}{{ index .labels \"a\" }}",
        "{{ ports | length }}{{ ports[1] }}{{ labels[\"a\"] }}",
    ),
    (
        "{{ list 1 2 | join \",\" }}{{ join \"-\" .ports }}",
        "{{ [1, 2] | join(sep=\",\") }}{{ ports | join(sep=\"-\") }}",
    ),
    (
        "{{ $d := dict \"a\" (dict \"b\" 2) }}{{ $d.a.b }}",
        "{% set d = {\"a\": {\"b\": 2} } %}{{ d.a.b }}",
    ),
    (
        "{{ ternary \"a\" \"b\" .on }}",
        "{{ \"a\" if on else \"b\" }}",
    ),
    (
        "{{ (split \":\" .path)._1 }}",
        "{{ path | split(pat=\":\") | nth(n=1) }}",
    ),
    (
        "{{ (semver .image.tag).Minor }}",
        "{{ image.tag | semver | get(key=\"minor\") }}",
    ),
    (
        "{{ squote .name }}{{ quote .n }}{{ cat .name .n }}",
        "{{ \"'\" ~ name ~ \"'\" }}{{ n | quote }}{{ name ~ \" \" ~ n }}",
    ),
    (
        "{{ div 7 2 }}{{ mod 7 4 }}{{ sub .n 5 }}{{ mul 2 .n }}{{ max 1 .n }}",
        "{{ 7 | div(n=2) }}{{ 7 | mod(n=4) }}{{ (n | int) - 5 }}{{ 2 * (n | int) }}{{ [1, n | int] | max }}",
    ),
    (
        "{{ now | date \"2006-01-02\" }}",
        "{{ now() | date(format=\"%Y-%m-%d\") }}",
    ),
    (
        "{{ .duat.version }}{{ .Env.GREETING }}{{ env \"GREETING\" }}",
        "{{ duat.version }}{{ Env.GREETING }}{{ get_env(name=\"GREETING\", default=\"\") }}",
    ),
    (
        "{{ $root := . }}{{ range .ports }}{{ $root.name }}{{ end }}",
        "{% for item in ports | each %}{{ name }}{% endfor %}",
    ),
    ("# stencil: dialect=go\n{{ .name }}", "{{ name }}"),
    (
        "{{ coalesce .empty .missing .name }}",
        "{{ empty or missing or name }}",
    ),
    (
        "{{ if kindIs \"map\" .image }}m{{ end }}{{ hasKey .image \"tag\" }}",
        "{% if image is map %}m{% endif %}{{ image | hasKey(key=\"tag\") }}",
    ),
    (
        "a  {{- template \"d\" .name }} b{{ define \"d\" }}  x{{ end }}",
        "a  x b",
    ),
];

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
