//! Go templates: unchanged, strict, and told apart from those of Tera.

use duat_tests::{Outcome, Scene, repository};

/// 2019-04-04T00:38:00Z.
const INSTANT: u64 = 1_554_338_280;

/// What the predecessor's users keep in their repositories.
const KEEL: &str = "\
{{- $branch := .duat.gitBranch | replace \"/\" \"_\" }}
apiVersion: v1
kind: Namespace
metadata:
  name: {{ default \"ns\" .Namespace }}
---
image: {{ .Registry }}/build:{{ .duat.version }}-{{ $branch }}
registry: {{ expandenv \"$Registry\" | b64enc }}
";

fn scene() -> Scene {
    let scene = Scene::new();
    scene.write("README.md", "<repo-version>1.2.3</repo-version>\n");
    scene.script(repository::MAIN);
    scene
}

fn stencil(scene: &Scene, template: &str, arguments: &[&str]) -> Outcome {
    let call = scene.tool("stencil").args(arguments).stdin(template);
    call.env("Registry", "reg.example").at(INSTANT).run()
}

fn render(template: &str, arguments: &[&str]) -> Outcome {
    stencil(&Scene::new(), template, arguments)
}

#[test]
fn a_template_of_the_predecessor_renders_unchanged() {
    let scene = scene();
    stencil(&scene, KEEL, &["-values", "Registry=reg.example"]).prints(
        "
apiVersion: v1
kind: Namespace
metadata:
  name: ns
---
image: reg.example/build:1.2.3-main
registry: cmVnLmV4YW1wbGU=
",
    );
}

#[test]
fn values_keep_the_types_of_go() {
    let scene = Scene::new();
    scene.write(
        "v.yaml",
        "n: 3\nf: 1.5\nm: {b: 1, a: [x]}\nbig: 12345678901\n",
    );
    let text = "{{ printf \"%T %v %T\" .n .n .f }} {{ .m }} {{ .big }} {{ toJson .m }}";
    stencil(&scene, text, &["--values", "v.yaml"])
        .prints("int 3 float64 map[a:[x] b:1] 12345678901 {\"a\":[\"x\"],\"b\":1}");
}

#[test]
fn everything_missing_is_reported_together_and_nothing_is_written() {
    let scene = Scene::new();
    scene.write(
        "a.in",
        "a: {{ .image.tagg }}\nb: {{ .Other }}\nc: {{ .duat.versoin }}\n",
    );
    let call = scene.tool("stencil").args(["-i", "a.in", "-o", "a"]);
    call.args(["--set", "image.tag=1"])
        .run()
        .fails(1)
        .prints_nothing()
        .says("`.image.tagg` is not defined")
        .says("a.in:1:7")
        .says("did you mean `.image.tag`?")
        .says("`.Other` is not defined")
        .says("a.in:2:7")
        .says("did you mean `.duat.version`?");
    assert!(!scene.has("a"));
}

#[test]
fn missing_values_are_kept_as_go_prints_them_or_left_out() {
    render("<{{ .a }}>", &["--missing", "keep"]).prints("<<no value>>");
    render("<{{ .a }}>", &["--missing", "empty"]).prints("<>");
}

#[test]
fn what_a_range_gives_is_followed_to_its_file() {
    let scene = Scene::new();
    scene.write(
        "a.gotmpl",
        "{{ define \"port\" }}{{ .number }}{{ end -}}\n\
         {{ range $i, $x := .items }}{{ $x.name }} {{ range .ports }}{{ template \"port\" . }}{{ end }}\n\
         {{ end }}{{ range $k, $v := .labels }}{{ $k }}={{ $v }}\n\
         {{ end }}{{ range until 1 }}{{ . }}{{ end }}\n",
    );
    scene.write(
        "v.yaml",
        "items:\n- name: web\n  ports: [{number: 80}]\n- name: api\n  ports: [{number: 8080}]\n\
         labels:\n  tier: front\n",
    );
    let explain = |line: u8| {
        let place = format!("a:{line}");
        let call = scene.stencil(["explain", &place, "-i", "a.gotmpl", "-o", "a"]);
        call.args(["--values", "v.yaml"]).run()
    };
    explain(2).prints(
        "a.gotmpl:2:29: {{ $x.name }}\n  $x.name = items[1].name = \"api\" (v.yaml:4:9)\n\
         a.gotmpl:2:42: \x20\n\
         a.gotmpl:1:20: {{ .number }}\n  .number = items[1].ports[0].number = 8080 (v.yaml:5:20)\n",
    );
    explain(3).prints(
        "a.gotmpl:3:39: {{ $k }}\na.gotmpl:3:47: =\n\
         a.gotmpl:3:48: {{ $v }}\n  $v = labels.tier = \"front\" (v.yaml:7:9)\n",
    );
    // a number that is counted to comes from nowhere
    explain(4).prints("a.gotmpl:4:29: {{ . }}\n");
}

#[test]
fn the_choice_of_a_dialect_is_explained() {
    render("{{ .x }}", &["--set", "x=1", "-v"])
        .prints("1")
        .says("`-` is read as Go: line 1 has `.x`, as only Go has it");
    render("{{ x }}", &["--set", "x=1", "-v"])
        .prints("1")
        .says("`-` is read as Tera: nothing in it is Go's alone");
    let scene = Scene::new();
    scene.write("a.gotmpl", "{{ uuidv4 | len }}");
    let call = scene.tool("stencil").args(["-i", "a.gotmpl", "-v"]);
    call.run().prints("36").says("its name ends in `.gotmpl`");
}

#[test]
fn signs_of_both_languages_are_an_error() {
    let text = "{{ .x }}\n{% if y %}{% endif %}\n";
    render(text, &["--set", "x=1"])
        .fails(1)
        .prints_nothing()
        .says("it cannot be told which language this is")
        .says("line 2 has `{% if`")
        .says("line 1 has `.x`")
        .says("--dialect go");
    render(text, &["--set", "x=1", "--dialect", "go"]).prints("1\n{% if y %}{% endif %}\n");
    let magic = "# stencil: dialect=go\n{{ .x }} {% if %}\n";
    render(magic, &["--set", "x=1"]).prints("1 {% if %}\n");
}

#[test]
fn variables_are_listed_with_their_places() {
    let text = "{{ .image.tag }}\n{{ default \"x\" .Namespace }}{{ with .a }}{{ .b }}{{ end }}\n";
    render("", &[]).prints("");
    let scene = Scene::new();
    scene.write("t", text);
    let call = scene
        .tool("stencil")
        .args(["vars", "t", "--set", "image.tag=1"]);
    call.run().prints(
        "\
t:1:4: image.tag
t:2:16: Namespace (optional)
t:2:37: a (optional)
t:2:45: a.b (optional)
",
    );
}

#[test]
fn a_check_and_an_explanation_work_as_for_tera() {
    let scene = Scene::new();
    scene.write("a.in", "x: {{ .x }}\n{{ range .l }}- {{ . }}\n{{ end }}");
    scene.write("v.yaml", "x: 1\nl: [p, q]\n");
    let call = || {
        scene
            .tool("stencil")
            .args(["-i", "a.in", "-o", "a", "--values", "v.yaml"])
    };
    call().run().succeeds();
    assert_eq!(scene.read("a"), "x: 1\n- p\n- q\n");
    call().arg("--check").run().prints("").says_nothing();
    call().args(["--check", "--set", "x=2"]).run().fails(8);
    let explain = scene
        .tool("stencil")
        .args(["explain", "a:1", "-i", "a.in", "-o", "a"]);
    let outcome = explain.args(["--values", "v.yaml"]).run();
    outcome.succeeds();
    let text = outcome.stdout();
    assert!(text.contains("a.in:1:4: {{ .x }}"), "{text}");
    assert!(text.contains("x = 1 (v.yaml:1:4)"), "{text}");
}

#[test]
fn secrets_stay_out_of_messages() {
    let scene = Scene::new();
    let call = scene.tool("stencil").args(["--secret-env", "TOKEN"]);
    let call = call.stdin("{{ fail (printf \"%s %s\" .TOKEN (b64enc .TOKEN)) }}");
    call.env("TOKEN", "hunter2hunter2")
        .run()
        .fails(1)
        .says("[secret]")
        .conceals("hunter2")
        .conceals("aHVudGVyMmh1bnRlcjI");
}

#[test]
fn a_hermetic_run_refuses_by_name() {
    for (text, what) in [
        ("{{ .Env.HOME }}", "the environment is not allowed"),
        ("{{ env \"HOME\" }}", "`env` draws on the environment"),
        ("{{ randAlpha 3 }}", "`randAlpha` draws on randomness"),
    ] {
        render(text, &["--hermetic"]).fails(1).says(what);
    }
    render("{{ getHostByName \"x\" }}", &[])
        .fails(1)
        .says("`--allow net` allows it");
    render("{{ now | date \"2006-01-02\" }}", &["--hermetic"]).prints("2019-04-04");
}

#[test]
fn helm_templates_have_their_profile() {
    let scene = Scene::new();
    let text = "\
{{- define \"labels\" }}
app: {{ .Values.name }}
{{- end }}
metadata:{{ include \"labels\" . | nindent 2 }}
{{ toYaml .Values.m }}
{{ tpl \"{{ .Values.name }}\" . }}<{{ .Values.nope }}>
";
    scene.write("v.yaml", "name: web\nm:\n  a: 1\n");
    let arguments = ["--profile", "helm", "--values", "v.yaml"];
    stencil(&scene, text, &arguments).prints("\nmetadata:\n  \n  app: web\na: 1\nweb<>\n");
    render("{{ required \"say it\" .x }}", &["--profile", "helm"])
        .fails(1)
        .says("say it");
    render("{{ include \"x\" . }}", &[])
        .fails(1)
        .says("`--profile helm` has it");
}

#[test]
fn helpers_come_from_the_template_path() {
    let scene = Scene::new();
    scene.write("lib/helpers.tpl", "{{ define \"hi\" }}hi {{ . }}{{ end }}");
    scene.write(
        "a.gotmpl",
        "{{ template \"helpers.tpl\" }}{{ template \"hi\" .name }}",
    );
    let call = scene
        .tool("stencil")
        .args(["-i", "a.gotmpl", "--template-path", "lib"]);
    call.args(["--set", "name=you"]).run().prints("hi you");
}

#[test]
fn errors_can_have_the_words_of_go() {
    render("a\n{{ fail \"no\" }}", &["--error-style", "go"])
        .fails(1)
        .says("template: -:2:3: executing \"-\" at <fail \"no\">: error calling fail: no");
}

#[test]
fn errors_have_a_snippet_and_the_way_there() {
    let text = "{{ define \"x\" }}\n  {{ fail \"no\" }}\n{{ end }}\n{{ template \"x\" . }}\n";
    render(text, &[])
        .fails(1)
        .says("-:2:6")
        .says("2 |   {{ fail \"no\" }}")
        .says("called from -:4:");
}

#[test]
fn a_tag_within_a_string_is_a_warning() {
    let text = "{{ default \"ci-{{.duat.gitHash}}\" .Namespace }}";
    render(text, &[])
        .prints("ci-{{.duat.gitHash}}")
        .says("within a string");
    render(text, &["--suppress-warnings"]).says_nothing();
    render(text, &["--error-warnings"])
        .fails(1)
        .prints_nothing();
}

#[test]
fn the_url_of_the_repository_prints_and_has_parts() {
    let scene = scene();
    let url = "https://host.example/owner/name.git";
    scene.git(["config", "remote.origin.url", url]);
    stencil(&scene, "{{ .duat.gitURL }}", &[]).prints(url);
    let parts = "{{ .duat.gitURL.Scheme }} {{ .duat.gitURL.Host }} {{ .duat.gitURL.Path }}";
    stencil(&scene, parts, &[]).prints("https host.example /owner/name.git");
}

#[test]
fn an_expression_of_go_is_evaluated() {
    let scene = Scene::new();
    let call = scene
        .tool("stencil")
        .args(["eval", ".a | upper", "--set", "a=x"]);
    call.run().prints("X\n");
}

#[test]
fn hostile_templates_end_in_an_error() {
    let deep = format!("{{{{ {}1{} }}}}", "(".repeat(10_000), ")".repeat(10_000));
    for text in [
        "{{ define \"x\" }}{{ template \"x\" }}{{ end }}{{ template \"x\" }}",
        "{{ range 1000000000 }}{{ end }}.{{ .x }}",
        "{{ trunc 1 \"\u{e9}\" }}{{ .x }}",
    ] {
        render(text, &["--max-steps", "100000"])
            .fails(1)
            .prints_nothing();
    }
    let outcome = render(&deep, &["--dialect", "go"]);
    assert!(matches!(outcome.code(), Some(0 | 1)));
    render(
        "{{ range 1000000000 }}{{ end }}{{ .x }}",
        &["--max-time", "1", "--max-steps", "100000000000"],
    )
    .fails(1)
    .says("time limit");
}

#[test]
fn helm_has_the_values_below_values() {
    let scene = Scene::new();
    scene.write("v.yaml", "image: {tag: 1}\nChart: {Name: web}\n");
    let arguments = ["--profile", "helm", "--values", "v.yaml"];
    let text = "{{ .Values.image.tag }} {{ .Chart.Name }} {{ .Values.Chart }}{{ .Release }}\n{{ toYaml .Values }}\n";
    stencil(&scene, text, &arguments).prints("1 web \nimage:\n  tag: 1\n");
    // a template that is called gets the same
    scene.write(
        "part.tpl",
        "{{ define \"part\" }}<{{ .Values.image.tag }}>{{ end }}",
    );
    stencil(
        &scene,
        "{{ template \"part.tpl\" . }}{{ include \"part\" . }}",
        &arguments,
    )
    .prints("<1>");

    let call = |text: &str, more: &[&str]| {
        let call = scene.stencil(arguments).args(more);
        call.stdin(text).run()
    };
    call("{{ .Values.image.tga }}", &["--missing", "error"])
        .fails(1)
        .says("error: `.Values.image.tga` is not defined\n --> -:1:4\n")
        .says("hint: did you mean `.Values.image.tag`?\n");
    call("{{ .image.tag }}", &[])
        .fails(1)
        .says("hint: with `--profile helm` the values are below `.Values`\n");
    call("{{ .image }}\n", &[])
        .prints("\n")
        .says("warning: `.image` is nothing: the values are not at the root\n");
    call("{{ .Release.Name }}", &[])
        .fails(1)
        .says("hint: `--set Release.Name=…` gives it\n");
    call("{{ .Values.image.tag }}", &["--strict-values"])
        .fails(1)
        .says("error: v.yaml:2:8: `Chart` is used by no template\n");
    scene.write(
        "a.tpl",
        "{{ .Values.image.tag }}{{ .Values.x }}{{ .y }}{{ .Chart.Name }}{{ toYaml .Values }}",
    );
    let listed = scene.stencil(["vars", "a.tpl"]).args(arguments).run();
    listed.prints(
        "a.tpl:1:4: image.tag\na.tpl:1:27: x (missing)\na.tpl:1:42: $.y (missing)\n\
         a.tpl:1:50: Chart.Name\na.tpl:1:74: .\n",
    );
    let explained = scene
        .stencil(["explain", "o:1", "-i", "a.tpl"])
        .args(arguments);
    explained.run().succeeds();
}

#[test]
fn a_template_that_is_called_says_itself_how_it_escapes() {
    let scene = Scene::new();
    let text = "{{ .a }} {{ template \"part.tpl\" . }}";
    scene.write("part.tpl", "# stencil: escape=json\n{{ .a }}");
    stencil(&scene, text, &["--set", "a=x y"]).prints("x y \"x y\"");
    scene.write("part.tpl", "{{ .a }}");
    let escaped = format!("# stencil: escape=shell\n{text}");
    stencil(&scene, &escaped, &["--set", "a=x y"]).prints("'x y' 'x y'");
    scene.write("part.tpl", "# stencil: missing=keep\n{{ .a }}");
    let call = scene.stencil(["--set", "a=x"]).stdin(text);
    call.run()
        .fails(1)
        .says("error: `missing` and `profile` hold for a whole run: only the template that is rendered can name them\n --> part.tpl:1:1\n");
}
