//! One request, one answer.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::future::{Either, select};
use http::header::{AUTHORIZATION, CONTENT_LENGTH, HeaderValue};
use tokio::time::Instant;

use super::call::{Answer, Body, Call};
use super::failure::Failure;
use super::meter::Meter;
use super::{Transport, pace, redact};
use crate::blob::BlobStream;
use crate::error::Error;

/// What a body that is being sent tells of itself.
#[derive(Debug)]
struct Pulse {
    moved: Mutex<Instant>,
    /// How much is still to go; then it is the registry who works.
    left: AtomicU64,
    failure: Mutex<Option<Error>>,
}

impl Transport {
    /// Sends one request when it is its turn, and returns what comes back.
    pub(super) async fn exchange(&self, call: Call) -> Result<Answer, Failure> {
        let streams = matches!(call.body, Body::Stream(..));
        let turn = self.0.turns.of(&call, &self.0.settings);
        if let Some(turn) = turn {
            tokio::time::sleep_until(turn).await;
        }
        let lane = self.lane(&call.url, streams);
        let pass = lane.enter().await;
        self.0.meter.request();
        self.tell(|| {
            let method = &call.method;
            let scheme = call
                .authorization
                .as_ref()
                .and_then(|value| value.to_str().ok());
            let scheme = scheme.and_then(|value| value.split(' ').next());
            let as_whom = scheme.map_or(String::new(), |scheme| format!(" ({scheme} …)"));
            format!("> {method} {}{as_whom}", redact::url(&call.url))
        });
        let begun = Instant::now();
        let url = call.url.clone();
        let outcome = self.carry(call).await;
        drop(pass);
        let took = begun.elapsed().as_millis();
        match &outcome {
            Ok(response) => {
                let status = response.status();
                lane.answered();
                self.tell(|| format!("< {status} {} {took} ms", redact::url(&url)));
                self.0.meter.warn(response.headers());
                if status.as_u16() == 429 {
                    let asked = pace::retry_after(response.headers()).unwrap_or_default();
                    let asked = asked.min(self.0.settings.patience);
                    lane.too_much(Instant::now() + asked);
                } else if !status.is_server_error() {
                    lane.coped();
                }
            }
            Err(failure) => {
                self.tell(|| format!("< {failure} {} {took} ms", redact::url(&url)));
            }
        }
        let response = outcome?;
        Ok(Answer {
            status: response.status(),
            headers: response.headers().clone(),
            url,
            response,
            meter: Arc::clone(&self.0.meter),
            idle: self.0.settings.idle,
        })
    }

    async fn carry(&self, call: Call) -> Result<reqwest::Response, Failure> {
        let Call {
            method,
            url,
            headers,
            authorization,
            body,
            ..
        } = call;
        let mut request = reqwest::Request::new(method, url);
        *request.headers_mut() = headers;
        if let Some(mut authorization) = authorization {
            authorization.set_sensitive(true);
            request.headers_mut().insert(AUTHORIZATION, authorization);
        }
        let idle = self.0.settings.idle;
        match body {
            Body::Empty => self.answer_within(request, idle).await,
            Body::Bytes(bytes) => {
                self.0.meter.sent(bytes.len() as u64);
                let length = HeaderValue::from(bytes.len());
                request.headers_mut().insert(CONTENT_LENGTH, length);
                *request.body_mut() = Some(bytes.into());
                // a registry that takes a manifest looks for all that it names
                self.answer_within(request, idle.max(self.0.settings.settle))
                    .await
            }
            Body::Stream(stream, length) => {
                let pulse = Arc::new(Pulse::new(length));
                let length = HeaderValue::from(length);
                request.headers_mut().insert(CONTENT_LENGTH, length);
                let body = watched(stream, Arc::clone(&pulse), Arc::clone(&self.0.meter));
                *request.body_mut() = Some(reqwest::Body::wrap_stream(body));
                self.answer_while_moving(request, &pulse).await
            }
        }
    }

    /// Waits this long for an answer.
    async fn answer_within(
        &self,
        request: reqwest::Request,
        time: Duration,
    ) -> Result<reqwest::Response, Failure> {
        match tokio::time::timeout(time, self.0.http.execute(request)).await {
            Ok(outcome) => outcome.map_err(Failure::of),
            Err(_) => Err(Failure::Stalled(time)),
        }
    }

    /// Waits for an answer as long as the body moves, and a while after it has ended.
    async fn answer_while_moving(
        &self,
        request: reqwest::Request,
        pulse: &Pulse,
    ) -> Result<reqwest::Response, Failure> {
        let mut answer = Box::pin(self.0.http.execute(request));
        loop {
            let patience = pulse.patience(self.0.settings.idle, self.0.settings.settle);
            let end = pulse.moved() + patience;
            match select(&mut answer, Box::pin(tokio::time::sleep_until(end))).await {
                Either::Left((outcome, _)) => {
                    return outcome.map_err(|error| match pulse.failure() {
                        Some(own) => Failure::Source(own),
                        None => Failure::of(error),
                    });
                }
                Either::Right(_) => {
                    let patience = pulse.patience(self.0.settings.idle, self.0.settings.settle);
                    if pulse.moved() + patience <= Instant::now() {
                        return Err(Failure::Stalled(patience));
                    }
                }
            }
        }
    }
}

/// Returns the same bytes; what passes is counted, and what goes wrong is kept.
fn watched(
    stream: BlobStream,
    pulse: Arc<Pulse>,
    meter: Arc<Meter>,
) -> impl futures_util::Stream<Item = Result<Bytes, std::io::Error>> + Send + 'static {
    stream.map(move |piece| match piece {
        Ok(bytes) => {
            pulse.moves(bytes.len() as u64);
            meter.sent(bytes.len() as u64);
            Ok(bytes)
        }
        Err(error) => {
            pulse.fail(error);
            Err(std::io::Error::other("the bytes to send could not be had"))
        }
    })
}

impl Pulse {
    fn new(length: u64) -> Self {
        Self {
            moved: Mutex::new(Instant::now()),
            left: length.into(),
            failure: Mutex::default(),
        }
    }

    fn moves(&self, bytes: u64) {
        // one writer: nobody comes between reading and writing
        let left = self.left.load(Ordering::Relaxed).saturating_sub(bytes);
        self.left.store(left, Ordering::Relaxed);
        if let Ok(mut moved) = self.moved.lock() {
            *moved = Instant::now();
        }
    }

    fn fail(&self, error: Error) {
        if let Ok(mut failure) = self.failure.lock() {
            *failure = Some(error);
        }
    }

    fn moved(&self) -> Instant {
        self.moved
            .lock()
            .map_or_else(|_| Instant::now(), |moved| *moved)
    }

    fn failure(&self) -> Option<Error> {
        self.failure.lock().ok()?.take()
    }

    /// Returns how long nothing may move: all of the body gone is as far as it goes.
    fn patience(&self, idle: Duration, settle: Duration) -> Duration {
        if self.left.load(Ordering::Relaxed) == 0 {
            settle.max(idle)
        } else {
            idle
        }
    }
}
