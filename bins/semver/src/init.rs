//! The first marker of a repository that has none.

use std::path::{Path, PathBuf};

use duat::Version;
use duat::document::{Document, DocumentError, Format};
use duat::file::{self, Edit};
use duat::git::{Scope as Reach, TagFilter};
use duat_shell::{
    Code, Failure, Failures, Project, Talk, diff,
    project::{VERSION_FILE, is_empty},
};

use crate::args;
use crate::facts::{VersionFacts, shown};
use crate::typed::parse;
use duat_shell::change::Change;

pub(crate) fn init(args: &args::Init, talk: Talk) -> Result<Code, Failures> {
    let project = Project::open(args.source.git.as_deref())?;
    let path = match project.source_if_any(&args.source.file, talk) {
        Ok(path) => path.unwrap_or_else(|| project.below(VERSION_FILE)),
        // of a list in which nothing exists, the first is to be made
        Err(failure) => args
            .source
            .file
            .iter()
            .find(|path| !is_empty(path))
            .filter(|_| failure.code() == Code::NotFound)
            .cloned()
            .ok_or(failure)?,
    };
    let wanted = args.version.as_deref().map(parse).transpose()?;
    let change = if file::exists(&path)? {
        mark(&path, wanted, &project, args, talk)?
    } else {
        begin(path.clone(), wanted, &project, args, talk)?
    };
    let text = format!(
        "{}{}",
        args.print.prefix.as_deref().unwrap_or_default(),
        change.version
    );
    let facts = VersionFacts {
        source: Some(shown(&path)),
        ..VersionFacts::new(&change.version, text).with_change(&change)
    };
    args.print.output.give(
        &format!("{}\n", facts.text),
        &facts,
        change.done().as_deref(),
    )?;
    let differs = args.rehearsal.exit_code && !change.files.is_empty();
    Ok(if differs { Code::Differs } else { Code::Done })
}

/// Makes a `VERSION` file.
fn begin(
    path: PathBuf,
    wanted: Option<Version>,
    project: &Project,
    args: &args::Init,
    talk: Talk,
) -> Result<Change, Failures> {
    if Format::of(&path) != Format::Version {
        return Err(Failure::new(
            Code::NotFound,
            format!("`{}` does not exist", path.display()),
        )
        .hint(format!(
            "only a `{VERSION_FILE}` file is made from nothing; write the file first."
        ))
        .into());
    }
    let version = first(wanted, project, args, talk);
    let text = format!("{version}\n");
    if args.rehearsal.dry_run {
        talk.diff(&diff::unified(
            &path.display().to_string(),
            b"",
            text.as_bytes(),
        ));
    } else {
        file::create(&path, text.as_bytes())?;
    }
    Ok(Change {
        previous: None,
        version,
        files: vec![path],
        rehearsed: args.rehearsal.dry_run,
    })
}

/// Puts a marker into a file that has none, or fills those it has.
fn mark(
    path: &Path,
    wanted: Option<Version>,
    project: &Project,
    args: &args::Init,
    talk: Talk,
) -> Result<Change, Failures> {
    let mut locked = file::lock([path])?;
    let bytes = locked.bytes(path)?;
    let in_document = |error: DocumentError| Failure::in_document(path, &error);
    let format = Format::of(path);
    let (version, marked) = match Document::read(&format, bytes) {
        Ok(document) => match document.version() {
            Ok(version) => return keep(path, version.clone(), wanted, args),
            Err(DocumentError::Empty { .. }) => {
                let version = first(wanted, project, args, talk);
                let filled = document.replace(&version).map_err(in_document)?;
                (version, filled)
            }
            Err(error) => return Err(in_document(error).into()),
        },
        Err(DocumentError::NoMarker { .. }) => {
            let version = first(wanted, project, args, talk);
            let marked = insert(&format, bytes, &version).ok_or_else(|| cannot_mark(path))?;
            (version, marked)
        }
        Err(error) => return Err(in_document(error).into()),
    };
    if args.rehearsal.dry_run {
        talk.diff(&diff::unified(&path.display().to_string(), bytes, &marked));
    } else {
        let edit = Edit {
            path: path.to_owned(),
            bytes: marked,
        };
        locked.replace_all(&[edit])?;
    }
    Ok(Change {
        previous: None,
        version,
        files: vec![path.to_owned()],
        rehearsed: args.rehearsal.dry_run,
    })
}

/// There is a version already: nothing to do, unless another one is wanted.
fn keep(
    path: &Path,
    version: Version,
    wanted: Option<Version>,
    args: &args::Init,
) -> Result<Change, Failures> {
    if wanted.is_some_and(|wanted| wanted != version) {
        return Err(Failure::new(
            Code::Refused,
            format!(
                "refused to begin anew: `{}` holds `{version}` already",
                path.display()
            ),
        )
        .hint("`semver set VERSION` changes it.")
        .into());
    }
    Ok(Change {
        previous: Some(version.clone()),
        version,
        files: Vec::new(),
        rehearsed: args.rehearsal.dry_run,
    })
}

