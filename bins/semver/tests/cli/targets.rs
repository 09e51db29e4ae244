//! Every kind of file, each beside a dependency of the same number.

use std::path::Path;

use duat_tests::Scene;

use crate::{carries, repository, scene};

/// Carries `1.2.3` to `1.3.0` through one target and asserts what it holds afterwards.
#[track_caller]
fn check(name: &str, before: &str, after: &str) {
    let scene = scene("1.2.3");
    scene.write(name, before);
    scene
        .semver(["minor", "-t", name])
        .run()
        .prints("1.3.0\n")
        .says_nothing();
    assert_eq!(scene.read(name), after);
    carries(&scene, "1.3.0");
    scene.semver(["check", "-t", name]).run().prints("1.3.0\n");
}

#[test]
fn markdown() {
    check(
        "docs/CHANGES.md",
        "`<repo-version>1.2.3</repo-version>` 1.2.3 <repo-version>1.2.3</repo-version>\n```\n<repo-version>1.2.3</repo-version>\n```\n",
        "`<repo-version>1.2.3</repo-version>` 1.2.3 <repo-version>1.3.0</repo-version>\n```\n<repo-version>1.2.3</repo-version>\n```\n",
    );
}

#[test]
fn html() {
    check(
        "index.html",
        "<!-- <repo-version>1.2.3</repo-version> --><p>1.2.3 <repo-version>v1.2.3</repo-version></p>",
        "<!-- <repo-version>1.2.3</repo-version> --><p>1.2.3 <repo-version>v1.3.0</repo-version></p>",
    );
}

#[test]
fn asciidoc() {
    check(
        "guide.adoc",
        "= Guide\n:Revision: 1.2.3  \n\nwrite `:Revision: 1.2.3`\n----\n:Revision: 1.2.3\n----\n",
        "= Guide\n:Revision: 1.3.0  \n\nwrite `:Revision: 1.2.3`\n----\n:Revision: 1.2.3\n----\n",
    );
}

#[test]
fn version_file() {
    check("VERSION", "\tv1.2.3\r\n", "\tv1.3.0\r\n");
    check("sub/VERSION", "1.2.3", "1.3.0");
}

#[test]
fn package_json() {
    check(
        "package.json",
        "{\n\t\"name\": \"a\", \"dependencies\": { \"b\": \"1.2.3\", \"version\": \"1.2.3\" },\n\t\"version\" : \"1.2.3\"}",
        "{\n\t\"name\": \"a\", \"dependencies\": { \"b\": \"1.2.3\", \"version\": \"1.2.3\" },\n\t\"version\" : \"1.3.0\"}",
    );
}

#[test]
fn package_lock_follows_package_json() {
    let scene = scene("1.2.3");
    scene.write(
        "package.json",
        "{ \"name\": \"a\", \"version\": \"1.2.3\" }\n",
    );
    let lock = "{\n  \"name\": \"a\",\n  \"version\": \"1.2.3\",\n  \"lockfileVersion\": 2,\n  \"packages\": {\n    \
                \"\": { \"name\": \"a\", \"version\": \"1.2.3\", \"dependencies\": { \"b\": \"1.2.3\" } },\n    \
                \"node_modules/b\": { \"version\": \"1.2.3\" }\n  },\n  \"dependencies\": { \"b\": { \"version\": \"1.2.3\" } }\n}\n";
    for name in ["package-lock.json", "npm-shrinkwrap.json"] {
        scene.write(name, lock);
    }
    scene
        .semver(["patch", "-t", "package.json"])
        .run()
        .prints("1.2.4\n");
    let moved = lock.replacen("\"version\": \"1.2.3\"", "\"version\": \"1.2.4\"", 2);
    assert_eq!(scene.read("package-lock.json"), moved);
    assert_eq!(scene.read("npm-shrinkwrap.json"), moved);
    assert_eq!(
        scene.read("package.json"),
        "{ \"name\": \"a\", \"version\": \"1.2.4\" }\n"
    );
}

