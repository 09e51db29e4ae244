//! A tool: its races, what it promises, and whom it is compared with.

use crate::field::{Event, Field};
use crate::goal::Goal;
use crate::{github_release, image_promote, semver, stencil};

/// Tells whether a race is asked for.
pub(crate) type Asked<'a> = &'a dyn Fn(&str) -> bool;

/// What the runner must know of a tool.
pub(crate) struct Tool {
    /// Asks for all of its races on the command line.
    pub(crate) name: &'static str,
    /// What a reader of its tables must know.
    pub(crate) notes: &'static str,
    /// Runs the races whose names the function picks.
    pub(crate) races: fn(&Field, Asked<'_>) -> Vec<Event>,
    /// Tells what is promised and whether the events keep it.
    pub(crate) goals: fn(&Field, &[Event]) -> Vec<Goal>,
    /// Programs that tell their version: name, file or command, argument.
    pub(crate) versions: &'static [(&'static str, &'static str, &'static str)],
}

/// All tools, in the order of the report.
pub(crate) const TOOLS: [Tool; 4] = [
    semver::TOOL,
    stencil::TOOL,
    image_promote::TOOL,
    github_release::TOOL,
];
