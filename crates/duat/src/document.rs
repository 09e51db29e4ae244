//! Where versions live in a text: find all, replace all, by byte span.
//!
//! A file's own grammar tells where its version stands; only the bytes of that version are ever
//! replaced. Nothing is parsed and printed again, so line endings, comments, encodings and a
//! missing final newline stay as they are, and a dependency of the same number is never met.
//!
//! Texts are bytes. Formats whose grammar asks for UTF-8 (TOML, JSON, YAML, XML) say so when a byte
//! is not; in all others any byte may stand beside a marker.

use std::collections::BTreeSet;
use std::ops::Range;
use std::path::Path;

use self::found::{Found, Requirement};
use self::position::Counter;
use crate::{Version, order};

pub use self::error::DocumentError;
pub use self::position::Position;

mod annotation;
mod asciidoc;
mod cargo;
mod chart;
mod entity;
mod error;
mod found;
mod html;
mod json;
mod markdown;
mod pom;
mod position;
mod properties;
mod pyproject;
mod tag;
mod toml;
mod version;

/// The grammar by which a text is read.
///
/// In every format, a line that says `x-release-please-version` carries a marker as well.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Format {
    /// `<repo-version>` outside fenced code, code spans and comments.
    Markdown,
    /// `<repo-version>` outside comments.
    Html,
    /// `:Revision:` at the start of a line, outside blocks shown as they are written.
    AsciiDoc,
    /// The whole of a `VERSION` file.
    Version,
    /// `Cargo.toml`: `package.version`, `workspace.package.version`, and what is asked of path
    /// dependencies.
    CargoManifest {
        /// The dependencies that count.
        own: Own,
    },
    /// `Cargo.toml` of a member of a workspace: what it asks of path dependencies alone.
    CargoMember {
        /// The dependencies that count.
        own: Own,
    },
    /// `Cargo.lock`: the entries of packages that come from no registry.
    CargoLock {
        /// The packages that count.
        own: Own,
    },
    /// `package.json`: `version`.
    PackageJson,
    /// `package-lock.json`: the versions of some packages.
    PackageLock {
        /// The packages' directories as the file writes them; `""` is the root.
        packages: BTreeSet<String>,
    },
    /// `pyproject.toml`: `project.version` and `tool.poetry.version`.
    Pyproject,
    /// `Chart.yaml`: `version` and `appVersion`.
    Chart,
    /// `pom.xml`: `/project/version`, or the property it names.
    Pom,
    /// `gradle.properties`: `version`.
    GradleProperties,
    /// Any other text: annotated lines alone.
    Annotated,
}

/// The names of the Cargo packages whose version moves with a manifest. The manifest's own package
/// always does and need not be named.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Own(BTreeSet<String>);

impl Own {
    /// Returns the packages of these names.
    pub fn new<Name: Into<String>>(names: impl IntoIterator<Item = Name>) -> Self {
        Self(names.into_iter().map(Into::into).collect())
    }

    /// Adds the packages of another manifest that moves along.
    pub fn extend(&mut self, other: &Self) {
        self.0.extend(other.0.iter().cloned());
    }

    fn contains(&self, name: &str) -> bool {
        self.0.contains(name)
    }
}

impl Format {
    /// Returns the format that a file name stands for, upper or lower case. Cargo's files are read
    /// as those of a single package, npm's lock file as that of its root.
    pub fn of(path: &Path) -> Self {
        let lower = |part: Option<&std::ffi::OsStr>| {
            part.map(|part| part.to_string_lossy().to_ascii_lowercase())
                .unwrap_or_default()
        };
        match lower(path.file_name()).as_str() {
            "version" | "version.txt" => return Self::Version,
            "cargo.toml" => {
                return Self::CargoManifest {
                    own: Own::default(),
                };
            }
            "cargo.lock" => {
                return Self::CargoLock {
                    own: Own::default(),
                };
            }
            "package.json" => return Self::PackageJson,
            "package-lock.json" | "npm-shrinkwrap.json" => {
                let packages = BTreeSet::from([String::new()]);
                return Self::PackageLock { packages };
            }
            "pyproject.toml" => return Self::Pyproject,
            "chart.yaml" | "chart.yml" => return Self::Chart,
            "pom.xml" => return Self::Pom,
            "gradle.properties" => return Self::GradleProperties,
            _ => {}
        }
        match lower(path.extension()).as_str() {
            "md" | "markdown" | "mdx" => Self::Markdown,
            "html" | "htm" => Self::Html,
            "adoc" | "asciidoc" | "asc" => Self::AsciiDoc,
            _ => Self::Annotated,
        }
    }

