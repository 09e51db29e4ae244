//! What is known here: the version, its tag, the commit that is released.

use std::path::PathBuf;

use duat::Version;
use duat::document::{Document, Format};
use duat::git::{GitError, Repository};
use duat_shell::project::read_version;
use duat_shell::{Code, Failure, Failures, Project, Talk, environment};

use crate::args;

const VERSION: &str = "{version}";
const MODULE: &str = "{module}";

/// Where the command runs.
pub(crate) struct Here {
    pub project: Project,
    /// Nothing outside a repository.
    pub git: Option<Repository>,
    /// The commit at `HEAD`.
    pub head: Option<String>,
}

impl Here {
    /// Finds project and repository.
    pub(crate) fn find(args: &args::Source) -> Result<Self, Failures> {
        let project = Project::open(args.git.as_deref())?;
        let git = match project.discover() {
            Ok(git) => Some(git),
            Err(GitError::NotARepository { .. }) => None,
            Err(error) => return Err(error.into()),
        };
        let head = match &git {
            Some(git) => git.head()?.hash.map(|hash| hash.to_string()),
            None => None,
        };
        Ok(Self { project, git, head })
    }
}

/// The repository as it is here, with the version that is released.
pub(crate) struct Local {
    pub here: Here,
    /// The file that the version was read from.
    source: PathBuf,
    pub version: Version,
    pub format: TagFormat,
    pub tag: String,
}

impl Local {
    /// Reads version and repository.
    pub(crate) fn read(args: &args::Source, talk: Talk) -> Result<Self, Failures> {
        Self::at(Here::find(args)?, args, talk).map_err(|missed| missed.1)
    }

    /// Reads the version; where it has none, `here` comes back with what is wrong, since more may be.
    pub(crate) fn at(
        here: Here,
        args: &args::Source,
        talk: Talk,
    ) -> Result<Self, Box<(Here, Failures)>> {
        let found = here
            .project
            .source(&args.file, talk)
            .and_then(|source| Ok((read_version(&source)?, source)));
        let format = TagFormat::of(args, &here.project);
        let ((version, source), format) = match (found, format) {
            (Ok(found), Ok(format)) => (found, format),
            (Ok(_), Err(failure)) => return Err(Box::new((here, failure.into()))),
            (Err(failure), format) => {
                let failures = Failures::from(failure).and(format.err());
                return Err(Box::new((here, failures)));
            }
        };
        let tag = format.tag(&version);
        talk.explain(format_args!("the version is `{version}`, the tag `{tag}`"));
        Ok(Self {
            here,
            source,
            version,
            format,
            tag,
        })
    }

    /// Returns what contradicts the tag here: a version that was not committed, a tag of that name
    /// elsewhere than at `HEAD`, or a CI job that builds another tag.
    pub(crate) fn contradictions(&self) -> Result<Vec<Failure>, Failure> {
        let tag = &self.tag;
        let mut found = Vec::new();
        // pre-releases are made of any commit, and their versions need not be in it
        if let Some((file, committed)) = self.committed()
            && !self.version.is_prerelease()
            && committed != self.version
        {
            let message = format!(
                "refused to release `{}`: `{file}` has `{committed}` at `HEAD`",
                self.version
            );
            found.push(Failure::new(Code::Refused, message).hint(format!(
                "`git commit {file}`, tag that commit, and push both."
            )));
        }
        if let Some(named) = environment::build().and_then(|build| build.tag) {
            let built = named
                .value
                .strip_prefix("refs/tags/")
                .unwrap_or(&named.value);
            if built != tag {
                found.push(
                    Failure::new(
                        Code::Refused,
                        format!(
                            "refused to release `{}`: its tag is `{tag}`, but this job builds `{built}` (`{}`)",
                            self.version, named.variable
                        ),
                    )
                    .hint(format!(
                        "`semver check --tag {built}` tells what differs; `--tag-prefix` or `--tag-format` say how tags are written."
                    )),
                );
            }
        }
        if let Some(git) = &self.here.git
            && let Some(head) = git.head()?.hash
            && git.tag_names()?.contains(tag)
            && !git.tags_at(&head)?.contains(tag)
        {
            found.push(
                Failure::new(
                    Code::Refused,
                    format!("refused to release `{}`: the tag `{tag}` is not at `HEAD`, which is {}", self.version, head.short()),
                )
                .hint(format!(
                    "`git checkout {tag}` goes to what was tagged; `semver patch` counts up for a new release."
                )),
            );
        }
        Ok(found)
    }

