//! What `.ci/package` renders for a release, with values of a sample.

#![expect(
    clippy::unwrap_used,
    reason = "a template that cannot be read or rendered has failed"
)]

use std::fs;
use std::path::Path;

use duat_tests::Scene;
use serde_json::{Value, json};

/// Renders a template of `.ci/packaging`.
#[track_caller]
fn render(name: &str, arguments: &[&str], input: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../.ci/packaging")
        .join(name);
    let scene = Scene::new();
    scene.write(name, fs::read(path).unwrap());
    let call = scene.stencil(["-i", name]).args(arguments).stdin(input);
    let outcome = call.run();
    outcome.succeeds().says_nothing();
    outcome.stdout().to_owned()
}

#[test]
fn the_sbom_names_what_is_built_in_and_nothing_else() {
    let package = |name: &str, version: &str, license: Option<&str>| json!({"name": name, "version": version, "license": license});
    let metadata = json!({"packages": [
        package("for-tests", "1.0.0", Some("MIT")),
        package("old", "1.0.0", Some("MIT/Apache-2.0")),
        package("older", "1.0.0", Some("Apache-2.0 / MIT")),
        package("bound", "0.1.0+1.9.7", Some("MIT OR Apache-2.0")),
        package("bound", "0.2.0", None),
        package("for-tests-too", "1.0.0", Some("MIT")),
    ]});
    let built = r#"built=["old@1.0.0", "older@1.0.0", "bound@0.1.0+1.9.7", "bound@0.2.0"]"#;
    let arguments = [
        "--values",
        "-",
        "--validate",
        "json",
        "--set-json",
        built,
        "--set",
        "version=1.2.3,commit=abc,target=x86_64-unknown-linux-musl,compiler=rustc 1.95.0",
    ];
    let sbom: Value =
        serde_json::from_str(&render("sbom.in", &arguments, &metadata.to_string())).unwrap();
    let component = |name: &str, version: &str, license: Option<&str>| {
        let url = format!("pkg:cargo/{name}@{}", version.replace('+', "%2B"));
        let mut component = json!({
            "type": "library", "bom-ref": &url, "name": name, "version": version, "purl": &url,
        });
        if let Some(license) = license {
            component["licenses"] = json!([{ "expression": license }]);
        }
        component
    };
    assert_eq!(
        sbom["components"],
        json!([
            component("old", "1.0.0", Some("MIT OR Apache-2.0")),
            component("older", "1.0.0", Some("Apache-2.0 OR MIT")),
            component("bound", "0.1.0+1.9.7", Some("MIT OR Apache-2.0")),
            component("bound", "0.2.0", None),
        ])
    );
    assert_eq!(
        sbom["metadata"]["component"],
        json!({"type": "application", "name": "duat", "version": "1.2.3", "properties": [
            {"name": "duat:commit", "value": "abc"},
            {"name": "duat:target", "value": "x86_64-unknown-linux-musl"},
            {"name": "duat:compiler", "value": "rustc 1.95.0"},
        ]})
    );
}

#[test]
fn the_control_file_has_a_line_for_each_field() {
    let arguments = [
        "--set-string",
        "version=1.2.3-rc.1",
        "--set",
        "architecture=amd64",
        "--set",
        "size=7",
    ];
    let control = render("control.in", &arguments, "");
    // what comes before the number has to sort before it
    assert!(control.starts_with("Package: duat\nVersion: 1.2.3~rc.1\nArchitecture: amd64\n"));
    assert!(control.contains("\nInstalled-Size: 7\n"));
    for line in control.lines() {
        let is_field = line
            .split_once(": ")
            .is_some_and(|(name, _)| !name.contains(' '));
        assert!(is_field || line.starts_with(' '), "{line:?}");
    }
}

#[test]
fn the_formula_asks_each_tool_for_its_version() {
    let arguments = [
        "--set-string",
        "version=1.2.3",
        "--set-string",
        "homepage=https://github.com/owner/tool",
        "--set-string",
        "url=https://example.com/a.tar.gz",
        "--set-string",
        "sha256=00",
        "--set-json",
        r#"tools=["semver","stencil"]"#,
    ];
    let formula = render("formula.in", &arguments, "");
    assert!(formula.starts_with("class Duat < Formula\n"));
    for line in [
        r#"  homepage "https://github.com/owner/tool""#,
        r#"  url "https://example.com/a.tar.gz""#,
        r#"  sha256 "00""#,
        r##"    assert_match version.to_s, shell_output("#{bin}/semver --version")"##,
        r##"    assert_match version.to_s, shell_output("#{bin}/stencil --version")"##,
    ] {
        assert!(formula.lines().any(|written| written == line), "{line}");
    }
    let opened = |word: &str| {
        formula
            .lines()
            .filter(|line| line.trim_start().starts_with(word))
            .count()
    };
    assert_eq!(
        opened("class ") + opened("def ") + opened("test do"),
        opened("end")
    );
}

#[test]
fn the_image_holds_the_tool_alone() {
    let arguments = [
        "--set",
        "tool=semver",
        "--set-string",
        "version=1.2.3",
        "--set-string",
        "commit=00ff",
    ];
    let file = render("Containerfile.in", &arguments, "");
    assert!(file.starts_with("FROM scratch\n"));
    assert!(file.contains("version=\"1.2.3\"") && file.contains("revision=\"00ff\""));
    assert!(file.ends_with("COPY semver /semver\nENTRYPOINT [\"/semver\"]\n"));
}
