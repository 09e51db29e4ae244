//! What an image is made of.

use super::Image;
use super::content::Content;
use super::layer;
use super::manifest::{Parts, media};

const PLATFORMS: [(&str, &str); 6] = [
    ("linux", "amd64"),
    ("linux", "arm64"),
    ("linux", "s390x"),
    ("linux", "ppc64le"),
    ("linux", "riscv64"),
    ("windows", "amd64"),
];

/// A description of an image; images of the same description are equal.
#[derive(Clone, Debug)]
#[must_use = "a recipe is no image until it is made"]
pub struct Recipe {
    seed: String,
    platforms: Option<usize>,
    layers: usize,
    layer_size: usize,
    base: Option<(String, usize)>,
    docker: bool,
    unnamed: bool,
    attested: bool,
    nested: bool,
    foreign: bool,
    hollow: bool,
    artifact: Option<String>,
    revision: String,
    created: String,
    padding: usize,
    referrers: Vec<(String, Whom)>,
    cosigned: Vec<&'static str>,
}

/// Whom a referrer is about.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Whom {
    Root,
    Children,
    Referrers,
}

impl Recipe {
    /// Returns the recipe of an OCI image for one platform with one layer.
    pub fn new(seed: impl Into<String>) -> Self {
        Self {
            seed: seed.into(),
            platforms: None,
            layers: 1,
            layer_size: 512,
            base: None,
            docker: false,
            unnamed: false,
            attested: false,
            nested: false,
            foreign: false,
            hollow: false,
            artifact: None,
            revision: "4a7c9a7d5b0f4f0f8a6f1f3f5e9a0c1b2d3e4f50".to_owned(),
            created: "2019-04-04T00:38:00Z".to_owned(),
            padding: 0,
            referrers: Vec::new(),
            cosigned: Vec::new(),
        }
    }

    /// An index with so many platforms instead of a single image.
    pub fn platforms(mut self, platforms: usize) -> Self {
        self.platforms = Some(platforms);
        self
    }

    /// So many layers for each platform.
    pub fn layers(mut self, layers: usize) -> Self {
        self.layers = layers;
        self
    }

    /// The size of the file in a layer.
    pub fn layer_size(mut self, bytes: usize) -> Self {
        self.layer_size = bytes;
        self
    }

    /// The first layers are those of every other image with the same base.
    pub fn base(mut self, seed: &str, layers: usize) -> Self {
        self.base = Some((seed.to_owned(), layers));
        self
    }

    /// Docker's media types instead of OCI's.
    pub fn docker(mut self) -> Self {
        self.docker = true;
        self
    }

    /// Without the field `mediaType`, as OCI 1.0 allows.
    pub fn without_media_type(mut self) -> Self {
        self.unnamed = true;
        self
    }

    /// With an attestation for each platform, as `docker buildx` makes them: entries of the index for
    /// the platform `unknown/unknown`.
    pub fn attested(mut self) -> Self {
        self.attested = true;
        self
    }

    /// The index is an entry of another index.
    pub fn nested(mut self) -> Self {
        self.nested = true;
        self
    }

    /// With one more layer that is kept elsewhere.
    pub fn foreign_layer(mut self) -> Self {
        self.foreign = true;
        self
    }

    /// With one more layer of no bytes.
    pub fn hollow_layer(mut self) -> Self {
        self.hollow = true;
        self
    }

    /// An artifact of this type, with the empty configuration, instead of an image.
    pub fn artifact(mut self, artifact_type: &str) -> Self {
        self.artifact = Some(artifact_type.to_owned());
        self
    }

    /// The label `org.opencontainers.image.revision`.
    pub fn revision(mut self, revision: &str) -> Self {
        revision.clone_into(&mut self.revision);
        self
    }

    /// When the image was made.
    pub fn created(mut self, instant: &str) -> Self {
        instant.clone_into(&mut self.created);
        self
    }

    /// The root has so many bytes more than it needs.
    pub fn padded(mut self, bytes: usize) -> Self {
        self.padding = bytes;
        self
    }

    /// With a referrer of this type, whose subject is the root.
    pub fn referrer(mut self, artifact_type: &str) -> Self {
        self.referrers.push((artifact_type.to_owned(), Whom::Root));
        self
    }

    /// With a referrer of this type for each entry of the index.
    pub fn referrer_per_child(mut self, artifact_type: &str) -> Self {
        let referrer = (artifact_type.to_owned(), Whom::Children);
        self.referrers.push(referrer);
        self
    }

