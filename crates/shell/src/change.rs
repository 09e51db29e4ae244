//! A new version for a source and its targets: planned whole, shown or landed, all or none.

use std::path::{Path, PathBuf};

use duat::Version;
use duat::document::Document;
use duat::file::{self, Edit, Locked};

use crate::carrier::{Carrier, carriers};
use crate::diff;
use crate::exit::Code;
use crate::failure::{Failure, Failures};
use crate::project::{Project, split};
use crate::talk::Talk;

/// What is to be changed.
pub struct Scope {
    /// The file that carries the version now; without one nothing is written.
    pub source: Option<PathBuf>,
    /// The files that move with it.
    pub targets: Vec<PathBuf>,
    /// Whether the source itself moves.
    pub source_moves: bool,
    /// Starts from this version instead of the source's.
    pub start: Option<Version>,
}

/// What counts as going back, which is refused in every file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Floor {
    /// A lower X.Y.Z; the pre-releases of a version may follow it.
    #[default]
    Release,
    /// A lower version.
    Version,
    /// Nothing.
    None,
}

/// How a version is changed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Manner<'a> {
    /// Refuses unless this is the version now.
    pub if_current: Option<&'a str>,
    /// Shows the edit as a unified diff instead of making it.
    pub dry_run: bool,
    /// Refuses to go below this.
    pub floor: Floor,
    /// With `dry_run`: does not even show it, only finds out whether it could be made.
    pub silent: bool,
}

/// What was changed, or with `--dry-run` would be.
#[derive(Clone, Debug)]
pub struct Change {
    /// The version before; nothing where no file carried one.
    pub previous: Option<Version>,
    /// The version now.
    pub version: Version,
    /// The files whose text differs, the source last.
    pub files: Vec<PathBuf>,
    /// Nothing was written.
    pub rehearsed: bool,
}

impl Change {
    /// Returns what to say to somebody who does not get the answer.
    pub fn done(&self) -> Option<String> {
        let names: Vec<String> = self
            .files
            .iter()
            .map(|path| format!("`{}`", path.display()))
            .collect();
        (!self.rehearsed && !names.is_empty())
            .then(|| format!("{} now holds `{}`", names.join(", "), self.version))
    }
}

/// Computes the next version from the current one and writes it to every file in scope.
///
/// The files are locked before the first is read, so that of several runs at once each starts from
/// what the one before it wrote. Every problem in every file is reported before anything is written.
pub fn change(
    project: &Project,
    scope: &Scope,
    manner: Manner<'_>,
    talk: Talk,
    next: impl FnOnce(&Version) -> Result<Version, Failures>,
) -> Result<Change, Failures> {
    let (carriers, mut failures) =
        carriers(&scope.targets, scope.source.as_deref(), project.root());
    let paths: Vec<&Path> = carriers
        .iter()
        .map(|carrier| carrier.path.as_path())
        .collect();
    let mut texts = if manner.dry_run || !failures.is_empty() {
        Texts::read(&paths, &mut failures)
    } else {
        match file::lock(&paths) {
            Ok(locked) => Texts::Locked(locked),
            Err(error) => {
                // a file that cannot be had is not all that may be wrong
                let texts = Texts::read(&paths, &mut failures);
                if failures.is_empty() {
                    failures.push(error.into());
                }
                texts
            }
        }
    };
    let (previous, version, edits) = plan(&carriers, &texts, scope, manner, failures, next)?;
    for edit in edits.iter().filter(|_| !manner.silent) {
        talk.explain(format_args!("`{}` gets `{version}`", edit.path.display()));
    }
    match &mut texts {
        Texts::Read(texts) => {
            for edit in edits.iter().filter(|_| !manner.silent) {
                let old = texts.iter().find(|(path, _)| *path == edit.path);
                let old = old.map_or(&[][..], |(_, text)| text);
                talk.diff(&diff::unified(
                    &edit.path.display().to_string(),
                    old,
                    &edit.bytes,
                ));
            }
        }
        Texts::Locked(locked) => locked.replace_all(&edits)?,
    }
    Ok(Change {
        previous,
        version,
        files: edits.into_iter().map(|edit| edit.path).collect(),
        rehearsed: manner.dry_run,
    })
}

/// The texts of the files in scope: locked to be changed, or only read.
enum Texts {
    Read(Vec<(PathBuf, Vec<u8>)>),
    Locked(Locked),
}

