//! One request to its answer, whatever stands between: retries, redirects, limits, certificates.

mod call;
mod containment;
mod exchange;
mod failure;
mod lane;
mod meter;
mod pace;
mod rate;
pub(crate) mod redact;
mod settings;
mod tls;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use http::header::{AUTHORIZATION, CONTENT_RANGE, CONTENT_TYPE, HeaderMap, LOCATION, RANGE};
use http::{Method, StatusCode};
use tokio::time::Instant;
use url::Url;

#[cfg(test)]
pub(crate) use call::Body;
pub(crate) use call::{Answer, Call};
pub(crate) use containment::Refused;
pub(crate) use failure::Failure;
pub use rate::{Action, Limits};
pub use settings::{Observer, Settings, SettingsError};

use crate::reference::Registry;
use containment::{Containment, Resolver};
use lane::Lane;
use meter::Meter;
use pace::Pace;
use rate::Turns;

/// How many redirects one request follows.
pub(crate) const MOST_REDIRECTS: usize = 5;

/// How often a host is tried again that has never been there.
const STRANGER_RETRIES: u32 = 1;

/// What went over the wire so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Requests that were sent: each try and each redirect counts.
    pub requests: u64,
    /// Bytes of bodies that were sent.
    pub sent: u64,
    /// Bytes of bodies that came.
    pub received: u64,
}

/// Carries requests. Cheap to clone: clones share connections, limits and counts.
#[derive(Clone)]
pub struct Transport(Arc<Inner>);

struct Inner {
    http: reqwest::Client,
    settings: Settings,
    containment: Arc<Containment>,
    meter: Arc<Meter>,
    pace: Pace,
    turns: Turns,
    /// By host and port; what streams a body for minutes does not stand in the way of the rest.
    lanes: Mutex<BTreeMap<(String, bool), Arc<Lane>>>,
    /// Loopback registries by whether they turned out to speak TLS.
    tls: Mutex<BTreeMap<String, bool>>,
}

impl Transport {
    /// Prepares to speak as these settings say. [`install_tls_provider`] is called, if nobody has
    /// chosen another provider before. Proxies are taken from the environment, as everywhere.
    ///
    /// # Errors
    /// Names what of the settings cannot be used.
    pub fn new(settings: Settings) -> Result<Self, SettingsError> {
        // without one, the client's builder would end the process
        install_tls_provider();
        let containment = Arc::new(Containment::new(
            settings.trusted_hosts.clone(),
            settings.addresses.clone(),
        ));
        let http = reqwest::Client::builder()
            .user_agent(&settings.user_agent)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .connect_timeout(settings.idle.min(Duration::from_secs(30)))
            .http2_initial_stream_window_size(1 << 20)
            .http2_initial_connection_window_size(4 << 20)
            .dns_resolver(Resolver(Arc::clone(&containment)))
            .tls_backend_preconfigured(tls::configuration(&settings)?);
        Ok(Self(Arc::new(Inner {
            http: http
                .build()
                .map_err(|error| SettingsError::Tls(error.into()))?,
            containment,
            meter: Arc::default(),
            pace: Pace::new(settings.backoff, settings.seed),
            turns: Turns::default(),
            lanes: Mutex::default(),
            tls: Mutex::default(),
            settings,
        })))
    }

    /// Returns what went over the wire so far.
    pub fn counts(&self) -> Counts {
        self.0.meter.counts()
    }

