//! What can be typed, and its help.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use duat_shell::{Lazy, Manners, Output};

/// Render templates with the version and the git context in reach
///
/// Reads the template from stdin and writes to stdout unless told otherwise. Nothing is written
/// unless everything could be rendered.
#[derive(Debug, Parser)]
#[command(name = "stencil", disable_help_subcommand = true)]
#[command(after_help = EXAMPLES, after_long_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// What to do instead of rendering
    #[command(subcommand)]
    pub command: Option<Command>,

    #[command(flatten)]
    pub render: Render,

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
  stencil < Dockerfile.in > Dockerfile
  stencil -i deploy.yaml.in -o deploy.yaml --values base.yaml --values prod.yaml --set image.tag=1.2
  stencil --input-dir templates --output-dir build --output-map '{name}.yaml'
  stencil -i deploy.yaml.in -o deploy.yaml --check     exit 8 if deploy.yaml is out of date
  stencil -i chart.yaml --dialect go --profile helm    a Go template, as Helm reads it
  stencil vars deploy.yaml.in                          which variables it names
  stencil explain deploy.yaml:12 -i deploy.yaml.in     what made line 12
  stencil eval 'duat.version | upper'
  stencil convert deploy.gotmpl -o deploy.tera         a Go template, in Tera

Exit codes: 0 done, 1 failed, 2 called wrongly, 3 refused, 4 no permission, 5 not found, 6 try again,
7 a conversion renders differently, 8 files differ.";

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List the variables that templates name, and where
    Vars(Lazy<Vars>),
    /// Print the values that templates would see
    Values(Lazy<ValuesCommand>),
    /// List the functions, filters and tests
    Functions(Lazy<Functions>),
    /// Print the value of one expression
    Eval(Lazy<Eval>),
    /// Tell which line of a template, and which value, made a line of output
    Explain(Lazy<Explain>),
    /// Write a Go template anew in Tera
    Convert(Lazy<Convert>),
}

/// What rendering takes.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct Render {
    #[command(flatten)]
    pub files: Files,
    #[command(flatten)]
    pub landing: Landing,
    #[command(flatten)]
    pub basis: Basis,
    #[command(flatten)]
    pub run: Run,
    #[command(flatten)]
    pub warnings: Warnings,
    #[command(flatten)]
    pub output: Output,
}

/// What templates are read and rendered with, by whatever command.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct Basis {
    /// Folder that includes and inheritance look in, besides that of the template (can be repeated)
    #[arg(long, value_name = "DIR", help_heading = "Files")]
    pub template_path: Vec<PathBuf>,

    #[command(flatten)]
    pub values: Values,
    #[command(flatten)]
    pub language: Language,
    #[command(flatten)]
    pub world: World,
}

/// What is rendered to where.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Files")]
pub(crate) struct Files {
    /// A template, `-` for stdin (can be repeated, each with its --output)
    #[arg(short, long, value_name = "FILE")]
    pub input: Vec<PathBuf>,

    /// Where it goes, `-` for stdout (can be repeated)
    #[arg(short, long, value_name = "FILE")]
    pub output: Vec<PathBuf>,

    /// A folder of templates; `.stencilignore` in it names what is none
    #[arg(long, value_name = "DIR", requires = "output_dir", conflicts_with_all = ["input", "output"])]
    pub input_dir: Option<PathBuf>,

    /// Where the folder goes; made if it is not there
    #[arg(long, value_name = "DIR", requires = "input_dir")]
    pub output_dir: Option<PathBuf>,

    /// The name of each output: {path}, {dir}, {name}, {stem} and {ext} are those of the template
    #[arg(
        long,
        value_name = "PATTERN",
        requires = "input_dir",
        default_value = "{path}"
    )]
    pub output_map: String,

    /// Write each template over itself
    #[arg(long, conflicts_with_all = ["output", "output_dir"])]
    pub in_place: bool,
}

/// How output reaches files.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Writing")]
pub(crate) struct Landing {
    /// Write nothing; exit 8 if a file differs from what would be rendered
    #[arg(long)]
    pub check: bool,

    /// Show as unified diffs what differs, on stderr; writes nothing
    #[arg(long)]
    pub diff: bool,

    /// Say what would be written, and write nothing
    #[arg(short = 'n', long)]
    pub dry_run: bool,

    /// With --dry-run: exit 8 if there is something to write
    #[arg(long, requires = "dry_run")]
    pub exit_code: bool,

    /// The mode of outputs, in octal; by default that of the file, or of the template for a new one
    #[arg(long, value_name = "MODE")]
    pub chmod: Option<String>,
}

impl Landing {
    /// Tells whether files are written, rather than compared or named.
    pub(crate) fn writes(&self) -> bool {
        !(self.check || self.diff || self.dry_run)
    }
}

/// What goes with rendering, and with no other command.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Writing")]
pub(crate) struct Run {
    /// Parse the output: yaml, json, toml, dockerfile, or auto by its name
    #[arg(long, value_name = "FORMAT", hide_possible_values = true)]
    pub validate: Option<Format>,

