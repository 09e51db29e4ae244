//! From stdin to stdout, and from files to files.

use duat_tests::Scene;

use crate::render;

#[test]
fn stdin_to_stdout_needs_no_flags() {
    render("a\n", &[]).prints("a\n").says_nothing();
    render("", &[]).prints("").says_nothing();
    render("no newline", &[]).prints("no newline");
    render("a\r\nb\r\n", &[]).prints("a\r\nb\r\n");
    render("\u{feff}a\n", &[]).prints("\u{feff}a\n");
    render("{{ name | upper }}!\n", &["--set", "name=\u{e4}"]).prints("\u{c4}!\n");
}

#[test]
fn dashes_are_the_streams() {
    let scene = Scene::new();
    scene.write("a.in", "file {{ x }}\n");
    let call = scene.stencil(["-i", "-", "-o", "-", "--set", "x=1"]);
    call.stdin("stream {{ x }}\n").run().prints("stream 1\n");
    let call = scene.stencil(["-i", "a.in", "-o", "/dev/stdout", "--set", "x=1"]);
    call.run().prints("file 1\n");
    let call = scene.stencil(["-i", "-", "-o", "a", "--set", "x=1"]);
    call.stdin("stream {{ x }}\n").run().prints("");
    assert_eq!(scene.read("a"), "stream 1\n");
}

#[test]
fn pairs_are_rendered_together() {
    let scene = Scene::new();
    scene.write("a.in", "a {{ x }}\n");
    scene.write("b.in", "b {{ x }}\n");
    let pairs = ["-i", "a.in", "-o", "a", "-i", "b.in", "-o", "b"];
    scene
        .stencil(pairs)
        .args(["--set", "x=1"])
        .run()
        .prints("")
        .says_nothing();
    assert_eq!(
        (scene.read("a"), scene.read("b")),
        ("a 1\n".into(), "b 1\n".into())
    );
}

#[test]
fn nothing_is_written_unless_everything_renders() {
    let scene = Scene::new();
    scene.write("a.in", "fine\n");
    scene.write("b.in", "{{ nothing }}\n");
    scene.write("b", "old\n");
    scene.write("c.in", "{{ fail(message=\"no c today\") }}\n");
    let pairs = [
        "-i", "a.in", "-o", "a", "-i", "b.in", "-o", "b", "-i", "c.in", "-o", "c",
    ];
    scene.stencil(pairs).run().shows(
        "
        --- stderr ---
        error: `nothing` is not defined
         --> b.in:1:4
          |
        1 | {{ nothing }}
          |    ^^^^^^^
        hint: give it with `--set nothing=...`, or write `nothing | default(value=...)`
        error: no c today
         --> c.in:1:4
          |
        1 | {{ fail(message=\"no c today\") }}
          |    ^^^^^^^^^^^^^^^^^^^^^^^^^^
        [exit status: 1]
        ",
    );
    assert_eq!(scene.files(""), ["a.in", "b", "b.in", "c.in"]);
    assert_eq!(scene.read("b"), "old\n");
}

#[test]
fn pairs_that_do_not_pair_are_refused() {
    let scene = Scene::new();
    scene.write("a.in", "");
    scene
        .stencil(["-i", "a.in", "-i", "b.in", "-o", "c"])
        .run()
        .shows(
            "
        --- stderr ---
        error: every `--input` needs its `--output`: there are 2 and 1
        hint: `-o -` writes to stdout.
        [exit status: 2]
        ",
        );
    scene
        .stencil(["-i", "a.in", "-o", "x", "-i", "b.in", "-o", "./x"])
        .run()
        .shows(
            "
        --- stderr ---
        error: `./x` is to be the output of both `a.in` and `b.in`
        [exit status: 2]
        ",
        );
    scene
        .stencil(["-i", "-", "-o", "x", "-i", "-", "-o", "y"])
        .run()
        .shows(
            "
        --- stderr ---
        error: stdin can be read once, but `-` is named twice as `--input`
        [exit status: 2]
        ",
        );
    scene.stencil(["--values", "-"]).stdin("{}").run().shows(
        "
        --- stderr ---
        error: stdin is asked for twice, but can be read once
        hint: name a file for the template or for the values.
        [exit status: 2]
        ",
    );
}

#[test]
fn what_is_not_there_is_said() {
    let scene = Scene::new();
    scene.make_directory("folder");
    scene.stencil(["-i", "no.in"]).run().shows(
        "
        --- stderr ---
        error: `no.in` does not exist
        [exit status: 5]
        ",
    );
    scene.stencil(["-i", "folder"]).run().shows(
        "
        --- stderr ---
        error: `folder` is a directory, not a file
        [exit status: 1]
        ",
    );
}

#[test]
fn includes_and_inheritance_come_from_the_templates_folder() {
    let scene = Scene::new();
    scene.write(
        "t/main.in",
        "{% extends \"base.in\" %}{% block a %}{% include \"parts/p.in\" %}{% endblock %}",
    );
    scene.write("t/base.in", "<{% block a %}{% endblock %}>\n");
    scene.write("t/parts/p.in", "{{ x }}");
    scene
        .stencil(["-i", "t/main.in", "--set", "x=1"])
        .run()
        .prints("<1>\n");
    scene.write("lone.in", "{% include \"p.in\" %}\n");
    let call = scene.stencil(["-i", "lone.in", "--set", "x=2"]);
    call.clone().run().shows(
        "
        --- stderr ---
        error: template `p.in` does not exist
         --> lone.in:1:12
          |
        1 | {% include \"p.in\" %}
          |            ^^^^^^
        hint: names are relative to the template path
        [exit status: 1]
        ",
    );
    call.args(["--template-path", "t/parts"])
        .run()
        .prints("2\n");
}
