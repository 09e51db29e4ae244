//! The races of `semver`: printing a version, stamping one, asking tags and commits.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::candidate::Candidate;
use crate::field::{EMPTY, Event, Field, fixed};
use crate::goal::{self, Goal};
use crate::tool::{Asked, Tool};
use crate::{machine, repository, usage};

pub(crate) const TOOL: Tool = Tool {
    name: "semver",
    notes: NOTES,
    races,
    goals,
    versions: &[
        ("git", "git", "--version"),
        ("git-cliff", "venv/bin/git-cliff", "--version"),
        ("bump-my-version", "venv/bin/bump-my-version", "--version"),
        ("svu", "go/svu", "--version"),
    ],
};

const NOTES: &str = "\
`semver` beside a small program that only reads and prints README.md, and beside other tools for the
same work. `semver pre` and the other commands that edit a file are given the same README.md before
each run. They write a file so that it survives a power failure: on a disk that is what they take
their time for.

What `semver extract` takes beyond the reader goes into being larger (its pages are mapped, and those
with addresses in them relocated, before it begins) and into reading its arguments. Times are those
of a run without options: with one, or with a variable `DUAT_...`, the options of all commands are
made, which takes about half a millisecond more.

In the repositories every commit has a version tag, as a lightweight tag in `packed-refs`, but for
the last one, which is at HEAD. `git describe` and `semver next` so go one commit back.
";

const RACES: [&str; 4] = ["extract", "pre", "tags", "rivals"];

/// Nobody waits longer than this.
const LIMIT: Duration = Duration::from_mins(1);
/// The stripped release binary stays under this.
const SIZE: u64 = 3_500_000;

const READER: &str = "reader";
const AGAIN: &str = "reader, once more";
const EXTRACT: &str = "semver extract";
const PRE: &str = "semver pre";
const HIGHEST: &str = "semver -g";
const RC: &str = "semver rc";
const TAG_SORT: &str = "git tag --sort=-version:refname";
const DESCRIBE: &str = "git describe --tags";
const NEXT: &str = "semver next";

/// Runs the races that are asked for.
fn races(field: &Field, asked: Asked<'_>) -> Vec<Event> {
    if !RACES.into_iter().any(asked) {
        return Vec::new();
    }
    let here = Races(field);
    let small = here.repository(3);
    let large = here.repository(10_000);
    let huge = here.repository(100_000);
    let memory = tempfile::tempdir_in("/dev/shm").ok();
    let mut events = Vec::new();
    if asked("extract") {
        events.push(here.extract("a small repository", &small));
        events.push(here.extract("100,000 commits and tags", &huge));
    }
    if asked("pre") {
        let on = |path: &Path| machine::file_system(path);
        events.push(here.pre(&format!("on disk ({})", on(&small)), &small));
        if let Some(memory) = &memory {
            let copy = memory.path().join("small");
            repository::copy(&small, &copy);
            events.push(here.pre(&format!("in memory ({})", on(&copy)), &copy));
        }
    }
    if asked("tags") {
        events.push(here.tags("10,000 commits and tags", &large, field.rounds / 8));
        events.push(here.tags("100,000 commits and tags", &huge, field.rounds / 20));
    }
    if asked("rivals") {
        events.push(here.reading(&small));
        events.push(here.bumping(&small));
        events.push(here.next("a small repository", &small));
        events.push(here.next("10,000 commits and tags", &large));
    }
    events
}

/// Returns all promises that the events tell something about.
fn goals(field: &Field, events: &[Event]) -> Vec<Goal> {
    let mut goals = Vec::new();
    for event in events {
        match event.name {
            "extract" => {
                goals.extend(goal::within(event, EXTRACT, READER, 1.5));
                goals.extend(goal::within(event, &fixed(EXTRACT), &fixed(READER), 1.5));
                goals.extend(goal::within(event, &fixed(EXTRACT), EMPTY, 1.0));
            }
            "pre" => {
                goals.extend(goal::within(event, PRE, READER, 2.0));
                goals.extend(goal::within(event, &fixed(PRE), &fixed(READER), 2.0));
            }
            // the promise is about large repositories
            "tags" if event.title.contains("100,000") => {
                goals.extend(goal::within(event, HIGHEST, TAG_SORT, 0.2));
                goals.extend(goal::within(event, RC, DESCRIBE, 1.0));
            }
            _ => {}
        }
    }
    goals.extend(goal::small(field, "semver", SIZE));
    goals
}

