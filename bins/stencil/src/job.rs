//! What is rendered to where.

use std::collections::HashMap;
use std::fmt;
use std::path::{Path, PathBuf};

use duat_shell::{Code, Failure, Failures, environment, input};

use crate::{args, tree};

/// One template and its output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Job {
    pub input: Stream,
    pub output: Stream,
}

/// A file, the stream that `-` means, or what a shell hands over.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Stream {
    /// stdin or stdout.
    Standard,
    File(PathBuf),
    /// An open pipe that is no file: it has no folder, no mode, and is read once.
    Handed(PathBuf),
}

impl Stream {
    /// Returns what a path on the command line means. The names that Unix has for the streams are
    /// not taken for files: where stdout is redirected, that file would be replaced.
    pub(crate) fn of(path: &Path) -> Self {
        const NAMES: [&str; 5] = ["-", "/dev/stdin", "/dev/stdout", "/dev/fd/0", "/dev/fd/1"];
        if NAMES.contains(&&*path.to_string_lossy()) {
            Self::Standard
        } else {
            Self::File(path.to_owned())
        }
    }

    /// Returns what the path of a template means.
    pub(crate) fn input(path: &Path) -> Self {
        match Self::of(path) {
            Self::File(path) if input::is_handed(&path) => Self::Handed(path),
            stream => stream,
        }
    }

    /// Returns the failure of asking for what only a file can: to `be watched`, say.
    pub(crate) fn cannot(&self, ask: &str) -> Option<Failure> {
        let name = match self {
            Self::Standard => "stdin".to_owned(),
            Self::Handed(path) => format!("the pipe `{}`", path.display()),
            Self::File(_) => return None,
        };
        let failure = Failure::new(Code::Usage, format!("{name} cannot {ask}"));
        Some(failure.hint("name a file instead."))
    }

    /// Returns the file's path.
    pub(crate) fn path(&self) -> Option<&Path> {
        match self {
            Self::Standard | Self::Handed(_) => None,
            Self::File(path) => Some(path),
        }
    }

    /// Returns the folder that includes are looked up in first.
    pub(crate) fn folder(&self) -> PathBuf {
        self.path()
            .and_then(Path::parent)
            .map(Path::to_owned)
            .unwrap_or_default()
    }
}

impl fmt::Display for Stream {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Standard => formatter.write_str("-"),
            Self::File(path) | Self::Handed(path) => write!(formatter, "{}", path.display()),
        }
    }
}

/// Returns what the options ask for, after checking that no output is written twice or over a
/// template.
pub(crate) fn jobs(files: &args::Files, hermetic: bool) -> Result<Vec<Job>, Failures> {
    let jobs = match (&files.input_dir, &files.output_dir) {
        (Some(input), Some(output)) => tree::jobs(input, output, &files.output_map, hermetic)?,
        _ => pairs(files)?,
    };
    let mut failures = Vec::new();
    let mut outputs: HashMap<PathBuf, &Stream> = HashMap::new();
    for Job { input, output } in &jobs {
        let Stream::File(path) = output else { continue };
        let real = environment::absolute(path)?;
        let overwritten = jobs.iter().find(|job| match &job.input {
            Stream::File(template) => {
                environment::absolute(template).is_ok_and(|template| template == real)
            }
            Stream::Standard | Stream::Handed(_) => false,
        });
        if let Some(job) = overwritten.filter(|_| !files.in_place) {
            failures.push(
                Failure::new(
                    Code::Refused,
                    format!("refused to write over the template `{}`", job.input),
                )
                .hint("`--in-place` does it."),
            );
        }
        if let Some(other) = outputs.insert(real, input) {
            failures.push(Failure::new(
                Code::Usage,
                format!("`{output}` is to be the output of both `{other}` and `{input}`"),
            ));
        }
    }
    Failures::of(failures)?;
    Ok(jobs)
}

/// Returns each `--input` with its `--output`.
fn pairs(files: &args::Files) -> Result<Vec<Job>, Failure> {
    let standard = [PathBuf::from("-")];
    let inputs = if files.input.is_empty() {
        &standard[..]
    } else {
        &files.input
    };
    if inputs
        .iter()
        .filter(|input| input.as_os_str() == "-")
        .count()
        > 1
    {
        return Err(Failure::new(
            Code::Usage,
            "stdin can be read once, but `-` is named twice as `--input`",
        ));
    }
    let outputs = match files.output.as_slice() {
        _ if files.in_place => {
            let cannot = |input: &PathBuf| Stream::input(input).cannot("be written in place");
            if let Some(failure) = inputs.iter().find_map(cannot) {
                return Err(failure);
            }
            inputs
        }
        [] if inputs.len() == 1 => &standard[..],
        outputs if outputs.len() == inputs.len() => outputs,
        outputs => {
            let (inputs, outputs) = (inputs.len(), outputs.len());
            return Err(Failure::new(
                Code::Usage,
                format!("every `--input` needs its `--output`: there are {inputs} and {outputs}"),
            )
            .hint("`-o -` writes to stdout."));
        }
    };
    let pair = |(input, output): (&PathBuf, &PathBuf)| Job {
        input: Stream::input(input),
        output: Stream::of(output),
    };
    Ok(inputs.iter().zip(outputs).map(pair).collect())
}
