//! `duat.toml`: what a repository says of its own versions, images and releases.

use std::path::{Component, Path};

use thiserror::Error;
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use crate::document::Position;
use crate::order;

/// The file's name, at the root of the repository.
pub const FILE: &str = "duat.toml";

/// The configuration of a repository; everything in it is optional.
///
/// ```
/// use duat::config::Config;
///
/// let config = Config::parse("[version]\ntargets = [\"VERSION\"]\ntag-prefix = \"v\"\n")?;
/// assert_eq!(config.version.targets, ["VERSION"]);
/// assert_eq!(config.version.tag_prefix, "v");
/// # Ok::<(), Vec<duat::config::ConfigError>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Config {
    /// `[version]`: where the version stands.
    pub version: VersionSection,
    /// `[image]`: which images are promoted, and where to.
    pub image: ImageSection,
    /// `[release]`: what a release holds.
    pub release: ReleaseSection,
}

/// `[version]`. Paths are relative to the root and stay below it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VersionSection {
    /// The source of truth; by default the first of README.md, README.adoc and VERSION.
    pub file: Option<String>,
    /// Files moved together with it.
    pub targets: Vec<String>,
    /// What stands before the version in a tag, besides a `v`, which is always understood.
    pub tag_prefix: String,
}

/// `[image]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImageSection {
    /// The registry; by default the account's ECR.
    pub registry: Option<String>,
    /// The components that have an image each.
    pub modules: Vec<String>,
}

/// `[release]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReleaseSection {
    /// Patterns of the files a release offers.
    pub assets: Vec<String>,
    /// Where its notes come from.
    pub notes: Option<String>,
}

/// What is wrong in `duat.toml`, and where.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{problem}")]
pub struct ConfigError {
    /// The place.
    pub position: Position,
    /// The problem there.
    pub problem: Problem,
}

/// What can be wrong in `duat.toml`.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Problem {
    /// Not TOML.
    #[error("{0}")]
    Syntax(String),
    /// A key or section that means nothing here.
    #[error("unknown key `{key}`")]
    UnknownKey {
        /// The key.
        key: String,
        /// The known key that looks most like it, if one does.
        suggestion: Option<&'static str>,
    },
    /// A value of the wrong type.
    #[error("`{key}` must be {expected}")]
    Type {
        /// The key.
        key: &'static str,
        /// What it must be.
        expected: &'static str,
    },
    /// A path that leaves the repository.
    #[error("`{path}` leaves the repository")]
    Escape {
        /// The path.
        path: String,
    },
}

impl Config {
    /// Reads the text of a `duat.toml`.
    ///
    /// # Errors
    ///
    /// All that is wrong in it, at least one thing, in the order of the text.
    pub fn parse(text: &str) -> Result<Self, Vec<ConfigError>> {
        let table = DeTable::parse(text).map_err(|error| {
            vec![ConfigError {
                position: Position::of(text.as_bytes(), error.span().map_or(0, |span| span.start)),
                problem: Problem::Syntax(error.message().to_owned()),
            }]
        })?;
        let mut reader = Reader {
            text,
            errors: Vec::new(),
        };
        let mut config = Self::default();
        for (name, section) in table.get_ref() {
            match name.get_ref().as_ref() {
                "version" => config.version = reader.version(section),
                "image" => config.image = reader.image(section),
                "release" => config.release = reader.release(section),
                _ => reader.unknown(name, &["version", "image", "release"]),
            }
        }
        let mut errors = reader.errors;
        if errors.is_empty() {
            return Ok(config);
        }
        order::sort_by_key(&mut errors, |(at, _)| *at);
        Err(errors.into_iter().map(|(_, error)| error).collect())
    }
}

type Key<'a> = Spanned<DeString<'a>>;
type Value<'a> = Spanned<DeValue<'a>>;