fn cannot_mark(path: &Path) -> Failure {
    Failure::new(
        Code::Failed,
        format!("failed to write a first marker into `{}`: its place there is yours to choose", path.display()),
    )
    .hint("write the version where this kind of file has it, or a line with `x-release-please-version`.")
}

/// Returns the version to begin with: the one wanted, the highest release tag, or 0.1.0.
fn first(wanted: Option<Version>, project: &Project, args: &args::Init, talk: Talk) -> Version {
    let tagged = || {
        let repository = project.repository().ok()?;
        let prefix = project.tag_prefix(args.tags.tag_prefix.as_deref());
        let tag = repository
            .highest_tag(prefix, TagFilter::Releases, Reach::All)
            .ok()??;
        talk.explain(format_args!("the highest release tag is `{}`", tag.name));
        Some(tag.version)
    };
    wanted
        .or_else(tagged)
        .unwrap_or_else(|| Version::new(0, 1, 0))
}

/// Returns the text with a marker under its title, or at its end; nothing where the format has no
/// such place.
fn insert(format: &Format, text: &[u8], version: &Version) -> Option<Vec<u8>> {
    let (title, marker, apart): (&[u8], String, bool) = match format {
        Format::Markdown => (
            b"# ",
            format!("Version <repo-version>{version}</repo-version>"),
            true,
        ),
        Format::AsciiDoc => (b"= ", format!(":Revision: {version}"), false),
        _ => return None,
    };
    let end_of_line = if text.windows(2).any(|pair| pair == b"\r\n") {
        "\r\n"
    } else {
        "\n"
    };
    let blank = if apart { end_of_line } else { "" };
    let under = line_under(text, title).map(|at| {
        let followed = text
            .get(at)
            .is_some_and(|next| !matches!(next, b'\r' | b'\n'));
        let after = if followed { blank } else { "" };
        let start = if text.get(..at).is_some_and(|before| before.ends_with(b"\n")) {
            ""
        } else {
            end_of_line
        };
        spliced(
            text,
            at,
            &format!("{start}{blank}{marker}{end_of_line}{after}"),
        )
    });
    let at_end = || {
        let start = if text.is_empty() || text.ends_with(b"\n") {
            ""
        } else {
            end_of_line
        };
        let blank = if text.is_empty() { "" } else { blank };
        spliced(
            text,
            text.len(),
            &format!("{start}{blank}{marker}{end_of_line}"),
        )
    };
    let carries = |text: &Vec<u8>| {
        Document::read(format, text)
            .is_ok_and(|document| document.version().is_ok_and(|read| read == version))
    };
    under
        .filter(carries)
        .or_else(|| Some(at_end()).filter(carries))
}

/// Returns where the line after the first one that starts with `title` begins.
fn line_under(text: &[u8], title: &[u8]) -> Option<usize> {
    let mut at = 0;
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        at += line.len();
        if line.starts_with(title) {
            return Some(at);
        }
    }
    None
}

fn spliced(text: &[u8], at: usize, insertion: &str) -> Vec<u8> {
    let (before, after) = text.split_at_checked(at).unwrap_or((text, &[]));
    [before, insertion.as_bytes(), after].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(format: &Format, text: &str, expected: &str) {
        let inserted = insert(format, text.as_bytes(), &Version::new(0, 1, 0)).unwrap();
        assert_eq!(String::from_utf8(inserted).unwrap(), expected);
    }

    #[test]
    fn a_marker_stands_under_the_title() {
        const MARKER: &str = "Version <repo-version>0.1.0</repo-version>";
        check(
            &Format::Markdown,
            "# app\n\ntext\n",
            &format!("# app\n\n{MARKER}\n\ntext\n"),
        );
        check(
            &Format::Markdown,
            "# app\ntext\n",
            &format!("# app\n\n{MARKER}\n\ntext\n"),
        );
        check(
            &Format::Markdown,
            "# app\r\ntext",
            &format!("# app\r\n\r\n{MARKER}\r\n\r\ntext"),
        );
        check(&Format::Markdown, "# app", &format!("# app\n\n{MARKER}\n"));
        check(
            &Format::AsciiDoc,
            "= app\n\ntext\n",
            "= app\n:Revision: 0.1.0\n\ntext\n",
        );
    }

    #[test]
    fn without_a_title_it_stands_at_the_end() {
        const MARKER: &str = "Version <repo-version>0.1.0</repo-version>";
        check(&Format::Markdown, "", &format!("{MARKER}\n"));
        check(&Format::Markdown, "text", &format!("text\n\n{MARKER}\n"));
        check(
            &Format::Markdown,
            "```sh\n# a\n```\n",
            &format!("```sh\n# a\n```\n\n{MARKER}\n"),
        );
    }

    #[test]
    fn other_formats_have_no_such_place() {
        assert_eq!(
            insert(&Format::Pom, b"<project/>", &Version::new(0, 1, 0)),
            None
        );
    }
}