    /// Write which files the outputs depend on, as make reads it
    #[arg(long, value_name = "FILE")]
    pub depfile: Option<PathBuf>,

    /// Render again whenever a file changes, until interrupted
    #[arg(long, conflicts_with_all = ["check", "diff", "dry_run"])]
    pub watch: bool,

    /// Refuse values that no template names
    #[arg(long = "strict-values", help_heading = "Values")]
    pub strict: bool,
}

/// Formats that output can be checked as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// By the name of the output.
    Auto,
    Yaml,
    Json,
    Toml,
    Dockerfile,
}

/// Where values come from, lowest first.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Values")]
pub(crate) struct Values {
    /// A file of values (.json .yaml .toml .csv .ini .env), `-` for JSON or YAML on stdin, or pairs
    /// NAME=VALUE,… (can be repeated; later ones win)
    #[arg(long = "values", value_name = "FILE|PAIRS")]
    pub from: Vec<String>,

    /// Take variables that begin so as values: with `APP__`, `APP__DB__HOST` is db.host
    #[arg(long, value_name = "PREFIX")]
    pub env_prefix: Option<String>,

    /// Set values: `a.b[0].c=1,d=x` (can be repeated)
    #[arg(long, value_name = "PAIRS")]
    pub set: Vec<String>,

    /// Set values, as text (can be repeated)
    #[arg(long, value_name = "PAIRS")]
    pub set_string: Vec<String>,

    /// Set one value to JSON: a.b={"c":1} (can be repeated)
    #[arg(long, value_name = "PAIR")]
    pub set_json: Vec<String>,

    /// Set one value to what a file holds: a.b=PATH (can be repeated)
    #[arg(long, value_name = "PAIR")]
    pub set_file: Vec<String>,

    /// Take a variable of the environment as a secret value of that name (can be repeated)
    #[arg(long, value_name = "NAME")]
    pub secret_env: Vec<String>,

    /// Set one value to what a file holds, and keep it secret: a.b=PATH (can be repeated)
    #[arg(long, value_name = "PAIR")]
    pub secret_file: Vec<String>,

    /// A JSON Schema that the values must fit
    #[arg(long, value_name = "FILE")]
    pub schema: Option<PathBuf>,
}

/// How templates are read.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Language")]
pub(crate) struct Language {
    /// The language: tera, go, or auto by first lines, name and grammar
    #[arg(
        long,
        value_name = "NAME",
        default_value = "auto",
        hide_possible_values = true
    )]
    pub dialect: Dialect,

    /// What a Go template finds besides sprig: duat (`toYaml`, `toToml`, `RaiseError`) or helm
    /// (`include`, `tpl`, `required`, `fromYaml`)
    #[arg(
        long,
        value_name = "NAME",
        default_value = "duat",
        hide_possible_values = true
    )]
    pub profile: Profile,

    /// Delimiters: '[[ ]]', or six words with those of statements and comments
    #[arg(long, value_name = "WORDS", allow_hyphen_values = true)]
    pub delims: Option<String>,

    /// Drop the line ending behind a statement or comment
    #[arg(long)]
    pub trim_blocks: bool,

    /// Drop the blanks before a statement or comment that is first in its line
    #[arg(long)]
    pub lstrip_blocks: bool,

    /// Brackets whose inside is left alone: '${{ }}' (can be repeated)
    #[arg(long, value_name = "WORDS", allow_hyphen_values = true)]
    pub passthrough: Vec<String>,

    /// What is printed passes through: none, yaml, json or shell
    #[arg(
        long,
        value_name = "MODE",
        default_value = "none",
        hide_possible_values = true
    )]
    pub escape: Escape,

    /// What becomes of an undefined value that is printed: error, empty or keep; by default error,
    /// and empty with --profile helm
    #[arg(long, value_name = "MODE", hide_possible_values = true)]
    pub missing: Option<Missing>,

    /// How an error of a Go template is worded: human, or go for Go's own line
    #[arg(
        long,
        value_name = "STYLE",
        default_value = "human",
        hide_possible_values = true
    )]
    pub error_style: ErrorStyle,
}

/// Template languages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Dialect {
    /// By magic comment, name and grammar.
    #[default]
    Auto,
    Tera,
    Go,
}

/// What a Go template finds besides sprig.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Profile {
    #[default]
    Duat,
    Helm,
}

/// How an error of a Go template is worded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ErrorStyle {
    #[default]
    Human,
    Go,
}

/// What printed values pass through.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Escape {
    #[default]
    None,
    Yaml,
    Json,
    Shell,
}

/// What becomes of an undefined value that is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Missing {
    Error,
    Empty,
    Keep,
}

/// What templates may draw on.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "World")]
pub(crate) struct World {
    /// The file to read the version from: the first of the list that exists
    #[arg(short, long, value_name = "LIST", value_delimiter = ',')]
    pub file: Vec<PathBuf>,

    /// Where to look for the repository (parents are searched)
    #[arg(long, value_name = "DIR")]
    pub git: Option<PathBuf>,

    /// The module, as duat.module; by default the name of the current directory
    #[arg(long, value_name = "NAME")]
    pub module: Option<String>,

