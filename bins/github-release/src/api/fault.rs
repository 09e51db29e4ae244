//! Why there is no good answer, and what that says about the request.

use std::error::Error;
use std::time::Duration;

use duat_shell::{Code, Failure};
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde_json::Value;

/// What an answer, or none, says about the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// It was not done: too many requests.
    Limited,
    /// It may have been done or not.
    Unsure,
    /// It was not done: the token was refused, and by now there is another.
    Renewed,
    /// It was not done: who asks is not known (401), or may not (403).
    Denied,
    /// It was not done: there is nothing there, or nothing that may be seen.
    NotFound,
    /// It was not done: it makes no sense, or contradicts what is there.
    Invalid,
    /// It was not done: it is to be asked for elsewhere.
    Moved,
    /// It was never sent.
    Unsendable,
}

/// Why there is no good answer.
#[derive(Clone, Debug)]
pub(crate) struct Fault {
    pub kind: Kind,
    /// Nothing where nobody answered.
    pub status: Option<u16>,
    /// What GitHub says, or what happened.
    pub message: String,
    /// What it says of single fields.
    pub details: Vec<String>,
    /// How long it asks to wait.
    pub wait: Option<Duration>,
    /// Where it is to be asked for instead.
    pub location: Option<String>,
    trace: Box<Trace>,
}

/// What leads to the request, for who has to look into it.
#[derive(Clone, Debug, Default)]
struct Trace {
    /// Method and address.
    request: String,
    /// What GitHub calls the request; its support asks for it.
    request_id: Option<String>,
    causes: Vec<String>,
    /// Somebody answered whose certificate does not hold.
    is_untrusted: bool,
}

/// The body of an error.
#[derive(Default, Deserialize)]
struct Complaint {
    message: Option<String>,
    #[serde(default)]
    errors: Vec<Value>,
}

impl Fault {
    fn new(kind: Kind, request: &str, message: &str) -> Self {
        Self {
            kind,
            status: None,
            message: message.to_owned(),
            details: Vec::new(),
            wait: None,
            location: None,
            trace: Box::new(Trace {
                request: request.to_owned(),
                ..Trace::default()
            }),
        }
    }

    /// Returns the fault of a request that cannot even be written.
    pub(super) fn broken(request: &str, error: &dyn Error) -> Self {
        Self::new(Kind::Unsendable, request, &error.to_string())
    }

    /// Returns the fault of a request that is not sent.
    pub(super) fn unusable(request: &str, why: &str) -> Self {
        Self::new(Kind::Unsendable, request, why)
    }

    /// Returns the fault of an answer that cannot be read.
    pub(super) fn unsure(request: &str, what: &str, error: &dyn Error) -> Self {
        let mut fault = Self::new(Kind::Unsure, request, what);
        fault.trace.causes.push(error.to_string());
        fault
    }

    /// Returns the fault of an answer that does not come.
    pub(crate) fn late(request: &str, after: Duration) -> Self {
        let message = format!("no answer for {} seconds", after.as_secs());
        Self::new(Kind::Unsure, request, &message)
    }

    /// Returns the fault of an upload that stands still.
    pub(crate) fn stalled(why: &str) -> Self {
        Self::new(Kind::Unsure, "", why)
    }

