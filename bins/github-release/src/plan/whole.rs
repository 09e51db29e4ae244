//! Is a release whole? What it holds, what is on its way, what is still to come.

use std::collections::BTreeSet;

use duat_shell::{Code, Failure};

use crate::desired::Desired;
use crate::model::Asset;
use crate::name;

/// Returns the names of the assets that have arrived, and of those that this job brings. What was
/// sent to take the place of another is no asset of its own.
pub(crate) fn names<'a>(desired: &'a Desired, there: &'a [Asset]) -> BTreeSet<&'a str> {
    let ours = desired.assets.iter().map(|asset| &*asset.name_there);
    let arrived = there.iter().filter(|there| there.is_uploaded());
    ours.chain(arrived.map(|there| meant(&there.name, desired)))
        .collect()
}

/// Returns how many of the expected assets are still to come. One that is being replaced is not there
/// yet: whoever replaces it counts again when that is done.
pub(crate) fn missing(desired: &Desired, there: &[Asset], expected: usize) -> usize {
    let replaced: BTreeSet<&str> = on_the_way(desired, there)
        .filter_map(|there| name::replaced(&there.name))
        .collect();
    let whole = names(desired, there);
    expected.saturating_sub(whole.difference(&replaced).count())
}

/// Refuses to publish what other jobs are still sending, or were when they were killed.
pub(crate) fn refuse_unfinished(desired: &Desired, there: &[Asset]) -> Result<(), Failure> {
    let Some(unfinished) = on_the_way(desired, there).next() else {
        return Ok(());
    };
    let (tag, name) = (&desired.tag, meant(&unfinished.name, desired));
    let what = if name == unfinished.name {
        "the upload"
    } else {
        "the replacement"
    };
    let message = format!("refused to publish `{tag}`: {what} of `{name}` is not complete");
    Err(Failure::new(Code::Refused, message).hint(format!(
        "run the job that brings it again, or delete `{}` on the release's page.",
        unfinished.name
    )))
}

/// Returns what is on its way, or was: uploads that have not come to their end, and bytes that wait to
/// take the place of others. This job's own are not among them: it brings those to their end.
fn on_the_way<'a>(desired: &'a Desired, there: &'a [Asset]) -> impl Iterator<Item = &'a Asset> {
    there.iter().filter(|there| {
        let name = meant(&there.name, desired);
        (!there.is_uploaded() || name != there.name) && !is_ours(name, desired)
    })
}

/// Returns the name of the asset that is meant by a name at GitHub.
fn meant<'a>(there: &'a str, desired: &Desired) -> &'a str {
    let is_name = desired.assets.iter().any(|one| one.name_there == there);
    let replaced = name::replaced(there).filter(|_| !is_name);
    replaced.unwrap_or(there)
}

fn is_ours(name: &str, desired: &Desired) -> bool {
    // what a signature will be called is known when it is made
    let checksums = desired
        .checksums
        .as_deref()
        .filter(|_| desired.sign.is_some());
    let after = checksums.and_then(|checksums| name.strip_prefix(checksums));
    after.is_some_and(|after| after.starts_with('.'))
        || desired.assets.iter().any(|asset| asset.name_there == name)
}
