//! Images on their way: what belongs to each, and what of it has to move.

use std::sync::Arc;

use duat_ecr::Creation;
use duat_registry::copy::{self, Carried, Follow, Graph, Watcher};
use duat_registry::{Error, Manifest};
use duat_shell::{Failure, Failures, Progress, Talk};
use futures_util::future::try_join_all;

use crate::args;
use crate::border;
use crate::plan::{Plan, Step};
use crate::progress::Bars;
use crate::survey::Ends;
use crate::world::World;
use crate::{proof, verify};

/// An image on its way: what is to be done, and what was fetched for it.
pub(crate) struct Freight<'a> {
    pub ends: &'a Ends,
    pub step: &'a Step,
    pub manifest: Manifest,
    pub graph: Option<Graph>,
}

/// All images of a release, and how they are treated.
pub(crate) struct Freights<'a> {
    pub images: Vec<Freight<'a>>,
    args: &'a args::Promote,
}

impl<'a> Freights<'a> {
    /// Finds all that belongs to the images that are copied, or of which something is required.
    ///
    /// # Errors
    /// What belongs to an image cannot be had, or what must go with it is not there.
    pub(crate) async fn gather(
        ends: &'a [Ends],
        plan: &'a Plan,
        manifests: Vec<Manifest>,
        args: &'a args::Promote,
    ) -> Result<Self, Failures> {
        let images = ends.iter().zip(&plan.steps).zip(manifests);
        let images = try_join_all(images.map(|((ends, step), manifest)| async move {
            let graph = discover(ends, step, &manifest, args).await?;
            Ok(Freight {
                ends,
                step,
                manifest,
                graph,
            })
        }));
        let images = images
            .await
            .map_err(|error: Error| border::failure(&error))?;
        let known = images.iter();
        let known = known.filter_map(|freight| Some((freight.ends, freight.graph.as_ref()?)));
        proof::require(&args.require, known)?;
        Ok(Self { images, args })
    }

    /// Refuses an image of which its own place has lost something: there is nowhere to fetch it from.
    pub(crate) async fn look_for_losses(&self) -> Result<(), Failure> {
        for freight in &self.images {
            if freight.ends.is_one_place() {
                verify::complete(freight.ends, freight.manifest.clone()).await?;
            }
        }
        Ok(())
    }

    /// Makes the repositories that ECR wants before the first push.
    pub(crate) async fn make_repositories(
        &self,
        world: &World,
        creation: Option<&Creation>,
    ) -> Result<(), Failure> {
        for freight in &self.images {
            if freight.step.makes_repository {
                world.make_repository(&freight.step.to, creation).await?;
            }
        }
        Ok(())
    }

    /// Copies what is missing of every image.
    pub(crate) async fn carry(&self, talk: Talk) -> Result<Vec<Option<Carried>>, Failure> {
        let moving = self.images.iter().any(|freight| freight.step.copies);
        let progress = moving.then(|| Progress::new(talk));
        let several = self.images.len() > 1;
        let deep = self.args.deep;
        let carried = try_join_all(self.images.iter().map(|freight| {
            let progress = progress.clone();
            async move {
                let (Some(graph), Some(progress)) = (&freight.graph, progress) else {
                    return Ok(None);
                };
                if !freight.step.copies {
                    return Ok(None);
                }
                let module = several.then_some(freight.step.image.module.as_str());
                let watcher: Arc<dyn Watcher> = Arc::new(Bars::new(progress, module));
                let options = copy::Options {
                    cold: freight.step.is_cold && !deep,
                    deep,
                    ..copy::Options::default()
                };
                let ends = freight.ends;
                copy::carry(graph, &ends.source, &ends.target, options, &watcher)
                    .await
                    .map(Some)
            }
        }));
        carried
            .await
            .map_err(|error: Error| border::failure(&error))
    }
}

async fn discover(
    ends: &Ends,
    step: &Step,
    manifest: &Manifest,
    args: &args::Promote,
) -> Result<Option<Graph>, Error> {
    if !step.copies && args.require.is_empty() {
        return Ok(None);
    }
    let follow = if args.no_referrers && args.require.is_empty() {
        Follow::Nothing
    } else {
        Follow::Referrers
    };
    let graph = Graph::discover(&ends.source, manifest.clone(), follow);
    graph.await.map(Some)
}
