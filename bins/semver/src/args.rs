//! What can be typed, and its help.

use std::path::PathBuf;

use clap::builder::{OsStringValueParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use duat::prerelease;
use duat_shell::change::{Floor, Manner};
use duat_shell::{Lazy, Manners, Output};

/// Keep the one version number of a repository
///
/// Without a command the version is printed. It stands in the first of README.md, README.adoc and
/// VERSION at the root of the repository, or in the file that `--file` or duat.toml names; files
/// listed as targets move together with it, all or none.
#[derive(Debug, Parser)]
#[command(name = "semver", disable_help_subcommand = true, max_term_width = 100)]
#[command(after_help = EXAMPLES, after_long_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// What to do
    #[command(subcommand)]
    pub command: Option<Command>,

    #[command(flatten)]
    pub extract: Extract,

    #[command(flatten)]
    pub manners: Manners,
}

impl AsRef<Manners> for Arguments {
    fn as_ref(&self) -> &Manners {
        &self.manners
    }
}

impl Arguments {
    /// Returns how the answer is to be given.
    pub(crate) fn output(&self) -> Output {
        match &self.command {
            None => self.extract.print.output,
            Some(Command::Extract(extract)) => extract.print.output,
            Some(
                Command::Major(bump)
                | Command::Minor(bump)
                | Command::Patch(bump)
                | Command::Rc(bump)
                | Command::Release(bump),
            ) => bump.print.output,
            Some(Command::Pre(pre)) => pre.bump.print.output,
            Some(Command::Set(set)) => set.print.output,
            Some(Command::Apply(apply)) => apply.print.output,
            Some(Command::Check(check)) => check.output,
            Some(Command::Sort(sort)) => sort.output,
            Some(Command::Compare(compare)) => compare.output,
            Some(Command::Max(max)) => max.output,
            Some(Command::Validate(validate)) => validate.output,
            Some(Command::Decode(decode)) => decode.output,
            Some(Command::Next(next)) => next.print.output,
            Some(Command::Current(current)) => current.output,
            Some(Command::Init(init)) => init.print.output,
        }
    }
}

const EXAMPLES: &str = "\
Examples:
  semver                             print the version
  v=$(semver patch)                  0.0.1 becomes 0.0.2 in every file that carries it
  semver pre                         0.0.2 becomes 0.0.2-my-branch-aaaagjecrgf
  semver release                     and 0.0.2 again
  semver -n minor                    show the edit, change nothing
  semver check --tag \"$GITHUB_REF_NAME\"
  git tag | semver sort -

Exit codes: 0 done, 1 failed, 2 called wrongly, 3 refused, 4 no permission, 5 not found, 8 files differ.";

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Print the version (the default)
    Extract(Lazy<Extract>),
    /// Count up the first number
    Major(Lazy<Bump>),
    /// Count up the second number
    Minor(Lazy<Bump>),
    /// Count up the third number; X.Y.Z-anything becomes X.Y.Z
    Patch(Lazy<Bump>),
    /// Stamp a pre-release: X.Y.Z-BRANCH-TIME
    #[command(visible_alias = "prerelease")]
    Pre(Lazy<Pre>),
    /// Number a release candidate: X.Y.Z-rc.N, the next one that no tag has
    #[command(visible_alias = "releasecandidate")]
    Rc(Lazy<Bump>),
    /// Drop the pre-release: X.Y.Z-anything becomes X.Y.Z
    Release(Lazy<Bump>),
    /// Write a version of your own
    Set(Lazy<Set>),
    /// Carry the version into other files; its source is not touched
    Apply(Lazy<Apply>),
    /// Compare every marker, target and tag with the version
    Check(Lazy<Check>),
    /// Print versions in rising order, as they were written
    Sort(Lazy<Sort>),
    /// Print -1, 0 or 1: which of two versions comes first
    Compare(Lazy<Compare>),
    /// Print the highest of some versions, as it was written
    Max(Lazy<Max>),
    /// Tell which texts are no versions by the letter of semver.org
    Validate(Lazy<Validate>),
    /// Read a pre-release back: base, branch and time
    Decode(Lazy<Decode>),
    /// Print the version that the commits since the last release ask for
    Next(Lazy<Next>),
    /// Show what is seen: file, version, branch and why, head, tags, remote
    #[command(visible_alias = "context")]
    Current(Lazy<Current>),
    /// Write a first marker where there is none
    Init(Lazy<Init>),
}

