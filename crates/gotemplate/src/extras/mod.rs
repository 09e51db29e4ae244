//! Function sets beyond sprig.

mod duat;
mod durations;
mod helm;

pub use duat::functions as duat;
pub use helm::functions as helm;
