//! Templates that mean harm: no panic, no overflow, and an end in sight.

use crate::recording;

use gotemplate::{
    Engine, ErrorKind, Failure, Host, Limits, Map, NoValue, Options, Rendered, Value,
};

fn engine() -> Engine {
    let mut engine = Engine::new();
    engine
        .add(gotemplate::sprig::functions())
        .add(gotemplate::extras::duat())
        .add(gotemplate::extras::helm());
    engine.host = recording::host();
    engine.options.limits = Limits {
        steps: 200_000,
        bytes: 1 << 20,
        depth: 2_000,
    };
    engine
}

fn render(text: &str) -> Result<Rendered, Failure> {
    engine().render(
        "t",
        text,
        &Value::from_json(br#"{"l":[1,2,3],"s":"x"}"#).unwrap(),
    )
}

fn limited(text: &str) {
    let failure = render(text).unwrap_err();
    assert_eq!(
        failure.last().unwrap().root().kind,
        ErrorKind::Limit,
        "{text}: {failure}"
    );
}

#[test]
fn recursion_ends() {
    limited(r#"{{ define "a" }}{{ template "a" . }}{{ end }}{{ template "a" . }}"#);
    limited(r#"{{ define "a" }}{{ include "a" . }}{{ end }}{{ include "a" . }}"#);
    limited(r#"{{ tpl "{{ tpl . . }}" "{{ tpl . . }}" }}"#);
}

#[test]
fn recursion_as_deep_as_go_allows() {
    let mut engine = Engine::new();
    engine.options.limits.bytes = 1 << 20;
    let text = r#"{{ define "a" }}{{ template "a" . }}{{ end }}{{ template "a" . }}"#;
    let failure = engine.render("t", text, &Value::None).unwrap_err();
    assert!(
        failure
            .to_string()
            .contains("exceeded maximum template depth (100000)"),
        "{failure}"
    );
}

#[test]
fn nesting_is_no_overflow() {
    for (open, close) in [("(", ")"), ("(print ", ")")] {
        let text = format!("{{{{ {}1{} }}}}", open.repeat(9_999), close.repeat(9_999));
        assert_eq!(render(&text).unwrap().text(), "1");
    }
    let text = format!("{{{{ {}1{} }}}}", "(".repeat(10_001), ")".repeat(10_001));
    assert!(
        render(&text)
            .unwrap_err()
            .to_string()
            .contains("max expression depth exceeded")
    );
    let ifs = format!(
        "{}x{}",
        "{{ if 1 }}".repeat(9_000),
        "{{ end }}".repeat(9_000)
    );
    assert_eq!(render(&ifs).unwrap().text(), "x");
    let ifs = format!(
        "{}x{}",
        "{{ if 1 }}".repeat(100_000),
        "{{ end }}".repeat(100_000)
    );
    assert!(
        render(&ifs)
            .unwrap_err()
            .to_string()
            .contains("max nesting depth exceeded")
    );
    let chain = format!(
        "{{{{ if 0 }}}}{}{{{{ end }}}}",
        "{{ else if 0 }}".repeat(9_000)
    );
    assert_eq!(render(&chain).unwrap().text(), "");
    assert!(render(&"(".repeat(1_000_000)).is_ok());
    assert!(render(&"{{".repeat(100_000)).is_err());
}

#[test]
fn values_nest_without_overflow() {
    let nest = |inner: &str| {
        format!(
            r"{{{{ $x := list }}}}{{{{ range until 20000 }}}}{{{{ $x = {inner} }}}}{{{{ end }}}}"
        )
    };
    for inner in ["list $x", r#"dict "k" $x"#] {
        assert!(render(&nest(inner)).is_ok(), "dropping {inner}");
        for print in [
            "$x",
            "$x | toJson",
            "$x | toYaml",
            "deepCopy $x",
            r#"dict "x" $x | toToml"#,
            "printf \"%#v\" $x",
            "quote $x",
        ] {
            let result = render(&format!("{}{{{{ {print} }}}}", nest(inner)));
            drop(result);
        }
    }
    let cycle = r#"{{ $d := dict }}{{ $_ := set $d "d" $d }}"#;
    for print in [
        "$d",
        "toJson $d",
        "toYaml $d",
        "toToml $d",
        "deepCopy $d",
        "deepEqual $d (dict \"d\" $d)",
        "merge $d (dict \"d\" $d)",
        "mergeOverwrite $d $d",
    ] {
        drop(render(&format!("{cycle}{{{{ {print} }}}}")));
    }
    drop(render(&format!(
        "{{{{ fromJson `{}` }}}}",
        "[".repeat(200_000)
    )));
    drop(render(&format!(
        "{{{{ fromYaml `{}` }}}}",
        "[".repeat(50_000)
    )));
    drop(render(&format!(
        "{{{{ fromYaml `{}` }}}}",
        "- ".repeat(50_000)
    )));
}

#[test]
fn loops_and_growth_are_bounded() {
    for text in [
        "{{ range 1000000000 }}{{ end }}",
        "{{ range until 1000000000 }}{{ end }}",
        "{{ untilStep 0 9223372036854775807 1 }}",
        "{{ seq 0 1000000000 }}",
        r#"{{ repeat 1000000000 "x" }}"#,
        r#"{{ indent 1000000000 "x" }}"#,
        r#"{{ $x := "x" }}{{ range 100 }}{{ $x = print $x $x }}{{ end }}"#,
        "{{ $x := list 1 }}{{ range 100 }}{{ $x = concat $x $x }}{{ end }}",
        r#"{{ $x := list "abc" }}{{ range 60 }}{{ $x = list $x $x }}{{ end }}{{ $x }}"#,
        "{{ $x := list 1 }}{{ range 60 }}{{ $x = list $x $x }}{{ end }}{{ toJson $x }}",
        "{{ $x := list 1 }}{{ range 60 }}{{ $x = list $x $x }}{{ end }}{{ toYaml $x }}",
        "{{ $x := list 1 }}{{ range 60 }}{{ $x = list $x $x }}{{ end }}{{ deepCopy $x }}",
        r#"{{ replace "" (repeat 10000 "x") (repeat 10000 "y") }}"#,
        r#"{{ regexReplaceAll "" (repeat 10000 "y") (repeat 10000 "x") }}"#,
        r#"{{ join (repeat 100000 "x") (until 1000) }}"#,
        r#"{{ wrapWith 1 (repeat 10000 "x") (repeat 10000 "y") }}"#,
        r#"{{ range 100000 }}{{ repeat 1000 "x" }}{{ end }}"#,
        r#"{{ range 2000 }}{{ printf "%1000000d" 1 }}{{ end }}"#,
        r"{{ randAlpha 1000000000 }}",
        r#"{{ derivePassword 1 "long" "p" "u" "s" }}"#,
    ] {
        limited(text);
    }
}

#[test]
fn odd_numbers_do_no_harm() {
    for function in ["trunc", "abbrev", "repeat", "indent", "nindent", "wrap"] {
        for n in ["9223372036854775807", "-9223372036854775808", "-1", "0"] {
            drop(render(&format!("{{{{ {function} {n} \"héllo wörld\" }}}}")));
        }
    }
    for n in [
        "9223372036854775807",
        "-9223372036854775808",
        "-1",
        "0",
        "4611686018427387904",
    ] {
        for text in [
            "substr N N .s",
            "substr 0 N .s",
            "abbrevboth N N .s",
            "slice .l N",
            "slice .l 0 N",
            "chunk N .l",
            "until N",
            "untilStep N 0 N",
            "untilStep 0 N 1",
            "seq N",
            "seq 0 N 5",
            "div N -1",
            "mod N -1",
            "mul N N",
            "add N N",
            "date `2006-01-02 15:04:05.999999999 MST` N",
            "dateInZone `Mon Jan 2 2006` N `Asia/Tokyo`",
            "htmlDate N",
            "duration (int64 N)",
            "durationRound (int64 N)",
            "ago N",
            "round 1.5 N",
            "round N N",
            "splitn `,` N .s",
            "regexFindAll `x` .s N",
            "regexSplit `x` .s N",
            "index .l N",
            "randInt N N",
            "randInt 0 N",
            "randBytes N",
            "plural `a` `b` N",
            "printf `%*d %.*f` N 1 N 1.5",
            "printf `%c %q %U` N N N",
            "toDate `2006` `N`",
            "(toDate `2006` `2024`).AddDate N N N",
            "dateModify `Nh` (toDate `2006` `2024`)",
            "genCA `x` N | len",
        ] {
            drop(render(&format!("{{{{ {} }}}}", text.replace('N', n))));
        }
    }
}

#[test]
fn closed_doors_are_named() {
    let mut engine = engine();
    engine.host = Host::default();
    for (text, name) in [
        ("now", "now"),
        ("ago 0", "ago"),
        (r#"date "2006" "x""#, "date"),
        ("randAlpha 3", "randAlpha"),
        ("uuidv4", "uuidv4"),
        (r#"shuffle "ab""#, "shuffle"),
        ("randInt 0 5", "randInt"),
        ("randBytes 3", "randBytes"),
        (r#"env "HOME""#, "env"),
        (r#"expandenv "$HOME""#, "expandenv"),
        (r#"getHostByName "localhost""#, "getHostByName"),
        (r#"bcrypt "x""#, "bcrypt"),
        (r#"htpasswd "u" "p""#, "htpasswd"),
        (r#"encryptAES "k" "x""#, "encryptAES"),
        (r#"genPrivateKey "rsa""#, "genPrivateKey"),
        (r#"genCA "x" 1"#, "genCA"),
        (r#"genSelfSignedCert "x" nil nil 1"#, "genSelfSignedCert"),
    ] {
        let failure = engine
            .render("t", format!("{{{{ {text} }}}}"), &Value::None)
            .unwrap_err();
        let error = failure.last().unwrap();
        assert_eq!(error.kind, ErrorKind::Refused, "{error}");
        assert!(error.message.contains(&format!("`{name}`")), "{error}");
    }
    // What needs nothing from outside works all the same.
    assert_eq!(
        engine
            .render("t", r#"{{ date "2006" 0 }}"#, &Value::None)
            .unwrap()
            .text(),
        "1970"
    );
}

#[test]
fn missing_values_come_together() {
    let mut engine = engine();
    engine.options = Options {
        no_value: NoValue::Collect,
        ..Options::default()
    };
    let text = "{{ .a }}\n{{ .b.c | default \"x\" }}{{ .d }}\n{{ if .e }}{{ end }}{{ print .f }}\n  {{ .g.h }}";
    let data = Value::Map(Map::default());
    let failure = engine.render("t", text, &data).unwrap_err();
    let places: Vec<_> = failure
        .errors
        .iter()
        .map(|e| (e.kind, e.line, e.column, &text[e.span.clone()]))
        .collect();
    assert_eq!(
        places,
        [
            (ErrorKind::Missing, 1, 4, ".a"),
            (ErrorKind::Missing, 2, 28, ".d"),
            (ErrorKind::Missing, 4, 6, ".g.h")
        ]
    );
    engine.options.no_value = NoValue::Empty;
    assert_eq!(
        engine.render("t", text, &data).unwrap().text(),
        "\nx\n<nil>\n  "
    );
    engine.options.no_value = NoValue::Keep;
    assert!(
        engine
            .render("t", text, &data)
            .unwrap()
            .text()
            .starts_with("<no value>\nx<no value>\n")
    );
}

#[test]
fn any_bytes_are_safe() {
    let pieces: [&[u8]; 44] = [
        b"{{",
        b"}}",
        b"{{-",
        b"-}}",
        b"/*",
        b"*/",
        b"\"",
        b"`",
        b"'",
        b"\\",
        b".",
        b"$",
        b"$x",
        b".a",
        b":=",
        b"=",
        b"|",
        b"(",
        b")",
        b"if ",
        b"else ",
        b"end",
        b"range ",
        b"with ",
        b"define \"a\"",
        b"template \"a\"",
        b"block \"b\" .",
        b"break",
        b"continue",
        b"nil",
        b"1",
        b"0x",
        b"1e",
        b"+",
        b"-",
        b"i",
        b"\xff",
        "é".as_bytes(),
        b"\n",
        b" ",
        b"\0",
        b"print ",
        b",",
        b"printf \"%d\" ",
    ];
    let mut seed = 42u64;
    let mut next = |bound: usize| {
        seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(seed >> 33).unwrap() % bound
    };
    for _ in 0..20_000 {
        let mut text = Vec::new();
        for _ in 0..next(14) {
            text.extend_from_slice(pieces[next(pieces.len())]);
        }
        let mut engine = Engine::new();
        engine.options.limits = Limits {
            steps: 10_000,
            bytes: 100_000,
            depth: 100,
        };
        let mut templates = engine.templates();
        if let Ok(tree) = templates.parse("t", &text) {
            let printed = tree.to_text();
            let again = engine.templates().parse("t", &printed);
            let shown = String::from_utf8_lossy(&text).into_owned();
            match again {
                Ok(again) => assert_eq!(
                    again,
                    tree,
                    "{shown:?} -> {:?}",
                    String::from_utf8_lossy(&printed)
                ),
                Err(error) => panic!(
                    "{shown:?} -> {:?}: {error}",
                    String::from_utf8_lossy(&printed)
                ),
            }
            let (first, second) = (
                templates.render("t", &Value::None),
                templates.render("t", &Value::None),
            );
            assert_eq!(first, second);
        }
    }
}
