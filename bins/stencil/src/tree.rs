//! A folder of templates, and the folder they become.

use std::path::{Path, PathBuf};

use duat::{file, order};
use duat_shell::{Code, Failure, Failures, environment};
use gix_ignore::Search;
use gix_ignore::glob::pattern::Case;
use gix_ignore::search::Ignore;

use crate::args;
use crate::job::{Job, Stream};

/// The file in a folder of templates that names what is none, as `.gitignore` does.
const IGNORE_FILE: &str = ".stencilignore";

/// What git keeps is no template.
const GIT: &str = ".git";

/// Returns a job for every template below `input`, sorted by name. What lies in `output` is none.
/// A link that leads an output elsewhere is refused, and where `hermetic`, one that leads to a
/// template elsewhere.
pub(crate) fn jobs(
    input: &Path,
    output: &Path,
    pattern: &str,
    hermetic: bool,
) -> Result<Vec<Job>, Failures> {
    let ignored = ignored(input)?;
    let mut jobs = Vec::new();
    let mut failures = Vec::new();
    let (real_input, real_output) = (
        environment::absolute(input)?,
        environment::absolute(output)?,
    );
    let inside = real_output != real_input && real_output.starts_with(&real_input);
    for path in file::tree(input)? {
        if path == Path::new(IGNORE_FILE)
            || path.iter().any(|name| name == GIT)
            || inside && environment::absolute(&input.join(&path))?.starts_with(&real_output)
            || is_ignored(&ignored, &path)
        {
            continue;
        }
        let target = mapped(pattern, &path)?;
        if file::leads_out(output, &target)? {
            failures.push(led_out("write", &output.join(target), output, ""));
            continue;
        }
        if hermetic && !file::within(input, &path)? {
            let rule = ", which `--hermetic` forbids";
            failures.push(led_out("read", &input.join(path), input, rule));
            continue;
        }
        jobs.push(Job {
            input: Stream::File(input.join(&path)),
            output: Stream::File(output.join(target)),
        });
    }
    Failures::of(failures)?;
    Ok(jobs)
}

fn led_out(what: &str, path: &Path, folder: &Path, rule: &str) -> Failure {
    let (path, folder) = (path.display(), folder.display());
    Failure::new(
        Code::Refused,
        format!("refused to {what} `{path}`: a link leads out of `{folder}`{rule}"),
    )
    .hint("replace the link, or name the file itself with `--input` and `--output`.")
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
    order::sort(&mut folders);
    folders.dedup();
    folders
}

/// Returns the patterns of what is no template.
fn ignored(input: &Path) -> Result<Search, Failure> {
    let mut patterns = Search::default();
    let path = input.join(IGNORE_FILE);
    if file::exists(&path)? {
        let text = file::read(&path)?;
        patterns
            .add_patterns_buffer(&text, path.as_path(), None, Ignore::default())
            .map_err(|error| {
                let what = format!("failed to read the patterns of `{}`", path.display());
                Failure::new(Code::Failed, what).caused_by(&error)
            })?;
    }
    Ok(patterns)
}

/// Tells whether the patterns leave out a file. The first of the file and the folders around it that
/// a pattern speaks of decides.
fn is_ignored(patterns: &Search, path: &Path) -> bool {
    let parts = path.ancestors().filter(|part| !part.as_os_str().is_empty());
    let mut told = parts.enumerate().filter_map(|(above, part)| {
        let names: Vec<_> = part.iter().map(|name| name.to_string_lossy()).collect();
        let text = names.join("/");
        let found = patterns.pattern_matching_relative_path(
            text.as_bytes().into(),
            Some(above > 0),
            Case::Sensitive,
        )?;
        Some(!found.pattern.is_negative())
    });
    told.next().unwrap_or(false)
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

    #[test]
    fn the_nearest_pattern_that_speaks_of_a_file_decides() {
        let mut patterns = Search::default();
        let text = b"# a comment\nparts/\n*.md\n!keep.md\n/top\na/**/z\n\\!odd\n[unclosed\n";
        patterns
            .add_patterns_buffer(text, "x", None, Ignore::default())
            .unwrap();
        let ignored = |path: &str| is_ignored(&patterns, Path::new(path));
        for path in [
            "parts/a",
            "x/parts/b/c",
            "a.md",
            "x/a.md",
            "top",
            "a/b/c/z",
            "!odd",
        ] {
            assert!(ignored(path), "{path}");
        }
        for path in [
            "parts",
            "keep.md",
            "parts/keep.md",
            "sub/top",
            "b/z",
            "odd",
            "a.mdx",
        ] {
            assert!(!ignored(path), "{path}");
        }
    }
}
