//! The Tera dialect from template text to output or diagnostics.

mod support;

use duat_template::{Escape, Limits, Missing, Options, Policy};
use support::Case;

#[test]
fn what_tera_renders_is_rendered() {
    for (template, expected) in [
        ("a {{ n }} b\n", "a 3 b\n"),
        (
            "{% for x in list %}{{ loop.index }}{{ x }}{% if not loop.last %},{% endif %}{% endfor %}",
            "1a,2b",
        ),
        (
            "{% for k, v in image %}{{ k }}={{ v }};{% endfor %}",
            "name=web;tag=1.2;",
        ),
        (
            "{% set x = n + 1 %}{{ x }} {{ [y * 2 for y in [1, 2]] }}",
            "4 [2, 4]",
        ),
        ("{{ {\"a\": {\"b\": 1}} | to_json }}", "{\"a\":{\"b\":1}}"),
        ("{{ image?.nothing?.more | default(value=\"d\") }}", "d"),
        (
            "{% if image.tag is defined and not nothing is defined %}y{% endif %}",
            "y",
        ),
        ("{% raw %}{{ x }}{% endraw %}", "{{ x }}"),
        (
            "{% set x %}<{{ n }}>{% endset %}{{ x }}{% filter upper %}a{% endfilter %}",
            "<3>A",
        ),
        ("a  \n{%- if true -%}\n  b {%- endif %}", "ab"),
        (
            "{% component card(t: string) %}[{{ t }}]{% endcomponent card %}{{<card t=\"x\" />}}",
            "[x]",
        ),
        (
            "{{ 9007199254740993 }} {{ big }} {{ f }}",
            "9007199254740993 12345678901234567890 1.0",
        ),
        (
            "{{ text | safe }} \u{80}\u{81}\u{1} \u{e4}",
            "a<b \u{80}\u{81}\u{1} \u{e4}",
        ),
        (
            "{{ Env.HOME }} {{ duat.version }} {{ Env[\"HOME\"] }}",
            "/root 1.2.3 /root",
        ),
        ("{{ \"a\" if n == 3 else \"b\" }}", "a"),
    ] {
        assert_eq!(Case::new(template).text(), expected, "{template}");
    }
}

#[test]
fn every_undefined_value_of_a_run_is_reported_with_its_place() {
    let template = "\
image: {{ imge.tag }}
tag: {{ image.tga }}
{% for item in list -%}
  {{ item.name }}
{% endfor -%}
{% if nothing.here == 1 %}x{% endif %}
{% set y = other | upper %}{{ y }}
port: {{ port }}
";
    let problems = Case::new(template).problems();
    let shown: Vec<String> = problems
        .iter()
        .map(|problem| {
            let location = problem.location.as_ref().unwrap();
            let hint = problem.hint.clone().unwrap_or_default();
            format!(
                "{}:{} {} [{hint}]",
                location.place.line, location.place.column, problem.message
            )
        })
        .collect();
    let expected = [
        "1:11 `imge.tag` is not defined [did you mean `image`?]",
        "2:9 `image.tga` is not defined [did you mean `image.tag`?]",
        "4:6 `item.name` is not defined []",
        "6:7 `nothing.here` is not defined [give it with `--set nothing.here=...`, or write `nothing?.here | default(value=...)`]",
        "7:12 `other` is not defined [give it with `--set other=...`, or write `other | default(value=...)`]",
        "8:10 `port` is not defined [give it with `--set port=...`, or write `port | default(value=...)`]",
    ];
    assert_eq!(shown, expected);
}

