//! The field: the programs that are there to take part, and the races that were run.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::candidate::Candidate;
use crate::race::{self, Result};

/// A race that was run.
pub(crate) struct Event {
    /// What it is called on the command line.
    pub(crate) name: &'static str,
    /// What it is about.
    pub(crate) title: String,
    /// Whom the others are compared with.
    pub(crate) reference: &'static str,
    pub(crate) rounds: usize,
    pub(crate) results: Vec<Result>,
    /// Who did not end in time, and what that was.
    pub(crate) stopped: Vec<(String, Duration)>,
}

impl Event {
    /// Runs a race.
    pub(crate) fn run(
        name: &'static str,
        title: String,
        reference: &'static str,
        rounds: usize,
        candidates: &[Candidate],
    ) -> Self {
        let rounds = rounds.max(3);
        let results = race::run(&title, rounds, candidates);
        Self {
            name,
            title,
            reference,
            rounds,
            results,
            stopped: Vec::new(),
        }
    }
}

/// All that is there to be measured.
pub(crate) struct Field {
    pub(crate) directory: PathBuf,
    /// Races whose runs take some milliseconds are run so often.
    pub(crate) rounds: usize,
}

/// How often a short race is run, unless `DUAT_BENCH_ROUNDS` says otherwise.
const ROUNDS: usize = 400;

pub(crate) const EMPTY: &str = "empty program";

/// Returns the name of the static build of a program.
pub(crate) fn fixed(name: &str) -> String {
    format!("{name} (static)")
}

impl Field {
    pub(crate) fn new(directory: &Path) -> Self {
        let rounds = std::env::var("DUAT_BENCH_ROUNDS").ok();
        Self {
            directory: directory.canonicalize().expect("the directory is there"),
            rounds: rounds.and_then(|text| text.parse().ok()).unwrap_or(ROUNDS),
        }
    }

    /// Returns the dynamic and the static build of a program.
    pub(crate) fn both(
        &self,
        name: &str,
        program: &str,
        arguments: &str,
        directory: &Path,
    ) -> Vec<Candidate> {
        let mut both = self.built(name, program, arguments, directory);
        both.extend(self.built(
            &fixed(name),
            &format!("{program}-static"),
            arguments,
            directory,
        ));
        both
    }

    /// Returns a program that `run` has built; a static one may not have been possible.
    pub(crate) fn built(
        &self,
        name: &str,
        program: &str,
        arguments: &str,
        directory: &Path,
    ) -> Vec<Candidate> {
        self.installed(name, &format!("bin/{program}"), arguments, directory)
    }

    /// Returns a program that `run` has installed, if it could.
    pub(crate) fn installed(
        &self,
        name: &str,
        program: &str,
        arguments: &str,
        directory: &Path,
    ) -> Vec<Candidate> {
        let program = self.directory.join(program);
        let candidate = Candidate::new(name, &program, arguments, directory);
        program.is_file().then_some(candidate).into_iter().collect()
    }
}
