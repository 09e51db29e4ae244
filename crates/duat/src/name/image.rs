use std::fmt;

use thiserror::Error;

use crate::Version;

/// The longest repository name that registries are advised to take, in characters
/// (OCI distribution specification, "Pulling manifests").
const LONGEST_NAME: usize = 255;
/// The longest tag, in characters (same place).
const LONGEST_TAG: usize = 128;

/// The repository path of an image, `<owner>/<repository>/<module>`, without registry and tag.
///
/// Every component fits the OCI grammar `[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*`.
///
/// ```
/// use duat::name::ImageName;
///
/// let name = ImageName::new("karl", "MyRepo", Some("server"))?;
/// assert_eq!(name.to_string(), "karl/myrepo/server");
/// assert_eq!(name.tag(&"1.2.0-rc.1".parse()?)?, "1.2.0-rc.1");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ImageName(String);

/// Why there is no such image name or tag.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ImageNameError {
    /// A component that registries refuse.
    #[error(
        "`{component}` cannot be part of an image name: \
         letters and digits with single `.`, `_`, `__` or `-` between them are"
    )]
    Component {
        /// The component, in lower case.
        component: String,
    },
    /// A name that registries are not bound to take.
    #[error("the image name is {length} characters long; registries take {LONGEST_NAME}")]
    Long {
        /// Its length in characters.
        length: usize,
    },
    /// `+` has no place in a tag, and dropping it would give two versions one tag.
    #[error("`{version}` has build metadata, which a tag cannot hold")]
    BuildMetadata {
        /// The version.
        version: Version,
    },
    /// A version longer than a tag.
    #[error("`{version}` is too long for a tag: {LONGEST_TAG} characters are allowed")]
    LongTag {
        /// The version.
        version: Version,
    },
}

impl ImageName {
    /// Returns the name of the image of a module, or of the repository itself, in lower case.
    ///
    /// `owner` may be nested (`group/subgroup`).
    pub fn new(
        owner: &str,
        repository: &str,
        module: Option<&str>,
    ) -> Result<Self, ImageNameError> {
        let path: Vec<&str> = [owner, repository].into_iter().chain(module).collect();
        let name = path.join("/").to_lowercase();
        if let Some(component) = name.split('/').find(|component| !is_component(component)) {
            return Err(ImageNameError::Component {
                component: component.to_owned(),
            });
        }
        if name.len() > LONGEST_NAME {
            return Err(ImageNameError::Long { length: name.len() });
        }
        Ok(Self(name))
    }

    /// Returns the tag of a version: its text.
    pub fn tag(&self, version: &Version) -> Result<String, ImageNameError> {
        let tag = version.to_string();
        if !version.build().is_empty() {
            return Err(ImageNameError::BuildMetadata {
                version: version.clone(),
            });
        }
        if tag.len() > LONGEST_TAG {
            return Err(ImageNameError::LongTag {
                version: version.clone(),
            });
        }
        Ok(tag)
    }

    /// Returns the name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ImageName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Tells whether registries take `text` as one component of a name.
fn is_component(text: &str) -> bool {
    let is_word = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let bytes = text.as_bytes();
    let ends_are_words =
        bytes.first().copied().is_some_and(is_word) && bytes.last().copied().is_some_and(is_word);
    let is_separator =
        |run: &str| matches!(run, "." | "_" | "__") || run.bytes().all(|byte| byte == b'-');
    ends_are_words
        && text
            .split(|character: char| character.is_ascii() && is_word(character as u8))
            .all(is_separator)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(owner: &str, repository: &str, module: Option<&str>) -> String {
        match ImageName::new(owner, repository, module) {
            Ok(name) => name.to_string(),
            Err(error) => format!("error: {error}"),
        }
    }

    #[test]
    fn names_are_lower_case_paths() {
        assert_eq!(name("karlmutch", "duat", None), "karlmutch/duat");
        assert_eq!(name("karl", "MyRepo", Some("server")), "karl/myrepo/server");
        assert_eq!(
            name("Group/Sub", "app", Some("web_ui")),
            "group/sub/app/web_ui"
        );
        assert_eq!(name("a", "b--c.d__e", None), "a/b--c.d__e");
        let image = ImageName::new("karl", "MyRepo", None).unwrap();
        assert_eq!(image.as_str(), image.to_string());
    }

    #[test]
    fn components_that_registries_refuse_are_named() {
        for wrong in [
            ".github",
            "a..b",
            "a___b",
            "a._b",
            "-a",
            "a-",
            "",
            "\u{fc}ber",
            "a b",
            "a:b",
        ] {
            assert!(
                name("owner", wrong, None).contains(&format!("error: `{wrong}` cannot")),
                "{wrong}"
            );
        }
        assert!(name("o", &"r".repeat(254), None).contains("256 characters"));
    }

    #[test]
    fn the_tag_is_the_version() {
        let image = ImageName::new("o", "r", None).unwrap();
        let tag = |text: &str| image.tag(&text.parse().unwrap());
        assert_eq!(
            tag("0.0.2-main-aaaagjecrgf"),
            Ok("0.0.2-main-aaaagjecrgf".into())
        );
        assert!(matches!(
            tag("1.0.0+b"),
            Err(ImageNameError::BuildMetadata { .. })
        ));
        let longest = format!("1.0.0-{}", "x".repeat(122));
        assert_eq!(tag(&longest), Ok(longest.clone()));
        assert!(matches!(
            tag(&format!("1.0.0-{}", "x".repeat(123))),
            Err(ImageNameError::LongTag { .. })
        ));
    }
}
