//! A GitHub on loopback, for as long as a test runs.
//!
//! It knows repositories, tags, releases and assets, and answers as GitHub does: drafts are not
//! found by their tag and may be many, an asset that did not arrive stays as a `starter`, names are
//! changed, published releases may be immutable. What goes wrong is planned per route and call.
//!
//! ```
//! use duat_tests::github::{Fault, GitHub, Route};
//!
//! let github = GitHub::start();
//! github.repository("owner/tool").published("1.0.0", &[("tool.zip", b"bytes")]);
//! github.fault(Route::Upload, 2, Fault::LostAnswer);
//! assert!(github.api_url().starts_with("http://127.0.0.1:"));
//! ```
//!
//! It is held to GitHub's own description of its API: a request or an answer that breaks it fails
//! the test at its end.

mod answer;
mod asset;
mod contract;
mod exchange;
mod fault;
mod git;
mod instant;
mod mishap;
mod name;
mod page;
mod race;
mod release;
mod repository;
mod route;
mod service;
mod state;
mod view;

#[cfg(test)]
mod tests;

use std::ffi::OsStr;
use std::net::SocketAddr;
use std::sync::Arc;
use std::thread;

use crate::http::{Authority, Server};
use crate::{Call, Scene};

pub use exchange::{Exchange, Origin};
pub use fault::Fault;
pub use repository::{History, Repository};
pub use route::Route;
pub use state::{Asset, Release, Rights};

use fault::Planned;
use service::Service;
use view::Links;

/// A GitHub of its own: two servers on loopback and what they know.
pub struct GitHub {
    service: Arc<Service>,
    api: Server,
    /// Asked for uploads only; an enterprise server has none of its own.
    _uploads: Option<Server>,
}

impl GitHub {
    /// A token that may push, but neither tag workflows nor read settings.
    pub const TOKEN: &str = "ghp_LoopbackSecretOfTheDoubleOnly0000000000";

    /// Starts one like github.com: the API and uploads are two servers.
    pub fn start() -> Self {
        let service = Service::shared();
        let [api, uploads] = [Origin::Api, Origin::Uploads].map(|origin| serve(&service, origin));
        service.lead_to(Links {
            api: api.url(""),
            uploads: uploads.url(""),
            web: api.url(""),
        });
        Self {
            service,
            api,
            _uploads: Some(uploads),
        }
    }

    /// Starts one like an older enterprise server: one host with `/api/v3` and `/api/uploads`, and
    /// no digests.
    pub fn enterprise() -> Self {
        let service = Service::shared();
        let api = serve(&service, Origin::Api);
        service.lead_to(Links {
            api: api.url("/api/v3"),
            uploads: api.url("/api/uploads"),
            web: api.url(""),
        });
        service.state().habits.no_digests = true;
        Self {
            service,
            api,
            _uploads: None,
        }
    }

    /// Starts one that is reached through itself as a proxy, under this name and those of its API and
    /// uploads: `api.NAME` and `uploads.NAME`.
    pub fn behind(name: &str) -> Self {
        let service = Service::shared();
        let api = serve(&service, Origin::Api);
        service.lead_to(Links {
            api: format!("http://api.{name}"),
            uploads: format!("http://uploads.{name}"),
            web: format!("http://{name}"),
        });
        Self {
            service,
            api,
            _uploads: None,
        }
    }

    /// Starts one like an enterprise server that is reached through itself as a proxy, under this
    /// name.
    pub fn enterprise_behind(name: &str) -> Self {
        let service = Service::shared();
        let api = serve(&service, Origin::Api);
        service.lead_to(Links {
            api: format!("http://{name}/api/v3"),
            uploads: format!("http://{name}/api/uploads"),
            web: format!("http://{name}"),
        });
        Self {
            service,
            api,
            _uploads: None,
        }
    }

    /// Starts one like an enterprise server that speaks TLS, with a certificate of this authority.
    pub fn secure(authority: &Authority) -> Self {
        let service = Service::shared();
        let api = serve_tls(&service, authority, &[]);
        service.lead_to(Links {
            api: api.url("/api/v3"),
            uploads: api.url("/api/uploads"),
            web: api.url(""),
        });
        Self {
            service,
            api,
            _uploads: None,
        }
    }

    /// Starts one like GitHub with data residency, which a proxy has to lead to: `api.NAME` and
    /// `uploads.NAME` speak TLS, with a certificate of this authority.
    pub fn residing_at(name: &str, authority: &Authority) -> Self {
        let service = Service::shared();
        let names = [format!("api.{name}"), format!("uploads.{name}")];
        let api = serve_tls(&service, authority, &names.each_ref().map(String::as_str));
        service.lead_to(Links {
            api: format!("https://api.{name}"),
            uploads: format!("https://uploads.{name}"),
            web: format!("https://{name}"),
        });
        Self {
            service,
            api,
            _uploads: None,
        }
    }

