//! The page that says how it went.

use std::fmt::Write as _;
use std::fs;

use crate::field::{Event, Field};
use crate::machine;
use crate::tool::Tool;

const INTRODUCTION: &str = "\
# Benchmarks

The tools beside small programs that show what any program costs (one is empty; all are built with
the profile of the release) and beside other tools for the same work. All that is compared in a
table ran in one run, in turns, each as often after every other one, with warm caches, output thrown
away. This page is written by

```console
$ tests/bench/run
```

which installs what it needs below `target/bench`. Times are medians in milliseconds: on the clock,
from before a process is started until it has ended, and of processors (user and kernel mode). The
spread is how far the middle half of the runs lies apart, as a part of the median; what two rows of
the same program (`reader` and `reader, once more`) differ by is noise. Read the ratios: they carry
over to other machines better than the times do.

A static binary is built for `x86_64-unknown-linux-musl`; the others use the system's C library, and
most of what they take is the dynamic loader at work.
";

/// Returns the page.
pub(crate) fn report(field: &Field, ran: &[(Tool, Vec<Event>)]) -> String {
    let mut page = INTRODUCTION.to_owned();
    // writing to a text cannot fail
    let _ = writeln!(page, "\n## Where");
    let _ = writeln!(
        page,
        "\n- {}; load {} at the end",
        machine::kind(),
        machine::load()
    );
    let _ = writeln!(page, "- measured on {}", machine::date());
    for version in versions(field, ran) {
        let _ = writeln!(page, "- {version}");
    }
    for line in missing(field) {
        let _ = writeln!(page, "- not compared: {line}");
    }
    let _ = writeln!(
        page,
        "\n## Goals\n\n| goal | measured | kept |\n| --- | ---: | --- |"
    );
    for (tool, events) in ran.iter().filter(|(_, events)| !events.is_empty()) {
        for goal in (tool.goals)(field, events) {
            let kept = if goal.kept { "yes" } else { "**no**" };
            let _ = writeln!(page, "| {} | {} | {kept} |", goal.promise, goal.measured);
        }
    }
    for (tool, events) in ran.iter().filter(|(_, events)| !events.is_empty()) {
        let (name, notes) = (tool.name, tool.notes.trim_end());
        let _ = writeln!(page, "\n## `{name}`\n\n{notes}");
        let _ = writeln!(
            page,
            "\n![times as long, race by race](benchmarks/{name}.svg)"
        );
        for event in events {
            table(&mut page, event);
        }
    }
    page
}

fn table(page: &mut String, event: &Event) {
    let reference = event.results.iter().find(|it| it.name == event.reference);
    let Some(reference) = reference else { return };
    let (wall, processor) = (reference.wall.median(), reference.processor.median());
    // counted in some races only
    let counts = event.results.iter().any(|result| result.requests.is_some());
    let [head, rule] = if counts {
        [" requests |", " ---: |"]
    } else {
        ["", ""]
    };
    let _ = writeln!(
        page,
        "\n### {}\n\n{} rounds; compared with `{}`.\n\n\
         | program | times as long | times the processor | ms | fastest | spread | processor ms |{head}\n\
         | --- | ---: | ---: | ---: | ---: | ---: | ---: |{rule}",
        event.title, event.rounds, event.reference
    );
    for result in &event.results {
        let _ = writeln!(
            page,
            "| {} | **{:.2}** | {:.2} | {:.2} | {:.2} | {:.0} % | {:.2} |{}",
            result.name,
            result.wall.median() / wall,
            result.processor.median() / processor,
            result.wall.median(),
            result.wall.least(),
            result.wall.spread() * 100.0,
            result.processor.median(),
            result
                .requests
                .map(|requests| format!(" {requests} |"))
                .unwrap_or_default(),
        );
    }
    for (name, time) in &event.stopped {
        let times = time.as_secs_f64() * 1000.0 / wall;
        let seconds = time.as_secs();
        let _ = writeln!(
            page,
            "| {name}, run once | **> {times:.0}** | | > {seconds} s | | | |"
        );
    }
}

fn versions(field: &Field, ran: &[(Tool, Vec<Event>)]) -> Vec<String> {
    let tools = ran.iter().filter(|(_, events)| !events.is_empty());
    let programs = [("rustc", "rustc", "--version")]
        .into_iter()
        .chain(tools.flat_map(|(tool, _)| tool.versions.iter().copied()));
    let versions = programs.filter_map(|(name, program, argument)| {
        let path = field.directory.join(program);
        let program = if path.is_file() { path } else { program.into() };
        let version = machine::first_line(program, &[argument])?;
        Some(if version.contains(name) {
            version
        } else {
            format!("{name} {version}")
        })
    });
    versions.collect()
}

/// Returns what `run` could not get.
fn missing(field: &Field) -> Vec<String> {
    let text = fs::read_to_string(field.directory.join("missing")).unwrap_or_default();
    text.lines().map(|line| line.replace('\t', ": ")).collect()
}
