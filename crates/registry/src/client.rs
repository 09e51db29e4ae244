//! A client: a transport, somebody who knows credentials, and what both remember of each registry.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use futures_util::future::join_all;
use http::Method;
use http::header::WWW_AUTHENTICATE;

use crate::blob::{CANCEL_PATIENCE, Sessions};
use crate::challenge;
use crate::credential::Keychain;
use crate::door::{Challenged, Door, Visit};
use crate::error::{Error, Kind, LONGEST_REFUSAL, Operation, Place, Refusal};
use crate::reference::{Registry, Repository};
use crate::remote::Remote;
use crate::scope::Scopes;
use crate::transport::{Answer, Call, Counts, Transport};

/// What is to be done with a repository: tokens are asked for it once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Reading.
    Pull,
    /// Reading and writing.
    Push,
    /// Reading, writing and deleting.
    Delete,
}

/// Speaks to registries. Cheap to clone.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    transport: Transport,
    keychain: Arc<dyn Keychain>,
    doors: Mutex<BTreeMap<Registry, Arc<Door>>>,
    sessions: Sessions,
}

impl Client {
    /// Speaks through this transport, as whom this keychain says.
    pub fn new(transport: Transport, keychain: Arc<dyn Keychain>) -> Self {
        Self(Arc::new(Inner {
            transport,
            keychain,
            doors: Mutex::default(),
            sessions: Sessions::default(),
        }))
    }

    /// Returns one repository, to do this with.
    pub fn remote(&self, repository: &Repository, access: Access) -> Remote {
        Remote::new(self.clone(), repository, access)
    }

    /// Asks whether a registry is there and lets us in.
    pub async fn ping(&self, registry: &Registry) -> Result<(), Error> {
        let place = Place::Registry(registry.clone());
        let scopes = Scopes::default();
        let visit = Visit {
            registry,
            repository: None,
            scopes: &scopes,
        };
        let failed =
            |failure: crate::transport::Failure| failure.during(Operation::Ping, place.clone());
        let url = self.transport().base(registry).map_err(failed)?;
        let call = Call::new(registry, Method::GET, url);
        let answer = self.send(visit, call, Operation::Ping, &place).await?;
        if answer.status.is_success() {
            Ok(())
        } else {
            let refusal = Refusal::read(answer.status.as_u16(), b"");
            Err(Error::refused(Operation::Ping, place, refusal))
        }
    }

    /// Gives up all uploads that were begun and not ended: the registry forgets them. For Ctrl-C,
    /// after the futures that were uploading have been dropped.
    ///
    /// Returns those that could not be given up; registries forget them by themselves after a while.
    pub async fn cancel_uploads(&self) -> Vec<Error> {
        // one that is being opened would be nobody's
        let _ = tokio::time::timeout(CANCEL_PATIENCE, self.sessions().all_known()).await;
        let open = self.sessions().take_all().into_iter();
        let outcomes =
            join_all(open.map(|(remote, url)| async move { remote.cancel(url).await })).await;
        outcomes.into_iter().filter_map(Result::err).collect()
    }

    /// Returns what went over the wire so far.
    pub fn counts(&self) -> Counts {
        self.transport().counts()
    }

    /// Returns what registries warned of, each text once.
    pub fn warnings(&self) -> Vec<String> {
        self.transport().warnings()
    }

    /// Returns where the credentials came from that were found so far, in words, by registry.
    pub fn origins(&self) -> Vec<(Registry, String)> {
        let Ok(doors) = self.0.doors.lock() else {
            return Vec::new();
        };
        let origins = doors.iter().flat_map(|(registry, door)| {
            let origins = door.origins().into_iter();
            origins.map(|origin| (registry.clone(), origin))
        });
        let mut origins: Vec<_> = origins.collect();
        origins.dedup();
        origins
    }

    pub(crate) fn transport(&self) -> &Transport {
        &self.0.transport
    }

    pub(crate) fn sessions(&self) -> &Sessions {
        &self.0.sessions
    }

