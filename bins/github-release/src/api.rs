//! One request to GitHub and its answer. Nothing is tried twice here.

mod access;
mod fault;

use std::future::poll_fn;
use std::pin::pin;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use duat_shell::{Code, Failure, Talk};
use http::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE, LINK, LOCATION};
use http::{HeaderMap, Method, Request};
use http_body::Body;
use octocrab::{OctoBody, Octocrab};
use serde::Serialize;
use serde::de::DeserializeOwned;
use url::Url;

pub(crate) use access::Renew;
use access::{Access, crab};
pub(crate) use fault::{Fault, Kind};

use crate::address::is_safe;
use crate::body::AssetBody;
use crate::token::Token;

/// The version of the API that is spoken.
const API_VERSION: (&str, &str) = ("X-GitHub-Api-Version", "2022-11-28");
const JSON: &str = "application/vnd.github+json";
/// The longest answer that is read.
const LONGEST: usize = 64 << 20;

/// The way to one server, and to the host it takes uploads at.
pub(crate) struct Api {
    access: Access,
    http: reqwest::Client,
    base: Url,
    timeout: Duration,
    talk: Talk,
}

/// An answer that says yes.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub body: Bytes,
    /// Where the next page of a list is.
    pub next: Option<String>,
    request: String,
}

impl Answer {
    /// Reads the answer. One that makes no sense says nothing about what was done.
    pub(crate) fn read<T: DeserializeOwned>(&self) -> Result<T, Fault> {
        serde_json::from_slice(&self.body)
            .map_err(|error| Fault::unsure(&self.request, "the answer makes no sense", &error))
    }
}

/// How the way to a server is made.
pub(crate) struct Road<'a> {
    /// The base of the API, without a slash at its end.
    pub base: &'a Url,
    pub token: Option<Token>,
    /// Looks for the token again, when it is refused.
    pub renew: Option<Renew>,
    /// Certificates to trust besides the system's, as PEM.
    pub certificates: Option<Vec<u8>>,
    pub timeout: Duration,
}

impl Api {
    /// Opens the way; no request is made.
    pub(crate) fn new(road: Road<'_>, talk: Talk) -> Result<Self, Failure> {
        // whoever was first has installed the same one
        let _ = rustls::crypto::ring::default_provider().install_default();
        let failed = |error: &dyn std::error::Error| {
            Failure::new(Code::Failed, "failed to prepare the connection to GitHub")
                .caused_by(error)
                .hint_at_certificates()
        };
        let mut client = reqwest::Client::builder()
            // where octocrab does not name itself; GitHub answers nobody without a name
            .user_agent(concat!("github-release/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(road.timeout)
            .redirect(reqwest::redirect::Policy::none())
            // one connection for each upload, whose window is its own
            .http1_only()
            .retry(reqwest::retry::never());
        if let Some(pem) = &road.certificates {
            let certificates =
                reqwest::Certificate::from_pem_bundle(pem).map_err(|error| failed(&error))?;
            if certificates.is_empty() {
                return Err(Failure::new(
                    Code::Failed,
                    "failed to read the file of `--cacert`: it holds no certificate",
                )
                .hint("it takes them as PEM: `-----BEGIN CERTIFICATE-----`."));
            }
            client = client.tls_certs_merge(certificates);
        }
        let http = client.build().map_err(|error| failed(&error))?;
        Ok(Self {
            access: Access::new(&http, road.base, road.token, road.renew)?,
            http,
            base: road.base.clone(),
            timeout: road.timeout,
            talk,
        })
    }

    /// Returns the base of the API.
    pub(crate) fn base(&self) -> &Url {
        &self.base
    }

    /// Asks for `path` below the base, or for a whole URL on the same origin.
    pub(crate) async fn get(&self, path: &str) -> Result<Answer, Fault> {
        self.call(Method::GET, path, None::<&()>).await
    }

    /// Sends a request with a JSON body.
    pub(crate) async fn call<B: Serialize>(
        &self,
        method: Method,
        path: &str,
        body: Option<&B>,
    ) -> Result<Answer, Fault> {
        let url = self.url(path)?;
        let request = format!("{method} {}", shown(&url));
        let broken = |error: &dyn std::error::Error| Fault::broken(&request, error);
        let mut builder = Request::builder()
            .method(method)
            .uri(url.as_str())
            .header(ACCEPT, JSON)
            .header(API_VERSION.0, API_VERSION.1);
        let body = match body {
            None => OctoBody::empty(),
            Some(body) => {
                builder = builder.header(CONTENT_TYPE, "application/json");
                let text = serde_json::to_string(body).map_err(|error| broken(&error))?;
                OctoBody::from(text)
            }
        };
        let prepared = builder.body(body).map_err(|error| broken(&error))?;
        let held = self.access.now();
        let exchange = self.exchange(&held.crab, prepared, &request);
        match tokio::time::timeout(self.timeout, exchange).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(fault)) => Err(self.doubted(fault, held.token.as_ref()).await),
            Err(_) => Err(Fault::late(&request, self.timeout)),
        }
    }

