//! What can be typed, and its help.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use duat_shell::{Manners, Output};

/// Make the image that was tested the release, byte for byte
///
/// The image of the current pre-release gets the tag of its release, in the same registry or in
/// another one; then the version file gets the release, too. Digests never change, a tag that holds
/// another image is never moved, and a run that was interrupted is completed by the next one.
///
/// An image is called REGISTRY[/PREFIX]/OWNER/REPOSITORY/MODULE, its tag is the version. Without a
/// module, here or in duat.toml, it is the name of the current directory.
#[derive(Debug, Parser)]
#[command(
    name = "image-promote",
    disable_help_subcommand = true,
    max_term_width = 100
)]
#[command(after_help = EXAMPLES, after_long_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// What to do instead of promoting
    #[command(subcommand)]
    pub command: Option<Command>,

    #[command(flatten)]
    pub promote: Promote,

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
            None => self.promote.output,
            Some(Command::Plan(plan)) => plan.promote.output,
            Some(Command::Verify(verify)) => verify.output,
            Some(Command::Undo(undo)) => undo.output,
        }
    }
}

const EXAMPLES: &str = "\
Examples:
  image-promote                            the tested image becomes the release; prints 0.0.2
  image-promote server worker              several modules as one release
  image-promote --release-repo ghcr.io/acme
  image-promote --from oci:build/image --release-repo oci:release
  image-promote --also latest,0.0 --require signature,sbom --json
  image-promote plan                       say what would be done
  image-promote verify --deep              is all of the release there?
  image-promote undo                       take the last promotion back

Exit codes: 0 done, 1 failed, 2 called wrongly, 3 refused, 4 no permission, 5 not found, 6 try again,
7 verification failed, 8 there is something to do.";

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Say what would be copied and which tags would move; nothing is written
    Plan(Box<Plan>),
    /// Compare the release in the registry with what was promoted
    Verify(Box<Verify>),
    /// Take back what the last promotion moved: tags and version files
    Undo(Box<Undo>),
}

/// What promoting takes.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct Promote {
    #[command(flatten)]
    pub images: Images,

    #[command(flatten)]
    pub places: Places,

    /// Tags to move along, such as `latest` and `0.0`; never to an older version
    #[arg(
        long,
        value_name = "LIST",
        value_delimiter = ',',
        help_heading = "Release"
    )]
    pub also: Vec<String>,

    /// Refuse an image without these: signature, sbom, provenance
    #[arg(
        long,
        value_name = "LIST",
        value_delimiter = ',',
        hide_possible_values = true,
        help_heading = "Release"
    )]
    pub require: Vec<Proof>,

    /// Look for every manifest and blob in the target, and send again what is missing
    #[arg(long, help_heading = "Release")]
    pub deep: bool,

    /// Leave signatures and other referrers behind where the repository changes
    #[arg(long, help_heading = "Release")]
    pub no_referrers: bool,

    /// Files to move together with the version's (can be repeated; replaces duat.toml's)
    #[arg(
        short,
        long,
        value_name = "LIST",
        value_delimiter = ',',
        help_heading = "Release"
    )]
    pub target: Vec<PathBuf>,

    /// Leave the version file and its targets as they are
    #[arg(long, help_heading = "Release")]
    pub no_write: bool,

    /// Taken for the predecessor's sake: a promotion always makes a production release
    #[arg(long, help_heading = "Release")]
    pub production: bool,

    /// Say what would be done, and do nothing
    #[arg(short = 'n', long, help_heading = "Release")]
    pub dry_run: bool,

    /// With --dry-run: exit 8 if there is something to do
    #[arg(long, requires = "dry_run", help_heading = "Release")]
    pub exit_code: bool,

    #[command(flatten)]
    pub repositories: Repositories,

    #[command(flatten)]
    pub network: Network,

    #[command(flatten)]
    pub output: Output,
}

/// Things that must go with an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(crate) enum Proof {
    Signature,
    Sbom,
    Provenance,
}

/// Which images.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Source")]
pub(crate) struct Images {
    /// The modules whose images are meant, as one release
    #[arg(value_name = "MODULE")]
    pub modules: Vec<String>,

    /// The same, as an option (can be repeated)
    #[arg(long = "module", value_name = "LIST", value_delimiter = ',')]
    pub module: Vec<String>,

    /// The file to read the version from: the first of the list that exists
    #[arg(short, long, value_name = "LIST", value_delimiter = ',')]
    pub file: Vec<PathBuf>,

