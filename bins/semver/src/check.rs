//! Do all places say the same?

use std::fmt;
use std::path::Path;

use duat::Version;
use duat::document::Marker;
use duat::file;
use duat_shell::{
    Code, Failure, Failures, Place, Project, Talk, answer, environment, project::split,
};
use serde::Serialize;

use crate::args;
use crate::facts::shown;
use duat_shell::carrier::{Carrier, carriers};

/// What `check` says.
#[derive(Serialize)]
struct Report {
    /// The version of the source.
    version: Version,
    source: String,
    /// How many places in files were compared with it.
    places: usize,
    /// The tag that was compared with it.
    tag: Option<String>,
    agrees: bool,
    differences: Vec<Difference>,
}

/// A place that says something else.
#[derive(Serialize)]
struct Difference {
    /// Nothing for a tag.
    file: Option<String>,
    line: Option<usize>,
    column: Option<usize>,
    /// What kind of place it is.
    place: String,
    /// What stands there; null where it is empty.
    found: Option<String>,
    expected: Version,
}

impl fmt::Display for Difference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let (Some(file), Some(line), Some(column)) = (&self.file, self.line, self.column) {
            write!(formatter, "{file}:{line}:{column}: ")?;
        }
        let place = &self.place;
        let expected = &self.expected;
        match &self.found {
            Some(found) => write!(formatter, "{place} is `{found}`, expected `{expected}`"),
            None => write!(formatter, "{place} is empty, expected `{expected}`"),
        }
    }
}

pub(crate) fn check(args: &args::Check, talk: Talk) -> Result<Code, Failures> {
    let project = Project::open(args.source.git.as_deref())?;
    let source = project.source(&args.source.file, talk)?;
    let targets = project.targets(&args.target)?;
    let (mut carriers, mut failures) = carriers(&targets, Some(&source), project.root());
    // what the source says is what the others should
    if let Some(last) = carriers.pop() {
        carriers.insert(0, last);
    }
    let (read, unread) = split(carriers.iter().map(|carrier| markers(carrier, talk)));
    failures.extend(unread);
    Failures::of(failures)?;
    let found: Vec<(&Path, Marker)> = read.into_iter().flatten().collect();
    let version = found
        .iter()
        .find_map(|(_, marker)| marker.version.clone())
        .ok_or_else(|| {
            Failure::new(
                Code::NotFound,
                format!(
                    "failed to find the version: every marker in `{}` is empty",
                    source.display()
                ),
            )
            .hint("`semver set VERSION` fills them.")
        })?;
    let wrong = found
        .iter()
        .filter(|(_, marker)| marker.version.as_ref() != Some(&version));
    let mut differences: Vec<Difference> = wrong
        .map(|(path, marker)| Difference {
            file: Some(shown(path)),
            line: Some(marker.position.line),
            column: Some(marker.position.column),
            place: marker.kind.to_owned(),
            found: marker.version.as_ref().map(Version::to_string),
            expected: version.clone(),
        })
        .collect();
    let tag = tag(args, &project, talk);
    if let Some(tag) = &tag
        && Version::from_tag(tag, project.tag_prefix(args.tags.tag_prefix.as_deref())).as_ref()
            != Some(&version)
    {
        differences.push(Difference {
            file: None,
            line: None,
            column: None,
            place: "the tag".to_owned(),
            found: Some(tag.clone()),
            expected: version.clone(),
        });
    }
    let report = Report {
        source: shown(&source),
        places: found.len(),
        tag,
        agrees: differences.is_empty(),
        version,
        differences,
    };
    let text = if report.agrees {
        format!("{}\n", report.version)
    } else {
        answer::lines(&report.differences)
    };
    args.output.give(&text, &report, None)?;
    Ok(if report.agrees {
        Code::Done
    } else {
        Code::Differs
    })
}

/// Returns the places in one file.
fn markers(carrier: &Carrier, talk: Talk) -> Result<Vec<(&Path, Marker)>, Failure> {
    let bytes = file::read(&carrier.path)?;
    let Some(document) = carrier.read(&bytes)? else {
        return Ok(Vec::new());
    };
    let path = carrier.path.as_path();
    for marker in document.markers() {
        let version = marker
            .version
            .as_ref()
            .map_or_else(|| "empty".to_owned(), |version| format!("`{version}`"));
        talk.explain(format_args!(
            "{}: {} is {version}",
            Place(path, marker.position),
            marker.kind
        ));
    }
    Ok(document
        .markers()
        .iter()
        .map(|marker| (path, marker.clone()))
        .collect())
}

/// Returns the tag to compare with, without `refs/tags/`: the one given, else the one that the CI
/// service builds, if it is a version's.
fn tag(args: &args::Check, project: &Project, talk: Talk) -> Option<String> {
    let bare = |tag: &str| tag.strip_prefix("refs/tags/").unwrap_or(tag).to_owned();
    if let Some(tag) = &args.tag {
        return Some(bare(tag));
    }
    let named = environment::build()?.tag?;
    let tag = bare(&named.value);
    Version::from_tag(&tag, project.tag_prefix(args.tags.tag_prefix.as_deref()))?;
    talk.explain(format_args!(
        "the tag is `{tag}` (from `{}`)",
        named.variable
    ));
    Some(tag)
}
