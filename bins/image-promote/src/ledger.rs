//! Where the tags are so far, for whoever interrupts a run.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use duat_shell::{Code, Failure};

/// The tags that a run has asked to move.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    tags: Mutex<BTreeMap<String, Stand>>,
    /// They are those of a promotion that is taken back.
    is_undoing: bool,
}

/// Where a tag is. One that is not known of has not moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stand {
    /// It was asked to move, and there is no answer yet.
    Asked,
    /// It points at what it was to point at.
    Moved,
}

impl Ledger {
    /// Returns the ledger of a promotion that is taken back.
    pub(crate) fn of_undoing() -> Self {
        Self {
            is_undoing: true,
            ..Self::default()
        }
    }

    /// Notes where a tag is.
    pub(crate) fn note(&self, reference: &str, stand: Stand) {
        let mut tags = self.tags.lock().unwrap_or_else(PoisonError::into_inner);
        tags.insert(reference.to_owned(), stand);
    }

    /// Notes that a tag has not moved, or is where it was before.
    pub(crate) fn forget(&self, reference: &str) {
        let mut tags = self.tags.lock().unwrap_or_else(PoisonError::into_inner);
        tags.remove(reference);
    }

    /// Returns the failure of a run that was interrupted.
    pub(crate) fn interrupted(&self) -> Failure {
        let tags = self.tags.lock().unwrap_or_else(PoisonError::into_inner);
        let all = |wanted: Stand| {
            let tags = tags.iter().filter(|(_, stand)| **stand == wanted);
            let names: Vec<String> = tags.map(|(name, _)| format!("`{name}`")).collect();
            (!names.is_empty()).then(|| names.join(", "))
        };
        let done = if self.is_undoing {
            "taken back"
        } else {
            "published"
        };
        let moved = all(Stand::Moved).map(|names| format!("{done} so far: {names}"));
        let asked = all(Stand::Asked).map(|names| format!("{names} may have moved"));
        let state: Vec<String> = moved.into_iter().chain(asked).collect();
        let way = match (state.is_empty(), self.is_undoing) {
            (_, true) => "run `image-promote undo` again to go on.",
            (true, false) => "run this again: what has been copied is not copied twice.",
            (false, false) => {
                "run this again to complete the release, or `image-promote undo` to take it back."
            }
        };
        let state = if state.is_empty() {
            "no tag has moved".to_owned()
        } else {
            state.join("; ")
        };
        Failure::new(Code::TryAgain, format!("interrupted: {state}")).hint(way)
    }
}
