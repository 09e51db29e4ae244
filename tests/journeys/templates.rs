//! Templates that people really write: rendered by `stencil`, compared byte for byte with what is
//! committed beside them. `DUAT_BLESS=1 cargo test` writes them anew, for `git diff` to show.

#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a template that cannot be read, rendered or blessed has failed"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use duat_tests::{Scene, repository};
use serde_json::{Value, json};

/// Returns a scene that is a repository of its own and holds the files of a folder.
fn scene(folder: &str) -> Scene {
    let scene = Scene::new();
    scene.write("README.md", "<repo-version>1.4.0</repo-version>\n");
    scene.script(repository::MAIN);
    copy(&root().join(folder), "", &scene);
    scene
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("journeys/templates")
}

fn copy(folder: &Path, below: &str, scene: &Scene) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = format!("{below}{}", entry.file_name().to_str().unwrap());
        if entry.path().is_dir() {
            copy(&entry.path(), &format!("{name}/"), scene);
        } else {
            scene.write(name, fs::read(entry.path()).unwrap());
        }
    }
}

/// Renders `name.in` of a folder and compares it with `name` there.
#[track_caller]
fn check(folder: &str, name: &str, arguments: &[&str]) -> String {
    let scene = scene(folder);
    let template = format!("{name}.in");
    let call = scene.stencil(["-i", &template, "-o", "rendered"]);
    call.args(["--validate", "auto"])
        .args(arguments)
        .run()
        .prints("")
        .says_nothing();
    let rendered = scene.read("rendered");
    let path = root().join(folder).join(name);
    if std::env::var_os("DUAT_BLESS").is_some() {
        fs::write(&path, &rendered).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        rendered == expected,
        "{folder}/{name} is another:\n{rendered}\nhint: `DUAT_BLESS=1 cargo test -p duat-tests` writes it anew"
    );
    rendered
}

/// Asserts that every document of a YAML text can be read.
#[track_caller]
fn is_yaml(text: &str) {
    let scene = Scene::new();
    for document in text.split("---\n").filter(|text| !text.is_empty()) {
        let call = scene.stencil(["values", "--values", "-"]);
        let outcome = call.stdin(document).run();
        let empty = outcome.succeeds().stdout().is_empty();
        assert!(!empty, "nothing is in\n{document}");
    }
}

#[test]
fn a_dockerfile_of_many_stages() {
    let dockerfile = check("docker", "Dockerfile", &["--values", "values.toml"]);
    assert_eq!(dockerfile.matches("\nFROM ").count(), 3);
}

#[test]
fn a_deployment_of_several_apps() {
    let values = ["--values", "base.yaml", "--values", "prod.yaml"];
    let deployment = check(
        "kubernetes",
        "deploy.yaml",
        &[&values[..], &["--set-string", "image.tag=1.10"]].concat(),
    );
    is_yaml(&deployment);
}

#[test]
fn a_workflow_whose_braces_are_its_own() {
    is_yaml(&check(
        "actions",
        "release.yml",
        &["--values", "values.json"],
    ));
}

#[test]
fn rules_whose_braces_are_anothers() {
    let arguments = ["--values", "services.csv", "--delims", "[[ ]]"];
    is_yaml(&check("prometheus", "rules.yml", &arguments));
}

#[test]
fn a_configuration_that_extends_another() {
    check("inheritance", "site.conf", &["--values", "values.ini"]);
}

#[test]
fn a_line_of_the_deployment_is_explained() {
    let scene = scene("kubernetes");
    let values = ["--values", "base.yaml", "--values", "prod.yaml"];
    let call = scene.stencil(["explain", "deploy.yaml:22", "-i", "deploy.yaml.in"]);
    call.args(values)
        .args(["--set-string", "image.tag=1.10"])
        .run()
        .prints(
            "deploy.yaml.in:21:1:           image: \n\
             deploy.yaml.in:21:18: {{ image.registry }}\n\
            \x20 image.registry = \"registry.example.com/shop\" (base.yaml:3:13)\n\
             deploy.yaml.in:21:38: /\n\
             deploy.yaml.in:21:39: {{ app.name }}\n\
            \x20 app.name = apps[0].name = \"front\" (base.yaml:15:11)\n\
             deploy.yaml.in:21:53: :\n\
             deploy.yaml.in:21:54: {{ image.tag }}\n\
            \x20 image.tag = \"1.10\" (--set-string image.tag=1.10)\n",
        );
}

/// Returns what is proven of Go templates: the recorded cases per function, and what differs.
fn parity() -> Value {
    let engine = root().join("../../../crates/gotemplate/tests/engine/data");
    let read = |name: &str| fs::read_to_string(engine.join(name)).unwrap();
    let recording = read("corpus.jsonl");
    let cases: Vec<BTreeSet<String>> = recording
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .filter_map(|case| case["t"].as_str().map(words))
        .collect();
    let mut parity: Value = serde_json::from_str(&read("parity.json")).unwrap();
    for group in parity["groups"].as_array_mut().unwrap() {
        for function in group["functions"].as_array_mut().unwrap() {
            let name = function.as_str().unwrap();
            let count = cases.iter().filter(|words| words.contains(name)).count();
            assert!(count > 0, "no case names `{name}`");
            *function = json!({"name": name, "cases": count});
        }
    }
    parity["cases"] = cases.len().into();
    json!({ "parity": parity })
}

/// Returns the names in the actions of a Go template, those in strings and of fields aside.
fn words(template: &str) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    for action in template.split("{{").skip(1) {
        let mut quote = None;
        let mut word = String::new();
        for each in action.chars().chain([' ']) {
            match quote {
                Some(open) if each == open => quote = None,
                Some(_) => {}
                None if each.is_alphanumeric() || "_.$".contains(each) => word.push(each),
                None => {
                    words.insert(std::mem::take(&mut word));
                    quote = Some(each).filter(|each| "\"`".contains(*each));
                }
            }
        }
    }
    words
}

#[test]
fn the_tables_of_functions_are_those_of_the_program() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs");
    let scene = Scene::new();
    let functions = scene.stencil(["functions", "--json"]).run();
    scene.write("functions.json", functions.succeeds().stdout());
    scene.write("parity.json", parity().to_string());
    for name in ["templates.md.in", "templates.md"] {
        scene.write(name, fs::read(docs.join(name)).unwrap_or_default());
    }
    let call = scene.stencil(["-i", "templates.md.in", "-o", "templates.md"]);
    let call = call.args(["--values", "functions.json", "--values", "parity.json"]);
    if std::env::var_os("DUAT_BLESS").is_some() {
        call.clone().run().succeeds();
        fs::write(docs.join("templates.md"), scene.read("templates.md")).unwrap();
    }
    call.args(["--check", "--diff"])
        .run()
        .prints("")
        .says_nothing();
}
