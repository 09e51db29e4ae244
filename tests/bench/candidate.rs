//! A program that takes part in a race.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A command, and where it runs.
#[derive(Clone, Debug)]
pub(crate) struct Candidate {
    /// What the report calls it.
    pub(crate) name: String,
    program: PathBuf,
    arguments: Vec<String>,
    directory: PathBuf,
    /// What it reads from stdin.
    input: Option<PathBuf>,
    /// Files put back before each run, for commands that edit them.
    fresh: Vec<(PathBuf, Vec<u8>)>,
}

impl Candidate {
    /// Returns `program arguments...`, run in a directory. Arguments have no blanks in them.
    pub(crate) fn new(name: &str, program: &Path, arguments: &str, directory: &Path) -> Self {
        Self {
            name: name.to_owned(),
            program: program.to_owned(),
            arguments: arguments.split_whitespace().map(str::to_owned).collect(),
            directory: directory.to_owned(),
            input: None,
            fresh: Vec::new(),
        }
    }

    /// Gives it a file of its directory on stdin.
    pub(crate) fn reading(mut self, file: &str) -> Self {
        self.input = Some(self.directory.join(file));
        self
    }

    /// Puts back a file, as it is now, before each run.
    pub(crate) fn editing(mut self, file: &str) -> Self {
        let path = self.directory.join(file);
        let bytes = fs::read(&path).expect("there is a file to edit");
        self.fresh.push((path, bytes));
        self
    }

    /// Puts back the files that this command edits.
    pub(crate) fn put_back(&self) {
        for (path, bytes) in &self.fresh {
            fs::write(path, bytes).expect("the file can be put back");
        }
    }

    /// Makes everything ready for a run and returns its command.
    ///
    /// All candidates have the same small environment, in which git reads no one's configuration.
    pub(crate) fn command(&self) -> Command {
        self.put_back();
        let mut command = Command::new(&self.program);
        command.args(&self.arguments).current_dir(&self.directory);
        command.stdin(match &self.input {
            Some(path) => Stdio::from(File::open(path).expect("there is a file to read")),
            None => Stdio::null(),
        });
        command.env_clear();
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("HOME", &self.directory);
        command.env("LC_ALL", "C.UTF-8");
        command.env("GIT_CONFIG_NOSYSTEM", "1");
        command.env("GIT_CONFIG_GLOBAL", "/dev/null");
        command
    }
}
