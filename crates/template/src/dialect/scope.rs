//! What names stand for in a run.

use std::collections::BTreeMap;

use tera::Context;

use crate::diagnostic::Diagnostic;
use crate::dialect::convert::{from_node, to_theirs};
use crate::dialect::set::Set;
use crate::dialect::unit::Unit;
use crate::engine::{Need, Request};
use crate::value::{Map, Value};

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

impl Set {
    /// Returns the variables that the run may need: roots of the values, and what the host gives.
    pub(crate) fn context(&self, request: &Request<'_>) -> (Context, Scope) {
        let mut context = Context::new();
        let mut scope = Scope::default();
        let roots = request.host.roots();
        let mut provided: BTreeMap<&str, Map> = BTreeMap::new();
        for root in &roots {
            provided.insert(root.as_str(), Map::new());
        }
        for path in self.units.iter().flat_map(|unit| &unit.analysis.paths) {
            let Some(root) = path.segments.first() else {
                continue;
            };
            let Some(found) = provided.get_mut(root.as_str()) else {
                if let Some(node) = request
                    .values
                    .child(root)
                    .filter(|_| !context.contains_key(root))
                {
                    context.insert_value(root.clone(), from_node(node));
                }
                continue;
            };
            let names = match path.segments.get(1) {
                Some(name) => vec![name.clone()],
                None if root == ENVIRONMENT && !request.policy.allows(Need::Environment) => {
                    scope.failed.insert(root.clone(), NO_ENVIRONMENT.to_owned());
                    continue;
                }
                None => request.host.names(root),
            };
            for name in names {
                let key = format!("{root}.{name}");
                if found.contains_key(&name) || scope.failed.contains_key(&key) {
                    continue;
                }
                match lookup(request, root, &name) {
                    Ok(Some(value)) => {
                        found.insert(name, value);
                    }
                    Ok(None) => {}
                    Err(reason) => {
                        scope.failed.insert(key, reason);
                    }
                }
            }
        }
        for (root, found) in provided {
            let values = found
                .iter()
                .map(|(name, value)| (name.clone(), value.clone()));
            let names = if request.host.is_private(root) {
                Vec::new()
            } else {
                request.host.names(root)
            };
            scope.provided.insert(root.to_owned(), names);
            if !scope.failed.contains_key(root) {
                context.insert_value(
                    root.to_owned(),
                    to_theirs(&Value::from(values.collect::<Map>())),
                );
            }
            scope.found.insert(root.to_owned(), found);
        }
        scope.names = request
            .values
            .entries()
            .into_iter()
            .flat_map(|entries| entries.names().map(str::to_owned))
            .collect();
        (context, scope)
    }
}

/// The root that stands for the environment.
const ENVIRONMENT: &str = "Env";
const NO_ENVIRONMENT: &str = "the environment is not allowed here; give the value with `--set`";

fn lookup(request: &Request<'_>, root: &str, name: &str) -> Result<Option<Value>, String> {
    if root == ENVIRONMENT && !request.policy.allows(Need::Environment) {
        return Err(NO_ENVIRONMENT.to_owned());
    }
    request.host.lookup(root, name)
}
