//! A command about to run in a scene.

use std::env;
use std::ffi::{OsStr, OsString};
use std::io::{self, Read, Write};
use std::iter;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use crate::{Outcome, Scene};

/// How long a command may take before it counts as hanging.
const PATIENCE: Duration = Duration::from_mins(2);

/// A command about to run: program, arguments, environment, standard input and directory.
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is run"]
pub struct Call<'scene> {
    pub(crate) scene: &'scene Scene,
    pub(crate) program: OsString,
    pub(crate) arguments: Vec<OsString>,
    pub(crate) environment: Vec<(OsString, Option<OsString>)>,
    pub(crate) input: Option<Vec<u8>>,
    pub(crate) directory: PathBuf,
}

impl<'scene> Call<'scene> {
    pub(crate) fn new(scene: &'scene Scene, program: &OsStr) -> Self {
        Self {
            scene,
            program: program.to_owned(),
            arguments: Vec::new(),
            environment: Vec::new(),
            input: None,
            directory: scene.path(""),
        }
    }

    /// Adds an argument.
    pub fn arg(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.arguments.push(argument.as_ref().to_owned());
        self
    }

    /// Adds arguments.
    pub fn args<A: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = A>) -> Self {
        self.arguments.extend(
            arguments
                .into_iter()
                .map(|argument| argument.as_ref().to_owned()),
        );
        self
    }

    /// Sets a variable of the environment.
    pub fn env(mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        self.environment
            .push((name.as_ref().to_owned(), Some(value.as_ref().to_owned())));
        self
    }

    /// Sets variables of the environment.
    pub fn envs<N: AsRef<OsStr>, V: AsRef<OsStr>>(
        self,
        variables: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        variables
            .into_iter()
            .fold(self, |call, (name, value)| call.env(name, value))
    }

    /// Has programs looked for in `folder` first, and where they are on this machine after it.
    ///
    /// # Panics
    ///
    /// When the folder's name has the sign that separates folders in `PATH`.
    pub fn programs_in(self, folder: impl AsRef<Path>) -> Self {
        let machine = env::var_os("PATH").unwrap_or_default();
        let folders = iter::once(folder.as_ref().to_owned()).chain(env::split_paths(&machine));
        let path = env::join_paths(folders).expect("a folder's name has no such sign");
        self.env("PATH", path)
    }

    /// Removes a variable that every command of a scene has.
    pub fn without_env(mut self, name: impl AsRef<OsStr>) -> Self {
        self.environment.push((name.as_ref().to_owned(), None));
        self
    }

    /// Fixes the instant our tools stamp with, in seconds since 1970 (`SOURCE_DATE_EPOCH`).
    pub fn at(self, seconds: u64) -> Self {
        self.env("SOURCE_DATE_EPOCH", seconds.to_string())
    }

    /// Gives the command something to read; without it, standard input is empty.
    pub fn stdin(mut self, input: impl Into<Vec<u8>>) -> Self {
        self.input = Some(input.into());
        self
    }

    /// Runs the command in a directory of the scene instead of the scene itself.
    pub fn current_dir(mut self, directory: impl AsRef<Path>) -> Self {
        self.directory = self.scene.path(directory);
        self
    }

    /// Returns the command for what a call does not offer, such as streams of one's own.
    pub fn into_command(self) -> Command {
        let mut command = Command::new(&self.program);
        command
            .args(&self.arguments)
            .env_clear()
            .envs(self.scene.environment())
            // where `.ci/coverage` has programs write which of their lines have run
            .envs(env::var_os("LLVM_PROFILE_FILE").map(|file| ("LLVM_PROFILE_FILE", file)))
            .current_dir(&self.directory);
        for (name, value) in &self.environment {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        command
    }

    /// Runs the command and waits for its end.
    ///
    /// # Panics
    ///
    /// When it cannot be started, or has not ended after two minutes.
    #[track_caller]
    pub fn run(self) -> Outcome {
        self.start().wait()
    }

    /// Starts the command.
    ///
    /// # Panics
    ///
    /// When it cannot be started.
    #[track_caller]
    pub fn start(mut self) -> Running {
        let invocation = self.to_string();
        let directory = self.directory.clone();
        let names = self.scene.names();
        let input = self.input.take();
        let mut command = self.into_command();
        command
            .stdin(if input.is_some() {
                Stdio::piped()
            } else {
                Stdio::null()
            })
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command
            .spawn()
            .unwrap_or_else(|error| panic!("cannot start `{invocation}`: {error}"));
        if let (Some(mut stdin), Some(input)) = (child.stdin.take(), input) {
            // what is left over when the command closes its end early is its own business
            thread::spawn(move || stdin.write_all(&input));
        }
        Running {
            stdout: collect(child.stdout.take()),
            stderr: collect(child.stderr.take()),
            child,
            invocation,
            directory,
            names,
        }
    }
}

/// Writes the call as one would type it: own variables, program, arguments.
impl std::fmt::Display for Call<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (name, value) in &self.environment {
            if let Some(value) = value {
                write!(formatter, "{}={} ", name.to_string_lossy(), quoted(value))?;
            }
        }
        let program = Path::new(&self.program);
        let name = program.file_name().unwrap_or(program.as_os_str());
        write!(formatter, "{}", quoted(name))?;
        for argument in &self.arguments {
            write!(formatter, " {}", quoted(argument))?;
        }
        Ok(())
    }
}

/// Returns `word` as a shell has to be given it.
pub(crate) fn quoted(word: &OsStr) -> String {
    let word = word.to_string_lossy();
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_./=:,@%+".contains(letter);
    if !word.is_empty() && word.chars().all(plain) {
        word.into_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

/// A command that has been started.
#[derive(Debug)]
#[must_use = "wait for it, or kill it"]
pub struct Running {
    child: Child,
    stdout: Receiver<io::Result<Vec<u8>>>,
    stderr: Receiver<io::Result<Vec<u8>>>,
    invocation: String,
    directory: PathBuf,
    names: Vec<(String, &'static str)>,
}

impl Running {
    /// Returns the number of the process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Ends the command at once, as `kill -9` does, and waits for its end.
    #[track_caller]
    pub fn kill(mut self) -> Outcome {
        // it may have ended already
        let _: io::Result<()> = self.child.kill();
        self.wait()
    }

    /// Waits for the end of the command.
    ///
    /// # Panics
    ///
    /// When it has not ended after two minutes.
    #[track_caller]
    pub fn wait(mut self) -> Outcome {
        let deadline = Instant::now() + PATIENCE;
        let streams = [&self.stdout, &self.stderr].map(|stream| {
            let rest = deadline.saturating_duration_since(Instant::now());
            stream.recv_timeout(rest)
        });
        let [Ok(stdout), Ok(stderr)] = streams else {
            let _: io::Result<()> = self.child.kill();
            panic!(
                "`{}` has not ended after {} seconds",
                self.invocation,
                PATIENCE.as_secs()
            );
        };
        let status = self
            .child
            .wait()
            .expect("a child process can be waited for");
        Outcome {
            stdout: stdout.expect("standard output can be read"),
            stderr: stderr.expect("standard error can be read"),
            status,
            invocation: self.invocation,
            directory: self.directory,
            names: self.names,
        }
    }
}

/// Reads a stream to its end beside the test, so that the command never waits for its reader.
fn collect(stream: Option<impl Read + Send + 'static>) -> Receiver<io::Result<Vec<u8>>> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let result = match stream {
            Some(mut stream) => stream.read_to_end(&mut bytes).map(|_| bytes),
            None => Ok(bytes),
        };
        sender.send(result)
    });
    receiver
}
