//! Who refers to a manifest: signatures, attestations, SBOMs.

use crate::descriptor::Descriptor;

/// Who refers to a manifest, and who said so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Referrers {
    /// The manifests, as the list names them.
    pub manifests: Vec<Descriptor>,
    /// The registry keeps the list (the referrers API); otherwise it is the index under the
    /// fallback tag, and whoever pushes keeps it.
    pub kept_by_registry: bool,
}
