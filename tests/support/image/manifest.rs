//! Manifests, written by hand: a client that writes them anew changes their digest.

use super::content::Content;

/// Media types.
pub mod media {
    /// The manifest of an image.
    pub const OCI_MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
    /// A list of manifests.
    pub const OCI_INDEX: &str = "application/vnd.oci.image.index.v1+json";
    /// Docker's manifest of an image.
    pub const DOCKER_MANIFEST: &str = "application/vnd.docker.distribution.manifest.v2+json";
    /// Docker's list of manifests.
    pub const DOCKER_LIST: &str = "application/vnd.docker.distribution.manifest.list.v2+json";
    /// Docker's manifest of old, with signatures in it.
    pub const SCHEMA1: &str = "application/vnd.docker.distribution.manifest.v1+prettyjws";
    /// The configuration of an image.
    pub const OCI_CONFIG: &str = "application/vnd.oci.image.config.v1+json";
    /// Docker's configuration of an image.
    pub const DOCKER_CONFIG: &str = "application/vnd.docker.container.image.v1+json";
    /// A layer.
    pub const OCI_LAYER: &str = "application/vnd.oci.image.layer.v1.tar+gzip";
    /// Docker's layer.
    pub const DOCKER_LAYER: &str = "application/vnd.docker.image.rootfs.diff.tar.gzip";
    /// A layer that may not be distributed.
    pub const FOREIGN_LAYER: &str = "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip";
    /// The blob `{}`.
    pub const EMPTY: &str = "application/vnd.oci.empty.v1+json";
    /// What cosign signs.
    pub const SIMPLE_SIGNING: &str = "application/vnd.dev.cosign.simplesigning.v1+json";
    /// A statement about an image.
    pub const IN_TOTO: &str = "application/vnd.in-toto+json";
}

/// The parts of a manifest.
#[derive(Clone, Debug, Default)]
pub(super) struct Parts {
    pub(super) media_type: String,
    /// The field `mediaType` is left out.
    pub(super) unnamed: bool,
    pub(super) artifact_type: Option<String>,
    /// Descriptors.
    pub(super) config: String,
    pub(super) layers: Vec<String>,
    pub(super) subject: Option<String>,
    /// Further members, each as `"name": value`.
    pub(super) more: Vec<String>,
}

impl Parts {
    /// Returns the manifest of an image or an artifact.
    pub(super) fn manifest(&self) -> Content {
        let layers = format!(
            "\"layers\": [\n      {}\n   ]",
            self.layers.join(",\n      ")
        );
        self.write([format!("\"config\": {}", self.config), layers])
    }

    /// Returns a list of manifests, given their descriptors.
    pub(super) fn index(&self, entries: &[String]) -> Content {
        let entries = entries.join(",\n      ");
        self.write([format!("\"manifests\": [\n      {entries}\n   ]")])
    }

    fn write(&self, members: impl IntoIterator<Item = String>) -> Content {
        let mut all = vec!["\"schemaVersion\": 2".to_owned()];
        if !self.unnamed {
            all.push(format!("\"mediaType\": \"{}\"", self.media_type));
        }
        if let Some(artifact_type) = &self.artifact_type {
            all.push(format!("\"artifactType\": \"{artifact_type}\""));
        }
        all.extend(members);
        if let Some(subject) = &self.subject {
            all.push(format!("\"subject\": {subject}"));
        }
        all.extend(self.more.iter().cloned());
        let text = format!("{{\n   {}\n}}", all.join(",\n   "));
        Content::new(&self.media_type, text.into_bytes())
    }
}
