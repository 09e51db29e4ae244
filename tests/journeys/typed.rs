//! Commands in documents that are not played: the tools read each as it is typed there.
//!
//! Each is given `--help` behind all that is typed, so that it is read, flags, values and all, and
//! nothing is done: what a tool does not know it refuses before it comes to that.

#![expect(
    clippy::unwrap_used,
    reason = "a document that cannot be read has failed"
)]

use std::fs;
use std::path::{Path, PathBuf};

use duat_tests::{Scene, TOOLS};

use crate::script::commands;

#[test]
fn what_moving_over_names_is_what_the_tools_read() {
    let scene = Scene::new();
    let text = document("docs/moving-over.md");
    let mut rows = 0;
    let mut silent = Vec::new();
    let mut tool = "";
    for line in text.lines() {
        if let Some(heading) = line.strip_prefix("## From ") {
            tool = match heading {
                "svu" | "Go's duat" => "semver",
                "gomplate" => "stencil",
                "crane, skopeo and regctl" => "image-promote",
                "gh and goreleaser" => "github-release",
                heading => panic!("whose counterpart is {heading}?"),
            };
        }
        let Some(row) = line.strip_prefix("| ") else {
            continue;
        };
        let cells: Vec<String> = row
            .replace("\\|", "\u{1}")
            .split(" | ")
            .map(str::to_owned)
            .collect();
        let [theirs, ours, ..] = cells.as_slice() else {
            panic!("a row has three cells: {line}");
        };
        let mut commands = Vec::new();
        if ours.starts_with("the same") {
            commands.extend(
                spans(theirs)
                    .into_iter()
                    .map(|span| match span.split_once(' ') {
                        Some((program, rest)) if !TOOLS.contains(&program) => {
                            format!("{tool} {rest}")
                        }
                        _ => span,
                    }),
            );
        }
        for span in spans(ours) {
            if span.starts_with('-') {
                commands.push(format!("{tool} {span}"));
            } else {
                commands.push(span);
            }
        }
        let told = read(&scene, &commands)
            + variables(&scene, tool, &commands)
            + templates(&scene, &commands);
        if (told > 0) == commands.is_empty() {
            silent.push(line);
        }
        rows += usize::from(told > 0);
    }
    assert!(rows > 0);
    assert!(silent.is_empty(), "no command in these rows: {silent:#?}");
}

/// Returns how many of these set a variable, each of which a tool's help has to name.
#[track_caller]
fn variables(scene: &Scene, tool: &str, spans: &[String]) -> usize {
    let names = spans
        .iter()
        .filter_map(|span| span.split_once('=')?.0.strip_prefix("DUAT_"));
    names
        .inspect(|name| {
            let help = scene.tool(tool).arg("--help").run();
            assert!(
                help.stdout().contains(&format!("[env: DUAT_{name}")),
                "{name}"
            );
        })
        .count()
}

/// Returns how many of these are templates, each of which `stencil` has to render.
#[track_caller]
fn templates(scene: &Scene, spans: &[String]) -> usize {
    let texts = spans.iter().filter(|span| span.starts_with("{{"));
    texts
        .inspect(|text| {
            let call = scene.tool("stencil").env("NAME", "set");
            call.stdin(text.as_bytes()).run().prints("set");
        })
        .count()
}

#[test]
fn commands_in_documents_that_are_not_played_are_read() {
    let mut pages = files("docs");
    pages.extend(files("docs/reference"));
    // what takes part in a race has a name, and is no command
    pages.retain(|name| has_ending(name, "md") && name != "docs/benchmarks.md");
    pages.push("README.md".to_owned());
    let scene = Scene::new();
    let (mut in_prose, mut in_scripts) = (0, 0);
    for name in pages {
        for (number, part) in document(&name).split("\n```").enumerate() {
            if number % 2 == 0 {
                let spans = part.lines().flat_map(spans);
                let count = read(
                    &scene,
                    &spans.filter(|span| is_command(span)).collect::<Vec<_>>(),
                );
                // where a span begins, and where another command holds one
                let named = named(part, |before, after| {
                    (before.ends_with('`') || before.ends_with("$(")) && after.starts_with(' ')
                });
                assert_eq!(count, named, "{name}: not every command is read of\n{part}");
                in_prose += count;
            } else if let Some(script) = part.strip_prefix("sh\n") {
                let count = read(&scene, &[script.to_owned()]);
                let lines = script
                    .lines()
                    .map(|line| line.split('#').next().unwrap_or_default());
                let code: Vec<&str> = lines.collect();
                let named = named(&code.join("\n"), is_word);
                assert_eq!(
                    count, named,
                    "{name}: not every command is read of\n{script}"
                );
                in_scripts += count;
            }
        }
    }
    assert!(in_prose > 0 && in_scripts > 0);
}

