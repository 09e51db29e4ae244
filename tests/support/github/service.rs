//! The servers behind the double: who asks, what goes wrong, who answers.

use std::io::Read;
use std::sync::{Condvar, Mutex, MutexGuard, OnceLock, PoisonError};

use std::time::{Duration, SystemTime};

use serde_json::{Value, json};

use super::answer::{Answer, Content};
use super::contract::Contract;
use super::exchange::{Exchange, Origin};
use super::fault::Fault;
use super::instant::http_date;
use super::route::{Route, Target};
use super::state::{HOURLY_REQUESTS, Rights, State};
use super::view::Links;
use super::{asset, git, release};
use crate::http::{Body, Reply, Request};

/// A request and what is known about it.
pub(super) struct Ask<'request> {
    pub(super) request: &'request Request,
    pub(super) target: Target,
    /// The body, if it is JSON.
    pub(super) body: Value,
    pub(super) rights: Option<Rights>,
    pub(super) links: &'request Links,
    /// A list does not show what was made last.
    pub(super) lags: bool,
}

impl Ask<'_> {
    /// Returns a text of the body.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.body.get(name)?.as_str().map(str::to_owned)
    }

    /// Returns a switch of the body.
    pub(super) fn flag(&self, name: &str) -> Option<bool> {
        self.body.get(name)?.as_bool()
    }

    /// Refuses those who may not write.
    pub(super) fn may_push(&self, state: &State, at: usize) -> Result<(), Answer> {
        match self.rights {
            None => Err(Answer::error(401, "Requires authentication")),
            Some(rights) if !rights.push => {
                Err(Answer::error(403, "Resource not accessible by integration"))
            }
            Some(_) if state.repositories[at].archived => Err(Answer::error(
                403,
                "Repository was archived so is read-only.",
            )),
            Some(_) => Ok(()),
        }
    }
}

pub(super) struct Service {
    state: Mutex<State>,
    links: OnceLock<Links>,
    contract: &'static Contract,
    ended: Mutex<bool>,
    end: Condvar,
}

impl Service {
    pub(super) fn new() -> Self {
        Self {
            state: Mutex::new(State::new()),
            links: OnceLock::new(),
            contract: Contract::read(),
            ended: Mutex::new(false),
            end: Condvar::new(),
        }
    }

    pub(super) fn lead_to(&self, links: Links) {
        let _ = self.links.set(links);
    }

