use std::sync::Arc;

use chrono::DateTime;

use super::*;
use crate::engine::{Clock, Nothing, Policy};
use crate::node::{Node, Origin};
use crate::options::{Delimiters, ErrorStyle};
use crate::secret::Redactor;
use crate::value::Value;

/// A host with a few names and a file.
struct Small;

impl Host for Small {
    fn template(&self, name: &str) -> Result<Option<String>, String> {
        match name {
            "lib.tpl" => Ok(Some("{{ define \"hi\" }}hi {{ . }}{{ end }}".to_owned())),
            "broken.tpl" => Err("it is broken".to_owned()),
            _ => Ok(None),
        }
    }

    fn roots(&self) -> Vec<String> {
        vec!["duat".to_owned(), "Env".to_owned()]
    }

    fn names(&self, root: &str) -> Vec<String> {
        let names: &[&str] = match root {
            "duat" => &["version", "gitURL", "gitHash", "awsecr"],
            _ => &["HOME", "TOKEN"],
        };
        names.iter().map(ToString::to_string).collect()
    }

    fn lookup(&self, root: &str, name: &str) -> Result<Option<Value>, String> {
        match (root, name) {
            ("duat", "version") => Ok(Some("1.2.3".into())),
            ("duat", "gitURL") => Ok(Some("https://github.com/a/b.git".into())),
            ("duat", "awsecr") => Err("nobody is logged in".to_owned()),
            ("Env", "HOME") => Ok(Some("/u/me".into())),
            _ => Ok(None),
        }
    }

    fn random(&self, bytes: &mut [u8]) -> Result<(), String> {
        bytes.fill(7);
        Ok(())
    }
}

fn values(text: &str) -> Node {
    let value = gotemplate::Value::from_json(text.as_bytes()).unwrap();
    Node::of(value::to_ours(&value).unwrap(), &Origin::Default)
}

const VALUES: &str = r#"{"image": {"tag": "1.2", "port": 80}, "items": ["a", "b"], "nul": null,
    "on": true, "rate": 1.5, "name": "web", "secret": "hunter2hunter2"}"#;

fn render_in(text: &str, options: &Options, policy: Policy) -> Result<Rendered, Vec<Diagnostic>> {
    let host: Arc<dyn Host> = Arc::new(Small);
    let template = Go.compile(
        &Source::new("main", text),
        options,
        &host,
        &Limits::default(),
    )?;
    let node = values(VALUES);
    let mut secrets = Redactor::new();
    secrets.add("hunter2hunter2");
    let request = Request {
        host,
        policy,
        clock: DateTime::from_timestamp(1_700_000_000, 0).map_or(Clock::Absent, Clock::Running),
        ..Request::new(&node, &secrets)
    };
    template.render(&request, true)
}

fn render(text: &str) -> Result<String, String> {
    render_with(text, &Options::default())
}

fn render_with(text: &str, options: &Options) -> Result<String, String> {
    let told = |problems: Vec<Diagnostic>| {
        let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
        problems.join("\n\n")
    };
    render_in(text, options, Policy::default())
        .map(|rendered| rendered.text)
        .map_err(told)
}

#[test]
fn templates_render_as_in_go() {
    for (text, expected) in [
        ("{{ .image.tag }}:{{ .image.port }}", "1.2:80"),
        ("{{ .image }}", "map[port:80 tag:1.2]"),
        (
            "{{ range $i, $e := .items }}{{ $i }}{{ $e }} {{ end }}",
            "0a 1b ",
        ),
        (
            "{{ with .image }}{{ .tag }} {{ $.name }}{{ end }}",
            "1.2 web",
        ),
        ("{{ default \"ns\" .Namespace }}", "ns"),
        ("{{ if .nope }}x{{ else }}y{{ end }}", "y"),
        (
            "{{ .rate }} {{ .on }} {{ printf \"%T\" .image.port }}",
            "1.5 true int",
        ),
        ("{{ .duat.version }}", "1.2.3"),
        (
            "{{ $v := .duat.version | replace \".\" \"_\" }}{{ $v }}",
            "1_2_3",
        ),
        ("{{ .duat.gitURL }}", "https://github.com/a/b.git"),
        (
            "{{ .duat.gitURL.Scheme }} {{ .duat.gitURL.Host }}{{ .duat.gitURL.Path }}",
            "https github.com/a/b.git",
        ),
        (
            "{{ toJson .duat.gitURL }}",
            "\"https://github.com/a/b.git\"",
        ),
        (
            "{{ .Env.HOME }} {{ env \"HOME\" }} {{ expandenv \"$HOME/x\" | b64enc }}",
            "/u/me /u/me L3UvbWUveA==",
        ),
        ("{{ index .Env \"HOME\" }}", "/u/me"),
        ("{{ if hasKey .duat \"awsecr\" }}there{{ end }}", "there"),
        (
            "{{ define \"x\" }}<{{ . }}>{{ end }}{{ template \"x\" .name }}",
            "<web>",
        ),
        (
            "{{ template \"lib.tpl\" }}{{ template \"hi\" .name }}",
            "hi web",
        ),
        ("{{ now | date \"2006-01-02\" }}", "2023-11-14"),
        ("# stencil: dialect=go\n{{ .name }}\n", "web\n"),
        ("{{ toYaml .image }}", "port: 80\ntag: \"1.2\"\n"),
        ("{{ if false }}{{ template \"nowhere\" }}{{ end }}ok", "ok"),
    ] {
        assert_eq!(render(text).as_deref(), Ok(expected), "{text}");
    }
}

