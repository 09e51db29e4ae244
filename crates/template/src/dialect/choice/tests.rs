use super::*;

fn told(name: &str, text: &str) -> Result<Dialect, Diagnostic> {
    let source = Source::new(name, text);
    decide(&source, &Options::default()).map(|(dialect, _)| dialect)
}

const GO: &[&str] = &[
    "{{ .x }}",
    "{{.duat.version}}",
    "{{- .x -}}",
    "{{ . }}",
    "{{ $ }}",
    "{{ $x }}",
    "{{ $x := 1 }}",
    "{{ range .items }}{{ . }}{{ end }}",
    "{{range $i, $e := .l}}{{$i}}{{end}}",
    "{{ if .a }}x{{ else if .b }}y{{ end }}",
    "{{ if eq 1 2 }}x{{ end }}",
    "{{ with 1 }}{{ end }}",
    "{{ define \"x\" }}{{ end }}",
    "{{ template \"x\" }}",
    "{{ block \"x\" 1 }}{{ end }}",
    "{{/* a comment */}}",
    "{{- /* a comment */ -}}",
    "{{ default \"a\" .b }}",
    "{{ \"a\" | replace \"b\" \"c\" }}",
    "{{ expandenv \"$Registry\" | b64enc }}",
    "{{ printf \"%s\" \"x\" }}",
    "{{ and true false }}",
    "{{ if and true false }}x{{ end }}",
    "{{ if not (eq 1 2) }}x{{ end }}",
    "{{ add 1 2 }}",
    "{{ len (list 1 2) }}",
    "{{ index .m \"k\" }}",
    "{{ default \"ci-{{.duat.gitHash}}\" .Namespace }}",
    "${#array} {{ .x }}",
    "100 {% of {{ .x }}",
    "{{ \"{% if %}\" | upper }} {{ .x }}",
    "{{ `a == b` | trim }}{{ .x }}",
    "{{ uuidv4 | quote | trimAll \"a\" }}",
    "{{ eq .a (or .b .c) }}",
];

const TERA: &[&str] = &[
    "",
    "plain text",
    "{{ x }}",
    "{{ x.y }}",
    "{{ x | upper }}",
    "{{ x.y | filter(a=b) }}",
    "{{ now() }}",
    "{% if x %}y{% endif %}",
    "{%- for a in b -%}{% endfor %}",
    "{% set x = 1 %}",
    "{# a comment #}",
    "{{ a == b }}",
    "{{ a + 1 }}",
    "{{ a - 1 }}",
    "{{ a ~ b }}",
    "{{ a[0] }}",
    "{{ a and b }}",
    "{{ a is defined }}",
    "{{ a if b else c }}",
    "{{ not a }}",
    "{{ 'a text' }}",
    "{{ duat.version | replace(from=\"/\", to=\"_\") }}",
    "{% raw %}{{ $labels.instance }} {{ .Value }}{% endraw %}{{ x }}",
    "{{ get_env(name=\"HOME\", default=\".x\") }}",
    "{{ \".x := 1\" }}",
    "{{ \"range .items\" | upper }}",
    "{{ true }}",
    "{{ 1 }}",
    "{% include \"a.tera\" %}",
    "{{ a?.b }}",
];

#[test]
fn a_text_tells_its_language() {
    for text in GO {
        assert_eq!(told("x", text).unwrap(), Dialect::Go, "{text}");
    }
    for text in TERA {
        assert_eq!(told("x", text).unwrap(), Dialect::Tera, "{text}");
    }
}

#[test]
fn what_is_said_comes_before_what_is_seen() {
    for (name, text, dialect) in [
        ("x.gotmpl", "{{ x }}", Dialect::Go),
        ("x.yaml.GOTMPL", "", Dialect::Go),
        ("x.tera", "{{ .x }}", Dialect::Tera),
        ("x.tpl", "{{ .x }}", Dialect::Go),
        ("x.tpl", "{{ x }}", Dialect::Tera),
        ("x", "# stencil: dialect=go\n{{ x }}", Dialect::Go),
        ("x.gotmpl", "# stencil: dialect=tera\n", Dialect::Tera),
        (
            "x",
            "# stencil: delims=\"[[ ]]\"\n[[ .x ]] {{ y() }}",
            Dialect::Go,
        ),
        (
            "x",
            "# stencil: passthrough='${{ }}'\n${{ a == b }} {{ .x }}",
            Dialect::Go,
        ),
    ] {
        assert_eq!(told(name, text).unwrap(), dialect, "{name} {text}");
    }
    let source = Source::new("x.gotmpl", "# stencil: dialect=go\n{{ .x }}");
    let options = Options {
        dialect: Dialect::Tera,
        ..Options::default()
    };
    let (dialect, why) = decide(&source, &options).unwrap();
    assert_eq!(
        (dialect, why.as_str()),
        (Dialect::Tera, "`--dialect` says so")
    );
}

#[test]
fn signs_of_both_are_an_error_with_both_places() {
    for text in [
        "{{ .x }}\n{% if y %}",
        "{% if y %}\n{{ .x }}",
        "{{ range .x }}\n{{ a == b }}",
        "{{ x.y }}\n{{ $z }}",
    ] {
        let problem = told("x", text).unwrap_err();
        assert!(problem.message.contains("line 2"), "{problem}");
        assert!(problem.notes.concat().contains("line 1"), "{problem}");
        assert!(problem.hint.unwrap().contains("--dialect"));
    }
}

#[test]
fn the_reason_names_the_place() {
    for (text, why) in [
        ("a\n{{ .x }}", "line 2 has `.x`, as only Go has it"),
        ("{% if a %}", "line 1 has `{% if`, as only Tera has it"),
        ("a", "nothing in it is a tag"),
        ("{{ x }}", "nothing in it is Go's alone"),
        ("{{ uuidv4 | nope }}", "neither Tera nor Go can read it"),
    ] {
        let source = Source::new("x", text);
        assert_eq!(
            decide(&source, &Options::default()).unwrap().1,
            why,
            "{text}"
        );
    }
}

#[test]
fn a_text_is_searched_once_however_many_tags_it_has() {
    let many = format!("{{% set a = 1 %}}\n{}", "{{ a }}\n".repeat(50_000));
    assert_eq!(told("x", &many).unwrap(), Dialect::Tera);
}
