//! What was asked, in its order, and where the world stops.

use std::fmt;
use std::ops::Deref;
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::service::Origin;
use crate::http::Request;

/// What a client showed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Credentials {
    /// Nothing.
    None,
    /// A name and a password.
    Basic,
    /// A token.
    Bearer,
    /// Something else.
    Other,
}

/// A request.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// The first one is number 1.
    pub number: usize,
    /// Who was asked.
    pub origin: Origin,
    /// The method.
    pub method: String,
    /// Path and query, as sent.
    pub target: String,
    /// What the client showed.
    pub credentials: Credentials,
    /// The header fields, names in lower case.
    pub headers: Vec<(String, String)>,
    /// How many bytes of a body were read.
    pub received: u64,
    /// What was answered; 0 while it has not been, or when nothing was.
    pub status: u16,
}

impl Recorded {
    /// Returns the path, without the query.
    pub fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    /// Returns the first value of a header field; `name` in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut fields = self.headers.iter();
        fields
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// Tells whether the request could change something.
    pub fn writes(&self) -> bool {
        self.origin == Origin::Registry && !matches!(self.method.as_str(), "GET" | "HEAD")
    }
}

/// `PUT /v2/app/manifests/0.0.2 201`.
impl fmt::Display for Recorded {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            method,
            target,
            status,
            ..
        } = self;
        write!(formatter, "{method} {target} {status}")
    }
}

/// Requests in their order.
#[derive(Clone, Debug, Default)]
pub struct Requests(Vec<Recorded>);

impl Requests {
    /// Returns those with this method (`*` for all) whose target contains `place`.
    #[must_use]
    pub fn on(&self, method: &str, place: &str) -> Self {
        self.only(|request| {
            (method == "*" || request.method == method) && request.target.contains(place)
        })
    }

    /// Returns those to one origin.
    #[must_use]
    pub fn to(&self, origin: Origin) -> Self {
        self.only(|request| request.origin == origin)
    }

    /// Returns those that could change something.
    #[must_use]
    pub fn writes(&self) -> Self {
        self.only(Recorded::writes)
    }

    /// Returns how many have this method (`*` for all) and a target that contains `place`.
    pub fn count(&self, method: &str, place: &str) -> usize {
        self.on(method, place).len()
    }

    fn only(&self, keep: impl Fn(&Recorded) -> bool) -> Self {
        Self(
            self.0
                .iter()
                .filter(|request| keep(request))
                .cloned()
                .collect(),
        )
    }
}

impl Deref for Requests {
    type Target = [Recorded];

    fn deref(&self) -> &[Recorded] {
        &self.0
    }
}

/// One request a line: what an assertion shows.
impl fmt::Display for Requests {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0
            .iter()
            .try_for_each(|request| writeln!(formatter, "{request}"))
    }
}

/// When the world stops.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Moment {
    /// The request has arrived, and will not be carried out.
    Before,
    /// It has been carried out, and its answer will not be sent.
    After,
}

/// A request that is held; it is let go, unanswered, when this is dropped.
#[derive(Debug)]
#[must_use = "what is not held is let go"]
pub struct Hold {
    reached: Receiver<()>,
    #[expect(dead_code, reason = "the other end notices when this one is gone")]
    held: Sender<()>,
}

impl Hold {
    /// Waits until the request has come; tells whether it has within that time.
    pub fn reached(&self, patience: Duration) -> bool {
        self.reached.recv_timeout(patience).is_ok()
    }
}

struct Stop {
    number: usize,
    moment: Moment,
    reached: Sender<()>,
    held: Receiver<()>,
}

#[derive(Default)]
pub(super) struct Record {
    requests: Mutex<Vec<Recorded>>,
    stop: Mutex<Option<Stop>>,
}

impl Record {
    pub(super) fn hold(&self, number: usize, moment: Moment) -> Hold {
        let (tell, reached) = mpsc::channel();
        let (keep, held) = mpsc::channel();
        let stop = Stop {
            number,
            moment,
            reached: tell,
            held,
        };
        *lock(&self.stop) = Some(stop);
        Hold {
            reached,
            held: keep,
        }
    }

    pub(super) fn all(&self) -> Requests {
        Requests(lock(&self.requests).clone())
    }

    pub(super) fn forget(&self) {
        lock(&self.requests).clear();
    }

    /// Writes a request down, and returns its number.
    pub(super) fn begin(&self, origin: Origin, request: &Request) -> usize {
        let mut requests = lock(&self.requests);
        let number = requests.len() + 1;
        let scheme = request.header("authorization").map(|value| {
            value
                .split(' ')
                .next()
                .unwrap_or_default()
                .to_ascii_lowercase()
        });
        requests.push(Recorded {
            number,
            origin,
            method: request.method.clone(),
            target: request.target.clone(),
            credentials: match scheme.as_deref() {
                None => Credentials::None,
                Some("basic") => Credentials::Basic,
                Some("bearer") => Credentials::Bearer,
                Some(_) => Credentials::Other,
            },
            headers: request.headers.clone(),
            received: 0,
            status: 0,
        });
        number
    }

    pub(super) fn finish(&self, number: usize, received: u64, status: u16) {
        if let Some(request) = lock(&self.requests).get_mut(number - 1) {
            request.received = received;
            request.status = status;
        }
    }

    /// Waits if this is where the world stops; tells whether it was.
    pub(super) fn stops(&self, number: usize, moment: Moment) -> bool {
        let stop = lock(&self.stop).take_if(|stop| stop.number == number && stop.moment == moment);
        let Some(stop) = stop else { return false };
        // whoever waits may have gone
        let _ = stop.reached.send(());
        let _ = stop.held.recv();
        true
    }
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
