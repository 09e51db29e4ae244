//! Outputs that are not what they should be, at the line of the template that made them.

use duat_tests::{Outcome, Scene};

/// Renders `template` to `output` under `--validate FORMAT`.
fn validate(template: &str, output: &str, format: &str, set: &[&str]) -> (Scene, Outcome) {
    let scene = Scene::new();
    scene.write("a.in", template);
    let call = scene.stencil(["-i", "a.in", "-o", output, "--validate", format]);
    let pairs = set.iter().flat_map(|pair| ["--set-json", pair]);
    let outcome = call.args(pairs.collect::<Vec<_>>()).run();
    (scene, outcome)
}

const PORTS: &str = "kind: x\nports:\n{% for p in ports %}\n  {{ p }}: open\n{%- endfor %}\n";

#[test]
fn a_key_of_yaml_that_stands_twice_is_told_at_the_template() {
    for (output, format) in [("out.yaml", "yaml"), ("out.yaml", "auto"), ("out", "yaml")] {
        let (scene, outcome) = validate(PORTS, output, format, &["ports=[80,443,80]"]);
        outcome.shows(&format!(
            "
        --- stderr ---
        error: the output is not valid: the key `80` stands twice
         --> a.in:4:3
          |
        4 |   {{{{ p }}}}: open
          |   ^^^^^^^
          = note: line 6 of {output} is `80: open`
          = note: first at {output}:4:7
        [exit status: 1]
        "
        ));
        assert!(!scene.path(output).exists());
    }
    let (scene, outcome) = validate(PORTS, "out.yaml", "auto", &["ports=[80,443]"]);
    outcome.prints("").says_nothing();
    assert!(scene.path("out.yaml").exists());
}

#[test]
fn a_name_that_tells_nothing_is_not_checked_unless_told_how() {
    let (scene, outcome) = validate(PORTS, "out.txt", "auto", &["ports=[80,80]"]);
    outcome.prints("").says_nothing();
    assert!(scene.path("out.txt").exists());
}

#[test]
fn json_and_toml_are_checked_too() {
    let json = "{\"a\": 1,\n \"b\": 2 {{ more }}}\n";
    for format in ["json", "auto"] {
        let (scene, outcome) = validate(json, "o.json", format, &["more=\"x\""]);
        outcome.shows(
            "
        --- stderr ---
        error: the output is not valid: expected `,` or `}`, found `x`
         --> a.in:2:9
          |
        2 |  \"b\": 2 {{ more }}}
          |         ^^^^^^^^^^
          = note: line 2 of o.json is `\"b\": 2 x}`
        [exit status: 1]
        ",
        );
        assert!(!scene.path("o.json").exists());
    }
    let (_, outcome) = validate(json, "o.json", "json", &["more=\", \\\"a\\\": 3\""]);
    outcome
        .fails(1)
        .says("the key `a` stands twice\n --> a.in:2:9\n");
    let toml = "a = {{ a }}\n\nb = 1\na = 2\n";
    for format in ["toml", "auto"] {
        let (scene, outcome) = validate(toml, "o.toml", format, &["a=1"]);
        outcome.shows(
            "
        --- stderr ---
        error: the output is not valid: it is not TOML: duplicate key
         --> a.in:4:1
          |
        4 | a = 2
          | ^^^^^
          = note: line 4 of o.toml is `a = 2`
        [exit status: 1]
        ",
        );
        assert!(!scene.path("o.toml").exists());
    }
}

#[test]
fn every_wrong_instruction_of_a_dockerfile_is_told() {
    let dockerfile = "FROM alpine\n\n{{ word }} apk add git\nEXPOSE {{ port }}\n";
    for format in ["dockerfile", "auto"] {
        let (scene, outcome) = validate(
            dockerfile,
            "Dockerfile",
            format,
            &["word=\"RUNN\"", "port=99999"],
        );
        outcome.shows(
            "
        --- stderr ---
        error: the output is not valid: `RUNN` is not an instruction of a Dockerfile
         --> a.in:3:1
          |
        3 | {{ word }} apk add git
          | ^^^^^^^^^^
          = note: line 3 of Dockerfile is `RUNN apk add git`
        hint: did you mean `RUN`?
        error: the output is not valid: `99999` is not a port
         --> a.in:4:1
          |
        4 | EXPOSE {{ port }}
          | ^^^^^^^
          = note: line 4 of Dockerfile is `EXPOSE 99999`
        [exit status: 1]
        ",
        );
        assert!(!scene.path("Dockerfile").exists());
    }
}

#[test]
fn one_bad_output_of_several_keeps_all_from_being_written() {
    let scene = Scene::new();
    scene.write("good.in", "a: 1\n");
    scene.write("bad.in", "a: 1\na: 2\n");
    let call = scene.stencil([
        "-i",
        "good.in",
        "-o",
        "good.yaml",
        "-i",
        "bad.in",
        "-o",
        "bad.yaml",
    ]);
    call.args(["--validate", "auto"])
        .run()
        .fails(1)
        .says("the key `a` stands twice\n --> bad.in:2:1\n");
    assert!(!scene.path("good.yaml").exists() && !scene.path("bad.yaml").exists());
}

#[test]
fn values_that_do_not_fit_their_schema_are_told_in_their_files() {
    let scene = Scene::new();
    scene.write("a.in", "{{ image.tag }}\n");
    scene.write("v.yaml", "image:\n  tag: 1\nreplicas: two\nextra: 1\n");
    scene.write(
        "schema.json",
        r#"{
  "type": "object",
  "required": ["name"],
  "properties": {
    "name": {},
    "replicas": { "type": "integer" },
    "image": { "properties": { "tag": { "type": "string" } } }
  },
  "additionalProperties": false
}"#,
    );
    let call = scene.stencil(["-i", "a.in", "-o", "a", "--schema", "schema.json"]);
    call.clone().args(["--values", "v.yaml"]).run().shows(
        "
        --- stderr ---
        error: the whole lacks `name`
        error: `image.tag` must be string, not integer
         --> v.yaml:2:8
          |
        2 |   tag: 1
          |        ^
        error: `replicas` must be integer, not string
         --> v.yaml:3:11
          |
        3 | replicas: two
          |           ^^^
        error: `extra` is not a known value
         --> v.yaml:4:8
          |
        4 | extra: 1
          |        ^
        [exit status: 1]
        ",
    );
    assert!(!scene.path("a").exists());
    // a later layer that mends it, and one that breaks it
    let mended = [
        "--values",
        "v.yaml",
        "--set",
        "extra=null,name=x,replicas=2",
    ];
    let call = call.args(mended);
    call.clone().args(["--set", "image.tag=7"]).run().shows(
        "
        --- stderr ---
        error: `image.tag` must be string, not integer
          = note: it comes from --set image.tag=7
        [exit status: 1]
        ",
    );
    call.args(["--set-string", "image.tag=7"])
        .run()
        .says_nothing();
    assert_eq!(scene.read("a"), "7\n");
}

#[test]
fn a_schema_that_cannot_be_used_is_told() {
    let scene = Scene::new();
    scene.write("typo.json", "{\"tpye\": \"object\"}");
    let call = |schema: &str| {
        let call = scene.stencil(["--schema", schema]);
        call.stdin("x\n").run()
    };
    call("none.json")
        .fails(5)
        .says("error: `none.json` does not exist\n");
    call("typo.json")
        .fails(1)
        .says("error: the keyword `tpye` is not understood\n --> typo.json:1:10\n")
        .says("hint: did you mean `type`?\n");
}