#[test]
fn pyproject() {
    check(
        "pyproject.toml",
        "[build-system]\nrequires = ['x==1.2.3']\n[project] # 1.2.3\nname = 'a'\nversion = '1.2.3' # here\ndependencies = ['b==1.2.3']\n[tool.poetry]\nversion = \"1.2.3\"\n[tool.other]\nversion = '1.2.3'\n",
        "[build-system]\nrequires = ['x==1.2.3']\n[project] # 1.2.3\nname = 'a'\nversion = '1.3.0' # here\ndependencies = ['b==1.2.3']\n[tool.poetry]\nversion = \"1.3.0\"\n[tool.other]\nversion = '1.2.3'\n",
    );
}

#[test]
fn chart() {
    check(
        "charts/app/Chart.yaml",
        "apiVersion: v2\nname: app # version: 1.2.3\nversion: 1.2.3\nappVersion: \"1.2.3\"\ndependencies:\n  - name: redis\n    version: 1.2.3\n",
        "apiVersion: v2\nname: app # version: 1.2.3\nversion: 1.3.0\nappVersion: \"1.3.0\"\ndependencies:\n  - name: redis\n    version: 1.2.3\n",
    );
}

#[test]
fn pom() {
    check(
        "pom.xml",
        "<project>\n  <parent><version>1.2.3</version></parent>\n  <!-- <version>1.2.3</version> -->\n  <version>1.2.3</version>\n  <dependencies><dependency><version>1.2.3</version></dependency></dependencies>\n</project>\n",
        "<project>\n  <parent><version>1.2.3</version></parent>\n  <!-- <version>1.2.3</version> -->\n  <version>1.3.0</version>\n  <dependencies><dependency><version>1.2.3</version></dependency></dependencies>\n</project>\n",
    );
}

#[test]
fn gradle_properties() {
    check(
        "gradle.properties",
        "#version=1.2.3\nlib.version=1.2.3\nversion = 1.2.3\nversionCode=1.2.3\n",
        "#version=1.2.3\nlib.version=1.2.3\nversion = 1.3.0\nversionCode=1.2.3\n",
    );
}

#[test]
fn annotated_lines() {
    check(
        "install.sh",
        "dep=1.2.3\nv=1.2.3 # x-release-please-version\nurl=app-1.2.3-linux.tar.gz # x-release-please-version\n",
        "dep=1.2.3\nv=1.3.0 # x-release-please-version\nurl=app-1.3.0-linux.tar.gz # x-release-please-version\n",
    );
}

#[test]
fn cargo_manifest() {
    check(
        "Cargo.toml",
        "[package]\nname = \"a\"\nversion = \"1.2.3\" # ours\nrust-version = \"1.2.3\"\n[dependencies]\nb = \"1.2.3\"\nc = { version = \"1.2.3\" }\n",
        "[package]\nname = \"a\"\nversion = \"1.3.0\" # ours\nrust-version = \"1.2.3\"\n[dependencies]\nb = \"1.2.3\"\nc = { version = \"1.2.3\" }\n",
    );
}

/// A workspace: a root without a package, members that inherit, one that does not, a path
/// dependency with a version, and a stranger of the same number from a registry in the lock file.
fn workspace(scene: &Scene) {
    scene.write(
        "Cargo.toml",
        "[workspace]\nmembers = [\"crates/*\"]\nresolver = \"2\"\n\n[workspace.package]\nversion = \"1.2.3\" # moves\n\n\
         [workspace.dependencies]\none = { path = \"crates/one\", version = \"1.2.3\" }\nown = { path = \"crates/own\", version = \"1.2.3\" }\n",
    );
    let inheriting = "version.workspace = true\nedition = \"2021\"\n";
    scene.write(
        "crates/one/Cargo.toml",
        format!("[package]\nname = \"one\"\n{inheriting}"),
    );
    scene.write(
        "crates/two/Cargo.toml",
        format!("[package]\nname = \"two\"\n{inheriting}\n[dependencies]\none.workspace = true\nown.workspace = true\n"),
    );
    scene.write(
        "crates/own/Cargo.toml",
        "[package]\nname = \"own\"\nversion = \"1.2.3\"\nedition = \"2021\"\n",
    );
    for name in ["one", "two", "own"] {
        scene.write(format!("crates/{name}/src/lib.rs"), "");
    }
}

