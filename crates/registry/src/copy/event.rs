//! What is told while a copy runs.

use crate::descriptor::Descriptor;
use crate::digest::Digest;

use super::Action;

/// Something that happened.
#[derive(Clone, Copy, Debug)]
pub enum Event<'a> {
    /// It is known what there is to do: so many blobs of so many bytes may have to be sent.
    Planned {
        /// How many blobs.
        blobs: usize,
        /// How many bytes they have together.
        bytes: u64,
    },
    /// A blob's bytes begin to move. They begin anew where an attempt failed.
    Started(&'a Descriptor),
    /// So many bytes of a blob have moved since the last event about it.
    Moved(&'a Digest, u64),
    /// A blob is at the target.
    Blob(&'a Descriptor, Action),
    /// A manifest is at the target.
    Manifest(&'a Digest, Action),
}

/// Who is told.
pub trait Watcher: Send + Sync {
    /// Takes note. It is called between two reads of a stream: it must not take long.
    fn see(&self, event: Event<'_>);
}

/// Takes no note of anything.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Watcher for Silent {
    fn see(&self, _: Event<'_>) {}
}
