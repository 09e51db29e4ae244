//! How a registry lets us in: what it asked for, what we showed, what it gave us.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use http::HeaderValue;
use tokio::time::Instant;
use url::Url;

use crate::challenge::Challenge;
use crate::credential::{Ask, Credential, Found, Keychain, KeychainError};
use crate::error::{Error, Kind, LONGEST_REFUSAL, Operation, Place, Refusal};
use crate::reference::{Registry, Repository};
use crate::scope::Scopes;
use crate::token::{Server, Token};
use crate::transport::{Transport, drop_user};

/// How much of a token server's answer is read.
const LONGEST_TOKEN: usize = 1 << 20;

/// How many tokens of one registry are kept.
const MOST_TOKENS: usize = 64;

/// Who wants in, and what for.
#[derive(Clone, Copy)]
pub(crate) struct Visit<'a> {
    pub(crate) registry: &'a Registry,
    pub(crate) repository: Option<&'a Repository>,
    pub(crate) scopes: &'a Scopes,
}

/// A refusal: what the registry asks for instead of what it was shown, and who asks.
#[derive(Clone, Copy)]
pub(crate) struct Challenged<'a> {
    pub(crate) challenges: &'a [Challenge],
    pub(crate) from: &'a Url,
    pub(crate) shown: Option<&'a HeaderValue>,
}

/// A registry's door. All requests to the registry share it.
pub(crate) struct Door {
    keychain: Arc<dyn Keychain>,
    state: Mutex<State>,
    /// One asks for a token or a credential, the others wait and find it.
    asking: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct State {
    way: Way,
    tokens: Vec<Token>,
    /// By repository: files can hold one for each path.
    known: BTreeMap<Option<String>, Known>,
}

/// What a registry asks for, as far as it has said.
#[derive(Clone, Debug, Default)]
enum Way {
    #[default]
    Unknown,
    Basic,
    Bearer(Server),
}

/// What the keychain said.
#[derive(Clone)]
enum Known {
    Nothing,
    Found(Found),
    /// It should have known. That only matters once the registry wants to know who we are.
    Failed(Arc<KeychainError>),
}

impl Known {
    fn credential(&self) -> Option<&Credential> {
        match self {
            Self::Found(found) => Some(&found.credential),
            Self::Nothing | Self::Failed(_) => None,
        }
    }
}

impl Door {
    pub(crate) fn new(keychain: Arc<dyn Keychain>) -> Self {
        Self {
            keychain,
            state: Mutex::default(),
            asking: tokio::sync::Mutex::default(),
        }
    }

    /// Returns what to show with the next request: nothing, as long as the registry has not asked,
    /// unless it is known to take it so.
    pub(crate) async fn show(
        &self,
        transport: &Transport,
        visit: Visit<'_>,
    ) -> Result<Option<HeaderValue>, Error> {
        let known = self.known(transport, visit, false).await;
        let credential = known.credential();
        if let Some(Credential::Bearer(_)) = credential {
            return Ok(credential.and_then(Credential::authorization));
        }
        match self.way() {
            Way::Unknown => {
                let at_once = matches!(credential, Some(Credential::Basic { at_once: true, .. }));
                let shown = credential.filter(|_| at_once);
                Ok(shown.and_then(Credential::authorization))
            }
            Way::Basic => Ok(credential.and_then(Credential::authorization)),
            Way::Bearer(server) => {
                let token = self.token(transport, visit, &server).await?;
                Ok(token.authorization())
            }
        }
    }

    /// Takes what the registry asks for when it refused what was shown. Tells whether there is now
    /// something else to show; `again` says that this is not the first time.
    pub(crate) async fn challenged(
        &self,
        transport: &Transport,
        visit: Visit<'_>,
        refused: Challenged<'_>,
        again: bool,
    ) -> Result<bool, Error> {
        let Challenged {
            challenges,
            from,
            shown,
        } = refused;
        if again {
            let changed = self.expired(transport, visit, shown).await;
            // for a token server the same credentials may be good for another token
            return Ok(changed || matches!(self.way(), Way::Bearer(_)));
        }
        let known = self.known(transport, visit, false).await;
        let bearer = challenges.iter().find(|challenge| {
            challenge.scheme == "bearer" && challenge.parameter("realm").is_some()
        });
        if let Some(challenge) = bearer {
            let server = Self::server(transport, visit, challenge, from)?;
            self.set_way(Way::Bearer(server));
            self.forget(shown);
            return match known {
                Known::Failed(error) => Err(keychain_failed(visit, &error)),
                Known::Found(_) | Known::Nothing => Ok(true),
            };
        }
        if !challenges
            .iter()
            .any(|challenge| challenge.scheme == "basic")
        {
            return Ok(false);
        }
        self.set_way(Way::Basic);
        match known {
            Known::Failed(error) => Err(keychain_failed(visit, &error)),
            Known::Nothing => Ok(false),
            Known::Found(_) if shown.is_none() => Ok(true),
            Known::Found(_) => Ok(self.expired(transport, visit, shown).await),
        }
    }

