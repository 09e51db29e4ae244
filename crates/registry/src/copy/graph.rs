//! What belongs to an image: its manifests down to the last index, and who refers to them.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::{BoxFuture, join};
use futures_util::stream::{FuturesUnordered, StreamExt};

use crate::descriptor::Descriptor;
use crate::digest::Digest;
use crate::error::{self, Error, Kind, Operation};
use crate::manifest::Manifest;
use crate::place::Place;
use crate::reference::{Handle, Tag};

/// How many manifests one image may have, referrers included: a registry could go on for ever.
const MOST_MANIFESTS: usize = 4096;
/// How deep indexes may lie in each other.
const DEEPEST: usize = 8;
/// What cosign puts behind the fallback tag of what it signs.
const COSIGN: [&str; 3] = [".sig", ".att", ".sbom"];

/// Whether signatures, attestations and other referrers are looked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Follow {
    /// They are: by the referrers API, by fallback tags, and by cosign's tags.
    #[default]
    Referrers,
    /// They are not.
    Nothing,
}

/// Why a manifest belongs to an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    /// It is the image.
    Root,
    /// An index of the image names it.
    Child,
    /// It refers to this manifest of the image.
    Referrer {
        /// The manifest it is about.
        subject: Digest,
    },
    /// It is cosign's, found by its tag, which goes with it.
    Tagged {
        /// The tag.
        tag: Tag,
        /// The manifest it is about.
        subject: Digest,
    },
}

/// A manifest of an image.
#[derive(Clone, Debug)]
pub struct Node {
    /// The manifest.
    pub manifest: Manifest,
    /// Why it belongs to the image.
    pub role: Role,
    depth: usize,
}

/// All manifests of an image, the root first, each once for each role that moves a tag.
#[derive(Clone, Debug)]
pub struct Graph {
    nodes: Vec<Node>,
}

impl Graph {
    /// Finds all that belongs to the image whose manifest is `root`.
    ///
    /// # Errors
    /// Something that a manifest names cannot be had. A referrer that a list names and that is gone
    /// is no error: it was lost before.
    pub async fn discover(source: &Place, root: Manifest, follow: Follow) -> Result<Self, Error> {
        let root = Node {
            manifest: root,
            role: Role::Root,
            depth: 0,
        };
        let mut walk = Walk {
            source,
            nodes: vec![root],
        };
        if follow == Follow::Nothing {
            walk.descend(0).await?;
            return Ok(Self { nodes: walk.nodes });
        }
        let digest = walk
            .nodes
            .first()
            .map(|node| node.manifest.digest().clone());
        let Some(digest) = digest else {
            return Ok(Self { nodes: Vec::new() });
        };
        let (known, descended) = join(Known::ask(source, &digest), walk.descend(0)).await;
        descended?;
        walk.follow(known?).await?;
        Ok(Self { nodes: walk.nodes })
    }

    /// Returns the manifests, the root first.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// Returns the image's own manifest.
    pub fn root(&self) -> Option<&Manifest> {
        self.nodes.first().map(|node| &node.manifest)
    }

    /// Returns who refers to the image or a part of it.
    pub fn referrers(&self) -> impl Iterator<Item = &Node> {
        let refers =
            |node: &&Node| matches!(node.role, Role::Referrer { .. } | Role::Tagged { .. });
        self.nodes.iter().filter(refers)
    }

    /// Returns every blob that manifests name and that is to be had at the source, each once, the
    /// largest first.
    pub fn blobs(&self) -> Vec<&Descriptor> {
        let all = self.nodes.iter().flat_map(|node| node.manifest.blobs());
        let own = all.filter(|blob| !blob.is_foreign());
        let mut each: BTreeMap<&Digest, &Descriptor> = BTreeMap::new();
        for blob in own {
            each.entry(&blob.digest).or_insert(blob);
        }
        let mut blobs: Vec<&Descriptor> = each.into_values().collect();
        blobs.sort_by_key(|blob| std::cmp::Reverse(blob.size));
        blobs
    }
}

/// What a source knows of referrers as a whole.
struct Known {
    /// Those of the root.
    root: Vec<Descriptor>,
    /// The registry keeps the lists: nobody's tags have to be looked at for them.
    kept_by_registry: bool,
    /// All tags; nothing where they may not be listed.
    tags: Option<BTreeSet<String>>,
}

impl Known {
    async fn ask(source: &Place, root: &Digest) -> Result<Self, Error> {
        let (referrers, tags) = join(source.referrers(root), source.tags()).await;
        let referrers = referrers?;
        Ok(Self {
            root: referrers.manifests,
            kept_by_registry: referrers.kept_by_registry,
            // who may pull need not be allowed to list
            tags: tags.ok().map(|tags| tags.into_iter().collect()),
        })
    }

    fn may_have(&self, tag: &str) -> bool {
        self.tags.as_ref().is_none_or(|tags| tags.contains(tag))
    }
}

/// A walk through an image at its source.
struct Walk<'a> {
    source: &'a Place,
    nodes: Vec<Node>,
}

