//! The state of a registry, and the way of every request through it.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock};
use std::time::Instant;

use super::fault::{Fault, Verdict};
use super::guard::{Guard, Need, Tokens, turn_away};
use super::record::{Moment, Record, lock};
use super::route::Route;
use super::settings::Settings;
use super::store::Store;
use super::tokens::Token;
use super::{blobs, listings, manifests, storage, tokens, uploads};
use crate::http::{Body, Reply, Request, Server};

/// Whom a request was sent to.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Origin {
    /// The registry itself.
    Registry,
    /// Where blobs are kept.
    Storage,
    /// Where tokens are given out.
    Tokens,
}

pub(super) struct Service {
    settings: Mutex<Settings>,
    store: Mutex<Store>,
    faults: Mutex<Vec<Fault>>,
    pub(super) record: Record,
    given: Mutex<Vec<Token>>,
    /// Refresh tokens given out, with their users.
    identities: Mutex<Vec<(String, String)>>,
    /// Refresh tokens that have been used up.
    spent: Mutex<Vec<String>>,
    counter: AtomicUsize,
    places: OnceLock<Places>,
}

/// Where the other origins are.
struct Places {
    registry: String,
    storage: String,
    tokens: String,
}

impl Service {
    pub(super) fn new(settings: Settings) -> Self {
        Self {
            settings: Mutex::new(settings),
            store: Mutex::default(),
            faults: Mutex::default(),
            record: Record::default(),
            given: Mutex::default(),
            identities: Mutex::default(),
            spent: Mutex::default(),
            counter: AtomicUsize::new(0),
            places: OnceLock::new(),
        }
    }

    pub(super) fn know(&self, registry: &Server, storage: &Server, tokens: &Server) {
        let places = Places {
            registry: registry.url(""),
            storage: storage.url("/storage"),
            tokens: tokens.url("/token"),
        };
        // it is told once, when it starts
        let _ = self.places.set(places);
    }

    pub(super) fn settings(&self) -> Settings {
        lock(&self.settings).clone()
    }

    pub(super) fn change(&self, change: impl FnOnce(Settings) -> Settings) {
        let mut settings = lock(&self.settings);
        *settings = change(settings.clone());
    }

