//! Bearer tokens: what a token server gives for credentials, for a while, for some scopes.

use std::time::Duration;

use bytes::Bytes;
use http::Method;
use http::header::{CONTENT_TYPE, HeaderValue};
use serde::Deserialize;
use tokio::time::Instant;
use url::Url;

use crate::credential::{Credential, Secret};
use crate::reference::Registry;
use crate::scope::Scopes;
use crate::transport::Call;

/// How long a token lasts if the server does not say.
const USUAL_LIFE: Duration = Duration::from_mins(1);

/// The longest life that is believed: later, another is cheap.
const LONGEST_LIFE: Duration = Duration::from_hours(12);

/// A token, and what it is good for.
#[derive(Clone, Debug)]
pub(crate) struct Token {
    secret: Secret,
    scopes: Scopes,
    expires: Instant,
    /// What takes the place of the refresh token that was shown.
    refresh: Option<Secret>,
}

/// Where a registry's tokens come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Server {
    pub(crate) realm: Url,
    pub(crate) service: Option<String>,
}

#[derive(Deserialize)]
struct Answer {
    token: Option<String>,
    access_token: Option<String>,
    expires_in: Option<serde_json::Number>,
    refresh_token: Option<String>,
}

impl Token {
    /// Reads a token server's answer.
    pub(crate) fn read(body: &[u8], scopes: Scopes, asked: Instant) -> Option<Self> {
        let answer: Answer = serde_json::from_slice(body).ok()?;
        let filled = |text: &String| !text.is_empty();
        let secret = answer
            .token
            .filter(filled)
            .or(answer.access_token.filter(filled))?;
        // some write it with a fraction, or as nothing
        let life = answer.expires_in.and_then(|number| number.as_f64());
        let life = life.filter(|seconds| *seconds > 0.0 && seconds.is_finite());
        let life = life.map_or(USUAL_LIFE, |seconds| {
            Duration::try_from_secs_f64(seconds)
                .unwrap_or(LONGEST_LIFE)
                .min(LONGEST_LIFE)
        });
        // a request takes a while to arrive
        let expires = asked + life.mul_f32(0.8);
        Some(Self {
            secret: Secret::new(secret),
            scopes,
            expires,
            refresh: answer.refresh_token.filter(filled).map(Secret::new),
        })
    }

    /// Tells whether it is good for all this, now.
    pub(crate) fn covers(&self, scopes: &Scopes) -> bool {
        self.scopes.covers(scopes) && Instant::now() < self.expires
    }

    /// Takes the refresh token that came with it.
    pub(crate) fn take_refresh(&mut self) -> Option<Secret> {
        self.refresh.take()
    }

    /// Tells whether it is past its time.
    pub(crate) fn is_expired(&self) -> bool {
        Instant::now() >= self.expires
    }

    pub(crate) fn authorization(&self) -> Option<HeaderValue> {
        Credential::Bearer(self.secret.clone()).authorization()
    }
}

impl Server {
    /// Returns the request for a token: GET with a name and a password or as nobody, POST with a
    /// refresh token.
    pub(crate) fn call(
        &self,
        registry: &Registry,
        credential: Option<&Credential>,
        scopes: &Scopes,
    ) -> Call {
        let mut url = self.realm.clone();
        if let Some(Credential::Identity(token)) = credential {
            let mut form = url::form_urlencoded::Serializer::new(String::new());
            form.append_pair("grant_type", "refresh_token");
            if let Some(service) = &self.service {
                form.append_pair("service", service);
            }
            form.append_pair("client_id", "duat");
            form.append_pair("scope", &scopes.to_string());
            form.append_pair("refresh_token", token.reveal());
            return Call::new(registry, Method::POST, url)
                .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                .secret(Bytes::from(form.finish()));
        }
        {
            let mut query = url.query_pairs_mut();
            if let Some(service) = &self.service {
                query.append_pair("service", service);
            }
            for scope in scopes.texts() {
                query.append_pair("scope", &scope);
            }
            if let Some(Credential::Basic { username, .. }) = credential {
                query.append_pair("account", username);
            }
        }
        let mut call = Call::new(registry, Method::GET, url);
        call.authorization = credential.and_then(Credential::authorization);
        call
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::Instant;

    use super::{Server, Token};
    use crate::client::Access;
    use crate::credential::{Credential, Secret};
    use crate::scope::Scopes;
    use crate::transport::Body;

    #[tokio::test]
    async fn a_token_lasts_as_long_as_it_was_said_to() {
        let now = Instant::now();
        for (body, seconds) in [
            (r#"{"token":"t"}"#, 60),
            (r#"{"access_token":"t","expires_in":300}"#, 300),
            (r#"{"token":"","access_token":"t","expires_in":3.0}"#, 3),
            (r#"{"token":"t","expires_in":0}"#, 60),
            (r#"{"token":"t","expires_in":-5}"#, 60),
            (r#"{"token":"t","expires_in":1e300}"#, 12 * 60 * 60),
            (r#"{"token":"t","expires_in":null}"#, 60),
        ] {
            let token = Token::read(body.as_bytes(), Scopes::default(), now).unwrap();
            let expected = now + Duration::from_secs(seconds).mul_f32(0.8);
            assert_eq!(token.expires, expected, "{body}");
            assert!(token.covers(&Scopes::default()));
        }
        for body in ["", "{}", r#"{"token":""}"#, r#"{"token":7}"#] {
            assert!(
                Token::read(body.as_bytes(), Scopes::default(), now).is_none(),
                "{body}"
            );
        }
    }

    fn server() -> Server {
        Server {
            realm: "https://auth.example/token?x=y".parse().unwrap(),
            service: Some("registry.example".to_owned()),
        }
    }

    #[test]
    fn all_scopes_are_asked_for_at_once() {
        let mut scopes = Scopes::of(&"r.io/a/b".parse().unwrap(), Access::Push);
        scopes.extend(&Scopes::of(&"r.io/c".parse().unwrap(), Access::Pull));
        let call = server().call(&"r.io".parse().unwrap(), None, &scopes);
        assert_eq!(
            call.url.query().unwrap(),
            "x=y&service=registry.example&scope=repository%3Aa%2Fb%3Apull%2Cpush&scope=repository%3Ac%3Apull"
        );
        assert!(call.authorization.is_none());
    }

    #[test]
    fn a_refresh_token_is_never_in_the_url() {
        let credential = Credential::Identity(Secret::new("refresh"));
        let scopes = Scopes::of(&"r.io/a".parse().unwrap(), Access::Pull);
        let call = server().call(&"r.io".parse().unwrap(), Some(&credential), &scopes);
        assert_eq!(call.method, "POST");
        assert!(!call.url.as_str().contains("refresh"));
        let Body::Bytes(body) = call.body else {
            panic!("no form");
        };
        let form = "grant_type=refresh_token&service=registry.example&client_id=duat&scope=repository%3Aa%3Apull&refresh_token=refresh";
        assert_eq!(body, form);
    }
}
