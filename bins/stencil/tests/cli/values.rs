//! Where values come from, and which one wins.

use duat_tests::Scene;

use crate::evaluates;

#[test]
fn later_layers_win_and_maps_are_merged() {
    let scene = Scene::new();
    scene.write(
        "base.yaml",
        "image: {name: app, tag: 1.0, pull: true}\nports: [80, 443]\nkeep: yes\n",
    );
    scene.write(
        "prod.json",
        r#"{"image": {"tag": "2.0", "pull": false}, "ports": [8080], "keep": null}"#,
    );
    let files = ["values", "--values", "base.yaml", "--values", "prod.json"];
    scene
        .stencil(files)
        .run()
        .prints("image.name = \"app\"\nimage.tag = \"2.0\"\nimage.pull = false\nports[0] = 8080\n");
    scene
        .stencil(files)
        .args(["--set", "image.tag=3,ports[0]=1"])
        .run()
        .prints("image.name = \"app\"\nimage.tag = 3\nimage.pull = false\nports[0] = 1\n");
}

#[test]
fn nothing_and_zero_and_false_are_values() {
    let scene = Scene::new();
    scene.write("a.toml", "a = 1\nb = true\nc = \"x\"\n");
    scene.write("b.yaml", "a: 0\nb: false\nc: ''\n");
    scene
        .stencil([
            "eval",
            "[a, b, c]",
            "--values",
            "a.toml",
            "--values",
            "b.yaml",
        ])
        .run()
        .prints("[0, false, \"\"]\n");
}

#[test]
fn integers_stay_integers() {
    let scene = Scene::new();
    for (name, text) in [
        (
            "v.json",
            r#"{"n": 12345678901234567890, "f": 1.0, "t": "007"}"#,
        ),
        ("v.yaml", "n: 12345678901234567890\nf: 1.0\nt: '007'\n"),
    ] {
        scene.write(name, text);
        scene
            .stencil(["--values", name])
            .stdin("{{ n }} {{ f }} {{ t }}\n")
            .run()
            .prints("12345678901234567890 1.0 007\n");
    }
    evaluates("n", &["--set", "n=1234567"], "1234567");
    evaluates("n", &["--set-string", "n=01"], "01");
    evaluates("n * 2", &["--set", "n=21"], "42");
}

