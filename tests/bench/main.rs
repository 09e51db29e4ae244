//! Our tools beside their rivals: all of a race in one run, in turns, on the same files.
//!
//! `tests/bench/run` builds and installs what takes part, then starts this.
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a measurement that cannot be made has failed"
)]
#![expect(
    clippy::disallowed_methods,
    reason = "a runner makes the files and reads the clock of the machine it measures"
)]

use std::fmt::Display;
use std::io::Write as _;
use std::path::PathBuf;

use field::Event;
use tool::{TOOLS, Tool};

mod candidate;
mod field;
mod github_release;
mod goal;
mod image_promote;
mod machine;
mod plot;
mod race;
mod report;
mod repository;
mod semver;
mod stencil;
mod tool;
mod usage;

fn main() {
    let mut arguments = std::env::args_os().skip(1);
    let directory = PathBuf::from(
        arguments
            .next()
            .expect("usage: bench DIRECTORY [TOOL|RACE...]"),
    );
    let asked: Vec<String> = arguments
        .map(|name| name.to_string_lossy().into_owned())
        .collect();
    let field = field::Field::new(&directory);
    let wanted = |name: &str| asked.is_empty() || asked.iter().any(|it| it == name);
    let ran: Vec<(Tool, Vec<Event>)> = TOOLS
        .into_iter()
        .map(|tool| {
            let events = (tool.races)(&field, &|race| wanted(race) || wanted(tool.name));
            (tool, events)
        })
        .collect();
    let report = report::report(&field, &ran);
    if asked.is_empty() {
        std::fs::write("docs/benchmarks.md", &report).expect("docs/benchmarks.md can be written");
        std::fs::create_dir_all("docs/benchmarks").expect("docs/benchmarks can be made");
        for (tool, events) in ran.iter().filter(|(_, events)| !events.is_empty()) {
            let path = format!("docs/benchmarks/{}.svg", tool.name);
            std::fs::write(path, plot::plot(tool.name, events)).expect("a plot can be written");
        }
    }
    let _ = std::io::stdout().write_all(report.as_bytes());
}

/// Says what is going on.
fn say(text: impl Display) {
    let _ = writeln!(std::io::stderr(), "bench: {text}");
}