    /// Returns what registries warned of, each text once, in the order they came.
    pub fn warnings(&self) -> Vec<String> {
        self.0.meter.warnings()
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// Returns where a registry's API is: `https://ghcr.io/v2/`.
    pub(crate) fn base(&self, registry: &Registry) -> Result<Url, Failure> {
        let scheme = if self.is_plain(registry) {
            "http"
        } else {
            "https"
        };
        let text = format!("{scheme}://{}/v2/", registry.authority());
        Url::parse(&text).map_err(|_| Failure::Contained(Refused::Scheme))
    }

    fn is_plain(&self, registry: &Registry) -> bool {
        let speaks_tls = |known: &BTreeMap<String, bool>| known.get(&registry.authority()).copied();
        self.0.settings.plain_http.contains(registry)
            || (registry.is_loopback()
                && self
                    .0
                    .tls
                    .lock()
                    .is_ok_and(|known| speaks_tls(&known) != Some(true)))
    }

    /// Tells whether we go where a registry points; `from` is the answer that does.
    pub(crate) fn check(&self, registry: &Registry, from: &Url, to: &Url) -> Result<(), Refused> {
        self.0.containment.check(registry, Some(from), to)
    }

    /// Tells the observer.
    pub(crate) fn tell(&self, line: impl FnOnce() -> String) {
        if let Some(observer) = &self.0.settings.observer {
            observer.line(&line());
        }
    }

    /// Sends a request until there is an answer worth having, or no reason to go on. An answer can be
    /// a refusal: it is the caller who knows what it means.
    pub(crate) async fn send(&self, call: Call) -> Result<Answer, Failure> {
        let deadline = Instant::now() + self.0.settings.patience;
        let mut call = call;
        let mut tries = 0;
        let lane = self.lane(&call.url, false);
        loop {
            let spare = call.again();
            let outcome = self.follow(call).await;
            tries += 1;
            let wait = match &outcome {
                Ok(answer) => self.wait_for_better(answer, tries),
                Err(failure) if failure.is_passing() => Some(self.0.pace.after(tries)),
                Err(_) => None,
            };
            // what has to be waited for longer than anybody is willing to, is not waited for at all
            let retries = match &outcome {
                // a name that is mistaken, rather than a host that will be back
                Err(failure) if failure.is_nobody() && !lane.has_answered() => STRANGER_RETRIES,
                _ => u32::MAX,
            };
            let retries = retries.min(self.0.settings.retries);
            let wait = wait.filter(|wait| tries <= retries && Instant::now() + *wait <= deadline);
            let (Some(wait), Some(next)) = (wait, spare) else {
                return outcome;
            };
            self.tell(|| match &outcome {
                Ok(answer) => format!("  {} again in {} ms", answer.status, wait.as_millis()),
                Err(failure) => format!("  {failure}: again in {} ms", wait.as_millis()),
            });
            drop(outcome);
            tokio::time::sleep(wait).await;
            call = next;
        }
    }

    /// Returns how long to wait for a better answer; `None` is not at all.
    fn wait_for_better(&self, answer: &Answer, tries: u32) -> Option<Duration> {
        let asked = pace::retry_after(&answer.headers);
        let is_passing = matches!(
            answer.status.as_u16(),
            408 | 425 | 429 | 500 | 502 | 503 | 504
        );
        is_passing.then(|| {
            let own = self.0.pace.after(tries);
            // everybody is told the same time to come back; not everybody should
            asked.map_or(own, |asked| asked + own.mul_f64(0.1))
        })
    }

    /// Sends a request, and again to where the answers redirect it.
    async fn follow(&self, call: Call) -> Result<Answer, Failure> {
        let mut call = call;
        for _ in 0..=MOST_REDIRECTS {
            let spare = call.again();
            let answer = self.over_tls_if_need_be(call).await?;
            let Some(next) = redirect(&answer, spare)? else {
                return Ok(answer);
            };
            self.check(&next.registry, &answer.url, &next.url)?;
            call = next;
        }
        Err(Failure::Redirects(MOST_REDIRECTS))
    }

    /// Sends a request; a loopback registry that turns out to speak TLS is spoken to so from then on.
    async fn over_tls_if_need_be(&self, mut call: Call) -> Result<Answer, Failure> {
        let authority = call.registry.authority();
        let is_own = Url::parse(&format!("http://{authority}/")).is_ok_and(|own| {
            own.host_str() == call.url.host_str() && own.port() == call.url.port()
        });
        let may_turn_out = is_own
            && call.url.scheme() == "http"
            && call.registry.is_loopback()
            && !self.0.settings.plain_http.contains(&call.registry);
        if !may_turn_out {
            return self.exchange(call).await;
        }
        let known = self.0.tls.lock().ok();
        let known = known.and_then(|known| known.get(&authority).copied());
        let spare = match known {
            None => call.again(),
            Some(true) => {
                // an error says that the scheme cannot be set: then it stays
                let _ = call.url.set_scheme("https");
                None
            }
            Some(false) => None,
        };
        let outcome = self.exchange(call).await;
        let Some(mut spare) = spare else {
            return outcome;
        };
        let speaks_tls = match &outcome {
            // what servers answer, who were greeted in plain text
            Ok(answer) => {
                answer.status == StatusCode::BAD_REQUEST
                    && !answer
                        .headers
                        .contains_key("docker-distribution-api-version")
                    && !answer
                        .content_type()
                        .is_some_and(|text| text.contains("json"))
            }
            Err(Failure::Network(error)) => !error.is_connect() && !error.is_timeout(),
            Err(_) => false,
        };
        if !speaks_tls {
            self.remember_tls(authority, false, &outcome);
            return outcome;
        }
        let _ = spare.url.set_scheme("https");
        match self.exchange(spare).await {
            Ok(answer) => {
                if let Ok(mut known) = self.0.tls.lock() {
                    known.insert(authority, true);
                }
                Ok(answer)
            }
            Err(failure) if failure.is_untrusted() => Err(failure),
            // no TLS either: the first outcome is the one to speak of
            Err(_) => outcome,
        }
    }

    fn remember_tls(&self, authority: String, speaks: bool, outcome: &Result<Answer, Failure>) {
        if let (Ok(mut known), Ok(_)) = (self.0.tls.lock(), outcome) {
            known.entry(authority).or_insert(speaks);
        }
    }

    /// Returns a host's share; bodies that stream have one of their own.
    fn lane(&self, url: &Url, streams: bool) -> Arc<Lane> {
        let host = url.host_str().unwrap_or_default();
        let host = format!("{host}:{}", url.port_or_known_default().unwrap_or_default());
        let new = || Arc::new(Lane::new(self.0.settings.at_once));
        match self.0.lanes.lock() {
            Ok(mut lanes) => Arc::clone(lanes.entry((host, streams)).or_insert_with(new)),
            Err(_) => new(),
        }
    }
}

/// Returns where an answer sends a request, as far as it can be sent there.
fn redirect(answer: &Answer, spare: Option<Call>) -> Result<Option<Call>, Failure> {
    let Some(spare) = spare else {
        return Ok(None);
    };
    let is_reading = matches!(spare.method, Method::GET | Method::HEAD);
    let follows = match answer.status.as_u16() {
        301..=303 => is_reading,
        307 | 308 => true,
        _ => false,
    };
    let Some(location) = answer.header(LOCATION.as_str()).filter(|_| follows) else {
        return Ok(None);
    };
    let mut to = answer
        .url
        .join(location)
        .map_err(|_| Failure::Contained(Refused::Scheme))?;
    drop_user(&mut to);
    let is_same = to.origin() == answer.url.origin();
    if !is_same && spare.is_confidential {
        return Ok(None);
    }
    let mut next = Call { url: to, ..spare };
    if !is_same {
        // storage refuses what is signed twice, and nobody else is to see who we are
        next.authorization = None;
        let mut kept = HeaderMap::new();
        for name in [RANGE, CONTENT_RANGE, CONTENT_TYPE] {
            let value = next.headers.remove(&name);
            kept.extend(value.map(|value| (name, value)));
        }
        next.headers = kept;
    }
    next.headers.remove(AUTHORIZATION);
    Ok(Some(next))
}

/// Drops a user from a URL: it would become an `Authorization` that nobody asked for.
pub(crate) fn drop_user(url: &mut Url) {
    // an error says that there is no host, and so no user
    let _ = url.set_username("");
    let _ = url.set_password(None);
}

/// Chooses the one TLS implementation that is in the tree, for the whole process, unless one has been
/// chosen. Call it before anything else may speak TLS.
pub fn install_tls_provider() {
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        // an error says that somebody was faster
        let _ = rustls::crypto::ring::default_provider().install_default();
    }
}
