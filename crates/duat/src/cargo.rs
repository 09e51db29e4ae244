//! What a `Cargo.toml` says of its package and its workspace: whose version moves with it.

use std::path::Path;

use glob::Pattern;
use toml::de::{DeTable, DeValue};

use crate::document::{DocumentError, Position};

/// The parts of a manifest that tell which packages share a version.
///
/// See the Cargo reference, "The `version` field" and "Workspaces".
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Manifest {
    name: Option<String>,
    inherits: bool,
    has_workspace_version: bool,
    members: Vec<String>,
    exclude: Vec<String>,
}

impl Manifest {
    /// Reads the text of a manifest.
    pub fn read(bytes: &[u8]) -> Result<Self, DocumentError> {
        const GRAMMAR: &str = "TOML";
        let text = std::str::from_utf8(bytes).map_err(|error| DocumentError::NotUtf8 {
            grammar: GRAMMAR,
            position: Position::of(bytes, error.valid_up_to()),
        })?;
        let table = DeTable::parse(text).map_err(|error| DocumentError::Syntax {
            grammar: GRAMMAR,
            message: error.message().to_owned(),
            position: Position::of(bytes, error.span().map_or(0, |span| span.start)),
        })?;
        let table = table.get_ref();
        let version = at(table, &["package", "version"]);
        let inherits = at(table, &["package", "version", "workspace"]);
        let dependencies = at(table, &["workspace", "dependencies"]);
        let by_path = dependencies
            .and_then(DeValue::as_table)
            .into_iter()
            .flat_map(|table| table.values());
        let by_path =
            by_path.filter_map(|dependency| text_at(dependency.get_ref().as_table()?, &["path"]));
        Ok(Self {
            name: version.and_then(|_| text_at(table, &["package", "name"])),
            inherits: inherits.and_then(DeValue::as_bool) == Some(true),
            has_workspace_version: at(table, &["workspace", "package", "version"]).is_some(),
            members: list_at(table, &["workspace", "members"])
                .chain(by_path)
                .collect(),
            exclude: list_at(table, &["workspace", "exclude"]).collect(),
        })
    }

    /// Returns the package's name, where the version in this manifest is its version.
    pub fn own_name(&self) -> Option<&str> {
        let own = !self.inherits || self.has_workspace_version;
        self.name.as_deref().filter(|_| own)
    }

    /// Returns the package's name, where it has the version of its workspace.
    pub fn inheriting_name(&self) -> Option<&str> {
        self.name.as_deref().filter(|_| self.inherits)
    }

    /// Tells whether members can inherit a version from here.
    pub fn has_workspace_version(&self) -> bool {
        self.has_workspace_version
    }

    /// Returns the patterns of the members' folders, seen from the manifest's; packages that the
    /// workspace's dependencies name by path are among them.
    pub fn members(&self) -> &[String] {
        &self.members
    }

    /// Tells whether a folder, seen from the manifest's, is kept out of the workspace.
    pub fn excludes(&self, folder: &Path) -> bool {
        self.exclude.iter().any(|excluded| {
            folder.starts_with(excluded)
                || Pattern::new(excluded).is_ok_and(|pattern| pattern.matches_path(folder))
        })
    }
}

fn at<'t, 'd>(table: &'t DeTable<'d>, path: &[&str]) -> Option<&'t DeValue<'d>> {
    let (name, rest) = path.split_first()?;
    let value = table.get(*name)?.get_ref();
    if rest.is_empty() {
        Some(value)
    } else {
        at(value.as_table()?, rest)
    }
}

fn text_at(table: &DeTable<'_>, path: &[&str]) -> Option<String> {
    at(table, path)?.as_str().map(str::to_owned)
}

fn list_at(table: &DeTable<'_>, path: &[&str]) -> impl Iterator<Item = String> {
    let list = at(table, path).and_then(DeValue::as_array);
    let texts: Vec<String> = list
        .into_iter()
        .flatten()
        .filter_map(|each| each.get_ref().as_str().map(str::to_owned))
        .collect();
    texts.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Manifest {
        Manifest::read(text.as_bytes()).unwrap()
    }

    #[test]
    fn a_package_owns_its_version_or_inherits_it() {
        let own = read("[package]\nname = 'a'\nversion = '1.0.0'\n");
        assert_eq!((own.own_name(), own.inheriting_name()), (Some("a"), None));
        let inherits = read("[package]\nname = 'a'\nversion.workspace = true\n");
        assert_eq!(
            (inherits.own_name(), inherits.inheriting_name()),
            (None, Some("a"))
        );
        let root = read(
            "[package]\nname = 'a'\nversion = { workspace = true }\n[workspace.package]\nversion = '1.0.0'\n",
        );
        assert_eq!(
            (root.own_name(), root.has_workspace_version()),
            (Some("a"), true)
        );
        assert!(!inherits.has_workspace_version());
        assert_eq!(read("[package]\nname = 'a'\n").own_name(), None);
    }

    #[test]
    fn a_workspace_names_its_members() {
        let workspace = read(
            "[workspace]\nmembers = ['crates/*']\nexclude = ['crates/old', 'tests/*']\n\
             [workspace.dependencies]\nb = { path = 'b', version = '1.0.0' }\nserde = '1'\n",
        );
        assert_eq!(workspace.members(), ["crates/*", "b"]);
        assert!(workspace.excludes(Path::new("crates/old")));
        assert!(workspace.excludes(Path::new("crates/old/inner")));
        assert!(workspace.excludes(Path::new("tests/one")));
        assert!(!workspace.excludes(Path::new("crates/older")));
    }

    #[test]
    fn what_is_not_toml_is_named_with_its_place() {
        let error = Manifest::read(b"[package\n").unwrap_err();
        assert_eq!(error.position().map(|position| position.line), Some(1));
    }
}
