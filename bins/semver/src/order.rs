//! Answers about versions that are handed in: which comes first, which is none.

use std::cmp::Ordering;
use std::io::Read;

use duat::Version;
use duat_shell::{Code, Failure, Failures, Project, Talk, answer, project::split};
use serde::Serialize;

use crate::args;

/// A version and how it was written.
struct Written {
    text: String,
    version: Version,
}

/// What `sort` says.
#[derive(Serialize)]
struct Sorted {
    versions: Vec<String>,
}

/// What `compare` says.
#[derive(Serialize)]
struct Compared<'a> {
    a: &'a str,
    b: &'a str,
    /// -1: a comes first; 1: b does; 0: neither has precedence.
    order: i8,
}

/// What `max` says.
#[derive(Serialize)]
struct Highest {
    version: Version,
    text: String,
}

/// What `validate` says of one text.
#[derive(Serialize)]
struct Judged {
    text: String,
    valid: bool,
    /// Why not; null where it is valid.
    problem: Option<String>,
}

/// What `validate` says.
#[derive(Serialize)]
struct Judgement {
    valid: bool,
    texts: Vec<Judged>,
}

pub(crate) fn sort(args: &args::Sort, talk: Talk) -> Result<Code, Failures> {
    let mut written = if args.git_tags {
        tags(args, talk)?
    } else if args.versions.is_empty() {
        return Err(
            Failure::new(Code::Usage, "failed to sort: no versions are named")
                .hint("`--git-tags` takes the repository's tags, `-` the lines of stdin.")
                .into(),
        );
    } else {
        read(&lines(&args.versions)?)?
    };
    written.sort_by(|a, b| a.version.cmp(&b.version).then_with(|| a.text.cmp(&b.text)));
    let text = answer::lines(written.iter().map(|each| &each.text));
    let versions = written.into_iter().map(|each| each.text).collect();
    args.output.give(&text, &Sorted { versions }, None)?;
    Ok(Code::Done)
}

fn tags(args: &args::Sort, talk: Talk) -> Result<Vec<Written>, Failures> {
    let project = Project::open(args.git.as_deref())?;
    let repository = project.repository()?;
    let prefix = project.tag_prefix(args.tags.tag_prefix.as_deref());
    let mut tags = repository.version_tags(prefix)?;
    if tags.is_empty() && repository.is_shallow() {
        talk.warn("this clone is shallow and has no version tags; `git fetch --tags` fetches them");
    }
    tags.retain(|tag| args.rc || !tag.version.is_prerelease());
    Ok(tags
        .into_iter()
        .map(|tag| Written {
            text: tag.name,
            version: tag.version,
        })
        .collect())
}

pub(crate) fn compare(args: &args::Compare) -> Result<Code, Failures> {
    let (versions, failures) = split(
        [&args.a, &args.b]
            .into_iter()
            .map(|text| crate::typed::parse(text)),
    );
    Failures::of(failures)?;
    let order = match versions.as_slice() {
        [a, b] => a.cmp_precedence(b),
        _ => Ordering::Equal,
    };
    let facts = Compared {
        a: &args.a,
        b: &args.b,
        order: order as i8,
    };
    args.output
        .give(&format!("{}\n", facts.order), &facts, None)?;
    Ok(Code::Done)
}

pub(crate) fn max(args: &args::Max) -> Result<Code, Failures> {
    let written = read(&lines(&args.versions)?)?;
    let highest = written
        .into_iter()
        .max_by(|a, b| a.version.cmp(&b.version).then_with(|| a.text.cmp(&b.text)))
        .ok_or_else(|| {
            Failure::new(
                Code::NotFound,
                "failed to find the highest version: there is none",
            )
        })?;
    let facts = Highest {
        version: highest.version,
        text: highest.text,
    };
    args.output
        .give(&format!("{}\n", facts.text), &facts, None)?;
    Ok(Code::Done)
}

pub(crate) fn validate(args: &args::Validate) -> Result<Code, Failures> {
    let judged = lines(&args.texts)?.into_iter().map(|line| {
        let problem = Version::parse_strict(&line.text).err();
        Judged {
            valid: problem.is_none(),
            problem: problem.map(|error| error.to_string()),
            text: line.text,
        }
    });
    let texts: Vec<Judged> = judged.collect();
    let wrong = texts
        .iter()
        .filter_map(|judged| Some((judged, judged.problem.as_ref()?)));
    let text = answer::lines(wrong.map(|(judged, problem)| format!("{}: {problem}", judged.text)));
    let facts = Judgement {
        valid: texts.iter().all(|judged| judged.valid),
        texts,
    };
    args.output.give(&text, &facts, None)?;
    Ok(if facts.valid {
        Code::Done
    } else {
        Code::Differs
    })
}

/// A text and, where it comes from stdin, its line.
struct Line {
    text: String,
    number: Option<usize>,
}

/// Returns the arguments; `-` stands for the lines of stdin that are not blank.
fn lines(arguments: &[String]) -> Result<Vec<Line>, Failures> {
    let mut lines = Vec::new();
    for argument in arguments {
        if argument == "-" {
            let mut text = String::new();
            std::io::stdin()
                .read_to_string(&mut text)
                .map_err(|error| {
                    Failure::new(Code::Failed, "failed to read stdin").caused_by(&error)
                })?;
            let numbered = text
                .lines()
                .enumerate()
                .filter(|(_, line)| !line.trim().is_empty());
            lines.extend(numbered.map(|(index, line)| Line {
                text: line.to_owned(),
                number: Some(index + 1),
            }));
        } else {
            lines.push(Line {
                text: argument.clone(),
                number: None,
            });
        }
    }
    Ok(lines)
}

/// Reads every line, or reports every one that is not a version.
fn read(lines: &[Line]) -> Result<Vec<Written>, Failures> {
    let (written, failures) = split(lines.iter().map(|line| {
        let place = line
            .number
            .map(|number| format!("stdin:{number}:1: "))
            .unwrap_or_default();
        let version = line.text.parse().map_err(|error| {
            Failure::new(
                Code::Failed,
                format!("{place}`{}` is not a version: {error}", line.text),
            )
        })?;
        Ok(Written {
            text: line.text.trim().to_owned(),
            version,
        })
    }));
    Failures::of(failures)?;
    Ok(written)
}
