//! A folder of templates becomes a folder of outputs.

use duat_tests::Scene;

fn tree() -> Scene {
    let scene = Scene::new();
    scene.write("t/app.yaml.in", "{{ x }}\n");
    scene.write(
        "t/sub/run.sh.in",
        "{% include \"parts/head\" %}run {{ x }}\n",
    );
    scene.write("t/parts/head", "#!/bin/sh\n");
    scene.write("t/notes.md", "{{ not a template\n");
    scene.write("t/.stencilignore", "# none of these\nparts/\n*.md\n");
    scene
}

const TREE: [&str; 4] = ["--input-dir", "t", "--output-dir", "out"];

#[test]
fn every_template_is_rendered() {
    let scene = tree();
    let call = scene.stencil(TREE).args(["--set", "x=1"]);
    call.run().prints("").says_nothing();
    assert_eq!(scene.files("out"), ["app.yaml.in", "sub/run.sh.in"]);
    assert_eq!(scene.read("out/sub/run.sh.in"), "#!/bin/sh\nrun 1\n");
}

#[test]
fn names_are_mapped() {
    for (pattern, expected) in [
        ("{dir}/{stem}", ["app.yaml", "sub/run.sh"]),
        ("{stem}", ["app.yaml", "run.sh"]),
        ("x/{name}.out", ["x/app.yaml.in.out", "x/run.sh.in.out"]),
        ("{dir}/{stem}.{ext}", ["app.yaml.in", "sub/run.sh.in"]),
    ] {
        let scene = tree();
        let call = scene
            .stencil(TREE)
            .args(["--set", "x=1", "--output-map", pattern]);
        call.run().succeeds();
        assert_eq!(scene.files("out"), expected, "{pattern}");
    }
}

#[test]
fn a_wrong_map_is_refused() {
    let scene = tree();
    let call = |pattern: &str| {
        scene
            .stencil(TREE)
            .args(["--set", "x=1", "--output-map", pattern])
            .run()
    };
    call("{nam}").shows(
        "
        --- stderr ---
        error: failed to read `--output-map {nam}`: nothing is called `{nam}`
        hint: known are {path}, {dir}, {name}, {stem} and {ext}.
        [exit status: 2]
        ",
    );
    call("same").shows(
        "
        --- stderr ---
        error: `out/same` is to be the output of both `t/app.yaml.in` and `t/sub/run.sh.in`
        [exit status: 2]
        ",
    );
    call("../{path}")
        .fails(2)
        .says("error: `../{path}` leads out of the output folder\n");
    assert!(!scene.has("out"));
}

#[test]
fn all_or_nothing() {
    let scene = tree();
    scene
        .stencil(TREE)
        .run()
        .fails(1)
        .says("t/app.yaml.in:1:4")
        .says("t/sub/run.sh.in:1:34");
    assert!(!scene.has("out"));
}

#[test]
fn stale_outputs_are_named() {
    let scene = tree();
    scene.write("out/old.yaml", "x\n");
    let call = scene.stencil(TREE).args(["--set", "x=1"]);
    call.clone().run().shows(
        "
        --- stderr ---
        warning: `out/old.yaml` is stale: no template makes it
        ",
    );
    call.clone()
        .arg("-supress-warnings")
        .run()
        .prints("")
        .says_nothing();
    call.arg("-error-warnings").run().shows(
        "
        --- stderr ---
        error: `out/old.yaml` is stale: no template makes it
        hint: remove it, or leave out `--error-warnings`.
        [exit status: 1]
        ",
    );
    assert_eq!(scene.read("out/old.yaml"), "x\n");
}

#[test]
fn outputs_beside_templates_are_neither_templates_nor_stale() {
    let scene = tree();
    for _ in 0..2 {
        let call = scene.stencil(["--input-dir", "t", "--output-dir", "t/out", "--set", "x=1"]);
        call.run().prints("").says_nothing();
    }
    assert_eq!(scene.files("t/out"), ["app.yaml.in", "sub/run.sh.in"]);
    let scene = tree();
    let call = scene.stencil(["--input-dir", "t", "--output-dir", ".", "--set", "x=1"]);
    call.run().prints("").says_nothing();
    assert!(scene.has("app.yaml.in"));
}

#[test]
fn what_git_keeps_is_no_template() {
    let scene = Scene::new();
    scene.write("t/a.in", "a\n");
    scene.write("t/.git/HEAD", "{{ no }}\n");
    scene.stencil(TREE).run().prints("");
    assert_eq!(scene.files("out"), ["a.in"]);
}

#[test]
fn templates_are_not_written_over() {
    let scene = tree();
    let call = scene.stencil(["--input-dir", "t", "--output-dir", "t", "--set", "x=1"]);
    call.run().shows(
        "
        --- stderr ---
        error: refused to write over the template `t/app.yaml.in`
        hint: `--in-place` does it.
        error: refused to write over the template `t/sub/run.sh.in`
        hint: `--in-place` does it.
        [exit status: 3]
        ",
    );
}

#[test]
fn the_other_half_is_asked_for() {
    let scene = tree();
    scene
        .stencil(["--input-dir", "t"])
        .run()
        .fails(2)
        .says("--output-dir <DIR>");
    scene
        .stencil(["--input-dir", "none", "--output-dir", "out"])
        .run()
        .shows(
            "
        --- stderr ---
        error: `none` does not exist
        [exit status: 5]
        ",
        );
}