/// Asks Cargo about the workspace, without letting it write the lock file or use the network.
#[track_caller]
fn cargo_accepts(scene: &Scene) -> String {
    let cargo = env!("CARGO");
    let home = std::env::var_os("CARGO_HOME").unwrap_or_else(|| scene.path("../cargo-home").into());
    let mut call = scene
        .command(cargo)
        .args([
            "metadata",
            "--locked",
            "--offline",
            "--no-deps",
            "--format-version=1",
        ])
        .env("CARGO_HOME", home);
    if let Some(rustup) = rustup_home() {
        call = call.env("RUSTUP_HOME", rustup);
    }
    call.run().succeeds().stdout().to_owned()
}

/// Where rustup, if Cargo comes from it, keeps its toolchains; a scene has a home of its own.
fn rustup_home() -> Option<std::path::PathBuf> {
    std::env::var_os("RUSTUP_HOME").map(Into::into).or_else(|| {
        let home = std::env::home_dir()?.join(".rustup");
        Path::new(&home).exists().then_some(home)
    })
}

#[test]
fn a_cargo_workspace_moves_as_one_and_cargo_accepts_its_lock_file() {
    let scene = repository("1.2.3");
    workspace(&scene);
    let lock = "# This file is automatically @generated by Cargo.\n# It is not intended for manual editing.\nversion = 3\n\n\
                [[package]]\nname = \"one\"\nversion = \"1.2.3\"\n\n[[package]]\nname = \"own\"\nversion = \"1.2.3\"\n\n\
                [[package]]\nname = \"two\"\nversion = \"1.2.3\"\ndependencies = [\n \"one\",\n \"own\",\n]\n";
    scene.write("Cargo.lock", lock);
    cargo_accepts(&scene);
    let manifest = scene.read("Cargo.toml");
    let outcome = scene.semver(["minor", "-t", "Cargo.toml", "-v"]).run();
    outcome
        .prints("1.3.0\n")
        .says("`Cargo.lock` gets `1.3.0`\n");
    assert_eq!(
        scene.read("Cargo.toml"),
        manifest
            .replace("version = \"1.2.3\" # moves", "version = \"1.3.0\" # moves")
            .replace(
                "crates/one\", version = \"1.2.3\"",
                "crates/one\", version = \"1.3.0\""
            )
    );
    let moved = lock
        .replace(
            "name = \"one\"\nversion = \"1.2.3\"",
            "name = \"one\"\nversion = \"1.3.0\"",
        )
        .replace(
            "name = \"two\"\nversion = \"1.2.3\"",
            "name = \"two\"\nversion = \"1.3.0\"",
        );
    assert_eq!(scene.read("Cargo.lock"), moved);
    let metadata = cargo_accepts(&scene);
    assert!(
        metadata.contains("\"name\":\"two\",\"version\":\"1.3.0\""),
        "{metadata}"
    );
    assert!(
        metadata.contains("\"name\":\"own\",\"version\":\"1.2.3\""),
        "{metadata}"
    );
}

#[test]
fn a_stranger_of_the_same_name_and_number_in_cargo_lock_stays() {
    let scene = scene("1.2.3");
    scene.write(
        "Cargo.toml",
        "[package]\nname = \"app\"\nversion = \"1.2.3\"\n",
    );
    let stranger = "[[package]]\nname = \"app\"\nversion = \"1.2.3\"\nsource = \"registry+https://example.com\"\n\n\
                    [[package]]\nname = \"dep\"\nversion = \"1.2.3\"\nsource = \"registry+https://example.com\"\n";
    scene.write(
        "Cargo.lock",
        format!("{stranger}\n[[package]]\nname = \"app\"\nversion = \"1.2.3\"\n"),
    );
    scene.semver(["patch", "-t", "Cargo.toml"]).run().succeeds();
    assert_eq!(
        scene.read("Cargo.lock"),
        format!("{stranger}\n[[package]]\nname = \"app\"\nversion = \"1.2.4\"\n")
    );
}

