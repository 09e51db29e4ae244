//! What is not defined.

use crate::render;

#[test]
fn every_undefined_value_is_reported_at_once() {
    render(
        "name: {{ nme }}\nport: {{ server.prot }}\n{% if flag %}x{% endif %}\n",
        &["--set", "name=x,server.port=80"],
    )
    .shows(
        "
        --- stderr ---
        error: `nme` is not defined
         --> -:1:10
          |
        1 | name: {{ nme }}
          |          ^^^
        hint: did you mean `name`?
        error: `server.prot` is not defined
         --> -:2:10
          |
        2 | port: {{ server.prot }}
          |          ^^^^^^^^^^^
          = note: `server` has no `prot`
          = note: `server` comes from --set name=x,server.port=80
        hint: did you mean `server.port`?
        [exit status: 1]
        ",
    );
}

#[test]
fn what_was_asked_for_may_be_missing() {
    render("{{ a | default(value=1) }}\n", &[]).prints("1\n");
    render("{{ a.b | default(value=1) }}\n", &["--set", "a.x=1"]).prints("1\n");
    render("{{ a?.b?.c | default(value=1) }}\n", &[]).prints("1\n");
    render("{% if a is defined %}y{% else %}n{% endif %}\n", &[]).prints("n\n");
    render("{{ a.b?.c | default(value=\"d\") }}\n", &["--set", "a.x=1"]).prints("d\n");
    render("{{ coalesce(with=[a, \"x\"]) }}\n", &["--set", "a="]).prints("x\n");
    render("{{ a | required(message=\"give a\") }}\n", &[])
        .fails(1)
        .says("error: give a\n --> -:1:");
}

#[test]
fn it_may_be_empty_or_kept() {
    let template = "a {{ x.y | upper }} b\n";
    render(template, &["--missing", "empty"])
        .prints("a  b\n")
        .says_nothing();
    render(template, &["--missing", "keep"])
        .prints(template)
        .says_nothing();
    render(&format!("# stencil: missing=keep\n{template}"), &[]).prints(template);
    render(template, &["--missing", "error"])
        .fails(1)
        .prints_nothing();
}

#[test]
fn the_way_through_includes_is_shown() {
    let scene = duat_tests::Scene::new();
    scene.write("a.in", "1\n{% include \"b.in\" %}\n");
    scene.write(
        "b.in",
        "{% for i in [1] %}{% include \"c.in\" %}{% endfor %}",
    );
    scene.write("c.in", "x {{ y }}");
    scene.stencil(["-i", "a.in"]).run().shows(
        "
        --- stderr ---
        error: `y` is not defined
         --> c.in:1:6
          |
        1 | x {{ y }}
          |      ^
         ::: called from b.in:1:19
          |
        1 | {% for i in [1] %}{% include \"c.in\" %}{% endfor %}
          |                   ^^^^^^^^^^^^^^^^^^^^
         ::: called from a.in:2:1
          |
        2 | {% include \"b.in\" %}
          | ^^^^^^^^^^^^^^^^^^^^
        hint: give it with `--set y=...`, or write `y | default(value=...)`
        [exit status: 1]
        ",
    );
}

#[test]
fn it_is_named_wherever_it_stands() {
    for (expression, name, column) in [
        ("x | quote", "x", 4),
        ("x | replace(from=\"a\", to=\"b\") | upper", "x", 4),
        ("m.y | join(sep=\",\")", "m.y", 4),
        ("x | keys", "x", 4),
        ("\"a\" ~ x", "x", 10),
        ("x ~ m.y", "x", 4),
        ("m.a ~ m.y ~ \"\"", "m.y", 10),
        ("x + 1", "x", 4),
        ("x.y.z", "x.y.z", 4),
    ] {
        let outcome = render(&format!("{{{{ {expression} }}}}"), &["--set", "m.a=1"]);
        outcome.fails(1).says(&format!(
            "error: `{name}` is not defined\n --> -:1:{column}\n"
        ));
    }
    render("{{ m.a ~ x | default(value=1) }}", &["--set", "m.a=1"]).prints("11");
    render("{% set a = \"b\" ~ x %}{{ a }}", &[])
        .fails(1)
        .says(" --> -:1:18\n");
}

#[test]
fn what_would_hide_in_a_list_is_reported_and_so_is_all_of_a_tag() {
    render(
        "{{ [tag, nope] }} {{ nme == tag }}\n",
        &["--set", "tag=1,name=x"],
    )
    .shows(
        "
        --- stderr ---
        error: `nope` is not defined
         --> -:1:10
          |
        1 | {{ [tag, nope] }} {{ nme == tag }}
          |          ^^^^
        hint: give it with `--set nope=...`, or write `nope | default(value=...)`
        error: `nme` is not defined
         --> -:1:22
          |
        1 | {{ [tag, nope] }} {{ nme == tag }}
          |                      ^^^
        hint: did you mean `name`?
        [exit status: 1]
        ",
    );
    render("{{ [1, none] }}\n", &[]).shows(
        "
        --- stderr ---
        error: a list or map with `none` in it prints nothing in its place
         --> -:1:4
          |
        1 | {{ [1, none] }}
          |    ^^^^^^^^^
        hint: `| to_json` writes it as `null`, `| compact` leaves it out
        [exit status: 1]
        ",
    );
}

#[test]
fn a_file_that_is_rendered_tells_all_that_is_missing() {
    let scene = duat_tests::Scene::new();
    scene.write("part.in", "{{ a }}\n{{ b }}\n");
    let call = scene
        .stencil(["-v"])
        .stdin("{{ render_file(path=\"part.in\") }}{{ c }}");
    let outcome = call.run();
    outcome.fails(1);
    for place in [" --> part.in:1:4\n", " --> part.in:2:4\n", " --> -:1:37\n"] {
        outcome.says(place);
    }
    outcome.says(" ::: called from -:1:4\n");
}
