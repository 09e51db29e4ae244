//! The help of all commands, side by side.

use std::collections::{BTreeMap, BTreeSet};

use duat_tests::{Scene, TOOLS};

/// What one command says for `-h`.
struct Help {
    tool: &'static str,
    /// The tool and the command, as they are typed.
    command: String,
    text: String,
}

/// An option, as it is listed.
struct Entry {
    /// Its long name, such as `--dry-run`.
    name: String,
    /// All that stands before the description: its names and what it takes.
    usage: String,
    description: String,
    /// The variable that stands for it.
    twin: Option<String>,
}

/// Options that mean another thing in each tool that has them, by what the tool is about.
const OF_THEIR_OWN: [&str; 5] = [
    // the one of `semver` also says what it understands where it reads
    "--tag-prefix",
    // a name, or a list of them
    "--module",
    // AWS's, or a set of Go functions
    "--profile",
    // what is edited, rendered, moved, deleted
    "--dry-run",
    "--exit-code",
];
/// What clap has no variable for, and what is asked once by a person.
const WITHOUT_TWIN: [&str; 4] = ["--help", "--version", "--completions", "--man"];
/// The headings with which each help ends, in this order, as far as it has them.
const LAST: [&str; 4] = ["Output", "Manners", "Examples", "Exit codes"];

/// Returns the help of all tools and of all their commands.
fn all() -> Vec<Help> {
    let scene = Scene::new();
    let ask = |tool: &str, commands: &[&str]| {
        let call = scene
            .tool(tool)
            .args(commands)
            .arg("-h")
            .env("COLUMNS", "100");
        let outcome = call.run();
        outcome.succeeds().says_nothing();
        outcome.stdout().to_owned()
    };
    let mut all = Vec::new();
    for tool in TOOLS {
        let text = ask(tool, &[]);
        let commands = section(&text, "Commands").into_iter();
        let commands = commands.filter_map(|line| line.split_whitespace().next());
        for command in commands {
            let text = ask(tool, &[command]);
            let command = format!("{tool} {command}");
            all.push(Help {
                tool,
                command,
                text,
            });
        }
        let command = tool.to_owned();
        all.push(Help {
            tool,
            command,
            text,
        });
    }
    assert!(all.len() > 30, "only {} commands were found", all.len());
    all
}

/// Returns the lines below a heading.
fn section<'a>(text: &'a str, heading: &str) -> Vec<&'a str> {
    let mut lines = text.lines();
    let title = format!("{heading}:");
    lines.by_ref().find(|line| *line == title);
    lines.take_while(|line| !line.is_empty()).collect()
}

/// Returns the headings in their order.
fn headings(text: &str) -> Vec<&str> {
    let lines = text.lines().filter(|line| !line.starts_with(' '));
    let codes = |line: &str| line.starts_with("Exit codes: ").then_some("Exit codes");
    lines
        .filter_map(|line| codes(line).or(line.strip_suffix(':')))
        .collect()
}

/// Returns the options that a help lists.
fn entries(text: &str) -> Vec<Entry> {
    let listed = headings(text)
        .into_iter()
        .filter(|heading| !["Commands", "Examples", "Exit codes"].contains(heading))
        .flat_map(|heading| section(text, heading));
    listed.filter_map(entry).collect()
}

fn entry(line: &str) -> Option<Entry> {
    let (usage, rest) = line.trim_start().split_once("  ")?;
    let name = usage
        .split([' ', ',', '[', '=', '.'])
        .find(|word| word.starts_with("--"))?;
    let described = rest.trim_start();
    let (description, tags) = described.split_at(described.find(" [").unwrap_or(described.len()));
    let twin = tags
        .split_once("[env: ")
        .and_then(|(_, rest)| rest.split(']').next());
    Some(Entry {
        name: name.to_owned(),
        usage: usage.to_owned(),
        description: description.to_owned(),
        twin: twin.map(str::to_owned),
    })
}

#[test]
fn an_option_says_the_same_in_every_tool() {
    let mut told: BTreeMap<String, BTreeMap<(String, String), Vec<&str>>> = BTreeMap::new();
    // below its commands a tool may say it in the command's words
    for help in all().into_iter().filter(|help| help.command == help.tool) {
        for entry in entries(&help.text) {
            let what = (entry.usage, entry.description);
            let places = told.entry(entry.name).or_default().entry(what).or_default();
            places.push(help.tool);
        }
    }
    told.retain(|_, said| said.len() > 1);
    for name in OF_THEIR_OWN {
        assert!(told.remove(name).is_some(), "`{name}` is said in one way");
    }
    assert!(told.is_empty(), "said in several ways: {told:#?}");
}

#[test]
fn every_option_has_a_twin_in_the_environment() {
    for help in all() {
        for entry in entries(&help.text) {
            let name = entry.name.trim_start_matches('-');
            let twin = format!("DUAT_{}_{name}", help.tool)
                .to_uppercase()
                .replace('-', "_");
            let twin = Some(twin).filter(|_| !WITHOUT_TWIN.contains(&entry.name.as_str()));
            assert_eq!(entry.twin, twin, "{} {}", help.command, entry.name);
        }
    }
}

#[test]
fn descriptions_are_phrases_of_one_kind() {
    for help in all() {
        for Entry {
            name, description, ..
        } in entries(&help.text)
        {
            let place = format!("{} {name}: {description}", help.command);
            assert!(
                description.starts_with(|first: char| first.is_uppercase() || first == '`'),
                "{place}"
            );
            assert!(!description.ends_with(['.', ' ', ';', ',']), "{place}");
        }
        let about = help.text.lines().next().unwrap();
        assert!(
            about.starts_with(char::is_uppercase) && !about.ends_with('.'),
            "{about}"
        );
    }
}

#[test]
fn every_help_ends_alike() {
    for help in all() {
        let headings = headings(&help.text);
        let found: Vec<_> = headings.iter().filter(|each| LAST.contains(each)).collect();
        let expected: Vec<_> = LAST.iter().filter(|each| headings.contains(each)).collect();
        assert_eq!(found, expected, "{}", help.command);
        let last = headings.get(headings.len() - expected.len()..).unwrap();
        assert!(last.iter().eq(expected), "{}: {headings:?}", help.command);
        if help.command == help.tool {
            assert_eq!(found.len(), LAST.len(), "{}: {headings:?}", help.command);
        }
    }
}

/// 7 and 8 are said in the words of each tool.
#[test]
fn an_exit_code_has_one_meaning() {
    let mut meanings: BTreeMap<u32, BTreeSet<String>> = BTreeMap::new();
    for help in all().into_iter().filter(|help| help.command == help.tool) {
        let (_, codes) = help.text.split_once("Exit codes: ").unwrap();
        for code in codes.trim_end().trim_end_matches('.').split(',') {
            let (number, meaning) = code.trim().split_once(' ').unwrap();
            let meanings = meanings.entry(number.parse().unwrap()).or_default();
            meanings.insert(meaning.to_owned());
        }
    }
    let numbers: Vec<u32> = meanings.keys().copied().collect();
    assert_eq!(numbers, (0..=8).collect::<Vec<_>>());
    meanings.retain(|number, meanings| *number < 7 && meanings.len() > 1);
    assert!(meanings.is_empty(), "{meanings:#?}");
}
