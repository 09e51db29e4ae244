//! From what is typed to the files that are meant.

mod argument;

use std::collections::{BTreeMap, HashSet};
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use duat::file;
use duat_shell::{Code, Failure, Project, clock, environment};
use glob::{MatchOptions, Pattern};

use crate::asset::{Asset, MOST, TOO_LARGE};
use crate::body::{Content, Mark};
use argument::{is_pattern, list, split_label};

/// A file that is meant, and what is shown for it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Input {
    path: PathBuf,
    label: Option<String>,
}

/// Collects files; every problem is reported, not only the first.
#[derive(Default)]
struct Collector {
    inputs: Vec<Input>,
    failures: Vec<Failure>,
}

/// Returns the assets that `files` mean, `-` for a list on stdin, and what is wrong with others. Where
/// stdin is taken for something else, nothing is read of it.
pub(crate) fn typed(
    files: &[OsString],
    null: bool,
    is_stdin_taken: bool,
) -> (Vec<Asset>, Vec<Failure>) {
    let mut collector = Collector::default();
    let mut stdin_is_read = is_stdin_taken;
    for argument in files {
        if argument != "-" {
            collector.argument(argument, Path::new(""));
            continue;
        }
        if std::mem::replace(&mut stdin_is_read, true) {
            let failure = Failure::new(
                Code::Usage,
                "stdin is asked for twice, but can be read once",
            )
            .hint("name a file for one of them.");
            collector.failures.push(failure);
            continue;
        }
        match read_list(null) {
            Ok(paths) if paths.is_empty() => collector.failures.push(
                Failure::new(
                    Code::NotFound,
                    "failed to find assets: the list on stdin is empty",
                )
                .hint("leave out `-` for a release without assets."),
            ),
            Ok(paths) => paths.iter().for_each(|path| collector.literal(path)),
            Err(failure) => collector.failures.push(failure),
        }
    }
    collector.assets()
}

/// Returns the assets that the patterns of duat.toml mean, seen from the root. What leads out of the
/// repository is refused: it would be published, and nobody has named it here.
pub(crate) fn configured(patterns: &[String], project: &Project) -> (Vec<Asset>, Vec<Failure>) {
    let mut collector = Collector::default();
    for pattern in patterns {
        collector.argument(OsStr::new(pattern), project.root());
    }
    let Collector { inputs, failures } = &mut collector;
    inputs.retain(|input| {
        let why = "`duat.toml` says so, but it leads out of the repository";
        let stays = project.stays(&input.path, why);
        stays.map_err(|failure| failures.push(failure)).is_ok()
    });
    collector.assets()
}

impl Collector {
    /// Adds what one argument means: a path that exists, with or without a label, or a pattern.
    fn argument(&mut self, argument: &OsStr, root: &Path) {
        let (name, label) = labelled(argument, &|name| {
            exists(&root.join(name)) || is_pattern(name)
        });
        let path = environment::shortest(&root.join(name));
        let path = if root.as_os_str().is_empty() {
            PathBuf::from(name)
        } else {
            path
        };
        let pattern = name
            .to_str()
            .filter(|name| is_pattern(name) && !exists(&path));
        match pattern {
            Some(pattern) => self.pattern(pattern, root, label.as_deref()),
            None => self.path(path, label),
        }
    }

    /// Adds a line of a list, in which nothing but a label is special.
    fn literal(&mut self, path: &OsStr) {
        let (name, label) = labelled(path, &|name| exists(Path::new(name)));
        self.path(PathBuf::from(name), label);
    }

    fn pattern(&mut self, pattern: &str, root: &Path, label: Option<&str>) {
        let whole = if root.as_os_str().is_empty() {
            pattern.to_owned()
        } else {
            format!("{}/{pattern}", Pattern::escape(&root.to_string_lossy()))
        };
        let options = MatchOptions {
            case_sensitive: true,
            require_literal_separator: true,
            require_literal_leading_dot: true,
        };
        let found = match glob::glob_with(&whole, options) {
            Ok(found) => found,
            Err(error) => {
                let failure = Failure::new(
                    Code::Usage,
                    format!("failed to read the pattern `{pattern}`"),
                );
                self.failures.push(failure.caused_by(&error));
                return;
            }
        };
        let mut is_empty = true;
        for path in found {
            is_empty = false;
            match path {
                Ok(path) => self.path(environment::shortest(&path), label.map(str::to_owned)),
                Err(error) => self.failures.push(
                    Failure::new(
                        Code::Failed,
                        format!("failed to look into `{}`", error.path().display()),
                    )
                    .caused_by(error.error()),
                ),
            }
        }
        if is_empty {
            self.failures.push(
                Failure::new(
                    Code::NotFound,
                    format!("failed to find assets: nothing matches `{pattern}`"),
                )
                .hint("build them first, or correct the pattern."),
            );
        }
    }

