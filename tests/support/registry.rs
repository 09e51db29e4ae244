//! A registry in the test's own process, as good or as bad as a test wants it.
//!
//! It keeps repositories, blobs, manifests and upload sessions in memory and speaks the OCI
//! distribution protocol as its own [`Settings`] say: from a faultless registry to one that has every
//! habit ever met in the wild. A [`Fault`] spoils single answers, a [`Hold`] stops the world at a
//! request. Every request is on [record](Registry::requests), so that tests can count them.
//!
//! ```
//! use duat_tests::image::Image;
//! use duat_tests::registry::{Fault, Registry};
//!
//! let registry = Registry::start();
//! let digest = registry.push_image("acme/app/server", "0.0.1", &Image::index("app", 2, 3));
//! registry.fault(Fault::on("PUT", "/manifests/").times(2).answers(429).header("retry-after", "1"));
//! assert_eq!(registry.tag("acme/app/server", "0.0.1").as_deref(), Some(&*digest));
//! assert_eq!(registry.requests().len(), 0);
//! ```

mod blobs;
mod fault;
mod guard;
mod listings;
mod manifests;
mod record;
mod route;
mod service;
mod settings;
mod storage;
mod store;
mod tokens;
mod uploads;

use std::net::SocketAddr;
use std::sync::Arc;

use rustls::ServerConfig;

use crate::http::{Body, Mishap, Request, Server};
use crate::image::{Content, Image};

pub use fault::Fault;
pub use guard::{Guard, Tokens};
pub use record::{Credentials, Hold, Moment, Recorded, Requests};
pub use service::Origin;
pub use settings::{Location, Mounts, Referrers, Settings};

use service::Service;

/// What it is spoken to over.
enum Wire {
    Plain,
    V6,
    Tls(Arc<ServerConfig>),
    H2(
        Arc<ServerConfig>,
        Arc<dyn Fn(usize) -> Mishap + Send + Sync>,
    ),
}

/// A registry on loopback ports of its own; it ends when dropped.
pub struct Registry {
    server: Server,
    /// Where blobs are fetched from when they are [elsewhere](Settings::blobs_elsewhere).
    #[expect(dead_code, reason = "it runs until the registry is dropped")]
    storage: Server,
    /// Where tokens are asked for.
    #[expect(dead_code, reason = "it runs until the registry is dropped")]
    tokens: Server,
    service: Arc<Service>,
}

impl Registry {
    /// Starts a faultless registry that lets everybody in.
    pub fn start() -> Self {
        Settings::new().start()
    }

    fn serve(settings: Settings, wire: &Wire) -> Self {
        let service = Arc::new(Service::new(settings));
        let start = |origin: Origin| {
            let service = Arc::clone(&service);
            let answer =
                move |request: &Request, body: &mut Body<'_>| service.answer(origin, request, body);
            match wire {
                Wire::Plain => Server::start(answer),
                Wire::V6 => Server::start_v6(answer),
                Wire::Tls(tls) => Server::start_tls(Arc::clone(tls), answer),
                Wire::H2(tls, mishaps) => {
                    let mishaps = Arc::clone(mishaps);
                    Server::start_h2(Arc::clone(tls), answer, move |number| {
                        // the other servers are as they should be
                        if origin == Origin::Registry {
                            mishaps(number)
                        } else {
                            Mishap::None
                        }
                    })
                }
            }
        };
        let server = start(Origin::Registry);
        let storage = start(Origin::Storage);
        let tokens = start(Origin::Tokens);
        service.know(&server, &storage, &tokens);
        Self {
            server,
            storage,
            tokens,
            service,
        }
    }

    /// Returns `127.0.0.1:PORT`: what image references start with.
    pub fn host(&self) -> String {
        self.server.address().to_string()
    }

    /// Returns how many connections to the registry itself have been made.
    pub fn connections(&self) -> usize {
        self.server.connections()
    }

    /// Returns the address that the registry listens at.
    pub fn address(&self) -> SocketAddr {
        self.server.address()
    }

    /// Returns the URL of `path`, which starts with `/`.
    pub fn url(&self, path: &str) -> String {
        self.server.url(path)
    }

    /// Puts an image into a repository, under a tag, with all that belongs to it; returns its digest.
    ///
    /// Where the registry has no referrers API, referrers are listed under fallback tags as well.
    pub fn push_image(&self, repository: &str, tag: &str, image: &Image) -> String {
        let indexed = self.service.settings().referrers != Referrers::On;
        let mut store = self.service.store();
        let held = store.create(repository);
        held.put_image(image, indexed);
        held.tags.insert(tag.to_owned(), image.digest().to_owned());
        image.digest().to_owned()
    }

