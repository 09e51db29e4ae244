//! The same facts for programs, as docs/schema/stencil.json describes them.

use boon::{Compiler, Schemas};
use duat_tests::{Outcome, Scene};
use serde_json::Value;

const NAME: &str = "stencil.json";

/// Asserts that an answer is as documented: under its own name, and in the file as a whole.
#[track_caller]
fn check(definition: &str, outcome: &Outcome) {
    let text = outcome.stdout();
    assert_eq!(text.lines().count(), 1, "{text}");
    let answer: Value = serde_json::from_str(text).unwrap();
    for definition in [format!("#/$defs/{definition}"), String::new()] {
        let problem = problem(&definition, &answer);
        assert_eq!(problem, None, "{text}");
    }
}

/// Returns how an answer differs from the schema, in which every object has the documented
/// properties and no others.
fn problem(definition: &str, answer: &Value) -> Option<String> {
    let text = include_str!("../../../../docs/schema/stencil.json");
    let mut schema: Value = serde_json::from_str(text).unwrap();
    close(&mut schema);
    let mut compiler = Compiler::new();
    compiler.enable_format_assertions();
    compiler.add_resource(NAME, schema).unwrap();
    let mut schemas = Schemas::new();
    let location = format!("{NAME}{definition}");
    let index = compiler.compile(&location, &mut schemas).unwrap();
    let judged = schemas.validate(answer, index);
    judged.err().map(|error| format!("{error:#}"))
}

/// Forbids what a schema does not name: fields are added to the schema first.
fn close(schema: &mut Value) {
    match schema {
        Value::Object(keywords) => {
            keywords.values_mut().for_each(close);
            if keywords.get("properties").is_some_and(Value::is_object)
                && keywords.contains_key("type")
            {
                keywords.insert("additionalProperties".to_owned(), Value::Bool(false));
            }
        }
        Value::Array(parts) => parts.iter_mut().for_each(close),
        _ => {}
    }
}

#[test]
fn each_command_answers_as_documented() {
    let scene = Scene::new();
    scene.write("README.md", "<repo-version>1.2.3</repo-version>\n");
    scene.write(
        "a.in",
        "{% for item in list %}{{ item }}{{ x }}{% endfor %}{{ y }}\n",
    );
    scene.write("b.in", "b\n");
    scene.write("a.gotmpl", "{{ .x }}\n");
    scene.write("values.yaml", "x: 1\ny: 0\nlist: [a, b]\n");
    scene.write("local.toml", "x = 2\n");
    scene.write("secret", "s3cr3t\n");
    let json = |arguments: &[&str]| {
        let call = scene.stencil(arguments).arg("--json").env("APP__E", "5");
        call.run()
    };
    let values = [
        "--values",
        "values.yaml",
        "--values",
        "local.toml",
        "--set",
        "y=3",
        "--set-string",
        "z=4",
        "--env-prefix",
        "APP__",
        "--secret-file",
        "s=secret",
    ];
    let with_values = |arguments: &[&str]| json(&[arguments, &values[..]].concat());
    for arguments in [
        &["-i", "a.in"][..],
        &["-i", "a.in", "-o", "a", "-i", "b.in", "-o", "-"],
        &["-i", "a.in", "-o", "a", "-n"],
        &["-i", "a.gotmpl", "-o", "b"],
    ] {
        let outcome = with_values(arguments);
        outcome.succeeds();
        check("render", &outcome);
    }
    scene.write("in/c.in", "c\n");
    scene.write("out/left", "over\n");
    let outcome = json(&["--input-dir", "in", "--output-dir", "out", "--check"]);
    outcome.fails(8);
    check("render", &outcome);
    check("vars", with_values(&["vars", "a.in", "b.in"]).succeeds());
    let listed = with_values(&["values"]);
    check("values", listed.succeeds());
    assert!(
        listed.stdout().contains("\"overrides\""),
        "{}",
        listed.stdout()
    );
    assert!(!listed.stdout().contains("s3cr3t"), "{}", listed.stdout());
    check("functions", json(&["functions"]).succeeds());
    check(
        "functions",
        json(&["functions", "--dialect", "go"]).succeeds(),
    );
    check("eval", with_values(&["eval", "x + y"]).succeeds());
    let explained = with_values(&["explain", "a:1", "-i", "a.in"]);
    check("explain", explained.succeeds());
    assert!(
        explained.stdout().contains("\"variable\""),
        "{}",
        explained.stdout()
    );
}

