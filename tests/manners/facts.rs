//! What the tools print for programs, by their schemas.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use duat_tests::{Scene, TOOLS, repository};
use serde_json::Value;

/// Fields that are of one kind in one tool and of another in another one, each for its reason.
const OF_THEIR_OWN: [(&str, &str); 3] = [
    (
        "changed",
        "the files, where the tool edits some; elsewhere whether there is a difference",
    ),
    (
        "prerelease",
        "the text of a version's; of a release whether it is one",
    ),
    ("file", "a path; in an origin the file with the place in it"),
];

/// Returns each field of a tool's schema with the types that it has there.
fn fields(tool: &str) -> BTreeMap<String, BTreeSet<String>> {
    let place = format!("{}/../docs/schema/{tool}.json", env!("CARGO_MANIFEST_DIR"));
    let schema: Value = serde_json::from_slice(&fs::read(Path::new(&place)).unwrap()).unwrap();
    let mut fields = BTreeMap::new();
    collect(&schema, &schema, &mut fields);
    fields
}

fn collect(root: &Value, schema: &Value, fields: &mut BTreeMap<String, BTreeSet<String>>) {
    match schema {
        Value::Object(map) => {
            for (name, property) in map
                .get("properties")
                .and_then(Value::as_object)
                .into_iter()
                .flatten()
            {
                fields
                    .entry(name.clone())
                    .or_default()
                    .extend(types(root, property));
            }
            map.values().for_each(|inner| collect(root, inner, fields));
        }
        Value::Array(items) => items.iter().for_each(|inner| collect(root, inner, fields)),
        _ => {}
    }
}

/// Returns the types that a schema allows, as JSON has them; null goes with each.
fn types(root: &Value, schema: &Value) -> BTreeSet<String> {
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        let inner = root.pointer(reference.trim_start_matches('#'));
        return types(root, inner.expect(reference));
    }
    let kind = |value: &Value| match value {
        Value::String(_) => "string",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "integer",
        _ => "null",
    };
    let mut found = BTreeSet::new();
    match schema.get("type") {
        Some(Value::String(name)) => {
            found.insert(name.clone());
        }
        Some(Value::Array(names)) => {
            found.extend(names.iter().filter_map(Value::as_str).map(str::to_owned));
        }
        _ => {}
    }
    found.extend(schema.get("const").map(|value| kind(value).to_owned()));
    for value in schema
        .get("enum")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        found.insert(kind(value).to_owned());
    }
    for choice in ["oneOf", "anyOf"] {
        for inner in schema
            .get(choice)
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            found.extend(types(root, inner));
        }
    }
    if schema.get("properties").is_some() {
        found.insert("object".to_owned());
    }
    found.remove("null");
    found
}

#[test]
fn a_field_is_of_one_kind_in_all_tools() {
    let mut kinds: BTreeMap<String, BTreeMap<&str, BTreeSet<String>>> = BTreeMap::new();
    for tool in TOOLS {
        for (name, types) in fields(tool) {
            if !types.is_empty() {
                kinds.entry(name).or_default().insert(tool, types);
            }
        }
    }
    assert!(kinds.len() > 50, "only {} fields were found", kinds.len());
    let differ = |tools: &BTreeMap<_, BTreeSet<String>>| {
        tools
            .values()
            .any(|types| Some(types) != tools.values().next())
    };
    kinds.retain(|_, tools| differ(tools));
    for (name, reason) in OF_THEIR_OWN {
        assert!(
            kinds.remove(name).is_some(),
            "`{name}` is of one kind: {reason}"
        );
    }
    assert!(kinds.is_empty(), "{kinds:#?}");
}

#[test]
fn fields_are_written_in_one_way() {
    for tool in TOOLS {
        for name in fields(tool).into_keys() {
            let legal =
                |each: char| each.is_ascii_lowercase() || each.is_ascii_digit() || each == '_';
            assert!(name.chars().all(legal), "{tool}: {name}");
        }
    }
}

#[test]
fn the_answer_is_one_object_on_one_line() {
    let scene = Scene::new();
    scene.write("README.md", "<repo-version>1.2.3</repo-version>\n");
    scene.script(repository::MAIN);
    scene.write("t.in", "{{ duat.version }}\n");
    for call in [
        scene.semver(["extract", "--json"]),
        scene.semver(["current", "--json"]),
        scene.semver(["sort", "--json", "1.0.0", "0.1.0"]),
        scene.semver(["compare", "--json", "1.0.0", "0.1.0"]),
        scene.semver(["decode", "--json", "1.2.3-x-aaaagjecrgf"]),
        scene.stencil(["eval", "duat.version", "--json"]),
        scene.stencil(["vars", "t.in", "--json"]),
        scene.stencil(["functions", "--json"]),
        scene.stencil(["values", "--set", "a=1", "--json"]),
        scene.stencil(["-i", "t.in", "--json"]),
    ] {
        let outcome = call.run();
        let text = outcome.succeeds().stdout();
        let line = text.strip_suffix('\n').unwrap();
        assert!(!line.contains('\n'), "{text}");
        assert!(
            serde_json::from_str::<Value>(line).unwrap().is_object(),
            "{text}"
        );
    }
}

#[test]
fn every_tool_tells_its_version_alike() {
    let scene = Scene::new();
    let version = env!("CARGO_PKG_VERSION");
    for tool in TOOLS {
        for flag in ["--version", "-V", "-version"] {
            let outcome = scene.tool(tool).arg(flag).run();
            let text = outcome.succeeds().says_nothing().stdout();
            let rest = text
                .strip_prefix(&format!("{tool} {version}"))
                .unwrap_or_else(|| panic!("{text}"));
            // the commit and its date, where there was git to ask
            let rest = rest.strip_suffix('\n').unwrap();
            let built = rest
                .strip_prefix(" (")
                .and_then(|rest| rest.strip_suffix(')'));
            let (hash, date) = built
                .and_then(|built| built.split_once(' '))
                .unwrap_or(("0", "2000-01-01"));
            assert!(hash.bytes().all(|byte| byte.is_ascii_hexdigit()), "{text}");
            assert_eq!(
                date.split('-').map(str::len).collect::<Vec<_>>(),
                [4, 2, 2],
                "{text}"
            );
        }
    }
}
