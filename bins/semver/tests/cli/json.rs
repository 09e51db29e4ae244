//! `--json` is one object, as docs/schema/semver.json describes it, and says what the text says.

use boon::{Compiler, SchemaIndex, Schemas};
use duat_tests::{Outcome, Scene};
use serde_json::Value;

use crate::{INSTANT, repository};

const NAME: &str = "semver.json";

/// The schemas of the answers.
struct Documented {
    schemas: Schemas,
    compiler: Compiler,
}

impl Documented {
    fn new() -> Self {
        let text = include_str!("../../../../docs/schema/semver.json");
        let mut compiler = Compiler::new();
        compiler.enable_format_assertions();
        compiler
            .add_resource(NAME, serde_json::from_str(text).unwrap())
            .unwrap();
        Self {
            schemas: Schemas::new(),
            compiler,
        }
    }

    fn index(&mut self, definition: &str) -> SchemaIndex {
        let location = format!("{NAME}{definition}");
        self.compiler.compile(&location, &mut self.schemas).unwrap()
    }

    /// Asserts that an answer is as documented: under its own name, and in the file as a whole.
    /// Returns it.
    #[track_caller]
    fn check(&mut self, definition: &str, outcome: &Outcome) -> Value {
        let text = outcome.stdout();
        assert_eq!(text.lines().count(), 1, "{text}");
        let answer: Value = serde_json::from_str(text).unwrap();
        for definition in [format!("#/$defs/{definition}"), String::new()] {
            let index = self.index(&definition);
            let judged = self.schemas.validate(&answer, index);
            let problem = judged.err().map(|error| format!("{error:#}"));
            assert_eq!(problem, None, "{text}");
        }
        let documented: Value =
            serde_json::from_str(include_str!("../../../../docs/schema/semver.json")).unwrap();
        let properties = documented["$defs"][definition]["properties"]
            .as_object()
            .unwrap();
        let told: Vec<&String> = answer.as_object().unwrap().keys().collect();
        assert!(
            told.iter().all(|name| properties.contains_key(*name)),
            "{told:?}"
        );
        answer
    }
}

fn ground() -> Scene {
    let scene = repository("1.2.3");
    scene.write("VERSION", "1.2.3\n");
    scene.script(repository::TAGS);
    scene.git(["commit", "--quiet", "--allow-empty", "--message=feat: more"]);
    scene
}

/// Runs a command twice on the same ground: for its text, and for its JSON.
#[track_caller]
fn both(arguments: &[&str]) -> (Outcome, Outcome) {
    let run = |json: &[&str]| ground().semver(arguments).args(json).at(INSTANT).run();
    let (text, json) = (run(&[]), run(&["--json"]));
    assert_eq!(text.code(), json.code());
    assert_eq!(text.stderr(), json.stderr());
    (text, json)
}

#[test]
fn commands_that_print_a_version() {
    let mut documented = Documented::new();
    for arguments in [
        &["extract"][..],
        &["extract", "-p", "v"],
        &["-g", "extract"],
        &["major"],
        &["minor", "-t", "VERSION", "-p", "v"],
        &["patch", "-n"],
        &["-g", "patch", "--allow-lower"],
        &["pre"],
        &["pre", "--raw", "--branch=X"],
        &["rc"],
        &["release"],
        &["set", "2.0.0-a.b+c.d"],
        &["apply", "-t", "VERSION"],
        &["init"],
        &["init", "-f", "VERSION", "-n"],
    ] {
        let (text, json) = both(arguments);
        let answer = documented.check("change", &json);
        let printed = text.succeeds().stdout().trim_end();
        assert_eq!(answer["text"], printed, "{arguments:?}");
        let version = answer["version"].as_str().unwrap();
        assert!(printed.ends_with(version), "{arguments:?}");
        let mut whole = format!(
            "{}.{}.{}",
            answer["major"], answer["minor"], answer["patch"]
        );
        if let Some(prerelease) = answer["prerelease"].as_str() {
            whole = format!("{whole}-{prerelease}");
        }
        if let Some(build) = answer["build"].as_str() {
            whole = format!("{whole}+{build}");
        }
        assert_eq!(version, whole);
        assert_eq!(
            answer["dry_run"],
            arguments.contains(&"-n"),
            "{arguments:?}"
        );
    }
}

#[test]
fn what_was_changed_is_told() {
    let mut documented = Documented::new();
    let (_, json) = both(&["minor", "-t", "VERSION"]);
    let answer = documented.check("change", &json);
    assert_eq!(answer["previous"], "1.2.3");
    assert_eq!(answer["source"], "README.md");
    assert_eq!(
        answer["changed"],
        serde_json::json!(["VERSION", "README.md"])
    );
    let (_, json) = both(&["-g", "extract"]);
    let answer = documented.check("change", &json);
    assert_eq!(
        (&answer["tag"], &answer["source"]),
        (&"1.0.0-rc.1".into(), &Value::Null)
    );
    let (_, json) = both(&["release"]);
    assert_eq!(
        documented.check("change", &json)["changed"],
        serde_json::json!([])
    );
}