    /// Returns the fault of a connection that broke.
    pub(super) fn lost(request: &str, error: &(dyn Error + 'static)) -> Self {
        let mut fault = Self::new(Kind::Unsure, request, "the connection broke");
        let mut past_client = false;
        for cause in causes(error) {
            if let Some(error) = cause.downcast_ref::<reqwest::Error>() {
                past_client = true;
                if error.is_connect() {
                    "nobody can be reached there".clone_into(&mut fault.message);
                }
            } else if past_client {
                // what stands above it are names of libraries
                fault.trace.causes.push(cause.to_string());
            }
            if let Some(rustls::Error::InvalidCertificate(_)) = cause.downcast_ref() {
                // nothing was sent, and another try fares no better
                fault.kind = Kind::Unsendable;
                "its certificate cannot be trusted".clone_into(&mut fault.message);
                fault.trace.is_untrusted = true;
            }
        }
        fault.trace.causes.dedup();
        fault
    }

    /// Returns the fault that an answer states.
    pub(super) fn answered(
        request: &str,
        status: StatusCode,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Self {
        let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let complaint: Complaint = serde_json::from_slice(body).unwrap_or_default();
        // an answer of something in between is a page of HTML, which helps nobody
        let message = complaint.message.unwrap_or_else(|| {
            let reason = status.canonical_reason().unwrap_or("an unknown answer");
            reason.to_lowercase()
        });
        let details = complaint.errors.iter().map(detail).collect();
        let wait = wait(headers);
        let lowered = message.to_lowercase();
        let says_limit = lowered.contains("rate limit") || lowered.contains("abuse detection");
        let is_spent = header("x-ratelimit-remaining") == Some("0");
        let kind = match status.as_u16() {
            429 => Kind::Limited,
            403 if says_limit || is_spent || header("retry-after").is_some() => Kind::Limited,
            401 | 403 | 407 | 451 => Kind::Denied,
            404 | 410 => Kind::NotFound,
            301 | 302 | 303 | 307 | 308 => Kind::Moved,
            408 | 500.. => Kind::Unsure,
            _ => Kind::Invalid,
        };
        Self {
            status: Some(status.as_u16()),
            details,
            wait,
            location: header("location").map(str::to_owned),
            trace: Box::new(Trace {
                request: request.to_owned(),
                request_id: header("x-github-request-id").map(str::to_owned),
                ..Trace::default()
            }),
            ..Self::new(kind, request, &message)
        }
    }

    /// Tells whether GitHub's text, or one of its details, says so, whatever the case of letters.
    pub(crate) fn says(&self, words: &str) -> bool {
        let words = words.to_lowercase();
        std::iter::once(&self.message)
            .chain(&self.details)
            .any(|text| text.to_lowercase().contains(&words))
    }

    /// Returns what happened, in a few words.
    pub(crate) fn summary(&self) -> String {
        match self.status {
            Some(status) => format!("GitHub answered {status}: {}", self.message),
            None => self.message.clone(),
        }
    }

    /// Returns the failure of `what`, such as ``upload `app` ``.
    pub(crate) fn failure(&self, what: &str) -> Failure {
        let code = match self.kind {
            Kind::Limited | Kind::Unsure => Code::TryAgain,
            Kind::Renewed | Kind::Denied => Code::Denied,
            Kind::NotFound => Code::NotFound,
            Kind::Invalid => Code::Refused,
            Kind::Moved | Kind::Unsendable => Code::Failed,
        };
        let mut failure = Failure::new(code, format!("failed to {what}: {}", self.message));
        for text in self.details.iter().chain(&self.trace.causes) {
            failure = failure.caused_by(&Cause(text.clone()));
        }
        if let Some(status) = self.status {
            let id = self.trace.request_id.as_deref();
            let id = id.map(|id| format!(" (request {id})")).unwrap_or_default();
            failure = failure.caused_by(&Cause(format!(
                "{} answered {status}{id}",
                self.trace.request
            )));
        } else if !self.trace.request.is_empty() {
            failure = failure.caused_by(&Cause(self.trace.request.clone()));
        }
        match self.way_out() {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    }

    fn way_out(&self) -> Option<&'static str> {
        let hint = match self.kind {
            Kind::Limited => "run this again later: it goes on where it stopped.",
            Kind::Unsure => "run this again: it goes on where it stopped.",
            Kind::Denied if self.status == Some(401) => {
                "the token is wrong or has expired: set `GITHUB_TOKEN` to a valid one."
            }
            Kind::Denied if self.says("SAML") || self.says("SSO") => {
                "authorise the token for the organisation's single sign-on."
            }
            Kind::Denied => {
                "the token needs the permission `contents: write` (classic tokens: the scope `repo`)."
            }
            _ if self.trace.is_untrusted => {
                "name the authority that signed it, as PEM, with `--cacert`."
            }
            _ => return None,
        };
        Some(hint)
    }
}

/// Goes down the causes of an error, itself the first. An `io::Error` keeps what it wraps from
/// [`Error::source`].
fn causes<'error>(
    error: &'error (dyn Error + 'static),
) -> impl Iterator<Item = &'error (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&cause| {
        let wrapped = cause
            .downcast_ref::<std::io::Error>()
            .and_then(std::io::Error::get_ref);
        match wrapped {
            Some(wrapped) => Some(wrapped as _),
            None => cause.source(),
        }
    })
}

