//! Go templates written anew in Tera.

use duat_tests::{Outcome, Scene};

fn convert(template: &str, arguments: &[&str]) -> Outcome {
    let scene = Scene::new();
    let call = scene.stencil(["convert"]).args(arguments);
    call.stdin(template).run()
}

#[test]
fn a_go_template_comes_out_in_tera() {
    convert(
        "{{- range .ports }}\n- {{ . }}{{ end }}\n",
        &["--to", "tera"],
    )
    .prints("{%- for item in ports | each %}\n- {{ item }}{% endfor %}\n")
    .says_nothing();
    convert("[[ .a | upper ]]", &["--delims", "[[ ]]"]).prints("{{ a | upper }}");
}

#[test]
fn files_are_converted_and_render_the_same() {
    let scene = Scene::new();
    scene.write("a.gotmpl", "name: {{ default \"x\" .name | quote }}\n");
    scene.write("v.yaml", "name: web\n");
    let call = scene.stencil(["convert", "a.gotmpl", "-o", "a.tera"]);
    call.args(["--values", "v.yaml", "-v"])
        .run()
        .prints("")
        .says("both render the same");
    let converted = "name: {{ name | default_if_empty(with=\"x\") | quote }}\n";
    assert_eq!(scene.read("a.tera"), converted);
    let call = scene.stencil(["-i", "a.tera", "--values", "v.yaml"]);
    call.run().prints("name: \"web\"\n");
}

#[test]
fn every_file_is_compared_in_the_brackets_it_has() {
    let scene = Scene::new();
    scene.write("a.gotmpl", "[[ .a | upper ]] ${{ x }}\n");
    scene.write("b.gotmpl", "[[ .a | lower ]] ${{ y }}\n");
    let call = scene.stencil(["convert", "-i", "a.gotmpl", "-o", "a.tera"]);
    call.args(["-i", "b.gotmpl", "-o", "b.tera", "--set", "a=Xy"])
        .args(["--delims", "[[ ]]", "--passthrough", "${{ }}", "-v"])
        .run()
        .prints("")
        .says("both render the same");
    assert_eq!(scene.read("b.tera"), "{{ a | lower }} ${{ \"{{\" }} y }}\n");
}

#[test]
fn everything_without_a_counterpart_is_told_at_once_and_nothing_is_written() {
    let scene = Scene::new();
    scene.write("a.gotmpl", "a {{ tpl .a . }}\n{{ .ok }}\n{{ list 1 2 }}\n");
    let call = scene.stencil(["convert", "a.gotmpl", "-o", "a.tera"]);
    call.run()
        .fails(1)
        .prints_nothing()
        .says("error: `tpl` has no counterpart in Tera\n --> a.gotmpl:1:6\n")
        .says("1 | a {{ tpl .a . }}\n  |      ^^^\n")
        .says("hint: `render_file` renders a template whose name is computed")
        .says("error: a list is printed in another way in Tera\n --> a.gotmpl:3:4\n");
    assert!(!scene.has("a.tera"));
}

#[test]
fn a_part_is_written_when_asked_for_and_is_no_success() {
    let scene = Scene::new();
    scene.write("a.gotmpl", "{{ tpl .a . }} {{ .ok }}\n");
    let call = scene.stencil(["convert", "a.gotmpl", "-o", "a.tera", "--partial"]);
    call.run().fails(1).says("error: `tpl` has no counterpart");
    assert_eq!(
        scene.read("a.tera"),
        "{# not converted: {{ tpl .a . }} #} {{ ok }}\n"
    );
}

#[test]
fn what_renders_differently_is_refused() {
    let scene = Scene::new();
    scene.write("a.gotmpl", "{{ .list }}\n");
    let call = scene.stencil(["convert", "a.gotmpl", "-o", "a.tera"]);
    call.args(["--set-json", "list=[1,2]"])
        .run()
        .fails(7)
        .says("`a.gotmpl` renders differently in Tera with these values; nothing is written\n")
        .says("-[1 2]\n+[1, 2]\n");
    assert!(!scene.has("a.tera"));
}

#[test]
fn what_every_file_comes_to_is_told_at_once() {
    let scene = Scene::new();
    scene.write("a.gotmpl", "{{ .gone }}\n");
    scene.write("b.gotmpl", "{{ .list }}\n");
    let call = scene.stencil(["convert", "-i", "a.gotmpl", "-o", "a.tera"]);
    call.args(["-i", "b.gotmpl", "-o", "b.tera"])
        .args(["--set-json", "list=[1,2]"])
        .run()
        .says(" --> a.gotmpl:1:")
        .says("`b.gotmpl` renders differently in Tera");
    assert!(!scene.has("a.tera") && !scene.has("b.tera"));
}

#[test]
fn what_may_differ_is_a_warning_that_can_be_made_an_error() {
    convert("{{ title .a }}", &[])
        .prints("{{ a | title }}")
        .says("warning: `title` may differ");
    convert("{{ title .a }}", &["--error-warnings"])
        .fails(1)
        .prints_nothing();
    convert("{{ title .a }}", &["--suppress-warnings"]).says_nothing();
}

#[test]
fn what_is_no_go_template_is_an_error() {
    convert("{% if a %}{{ if }}", &[])
        .fails(1)
        .says(" --> -:1:");
    convert("x", &["--to", "jinja"]).fails(2);
    convert("x", &["--dialect", "tera"])
        .fails(2)
        .prints_nothing()
        .says("what is converted is a Go template, not `--dialect tera`");
}

#[test]
fn a_folder_is_converted_whole_or_not_at_all() {
    let scene = Scene::new();
    scene.write("in/a.gotmpl", "{{ .a }}");
    scene.write("in/b.gotmpl", "{{ tpl .b . }}");
    let arguments = [
        "convert",
        "--input-dir",
        "in",
        "--output-dir",
        "out",
        "--output-map",
        "{stem}.tera",
    ];
    scene.stencil(arguments).run().fails(1);
    assert!(!scene.has("out"));
    scene.write("in/b.gotmpl", "{{ .b }}");
    scene.stencil(arguments).run().prints("");
    assert_eq!(scene.read("out/b.tera"), "{{ b }}");
}