#[test]
fn the_schema_refuses_what_it_should() {
    for wrong in [
        serde_json::json!({}),
        serde_json::json!({"value": 1}),
        serde_json::json!({"value": "1", "more": 2}),
        serde_json::json!({"outputs": [{"template": "a", "output": "b", "changed": true}], "stale": [], "dry_run": false}),
        serde_json::json!({"values": [{"path": "a", "value": "1", "origin": "nowhere"}]}),
    ] {
        assert!(problem("", &wrong).is_some(), "{wrong}");
    }
}

#[test]
fn what_was_written_and_what_was_printed() {
    let scene = Scene::new();
    scene.write("a.in", "a\n");
    scene.write("b.in", "b\n");
    let call = scene.stencil(["-i", "a.in", "-o", "a", "-i", "b.in", "-o", "-", "--json"]);
    call.clone().run().prints(
        "{\"outputs\":[{\"template\":\"a.in\",\"output\":\"a\",\"changed\":true,\"bytes\":2},\
         {\"template\":\"b.in\",\"output\":\"-\",\"text\":\"b\\n\",\"changed\":true,\"bytes\":2}],\
         \"stale\":[],\"dry_run\":false}\n",
    );
    let outcome = call.arg("-n").run();
    assert!(
        outcome.succeeds().stdout().starts_with(
            "{\"outputs\":[{\"template\":\"a.in\",\"output\":\"a\",\"changed\":false,"
        )
    );
}

#[test]
fn lists() {
    let scene = Scene::new();
    scene.write("a.in", "{{ x }}");
    scene.stencil(["vars", "a.in", "--json"]).run().prints(
        "{\"variables\":[{\"name\":\"x\",\"file\":\"a.in\",\"line\":1,\"column\":4,\"provided\":false,\"optional\":false}]}\n",
    );
    scene.stencil(["values", "--json", "--set", "x=1"]).run().prints(
        "{\"values\":[{\"path\":\"x\",\"value\":\"1\",\"origin\":{\"argument\":{\"option\":\"--set\",\"text\":\"x=1\"}}}]}\n",
    );
    scene
        .stencil(["eval", "1 + 1", "--json"])
        .run()
        .prints("{\"value\":\"2\"}\n");
    scene.stencil(["explain", "a:1", "-i", "a.in", "--set", "x=1", "--json"]).run().prints(
        "{\"output\":\"a\",\"line\":1,\"parts\":[{\"template\":\"a.in\",\"line\":1,\"column\":1,\"text\":\"{{ x }}\",\
         \"values\":[{\"name\":\"x\",\"value\":\"1\",\"origin\":\"--set x=1\"}]}]}\n",
    );
    let outcome = scene.stencil(["functions", "--json"]).run();
    assert!(
        outcome
            .succeeds()
            .stdout()
            .starts_with("{\"functions\":[{\"name\":")
    );
}

#[test]
fn github_actions_gets_the_facts() {
    let scene = Scene::new();
    let path = scene.path("github");
    let call = scene.stencil(["eval", "1 + 1", "--github-output"]);
    call.clone().env("GITHUB_OUTPUT", &path).run().prints("2\n");
    assert_eq!(scene.read("github"), "value=2\n");
    call.run().fails(2).says("`GITHUB_OUTPUT` is not set");
}
