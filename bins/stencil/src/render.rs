//! From a template's text to its output.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use chrono::{DateTime, Utc};
use duat_shell::{Code, Failure, Failures, Talk, clock};
use duat_template::dialect;
use duat_template::listing::{self, Made, Variable};
use duat_template::{
    Clock, Delimiters, Diagnostic, Dialect, ErrorStyle, Escape, Host, Limits, Missing, Options,
    Policy, Profile, Reference, Rendered, Request, Source, Template, options,
};

use crate::args;
use crate::host::World;
use crate::job::Stream;
use crate::report;
use crate::values::{Supply, forbidden, read_text};

/// All that the jobs of one run share.
pub(crate) struct Renderer<'a> {
    args: &'a args::Basis,
    /// The folder whose templates are rendered, where it is a whole one.
    folder: Option<&'a Path>,
    options: Options,
    policy: Policy,
    limits: Limits,
    clock: Clock,
    pub supply: Supply,
    /// Every file that templates asked for, be it there or not.
    read: Arc<Mutex<Vec<PathBuf>>>,
    talk: Talk,
    /// Whether what is rendered next is all that this process does.
    pub last: bool,
}

/// A template that has been read.
pub(crate) struct Loaded {
    template: Box<dyn Template>,
    host: Arc<World>,
}

impl Loaded {
    /// Returns the variables it names.
    pub(crate) fn references(&self) -> Vec<Reference> {
        self.template.references()
    }

    /// Returns the files that took part.
    pub(crate) fn files(&self) -> Vec<PathBuf> {
        self.host.files_read()
    }
}

impl<'a> Renderer<'a> {
    /// Reads the options.
    pub(crate) fn new(
        args: &'a args::Basis,
        folder: Option<&'a Path>,
        supply: Supply,
        talk: Talk,
    ) -> Result<Self, Failures> {
        Ok(Self {
            args,
            folder,
            options: language(&args.language)?,
            policy: policy(&args.world)?,
            limits: limits(&args.world),
            clock: time(&args.world)?,
            supply,
            read: Arc::default(),
            talk,
            last: false,
        })
    }

    /// Returns the files that templates have asked for so far, also where rendering failed.
    pub(crate) fn files_read(&self) -> Vec<PathBuf> {
        self.read
            .lock()
            .map(|read| read.clone())
            .unwrap_or_default()
    }

    /// Returns how templates are read.
    pub(crate) fn options(&self) -> &Options {
        &self.options
    }

    /// Has templates read in another way from now on.
    pub(crate) fn speak(&mut self, options: Options) {
        self.options = options;
    }

    /// Reads a template.
    pub(crate) fn load(
        &self,
        input: &Stream,
        stdin: &mut dyn FnMut() -> Result<String, Failure>,
    ) -> Result<Loaded, Failures> {
        self.compile(&read(input, stdin)?, input)
    }

    /// Reads a template's text.
    pub(crate) fn compile(&self, source: &Source, input: &Stream) -> Result<Loaded, Failures> {
        let folders = std::iter::once(input.folder())
            .chain(self.folder.map(Path::to_owned))
            .chain(self.args.template_path.iter().cloned());
        let world = World::new(
            &self.args.world,
            folders.collect(),
            Arc::clone(&self.read),
            self.talk,
        );
        let world = Arc::new(world);
        let host: Arc<dyn Host> = Arc::clone(&world) as Arc<dyn Host>;
        let fail = |diagnostics| report::failures(diagnostics, &self.supply.secrets);
        let (engine, why) =
            dialect::choose(source, &self.options).map_err(|problem| fail(vec![problem]))?;
        self.talk
            .explain(format_args!("`{}` is read as {why}", source.name()));
        let template = engine
            .compile(source, &self.options, &host, &self.limits)
            .map_err(fail)?;
        Ok(Loaded {
            template,
            host: world,
        })
    }

    /// Returns the variables that a template names and does not set itself.
    pub(crate) fn variables(&self, loaded: &Loaded) -> Vec<Variable> {
        let Loaded { template, host } = loaded;
        listing::variables(template.as_ref(), &self.supply.node, host.as_ref())
    }

    /// Returns what made a line of an output.
    pub(crate) fn made(&self, loaded: &Loaded, rendered: &Rendered, line: usize) -> Vec<Made> {
        let Supply {
            layers, secrets, ..
        } = &self.supply;
        listing::made(loaded.template.as_ref(), rendered, layers, secrets, line)
    }

    /// Renders.
    pub(crate) fn render(&self, loaded: &Loaded, traced: bool) -> Result<Rendered, Failures> {
        let request = Request {
            host: Arc::clone(&loaded.host) as Arc<dyn Host>,
            policy: self.policy,
            limits: self.limits,
            clock: self.clock,
            last: self.last,
            ..Request::new(&self.supply.node, &self.supply.secrets)
        };
        loaded
            .template
            .render(&request, traced)
            .map_err(|diagnostics| {
                let lookups = loaded.host.failed_lookups();
                report::of_render(diagnostics, &lookups, &self.supply.secrets)
            })
    }
}

