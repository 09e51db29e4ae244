//! The repository a command is about: its root, its configuration, the files that carry the version.

use std::path::{Path, PathBuf};

use duat::Version;
use duat::config::{self, Config};
use duat::document::{Document, Format};
use duat::git::{GitError, Location, Repository};
use duat::{document, file, git};

use crate::environment;
use crate::exit::Code;
use crate::failure::{Failure, Failures};
use crate::talk::Talk;

/// Files that may carry the version where nobody says which does, in this order.
const CANDIDATES: [&str; 3] = ["README.md", "README.adoc", VERSION_FILE];
/// The file that holds nothing but the version.
pub const VERSION_FILE: &str = "VERSION";

/// Where a command works. Nothing is read here but `duat.toml`.
pub struct Project {
    /// The root of the repository; outside one, the directory the command runs in.
    root: PathBuf,
    config: Config,
    location: Location,
}

impl Project {
    /// Finds the root, looking from `directory` or from the current one, and reads its configuration.
    pub fn open(directory: Option<&Path>) -> Result<Self, Failures> {
        if let Some(directory) = directory
            && !file::exists(directory)?
        {
            return Err(Failure::new(
                Code::NotFound,
                format!("`{}` does not exist", directory.display()),
            )
            .hint("name a directory in a repository with `--git`.")
            .into());
        }
        let location = environment::location(directory)?;
        let root = git::root(&location).unwrap_or_else(|| location.start.clone());
        let config = read_config(&root)?;
        Ok(Self {
            root,
            config,
            location,
        })
    }

    /// Returns the root of the repository, absolute; outside one, the current directory.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Returns the configuration.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Returns what stands before the version in a tag: what is given, else what duat.toml says.
    pub fn tag_prefix<'a>(&'a self, given: Option<&'a str>) -> &'a str {
        given.unwrap_or(&self.config.version.tag_prefix)
    }

    /// Opens the repository.
    pub fn discover(&self) -> Result<Repository, GitError> {
        Repository::discover(&self.location)
    }

    /// Opens the repository, which is needed.
    pub fn repository(&self) -> Result<Repository, Failure> {
        Ok(self.discover()?)
    }

    /// Returns the path of the source of truth, seen from where the command runs: the first of
    /// `given` that exists, else what duat.toml names, else the first of the usual ones.
    pub fn source(&self, given: &[PathBuf], talk: Talk) -> Result<PathBuf, Failure> {
        let path = self
            .source_if_any(given, talk)?
            .ok_or_else(|| self.nothing_to_read())?;
        if file::exists(&path)? {
            Ok(path)
        } else {
            Err(configured_in_vain(&path))
        }
    }

    /// Like [`source`](Self::source), or nothing where nobody names a file and there is none.
    pub fn source_if_any(&self, given: &[PathBuf], talk: Talk) -> Result<Option<PathBuf>, Failure> {
        let named = || given.iter().filter(|path| !is_empty(path));
        let path = if let Some(existing) = first_existing(named().cloned())? {
            existing
        } else if named().next().is_some() {
            let list: Vec<String> = named()
                .map(|path| format!("`{}`", path.display()))
                .collect();
            return Err(Failure::new(
                Code::NotFound,
                format!(
                    "failed to find the version: none of {} exists",
                    list.join(", ")
                ),
            )
            .hint("name the file that carries the version with `--file`."));
        } else if let Some(configured) = &self.config.version.file {
            self.inside(configured)?
        } else {
            let candidates = CANDIDATES.iter().map(|name| self.below(name));
            let Some(found) = first_existing(candidates)? else {
                return Ok(None);
            };
            // nobody named it: a link in somebody's pull request does not decide what is written
            self.stays(&found, "it leads out of the repository")?;
            found
        };
        talk.explain(format_args!(
            "the version is read from `{}`",
            path.display()
        ));
        Ok(Some(path))
    }

