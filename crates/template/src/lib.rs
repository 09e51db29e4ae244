//! One way to render: values in layers, where each came from, strict templates with errors where
//! they are, and a table of functions.
//!
//! Nothing here prints, reads a file, a clock or the environment: what a run may draw on is handed
//! in as values or through [`Host`].
#![doc = include_str!("example.md")]

pub mod diagnostic;
pub mod dialect;
pub mod engine;
pub mod function;
pub mod layer;
pub mod map;
pub mod node;
pub mod options;
pub mod read;
pub mod secret;
pub mod source;
pub mod value;

pub use diagnostic::{Diagnostic, Severity};
pub use engine::{Clock, Engine, Host, Limits, Policy, Reference, Rendered, Request, Template};
pub use node::{Node, Origin};
pub use options::{Delimiters, Dialect, Escape, Missing, Options};
pub use secret::Redactor;
pub use source::{Place, Source};
pub use value::{Map, Value};
