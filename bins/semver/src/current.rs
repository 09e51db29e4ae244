//! What the tools see of this repository.

use duat::Version;
use duat::git::{Context, GitError};
use duat::name::ImageName;
use duat::shown;
use duat_shell::{
    Code, Failure, Failures, Project, Talk, answer, environment, project::read_version,
};
use serde::Serialize;

use crate::args;
use crate::facts::shown;

/// What `current` says.
#[derive(Serialize)]
struct Seen {
    /// The file that carries the version; null where there is none.
    source: Option<String>,
    version: Option<Version>,
    targets: Vec<String>,
    /// The repository; null outside of one.
    git: Option<Context>,
    /// The name of the image, without registry and tag; null where the remote does not tell it.
    image: Option<String>,
}

pub(crate) fn current(args: &args::Current, talk: Talk) -> Result<Code, Failures> {
    let project = Project::open(args.source.git.as_deref())?;
    let (source, version) = match project.source(&args.source.file, talk) {
        Ok(source) => {
            let version = read_version(&source);
            if let Err(failure) = &version {
                talk.warn(failure);
            }
            (Some(source), version.ok())
        }
        Err(failure) => {
            talk.warn(failure);
            (None, None)
        }
    };
    let hint = environment::branch_hint(args.branch.branch.as_deref());
    let git = match project.discover() {
        Ok(repository) => {
            let prefix = project.tag_prefix(args.tags.tag_prefix.as_deref());
            Some(
                repository
                    .context(hint.as_ref(), prefix)
                    .map_err(Failure::from)?,
            )
        }
        Err(GitError::NotARepository { .. }) => None,
        Err(error) => return Err(error.into()),
    };
    let seen = Seen {
        source: source.as_deref().map(shown),
        version,
        targets: project
            .targets(&[])?
            .iter()
            .map(|path| shown(path))
            .collect(),
        image: image(git.as_ref(), args.module.as_deref())?,
        git,
    };
    args.output.give(&text(&seen), &seen, None)?;
    Ok(Code::Done)
}

/// Returns the name of the image that the remote and the module make.
fn image(git: Option<&Context>, module: Option<&str>) -> Result<Option<String>, Failure> {
    let url = git.and_then(|git| git.remote.as_ref()?.url.as_ref());
    let Some((owner, name)) = url.and_then(|url| Some((url.owner()?, url.name()?))) else {
        return Ok(None);
    };
    match ImageName::new(owner, name, module) {
        Ok(image) => Ok(Some(image.to_string())),
        // a repository that cannot name an image is worth an error only to who asked for one
        Err(_) if module.is_none() => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn text(seen: &Seen) -> String {
    let mut lines = Vec::new();
    let mut line = |name: &str, value: Option<String>| {
        let value = value.as_deref().unwrap_or("none");
        lines.push(format!("{name}: {}", shown::line(value)));
    };
    line("source", seen.source.clone());
    line("version", seen.version.as_ref().map(Version::to_string));
    for target in &seen.targets {
        line("target", Some(target.clone()));
    }
    if let Some(git) = &seen.git {
        line(
            "root",
            git.root.as_ref().map(|root| root.display().to_string()),
        );
        line(
            "branch",
            git.branch
                .as_ref()
                .map(|branch| branch.to_string().replace('`', "")),
        );
        line("head", git.head.as_ref().map(ToString::to_string));
        let tags = (!git.tags.is_empty()).then(|| git.tags.join(", "));
        line("tags", tags);
        line(
            "highest tag",
            git.highest.as_ref().map(|tag| tag.name.clone()),
        );
        let url = git.remote.as_ref().and_then(|remote| remote.url.as_ref());
        line("remote", url.map(ToString::to_string));
        if git.shallow {
            line("history", Some("shallow".to_owned()));
        }
    }
    line("image", seen.image.clone());
    answer::lines(lines)
}
