//! Images as directories: OCI image layouts.

use std::fs;
use std::path::Path;

use super::Image;
use super::content::Content;
use super::manifest::media;

impl Image {
    /// Writes the image as an OCI layout that holds nothing else, with `tag` as the name of its root.
    ///
    /// Referrers are entries of the layout's index without a name, and what cosign attaches has its
    /// own names.
    pub fn write_layout(&self, directory: impl AsRef<Path>, tag: &str) {
        write_layout(directory.as_ref(), &[(tag, self)]);
    }
}

/// Writes several images as one layout.
pub fn write_layout(directory: &Path, images: &[(&str, &Image)]) {
    let blobs = directory.join("blobs/sha256");
    fs::create_dir_all(&blobs).expect("a directory can be made");
    let mut entries = Vec::new();
    for (tag, image) in images {
        entries.push(named(image.root(), tag));
        entries.extend(image.referrers.iter().map(|content| content.descriptor("")));
        let attached = image.attached.iter();
        entries.extend(attached.map(|(tag, content)| named(content, tag)));
        let attached = image.attached.iter().map(|(_, content)| content);
        let manifests = image.manifests.iter().chain(&image.referrers);
        for content in manifests.chain(attached).chain(&image.blobs) {
            let name = content.digest.trim_start_matches("sha256:");
            fs::write(blobs.join(name), &content.bytes).expect("a blob can be written");
        }
    }
    let index = format!(
        "{{\"schemaVersion\":2,\"mediaType\":\"{}\",\"manifests\":[{}]}}",
        media::OCI_INDEX,
        entries.join(",")
    );
    fs::write(directory.join("index.json"), index).expect("the index can be written");
    let version = r#"{"imageLayoutVersion": "1.0.0"}"#;
    fs::write(directory.join("oci-layout"), version).expect("the version can be written");
}

fn named(content: &Content, tag: &str) -> String {
    content.descriptor(&format!(
        r#", "annotations": {{"org.opencontainers.image.ref.name": "{tag}"}}"#
    ))
}
