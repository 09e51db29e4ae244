//! A directory for one test, with the `git` program cut off from the machine's configuration.

use std::cell::Cell;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::git::Hash;

pub(super) struct Sandbox {
    directory: TempDir,
    seconds: Cell<u64>,
}

impl Sandbox {
    pub(super) fn new() -> Self {
        Self {
            directory: TempDir::new().unwrap(),
            seconds: Cell::new(1_500_000_000),
        }
    }

    /// A sandbox with the repository `repo`, on the branch `main`, without commits.
    pub(super) fn with_repository() -> Self {
        let sandbox = Self::new();
        sandbox.run(".", "init -q -b main repo");
        sandbox
    }

    /// Without symbolic links, as the library answers.
    pub(super) fn path(&self, relative: &str) -> PathBuf {
        let root = fs::canonicalize(self.directory.path()).unwrap();
        if relative == "." {
            root
        } else {
            root.join(relative)
        }
    }

    pub(super) fn repo(&self) -> PathBuf {
        self.path("repo")
    }

    #[expect(clippy::disallowed_methods, reason = "tests write their fixtures")]
    pub(super) fn write(&self, relative: &str, content: impl AsRef<[u8]>) {
        let path = self.path(relative);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    /// Runs git with arguments parted by blanks, and returns what it prints, without the last line
    /// break. The dates tick by a second for each command.
    pub(super) fn run(&self, directory: &str, arguments: &str) -> String {
        self.run_all(directory, &arguments.split(' ').collect::<Vec<_>>())
    }

    pub(super) fn run_all(&self, directory: &str, arguments: &[&str]) -> String {
        let output = self.command(directory).args(arguments).output().unwrap();
        assert!(
            output.status.success(),
            "git {arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8_lossy(&output.stdout)
            .trim_end()
            .to_owned()
    }

    pub(super) fn git(&self, arguments: &str) -> String {
        self.run("repo", arguments)
    }

    fn command(&self, directory: &str) -> Command {
        self.seconds.set(self.seconds.get() + 1);
        let date = format!("{} +0000", self.seconds.get());
        let mut command = Command::new("git");
        command
            .current_dir(self.path(directory))
            .env("HOME", self.path("."))
            .env("XDG_CONFIG_HOME", self.path("."))
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_AUTHOR_NAME", "A")
            .env("GIT_AUTHOR_EMAIL", "a@example.org")
            .env("GIT_AUTHOR_DATE", &date)
            .env("GIT_COMMITTER_NAME", "A")
            .env("GIT_COMMITTER_EMAIL", "a@example.org")
            .env("GIT_COMMITTER_DATE", &date)
            .env("LC_ALL", "C")
            .args(["-c", "protocol.file.allow=always", "-c", "gc.auto=0"]);
        for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"] {
            command.env_remove(variable);
        }
        command
    }

    /// Makes a commit in `repo` that writes the file, and returns its hash.
    pub(super) fn commit(&self, file: &str, message: &str) -> Hash {
        self.write(
            &format!("repo/{file}"),
            format!("{message} {}", self.seconds.get()),
        );
        self.git("add -A");
        self.run_all("repo", &["commit", "-q", "-m", message]);
        self.hash("HEAD")
    }

    pub(super) fn hash(&self, revision: &str) -> Hash {
        let hex = self.git(&format!("rev-parse {revision}"));
        Hash::from_hex(hex.as_bytes()).unwrap()
    }

    /// Moves the clock of the commits that follow.
    pub(super) fn set_time(&self, seconds: u64) {
        self.seconds.set(seconds);
    }
}

pub(super) fn display(path: &Path) -> String {
    path.display().to_string()
}