/// Returns the reader of a list's items: blanks around them do not count, nor do empty ones.
fn list() -> impl TypedValueParser<Value = PathBuf> {
    OsStringValueParser::new().map(|item| match item.to_str() {
        Some(text) => PathBuf::from(text.trim()),
        None => PathBuf::from(item),
    })
}

/// Where the version stands.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Source")]
pub(crate) struct Source {
    /// The file to read the version from: the first of the list that exists
    #[arg(short, long, value_name = "LIST", value_delimiter = ',', value_parser = list())]
    pub file: Vec<PathBuf>,

    /// Where to look for the repository (parents are searched)
    #[arg(long, value_name = "DIR")]
    pub git: Option<PathBuf>,
}

/// Which version to start from.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Source")]
pub(crate) struct Start {
    #[command(flatten)]
    pub source: Source,

    /// Start from the highest version tag instead of the file
    #[arg(short, long)]
    pub git_tags: bool,

    /// Count only tags that are ancestors of HEAD
    #[arg(long, requires = "git_tags")]
    pub reachable: bool,

    #[command(flatten)]
    pub tags: Tags,
}

/// Which tags are versions.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Source")]
pub(crate) struct Tags {
    /// What stands before the version in a tag; a `v` is understood anyway
    #[arg(long, value_name = "TEXT")]
    pub tag_prefix: Option<String>,
}

/// How the version is printed.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Output")]
pub(crate) struct Print {
    /// Put this before the printed version; files never get it
    #[arg(short, long, value_name = "TEXT", allow_hyphen_values = true)]
    pub prefix: Option<String>,

    #[command(flatten)]
    pub output: Output,
}

/// How files are changed.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Edit")]
pub(crate) struct Edit {
    /// Files to move together with the source, all or none (can be repeated; replaces duat.toml's)
    #[arg(short, long, value_name = "LIST", value_delimiter = ',', value_parser = list())]
    pub target: Vec<PathBuf>,

    /// Refuse unless this is the version now
    #[arg(long, value_name = "VERSION")]
    pub if_current: Option<String>,

    /// Allow a version lower than the one that is there
    #[arg(long)]
    pub allow_lower: bool,

    #[command(flatten)]
    pub rehearsal: Rehearsal,
}

impl Edit {
    /// Returns what these options ask for; `floor` is what is kept unless they say otherwise.
    pub(crate) fn manner(&self, floor: Floor) -> Manner<'_> {
        Manner {
            if_current: self.if_current.as_deref(),
            dry_run: self.rehearsal.dry_run,
            floor: if self.allow_lower { Floor::None } else { floor },
            silent: false,
        }
    }
}

/// Showing an edit instead of making it.
#[derive(Clone, Copy, Debug, Default, Args)]
#[command(next_help_heading = "Edit")]
pub(crate) struct Rehearsal {
    /// Show the edit as a unified diff on stderr and change nothing
    #[arg(short = 'n', long)]
    pub dry_run: bool,

    /// With --dry-run: exit 8 if there is something to change
    #[arg(long, requires = "dry_run")]
    pub exit_code: bool,
}

#[derive(Clone, Debug, Default, Args)]
pub(crate) struct Extract {
    #[command(flatten)]
    pub start: Start,
    #[command(flatten)]
    pub print: Print,
}

#[derive(Clone, Debug, Args)]
pub(crate) struct Bump {
    #[command(flatten)]
    pub start: Start,
    #[command(flatten)]
    pub edit: Edit,
    #[command(flatten)]
    pub print: Print,
}

#[derive(Clone, Debug, Args)]
pub(crate) struct Pre {
    /// Write the branch as the predecessor did: letter case kept, no limit
    #[arg(long, conflicts_with = "max_length", help_heading = "Pre-release")]
    pub raw: bool,

    /// The longest pre-release, in characters; a longer branch is cut and gets a hash
    #[arg(long, value_name = "N", default_value_t = prerelease::LONGEST, help_heading = "Pre-release")]
    pub max_length: usize,

    /// What comes first, and so what pre-releases sort by
    #[arg(
        long,
        value_name = "FIRST",
        default_value = "branch",
        help_heading = "Pre-release"
    )]
    pub order: Order,

    #[command(flatten)]
    pub bump: Bump,
    #[command(flatten)]
    pub branch: Branch,
}

/// Which branch is being built.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Source")]
pub(crate) struct Branch {
    /// The branch, where neither HEAD nor the CI service tells it
    #[arg(long, value_name = "NAME")]
    pub branch: Option<String>,
}