/// Reads a template's file, or stdin.
pub(crate) fn read(
    input: &Stream,
    stdin: &mut dyn FnMut() -> Result<String, Failure>,
) -> Result<Source, Failure> {
    let text = match input {
        Stream::Standard => stdin()?,
        Stream::File(path) | Stream::Handed(path) => read_text(path)?,
    };
    Ok(Source::new(input.to_string(), text))
}

fn language(args: &args::Language) -> Result<Options, Failure> {
    let usage = |option: &str| {
        let option = option.to_owned();
        move |problem: String| {
            Failure::new(Code::Usage, format!("failed to read `{option}`: {problem}"))
        }
    };
    let passthrough = args
        .passthrough
        .iter()
        .map(|text| options::passthrough(text));
    Ok(Options {
        dialect: match args.dialect {
            args::Dialect::Auto => Dialect::Auto,
            args::Dialect::Tera => Dialect::Tera,
            args::Dialect::Go => Dialect::Go,
        },
        delimiters: args
            .delims
            .as_deref()
            .map(Delimiters::parse)
            .transpose()
            .map_err(usage("--delims"))?,
        trim_blocks: args.trim_blocks,
        lstrip_blocks: args.lstrip_blocks,
        passthrough: passthrough
            .collect::<Result<_, _>>()
            .map_err(usage("--passthrough"))?,
        escape: match args.escape {
            args::Escape::None => Escape::None,
            args::Escape::Yaml => Escape::Yaml,
            args::Escape::Json => Escape::Json,
            args::Escape::Shell => Escape::Shell,
        },
        missing: match (args.missing, args.profile) {
            (Some(args::Missing::Error), _) | (None, args::Profile::Duat) => Missing::Error,
            (Some(args::Missing::Empty), _) | (None, args::Profile::Helm) => Missing::Empty,
            (Some(args::Missing::Keep), _) => Missing::Keep,
        },
        profile: args.profile.into(),
        errors: match args.error_style {
            args::ErrorStyle::Human => ErrorStyle::Human,
            args::ErrorStyle::Go => ErrorStyle::Go,
        },
    })
}

impl From<args::Profile> for Profile {
    fn from(profile: args::Profile) -> Self {
        match profile {
            args::Profile::Duat => Self::Duat,
            args::Profile::Helm => Self::Helm,
        }
    }
}

fn policy(args: &args::World) -> Result<Policy, Failure> {
    let network = args.allow.contains(&args::Allowed::Net);
    match (args.hermetic, network) {
        (true, true) => Err(forbidden("--allow net")),
        (true, false) => Ok(Policy::hermetic()),
        (false, _) => Ok(Policy {
            network,
            ..Policy::default()
        }),
    }
}

fn limits(args: &args::World) -> Limits {
    let limits = Limits::default();
    Limits {
        steps: args.max_steps.unwrap_or(limits.steps),
        output: args.max_output.unwrap_or(limits.output),
        ..limits
    }
}

/// Returns the time that templates see: `--now`, `SOURCE_DATE_EPOCH`, or that of the machine.
fn time(args: &args::World) -> Result<Clock, Failure> {
    if let Some(text) = &args.now {
        let seconds = text
            .parse::<i64>()
            .ok()
            .and_then(|seconds| DateTime::from_timestamp(seconds, 0));
        let instant = seconds.or_else(|| {
            DateTime::parse_from_rfc3339(text)
                .ok()
                .map(|instant| instant.with_timezone(&Utc))
        });
        return instant.map(Clock::Fixed).ok_or_else(|| {
            Failure::new(
                Code::Usage,
                format!("failed to read `--now {text}`: it is neither RFC 3339 nor seconds"),
            )
            .hint("write it as `2026-11-21T10:00:00Z`.")
        });
    }
    let now = clock::now()?;
    let instant = i64::try_from(now.seconds())
        .ok()
        .and_then(|seconds| DateTime::from_timestamp(seconds, 0));
    let fixed = clock::is_fixed();
    Ok(instant.map_or(Clock::Absent, |instant| {
        if fixed {
            Clock::Fixed(instant)
        } else {
            Clock::Running(instant)
        }
    }))
}

impl Renderer<'_> {
    /// Returns the brackets around what is printed.
    pub(crate) fn brackets(&self) -> (String, String) {
        self.options
            .delimiters
            .clone()
            .unwrap_or_default()
            .expression
    }
}

/// Says the warnings of a run.
pub(crate) fn warn(
    warnings: Vec<Diagnostic>,
    args: args::Warnings,
    supply: &Supply,
    talk: Talk,
) -> Result<(), Failures> {
    report::warn(warnings, args, &supply.secrets, talk)
}
