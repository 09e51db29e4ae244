//! The template languages.

pub(crate) mod analysis;
pub(crate) mod convert;
pub(crate) mod prepare;
pub(crate) mod report;
pub(crate) mod runtime;
pub(crate) mod scan;
pub mod tera;
pub(crate) mod token;

pub use self::tera::Tera;