/// Turns parsed TOML into sections; knows the text for the places of errors, and collects these.
struct Reader<'a> {
    text: &'a str,
    /// Each behind the place it is at, in bytes.
    errors: Vec<(usize, ConfigError)>,
}

impl Reader<'_> {
    fn version(&mut self, section: &Value<'_>) -> VersionSection {
        let mut version = VersionSection::default();
        for (key, value) in self.table("version", section) {
            match key.get_ref().as_ref() {
                "file" => version.file = self.path("file", value),
                "targets" => version.targets = self.list("targets", value, Self::path),
                "tag-prefix" => {
                    version.tag_prefix = self.string("tag-prefix", value).unwrap_or_default();
                }
                _ => self.unknown(key, &["file", "targets", "tag-prefix"]),
            }
        }
        version
    }

    fn image(&mut self, section: &Value<'_>) -> ImageSection {
        let mut image = ImageSection::default();
        for (key, value) in self.table("image", section) {
            match key.get_ref().as_ref() {
                "registry" => image.registry = self.string("registry", value),
                "modules" => image.modules = self.list("modules", value, Self::string),
                _ => self.unknown(key, &["registry", "modules"]),
            }
        }
        image
    }

    fn release(&mut self, section: &Value<'_>) -> ReleaseSection {
        let mut release = ReleaseSection::default();
        for (key, value) in self.table("release", section) {
            match key.get_ref().as_ref() {
                "assets" => release.assets = self.list("assets", value, Self::path),
                "notes" => release.notes = self.string("notes", value),
                _ => self.unknown(key, &["assets", "notes"]),
            }
        }
        release
    }

    fn table<'t, 'd>(
        &mut self,
        key: &'static str,
        value: &'t Value<'d>,
    ) -> impl Iterator<Item = (&'t Key<'d>, &'t Value<'d>)> + use<'t, 'd> {
        let table: Option<&DeTable<'d>> = value.get_ref().as_table();
        if table.is_none() {
            self.wrong(key, "a table", value);
        }
        table.into_iter().flatten()
    }

    fn string(&mut self, key: &'static str, value: &Value<'_>) -> Option<String> {
        let text = value.get_ref().as_str().filter(|text| !text.is_empty());
        if text.is_none() {
            self.wrong(key, "a text that is not empty", value);
        }
        text.map(str::to_owned)
    }

    fn path(&mut self, key: &'static str, value: &Value<'_>) -> Option<String> {
        let path = self.string(key, value)?;
        if stays_below(Path::new(&path)) {
            return Some(path);
        }
        self.error(value.span().start, Problem::Escape { path });
        None
    }

    fn list(
        &mut self,
        key: &'static str,
        value: &Value<'_>,
        read: impl Fn(&mut Self, &'static str, &Value<'_>) -> Option<String>,
    ) -> Vec<String> {
        let Some(list) = value.get_ref().as_array() else {
            self.wrong(key, "a list of texts", value);
            return Vec::new();
        };
        list.iter()
            .filter_map(|each| read(self, key, each))
            .collect()
    }

    fn unknown(&mut self, key: &Key<'_>, known: &[&'static str]) {
        let name = key.get_ref().as_ref();
        let problem = Problem::UnknownKey {
            key: name.to_owned(),
            suggestion: most_like(name, known),
        };
        self.error(key.span().start, problem);
    }

    fn wrong(&mut self, key: &'static str, expected: &'static str, value: &Value<'_>) {
        self.error(value.span().start, Problem::Type { key, expected });
    }

    fn error(&mut self, at: usize, problem: Problem) {
        let position = Position::of(self.text.as_bytes(), at);
        self.errors.push((at, ConfigError { position, problem }));
    }
}

/// Tells whether a path, joined to a folder, names something in that folder. Symbolic links are not
/// followed here: the door to files looks at those.
fn stays_below(path: &Path) -> bool {
    let mut depth = 0_usize;
    for component in path.components() {
        match component {
            Component::Normal(_) => depth += 1,
            Component::CurDir => {}
            Component::ParentDir if depth > 0 => depth -= 1,
            Component::ParentDir | Component::RootDir | Component::Prefix(_) => return false,
        }
    }
    true
}