struct Races<'a>(&'a Field);

impl Races<'_> {
    fn extract(&self, place: &str, directory: &Path) -> Event {
        let mut candidates = self.floor(directory);
        candidates.extend(self.0.both(EXTRACT, "semver", "extract", directory));
        Event::run(
            "extract",
            format!("Printing the version, {place}"),
            READER,
            self.0.rounds,
            &candidates,
        )
    }

    fn pre(&self, place: &str, directory: &Path) -> Event {
        let mut candidates = self.floor(directory);
        let ours = self.0.both(PRE, "semver", "pre", directory);
        candidates.extend(ours.into_iter().map(|it| it.editing("README.md")));
        Event::run(
            "pre",
            format!("Stamping a pre-release, {place}"),
            READER,
            self.0.rounds / 2,
            &candidates,
        )
    }

    /// Returns the programs that show what any program costs.
    fn floor(&self, directory: &Path) -> Vec<Candidate> {
        let mut candidates = self.0.both(EMPTY, "empty", "", directory);
        candidates.extend(self.0.both(READER, "reader", "", directory));
        candidates.extend(self.0.built(AGAIN, "reader", "", directory));
        candidates
    }

    fn tags(&self, place: &str, directory: &Path, rounds: usize) -> Event {
        let mut candidates = self.0.both(HIGHEST, "semver", "-g", directory);
        let rc = self.0.both(RC, "semver", "rc", directory);
        candidates.extend(rc.into_iter().map(|it| it.editing("README.md")));
        let git = |name: &str| {
            let (program, arguments) = name.split_once(' ').expect("git has arguments");
            Candidate::new(name, Path::new(program), arguments, directory)
        };
        candidates.extend([git("git tag"), git(TAG_SORT), git(DESCRIBE)]);
        candidates.extend(
            self.0
                .installed("svu current", "go/svu", "current", directory),
        );
        candidates.extend(self.0.installed(
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
        let mut candidates = self.0.built(EXTRACT, "semver", "extract", directory);
        candidates.extend(self.0.installed(
            "the predecessor's `semver`",
            "go/semver",
            "extract",
            directory,
        ));
        let bump = "show current_version";
        candidates.extend(self.0.installed(
            "bump-my-version show",
            "venv/bin/bump-my-version",
            bump,
            directory,
        ));
        let title = "Printing the version, beside tools for it".to_owned();
        Event::run("rivals", title, EXTRACT, self.0.rounds / 20, &candidates)
    }

    fn bumping(&self, directory: &Path) -> Event {
        let patch = self.0.built("semver patch", "semver", "patch", directory);
        let mut candidates: Vec<Candidate> = patch
            .into_iter()
            .map(|it| it.editing("README.md"))
            .collect();
        let predecessor = self.0.installed(
            "the predecessor's `semver patch`",
            "go/semver",
            "patch",
            directory,
        );
        let bump = self.0.installed(
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
            self.0.rounds / 20,
            &candidates,
        )
    }

    fn next(&self, place: &str, directory: &Path) -> Event {
        let mut candidates = self.0.built(NEXT, "semver", "next", directory);
        candidates.extend(self.0.installed("svu next", "go/svu", "next", directory));
        let rivals = self.0.installed(
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
        let mut event = Event::run("rivals", title, NEXT, self.0.rounds / 20, &candidates);
        event.stopped = stopped;
        event
    }

    fn repository(&self, commits: usize) -> PathBuf {
        repository::of(&self.0.directory.join("repositories"), commits)
    }
}
