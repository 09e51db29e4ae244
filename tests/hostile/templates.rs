//! Folders of templates with links in them, and templates that look around.

use std::fs;

use crate::trap::{INSIDE, Trap};

const TREE: [&str; 4] = ["--input-dir", "t", "--output-dir", "out"];

#[test]
fn an_output_stays_in_its_folder() {
    let trap = Trap::new();
    trap.write("t/sub/new", "x\n");
    trap.write("t/VERSION", "x\n");
    trap.write("out/other", "y\n");
    trap.link("../../outside", "out/sub");
    let outcome = trap.run("stencil", &TREE);
    outcome.fails(3).says("a link leads out of `out`");
    fs::remove_file(trap.scene.path(INSIDE).join("out/sub")).unwrap();
    trap.link("../../outside/VERSION", "out/VERSION");
    let outcome = trap.run("stencil", &TREE);
    outcome.fails(3).says("refused to write `out/VERSION`");
    assert!(!trap.scene.has("inside/out/sub"));
    trap.link("../../outside/made", "out/VERSION");
    trap.bears("stencil", &TREE);
    fs::remove_file(trap.scene.path(INSIDE).join("out/VERSION")).unwrap();
    trap.run("stencil", &TREE).prints("");
    for map in [
        "../{path}",
        "/{path}",
        "x/../../{path}",
        "{dir}/../../{name}",
    ] {
        let outcome = trap.run("stencil", &[&TREE[..], &["--output-map", map]].concat());
        outcome.fails(2).says("leads out of the output folder");
    }
}

#[test]
fn a_hermetic_tree_has_no_template_from_outside() {
    let trap = Trap::new();
    trap.link("../../outside/secret", "t/secret");
    let hermetic = [&TREE[..], &["--hermetic"]].concat();
    let outcome = trap.run("stencil", &hermetic);
    outcome.fails(3).says("which `--hermetic` forbids");
    assert!(!trap.scene.has("inside/out"));
    fs::remove_file(trap.scene.path(INSIDE).join("t/secret")).unwrap();
    trap.link("../../outside", "t/folder");
    for (dialect, template) in [
        ("tera", "{% include \"folder/secret\" %}"),
        ("tera", "{% include \"../../outside/secret\" %}"),
        ("tera", "{% extends \"../../outside/secret\" %}"),
        ("tera", "{% import \"../../outside/secret\" as x %}"),
        ("tera", "{{ render_file(path=\"folder/secret\") }}"),
        ("go", "{{ template \"folder/secret\" }}"),
        ("go", "{{ template \"../../outside/secret\" }}"),
    ] {
        trap.write("t/a", template);
        let outcome = trap.run(
            "stencil",
            &["-i", "t/a", "--hermetic", "--dialect", dialect],
        );
        outcome.fails(1).prints_nothing();
        let outcome = trap.run(
            "stencil",
            &[&hermetic[..], &["--dialect", dialect]].concat(),
        );
        outcome.fails(1).prints_nothing();
        assert!(!trap.scene.has("inside/out"));
    }
}

#[test]
fn what_a_template_says_is_shown_as_text() {
    let trap = Trap::new();
    for template in [
        "{{ fail(message=\"\u{1b}]0;x\") }}",
        "{{ \"\u{1b}]0;x\" + 1 }}",
        "{{ x.\u{1b}[2J }}",
        "{% \u{1b}[2J %}",
        "{{ nope }} \u{1b}[2J",
        "{# stencil: \u{1b}[2J #}",
        "{% include \"\u{1b}[2J\" %}",
    ] {
        trap.write("a.in", template);
        for arguments in [
            &["-i", "a.in"][..],
            &["vars", "a.in"],
            &["convert", "-i", "a.in"],
        ] {
            let loud = [arguments, &["-v", "--color", "always"]].concat();
            let outcome = trap.call("stencil", &loud).run();
            let seen = String::from_utf8_lossy(outcome.stderr_bytes()).into_owned();
            assert!(crate::trap::obeyed(&seen).is_none(), "{seen:?}");
            assert!(matches!(outcome.code(), Some(0..=8)), "{seen}");
        }
    }
}
