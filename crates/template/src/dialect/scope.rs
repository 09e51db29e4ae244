//! What names stand for in a run.

use std::collections::BTreeMap;

use crate::diagnostic::Diagnostic;
use crate::dialect::unit::Unit;
use crate::value::Map;

/// What names stand for in a run, as far as messages need it.
#[derive(Debug, Default)]
pub(crate) struct Scope {
    /// The names of the values.
    pub(crate) names: Vec<String>,
    /// Roots that the host gives, with the names below them that may be told.
    pub(crate) provided: BTreeMap<String, Vec<String>>,
    /// What the host gave.
    pub(crate) found: BTreeMap<String, Map>,
    /// What could not be looked up, and why.
    pub(crate) failed: BTreeMap<String, String>,
}

impl Scope {
    /// Returns a warning for each lookup that failed without the run needing it.
    pub(crate) fn warnings(&self, units: &[Unit]) -> Vec<Diagnostic> {
        let warn = |(name, reason): (&String, &String)| {
            let warning = Diagnostic::warning(format!("`{name}` could not be looked up: {reason}"));
            let place = units.iter().find_map(|unit| {
                let mut paths = unit.analysis.paths.iter();
                let path = paths.find(|path| path.segments.join(".").starts_with(name.as_str()))?;
                Some((&unit.source, path.range.clone()))
            });
            match place {
                Some((source, range)) => warning.at(source, range),
                None => warning,
            }
        };
        self.failed.iter().map(warn).collect()
    }
}
