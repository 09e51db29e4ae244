//! One function for each command that reads, counts or writes the version.

use duat::Version;
use duat::git::{BranchName, GitError, Repository, Scope as Reach, TagFilter, VersionTag};
use duat::prerelease::{self, Style};
use duat_shell::{
    Code, Failure, Failures, Project, Talk, clock, environment, project::read_version,
};

use crate::args::{self, Arguments, Command};
use crate::facts::{VersionFacts, shown};
use crate::typed::parse;
use crate::{check, current, init, next, order};
use duat_shell::change::{Change, Floor, Scope, change};

/// Does what was asked for.
pub(crate) fn run(arguments: &Arguments, talk: Talk) -> Result<Code, Failures> {
    arguments.output().check()?;
    match &arguments.command {
        None => extract(&arguments.extract, talk),
        Some(Command::Extract(extract_args)) => extract(extract_args, talk),
        Some(Command::Major(bump)) => count(bump, talk, Version::bump_major),
        Some(Command::Minor(bump)) => count(bump, talk, Version::bump_minor),
        Some(Command::Patch(bump)) => count(bump, talk, Version::bump_patch),
        Some(Command::Pre(pre)) => stamp(pre, talk),
        Some(Command::Rc(bump)) => candidate(bump, talk),
        Some(Command::Release(bump)) => count(bump, talk, |version| Ok(version.release())),
        Some(Command::Set(set_args)) => set(set_args, talk),
        Some(Command::Apply(apply_args)) => apply(apply_args, talk),
        Some(Command::Check(check_args)) => check::check(check_args, talk),
        Some(Command::Sort(sort)) => order::sort(sort, talk),
        Some(Command::Compare(compare)) => order::compare(compare),
        Some(Command::Max(max)) => order::max(max),
        Some(Command::Validate(validate)) => order::validate(validate),
        Some(Command::Decode(decode_args)) => decode(decode_args, talk),
        Some(Command::Next(next_args)) => next::next(next_args, talk),
        Some(Command::Current(current_args)) => current::current(current_args, talk),
        Some(Command::Init(init_args)) => init::init(init_args, talk),
    }
}

fn extract(args: &args::Extract, talk: Talk) -> Result<Code, Failures> {
    let project = Project::open(args.start.source.git.as_deref())?;
    let prefix = args.print.prefix.as_deref();
    let facts = if args.start.git_tags {
        let tag = highest_tag(&project, &args.start, talk)?;
        let text = match prefix {
            None => tag.name.clone(),
            Some(prefix) => format!("{prefix}{}", tag.version),
        };
        VersionFacts {
            tag: Some(tag.name),
            ..VersionFacts::new(&tag.version, text)
        }
    } else {
        let source = project.source(&args.start.source.file, talk)?;
        let version = read_version(&source)?;
        VersionFacts {
            source: Some(shown(&source)),
            ..VersionFacts::new(&version, format!("{}{version}", prefix.unwrap_or_default()))
        }
    };
    args.print
        .output
        .give(&format!("{}\n", facts.text), &facts, None)?;
    Ok(Code::Done)
}

fn count(
    args: &args::Bump,
    talk: Talk,
    next: impl FnOnce(&Version) -> Result<Version, duat::version::Overflow>,
) -> Result<Code, Failures> {
    let project = Project::open(args.start.source.git.as_deref())?;
    bump(&project, args, talk, |version| Ok(next(version)?))
}

fn stamp(args: &args::Pre, talk: Talk) -> Result<Code, Failures> {
    let project = Project::open(args.bump.start.source.git.as_deref())?;
    let branch = branch(&project, args.branch.branch.as_deref(), talk)?;
    let now = clock::now()?;
    let order = match args.order {
        args::Order::Branch => prerelease::Order::Branch,
        args::Order::Time => prerelease::Order::Time,
    };
    let style = if args.raw {
        Style::Raw
    } else {
        Style::Label {
            longest: args.max_length,
        }
    };
    bump(&project, &args.bump, talk, |version| {
        Ok(prerelease::next(
            version,
            branch.as_bytes(),
            now,
            order,
            style,
        )?)
    })
}