#[test]
fn every_format_is_read() {
    let scene = Scene::new();
    scene.write("v.json", r#"{"db": {"host": "h"}}"#);
    scene.write("v.yaml", "db:\n  host: h\n");
    scene.write("v.yml", "db: {host: h}\n");
    scene.write("v.toml", "[db]\nhost = 'h'\n");
    scene.write("v.ini", "[db]\nhost = h\n");
    for name in ["v.json", "v.yaml", "v.yml", "v.toml", "v.ini"] {
        let call = scene.stencil(["eval", "db.host", "--values", name]);
        call.run().prints("h\n");
    }
    scene.write("hosts.csv", "name,port\na,80\n\"b, c\",81\n");
    let call = scene.stencil(["eval", "hosts | map(attribute=\"name\") | join(sep=\";\")"]);
    call.args(["--values", "hosts.csv"])
        .run()
        .prints("a;b, c\n");
    scene.write(".env", "# comment\nexport HOST=h\nTEXT=\"two words\"\n");
    let call = scene.stencil(["eval", "HOST ~ TEXT", "--values", ".env"]);
    call.run().prints("htwo words\n");
    for text in ["{\"a\": 1}", "a: 1\n"] {
        let call = scene.stencil(["eval", "a", "--values", "-"]);
        call.stdin(text).run().prints("1\n");
    }
}

#[test]
fn the_command_line_gives_values() {
    evaluates("a", &["-values", "a=x,b=y"], "x");
    evaluates("b", &["-values", "a=x,b=\"y\""], "y");
    evaluates("a", &["-values", "a=1.10"], "1.10");
    evaluates("a.b[1].c", &["--set", "a.b[1].c=deep"], "deep");
    evaluates("a", &["--set", r"a=x\,y"], "x,y");
    evaluates("a", &["--set", "a={x,y}"], "[\"x\", \"y\"]");
    evaluates("a == true", &["--set", "a=true"], "true");
    evaluates("a", &["--set-string", "a=true"], "true");
    evaluates("a.b", &["--set-json", r#"a={"b": [1, "x"]}"#], "[1, \"x\"]");
}

#[test]
fn files_and_the_environment_give_values() {
    let scene = Scene::new();
    scene.write("ca.pem", "-----BEGIN\nx\n");
    let call = scene.stencil(["--set-file", "tls.ca=ca.pem"]);
    call.stdin("{{ tls.ca | indent(width=2) }}")
        .run()
        .succeeds()
        .says_nothing();
    let call = scene.stencil(["eval", "db.host ~ port", "--env-prefix", "APP__"]);
    call.env("APP__DB__HOST", "h")
        .env("APP__PORT", "1")
        .env("OTHER", "x")
        .run()
        .prints("h1\n");
    let call = scene.stencil(["eval", "a", "--env-prefix", "APP__", "--set", "a=flag"]);
    call.env("APP__A", "env").run().prints("flag\n");
}

#[test]
fn what_cannot_be_read_is_shown_where_it_stands() {
    let scene = Scene::new();
    scene.write("a.json", "{\n  \"a\": 1,\n}\n");
    scene.write("a.yaml", "a: 1\nb:\n  c: 1\n  c: 2\n");
    scene.write("a.toml", "a = 1\na = 2\n");
    scene.write("scalar.yaml", "just text\n");
    scene
        .stencil(["values", "--values", "a.json", "--values", "a.yaml"])
        .args(["--values", "gone.yaml", "--values", "scalar.yaml"])
        .run()
        .shows(
            "
            --- stderr ---
            error: expected a key in double quotes, found `}`
             --> a.json:3:1
              |
            3 | }
              | ^
            error: the key `c` stands twice
             --> a.yaml:4:3
              |
            4 |   c: 2
              |   ^
              = note: first at a.yaml:3:6
            error: `gone.yaml` does not exist
            error: the values are a string, not a map
             --> scalar.yaml:1:1
              |
            1 | just text
              | ^
            [exit status: 1]
            ",
        );
    scene
        .stencil(["values", "--values", "a.toml"])
        .run()
        .fails(1)
        .says("--> a.toml:2:1\n");
}

#[test]
fn a_wrong_argument_is_a_wrong_call() {
    for (arguments, message) in [
        (["--set", "b"], "error: --set `b`: expected `name=value`\n"),
        (
            ["--set", "b[0=1"],
            "error: --set `b[0=1`: `[` is never closed\n",
        ),
        (
            ["--set", "b[999999999]=1"],
            "error: --set `b[999999999]=1`: the index 999999999 is greater than 65536\n",
        ),
        (["--values", "a=1,b"], "error: `b` is not `name=value`\n"),
        (
            ["--set-file", "b"],
            "error: failed to read `--set-file b`: it is not NAME=FILE\n",
        ),
        (
            ["--set-json", "b={"],
            "error: expected a key in double quotes, found the end of the text\n",
        ),
    ] {
        let outcome = crate::render("", &arguments);
        assert!(
            outcome.fails(2).stderr().starts_with(message),
            "{}",
            outcome.stderr()
        );
    }
}

#[test]
fn where_a_value_comes_from_is_explained() {
    let scene = Scene::new();
    scene.write("base.yaml", "image:\n  tag: 1\n  name: app\n");
    scene.write("prod.yaml", "image:\n  tag: 2\n");
    scene
        .stencil([
            "values",
            "--explain",
            "--values",
            "base.yaml",
            "--values",
            "prod.yaml",
        ])
        .args(["--set", "image.tag=3", "--env-prefix", "APP_"])
        .env("APP_REPLICAS", "4")
        .run()
        .prints(
            "image.tag = 3 (--set image.tag=3)\n\
            \x20 overrides 2 (prod.yaml:2:8)\n\
            \x20 overrides 1 (base.yaml:2:8)\n\
             image.name = \"app\" (base.yaml:3:9)\n\
             replicas = \"4\" (environment APP_REPLICAS)\n",
        );
    scene.stencil(["values"]).run().prints("");
}

#[test]
fn values_that_nobody_uses_are_named() {
    let scene = Scene::new();
    scene.write("v.yaml", "image: {tag: 1, nmae: x}\nall: {a: 1}\n");
    let template = "{{ image.tag }} {{ all | json_encode }}\n";
    let call = |more: &[&str]| {
        let call = scene.stencil(["--values", "v.yaml"]).args(more);
        call.stdin(template).run()
    };
    call(&[]).prints("1 {\"a\":1}\n").says_nothing();
    call(&["-v"])
        .prints("1 {\"a\":1}\n")
        .says("v.yaml:1:23: `image.nmae` is used by no template\n");
    call(&["--strict-values"]).shows(
        "
        --- stderr ---
        error: v.yaml:1:23: `image.nmae` is used by no template
        [exit status: 1]
        ",
    );
}

#[test]
fn a_value_that_is_almost_what_a_template_asks_for_is_told_so() {
    let call = |template: &str, given: &str| {
        let scene = Scene::new();
        scene.write("part.in", "{{ deep }}");
        let call = scene.stencil(["--strict-values", "--set", given]);
        call.stdin(template).run()
    };
    call("{{ image?.tag | default(value=1) }}", "image.tga=1").shows(
        "
        --- stderr ---
        error: --set image.tga=1: `image.tga` is used by no template
        hint: did you mean `image.tag`?
        [exit status: 1]
        ",
    );
    // a template whose name is computed counts as well
    call(
        "{% set p = \"part\" %}{{ render_file(path=p ~ \".in\") }}\n",
        "deep=1",
    )
    .prints("1\n");
    call("{% set x = x | default(value=2) %}{{ x }}\n", "x=1").prints("1\n");
}