    fn door(&self, registry: &Registry) -> Arc<Door> {
        let new = || Arc::new(Door::new(Arc::clone(&self.0.keychain)));
        match self.0.doors.lock() {
            Ok(mut doors) => Arc::clone(doors.entry(registry.clone()).or_insert_with(new)),
            Err(_) => new(),
        }
    }

    /// Sends a request to a registry, showing what it wants to see. Refusals are errors.
    pub(crate) async fn send(
        &self,
        visit: Visit<'_>,
        call: Call,
        operation: Operation,
        place: &Place,
    ) -> Result<Answer, Error> {
        let transport = self.transport();
        let door = self.door(visit.registry);
        let failed = |failure: crate::transport::Failure| failure.during(operation, place.clone());
        let mut scopes = visit.scopes.clone();
        let mut call = call;
        let mut challenges = 0;
        let mut has_expired = false;
        let mut was_stale = false;
        loop {
            let mut wider = None;
            let here = Visit {
                scopes: &scopes,
                ..visit
            };
            // an upload's session can be anywhere: we are known at the registry alone
            let base = transport.base(visit.registry).map_err(failed)?;
            // a loopback registry may have turned out to speak TLS when it refused the call before
            let is_same = call.url.host() == base.host() && call.url.port() == base.port();
            if is_same && base.scheme() == "https" {
                // from http to https can always be gone
                let _ = call.url.set_scheme("https");
            }
            let home = base.origin();
            let is_home = call.url.origin() == home;
            call.authorization = if is_home {
                door.show(transport, here).await?
            } else {
                None
            };
            let shown = call.authorization.clone();
            let spare = call.again();
            let is_head = call.method == Method::HEAD;
            let answer = transport.send(call).await.map_err(failed)?;
            if answer.status.as_u16() < 400 {
                return Ok(answer);
            }
            let from = answer.url.clone();
            let texts: Vec<String> = answer
                .headers
                .get_all(WWW_AUTHENTICATE)
                .iter()
                .filter_map(|value| value.to_str().ok())
                .map(str::to_owned)
                .collect();
            let status = answer.status.as_u16();
            let body = answer.read(LONGEST_REFUSAL).await.map_err(failed)?;
            let refusal = Refusal::read(status, &body);
            // the scheme alone may differ: a loopback registry that turned out to speak TLS
            let was_redirected = is_home
                && transport
                    .base(visit.registry)
                    .is_ok_and(|base| base.origin() != from.origin());
            let again = if was_redirected {
                // a signed URL that ran out: the registry signs another
                matches!(status, 400 | 401 | 403) && !std::mem::replace(&mut was_stale, true)
            } else if !is_home {
                false
            } else if refusal.is_expiry() || (status == 403 && is_head) {
                // nobody says why to a HEAD
                shown.is_some()
                    && !std::mem::replace(&mut has_expired, true)
                    && (door.expired(transport, here, shown.as_ref()).await || refusal.is_expiry())
            } else if status == 401 && challenges < 2 {
                challenges += 1;
                let read = challenge::read(texts.iter().map(String::as_str));
                // a mount needs more than we thought, or the registry has scopes of its own
                let more = read
                    .iter()
                    .find_map(|challenge| challenge.parameter("scope"))
                    .map(Scopes::read)
                    .filter(|more| !here.scopes.covers(more));
                let refused = Challenged {
                    challenges: &read,
                    from: &from,
                    shown: shown.as_ref(),
                };
                let is_again = challenges > 1 && more.is_none();
                let changed = door.challenged(transport, here, refused, is_again).await?;
                wider = more;
                changed
            } else {
                false
            };
            match (again, spare) {
                (true, Some(spare)) => {
                    call = spare;
                    if let Some(wider) = wider {
                        scopes.extend(&wider);
                    }
                }
                (true, None) => {
                    return Err(Error::refused(operation, place.clone(), refusal).passing());
                }
                (false, _) => {
                    let error = Error::refused(operation, place.clone(), refusal);
                    let is_nobody = error.kind() == Kind::Unauthorized && !door.knows_any(here);
                    return Err(if is_nobody {
                        error.hinting(format!("docker login {}", visit.registry))
                    } else {
                        error
                    });
                }
            }
        }
    }
}