    /// The registry does not take what was shown any more: gets something newer. Tells whether it is
    /// something else.
    pub(crate) async fn expired(
        &self,
        transport: &Transport,
        visit: Visit<'_>,
        shown: Option<&HeaderValue>,
    ) -> bool {
        self.forget(shown);
        let before = self.peek(visit);
        let credential = before.as_ref().and_then(Known::credential);
        let now = credential.and_then(Credential::authorization);
        if now.is_some() && now.as_ref() != shown && !matches!(self.way(), Way::Bearer(_)) {
            // somebody else has got it meanwhile
            return true;
        }
        let after = self.known(transport, visit, true).await;
        after.credential() != credential
    }

    /// Tells whether any credentials are known, for whoever is refused.
    pub(crate) fn knows_any(&self, visit: Visit<'_>) -> bool {
        let known = self.peek(visit);
        known.is_some_and(|known| known.credential().is_some())
    }

    /// Returns where credentials came from, in words.
    pub(crate) fn origins(&self) -> Vec<String> {
        let Ok(state) = self.state.lock() else {
            return Vec::new();
        };
        let origins = state.known.values().filter_map(|known| match known {
            Known::Found(found) => Some(found.origin.clone()),
            Known::Nothing | Known::Failed(_) => None,
        });
        origins.collect()
    }

    fn way(&self) -> Way {
        self.state
            .lock()
            .map(|state| state.way.clone())
            .unwrap_or_default()
    }

    fn set_way(&self, way: Way) {
        if let Ok(mut state) = self.state.lock() {
            state.way = way;
        }
    }

    fn peek(&self, visit: Visit<'_>) -> Option<Known> {
        self.state.lock().ok()?.known.get(&key(visit)).cloned()
    }

    /// Forgets the token that was shown: it was not good enough.
    fn forget(&self, shown: Option<&HeaderValue>) {
        if let Ok(mut state) = self.state.lock() {
            state
                .tokens
                .retain(|token| token.authorization().as_ref() != shown);
        }
    }

    /// Returns what the keychain knows, asking it once, and once more when it is to look again.
    async fn known(&self, transport: &Transport, visit: Visit<'_>, again: bool) -> Known {
        let before = self.peek(visit);
        if let Some(known) = before.as_ref().filter(|_| !again) {
            return known.clone();
        }
        let _asking = self.asking.lock().await;
        if let Some(known) = self.peek(visit) {
            // somebody else asked meanwhile
            let is_new = before.as_ref().and_then(Known::credential) != known.credential();
            if !again || is_new {
                return known;
            }
        }
        let ask = Ask {
            registry: visit.registry,
            repository: visit.repository,
            again,
        };
        let known = match self.keychain.find(ask).await {
            Ok(Some(found)) => {
                transport.tell(|| {
                    format!(
                        "  credentials of `{}` from {}",
                        visit.registry, found.origin
                    )
                });
                Known::Found(found)
            }
            Ok(None) => Known::Nothing,
            Err(error) => {
                transport.tell(|| format!("  no credentials of `{}`: {error}", visit.registry));
                Known::Failed(Arc::new(error))
            }
        };
        if let Ok(mut state) = self.state.lock() {
            state.known.insert(key(visit), known.clone());
        }
        known
    }

    /// Reads where tokens come from; we only go there if we may.
    fn server(
        transport: &Transport,
        visit: Visit<'_>,
        challenge: &Challenge,
        from: &Url,
    ) -> Result<Server, Error> {
        let place = || Place::Registry(visit.registry.clone());
        let realm = challenge.parameter("realm").unwrap_or_default();
        let mut realm = from.join(realm).map_err(|_| {
            let reason = "it asks for a token from a realm that is no URL";
            Error::new(Operation::Authenticate, place(), Kind::Protocol, reason)
        })?;
        drop_user(&mut realm);
        realm.set_fragment(None);
        transport
            .check(visit.registry, from, &realm)
            .map_err(|refused| {
                let reason = format!("its token server: {refused}");
                Error::new(Operation::Authenticate, place(), Kind::Contained, reason)
            })?;
        let service = challenge
            .parameter("service")
            .filter(|text| !text.is_empty());
        Ok(Server {
            realm,
            service: service.map(str::to_owned),
        })
    }

