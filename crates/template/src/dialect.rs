//! The template languages.

pub(crate) mod analysis;
mod callable;
pub mod choice;
pub(crate) mod convert;
mod foreign;
pub mod go;
mod inheritance;
pub(crate) mod prepare;
pub(crate) mod report;
pub(crate) mod runtime;
pub(crate) mod scan;
pub(crate) mod scope;
pub(crate) mod set;
pub mod tera;
pub(crate) mod token;
mod trace;
pub(crate) mod turns;
pub(crate) mod unit;

pub use self::choice::choose;
pub use self::go::Go;
pub use self::tera::Tera;
