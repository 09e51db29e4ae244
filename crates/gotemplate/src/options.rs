//! How templates are read and executed.

use crate::limits::Limits;

/// What a key that is not in its map yields: Go's `missingkey` option.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum MissingKey {
    /// Go's `default` (also called `invalid`): no value.
    #[default]
    Default,
    /// The zero value of the map's value type; nil in a `map[string]interface{}`.
    Zero,
    /// An error.
    Error,
}

impl MissingKey {
    /// Reads the word Go's `Option("missingkey=...")` takes.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "default" | "invalid" => Some(Self::Default),
            "zero" => Some(Self::Zero),
            "error" => Some(Self::Error),
            _ => None,
        }
    }
}

/// What happens where Go would print `<no value>`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum NoValue {
    /// Print it, as Go does.
    #[default]
    Keep,
    /// Print nothing.
    Empty,
    /// Go on, and fail in the end with all such places of the run.
    Collect,
}

/// How templates are read and executed.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Options {
    /// Left action delimiter; empty means `{{`.
    pub left: String,
    /// Right action delimiter; empty means `}}`.
    pub right: String,
    /// What a missing key yields.
    pub missing_key: MissingKey,
    /// What a printed `<no value>` becomes.
    pub no_value: NoValue,
    /// Bounds on an execution.
    pub limits: Limits,
    /// Whether to record which output came from which place of the template.
    pub trace: bool,
}
