//! The races of `github-release`: several files over a line that is far away and narrow, the same
//! release once more, and one large file.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use duat_tests::github::GitHub;
use duat_tests::relay::Relay;
use duat_tests::{Scene, repository};

use crate::field::{Event, Field};
use crate::goal::{self, Goal};
use crate::race::{self, Result, Sample};
use crate::say;
use crate::tool::{Asked, Tool};
use crate::usage::{self, Usage};

pub(crate) const TOOL: Tool = Tool {
    name: "github-release",
    notes: NOTES,
    races,
    goals,
    versions: &[("gh", "venv/bin/gh", "--version")],
};

const NOTES: &str = "\
`github-release` beside `gh release create`, both against the same double of GitHub on loopback and
both through the same proxy, with plain HTTP. Every round begins with a GitHub that has the tag and
no release, and ends with the release published, which is looked at; only the row *once more* begins
with the release that is there already, which `gh` refuses. The double hashes what it receives, and
`github-release` what it sends, which `gh` does not: where no core is free for that, it takes longer.

The line of the first race takes 50 ms there and back, which a new connection takes once more, and
1 MB/s on each connection.
";

const HOST: &str = "github.localhost";
const REPOSITORY: &str = "owner/tool";
const OURS: &str = "github-release";
const AGAIN: &str = "github-release, once more";
const GH: &str = "gh";

/// The stripped release binary stays under this.
const SIZE: u64 = 8_000_000;
/// What it may take while it sends one large file.
const MEMORY: u64 = 32_000_000;
const LARGE: u64 = 600_000_000;
const FILES: u64 = 8;
const LATENCY: Duration = Duration::from_millis(50);
/// Bytes a second.
const RATE: u32 = 1_000_000;
const ROUNDS: usize = 5;

/// Runs the races that are asked for.
fn races(field: &Field, asked: Asked<'_>) -> Vec<Event> {
    let mut events = Vec::new();
    if asked("far") {
        let files: Vec<(String, u64)> = (0..FILES)
            .map(|number| (format!("file-{number}.bin"), 1_000_000))
            .collect();
        let title = "Eight files of 1 MB over a slow line";
        let race = Race::new(field, &files, true);
        events.push(race.run("far", title, &[OURS, AGAIN, GH]));
    }
    if asked("large") {
        let race = Race::large(field);
        events.push(race.run("large", "One file of 600 MB", &[OURS, GH]));
    }
    events
}

/// Returns all promises that the events tell something about.
fn goals(field: &Field, events: &[Event]) -> Vec<Goal> {
    let mut goals = Vec::new();
    for event in events {
        match event.name {
            "far" => {
                goals.extend(goal::within(event, OURS, GH, 1.0));
                goals.extend(goal::within(event, AGAIN, OURS, 0.2));
            }
            "large" => {
                goals.extend(goal::within(event, OURS, GH, 1.0));
                goals.extend(Race::large(field).memory());
            }
            _ => {}
        }
    }
    goals.extend(goal::small(field, "github-release", SIZE));
    goals
}

/// Writes a file of so many bytes: a file of holes is none that anybody reads or sends.
fn fill(path: &Path, length: u64) -> io::Result<()> {
    let mut file = File::create(path)?;
    let piece: Vec<u8> = (0..1_000_000_u32).map(|at| at.to_le_bytes()[0]).collect();
    let mut left = length;
    while left > 0 {
        let count = piece.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        file.write_all(&piece[..count])?;
        left -= count as u64;
    }
    file.sync_all()
}

/// One kind of release, and who makes it.
struct Race {
    scene: Scene,
    files: usize,
    slow: bool,
    ours: PathBuf,
    gh: PathBuf,
}

impl Race {
    fn new(field: &Field, files: &[(String, u64)], slow: bool) -> Self {
        let scene = Scene::new();
        scene.write("README.md", "<repo-version>1.0.0</repo-version>\n");
        scene.write(".gitignore", "dist/\n");
        scene.script(repository::MAIN);
        scene.script("git tag 1.0.0");
        for (name, length) in files {
            let path = format!("dist/{name}");
            scene.write(&path, "");
            fill(&scene.path(&path), *length).expect("the file can be made");
            // one that was written a moment ago is hashed before it is sent: no build is that fast
            scene.age(&path);
        }
        Self {
            scene,
            files: files.len(),
            slow,
            ours: field.directory.join("bin/github-release"),
            gh: field.directory.join("venv/bin/gh"),
        }
    }

    fn large(field: &Field) -> Self {
        Self::new(field, &[("large.bin".to_owned(), LARGE)], false)
    }

