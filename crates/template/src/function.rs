//! One table of functions: what each is called, takes, gives, draws on and does, with an example.
//!
//! The table is all there is: the filters and functions of a dialect, `stencil functions`, its
//! JSON, and the page of the documentation come out of it, and every example in it runs as a test.
//! Names are those of sprig and of Tera 1 where these have one, so that people find what they know.

#![expect(
    clippy::unnecessary_wraps,
    reason = "all functions of the table have one signature"
)]

use std::sync::Arc;

use serde::Serialize;

use crate::engine::{Clock, Host, Limits, Need, Policy};
use crate::value::{Map, Value};

/// Makes a row of the table: names, signature, summary, example, what runs.
macro_rules! row {
    ([$($name:literal),+ $(,)?], $signature:literal, $summary:literal, ($example:literal, $gives:literal $(,)?), $run:expr $(,)?) => {
        $crate::function::Function::told(
            concat!($($name, "\n",)+ "\0", $signature, "\0", $summary, "\0", $example, "\0", $gives),
            Some($run),
        )
    };
}

/// Makes a row for what the dialect itself brings.
macro_rules! built_in {
    ([$($name:literal),+ $(,)?], $signature:literal, $summary:literal, ($example:literal, $gives:literal $(,)?) $(,)?) => {
        $crate::function::Function::told(
            concat!($($name, "\n",)+ "\0", $signature, "\0", $summary, "\0", $example, "\0", $gives),
            None,
        )
    };
}

mod argument;
mod collection;
pub(crate) mod date;
pub(crate) mod encoding;
mod flow;
pub(crate) mod format;
pub(crate) mod hash;
mod list;
mod math;
mod network;
mod path;
pub(crate) mod pattern;
mod text;
mod version;

pub use argument::{Arguments, Parameter};

/// A function.
#[derive(Clone, Copy)]
pub struct Function {
    /// All that is told of it, in one text: for each of its own there would be an address to be
    /// filled in whenever the program starts.
    told: &'static str,
    /// What it draws on besides its arguments.
    pub need: Option<Need>,
    /// What runs; nothing for what is built into the dialect.
    pub(crate) run: Option<Run>,
}

/// What a function runs.
pub(crate) type Run = fn(&Arguments, &Context) -> Result<Value, Failure>;

/// Functions of one kind.
#[derive(Clone, Copy)]
pub struct Group {
    /// Its name.
    pub name: &'static str,
    /// Its functions.
    pub functions: &'static [Function],
}

/// Why a function has no result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What is wrong.
    pub message: String,
}

/// What functions may draw on besides their arguments.
#[derive(Clone)]
pub struct Context {
    /// The world outside.
    pub host: Arc<dyn Host>,
    /// What may be drawn on.
    pub policy: Policy,
    /// What may be used up.
    pub limits: Limits,
    /// The time.
    pub clock: Clock,
}

impl<T: Into<String>> From<T> for Failure {
    fn from(message: T) -> Self {
        Self {
            message: message.into(),
        }
    }
}

impl Context {
    /// Refuses what would be larger than a value may be. To be asked before it is built.
    pub(crate) fn room(&self, bytes: usize) -> Result<(), Failure> {
        if bytes > self.limits.value {
            let limit = self.limits.value;
            return Err(format!("the result would have {bytes} bytes; {limit} are allowed").into());
        }
        Ok(())
    }

    /// Refuses a need that is not allowed, by the name of the function that has it.
    pub fn permit(&self, name: &str, need: Need) -> Result<(), Failure> {
        let fixed = need == Need::Clock && matches!(self.clock, Clock::Fixed(_));
        if fixed || self.policy.allows(need) {
            return Ok(());
        }
        let (what, way) = match need {
            Need::Environment => ("reads the environment", "give the value with `--set`"),
            Need::Clock => (
                "reads the clock",
                "fix the time with `--now` or `SOURCE_DATE_EPOCH`",
            ),
            Need::Random => ("is random", "give the value with `--set`"),
            Need::Network => ("needs the network", "allow it with `--allow net`"),
            Need::Files => ("reads files", "give the text with `--set-file`"),
        };
        Err(format!("`{name}` {what}, which is not allowed here; {way}").into())
    }
}

/// All functions, in groups.
pub const GROUPS: &[Group] = &[
    Group {
        name: "text",
        functions: text::TABLE,
    },
    Group {
        name: "patterns",
        functions: pattern::TABLE,
    },
    Group {
        name: "encodings",
        functions: encoding::TABLE,
    },
    Group {
        name: "digests",
        functions: hash::TABLE,
    },
    Group {
        name: "numbers",
        functions: math::TABLE,
    },
    Group {
        name: "dates",
        functions: date::TABLE,
    },
    Group {
        name: "versions",
        functions: version::TABLE,
    },
    Group {
        name: "lists",
        functions: list::TABLE,
    },
    Group {
        name: "maps",
        functions: collection::TABLE,
    },
    Group {
        name: "formats",
        functions: format::TABLE,
    },
    Group {
        name: "paths and URLs",
        functions: path::TABLE,
    },
    Group {
        name: "networks",
        functions: network::TABLE,
    },
    Group {
        name: "decisions",
        functions: flow::TABLE,
    },
];