    /// With a referrer of this type for each referrer asked for before: the signature of an SBOM.
    pub fn referrer_per_referrer(mut self, artifact_type: &str) -> Self {
        let referrer = (artifact_type.to_owned(), Whom::Referrers);
        self.referrers.push(referrer);
        self
    }

    /// With a signature under cosign's tag `sha256-….sig`.
    pub fn signed(mut self) -> Self {
        self.cosigned.push("sig");
        self
    }

    /// With what cosign keeps under `sha256-….<suffix>`: `att` or `sbom`.
    pub fn attached(mut self, suffix: &'static str) -> Self {
        self.cosigned.push(suffix);
        self
    }

    /// Makes the image.
    pub fn make(&self) -> Image {
        let mut image = Image::default();
        let root = match self.platforms {
            None => self.image(&mut image, 0),
            Some(platforms) => self.index(&mut image, platforms),
        };
        image.add_manifest(root);
        for (artifact_type, whom) in &self.referrers {
            let subjects: Vec<Content> = match whom {
                Whom::Root => vec![image.root().clone()],
                Whom::Children => image.manifests[..image.manifests.len() - 1].to_vec(),
                Whom::Referrers => image.referrers.clone(),
            };
            for subject in subjects {
                let referrer = self.referrer_of(&mut image, &subject, artifact_type);
                image.referrers.push(referrer);
            }
        }
        for suffix in &self.cosigned {
            let tag = format!("{}.{suffix}", image.digest().replace(':', "-"));
            let manifest = cosign(&mut image, suffix);
            image.attached.push((tag, manifest));
        }
        image
    }

    fn index(&self, image: &mut Image, platforms: usize) -> Content {
        let mut entries = Vec::new();
        let mut attestations = Vec::new();
        for number in 0..platforms {
            let (os, architecture) = PLATFORMS[number % PLATFORMS.len()];
            let child = self.image(image, number);
            entries.push(child.descriptor(&format!(
                r#", "platform": {{"architecture": "{architecture}", "os": "{os}"}}"#
            )));
            if self.attested {
                let attestation = self.attestation(image, &child);
                attestations.push(attestation.descriptor(&format!(
                    r#", "annotations": {{"vnd.docker.reference.digest": "{}", "vnd.docker.reference.type": "attestation-manifest"}}, "platform": {{"architecture": "unknown", "os": "unknown"}}"#,
                    child.digest
                )));
                image.add_manifest(child);
                image.add_manifest(attestation);
            } else {
                image.add_manifest(child);
            }
        }
        entries.extend(attestations);
        let parts = self.parts(media::OCI_INDEX, media::DOCKER_LIST);
        if !self.nested {
            return self.pad(parts).index(&entries);
        }
        let inner = parts.index(&entries);
        let entry = inner.descriptor("");
        image.add_manifest(inner);
        self.pad(parts).index(&[entry])
    }

    fn image(&self, image: &mut Image, platform: usize) -> Content {
        let mut parts = self.parts(media::OCI_MANIFEST, media::DOCKER_MANIFEST);
        let seed = &self.seed;
        if let Some(artifact_type) = &self.artifact {
            parts.artifact_type = Some(artifact_type.clone());
            parts.config = image.add_empty();
            let text = format!("{seed} {platform}\n").into_bytes();
            parts.layers = vec![image.add(Content::new("text/plain", text))];
            return parts.manifest();
        }
        let kind = self.kind(media::OCI_LAYER, media::DOCKER_LAYER);
        let mut unpacked = Vec::new();
        for number in 0..self.layers {
            let seed = match &self.base {
                Some((base, layers)) if number < *layers => format!("{base}-{number}"),
                _ => format!("{seed}-{platform}-{number}"),
            };
            let archive = layer::archive(&seed, self.layer_size);
            unpacked.push(format!("\"{}\"", super::content::digest(&archive)));
            let layer = Content::new(kind, layer::gzip(&archive));
            parts.layers.push(image.add(layer));
        }
        if self.hollow {
            let layer = Content::new("application/vnd.example.hollow", Vec::new());
            parts.layers.push(image.add(layer));
        }
        if self.foreign {
            let layer = Content::new(media::FOREIGN_LAYER, layer::drawn(seed, 64));
            let urls = r#", "urls": ["https://example.com/layer.tar.gz"]"#;
            parts.layers.push(layer.descriptor(urls));
        }
        parts.config = image.add(self.config(platform, &unpacked));
        if self.platforms.is_none() {
            parts = self.pad(parts);
        }
        parts.manifest()
    }