    pub(super) fn links(&self) -> &Links {
        self.links.get().expect("links are set before anyone asks")
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets go of all that is never answered.
    pub(super) fn end(&self) {
        *self.ended.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.end.notify_all();
    }

    /// Waits, but not longer than the double lives.
    pub(super) fn pause(&self, time: Duration) {
        let ended = self.ended.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = self.end.wait_timeout_while(ended, time, |ended| !*ended);
    }

    pub(super) fn handle(&self, origin: Origin, request: &Request, body: &mut Body<'_>) -> Reply {
        let mut target = Target::of(request);
        let origin = origin_of(origin, request, target.route);
        let sent = if target.route == Route::Upload {
            Vec::new()
        } else {
            body.bytes().unwrap_or_default()
        };
        let json: Value = serde_json::from_slice(&sent).unwrap_or_default();
        let (fault, number) = {
            let mut state = self.state();
            if target.route == Route::Update && publishes(&state, &target, &json) {
                target.route = Route::Publish;
            }
            let number = record(&mut state, origin, request, target.route);
            (next_fault(&mut state, target.route), number)
        };
        let mut ask = Ask {
            request,
            target,
            body: json,
            rights: None,
            links: self.links(),
            lags: fault == Some(Fault::Lag),
        };
        let wrong = self.contract.faults_of_request(&ask);
        self.complain(&ask, wrong);
        let (status, reply) = self.respond(&mut ask, origin, body, fault);
        self.state().exchanges[number].status = status;
        reply
    }

    /// Does what is asked, and holds the answer to the contract.
    pub(super) fn answer(&self, ask: &mut Ask<'_>, origin: Origin, body: &mut dyn Read) -> Answer {
        let answer = self
            .done(ask, origin, body)
            .unwrap_or_else(|refusal| refusal);
        if answer.status != 0 {
            let wrong = self.contract.faults_of_answer(ask, &answer);
            self.complain(ask, wrong);
        }
        answer
    }

    fn done(
        &self,
        ask: &mut Ask<'_>,
        origin: Origin,
        body: &mut dyn Read,
    ) -> Result<Answer, Answer> {
        if ask.target.route == Route::Storage {
            return asset::storage(&self.state(), ask);
        }
        if ask.request.header("user-agent").is_none() {
            let message = "Request forbidden by administrative rules. Please make sure your request has a \
                           User-Agent header";
            return Err(Answer::error(403, message));
        }
        if ask.target.route == Route::RateLimit {
            return Ok(self.rate());
        }
        let at = self.admit(ask, origin)?;
        if ask.target.route == Route::Upload {
            return asset::upload(&self.state, ask, at, body);
        }
        let state = &mut *self.state();
        match ask.target.route {
            Route::Repository => Ok(git::repository(state, ask, at)),
            Route::Reference => git::reference(state, ask, at),
            Route::CreateReference => git::create_reference(state, ask, at),
            Route::Tag => git::tag(state, ask, at),
            Route::Commit => git::commit(state, ask, at),
            Route::Immutable => git::immutable(state, ask, at),
            Route::Releases => Ok(release::list(state, ask, at)),
            Route::Latest => release::latest(state, ask, at),
            Route::ByTag => release::by_tag(state, ask, at),
            Route::Release => release::get(state, ask, at),
            Route::Create => release::create(state, ask, at),
            Route::Update | Route::Publish => release::update(state, ask, at),
            Route::Delete => release::delete(state, ask, at),
            Route::Notes => release::notes(state, ask, at),
            Route::Assets => asset::list(state, ask, at),
            Route::Asset => asset::get(state, ask, at),
            Route::Rename => asset::rename(state, ask, at),
            Route::DeleteAsset => asset::delete(state, ask, at),
            _ => Err(Answer::not_found()),
        }
    }

    /// Finds out who asks and for which repository, and returns its place.
    pub(super) fn admit(&self, ask: &mut Ask<'_>, origin: Origin) -> Result<usize, Answer> {
        let state = self.state();
        ask.rights = match token(ask.request) {
            None => None,
            Some(token) => {
                let rights = state.tokens.get(token).copied();
                Some(rights.ok_or_else(|| Answer::error(401, "Bad credentials"))?)
            }
        };
        // uploads are taken where uploads are taken, and nothing else is
        let is_upload = ask.target.route == Route::Upload;
        let apart = self.links().uploads != self.links().api;
        if apart && is_upload != (origin == Origin::Uploads) {
            return Err(Answer::not_found());
        }
        let (at, current) = state
            .find(&ask.target.repository)
            .ok_or_else(Answer::not_found)?;
        drop(state);
        if current {
            return Ok(at);
        }
        let status = match ask.request.method.as_str() {
            "GET" | "HEAD" => 301,
            _ => 307,
        };
        Err(self.moved(ask, status, at, origin))
    }

    /// Sends the one who asks to the number of the repository.
    pub(super) fn moved(&self, ask: &Ask<'_>, status: u16, at: usize, origin: Origin) -> Answer {
        let id = self.state().repositories[at].id;
        let base = match origin {
            Origin::Uploads => &self.links().uploads,
            _ => &self.links().api,
        };
        let name = format!("/repos/{}", ask.target.repository);
        let below = ask.request.target.split_once(&name);
        let below = below.map_or("", |(_, below)| below);
        let place = format!("{base}/repositories/{id}{below}");
        let message = if status == 301 {
            "Moved Permanently"
        } else {
            "Temporary Redirect"
        };
        let mut answer = Answer::error(status, message).header("location", place.clone());
        if let Content::Json(body) = &mut answer.body {
            body["url"] = place.into();
        }
        answer
    }

    fn rate(&self) -> Answer {
        let used = self.state().exchanges.len() as u64;
        let rate = json!({
            "limit": HOURLY_REQUESTS,
            "used": used,
            "remaining": HOURLY_REQUESTS.saturating_sub(used),
            "reset": now() + 3_600,
        });
        let resources = json!({"core": rate, "search": rate});
        Answer::json(200, json!({"resources": resources, "rate": rate}))
    }

    /// Adds what every answer of a server carries; uploads tell nothing about the rate.
    pub(super) fn finish(&self, answer: Answer, origin: Origin) -> Reply {
        let count = self.state().exchanges.len() as u64;
        let tells_rate = origin == Origin::Api
            && !answer
                .headers
                .iter()
                .any(|(name, _)| *name == "x-ratelimit-remaining");
        let mut reply = answer
            .into_reply()
            .header("x-github-request-id", format!("0000:{count:05X}:0000000"))
            .header("x-github-media-type", "github.v3; format=json")
            .header("date", http_date(now()));
        if tells_rate {
            let left = HOURLY_REQUESTS.saturating_sub(count);
            reply = reply
                .header("x-ratelimit-remaining", left.to_string())
                .header("x-ratelimit-reset", (now() + 3_600).to_string());
        }
        if origin == Origin::Api {
            reply = reply
                .header("x-ratelimit-limit", HOURLY_REQUESTS.to_string())
                .header("x-ratelimit-used", count.to_string())
                .header("x-ratelimit-resource", "core");
        }
        reply
    }

    fn complain(&self, ask: &Ask<'_>, faults: Vec<String>) {
        let Request { method, target, .. } = ask.request;
        let complaints = faults
            .into_iter()
            .map(|fault| format!("{method} {target}: {fault}"));
        self.state().violations.extend(complaints);
    }
}

fn origin_of(asked: Origin, request: &Request, route: Route) -> Origin {
    if route == Route::Storage {
        return Origin::Storage;
    }
    // one server under two names, or one name with two paths
    let host = match request.target.split_once("://") {
        Some((_, host)) => Some(host),
        None => request.header("host"),
    };
    let is_named = host.is_some_and(|host| host.starts_with("uploads."));
    if is_named || request.path().starts_with("/api/uploads/") {
        return Origin::Uploads;
    }
    asked
}

fn publishes(state: &State, target: &Target, body: &Value) -> bool {
    let release = state.find(&target.repository).and_then(|(at, _)| {
        let repository = &state.repositories[at];
        repository.release(target.id())
    });
    body.get("draft") == Some(&Value::Bool(false)) && release.is_some_and(|release| release.draft)
}

fn record(state: &mut State, origin: Origin, request: &Request, route: Route) -> usize {
    let mut headers = request.headers.clone();
    headers.retain(|(name, _)| name != "authorization");
    state.exchanges.push(Exchange {
        origin,
        method: request.method.clone(),
        target: request.target.clone(),
        route,
        headers,
        authorized: request.header("authorization").is_some(),
        status: 0,
    });
    state.exchanges.len() - 1
}

/// Counts the call and returns the fault planned for it.
fn next_fault(state: &mut State, route: Route) -> Option<Fault> {
    let counted = [route, Route::Any].map(|route| {
        let calls = state.calls.entry(route).or_default();
        *calls += 1;
        (route, *calls)
    });
    let mut planned = state.faults.iter();
    planned
        .find(|planned| counted.contains(&(planned.route, planned.nth)))
        .map(|planned| planned.fault)
}

fn token(request: &Request) -> Option<&str> {
    let value = request.header("authorization")?;
    let token = ["token ", "Token ", "bearer ", "Bearer "]
        .iter()
        .find_map(|scheme| value.strip_prefix(scheme));
    Some(token.unwrap_or(value).trim())
}

pub(super) fn now() -> u64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    since.map_or(0, |since| since.as_secs())
}