    /// Returns a token for these scopes, from the shelf or fresh.
    async fn token(
        &self,
        transport: &Transport,
        visit: Visit<'_>,
        server: &Server,
    ) -> Result<Token, Error> {
        if let Some(token) = self.shelved(visit.scopes) {
            return Ok(token);
        }
        let known = self.known(transport, visit, false).await;
        let first = self.fetch(transport, visit, server, &known).await;
        match first {
            // the credentials may have changed since we asked
            Err(error) if error.status() == Some(401) && known.credential().is_some() => {
                let newer = self.known(transport, visit, true).await;
                if newer.credential() == known.credential() {
                    return Err(error);
                }
                self.fetch(transport, visit, server, &newer).await
            }
            other => other,
        }
    }

    fn shelved(&self, scopes: &Scopes) -> Option<Token> {
        let state = self.state.lock().ok()?;
        state
            .tokens
            .iter()
            .find(|token| token.covers(scopes))
            .cloned()
    }

    async fn fetch(
        &self,
        transport: &Transport,
        visit: Visit<'_>,
        server: &Server,
        known: &Known,
    ) -> Result<Token, Error> {
        let _asking = self.asking.lock().await;
        if let Some(token) = self.shelved(visit.scopes) {
            return Ok(token);
        }
        let place = || Place::Registry(visit.registry.clone());
        // a refresh token may have been exchanged while we waited
        let known = match (known.credential(), self.peek(visit)) {
            (Some(Credential::Identity(_)), Some(newer)) => newer,
            _ => known.clone(),
        };
        let call = server.call(visit.registry, known.credential(), visit.scopes);
        let asked = Instant::now();
        let failed =
            |failure: crate::transport::Failure| failure.during(Operation::Authenticate, place());
        let answer = transport.send(call).await.map_err(failed)?;
        let status = answer.status;
        if !status.is_success() {
            let body = answer.read(LONGEST_REFUSAL).await.map_err(failed)?;
            let refusal = Refusal::read(status.as_u16(), &body);
            let kind = match status.as_u16() {
                // OAuth's way to say that the refresh token is no good
                400 => Kind::Unauthorized,
                // no repository: the token server itself is not there
                404 => Kind::Protocol,
                _ => refusal.kind(),
            };
            return Err(Error::refused(Operation::Authenticate, place(), refusal).of_kind(kind));
        }
        let body = answer.read(LONGEST_TOKEN).await.map_err(failed)?;
        let mut token = Token::read(&body, visit.scopes.clone(), asked).ok_or_else(|| {
            let reason = "its token server answered without a token";
            Error::new(Operation::Authenticate, place(), Kind::Protocol, reason)
        })?;
        if let Ok(mut state) = self.state.lock() {
            state.tokens.retain(|token| !token.is_expired());
            if state.tokens.len() >= MOST_TOKENS {
                state.tokens.remove(0);
            }
            state.tokens.push(token.clone());
            let refresh = token.take_refresh();
            if let (Known::Found(found), Some(refresh)) = (known, refresh)
                && let Credential::Identity(_) = found.credential
            {
                let credential = Credential::Identity(refresh);
                let found = Found {
                    credential,
                    ..found
                };
                state.known.insert(key(visit), Known::Found(found));
            }
        }
        Ok(token)
    }
}

fn key(visit: Visit<'_>) -> Option<String> {
    visit
        .repository
        .map(|repository| repository.path().to_owned())
}

fn keychain_failed(visit: Visit<'_>, error: &Arc<KeychainError>) -> Error {
    let place = Place::Registry(visit.registry.clone());
    let failed = Error::new(
        Operation::Authenticate,
        place,
        Kind::Credentials,
        error.reason.clone(),
    );
    let failed = match &error.hint {
        Some(hint) => failed.hinting(hint.clone()),
        None => failed,
    };
    match &error.source {
        Some(source) => failed.caused_by(source.to_string()),
        None => failed,
    }
}
