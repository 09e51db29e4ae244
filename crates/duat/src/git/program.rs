//! The `git` program, for what cannot be read directly. Never through a shell, and never with the
//! settings that the surrounding process was given for another repository.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Output, Stdio};

use super::{GitError, Hash, Need};

/// What redirects git to another repository, changes what it answers, or makes it talk.
const MISLEADING: [&str; 28] = [
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_CEILING_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_CONFIG",
    "GIT_CONFIG_COUNT",
    "GIT_CONFIG_PARAMETERS",
    "GIT_DIR",
    "GIT_EXEC_PATH",
    "GIT_GRAFT_FILE",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_INTERNAL_SUPER_PREFIX",
    "GIT_NAMESPACE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_QUARANTINE_PATH",
    "GIT_REDIRECT_STDERR",
    "GIT_REDIRECT_STDIN",
    "GIT_REDIRECT_STDOUT",
    "GIT_REFERENCE_BACKEND",
    "GIT_REPLACE_REF_BASE",
    "GIT_SHALLOW_FILE",
    "GIT_TRACE",
    "GIT_TRACE2",
    "GIT_TRACE2_EVENT",
    "GIT_TRACE2_PERF",
    "GIT_TRACE_SETUP",
    "GIT_WORK_TREE",
];

/// The program, set up for one repository.
#[derive(Clone, Debug)]
pub(super) struct Program {
    pub(super) path: PathBuf,
    pub(super) git_dir: PathBuf,
    pub(super) need: Need,
}

impl Program {
    fn command<Argument: AsRef<OsStr>>(&self, arguments: &[Argument]) -> Command {
        let mut command = Command::new(&self.path);
        for variable in MISLEADING {
            command.env_remove(variable);
        }
        command
            .env("LC_ALL", "C")
            .env("GIT_OPTIONAL_LOCKS", "0")
            .env("GIT_NO_REPLACE_OBJECTS", "1")
            // an object missing from a partial clone is not fetched
            .env("GIT_NO_LAZY_FETCH", "1")
            .env("GIT_ALLOW_PROTOCOL", "none")
            .env("GIT_TERMINAL_PROMPT", "0")
            .arg("--git-dir")
            .arg(&self.git_dir)
            .args(arguments)
            .stdin(Stdio::null());
        command
    }

    fn run(&self, arguments: &[&str]) -> Result<Output, GitError> {
        self.command(arguments)
            .output()
            .map_err(|source| self.missing(source))
    }

    /// Returns what the program prints.
    pub(super) fn ask(&self, arguments: &[&str]) -> Result<Vec<u8>, GitError> {
        let output = self.run(arguments)?;
        if output.status.success() {
            Ok(output.stdout)
        } else {
            Err(self.failed(arguments, &output))
        }
    }

    /// Returns what the program prints, or nothing if it ends with 1 and no words: its quiet no.
    pub(super) fn ask_whether(&self, arguments: &[&str]) -> Result<Option<Vec<u8>>, GitError> {
        let output = self.run(arguments)?;
        if output.status.success() {
            Ok(Some(output.stdout))
        } else if output.status.code() == Some(1) && output.stderr.is_empty() {
            Ok(None)
        } else {
            Err(self.failed(arguments, &output))
        }
    }

    /// Starts a `git cat-file` that reads one object after the other.
    pub(super) fn objects(&self) -> Result<CatFile, GitError> {
        let mut child = self
            .command(&["cat-file", "--batch"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|source| self.missing(source))?;
        let pipes = child.stdin.take().zip(child.stdout.take());
        let Some((questions, answers)) = pipes else {
            return Err(self.broken("its pipes are closed"));
        };
        Ok(CatFile {
            program: self.clone(),
            child,
            questions: Some(questions),
            answers: BufReader::new(answers),
        })
    }

    fn missing(&self, source: std::io::Error) -> GitError {
        GitError::ProgramMissing {
            program: self.path.clone(),
            need: self.need,
            source,
        }
    }

    fn failed(&self, arguments: &[&str], output: &Output) -> GitError {
        let words = String::from_utf8_lossy(&output.stderr);
        let words: Vec<_> = words
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .collect();
        GitError::ProgramFailed {
            program: self.path.clone(),
            need: self.need,
            question: arguments.first().copied().unwrap_or_default().to_owned(),
            detail: if words.is_empty() {
                output.status.to_string()
            } else {
                words.join("; ")
            },
        }
    }

    fn broken(&self, detail: &str) -> GitError {
        GitError::ProgramFailed {
            program: self.path.clone(),
            need: self.need,
            question: "cat-file".to_owned(),
            detail: detail.to_owned(),
        }
    }
}

/// A running `git cat-file --batch`; ends when dropped.
pub(super) struct CatFile {
    program: Program,
    child: Child,
    questions: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl CatFile {
    /// Returns the type and the content of an object, or nothing if it is not there.
    pub(super) fn read(&mut self, hash: &Hash) -> Result<Option<(String, Vec<u8>)>, GitError> {
        self.converse(hash)
            .map_err(|error| self.program.broken(&error.to_string()))
    }

    fn converse(&mut self, hash: &Hash) -> std::io::Result<Option<(String, Vec<u8>)>> {
        if let Some(questions) = &mut self.questions {
            questions.write_all(format!("{hash}\n").as_bytes())?;
            questions.flush()?;
        }
        let mut header = String::new();
        self.answers.read_line(&mut header)?;
        let mut words = header.split_ascii_whitespace().skip(1);
        match (words.next(), words.next().map(str::parse::<u64>)) {
            (Some("missing"), _) => Ok(None),
            (Some(kind), Some(Ok(size))) => {
                let mut content = Vec::new();
                let read = (&mut self.answers).take(size).read_to_end(&mut content)?;
                let mut newline = [0];
                self.answers.read_exact(&mut newline)?;
                if u64::try_from(read) == Ok(size) {
                    Ok(Some((kind.to_owned(), content)))
                } else {
                    Err(std::io::ErrorKind::UnexpectedEof.into())
                }
            }
            _ => Err(std::io::Error::other("it gave no answer")),
        }
    }
}

impl Drop for CatFile {
    fn drop(&mut self) {
        self.questions = None;
        // closing its input ends it; how it ended changes no answer already given
        let _ = self.child.wait();
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_reader_of_objects_leaves_no_process_behind() {
        let program = Program {
            path: "git".into(),
            git_dir: ".".into(),
            need: Need::Sha256,
        };
        let objects = program.objects().unwrap();
        let process = PathBuf::from(format!("/proc/{}", objects.child.id()));
        assert!(process.exists());
        drop(objects);
        assert!(!process.exists());
    }
}
