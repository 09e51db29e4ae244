//! Function sets beyond sprig.

mod duat;
mod helm;

pub use duat::functions as duat;
pub use helm::functions as helm;
