//! The library under duat's tools: versions, the places in files that carry them, and the git
//! context around them. Values in, values out.
//!
//! Two rooms are doors to the world: [`git`] reads repositories and [`mod@file`] reads and replaces
//! files. Everything else is pure: no printing, no environment, no clock, no network. The instant,
//! the branch and the text are arguments.

pub mod file;
pub mod name;
pub mod prerelease;
pub mod stamp;
pub mod version;

pub use version::Version;
