//! The version that the commits since the last release ask for.

use std::path::{Component, Path};

use duat::Version;
use duat::commit::{self, Finding, InitialDevelopment, Level};
use duat::file;
use duat::git::{Commit, History};
use duat_shell::{Code, Failure, Failures, Talk};
use serde::Serialize;

use crate::args;
use crate::facts::shown;
use duat_shell::change::{Floor, Scope, change, refuse_unless_current};
use duat_shell::project::{Project, read_version};

/// What `next` says.
#[derive(Serialize)]
struct Proposal {
    version: Version,
    /// What is printed without `--json`.
    text: String,
    /// The tag of the release before; null where there is none.
    tag: Option<String>,
    /// The version of that release.
    previous: Option<Version>,
    /// How far the version moves; null where no commit asks for anything.
    level: Option<Level>,
    /// How many commits there are since.
    commits: usize,
    /// Those that ask for something, newest first.
    asking: Vec<Asking>,
    /// The files that were given the version, or with `--dry-run` would be.
    changed: Vec<String>,
}

/// A commit that moves the version.
#[derive(Serialize)]
struct Asking {
    commit: String,
    level: Level,
    subject: String,
}

pub(crate) fn next(args: &args::Next, talk: Talk) -> Result<Code, Failures> {
    if let Some(path) = args.path.as_deref().filter(|path| !is_below(path)) {
        return Err(Failure::new(
            Code::Usage,
            format!("failed to count the commits of `{path}`: it is not below the root"),
        )
        .hint("a path is seen from the root of the repository, wherever the command runs.")
        .into());
    }
    let project = Project::open(args.source.git.as_deref())?;
    let history = project.repository()?.history(
        project.tag_prefix(args.tags.tag_prefix.as_deref()),
        args.path.as_deref(),
    )?;
    if let Some(path) = args.path.as_deref()
        && history.commits.is_empty()
        && !file::exists(project.root().join(path))?
    {
        talk.warn(format_args!(
            "`{path}` does not exist in `{}`, and no commit since the last release is about it",
            project.root().display()
        ));
    }
    let findings = findings(&history);
    let previous = history.base.as_ref().map(|tag| tag.version.clone());
    let base = previous.clone().unwrap_or_else(|| Version::new(0, 0, 0));
    let level = findings.iter().map(|finding| finding.level).max();
    let version = match level {
        Some(level) => level.apply(&base, InitialDevelopment::StaysZero)?,
        None => base,
    };
    let asking: Vec<Asking> = findings
        .iter()
        .filter_map(|finding| asking(finding, &history.commits))
        .collect();
    if args.explain {
        explain(&history, &asking, talk);
    }
    let mut proposal = Proposal {
        text: format!(
            "{}{version}",
            args.print.prefix.as_deref().unwrap_or_default()
        ),
        tag: history.base.map(|tag| tag.name),
        commits: history.commits.len(),
        version,
        previous,
        level,
        asking,
        changed: Vec::new(),
    };
    let mut done = None;
    let mut code = Code::Done;
    if args.apply {
        let change = write(&project, args, &proposal.version, talk)?;
        done = change.done();
        if args.edit.rehearsal.exit_code && !change.files.is_empty() {
            code = Code::Differs;
        }
        proposal.changed = change.files.iter().map(|path| shown(path)).collect();
    } else if let Some(expected) = &args.edit.if_current {
        let source = project.source(&args.source.file, talk)?;
        refuse_unless_current(&read_version(&source)?, expected)?;
    }
    args.print
        .output
        .give(&format!("{}\n", proposal.text), &proposal, done.as_deref())?;
    Ok(code)
}

fn is_below(path: &str) -> bool {
    let mut parts = Path::new(path).components();
    parts.all(|part| matches!(part, Component::Normal(_) | Component::CurDir))
}

fn findings(history: &History) -> Vec<Finding> {
    let commits: Vec<(String, &str)> = history
        .commits
        .iter()
        .map(|commit| (commit.hash.to_string(), commit.message.as_str()))
        .collect();
    commit::findings(
        commits
            .iter()
            .map(|(hash, message)| (hash.as_str(), *message)),
    )
}

fn asking(finding: &Finding, commits: &[Commit]) -> Option<Asking> {
    Some(Asking {
        commit: commits.get(finding.index)?.hash.to_string(),
        level: finding.level,
        subject: finding.subject.clone(),
    })
}

/// Says which commit asks for what. It was asked for, so that quiet does not hide it.
fn explain(history: &History, asking: &[Asking], talk: Talk) {
    let since = history.base.as_ref().map_or_else(
        || "no release tag is reachable from here".to_owned(),
        |tag| format!("the last release is `{}`", tag.name),
    );
    let (all, some) = (history.commits.len(), asking.len());
    talk.tell(format_args!(
        "{since}; {some} of {all} commits since ask for a version"
    ));
    for asking in asking {
        let level = match asking.level {
            Level::Major => "major",
            Level::Minor => "minor",
            Level::Patch => "patch",
        };
        let short: String = asking.commit.chars().take(9).collect();
        talk.tell(format_args!("{level} {short} {}", asking.subject));
    }
}

/// Writes the version, unless a file is ahead of it.
fn write(
    project: &Project,
    args: &args::Next,
    version: &Version,
    talk: Talk,
) -> Result<duat_shell::change::Change, Failures> {
    let scope = Scope {
        source: Some(project.source(&args.source.file, talk)?),
        targets: project.targets(&args.edit.target)?,
        source_moves: true,
        start: None,
    };
    let manner = args.edit.manner(Floor::Version);
    change(project, &scope, manner, talk, |_| Ok(version.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_seen_from_the_root() {
        for path in ["crates/duat", "./README.md", ".", "a/"] {
            assert!(is_below(path), "{path}");
        }
        for path in ["../README.md", "/tmp", "a/../../b"] {
            assert!(!is_below(path), "{path}");
        }
    }
}