    /// Returns the file of the version, seen from the root, and the version it has at `HEAD`. Where
    /// it is not in the repository, or cannot be read there, nothing is known.
    fn committed(&self) -> Option<(String, Version)> {
        let git = self.here.git.as_ref()?;
        let root = environment::absolute(git.root()?).ok()?;
        let source = environment::absolute(&self.source).ok()?;
        let parts = source.strip_prefix(root).ok()?.components();
        let parts: Option<Vec<&str>> = parts.map(|part| part.as_os_str().to_str()).collect();
        let name = parts?.join("/");
        let bytes = git.content_at(&git.head().ok()?.hash?, &name).ok()??;
        let document = Document::read(&Format::of(&self.source), &bytes).ok()?;
        Some((name, document.version().ok()?.clone()))
    }
}

/// How tags are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TagFormat {
    before: String,
    after: String,
}

impl TagFormat {
    fn of(args: &args::Source, project: &Project) -> Result<Self, Failure> {
        match &args.tag_format {
            Some(format) => Self::parse(format, args.module.as_deref()),
            None => Ok(Self {
                before: project.tag_prefix(args.tag_prefix.as_deref()).to_owned(),
                after: String::new(),
            }),
        }
    }

    /// Returns the format of a version alone.
    #[cfg(test)]
    pub(crate) fn plain() -> Self {
        Self {
            before: String::new(),
            after: String::new(),
        }
    }

    fn parse(format: &str, module: Option<&str>) -> Result<Self, Failure> {
        let failed = |why: &str| {
            Failure::new(
                Code::Usage,
                format!("failed to read the tag's format `{format}`: {why}"),
            )
            .hint("write it as `v{version}` or `{module}-v{version}`.")
        };
        let filled = match module {
            Some(module) => format.replace(MODULE, module),
            None if format.contains(MODULE) => return Err(failed("`--module` does not say which")),
            None => format.to_owned(),
        };
        let (before, after) = filled
            .split_once(VERSION)
            .ok_or_else(|| failed("`{version}` is missing"))?;
        if after.contains(VERSION) {
            return Err(failed("`{version}` stands in it twice"));
        }
        Ok(Self {
            before: before.to_owned(),
            after: after.to_owned(),
        })
    }

    /// Returns what stands before the version.
    pub(crate) fn prefix(&self) -> &str {
        &self.before
    }

    /// Returns the tag of a version.
    pub(crate) fn tag(&self, version: &Version) -> String {
        format!("{}{version}{}", self.before, self.after)
    }

    /// Returns the version of a tag; nothing for tags that are written otherwise.
    pub(crate) fn version(&self, tag: &str) -> Option<Version> {
        let rest = tag.strip_suffix(self.after.as_str())?;
        Version::from_tag(rest, &self.before)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn format(format: &str) -> TagFormat {
        TagFormat::parse(format, Some("server")).unwrap()
    }

    #[test]
    fn a_tag_is_written_and_read_by_its_format() {
        let version: Version = "1.2.3-rc.1".parse().unwrap();
        for (text, expected) in [
            ("{version}", "1.2.3-rc.1"),
            ("v{version}", "v1.2.3-rc.1"),
            ("{module}/v{version}", "server/v1.2.3-rc.1"),
            ("release-{version}-final", "release-1.2.3-rc.1-final"),
        ] {
            let format = format(text);
            assert_eq!(format.tag(&version), expected);
            assert_eq!(format.version(expected).as_ref(), Some(&version), "{text}");
        }
        assert_eq!(format("{module}-{version}").version("worker-1.2.3"), None);
    }

    #[test]
    fn a_format_names_the_version_once() {
        for text in ["v", "{version}{version}", "{module}"] {
            assert_eq!(
                TagFormat::parse(text, Some("m")).unwrap_err().code(),
                Code::Usage
            );
        }
        assert!(TagFormat::parse("{module}-{version}", None).is_err());
    }
}
