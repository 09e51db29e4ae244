//! The notes of a release, and where they come from.

use std::path::Path;

use duat::{Version, file};
use duat_shell::{Code, Failure, environment, input};

use crate::args;
use crate::local::Local;

/// How many characters notes may have: GitHub keeps 125 000, and a draft has our mark among them.
const LONGEST: usize = 124_900;
/// Where a changelog is looked for, seen from the root.
const CHANGELOGS: [&str; 5] = [
    "CHANGELOG.md",
    "docs/changelog.md",
    "docs/CHANGELOG.md",
    "CHANGES.md",
    "HISTORY.md",
];
/// What makes a draft known again as ours: a comment, which nobody sees.
const MARK: &str = "<!-- duat-release ";

/// The notes as they are wished for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Notes {
    /// Nobody said: a release that is there keeps its own.
    Unsaid,
    Text(String),
    /// The message of the annotated tag at GitHub.
    Tag,
    /// GitHub writes them.
    Github,
}

/// Returns the notes that are typed, or stand in a file that is.
pub(crate) fn typed(args: &args::About) -> Result<Option<String>, Failure> {
    if let Some(text) = &args.notes {
        return Ok(Some(text.clone()));
    }
    args.notes_file.as_deref().map(read).transpose()
}

/// Finds the notes: those that are typed, else what duat.toml says.
pub(crate) fn find(args: &args::About, local: &Local) -> Result<Notes, Failure> {
    let notes = if let Some(text) = typed(args)? {
        Notes::Text(text)
    } else if let Some(from) = args.notes_from {
        from_source(from, local)?
    } else {
        match local.here.project.config().release.notes.as_deref() {
            None => Notes::Unsaid,
            Some("changelog") => from_source(args::NotesFrom::Changelog, local)?,
            Some("tag") => Notes::Tag,
            Some("github") => Notes::Github,
            Some("git") => from_source(args::NotesFrom::Git, local)?,
            Some(path) => Notes::Text(read(&local.here.project.inside(path)?)?),
        }
    };
    if let Notes::Text(text) = &notes {
        let length = text.chars().count();
        if length > LONGEST {
            return Err(Failure::new(
                Code::Usage,
                format!("the notes are too long: they have {length} characters, and GitHub keeps no more than {LONGEST}"),
            )
            .hint("shorten them, or add them as a file and name it in the notes."));
        }
    }
    Ok(notes)
}

fn from_source(from: args::NotesFrom, local: &Local) -> Result<Notes, Failure> {
    match from {
        args::NotesFrom::Tag => Ok(Notes::Tag),
        args::NotesFrom::Github => Ok(Notes::Github),
        args::NotesFrom::Changelog => changelog(local).map(Notes::Text),
        args::NotesFrom::Git => commits(local).map(Notes::Text),
    }
}

/// Reads a file of notes, stdin, or a pipe.
fn read(path: &Path) -> Result<String, Failure> {
    let shown = path.display();
    let bytes = if path.as_os_str() == "-" {
        input::standard()?
    } else {
        input::read(path)?
    };
    let text = String::from_utf8(bytes).map_err(|error| {
        Failure::new(
            Code::Failed,
            format!("failed to read the notes of `{shown}`: they are not UTF-8"),
        )
        .caused_by(&error)
    })?;
    Ok(text.trim_start_matches('\u{feff}').trim().to_owned())
}

/// Returns the section of this version in the changelog.
fn changelog(local: &Local) -> Result<String, Failure> {
    for name in CHANGELOGS {
        let path = local.here.project.root().join(name);
        if !file::exists(&path)? {
            continue;
        }
        let path = environment::shortest(&path);
        local
            .here
            .project
            .stays(&path, "it leads out of the repository")?;
        let text = read(&path)?;
        return section(&text, &local.version).ok_or_else(|| {
            Failure::new(
                Code::NotFound,
                format!(
                    "failed to find the notes: `{}` has no section for `{}`",
                    path.display(),
                    local.version
                ),
            )
            .hint(format!("write one: `## {}`.", local.version))
        });
    }
    Err(Failure::new(
        Code::NotFound,
        format!(
            "failed to find the notes: there is none of `{}`",
            CHANGELOGS.join("`, `")
        ),
    )
    .hint("name a file with `--notes-file`."))
}

/// Returns what stands between the heading of a version and the next heading that is no part of it.
///
/// A heading names the version as its first word that is one: `## 1.2.3`, `## [v1.2.3] - 2026-01-01`.
pub(crate) fn section(text: &str, version: &Version) -> Option<String> {
    let mut fence: Option<&str> = None;
    let mut found: Option<(usize, Vec<&str>)> = None;
    for line in text.lines() {
        let is_code = fence.is_some();
        let start = line.trim_start();
        match fence {
            Some(mark) if start.starts_with(mark) => fence = None,
            Some(_) => {}
            None => {
                fence = ["```", "~~~"]
                    .into_iter()
                    .find(|mark| start.starts_with(mark));
            }
        }
        let level = if is_code { None } else { heading(line) };
        match (level, &mut found) {
            (Some((level, _)), Some((ours, _))) if level <= *ours => break,
            (_, Some((_, lines))) => lines.push(line),
            (Some((level, title)), None) if named(title).as_ref() == Some(version) => {
                found = Some((level, Vec::new()));
            }
            _ => {}
        }
    }
    found.map(|(_, lines)| lines.join("\n").trim().to_owned())
}

