//! What lies where, and what must not lie anywhere.

use std::collections::BTreeSet;

use crate::tree;

/// The top level as the architecture draws it, with the licences and the lock file.
const TOP_LEVEL: &[&str] = &[
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "VERSION",
    "bins",
    "build.rs",
    "crates",
    "docs",
    "duat.toml",
    "tests",
];

/// Names under which everything and nothing is kept.
const DRAWERS: &[&str] = &[
    "common",
    "helper",
    "helpers",
    "misc",
    "shared",
    "stuff",
    "tools",
    "util",
    "utilities",
    "utils",
];

#[test]
fn the_top_level_is_as_drawn() {
    let found: BTreeSet<String> = tree::files()
        .iter()
        .filter_map(|name| name.split('/').next())
        .filter(|name| !name.starts_with('.') && !TOP_LEVEL.contains(name))
        .map(str::to_owned)
        .collect();
    let found: Vec<String> = found.into_iter().collect();
    tree::none_of("these have no place at the top level", &found);
}

#[test]
fn no_file_is_a_drawer() {
    let mut found = tree::files();
    found.retain(|name| {
        name.split('/').any(|part| {
            let stem = part.split('.').next().unwrap_or(part);
            !stem.is_empty() && DRAWERS.contains(&stem)
        })
    });
    tree::none_of("a file is called after what is in it", &found);
}

#[test]
fn no_file_knows_the_machine_it_was_made_on() {
    // in two halves, because this file is looked at too
    let places = [
        ("/wo", "rk/"),
        ("/ro", "ot/"),
        ("/ho", "me/"),
        ("/Us", "ers/"),
    ]
    .map(|(start, end)| format!("{start}{end}"));
    let mut found = Vec::new();
    for name in tree::files() {
        let Some(text) = tree::text(&name) else {
            continue;
        };
        for (number, line) in text.lines().enumerate() {
            for place in &places {
                if line
                    .match_indices(place.as_str())
                    .any(|(at, _)| is_absolute(line, at))
                {
                    found.push(format!("{name}:{}: {place}", number + 1));
                }
            }
        }
    }
    tree::none_of("a path of somebody's machine", &found);
}

/// Tells whether the path that has a `/` at this place starts there: `/x/` does, `a/x/` does not.
fn is_absolute(line: &str, at: usize) -> bool {
    let before = line[..at].chars().next_back();
    !before.is_some_and(|letter| letter.is_alphanumeric() || "-_.~}$*]".contains(letter))
}

#[test]
fn no_line_ends_in_blanks() {
    let sources = [
        ".rs", ".toml", ".md", ".sh", ".mjs", ".js", ".go", ".json", ".yml", ".yaml",
    ];
    let mut found = Vec::new();
    for name in tree::files() {
        let is_source = sources.iter().any(|ending| name.ends_with(ending))
            || name == "tests/peers/run"
            || name.starts_with(".ci/");
        let Some(text) = tree::text(&name).filter(|_| is_source) else {
            continue;
        };
        for (number, line) in text.lines().enumerate() {
            if line.ends_with([' ', '\t', '\r']) {
                found.push(format!("{name}:{}", number + 1));
            }
        }
        if !text.is_empty() && !text.ends_with('\n') {
            found.push(format!("{name}: no newline at the end"));
        }
    }
    tree::none_of("blanks at the end of a line", &found);
}

#[test]
fn every_package_obeys_the_lints_of_the_workspace() {
    let mut found = tree::files_in("", "Cargo.toml");
    found.retain(|name| {
        let manifest = tree::text(name).expect("a manifest is UTF-8");
        let says = |line: &str| manifest.lines().any(|written| written.trim() == line);
        // fuzz targets and benchmarks may be the root of a workspace of their own
        let is_ours = says("[package]") && !says("[workspace]");
        let obeys =
            manifest.contains("[lints]\nworkspace = true\n") || says("lints.workspace = true");
        is_ours && !obeys
    });
    tree::none_of("these manifests lack `[lints] workspace = true`", &found);
}
