use std::collections::BTreeSet;
use std::ops::Range;

use crate::diagnostic::{Diagnostic, closest};
use crate::source::Source;

/// Instructions and the least words they take. Source: the Dockerfile reference of docker.
const INSTRUCTIONS: [(&str, usize); 18] = [
    ("ADD", 2),
    ("ARG", 1),
    ("CMD", 1),
    ("COPY", 2),
    ("ENTRYPOINT", 1),
    ("ENV", 1),
    ("EXPOSE", 1),
    ("FROM", 1),
    ("HEALTHCHECK", 1),
    ("LABEL", 1),
    ("MAINTAINER", 1),
    ("ONBUILD", 1),
    ("RUN", 1),
    ("SHELL", 1),
    ("STOPSIGNAL", 1),
    ("USER", 1),
    ("VOLUME", 1),
    ("WORKDIR", 1),
];

/// An instruction with its continuation lines joined.
struct Instruction {
    text: String,
    /// Its first line.
    span: Range<usize>,
}

pub(super) fn check(output: &Source) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    let mut stages = BTreeSet::new();
    let mut started = false;
    for instruction in instructions(output, &mut problems) {
        let wrong =
            |message: String| Diagnostic::error(message).at(output, instruction.span.clone());
        let (word, rest) = split(&instruction.text);
        let name = word.to_uppercase();
        let Some((_, least)) = INSTRUCTIONS.iter().find(|(known, _)| *known == name) else {
            let names = INSTRUCTIONS.iter().map(|(known, _)| *known);
            let problem = wrong(format!("`{word}` is not an instruction of a Dockerfile"));
            problems.push(match closest(&name, names) {
                Some(close) => problem.hint(format!("did you mean `{close}`?")),
                None => problem,
            });
            continue;
        };
        let words: Vec<&str> = rest
            .split_whitespace()
            .filter(|word| !word.starts_with("--"))
            .collect();
        let heredoc = rest.contains("<<");
        let json = rest.trim_start().starts_with('[');
        if words.is_empty() || words.len() < *least && !heredoc && !json {
            problems.push(wrong(format!(
                "`{name}` takes at least {least} arguments, not {}",
                words.len()
            )));
            continue;
        }
        if !started && name != "FROM" && name != "ARG" {
            problems.push(wrong(format!("`{name}` stands before the first `FROM`")));
            started = true;
        }
        match name.as_str() {
            "FROM" => {
                started = true;
                problems.extend(from(&words, &mut stages).map(wrong));
            }
            "EXPOSE" => {
                let bad = words.iter().filter(|port| !is_port(port));
                problems.extend(bad.map(|port| wrong(format!("`{port}` is not a port"))));
            }
            "LABEL" if !rest.contains('=') => {
                problems.push(wrong("`LABEL` takes `name=value`".to_owned()));
            }
            "ENV" if !rest.contains('=') && words.len() < 2 => {
                problems.push(wrong("`ENV` takes `name=value`".to_owned()));
            }
            "SHELL" if !json => problems.push(wrong("`SHELL` takes a JSON list".to_owned())),
            "ONBUILD" => {
                let (inner, _) = split(rest);
                let inner = inner.to_uppercase();
                let known = INSTRUCTIONS.iter().any(|(known, _)| *known == inner);
                if !known || matches!(inner.as_str(), "ONBUILD" | "FROM" | "MAINTAINER") {
                    problems.push(wrong(format!("`ONBUILD` does not take `{inner}`")));
                }
            }
            _ => {}
        }
        let runs = matches!(
            name.as_str(),
            "CMD" | "ENTRYPOINT" | "RUN" | "SHELL" | "VOLUME"
        );
        let list = rest.trim();
        if runs
            && json
            && list.ends_with(']')
            && !list.starts_with("[[")
            && !list.starts_with("[ ")
            && !is_list(list)
        {
            problems.push(wrong(format!(
                "`{name}` looks like a JSON list but is none: docker would hand it to a shell"
            )));
        }
    }
    if !started && problems.is_empty() {
        problems.push(Diagnostic::error("there is no `FROM`").at(output, 0..1));
    }
    problems
}

