//! What a person sees of a copy while it runs.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use duat_registry::Digest;
use duat_registry::copy::{Action, Event, Watcher};
use duat_shell::Progress;
use duat_shell::progress::Item;

/// A bar or a line for each blob that moves.
pub(crate) struct Bars {
    progress: Progress,
    /// The module, where there are several.
    prefix: String,
    items: Mutex<HashMap<Digest, Item>>,
}

impl Bars {
    pub(crate) fn new(progress: Progress, module: Option<&str>) -> Self {
        Self {
            progress,
            prefix: module
                .map(|module| format!("{module} "))
                .unwrap_or_default(),
            items: Mutex::new(HashMap::new()),
        }
    }

    /// Returns what a blob is called here.
    fn name(&self, digest: &Digest) -> String {
        format!("{}{}", self.prefix, short(digest))
    }
}

impl Watcher for Bars {
    fn see(&self, event: Event<'_>) {
        let mut items = self.items.lock().unwrap_or_else(PoisonError::into_inner);
        match event {
            // how many of them really move is known when the registry has spoken of each
            Event::Planned { .. } | Event::Manifest(..) => {}
            Event::Started(blob) => {
                let item = items.entry(blob.digest.clone()).or_insert_with(|| {
                    self.progress.item(self.name(&blob.digest), Some(blob.size))
                });
                item.set_position(0);
            }
            Event::Moved(digest, bytes) => {
                if let Some(item) = items.get(digest) {
                    item.advance(bytes);
                }
            }
            Event::Blob(blob, action) => {
                if let Some(item) = items.remove(&blob.digest) {
                    let name = self.name(&blob.digest);
                    match action {
                        Action::Mounted => item.skip(format_args!("mounted {name}")),
                        _ => item.finish(format_args!("copied {name}")),
                    }
                }
            }
        }
    }
}

/// Returns enough of a digest to tell it from others.
fn short(digest: &Digest) -> String {
    digest.hex().chars().take(12).collect()
}