/// Returns the known word that is most like `word`, if one is alike at all.
fn most_like(word: &str, known: &[&'static str]) -> Option<&'static str> {
    const ALIKE: f64 = 0.7;
    known
        .iter()
        .map(|candidate| (strsim::jaro_winkler(word, candidate), *candidate))
        .filter(|(likeness, _)| *likeness > ALIKE)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        let errors = Config::parse(text).unwrap_err();
        let errors = errors.iter().map(|error| {
            let suggestion = match &error.problem {
                Problem::UnknownKey { suggestion, .. } => *suggestion,
                _ => None,
            };
            let suggestion = suggestion.map(|it| format!(" ({it}?)"));
            format!(
                "{}: {error}{}",
                error.position,
                suggestion.unwrap_or_default()
            )
        });
        errors.collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn every_key_is_read() {
        let config = Config::parse(
            "[version]\nfile = 'docs/README.md'\ntargets = ['VERSION', './a/../Cargo.toml']\ntag-prefix = 'v'\n\
             [image]\nregistry = 'ghcr.io'\nmodules = ['server']\n[release]\nassets = ['dist/*']\nnotes = 'changelog'\n",
        )
        .unwrap();
        assert_eq!(config.version.file.as_deref(), Some("docs/README.md"));
        assert_eq!(config.version.targets.len(), 2);
        assert_eq!(config.image.modules, ["server"]);
        assert_eq!(config.image.registry.as_deref(), Some("ghcr.io"));
        assert_eq!(config.release.assets, ["dist/*"]);
        assert_eq!(config.release.notes.as_deref(), Some("changelog"));
        assert_eq!(Config::parse("").unwrap(), Config::default());
    }

    #[test]
    fn what_means_nothing_is_an_error_with_a_suggestion() {
        assert_eq!(
            error("[versions]\n"),
            "1:2: unknown key `versions` (version?)"
        );
        assert_eq!(
            error("[version]\n\ntarget = []\n"),
            "3:1: unknown key `target` (targets?)"
        );
        assert_eq!(error("[image]\nzzz = 1\n"), "2:1: unknown key `zzz`");
        assert_eq!(error("file = 'a'\n"), "1:1: unknown key `file`");
    }

    #[test]
    fn all_that_is_wrong_is_told_at_once() {
        assert_eq!(
            error(
                "[release]\nnotes = ''\n[version]\nfiles = 'a'\ntargets = ['../a', 1]\nzzz = 1\n"
            ),
            "2:9: `notes` must be a text that is not empty; 4:1: unknown key `files` (file?); \
             5:12: `../a` leaves the repository; 5:20: `targets` must be a text that is not empty; \
             6:1: unknown key `zzz`"
        );
    }

    #[test]
    fn a_value_of_the_wrong_type_is_named() {
        assert_eq!(
            error("[version]\nfile = 1\n"),
            "2:8: `file` must be a text that is not empty"
        );
        assert_eq!(
            error("[version]\ntargets = 'a'\n"),
            "2:11: `targets` must be a list of texts"
        );
        assert_eq!(
            error("[version]\ntargets = ['a', 1]\n"),
            "2:17: `targets` must be a text that is not empty"
        );
        assert_eq!(error("version = 1\n"), "1:11: `version` must be a table");
        assert!(error("[version\n").starts_with("1:9: "));
    }

    #[test]
    fn a_path_stays_in_the_repository() {
        for path in ["../VERSION", "/etc/passwd", "a/../../b"] {
            assert_eq!(
                error(&format!("[version]\ntargets = ['{path}']\n")),
                format!("2:12: `{path}` leaves the repository")
            );
        }
    }
}