    fn config(&self, platform: usize, unpacked: &[String]) -> Content {
        let (os, architecture) = PLATFORMS[platform % PLATFORMS.len()];
        let text = format!(
            r#"{{"architecture":"{architecture}","os":"{os}","created":"{}","config":{{"Labels":{{"org.opencontainers.image.revision":"{}","com.example.seed":"{}"}}}},"rootfs":{{"type":"layers","diff_ids":[{}]}}}}"#,
            self.created,
            self.revision,
            self.seed,
            unpacked.join(",")
        );
        let kind = self.kind(media::OCI_CONFIG, media::DOCKER_CONFIG);
        Content::new(kind, text.into_bytes())
    }

    fn attestation(&self, image: &mut Image, subject: &Content) -> Content {
        let statement = format!(
            r#"{{"predicateType":"https://slsa.dev/provenance/v1","subject":"{}"}}"#,
            subject.digest
        );
        let statement = Content::new(media::IN_TOTO, statement.into_bytes());
        let config = format!(
            r#"{{"architecture":"unknown","os":"unknown","rootfs":{{"type":"layers","diff_ids":["{}"]}}}}"#,
            statement.digest
        );
        let mut parts = self.parts(media::OCI_MANIFEST, media::DOCKER_MANIFEST);
        // as buildkit notes what a layer states
        let noted =
            r#", "annotations": {"in-toto.io/predicate-type": "https://slsa.dev/provenance/v1"}"#;
        parts.layers = vec![image.add_described(statement, noted)];
        let kind = self.kind(media::OCI_CONFIG, media::DOCKER_CONFIG);
        parts.config = image.add(Content::new(kind, config.into_bytes()));
        parts.manifest()
    }

    fn referrer_of(&self, image: &mut Image, subject: &Content, artifact_type: &str) -> Content {
        let text = format!("{artifact_type} of {}\n", subject.digest).into_bytes();
        let parts = Parts {
            media_type: media::OCI_MANIFEST.to_owned(),
            artifact_type: Some(artifact_type.to_owned()),
            config: image.add_empty(),
            layers: vec![image.add(Content::new(artifact_type, text))],
            subject: Some(subject.descriptor("")),
            more: vec![format!(
                r#""annotations": {{"com.example.seed": "{}"}}"#,
                self.seed
            )],
            ..Parts::default()
        };
        parts.manifest()
    }

    fn parts(&self, oci: &str, docker: &str) -> Parts {
        Parts {
            media_type: self.kind(oci, docker).to_owned(),
            unnamed: self.unnamed,
            ..Parts::default()
        }
    }

    fn pad(&self, mut parts: Parts) -> Parts {
        if self.padding > 0 {
            let padding = "x".repeat(self.padding);
            parts.more = vec![format!(
                r#""annotations": {{"com.example.padding": "{padding}"}}"#
            )];
        }
        parts
    }

    fn kind<'a>(&self, oci: &'a str, docker: &'a str) -> &'a str {
        if self.docker { docker } else { oci }
    }
}

impl Image {
    /// Adds a blob, and returns its descriptor.
    fn add(&mut self, blob: Content) -> String {
        self.add_described(blob, "")
    }

    fn add_described(&mut self, blob: Content, more: &str) -> String {
        let descriptor = blob.descriptor(more);
        if self.blobs.iter().all(|known| known.digest != blob.digest) {
            self.blobs.push(blob);
        }
        descriptor
    }

    fn add_empty(&mut self) -> String {
        self.add(Content::new(media::EMPTY, *b"{}"))
    }

    fn add_manifest(&mut self, manifest: Content) {
        self.manifests.push(manifest);
    }
}

/// Adds what cosign makes of an image: its payload; returns the manifest.
fn cosign(image: &mut Image, suffix: &str) -> Content {
    let kind = match suffix {
        "sig" => media::SIMPLE_SIGNING,
        _ => "application/vnd.dsse.envelope.v1+json",
    };
    let payload = format!(
        r#"{{"critical":{{"image":{{"docker-manifest-digest":"{}"}},"type":"cosign {suffix}"}},"optional":null}}"#,
        image.digest()
    );
    let payload = Content::new(kind, payload.into_bytes());
    let config = format!(
        r#"{{"architecture":"","os":"","created":"0001-01-01T00:00:00Z","config":{{}},"rootfs":{{"type":"layers","diff_ids":["{}"]}}}}"#,
        payload.digest
    );
    let parts = Parts {
        media_type: media::OCI_MANIFEST.to_owned(),
        config: image.add(Content::new(media::OCI_CONFIG, config.into_bytes())),
        layers: vec![image.add_described(
            payload,
            r#", "annotations": {"dev.cosignproject.cosign/signature": "c2lnbmF0dXJl"}"#,
        )],
        ..Parts::default()
    };
    parts.manifest()
}
