//! The table of functions, and some that people look for.

use duat_tests::Scene;

use crate::{evaluates, render};

#[test]
fn those_of_a_ci_template() {
    evaluates("\"Feature/X_1\" | kebabcase", &[], "feature-x-1");
    evaluates("\"a b\" | quote", &[], "\"a b\"");
    evaluates("\"app\" | b64enc", &[], "YXBw");
    evaluates("\"YXBw\" | b64dec", &[], "app");
    evaluates(
        "\"app\" | sha256sum | truncate(length=8, end=\"\")",
        &[],
        "a172cedc",
    );
    evaluates("now() | date(format=\"%Y-%m-%d\")", &[], "2019-04-04");
    evaluates("now() | date(format=\"2006-01-02\")", &[], "2019-04-04");
    evaluates(
        "now()",
        &["--now", "2026-11-21T10:00:00Z"],
        "2026-11-21T10:00:00Z",
    );
    evaluates("now()", &["--now", "0"], "1970-01-01T00:00:00Z");
    evaluates("{\"a\": [1]} | to_yaml", &[], "a:\n- 1");
    evaluates("{\"a\": [1]} | to_json", &[], "{\"a\":[1]}");
}

#[test]
fn the_table_is_searched() {
    let scene = Scene::new();
    let all = scene.stencil(["functions"]).run();
    assert!(all.succeeds().stdout().lines().count() > 150);
    let outcome = scene.stencil(["functions", "CIDR_host"]).run();
    outcome.prints("cidr_host(value: string, n: integer) -> string: the address number `n` of a network; negative ones count from the end\n");
    scene.stencil(["functions", "zzz"]).run().shows(
        "
        --- stderr ---
        error: no function has `zzz` in its name or description
        hint: `stencil functions` lists them all.
        [exit status: 5]
        ",
    );
}

#[test]
fn unknown_names_are_all_reported_before_rendering() {
    render(
        "{{ a | uper }}\n{{ flor(a=1) }}\n{% if a is deffined %}{% endif %}\n",
        &[],
    )
    .shows(
        "
        --- stderr ---
        error: filter `uper` does not exist
         --> -:1:8
          |
        1 | {{ a | uper }}
          |        ^^^^
        hint: did you mean `upper`?
        error: function `flor` does not exist
         --> -:2:4
          |
        2 | {{ flor(a=1) }}
          |    ^^^^
        hint: did you mean `floor`?
        error: test `deffined` does not exist
         --> -:3:12
          |
        3 | {% if a is deffined %}{% endif %}
          |            ^^^^^^^^
        hint: did you mean `defined`?
        [exit status: 1]
        ",
    );
}

#[test]
fn a_template_can_stop_the_run() {
    render(
        "{% if n > 3 %}{{ fail(message=\"too many: \" ~ n) }}{% endif %}",
        &["--set", "n=4"],
    )
    .shows(
        "
        --- stderr ---
        error: too many: 4
         --> -:1:18
          |
        1 | {% if n > 3 %}{{ fail(message=\"too many: \" ~ n) }}{% endif %}
          |                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        [exit status: 1]
        ",
    );
}

#[test]
fn a_go_template_given_to_tera_is_recognised() {
    for template in [
        "{{ .Values.x }}",
        "{{ range .items }}{{ end }}",
        "{{ if .x }}{{ end }}",
        "{{ $x := 1 }}",
    ] {
        render(template, &["--dialect", "tera"])
            .fails(1)
            .prints_nothing()
            .says("Go");
    }
}

#[test]
fn the_network_is_off() {
    render("{{ getHostByName(value=\"localhost\") }}", &[])
        .fails(1)
        .says("`--allow net`");
}

#[test]
fn those_of_go_templates_are_listed_for_each_profile() {
    let scene = Scene::new();
    let list = |arguments: &[&str]| {
        let outcome = scene.stencil(["functions"]).args(arguments).run();
        outcome.succeeds().stdout().to_owned()
    };
    assert_eq!(
        list(&["--dialect", "go", "trimSuffix"]),
        "trimSuffix(string, string)\n"
    );
    let (duat, helm) = (list(&["--dialect", "go"]), list(&["--profile", "helm"]));
    let has = |listed: &str, name: &str| {
        let call = format!("{name}(");
        listed.lines().any(|line| line.starts_with(&call))
    };
    for (name, in_duat, in_helm) in [
        ("printf", true, true),
        ("RaiseError", true, false),
        ("env", true, false),
        ("tpl", false, true),
        ("include", false, true),
        ("kebab_case", false, false),
    ] {
        assert_eq!(
            (has(&duat, name), has(&helm, name)),
            (in_duat, in_helm),
            "{name}"
        );
    }
    assert_eq!(
        list(&["--profile", "helm", "--json", "fromYamlArray"]),
        "{\"functions\":[{\"name\":\"fromYamlArray\",\"type\":\"func(string) interface {}\"}]}\n"
    );
    let call = scene.stencil(["functions", "--dialect", "go", "zzz"]);
    call.run().fails(5).says("no function has `zzz`");
}
