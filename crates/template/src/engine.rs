//! The seam between what all dialects share and one language: compile, look, render.

use std::ops::Range;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::diagnostic::{Diagnostic, Location};
use crate::map::SourceMap;
use crate::node::Node;
use crate::options::Options;
use crate::secret::Redactor;
use crate::source::Source;
use crate::value::Value;

/// A template language.
pub trait Engine {
    /// Reads `main` and every template it includes or extends, which `host` hands over.
    ///
    /// # Errors
    ///
    /// All problems that can be seen without rendering: grammar, unknown names, templates that are
    /// not there or include one another in a circle.
    fn compile(
        &self,
        main: &Source,
        options: &Options,
        host: &Arc<dyn Host>,
        limits: &Limits,
    ) -> Result<Box<dyn Template>, Vec<Diagnostic>>;
}

/// A template that has been read.
pub trait Template {
    /// Returns the template and all that it includes or extends, itself first.
    fn sources(&self) -> Vec<&Source>;

    /// Returns every variable named, in order of appearance.
    fn references(&self) -> Vec<Reference>;

    /// Renders. With `traced` the result tells which part of which template made each byte.
    ///
    /// # Errors
    ///
    /// Everything undefined or failing that the run reaches; no output in that case.
    fn render(&self, request: &Request<'_>, traced: bool) -> Result<Rendered, Vec<Diagnostic>>;
}

/// A variable as a template names it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Reference {
    /// Its names from the outside in: `["image", "tag"]`.
    pub path: Vec<String>,
    /// Whether it goes on with a computed name, so that everything below may be meant.
    pub computed: bool,
    /// Whether the template itself sets the root of it.
    pub local: bool,
    /// Whether the template takes care that it may be undefined there.
    pub optional: bool,
    /// Where.
    pub location: Location,
}

/// The world outside, as far as templates may reach it. Every method refuses or knows nothing
/// unless it is overridden.
pub trait Host: Send + Sync {
    /// Returns the text of the template called `name`, or nothing when there is none.
    fn template(&self, name: &str) -> Result<Option<String>, String> {
        let _ = name;
        Ok(None)
    }

    /// Returns the roots of variables that are looked up on demand, such as `duat` and `Env`.
    fn roots(&self) -> Vec<String> {
        Vec::new()
    }

    /// Returns the names below a root: for a computed access, and to propose one.
    fn names(&self, root: &str) -> Vec<String> {
        let _ = root;
        Vec::new()
    }

    /// Looks up `root.name`; nothing when it is not defined. Called once per name and run, and only
    /// for what a template names.
    fn lookup(&self, root: &str, name: &str) -> Result<Option<Value>, String> {
        let _ = (root, name);
        Ok(None)
    }

    /// Tells whether the names of a root are to be kept from messages, as those of `Env` are.
    fn is_private(&self, root: &str) -> bool {
        root == "Env"
    }

    /// Fills `bytes` with random ones.
    fn random(&self, bytes: &mut [u8]) -> Result<(), String> {
        let _ = bytes;
        Err("no source of randomness is given".to_owned())
    }

    /// Returns the addresses of a host by name.
    fn addresses(&self, name: &str) -> Result<Vec<String>, String> {
        let _ = name;
        Err("no network is given".to_owned())
    }

    /// Tells whether the time for rendering is over.
    fn expired(&self) -> bool {
        false
    }
}

/// A host that gives nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Nothing;

impl Host for Nothing {}

/// What a function may draw on besides its arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Need {
    /// The environment.
    Environment,
    /// The clock.
    Clock,
    /// Randomness.
    Random,
    /// The network.
    Network,
    /// Other files.
    Files,
}

/// The time that templates see.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Clock {
    /// None.
    #[default]
    Absent,
    /// One that was chosen: `SOURCE_DATE_EPOCH`, `--now`. The same in every run.
    Fixed(DateTime<Utc>),
    /// That of the machine when the run began.
    Running(DateTime<Utc>),
}

/// What templates may draw on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one door, open or not"
)]
pub struct Policy {
    /// Variables of the environment.
    pub environment: bool,
    /// The time, unless it is fixed.
    pub clock: bool,
    /// Random numbers.
    pub random: bool,
    /// Names and addresses of the network.
    pub network: bool,
}

impl Default for Policy {
    /// Everything but the network.
    fn default() -> Self {
        Self {
            environment: true,
            clock: true,
            random: true,
            network: false,
        }
    }
}

impl Policy {
    /// Returns the policy under which the same template and values give the same output anywhere.
    pub fn hermetic() -> Self {
        Self {
            environment: false,
            clock: false,
            random: false,
            network: false,
        }
    }

    /// Tells whether `need` may be met.
    pub fn allows(&self, need: Need) -> bool {
        match need {
            Need::Environment => self.environment,
            Need::Clock => self.clock,
            Need::Random => self.random,
            Need::Network => self.network,
            Need::Files => true,
        }
    }
}

/// What a run may use up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Writes and turns of loops.
    pub steps: u64,
    /// Bytes of output.
    pub output: usize,
    /// Bytes of one value that a template builds. Within a single expression Tera may hold some
    /// 256 times as much before it is checked.
    pub value: usize,
    /// Lists and maps in one another, and templates in one another.
    pub depth: usize,
    /// Templates that take part.
    pub templates: usize,
    /// Bytes of one template.
    pub template: usize,
    /// Errors that are collected before giving up.
    pub errors: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            steps: 20_000_000,
            output: 256 << 20,
            value: 32 << 20,
            depth: 64,
            templates: 1_000,
            template: 64 << 20,
            errors: 100,
        }
    }
}

/// All that a render draws on.
#[derive(Clone)]
pub struct Request<'a> {
    /// The values, with where they came from.
    pub values: &'a Node,
    /// The world outside.
    pub host: Arc<dyn Host>,
    /// What may be drawn on.
    pub policy: Policy,
    /// What may be used up.
    pub limits: Limits,
    /// The time.
    pub clock: Clock,
    /// What must not appear in any message.
    pub secrets: &'a Redactor,
    /// Nothing comes after this render: what it makes of the values is left to the end of the
    /// process, which is quicker at taking it apart.
    pub last: bool,
}

impl<'a> Request<'a> {
    /// Returns a request for `values` with nothing outside of them.
    pub fn new(values: &'a Node, secrets: &'a Redactor) -> Self {
        Self {
            values,
            host: Arc::new(Nothing),
            policy: Policy::default(),
            limits: Limits::default(),
            clock: Clock::Absent,
            secrets,
            last: false,
        }
    }
}

/// What a template became.
#[derive(Clone, Debug, Default)]
pub struct Rendered {
    /// The output.
    pub text: String,
    /// What is worth saying although it worked.
    pub warnings: Vec<Diagnostic>,
    /// Which part of which template made each byte, when it was asked for.
    pub map: Option<SourceMap>,
    /// Variables named by templates that were rendered by a computed name: only the run knows them.
    pub references: Vec<Reference>,
}

/// A place in one of several templates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// The template.
    pub source: Source,
    /// Its bytes.
    pub range: Range<usize>,
    /// What the names of the loops around it stood for, outermost first.
    pub turns: Arc<[Turn]>,
}

/// A name that a loop gives, in one turn of the loop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    /// The name.
    pub name: String,
    /// The path of the element in the values; nothing where what the loop goes through is computed.
    pub path: Option<Vec<String>>,
}
