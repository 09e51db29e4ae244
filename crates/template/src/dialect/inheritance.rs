//! The names that included templates are given by those that include them.

use std::collections::BTreeSet;

use crate::dialect::analysis::Callee;
use crate::dialect::unit::Unit;

/// How often the names given to included templates are passed on: deeper chains are rare.
const PASSES: usize = 16;

/// Marks the variables of included templates that stand for what every including one has set.
pub(super) fn inherit(units: &mut [Unit]) {
    let mut given: Vec<Option<BTreeSet<String>>> = vec![None; units.len()];
    if let Some(main) = given.first_mut() {
        *main = Some(BTreeSet::new());
    }
    // an including template comes before most of those it includes
    for _ in 0..PASSES {
        let before = given.clone();
        for at in 1..units.len() {
            let names = names_given_to(units, at, &before);
            if let Some(slot) = given.get_mut(at) {
                *slot = names;
            }
        }
        if given == before {
            break;
        }
    }
    for (unit, names) in units.iter_mut().zip(given) {
        let names = names.unwrap_or_default();
        for path in &mut unit.analysis.paths {
            path.local |= path
                .segments
                .first()
                .is_some_and(|root| names.contains(root));
        }
    }
}

/// Returns the names that all templates that include the one at `number` set before they do,
/// or were given themselves.
fn names_given_to(
    units: &[Unit],
    number: usize,
    given: &[Option<BTreeSet<String>>],
) -> Option<BTreeSet<String>> {
    let wanted = units.get(number)?.source.name();
    let mut common: Option<BTreeSet<String>> = None;
    for (unit, given) in units.iter().zip(given) {
        let calls = unit.analysis.calls.iter();
        let calls = calls.filter(|call| call.callee == Callee::Template && call.name == wanted);
        for call in calls {
            let Some(given) = given else { continue };
            let bindings = unit.analysis.bindings.iter();
            let names = bindings
                .filter(|binding| binding.range.contains(&call.range.start))
                .flat_map(|binding| binding.names.iter().cloned())
                .chain(given.iter().cloned());
            let names: BTreeSet<String> = names.collect();
            common = Some(match common {
                Some(common) => common.intersection(&names).cloned().collect(),
                None => names,
            });
        }
    }
    common
}