/// A cause that is a text.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Cause(String);

/// Returns one entry of an error's list as a text.
fn detail(error: &Value) -> String {
    if let Some(text) = error.as_str() {
        return text.to_owned();
    }
    let field = |name: &str| error.get(name).and_then(Value::as_str);
    let place = [field("resource"), field("field")];
    let place: Vec<&str> = place.into_iter().flatten().collect();
    let text = field("message").or(field("code")).unwrap_or("wrong");
    match place.as_slice() {
        [] => text.to_owned(),
        place => format!("{}: {text}", place.join(".")),
    }
}

/// Returns how long the headers ask to wait.
fn wait(headers: &HeaderMap) -> Option<Duration> {
    let number =
        |name: &str| -> Option<u64> { headers.get(name)?.to_str().ok()?.trim().parse().ok() };
    if let Some(seconds) = number("retry-after") {
        return Some(Duration::from_secs(seconds));
    }
    if number("x-ratelimit-remaining") != Some(0) {
        return None;
    }
    // by the server's own clock: ours may differ
    let now = headers.get("date")?.to_str().ok()?;
    let now = httpdate::parse_http_date(now).ok()?;
    let now = now.duration_since(std::time::UNIX_EPOCH).ok()?.as_secs();
    let seconds = number("x-ratelimit-reset")?.saturating_sub(now) + 1;
    Some(Duration::from_secs(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(status: u16, headers: &[(&'static str, &str)], body: &str) -> Fault {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(*name, value.parse().unwrap());
        }
        let status = StatusCode::from_u16(status).unwrap();
        Fault::answered("GET https://h/", status, &map, body.as_bytes())
    }

    #[test]
    fn an_answer_says_what_was_done() {
        let limit = r#"{"message":"You have exceeded a secondary rate limit. Please wait."}"#;
        for (status, headers, body, expected) in [
            (403, &[][..], limit, Kind::Limited),
            (403, &[("retry-after", "7")], "{}", Kind::Limited),
            (429, &[], "", Kind::Limited),
            (
                403,
                &[],
                r#"{"message":"Resource not accessible by integration"}"#,
                Kind::Denied,
            ),
            (401, &[], r#"{"message":"Bad credentials"}"#, Kind::Denied),
            (404, &[], "{}", Kind::NotFound),
            (422, &[], "{}", Kind::Invalid),
            (307, &[], "{}", Kind::Moved),
            (502, &[], "<html><h1>Unicorn!</h1></html>", Kind::Unsure),
        ] {
            assert_eq!(
                answered(status, headers, body).kind,
                expected,
                "{status} {body}"
            );
        }
    }

    #[test]
    fn waiting_goes_by_the_clock_of_the_server() {
        let fault = answered(429, &[("retry-after", "7")], "");
        assert_eq!(fault.wait, Some(Duration::from_secs(7)));
        let fault = answered(
            403,
            &[
                ("x-ratelimit-remaining", "0"),
                ("x-ratelimit-reset", "1000000060"),
                ("date", "Sun, 09 Sep 2001 01:46:40 GMT"),
            ],
            "",
        );
        assert_eq!(fault.wait, Some(Duration::from_secs(61)));
        assert_eq!(answered(429, &[], "").wait, None);
    }

    #[test]
    fn a_failure_names_the_request() {
        let body = r#"{"message":"Validation Failed","errors":[{"resource":"ReleaseAsset","code":"already_exists","field":"name"}]}"#;
        let failure = answered(422, &[("x-github-request-id", "AB:1")], body).failure("upload `a`");
        assert_eq!(failure.message(), "failed to upload `a`: Validation Failed");
        assert_eq!(
            failure.causes(),
            [
                "ReleaseAsset.name: already_exists",
                "GET https://h/ answered 422 (request AB:1)"
            ]
        );
        assert_eq!(failure.code(), Code::Refused);
    }

    #[test]
    fn a_page_of_html_is_not_repeated() {
        let failure = answered(502, &[], "<html>secret</html>").failure("read it");
        assert_eq!(failure.message(), "failed to read it: bad gateway");
    }
}
