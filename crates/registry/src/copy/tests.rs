//! What belongs to an image, and in which order it goes.

use std::sync::{Arc, Mutex};

use duat_tests::image::{Content, Image, Recipe};
use duat_tests::registry::{Fault, Referrers, Registry, Settings as Double};
use tempfile::TempDir;

use super::counted::Counted;
use super::{Action, Carried, Event, Follow, Graph, Options, Role, Silent, Watcher, carry, check};
use crate::blob::BlobSource;
use crate::client::{Access, Client};
use crate::credential::Anonymous;
use crate::error::{Error, Kind};
use crate::layout::Layout;
use crate::place::Place;
use crate::reference::Handle;
use crate::transport::{Settings, Transport};

const REPOSITORY: &str = "acme/app";

fn place(registry: &Registry) -> Place {
    let transport = Transport::new(Settings::default()).unwrap();
    let client = Client::new(transport, Arc::new(Anonymous));
    let repository = format!("{}/{REPOSITORY}", registry.host());
    Place::Remote(client.remote(&repository.parse().unwrap(), Access::Push))
}

fn run<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.unwrap().block_on(future)
}

/// Two registries, of which the first holds an image.
struct Scene {
    image: Image,
    source: Registry,
    target: Registry,
}

impl Scene {
    fn new(image: Image) -> Self {
        let [source, target] = [(); 2].map(|()| Registry::start());
        source.push_image(REPOSITORY, "1", &image);
        Self {
            image,
            source,
            target,
        }
    }

    fn discover(&self, follow: Follow) -> Result<Graph, Error> {
        let source = place(&self.source);
        run(async {
            let root = source.manifest(&"1".parse::<Handle>().unwrap()).await?;
            Graph::discover(&source, root, follow).await
        })
    }

    fn graph(&self) -> Graph {
        self.discover(Follow::Referrers).unwrap()
    }

    fn carry(&self, graph: &Graph, options: Options, watcher: &Arc<dyn Watcher>) -> Carried {
        let (source, target) = (place(&self.source), place(&self.target));
        run(carry(graph, &source, &target, options, watcher)).unwrap()
    }
}

fn silent() -> Arc<dyn Watcher> {
    Arc::new(Silent)
}

fn put_root() -> Options {
    Options {
        put_root: true,
        ..Options::default()
    }
}

fn digests(graph: &Graph) -> Vec<String> {
    let digests = graph.nodes().iter().map(|node| node.manifest.digest());
    digests.map(ToString::to_string).collect()
}

fn actions(carried: &Carried, digest: &str) -> Vec<Action> {
    let entries = carried.entries.iter();
    let of_it = entries.filter(|entry| entry.descriptor.digest.to_string() == digest);
    of_it.map(|entry| entry.action).collect()
}

#[test]
fn every_manifest_belongs_to_an_image_once_and_the_root_comes_first() {
    let image = Recipe::new("app")
        .platforms(3)
        .layers(1)
        .attested()
        .nested()
        .make();
    let scene = Scene::new(image);
    let graph = scene.graph();
    let found = digests(&graph);
    assert_eq!(found[0], scene.image.digest());
    assert_eq!(graph.root().unwrap().digest().to_string(), found[0]);
    let mut found = found;
    let mut all: Vec<String> = scene.image.manifests.iter().map(digest_of).collect();
    found.sort();
    all.sort();
    assert_eq!(found, all);
}

fn digest_of(content: &Content) -> String {
    content.digest.clone()
}