    /// Where to look for the repository (parents are searched)
    #[arg(long, value_name = "DIR")]
    pub git: Option<PathBuf>,
}

/// From where to where.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Source")]
pub(crate) struct Places {
    /// Where the tested image is: REGISTRY[/PREFIX], oci:DIR, oci-archive:FILE or
    /// docker-archive:FILE; by default where the release goes
    #[arg(long, value_name = "PLACE")]
    pub from: Option<String>,

    /// Where the release goes: REGISTRY[/PREFIX], oci:DIR or oci-archive:FILE; by default
    /// `$RELEASE_REPO`, duat.toml's registry, or the AWS account's ECR
    #[arg(long, value_name = "PLACE")]
    pub release_repo: Option<String>,
}

/// How missing repositories of ECR are made.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "ECR")]
pub(crate) struct Repositories {
    /// Never make a repository: it is there, or made by the push
    #[arg(long)]
    pub no_create: bool,

    /// Make repositories whose tags cannot be moved
    #[arg(long)]
    pub immutable: bool,

    /// Tags that can be moved all the same, as a pattern such as `sha256-*` (can be repeated)
    #[arg(long, value_name = "PATTERN", requires = "immutable")]
    pub immutable_except: Vec<String>,

    /// Make repositories that scan what is pushed
    #[arg(long)]
    pub scan_on_push: bool,

    /// The key that new repositories are encrypted with
    #[arg(long, value_name = "KEY")]
    pub kms_key: Option<String>,

    /// The lifecycle policy of new repositories, a file of JSON
    #[arg(long, value_name = "FILE")]
    pub lifecycle_policy: Option<PathBuf>,

    /// A tag of new repositories (can be repeated)
    #[arg(long, value_name = "NAME=VALUE")]
    pub repository_tag: Vec<String>,
}

/// How registries are reached.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Network")]
pub(crate) struct Network {
    /// A file of credentials, as docker and podman write it
    #[arg(long, value_name = "FILE")]
    pub authfile: Option<PathBuf>,

    /// The AWS profile, of one registry as HOST=NAME (can be repeated)
    #[arg(long, value_name = "NAME")]
    pub profile: Vec<String>,

    /// The AWS region of the default registry
    #[arg(long, value_name = "NAME")]
    pub region: Option<String>,

    /// A registry that is spoken to without TLS (can be repeated); one on this machine needs no leave
    #[arg(long, value_name = "HOST")]
    pub plain_http: Vec<String>,

    /// A host that a registry may send us to, though its address is private (can be repeated)
    #[arg(long, value_name = "HOST")]
    pub trust_host: Vec<String>,

    /// Where a host is, without asking for its name (can be repeated)
    #[arg(long, value_name = "HOST=ADDRESS:PORT")]
    pub resolve: Vec<String>,

    /// A file of certificates to trust besides the system's, as PEM
    #[arg(long, value_name = "FILE")]
    pub cacert: Option<PathBuf>,

    /// The certificate to show to registries, as PEM
    #[arg(long, value_name = "FILE", requires = "client_key")]
    pub client_cert: Option<PathBuf>,

    /// Its key, as PEM
    #[arg(long, value_name = "FILE", requires = "client_cert")]
    pub client_key: Option<PathBuf>,
}

#[derive(Clone, Debug, Args)]
pub(crate) struct Plan {
    #[command(flatten)]
    pub promote: Promote,
}

#[derive(Clone, Debug, Args)]
pub(crate) struct Verify {
    #[command(flatten)]
    pub images: Images,

    #[command(flatten)]
    pub places: Places,

    /// Look for every manifest and blob of the release
    #[arg(long, help_heading = "Release")]
    pub deep: bool,

    #[command(flatten)]
    pub network: Network,

    #[command(flatten)]
    pub output: Output,
}

#[derive(Clone, Debug, Args)]
pub(crate) struct Undo {
    /// Where to look for the repository (parents are searched)
    #[arg(long, value_name = "DIR", help_heading = "Source")]
    pub git: Option<PathBuf>,

    /// Say what would be taken back, and do nothing
    #[arg(short = 'n', long, help_heading = "Release")]
    pub dry_run: bool,

    /// Leave the version file and its targets as they are
    #[arg(long, help_heading = "Release")]
    pub no_write: bool,

    #[command(flatten)]
    pub network: Network,

    #[command(flatten)]
    pub output: Output,
}
