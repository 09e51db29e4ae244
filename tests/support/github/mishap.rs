//! How a request goes wrong.

use std::io::{self, Read};
use std::time::Duration;

use super::answer::Answer;
use super::exchange::Origin;
use super::fault::Fault;
use super::route::Route;
use super::service::{Ask, Service, now};
use super::{asset, race};
use crate::http::{Body, Reply};

/// How long something that is never answered is held, unless the double ends before.
const NEVER: Duration = Duration::from_mins(2);

impl Service {
    /// Answers, as well as the fault lets it.
    pub(super) fn respond(
        &self,
        ask: &mut Ask<'_>,
        origin: Origin,
        body: &mut Body<'_>,
        fault: Option<Fault>,
    ) -> (u16, Reply) {
        let half = body.length().unwrap_or(0) / 2;
        let refusal = |status: u16| Answer::error(status, "Something went wrong");
        let answer = match fault {
            None | Some(Fault::Lag) => self.answer(ask, origin, body),
            Some(Fault::Status(status)) => refusal(status),
            Some(Fault::Html(status)) => {
                let page = "<html><body><h1>Unicorn!</h1></body></html>";
                let reply = Reply::new(status).header("content-type", "text/html; charset=utf-8");
                return (status, reply.body(page));
            }
            Some(Fault::StatusMidBody(status)) => {
                let _ = body.skip(half);
                refusal(status)
            }
            Some(Fault::StatusAfterBody(status)) => {
                let _ = body.skip(u64::MAX);
                refusal(status)
            }
            Some(Fault::Starter(status)) => {
                self.leave_starter(ask, origin);
                let _ = body.skip(u64::MAX);
                refusal(status)
            }
            Some(Fault::Reset) => {
                let _ = body.skip(half);
                return (0, Reply::none());
            }
            Some(Fault::LostAnswer) => {
                let _ = self.answer(ask, origin, body);
                return (0, Reply::none());
            }
            Some(Fault::CutAnswer) => {
                let answer = self.answer(ask, origin, body);
                return (answer.status, self.finish(answer, origin).cut_after(20));
            }
            Some(Fault::DoneBut(status)) => {
                let _ = self.answer(ask, origin, body);
                refusal(status)
            }
            Some(Fault::Unheeded) => {
                ask.target.route = Route::Release;
                self.answer(ask, origin, body)
            }
            Some(Fault::Corrupt) => self.corrupt(ask, origin, body),
            Some(Fault::Short) => self.shorten(ask, origin, body),
            Some(Fault::Hang) => {
                let _ = body.skip(u64::MAX);
                self.pause(NEVER);
                return (0, Reply::none());
            }
            Some(Fault::Wedge) => {
                let _ = body.skip(half);
                self.pause(NEVER);
                return (0, Reply::none());
            }
            Some(Fault::Trickle(rate)) => {
                let mut slow = Slow {
                    body,
                    service: self,
                    rate,
                };
                self.answer(ask, origin, &mut slow)
            }
            Some(Fault::Slow(time)) => {
                self.pause(time);
                self.answer(ask, origin, body)
            }
            Some(Fault::Secondary(seconds)) => limited(403, seconds),
            Some(Fault::TooMany(seconds)) => limited(429, seconds),
            Some(Fault::Exhausted(seconds)) => {
                Answer::error(403, "API rate limit exceeded for user ID 1000.")
                    .header("x-ratelimit-remaining", "0")
                    .header("x-ratelimit-reset", (now() + seconds).to_string())
            }
            Some(Fault::NotFound) => Answer::not_found(),
            Some(Fault::Unauthorized) => Answer::error(401, "Bad credentials"),
            Some(Fault::SingleSignOn) => Answer::error(
                403,
                "Resource protected by organization SAML enforcement. You must grant your Personal \
                 Access token access to this organization.",
            ),
            Some(Fault::Moved) => {
                let place = self.state().find(&ask.target.repository);
                self.moved(ask, 307, place.map_or(0, |(at, _)| at), origin)
            }
            Some(Fault::Abroad(port)) => self.lead_abroad(ask, origin, body, port),
            Some(Fault::Race) => race::run(self, ask, origin, body),
        };
        if answer.status == 0 {
            return (0, Reply::none());
        }
        (answer.status, self.finish(answer, origin))
    }

    /// Leads to another host, where nobody with a token should go.
    fn lead_abroad(
        &self,
        ask: &mut Ask<'_>,
        origin: Origin,
        body: &mut Body<'_>,
        port: u16,
    ) -> Answer {
        let place = format!("http://127.0.0.1:{port}{}", ask.request.target);
        if matches!(ask.target.route, Route::Releases | Route::Assets) {
            let answer = self.answer(ask, origin, body);
            return answer.header("link", format!("<{place}>; rel=\"next\""));
        }
        let _ = body.skip(u64::MAX);
        Answer::error(301, "Moved Permanently").header("location", place)
    }

    /// Takes the last byte for another, or gives it back as another.
    fn corrupt(&self, ask: &mut Ask<'_>, origin: Origin, body: &mut Body<'_>) -> Answer {
        let mut turned = Turned {
            left: body.length().unwrap_or(0),
            body,
        };
        self.answer(ask, origin, &mut turned).with_last_turned()
    }

    /// Takes all bytes but the last.
    fn shorten(&self, ask: &mut Ask<'_>, origin: Origin, body: &mut Body<'_>) -> Answer {
        let kept = body.length().unwrap_or(0).saturating_sub(1);
        let answer = self.answer(ask, origin, &mut body.by_ref().take(kept));
        let _ = body.skip(u64::MAX);
        answer
    }

    fn leave_starter(&self, ask: &mut Ask<'_>, origin: Origin) {
        if let Ok(at) = self.admit(ask, origin)
            && ask.target.route == Route::Upload
        {
            let _ = asset::begin(&mut self.state(), ask, at);
        }
    }
}

/// A secondary rate limit.
fn limited(status: u16, seconds: Option<u64>) -> Answer {
    let message = "You have exceeded a secondary rate limit. Please wait a few minutes before you try \
                   again.";
    let answer = Answer::error(status, message);
    match seconds {
        Some(seconds) => answer.header("retry-after", seconds.to_string()),
        None => answer,
    }
}

/// A body whose last byte arrives as another.
struct Turned<'body, 'connection> {
    body: &'body mut Body<'connection>,
    left: u64,
}

impl Read for Turned<'_, '_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.body.read(buffer)?;
        let is_last = count > 0 && self.left == count as u64;
        self.left = self.left.saturating_sub(count as u64);
        if is_last {
            buffer[count - 1] ^= 1;
        }
        Ok(count)
    }
}

/// A body that is read slowly.
struct Slow<'service, 'body, 'connection> {
    body: &'body mut Body<'connection>,
    service: &'service Service,
    rate: u64,
}

impl Read for Slow<'_, '_, '_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        const BEATS: u64 = 20;
        let most = usize::try_from(self.rate / BEATS).unwrap_or(1).max(1);
        let most = most.min(buffer.len());
        self.service.pause(Duration::from_millis(1_000 / BEATS));
        self.body.read(&mut buffer[..most])
    }
}