#[test]
fn referrers_belong_to_it_of_every_part_and_of_other_referrers() {
    let recipe = Recipe::new("app").platforms(2).layers(1);
    let recipe = recipe.referrer("application/spdx+json");
    let recipe = recipe.referrer_per_child("application/vnd.example.scan");
    let recipe = recipe.referrer_per_referrer("application/vnd.cncf.notary.signature");
    let scene = Scene::new(recipe.signed().attached("att").make());
    let graph = scene.graph();
    let refers = |node: &&super::Node| matches!(node.role, Role::Referrer { .. });
    let referrers = graph.nodes().iter().filter(refers).count();
    assert_eq!(referrers, scene.image.referrers.len());
    assert_eq!(
        graph.referrers().count(),
        scene.image.referrers.len() + scene.image.attached.len()
    );
    let alone = scene.discover(Follow::Nothing).unwrap();
    assert_eq!(alone.referrers().count(), 0);
}

#[test]
fn a_referrer_that_was_lost_before_is_no_error_and_a_child_is() {
    let recipe = Recipe::new("app").platforms(2).layers(1);
    let image = recipe.referrer("application/spdx+json").make();
    let scene = Scene::new(image);
    let referrer = &scene.image.referrers[0].digest;
    // as a fallback list says that is not kept up
    scene
        .source
        .change(|settings| settings.referrers(Referrers::Off));
    scene.source.push_image(REPOSITORY, "1", &scene.image);
    scene.source.remove(REPOSITORY, referrer);
    assert!(!digests(&scene.graph()).contains(referrer));
    let child = scene.image.manifests.iter().map(digest_of);
    let mut child = child.filter(|digest| digest != scene.image.digest());
    scene.source.remove(REPOSITORY, &child.next().unwrap());
    let error = scene.discover(Follow::Referrers).unwrap_err();
    assert_eq!(error.kind(), Kind::NotFound, "{error}");
}

#[test]
fn indexes_without_end_are_not_followed() {
    let scene = Scene::new(Image::single("app", 1));
    let mut inner = scene.image.root().clone();
    for _ in 0..12 {
        let text = format!(
            r#"{{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[{{"mediaType":"{}","digest":"{}","size":{}}}]}}"#,
            inner.media_type,
            inner.digest,
            inner.bytes.len()
        );
        inner = Content::new("application/vnd.oci.image.index.v1+json", text.into_bytes());
        scene.source.put_manifest(REPOSITORY, "1", &inner);
    }
    let error = scene.discover(Follow::Nothing).unwrap_err();
    assert_eq!(error.kind(), Kind::Contained, "{error}");
}

#[test]
fn an_index_that_lies_about_a_size_is_found_out() {
    let scene = Scene::new(Image::single("app", 1));
    let root = scene.image.root();
    let text = format!(
        r#"{{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[{{"mediaType":"{}","digest":"{}","size":7}}]}}"#,
        root.media_type, root.digest
    );
    let index = Content::new("application/vnd.oci.image.index.v1+json", text.into_bytes());
    scene.source.put_manifest(REPOSITORY, "1", &index);
    let error = scene.discover(Follow::Nothing).unwrap_err();
    assert_eq!(error.kind(), Kind::Verification, "{error}");
}

#[test]
fn nothing_is_put_before_what_it_names() {
    let recipe = Recipe::new("app").platforms(2).layers(2);
    let recipe = recipe.referrer("application/spdx+json");
    let scene = Scene::new(recipe.signed().make());
    scene.carry(&scene.graph(), put_root(), &silent());
    // the double refuses a manifest whose parts it lacks: all were taken at once
    assert!(
        scene
            .target
            .requests()
            .iter()
            .all(|request| request.status < 400 || request.method == "HEAD")
    );
    assert_eq!(
        scene.target.lacks(REPOSITORY, &scene.image),
        Vec::<String>::new()
    );
    let puts = scene.target.requests();
    let at = |digest: &str| {
        puts.iter().position(|put| {
            put.method == "PUT" && put.target.contains(&format!("manifests/{digest}"))
        })
    };
    let root = at(scene.image.digest()).unwrap();
    for child in scene
        .image
        .manifests
        .iter()
        .filter(|each| each.digest != scene.image.digest())
    {
        assert!(at(&child.digest).unwrap() < root, "{puts}");
    }
    for referrer in &scene.image.referrers {
        assert!(at(&referrer.digest).unwrap() > root, "{puts}");
    }
}