    /// Sends the bytes of an asset. When to give up waiting is the caller's business.
    pub(crate) async fn upload(
        &self,
        url: &Url,
        content_type: &str,
        size: u64,
        body: AssetBody,
    ) -> Result<Answer, Fault> {
        let request = format!("POST {}", shown(url));
        let broken = |error: &dyn std::error::Error| Fault::broken(&request, error);
        let token = self.access.now().token;
        let crab = crab(&self.http, url, token.as_ref())
            .map_err(|failure| Fault::unusable(&request, failure.message()))?;
        let prepared = Request::builder()
            .method(Method::POST)
            .uri(url.as_str())
            .header(ACCEPT, JSON)
            .header(API_VERSION.0, API_VERSION.1)
            .header(CONTENT_TYPE, content_type)
            .header(CONTENT_LENGTH, size)
            .body(OctoBody::new(body))
            .map_err(|error| broken(&error))?;
        match self.exchange(&crab, prepared, &request).await {
            Ok(answer) => Ok(answer),
            Err(fault) => Err(self.doubted(fault, token.as_ref()).await),
        }
    }

    /// Downloads an asset, giving its bytes to `take` piece by piece. The token stays at the API:
    /// where that sends us elsewhere, we go without.
    pub(crate) async fn download(
        &self,
        path: &str,
        mut take: impl FnMut(&[u8]),
    ) -> Result<(), Fault> {
        let mut url = self.url(path)?;
        let held = self.access.now();
        let mut token = held.token.as_ref();
        // the API, the store, and one more in between
        for _ in 0..4 {
            let request = format!("GET {}", shown(&url));
            let mut builder = self
                .http
                .get(url.clone())
                .header(ACCEPT, "application/octet-stream")
                .header(API_VERSION.0, API_VERSION.1);
            if let Some(token) = token {
                builder = builder.bearer_auth(token.secret());
            }
            let sent = tokio::time::timeout(self.timeout, builder.send()).await;
            let mut response = sent
                .map_err(|_| Fault::late(&request, self.timeout))?
                .map_err(|error| Fault::lost(&request, &error))?;
            let status = response.status();
            self.talk
                .wire(format_args!("{request}: {}", status.as_u16()));
            if status.is_redirection() {
                let next = response
                    .headers()
                    .get(LOCATION)
                    .and_then(|it| it.to_str().ok());
                let next = next.and_then(|next| url.join(next).ok());
                url = next.ok_or_else(|| Fault::unusable(&request, "a redirect to nowhere"))?;
                if !self.is_api(&url) {
                    token = None;
                }
                if !is_safe(&url) {
                    return Err(Fault::unusable(
                        &request,
                        "a redirect to an address without TLS",
                    ));
                }
                continue;
            }
            if !status.is_success() {
                let headers = response.headers().clone();
                let body = tokio::time::timeout(self.timeout, response.bytes()).await;
                let body = body.ok().and_then(Result::ok).unwrap_or_default();
                let fault = Fault::answered(&request, status, &headers, &body);
                return Err(match token {
                    Some(token) => self.doubted(fault, Some(token)).await,
                    None => fault,
                });
            }
            loop {
                let piece = tokio::time::timeout(self.timeout, response.chunk()).await;
                match piece {
                    Err(_) => return Err(Fault::late(&request, self.timeout)),
                    Ok(Err(error)) => return Err(Fault::lost(&request, &error)),
                    Ok(Ok(None)) => return Ok(()),
                    Ok(Ok(Some(piece))) => take(&piece),
                }
            }
        }
        Err(Fault::unusable(path, "it is redirected without end"))
    }