    /// Returns the place for a version, as an error names it when there is none.
    fn expected(&self) -> &'static str {
        match self {
            Self::Markdown | Self::Html => "`<repo-version>`",
            Self::AsciiDoc => "`:Revision:`",
            Self::Version => "a version",
            Self::CargoManifest { .. } => "`package.version` or `workspace.package.version`",
            Self::CargoMember { .. } => "a full version of a path dependency of our own",
            Self::CargoLock { .. } => "a package of our own",
            Self::PackageJson => "`version`",
            Self::PackageLock { .. } => "the `version` of the package",
            Self::Pyproject => "`project.version` or `tool.poetry.version`",
            Self::Chart => "`version` or `appVersion`",
            Self::Pom => "`/project/version`",
            Self::GradleProperties => "the key `version`",
            Self::Annotated => "a format known by its file name",
        }
    }

    /// Tells whether a text may hold requirements and no version.
    fn may_only_ask(&self) -> bool {
        matches!(self, Self::CargoMember { .. })
    }

    fn find(&self, source: &[u8]) -> Result<(Vec<Found>, Vec<Requirement>), DocumentError> {
        let found = match self {
            Self::Markdown => markdown::find(source)?,
            Self::Html => html::find(source)?,
            Self::AsciiDoc => asciidoc::find(source)?,
            Self::Version => version::find(source)?,
            Self::CargoManifest { own } => return cargo::manifest(source, own),
            Self::CargoMember { own } => return cargo::member(source, own),
            Self::CargoLock { own } => cargo::lock(source, own)?,
            Self::PackageJson => json::package(source)?,
            Self::PackageLock { packages } => json::lock(source, packages)?,
            Self::Pyproject => pyproject::find(source)?,
            Self::Chart => chart::find(source)?,
            Self::Pom => pom::find(source)?,
            Self::GradleProperties => properties::find(source)?,
            Self::Annotated => Vec::new(),
        };
        Ok((found, Vec::new()))
    }
}

/// A place that carries the version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marker {
    /// The bytes of the version alone, without a `v`, quotes or blanks. Empty where the version is
    /// still to be written.
    pub span: Range<usize>,
    /// The version, or nothing for an empty marker.
    pub version: Option<Version>,
    /// Where the span begins.
    pub position: Position,
    /// What carries it, for a message: ``"`package.version`"``.
    pub kind: &'static str,
    /// What is written before the version into an empty marker.
    lead: &'static str,
}

/// A text and the places in it that carry the version.
///
/// ```
/// use duat::document::{Document, Format};
///
/// let text = b"# Widget <repo-version>v1.2.3</repo-version>\r\n";
/// let document = Document::read(&Format::Markdown, text)?;
/// let next = document.version()?.bump_minor()?;
/// assert_eq!(
///     document.replace(&next)?,
///     b"# Widget <repo-version>v1.3.0</repo-version>\r\n",
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Document<'a> {
    format: Format,
    bytes: &'a [u8],
    /// In the order of the text, apart from each other; none only where there are requirements.
    markers: Vec<Marker>,
    requirements: Vec<Requirement>,
}

impl<'a> Document<'a> {
    /// Finds every marker of a text, in order. A text without any is an error.
    pub fn read(format: &Format, bytes: &'a [u8]) -> Result<Self, DocumentError> {
        let mark = byte_order_mark(bytes)?;
        let source = bytes.get(mark..).unwrap_or_default();
        let (mut found, requirements) = format.find(source)?;
        order::sort_by_key(&mut found, |place| place.span.start);
        let annotated = annotation::find(source);
        let apart = annotated
            .into_iter()
            .filter(|place| !overlaps(&found, place));
        let apart: Vec<Found> = apart.collect();
        found.extend(apart);
        order::sort_by_key(&mut found, |place| place.span.start);
        if found.is_empty() && (requirements.is_empty() || !format.may_only_ask()) {
            let absence = match format {
                Format::Pyproject => pyproject::absence(source),
                _ => None,
            };
            return Err(absence.unwrap_or(DocumentError::NoMarker {
                expected: format.expected(),
            }));
        }
        let mut counter = Counter::new(source);
        let markers = found.into_iter().map(|place| Marker {
            position: counter.advance(place.span.start),
            span: place.span.start + mark..place.span.end + mark,
            version: place.version,
            kind: place.kind,
            lead: place.lead,
        });
        Ok(Self {
            format: format.clone(),
            bytes,
            markers: markers.collect(),
            requirements,
        })
    }

    /// Returns the markers in the order of the text; at least one, but in a member of a workspace.
    pub fn markers(&self) -> &[Marker] {
        &self.markers
    }