#[test]
fn the_root_is_left_to_whoever_moves_its_tag() {
    let scene = Scene::new(Image::index("app", 2, 1));
    let carried = scene.carry(&scene.graph(), Options::default(), &silent());
    assert_eq!(actions(&carried, scene.image.digest()), [Action::Awaiting]);
    assert_eq!(
        scene.target.lacks(REPOSITORY, &scene.image),
        [scene.image.digest()]
    );
    assert!(scene.target.tags(REPOSITORY).is_empty());
}

/// Notes the sizes of blobs in the order they begin.
#[derive(Default)]
struct Sizes(Mutex<Vec<u64>>);

impl Watcher for Sizes {
    fn see(&self, event: Event<'_>) {
        if let Event::Started(blob) = event {
            self.0.lock().unwrap().push(blob.size);
        }
    }
}

#[test]
fn the_largest_blobs_go_first() {
    let scene = Scene::new(Recipe::new("app").layers(5).make());
    let sizes = Arc::new(Sizes::default());
    let watcher: Arc<dyn Watcher> = Arc::clone(&sizes) as Arc<dyn Watcher>;
    let options = Options {
        blobs_at_once: 1,
        ..put_root()
    };
    scene.carry(&scene.graph(), options, &watcher);
    let seen = sizes.0.lock().unwrap().clone();
    let mut sorted = seen.clone();
    sorted.sort_by_key(|size| std::cmp::Reverse(*size));
    assert_eq!(seen, sorted);
    assert_eq!(seen.len(), scene.image.blobs.len());
}

#[test]
fn what_is_there_is_said_to_be_there_and_not_sent() {
    let scene = Scene::new(Image::index("app", 2, 2));
    let graph = scene.graph();
    let first = scene.carry(&graph, put_root(), &silent());
    assert!(first.has_moved());
    scene.target.forget();
    let second = scene.carry(&graph, put_root(), &silent());
    assert!(!second.has_moved());
    assert!(
        second
            .entries
            .iter()
            .all(|entry| entry.action == Action::Present)
    );
    assert!(scene.target.requests().writes().is_empty());
}

#[test]
fn what_was_lost_behind_a_manifest_is_sent_again_by_a_deep_copy_alone() {
    let scene = Scene::new(Image::index("app", 2, 2));
    let graph = scene.graph();
    scene.carry(&graph, put_root(), &silent());
    let lost = &scene.image.blobs[1].digest;
    scene.target.remove(REPOSITORY, lost);
    let shallow = scene.carry(&graph, put_root(), &silent());
    assert_eq!(
        actions(&shallow, lost),
        [Action::Present],
        "the manifest's word is taken"
    );
    let options = Options {
        deep: true,
        ..put_root()
    };
    let deep = scene.carry(&graph, options, &silent());
    assert_eq!(actions(&deep, lost), [Action::Sent]);
    assert_eq!(
        scene.target.lacks(REPOSITORY, &scene.image),
        Vec::<String>::new()
    );
}

#[test]
fn a_tag_of_cosigns_that_holds_something_else_stays() {
    let scene = Scene::new(Recipe::new("app").signed().make());
    let (tag, signature) = &scene.image.attached[0];
    let other = scene
        .target
        .push_image(REPOSITORY, tag, &Image::single("other", 1));
    let carried = scene.carry(&scene.graph(), put_root(), &silent());
    assert_eq!(actions(&carried, &signature.digest), [Action::Kept]);
    assert_eq!(scene.target.tag(REPOSITORY, tag), Some(other));
}

#[test]
fn layers_that_are_kept_elsewhere_are_neither_sent_nor_missed() {
    let scene = Scene::new(Recipe::new("app").layers(1).foreign_layer().make());
    let carried = scene.carry(&scene.graph(), put_root(), &silent());
    let foreign = carried.entries.iter();
    let foreign = foreign.filter(|entry| entry.action == Action::Foreign);
    assert_eq!(foreign.count(), 1);
    let target = place(&scene.target);
    let checked = run(async {
        let digest: Handle = scene.image.digest().parse().unwrap();
        check(&target, target.manifest(&digest).await?).await
    });
    assert!(checked.unwrap().missing.is_empty());
}

