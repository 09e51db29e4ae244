//! Media types: what a manifest calls itself and the things it names.

/// An OCI image manifest; since OCI 1.1 an artifact's manifest too.
pub const OCI_MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
/// An OCI image index.
pub const OCI_INDEX: &str = "application/vnd.oci.image.index.v1+json";
/// An OCI artifact manifest: a draft that registries still hold.
pub const OCI_ARTIFACT: &str = "application/vnd.oci.artifact.manifest.v1+json";
/// A Docker image manifest, schema 2.
pub const DOCKER_MANIFEST: &str = "application/vnd.docker.distribution.manifest.v2+json";
/// A Docker manifest list, schema 2.
pub const DOCKER_LIST: &str = "application/vnd.docker.distribution.manifest.list.v2+json";
/// The config that is not there: the two bytes `{}`.
pub const OCI_EMPTY: &str = "application/vnd.oci.empty.v1+json";
/// An OCI image's config.
pub const OCI_CONFIG: &str = "application/vnd.oci.image.config.v1+json";
/// A Docker image's config.
pub const DOCKER_CONFIG: &str = "application/vnd.docker.container.image.v1+json";
/// An OCI layer, compressed with gzip.
pub const OCI_LAYER_GZIP: &str = "application/vnd.oci.image.layer.v1.tar+gzip";

/// Every manifest type there is, as one `Accept` header: a registry that is asked for less converts,
/// or says that nothing is there. Schema 1 is among them so that it can be refused by name.
pub const ACCEPT_MANIFESTS: &str = "application/vnd.oci.image.index.v1+json, \
     application/vnd.oci.image.manifest.v1+json, \
     application/vnd.docker.distribution.manifest.list.v2+json, \
     application/vnd.docker.distribution.manifest.v2+json, \
     application/vnd.oci.artifact.manifest.v1+json, \
     application/vnd.docker.distribution.manifest.v1+prettyjws, \
     application/vnd.docker.distribution.manifest.v1+json";

/// What kind of manifest a media type announces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ManifestKind {
    /// Config and layers.
    Image,
    /// Manifests, for platforms or otherwise.
    Index,
    /// Blobs and a subject: the artifact manifest that was a draft.
    Artifact,
    /// Docker's schema 1, which no digest survives: never copied.
    Schema1,
}

impl ManifestKind {
    /// Returns the kind that this media type announces; parameters after `;` do not matter, nor
    /// does case.
    pub fn of(media_type: &str) -> Option<Self> {
        match essence(media_type).as_str() {
            OCI_MANIFEST | DOCKER_MANIFEST => Some(Self::Image),
            OCI_INDEX | DOCKER_LIST => Some(Self::Index),
            OCI_ARTIFACT => Some(Self::Artifact),
            "application/vnd.docker.distribution.manifest.v1+json"
            | "application/vnd.docker.distribution.manifest.v1+prettyjws" => Some(Self::Schema1),
            _ => None,
        }
    }
}

/// Returns a media type without parameters, in lower case.
pub fn essence(media_type: &str) -> String {
    let essence = media_type.split(';').next().unwrap_or_default();
    essence.trim().to_ascii_lowercase()
}

/// Tells whether a layer of this type lives elsewhere and is not to be pushed unless asked.
pub fn is_foreign_layer(media_type: &str) -> bool {
    let essence = essence(media_type);
    essence.starts_with("application/vnd.oci.image.layer.nondistributable.")
        || essence.starts_with("application/vnd.docker.image.rootfs.foreign.")
}

#[cfg(test)]
mod tests {
    use super::{ManifestKind, is_foreign_layer};

    #[test]
    fn parameters_and_case_do_not_change_the_kind() {
        for (text, kind) in [
            (super::OCI_INDEX, Some(ManifestKind::Index)),
            (
                "application/vnd.oci.image.manifest.v1+json; charset=utf-8",
                Some(ManifestKind::Image),
            ),
            (
                "Application/VND.docker.distribution.manifest.v2+json",
                Some(ManifestKind::Image),
            ),
            (
                "application/vnd.docker.distribution.manifest.v1+prettyjws",
                Some(ManifestKind::Schema1),
            ),
            ("text/plain", None),
            ("", None),
        ] {
            assert_eq!(ManifestKind::of(text), kind, "{text}");
        }
    }

    #[test]
    fn foreign_layers_are_known_by_their_type() {
        for (text, foreign) in [
            (
                "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
                true,
            ),
            (
                "application/vnd.oci.image.layer.nondistributable.v1.tar+zstd",
                true,
            ),
            (super::OCI_LAYER_GZIP, false),
        ] {
            assert_eq!(is_foreign_layer(text), foreign, "{text}");
        }
    }
}
