//! Single answers that go wrong.

use std::time::Duration;

use crate::http::{Reply, Request};

type Change = dyn Fn(Reply) -> Reply + Send + Sync;

/// A request that goes wrong: which one, how often, and how.
///
/// ```
/// # use duat_tests::registry::Fault;
/// Fault::on("GET", "/blobs/").skip(1).times(2).cut_after(100);
/// Fault::on("PUT", "/manifests/0.0.2").answers(503);
/// Fault::on("HEAD", "/manifests/").replaces("docker-content-digest", "sha256:00");
/// Fault::on("PUT", "/blobs/uploads/").breaks_after(4096);
/// ```
#[must_use = "a fault does nothing until a registry has it"]
pub struct Fault {
    method: String,
    place: String,
    skip: usize,
    times: usize,
    act: Act,
    changes: Vec<Box<Change>>,
}

enum Act {
    /// The request is carried out.
    Serve,
    /// It is not: this is answered.
    Answer(u16),
    /// So many bytes of its body are read, then the connection is closed.
    Break(u64),
}

/// What is to be done instead of answering as usual.
pub(super) enum Verdict {
    Serve,
    Answer(Reply),
    Break(u64),
}

impl Fault {
    /// Returns a fault of all requests with this method (`*` for all) whose target contains `place`.
    pub fn on(method: &str, place: &str) -> Self {
        Self {
            method: method.to_owned(),
            place: place.to_owned(),
            skip: 0,
            times: usize::MAX,
            act: Act::Serve,
            changes: Vec::new(),
        }
    }

    /// Lets so many pass first.
    pub fn skip(mut self, requests: usize) -> Self {
        self.skip = requests;
        self
    }

    /// Ends after so many.
    pub fn times(mut self, requests: usize) -> Self {
        self.times = requests;
        self
    }

    /// Does not carry the request out, and answers this.
    pub fn answers(mut self, status: u16) -> Self {
        self.act = Act::Answer(status);
        self
    }

    /// Does not carry the request out, and answers with an error of the protocol.
    pub fn refuses(self, status: u16, code: &str, message: &str) -> Self {
        let body = serde_json::json!({"errors": [{"code": code, "message": message}]});
        self.answers(status)
            .header("content-type", "application/json")
            .body(body.to_string())
    }

    /// Closes the connection after so many bytes of the request's body.
    pub fn breaks_after(mut self, bytes: u64) -> Self {
        self.act = Act::Break(bytes);
        self
    }

    /// Carries the request out, and closes the connection instead of saying so.
    pub fn loses_the_answer(self) -> Self {
        self.changes(|_| Reply::none())
    }

    /// Adds a header field to the answer.
    pub fn header(self, name: &str, value: &str) -> Self {
        let (name, value) = (name.to_owned(), value.to_owned());
        self.changes(move |reply| reply.header(&name, &value))
    }

    /// Sets a header field of the answer.
    pub fn replaces(self, name: &str, value: &str) -> Self {
        let (name, value) = (name.to_owned(), value.to_owned());
        self.changes(move |reply| reply.without(&name).header(&name, &value))
    }

    /// Leaves a header field out of the answer.
    pub fn omits(self, name: &str) -> Self {
        let name = name.to_owned();
        self.changes(move |reply| reply.without(&name))
    }

    /// Sends this body; the header fields stay, but for the length.
    pub fn body(self, body: impl Into<Vec<u8>>) -> Self {
        let body = body.into();
        self.changes(move |reply| reply.without("content-length").body(body.clone()))
    }

    /// Sends blanks without end.
    pub fn endless(self) -> Self {
        self.changes(|reply| {
            let reply = reply.without("content-length");
            reply.stream(None, std::io::repeat(b' '))
        })
    }

    /// Closes the connection after so many bytes of the answer's body.
    pub fn cut_after(self, bytes: u64) -> Self {
        self.changes(move |reply| reply.cut_after(bytes))
    }

    /// Sends nothing for a while after so many bytes of the answer's body.
    pub fn stalls_after(self, bytes: u64, pause: Duration) -> Self {
        self.changes(move |reply| reply.stalls_after(bytes, pause))
    }

    /// Sends the answer's body at so many bytes a second.
    pub fn drips(self, bytes_per_second: u64) -> Self {
        self.changes(move |reply| reply.at_rate(bytes_per_second))
    }

    /// Answers only after a while.
    pub fn delays(self, pause: Duration) -> Self {
        self.changes(move |reply| reply.after(pause))
    }

    /// Does something else to the answer.
    pub fn changes(mut self, change: impl Fn(Reply) -> Reply + Send + Sync + 'static) -> Self {
        self.changes.push(Box::new(change));
        self
    }

    /// Returns what is to be done with a request that this fault is about; counts it.
    pub(super) fn judge(&mut self, request: &Request) -> Option<Verdict> {
        let concerned = (self.method == "*" || self.method == request.method)
            && request.target.contains(&self.place);
        if !concerned || self.times == 0 {
            return None;
        }
        if self.skip > 0 {
            self.skip -= 1;
            return None;
        }
        self.times -= 1;
        Some(match self.act {
            Act::Serve => Verdict::Serve,
            Act::Answer(status) => Verdict::Answer(Reply::new(status)),
            Act::Break(bytes) => Verdict::Break(bytes),
        })
    }

    pub(super) fn spoil(&self, reply: Reply) -> Reply {
        self.changes
            .iter()
            .fold(reply, |reply, change| change(reply))
    }
}
