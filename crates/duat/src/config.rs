//! `duat.toml`: what a repository says of its own versions, images and releases.

use std::path::{Component, Path};

use thiserror::Error;
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use crate::document::Position;

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
/// # Ok::<(), duat::config::ConfigError>(())
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
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        let table = DeTable::parse(text).map_err(|error| ConfigError {
            position: Position::of(text.as_bytes(), error.span().map_or(0, |span| span.start)),
            problem: Problem::Syntax(error.message().to_owned()),
        })?;
        let reader = Reader { text };
        let mut config = Self::default();
        for (name, section) in table.get_ref() {
            match name.get_ref().as_ref() {
                "version" => config.version = reader.version(section)?,
                "image" => config.image = reader.image(section)?,
                "release" => config.release = reader.release(section)?,
                _ => return Err(reader.unknown(name, &["version", "image", "release"])),
            }
        }
        Ok(config)
    }
}

type Key<'a> = Spanned<DeString<'a>>;
type Value<'a> = Spanned<DeValue<'a>>;

/// Turns parsed TOML into sections; knows the text for the places of errors.
struct Reader<'a> {
    text: &'a str,
}

impl Reader<'_> {
    fn version(&self, section: &Value<'_>) -> Result<VersionSection, ConfigError> {
        let mut version = VersionSection::default();
        for (key, value) in self.table("version", section)? {
            match key.get_ref().as_ref() {
                "file" => version.file = Some(self.path("file", value)?),
                "targets" => version.targets = self.list("targets", value, Self::path)?,
                "tag-prefix" => version.tag_prefix = self.string("tag-prefix", value)?,
                _ => return Err(self.unknown(key, &["file", "targets", "tag-prefix"])),
            }
        }
        Ok(version)
    }

    fn image(&self, section: &Value<'_>) -> Result<ImageSection, ConfigError> {
        let mut image = ImageSection::default();
        for (key, value) in self.table("image", section)? {
            match key.get_ref().as_ref() {
                "registry" => image.registry = Some(self.string("registry", value)?),
                "modules" => image.modules = self.list("modules", value, Self::string)?,
                _ => return Err(self.unknown(key, &["registry", "modules"])),
            }
        }
        Ok(image)
    }

    fn release(&self, section: &Value<'_>) -> Result<ReleaseSection, ConfigError> {
        let mut release = ReleaseSection::default();
        for (key, value) in self.table("release", section)? {
            match key.get_ref().as_ref() {
                "assets" => release.assets = self.list("assets", value, Self::path)?,
                "notes" => release.notes = Some(self.string("notes", value)?),
                _ => return Err(self.unknown(key, &["assets", "notes"])),
            }
        }
        Ok(release)
    }

    fn table<'t, 'd>(
        &self,
        key: &'static str,
        value: &'t Value<'d>,
    ) -> Result<&'t DeTable<'d>, ConfigError> {
        value
            .get_ref()
            .as_table()
            .ok_or_else(|| self.wrong(key, "a table", value))
    }

    fn string(&self, key: &'static str, value: &Value<'_>) -> Result<String, ConfigError> {
        let text = value.get_ref().as_str().filter(|text| !text.is_empty());
        text.map(str::to_owned)
            .ok_or_else(|| self.wrong(key, "a text that is not empty", value))
    }

    fn path(&self, key: &'static str, value: &Value<'_>) -> Result<String, ConfigError> {
        let path = self.string(key, value)?;
        if stays_below(Path::new(&path)) {
            Ok(path)
        } else {
            Err(self.error(value.span().start, Problem::Escape { path }))
        }
    }

    fn list(
        &self,
        key: &'static str,
        value: &Value<'_>,
        read: impl Fn(&Self, &'static str, &Value<'_>) -> Result<String, ConfigError>,
    ) -> Result<Vec<String>, ConfigError> {
        let list = value.get_ref().as_array();
        let list = list.ok_or_else(|| self.wrong(key, "a list of texts", value))?;
        list.iter().map(|each| read(self, key, each)).collect()
    }

    fn unknown(&self, key: &Key<'_>, known: &[&'static str]) -> ConfigError {
        let name = key.get_ref().as_ref();
        let problem = Problem::UnknownKey {
            key: name.to_owned(),
            suggestion: most_like(name, known),
        };
        self.error(key.span().start, problem)
    }

    fn wrong(&self, key: &'static str, expected: &'static str, value: &Value<'_>) -> ConfigError {
        self.error(value.span().start, Problem::Type { key, expected })
    }

    fn error(&self, at: usize, problem: Problem) -> ConfigError {
        let position = Position::of(self.text.as_bytes(), at);
        ConfigError { position, problem }
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
        let error = Config::parse(text).unwrap_err();
        let suggestion = match &error.problem {
            Problem::UnknownKey { suggestion, .. } => *suggestion,
            _ => None,
        };
        format!(
            "{}: {error}{}",
            error.position,
            suggestion.map(|it| format!(" ({it}?)")).unwrap_or_default()
        )
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