#[test]
fn commands_in_ready_workflows_are_read() {
    let mut pages = files("docs/ci");
    for action in TOOLS {
        pages.extend(files(&format!("docs/ci/actions/{action}")));
    }
    let scene = Scene::new();
    let mut all = 0;
    for name in pages {
        let text = document(&name);
        let count = read(&scene, &steps(&text));
        let lines = text.lines().filter(|line| {
            let line = line.trim_start();
            !["#", "//", "name:"]
                .iter()
                .any(|other| line.starts_with(other))
        });
        let lines: Vec<&str> = lines.collect();
        let code = lines.join("\n");
        let named = named(&code, is_word) + code.matches(" args: [").count();
        assert_eq!(count, named, "{name}: not every command is read");
        assert!(count > 0, "{name} shows no tool at work");
        all += count;
    }
    assert!(all > 0);
}

/// Returns the commands of a workflow: what is typed behind `-`, `run:` or `sh`, or on a line of its
/// own, and the arguments of an image.
fn steps(workflow: &str) -> Vec<String> {
    let mut steps = Vec::new();
    let mut image = "";
    for line in workflow.lines() {
        let line = line.trim();
        let line = line.strip_prefix("- ").unwrap_or(line);
        let line = line.strip_prefix("run: ").unwrap_or(line);
        // whatever whoever uses an action wants
        let line = line.trim_end_matches(" $ARGUMENTS");
        if let Some(name) = line.strip_prefix("image: ") {
            let name = name.rsplit('/').next().unwrap_or_default();
            image = name.split(':').next().unwrap_or_default();
        } else if let Some(words) = line.strip_prefix("args: ") {
            let words: Vec<String> = serde_json::from_str(words).unwrap();
            steps.push(format!("{image} '{}'", words.join("' '")));
        } else if let Some(script) = line.strip_prefix("sh '") {
            steps.push(script.trim_end_matches('\'').to_owned());
        } else {
            steps.push(line.to_owned());
        }
    }
    steps
}

/// Returns how often a tool is named in such a place: what stands before it, and behind it.
fn named(text: &str, is_place: impl Fn(&str, &str) -> bool) -> usize {
    let places = TOOLS.iter().flat_map(|tool| {
        text.match_indices(tool)
            .map(|(at, _)| (&text[..at], &text[at + tool.len()..]))
    });
    places
        .filter(|(before, after)| is_place(before, after))
        .count()
}

/// Tells whether what stands between these is a word of a script.
fn is_word(before: &str, after: &str) -> bool {
    (before.is_empty() || before.ends_with([' ', '\n', '(', '\'']))
        && (after.is_empty() || after.starts_with([' ', '\n', ')', '\'', ';']))
}

/// Returns the files in a folder, without those in folders below it.
fn files(folder: &str) -> Vec<String> {
    let entries = fs::read_dir(root().join(folder))
        .unwrap()
        .map(Result::unwrap);
    let files = entries.filter(|entry| entry.path().is_file());
    files
        .map(|entry| format!("{folder}/{}", entry.file_name().to_str().unwrap()))
        .collect()
}

fn has_ending(name: &str, ending: &str) -> bool {
    Path::new(name).extension() == Some(ending.as_ref())
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn document(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap()
}

/// Tells whether something is typed: a tool, and more than its name, be it for another command.
fn is_command(span: &str) -> bool {
    let begins = |words: &Vec<String>| words.first().is_some_and(|tool| is_tool(tool));
    !is_tool(span) && commands(span).iter().any(begins)
}

fn is_tool(word: &str) -> bool {
    TOOLS.contains(&word)
}

/// Returns what stands between backticks.
fn spans(cell: &str) -> Vec<String> {
    let parts = cell.split('`').skip(1).step_by(2);
    parts.map(|span| span.replace('\u{1}', "|")).collect()
}

/// Lets the tools read the commands of theirs in these scripts; returns how many there are.
#[track_caller]
fn read(scene: &Scene, scripts: &[String]) -> usize {
    let mut count = 0;
    for script in scripts {
        for words in commands(script) {
            let [tool, arguments @ ..] = words.as_slice() else {
                continue;
            };
            if !is_tool(tool) {
                continue;
            }
            count += 1;
            let outcome = scene.tool(tool).args(arguments).arg("--help").run();
            // prose speaks of `stencil -o` without the file
            let ends_in_option = arguments.last().is_some_and(|last| last.starts_with('-'));
            if ends_in_option
                && outcome
                    .stderr()
                    .starts_with("error: a value is required for")
            {
                continue;
            }
            outcome.succeeds();
            assert!(outcome.stdout().contains("Usage: "), "{words:?}");
        }
    }
    count
}

#[test]
fn what_a_tool_does_not_know_it_refuses_before_it_helps() {
    let scene = Scene::new();
    for tool in TOOLS {
        for wrong in ["--nonsense", "--color=nonsense", "--json=nonsense"] {
            scene.tool(tool).args([wrong, "--help"]).run().fails(2);
        }
    }
}