#[test]
fn check_tells_what_its_text_tells() {
    let mut documented = Documented::new();
    for arguments in [
        &["check"][..],
        &["check", "-t", "VERSION", "--tag=v1.2.3"],
        &["check", "--tag=v9.9.9"],
    ] {
        let (text, json) = both(arguments);
        let answer = documented.check("check", &json);
        assert_eq!(answer["agrees"], text.code() == Some(0));
        assert_eq!(answer["version"], "1.2.3");
    }
    let scene = ground();
    scene.write(
        "a.md",
        "x\n <repo-version>1.0.0</repo-version><repo-version></repo-version>",
    );
    let arguments = ["check", "-t", "a.md", "--tag=9.9.9"];
    let text = scene.semver(arguments).run();
    let answer = documented.check("check", &scene.semver(arguments).arg("--json").run());
    let told = answer["differences"].as_array().unwrap();
    assert_eq!(told.len(), text.stdout().lines().count());
    for (difference, line) in told.iter().zip(text.stdout().lines()) {
        if let Some(file) = difference["file"].as_str() {
            let place = format!("{file}:{}:{}: ", difference["line"], difference["column"]);
            assert!(line.starts_with(&place), "{line}");
        }
        let found = difference["found"].as_str().unwrap_or("empty");
        assert!(line.contains(found), "{line}");
    }
}

#[test]
fn answers_for_scripts() {
    let mut documented = Documented::new();
    let (text, json) = both(&["sort", "-g", "--rc"]);
    let answer = documented.check("sort", &json);
    let lines: Vec<&str> = text.stdout().lines().collect();
    assert_eq!(answer["versions"], serde_json::json!(lines));

    let (text, json) = both(&["compare", "v1", "2.0.0"]);
    let answer = documented.check("compare", &json);
    assert_eq!(format!("{}\n", answer["order"]), text.stdout());

    let (text, json) = both(&["max", "v1", "v2.0", "1.9.0"]);
    let answer = documented.check("max", &json);
    assert_eq!(
        format!("{}\n", answer["text"].as_str().unwrap()),
        text.stdout()
    );
    assert_eq!(answer["version"], "2.0.0");

    let (text, json) = both(&["validate", "1.0.0", "1.0", "x"]);
    let answer = documented.check("validate", &json);
    assert_eq!(answer["valid"], false);
    let problems = answer["texts"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|each| each["valid"] == false);
    let lines: Vec<String> = problems
        .map(|each| {
            format!(
                "{}: {}\n",
                each["text"].as_str().unwrap(),
                each["problem"].as_str().unwrap()
            )
        })
        .collect();
    assert_eq!(lines.concat(), text.stdout());

    let (text, json) = both(&["decode", "0.0.2-a-b-aaaagjecrgf"]);
    let answer = documented.check("decode", &json);
    for name in ["base", "slug", "instant"] {
        let line = format!("{name}: {}\n", answer[name].as_str().unwrap());
        assert!(text.stdout().contains(&line), "{line}");
    }
    assert_eq!(answer["seconds"], INSTANT);
}

#[test]
fn next_tells_which_commits_ask() {
    let mut documented = Documented::new();
    let (text, json) = both(&["next"]);
    let answer = documented.check("next", &json);
    assert_eq!(text.stdout(), "0.3.0\n");
    assert_eq!(answer["version"], "0.3.0");
    assert_eq!(answer["level"], "minor");
    assert_eq!(answer["tag"], "v0.2.0");
    assert_eq!(answer["asking"][0]["subject"], "feat: more");
    let (_, json) = both(&["next", "--apply", "-n"]);
    json.fails(3);
    let scene = ground();
    let json = scene.semver(["next", "--path=nowhere", "--json"]).run();
    assert_eq!(documented.check("next", &json)["level"], Value::Null);
}

#[test]
fn current_tells_what_is_seen() {
    let mut documented = Documented::new();
    let scene = ground();
    let text = scene.semver(["current"]).run();
    let json = scene.semver(["context", "--json"]).run();
    let answer = documented.check("current", &json);
    let git = &answer["git"];
    for (line, value) in [
        ("source", &answer["source"]),
        ("version", &answer["version"]),
        ("root", &git["root"]),
        ("head", &git["head"]),
        ("highest tag", &git["highest"]["name"]),
        ("remote", &git["remote"]["url"]),
        ("image", &answer["image"]),
    ] {
        let line = format!("{line}: {}\n", value.as_str().unwrap_or("none"));
        assert!(text.stdout().contains(&line), "{line} in {}", text.stdout());
    }
    assert!(text.stdout().contains(&format!(
        "branch: {} (",
        git["branch"]["name"].as_str().unwrap()
    )));
    let outside = Scene::new();
    let json = outside.semver(["current", "--json"]).run();
    assert_eq!(documented.check("current", &json)["git"], Value::Null);
}

#[test]
fn the_schema_refuses_what_it_should() {
    let mut documented = Documented::new();
    let index = documented.index("");
    for wrong in [
        serde_json::json!({}),
        serde_json::json!({"version": "1.2"}),
        serde_json::json!({"a": "1", "b": "2", "order": 2}),
    ] {
        assert!(
            documented.schemas.validate(&wrong, index).is_err(),
            "{wrong}"
        );
    }
}
