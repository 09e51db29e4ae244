//! An image goes from one place to another: all that hangs on it is found, what is missing is
//! planned, mounted or sent, and every manifest stays the bytes it is.
//!
//! [`Graph::discover`] finds what belongs to an image at its source. [`carry()`] brings it to the
//! target: largest blobs first, a manifest as soon as what it names is there, the root last. No tag
//! of the image itself is moved: that is up to whoever knows that all is well. [`check()`] walks a
//! place and tells what of an image is missing there.

mod carry;
mod check;
mod counted;
mod event;
mod graph;
mod standing;

pub use carry::{Action, Carried, Entry, Options, carry};
pub use check::{Checked, check};
pub use event::{Event, Silent, Watcher};
pub use graph::{Follow, Graph, Node, Role};

#[cfg(test)]
mod tests;
