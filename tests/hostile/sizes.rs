//! Files that are too large or too deep: one error, soon, in bounded memory.

use std::fs::File;
use std::time::{Duration, Instant};

use crate::trap::{INSIDE, Trap};

/// The most that a run may take, on a machine that does other things as well.
const PATIENCE: Duration = Duration::from_mins(1);

#[test]
fn a_version_file_without_end_is_one_error() {
    for (gigabytes, code) in [(3, 1), (0, 5)] {
        let trap = Trap::new();
        let file = File::create(trap.scene.path(INSIDE).join("README.md")).unwrap();
        file.set_len((gigabytes << 30) + (64 << 20)).unwrap();
        for (tool, arguments) in [
            ("semver", &["patch"][..]),
            ("image-promote", &["app"]),
            ("github-release", &["plan"]),
            ("stencil", &["eval", "duat.version"]),
        ] {
            let started = Instant::now();
            trap.run(tool, arguments).fails(code).prints_nothing();
            assert!(started.elapsed() < PATIENCE);
        }
    }
}

#[test]
fn depth_is_bounded() {
    let deep = |open: &str| open.repeat(200_000);
    for (name, text) in [
        ("duat.toml", format!("a = {}", deep("["))),
        ("duat.toml", format!("a = {}", deep("{b="))),
        ("duat.toml", format!("[{}b]", deep("a."))),
        ("README.md", deep("<repo-version>")),
        ("README.md", deep("> - ")),
        ("README.md", deep("`")),
        ("README.md", deep("<!-- ")),
        ("Cargo.toml", format!("a = {}", deep("["))),
        ("package.json", deep("[")),
        ("package.json", deep("{\"a\":")),
        ("pyproject.toml", format!("a = {}", deep("{b="))),
        ("pom.xml", deep("<a>")),
        ("Chart.yaml", deep("- ")),
        ("Chart.yaml", deep("{a: ")),
        ("package-lock.json", deep("{\"packages\":")),
    ] {
        let trap = Trap::new();
        trap.write(name, text);
        let started = Instant::now();
        for arguments in [
            &["patch"][..],
            &["patch", "-f", name],
            &["check", "-t", name],
        ] {
            trap.bears("semver", arguments);
        }
        assert!(started.elapsed() < PATIENCE, "{name}");
    }
    for (name, text) in [
        ("a.in", format!("{{{{ {} }}}}", deep("("))),
        ("a.in", format!("{{{{ {}1 }}}}", deep("not "))),
        ("a.in", deep("{% if 1 %}")),
        ("a.in", deep("{% raw %}")),
        ("a.in", deep("{{")),
        ("a.json", deep("[")),
        ("a.yaml", deep("- ")),
        ("a.toml", format!("a = {}", deep("["))),
    ] {
        let trap = Trap::new();
        trap.write(name, text);
        let started = Instant::now();
        for dialect in ["tera", "go"] {
            trap.bears("stencil", &["-i", name, "--dialect", dialect, "-o", "out"]);
        }
        trap.bears("stencil", &["values", "--values", name]);
        assert!(started.elapsed() < PATIENCE, "{name}");
    }
}