    /// Puts a manifest into a repository as it is, under a tag or, when that is its digest, without.
    pub fn put_manifest(&self, repository: &str, reference: &str, manifest: &Content) {
        let mut store = self.service.store();
        let held = store.create(repository);
        held.put_manifest(manifest.clone());
        if reference != manifest.digest {
            let digest = manifest.digest.clone();
            held.tags.insert(reference.to_owned(), digest);
        }
    }

    /// Puts a blob into a repository.
    pub fn put_blob(&self, repository: &str, blob: &Content) {
        let mut store = self.service.store();
        store.create(repository).put_blob(blob);
    }

    /// Makes an empty repository.
    pub fn create_repository(&self, repository: &str) {
        self.service.store().create(repository);
    }

    /// Returns the names of the repositories.
    pub fn repositories(&self) -> Vec<String> {
        self.service.store().repositories()
    }

    /// Returns the digest that a tag leads to.
    pub fn tag(&self, repository: &str, tag: &str) -> Option<String> {
        let store = self.service.store();
        store.get(repository)?.tags.get(tag).cloned()
    }

    /// Returns the tags of a repository, sorted.
    pub fn tags(&self, repository: &str) -> Vec<String> {
        let store = self.service.store();
        let held = store.get(repository);
        held.map_or_else(Vec::new, |held| held.tags.keys().cloned().collect())
    }

    /// Returns the manifest of a digest.
    pub fn manifest(&self, repository: &str, digest: &str) -> Option<Content> {
        let store = self.service.store();
        store.get(repository)?.manifests.get(digest).cloned()
    }

    /// Tells whether a repository has a blob.
    pub fn has_blob(&self, repository: &str, digest: &str) -> bool {
        let store = self.service.store();
        let held = store.get(repository);
        held.is_some_and(|held| held.blobs.contains_key(digest))
    }

    /// Returns the parts of an image that a repository lacks, by digest; referrers and what is
    /// attached are parts of it.
    pub fn lacks(&self, repository: &str, image: &Image) -> Vec<String> {
        let store = self.service.store();
        let held = store.get(repository);
        let attached = image.attached.iter().map(|(_, content)| content);
        let manifests = image
            .manifests
            .iter()
            .chain(&image.referrers)
            .chain(attached);
        let is_there = |content: &&Content| {
            held.is_some_and(|held| held.manifests.get(&content.digest) == Some(content))
        };
        let manifests = manifests.filter(|content| !is_there(content));
        let blobs = image
            .blobs
            .iter()
            .filter(|content| !held.is_some_and(|held| held.blobs.contains_key(&content.digest)));
        manifests
            .chain(blobs)
            .map(|content| content.digest.clone())
            .collect()
    }

    /// Removes a tag.
    pub fn remove_tag(&self, repository: &str, tag: &str) {
        self.service.store().create(repository).tags.remove(tag);
    }

    /// Removes a blob or a manifest, as a lifecycle policy does.
    pub fn remove(&self, repository: &str, digest: &str) {
        self.service.store().create(repository).remove(digest);
    }

    /// Returns how many upload sessions were begun and neither finished nor cancelled.
    pub fn open_sessions(&self) -> usize {
        self.service.store().sessions.len()
    }

    /// Returns what was carried out though its answer found the line cut: `POST /v2/…`.
    pub fn unheard(&self) -> Vec<String> {
        self.server.unheard()
    }

    /// Changes the settings of the running registry.
    pub fn change(&self, change: impl FnOnce(Settings) -> Settings) {
        self.service.change(change);
    }

    /// Spoils some of the answers to come.
    pub fn fault(&self, fault: Fault) {
        self.service.add(fault);
    }

    /// Ends all faults.
    pub fn heal(&self) {
        self.service.heal();
    }

    /// Stops the world at a request; the first one is number 1. Only one can be held at a time.
    pub fn hold(&self, number: usize, moment: Moment) -> Hold {
        self.service.record.hold(number, moment)
    }

    /// Returns all requests so far, those for tokens and to the storage too.
    pub fn requests(&self) -> Requests {
        self.service.record.all()
    }

    /// Forgets the requests so far; the next one is number 1.
    pub fn forget(&self) {
        self.service.record.forget();
    }

    /// Makes all tokens worthless from now on.
    pub fn expire_tokens(&self) {
        self.service.expire_tokens();
    }

    /// Returns every secret there is: passwords, tokens given out, signatures of URLs.
    pub fn secrets(&self) -> Vec<String> {
        self.service.secrets()
    }
}

#[cfg(test)]
mod tests;
