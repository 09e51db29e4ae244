//! Small images that are the same in every run: what a registry double, or a directory, is filled with.
//!
//! An [`Image`] is a graph of [`Content`]s, a [`Recipe`] says what is in it. Layers are real archives
//! in real gzip, so that other programs can unpack them; manifests are written by hand with the
//! blanks that their usual makers use, so that a client which writes them anew is found out.
//!
//! ```
//! use duat_tests::image::Recipe;
//!
//! let image = Recipe::new("app").platforms(2).layers(10).attested().make();
//! assert_eq!(image.blobs.len(), 2 * (10 + 1) + 2 * 2);
//! assert_eq!(image.manifests.last().unwrap().digest, image.digest());
//! ```

mod content;
mod layer;
mod layout;
mod manifest;
mod recipe;

pub use content::{Content, digest};
pub use layout::write_layout;
pub use manifest::media;
pub use recipe::Recipe;

/// An image as a registry keeps it.
#[derive(Clone, Debug, Default)]
pub struct Image {
    /// All manifests that belong to the image, each after those it names; the last one is the root.
    pub manifests: Vec<Content>,
    /// Configurations and layers, those of referrers and signatures too; each once.
    pub blobs: Vec<Content>,
    /// Manifests whose subject is one of the image's.
    pub referrers: Vec<Content>,
    /// What cosign keeps beside an image: manifests under tags made from its digest.
    pub attached: Vec<(String, Content)>,
}

impl Image {
    /// Returns an image for one platform.
    pub fn single(seed: &str, layers: usize) -> Self {
        Recipe::new(seed).layers(layers).make()
    }

    /// Returns an index of images for several platforms.
    pub fn index(seed: &str, platforms: usize, layers: usize) -> Self {
        Recipe::new(seed).platforms(platforms).layers(layers).make()
    }

    /// Returns the manifest that a tag of the image leads to.
    pub fn root(&self) -> &Content {
        self.manifests.last().expect("an image has a manifest")
    }

    /// Returns the digest of the root.
    pub fn digest(&self) -> &str {
        &self.root().digest
    }

    /// Returns how many bytes its blobs have.
    pub fn blob_bytes(&self) -> u64 {
        self.blobs.iter().map(|blob| blob.bytes.len() as u64).sum()
    }
}

#[cfg(test)]
mod tests;
