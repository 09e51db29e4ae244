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
}

impl Watcher for Bars {
    fn see(&self, event: Event<'_>) {
        let mut items = self.items.lock().unwrap_or_else(PoisonError::into_inner);
        match event {
            Event::Planned { blobs, bytes } => self.progress.expect(blobs, bytes),
            Event::Started(blob) => {
                let item = items.entry(blob.digest.clone()).or_insert_with(|| {
                    let name = format!("{}{}", self.prefix, short(&blob.digest));
                    self.progress.item(name, Some(blob.size))
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
                    match action {
                        Action::Mounted => item.skip("mounted"),
                        _ => item.finish("copied"),
                    }
                }
            }
            Event::Manifest(..) => {}
        }
    }
}

/// Returns enough of a digest to tell it from others.
fn short(digest: &Digest) -> String {
    digest.hex().chars().take(12).collect()
}