/// Returns the branch being built. No repository is needed where somebody names it.
fn branch(project: &Project, named: Option<&str>, talk: Talk) -> Result<BranchName, Failure> {
    let hint = environment::branch_hint(named);
    let branch = match (project.discover(), hint) {
        (Ok(repository), hint) => repository.branch(hint.as_ref())?,
        (Err(GitError::NotARepository { .. }), Some(hint)) => {
            talk.explain(format_args!(
                "the branch is `{}` (from {})",
                hint.branch, hint.source
            ));
            return Ok(hint.branch);
        }
        (Err(error @ GitError::NotARepository { .. }), None) => {
            return Err(Failure::from(error)
                .hint("name the branch with `--branch`, or run this in a repository."));
        }
        (Err(error), _) => return Err(error.into()),
    };
    talk.explain(format_args!("the branch is {branch}"));
    Ok(branch.name)
}

fn candidate(args: &args::Bump, talk: Talk) -> Result<Code, Failures> {
    let project = Project::open(args.start.source.git.as_deref())?;
    let repository = project.repository()?;
    let prefix = project.tag_prefix(args.start.tags.tag_prefix.as_deref());
    bump(&project, args, talk, |version| {
        let release = version.release();
        let candidates = repository
            .candidates(&release, prefix)
            .map_err(Failure::from)?;
        if let Some(tag) = candidates.released {
            return Err(Failure::new(
                Code::Refused,
                format!(
                    "refused to number a candidate of `{release}`: tag `{tag}` has released it"
                ),
            )
            .hint("`semver patch` or `semver minor` begins the next version.")
            .into());
        }
        if candidates.numbers.is_empty()
            && repository.is_shallow()
            && repository.tag_names()?.is_empty()
        {
            return Err(no_tag(&repository, prefix).into());
        }
        let number = candidates
            .numbers
            .last()
            .map_or(Some(1), |highest| highest.checked_add(1));
        let number = number
            .ok_or_else(|| Failure::new(Code::Failed, "no number is left for a candidate"))?;
        let candidate = release.with_pre(&format!("rc.{number}"));
        Ok(candidate.map_err(|error| Failure::new(Code::Failed, error.to_string()))?)
    })
}

fn set(args: &args::Set, talk: Talk) -> Result<Code, Failures> {
    let version = parse(&args.version)?;
    let project = Project::open(args.source.git.as_deref())?;
    let source = project.source(&args.source.file, talk)?;
    // an empty marker holds no version to go below
    let start = read_version(&source).is_err().then(|| version.clone());
    let scope = Scope {
        targets: project.targets(&args.edit.target)?,
        source: Some(source),
        source_moves: true,
        start,
    };
    let manner = args.edit.manner(Floor::Version);
    let change = change(&project, &scope, manner, talk, |_| Ok(version.clone()))?;
    answer(&change, &scope, args.edit.rehearsal, &args.print)
}

fn apply(args: &args::Apply, talk: Talk) -> Result<Code, Failures> {
    let project = Project::open(args.start.source.git.as_deref())?;
    let targets = project.targets(&args.edit.target)?;
    if targets.is_empty() {
        return Err(Failure::new(
            Code::Usage,
            "failed to apply the version: no files to carry it into are named",
        )
        .hint("name them with `--target`, or as `targets` in duat.toml.")
        .into());
    }
    let mut scope = scope(&project, &args.start, talk)?;
    scope.targets = targets;
    scope.source_moves = false;
    let change = change(
        &project,
        &scope,
        args.edit.manner(Floor::Release),
        talk,
        |current| Ok(current.clone()),
    )?;
    answer(&change, &scope, args.edit.rehearsal, &args.print)
}

fn decode(args: &args::Decode, talk: Talk) -> Result<Code, Failures> {
    let version = match &args.version {
        Some(text) => parse(text)?,
        None => read_version(
            &Project::open(args.source.git.as_deref())?.source(&args.source.file, talk)?,
        )?,
    };
    let decoded = prerelease::decode(&version).ok_or_else(|| {
        Failure::new(
            Code::Failed,
            format!("failed to decode `{version}`: it is not a pre-release of `semver pre`"),
        )
        .hint("these end in the eleven letters of a stamp: `0.0.2-my-branch-aaaagjecrgf`.")
    })?;
    let facts = Decoded {
        instant: decoded.stamp.to_rfc3339().unwrap_or_default(),
        seconds: decoded.stamp.seconds(),
        stamp: decoded.stamp.to_string(),
        base: decoded.base,
        slug: decoded.slug,
        version,
    };
    let text = format!(
        "base: {}\nslug: {}\ninstant: {}\n",
        facts.base, facts.slug, facts.instant
    );
    args.output.give(&text, &facts, None)?;
    Ok(Code::Done)
}

