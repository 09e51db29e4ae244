//! Who may import whom, and what a small tool must not drag along.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

use crate::tree;

/// What each of our crates may import of ours. The tools may import every crate, and no tool.
const ARROWS: &[(&str, &[&str])] = &[
    ("duat", &[]),
    ("gotemplate", &[]),
    ("duat-registry", &[]),
    ("duat-shell", &["duat"]),
    ("duat-template", &["duat", "gotemplate"]),
    ("duat-ecr", &["duat-registry"]),
];

/// What a tool must not reach, by the beginning of the crate's name.
const BANS: &[(&str, &[&str])] = &[
    (
        "duat-semver",
        &[
            "tokio",
            "rustls",
            "reqwest",
            "hyper",
            "openssl",
            "native-tls",
            "aws-",
            "octocrab",
            "tera",
        ],
    ),
    ("duat-stencil", &["octocrab"]),
];

/// The only crate that names the AWS SDK; tools reach it through this one.
const AWS_ROOM: &str = "duat-ecr";

#[test]
fn crates_import_downwards_only() {
    let packages = packages();
    let mut found = Vec::new();
    for (name, package) in &packages {
        let allowed: Vec<&str> = if package.folder.starts_with("bins/") {
            ARROWS.iter().map(|(name, _)| *name).collect()
        } else if package.folder == "tests" {
            packages.keys().map(String::as_str).collect()
        } else {
            ARROWS
                .iter()
                .find(|(known, _)| known == name)
                .unwrap_or_else(|| panic!("{name} has no line in ARROWS of {}", file!()))
                .1
                .to_vec()
        };
        for import in &package.imports {
            if packages.contains_key(import) && !allowed.contains(&import.as_str()) {
                found.push(format!("{name} imports {import}"));
            }
        }
    }
    tree::none_of("against the arrows of the architecture", &found);
}

#[test]
fn no_tool_drags_along_what_it_does_not_need() {
    let packages = packages();
    let mut found = Vec::new();
    for (tool, bans) in BANS.iter().filter(|(tool, _)| packages.contains_key(*tool)) {
        for path in paths_from(tool) {
            let last = path.last().map(String::as_str).unwrap_or_default();
            if bans.iter().any(|ban| last.starts_with(ban)) {
                found.push(path.join(" -> "));
            }
        }
    }
    tree::none_of("reached, and by whom", &found);
}

#[test]
fn only_one_crate_names_the_cloud() {
    let mut found = Vec::new();
    for (name, package) in packages() {
        for import in &package.imports {
            if name != AWS_ROOM && import.starts_with("aws-") {
                found.push(format!("{name} imports {import}"));
            }
        }
    }
    tree::none_of(&format!("only {AWS_ROOM} imports the AWS SDK"), &found);
}

#[test]
fn every_room_is_a_member_of_the_workspace() {
    let packages = packages();
    let folders: BTreeSet<&str> = packages
        .values()
        .map(|package| package.folder.as_str())
        .collect();
    let mut found = Vec::new();
    for manifest in tree::files_in("", "/Cargo.toml") {
        let folder = manifest.trim_end_matches("/Cargo.toml");
        let is_room = folder == "tests"
            || folder
                .strip_prefix("crates/")
                .or_else(|| folder.strip_prefix("bins/"))
                .is_some_and(|name| !name.contains('/'));
        if is_room && !folders.contains(folder) {
            found.push(format!("{folder} is no member of the workspace"));
        }
    }
    for (name, package) in &packages {
        let place = package.folder.rsplit('/').next().unwrap_or_default();
        if name != place && *name != format!("duat-{place}") {
            found.push(format!(
                "the package in {} is called {name}, not duat-{place}",
                package.folder
            ));
        }
    }
    tree::none_of("members of the workspace", &found);
}

/// One of our packages.
struct Package {
    /// Relative to the root.
    folder: String,
    /// The packages its manifest names for more than tests and build scripts, optional ones too.
    imports: BTreeSet<String>,
}

/// Returns our packages by name: all that exist.
fn packages() -> BTreeMap<String, Package> {
    let output = cargo(&["metadata", "--format-version=1", "--no-deps", "--offline"]);
    let metadata: Value = serde_json::from_str(&output).expect("cargo metadata prints JSON");
    let root = text(&metadata["workspace_root"]);
    let packages = list(&metadata["packages"]).map(|package| {
        let folder = text(&package["manifest_path"])
            .trim_start_matches(root)
            .trim_end_matches("Cargo.toml")
            .replace('\\', "/");
        let imports = list(&package["dependencies"])
            .filter(|dependency| dependency["kind"].is_null())
            .map(|dependency| text(&dependency["name"]).to_owned());
        let package_of = Package {
            folder: folder.trim_matches('/').to_owned(),
            imports: imports.collect(),
        };
        (text(&package["name"]).to_owned(), package_of)
    });
    packages.collect()
}

/// Returns the path to each package that ends up in a tool, from the tool down, with the features it
/// is released with: those it gets when it is built alone.
fn paths_from(tool: &str) -> Vec<Vec<String>> {
    paths(&cargo(&[
        "tree",
        "--offline",
        "--locked",
        "--package",
        tool,
        "--edges=normal",
        "--prefix=depth",
        "--format= {p}",
    ]))
}

/// Reads what `cargo tree` prints: `<depth> <name> v<version> …`, each below its parent.
fn paths(tree: &str) -> Vec<Vec<String>> {
    let mut path: Vec<String> = Vec::new();
    let mut paths = Vec::new();
    for line in tree.lines().filter(|line| !line.is_empty()) {
        let mut words = line.split(' ');
        let depth = words.next().and_then(|depth| depth.parse().ok());
        let depth: usize = depth.unwrap_or_else(|| panic!("no line of `cargo tree`: {line}"));
        path.truncate(depth);
        path.push(words.next().unwrap_or_default().to_owned());
        paths.push(path.clone());
    }
    paths
}

fn cargo(arguments: &[&str]) -> String {
    let output = Command::new(option_env!("CARGO").unwrap_or("cargo"))
        .args(arguments)
        .current_dir(tree::root())
        .output()
        .expect("cargo can be run");
    assert!(
        output.status.success(),
        "cargo {}: {}",
        arguments.join(" "),
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> &str {
    value.as_str().expect("cargo metadata has a text there")
}

#[test]
fn a_path_names_who_pulled_it_in() {
    let tree = "0 duat-semver v0.1.0 (here)\n1 clap v4.6.0\n1 duat v0.1.0 (there)\n\
                2 middleman v1.0.0\n3 tokio v1.0.0\n2 semver v1.0.0\n1 duat-shell v0.1.0\n2 duat v0.1.0 (*)\n";
    let paths: Vec<String> = paths(tree).iter().map(|path| path.join(" -> ")).collect();
    assert_eq!(paths.len(), 8);
    assert_eq!(paths[4], "duat-semver -> duat -> middleman -> tokio");
    assert_eq!(paths[7], "duat-semver -> duat-shell -> duat");
}

#[test]
fn the_library_reaches_what_its_manifest_names() {
    let paths = paths_from("duat");
    assert!(paths.contains(&vec!["duat".to_owned(), "semver".to_owned()]));
}