impl Walk<'_> {
    /// Fetches what the indexes from the node `first` on name, and what those name in turn.
    async fn descend(&mut self, first: usize) -> Result<(), Error> {
        let mut pending: FuturesUnordered<BoxFuture<'_, Result<Node, Error>>> =
            FuturesUnordered::new();
        let mut known: BTreeSet<Digest> = self.digests();
        let mut next = first;
        loop {
            while let Some(node) = self.nodes.get(next) {
                next += 1;
                let depth = node.depth + 1;
                for child in node.manifest.manifests() {
                    if !known.insert(child.digest.clone()) {
                        continue;
                    }
                    if known.len() > MOST_MANIFESTS || depth > DEEPEST {
                        return Err(endless(self.source, &child.digest));
                    }
                    pending.push(Box::pin(fetch(self.source.clone(), child.clone(), depth)));
                }
            }
            match pending.next().await {
                Some(node) => self.nodes.push(node?),
                None => return Ok(()),
            }
        }
    }

    /// Fetches who refers to what is known so far, and who refers to those in turn.
    async fn follow(&mut self, known: Known) -> Result<(), Error> {
        let mut asked = 0;
        while asked < self.nodes.len() {
            let mut found = Vec::new();
            let subjects = self.nodes.get(asked..).unwrap_or_default();
            let mut pending: FuturesUnordered<_> = subjects
                .iter()
                .enumerate()
                .map(|(offset, node)| referring(self.source, node, asked + offset == 0, &known))
                .collect();
            while let Some(nodes) = pending.next().await {
                found.extend(nodes?);
            }
            drop(pending);
            asked = self.nodes.len();
            let mut digests = self.digests();
            // the order of answers is chance, that of a plan must not be
            found.sort_by(|a, b| a.manifest.digest().cmp(b.manifest.digest()));
            for node in found {
                let is_new = digests.insert(node.manifest.digest().clone());
                if is_new || matches!(node.role, Role::Tagged { .. }) {
                    self.nodes.push(node);
                }
            }
            if self.nodes.len() > MOST_MANIFESTS {
                let digest = self.nodes.first().map(|node| node.manifest.digest());
                return digest.map_or(Ok(()), |digest| Err(endless(self.source, digest)));
            }
            self.descend(asked).await?;
        }
        Ok(())
    }

    fn digests(&self) -> BTreeSet<Digest> {
        let digests = self.nodes.iter().map(|node| node.manifest.digest().clone());
        digests.collect()
    }
}

/// Fetches a manifest that an index names.
async fn fetch(source: Place, child: Descriptor, depth: usize) -> Result<Node, Error> {
    let manifest = source
        .manifest(&Handle::Digest(child.digest.clone()))
        .await?;
    if manifest.size() != child.size {
        return Err(Error::new(
            Operation::ReadManifest,
            at(&source, &child.digest),
            Kind::Verification,
            format!(
                "it has {} bytes, not the {} that the index says",
                manifest.size(),
                child.size
            ),
        ));
    }
    Ok(Node {
        manifest,
        role: Role::Child,
        depth,
    })
}

/// Fetches who refers to a manifest.
async fn referring(
    source: &Place,
    node: &Node,
    is_root: bool,
    known: &Known,
) -> Result<Vec<Node>, Error> {
    let subject = node.manifest.digest();
    let fallback = subject.fallback_tag();
    let listed = if is_root {
        known.root.clone()
    } else if known.kept_by_registry || known.may_have(&fallback) {
        source.referrers(subject).await?.manifests
    } else {
        Vec::new()
    };
    let depth = node.depth;
    let mut pending: FuturesUnordered<BoxFuture<'_, Result<Option<Node>, Error>>> =
        FuturesUnordered::new();
    for referrer in listed {
        pending.push(Box::pin(async move {
            let handle = Handle::Digest(referrer.digest);
            let Some(manifest) = fetch_if_there(source, &handle).await? else {
                return Ok(None);
            };
            // a list may hold what is about something else
            let is_about_it = manifest.subject().map(|named| &named.digest) == Some(subject);
            Ok(is_about_it.then(|| Node {
                manifest,
                role: Role::Referrer {
                    subject: subject.clone(),
                },
                depth,
            }))
        }));
    }
    for suffix in COSIGN {
        let text = format!("{fallback}{suffix}");
        let (true, Ok(tag)) = (known.may_have(&text), text.parse::<Tag>()) else {
            continue;
        };
        pending.push(Box::pin(async move {
            let handle = Handle::Tag(tag.clone());
            let manifest = fetch_if_there(source, &handle).await?;
            Ok(manifest.map(|manifest| Node {
                manifest,
                role: Role::Tagged {
                    tag,
                    subject: subject.clone(),
                },
                depth,
            }))
        }));
    }
    let mut nodes = Vec::new();
    while let Some(node) = pending.next().await {
        nodes.extend(node?);
    }
    Ok(nodes)
}

async fn fetch_if_there(source: &Place, handle: &Handle) -> Result<Option<Manifest>, Error> {
    match source.manifest(handle).await {
        Ok(manifest) => Ok(Some(manifest)),
        Err(error) if matches!(error.kind(), Kind::NotFound | Kind::NoRepository) => Ok(None),
        Err(error) => Err(error),
    }
}

fn at(place: &Place, digest: &Digest) -> error::Place {
    match place.repository() {
        Some(repository) => error::Place::Content(repository.clone(), digest.to_string()),
        None => error::Place::Other(digest.to_string()),
    }
}

fn endless(source: &Place, digest: &Digest) -> Error {
    Error::new(
        Operation::ReadManifest,
        at(source, digest),
        Kind::Contained,
        format!(
            "the image has more than {MOST_MANIFESTS} manifests, or indexes more than {DEEPEST} deep"
        ),
    )
}
