//! What the end-to-end tests of all tools stand on.
//!
//! A [`Scene`] is a directory of its own with a world of its own: no environment, no git
//! configuration and no clock of the machine reach what runs in it. A [`Call`] is a command about
//! to run there, an [`Outcome`] what came of it. [`repository`] holds git repositories as scripts,
//! [`mod@peer`] finds the programs our answers are compared with, and [`distribution`] runs one of them. [`image`] makes small images, and
//! [`registry`] is a registry that can go wrong in every way.
//!
//! ```no_run
//! use duat_tests::{Scene, repository};
//!
//! let scene = Scene::new();
//! scene.write("README.md", "<repo-version>0.0.1</repo-version>\n");
//! scene.script(repository::MAIN);
//! scene.semver(["patch"]).run().prints("0.0.2\n");
//! assert_eq!(scene.read("README.md"), "<repo-version>0.0.2</repo-version>\n");
//! ```
#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    clippy::panic,
    reason = "a test that cannot set its scene has failed and says where"
)]
#![expect(
    clippy::disallowed_methods,
    reason = "tests make the files and read the search path of the machine they run on"
)]

mod binary;
mod branch;
mod call;
pub mod distribution;
pub mod github;
pub mod http;
pub mod image;
mod outcome;
pub mod peer;
pub mod registry;
pub mod relay;
pub mod repository;
mod scene;
pub mod session;
mod terminal;
mod text;

pub use binary::{binaries, binary};
pub use branch::is_branch;
pub use call::{Call, Running};
pub use outcome::Outcome;
pub use peer::peer;
pub use scene::Scene;

/// The tools, in the order in which a release needs them.
pub const TOOLS: [&str; 4] = ["semver", "stencil", "image-promote", "github-release"];
