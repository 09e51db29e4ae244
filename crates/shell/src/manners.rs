//! What lies around a tool: its arguments read, its talk opened, its outcome made an exit code.

use std::ffi::OsString;
use std::mem::ManuallyDrop;
use std::process::ExitCode;

use anstream::ColorChoice;
use clap::{ArgMatches, Args, Command, Error, Parser};
use clap_complete::Shell;

use crate::exit::Code;
use crate::failure::Failures;
use crate::talk::Talk;
use crate::{arguments, environment, lazy, manual, twins};

/// What a binary knows of its own making; the build script fills in the commit.
#[derive(Clone, Copy, Debug)]
pub struct Build {
    /// The tool's name, as it is typed.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
    /// The short hash of the commit it was built from; nothing outside a repository.
    pub commit: Option<&'static str>,
    /// The date of that commit, `YYYY-MM-DD`.
    pub date: Option<&'static str>,
}

impl Build {
    /// Returns `version (commit date)`, or the version alone.
    fn version_text(&self) -> String {
        match (self.commit, self.date) {
            (Some(commit), Some(date)) => format!("{} ({commit} {date})", self.version),
            _ => self.version.to_owned(),
        }
    }
}

/// When to use colour.
#[derive(Clone, Copy, Debug, Default, clap::ValueEnum)]
enum Color {
    /// On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The options that every tool has.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Manners")]
pub struct Manners {
    /// Say nothing but the answer and errors
    #[arg(short, long, global = true)]
    quiet: bool,

    /// Explain decisions (-vv: the wire as well)
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    verbose: u8,

    /// When to use colour
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        default_value = "auto",
        hide_possible_values = true
    )]
    #[arg(help = "When to use colour: auto, always or never")]
    color: Color,

    /// Print the completions for a shell: bash, elvish, fish, powershell or zsh
    #[arg(
        long,
        value_name = "SHELL",
        hide_possible_values = true,
        exclusive = true
    )]
    completions: Option<Shell>,

    /// Print the manual page
    #[arg(long, exclusive = true)]
    man: bool,
}

impl Manners {
    /// Returns the way to stderr that these options ask for.
    pub fn talk(&self) -> Talk {
        let color = match self.color {
            Color::Auto => ColorChoice::Auto,
            Color::Always => ColorChoice::Always,
            Color::Never => ColorChoice::Never,
        };
        Talk::new(self.quiet, self.verbose, color)
    }
}

/// Runs a tool: reads its arguments, calls `run`, reports what went wrong.
///
/// Help, version, completions and manual are answered here.
pub fn main<A>(build: &Build, run: impl FnOnce(&A, Talk) -> Result<Code, Failures>) -> ExitCode
where
    A: Parser + AsRef<Manners>,
{
    let command = || A::command().version(build.version_text());
    let parsed =
        read(command, build.name).and_then(|mut matches| A::from_arg_matches_mut(&mut matches));
    let parsed = match parsed {
        Ok(parsed) => parsed,
        Err(error) => {
            if error.use_stderr() {
                Talk::new(false, 0, ColorChoice::Auto).reject(&error, &arguments::given());
            } else {
                let _ = error.print();
            }
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(Code::Usage.number()));
        }
    };
    let manners: &Manners = parsed.as_ref();
    let talk = manners.talk();
    let outcome = if let Some(shell) = manners.completions {
        manual::completions(twins::with_twins(command(), build.name), shell)
    } else if manners.man {
        manual::page(twins::with_twins(command(), build.name))
    } else {
        run(&parsed, talk)
    };
    match outcome {
        Ok(code) => code.into(),
        Err(failures) => {
            for failure in failures.iter() {
                talk.fail(failure);
            }
            failures.code().into()
        }
    }
}

/// Reads the arguments of this process, and what stands in the environment.
fn read(command: impl Fn() -> Command, tool: &str) -> Result<ArgMatches, Error> {
    let program = OsString::from(tool);
    let given = arguments::given();
    if arguments::are_plain() {
        // options that all commands share need not be handed down to them
        let plain = command().mut_args(|arg| arg.global(false));
        // never dropped: the end of the process is quicker at that
        let mut plain = ManuallyDrop::new(plain);
        return plain.try_get_matches_from_mut(std::iter::once(program).chain(given));
    }
    // a run that calls no command does without their options, unless something has to be said of them
    if !environment::has_any("DUAT_") {
        let plain = lazy::put_off(&command).mut_args(|arg| arg.global(false));
        let normal = arguments::normalise(&plain, given.clone());
        if !normal.others {
            let mut plain = ManuallyDrop::new(plain.args_override_self(true));
            let words = std::iter::once(program.clone()).chain(normal.arguments);
            if let Ok(matches) = plain.try_get_matches_from_mut(words) {
                return Ok(matches);
            }
        }
    }
    let command = command();
    let mut normal = arguments::normalise(&command, given);
    normal.arguments.insert(0, program);
    twins::read(&command, tool, &normal)
}
