//! Who refers to a manifest: signatures, attestations, SBOMs.

use crate::descriptor::Descriptor;
use crate::manifest::Manifest;

/// Who refers to a manifest, and who said so.
#[derive(Clone, Debug, Default)]
pub struct Referrers {
    /// The manifests, as the list names them. Each has been looked at: it is about the subject.
    pub manifests: Vec<Descriptor>,
    /// The same manifests themselves, in the same order.
    pub contents: Vec<Manifest>,
    /// The registry keeps the list (the referrers API); otherwise it is the index under the
    /// fallback tag, and whoever pushes keeps it.
    pub kept_by_registry: bool,
}
