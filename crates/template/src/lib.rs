//! One way to render: values in layers, where each came from, strict templates with errors where
//! they are, and a table of functions.
//!
//! Nothing here prints, reads a file, a clock or the environment: what a run may draw on is handed
//! in as values or through [`Host`].
//!
//! ```
//! use std::sync::Arc;
//!
//! use duat_template::dialect::Tera;
//! use duat_template::engine::Nothing;
//! use duat_template::layer::Layers;
//! use duat_template::read::Syntax;
//! use duat_template::{Engine, Host, Limits, Options, Redactor, Request, Source};
//!
//! let mut layers = Layers::default();
//! layers.file(&Source::new("base.yaml", "image: {name: web, tag: 1}"), Syntax::Yaml)?;
//! layers.set("image.tag=2")?;
//!
//! let secrets = Redactor::new();
//! let values = layers.merged();
//! let host: Arc<dyn Host> = Arc::new(Nothing);
//! let source = Source::new("deploy.yaml", "image: {{ image.name }}:{{ image.tag }}\n");
//! let template = Tera
//!     .compile(&source, &Options::default(), &host, &Limits::default())
//!     .map_err(|problems| problems[0].to_string())?;
//! let rendered = template
//!     .render(&Request::new(&values, &secrets), false)
//!     .map_err(|problems| problems[0].to_string())?;
//! assert_eq!(rendered.text, "image: web:2\n");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![allow(
    clippy::format_push_string,
    clippy::format_collect,
    reason = "the texts are short, and a write that cannot fail would still return a result"
)]

pub mod diagnostic;
pub mod dialect;
pub mod engine;
pub mod function;
pub mod layer;
pub mod listing;
pub mod map;
pub mod node;
pub mod options;
pub mod read;
pub mod schema;
pub mod secret;
pub mod source;
pub mod translate;
pub mod validate;
pub mod value;

pub use diagnostic::{Diagnostic, Severity};
pub use engine::{Clock, Engine, Host, Limits, Policy, Reference, Rendered, Request, Template};
pub use node::{Argument, Node, Origin};
pub use options::{Delimiters, Dialect, ErrorStyle, Escape, Missing, Options, Profile};
pub use secret::Redactor;
pub use source::{Place, Source};
pub use value::{Map, Value};
