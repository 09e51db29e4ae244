//! How registries are reached.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use super::rate::Limits;
use crate::reference::Registry;

/// How registries are reached.
#[derive(Clone)]
pub struct Settings {
    /// Who asks, for the registry's logs.
    pub user_agent: String,
    /// Registries that are spoken to without TLS. Loopback ones are tried so before they are tried
    /// with TLS.
    pub plain_http: BTreeSet<Registry>,
    /// Hosts, `name` or `name:port`, that a public registry may point at though they are private.
    pub trusted_hosts: BTreeSet<String>,
    /// More certificates to trust, PEM; each may hold several.
    pub certificates: Vec<Vec<u8>>,
    /// A client certificate and its key, PEM.
    pub identity: Option<Vec<u8>>,
    /// Names whose address is known without asking.
    pub addresses: Vec<(String, SocketAddr)>,
    /// How often a request is tried again.
    pub retries: u32,
    /// The wait before the second try; each further one is twice as long.
    pub backoff: Duration,
    /// How long all tries of one request may take together, waits included. The body of an answer
    /// and a body that is sent have no end but [`Settings::idle`].
    pub patience: Duration,
    /// How long nothing may move before a connection counts as dead.
    pub idle: Duration,
    /// How long a registry may think about an upload once it has all of it.
    pub settle: Duration,
    /// How many requests one host gets at once, at most.
    pub at_once: usize,
    /// Who knows how often a registry answers.
    pub limits: Option<Arc<dyn Limits>>,
    /// What the waits are drawn from.
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
            backoff: Duration::from_millis(500),
            patience: Duration::from_mins(5),
            idle: Duration::from_mins(1),
            settle: Duration::from_mins(5),
            at_once: 16,
            limits: None,
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

type Cause = Box<dyn std::error::Error + Send + Sync>;

/// Why no transport could be made of the settings.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SettingsError {
    /// No PEM, or no certificate in it; which of them, counted from one.
    #[error("failed to read certificate {0}")]
    Certificate(usize, #[source] Option<Cause>),
    /// No PEM, or the key is missing or another's.
    #[error("failed to read the client certificate")]
    Identity(#[source] Cause),
    /// TLS could not be set up with them.
    #[error("failed to set up TLS")]
    Tls(#[source] Cause),
}