/// Returns the level and the text of a heading.
fn heading(line: &str) -> Option<(usize, &str)> {
    let rest = line.trim_start_matches('#');
    let level = line.len() - rest.len();
    ((1..=6).contains(&level) && rest.starts_with([' ', '\t'])).then(|| (level, rest.trim()))
}

fn named(title: &str) -> Option<Version> {
    title
        .split(|letter: char| letter.is_whitespace() || "[]()*`:,".contains(letter))
        .filter(|word| word.contains('.'))
        .find_map(|word| word.parse().ok())
}

/// Returns the subjects of the commits since the last release, as a list.
fn commits(local: &Local) -> Result<String, Failure> {
    let Some(git) = &local.here.git else {
        return Err(Failure::new(
            Code::NotFound,
            "failed to find the notes: this is no git repository",
        ));
    };
    let history = git.history_of_head(local.format.prefix())?;
    let subjects = history
        .commits
        .iter()
        .filter(|commit| commit.parents < 2)
        .filter_map(|commit| commit.message.lines().next())
        .map(|subject| format!("- {subject}\n"));
    Ok(subjects.collect::<String>().trim_end().to_owned())
}

/// Returns `body` with the mark of a draft of `tag`, made by the run that drew `word`.
pub(crate) fn marked(body: &str, tag: &str, word: &str) -> String {
    let body = unmarked(body);
    let gap = if body.is_empty() { "" } else { "\n\n" };
    format!("{body}{gap}{MARK}{tag} {word} -->")
}

/// Returns `body` without a mark.
pub(crate) fn unmarked(body: &str) -> String {
    let mut text = body.to_owned();
    while let Some(start) = text.find(MARK)
        && let Some(length) = text.get(start..).and_then(|rest| rest.find("-->"))
    {
        text.replace_range(start..start + length + "-->".len(), "");
    }
    text.trim_end().to_owned()
}

/// Tells whether `body` has the mark of a draft of `tag`.
pub(crate) fn is_marked(body: Option<&str>, tag: &str) -> bool {
    body.is_some_and(|body| body.contains(&format!("{MARK}{tag} ")))
}

/// Tells whether `body` has the mark of the run that drew `word`.
pub(crate) fn is_marked_by(body: Option<&str>, tag: &str, word: &str) -> bool {
    body.is_some_and(|body| body.contains(&format!("{MARK}{tag} {word} -->")))
}

/// Returns the message of an annotated tag without its signature.
pub(crate) fn of_tag_message(message: &str) -> String {
    let end = [
        "-----BEGIN PGP SIGNATURE-----",
        "-----BEGIN SSH SIGNATURE-----",
    ]
    .iter()
    .filter_map(|mark| message.find(mark))
    .min();
    message
        .get(..end.unwrap_or(message.len()))
        .unwrap_or(message)
        .trim()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHANGELOG: &str = "# Changelog\n\n## [Unreleased]\n\n- later\n\n## [v1.2.3] - 2026-01-01\n\n### Added\n\n\
        - this\n\n```md\n## 1.2.2\n```\n\n## 1.2.2 (2025-01-01)\n\n- old\n\n## 1.2.3-rc.1\n- candidate\n";

    fn of(version: &str) -> Option<String> {
        section(CHANGELOG, &version.parse().unwrap())
    }

    #[test]
    fn a_section_goes_to_the_next_heading_of_its_level() {
        assert_eq!(
            of("1.2.3").unwrap(),
            "### Added\n\n- this\n\n```md\n## 1.2.2\n```"
        );
        assert_eq!(of("1.2.2").unwrap(), "- old");
        assert_eq!(of("1.2.3-rc.1").unwrap(), "- candidate");
        assert_eq!(of("1.2.4"), None);
    }

    #[test]
    fn a_mark_comes_and_goes_without_a_trace() {
        for body in ["", "notes", "a\n\nb"] {
            let marked = marked(body, "v1.0.0", "w0rd");
            assert!(is_marked(Some(&marked), "v1.0.0"));
            assert!(!is_marked(Some(&marked), "v1.0"));
            assert!(is_marked_by(Some(&marked), "v1.0.0", "w0rd"));
            assert!(!is_marked_by(Some(&marked), "v1.0.0", "other"));
            assert_eq!(unmarked(&marked), body);
        }
        assert!(!is_marked(None, "v1.0.0"));
    }

    #[test]
    fn the_signature_of_a_tag_is_no_note() {
        let message = "1.2.3\n\n- this\n-----BEGIN PGP SIGNATURE-----\nxyz\n";
        assert_eq!(of_tag_message(message), "1.2.3\n\n- this");
        assert_eq!(of_tag_message("plain\n"), "plain");
    }
}