    /// Tells whether a URL is one of the API's. Where bytes are stored, be it on the same host, the
    /// address itself is the permission.
    fn is_api(&self, url: &Url) -> bool {
        let base = self.base.path().trim_end_matches('/');
        let below = url.path().strip_prefix(base);
        url.origin() == self.base.origin() && below.is_some_and(|below| below.starts_with('/'))
    }

    /// Looks whether there is a new token, where the one that was sent is refused.
    async fn doubted(&self, mut fault: Fault, token: Option<&Token>) -> Fault {
        if fault.status == Some(401) && self.access.is_renewed(&self.http, &self.base, token).await
        {
            fault.kind = Kind::Renewed;
        }
        fault
    }

    async fn exchange(
        &self,
        crab: &Octocrab,
        prepared: Request<OctoBody>,
        request: &str,
    ) -> Result<Answer, Fault> {
        let response = match crab.execute(prepared).await {
            Ok(response) => response,
            Err(error) => {
                self.talk.wire(format_args!("{request}: no answer"));
                return Err(Fault::lost(request, &error));
            }
        };
        let (parts, body) = response.into_parts();
        self.talk
            .wire(format_args!("{request}: {}", parts.status.as_u16()));
        let body = collect(body).await;
        if !parts.status.is_success() {
            let body = body.unwrap_or_default();
            return Err(Fault::answered(
                request,
                parts.status,
                &parts.headers,
                &body,
            ));
        }
        Ok(Answer {
            body: body.map_err(|error| Fault::lost(request, &*error))?,
            next: next_page(&parts.headers),
            request: request.to_owned(),
        })
    }

    fn url(&self, path: &str) -> Result<Url, Fault> {
        let joined = format!("{}{path}", self.base.as_str().trim_end_matches('/'));
        let url = Url::parse(path).or_else(|_| Url::parse(&joined));
        let url = url.map_err(|error| Fault::broken(path, &error))?;
        // the token goes to nobody else, whatever an answer says
        if url.origin() == self.base.origin() {
            Ok(url)
        } else {
            Err(Fault::unusable(path, "it leads to another host"))
        }
    }
}

/// Returns a URL as it may be shown: a query can hold what is secret.
fn shown(url: &Url) -> String {
    let mut url = url.clone();
    url.set_query(None);
    url.set_fragment(None);
    url.into()
}

fn next_page(headers: &HeaderMap) -> Option<String> {
    let link = headers.get(LINK)?.to_str().ok()?;
    link.split(',').find_map(|part| {
        let (address, parameters) = part.trim().strip_prefix('<')?.split_once('>')?;
        parameters
            .split(';')
            .any(|parameter| parameter.trim() == "rel=\"next\"")
            .then(|| address.to_owned())
    })
}

async fn collect<B>(body: B) -> Result<Bytes, Box<dyn std::error::Error + Send + Sync>>
where
    B: Body<Data = Bytes, Error = octocrab::Error>,
{
    let mut body = pin!(body);
    let mut bytes = BytesMut::new();
    while let Some(frame) = poll_fn(|context| body.as_mut().poll_frame(context)).await {
        if let Ok(piece) = frame?.into_data() {
            bytes.extend_from_slice(&piece);
        }
        if bytes.len() > LONGEST {
            return Err("the answer is too long".into());
        }
    }
    Ok(bytes.freeze())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_page_is_the_one_called_next() {
        let mut headers = HeaderMap::new();
        let link = "<https://h/a?page=1>; rel=\"prev\", <https://h/a?page=3>; rel=\"next\", <https://h/a?page=9>; rel=\"last\"";
        headers.insert(LINK, link.parse().unwrap());
        assert_eq!(next_page(&headers).as_deref(), Some("https://h/a?page=3"));
        assert_eq!(next_page(&HeaderMap::new()), None);
    }
}