fn is_list(text: &str) -> bool {
    serde_json::from_str::<Vec<String>>(text).is_ok()
}

fn from(words: &[&str], stages: &mut BTreeSet<String>) -> Option<String> {
    match words {
        [_] => None,
        [_, r#as, name] if r#as.eq_ignore_ascii_case("as") => {
            let lower = name.to_lowercase();
            let legal = |each: char| each.is_ascii_alphanumeric() || "-_.".contains(each);
            if !lower.chars().all(legal) {
                return Some(format!("`{name}` is not a name of a stage"));
            }
            (!stages.insert(lower)).then(|| format!("two stages are called `{name}`"))
        }
        _ => Some("`FROM` takes an image, then `AS` and a name".to_owned()),
    }
}

fn is_port(port: &str) -> bool {
    if port.contains('$') {
        return true;
    }
    let (ports, protocol) = port.split_once('/').unwrap_or((port, "tcp"));
    let number = |text: &str| text.parse::<u16>().is_ok();
    let range = ports
        .split_once('-')
        .map_or_else(|| number(ports), |(low, high)| number(low) && number(high));
    range && matches!(protocol.to_lowercase().as_str(), "tcp" | "udp" | "sctp")
}

fn split(text: &str) -> (&str, &str) {
    let text = text.trim();
    text.split_once(char::is_whitespace).unwrap_or((text, ""))
}

/// Joins continuation lines, and skips comments and here-documents.
fn instructions(output: &Source, problems: &mut Vec<Diagnostic>) -> Vec<Instruction> {
    let mut found: Vec<Instruction> = Vec::new();
    let mut current: Option<Instruction> = None;
    let mut escape = '\\';
    let mut directives = true;
    let mut documents: Vec<(String, bool)> = Vec::new();
    let mut opened = 0..0;
    let mut start = 0;
    for line in output.text().split_inclusive('\n') {
        let span = start..start + line.trim_end().len();
        start += line.len();
        let content = line.trim_end();
        if let Some((end, dashed)) = documents.first() {
            let text = if *dashed {
                content.trim_start_matches('\t')
            } else {
                content
            };
            if text == end {
                documents.remove(0);
            }
            continue;
        }
        let bare = content.trim();
        if let Some(comment) = bare.strip_prefix('#') {
            let directive = comment.split_once('=').filter(|_| directives);
            if let Some((name, value)) = directive.filter(|(name, _)| name.trim() == "escape") {
                let _ = name;
                escape = value.trim().chars().next().unwrap_or('\\');
            }
            continue;
        }
        directives = false;
        if bare.is_empty() {
            continue;
        }
        let (text, continues) = match bare.strip_suffix(escape) {
            Some(text) => (text, true),
            None => (bare, false),
        };
        let mut instruction = current.take().unwrap_or(Instruction {
            text: String::new(),
            span: span.clone(),
        });
        instruction.text.push(' ');
        instruction.text.push_str(text);
        if continues {
            current = Some(instruction);
            continue;
        }
        let name = split(&instruction.text).0.to_uppercase();
        if matches!(name.as_str(), "RUN" | "COPY" | "ADD") {
            documents = here_documents(&instruction.text);
            opened = span;
        }
        found.push(instruction);
    }
    found.extend(current);
    if let Some((end, _)) = documents.first() {
        problems.push(
            Diagnostic::error(format!("the here-document `{end}` is never closed"))
                .at(output, opened),
        );
    }
    found
}

/// Returns the words that end the here-documents an instruction opens.
fn here_documents(text: &str) -> Vec<(String, bool)> {
    let mut ends = Vec::new();
    for part in text.split("<<").skip(1) {
        let (dashed, word) = match part.strip_prefix('-') {
            Some(word) => (true, word),
            None => (false, part),
        };
        let word = word.split_whitespace().next().unwrap_or_default();
        let word = word.trim_matches(['"', '\'']);
        let legal = |each: char| each.is_ascii_alphanumeric() || each == '_';
        if word.starts_with(|each: char| each.is_ascii_alphabetic() || each == '_')
            && word.chars().all(legal)
        {
            ends.push((word.to_owned(), dashed));
        }
    }
    ends
}
