//! What can be typed, and its help.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::{OsStringValueParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use duat_shell::{Lazy, Manners, Output};

/// The usual name of the checksums.
pub(crate) const CHECKSUMS: &str = "SHA256SUMS";

/// Make the GitHub release of the current version, or complete it
///
/// The release is a draft until every asset is there and its bytes are proved; then it is published.
/// Whatever fails leaves a draft that the next run completes; a release that is complete is left as
/// it is.
#[derive(Debug, Parser)]
#[command(
    name = "github-release",
    disable_help_subcommand = true,
    max_term_width = 100
)]
#[command(args_conflicts_with_subcommands = true)]
#[command(after_help = EXAMPLES, after_long_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// What to do
    #[command(subcommand)]
    pub command: Option<Command>,

    #[command(flatten)]
    pub release: Release,

    #[command(flatten)]
    pub manners: Manners,
}

impl AsRef<Manners> for Arguments {
    fn as_ref(&self) -> &Manners {
        &self.manners
    }
}

const EXAMPLES: &str = "\
Examples:
  github-release dist/*              create or complete the release; prints 0.0.2
  github-release plan dist/          show what would be done
  cat files.lst | github-release -   a list of files
  github-release 'dist/app#The app' --checksums --sign 'minisign -Sm {}'
  github-release --draft --expect 12 dist/linux/*
                                     jobs fill one draft; the one that completes it publishes
  github-release verify              prove the bytes that GitHub has

Exit codes: 0 done, 1 failed, 2 called wrongly, 3 refused, 4 no permission, 5 not found,
6 try again, 7 verification failed, 8 there is something to do.";

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Show what would be done; nothing is changed
    Plan(Lazy<Release>),
    /// Publish the draft of the current version, as it is
    Publish(Lazy<Publish>),
    /// Prove that the release holds what it should, byte by byte
    Verify(Lazy<Verify>),
    /// Delete old pre-releases; their tags stay
    Prune(Lazy<Prune>),
}

/// Returns the reader of a list's items: blanks around them do not count, nor do empty ones.
fn list() -> impl TypedValueParser<Value = PathBuf> {
    OsStringValueParser::new().map(|item| match item.to_str() {
        Some(text) => PathBuf::from(text.trim()),
        None => PathBuf::from(item),
    })
}

/// Which version is released.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Version")]
pub(crate) struct Source {
    /// The file to read the version from: the first of the list that exists
    #[arg(short, long, value_name = "LIST", value_delimiter = ',', value_parser = list())]
    pub file: Vec<PathBuf>,

    /// Where to look for the repository (parents are searched)
    #[arg(long, value_name = "DIR")]
    pub git: Option<PathBuf>,

    /// What stands before the version in the tag
    #[arg(long, value_name = "TEXT")]
    pub tag_prefix: Option<String>,

    /// How the tag is written: `{version}`, and `{module}` for the component
    #[arg(long, value_name = "TEXT", conflicts_with = "tag_prefix")]
    pub tag_format: Option<String>,

    /// The component that is released, for `--tag-format`
    #[arg(long, value_name = "NAME")]
    pub module: Option<String>,
}

/// Where it is released.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "GitHub")]
pub(crate) struct Place {
    /// The repository, instead of the remote's; a host of your own before it
    #[arg(long, value_name = "[HOST/]OWNER/NAME")]
    pub repo: Option<String>,

    /// The git remote that tells the repository; `origin` by default
    #[arg(long, value_name = "NAME", conflicts_with = "repo")]
    pub remote: Option<String>,

    /// The base of the API; by default the host's, or what `$GITHUB_API_URL` says
    #[arg(long, value_name = "URL")]
    pub api_url: Option<String>,

    /// The token; by default `$GITHUB_TOKEN`, `$GH_TOKEN`, gh's login, git's credential helper
    #[arg(long, value_name = "TOKEN", hide_env_values = true)]
    pub github_token: Option<String>,

    /// A file of certificates to trust besides the system's, as PEM
    #[arg(long, value_name = "FILE")]
    pub cacert: Option<PathBuf>,

    #[command(flatten)]
    pub waits: Waits,
}

/// How long to wait, and for what.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Patience")]
pub(crate) struct Waits {
    /// How long to wait for an answer
    #[arg(long, value_name = "SECONDS", default_value_t = 120, value_parser = clap::value_parser!(u64).range(1..))]
    pub timeout: u64,

    /// How long an upload may stand still before it is begun again
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..))]
    pub stall: u64,

    /// The first wait before something is tried again; it doubles each time
    #[arg(long, value_name = "MILLISECONDS", default_value_t = 1000)]
    pub retry_delay: u64,

    /// How long to wait in all, rate limits included, before giving up
    #[arg(long, value_name = "SECONDS", default_value_t = 1800)]
    pub patience: u64,
}

impl Default for Waits {
    fn default() -> Self {
        Self {
            timeout: 120,
            stall: 30,
            retry_delay: 1000,
            patience: 1800,
        }
    }
}

/// Which files, and under which names.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Assets")]
pub(crate) struct Assets {
    /// Files, folders, patterns, or `-` for a list on stdin; `PATH#LABEL` shows a text instead of the
    /// name. By default those of duat.toml
    #[arg(value_name = "FILE")]
    pub files: Vec<OsString>,

    /// The list on stdin is separated by NULs
    #[arg(short = '0', long)]
    pub null: bool,

    /// The name of the one file that is given
    #[arg(long = "as", value_name = "NAME")]
    pub as_name: Option<String>,

    /// Add a file of SHA-256 checksums
    #[arg(long, value_name = "NAME", num_args = 0..=1, default_missing_value = CHECKSUMS)]
    pub checksums: Option<String>,

    /// Sign the checksums: `{}` stands for their file, and what the command writes beside it is added
    #[arg(long, value_name = "COMMAND", requires = "checksums")]
    pub sign: Option<String>,

    /// When an asset that is there with other bytes is replaced: by default only in drafts
    #[arg(long, value_name = "WHEN")]
    pub replace: Option<Replace>,

    /// Take the release for complete, and publish it, when it holds so many assets
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=1000))]
    pub expect: Option<u64>,

    /// The most uploads at once
    #[arg(long, value_name = "N", default_value_t = 16, value_parser = clap::value_parser!(u64).range(1..=64))]
    pub jobs: u64,
}

/// When an asset is replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Replace {
    /// Never: other bytes are an error
    Never,
    /// When its bytes are others, in published releases too
    Changed,
    /// Whatever its bytes
    Always,
}

/// What is said of the release.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Release")]
pub(crate) struct About {
    /// The notes
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true, conflicts_with_all = ["notes_file", "notes_from"])]
    pub notes: Option<String>,

    /// A file of notes, or `-` for stdin
    #[arg(short = 'F', long, value_name = "FILE", conflicts_with = "notes_from")]
    pub notes_file: Option<PathBuf>,

    /// Where the notes come from
    #[arg(long, value_name = "SOURCE")]
    pub notes_from: Option<NotesFrom>,

    /// The title; by default the tag
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub title: Option<String>,

    /// The category of a discussion to start
    #[arg(long, value_name = "CATEGORY")]
    pub discussion: Option<String>,

    /// Whether it is a pre-release; auto asks the version
    #[arg(long, value_name = "WHETHER", default_value = "auto", num_args = 0..=1, default_missing_value = "true", require_equals = true)]
    pub prerelease: Whether,

    /// Whether it becomes the latest; auto compares versions
    #[arg(long, value_name = "WHETHER", default_value = "auto", num_args = 0..=1, default_missing_value = "true", require_equals = true)]
    pub latest: Whether,

    /// Leave it a draft
    #[arg(long)]
    pub draft: bool,

    /// Make the tag at HEAD where GitHub does not have it
    #[arg(long)]
    pub create_tag: bool,
}

/// Yes, no, or by the rule.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Whether {
    /// By the rule
    #[default]
    Auto,
    /// Yes
    True,
    /// No
    False,
}

/// Where notes come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum NotesFrom {
    /// The section of this version in CHANGELOG.md
    Changelog,
    /// The message of the annotated tag
    Tag,
    /// What GitHub writes of merged pull requests
    Github,
    /// The subjects of the commits since the last release
    Git,
}

/// How the answer is given.
#[derive(Clone, Copy, Debug, Default, Args)]
#[command(next_help_heading = "Output")]
pub(crate) struct Answer {
    #[command(flatten)]
    pub output: Output,

    /// Append a summary to the file that `$GITHUB_STEP_SUMMARY` names
    #[arg(long)]
    pub step_summary: bool,
}

/// Creating or completing the release.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct Release {
    #[command(flatten)]
    pub assets: Assets,
    #[command(flatten)]
    pub about: About,
    #[command(flatten)]
    pub source: Source,
    #[command(flatten)]
    pub place: Place,

    /// How the bytes are proved before publishing; download reads all of them back
    #[arg(
        long,
        value_name = "HOW",
        default_value = "digest",
        help_heading = "Assets"
    )]
    pub verify: Proof,

    #[command(flatten)]
    pub rehearsal: Rehearsal,

    #[command(flatten)]
    pub answer: Answer,
}

/// Doing nothing.
#[derive(Clone, Copy, Debug, Default, Args)]
pub(crate) struct Rehearsal {
    /// Say what would be done, and do nothing
    #[arg(short = 'n', long, help_heading = "Release")]
    pub dry_run: bool,

    /// With --dry-run: exit 8 if there is something to do
    #[arg(long, requires = "dry_run", help_heading = "Release")]
    pub exit_code: bool,
}

/// How bytes are proved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Proof {
    /// By the digest that GitHub reports, or the size where it reports none
    #[default]
    Digest,
    /// By downloading and hashing them
    Download,
}

/// Publishing a draft.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct Publish {
    /// Refuse unless it holds so many assets
    #[arg(long, value_name = "N", help_heading = "Assets", value_parser = clap::value_parser!(u64).range(0..=1000))]
    pub expect: Option<u64>,

    /// Whether it becomes the latest; auto compares versions
    #[arg(long, value_name = "WHETHER", default_value = "auto", num_args = 0..=1, default_missing_value = "true", require_equals = true, help_heading = "Release")]
    pub latest: Whether,

    /// The category of a discussion to start
    #[arg(long, value_name = "CATEGORY", help_heading = "Release")]
    pub discussion: Option<String>,

    #[command(flatten)]
    pub source: Source,
    #[command(flatten)]
    pub place: Place,

    #[command(flatten)]
    pub rehearsal: Rehearsal,

    #[command(flatten)]
    pub answer: Answer,
}

/// Proving a release.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct Verify {
    /// Files that the release must hold; without any, those of its checksums file
    #[arg(value_name = "FILE", help_heading = "Assets")]
    pub files: Vec<OsString>,

    /// The list on stdin is separated by NULs
    #[arg(short = '0', long, help_heading = "Assets")]
    pub null: bool,

    /// Download every asset and hash it
    #[arg(long, help_heading = "Assets")]
    pub download: bool,

    #[command(flatten)]
    pub source: Source,
    #[command(flatten)]
    pub place: Place,
    #[command(flatten)]
    pub output: Output,
}

/// Deleting old pre-releases.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct Prune {
    /// How many of the newest pre-releases stay
    #[arg(long, value_name = "N", help_heading = "Release")]
    pub keep: u64,

    #[command(flatten)]
    pub source: Source,
    #[command(flatten)]
    pub place: Place,

    #[command(flatten)]
    pub rehearsal: Rehearsal,

    #[command(flatten)]
    pub output: Output,
}