    fn path(&mut self, path: PathBuf, label: Option<String>) {
        if !path.is_dir() {
            self.inputs.push(Input { path, label });
            return;
        }
        let is_hidden = |path: &Path| {
            let mut parts = path.components();
            parts.any(|part| part.as_os_str().as_encoded_bytes().starts_with(b"."))
        };
        match file::tree(&path) {
            Ok(files) => {
                let files: Vec<PathBuf> =
                    files.into_iter().filter(|file| !is_hidden(file)).collect();
                if files.is_empty() {
                    let message = format!(
                        "failed to find assets: the folder `{}` holds no files",
                        path.display()
                    );
                    self.failures.push(Failure::new(Code::NotFound, message));
                }
                let inputs = files.into_iter().map(|file| Input {
                    path: path.join(file),
                    label: label.clone(),
                });
                self.inputs.extend(inputs);
            }
            Err(error) => self.failures.push(error.into()),
        }
    }

    /// Returns each file once, as an asset, and what is wrong with others.
    fn assets(self) -> (Vec<Asset>, Vec<Failure>) {
        let mut failures = self.failures;
        let mut seen = HashSet::new();
        let mut assets = Vec::new();
        for input in self.inputs {
            let absolute =
                environment::absolute(&input.path).unwrap_or_else(|_| input.path.clone());
            if !seen.insert(absolute) {
                continue;
            }
            match asset(input) {
                Ok(asset) => assets.push(asset),
                Err(failure) => failures.push(failure),
            }
        }
        (assets, failures)
    }
}

/// Looks at a file.
fn asset(input: Input) -> Result<Asset, Failure> {
    let shown = input.path.display().to_string();
    let metadata = std::fs::metadata(&input.path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => {
            Failure::new(Code::NotFound, format!("`{shown}` does not exist"))
                .hint("build it first, or correct the path.")
        }
        _ => Failure::new(Code::Failed, format!("failed to look at `{shown}`")).caused_by(&error),
    })?;
    let unfit =
        |why: &str| Failure::new(Code::Usage, format!("`{shown}` cannot be an asset: {why}"));
    if !metadata.is_file() {
        return Err(unfit("it is no regular file"));
    }
    if metadata.len() == 0 {
        return Err(unfit("it is empty, and GitHub takes no empty files"));
    }
    if metadata.len() >= TOO_LARGE {
        return Err(unfit("it has 2 GiB or more, and GitHub takes less")
            .hint("compress it, or split it: `split --bytes=1G FILE`."));
    }
    let name = input.path.file_name().and_then(OsStr::to_str);
    let name =
        name.ok_or_else(|| unfit("its name is not UTF-8").hint("rename it: GitHub takes none."))?;
    if name.contains(char::is_control) {
        return Err(unfit("its name holds control characters").hint("rename it."));
    }
    let mut asset = Asset::new(
        name.to_owned(),
        input.label,
        Content::File(input.path.clone()),
    );
    asset.path = Some(shown);
    asset.size = metadata.len();
    // where nobody knows the time, only its hash tells whether a file changes
    asset.mark = clock::now()
        .ok()
        .and_then(|now| Mark::of(&metadata, now.seconds()));
    Ok(asset)
}

/// Returns what is wrong with assets as a whole: too many, or two of one name at GitHub.
pub(crate) fn clashes(assets: &[Asset]) -> Vec<Failure> {
    let mut failures = Vec::new();
    if assets.len() > MOST {
        let message = format!(
            "failed to plan the release: it would have {} assets, and GitHub takes {MOST}",
            assets.len()
        );
        failures.push(Failure::new(Code::Usage, message).hint("put files together into archives."));
    }
    let mut by_name: BTreeMap<&str, Vec<&Asset>> = BTreeMap::new();
    for asset in assets {
        by_name.entry(&asset.name_there).or_default().push(asset);
    }
    for (name, same) in by_name.into_iter().filter(|(_, same)| same.len() > 1) {
        let paths: Vec<String> = same
            .iter()
            .map(|asset| format!("`{}`", asset.path.as_deref().unwrap_or(&asset.name)))
            .collect();
        let message = format!(
            "failed to plan the release: {} would all be called `{name}`",
            paths.join(", ")
        );
        failures.push(Failure::new(Code::Usage, message).hint("rename them: asset names are flat, and letters other than `A-Za-z0-9-_+@` become dots."));
    }
    failures
}

/// Splits what can be read as text; other paths have no label.
fn labelled<'a>(argument: &'a OsStr, exists: &dyn Fn(&str) -> bool) -> (&'a OsStr, Option<String>) {
    let Some(text) = argument.to_str() else {
        return (argument, None);
    };
    let (name, label) = split_label(text, exists);
    (OsStr::new(name), label.map(str::to_owned))
}

fn exists(path: &Path) -> bool {
    file::exists(path).unwrap_or(false)
}

/// Reads the list on stdin: one path on each line, or between NULs.
fn read_list(null: bool) -> Result<Vec<OsString>, Failure> {
    list(&duat_shell::input::standard()?, null)
        .map(path_of)
        .collect()
}

#[cfg(unix)]
#[expect(
    clippy::unnecessary_wraps,
    reason = "other systems know bytes that are no path"
)]
fn path_of(bytes: &[u8]) -> Result<OsString, Failure> {
    use std::os::unix::ffi::OsStrExt as _;
    Ok(OsStr::from_bytes(bytes).to_owned())
}

#[cfg(not(unix))]
fn path_of(bytes: &[u8]) -> Result<OsString, Failure> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        Failure::new(
            Code::Failed,
            "failed to read the list on stdin: it is not UTF-8",
        )
        .caused_by(&error)
    })?;
    Ok(text.into())
}

#[cfg(test)]
mod tests;
