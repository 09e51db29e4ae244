//! The field: who takes part in which race, and where.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::candidate::Candidate;
use crate::race::{self, Result};
use crate::{machine, repository, usage};

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
    fn run(
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
    rounds: usize,
}

/// Races whose runs take some milliseconds are run so often.
const ROUNDS: usize = 400;
/// Nobody waits longer than this.
const LIMIT: Duration = Duration::from_mins(1);

pub(crate) const EMPTY: &str = "empty program";
pub(crate) const READER: &str = "reader";
pub(crate) const AGAIN: &str = "reader, once more";
pub(crate) const EXTRACT: &str = "semver extract";
pub(crate) const PRE: &str = "semver pre";
pub(crate) const HIGHEST: &str = "semver -g";
pub(crate) const RC: &str = "semver rc";
pub(crate) const TAG_SORT: &str = "git tag --sort=-version:refname";
pub(crate) const DESCRIBE: &str = "git describe --tags";
const NEXT: &str = "semver next";

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

    /// Runs the races that are asked for.
    pub(crate) fn events(&self, asked: &dyn Fn(&str) -> bool) -> Vec<Event> {
        let small = self.repository(3);
        let large = self.repository(10_000);
        let huge = self.repository(100_000);
        let memory = tempfile::tempdir_in("/dev/shm").ok();
        let mut events = Vec::new();
        if asked("extract") {
            events.push(self.extract("a small repository", &small));
            events.push(self.extract("100,000 commits and tags", &huge));
        }
        if asked("pre") {
            let on = |path: &Path| machine::file_system(path);
            events.push(self.pre(&format!("on disk ({})", on(&small)), &small));
            if let Some(memory) = &memory {
                let copy = memory.path().join("small");
                repository::copy(&small, &copy);
                events.push(self.pre(&format!("in memory ({})", on(&copy)), &copy));
            }
        }
        if asked("tags") {
            events.push(self.tags("10,000 commits and tags", &large, self.rounds / 8));
            events.push(self.tags("100,000 commits and tags", &huge, self.rounds / 20));
        }
        if asked("rivals") {
            events.push(self.reading(&small));
            events.push(self.bumping(&small));
            events.push(self.next("a small repository", &small));
            events.push(self.next("10,000 commits and tags", &large));
        }
        events
    }

    fn extract(&self, place: &str, directory: &Path) -> Event {
        let mut candidates = self.floor(directory);
        candidates.extend(self.both(EXTRACT, "semver", "extract", directory));
        Event::run(
            "extract",
            format!("Printing the version, {place}"),
            READER,
            self.rounds,
            &candidates,
        )
    }

    fn pre(&self, place: &str, directory: &Path) -> Event {
        let mut candidates = self.floor(directory);
        let ours = self.both(PRE, "semver", "pre", directory);
        candidates.extend(ours.into_iter().map(|it| it.editing("README.md")));
        Event::run(
            "pre",
            format!("Stamping a pre-release, {place}"),
            READER,
            self.rounds / 2,
            &candidates,
        )
    }

    /// Returns the programs that show what any program costs.
    fn floor(&self, directory: &Path) -> Vec<Candidate> {
        let mut candidates = self.both(EMPTY, "empty", "", directory);
        candidates.extend(self.both(READER, "reader", "", directory));
        candidates.extend(self.built(AGAIN, "reader", "", directory));
        candidates
    }

    fn tags(&self, place: &str, directory: &Path, rounds: usize) -> Event {
        let mut candidates = self.both(HIGHEST, "semver", "-g", directory);
        let rc = self.both(RC, "semver", "rc", directory);
        candidates.extend(rc.into_iter().map(|it| it.editing("README.md")));
        let git = |name: &str| {
            let (program, arguments) = name.split_once(' ').expect("git has arguments");
            Candidate::new(name, Path::new(program), arguments, directory)
        };
        candidates.extend([git("git tag"), git(TAG_SORT), git(DESCRIBE)]);
        candidates.extend(self.installed("svu current", "go/svu", "current", directory));
        candidates.extend(self.installed(
            "the predecessor's `semver -g`",
            "go/semver",
            "-g extract",
            directory,
        ));
        Event::run(
            "tags",
            format!("Asking the tags, {place}"),
            TAG_SORT,
            rounds,
            &candidates,
        )
    }

    fn reading(&self, directory: &Path) -> Event {
        let mut candidates = self.built(EXTRACT, "semver", "extract", directory);
        candidates.extend(self.installed(
            "the predecessor's `semver`",
            "go/semver",
            "extract",
            directory,
        ));
        let bump = "show current_version";
        candidates.extend(self.installed(
            "bump-my-version show",
            "venv/bin/bump-my-version",
            bump,
            directory,
        ));
        let title = "Printing the version, beside tools for it".to_owned();
        Event::run("rivals", title, EXTRACT, self.rounds / 20, &candidates)
    }

    fn bumping(&self, directory: &Path) -> Event {
        let patch = self.built("semver patch", "semver", "patch", directory);
        let mut candidates: Vec<Candidate> = patch
            .into_iter()
            .map(|it| it.editing("README.md"))
            .collect();
        let predecessor = self.installed(
            "the predecessor's `semver patch`",
            "go/semver",
            "patch",
            directory,
        );
        let bump = self.installed(
            "bump-my-version bump patch",
            "venv/bin/bump-my-version",
            "bump patch",
            directory,
        );
        for rival in predecessor.into_iter().chain(bump) {
            candidates.push(rival.editing("README.md").editing(".bumpversion.toml"));
        }
        let title = "Counting up the version in README.md".to_owned();
        Event::run(
            "rivals",
            title,
            "semver patch",
            self.rounds / 20,
            &candidates,
        )
    }

    fn next(&self, place: &str, directory: &Path) -> Event {
        let mut candidates = self.built(NEXT, "semver", "next", directory);
        candidates.extend(self.installed("svu next", "go/svu", "next", directory));
        let rivals = self.installed(
            "git-cliff --bumped-version",
            "venv/bin/git-cliff",
            "--bumped-version",
            directory,
        );
        let mut stopped = Vec::new();
        for rival in rivals {
            let name = rival.name.clone();
            let first = usage::within(LIMIT, &mut rival.command());
            match first.unwrap_or_else(|error| panic!("{name} cannot be run: {error}")) {
                Some(usage) if usage.wall < Duration::from_secs(2) => candidates.push(rival),
                Some(usage) => stopped.push((name, usage.wall)),
                None => stopped.push((name, LIMIT)),
            }
        }
        let title = format!("Asking the commits for the next version, {place}");
        let mut event = Event::run("rivals", title, NEXT, self.rounds / 20, &candidates);
        event.stopped = stopped;
        event
    }

    fn repository(&self, commits: usize) -> PathBuf {
        repository::of(&self.directory.join("repositories"), commits)
    }

    /// Returns the dynamic and the static build of a program.
    fn both(&self, name: &str, program: &str, arguments: &str, directory: &Path) -> Vec<Candidate> {
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
    fn built(
        &self,
        name: &str,
        program: &str,
        arguments: &str,
        directory: &Path,
    ) -> Vec<Candidate> {
        self.installed(name, &format!("bin/{program}"), arguments, directory)
    }

    /// Returns a program that `run` has installed, if it could.
    fn installed(
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