    pub(super) fn store(&self) -> MutexGuard<'_, Store> {
        lock(&self.store)
    }

    pub(super) fn add(&self, fault: Fault) {
        lock(&self.faults).push(fault);
    }

    pub(super) fn heal(&self) {
        lock(&self.faults).clear();
    }

    pub(super) fn registry(&self) -> &str {
        self.places.get().map_or("", |places| &places.registry)
    }

    pub(super) fn realm(&self) -> String {
        self.places
            .get()
            .map_or_else(String::new, |places| places.tokens.clone())
    }

    /// Returns a number that no one has had.
    pub(super) fn next(&self) -> usize {
        self.counter.fetch_add(1, Ordering::Relaxed)
    }

    /// Answers a request to any of the origins.
    pub(super) fn answer(&self, origin: Origin, request: &Request, body: &mut Body<'_>) -> Reply {
        let number = self.record.begin(origin, request);
        if self.record.stops(number, Moment::Before) {
            return Reply::none();
        }
        let (verdict, spoiler) = self.judge(request);
        let mut reply = match verdict {
            Verdict::Serve => self.serve(origin, request, body),
            Verdict::Answer(reply) => reply,
            Verdict::Break(bytes) => {
                // what has arrived by then is all there is
                let _ = body.skip(bytes);
                Reply::none()
            }
        };
        if let Some(at) = spoiler
            && let Some(fault) = lock(&self.faults).get(at)
        {
            reply = fault.spoil(reply);
        }
        self.record.finish(number, body.received(), reply.status());
        if self.record.stops(number, Moment::After) {
            return Reply::none();
        }
        reply
    }

    /// Returns what is to be done with a request, and the place of the fault that says so.
    fn judge(&self, request: &Request) -> (Verdict, Option<usize>) {
        for (at, fault) in lock(&self.faults).iter_mut().enumerate() {
            if let Some(verdict) = fault.judge(request) {
                return (verdict, Some(at));
            }
        }
        (Verdict::Serve, None)
    }

    fn serve(&self, origin: Origin, request: &Request, body: &mut Body<'_>) -> Reply {
        match origin {
            Origin::Storage => return storage::answer(self, request, body),
            Origin::Tokens => return tokens::answer(self, request, body),
            Origin::Registry => {}
        }
        let route = Route::of(request.path());
        if let Some(reply) = turn_away(self, &route, request) {
            return reply;
        }
        match &route {
            Route::Base => Reply::json(200, &serde_json::json!({})),
            Route::Manifest {
                repository,
                reference,
            } => manifests::answer(self, repository, reference, request, body),
            Route::Blob { repository, digest } => blobs::answer(self, repository, digest, request),
            Route::Uploads { repository } => uploads::begin(self, repository, request, body),
            Route::Upload {
                repository,
                session,
            } => {
                let sends = matches!(request.method.as_str(), "PUT" | "PATCH");
                if sends && self.settings().uploads_elsewhere {
                    let place = self.storage_upload(request);
                    return Reply::new(307).header("location", place);
                }
                uploads::go_on(self, repository, session, request, body)
            }
            Route::Tags { repository } => listings::tags(self, repository, request),
            Route::Referrers { repository, digest } => {
                listings::referrers(self, repository, digest, request)
            }
            Route::Unknown => problem(404, "NOT_FOUND", "there is no such page"),
        }
    }

    /// Gives out a token.
    pub(super) fn give_token(&self, tokens: &Tokens, grants: Vec<(String, String)>) -> String {
        let text = format!("t0ken-{:04}-c2VjcmV0", self.next());
        lock(&self.given).push(Token {
            text: text.clone(),
            grants,
            ends: Instant::now() + tokens.lifetime,
        });
        text
    }

    /// Tells whether a token is good for these needs; nothing when it is not good at all.
    pub(super) fn token_is_good(&self, text: &str, needs: &[Need]) -> Option<bool> {
        let given = lock(&self.given);
        let token = given
            .iter()
            .find(|token| token.text == text && token.ends > Instant::now())?;
        let is_met = |(place, action): &Need| {
            token
                .grants
                .iter()
                .any(|(held, may)| held == place && may == action)
        };
        Some(needs.iter().all(is_met))
    }

    pub(super) fn expire_tokens(&self) {
        for token in lock(&self.given).iter_mut() {
            token.ends = Instant::now();
        }
    }

    /// Returns the user that an identity token stands for.
    pub(super) fn identity(&self, tokens: &Tokens, token: &str) -> Option<String> {
        let mut spent = lock(&self.spent);
        if spent.iter().any(|used| used == token) {
            return None;
        }
        let given = lock(&self.identities);
        let known = tokens
            .identities
            .iter()
            .chain(given.iter())
            .find(|(text, _)| text == token)?;
        if tokens.renews {
            spent.push(token.to_owned());
        }
        Some(known.1.clone())
    }

    pub(super) fn new_identity(&self, user: &str) -> String {
        let token = format!("r3fresh-{:04}-c2VjcmV0", self.next());
        lock(&self.identities).push((token.clone(), user.to_owned()));
        token
    }

    /// Returns the URL of a blob in the storage: signed, so it is a secret.
    pub(super) fn signed_url(&self, repository: &str, digest: &str) -> String {
        let storage = self.places.get().map_or("", |places| &places.storage);
        format!(
            "{storage}/{repository}/{digest}?X-Amz-Expires=900&X-Amz-Signature={}",
            storage::SIGNATURE
        )
    }

    /// Returns where an upload is sent instead of here.
    fn storage_upload(&self, request: &Request) -> String {
        let storage = self.places.get().map_or("", |places| &places.storage);
        let sign = if request.target.contains('?') {
            '&'
        } else {
            '?'
        };
        let (target, signature) = (&request.target, storage::SIGNATURE);
        format!("{storage}{target}{sign}X-Amz-Signature={signature}")
    }

    pub(super) fn secrets(&self) -> Vec<String> {
        let mut secrets = vec![storage::SIGNATURE.to_owned()];
        match self.settings().guard {
            Guard::Open => {}
            Guard::Basic {
                password, expired, ..
            } => {
                secrets.push(password);
                secrets.extend(expired);
            }
            Guard::Bearer(tokens) => {
                secrets.extend(tokens.users.into_iter().map(|(_, password)| password));
                secrets.extend(tokens.identities.into_iter().map(|(token, _)| token));
            }
        }
        secrets.extend(lock(&self.given).iter().map(|token| token.text.clone()));
        secrets.extend(
            lock(&self.identities)
                .iter()
                .map(|(token, _)| token.clone()),
        );
        secrets
    }
}

/// Returns an error of the protocol.
pub(super) fn problem(status: u16, code: &str, message: &str) -> Reply {
    let body = serde_json::json!({"errors": [{"code": code, "message": message, "detail": null}]});
    Reply::json(status, &body)
}

/// Returns the error for a repository that is not there.
pub(super) fn unknown_repository(name: &str) -> Reply {
    let message = format!(
        "The repository with name '{name}' does not exist in the registry with id '123456789012'"
    );
    problem(404, "NAME_UNKNOWN", &message)
}
