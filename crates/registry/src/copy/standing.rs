//! What of an image's manifests is at the target before anything moves.

use futures_util::stream::{FuturesUnordered, StreamExt};

use crate::error::Error;
use crate::place::Place;
use crate::reference::Handle;

use super::carry::Options;
use super::{Graph, Node, Role};

/// What of an image's manifests the target has.
pub(super) struct Standing(Vec<Stand>);

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Stand {
    Missing,
    Present,
    /// Its tag points at something else.
    Other,
}

impl Standing {
    pub(super) async fn look(
        graph: &Graph,
        target: &Place,
        options: Options,
    ) -> Result<Self, Error> {
        let nodes = graph.nodes();
        let mut stands = vec![Stand::Missing; nodes.len()];
        if options.cold {
            return Ok(Self(stands));
        }
        let mut pending: FuturesUnordered<_> = nodes
            .iter()
            .enumerate()
            .map(|(index, node)| async move {
                let found = target.find_manifest(&handle(node)).await;
                (index, found)
            })
            .collect();
        while let Some((index, found)) = pending.next().await {
            let (Some(stand), Some(node)) = (stands.get_mut(index), nodes.get(index)) else {
                continue;
            };
            *stand = match found? {
                None => Stand::Missing,
                Some(found) if found.digest == *node.manifest.digest() => Stand::Present,
                Some(_) => Stand::Other,
            };
        }
        Ok(Self(stands))
    }

    pub(super) fn of(&self, index: usize) -> Stand {
        self.0.get(index).copied().unwrap_or(Stand::Missing)
    }
}

/// Returns what a manifest is put under: only what is found by its tag travels with one.
pub(super) fn handle(node: &Node) -> Handle {
    match &node.role {
        Role::Tagged { tag, .. } => Handle::Tag(tag.clone()),
        Role::Root | Role::Child | Role::Referrer { .. } => {
            Handle::Digest(node.manifest.digest().clone())
        }
    }
}
