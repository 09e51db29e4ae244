//! Brings what an image is made of to its target, with as few requests as will do.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::future::BoxFuture;
use futures_util::stream::{FuturesUnordered, StreamExt};

use crate::blob::Pushed;
use crate::descriptor::Descriptor;
use crate::digest::Digest;
use crate::error::Error;
use crate::manifest::Manifest;
use crate::place::Place;
use crate::reference::Repository;

use super::counted::Counted;
use super::standing::{Stand, Standing, handle};
use super::{Event, Graph, Role, Watcher};

/// How a copy goes about it.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// The target has no tags, and most likely nothing at all: no manifest is looked for there, and
    /// no more than the first blobs. Had a copy been broken off, one of these would be there.
    pub cold: bool,
    /// Looks for every manifest and blob: what is there is not taken as proof that what it names is
    /// there, too.
    pub deep: bool,
    /// How many blobs move at once.
    pub blobs_at_once: usize,
    /// Puts the image's own manifest by its digest, though no tag points at it yet.
    pub put_root: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            cold: false,
            deep: false,
            blobs_at_once: 6,
            put_root: false,
        }
    }
}

/// How something came to be at the target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// It was there, or belongs to something that was.
    Present,
    /// The registry had it in another repository.
    Mounted,
    /// It was sent.
    Sent,
    /// It is to be had elsewhere, and does not travel.
    Foreign,
    /// Its tag holds something else at the target, which stays.
    Kept,
    /// The image's own manifest, which is put when a tag is given to it.
    Awaiting,
}

/// One manifest or blob, and what became of it.
#[derive(Clone, Debug)]
pub struct Entry {
    /// What it is.
    pub descriptor: Descriptor,
    /// Why it belongs to the image; nothing for a blob.
    pub role: Option<Role>,
    /// What became of it.
    pub action: Action,
}

/// What a copy did.
#[derive(Clone, Debug, Default)]
pub struct Carried {
    /// Everything that belongs to the image: manifests, the root first, then blobs.
    pub entries: Vec<Entry>,
}

impl Carried {
    /// Tells whether anything was sent or mounted.
    pub fn has_moved(&self) -> bool {
        let moved = |entry: &Entry| matches!(entry.action, Action::Mounted | Action::Sent);
        self.entries.iter().any(moved)
    }
}

/// Brings all that belongs to an image to the target, but moves no tag of its own.
///
/// # Errors
/// The first that could not be mended. What is at the target by then stays there and is not sent
/// again by the next copy.
pub async fn carry(
    graph: &Graph,
    source: &Place,
    target: &Place,
    options: Options,
    watcher: &Arc<dyn Watcher>,
) -> Result<Carried, Error> {
    let standing = Standing::look(graph, target, options).await?;
    let mut copy = Copy::plan(graph, source, target, options, &standing, watcher);
    copy.run().await?;
    copy.list_referrers().await?;
    Ok(copy.carried())
}

/// A copy under way.
struct Copy<'a> {
    graph: &'a Graph,
    source: &'a Place,
    target: &'a Place,
    options: Options,
    watcher: &'a Arc<dyn Watcher>,
    /// The blobs that are not there for all that is known, the largest first.
    blobs: VecDeque<&'a Descriptor>,
    /// What each manifest still waits for; nothing where it is not put.
    waits: Vec<Option<BTreeSet<Digest>>>,
    manifests: Vec<Action>,
    moved: BTreeMap<Digest, Action>,
    /// Referrers whose subject the target did not notice.
    unnoticed: Vec<usize>,
    /// Some blob was found at the target: others may be there, too.
    found: Arc<AtomicBool>,
}

/// Something that a copy waited for.
enum Done<'a> {
    Blob(&'a Descriptor, Action),
    Manifest { index: usize, subject_noticed: bool },
}

type Pending<'a> = FuturesUnordered<BoxFuture<'a, Result<Done<'a>, Error>>>;

