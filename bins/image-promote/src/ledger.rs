//! What is published so far, for whoever interrupts a run.

use std::sync::{Arc, Mutex, PoisonError};

use duat_shell::{Code, Failure};

/// Which tags have moved. Clones are the same ledger.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ledger(Arc<Mutex<Vec<String>>>);

impl Ledger {
    /// Notes that a tag has moved.
    pub(crate) fn note(&self, reference: String) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(reference);
    }

    /// Returns the failure of a run that was interrupted.
    pub(crate) fn interrupted(&self) -> Failure {
        let published = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if published.is_empty() {
            Failure::new(Code::TryAgain, "interrupted: no tag has moved")
                .hint("run this again: what has been copied is not copied twice.")
        } else {
            Failure::new(
                Code::TryAgain,
                format!(
                    "interrupted: published so far: `{}`",
                    published.join("`, `")
                ),
            )
            .hint(
                "run this again to complete the release, or `image-promote undo` to take it back.",
            )
        }
    }
}