    /// Returns the files to move together with the source: those given, else duat.toml's.
    pub fn targets(&self, given: &[PathBuf]) -> Result<Vec<PathBuf>, Failures> {
        if given.iter().any(|path| !is_empty(path)) {
            let named = given.iter().filter(|path| !is_empty(path));
            return Ok(named.cloned().collect());
        }
        let (paths, failures) = split(
            self.config
                .version
                .targets
                .iter()
                .map(|target| self.inside(target)),
        );
        Failures::of(failures)?;
        Ok(paths)
    }

    /// Returns the path of a configured file, which must lie in the repository even if it is a link.
    pub fn inside(&self, name: &str) -> Result<PathBuf, Failure> {
        let path = self.below(name);
        let why = format!(
            "`{}` says so, but it leads out of the repository",
            config::FILE
        );
        self.stays(&path, &why)?;
        Ok(path)
    }

    /// Refuses a file that nobody named on the command line and that is not in the repository, or a
    /// link out of it.
    pub fn stays(&self, path: &Path, why: &str) -> Result<(), Failure> {
        stays_below(&self.root, path, why)
    }

    /// Returns the path of a file below the root, as short as it can be said from here.
    pub fn below(&self, name: &str) -> PathBuf {
        environment::shortest(&self.root.join(name))
    }

    fn nothing_to_read(&self) -> Failure {
        Failure::new(
            Code::NotFound,
            format!(
                "failed to find the version: none of `{}` exists in `{}`",
                CANDIDATES.join("`, `"),
                self.root.display()
            ),
        )
        .hint("`semver init` writes a first one; `--file` names another file.")
    }
}

/// Refuses a file that does not lie below `root`, links followed.
pub(crate) fn stays_below(root: &Path, path: &Path, why: &str) -> Result<(), Failure> {
    if file::leads_out(root, &environment::absolute(path)?)? {
        return Err(Failure::new(
            Code::Refused,
            format!("refused to use `{}`: {why}", path.display()),
        )
        .hint("name a file in the repository, or give this one on the command line."));
    }
    Ok(())
}

/// Returns the failure of a file that `duat.toml` names and that is not there.
fn configured_in_vain(path: &Path) -> Failure {
    Failure::new(
        Code::NotFound,
        format!("`{}` does not exist", path.display()),
    )
    .hint(format!(
        "`{}` names it: write the file, or correct the name.",
        config::FILE
    ))
}

/// Reads `duat.toml` at the root, if there is one.
fn read_config(root: &Path) -> Result<Config, Failures> {
    let path = root.join(config::FILE);
    if !file::exists(&path)? {
        return Ok(Config::default());
    }
    let path = environment::shortest(&path);
    let bytes = file::read(&path)?;
    let text = std::str::from_utf8(&bytes).map_err(|error| {
        Failure::new(
            Code::Failed,
            format!("failed to read `{}`: it is not UTF-8", path.display()),
        )
        .caused_by(&error)
    })?;
    Config::parse(text).or_else(|errors| {
        let failures = errors.iter().map(|error| Failure::in_config(&path, error));
        Failures::of(failures.collect()).map(|()| Config::default())
    })
}

/// Reads the version of one file.
pub fn read_version(path: &Path) -> Result<Version, Failure> {
    let bytes = file::read(path)?;
    Document::read(&Format::of(path), &bytes)
        .and_then(|document| document.version().cloned())
        .map_err(|error: document::DocumentError| Failure::in_document(path, &error))
}

/// Tells whether nothing is named, as by the item behind a list's last comma.
pub fn is_empty(path: &Path) -> bool {
    path.as_os_str().is_empty()
}

fn first_existing(paths: impl Iterator<Item = PathBuf>) -> Result<Option<PathBuf>, Failure> {
    for path in paths {
        if file::exists(&path)? {
            return Ok(Some(path));
        }
    }
    Ok(None)
}

/// Returns what succeeded and what did not, so that all that is wrong can be reported at once.
pub fn split<T>(results: impl Iterator<Item = Result<T, Failure>>) -> (Vec<T>, Vec<Failure>) {
    let mut values = Vec::new();
    let mut failures = Vec::new();
    for result in results {
        match result {
            Ok(value) => values.push(value),
            Err(failure) => failures.push(failure),
        }
    }
    (values, failures)
}