impl<'a> Copy<'a> {
    fn plan(
        graph: &'a Graph,
        source: &'a Place,
        target: &'a Place,
        options: Options,
        standing: &Standing,
        watcher: &'a Arc<dyn Watcher>,
    ) -> Self {
        let nodes = graph.nodes();
        // a referrer is put after what it is about, and so the root has to be there for its own
        let refers_to_root = nodes.iter().enumerate().any(|(index, node)| {
            let root = graph.root().map(Manifest::digest);
            standing.of(index) == Stand::Missing
                && matches!(&node.role, Role::Referrer { subject } if Some(subject) == root)
        });
        let actions =
            nodes
                .iter()
                .enumerate()
                .map(|(index, node)| match (standing.of(index), &node.role) {
                    (Stand::Present, _) => Action::Present,
                    (Stand::Other, _) => Action::Kept,
                    (Stand::Missing, Role::Root) if !(options.put_root || refers_to_root) => {
                        Action::Awaiting
                    }
                    (Stand::Missing, _) => Action::Sent,
                });
        let manifests: Vec<Action> = actions.collect();
        let mut wanted: BTreeMap<&Digest, &Descriptor> = BTreeMap::new();
        for (node, action) in nodes.iter().zip(&manifests) {
            let is_new = matches!(action, Action::Sent | Action::Awaiting);
            if is_new || (options.deep && *action == Action::Present) {
                let own = node.manifest.blobs();
                for blob in own.into_iter().filter(|blob| !blob.is_foreign()) {
                    wanted.entry(&blob.digest).or_insert(blob);
                }
            }
        }
        let put: BTreeSet<&Digest> = nodes
            .iter()
            .zip(&manifests)
            .filter(|(_, action)| **action == Action::Sent)
            .map(|(node, _)| node.manifest.digest())
            .collect();
        let waits = nodes.iter().zip(&manifests).map(|(node, action)| {
            (*action == Action::Sent).then(|| {
                let blobs = node.manifest.blobs().into_iter().map(|blob| &blob.digest);
                let mut waits: BTreeSet<Digest> = blobs
                    .filter(|digest| wanted.contains_key(*digest))
                    .cloned()
                    .collect();
                let children = node.manifest.manifests().iter().map(|child| &child.digest);
                let subject = match &node.role {
                    Role::Referrer { subject } => Some(subject),
                    _ => None,
                };
                let before = children.chain(subject);
                waits.extend(before.filter(|digest| put.contains(*digest)).cloned());
                waits
            })
        });
        let waits = waits.collect();
        let mut blobs: Vec<&Descriptor> = wanted.into_values().collect();
        blobs.sort_by_key(|blob| std::cmp::Reverse(blob.size));
        Self {
            graph,
            source,
            target,
            options,
            watcher,
            blobs: blobs.into(),
            waits,
            manifests,
            moved: BTreeMap::new(),
            unnoticed: Vec::new(),
            found: Arc::default(),
        }
    }

    async fn run(&mut self) -> Result<(), Error> {
        self.watcher.see(Event::Planned {
            blobs: self.blobs.len(),
            bytes: self.blobs.iter().map(|blob| blob.size).sum(),
        });
        let mut pending: Pending<'a> = FuturesUnordered::new();
        let mut moving = 0;
        let mut begun = 0;
        self.put_what_is_ready(&mut pending);
        loop {
            while moving < self.options.blobs_at_once.max(1)
                && let Some(blob) = self.blobs.pop_front()
            {
                moving += 1;
                // of a copy that was broken off, one of the first is there or none at all
                let is_first = begun < self.options.blobs_at_once;
                begun += 1;
                pending.push(Box::pin(self.bring(blob, is_first)));
            }
            let Some(done) = pending.next().await else {
                return Ok(());
            };
            match done? {
                Done::Blob(blob, action) => {
                    moving -= 1;
                    self.watcher.see(Event::Blob(blob, action));
                    self.moved.insert(blob.digest.clone(), action);
                    self.arrived(&blob.digest);
                }
                Done::Manifest {
                    index,
                    subject_noticed,
                } => {
                    let Some(node) = self.graph.nodes().get(index) else {
                        continue;
                    };
                    let digest = node.manifest.digest();
                    self.watcher.see(Event::Manifest(digest, Action::Sent));
                    if matches!(node.role, Role::Referrer { .. }) && !subject_noticed {
                        self.unnoticed.push(index);
                    }
                    self.arrived(digest);
                }
            }
            self.put_what_is_ready(&mut pending);
        }
    }

