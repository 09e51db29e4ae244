//! One request to its answer, whatever stands between: retries, redirects, limits, certificates.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use crate::reference::Registry;

/// How registries are reached.
#[derive(Clone)]
pub struct Settings {
    /// Who asks, for the registry's logs.
    pub user_agent: String,
    /// Registries that are spoken to without TLS. Loopback ones always are tried so.
    pub plain_http: BTreeSet<Registry>,
    /// Hosts that a registry may point at though they are private: names or addresses.
    pub trusted_hosts: BTreeSet<String>,
    /// More certificates to trust, PEM.
    pub certificates: Vec<Vec<u8>>,
    /// A client certificate with its key, PEM.
    pub identity: Option<Vec<u8>>,
    /// Names whose addresses are known without asking: `host` and where it is.
    pub addresses: Vec<(String, SocketAddr)>,
    /// How often a request is tried again.
    pub retries: u32,
    /// How long all tries of one request may take together, waiting included.
    pub patience: Duration,
    /// How long nothing may move before a connection counts as dead.
    pub idle: Duration,
    /// How many requests one host gets at once, at most.
    pub at_once: usize,
    /// What the waiting times between tries are drawn from.
    pub seed: u64,
    /// Who is told what goes over the wire.
    pub observer: Option<Arc<dyn Observer>>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            user_agent: concat!("duat-registry/", env!("CARGO_PKG_VERSION")).to_owned(),
            plain_http: BTreeSet::new(),
            trusted_hosts: BTreeSet::new(),
            certificates: Vec::new(),
            identity: None,
            addresses: Vec::new(),
            retries: 5,
            patience: Duration::from_secs(300),
            idle: Duration::from_secs(60),
            at_once: 16,
            seed: 0,
            observer: None,
        }
    }
}

/// Who is told what goes over the wire, secrets left out.
pub trait Observer: Send + Sync {
    /// Takes one line: a request, an answer, a wait.
    fn line(&self, line: &str);
}

/// What went over the wire so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Requests that were sent, each try and each redirect.
    pub requests: u64,
    /// Bytes of bodies that were sent.
    pub sent: u64,
    /// Bytes of bodies that came.
    pub received: u64,
}

/// Why no transport could be made of the settings.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SettingsError {
    /// No PEM, or no certificate in it.
    #[error("failed to read certificate {0}")]
    Certificate(usize, #[source] reqwest::Error),
    /// No PEM, or certificate and key do not fit.
    #[error("failed to read the client certificate")]
    Identity(#[source] reqwest::Error),
    /// TLS could not be set up.
    #[error("failed to set up TLS")]
    Tls(#[source] reqwest::Error),
}

/// Carries requests. Cheap to clone: clones share connections, limits and counts.
#[derive(Clone)]
pub struct Transport {}

impl Transport {
    /// Prepares to speak as these settings say. [`install_tls_provider`] comes first.
    ///
    /// # Errors
    /// Names what of the settings cannot be used.
    pub fn new(settings: Settings) -> Result<Self, SettingsError> {
        let _ = settings;
        todo!()
    }

    /// Returns what went over the wire so far.
    pub fn counts(&self) -> Counts {
        todo!()
    }

    /// Returns what registries warned of, each text once, in the order they came.
    pub fn warnings(&self) -> Vec<String> {
        todo!()
    }
}

/// Chooses the one TLS implementation that is in the tree, for the whole process. Call it before
/// anything that may speak TLS; a second call changes nothing.
pub fn install_tls_provider() {
    // an error says that one is installed already
    let _ = rustls::crypto::ring::default_provider().install_default();
}