/// What pre-releases sort by.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Order {
    /// X.Y.Z-BRANCH-TIME
    Branch,
    /// X.Y.Z-TIME-BRANCH
    Time,
}

#[derive(Clone, Debug, Args)]
pub(crate) struct Set {
    /// The version to write
    pub version: String,

    #[command(flatten)]
    pub source: Source,
    #[command(flatten)]
    pub edit: Edit,
    #[command(flatten)]
    pub print: Print,
}

#[derive(Clone, Debug, Args)]
pub(crate) struct Apply {
    #[command(flatten)]
    pub start: Start,
    #[command(flatten)]
    pub edit: Edit,
    #[command(flatten)]
    pub print: Print,
}

#[derive(Clone, Debug, Args)]
pub(crate) struct Check {
    /// The tag that must say the same; in a CI job for a tag, that one
    #[arg(long, value_name = "TAG", help_heading = "Source")]
    pub tag: Option<String>,

    /// Files that must say the same (can be repeated; replaces duat.toml's)
    #[arg(
        short,
        long,
        value_name = "LIST",
        value_delimiter = ',',
        value_parser = list(),
        help_heading = "Source"
    )]
    pub target: Vec<PathBuf>,

    #[command(flatten)]
    pub tags: Tags,
    #[command(flatten)]
    pub source: Source,
    #[command(flatten)]
    pub output: Output,
}

#[derive(Clone, Debug, Args)]
pub(crate) struct Sort {
    /// Versions, or `-` for one on each line of stdin
    pub versions: Vec<String>,

    /// Sort the repository's version tags
    #[arg(short, long, help_heading = "Source", conflicts_with = "versions")]
    pub git_tags: bool,

    /// Include pre-releases among the tags
    #[arg(long, help_heading = "Source")]
    pub rc: bool,

    /// Where to look for the repository (parents are searched)
    #[arg(long, value_name = "DIR", help_heading = "Source")]
    pub git: Option<PathBuf>,

    #[command(flatten)]
    pub tags: Tags,
    #[command(flatten)]
    pub output: Output,
}

#[derive(Clone, Debug, Args)]
pub(crate) struct Compare {
    /// One version
    pub a: String,
    /// And another
    pub b: String,
    #[command(flatten)]
    pub output: Output,
}

#[derive(Clone, Debug, Args)]
pub(crate) struct Max {
    /// Versions, or `-` for one on each line of stdin
    #[arg(required = true)]
    pub versions: Vec<String>,
    #[command(flatten)]
    pub output: Output,
}

#[derive(Clone, Debug, Args)]
pub(crate) struct Validate {
    /// Texts, or `-` for one on each line of stdin
    #[arg(required = true)]
    pub texts: Vec<String>,
    #[command(flatten)]
    pub output: Output,
}

#[derive(Clone, Debug, Args)]
pub(crate) struct Decode {
    /// A pre-release; without one, the version of the file
    pub version: Option<String>,
    #[command(flatten)]
    pub source: Source,
    #[command(flatten)]
    pub output: Output,
}

#[derive(Clone, Debug, Args)]
pub(crate) struct Next {
    /// Count only commits that changed this path, seen from the root of the repository
    #[arg(long, value_name = "PATH", help_heading = "Source")]
    pub path: Option<String>,

    /// Write the version into the file and its targets
    #[arg(long, help_heading = "Edit")]
    pub apply: bool,

    /// Say on stderr which commit asks for what
    #[arg(long, help_heading = "Output")]
    pub explain: bool,

    #[command(flatten)]
    pub tags: Tags,
    #[command(flatten)]
    pub source: Source,
    #[command(flatten)]
    pub edit: Edit,
    #[command(flatten)]
    pub print: Print,
}

#[derive(Clone, Debug, Args)]
pub(crate) struct Current {
    /// The component that the image is named after; by default there is none
    #[arg(long, value_name = "NAME", help_heading = "Source")]
    pub module: Option<String>,

    #[command(flatten)]
    pub branch: Branch,
    #[command(flatten)]
    pub tags: Tags,
    #[command(flatten)]
    pub source: Source,
    #[command(flatten)]
    pub output: Output,
}

#[derive(Clone, Debug, Args)]
pub(crate) struct Init {
    /// The first version; by default the highest release tag, or 0.1.0
    pub version: Option<String>,

    #[command(flatten)]
    pub source: Source,
    #[command(flatten)]
    pub tags: Tags,
    #[command(flatten)]
    pub rehearsal: Rehearsal,
    #[command(flatten)]
    pub print: Print,
}
