//! Commands in documents that are not played: the tools read each as it is typed there.
//!
//! Each is given `--help` behind all that is typed, so that it is read, flags, values and all, and
//! nothing is done: what a tool does not know it refuses before it comes to that.

#![expect(
    clippy::unwrap_used,
    reason = "a document that cannot be read has failed"
)]

use std::fs;
use std::path::Path;

use duat_tests::Scene;

const TOOLS: [&str; 4] = ["semver", "stencil", "image-promote", "github-release"];

#[test]
fn what_moving_over_names_is_what_the_tools_read() {
    let text = document("docs/moving-over.md");
    let mut commands = Vec::new();
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
    }
    assert!(read(&commands) > 25, "{commands:#?}");
}

#[test]
fn commands_in_documents_that_are_not_played_are_read() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut names = vec!["README.md".to_owned()];
    for folder in ["docs", "docs/reference"] {
        for entry in fs::read_dir(root.join(folder)).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            let is_page = Path::new(&name).extension() == Some("md".as_ref());
            // what takes part in a race has a name, and is no command
            if is_page && name != "benchmarks.md" {
                names.push(format!("{folder}/{name}"));
            }
        }
    }
    let mut commands = Vec::new();
    for name in names {
        let text = document(&name);
        for (number, part) in text.split("\n```").enumerate() {
            if number % 2 == 0 {
                let spans = part.lines().flat_map(spans);
                commands.extend(spans.filter(|span| is_command(span)));
            } else if let Some(script) = part.strip_prefix("sh\n") {
                commands.push(script.to_owned());
            }
        }
    }
    assert!(read(&commands) > 40, "{commands:#?}");
}

fn document(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name)).unwrap()
}

/// Tells whether something is typed: a tool, and more than its name.
fn is_command(span: &str) -> bool {
    let tool = span.split_once(' ').map(|(tool, _)| tool);
    tool.is_some_and(|tool| TOOLS.contains(&tool))
}

/// Returns what stands between backticks.
fn spans(cell: &str) -> Vec<String> {
    let parts = cell.split('`').skip(1).step_by(2);
    parts.map(|span| span.replace('\u{1}', "|")).collect()
}

/// Lets the tools read the commands of theirs in these scripts; returns how many there are.
#[track_caller]
fn read(scripts: &[String]) -> usize {
    let scene = Scene::new();
    let mut count = 0;
    for script in scripts {
        for words in commands(script) {
            let [tool, arguments @ ..] = words.as_slice() else {
                continue;
            };
            if !TOOLS.contains(&tool.as_str()) {
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

/// Returns the simple commands of a shell script, each as its words, as far as documents need it:
/// quotes, continued lines, comments, pipes and lists, commands in `$(…)`.
fn commands(script: &str) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    let mut words: Vec<String> = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut letters = script.chars().peekable();
    while let Some(letter) = letters.next() {
        match (quote, letter) {
            (Some(open), letter) if letter == open => quote = None,
            (None | Some('"'), '$') if letters.peek() == Some(&'(') => {
                let inner = inner(&mut letters);
                found.extend(commands(&inner));
                word.get_or_insert_default().push_str("1.2.3");
            }
            (None | Some('"'), '\\') => match letters.next() {
                Some('\n') | None => {}
                Some(letter) => word.get_or_insert_default().push(letter),
            },
            (None, '\'' | '"') => {
                quote = Some(letter);
                word.get_or_insert_default();
            }
            (None, '#') if word.is_none() => {
                letters.by_ref().find(|letter| *letter == '\n');
                end(&mut words, &mut word, &mut found);
            }
            (None, '|' | '&' | ';' | '\n' | '(' | ')' | '>' | '<') => {
                end(&mut words, &mut word, &mut found);
            }
            (None, letter) if letter.is_whitespace() => words.extend(word.take()),
            (_, letter) => word.get_or_insert_default().push(letter),
        }
    }
    end(&mut words, &mut word, &mut found);
    found
}

/// Takes what is between the parentheses that come next.
fn inner(letters: &mut impl Iterator<Item = char>) -> String {
    let mut depth = 0;
    let mut inner = String::new();
    for letter in letters {
        match letter {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            break;
        }
        inner.push(letter);
    }
    inner.split_off(1)
}

/// Ends a command; assignments and words of the shell before it are no part of it.
fn end(words: &mut Vec<String>, word: &mut Option<String>, found: &mut Vec<Vec<String>>) {
    words.extend(word.take());
    let is_before = |word: &String| {
        let name = word.split('=').next().unwrap_or_default();
        let assigns = word.contains('=')
            && name
                .chars()
                .all(|letter| letter.is_uppercase() || letter == '_');
        assigns || ["do", "then", "else", "if", "!", "while", "exec"].contains(&word.as_str())
    };
    let start = words
        .iter()
        .position(|word| !is_before(word))
        .unwrap_or(words.len());
    let command = words.split_off(start);
    words.clear();
    if !command.is_empty() {
        found.push(command);
    }
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

#[test]
fn a_script_is_cut_into_commands() {
    let cut = |script: &str| -> Vec<String> {
        commands(script)
            .iter()
            .map(|words| words.join("·"))
            .collect()
    };
    assert_eq!(cut("a b | c 'd e' \"f g\" # h | i"), ["a·b", "c·d e·f g"]);
    assert_eq!(cut("X=1 a \\\n  b && c; d > e"), ["a·b", "c", "d", "e"]);
    assert_eq!(
        cut("v=$(a -x \"$(b)\") # c\nd \"$v\""),
        ["b", "a·-x·1.2.3", "v=1.2.3", "d·$v"]
    );
    assert_eq!(cut("if a; then b --c='d'; fi"), ["a", "b·--c=d", "fi"]);
}