#[test]
fn an_error_tells_how_its_place_was_reached() {
    let problem = Case::new("x\n{% include \"part\" %}")
        .file("part", "a\n{% include \"leaf\" %}")
        .file("leaf", "{{ image.tga }}")
        .problems()
        .remove(0);
    let expected = "\
error: `image.tga` is not defined
 --> leaf:1:4
  |
1 | {{ image.tga }}
  |    ^^^^^^^^^
 ::: called from part:2:1
  |
2 | {% include \"leaf\" %}
  | ^^^^^^^^^^^^^^^^^^^^
 ::: called from main:2:1
  |
2 | {% include \"part\" %}
  | ^^^^^^^^^^^^^^^^^^^^
  = note: `image` has no `tga`
  = note: `image` comes from values.yaml:2:8
hint: did you mean `image.tag`?";
    assert_eq!(problem.to_string(), expected);
}

#[test]
fn unknown_names_are_all_told_before_anything_runs() {
    let problems = Case::new(
        "{{ n | uper }} {{ nw() }} {{ n is od }} {% include \"part\" %}{{ __tera_context }}",
    )
    .problems();
    let shown: Vec<String> = problems
        .iter()
        .map(|each| {
            format!(
                "{} [{}]",
                each.message,
                each.hint.clone().unwrap_or_default()
            )
        })
        .collect();
    assert_eq!(
        shown,
        [
            "template `part` does not exist [names are relative to the template path]",
            "`__tera_context` is switched off: it would print every value, secret or not [`stencil values` lists what there is]",
            "filter `uper` does not exist [did you mean `upper`?]",
            "function `nw` does not exist [did you mean `now`?]",
            "test `od` does not exist [did you mean `odd`?]",
        ]
    );
}

#[test]
fn other_errors_have_a_place_too() {
    for (template, line, column, message) in [
        (
            "\n{{ n | trunc(length=\"x\") }}",
            2,
            8,
            "`length` of `trunc` must be an integer, not a string",
        ),
        (
            "\n\n  {{ list + 1 }}",
            3,
            6,
            "`+` requires both operands to be numbers",
        ),
        ("{{ fail(message=\"no way\") }}", 1, 4, "no way"),
        (
            "{{ n | replace(\"a\", \"b\") }}",
            1,
            16,
            "the template cannot be read",
        ),
        (
            "{% for x in list %}{% if n %}{% endfor %}",
            1,
            20,
            "`if` is never closed",
        ),
        ("a\n{% endif %}", 2, 4, "the template cannot be read"),
        ("{{ n | quote(x=1) }}", 1, 8, "`quote` has no argument `x`"),
        ("{{ n", 1, 1, "`{{` is never closed"),
        (
            "{% for x in n %}{% endfor %}",
            1,
            13,
            "iteration not possible",
        ),
    ] {
        let problem = Case::new(template).problems().remove(0);
        let location = problem.location.clone().unwrap();
        assert_eq!(
            (location.place.line, location.place.column),
            (line, column),
            "{problem}"
        );
        assert!(problem.message.starts_with(message), "{problem}");
    }
}

#[test]
fn a_go_template_is_told_so() {
    for template in [
        "{{ .duat.version }}",
        "{{ range .x }}a{{ end }}",
        "{{ default \"x\" .y }}",
        "{{ $x := 1 }}",
        "{{ if .x }}",
    ] {
        let problem = Case::new(template).problems().remove(0);
        let hint = problem.hint.clone().unwrap_or_default();
        assert!(hint.contains("--dialect go"), "{template}: {problem}");
    }
    let problem = Case::new("{{ n | replace(\"a\", \"b\") }}")
        .problems()
        .remove(0);
    assert!(problem.hint.unwrap().contains("by name"));
}

#[test]
fn missing_values_are_empty_or_kept_when_asked_for() {
    let template = "{{ nope }}|{{ image.nope.more | upper }}|{{ n }}|{% for x in nope %}{{ x }}{% endfor %}{% if nope.x %}y{% endif %}{{ nope | default(value=\"d\") }}|{% for m in list %}{{ m.z }}{% endfor %}";
    let empty = Options {
        missing: Missing::Empty,
        ..Options::default()
    };
    assert_eq!(Case::new(template).options(empty).text(), "||3|d|");
    let keep = Options {
        missing: Missing::Keep,
        ..Options::default()
    };
    let expected = "{{ nope }}|{{ image.nope.more | upper }}|3|d|{{ m.z }}{{ m.z }}";
    assert_eq!(Case::new(template).options(keep).text(), expected);
}

#[test]
fn values_are_escaped_for_the_format_around_them() {
    let template =
        "{{ text }} {{ n }} {{ list }} {{ text | safe }} {% set x %}{{ text }}{% endset %}{{ x }}";
    for (escape, expected) in [
        (Escape::Json, r#""a<b" 3 ["a","b"] a<b "a<b""#),
        (Escape::Yaml, r#"a<b 3 ["a","b"] a<b a<b"#),
        (Escape::Shell, r#"'a<b' 3 '["a","b"]' a<b 'a<b'"#),
    ] {
        let options = Options {
            escape,
            ..Options::default()
        };
        assert_eq!(Case::new(template).options(options).text(), expected);
    }
    let problem = Case::new("{{ nope }}").options(Options {
        escape: Escape::Json,
        ..Options::default()
    });
    assert_eq!(problem.problems()[0].message, "`nope` is not defined");
}

#[test]
fn what_is_looked_up_is_only_what_is_named() {
    let case = Case::new(
        "{{ duat.version }}{% include \"part\" %}{% if false %}{{ duat.broken }}{% endif %}",
    )
    .file("part", "{{ Env.HOME }}");
    assert_eq!(case.text(), "1.2.3/root");
    assert_eq!(case.lookups(), ["Env.HOME", "duat.broken", "duat.version"]);
    let warning = &case.render(false).unwrap().warnings[0];
    assert_eq!(
        warning.message,
        "`duat.broken` could not be looked up: it is broken"
    );

    let case = Case::new("{{ duat[name] }}");
    assert_eq!(case.problems()[0].message, "`name` is not defined");
    assert_eq!(case.lookups().len(), 3);

    let problem = Case::new("\n{{ duat.broken }}").problems().remove(0);
    assert_eq!(
        problem.message,
        "`duat.broken` could not be looked up: it is broken"
    );
    assert_eq!(problem.location.unwrap().place.line, 2);
}

#[test]
fn no_name_of_the_environment_leaks_from_a_message() {
    for template in [
        "{{ Env.HOMEE }}",
        "{{ nope }}",
        "{{ Env.HOME.x }}",
        "{{ duat.versio }}",
    ] {
        for problem in Case::new(template).problems() {
            let shown = problem.to_string().replace(template, "");
            assert!(
                !shown.contains("SECRET_NAME") && !shown.contains("/root"),
                "{shown}"
            );
        }
    }
    let problem = Case::new("{{ duat.versio }}").problems().remove(0);
    assert_eq!(
        problem.hint.as_deref(),
        Some("did you mean `duat.version`?")
    );
}

#[test]
fn limits_end_a_run_with_one_clear_error() {
    let limits = Limits {
        steps: 1_000,
        output: 1_000,
        value: 15_000,
        depth: 16,
        ..Limits::default()
    };
    for (template, message) in [
        (
            "{% for a in range(end=100) %}{% for b in range(end=100) %}{% if false %}x{% endif %}{% endfor %}{% endfor %}",
            "the template took more than 1000 steps",
        ),
        (
            "{% for a in range(end=100) %}{{ \"0123456789abcdef\" }}\n{% endfor %}",
            "the output is larger than 1000 bytes",
        ),
        (
            "{% set x = \"0123456789abcdef\" %}{% for i in range(end=40) %}{% set_global x = x ~ x %}{% endfor %}",
            "a value has 16384 bytes; 15000 are allowed",
        ),
        (
            "{% set x = [1] %}{% for i in range(end=90) %}{% set_global x = [x] %}{% endfor %}",
            "a value has lists or maps in one another more than 16 deep",
        ),
        (
            "{% set x %}{% for i in range(end=100) %}0123456789abcdef{% endfor %}{% endset %}",
            "the output is larger than 1000 bytes",
        ),
        (
            "{% set r = range(end=90) %}{{ [[y for y in r] for x in r] | length }}",
            "the template took more than 1000 steps",
        ),
        (
            "{{ \"x\" | repeat(count=99999999) }}",
            "the result would have 99999999 bytes; 15000 are allowed",
        ),
        (
            "{% include \"main\" %}",
            "templates include one another in a circle: main -> main",
        ),
        (
            "{% component c() %}{{<c />}}{% endcomponent c %}{{<c />}}",
            "maximum render recursion depth",
        ),
    ] {
        let problems = Case::new(template)
            .file("main", template)
            .limits(limits)
            .problems();
        assert_eq!(problems.len(), 1, "{template}: {problems:?}");
        assert!(
            problems[0].message.starts_with(message),
            "{template}: {}",
            problems[0]
        );
    }
}

#[test]
fn a_run_ends_when_its_time_is_over() {
    let text =
        "{% for a in range(end=9999) %}\n{% for b in range(end=9999) %}x\n{% endfor %}{% endfor %}";
    let problem = Case::new(text).expires().problems().remove(0);
    assert_eq!(problem.message, "the time for rendering is over");
    assert_eq!(problem.notes, ["while rendering `main`"]);
}

#[test]
fn the_environment_is_out_of_reach_when_hermetic() {
    let problem = Case::new("{{ Env.HOME }}")
        .policy(Policy::hermetic())
        .problems()
        .remove(0);
    assert!(
        problem
            .message
            .contains("the environment is not allowed here"),
        "{problem}"
    );
}

#[test]
fn inheritance_works_as_tera_has_it() {
    let text =
        Case::new("{% extends \"base\" %}{% block b %}[{{ super() }}{{ n }}]{% endblock b %}")
            .file("base", "a {% block b %}x{% endblock b %} c")
            .text();
    assert_eq!(text, "a [x3] c");
}

#[test]
fn the_map_leads_from_the_output_to_the_template() {
    let case =
        Case::new("a: 1\n{% for x in list -%}\n- {{ x }}\n{% endfor %}{% include \"part\" %}")
            .file("part", "tag: {{ image.tag }}\n");
    let rendered = case.render(true).unwrap();
    assert_eq!(rendered.text, "a: 1\n- a\n- b\ntag: 1.2\n");
    let map = rendered.map.unwrap();
    let spans = |line| -> Vec<String> {
        map.line(&rendered.text, line)
            .iter()
            .map(|span| {
                format!(
                    "{}:{} {:?}",
                    span.source.name(),
                    span.source.place(span.range.start).line,
                    span.source.slice(&span.range)
                )
            })
            .collect()
    };
    assert_eq!(spans(1)[0], "main:1 \"a: 1\\n\"");
    assert_eq!(spans(3)[1], "main:3 \"{{ x }}\"");
    assert_eq!(
        spans(4),
        [
            "part:1 \"tag: \"",
            "part:1 \"{{ image.tag }}\"",
            "part:1 \"\\n\""
        ][..2]
            .to_vec()
    );
}

#[test]
fn a_template_that_stencil_is_told_about_in_its_first_line() {
    let text = Case::new("# stencil: delims=\"[[ ]]\" trim-blocks lstrip-blocks\nx: {{ $labels.a }} [[ n ]]\n  [% if n %]\ny\n  [% endif %]\n").text();
    assert_eq!(text, "x: {{ $labels.a }} 3\ny\n");
}

#[test]
fn a_file_whose_name_is_computed_is_rendered() {
    let case = |template: &str| {
        Case::new(template)
            .file(
                "part-a",
                "[{{ image.name }} {{ x | default(value=\"-\") }}]",
            )
            .file("bad", "\n{{ image.tga }}")
            .file("loop", "{{ render_file(path=\"loop\") }}")
    };
    let text = "{% for l in [\"a\"] %}{{ render_file(path=\"part-\" ~ l, x=7) }}{% endfor %}{{ render_file(path=\"part-a\") }}";
    assert_eq!(case(text).text(), "[web 7][web -]");
    let problem = case("{{ render_file(path=\"bad\") }}").problems().remove(0);
    assert_eq!(problem.message, "`image.tga` is not defined");
    assert_eq!(problem.location.unwrap().to_string(), "bad:2:4");
    assert_eq!(problem.callers[0].to_string(), "main:1:4");
    let problem = case("{{ render_file(path=\"loop\") }}")
        .problems()
        .remove(0);
    assert!(
        problem
            .message
            .ends_with("templates render one another too deep"),
        "{problem}"
    );
    assert_eq!(
        case("{{ read_file(path=\"bad\") }}").text(),
        "\n{{ image.tga }}"
    );
}

#[test]
fn every_problem_of_a_rendered_file_is_told_with_its_own_place() {
    let case = Case::new("{{ nope }}\n{{ render_file(path=\"mid\", z=1) }}\n{{ other }}")
        .file(
            "mid",
            "{{ a }}{{ z }}{{ render_file(path=\"leaf\") }}{{ b }}",
        )
        .file("leaf", "{{ image.tga }} {{ z }}\n{{ list | uper }}");
    let shown: Vec<String> = case
        .problems()
        .iter()
        .map(|problem| {
            let callers: Vec<String> = problem.callers.iter().map(ToString::to_string).collect();
            let place = problem.location.as_ref().unwrap();
            format!("{place} {} < {}", problem.message, callers.join(" "))
        })
        .collect();
    assert_eq!(
        shown,
        [
            "main:1:4 `nope` is not defined < ",
            "mid:1:4 `a` is not defined < main:2:4",
            "leaf:2:11 filter `uper` does not exist < mid:1:18 main:2:4",
            "mid:1:48 `b` is not defined < main:2:4",
            "main:3:4 `other` is not defined < ",
        ]
    );
}

#[test]
fn variables_of_a_rendered_file_count_as_named() {
    let case = Case::new("{{ render_file(path=\"part\", z=1) }}")
        .file(
            "part",
            "{{ z }}{{ n }}{{ render_file(path=\"pa\" ~ \"rt2\") }}",
        )
        .file("part2", "{{ text }}");
    let names = |references: Vec<duat_template::Reference>| -> Vec<String> {
        let given = references.into_iter().filter(|each| !each.local);
        given.map(|each| each.path.join(".")).collect()
    };
    assert_eq!(names(case.compile().unwrap().references()), ["n"]);
    // one whose name is computed is known behind the run
    assert_eq!(names(case.render(false).unwrap().references), ["n", "text"]);
}

#[test]
fn nothing_undefined_slips_into_what_is_printed() {
    for expression in [
        "[1, nope]",
        "[1, image.nope]",
        "{\"a\": nope}",
        "{\"a\": [image.nope]}",
        "nope == 1",
        "1 != image.nope",
        "nope > 1",
        "nope in [1]",
        "1 in nope",
        "nope + 1",
        "1 - nope",
        "range(end=nope)",
        "\"x\" | indent(width=nope)",
        "\"x\" | trunc(length=nope)",
        "\"x\" | replace(from=\"x\", to=nope)",
        "[nope] | length",
        "nope | length",
        "[nope] | join(sep=\",\")",
        "[nope] | default(value=1)",
        "[...nope]",
        "image[nope]",
        "[image[text]]",
        "[image[\"nope\"]]",
        "[x.nope for x in [image]]",
        "list[nope:]",
        "(nope) ~ \"x\"",
        "[nope?.x]",
        "[n, nope or image.nope]",
        "true and nope",
    ] {
        for template in [
            format!("{{{{ {expression} }}}}"),
            format!("{{% set x = {expression} %}}{{{{ x }}}}"),
            format!(
                "{{{{<card t={{{expression}}} />}}}}{{% component card(t) %}}{{{{ t }}}}{{% endcomponent card %}}"
            ),
        ] {
            let problems = Case::new(&template).problems();
            let told = problems.iter().any(|problem| {
                let missing = problem.message.ends_with("` is not defined");
                missing && problem.location.is_some()
            });
            assert!(told, "{template}: {problems:?}");
        }
    }
    let problem = Case::new("a\n{{ [1, image.tga] }}").problems().remove(0);
    let expected = "\
error: `image.tga` is not defined
 --> main:2:8
  |
2 | {{ [1, image.tga] }}
  |        ^^^^^^^^^
  = note: `image` has no `tga`
  = note: `image` comes from values.yaml:2:8
hint: did you mean `image.tag`?";
    assert_eq!(problem.to_string(), expected);
}

#[test]
fn what_may_be_undefined_still_may() {
    for (expression, expected) in [
        ("\"a\" if nope else \"b\"", "b"),
        ("\"a\" if nope == 1 else \"b\"", "b"),
        ("\"a\" if true else nope", "a"),
        ("nope or true", "true"),
        ("not nope", "true"),
        (
            "[not nope, nope is defined, nope or false]",
            "[true, false, false]",
        ),
        ("[nope | default(value=1)]", "[1]"),
        ("\"abc\" | default(value=nope)", "abc"),
        ("[1 if nope else 2]", "[2]"),
        ("[x for x in list if x.nope]", "[]"),
        ("coalesce(with=[nope, image.nope, n])", "3"),
        ("[image?.nope | default(value=n)]", "[3]"),
        ("{\"k\": n, \"j\": image.tag}[\"k\"]", "3"),
        ("nope is defined or image.nope is defined", "false"),
    ] {
        let template = format!("{{{{ {expression} }}}}");
        assert_eq!(Case::new(&template).text(), expected, "{expression}");
    }
    let template = "{% if nope == 1 or [nope] == [1] or not image.nope %}y{% endif %}{% set x = nope %}{{ x | default(value=1) }}";
    assert_eq!(Case::new(template).text(), "y1");
}

#[test]
fn several_undefined_values_of_one_tag_are_all_told() {
    let problems = Case::new("{{ [nope, image.tga, n] }}{{ more ~ less }}{{ a or b }}").problems();
    let messages: Vec<&str> = problems.iter().map(|each| each.message.as_str()).collect();
    let expected = ["nope", "image.tga", "more", "less", "b"];
    assert_eq!(
        messages,
        expected.map(|name| format!("`{name}` is not defined"))
    );
}

#[test]
fn a_list_with_a_hole_is_not_printed() {
    let values = "l: [1, null]\nm: {a: [{b: null}]}\n";
    for template in [
        "{{ [1, none] }}",
        "{{ {\"a\": none} }}",
        "{{ l }}",
        "{{ m }}",
        "{% set x = [none] %}{{ x }}",
        "{{ \"[1,null]\" | from_json }}",
    ] {
        let problem = Case::with_values(template, values).problems().remove(0);
        assert!(problem.message.contains("with `none` in it"), "{problem}");
        assert!(problem.location.is_some() && problem.hint.is_some());
    }
    for (template, expected) in [
        ("{{ l | to_json }}", "[1,null]"),
        ("{{ l | compact }}", "[1]"),
        ("{% for x in l %}[{{ x }}]{% endfor %}", "[1][]"),
        ("{{ none }}", ""),
    ] {
        assert_eq!(Case::with_values(template, values).text(), expected);
    }
}

#[test]
fn an_included_template_may_print_in_its_own_way() {
    let part = "# stencil: escape=json\n{{ text }} {{ list }}";
    let case = Case::new("{{ text }} {% include \"part\" %} {{ list }}").file("part", part);
    assert_eq!(case.text(), r#"a<b "a<b" ["a","b"] ["a", "b"]"#);
    let case = Case::new("{{ text }} {{ render_file(path=\"part\") }}").file("part", part);
    assert_eq!(case.text(), r#"a<b "a<b" ["a","b"]"#);
    // one that says nothing prints as the one that includes it
    let main = "# stencil: escape=json missing=keep\n{{ text }} {% include \"part\" %}";
    let case = Case::new(main).file("part", "{{ text }} {{ nope }}");
    assert_eq!(case.text(), r#""a<b" "a<b" {{ nope }}"#);
    let raw = "# stencil: escape=none missing=empty\n{{ text }} {{ nope }}.";
    let case = Case::new(main).file("part", raw);
    assert_eq!(case.text(), "\"a<b\" a<b .");
    let case = Case::new("{% include \"part\" %}").file("part", "# stencil: dialect=go\n{{ .x }}");
    let problem = case.problems().remove(0);
    assert_eq!(
        problem.message,
        "`part` says that it is a Go template, but it is included by one of Tera"
    );
}