    /// Lets those of them who are there run in turns.
    fn run(&self, name: &'static str, title: &str, entrants: &[&'static str]) -> Event {
        say(format_args!("{title}: {ROUNDS} rounds"));
        let mut entrants = entrants.to_vec();
        entrants.retain(|entrant| *entrant != GH || self.gh.is_file());
        let mut used: Vec<Vec<Usage>> = vec![Vec::new(); entrants.len()];
        for round in 0..ROUNDS {
            for index in race::order(round, entrants.len()) {
                used[index].push(self.once(entrants[index]));
            }
        }
        let results = entrants.iter().zip(&used).map(|(name, used)| Result {
            name: (*name).to_owned(),
            wall: Sample::new(used.iter().map(|usage| usage.wall)),
            processor: Sample::new(used.iter().map(|usage| usage.processor)),
            requests: None,
        });
        Event {
            name,
            title: title.to_owned(),
            reference: if self.gh.is_file() { GH } else { OURS },
            rounds: ROUNDS,
            results: results.collect(),
            stopped: Vec::new(),
        }
    }

    /// Makes a release at a GitHub of its own, and tells what that took.
    fn once(&self, entrant: &str) -> Usage {
        let github = self.github(entrant);
        let relay = self.relay(&github);
        let proxy = proxy(&github, relay.as_ref());
        if entrant == AGAIN {
            let (_, status) = usage::of(&mut self.command(OURS, &proxy)).expect("it can be run");
            assert!(status.success(), "{OURS} failed: {status}");
            github.forget();
        }
        let (usage, status) = usage::of(&mut self.command(entrant, &proxy)).expect("it can be run");
        assert!(status.success(), "{entrant} failed: {status}");
        assert!(
            self.is_published(&github),
            "{entrant} has not published all"
        );
        if entrant == AGAIN {
            assert_eq!(github.writes(), 0, "{}", github.trace());
        }
        usage
    }

    /// Returns a GitHub under one name: `gh` takes this one for github.com, where uploads have a
    /// host of their own; to ours it is an enterprise server.
    fn github(&self, entrant: &str) -> GitHub {
        let github = if entrant == GH {
            GitHub::behind(HOST)
        } else {
            GitHub::enterprise_behind(HOST)
        };
        github.repository(REPOSITORY).push(&self.scene);
        github
    }

    /// Tells whether the release is published with all files, each of them whole.
    fn is_published(&self, github: &GitHub) -> bool {
        let releases = github.repository(REPOSITORY).releases();
        let [release] = releases.as_slice() else {
            return false;
        };
        let whole = release.assets.iter().all(|asset| asset.uploaded);
        !release.draft && whole && release.assets.len() == self.files
    }

    /// Returns the line to a GitHub, if it is far away.
    fn relay(&self, github: &GitHub) -> Option<Relay> {
        let far = || Relay::narrow(github.socket(), LATENCY, RATE);
        self.slow.then(far)
    }

    fn command(&self, entrant: &str, proxy: &str) -> Command {
        let call = if entrant == GH {
            let mut files = self.scene.files("dist");
            for file in &mut files {
                file.insert_str(0, "dist/");
            }
            self.scene
                .command(&self.gh)
                .args(["release", "create", "1.0.0", "--notes", "notes"])
                .args(["--repo", &format!("{HOST}/{REPOSITORY}")])
                .args(files)
                .env("GH_TOKEN", GitHub::TOKEN)
                .env("GH_HOST", HOST)
                .env("GH_NO_UPDATE_NOTIFIER", "1")
                .env("DO_NOT_TRACK", "1")
        } else {
            self.scene
                .command(&self.ours)
                .args(["--notes", "notes", "dist/*"])
                .env("GITHUB_TOKEN", GitHub::TOKEN)
                .env("GITHUB_API_URL", format!("http://{HOST}/api/v3"))
        };
        call.env("HTTP_PROXY", proxy).into_command()
    }

    /// Tells how much memory ours takes at most.
    fn memory(&self) -> Option<Goal> {
        let github = self.github(OURS);
        let mut command = self.command(OURS, &proxy(&github, None));
        let peak = usage::peak(&mut command).expect("it can be run")?;
        Some(Goal {
            promise: format!("{OURS} sends one file of 600 MB within 32 MB of memory"),
            measured: format!("{} MB", peak.div_ceil(1_000_000)),
            kept: peak <= MEMORY && self.is_published(&github),
        })
    }
}

/// Returns the proxy that leads to a GitHub.
fn proxy(github: &GitHub, relay: Option<&Relay>) -> String {
    let far = relay.map(|relay| format!("http://{}", relay.address()));
    far.unwrap_or_else(|| github.address())
}
