//! A folder of templates, and the folder they become.

use std::path::{Path, PathBuf};

use duat::file;
use duat_shell::{Code, Failure, Failures, environment};
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use crate::args;
use crate::job::{Job, Stream};

/// The file in a folder of templates that names what is none, as `.gitignore` does.
const IGNORE_FILE: &str = ".stencilignore";

/// What git keeps is no template.
const GIT: &str = ".git";

/// Returns a job for every template below `input`, sorted by name. What lies in `output` is none.
pub(crate) fn jobs(input: &Path, output: &Path, pattern: &str) -> Result<Vec<Job>, Failures> {
    let ignored = ignored(input)?;
    let mut jobs = Vec::new();
    let (real_input, real_output) = (
        environment::absolute(input)?,
        environment::absolute(output)?,
    );
    let inside = real_output != real_input && real_output.starts_with(&real_input);
    for path in file::tree(input)? {
        if path == Path::new(IGNORE_FILE)
            || path.iter().any(|name| name == GIT)
            || inside && environment::absolute(&input.join(&path))?.starts_with(&real_output)
            || ignored
                .matched_path_or_any_parents(&path, false)
                .is_ignore()
        {
            continue;
        }
        jobs.push(Job {
            input: Stream::File(input.join(&path)),
            output: Stream::File(output.join(mapped(pattern, &path)?)),
        });
    }
    Ok(jobs)
}

/// Returns the files below `output` that no job writes; none where it also holds the templates, and
/// so is no folder of outputs alone.
pub(crate) fn stale(
    output: &Path,
    files: &args::Files,
    jobs: &[Job],
) -> Result<Vec<PathBuf>, Failure> {
    let templates = files.input_dir.as_deref().unwrap_or(Path::new(""));
    let around = environment::absolute(templates)?.starts_with(environment::absolute(output)?);
    if around || !file::exists(output)? {
        return Ok(Vec::new());
    }
    let files = file::tree(output)?
        .into_iter()
        .map(|path| output.join(path));
    Ok(files
        .filter(|path| !jobs.iter().any(|job| job.output.path() == Some(path)))
        .collect())
}

/// Returns a folder and all below it: each changes when a template comes or goes.
pub(crate) fn folders(input: &Path) -> Vec<PathBuf> {
    let files = file::tree(input).unwrap_or_default();
    let mut folders: Vec<PathBuf> = files
        .iter()
        .flat_map(|path| path.ancestors().skip(1))
        .map(|folder| input.join(folder))
        .chain([input.to_owned()])
        .collect();
    folders.sort();
    folders.dedup();
    folders
}

fn ignored(input: &Path) -> Result<Gitignore, Failure> {
    let mut builder = GitignoreBuilder::new("");
    let path = input.join(IGNORE_FILE);
    if file::exists(&path)? {
        let text = file::read(&path)?;
        for (index, line) in String::from_utf8_lossy(&text).lines().enumerate() {
            builder.add_line(None, line).map_err(|error| {
                Failure::new(
                    Code::Failed,
                    format!("{}:{}:1: {error}", path.display(), index + 1),
                )
            })?;
        }
    }
    builder
        .build()
        .map_err(|error| Failure::new(Code::Failed, format!("{}: {error}", path.display())))
}

/// Returns the path that a pattern makes of a template's.
fn mapped(pattern: &str, path: &Path) -> Result<PathBuf, Failure> {
    let text = |part: Option<&std::ffi::OsStr>| {
        part.map(|part| part.to_string_lossy().into_owned())
            .unwrap_or_default()
    };
    let mut mapped = String::new();
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after
            .split_once('}')
            .ok_or_else(|| unknown(pattern, after))?;
        mapped.push_str(before);
        mapped.push_str(&match name {
            "path" => path.to_string_lossy().into_owned(),
            "dir" => text(path.parent().map(Path::as_os_str)),
            "name" => text(path.file_name()),
            "stem" => text(path.file_stem()),
            "ext" => text(path.extension()),
            _ => return Err(unknown(pattern, name)),
        });
        rest = after;
    }
    mapped.push_str(rest);
    let mapped = PathBuf::from(mapped);
    let stays = mapped.components().all(|part| {
        matches!(
            part,
            std::path::Component::Normal(_) | std::path::Component::CurDir
        )
    });
    // `{dir}/x` of a template at the top begins with `/`
    let mapped = mapped
        .strip_prefix("/")
        .map(Path::to_owned)
        .unwrap_or(mapped);
    if stays
        || !pattern.starts_with('/')
            && !mapped
                .components()
                .any(|part| part == std::path::Component::ParentDir)
    {
        Ok(mapped)
    } else {
        Err(Failure::new(
            Code::Usage,
            format!("`{pattern}` leads out of the output folder"),
        ))
    }
}

fn unknown(pattern: &str, name: &str) -> Failure {
    Failure::new(
        Code::Usage,
        format!("failed to read `--output-map {pattern}`: nothing is called `{{{name}}}`"),
    )
    .hint("known are {path}, {dir}, {name}, {stem} and {ext}.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_makes_the_name() {
        let make = |pattern: &str, path: &str| {
            mapped(pattern, Path::new(path))
                .map(|path| path.display().to_string())
                .ok()
        };
        assert_eq!(
            make("{path}", "a/b.yaml.in").as_deref(),
            Some("a/b.yaml.in")
        );
        assert_eq!(
            make("{dir}/{stem}", "a/b.yaml.in").as_deref(),
            Some("a/b.yaml")
        );
        assert_eq!(make("{dir}/{stem}", "b.yaml.in").as_deref(), Some("b.yaml"));
        assert_eq!(make("{name}.out", "a/b.in").as_deref(), Some("b.in.out"));
        assert_eq!(make("{stem}.{ext}", "a/b.in").as_deref(), Some("b.in"));
        assert_eq!(make("{nonsense}", "a"), None);
        assert_eq!(make("{path", "a"), None);
        assert_eq!(make("../{path}", "a"), None);
        assert_eq!(make("/etc/{path}", "a"), None);
    }
}