/// What `decode` says.
#[derive(serde::Serialize)]
struct Decoded {
    version: Version,
    base: Version,
    slug: String,
    stamp: String,
    /// In UTC, as RFC 3339 writes it.
    instant: String,
    /// Since 1970-01-01T00:00:00Z.
    seconds: u64,
}

/// Changes the version in its source and targets, and answers with the new one.
fn bump(
    project: &Project,
    args: &args::Bump,
    talk: Talk,
    next: impl FnOnce(&Version) -> Result<Version, Failures>,
) -> Result<Code, Failures> {
    let mut scope = scope(project, &args.start, talk)?;
    scope.targets = project.targets(&args.edit.target)?;
    let change = change(
        project,
        &scope,
        args.edit.manner(Floor::Release),
        talk,
        |current| {
            let version = next(current)?;
            hint_at_release(current, &version, talk);
            Ok(version)
        },
    )?;
    if scope.source.is_none() && scope.targets.is_empty() {
        talk.warn("no file carries the version: nothing was written");
    }
    answer(&change, &scope, args.edit.rehearsal, &args.print)
}

/// Returns what to start from: the highest tag, or the file that carries the version.
fn scope(project: &Project, start: &args::Start, talk: Talk) -> Result<Scope, Failures> {
    let (source, start) = if start.git_tags {
        let source = project.source_if_any(&start.source.file, talk)?;
        let tag = highest_tag(project, start, talk)?;
        (source, Some(tag.version))
    } else {
        (Some(project.source(&start.source.file, talk)?), None)
    };
    Ok(Scope {
        source,
        targets: Vec::new(),
        source_moves: true,
        start,
    })
}

fn highest_tag(project: &Project, start: &args::Start, talk: Talk) -> Result<VersionTag, Failure> {
    let repository = project.repository()?;
    let reach = if start.reachable {
        Reach::Reachable
    } else {
        Reach::All
    };
    let prefix = project.tag_prefix(start.tags.tag_prefix.as_deref());
    let tag = repository.highest_tag(prefix, TagFilter::All, reach)?;
    let tag = tag.ok_or_else(|| no_tag(&repository, prefix))?;
    talk.explain(format_args!("the highest version tag is `{}`", tag.name));
    Ok(tag)
}

/// Returns the failure of a repository without a version tag.
pub(crate) fn no_tag(repository: &Repository, prefix: &str) -> Failure {
    let behind = if prefix.is_empty() {
        String::new()
    } else {
        format!(" behind `{prefix}`")
    };
    let failure = Failure::new(
        Code::NotFound,
        format!("failed to find a tag that is a version{behind}"),
    );
    if repository.is_shallow() {
        failure.hint("this clone is shallow: `git fetch --tags` fetches them; in GitHub Actions set `fetch-depth: 0`.")
    } else {
        failure.hint("`git tag v0.1.0` makes a first one.")
    }
}

/// Counting up the minor of `1.2.0-rc.1` gives 1.3.0, which not everybody expects.
fn hint_at_release(current: &Version, version: &Version, talk: Talk) {
    let release = current.release();
    if current.is_prerelease() && version.pre().is_empty() && *version > release {
        talk.hint(format_args!(
            "`{current}` was a pre-release of `{release}`; `semver release` finishes that."
        ));
    }
}

/// Prints the new version and tells how it went.
pub(crate) fn answer(
    change: &Change,
    scope: &Scope,
    rehearsal: args::Rehearsal,
    print: &args::Print,
) -> Result<Code, Failures> {
    let text = format!(
        "{}{}",
        print.prefix.as_deref().unwrap_or_default(),
        change.version
    );
    let facts = VersionFacts {
        source: scope.source.as_deref().map(shown),
        ..VersionFacts::new(&change.version, text).with_change(change)
    };
    print.output.give(
        &format!("{}\n", facts.text),
        &facts,
        change.done().as_deref(),
    )?;
    let differs = rehearsal.exit_code && !change.files.is_empty();
    Ok(if differs { Code::Differs } else { Code::Done })
}
