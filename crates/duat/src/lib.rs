//! The library under duat's tools: versions, the places in files that carry them, and the git
//! context around them. Values in, values out.
//!
//! Two rooms are doors to the world: [`git`] reads repositories and [`mod@file`] reads and replaces
//! files. Everything else is pure: no printing, no environment, no clock, no network. The instant,
//! the branch and the text are arguments.
//!
//! ```
//! use duat::document::{Document, Format};
//!
//! let readme = b"# app <repo-version>0.0.1</repo-version>\r\n";
//! let document = Document::read(&Format::Markdown, readme)?;
//! let next = document.version()?.bump_patch()?;
//! assert_eq!(document.replace(&next)?, b"# app <repo-version>0.0.2</repo-version>\r\n");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod cargo;
pub mod commit;
pub mod config;
pub mod document;
pub mod file;
pub mod git;
pub mod name;
pub mod order;
pub mod prerelease;
pub mod shown;
pub mod stamp;
pub mod version;

pub use version::Version;
