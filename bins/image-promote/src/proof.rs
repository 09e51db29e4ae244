//! What must go with an image: signatures, lists of what is in it, accounts of how it was made.
//!
//! Only their presence is looked at. Whether a signature is good is for those to say who have the
//! keys.

use duat_registry::Manifest;
use duat_registry::copy::{Graph, Node, Role};
use duat_registry::manifest::Content;
use duat_shell::{Code, Failure, Failures};

use crate::args::Proof;
use crate::survey::Ends;

/// Where tools note what an attestation states.
const PREDICATES: [&str; 3] = [
    "in-toto.io/predicate-type",
    "predicateType",
    "dev.sigstore.bundle.predicateType",
];

/// Refuses every image that lacks something.
pub(crate) fn require<'a>(
    proofs: &[Proof],
    images: impl Iterator<Item = (&'a Ends, &'a Graph)>,
) -> Result<(), Failures> {
    let mut failures = Vec::new();
    for (ends, graph) in images {
        for proof in proofs.iter().filter(|proof| !has(graph, **proof)) {
            let (what, way) = match proof {
                Proof::Signature => ("signature", "`cosign sign` and `notation sign` make one."),
                Proof::Sbom => (
                    "sbom",
                    "`docker buildx build --sbom=true` and `cosign attest` make one.",
                ),
                Proof::Provenance => (
                    "provenance",
                    "`docker buildx build --provenance=true` and `cosign attest` make one.",
                ),
            };
            failures.push(
                Failure::new(
                    Code::Refused,
                    format!(
                        "refused to promote the image in `{}`: it has no {what}",
                        ends.from
                    ),
                )
                .hint(way),
            );
        }
    }
    Failures::of(failures)
}

fn has(graph: &Graph, proof: Proof) -> bool {
    graph.nodes().iter().any(|node| match proof {
        Proof::Signature => is_signature(graph, node),
        Proof::Sbom => {
            tag_ends(node, ".sbom")
                || kind_has(node, &["spdx", "cyclonedx", "syft"])
                || states(&node.manifest, &["spdx.dev", "cyclonedx.org"])
        }
        Proof::Provenance => {
            kind_has(node, &["slsa.provenance"]) || states(&node.manifest, &["slsa.dev/provenance"])
        }
    })
}

/// A signature counts where it is about the image itself.
fn is_signature(graph: &Graph, node: &Node) -> bool {
    let is_about_it = match &node.role {
        Role::Referrer { subject } | Role::Tagged { subject, .. } => {
            graph.root().map(Manifest::digest) == Some(subject)
        }
        Role::Root | Role::Child => false,
    };
    let is_bundle = kind_has(node, &["sigstore.bundle"])
        // a bundle that states something is an attestation, unless it states the signature
        && predicates(&node.manifest).all(|predicate| predicate.contains("cosign/sign"));
    let is_signed = tag_ends(node, ".sig")
        || kind_has(node, &["cosign.artifact.sig", "cncf.notary.signature"])
        || is_bundle;
    is_about_it && is_signed
}

fn tag_ends(node: &Node, suffix: &str) -> bool {
    matches!(&node.role, Role::Tagged { tag, .. } if tag.as_str().ends_with(suffix))
}

/// Tells whether a referrer's type of artifact has one of these in it.
fn kind_has(node: &Node, words: &[&str]) -> bool {
    let Role::Referrer { .. } = node.role else {
        return false;
    };
    let kind = node
        .manifest
        .view()
        .artifact_type
        .as_deref()
        .unwrap_or_default();
    words.iter().any(|word| kind.contains(word))
}

fn states(manifest: &Manifest, words: &[&str]) -> bool {
    predicates(manifest).any(|predicate| words.iter().any(|word| predicate.contains(word)))
}

/// Returns what a manifest and its layers are noted to state.
fn predicates(manifest: &Manifest) -> impl Iterator<Item = &str> {
    let layers = match &manifest.view().content {
        Content::Image { layers, .. } => layers.as_slice(),
        Content::Index { .. } => &[],
        Content::Artifact { blobs } => blobs.as_slice(),
    };
    let notes = layers.iter().map(|layer| &layer.annotations);
    notes
        .chain([&manifest.view().annotations])
        .flat_map(|notes| PREDICATES.iter().filter_map(|key| notes.get(*key)))
        .map(String::as_str)
}
