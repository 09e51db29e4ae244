//! The repositories that the candidates run in, made once and kept.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What stands in the README of every repository: a version that no tag has.
pub(crate) const VERSION: &str = "101.0.0";

/// Returns a repository of so many commits, each with a version tag and one more without, below
/// `directory`. Tags are packed, as a clone leaves them.
pub(crate) fn of(directory: &Path, commits: usize) -> PathBuf {
    let path = directory.join(commits.to_string());
    if path.join(".git/complete").exists() {
        // an interrupted run may have left an edit
        git(&path, &["reset", "--quiet", "--hard"], b"");
        return path;
    }
    crate::say(format_args!("a repository of {commits} commits and tags"));
    // what an interrupted run has left
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).expect("the directory can be made");
    git(&path, &["init", "--quiet", "--initial-branch=main"], b"");
    git(&path, &["config", "user.name", "A"], b"");
    git(&path, &["config", "user.email", "a@example.com"], b"");
    let import = ["fast-import", "--quiet", "--export-marks=.git/marks"];
    git(&path, &import, history(commits).as_bytes());
    let marks = fs::read_to_string(path.join(".git/marks")).expect("git wrote the marks");
    fs::write(path.join(".git/packed-refs"), packed(&marks, commits)).expect("refs can be packed");
    git(&path, &["reset", "--quiet", "--hard"], b"");
    fs::write(path.join(".git/complete"), b"").expect("the repository can be marked");
    path
}

/// Returns a copy of a repository in another place.
pub(crate) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("the directory can be made");
    for entry in fs::read_dir(from).expect("the directory can be listed") {
        let entry = entry.expect("the directory can be listed");
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() {
            copy(&from, &to);
        } else {
            fs::copy(&from, &to).expect("the file can be copied");
        }
    }
}

/// Returns the version of a commit; the tenth after 1.2.9 is 1.3.9.
fn version(number: usize) -> String {
    format!("{}.{}.{}", number / 1000, number / 10 % 100, number % 10)
}

/// Returns a history for `git fast-import`: mark 1 and so on are the commits to be tagged.
fn history(commits: usize) -> String {
    let readme = format!(
        "# Tool\n\nVersion: <repo-version>{VERSION}</repo-version>\n\n{}",
        TEXT.repeat(20)
    );
    let settings = format!(
        "[tool.bumpversion]\ncurrent_version = \"{VERSION}\"\nallow_dirty = true\n\n\
         [[tool.bumpversion.files]]\nfilename = \"README.md\"\n"
    );
    let mut history = String::new();
    for number in 1..=commits + 1 {
        let message = format!("fix: number {number}\n");
        let time = 1_600_000_000 + number * 60;
        // writing to a text cannot fail
        let _ = write!(
            history,
            "commit refs/heads/main\nmark :{number}\ncommitter A <a@example.com> {time} +0000\n\
             data {}\n{message}",
            message.len()
        );
        if number == 1 {
            for (name, text) in [("README.md", &readme), (".bumpversion.toml", &settings)] {
                let _ = write!(
                    history,
                    "M 644 inline {name}\ndata {}\n{text}\n",
                    text.len()
                );
            }
        } else {
            let text = number.to_string();
            let _ = write!(
                history,
                "M 644 inline number\ndata {}\n{text}\n",
                text.len()
            );
        }
    }
    history
}

const TEXT: &str =
    "Some words about a tool, as many as a README has: one line, and then another.\n";

/// Returns the packed refs: a version tag at every marked commit but the last.
fn packed(marks: &str, commits: usize) -> String {
    let hashes = marks.lines().filter_map(|line| {
        let (mark, hash) = line.strip_prefix(':')?.split_once(' ')?;
        let number: usize = mark.parse().ok()?;
        (number <= commits).then_some((number, hash))
    });
    let mut refs: Vec<String> = hashes
        .map(|(number, hash)| format!("{hash} refs/tags/{}", version(number)))
        .collect();
    refs.sort_by(|a, b| {
        a.split_once(' ')
            .map(|it| it.1)
            .cmp(&b.split_once(' ').map(|it| it.1))
    });
    format!(
        "# pack-refs with: peeled fully-peeled sorted \n{}\n",
        refs.join("\n")
    )
}

fn git(directory: &Path, arguments: &[&str], input: &[u8]) {
    let mut child = Command::new("git")
        .args(arguments)
        .current_dir(directory)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .stdin(Stdio::piped())
        .spawn()
        .expect("git can be run");
    let mut stdin = child.stdin.take().expect("git reads what it is given");
    stdin.write_all(input).expect("git reads what it is given");
    drop(stdin);
    let status = child.wait().expect("git ends");
    assert!(status.success(), "git {arguments:?} failed: {status}");
}
