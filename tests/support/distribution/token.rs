//! A server that gives out the tokens that docker-registry wants: signed by a key it was told of.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::SystemTime;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use rcgen::{Certificate, KeyPair, SigningKey};
use serde_json::{Value, json};

use crate::http::{Authority, Reply, Request, Server};

pub(super) const SERVICE: &str = "registry.test";
pub(super) const ISSUER: &str = "tokens.test";

/// How many seconds a token is good.
const LIFE: u64 = 60;

pub(super) struct TokenServer {
    server: Server,
    authority: Authority,
    given: Arc<AtomicUsize>,
}

impl TokenServer {
    /// Starts a server that knows one user.
    pub(super) fn start(user: &str, password: &str) -> Self {
        let authority = Authority::new();
        let (certificate, key) = authority.pair(&[]);
        let expected = format!("Basic {}", STANDARD.encode(format!("{user}:{password}")));
        let given = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&given);
        let server = Server::start(move |request, _| {
            if request.header("authorization") != Some(&expected) {
                return Reply::json(401, &json!({"details": "who are you?"}));
            }
            count.fetch_add(1, Ordering::SeqCst);
            let token = sign(&certificate, &key, &claims(request));
            Reply::json(200, &json!({"token": token, "expires_in": LIFE}))
        });
        Self {
            server,
            authority,
            given,
        }
    }

    pub(super) fn realm(&self) -> String {
        self.server.url("/token")
    }

    /// Returns the certificate that signs for the key of the tokens.
    pub(super) fn roots(&self) -> String {
        self.authority.pem()
    }

    pub(super) fn given(&self) -> usize {
        self.given.load(Ordering::SeqCst)
    }
}

/// Returns what is asked for, granted.
fn claims(request: &Request) -> Value {
    let query = request.query();
    let scopes = query.iter().filter(|(name, _)| name == "scope");
    let access: Vec<Value> = scopes
        .flat_map(|(_, value)| value.split(' '))
        .filter_map(|scope| {
            let (kind, rest) = scope.split_once(':')?;
            let (name, actions) = rest.rsplit_once(':')?;
            let actions: Vec<&str> = actions.split(',').collect();
            Some(json!({"type": kind, "name": name, "actions": actions}))
        })
        .collect();
    let now = SystemTime::UNIX_EPOCH
        .elapsed()
        .expect("1970 is over")
        .as_secs();
    json!({
        "iss": ISSUER, "sub": "ada", "aud": SERVICE,
        "iat": now, "nbf": now - 5, "exp": now + LIFE,
        "jti": format!("{now}"), "access": access,
    })
}

fn sign(certificate: &Certificate, key: &KeyPair, claims: &Value) -> String {
    let chain = STANDARD.encode(certificate.der());
    let head = json!({"typ": "JWT", "alg": "ES256", "x5c": [chain]});
    let [head, claims] = [&head, claims].map(|part| URL_SAFE_NO_PAD.encode(part.to_string()));
    let text = format!("{head}.{claims}");
    let signature = key.sign(text.as_bytes()).expect("a key signs");
    format!("{text}.{}", URL_SAFE_NO_PAD.encode(plain(&signature)))
}

/// Returns both numbers of a signature, each 32 bytes, as tokens want it, from the DER of others.
fn plain(der: &[u8]) -> Vec<u8> {
    let mut rest = &der[2..];
    let mut numbers = Vec::new();
    for _ in 0..2 {
        let length = usize::from(rest[1]);
        let number = &rest[2..2 + length];
        let number = &number[length.saturating_sub(32)..];
        numbers.extend(vec![0; 32 - number.len()]);
        numbers.extend_from_slice(number);
        rest = &rest[2 + length..];
    }
    numbers
}