    /// The branch, where neither HEAD nor the CI service tells it
    #[arg(long, value_name = "NAME")]
    pub branch: Option<String>,

    /// The time that templates see, as RFC 3339 writes it or in seconds since 1970
    #[arg(long, value_name = "TIME")]
    pub now: Option<String>,

    /// Forbid environment, clock, randomness, network and files outside the folders of templates
    #[arg(long)]
    pub hermetic: bool,

    /// Allow what is off: net (can be repeated)
    #[arg(long, value_name = "WHAT", hide_possible_values = true)]
    pub allow: Vec<Allowed>,

    /// The most steps a template may take
    #[arg(long, value_name = "N")]
    pub max_steps: Option<u64>,

    /// The most bytes an output may have
    #[arg(long, value_name = "BYTES")]
    pub max_output: Option<usize>,

    /// The most seconds rendering may take
    #[arg(long, value_name = "SECONDS")]
    pub max_time: Option<u64>,
}

/// What can be allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Allowed {
    /// Names and addresses of the network.
    Net,
}

/// What becomes of warnings.
#[derive(Clone, Copy, Debug, Default, Args)]
#[command(next_help_heading = "Writing")]
pub(crate) struct Warnings {
    /// Say no warnings
    #[arg(long, visible_alias = "supress-warnings")]
    pub suppress_warnings: bool,

    /// Fail where there is a warning
    #[arg(long)]
    pub error_warnings: bool,
}

#[derive(Clone, Debug, Args)]
pub(crate) struct Vars {
    /// Templates, `-` for stdin
    #[arg(required = true)]
    pub templates: Vec<PathBuf>,
    #[command(flatten)]
    pub basis: Basis,
    #[command(flatten)]
    pub output: Output,
}

#[derive(Clone, Debug, Args)]
pub(crate) struct ValuesCommand {
    /// Say where each value comes from, and what it overrides
    #[arg(long)]
    pub explain: bool,

    #[command(flatten)]
    pub values: Values,

    /// Forbid the environment
    #[arg(long, help_heading = "World")]
    pub hermetic: bool,

    #[command(flatten)]
    pub output: Output,
}

#[derive(Clone, Debug, Args)]
pub(crate) struct Functions {
    /// Only those whose name or description holds this
    pub search: Option<String>,

    /// The language: tera, or go (which `--profile helm` means as well)
    #[arg(
        long,
        value_name = "NAME",
        default_value = "auto",
        hide_possible_values = true
    )]
    pub dialect: Dialect,

    /// Those that a Go template finds besides sprig's: duat or helm
    #[arg(
        long,
        value_name = "NAME",
        default_value = "duat",
        hide_possible_values = true
    )]
    pub profile: Profile,

    #[command(flatten)]
    pub output: Output,
}

#[derive(Clone, Debug, Args)]
pub(crate) struct Eval {
    /// The expression, without brackets
    pub expression: String,
    #[command(flatten)]
    pub basis: Basis,
    #[command(flatten)]
    pub warnings: Warnings,
    #[command(flatten)]
    pub output: Output,
}

/// What a Go template is converted with.
#[derive(Clone, Debug, Args)]
#[command(after_help = CONVERSIONS, after_long_help = CONVERSIONS)]
pub(crate) struct Convert {
    /// The Go template, `-` for stdin
    #[arg(conflicts_with_all = ["input", "input_dir"])]
    pub template: Option<PathBuf>,

    /// The language to write
    #[arg(
        long,
        value_name = "NAME",
        default_value = "tera",
        hide_possible_values = true
    )]
    pub to: Target,

    /// Write what could be converted, with the rest in comments; exits 1 all the same
    #[arg(long)]
    pub partial: bool,

    #[command(flatten)]
    pub files: Files,
    #[command(flatten)]
    pub landing: Landing,
    #[command(flatten)]
    pub basis: Basis,
    #[command(flatten)]
    pub warnings: Warnings,
    #[command(flatten)]
    pub output: Output,
}

impl Convert {
    /// Returns what rendering takes of it: the template among the others, and how the result lands.
    pub(crate) fn render(&self) -> Render {
        let mut files = self.files.clone();
        files.input.extend(self.template.clone());
        Render {
            files,
            landing: self.landing.clone(),
            basis: self.basis.clone(),
            run: Run::default(),
            warnings: self.warnings,
            output: self.output,
        }
    }
}

const CONVERSIONS: &str = "\
Examples:
  stencil convert deploy.gotmpl -o deploy.tera
  stencil convert deploy.gotmpl -o deploy.tera --values values.yaml    and see that both render the same

Exit codes: 0 all of it is converted, 1 something has no counterpart, 7 the two render differently.";

/// Languages that templates can be converted to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Target {
    Tera,
}

#[derive(Clone, Debug, Args)]
pub(crate) struct Explain {
    /// A line of output: OUTPUT:LINE
    #[arg(value_name = "OUTPUT:LINE")]
    pub place: String,
    #[command(flatten)]
    pub files: Files,
    #[command(flatten)]
    pub basis: Basis,
    #[command(flatten)]
    pub warnings: Warnings,
    #[command(flatten)]
    pub output: Output,
}