/// Returns the function called `name`.
pub fn find(name: &str) -> Option<&'static Function> {
    let mut functions = GROUPS.iter().flat_map(|group| group.functions);
    functions.find(|function| function.names().any(|known| known == name))
}

/// Returns every name of every function.
pub fn names() -> impl Iterator<Item = &'static str> {
    let functions = GROUPS.iter().flat_map(|group| group.functions);
    functions.flat_map(Function::names)
}

impl Function {
    const fn told(told: &'static str, run: Option<Run>) -> Self {
        Self {
            told,
            need: None,
            run,
        }
    }

    fn part(&self, number: usize) -> &'static str {
        self.told.split('\0').nth(number).unwrap_or_default()
    }

    /// Returns what it is called; the first name is its own, the others are aliases.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.part(0).lines()
    }

    /// Returns its own name.
    pub fn name(&self) -> &'static str {
        self.names().next().unwrap_or_default()
    }

    /// Returns parameters and result: `value: string, width: integer = 8 -> string`. The first
    /// parameter is what a filter is applied to; a `?` marks one that may be left out.
    pub fn signature(&self) -> &'static str {
        self.part(1)
    }

    /// Returns what it does, in a line.
    pub fn summary(&self) -> &'static str {
        self.part(2)
    }

    /// Returns a template and what it renders to.
    pub fn example(&self) -> (&'static str, &'static str) {
        (self.part(3), self.part(4))
    }

    /// Returns the parameters, the one a filter is applied to first.
    pub fn parameters(&self) -> Vec<Parameter> {
        Parameter::list(self.signature())
    }

    /// Returns what kind of value comes out.
    pub fn result(&self) -> &'static str {
        self.signature().split("->").nth(1).unwrap_or("any").trim()
    }

    /// Tells whether the dialect itself brings it.
    pub fn is_built_in(&self) -> bool {
        self.run.is_none()
    }
}

/// What is told of a function, as JSON lists it.
#[derive(Clone, Debug, Serialize)]
pub struct Entry {
    /// Its own name.
    pub name: &'static str,
    /// Other names of it.
    pub aliases: Vec<&'static str>,
    /// The group it belongs to.
    pub group: &'static str,
    /// Its parameters, the one a filter is applied to first.
    pub parameters: Vec<Parameter>,
    /// What kind of value comes out.
    pub result: &'static str,
    /// What it does.
    pub summary: &'static str,
    /// A template.
    pub example: &'static str,
    /// What that renders to.
    pub output: &'static str,
    /// What it draws on besides its arguments.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub need: Option<Need>,
}

/// Returns what is told of all functions: what `stencil functions --json` prints.
pub fn entries() -> Vec<Entry> {
    let mut entries = Vec::new();
    for group in GROUPS {
        for function in group.functions {
            let (example, output) = function.example();
            entries.push(Entry {
                name: function.name(),
                aliases: function.names().skip(1).collect(),
                group: group.name,
                parameters: function.parameters(),
                result: function.result(),
                summary: function.summary(),
                example,
                output,
                need: function.need,
            });
        }
    }
    entries
}

/// Returns the page of the documentation that lists all functions, in Markdown.
pub fn page() -> String {
    let mut page = String::new();
    let cell = |text: &str| text.replace('|', "\\|").replace('\n', "\u{21b5}");
    for group in GROUPS {
        page.push_str(&format!("## {}\n\n", group.name));
        page.push_str("| function | what it does | example | gives |\n|---|---|---|---|\n");
        for function in group.functions {
            let name = function.name();
            let aliases: Vec<&str> = function.names().skip(1).collect();
            let (example, output) = function.example();
            let (parameters, _) = function.signature().split_once("->").unwrap_or_default();
            let also = match aliases.as_slice() {
                [] => String::new(),
                aliases => format!(" Also `{}`.", aliases.join("`, `")),
            };
            let need = function
                .need
                .map(|need| format!(" Draws on: {need:?}.").to_lowercase());
            page.push_str(&format!(
                "| `{name}({})` | {}.{also}{} | `{}` | `{}` |\n",
                cell(parameters.trim()),
                cell(function.summary()),
                need.unwrap_or_default(),
                cell(example),
                cell(output),
            ));
        }
        page.push('\n');
    }
    page
}

impl Function {
    /// Returns the row with what it draws on.
    pub(crate) const fn needs(mut self, need: Need) -> Self {
        self.need = Some(need);
        self
    }
}

/// Returns a map value of `pairs`.
pub(crate) fn map_of<const N: usize>(pairs: [(&str, Value); N]) -> Value {
    let pairs = pairs
        .into_iter()
        .map(|(key, value)| (key.to_owned(), value));
    Value::from(pairs.collect::<Map>())
}
