//! The races of `stencil`: 100 KB from a template, one line from stdin, and Go's templates beside Go.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use crate::candidate::Candidate;
use crate::field::{EMPTY, Event, Field, fixed};
use crate::goal::{self, Goal};
use crate::tool::{Asked, Tool};

pub(crate) const TOOL: Tool = Tool {
    name: "stencil",
    notes: NOTES,
    races,
    goals,
    versions: &[
        ("go", "go", "version"),
        ("gomplate", "go/gomplate", "--version"),
        ("minijinja-cli", "cargo/bin/minijinja-cli", "--version"),
    ],
};

const NOTES: &str = "\
`stencil` beside the least that can be written for the same work: `tera`, a program that reads a
template and its values, has the Tera crate render them, and prints the result; and `text/template`,
the same in Go with Go's own package and sprig. All of them, and the other tools, make the same
bytes, which is looked at before they run. The template is tests/bench/templates/deployments, in each
of the languages; its values are JSON.

With the feature `aws` the binary is several times as large; the size that is promised is that
without it, and both take part.

Within one process the engines alone render that 200 times from values they have read before; each
time begins with the template's text.
";

/// The stripped release binary without AWS stays under this.
const SIZE: u64 = 5_000_000;
/// Renderings of one process where the engines alone are compared.
const TIMES: usize = 200;

const STENCIL: &str = "stencil";
const LEAN: &str = "stencil without AWS";
const STENCIL_GO: &str = "stencil, Go template";
const LEAN_GO: &str = "stencil without AWS, Go template";
/// The program of those without AWS.
const LEAN_PROGRAM: &str = "stencil-without-aws";
/// The empty program, linked as `stencil` is.
const EMPTY_PROGRAM: &str = "empty-as-stencil";
const TERA: &str = "tera";
const GO: &str = "text/template";
const ENGINE: &str = "gotemplate";

/// Runs the races that are asked for.
fn races(field: &Field, asked: Asked<'_>) -> Vec<Event> {
    if !["render", "line", "go"].into_iter().any(asked) {
        return Vec::new();
    }
    let directory = field.directory.join("templates");
    write(&directory);
    let here = Races { field, directory };
    let mut events = Vec::new();
    if asked("render") {
        events.push(here.render());
    }
    if asked("line") {
        events.push(here.line());
    }
    if asked("go") {
        events.push(here.go());
        events.push(here.engines());
    }
    events
}

/// Returns all promises that the events tell something about.
fn goals(field: &Field, events: &[Event]) -> Vec<Goal> {
    let mut goals = Vec::new();
    for event in events {
        match event.name {
            "render" => {
                goals.extend(goal::within(event, STENCIL, TERA, 1.3));
                goals.extend(goal::within(event, LEAN, TERA, 1.3));
                goals.extend(goal::within(event, &fixed(STENCIL), &fixed(TERA), 1.3));
                goals.extend(goal::within(event, STENCIL, "gomplate", 1.0));
                goals.extend(goal::within(event, STENCIL, "minijinja-cli", 1.0));
            }
            "line" => {
                goals.extend(goal::within(event, STENCIL, EMPTY, 2.5));
                goals.extend(goal::within(event, LEAN, EMPTY, 2.5));
                goals.extend(goal::within(event, &fixed(STENCIL), &fixed(EMPTY), 2.5));
                // the same but for noise
                goals.extend(goal::within(event, STENCIL_GO, STENCIL, 1.05));
            }
            "go" => {
                goals.extend(goal::within(event, STENCIL_GO, GO, 0.5));
                goals.extend(goal::within(event, LEAN_GO, GO, 0.5));
                goals.extend(goal::within(event, ENGINE, GO, 0.5));
            }
            _ => {}
        }
    }
    goals.extend(goal::small(field, LEAN_PROGRAM, SIZE));
    goals
}

struct Races<'a> {
    field: &'a Field,
    /// Where the templates and their values are.
    directory: PathBuf,
}