    /// Returns the version that all markers agree on. Empty ones have no say.
    pub fn version(&self) -> Result<&Version, DocumentError> {
        let mut filled = self
            .markers
            .iter()
            .filter_map(|marker| Some((marker, marker.version.as_ref()?)));
        let Some((first, version)) = filled.next() else {
            return Err(self.empty());
        };
        match filled.find(|(_, other)| *other != version) {
            None => Ok(version),
            Some((marker, other)) => Err(DocumentError::Disagree {
                kind: marker.kind,
                version: Box::new(other.clone()),
                position: marker.position,
                first: Box::new(version.clone()),
                first_position: first.position,
            }),
        }
    }

    fn empty(&self) -> DocumentError {
        let expected = self.format.expected();
        let first = self.markers.first();
        first.map_or(DocumentError::NoMarker { expected }, |marker| {
            DocumentError::Empty {
                kind: marker.kind,
                position: marker.position,
            }
        })
    }

    /// Returns the text with `version` at every marker, empty ones included. A marker that holds it
    /// already stays as it is written.
    ///
    /// # Errors
    ///
    /// The result is read again before it is handed out: unless the same markers stand where they
    /// should, each with the new version, there is an error and no text. So a version with build
    /// metadata is refused on an annotated line, which could not be read back.
    pub fn replace(&self, version: &Version) -> Result<Vec<u8>, DocumentError> {
        self.admit(version)?;
        let number = version.to_string();
        let mut text = Vec::with_capacity(self.bytes.len() + self.markers.len() * number.len());
        let mut spans = Vec::with_capacity(self.markers.len());
        let mut from = 0;
        for marker in &self.markers {
            text.extend_from_slice(self.bytes.get(from..marker.span.start).unwrap_or_default());
            let written = if marker.version.as_ref() == Some(version) {
                self.bytes.get(marker.span.clone()).unwrap_or_default()
            } else {
                text.extend_from_slice(marker.lead.as_bytes());
                number.as_bytes()
            };
            spans.push(text.len()..text.len() + written.len());
            text.extend_from_slice(written);
            from = marker.span.end;
        }
        text.extend_from_slice(self.bytes.get(from..).unwrap_or_default());
        self.verify(version, &text, &spans)?;
        Ok(text)
    }

    /// Checks what the file asks of packages that become `version` and is left as it stands.
    fn admit(&self, version: &Version) -> Result<(), DocumentError> {
        if self.requirements.is_empty() {
            return Ok(());
        }
        let number = semver::Version::parse(&version.to_string()).ok();
        let refuses = |requirement: &&Requirement| {
            !number
                .as_ref()
                .is_some_and(|number| requirement.asked.matches(number))
        };
        match self.requirements.iter().find(refuses) {
            None => Ok(()),
            Some(requirement) => Err(DocumentError::Requirement {
                requirement: requirement.text.clone(),
                version: version.clone(),
                position: requirement.position,
            }),
        }
    }

    /// Checks that `text` has `version` at `spans` and at no other place.
    fn verify(
        &self,
        version: &Version,
        text: &[u8],
        spans: &[Range<usize>],
    ) -> Result<(), DocumentError> {
        let written = Document::read(&self.format, text);
        let markers = written.as_ref().map_or(&[][..], Document::markers);
        let mut pairs = spans.iter().enumerate();
        let wrong = pairs.find(|(index, span)| {
            markers.get(*index).is_none_or(|marker| {
                marker.span != **span || marker.version.as_ref() != Some(version)
            })
        });
        let index = match wrong {
            Some((index, _)) => index,
            None if markers.len() == spans.len() => return Ok(()),
            None => 0,
        };
        let marker = self.markers.get(index);
        Err(marker.map_or_else(
            || self.empty(),
            |marker| DocumentError::Unreadable {
                kind: marker.kind,
                version: version.clone(),
                position: marker.position,
            },
        ))
    }
}

/// Returns the length of a UTF-8 byte order mark. Those of other encodings are an error.
fn byte_order_mark(bytes: &[u8]) -> Result<usize, DocumentError> {
    let encoding = match bytes {
        [0xef, 0xbb, 0xbf, ..] => return Ok(3),
        [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => "UTF-32",
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => "UTF-16",
        _ => return Ok(0),
    };
    Err(DocumentError::Encoding { encoding })
}

/// Tells whether a place shares bytes with one of `found`, which are in order.
fn overlaps(found: &[Found], place: &Found) -> bool {
    let after = found.partition_point(|other| other.span.end <= place.span.start);
    found
        .get(after)
        .is_some_and(|other| other.span.start < place.span.end)
}

#[cfg(test)]
mod tests;