#[test]
fn a_check_names_all_that_is_missing() {
    let scene = Scene::new(Image::index("app", 2, 2));
    let mut lost = vec![
        scene.image.blobs[0].digest.clone(),
        scene.image.blobs[3].digest.clone(),
    ];
    for digest in &lost {
        scene.source.remove(REPOSITORY, digest);
    }
    let source = place(&scene.source);
    let checked = run(async {
        let root = source.manifest(&"1".parse::<Handle>().unwrap()).await?;
        check(&source, root).await
    });
    let checked = checked.unwrap();
    let missing: Vec<String> = checked
        .missing
        .iter()
        .map(|each| each.digest.to_string())
        .collect();
    lost.sort();
    assert_eq!(missing, lost);
    assert_eq!(checked.manifests, 3);
    assert_eq!(checked.blobs, scene.image.blobs.len() - 2);
}

#[test]
fn a_copy_goes_from_files_to_a_registry_and_back() {
    let image = Recipe::new("app").platforms(2).layers(2).signed().make();
    let directory = TempDir::new().unwrap();
    image.write_layout(directory.path().join("in"), "1");
    let registry = Double::distribution().start();
    let [from, to] =
        ["in", "out"].map(|name| Place::Layout(Layout::new(directory.path().join(name))));
    let between = place(&registry);
    run(async {
        let handle: Handle = "1".parse().unwrap();
        for (from, to) in [(&from, &between), (&between, &to)] {
            let root = from.manifest(&handle).await?;
            let graph = Graph::discover(from, root.clone(), Follow::Referrers).await?;
            carry(&graph, from, to, Options::default(), &silent()).await?;
            to.put_manifest(&root, &handle).await?;
            let checked = check(to, root).await?;
            assert!(checked.missing.is_empty());
        }
        Ok::<_, Error>(())
    })
    .unwrap();
    assert_eq!(registry.lacks(REPOSITORY, &image), Vec::<String>::new());
}

#[test]
fn bytes_are_verified_once_on_their_way() {
    let scene = Scene::new(Image::single("app", 1));
    let directory = TempDir::new().unwrap();
    scene.image.write_layout(directory.path(), "1");
    let graph = scene.graph();
    let blob = graph.nodes()[0].manifest.blobs()[0];
    let files = Place::Layout(Layout::new(directory.path()));
    for source in [place(&scene.source), files] {
        let counted = Counted {
            inner: source.blob(blob),
            blob: blob.clone(),
            watcher: silent(),
        };
        assert!(counted.is_verified(), "the target need not do it again");
    }
}

#[test]
fn a_blob_that_is_another_is_not_copied_from_anywhere() {
    let mut scene = Scene::new(Image::single("app", 1));
    let graph = scene.graph();
    let mut wrong = scene.image.blobs[0].bytes.to_vec();
    wrong[0] ^= 1;
    scene.image.blobs[0].bytes = wrong.clone().into();
    let directory = TempDir::new().unwrap();
    scene.image.write_layout(directory.path(), "1");
    let blob = &scene.image.blobs[0];
    let files = Place::Layout(Layout::new(directory.path()));
    let get = Fault::on("GET", &format!("/blobs/{}", blob.digest));
    scene.source.fault(get.body(wrong));
    let target = place(&scene.target);
    for source in [place(&scene.source), files] {
        let silent = silent();
        let carried = carry(&graph, &source, &target, put_root(), &silent);
        let error = run(carried).unwrap_err();
        assert_eq!(error.kind(), Kind::Verification, "{error}");
        assert!(!scene.target.has_blob(REPOSITORY, &blob.digest));
    }
}