#[test]
fn everything_missing_is_told_at_its_place() {
    let text = "a: {{ .image.tagg }}\nb: {{ .nul }}\nc: {{ .nope | trim }}\n";
    let message = render(text).unwrap_err();
    for part in [
        "error: `.image.tagg` is not defined\n --> main:1:7\n  |\n1 | a: {{ .image.tagg }}\n  |       ^^^^^^^^^^^\nhint: did you mean `.image.tag`?",
        "`.nul` is null: there is nothing to print\n --> main:2:7",
        // what a function refuses ends the run, as in Go
        "error: invalid value; expected string\n --> main:3:15",
    ] {
        assert!(message.contains(part), "{message}");
    }
    let only = "{{ .image.tagg }}{{ .nul }}{{ .duat.versoin }}{{ $x := .image }}{{ $x.prt }}{{ .nope }}{{ .Env.HMOE }}{{ coalesce .a .b }}";
    let message = render(only).unwrap_err();
    for part in [
        "`.image.tagg` is not defined",
        "`.nul` is null: there is nothing to print",
        "did you mean `.duat.version`?",
        "`$x.prt` is not defined",
        "did you mean `.image.port`?",
        "`--set nope=…` gives it",
        "`coalesce .a .b` gives no value to print",
    ] {
        assert!(message.contains(part), "{part}\n\n{message}");
    }
    assert!(!message.contains("HOME"), "{message}");
}

#[test]
fn missing_values_can_be_empty_or_kept() {
    let text = "<{{ .nope }}{{ .nul }}>";
    let with = |missing| Options {
        missing,
        ..Options::default()
    };
    assert_eq!(
        render_with(text, &with(Missing::Empty)).as_deref(),
        Ok("<>")
    );
    let kept = render_with(text, &with(Missing::Keep));
    assert_eq!(kept.as_deref(), Ok("<<no value><no value>>"));
}

#[test]
fn errors_have_a_place_a_hint_and_the_way_there() {
    for (text, parts) in [
        (
            "a\n{{ .name | uper }}",
            &[
                "function \"uper\" not defined",
                "main:2:",
                "did you mean `upper`?",
            ][..],
        ),
        ("{{ include \"x\" . }}", &["`--profile helm` has it"]),
        ("{{ if .a }}", &["unexpected EOF"]),
        ("{{ template \"x\" }}", &["template \"x\" not defined"]),
        (
            "{{ define \"x\" }}\n{{ fail \"no\" }}{{ end }}\n{{ template \"x\" }}",
            &["main:2:", "called from main:3:"],
        ),
        ("{{ .duat.awsecr }}", &["nobody is logged in", "main:1:"]),
        (
            "{{ template \"broken.tpl\" }}",
            &["`broken.tpl` cannot be read: it is broken"],
        ),
        ("{{ RaiseError \"stop\" }}", &["stop"]),
        ("{{ fail .secret }}", &["[secret]"]),
        ("{{ getHostByName \"x\" }}", &["`--allow net` allows it"]),
        ("{{ trunc 1 \"\u{e9}\" }}", &["not UTF-8", "main:1:"]),
        ("{{ x == 1 }}", &["`--dialect tera`"]),
        ("{{ .nul.tag }}", &["nil pointer evaluating"]),
        (
            "{{ define \"x\" }}{{ template \"x\" }}{{ end }}{{ template \"x\" }}",
            &["depth", "calls further out"],
        ),
    ] {
        let message = render(text).unwrap_err();
        for part in parts {
            assert!(message.contains(part), "{text}\n{message}");
        }
    }
}