#[test]
fn a_manifest_can_be_the_source() {
    let scene = Scene::new();
    scene.write(
        "Cargo.toml",
        "[package]\nname = \"app\"\nversion = \"1.2.3\"\n",
    );
    scene.write(
        "Cargo.lock",
        "[[package]]\nname = \"app\"\nversion = \"1.2.3\"\n",
    );
    scene.semver(["-f", "Cargo.toml"]).run().prints("1.2.3\n");
    scene
        .semver(["patch", "-f", "Cargo.toml"])
        .run()
        .prints("1.2.4\n");
    assert!(scene.read("Cargo.lock").contains("1.2.4"));
    scene
        .semver(["check", "-f", "Cargo.toml"])
        .run()
        .prints("1.2.4\n");
}

#[test]
fn a_target_follows_the_source_wherever_it_was() {
    let scene = scene("1.2.3");
    scene.write("VERSION", "0.0.7\n");
    scene
        .semver(["patch", "-t", "VERSION"])
        .run()
        .prints("1.2.4\n");
    assert_eq!(scene.read("VERSION"), "1.2.4\n");
}

#[test]
fn a_target_named_twice_or_named_like_the_source_is_one_file() {
    let scene = repository("1.2.3");
    scene.write("VERSION", "1.2.3\n");
    scene
        .semver([
            "patch",
            "-t",
            "VERSION,./VERSION",
            "-t",
            "README.md,VERSION",
        ])
        .run()
        .prints("1.2.4\n");
    carries(&scene, "1.2.4");
    assert_eq!(scene.read("VERSION"), "1.2.4\n");
}

#[test]
fn the_targets_of_duat_toml_move_with_every_bump() {
    let scene = repository("1.2.3");
    scene.script(repository::TAGS);
    scene.write("duat.toml", "[version]\ntargets = ['VERSION']\n");
    scene.write("VERSION", "1.2.3\n");
    for (arguments, version) in [
        (&["patch"][..], "1.2.4"),
        (&["minor"], "1.3.0"),
        (&["major"], "2.0.0"),
        (&["rc"], "2.0.0-rc.1"),
        (&["release"], "2.0.0"),
        (&["set", "2.5.0"], "2.5.0"),
        (&["-g", "patch", "--allow-lower"], "1.0.0"),
    ] {
        scene
            .semver(arguments)
            .run()
            .prints(&format!("{version}\n"));
        assert_eq!(scene.read("VERSION"), format!("{version}\n"));
    }
    scene.semver(["pre"]).at(crate::INSTANT).run().succeeds();
    assert_eq!(scene.read("VERSION"), "1.0.0-main-aaaagjecrgf\n");
    // those that are named replace them
    scene.write("other.md", crate::marked("0.0.0"));
    scene
        .semver(["release", "-t", "other.md"])
        .run()
        .prints("1.0.0\n");
    assert_eq!(scene.read("VERSION"), "1.0.0-main-aaaagjecrgf\n");
}

#[test]
fn members_of_one_npm_workspace_share_a_lock() {
    let scene = scene("1.2.3");
    scene.write("package.json", "{\"workspaces\": [\"a\", \"b\"]}\n");
    for member in ["a", "b"] {
        scene.write(
            format!("{member}/package.json"),
            format!("{{\"name\": \"{member}\", \"version\": \"1.2.3\"}}\n"),
        );
    }
    let lock = |version: &str| {
        format!(
            "{{\"packages\": {{\"\": {{\"workspaces\": [\"a\", \"b\"]}}, \"a\": {{\"version\": \"{version}\"}}, \
             \"b\": {{\"version\": \"{version}\"}}, \"node_modules/c\": {{\"version\": \"1.2.3\"}}}}}}\n"
        )
    };
    scene.write("package-lock.json", lock("1.2.3"));
    scene
        .semver(["minor", "-t", "a/package.json,b/package.json"])
        .run()
        .prints("1.3.0\n");
    assert_eq!(scene.read("package-lock.json"), lock("1.3.0"));
}
