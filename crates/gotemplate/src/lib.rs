#![doc = include_str!("../README.md")]
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    clippy::float_cmp,
    reason = "Go's conversions between number types cut and wrap, and so do these; its comparisons are exact"
)]
#![expect(
    clippy::struct_excessive_bools,
    reason = "the states of a scanner and the flags of a format are what they are"
)]
#![expect(
    clippy::unnecessary_wraps,
    reason = "functions of one table share one signature"
)]

mod args;
mod base;
mod builtins;
mod compare;
mod der;
mod engine;
mod entries;
mod error;
mod escape;
mod exec;
pub mod extras;
mod fmt;
mod func;
mod host;
mod json;
mod lexer;
mod limits;
mod list;
mod map;
pub mod node;
mod number;
mod object;
mod options;
mod parser;
mod pattern;
mod pem;
mod place;
mod primes;
mod printer;
mod quote;
mod references;
pub mod sprig;
mod text;
mod time;
mod toml;
mod toml_read;
mod unicode;
mod url;
mod utf8;
mod value;
mod version;
mod yaml;
mod yaml_read;

pub use engine::{Engine, Failure, Rendered, Templates, Trace, Turn};
pub use error::{Error, ErrorKind, Fault, Frame, GoError};
pub use exec::Call;
pub use func::{Answer, Function, Functions, Type};
pub use host::{Clock, Door, Environ, Host, Over, Random, Resolve};
pub use limits::Limits;
pub use list::{Elem, List};
pub use map::Map;
pub use number::Number;
pub use object::{Member, Object};
pub use options::{MissingKey, NoValue, Options};
pub use references::{Reference, references};
pub use text::Str;
pub use time::{Time, Zone};
pub use value::{IntKind, Kind, UintKind, Value};