impl Texts {
    /// Reads what can be read, and adds the failures of the rest.
    fn read(paths: &[&Path], failures: &mut Vec<Failure>) -> Self {
        let read = paths
            .iter()
            .map(|path| Ok((path.to_path_buf(), file::read(path)?)));
        let (texts, unread) = split(read);
        failures.extend(unread);
        Self::Read(texts)
    }

    /// Returns the text of a file; nothing where it could not be read.
    fn of(&self, path: &Path) -> Result<Option<&[u8]>, Failure> {
        match self {
            Self::Locked(locked) => Ok(Some(locked.bytes(path)?)),
            Self::Read(texts) => Ok(texts
                .iter()
                .find(|(read, _)| read == path)
                .map(|(_, text)| text.as_slice())),
        }
    }
}

/// Returns the versions before and after, and the texts that differ; or what is wrong anywhere,
/// `failures` among it.
fn plan(
    carriers: &[Carrier],
    texts: &Texts,
    scope: &Scope,
    manner: Manner<'_>,
    mut failures: Vec<Failure>,
    next: impl FnOnce(&Version) -> Result<Version, Failures>,
) -> Result<(Option<Version>, Version, Vec<Edit>), Failures> {
    let read = carriers.iter().map(|carrier| {
        let text = texts.of(&carrier.path)?;
        let document = text.map(|text| carrier.read(text)).transpose()?;
        Ok((carrier, document.flatten()))
    });
    let (read, wrong) = split(read);
    failures.extend(wrong);
    let documents: Vec<(&Carrier, Document<'_>)> = read
        .into_iter()
        .filter_map(|(carrier, document)| Some((carrier, document?)))
        .collect();
    let is_source = |carrier: &Carrier| scope.source.as_deref() == Some(carrier.path.as_path());
    let mut previous = None;
    if let Some((carrier, document)) = documents.iter().find(|(carrier, _)| is_source(carrier)) {
        match document.version() {
            Ok(version) => previous = Some(version.clone()),
            // empty markers are filled where the version comes from elsewhere
            Err(_)
                if scope.start.is_some()
                    && document
                        .markers()
                        .iter()
                        .all(|marker| marker.version.is_none()) => {}
            Err(error) => failures.push(Failure::in_document(&carrier.path, &error)),
        }
    }
    Failures::of(failures)?;
    let current =
        scope.start.as_ref().or(previous.as_ref()).ok_or_else(|| {
            Failure::new(Code::NotFound, "failed to find a version to start from")
        })?;
    if let Some(expected) = manner.if_current {
        refuse_unless_current(current, expected)?;
    }
    let version = next(current)?;
    let moving = || {
        let moves = |carrier: &Carrier| scope.source_moves || !is_source(carrier);
        documents.iter().filter(move |(carrier, _)| moves(carrier))
    };
    let replaced = moving().map(|(carrier, document)| {
        let bytes = document
            .replace(&version)
            .map_err(|error| Failure::in_document(&carrier.path, &error))?;
        let differs = texts.of(&carrier.path)? != Some(bytes.as_slice());
        Ok(differs.then(|| Edit {
            path: carrier.path.clone(),
            bytes,
        }))
    });
    let (edits, mut failures) = split(replaced);
    failures.extend(moving().filter_map(|(carrier, document)| {
        let versions = document.markers().iter();
        let highest = versions
            .filter_map(|marker| marker.version.as_ref())
            .max()?;
        let goes_back = match manner.floor {
            Floor::Release => version.release() < highest.release(),
            Floor::Version => version < *highest,
            Floor::None => false,
        };
        goes_back.then(|| going_back(&carrier.path, highest, &version))
    }));
    Failures::of(failures)?;
    Ok((previous, version, edits.into_iter().flatten().collect()))
}

fn going_back(path: &Path, from: &Version, to: &Version) -> Failure {
    Failure::new(
        Code::Refused,
        format!(
            "refused to go back from `{from}` to `{to}` in `{}`",
            path.display()
        ),
    )
    .hint("`--allow-lower` does it all the same.")
}

/// Fails unless `current` is the version that `--if-current` names.
pub fn refuse_unless_current(current: &Version, expected: &str) -> Result<(), Failure> {
    let wanted: Version = expected.parse().map_err(|error| {
        Failure::new(
            Code::Usage,
            format!("failed to read `--if-current`: `{expected}` is not a version"),
        )
        .caused_by(&error)
    })?;
    if *current == wanted {
        return Ok(());
    }
    Err(Failure::new(
        Code::Refused,
        format!("refused to change the version: it is `{current}`, not `{wanted}`"),
    )
    .hint("somebody else was faster; look at the version and decide again."))
}
