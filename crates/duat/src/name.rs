//! Names made of names: a branch becomes a slug, a repository and a module become an image name.
//!
//! Each is parsed once into a type that cannot be badly formed; nobody splits strings after that.

mod image;
pub mod remote;
mod slug;

pub use image::{ImageName, ImageNameError};
pub use slug::{Slug, SlugError};