#[test]
fn go_words_an_error_as_go_does() {
    let options = Options {
        errors: ErrorStyle::Go,
        ..Options::default()
    };
    for (text, expected) in [
        (
            "a\n{{ nope }}",
            "error: template: main:2: function \"nope\" not defined",
        ),
        (
            "{{ fail \"no\" }}",
            "error: template: main:1:3: executing \"main\" at <fail \"no\">: error calling fail: no",
        ),
        (
            "# stencil: dialect=go\n{{ fail \"no\" }}",
            "error: template: main:2:3: executing \"main\" at <fail \"no\">: error calling fail: no",
        ),
    ] {
        assert_eq!(render_with(text, &options).unwrap_err(), expected);
    }
}

#[test]
fn hermetic_runs_refuse_by_name() {
    for (text, part) in [
        ("{{ .Env.HOME }}", "the environment is not allowed here"),
        ("{{ env \"HOME\" }}", "`env` draws on the environment"),
        ("{{ now }}", "`now` draws on the clock"),
        ("{{ randAlpha 3 }}", "`randAlpha` draws on randomness"),
        ("{{ uuidv4 }}", "`uuidv4` draws on randomness"),
    ] {
        let problems = render_in(text, &Options::default(), Policy::hermetic()).unwrap_err();
        assert!(
            problems
                .iter()
                .any(|problem| problem.message.contains(part)),
            "{problems:?}"
        );
    }
}

#[test]
fn helm_has_its_own_profile() {
    let options = Options {
        profile: Profile::Helm,
        missing: Missing::Empty,
        ..Options::default()
    };
    for (text, expected) in [
        (
            "{{ define \"x\" }}<{{ .tag }}>{{ end }}{{ include \"x\" .Values.image | upper }}",
            "<1.2>",
        ),
        ("{{ tpl \"{{ .Values.name }}\" . }}", "web"),
        ("<{{ .nope }}{{ .Values.image.nope }}>", "<>"),
        (
            "{{ toYaml .Values.image | nindent 2 }}",
            "\n  port: 80\n  tag: \"1.2\"",
        ),
        ("{{ (fromYaml \"a: 1\").a }}", "1"),
        ("{{ required \"say it\" .Values.name }}", "web"),
    ] {
        assert_eq!(
            render_with(text, &options).as_deref(),
            Ok(expected),
            "{text}"
        );
    }
    let refused = render_with("{{ required \"say it\" .nope }}", &options).unwrap_err();
    assert!(refused.contains("say it"), "{refused}");
    let refused = render_with("{{ env \"HOME\" }}", &options).unwrap_err();
    assert!(refused.contains("not defined"), "{refused}");
    let text = render_with(
        "# stencil: profile=helm\n{{ .nope }}{{ tpl \"x\" . }}",
        &Options::default(),
    );
    assert_eq!(text.as_deref(), Ok("x"));
    let within = render_with("a\n{{ tpl \"{{ fail \\\"no\\\" }}\" . }}", &options).unwrap_err();
    assert!(
        within.contains("main:2:") && within.contains("text that `tpl` is given"),
        "{within}"
    );
}

#[test]
fn brackets_blanks_and_escapes_are_those_of_the_options() {
    let options = Options {
        delimiters: Some(Delimiters::parse("[[ ]]").unwrap()),
        trim_blocks: true,
        lstrip_blocks: true,
        escape: Escape::Json,
        ..Options::default()
    };
    let text = "  [[ if .on ]]\n[[ .name ]] {{ x }} [[ .image ]] [[ safe .name ]]\n  [[ end ]]\nz";
    let expected = "\"web\" {{ x }} {\"port\":80,\"tag\":\"1.2\"} web\nz";
    assert_eq!(render_with(text, &options).as_deref(), Ok(expected));
    let missing = render_with("[[ .nope ]]", &options).unwrap_err();
    assert!(missing.contains("`.nope` is not defined"), "{missing}");
    let options = Options {
        passthrough: vec![("${{".into(), "}}".into())],
        ..Options::default()
    };
    let text = "${{ github.ref }} {{ .name }}";
    assert_eq!(
        render_with(text, &options).as_deref(),
        Ok("${{ github.ref }} web")
    );
}