impl Races<'_> {
    fn render(&self) -> Event {
        let here = &self.directory;
        let files = "deployments.yaml values.json";
        let mut candidates = self.field.both(TERA, "tera", files, here);
        let ours = "-i deployments.yaml --values values.json";
        candidates.extend(self.field.both(STENCIL, "stencil", ours, here));
        candidates.extend(self.field.both(LEAN, LEAN_PROGRAM, ours, here));
        candidates.extend(self.field.installed(
            "minijinja-cli",
            "cargo/bin/minijinja-cli",
            "--autoescape none deployments.yaml values.json",
            here,
        ));
        candidates.extend(self.field.installed(
            "gomplate",
            "go/gomplate",
            "--file deployments.gomplate --context .=values.json",
            here,
        ));
        self.race("render", "Rendering", TERA, 1, &candidates)
    }

    fn line(&self) -> Event {
        let here = &self.directory;
        let mut candidates = self.field.both(EMPTY, EMPTY_PROGRAM, "", here);
        let reads = |candidates: Vec<Candidate>, file: &str| -> Vec<Candidate> {
            let candidates = candidates.into_iter();
            candidates.map(|each| each.reading(file)).collect()
        };
        let ours = self.field.both(STENCIL, "stencil", "", here);
        candidates.extend(reads(ours, "line.tera"));
        let ours = self.field.both(LEAN, LEAN_PROGRAM, "", here);
        candidates.extend(reads(ours, "line.tera"));
        let ours = self.field.both(STENCIL_GO, "stencil", "", here);
        candidates.extend(reads(ours, "line.gotmpl"));
        let rival = self.field.installed("gomplate", "go/gomplate", "", here);
        candidates.extend(reads(rival, "line.gotmpl"));
        let rival =
            self.field
                .installed("minijinja-cli", "cargo/bin/minijinja-cli", "--env -", here);
        candidates.extend(reads(rival, "line.minijinja"));
        let title = "One line from stdin to stdout".to_owned();
        same(&candidates, |name| !name.starts_with(EMPTY));
        Event::run("line", title, EMPTY, self.field.rounds, &candidates)
    }

    fn go(&self) -> Event {
        let here = &self.directory;
        let files = "deployments.tmpl values.json";
        let mut candidates = self.field.installed(GO, "go/text-template", files, here);
        let ours = "-i deployments.tmpl --values values.json";
        candidates.extend(self.field.both(STENCIL_GO, "stencil", ours, here));
        candidates.extend(self.field.both(LEAN_GO, LEAN_PROGRAM, ours, here));
        self.race("go", "Rendering a Go template", GO, 1, &candidates)
    }

    fn engines(&self) -> Event {
        let here = &self.directory;
        let files = format!("deployments.tmpl values.json {TIMES}");
        let mut candidates = self.field.installed(GO, "go/text-template", &files, here);
        candidates.extend(self.field.built(ENGINE, "gotemplate", &files, here));
        let title = format!("Rendering a Go template {TIMES} times in one process");
        self.race("go", &title, GO, 20, &candidates)
    }

    /// Lets candidates run that all make the output of the large template.
    fn race(
        &self,
        name: &'static str,
        what: &str,
        reference: &'static str,
        part: usize,
        candidates: &[Candidate],
    ) -> Event {
        let bytes = same(candidates, |_| true);
        let title = format!("{what}, {} KB of output", bytes / 1000);
        let rounds = self.field.rounds / part;
        Event::run(name, title, reference, rounds, candidates)
    }
}

/// Makes sure that the programs with these names make the same bytes; returns how many.
fn same(candidates: &[Candidate], taken: impl Fn(&str) -> bool) -> usize {
    let mut first: Option<(&str, Vec<u8>)> = None;
    for candidate in candidates.iter().filter(|each| taken(&each.name)) {
        let name = candidate.name.as_str();
        let output = candidate
            .command()
            .output()
            .unwrap_or_else(|error| panic!("{name} cannot be run: {error}"));
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{name} failed: {said}");
        match &first {
            None => first = Some((name, output.stdout)),
            Some((other, made)) => {
                assert!(
                    *made == output.stdout,
                    "{name} and {other} make different bytes"
                );
            }
        }
    }
    first.map_or(0, |(_, made)| made.len())
}

/// Writes the templates and their values.
fn write(directory: &Path) {
    let tera = include_str!("templates/deployments.tera");
    let go = include_str!("templates/deployments.gotmpl");
    let values = values();
    let line = include_str!("templates/line.tera");
    fs::create_dir_all(directory).expect("the directory can be made");
    for (name, text) in [
        ("deployments.yaml", tera),
        ("deployments.tmpl", go),
        // gomplate has names of its own
        ("deployments.gomplate", &go.replace("upper", "toUpper")),
        ("values.json", &values),
        ("line.tera", line),
        ("line.minijinja", &line.replace("Env.", "ENV.")),
        ("line.gotmpl", include_str!("templates/line.gotmpl")),
    ] {
        fs::write(directory.join(name), text).expect("the template can be written");
    }
}

/// Returns the values of some services as JSON.
fn values() -> String {
    const SERVICES: usize = 160;
    let mut text =
        String::from("{\n  \"registry\": \"registry.example.com/tools\",\n  \"services\": [\n");
    for number in 0..SERVICES {
        let between = if number + 1 < SERVICES { "," } else { "" };
        // writing to a text cannot fail
        let _ = writeln!(
            text,
            r#"    {{"name": "service-{number:03}", "team": "platform", "tag": "1.{number}.0", "replicas": {}, "debug": {}, "ports": [80{:02}, 9090], "env": [{{"name": "LOG_LEVEL", "value": "info"}}, {{"name": "DATABASE_URL", "value": "postgres://db-{number}.internal/app"}}, {{"name": "CACHE_SIZE", "value": "{}"}}]}}{between}"#,
            number % 5 + 1,
            number % 4 == 0,
            number % 100,
            number * 64,
        );
    }
    text.push_str("  ]\n}\n");
    text
}
