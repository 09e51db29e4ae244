//! The template languages.

pub(crate) mod analysis;
pub(crate) mod convert;
mod detect;
pub(crate) mod prepare;
pub(crate) mod report;
pub(crate) mod runtime;
pub(crate) mod scan;
pub(crate) mod set;
pub mod tera;
pub(crate) mod token;
pub(crate) mod unit;

pub use self::detect::{Detected, detect};
pub use self::tera::Tera;
