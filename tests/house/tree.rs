//! This repository, as its files.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Returns the root of this repository.
pub(crate) fn root() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().expect("tests/ is in the root").to_owned()
}

/// Returns the files of this repository, relative to its root and sorted: those git knows or would
/// add, or without git all that `.gitignore` does not name.
pub(crate) fn files() -> Vec<String> {
    let root = root();
    let listed = Command::new("git")
        .args([
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ])
        .current_dir(&root)
        .output();
    let mut files = match listed {
        Ok(output) if output.status.success() && !output.stdout.is_empty() => output
            .stdout
            .split(|byte| *byte == 0)
            .map(|name| String::from_utf8_lossy(name).into_owned())
            .filter(|name| root.join(name).is_file())
            .collect(),
        _ => {
            let mut files = Vec::new();
            walk(&root, "", &mut files);
            files
        }
    };
    files.sort_unstable();
    files.dedup();
    assert!(
        files.iter().any(|name| name == "Cargo.toml"),
        "no Cargo.toml among the files of {}",
        root.display()
    );
    files
}

/// Returns the text of a file; nothing where it is not UTF-8.
pub(crate) fn text(name: &str) -> Option<String> {
    let path = root().join(name);
    let bytes = fs::read(&path).unwrap_or_else(|error| panic!("cannot read {name}: {error}"));
    String::from_utf8(bytes).ok()
}

/// Returns the files in a folder whose names end so.
pub(crate) fn files_in(folder: &str, ending: &str) -> Vec<String> {
    let mut files = files();
    files.retain(|name| name.starts_with(folder) && name.ends_with(ending));
    files
}

/// Returns what stands between a file's first line and its unit tests: what runs in the product.
///
/// Comment lines are left empty, so that lines keep their numbers.
pub(crate) fn product_lines(text: &str) -> Vec<&str> {
    text.lines()
        .take_while(|line| line.trim() != "#[cfg(test)]")
        .map(|line| {
            let code = line.trim_start();
            if code.starts_with("//") { "" } else { line }
        })
        .collect()
}

/// Fails with all that was found, unless that is nothing.
#[track_caller]
pub(crate) fn none_of(rule: &str, found: &[String]) {
    assert!(found.is_empty(), "{rule}:\n  {}\n", found.join("\n  "));
}

fn walk(directory: &Path, prefix: &str, files: &mut Vec<String>) {
    let entries = fs::read_dir(directory).expect("the repository can be listed");
    for entry in entries.map(|entry| entry.expect("the repository can be listed")) {
        let name = entry.file_name().to_string_lossy().into_owned();
        let ignored = prefix.is_empty() && ["target", "dist", ".git"].contains(&name.as_str());
        let name = format!("{prefix}{name}");
        if ignored {
            continue;
        }
        if entry.path().is_dir() {
            walk(&entry.path(), &format!("{name}/"), files);
        } else {
            files.push(name);
        }
    }
}
