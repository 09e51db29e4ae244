//! Where images live: `REGISTRY[/PREFIX]`, or a file or folder of this machine.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use duat_registry::reference::{Handle, Reference, ReferenceError, Registry, Repository, Tag};
use duat_shell::{Code, Failure, environment};

use crate::job::Image;

/// The layout's beginning, as skopeo and others write it.
const LAYOUT: &str = "oci:";
const OCI_ARCHIVE: &str = "oci-archive:";
const DOCKER_ARCHIVE: &str = "docker-archive:";

/// A place that has room for the images of many modules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Home {
    /// A registry, and the path that all names in it begin with.
    Registry { registry: Registry, prefix: String },
    /// A folder as the OCI image layout describes it.
    Layout(PathBuf),
    /// The same in one file.
    OciArchive(PathBuf),
    /// What `docker save` writes.
    DockerArchive(PathBuf),
}

impl FromStr for Home {
    type Err = ReferenceError;

    fn from_str(text: &str) -> Result<Self, ReferenceError> {
        let text = text.trim();
        if let Some(path) = text.strip_prefix(LAYOUT) {
            return Ok(Self::Layout(path.into()));
        }
        if let Some(path) = text.strip_prefix(OCI_ARCHIVE) {
            return Ok(Self::OciArchive(path.into()));
        }
        if let Some(path) = text.strip_prefix(DOCKER_ARCHIVE) {
            return Ok(Self::DockerArchive(path.into()));
        }
        let text = text.trim_end_matches('/');
        let (registry, prefix) = text.split_once('/').unwrap_or((text, ""));
        let registry: Registry = registry.parse()?;
        if !prefix.is_empty() {
            // the grammar is that of any repository
            Repository::new(registry.clone(), prefix)?;
        }
        Ok(Self::Registry {
            registry,
            prefix: prefix.to_owned(),
        })
    }
}

impl fmt::Display for Home {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Registry { registry, prefix } if prefix.is_empty() => {
                write!(formatter, "{registry}")
            }
            Self::Registry { registry, prefix } => write!(formatter, "{registry}/{prefix}"),
            Self::Layout(path) => write!(formatter, "{LAYOUT}{}", path.display()),
            Self::OciArchive(path) => write!(formatter, "{OCI_ARCHIVE}{}", path.display()),
            Self::DockerArchive(path) => write!(formatter, "{DOCKER_ARCHIVE}{}", path.display()),
        }
    }
}

/// Where the image of one module is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Address {
    Repository(Repository),
    Layout(PathBuf),
    OciArchive(PathBuf),
    DockerArchive(PathBuf),
}

impl fmt::Display for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Repository(repository) => write!(formatter, "{repository}"),
            Self::Layout(path) => write!(formatter, "{LAYOUT}{}", path.display()),
            Self::OciArchive(path) => write!(formatter, "{OCI_ARCHIVE}{}", path.display()),
            Self::DockerArchive(path) => write!(formatter, "{DOCKER_ARCHIVE}{}", path.display()),
        }
    }
}

impl FromStr for Address {
    type Err = ReferenceError;

    fn from_str(text: &str) -> Result<Self, ReferenceError> {
        Ok(if let Some(path) = text.strip_prefix(LAYOUT) {
            Self::Layout(path.into())
        } else if let Some(path) = text.strip_prefix(OCI_ARCHIVE) {
            Self::OciArchive(path.into())
        } else if let Some(path) = text.strip_prefix(DOCKER_ARCHIVE) {
            Self::DockerArchive(path.into())
        } else {
            Self::Repository(text.parse()?)
        })
    }
}

impl Address {
    /// Returns the same place wherever it is looked at from.
    pub(crate) fn absolute(&self) -> Result<Self, Failure> {
        let absolute = |path: &Path| environment::absolute(path);
        Ok(match self {
            Self::Repository(repository) => Self::Repository(repository.clone()),
            Self::Layout(path) => Self::Layout(absolute(path)?),
            Self::OciArchive(path) => Self::OciArchive(absolute(path)?),
            Self::DockerArchive(path) => Self::DockerArchive(absolute(path)?),
        })
    }

    /// Returns the name of what is called so here, as people write it.
    pub(crate) fn at(&self, handle: &Handle) -> String {
        match (self, handle) {
            (Self::Repository(repository), _) => {
                Reference::new(repository.clone(), handle.clone()).to_string()
            }
            (local, Handle::Tag(tag)) => format!("{local}:{tag}"),
            (local, Handle::Digest(digest)) => format!("{local}@{digest}"),
        }
    }

    /// Returns the name of a tag here, as people write it.
    pub(crate) fn tagged(&self, tag: &Tag) -> String {
        self.at(&Handle::Tag(tag.clone()))
    }
}

impl Home {
    /// Returns where the image of a module is. A folder holds one image, or a folder for each of
    /// `several`.
    pub(crate) fn of(&self, image: &Image, several: bool) -> Result<Address, Failure> {
        match self {
            Self::Registry { registry, prefix } => {
                let path = if prefix.is_empty() {
                    image.name.to_string()
                } else {
                    format!("{prefix}/{}", image.name)
                };
                Repository::new(registry.clone(), &path)
                    .map(Address::Repository)
                    .map_err(|error| {
                        Failure::new(
                            Code::Usage,
                            format!("failed to name the image `{registry}/{path}`"),
                        )
                        .caused_by(&error)
                    })
            }
            Self::Layout(path) if several => Ok(Address::Layout(path.join(image.folder()))),
            Self::Layout(path) => Ok(Address::Layout(path.clone())),
            Self::OciArchive(_) | Self::DockerArchive(_) if several => Err(Failure::new(
                Code::Usage,
                format!("failed to use `{self}`: an archive holds one image"),
            )
            .hint("promote one module at a time, or use `oci:DIR`, which has a folder for each.")),
            Self::OciArchive(path) => Ok(Address::OciArchive(path.clone())),
            Self::DockerArchive(path) => Ok(Address::DockerArchive(path.clone())),
        }
    }
}