    /// Sends uploads elsewhere than to itself: `base` is what its releases say.
    pub fn uploads_at(base: &str) -> Self {
        let service = Service::shared();
        let api = serve(&service, Origin::Api);
        service.lead_to(Links {
            api: api.url(""),
            uploads: base.to_owned(),
            web: api.url(""),
        });
        Self {
            service,
            api,
            _uploads: None,
        }
    }

    /// Returns the base of the API, without a slash at the end.
    pub fn api_url(&self) -> &str {
        &self.service.links().api
    }

    /// Returns `http://127.0.0.1:PORT` of the server of the API.
    pub fn address(&self) -> String {
        self.api.url("")
    }

    /// Returns `127.0.0.1:PORT` of the server of the API, for who leads there.
    pub fn socket(&self) -> SocketAddr {
        self.api.address()
    }

    /// Returns the repository `OWNER/NAME`, which is made if it does not exist.
    pub fn repository(&self, full_name: &str) -> Repository<'_> {
        Repository::named(self, full_name)
    }

    /// Plans a fault for the `nth` call, from 1, of a route.
    pub fn fault(&self, route: Route, nth: usize, fault: Fault) -> &Self {
        let planned = Planned { route, nth, fault };
        self.service.state().faults.push(planned);
        self
    }

    /// Accepts another token.
    pub fn token(&self, token: &str, rights: Rights) -> &Self {
        let mut state = self.service.state();
        state.tokens.insert(token.to_owned(), rights);
        drop(state);
        self
    }

    /// Shows what is made only after so many lists.
    pub fn list_lag(&self, lists: u32) -> &Self {
        self.service.state().habits.list_lag = lists;
        self
    }

    /// Moves the latest release with every publication, whatever `make_latest` says.
    pub fn latest_always_moves(&self) -> &Self {
        self.service.state().habits.latest_always_moves = true;
        self
    }

    /// Forgets what was asked and what was planned: calls count from 1 again.
    pub fn forget(&self) -> &Self {
        let mut state = self.service.state();
        state.faults.clear();
        state.calls.clear();
        state.exchanges.clear();
        drop(state);
        self
    }

    /// Returns what was asked, in its order.
    pub fn exchanges(&self) -> Vec<Exchange> {
        self.service.state().exchanges.clone()
    }

    /// Returns what was asked, a line each.
    pub fn trace(&self) -> String {
        let lines: Vec<String> = self.exchanges().iter().map(Exchange::to_string).collect();
        lines.join("\n")
    }

    /// Returns how often a route was asked for.
    pub fn count(&self, route: Route) -> usize {
        let exchanges = self.exchanges();
        exchanges.iter().filter(|one| one.route == route).count()
    }

    /// Returns how many changes were asked for.
    pub fn writes(&self) -> usize {
        let exchanges = self.exchanges();
        exchanges.iter().filter(|one| one.is_write()).count()
    }

    /// Returns a call of our `github-release` in `scene`, with the token, the way here, and little
    /// patience.
    #[track_caller]
    pub fn call<'scene, A: AsRef<OsStr>>(
        &self,
        scene: &'scene Scene,
        arguments: impl IntoIterator<Item = A>,
    ) -> Call<'scene> {
        scene
            .tool("github-release")
            .args(arguments)
            .env("GITHUB_TOKEN", Self::TOKEN)
            .env("GITHUB_API_URL", self.api_url())
            .env("DUAT_GITHUB_RELEASE_RETRY_DELAY", "2")
            .env("DUAT_GITHUB_RELEASE_PATIENCE", "20")
    }

    /// Returns how requests and answers broke the description of the API, and forgets it.
    pub fn violations(&self) -> Vec<String> {
        std::mem::take(&mut self.service.state().violations)
    }
}

impl Drop for GitHub {
    fn drop(&mut self) {
        self.service.end();
        let violations = self.violations();
        if !thread::panicking() {
            assert!(
                violations.is_empty(),
                "these break the description of GitHub's API:\n{}",
                violations.join("\n")
            );
        }
    }
}

impl Service {
    fn shared() -> Arc<Self> {
        let service = Self::new();
        let rights = Rights {
            push: true,
            workflow: false,
            admin: false,
        };
        let mut state = service.state();
        state.tokens.insert(GitHub::TOKEN.to_owned(), rights);
        drop(state);
        Arc::new(service)
    }
}

fn serve_tls(service: &Arc<Service>, authority: &Authority, names: &[&str]) -> Server {
    let service = Arc::clone(service);
    let configuration = authority.server_of(names);
    Server::start_tls(configuration, move |request, body| {
        service.handle(Origin::Api, request, body)
    })
}

fn serve(service: &Arc<Service>, origin: Origin) -> Server {
    let service = Arc::clone(service);
    Server::start(move |request, body| service.handle(origin, request, body))
}