    /// Nobody waits for this any more.
    fn arrived(&mut self, digest: &Digest) {
        for waits in self.waits.iter_mut().flatten() {
            waits.remove(digest);
        }
    }

    fn put_what_is_ready(&mut self, pending: &mut Pending<'a>) {
        for (index, node) in self.graph.nodes().iter().enumerate() {
            let Some(waits) = self.waits.get_mut(index) else {
                continue;
            };
            if waits.as_ref().is_some_and(BTreeSet::is_empty) {
                *waits = None;
                let target = self.target;
                pending.push(Box::pin(async move {
                    let put = target.put_manifest(&node.manifest, &handle(node)).await?;
                    Ok(Done::Manifest {
                        index,
                        subject_noticed: put.subject_noticed,
                    })
                }));
            }
        }
    }

    /// Returns the future that brings one blob to the target.
    fn bring(
        &self,
        blob: &'a Descriptor,
        is_first: bool,
    ) -> impl Future<Output = Result<Done<'a>, Error>> + Send + use<'a> {
        let (source, target, options) = (self.source, self.target, self.options);
        let (watcher, found) = (self.watcher, Arc::clone(&self.found));
        async move {
            let neighbour = neighbour(source, target);
            // a mount finds out by itself, and at once
            let is_likely = !options.cold || is_first || found.load(Ordering::Relaxed);
            let is_worth_a_look = options.deep || is_likely && neighbour.is_none();
            if is_worth_a_look && target.find_blob(&blob.digest).await? == Some(blob.size) {
                found.store(true, Ordering::Relaxed);
                return Ok(Done::Blob(blob, Action::Present));
            }
            let counted = Counted {
                inner: source.blob(blob),
                blob: blob.clone(),
                watcher: Arc::clone(watcher),
            };
            let pushed = target.put_blob(blob, neighbour, &counted).await?;
            let action = match pushed {
                Pushed::Mounted => Action::Mounted,
                Pushed::Uploaded => Action::Sent,
            };
            Ok(Done::Blob(blob, action))
        }
    }

    /// Adds referrers to the lists that the target does not keep itself, one after another: each is
    /// read, changed and written.
    async fn list_referrers(&self) -> Result<(), Error> {
        let unnoticed = self.unnoticed.iter();
        for node in unnoticed.filter_map(|index| self.graph.nodes().get(*index)) {
            if let Role::Referrer { subject } = &node.role {
                let descriptor = node.manifest.descriptor();
                self.target.list_referrer(subject, &descriptor).await?;
            }
        }
        Ok(())
    }

    fn carried(&self) -> Carried {
        let nodes = self.graph.nodes().iter().zip(&self.manifests);
        let mut entries: Vec<Entry> = nodes
            .map(|(node, action)| Entry {
                descriptor: node.manifest.descriptor(),
                role: Some(node.role.clone()),
                action: *action,
            })
            .collect();
        let mut named: BTreeMap<&Digest, &Descriptor> = BTreeMap::new();
        for blob in self
            .graph
            .nodes()
            .iter()
            .flat_map(|node| node.manifest.blobs())
        {
            named.entry(&blob.digest).or_insert(blob);
        }
        entries.extend(named.into_values().map(|blob| Entry {
            descriptor: blob.clone(),
            role: None,
            action: match self.moved.get(&blob.digest) {
                Some(action) => *action,
                None if blob.is_foreign() => Action::Foreign,
                None => Action::Present,
            },
        }));
        Carried { entries }
    }
}

/// Returns the source as a neighbour of the target, from which blobs can be mounted.
fn neighbour<'a>(source: &'a Place, target: &Place) -> Option<&'a Repository> {
    let (source, target) = (source.repository()?, target.repository()?);
    (source.registry() == target.registry() && source.path() != target.path()).then_some(source)
}