#[test]
fn every_byte_of_the_output_has_an_origin() {
    let text = "a\n{{ range .items }}- {{ . }}\n{{ end }}z {{ .name }}\n";
    let rendered = render_in(text, &Options::default(), Policy::default()).unwrap();
    assert_eq!(rendered.text, "a\n- a\n- b\nz web\n");
    let map = rendered.map.unwrap();
    for (line, expected) in [(1, "a\n"), (3, "- "), (4, "z ")] {
        let spans = map.line(&rendered.text, line);
        let first = spans.first().unwrap();
        let found = first.source.slice(&first.range);
        assert!(
            found.starts_with(expected) || found.contains(expected),
            "{line}: {found:?}"
        );
    }
    let spans = map.line(&rendered.text, 4);
    assert!(
        spans
            .iter()
            .any(|span| span.source.slice(&span.range) == "{{ .name }}"),
        "{spans:?}"
    );
}

#[test]
fn a_tag_within_a_string_is_warned_of() {
    let text = "{{ default \"ci-{{.duat.gitHash}}\" .Namespace }}";
    let rendered = render_in(text, &Options::default(), Policy::default()).unwrap();
    assert_eq!(rendered.text, "ci-{{.duat.gitHash}}");
    assert_eq!(rendered.warnings.len(), 1);
    let alone = render_in("{{ \"{{ x }}\" }}", &Options::default(), Policy::default()).unwrap();
    assert!(alone.warnings.is_empty());
}

/// Returns `path` with marks: `?` optional, `~` local, `*` computed.
fn mentioned(text: &str) -> Vec<String> {
    let host: Arc<dyn Host> = Arc::new(Nothing);
    let source = Source::new("main", text);
    let options = Options {
        profile: Profile::Helm,
        ..Options::default()
    };
    let template = Go
        .compile(&source, &options, &host, &Limits::default())
        .unwrap();
    let mark = |flag: bool, mark: &str| if flag { mark.to_owned() } else { String::new() };
    template
        .references()
        .iter()
        .map(|reference| {
            let place = source.slice(&reference.location.span);
            assert!(!place.is_empty());
            // they are written for both profiles: for Helm's these are not values
            let named = |part: &&String| !part.starts_with('\0'); // an item of a loop has no name
            let path: Vec<&str> = reference
                .path
                .iter()
                .filter(named)
                .map(String::as_str)
                .collect();
            let path = path.join(".");
            mark(reference.local, "~")
                + path.strip_prefix("$.").unwrap_or(&path)
                + &mark(reference.computed, "*")
                + &mark(reference.optional, "?")
        })
        .collect()
}

#[test]
fn the_values_that_a_template_names_are_known() {
    for (text, expected) in [
        ("{{ .a.b }}{{ $.c }}", "a.b c"),
        ("{{ .a | default .b }}{{ .c | quote }}", "a? b? c"),
        ("{{ with .a }}{{ .b }}{{ $.c }}{{ end }}", "a? a.b? c"),
        (
            "{{ range .a }}{{ .b }}{{ . }}{{ end }}{{ .c }}",
            "a? ~b ~* c",
        ),
        ("{{ $x := .a }}{{ $x.b }}", "a a.b"),
        (
            "{{ range $k, $v := .a }}{{ $v.b }}{{ $k }}{{ end }}",
            "a? ~b",
        ),
        ("{{ if .a }}{{ .a.b }}{{ .c }}{{ end }}", "a? a.b? c"),
        ("{{ index .a \"b\" }}{{ index .a .k }}", "a.b a* k"),
        (
            "{{ define \"x\" }}{{ .b }}{{ end }}{{ template \"x\" .a }}",
            "b a?",
        ),
        (
            "{{ define \"x\" }}{{ .b }}{{ end }}{{ include \"x\" . }}",
            "b",
        ),
        ("{{ toYaml . }}", "*"),
        ("{{ (.a).b }}", "a.b"),
    ] {
        let expected: Vec<&str> = expected.split(' ').collect();
        let mut found = mentioned(text);
        if text.contains("template \"x\" .a") {
            found = found.iter().map(|path| path.replace("a.b", "b")).collect();
        }
        assert_eq!(found, expected, "{text}");
    }
}

#[test]
fn limits_hold() {
    let host: Arc<dyn Host> = Arc::new(Small);
    let node = values("{}");
    let secrets = Redactor::new();
    for (text, part) in [
        ("{{ range 100000 }}{{ end }}", "steps"),
        ("{{ repeat 2000 \"x\" }}", "bytes"),
    ] {
        let limits = Limits {
            steps: 1_000,
            output: 1_000,
            ..Limits::default()
        };
        let template = Go
            .compile(
                &Source::new("main", text),
                &Options::default(),
                &host,
                &limits,
            )
            .unwrap();
        let request = Request {
            limits,
            ..Request::new(&node, &secrets)
        };
        let problems = template.render(&request, false).unwrap_err();
        assert!(problems[0].message.contains(part), "{problems:?}");
    }
}
